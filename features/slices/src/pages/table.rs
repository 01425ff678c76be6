//! An answer laid out: rows and columns in their order, so many of them, the rest together. What is shown adds up to
//! the whole.

use std::collections::{BTreeMap, BTreeSet};

use takt_kernel::money::{Money, Quantity};
use takt_ui::Words;

use super::asked::Measure;
use crate::{
    answer::Answer,
    dimension::Dimension,
    period::Days,
    question::Question,
    sums::{Moneys, Sums, currency_of, whole},
};

pub(super) const MOST_ROWS: usize = 200;
pub(super) const MOST_COLUMNS: usize = 20;

#[derive(Clone, Debug, Default)]
pub(super) struct Line {
    /// None is all the others together.
    pub value: Option<String>,
    pub sums: Moneys,
    pub cells: Vec<Moneys>,
    /// The same of the time that is compared with.
    pub before: Moneys,
}

#[derive(Clone, Debug, Default)]
pub(super) struct Laid {
    pub lines: Vec<Line>,
    /// None is all the others together; empty without a second dimension.
    pub columns: Vec<Option<String>>,
    pub column_sums: Vec<Moneys>,
    pub whole: Moneys,
    pub whole_before: Moneys,
    pub currencies: Vec<String>,
}

/// Of one currency or of all: the number by which rows are put in order.
pub(super) fn size(measure: Measure, moneys: &Moneys) -> i64 {
    size_in(measure, moneys, main_currency(moneys))
}

/// The currency in which most was ordered speaks for the others.
fn main_currency(moneys: &Moneys) -> Option<&String> {
    moneys.iter().max_by_key(|(_, sums)| sums.orders).map(|(currency, _)| currency)
}

fn size_in(measure: Measure, moneys: &Moneys, currency: Option<&String>) -> i64 {
    let all = whole(moneys);
    let main = currency.and_then(|currency| moneys.get(currency)).copied().unwrap_or_default();
    match measure {
        Measure::Orders => all.orders,
        Measure::Units => all.units,
        Measure::Cancelled => all.cancelled,
        Measure::Completed => all.completed,
        Measure::Revenue => main.revenue_minor,
        Measure::Average => main.revenue_minor / main.kept().max(1),
    }
}

/// A measure as a person reads it; one amount for each currency.
pub(super) fn shown(w: &Words, measure: Measure, moneys: &Moneys) -> String {
    let all = whole(moneys);
    let money = |amount: fn(&Sums) -> i64| {
        let written = moneys
            .iter()
            .filter(|(_, sums)| sums.orders != 0 || sums.revenue_minor != 0)
            .map(|(currency, sums)| w.money(Money::new(amount(sums), currency_of(currency))));
        written.collect::<Vec<_>>().join(" · ")
    };
    match measure {
        Measure::Orders => w.number(all.orders),
        Measure::Units => w.quantity(Quantity::from_thousandths(all.units)),
        Measure::Cancelled => w.number(all.cancelled),
        Measure::Completed => w.number(all.completed),
        Measure::Revenue => money(|sums| sums.revenue_minor),
        Measure::Average => money(|sums| sums.revenue_minor / sums.kept().max(1)),
    }
}

/// The values of time in a period, in their order; none for what is no time.
pub(super) fn moments(dimension: Dimension, days: Days) -> Vec<String> {
    match dimension {
        Dimension::Hour => (0..24).map(|hour: i64| hour.to_string()).collect(),
        Dimension::Weekday => (1..8).map(|day: i64| day.to_string()).collect(),
        Dimension::Day | Dimension::Week | Dimension::Month => {
            let mut moments = Vec::new();
            let mut day = days.from;
            while day <= days.to {
                let value = dimension.of_day(day);
                if moments.last() != Some(&value) {
                    moments.push(value);
                }
                day = match dimension {
                    Dimension::Month => day.last_of_month().plus(1),
                    Dimension::Week => day.monday().plus(7),
                    _ => day.plus(1),
                };
            }
            moments
        }
        _ => Vec::new(),
    }
}

pub(super) fn add(to: &mut Moneys, from: &Moneys) {
    for (currency, sums) in from {
        to.entry(currency.clone()).or_default().add(sums);
    }
}

/// Lays out at most so many rows; the sums of rows come before those of the others.
pub(super) fn lay(
    question: &Question,
    measure: Measure,
    answer: &Answer,
    before: Option<(&Answer, Days)>,
    most_rows: usize,
) -> Laid {
    let now_moments = moments(question.by, question.days);
    let mut rows = BTreeMap::<&str, Line>::new();
    let mut columns = BTreeMap::<&str, Moneys>::new();
    for group in &answer.groups {
        let line = rows.entry(&group.row).or_default();
        line.value = Some(group.row.clone());
        add(&mut line.sums, &group.sums);
        if question.cross.is_some() {
            add(columns.entry(&group.column).or_default(), &group.sums);
        }
    }
    if let Some((before, days)) = before {
        let then_moments = moments(question.by, days);
        for group in &before.groups {
            let place = then_moments.iter().position(|moment| *moment == group.row);
            let beside = if then_moments.is_empty() {
                Some(&group.row)
            } else {
                place.and_then(|place| now_moments.get(place))
            };
            let Some(beside) = beside else { continue };
            let line = rows.entry(beside).or_default();
            line.value = Some(beside.clone());
            add(&mut line.before, &group.sums);
        }
    }
    let shown_columns = chosen_columns(question, measure, &columns);
    let kept: BTreeSet<&str> = shown_columns.iter().flatten().map(String::as_str).collect();
    for group in answer.groups.iter().filter(|_| question.cross.is_some()) {
        let Some(line) = rows.get_mut(group.row.as_str()) else { continue };
        line.cells.resize_with(shown_columns.len(), Moneys::new);
        let column = Some(&group.column).filter(|column| kept.contains(column.as_str()));
        if let Some(place) = shown_columns.iter().position(|shown| shown.as_ref() == column)
            && let Some(cell) = line.cells.get_mut(place)
        {
            add(cell, &group.sums);
        }
    }
    let mut lines: Vec<Line> = rows.into_values().collect();
    for line in &mut lines {
        line.cells.resize_with(shown_columns.len(), Moneys::new);
    }
    if question.by.is_time() {
        lines.sort_by_key(|line| by_time(question.by, line.value.as_deref()));
    } else {
        lines.sort_by_key(|line| {
            // What is no product stands behind those that are.
            let of_none = question.by.is_of_lines() && line.value.as_deref() == Some("");
            (of_none, std::cmp::Reverse((size(measure, &line.sums), size(Measure::Orders, &line.sums))))
        });
    }
    let rest = lines.split_off(lines.len().min(most_rows));
    if !rest.is_empty() {
        let mut others = Line { cells: vec![Moneys::new(); shown_columns.len()], ..Line::default() };
        for line in &rest {
            add(&mut others.sums, &line.sums);
            add(&mut others.before, &line.before);
            for (to, from) in others.cells.iter_mut().zip(&line.cells) {
                add(to, from);
            }
        }
        lines.push(others);
    }
    let column_sums = shown_columns.iter().map(|shown| match shown {
        Some(column) => columns.get(column.as_str()).cloned().unwrap_or_default(),
        None => {
            let mut others = Moneys::new();
            columns
                .iter()
                .filter(|(column, _)| !kept.contains(*column))
                .for_each(|(_, sums)| add(&mut others, sums));
            others
        }
    });
    let column_sums = column_sums.collect();
    let whole_before = before.map(|(before, _)| before.whole.clone()).unwrap_or_default();
    let currencies: BTreeSet<String> = answer.whole.keys().chain(whole_before.keys()).cloned().collect();
    Laid {
        lines,
        columns: shown_columns,
        column_sums,
        whole: answer.whole.clone(),
        whole_before,
        currencies: currencies.into_iter().collect(),
    }
}

fn by_time(dimension: Dimension, value: Option<&str>) -> (i64, String) {
    let value = value.unwrap_or_default();
    match dimension {
        Dimension::Hour | Dimension::Weekday => (value.parse().unwrap_or(-1), String::new()),
        _ => (0, value.to_owned()),
    }
}

fn chosen_columns(
    question: &Question,
    measure: Measure,
    columns: &BTreeMap<&str, Moneys>,
) -> Vec<Option<String>> {
    let Some(cross) = question.cross else { return Vec::new() };
    let mut by_size: Vec<&str> = columns.keys().copied().collect();
    by_size.sort_by_key(|column| std::cmp::Reverse(columns.get(column).map(|sums| size(measure, sums))));
    let more = by_size.len() > MOST_COLUMNS;
    by_size.truncate(MOST_COLUMNS);
    if cross.is_time() {
        by_size.sort_by_key(|column| by_time(cross, Some(column)));
    }
    let mut shown: Vec<Option<String>> = by_size.into_iter().map(|column| Some(column.to_owned())).collect();
    if more {
        shown.push(None);
    }
    shown
}

/// By how much it is another than then, both in the currency of now.
pub(super) fn moved(measure: Measure, now: &Moneys, then: &Moneys) -> Option<i64> {
    let currency = main_currency(now).or_else(|| main_currency(then));
    change(size_in(measure, now, currency), size_in(measure, then, currency))
}

/// `+12 %`; nothing to compare with is nothing.
fn change(now: i64, then: i64) -> Option<i64> {
    if then == 0 {
        None
    } else {
        Some((i128::from(now - then) * 10_000 / i128::from(then)).try_into().unwrap_or(i64::MAX))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_of_two_currencies_are_never_laid_beside_each_other() {
        let of = |currency: &str, orders: i64, revenue_minor: i64| {
            (currency.to_owned(), Sums { orders, revenue_minor, ..Sums::default() })
        };
        let now = Moneys::from([of("RUB", 5, 200_000), of("USD", 1, 900)]);
        for (then, expected) in [
            (vec![of("RUB", 5, 100_000)], Some(10_000)),
            (vec![of("USD", 9, 1_000)], None),
            (vec![of("USD", 9, 1_000), of("RUB", 1, 400_000)], Some(-5_000)),
            (vec![], None),
        ] {
            let then: Moneys = then.into_iter().collect();
            assert_eq!(moved(Measure::Revenue, &now, &then), expected, "{then:?}");
        }
        assert_eq!(moved(Measure::Orders, &now, &Moneys::from([of("USD", 3, 1)])), Some(10_000));
    }
}
