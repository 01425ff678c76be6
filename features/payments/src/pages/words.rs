//! How outcomes and reasons of matching are said.

use maud::{Markup, Render, html};
use takt_kernel::Timestamp;
use takt_payments_matching::{MISSING, Reason, Tier};
use takt_ui::{Arg, Tone, Words, details, pairs, status};

use crate::import::{LineState, Outcome};

pub(super) fn tone(state: LineState) -> Tone {
    match state {
        LineState::Posted => Tone::Good,
        LineState::Suggested => Tone::Warn,
        LineState::Held => Tone::Info,
        LineState::Waiting => Tone::Accent,
        LineState::Other | LineState::Duplicate | LineState::Outgoing => Tone::Neutral,
    }
}

pub(super) fn state(w: &Words, state: LineState) -> Markup {
    status(w.t(&format!("payments-state-{}", state.code())), tone(state)).render()
}

/// One sentence: what happened to the line and why.
pub fn outcome(w: &Words, outcome: &Outcome) -> String {
    w.ta(&outcome.text_key(), &outcome.text_args())
}

pub(super) fn reason(w: &Words, reason: &Reason) -> String {
    let args: Vec<(&str, Arg<'_>)> =
        reason.args.iter().map(|(name, value)| (name, Arg::from(value))).collect();
    w.ta(&reason.code.replace('.', "-"), &args)
}

pub(super) fn reasons(w: &Words, reasons: &[Reason]) -> Markup {
    html! {
        @if !reasons.is_empty() {
            ul.small-text { @for one in reasons.iter().filter(|one| one.code != LOOKED) { li { (reason(w, one)) } } }
        }
    }
}

/// What each rule said of the line, in their order; nothing for lines that no rule looked at.
pub(super) fn rules_looked(w: &Words, reasons: &[Reason]) -> Markup {
    let looked = reasons.iter().find(|one| one.code == LOOKED && !one.args.is_empty());
    html! {
        @if let Some(looked) = looked {
            (details(w.t("matching-rules_looked"), false, html! {
                ul.small-text {
                    @for tier in Tier::ALL {
                        @if let Some(said) = looked.args.get(tier.code()).filter(|said| MISSING.contains(said)) {
                            li { (w.ta("payments-rule-said", &[
                                ("rule", tier.code().to_uppercase().into()),
                                ("does", w.t(&format!("matching-tier-{}", tier.code())).into()),
                                ("said", w.t(&format!("matching-missing-{said}")).into()),
                            ])) }
                        }
                    }
                }
            }))
        }
    }
}

const LOOKED: &str = "matching.rules_looked";

/// A bank's day, `2026-11-02`, as people write it.
pub(super) fn day(w: &Words, iso: Option<&str>) -> String {
    let noon = iso.and_then(|day| format!("{day}T12:00:00Z").parse::<Timestamp>().ok());
    noon.map_or_else(|| "—".to_owned(), |noon| w.date(noon))
}

/// Names and values in the words of the format.
pub(super) fn as_written(fields: &[(String, String)]) -> Markup {
    pairs(fields.iter().map(|(name, value)| (name.clone(), html! { (value) })))
}
