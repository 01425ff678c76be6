//! What a list is narrowed by: one search line, a few choices, and the conditions in force as marks
//! that can be taken off one by one.

use maud::{Markup, Render, html};

use super::icon::{Icon, icon};
use crate::Words;

pub struct FilterBar<'a> {
    words: &'a Words,
    action: String,
    search: Option<(String, String, String)>,
    choices: Vec<Choosing>,
    kept: Vec<(String, String)>,
    marks: Vec<FilterMark>,
    clear: Option<String>,
    actions: Option<Markup>,
    panel: Option<Panel>,
}

struct Panel {
    label: String,
    key: &'static str,
    in_force: usize,
    fields: Markup,
}

struct Choosing {
    label: String,
    name: String,
    value: String,
    options: Vec<(String, String)>,
}

/// A condition in force; `href` is the list without it.
#[derive(Clone, Debug)]
pub struct FilterMark {
    pub label: String,
    pub href: String,
}

impl<'a> FilterBar<'a> {
    /// Sent by GET to `action`.
    pub fn new(words: &'a Words, action: impl Into<String>) -> Self {
        Self {
            words,
            action: action.into(),
            search: None,
            choices: Vec::new(),
            kept: Vec::new(),
            marks: Vec::new(),
            clear: None,
            actions: None,
            panel: None,
        }
    }
    pub fn search(self, name: &str, value: &str, placeholder: impl Into<String>) -> Self {
        Self { search: Some((name.to_owned(), value.to_owned(), placeholder.into())), ..self }
    }
    /// (value, label) pairs; the first is usually ("", "any …").
    pub fn choice(
        mut self,
        label: impl Into<String>,
        name: &str,
        value: &str,
        options: impl IntoIterator<Item = (String, String)>,
    ) -> Self {
        self.choices.push(Choosing {
            label: label.into(),
            name: name.to_owned(),
            value: value.to_owned(),
            options: options.into_iter().collect(),
        });
        self
    }
    /// A condition that stays while others change, such as the tab.
    pub fn keep(mut self, name: &str, value: impl Into<String>) -> Self {
        self.kept.push((name.to_owned(), value.into()));
        self
    }
    pub fn marks(self, marks: Vec<FilterMark>) -> Self {
        Self { marks, ..self }
    }
    /// Where "clear" leads, when not to the bare list.
    pub fn clear(self, href: impl Into<String>) -> Self {
        Self { clear: Some(href.into()), ..self }
    }
    /// More conditions, behind a button that a key opens; `in_force` says how many of them hold.
    pub fn panel(self, label: impl Into<String>, key: &'static str, in_force: usize, fields: Markup) -> Self {
        Self { panel: Some(Panel { label: label.into(), key, in_force, fields }), ..self }
    }
    /// At the right end: "new", "xlsx".
    pub fn actions(self, actions: Markup) -> Self {
        Self { actions: Some(actions), ..self }
    }
}

impl Render for FilterBar<'_> {
    fn render(&self) -> Markup {
        let w = self.words;
        html! {
            div.filter {
                form.filter-form method="get" action=(self.action) role="search" {
                    @for (name, value) in &self.kept { input type="hidden" name=(name) value=(value); }
                    @if let Some((name, value, placeholder)) = &self.search {
                        div.search {
                            (icon(Icon::Search))
                            input.control type="search" name=(name) value=(value) placeholder=(placeholder)
                                aria-label=(placeholder) data-search enterkeyhint="search";
                            kbd { "/" }
                        }
                    }
                    @for choice in &self.choices {
                        select.control name=(choice.name) aria-label=(choice.label) title=(choice.label)
                            data-submit data-set[!choice.value.is_empty()] {
                            @for (value, label) in &choice.options {
                                option value=(value) selected[*value == choice.value] { (label) }
                            }
                        }
                    }
                    @if let Some(panel) = &self.panel { (panel_of(w, panel)) }
                    button.button.filter-apply type="submit" { (w.t("ui-filter-apply")) }
                }
                @if let Some(actions) = &self.actions { div.filter-actions { (actions) } }
                @if !self.marks.is_empty() {
                    ul.filter-marks aria-label=(w.t("ui-filters")) {
                        @for mark in &self.marks {
                            li {
                                a.filter-mark href=(mark.href) title=(w.ta("ui-filter-remove", &[("label", (&mark.label).into())])) {
                                    (mark.label) (icon(Icon::X))
                                }
                            }
                        }
                        li { a.filter-clear href=(self.clear.as_ref().unwrap_or(&self.action)) { (w.t("ui-filter-clear")) } }
                    }
                }
            }
        }
    }
}

fn panel_of(w: &Words, panel: &Panel) -> Markup {
    html! {
        details.filter-more data-panel {
            summary.button data-key=(panel.key) {
                (icon(Icon::Filter))
                span.button-label { (panel.label) }
                @if panel.in_force > 0 { span.count { (panel.in_force) } }
                kbd { (panel.key.to_uppercase()) }
            }
            div.filter-panel {
                div.filter-fields { (panel.fields) }
                button.button.primary type="submit" { (w.t("ui-filter-apply")) }
            }
        }
    }
}
