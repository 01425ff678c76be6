//! Numbers that lead somewhere.

use maud::{Markup, Render, html};

use super::tone::Tone;
use crate::Words;

/// One number with its name; a link to the very rows it counts.
#[derive(Clone, Debug, Default)]
pub struct Stat {
    pub label: String,
    pub value: String,
    pub note: Option<String>,
    pub href: Option<String>,
    pub tone: Tone,
}

impl Render for Stat {
    fn render(&self) -> Markup {
        let inside = html! {
            span.stat-value { (self.value) }
            span.stat-label { (self.label) }
            @if let Some(note) = &self.note { span.stat-note { (note) } }
        };
        html! {
            @match &self.href {
                Some(href) => { a.stat.(self.tone.class()) href=(href) { (inside) } }
                None => { div.stat.(self.tone.class()) { (inside) } }
            }
        }
    }
}

pub fn stats(stats: &[Stat]) -> Markup {
    html! { div.stats { @for stat in stats { (stat) } } }
}

/// How far a long work is: 126 of 128.
pub fn progress(w: &Words, label: &str, done: i64, total: i64) -> Markup {
    let of = w.ta("ui-progress-of", &[("done", w.number(done).into()), ("total", w.number(total).into())]);
    html! {
        div.progress {
            div.progress-text { span { (label) } span.numbers { (of) } }
            progress aria-label=(label) value=(done) max=(total.max(1)) { (of) }
        }
    }
}
