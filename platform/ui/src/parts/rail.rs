//! What waits, by kind, each count a filter of the list beneath. Unlike tabs any number may be there or none.

use maud::{Markup, html};

use crate::Words;

#[derive(Clone, Debug, Default)]
pub struct RailItem {
    pub label: String,
    pub href: String,
    pub active: bool,
    pub count: i64,
    /// Otherwise there are at least so many.
    pub exact: bool,
    pub overdue: i64,
}

/// `name` says what is counted. Nothing is drawn when there is nothing.
pub fn rail(w: &Words, name: &str, items: &[RailItem]) -> Markup {
    html! {
        @if !items.is_empty() {
            nav.rail aria-label=(name) {
                @for item in items {
                    a.rail-item href=(item.href) aria-current=[item.active.then_some("true")] {
                        span { (item.label) }
                        span.count { (w.number(item.count)) @if !item.exact { "+" } }
                        @if item.overdue > 0 {
                            span.count.tone-bad { (w.ta("ui-rail-overdue", &[("count", item.overdue.into())])) }
                        }
                    }
                }
            }
        }
    }
}
