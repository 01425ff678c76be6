//! One file: what its columns mean, what would become of its rows, what became of them.

use axum::extract::State as Shared;
use serde::Deserialize;
use takt_kernel::{Fault, Kind as FaultKind, Result};
use takt_staff::{Permit, SettingsCaller, see_other_saying, settings_page, settings_refused};
use takt_store::Tx;
use takt_ui::FormErrors;
use takt_web::{Answer, Form, Path, Query, Web};

use super::{HREF, parts::render};
use crate::{
    columns::{Field, Mapping},
    import::{self, Import, ImportId},
    rights::BringFiles,
    rows::{self, ImportRow, RowState},
    verbs,
};

const PAGE_SIZE: i64 = 50;
/// Rows that show what stands in a column.
const EXAMPLES: i64 = 3;

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Asked {
    rows: String,
    after: i64,
}

pub(super) struct ShowView {
    pub import: Import,
    pub state: RowState,
    pub rows: Vec<ImportRow>,
    pub examples: Vec<ImportRow>,
    pub next: Option<i64>,
}

pub(super) async fn show(
    Shared(web): Shared<Web>,
    settings: SettingsCaller,
    Path(id): Path<ImportId>,
    Query(asked): Query<Asked>,
) -> Answer {
    settings.permit::<BringFiles>()?;
    let view = view(&web, &settings, id, asked).await?;
    let body = render(&settings.words(&web), &|path| settings.href(path), &view, None, &FormErrors::none());
    Ok(settings_page(&web, &settings, HREF, body))
}

async fn view(web: &Web, settings: &SettingsCaller, id: ImportId, asked: Asked) -> Result<ShowView> {
    let company = settings.company()?;
    web.db
        .read("imports.show", move |reader| {
            let import = import::get(reader, company, id)?;
            let counts = import.counts;
            let state = RowState::from_code(&asked.rows).ok().unwrap_or(match counts {
                counts if counts.refused > 0 => RowState::Refused,
                counts if counts.new > 0 => RowState::New,
                counts if counts.changed > 0 => RowState::Changed,
                _ => RowState::Same,
            });
            let mut shown = rows::in_state(reader, &import, state, asked.after, PAGE_SIZE + 1)?;
            let more = i64::try_from(shown.len()).is_ok_and(|count| count > PAGE_SIZE);
            if more {
                shown.pop();
            }
            let examples = rows::behind(reader, &import, 0, EXAMPLES)?;
            let next = shown.last().filter(|_| more).map(|row| row.n);
            Ok(ShowView { import, state, rows: shown, examples, next })
        })
        .await
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Given {
    field: Vec<String>,
}

pub(super) async fn look(
    Shared(web): Shared<Web>,
    settings: SettingsCaller,
    Path(id): Path<ImportId>,
    Form(given): Form<Given>,
) -> Answer {
    let mapping: Mapping = given.field.iter().map(|code| Field::from_code(code)).collect();
    let wanted = mapping.clone();
    done(&web, settings, id, Some(mapping), "imports-looking", move |tx, permit| {
        verbs::look(tx, permit, id, &wanted)
    })
    .await
}

pub(super) async fn take_in(
    Shared(web): Shared<Web>,
    settings: SettingsCaller,
    Path(id): Path<ImportId>,
) -> Answer {
    done(&web, settings, id, None, "imports-taking-in", move |tx, permit| verbs::take_in(tx, permit, id))
        .await
}

pub(super) async fn remove(
    Shared(web): Shared<Web>,
    settings: SettingsCaller,
    Path(id): Path<ImportId>,
) -> Answer {
    let permit = settings.permit::<BringFiles>()?;
    settings.company()?;
    web.db.write("imports.remove", move |tx| verbs::remove(tx, &permit, id)).await?;
    Ok(see_other_saying(&settings.href(HREF), "imports-removed"))
}

async fn done(
    web: &Web,
    settings: SettingsCaller,
    id: ImportId,
    typed: Option<Mapping>,
    said: &'static str,
    deed: impl Fn(&mut Tx<'_>, &Permit<BringFiles>) -> Result<()> + Send + 'static,
) -> Answer {
    let permit = settings.permit::<BringFiles>()?;
    settings.company()?;
    match web.db.write("imports.change", move |tx| deed(tx, &permit)).await {
        Ok(()) => Ok(see_other_saying(&settings.href(&format!("{HREF}/{id}")), said)),
        Err(fault) if matches!(fault.kind(), FaultKind::Invalid | FaultKind::Conflict) => {
            refused(web, &settings, id, typed, &fault).await
        }
        Err(fault) => Err(fault.into()),
    }
}

async fn refused(
    web: &Web,
    settings: &SettingsCaller,
    id: ImportId,
    typed: Option<Mapping>,
    fault: &Fault,
) -> Answer {
    let words = settings.words(web);
    let view = view(web, settings, id, Asked::default()).await?;
    let errors = FormErrors::from_fault(&words, fault);
    let body = render(&words, &|path| settings.href(path), &view, typed, &errors);
    Ok(settings_refused(web, settings, HREF, body))
}
