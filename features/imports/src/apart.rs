//! Orders of a file whose rows cannot be taken for one order: they stand apart, or there are more than an order may
//! have. Half of an order is worse than none.

use std::collections::{HashMap, HashSet};

use takt_kernel::{CompanyId, Fault, FieldFault, Result};
use takt_orders::MOST_LINES;
use takt_store::Db;

use crate::{
    columns::Field,
    import::{self, ImportId},
    kinds::{Cells, Kind},
    rows,
};

const AT_ONCE: i64 = 1_000;

/// Numbers of orders, each with why its rows are refused.
#[derive(Debug, Default)]
pub(crate) struct Apart(HashMap<String, &'static str>);

impl Apart {
    pub(crate) fn refused(&self, rows: &[Cells]) -> Option<Fault> {
        let number = rows.first()?.one(Field::Number);
        let code = *self.0.get(number)?;
        let args = vec![("number".into(), number.to_owned()), ("most".into(), MOST_LINES.to_string())];
        Some(Fault::from_fields(vec![FieldFault { path: "number".to_owned(), code: code.into(), args }]))
    }
}

/// Reads the numbers of a file once; of what is no file of orders there are none.
pub(crate) async fn of(db: &Db, company: CompanyId, id: ImportId) -> Result<Apart> {
    let (mut seen, mut found) = (HashSet::new(), HashMap::new());
    let (mut after, mut current, mut lines) = (0, String::new(), 0);
    loop {
        let read = db
            .read("imports.numbers", move |reader| {
                let import = import::get_any(reader, company, id)?;
                let wanted = import.kind == Kind::Orders && import.state.is_at_work();
                let rows = if wanted { rows::behind(reader, &import, after, AT_ONCE)? } else { Vec::new() };
                Ok((import.mapping, rows))
            })
            .await;
        let (mapping, rows) = match read {
            Err(fault) if fault.is("imports.missing") => return Ok(Apart::default()),
            read => read?,
        };
        let Some(last) = rows.last() else { return Ok(Apart(found)) };
        after = last.n;
        for row in &rows {
            // One that was taken in is empty, and what stands behind it does not go on with what stood before.
            if row.cells.is_empty() {
                current.clear();
                continue;
            }
            let number = Cells::of(&mapping, &row.cells).one(Field::Number).to_owned();
            if number.is_empty() || number == current {
                lines += 1;
            } else {
                lines = 1;
                if !seen.insert(number.clone()) {
                    found.insert(number.clone(), "imports.rows_apart");
                }
                current = number;
            }
            if lines > MOST_LINES && !current.is_empty() {
                found.entry(current.clone()).or_insert("imports.order_too_long");
            }
        }
    }
}
