//! A message's body as it came: what a page shows of it, and the file.

use axum::{extract::State as Shared, response::IntoResponse};
use http::{HeaderMap, HeaderValue, header};
use maud::{Markup, html};
use takt_kernel::{CompanyId, Fault, Result};
use takt_staff::SettingsCaller;
use takt_store::Query;
use takt_ui::{Words, details};
use takt_web::{Answer, Path, Web};

use crate::{
    ConnectionId, ManageConnections, body,
    messages::{self, Message, MessageId},
};

/// Of a body that is no text, and of one that is too long, so much is shown.
const HEX_SHOWN: usize = 2 * 1024;
const TEXT_SHOWN: usize = 32 * 1024;

/// The message, when it is one of this connection.
pub(super) fn message_of(
    db: &mut dyn Query,
    company: CompanyId,
    connection: ConnectionId,
    id: MessageId,
) -> Result<Message> {
    let message = messages::get(db, company, id)?;
    if message.connection == connection {
        Ok(message)
    } else {
        Err(Fault::missing("connections.message_missing"))
    }
}

pub(super) async fn download(
    Shared(web): Shared<Web>,
    settings: SettingsCaller,
    Path((connection, id)): Path<(ConnectionId, MessageId)>,
) -> Answer {
    settings.permit::<ManageConnections>()?;
    let company = settings.company()?;
    let message =
        web.db.read("connections.message_body", move |r| message_of(r, company, connection, id)).await?;
    let mut headers = HeaderMap::new();
    // Never as what its sender calls it: a browser would run it.
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/octet-stream"));
    let file = format!("attachment; filename=\"message-{id}.bin\"");
    if let Ok(file) = HeaderValue::from_str(&file) {
        headers.insert(header::CONTENT_DISPOSITION, file);
    }
    Ok((headers, message.body).into_response())
}

/// The body as it came, folded away.
pub(super) fn raw(w: &Words, message: &Message, open: bool) -> Markup {
    let text = body::text(&message.body);
    let (title, shown, cut) = match text {
        Some(text) => {
            let end = text.floor_char_boundary(TEXT_SHOWN);
            ("connections-raw", text.get(..end).unwrap_or_default().to_owned(), end < text.len())
        }
        None => ("connections-raw-hex", body::hex(&message.body, HEX_SHOWN), message.body.len() > HEX_SHOWN),
    };
    let inside = html! {
        @if cut { p.muted { (w.t("connections-raw-cut")) } }
        (block(&w.t(title), &shown, text.is_none()))
    };
    details(w.t(title), open, inside)
}

/// A text of a program. What scrolls must be reached by keys, too.
pub(super) fn block(label: &str, text: &str, columns: bool) -> Markup {
    html! { pre.raw.columns[columns] tabindex="0" role="region" aria-label=(label) { (text) } }
}
