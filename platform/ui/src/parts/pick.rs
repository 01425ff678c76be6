//! The pick list for a phone in gloves: one item per step, its place first, big buttons.

use maud::{Markup, html};

use super::tone::Tone;
use crate::{Words, progress};

#[derive(Clone, Debug)]
pub struct PickItem {
    pub id: String,
    /// Where it lies: what the eye looks for first.
    pub place: Option<String>,
    pub name: String,
    pub sku: String,
    /// With its unit: `2 шт`.
    pub quantity: String,
    pub done: bool,
    pub note: Option<(Tone, String)>,
    /// Big buttons; none when nothing is left to do.
    pub actions: Option<Markup>,
}

pub fn pick_list(w: &Words, title: &str, items: &[PickItem]) -> Markup {
    let done = items.iter().filter(|item| item.done).count();
    let count = |number: usize| i64::try_from(number).unwrap_or(i64::MAX);
    html! {
        div.pick {
            (progress(w, title, count(done), count(items.len())))
            ol.pick-items data-list {
                @for item in items { (step(item)) }
            }
        }
    }
}

fn step(item: &PickItem) -> Markup {
    html! {
        li.pick-item.done[item.done] id=(item.id) data-row {
            div.pick-what {
                @if let Some(place) = &item.place { span.pick-place { (place) } }
                span.pick-quantity { (item.quantity) }
                p.pick-name { (item.name) }
                p.pick-sku { (item.sku) }
                @if let Some((tone, note)) = &item.note { p.pick-note.(tone.class()) { (note) } }
            }
            @if let Some(actions) = &item.actions { div.pick-actions { (actions) } }
        }
    }
}
