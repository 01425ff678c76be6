//! The foot of a list: how many there are, and the way to the next ones. Pages go by cursor.

use maud::{Markup, Render, html};

use super::icon::{Icon, icon};
use crate::Words;

/// `exact: false` says "more than".
#[derive(Clone, Copy, Debug)]
pub struct Count {
    pub count: i64,
    pub exact: bool,
}

pub struct Pager<'a> {
    pub words: &'a Words,
    pub previous: Option<String>,
    pub next: Option<String>,
    pub count: Option<Count>,
}

impl Render for Pager<'_> {
    fn render(&self) -> Markup {
        let w = self.words;
        html! {
            nav.pager aria-label=(w.t("ui-pager")) {
                @if let Some(Count { count, exact }) = self.count.filter(|count| count.count > 0) {
                    span.muted {
                        @if exact { (w.ta("ui-count-exact", &[("count", count.into())])) }
                        @else { (w.ta("ui-count-at-least", &[("count", w.number(count).into())])) }
                    }
                }
                @if let Some(href) = &self.previous {
                    a.button.quiet.small href=(href) rel="prev" { (icon(Icon::ChevronLeft)) span { (w.t("ui-page-previous")) } }
                }
                @if let Some(href) = &self.next {
                    a.button.quiet.small href=(href) rel="next" { span { (w.t("ui-page-next")) } (icon(Icon::ChevronRight)) }
                }
            }
        }
    }
}
