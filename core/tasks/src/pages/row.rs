//! How one task is drawn, in the list and on an order's card.

use std::collections::BTreeMap;

use maud::{Markup, html};
use takt_kernel::{PersonId, Result, Timestamp};
use takt_staff::people;
use takt_store::Query;
use takt_ui::{Button, Tone, Words, badge, button, post_button, status};

use crate::{State, Task};

/// By which key what is done with a task.
const KEYS: [(&str, &str); 3] = [("take", "w"), ("close", "f"), ("release", "b")];

pub(super) type Names = BTreeMap<PersonId, String>;

pub(super) fn names(db: &mut dyn Query, tasks: &[Task]) -> Result<Names> {
    let away = tasks.iter().filter_map(|task| task.handed.map(|handed| handed.from));
    let people: Vec<PersonId> = tasks.iter().filter_map(Task::assignee).chain(away).collect();
    people::names(db, &people)
}

/// The name of a kind stands in the texts of whoever opens it: `tasks-kind-pick`.
pub(crate) fn kind_name(w: &Words, kind: &str) -> String {
    let key = format!("tasks-kind-{kind}");
    w.texts().find(w.lang(), &key, &[]).unwrap_or_else(|| kind.to_owned())
}

pub(super) fn kind(w: &Words, task: &Task) -> String {
    kind_name(w, &task.kind)
}

pub(super) fn outcome(w: &Words, outcome: &str) -> String {
    let key = format!("tasks-outcome-{outcome}");
    w.texts().find(w.lang(), &key, &[]).unwrap_or_else(|| outcome.to_owned())
}

pub(super) fn role(w: &Words, task: &Task) -> Markup {
    html! {
        (w.t(&format!("staff-role-{}", task.role)))
        @if let Some(to) = task.escalated_to {
            " " (badge(w.ta("tasks-escalated", &[("role", w.t(&format!("staff-role-{to}")).into())]), Tone::Bad))
        }
    }
}

pub(super) fn state(w: &Words, task: &Task, names: &Names) -> Markup {
    let name = task.assignee().and_then(|person| names.get(&person));
    html! {
        @match &task.state {
            State::Open => {
                (status(w.t("tasks-open"), Tone::Neutral))
                @if let Some(name) = task.handed.and_then(|handed| names.get(&handed.from)) {
                    " " span.muted { (w.ta("tasks-instead-of", &[("name", name.into())])) }
                }
            }
            State::Taken { .. } => {
                (status(name.cloned().unwrap_or_else(|| w.t("tasks-taken")), Tone::Info))
                @if let Some(until) = task.leased_until {
                    " " span.muted { (w.ta("tasks-leased-until", &[("until", w.time(until).into())])) }
                }
            }
            State::Closed { outcome, .. } => {
                (status(self::outcome(w, outcome), Tone::Good))
                @if let Some(name) = name { " " span.muted { (name) } }
            }
        }
    }
}

pub(super) fn due(w: &Words, task: &Task, now: Timestamp) -> Markup {
    match &task.state {
        State::Open | State::Taken { .. } => w.countdown(task.due_at, now),
        State::Closed { at, .. } => html! {
            (w.moment(*at, now))
            @if task.is_overdue(now) { " " (badge(w.t("tasks-late"), Tone::Warn)) }
        },
    }
}

/// Where a task is drawn.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Stands {
    InList,
    /// Of its order; the first has the keys.
    OnCard {
        first: bool,
    },
}

/// What the reader may do with it. `back` is where they are.
pub(super) fn buttons(
    w: &Words,
    task: &Task,
    reader: Option<PersonId>,
    back: &str,
    stands: Stands,
) -> Markup {
    let keys = stands == Stands::OnCard { first: true };
    let post = |verb: &str, button: Button| {
        let key = KEYS.iter().find(|(of, _)| *of == verb).filter(|_| keys);
        let button = key.into_iter().fold(button.small(), |button, (_, key)| button.key(*key));
        post_button(&format!("/tasks/{}/{verb}", task.id), &[("back", back)], button)
    };
    // A list has one filled button: the one that gives the next task.
    let filled = |button: Button| if stands == Stands::InList { button } else { button.primary() };
    html! {
        @match &task.state {
            State::Open => {
                (post("take", filled(button(w.t("tasks-take")))))
                " "
                (post("close", button(w.t("tasks-close")).quiet()))
            }
            State::Taken { by, .. } => {
                (post("close", filled(button(w.t("tasks-close")))))
                " "
                @if task.leased_until.is_some() && *by == reader { (post("take", button(w.t("tasks-keep")))) " " }
                @if *by == reader || stands != Stands::InList { (post("release", button(w.t("tasks-release")).quiet())) }
            }
            State::Closed { .. } => {}
        }
    }
}
