//! The same numbers for a table program: semicolons and a byte order mark, as Excel in Russian wants them.

use axum::{
    extract::State,
    response::{IntoResponse, Response},
};
use http::header;
use takt_kernel::{Fault, Result};
use takt_orders::{Holder, OrderId, holder_name};
use takt_staff::Caller;
use takt_store::Query as Reader;
use takt_ui::Words;
use takt_web::{Answer, Query, Web};

use super::{
    names::Names,
    report::{self, Asked, View, Wanted},
};
use crate::{report::Figures, result, stored::Answer as Told};

const MOST_ORDERS: i64 = 20_000;
const PAGE: i64 = 2_000;

/// Rows of cells on their way into a file.
struct Sheet(String);

impl Sheet {
    fn new() -> Self {
        Self("\u{feff}".to_owned())
    }

    fn row<C: AsRef<str>>(&mut self, cells: &[C]) {
        for (place, cell) in cells.iter().enumerate() {
            if place > 0 {
                self.0.push(';');
            }
            self.0.push_str(&escaped(cell.as_ref()));
        }
        self.0.push_str("\r\n");
    }

    fn answer(self, name: &str) -> Response {
        let named = format!("attachment; filename=\"{name}.csv\"");
        (
            [
                (header::CONTENT_TYPE, "text/csv; charset=utf-8".to_owned()),
                (header::CONTENT_DISPOSITION, named),
            ],
            self.0,
        )
            .into_response()
    }
}

/// A cell that a table program would take for a formula is a text.
fn escaped(cell: &str) -> String {
    let formula = cell.starts_with(['=', '+', '-', '@', '\t', '\r']) && cell.parse::<i64>().is_err();
    let cell = if formula { format!("'{cell}") } else { cell.to_owned() };
    if cell.contains([';', '"', '\n', '\r']) { format!("\"{}\"", cell.replace('"', "\"\"")) } else { cell }
}

pub(super) async fn figures(caller: Caller, State(web): State<Web>, Query(asked): Query<Asked>) -> Answer {
    let w = caller.words(&web);
    let view = report::read(&caller, &web, &w, &asked).await?;
    let Told::Counted { report, .. } = &view.told else {
        return Err(Fault::conflict("promises.not_counted").into());
    };
    let mut sheet = Sheet::new();
    let head = ["what", "name", "orders", "median", "p90", "total", "kept", "missed"];
    sheet.row(&head.map(|column| w.t(&format!("promises-csv-{column}"))));
    let mut put = |what: &str, name: String, figures: Figures, kept: Option<i64>, missed: Option<i64>| {
        let number = |number: Option<i64>| number.map_or(String::new(), |number| number.to_string());
        let Figures { count, median, p90, total } = figures;
        let figures = [count, median, p90, total].map(|number| number.to_string());
        sheet.row(&[&[w.t(what), name], &figures[..], &[number(kept), number(missed)]].concat());
    };
    for (holder, figures) in &report.holders {
        put("promises-holder", holder_name(&w, *holder), figures.wall, None, Some(figures.missed));
    }
    for (from, to, link) in &report.links {
        put("promises-link", view.names.link(&w, from, to), link.wall, Some(link.kept), Some(link.missed));
    }
    for (rule, figures) in &report.rules {
        put("promises-clause", rule.clone(), figures.wall, Some(figures.kept), Some(figures.missed));
    }
    for place in &report.places {
        let name = view
            .names
            .place(takt_kernel::CompanyId::new(place.company), takt_kernel::ShopId::new(place.shop));
        put("promises-shop", name, place.waited, Some(place.kept), Some(place.missed));
    }
    Ok(sheet.answer(&file_name(&view)))
}

fn file_name(view: &View) -> String {
    format!("takt-promises-{}", view.wanted.month)
}

pub(super) async fn orders(caller: Caller, State(web): State<Web>, Query(asked): Query<Asked>) -> Answer {
    let w = caller.words(&web);
    let wanted = asked.wanted(&caller, web.db.clock().now())?;
    let (names, lang) = (Names::of_companies(&caller, wanted.scope.companies()), w.lang());
    let name = format!("takt-orders-{}", wanted.month);
    let sheet = web
        .db
        .read("promises.csv", move |reader| {
            let names = names.clone().read(reader, lang)?;
            orders_sheet(reader, &w, &wanted, &names)
        })
        .await?;
    Ok(sheet.answer(&name))
}

/// # Errors
/// `promises.too_many_rows`.
fn orders_sheet(db: &mut dyn Reader, w: &Words, wanted: &Wanted, names: &Names) -> Result<Sheet> {
    if result::count(db, wanted.scope.companies(), wanted.month, MOST_ORDERS + 1)? > MOST_ORDERS {
        return Err(Fault::invalid("promises.too_many_rows").arg("most", MOST_ORDERS));
    }
    let mut sheet = Sheet::new();
    let mut head = ["number", "shop", "finished", "cancelled", "urgent", "whole"]
        .map(|column| w.t(&format!("promises-csv-{column}")))
        .to_vec();
    head.extend(Holder::ALL.iter().map(|holder| holder_name(w, *holder)));
    head.extend([w.t("promises-missed"), w.t("promises-mostly")]);
    sheet.row(&head);
    for company in wanted.scope.companies() {
        let mut after = OrderId::new(0);
        loop {
            let page = result::of_month(db, *company, wanted.month, after, PAGE)?;
            let Some(last) = page.last().map(|told| told.order) else { break };
            after = last;
            for told in page.iter().filter(|told| wanted.shop.is_none_or(|shop| shop == told.shop)) {
                let outcome = &told.outcome;
                let yes = |said: bool| if said { "1".to_owned() } else { "0".to_owned() };
                let mut cells = vec![
                    outcome.number.clone(),
                    names.place(told.company, told.shop),
                    w.date_time(outcome.finished_at),
                    yes(outcome.cancelled),
                    yes(outcome.urgent),
                    outcome.whole.to_string(),
                ];
                let held = |holder: &Holder| outcome.held.get(holder).map_or(0, |(wall, _)| *wall);
                cells.extend(Holder::ALL.iter().map(|holder| held(holder).to_string()));
                let late: Vec<_> =
                    outcome.links.iter().filter(|link| link.late.is_some_and(|late| late > 0)).collect();
                let missed: Vec<String> = late.iter().map(|link| names.milestone(w, &link.to)).collect();
                let blamed: Vec<String> =
                    late.iter().filter_map(|link| link.blamed).map(|holder| holder_name(w, holder)).collect();
                cells.extend([missed.join(", "), blamed.join(", ")]);
                sheet.row(&cells);
            }
        }
    }
    Ok(sheet)
}

#[cfg(test)]
mod tests {
    use super::escaped;

    #[test]
    fn a_cell_is_never_a_formula_and_never_two_cells() {
        for (given, written) in [
            ("TK-1", "TK-1"),
            ("-5", "-5"),
            ("=1+1", "'=1+1"),
            ("@cmd", "'@cmd"),
            ("a;b", "\"a;b\""),
            ("say \"yes\"", "\"say \"\"yes\"\"\""),
        ] {
            assert_eq!(escaped(given), written);
        }
    }
}
