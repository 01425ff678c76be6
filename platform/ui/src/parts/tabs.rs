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
    html! {
        nav.tabs aria-label=(name) {
            @for tab in tabs {
                a.tab.dim[tab.count == Some(0)] href=(tab.href) aria-current=[tab.active.then_some("page")] {
                    span { (tab.label) }
                    @if let Some(count) = tab.count { span.count.(tab.tone.class()) { (w.number(count)) } }
                }
            }
        }
    }
}
