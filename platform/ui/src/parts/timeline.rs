//! What happened, newest or oldest first as given: who, when, what changed from what to what.

use maud::{Markup, html};
use takt_kernel::Timestamp;

use super::{
    icon::{Icon, icon},
    tone::Tone,
};
use crate::Words;

#[derive(Clone, Debug)]
pub struct Moment {
    pub at: Timestamp,
    pub who: String,
    pub icon: Icon,
    pub tone: Tone,
    pub title: Markup,
    pub body: Option<Markup>,
    pub changes: Vec<Change>,
}

/// One field, before and after, in the reader's words. `None` is "empty".
#[derive(Clone, Debug)]
pub struct Change {
    pub label: String,
    pub old: Option<String>,
    pub new: Option<String>,
}

pub fn timeline(w: &Words, now: Timestamp, moments: &[Moment]) -> Markup {
    html! {
        ol.timeline {
            @for moment in moments {
                li.(moment.tone.class()) {
                    span.timeline-mark { (icon(moment.icon)) }
                    div.timeline-text {
                        p.timeline-head {
                            span.timeline-title { (moment.title) }
                            span.timeline-who { (moment.who) }
                            (w.moment(moment.at, now))
                        }
                        @if let Some(body) = &moment.body { div.timeline-body { (body) } }
                        @if !moment.changes.is_empty() {
                            ul.changes { @for change in &moment.changes { li { (line(w, change)) } } }
                        }
                    }
                }
            }
        }
    }
}

fn line(w: &Words, change: &Change) -> Markup {
    let nothing = w.t("ui-change-empty");
    let old = change.old.as_deref().unwrap_or(&nothing);
    let new = change.new.as_deref().unwrap_or(&nothing);
    let spoken = w.ta("ui-change-from-to", &[("old", old.into()), ("new", new.into())]);
    html! {
        span.change-label { (change.label) }
        span.unseen { (spoken) }
        span.change-pair aria-hidden="true" { del { (old) } (icon(Icon::ArrowRight)) ins { (new) } }
    }
}
