//! The numbers as tables, each leading to the orders behind it.

use maud::{Markup, html};
use takt_kernel::money::{Money, Quantity};
use takt_ui::{Column, Row, Table, Words, card};

use super::{
    REPORT,
    asked::{Asked, Measure},
    asking::dimension_name,
    report::View,
    report_parts::behind,
    table::{self, Laid, Line},
};
use crate::{
    answer::Answer,
    dimension::Dimension,
    sums::{Moneys, currency_of, whole},
};

/// `12,5%`; with `signed` `+12,5%`.
pub(super) fn percent(w: &Words, hundredths: i64, signed: bool) -> String {
    let tenths = (hundredths.unsigned_abs() + 5) / 10;
    let point = if w.lang() == takt_ui::Lang::Ru { ',' } else { '.' };
    let sign = match hundredths {
        ..=-1 => "−",
        1.. if signed => "+",
        _ => "",
    };
    format!("{sign}{}{point}{}%", tenths / 10, tenths % 10)
}

fn share(w: &Words, part: i64, whole: i64) -> String {
    if whole == 0 { String::new() } else { percent(w, part * 10_000 / whole, false) }
}

fn label(w: &Words, view: &View, line: &Line) -> Markup {
    let by = view.wanted.question.by;
    html! {
        @match &line.value {
            Some(value) => {
                a href={ (REPORT) "?" (Asked { by: next_of(by).to_owned(), ..view.asked.only(by, value) }.query()) } {
                    (view.names.value(w, by, value))
                }
            }
            None => { span.muted { (w.t("slices-others")) } }
        }
    }
}

/// What one asks next of a value: of what is no time how it went, of time what it was.
fn next_of(by: Dimension) -> &'static str {
    if by.is_of_days() { Dimension::Hour.code() } else { Dimension::Day.code() }
}

fn number(w: &Words, view: &View, line: &Line, value: i64, only: &str) -> Markup {
    let by = view.wanted.question.by;
    html! {
        @if value != 0 {
            @match &line.value {
                Some(row) => { a href=(behind(&view.asked, Some((by, row)), None, only)) { (w.number(value)) } }
                None => { (w.number(value)) }
            }
        }
    }
}

fn moneys(w: &Words, laid: &Laid, sums: &Moneys, measure: Measure) -> Vec<Markup> {
    laid.currencies
        .iter()
        .map(|currency| {
            let of = sums.get(currency).copied().unwrap_or_default();
            let amount = match measure {
                Measure::Average => of.revenue_minor / of.kept().max(1),
                _ => of.revenue_minor,
            };
            html! { @if amount != 0 { (w.money(Money::new(amount, currency_of(currency)))) } }
        })
        .collect()
}

pub(super) fn plain(w: &Words, view: &View, laid: &Laid) -> Markup {
    let head = |key: &str| Column::new(w.t(&format!("slices-{key}"))).numeric();
    let mut columns = vec![
        Column::new(dimension_name(w, view.wanted.question.by)),
        head("measure-orders"),
        head("measure-units"),
    ];
    for measure in [Measure::Revenue, Measure::Average] {
        for currency in &laid.currencies {
            let name = w.t(&format!("slices-measure-{}", measure.code()));
            let name = if laid.currencies.len() > 1 { format!("{name}, {currency}") } else { name };
            columns.push(Column::new(name).numeric());
        }
    }
    columns.extend(["confirmed", "paid", "shipped", "completed", "cancelled"].map(head));
    let total =
        Line { value: None, sums: laid.whole.clone(), cells: Vec::new(), before: laid.whole_before.clone() };
    let rows = laid.lines.iter().map(|line| Row::new(figures(w, view, laid, line, label(w, view, line))));
    let total = Row::new(figures(w, view, laid, &total, html! { strong { (w.t("slices-total")) } }));
    let table = Table::new(w, w.t("slices-title")).columns(columns).rows(rows.chain(std::iter::once(total)));
    html! { (table) }
}

/// The cells of a row; beneath orders and revenue what they were in the time that is compared with.
fn figures(w: &Words, view: &View, laid: &Laid, line: &Line, first: Markup) -> Vec<Markup> {
    let all = whole(&line.sums);
    let was = |measure: Measure| {
        let then = table::size(measure, &line.before);
        let change = table::moved(measure, &line.sums, &line.before)
            .map(|change| percent(w, change, true))
            .unwrap_or_default();
        let args =
            [("was", table::shown(w, measure, &line.before).into()), ("change", change.as_str().into())];
        html! { @if then != 0 { p.muted.small-text { (w.ta("slices-was", &args)) } } }
    };
    let mut cells = vec![
        first,
        html! { (number(w, view, line, all.orders, "")) (was(Measure::Orders)) },
        html! { (w.quantity(Quantity::from_thousandths(all.units))) },
    ];
    for (place, amount) in moneys(w, laid, &line.sums, Measure::Revenue).into_iter().enumerate() {
        cells.push(html! { (amount) @if place == 0 { (was(Measure::Revenue)) } });
    }
    cells.extend(moneys(w, laid, &line.sums, Measure::Average));
    for (part, only) in [
        (all.confirmed, "confirmed"),
        (all.paid, "paid"),
        (all.shipped, "shipped"),
        (all.completed, "completed"),
        (all.cancelled, "cancelled"),
    ] {
        cells.push(html! {
            @if part != 0 { (number(w, view, line, part, only)) " " span.muted { (share(w, part, all.orders)) } }
        });
    }
    cells
}

pub(super) fn cross(w: &Words, view: &View, laid: &Laid) -> Markup {
    let question = &view.wanted.question;
    let measure = view.wanted.measure;
    let Some(across) = question.cross else { return html! {} };
    let mut columns = vec![Column::new(dimension_name(w, question.by))];
    columns.extend(laid.columns.iter().map(|column| {
        let name = match column {
            Some(value) => view.names.value(w, across, value),
            None => w.t("slices-others"),
        };
        Column::new(name).numeric()
    }));
    columns.push(Column::new(w.t("slices-total")).numeric());
    let cell = |row: Option<&String>, column: Option<&String>, sums: &Moneys| {
        let said = if sums.is_empty() { String::new() } else { table::shown(w, measure, sums) };
        let place = row.map(|row| (question.by, row.as_str()));
        let across = column.map(|column| (across, column.as_str()));
        html! {
            @match row.is_some() && column.is_some() && !said.is_empty() {
                true => { a href=(behind(&view.asked, place, across, only_of(measure))) { (said) } }
                false => { (said) }
            }
        }
    };
    let rows = laid.lines.iter().map(|line| {
        let mut cells = vec![label(w, view, line)];
        for (column, sums) in laid.columns.iter().zip(&line.cells) {
            cells.push(cell(line.value.as_ref(), column.as_ref(), sums));
        }
        cells.push(html! { strong { (table::shown(w, measure, &line.sums)) } });
        Row::new(cells)
    });
    let mut total = vec![html! { strong { (w.t("slices-total")) } }];
    total.extend(laid.column_sums.iter().map(|sums| html! { strong { (table::shown(w, measure, sums)) } }));
    total.push(html! { strong { (table::shown(w, measure, &laid.whole)) } });
    let rows = rows.chain(std::iter::once(Row::new(total)));
    let table = Table::new(w, w.t("slices-title")).columns(columns).rows(rows);
    html! { div.scrolls tabindex="0" role="region" aria-label=(w.t("slices-table")) { (table) } }
}

const fn only_of(measure: Measure) -> &'static str {
    match measure {
        Measure::Cancelled => "cancelled",
        Measure::Completed => "completed",
        Measure::Revenue | Measure::Average | Measure::Units => "kept",
        Measure::Orders => "",
    }
}

/// Half of the orders took at most so long from one step to the next.
pub(super) fn links(w: &Words, view: &View, answer: &Answer, laid: &Laid) -> Markup {
    const STEPS: [&str; 5] = ["paid", "confirmed", "packed", "shipped", "finished"];
    let mut columns = vec![Column::new(dimension_name(w, view.wanted.question.by))];
    columns.extend(STEPS.map(|step| Column::new(w.t(&format!("slices-link-{step}"))).numeric()));
    let rows = laid.lines.iter().filter_map(|line| {
        let value = line.value.as_ref()?;
        let medians = answer.links.get(value)?;
        let mut cells = vec![html! { (view.names.value(w, view.wanted.question.by, value)) }];
        cells.extend(
            medians.iter().map(|median| html! { @if let Some(seconds) = median { (w.duration(*seconds)) } }),
        );
        Some(Row::new(cells))
    });
    let table = Table::new(w, w.t("slices-links")).columns(columns).rows(rows);
    html! { (card(w.t("slices-links")).note(html! { (w.t("slices-links-note")) }).flush().body(html! { (table) })) }
}
