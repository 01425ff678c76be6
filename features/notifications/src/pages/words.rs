//! How notices are said.

use maud::{Markup, Render, html};
use takt_ui::{Tone, Words, status};

use crate::{
    event::Event,
    notice::{Notice, State},
};

pub(super) fn event(w: &Words, event: Event) -> String {
    w.t(&format!("notifications-event-{}", event.code()))
}

pub(super) const fn tone(state: State) -> Tone {
    match state {
        State::Queued => Tone::Neutral,
        State::Sending => Tone::Info,
        State::Sent => Tone::Good,
        State::Failed => Tone::Bad,
        State::InDoubt => Tone::Warn,
    }
}

pub(super) fn state(w: &Words, state: State) -> Markup {
    status(w.t(&format!("notifications-state-{}", state.code())), tone(state)).render()
}

/// What went wrong last, in our words, and the other server's own below.
pub(super) fn problem(w: &Words, notice: &Notice) -> Markup {
    html! {
        @if let Some(problem) = &notice.problem {
            div.small-text { (w.t(&problem.replace('.', "-"))) }
            @if let Some(reply) = notice.reply.as_deref().filter(|reply| !reply.is_empty()) {
                div.small-text.muted { (reply) }
            }
        }
    }
}
