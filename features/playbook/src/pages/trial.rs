//! A back-test: how far it is, and what came of it.

use axum::extract::State as Extracted;
use maud::{Markup, Render, html};
use takt_kernel::Timestamp;
use takt_staff::{SettingsCaller, settings_page};
use takt_store::{Query as _, Reader};
use takt_ui::{Column, Row, Stat, Table, Tone, Words, card, link_button, notice, progress, stats};
use takt_web::{Answer, Path, Web};

use super::{
    HREF, draft,
    path_view::{INNER, argument, fact, named},
};
use crate::{
    policy::ManagePlaybook,
    replay::{BackTest, Both, Difference, MOST_TOLD},
    trials::{self, State, Trial, TrialId},
};

pub(super) fn href_of(id: TrialId) -> String {
    format!("/settings/playbook/trials/{id}")
}

pub(super) async fn show(
    Extracted(web): Extracted<Web>,
    settings: SettingsCaller,
    Path(id): Path<TrialId>,
) -> Answer {
    settings.permit::<ManagePlaybook>()?;
    let company = settings.company()?;
    let trial = move |reader: &mut Reader<'_>| Ok((trials::get(reader, company, id)?, reader.now()));
    let (trial, now) = web.db.read("playbook.trial_page", trial).await?;
    let w = settings.words(&web);
    let body = html! {
        div.stack {
            (card(w.ta("playbook-trial-of", &[
                    ("from", w.date(trial.span.from).into()), ("to", w.date(trial.span.to.plus_seconds(-1)).into()),
                ]))
                .note(html! { (w.t("playbook-trial-model")) })
                .actions(html! {
                    (link_button(w.t("playbook-draft-back"), settings.href(&draft::href_of(trial.draft))))
                })
                .body(state(&w, &settings, &trial, now)))
            @if let Some(outcome) = &trial.outcome { (told(&w, outcome)) }
        }
    };
    Ok(settings_page(&web, &settings, HREF, body))
}

fn state(w: &Words, settings: &SettingsCaller, trial: &Trial, now: Timestamp) -> Markup {
    match &trial.outcome {
        Some(outcome) => sums(w, outcome),
        None if trial.state(now) == State::BrokeOff => {
            let code = trial.failed.clone().unwrap_or_else(|| "playbook.trial_lost".to_owned());
            notice(Tone::Bad, w.ta("playbook-trial-broke-off-why", &[("code", code.into())])).render()
        }
        None => html! {
            div.stack {
                (progress(w, &w.ta("playbook-trial-under-way", &[("orders", trial.orders.into())]), trial.percent, 100))
                (link_button(w.t("playbook-trial-again"), settings.href(&href_of(trial.id))))
            }
        },
    }
}

fn number(count: u64) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}

fn sums(w: &Words, outcome: &BackTest) -> Markup {
    let stat = |key: &str, value: u64, tone| Stat {
        label: w.t(key),
        value: w.number(number(value)),
        note: None,
        href: None,
        tone,
    };
    html! {
        (stats(&[
            stat("playbook-trial-orders", outcome.orders, Tone::Neutral),
            stat("playbook-trial-facts", outcome.facts, Tone::Neutral),
            stat("playbook-trial-differing", outcome.differing, Tone::Info),
        ]))
        @if outcome.unlike > 0 {
            (notice(Tone::Warn, w.ta("playbook-trial-unlike", &[("count", number(outcome.unlike).into())])))
        }
    }
}

fn told(w: &Words, outcome: &BackTest) -> Markup {
    html! {
        (card(w.t("playbook-trial-promises")).flush().body(promises(w, outcome)))
        (card(w.t("playbook-trial-deeds")).flush().body(deeds(w, outcome)))
        (card(w.t("playbook-trial-days")).flush().body(days(w, outcome)))
        (card(w.t("playbook-trial-differences"))
            .note(html! {
                @if outcome.differences.len() >= MOST_TOLD {
                    (w.ta("playbook-trial-most", &[("most", super::path_view::count(MOST_TOLD).into())]))
                }
            })
            .body(differences(w, &outcome.differences)))
        @if outcome.unlike > 0 {
            (card(w.t("playbook-trial-unlike-told")).body(differences(w, &outcome.unlike_told)))
        }
    }
}

fn both(w: &Words, both: Both) -> [Markup; 2] {
    [both.really, both.would].map(|count| html! { (w.number(number(count))) })
}

fn columns(w: &Words, first: &str) -> [Column; 3] {
    [
        Column::new(w.t(first)).leading(),
        Column::new(w.t("playbook-really")).numeric(),
        Column::new(w.t("playbook-would")).numeric(),
    ]
}

fn promises(w: &Words, outcome: &BackTest) -> Markup {
    let rows = outcome.promises.iter().flat_map(|(milestone, kept)| {
        let name = w.t(&format!("orders-milestone-{milestone}"));
        [("playbook-promise-kept", kept.kept), ("playbook-promise-lost", kept.lost)].map(|(key, count)| {
            let [really, would] = both(w, count);
            Row::new([html! { (name) ": " (w.t(key)) }, really, would])
        })
    });
    Table::new(w, w.t("playbook-trial-promises")).columns(columns(w, "playbook-promise")).rows(rows).render()
}

fn deeds(w: &Words, outcome: &BackTest) -> Markup {
    let rows = outcome.deeds.iter().map(|(deed, count)| {
        let (action, kind) = deed.split_once(' ').unwrap_or((deed, ""));
        let [really, would] = both(w, *count);
        Row::new([html! { (named(w, action, kind)) }, really, would])
    });
    Table::new(w, w.t("playbook-trial-deeds")).columns(columns(w, "playbook-deed")).rows(rows).render()
}

/// At noon a day is the same day in every zone that has a desk of ours.
fn said(w: &Words, day: &str) -> String {
    format!("{day}T12:00:00Z").parse().map_or_else(|_| day.to_owned(), |noon: Timestamp| w.date(noon))
}

fn days(w: &Words, outcome: &BackTest) -> Markup {
    let rows = outcome.days.iter().flat_map(|(day, roles)| {
        roles.iter().map(move |(role, load)| {
            let [really, would] = both(w, load.tasks);
            let [late, would_late] = both(w, load.late);
            let role =
                w.texts().find(w.lang(), &format!("staff-role-{role}"), &[]).unwrap_or_else(|| role.clone());
            Row::new([html! { (said(w, day)) " " (role) }, really, would, late, would_late])
        })
    });
    Table::new(w, w.t("playbook-trial-days"))
        .columns([
            Column::new(w.t("playbook-day")).leading(),
            Column::new(w.t("playbook-tasks-really")).numeric(),
            Column::new(w.t("playbook-tasks-would")).numeric(),
            Column::new(w.t("playbook-late-really")).numeric(),
            Column::new(w.t("playbook-late-would")).numeric(),
        ])
        .rows(rows)
        .render()
}

pub(super) fn differences(w: &Words, differences: &[Difference]) -> Markup {
    let list = |deeds: &[String]| {
        html! {
            @if deeds.is_empty() { span.muted { (w.t("playbook-difference-nothing")) } }
            @for deed in deeds { div { (in_words(w, deed)) } }
        }
    };
    let rows = differences.iter().map(|found| {
        Row::new([
            html! { (found.number) },
            html! { (w.date_time(found.at)) },
            html! { (fact(w, &found.kind)) },
            list(&found.really),
            list(&found.would),
        ])
        .href(format!("/orders/{}", found.order))
    });
    Table::new(w, w.t("playbook-trial-differences"))
        .columns([
            Column::new(w.t("orders-number")).leading(),
            Column::new(w.t("playbook-when")),
            Column::new(w.t("playbook-difference-fact")),
            Column::new(w.t("playbook-really")),
            Column::new(w.t("playbook-would")),
        ])
        .rows(rows)
        .render()
}

/// `tasks.open call due=15` in the words of people; before it may stand the rule that said so.
fn in_words(w: &Words, deed: &str) -> String {
    let (rule, deed) = match deed.split_once(": ") {
        Some((rule, deed)) if !rule.contains([' ', '=', '.']) => (Some(rule), deed),
        _ => (None, deed),
    };
    let mut parts = deed.split(' ');
    let action = parts.next().unwrap_or_default();
    let (mut kind, mut said) = ("", Vec::<String>::new());
    for part in parts {
        match part.split_once('=') {
            Some((name, _)) if INNER.contains(&name) => {}
            Some((name, value)) => said.push(argument(w, name, value)),
            None if kind.is_empty() => kind = part,
            None => said.last_mut().into_iter().for_each(|said| *said = format!("{said} {part}")),
        }
    }
    let mut words = named(w, action, kind);
    if !said.is_empty() {
        words = format!("{words} ({})", said.join(", "));
    }
    rule.map_or_else(|| words.clone(), |rule| format!("{rule}: {words}"))
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use takt_ui::{Lang, Texts};

    use super::*;

    #[test]
    fn a_deed_is_told_in_words_with_whom_it_is_for_and_by_when() {
        let others = "tasks-kind-call = Позвонить покупателю\nstaff-role-manager = Менеджер\n";
        let texts = Texts::new([(Lang::Ru, include_str!("../../texts/ru.ftl")), (Lang::Ru, others)]);
        let w = Words::new(Arc::new(texts), Lang::Ru, jiff::tz::TimeZone::UTC);
        let call = "Открыть задачу: Позвонить покупателю (срок: 15 мин, кому: Менеджер)";
        for (deed, said) in [
            ("tasks.open due=15 call once=round role=manager since=start", call.to_owned()),
            ("tasks.open call due=15 role=manager", call.to_owned()),
            ("pick-and-call: tasks.open call due=15 role=manager", format!("pick-and-call: {call}")),
            ("orders.confirm", "Подтвердить заказ".to_owned()),
        ] {
            assert_eq!(in_words(&w, deed).replace(['\u{2068}', '\u{2069}'], ""), said, "{deed}");
        }
    }
}
