//! What was refused, as a file to be mended and sent again: the columns as they were and behind them why.

use axum::extract::State as Shared;
use takt_sheets::{Cell, Column, Form, List};
use takt_staff::SettingsCaller;
use takt_ui::Words;
use takt_web::{Answer, Path, Web};

use super::parts::why;
use crate::{
    import::{self, Import, ImportId},
    rights::BringFiles,
    rows::{self, ImportRow, RowState},
};

const PAGE: i64 = 500;

pub(super) async fn refused(
    Shared(web): Shared<Web>,
    settings: SettingsCaller,
    Path(id): Path<ImportId>,
) -> Answer {
    settings.permit::<BringFiles>()?;
    let company = settings.company()?;
    let w = settings.words(&web);
    let import = web.db.read("imports.refused", move |reader| import::get(reader, company, id)).await?;
    let named = import.columns.iter().map(Column::text);
    let columns = named.chain([Column::long(w.t("imports-why"))]).collect();
    let title = w.t("imports-title");
    let (list, words) = (List { form: Form::Csv, words: &w, title, what: "refused", columns }, w.clone());
    let answered = list.answer(&web.db, move |reader, after: Option<i64>| {
        let rows = rows::in_state(reader, &import, RowState::Refused, after.unwrap_or_default(), PAGE)?;
        let full = i64::try_from(rows.len()).is_ok_and(|count| count == PAGE);
        let next = rows.last().filter(|_| full).map(|row| row.n);
        Ok((rows.iter().map(|row| cells(&words, &import, row)).collect(), next))
    });
    Ok(answered.await?)
}

fn cells(w: &Words, import: &Import, row: &ImportRow) -> Vec<Cell> {
    let mut cells: Vec<Cell> = row.cells.iter().map(Cell::from).collect();
    cells.resize(import.columns.len(), Cell::Empty);
    cells.push(Cell::from(why(w, row).unwrap_or_default()));
    cells
}
