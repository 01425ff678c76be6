//! Bars for what is told apart, a line for time; every picture has its figures beside it as text.

use maud::{Markup, html};
use takt_ui::{BarPart, Point, Shade, Words, bar_row, line_chart};

use super::{
    report::View,
    report_parts::behind,
    table::{Laid, Line, moments, shown, size},
};
use crate::{dimension::Dimension, period::Day, sums::Moneys};

const MOST_BARS: usize = 15;
const MOST_POINTS: usize = 400;

pub(super) fn draw(w: &Words, view: &View, laid: &Laid) -> Markup {
    let question = &view.wanted.question;
    let all = moments(question.by, question.days);
    if !all.is_empty() && (3..=MOST_POINTS).contains(&all.len()) {
        line(w, view, laid, &all)
    } else {
        bars(w, view, laid)
    }
}

fn bars(w: &Words, view: &View, laid: &Laid) -> Markup {
    let measure = view.wanted.measure;
    let by = view.wanted.question.by;
    let shown_lines: Vec<&Line> =
        laid.lines.iter().filter(|line| line.value.is_some()).take(MOST_BARS).collect();
    // Not by all the others together: beside thousands of products each of the first would be a hair.
    let most = shown_lines.iter().map(|line| size(measure, &line.sums)).max().unwrap_or(1);
    html! {
        div.chart {
            @for line in shown_lines {
                @let value = line.value.as_deref().unwrap_or_default();
                @let name = view.names.value(w, by, value);
                @let said = shown(w, measure, &line.sums);
                @let part = BarPart::shaded(size(measure, &line.sums), Shade::Teal, said.clone())
                    .to(behind(&view.asked, Some((by, value)), None, ""));
                (bar_row(&name, &[part], most, &said))
            }
        }
        @if laid.lines.len() > MOST_BARS { p.muted.small-text { (w.t("slices-chart-first")) } }
    }
}

fn line(w: &Words, view: &View, laid: &Laid, all: &[String]) -> Markup {
    let (measure, by) = (view.wanted.measure, view.wanted.question.by);
    let nothing = Moneys::new();
    let of = |value: &String| laid.lines.iter().find(|line| line.value.as_ref() == Some(value));
    let point = |value: &String, before: bool| {
        let sums = of(value).map_or(&nothing, |line| if before { &line.before } else { &line.sums });
        Point {
            size: size(measure, sums),
            title: format!("{}: {}", view.names.value(w, by, value), shown(w, measure, sums)),
        }
    };
    let begun = begun(by, Day::of(view.now, w.zone()), all);
    let points: Vec<Point> = begun.iter().map(|value| point(value, false)).collect();
    let compared = view.before.is_some() && !laid.whole_before.is_empty();
    let earlier: Vec<Point> =
        if compared { all.iter().map(|value| point(value, true)).collect() } else { Vec::new() };
    let highest = laid.lines.iter().map(|line| &line.sums).max_by_key(|sums| size(measure, sums));
    let labels: Vec<String> = [all.first(), all.get(all.len() / 2), all.last()]
        .into_iter()
        .flatten()
        .map(|value| view.names.value(w, by, value))
        .collect();
    let most = highest.map(|sums| shown(w, measure, sums)).unwrap_or_default();
    html! {
        (line_chart(&w.t(&format!("slices-measure-{}", measure.code())), all.len(), &points, &earlier, &labels, &most))
        @if compared { p.muted.small-text { (w.t("slices-line-earlier")) } }
    }
}

/// The moments up to today: of those to come nothing is known yet.
fn begun(by: Dimension, today: Day, all: &[String]) -> &[String] {
    let is_dated = matches!(by, Dimension::Day | Dimension::Week | Dimension::Month);
    let last = by.of_day(today);
    let count = if is_dated { all.iter().take_while(|moment| **moment <= last).count() } else { all.len() };
    &all[..count]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::period::Days;

    #[test]
    fn what_is_still_to_come_is_not_drawn() {
        let day = |text: &str| text.parse::<Day>().expect("a day");
        let month = Days::new(day("2026-11-01"), day("2026-11-30"));
        for (by, today, drawn) in [
            (Dimension::Day, "2026-11-23", 23),
            (Dimension::Week, "2026-11-23", 5),
            (Dimension::Month, "2026-11-23", 1),
            (Dimension::Day, "2026-12-05", 30),
            (Dimension::Day, "2026-10-31", 0),
            (Dimension::Hour, "2026-10-31", 24),
        ] {
            assert_eq!(begun(by, day(today), &moments(by, month)).len(), drawn, "{by:?} on {today}");
        }
    }
}
