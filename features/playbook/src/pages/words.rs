//! The words that a document may use, to be looked up beside it.

use maud::{Markup, Render, html};
use takt_playbook_language::{FieldWord, Kind, Known};
use takt_ui::{Words, card};

use super::completion::{says, says_argument};
use crate::words::vocabulary;

pub(super) fn card_of_words(w: &Words, known: &Known) -> Markup {
    let vocabulary = vocabulary();
    let body = html! {
        div.stack {
            details {
                summary { (w.t("playbook-words-facts")) }
                ul {
                    @for fact in &vocabulary.facts {
                        li { code { (fact.kind) } " " (says(w, fact.kind)) (fields("fact.", &fact.fields)) }
                    }
                }
            }
            details {
                summary { (w.t("playbook-words-fields")) }
                ul {
                    @for field in &vocabulary.fields {
                        li {
                            code { (field.name) } " " (says(w, field.name)) " "
                            span.muted { (kind(w, field.kind)) }
                        }
                    }
                }
            }
            details {
                summary { (w.t("playbook-words-actions")) }
                ul {
                    @for action in &vocabulary.actions {
                        li {
                            code { (action.name) } " " (says(w, action.name))
                            ul {
                                @for argument in &action.arguments {
                                    li {
                                        code { (argument.name) } " " (says_argument(w, argument.name)) " "
                                        span.muted { (kind(w, argument.kind)) }
                                        @if !argument.required { " " span.muted { (w.t("playbook-words-may")) } }
                                    }
                                }
                            }
                        }
                    }
                }
            }
            details {
                summary { (w.t("playbook-words-known")) }
                ul {
                    @for (field, words) in known.words.iter().filter(|(field, _)| field.starts_with("order.")) {
                        li { code { (field) } ": " (words.join(", ")) }
                    }
                    li { code { "calendar" } ": " (calendars(w, known)) }
                }
            }
        }
    };
    card(w.t("playbook-words")).body(body).render()
}

fn fields(of: &str, fields: &[FieldWord]) -> Markup {
    html! {
        @for field in fields { " " code { (of) (field.name) } }
    }
}

fn calendars(w: &Words, known: &Known) -> String {
    let always = w.t("playbook-words-round-the-clock");
    known.calendars.iter().cloned().chain([always]).collect::<Vec<_>>().join(", ")
}

fn kind(w: &Words, kind: Kind) -> String {
    match kind {
        Kind::OneOf(words) => words.join(", "),
        other => w.t(&format!("playbook-words-{}", other.code())),
    }
}
