//! The same numbers for a table program.

use axum::extract::State;
use takt_kernel::{CompanyId, Fault, Result, ShopId};
use takt_orders::{Holder, OrderId, holder_name};
use takt_sheets::{Cell, Column, Form, Sheet};
use takt_staff::Caller;
use takt_store::Query as Reader;
use takt_ui::Words;
use takt_web::{Answer, Query, Web};

use super::{
    names::Names,
    report::{self, Asked, Wanted},
};
use crate::{
    report::Figures,
    result::{self, Told as Finished},
    stored::Answer as Told,
};

const PAGE: i64 = 2_000;

pub(super) async fn figures(
    form: Form,
    caller: Caller,
    State(web): State<Web>,
    Query(asked): Query<Asked>,
) -> Answer {
    let w = caller.words(&web);
    let view = report::read(&caller, &web, &w, &asked).await?;
    let Told::Counted { report, .. } = &view.told else {
        return Err(Fault::conflict("promises.not_counted").into());
    };
    let head = |column: &str| w.t(&format!("promises-csv-{column}"));
    let columns = [
        Column::text(head("what")),
        Column::text(head("name")),
        Column::whole(head("orders")),
        Column::duration(head("median")),
        Column::duration(head("p90")),
        Column::duration(head("total")),
        Column::whole(head("kept")),
        Column::whole(head("missed")),
    ];
    let mut sheet = Sheet::begin(form, &w, &w.t("promises-title"), &columns).await?;
    let mut put = |what: &str, name: String, figures: Figures, kept: Option<i64>, missed: Option<i64>| {
        let Figures { count, median, p90, total } = figures;
        sheet.row(&[
            Cell::from(w.t(what)),
            Cell::from(name),
            Cell::Whole(count),
            Cell::Duration(median),
            Cell::Duration(p90),
            Cell::Duration(total),
            Cell::from(kept),
            Cell::from(missed),
        ])
    };
    for (holder, figures) in &report.holders {
        put("promises-holder", holder_name(&w, *holder), figures.wall, None, Some(figures.missed))?;
    }
    for (from, to, link) in &report.links {
        put("promises-link", view.names.link(&w, from, to), link.wall, Some(link.kept), Some(link.missed))?;
    }
    for (rule, figures) in &report.rules {
        put("promises-clause", rule.clone(), figures.wall, Some(figures.kept), Some(figures.missed))?;
    }
    for place in &report.places {
        let name = view.names.place(CompanyId::new(place.company), ShopId::new(place.shop));
        put("promises-shop", name, place.waited, Some(place.kept), Some(place.missed))?;
    }
    let what = format!("promises-{}", view.wanted.month);
    Ok(sheet.finish().await?.answer(&w, &what, view.now))
}

pub(super) async fn orders(
    form: Form,
    caller: Caller,
    State(web): State<Web>,
    Query(asked): Query<Asked>,
) -> Answer {
    let w = caller.words(&web);
    let now = web.db.clock().now();
    let wanted = asked.wanted(&caller, now)?;
    let (names, lang) = (Names::of_companies(&caller, wanted.scope.companies()), w.lang());
    let names = web.db.read("promises.names", move |reader| names.read(reader, lang)).await?;
    let begun = Sheet::begin(form, &w, &w.t("promises-orders-behind"), &columns(&w)).await?;
    let sheet = begun
        .fill(|from: Option<Begin>| {
            let (db, w, wanted, names) = (web.db.clone(), w.clone(), wanted.clone(), names.clone());
            let (place, after) = from.unwrap_or((0, OrderId::new(0)));
            async move {
                db.read("promises.sheet", move |reader| page(reader, &w, &wanted, &names, place, after)).await
            }
        })
        .await?;
    Ok(sheet.finish().await?.answer(&w, &format!("promised-orders-{}", wanted.month), now))
}

/// Where a page begins: the company by its place, and the order behind which it goes on.
type Begin = (usize, OrderId);

fn page(
    db: &mut dyn Reader,
    w: &Words,
    wanted: &Wanted,
    names: &Names,
    place: usize,
    after: OrderId,
) -> Result<(Vec<Vec<Cell>>, Option<Begin>)> {
    let Some(company) = wanted.scope.companies().get(place) else { return Ok((Vec::new(), None)) };
    let told = result::of_month(db, *company, wanted.month, after, PAGE)?;
    let next = match told.last() {
        Some(last) => (place, last.order),
        None => (place + 1, OrderId::new(0)),
    };
    let of_shop = told.iter().filter(|told| wanted.shop.is_none_or(|shop| shop == told.shop));
    Ok((of_shop.map(|told| row(w, names, told)).collect(), Some(next)))
}

fn columns(w: &Words) -> Vec<Column> {
    let head = |column: &str| w.t(&format!("promises-csv-{column}"));
    let mut columns = vec![
        Column::text(head("number")),
        Column::text(head("shop")),
        Column::moment(head("finished")),
        Column::whole(head("cancelled")),
        Column::whole(head("urgent")),
        Column::duration(head("whole")),
    ];
    columns.extend(Holder::ALL.iter().map(|holder| Column::duration(holder_name(w, *holder))));
    columns.extend([Column::text(w.t("promises-missed")), Column::text(w.t("promises-mostly"))]);
    columns
}

fn row(w: &Words, names: &Names, told: &Finished) -> Vec<Cell> {
    let outcome = &told.outcome;
    let mut cells = vec![
        Cell::from(&outcome.number),
        Cell::from(names.place(told.company, told.shop)),
        Cell::from(outcome.finished_at),
        Cell::Whole(outcome.cancelled.into()),
        Cell::Whole(outcome.urgent.into()),
        Cell::Duration(outcome.whole),
    ];
    let held = |holder: &Holder| outcome.held.get(holder).map_or(0, |(wall, _)| *wall);
    cells.extend(Holder::ALL.iter().map(|holder| Cell::Duration(held(holder))));
    let late: Vec<_> = outcome.links.iter().filter(|link| link.late.is_some_and(|late| late > 0)).collect();
    let missed: Vec<String> = late.iter().map(|link| names.milestone(w, &link.to)).collect();
    let blamed: Vec<String> =
        late.iter().filter_map(|link| link.blamed).map(|holder| holder_name(w, holder)).collect();
    cells.extend([Cell::from(missed.join(", ")), Cell::from(blamed.join(", "))]);
    cells
}
