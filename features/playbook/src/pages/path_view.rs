//! The path of an order, step by step.

use maud::{Markup, Render, html};
use takt_playbook_language::Value;
use takt_ui::{Tone, Words, badge, details, muted};

use crate::replay::{Did, Path, RuleStop, Stop};

pub(super) fn shown(w: &Words, path: &Path) -> Markup {
    if path.stops.is_empty() {
        return html! { p { (w.t("playbook-path-empty")) } };
    }
    html! {
        div.stack {
            @for stop in &path.stops { (one(w, stop)) }
            @if path.cut { p { (muted(w.t("playbook-path-cut"))) } }
        }
    }
}

fn one(w: &Words, stop: &Stop) -> Markup {
    let acted = stop.rules.iter().any(|rule| rule.did.iter().any(|did| did.done));
    let deeds = stop.rules.iter().flat_map(|rule| &rule.did).filter(|did| did.done).count();
    let what = if acted {
        w.ta("playbook-path-acted", &[("deeds", count(deeds).into())])
    } else {
        w.t("playbook-path-nothing")
    };
    let summary = format!("{} · {} · {what}", w.date_time(stop.said_at), fact(w, &stop.kind));
    details(
        summary,
        acted,
        html! {
            div.stack {
                @if stop.late {
                    p { (badge(w.ta("playbook-path-late", &[("at", w.date_time(stop.looked_at).into())]), Tone::Warn)) }
                }
                @if let Some(version) = stop.version {
                    p { (muted(w.ta("playbook-path-version", &[("number", version.into())]))) }
                }
                @for rule in &stop.rules { (of_rule(w, rule)) }
            }
        },
    )
}

fn of_rule(w: &Words, rule: &RuleStop) -> Markup {
    html! {
        div {
            p {
                @if rule.clause.is_empty() { b { (rule.rule) } }
                @else { b { (rule.clause) } " " span.muted.small-text { (rule.rule) } }
            }
            @for did in &rule.did { p { (deed(w, did)) } }
            @if let Some(condition) = &rule.stopped {
                p {
                    (badge(w.t("playbook-path-stopped"), Tone::Neutral)) " "
                    code { (condition.text) }
                }
                p.small-text { (because(w, &condition.because)) }
                @if let (Some((left, operator, right)), Some(by)) = (&condition.gap, condition.by) {
                    p.small-text {
                        (w.ta("playbook-path-gap", &[
                            ("left", left.as_str().into()), ("operator", (*operator).into()),
                            ("right", right.as_str().into()), ("gap", by.to_string().into()),
                        ]))
                    }
                }
            }
            @if let Some(said) = &rule.failed {
                p { (badge(w.t("playbook-path-failed"), Tone::Bad)) " " (why(w, said)) }
            }
        }
    }
}

fn because(w: &Words, names: &[(String, Value)]) -> String {
    let said: Vec<String> =
        names.iter().map(|(name, value)| format!("{}: {}", meaning(w, name), meant(w, value))).collect();
    said.join(" · ")
}

/// `order.units` in the words in which the editor of the text explains it.
fn meaning(w: &Words, name: &str) -> String {
    let key = format!("playbook-says-{}", name.replace(['.', '_'], "-"));
    let said = w.texts().find(w.lang(), &key, &[]);
    said.map_or_else(|| name.to_owned(), |said| said.trim_end_matches('.').to_owned())
}

fn meant(w: &Words, value: &Value) -> String {
    match value {
        Value::Bool(true) => w.t("playbook-value-yes"),
        Value::Bool(false) => w.t("playbook-value-no"),
        other => other.to_string(),
    }
}

/// What the language says by a key has a text; what a library says is shown as it is.
fn why(w: &Words, said: &str) -> String {
    w.texts().find(w.lang(), &said.replacen('.', "-", 1), &[]).unwrap_or_else(|| said.to_owned())
}

/// How the playbook keeps itself from asking twice, and by which word a task ends; nothing for readers.
pub(super) const INNER: [&str; 4] = ["kind", "once", "outcome", "since"];

/// What a deed is in the words of people, and for whom and by when; other arguments as they are written.
pub(super) fn deed(w: &Words, did: &Did) -> Markup {
    let (action, kind) = did.outline();
    let arguments = did.arguments.iter().filter(|(name, _)| !INNER.contains(&name.as_str()));
    html! {
        @if did.done { (badge(w.t("playbook-path-done"), Tone::Good)) }
        @else { (badge(w.t("playbook-path-there"), Tone::Neutral)) }
        " " (named(w, &action, &kind))
        @for (name, value) in arguments {
            " " span.muted.small-text { (argument(w, name, &value.as_str().map_or_else(|| value.to_string(), str::to_owned))) }
        }
    }
    .render()
}

pub(super) fn argument(w: &Words, name: &str, value: &str) -> String {
    match name {
        "role" => {
            let role = w.texts().find(w.lang(), &format!("staff-role-{value}"), &[]);
            w.ta("playbook-argument-role", &[("role", role.unwrap_or_else(|| value.to_owned()).into())])
        }
        "due" => w.ta("playbook-argument-due", &[("minutes", value.into())]),
        _ => format!("{name}={value}"),
    }
}

/// `tasks.open` and `call`: "open a task: Call the buyer".
pub(super) fn named(w: &Words, action: &str, kind: &str) -> String {
    let key = format!("playbook-deed-{}", action.replace('.', "-"));
    let done = w.texts().find(w.lang(), &key, &[]).unwrap_or_else(|| action.to_owned());
    if kind.is_empty() {
        return done;
    }
    let kind =
        w.texts().find(w.lang(), &format!("tasks-kind-{kind}"), &[]).unwrap_or_else(|| kind.to_owned());
    format!("{done}: {kind}")
}

/// A fact as the history calls it, else as it is written.
pub(super) fn fact(w: &Words, kind: &str) -> String {
    let key = format!("playbook-heard-{}", kind.replace(['.', '_'], "-"));
    w.texts().find(w.lang(), &key, &[]).unwrap_or_else(|| kind.to_owned())
}

pub(super) fn count(count: usize) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}
