//! The same numbers for a table program, all of their rows.

use axum::extract::State;
use takt_kernel::{
    Fault,
    money::{Money, Quantity},
};
use takt_sheets::{Cell, Column, Form, List, Sheet};
use takt_staff::Caller;
use takt_ui::Words;
use takt_web::{Answer, Query, Web};

use super::{
    asked::{Asked, Measure},
    names::Names,
    orders,
    report::{self, View},
    table::{Laid, lay},
    work,
};
use crate::{
    dimension::Dimension,
    period::Day,
    stored::Looked,
    sums::{Moneys, currency_of, whole},
};

const PAGE: i64 = 500;

pub(super) async fn report(
    form: Form,
    caller: Caller,
    State(web): State<Web>,
    Query(asked): Query<Asked>,
) -> Answer {
    let w = caller.words(&web);
    let view = report::read(&caller, &web, &asked).await?;
    let Looked::Counted { answer, .. } = &view.told else {
        return Err(Fault::conflict("slices.not_counted").into());
    };
    if answer.cut {
        return Err(Fault::invalid("slices.cut").into());
    }
    let laid = lay(&view.wanted.question, view.wanted.measure, answer, None, usize::MAX);
    let mut sheet = Sheet::begin(form, &w, &w.t("slices-title"), &columns(&w, &view, &laid)).await?;
    for line in &laid.lines {
        let by = view.wanted.question.by;
        let day = line.value.as_ref().and_then(|value| value.parse::<Day>().ok());
        let name = line.value.as_ref().map(|value| view.names.value(&w, by, value));
        let mut cells = vec![match day {
            Some(day) if by == Dimension::Day => Cell::Date(day.date()),
            _ => Cell::from(name),
        }];
        if laid.columns.is_empty() {
            cells.extend(figures(&laid, &line.sums));
        } else {
            let all = line.cells.iter().chain(std::iter::once(&line.sums));
            cells.extend(all.flat_map(|sums| measured(&laid, view.wanted.measure, sums)));
        }
        sheet.row(&cells)?;
    }
    Ok(sheet.finish().await?.answer(&w, "slices", view.now))
}

fn columns(w: &Words, view: &View, laid: &Laid) -> Vec<Column> {
    let question = &view.wanted.question;
    let name = w.t(&format!("slices-by-{}", question.by.code()));
    let mut columns =
        vec![if question.by == Dimension::Day { Column::date(name) } else { Column::text(name) }];
    let money = |key: &str| {
        let name = w.t(&format!("slices-measure-{key}"));
        laid.currencies
            .iter()
            .map(move |currency| Column::money(format!("{name}, {currency}")))
            .collect::<Vec<_>>()
    };
    if let Some(cross) = question.cross {
        let names = laid.columns.iter().map(|column| match column {
            Some(value) => view.names.value(w, cross, value),
            None => w.t("slices-others"),
        });
        for name in names.chain(std::iter::once(w.t("slices-total"))) {
            match view.wanted.measure {
                Measure::Revenue | Measure::Average => columns.extend(
                    laid.currencies.iter().map(|currency| Column::money(format!("{name}, {currency}"))),
                ),
                Measure::Units => columns.push(Column::quantity(name)),
                _ => columns.push(Column::whole(name)),
            }
        }
        return columns;
    }
    columns.push(Column::whole(w.t("slices-measure-orders")));
    columns.push(Column::quantity(w.t("slices-measure-units")));
    columns.extend(money("revenue"));
    columns.extend(money("average"));
    for step in ["confirmed", "paid", "packed", "shipped", "completed", "cancelled"] {
        let name = w.t(&format!("slices-{step}"));
        columns.push(Column::whole(name.clone()));
        columns.push(Column::share(format!("{name}, %")));
    }
    columns
}

fn amounts(laid: &Laid, sums: &Moneys, average: bool) -> Vec<Cell> {
    let amount = |currency: &String| {
        let of = sums.get(currency).copied().unwrap_or_default();
        let minor = if average { of.revenue_minor / of.kept().max(1) } else { of.revenue_minor };
        Cell::Money(Money::new(minor, currency_of(currency)))
    };
    laid.currencies.iter().map(amount).collect()
}

fn measured(laid: &Laid, measure: Measure, sums: &Moneys) -> Vec<Cell> {
    let all = whole(sums);
    match measure {
        Measure::Orders => vec![Cell::Whole(all.orders)],
        Measure::Units => vec![Cell::Quantity(Quantity::from_thousandths(all.units))],
        Measure::Cancelled => vec![Cell::Whole(all.cancelled)],
        Measure::Completed => vec![Cell::Whole(all.completed)],
        Measure::Revenue => amounts(laid, sums, false),
        Measure::Average => amounts(laid, sums, true),
    }
}

fn figures(laid: &Laid, sums: &Moneys) -> Vec<Cell> {
    let all = whole(sums);
    let mut cells = vec![Cell::Whole(all.orders), Cell::Quantity(Quantity::from_thousandths(all.units))];
    cells.extend(amounts(laid, sums, false));
    cells.extend(amounts(laid, sums, true));
    for part in [all.confirmed, all.paid, all.packed, all.shipped, all.completed, all.cancelled] {
        cells.push(Cell::Whole(part));
        cells.push(if all.orders == 0 { Cell::Empty } else { Cell::Share(part * 10_000 / all.orders) });
    }
    cells
}

pub(super) async fn orders(
    form: Form,
    caller: Caller,
    State(web): State<Web>,
    Query(asked): Query<orders::Asked>,
) -> Answer {
    let w = caller.words(&web);
    let now = web.db.clock().now();
    let wanted = asked.over.wanted(&caller, now)?;
    let companies = wanted.scope.companies().to_vec();
    let names = web.db.read("slices.names", move |reader| Names::of(reader, &companies, &[])).await?;
    let columns = vec![
        Column::text(w.t("orders-number")),
        Column::moment(w.t("orders-placed-at")),
        Column::text(w.t("orders-status")),
        Column::text(w.t("orders-shop")),
        Column::money(w.t("orders-total")),
        Column::money(w.t("orders-paid")),
    ];
    let title = w.t("slices-orders");
    let (list, words) = (List { form, words: &w, title, what: "slice-orders", columns }, w.clone());
    let answered = list.answer(&web.db, move |reader, from| {
        let (found, next) = orders::find(reader, &wanted, &asked, from, PAGE)?;
        let row = |order: &takt_orders::Order| {
            vec![
                Cell::from(&order.number),
                Cell::from(order.placed_at),
                Cell::from(names.status(&words, &order.status)),
                Cell::from(names.value(&words, Dimension::Shop, &order.shop.to_string())),
                Cell::from(order.total),
                Cell::from(order.paid),
            ]
        };
        Ok((found.iter().map(row).collect(), next))
    });
    Ok(answered.await?)
}

pub(super) async fn people(
    form: Form,
    caller: Caller,
    State(web): State<Web>,
    Query(asked): Query<Asked>,
) -> Answer {
    let w = caller.words(&web);
    let now = web.db.clock().now();
    let wanted = asked.wanted(&caller, now)?;
    let people = web.db.read("slices.people sheet", move |reader| work::read(reader, &wanted)).await?;
    let columns = [
        Column::text(w.t("slices-person")),
        Column::date(w.t("slices-by-day")),
        Column::whole(w.t("slices-did-confirmed")),
        Column::whole(w.t("slices-did-packed")),
        Column::whole(w.t("slices-did-tasks")),
        Column::share(w.t("slices-did-in-time")),
    ];
    let mut sheet = Sheet::begin(form, &w, &w.t("slices-people"), &columns).await?;
    for person in people.values() {
        for (day, done) in &person.days {
            sheet.row(&[
                Cell::from(&person.name),
                Cell::from(Day::from_number(*day).map(Day::date)),
                Cell::Whole(done.confirmed),
                Cell::Whole(done.packed),
                Cell::Whole(done.tasks),
                if done.tasks == 0 { Cell::Empty } else { Cell::Share(done.in_time * 10_000 / done.tasks) },
            ])?;
        }
    }
    Ok(sheet.finish().await?.answer(&w, "people", now))
}
