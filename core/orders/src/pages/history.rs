//! What happened to an order, out of its facts.

use std::collections::BTreeMap;

use maud::{Markup, html};
use takt_kernel::{
    Actor, PersonId, Timestamp,
    money::{Currency, Money},
};
use takt_store::RecordedFact;
use takt_ui::{Arg, Change, Icon, Moment, Tone, Words, timeline};

use super::{
    marks::{dashed, method_name, stage_name},
    names::Names,
};
use crate::{Comment, facts, stage::Stage};

const LONGEST_SHOWN: usize = 200;

pub(super) fn history(
    w: &Words,
    now: Timestamp,
    currency: Currency,
    facts: &[RecordedFact],
    names: &Names,
    people: &BTreeMap<PersonId, String>,
    comments: &[Comment],
) -> Markup {
    let moments: Vec<Moment> = facts
        .iter()
        .rev()
        .filter_map(|fact| {
            let title = title(w, fact)?;
            Some(Moment {
                at: fact.at,
                who: actor_name(w, &fact.actor, people),
                icon: icon_of(&fact.kind),
                tone: tone_of(&fact.kind),
                title: html! { span id={ "fact-" (fact.n) } { (title) } },
                body: words_of(fact, comments).map(|words| html! { p { (words) } }),
                changes: fact.changes.iter().map(|change| shown(w, fact, change, names, currency)).collect(),
            })
        })
        .collect();
    timeline(w, now, &moments)
}

/// The fact of a comment holds only its id.
fn words_of<'c>(fact: &RecordedFact, comments: &'c [Comment]) -> Option<&'c str> {
    let id = fact.body.get("comment").filter(|_| fact.kind == facts::COMMENTED)?.as_i64()?;
    comments.iter().find(|comment| comment.id.get() == id).map(|comment| comment.text.as_str())
}

/// `orders.paid` → `orders-fact-paid`. The texts and numbers of the body are there as variables;
/// moments are said in the reader's zone, and an amount with its currency is `money`. What another crate says
/// about the order is told only when it has words for it: the rest repeats what the order's own facts tell.
pub(super) fn title(w: &Words, fact: &RecordedFact) -> Option<String> {
    let by_total = fact.kind == facts::PAID || fact.kind == facts::UNPAID;
    let by_total = by_total && fact.body.get("receipt").is_none_or(serde_json::Value::is_null);
    let suffix = if by_total { "-by-total" } else { "" };
    let key = format!("orders-fact-{}{suffix}", dashed(fact.kind.trim_start_matches("orders.")));
    let money = money_of(w, fact).unwrap_or_default();
    let body = fact.body.as_object().into_iter().flatten();
    let urgency = fact.kind == facts::URGENCY_SET
        && fact.body.get("urgent").and_then(serde_json::Value::as_bool) == Some(false);
    let key = if urgency { format!("{key}-off") } else { key };
    let mut args: Vec<(&str, Arg<'_>)> =
        body.filter_map(|(name, value)| Some((name.as_str(), said(w, value)?))).collect();
    args.push(("money", money.into()));
    if fact.kind.starts_with("orders.") {
        Some(w.ta(&key, &args))
    } else {
        w.texts().find(w.lang(), &key, &args)
    }
}

fn said<'v>(w: &Words, value: &'v serde_json::Value) -> Option<Arg<'v>> {
    match value {
        serde_json::Value::String(text) => match text.parse::<Timestamp>() {
            Ok(moment) => Some(w.date_time(moment).into()),
            Err(_no_moment) => Some(text.as_str().into()),
        },
        serde_json::Value::Number(number) => number.as_i64().map(Arg::from),
        _ => None,
    }
}

fn money_of(w: &Words, fact: &RecordedFact) -> Option<String> {
    let text = |name: &str| fact.body.get(name).and_then(serde_json::Value::as_str);
    let currency = Currency::from_code(text("currency")?).ok()?;
    Money::parse(text("amount")?, currency).ok().map(|money| w.money(money))
}

pub(super) fn actor_name(w: &Words, actor: &Actor, people: &BTreeMap<PersonId, String>) -> String {
    match actor {
        Actor::Person { person } => people.get(person).cloned().unwrap_or_else(|| w.t("orders-somebody")),
        Actor::ShopToken { .. } => w.t("orders-by-shop"),
        Actor::BuyerLink { .. } => w.t("orders-by-buyer"),
        Actor::System { .. } => w.t("orders-by-takt"),
    }
}

fn shown(
    w: &Words,
    fact: &RecordedFact,
    change: &takt_store::Change,
    names: &Names,
    currency: Currency,
) -> Change {
    let value = |value: &Option<String>| {
        value.as_ref().map(|value| match change.path.as_str() {
            "status" => names.status_name(w, fact.company, value),
            "stage" => Stage::from_code(value).map_or_else(|_| value.clone(), |stage| stage_name(w, stage)),
            "paid" | "total" | "discount" | "delivery.price" => {
                Money::parse(value, currency).map_or_else(|_| value.clone(), |money| w.money(money))
            }
            "delivery.method" => method_name(w, value),
            _ => value.chars().take(LONGEST_SHOWN).collect(),
        })
    };
    Change {
        label: w.t(&format!("orders-path-{}", dashed(&change.path))),
        old: value(&change.old),
        new: value(&change.new),
    }
}

fn icon_of(kind: &str) -> Icon {
    match kind {
        facts::PLACED => Icon::Plus,
        facts::EDITED | facts::STATUS_SET => Icon::Pencil,
        facts::COMMENTED => Icon::MessageSquare,
        facts::DEFERRED => Icon::Moon,
        facts::PAUSED => Icon::AlarmClock,
        facts::WOKEN | facts::RESUMED => Icon::Sun,
        facts::TAKEN => Icon::User,
        facts::RESERVED | facts::SHORT | facts::LET_GO | facts::READY => Icon::Package,
        facts::PAID | facts::UNPAID => Icon::Banknote,
        facts::SHIPPED | facts::DELIVERED => Icon::Truck,
        facts::CANCELLED => Icon::X,
        _ => Icon::Check,
    }
}

fn tone_of(kind: &str) -> Tone {
    match kind {
        facts::PAID
        | facts::CONFIRMED
        | facts::RESERVED
        | facts::DELIVERED
        | facts::COMPLETED
        | facts::SHIPPED => Tone::Good,
        facts::SHORT | facts::UNPAID => Tone::Warn,
        facts::CANCELLED => Tone::Bad,
        _ => Tone::Neutral,
    }
}
