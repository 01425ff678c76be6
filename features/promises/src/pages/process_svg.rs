//! The process as a picture: steps from above downwards, so that it reads the same on a phone.

use maud::{Markup, html};
use takt_orders::{Holder, holder_name, shade_of};
use takt_ui::Words;

use super::process::{Step, View, address};

const WIDTH: i64 = 340;
const HEAD: i64 = 78;
const RULE: i64 = 17;
const GAP: i64 = 26;
const INSIDE: i64 = WIDTH - 28;
const MOST_RULES: usize = 4;
/// Letters that fit a line of the picture.
const LONGEST: usize = 46;

pub(super) fn render(w: &Words, view: &View) -> Markup {
    let mut top = 4;
    let mut placed = Vec::new();
    for step in &view.steps {
        placed.push((top, step));
        top += height(step) + GAP;
    }
    let bottom = top - GAP + 4;
    html! {
        svg.process viewBox={ "0 0 " (WIDTH) " " (bottom) } role="group" aria-label=(w.t("promises-process")) {
            @for (place, (top, step)) in placed.iter().enumerate() {
                @if place > 0 { (arrow(*top)) }
                (node(w, view, *top, step))
            }
        }
    }
}

fn height(step: &Step) -> i64 {
    let lines = step.rules.len().min(MOST_RULES) + usize::from(step.rules.len() > MOST_RULES);
    let lines = i64::try_from(lines).unwrap_or_default();
    HEAD + lines * RULE + if lines > 0 { 6 } else { 0 }
}

fn arrow(top: i64) -> Markup {
    let middle = WIDTH / 2;
    let path = format!(
        "M{middle} {} V{} M{} {} L{middle} {} L{} {}",
        top - GAP + 2,
        top - 3,
        middle - 5,
        top - 9,
        top - 3,
        middle + 5,
        top - 9
    );
    html! { path.arrow d=(path) {} }
}

fn node(w: &Words, view: &View, top: i64, step: &Step) -> Markup {
    let name = view.names.milestone(w, &step.milestone);
    let shape = if step.late > 0 { "node late" } else { "node" };
    let ages = w.ta(
        "promises-ages",
        &[("median", w.duration(step.median).into()), ("oldest", w.duration(step.oldest).into())],
    );
    html! {
        a href=(address(&step.milestone)) {
            rect class=(shape) x="2" y=(top) width=(WIDTH - 4) height=(height(step)) rx="9" {}
            text.name x="14" y=(top + 24) { (cut(&w.ta("promises-wait-for", &[("what", name.as_str().into())]))) }
            text.count x=(WIDTH - 14) y=(top + 25) text-anchor="end" { (w.number(step.orders)) }
            @if step.orders > 0 {
                text.soft x="14" y=(top + 43) {
                    @if step.late > 0 {
                        tspan.bad { (w.ta("promises-late-count", &[("late", w.number(step.late).into())])) }
                        " · " (w.ta("promises-oldest-is", &[("oldest", w.duration(step.oldest).into())]))
                    } @else { (ages) }
                }
            } @else {
                text.soft x="14" y=(top + 43) { (w.t("promises-nobody-there")) }
            }
            rect.track x="14" y=(top + 54) width=(INSIDE) height="9" rx="3" {}
            @for (left, width, holder, orders) in parts(step) {
                rect.part.(shade_of(holder).class()) x=(14 + left) y=(top + 54) width=(width) height="9" {
                    title { (holder_name(w, holder)) ": " (w.number(orders)) }
                }
            }
        }
        @for (line, rule) in step.rules.iter().take(MOST_RULES).enumerate() {
            @let y = top + HEAD + i64::try_from(line).unwrap_or_default() * RULE + 8;
            a href=(rule.href) { text.soft x="14" y=(y) { "§ " (cut(&rule.clause)) title { (rule.rule) } } }
        }
        @if step.rules.len() > MOST_RULES {
            @let y = top + HEAD + i64::try_from(MOST_RULES).unwrap_or_default() * RULE + 8;
            @let more = i64::try_from(step.rules.len() - MOST_RULES).unwrap_or_default();
            text.soft x="14" y=(y) { (w.ta("promises-more-rules", &[("count", more.into())])) }
        }
    }
}

/// Edges are rounded, not widths, so that the last part ends at the end.
fn parts(step: &Step) -> Vec<(i64, i64, Holder, i64)> {
    let mut passed = 0;
    step.holders
        .iter()
        .map(|(holder, orders)| {
            let left = passed * INSIDE / step.orders.max(1);
            passed += orders;
            (left, passed * INSIDE / step.orders.max(1) - left, *holder, *orders)
        })
        .collect()
}

fn cut(text: &str) -> String {
    if text.chars().count() <= LONGEST {
        return text.to_owned();
    }
    let mut cut: String = text.chars().take(LONGEST - 1).collect();
    cut.push('…');
    cut
}
