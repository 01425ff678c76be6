//! A file comes in: read beside the server's threads before anything is written.

use std::time::Duration;

use axum::extract::{Multipart, State as Shared, multipart::MultipartError};
use takt_kernel::{Fault, Kind as FaultKind, Result, ShopId};
use takt_staff::{SettingsCaller, see_other_saying, settings_refused};
use takt_ui::FormErrors;
use takt_web::{Answer, Web};
use tokio::sync::Semaphore;

use super::{HREF, list};
use crate::{Kind, New, brought, rights::BringFiles, sheet};

/// Files read at the same time on a node: each may take some hundred megabytes while it is unpacked.
static READING: Semaphore = Semaphore::const_new(2);
const LONGEST_WAIT: Duration = Duration::from_secs(20);

pub(super) async fn bring(Shared(web): Shared<Web>, settings: SettingsCaller, parts: Multipart) -> Answer {
    let permit = settings.permit::<BringFiles>()?;
    settings.company()?;
    let brought = match received(parts).await {
        Ok(given) => match read(given).await {
            Ok(new) => brought::bring(&web.db, &permit, new).await,
            Err(fault) => Err(fault),
        },
        Err(fault) => Err(fault),
    };
    match brought {
        Ok(id) => Ok(see_other_saying(&settings.href(&format!("{HREF}/{id}")), "imports-brought")),
        Err(fault) if fault.kind() == FaultKind::Invalid => {
            let words = settings.words(&web);
            let errors = FormErrors::from_fault(&words, &fault);
            let body = list::body(&web, &settings, &errors).await?;
            Ok(settings_refused(&web, &settings, HREF, body))
        }
        Err(fault) => Err(fault.into()),
    }
}

struct Given {
    kind: Kind,
    shop: Option<ShopId>,
    file_name: String,
    bytes: Vec<u8>,
}

async fn received(mut parts: Multipart) -> Result<Given> {
    let cut = |error: MultipartError| {
        let code = if error.status() == http::StatusCode::PAYLOAD_TOO_LARGE {
            "imports.file_too_large_to_send"
        } else {
            "imports.upload_cut_off"
        };
        Fault::field("file", code).because(error.to_string())
    };
    let (mut kind, mut shop, mut file) = (None, None, None);
    while let Some(part) = parts.next_field().await.map_err(cut)? {
        match part.name() {
            Some("kind") => kind = Some(Kind::from_code(&part.text().await.map_err(cut)?)?),
            Some("shop") => {
                let given = part.text().await.map_err(cut)?;
                let unknown = |_| Fault::field("shop", "imports.shop_required");
                shop = if given.is_empty() { None } else { Some(given.parse().map_err(unknown)?) };
            }
            Some("file") => {
                let name = part.file_name().unwrap_or_default().to_owned();
                file = Some((name, part.bytes().await.map_err(cut)?.to_vec()));
            }
            Some(_) | None => {}
        }
    }
    let kind = kind.ok_or_else(|| Fault::field("kind", "imports.kind_unknown"))?;
    let (file_name, bytes) = file.ok_or_else(|| Fault::field("file", "imports.file_empty"))?;
    Ok(Given { kind, shop, file_name, bytes })
}

async fn read(given: Given) -> Result<New> {
    let Given { kind, shop, file_name, bytes } = given;
    let busy = || Fault::unavailable("imports.busy");
    let waited = tokio::time::timeout(LONGEST_WAIT, READING.acquire()).await;
    let _place = waited.map_err(|_| busy())?.map_err(|_| busy())?;
    let reading = tokio::task::spawn_blocking(move || sheet::read(&bytes));
    let sheet =
        reading.await.map_err(|error| Fault::field("file", "imports.file_unreadable").because(error))??;
    Ok(New { kind, shop, file_name, sheet })
}
