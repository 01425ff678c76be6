//! Views of one list side by side, each a link with its count. An empty view is dimmed.

use maud::{Markup, html};

use super::tone::Tone;
use crate::Words;

#[derive(Clone, Debug, Default)]
pub struct Tab {
    pub label: String,
    pub href: String,
    pub active: bool,
    pub count: Option<i64>,
    pub tone: Tone,
}

/// `name` is spoken to those who do not see where the tabs belong.
pub fn tabs(w: &Words, name: &str, tabs: &[Tab]) -> Markup {
    tabs_and_own(w, name, tabs, &[], html! {})
}

/// A tab that people made themselves. Its count may be the least that there are.
#[derive(Clone, Debug, Default)]
pub struct OwnTab {
    pub tab: Tab,
    pub exact: bool,
}

/// As [`tabs`], then those that people made, and what belongs behind them.
pub fn tabs_and_own(w: &Words, name: &str, tabs: &[Tab], own: &[OwnTab], behind: Markup) -> Markup {
    html! {
        nav.tabs aria-label=(name) {
            @for tab in tabs { (one(w, tab, true)) }
            @for own in own { (one(w, &own.tab, own.exact)) }
            (behind)
        }
    }
}

fn one(w: &Words, tab: &Tab, exact: bool) -> Markup {
    html! {
        a.tab.dim[tab.count == Some(0) && exact] href=(tab.href) aria-current=[tab.active.then_some("page")] {
            span { (tab.label) }
            @if let Some(count) = tab.count {
                span.count.(tab.tone.class()) { (w.number(count)) @if !exact { "+" } }
            }
        }
    }
}
