//! Panels and the ways to fill them.

use maud::{Markup, Render, html};

use super::icon::{Icon, icon};

/// A panel with a title. Give it an id and topics and it keeps itself fresh.
#[derive(Clone, Debug, Default)]
pub struct Card {
    title: String,
    id: Option<String>,
    live: Option<String>,
    note: Option<Markup>,
    actions: Option<Markup>,
    body: Option<Markup>,
    foot: Option<Markup>,
    flush: bool,
}

pub fn card(title: impl Into<String>) -> Card {
    Card { title: title.into(), ..Card::default() }
}

impl Card {
    pub fn body(self, body: Markup) -> Self {
        Self { body: Some(body), ..self }
    }
    /// Beside the title: a count, a status.
    pub fn note(self, note: Markup) -> Self {
        Self { note: Some(note), ..self }
    }
    pub fn actions(self, actions: Markup) -> Self {
        Self { actions: Some(actions), ..self }
    }
    pub fn foot(self, foot: Markup) -> Self {
        Self { foot: Some(foot), ..self }
    }
    /// The body touches the edges: for tables and lists.
    pub fn flush(self) -> Self {
        Self { flush: true, ..self }
    }
    pub fn id(self, id: impl Into<String>) -> Self {
        Self { id: Some(id.into()), ..self }
    }
    /// Re-read when any of these topics changes: `order/42 tasks`. Needs an id.
    pub fn live(self, id: impl Into<String>, topics: impl Into<String>) -> Self {
        Self { id: Some(id.into()), live: Some(topics.into()), ..self }
    }
}

impl Render for Card {
    fn render(&self) -> Markup {
        html! {
            section.card.flush[self.flush] id=[&self.id] data-live=[&self.live] {
                @if !self.title.is_empty() || self.actions.is_some() {
                    header.card-head {
                        h2 { (self.title) }
                        @if let Some(note) = &self.note { span.card-note { (note) } }
                        @if let Some(actions) = &self.actions { div.card-actions { (actions) } }
                    }
                }
                @if let Some(body) = &self.body { div.card-body { (body) } }
                @if let Some(foot) = &self.foot { footer.card-foot { (foot) } }
            }
        }
    }
}

/// Names and values, one pair a line.
pub fn pairs(rows: impl IntoIterator<Item = (String, Markup)>) -> Markup {
    html! {
        dl.pairs {
            @for (name, value) in rows { div { dt { (name) } dd { (value) } } }
        }
    }
}

/// Two columns, the main one wider; one below the other on narrow screens.
pub fn split(main: Markup, side: Markup) -> Markup {
    html! { div.split { div.split-main { (main) } div.split-side { (side) } } }
}

/// As [`split`], with what comes after both on a narrow screen and goes on under the main part on a wide one.
pub fn split_then(main: Markup, side: Markup, after: Markup) -> Markup {
    html! {
        div.split.split-three {
            div.split-main { (main) }
            div.split-side { (side) }
            div.split-after { (after) }
        }
    }
}

/// What stands where nothing is yet: says what will be here and how to bring it about.
pub fn empty(shape: Icon, title: impl AsRef<str>, text: impl AsRef<str>, action: Option<Markup>) -> Markup {
    html! {
        div.empty {
            span.empty-icon { (icon(shape)) }
            p.empty-title { (title.as_ref()) }
            p.empty-text { (text.as_ref()) }
            @if let Some(action) = action { div.empty-action { (action) } }
        }
    }
}

/// The way up. The last one is where we are and needs no link.
pub fn crumbs(steps: &[(&str, Option<&str>)]) -> Markup {
    html! {
        nav.crumbs {
            ol {
                @for (label, href) in steps {
                    li {
                        @match href {
                            Some(href) => { a href=(href) { (label) } }
                            None => { span aria-current="page" { (label) } }
                        }
                    }
                }
            }
        }
    }
}
