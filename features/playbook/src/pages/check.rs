//! What is wrong with a text, what is doubtful in it, and what it would change.

use std::time::Duration;

use maud::{Markup, Render, html};
use similar::{ChangeTag, TextDiff};
use takt_kernel::Result;
use takt_playbook_language::{Known, Problem};
use takt_ui::{Tone, Words, card, notice};

use crate::{
    checked::{apart, plain},
    versions,
};

/// After it, what is left to compare counts as changed.
const LONGEST_COMPARISON: Duration = Duration::from_millis(200);
/// Lines of unchanged text around a change.
const AROUND: usize = 2;

/// What is wrong with the text, by lines, or what it would change.
pub(super) async fn checked(w: &Words, known: &Known, running: &str, text: &str) -> Result<Markup> {
    let (known, given) = (known.clone(), plain(text));
    Ok(match apart(move || versions::check_for(&known, &given)).await? {
        Err(found) => problems(w, &found),
        Ok((playbook, doubtful)) => {
            let (rules, count) = (as_number(playbook.rules.len()), as_number(doubtful.len()));
            html! {
                (notice(Tone::Good, w.ta("playbook-text-right", &[("rules", rules.into())])))
                @if !doubtful.is_empty() {
                    (notice(Tone::Warn, w.ta("playbook-text-doubtful", &[("count", count.into())]))
                        .body(listed(w, &doubtful)))
                }
                (card(w.t("playbook-changes")).body(changes(w, running, text)))
            }
        }
    })
}

pub(super) fn problems(w: &Words, problems: &[Problem]) -> Markup {
    notice(Tone::Bad, w.ta("playbook-text-wrong", &[("count", as_number(problems.len()).into())]))
        .body(listed(w, problems))
        .render()
}

fn listed(w: &Words, problems: &[Problem]) -> Markup {
    let of_whole = |problem: &Problem| versions::OF_STAGES.contains(&problem.code);
    let in_words = |problem: &Problem| match of_whole(problem) {
        true => Problem { word: w.t(&format!("orders-stage-{}", problem.word)), ..problem.clone() },
        false => problem.clone(),
    };
    let told: Vec<Problem> = problems.iter().map(in_words).collect();
    html! {
        ul {
            @for (problem, field) in told.iter().zip(&versions::as_fields(&told)) {
                li {
                    @if !of_whole(problem) {
                        b { (w.ta("playbook-line", &[("line", w.number(as_number(problem.line)).as_str().into())])) }
                        ": "
                    }
                    (w.field_fault(field))
                }
            }
        }
    }
}

fn as_number(count: usize) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}

pub(super) fn changes(w: &Words, old: &str, new: &str) -> Markup {
    let new = plain(new);
    if old == new {
        return html! { p { (w.t("playbook-no-changes")) } };
    }
    let diff = TextDiff::configure().timeout(LONGEST_COMPARISON).diff_lines(old, new.as_str());
    html! {
        pre {
            @for (index, group) in diff.grouped_ops(AROUND).iter().enumerate() {
                @if index > 0 { "⋯\n" }
                @for change in group.iter().flat_map(|op| diff.iter_changes(op)) {
                    @let line = change.value().trim_end_matches('\n');
                    @match change.tag() {
                        ChangeTag::Delete => { del { "− " (line) } "\n" }
                        ChangeTag::Insert => { ins { "+ " (line) } "\n" }
                        ChangeTag::Equal => { "  " (line) "\n" }
                    }
                }
            }
        }
    }
}
