//! The words of a playbook: facts it may wait for, fields it may ask, actions it may take.

use std::sync::OnceLock;

use takt_kernel::money::Quantity;
use takt_orders::{Order, Reserved, Shipped, Stage, facts as orders, may_pack};
use takt_playbook_language::{
    ActionWord, ArgumentWord, FactWord, FieldWord, Fit,
    Kind::{self, Bool, Int, Minutes, OneOf, Text},
    Need, Undoing, Value, Vocabulary,
};
use takt_store::{Fact as _, RecordedFact};
use takt_tasks::facts::{Closed, Escalated, LeaseEnded, Opened, Released, Rerouted, Taken};

use crate::{policy::Policy, situation::Work};

/// Kinds of tasks that a playbook opens; what they are called is `tasks-kind-…`.
pub(crate) const TASKS: &[&str] = &[
    "pick",
    "call",
    "offer_or_refund",
    "money_taken_back",
    "long_unconfirmed",
    "deferred_due",
    "inquiry_open",
    "missed_call",
    "not_picked",
    "still_short",
    "not_handed_over",
    "in_transit_long",
    "not_collected",
    "task_ignored",
    "channel_silent",
];
/// The last of them watch over the others: they are nobody's work that could be ignored.
const CONTROLS_FROM: usize = 4;
/// What became of a task, `tasks-outcome-…`.
pub(crate) const OUTCOMES: &[&str] =
    &["done", "packed", "shipped", "put_off", "money_taken_back", "paid_again", "goods_came", "over"];
pub(crate) const ROLES: &[&str] = &["owner", "manager", "operator", "warehouse", "accountant"];
/// Who may pack at all.
const PACKERS: &[&str] = &["owner", "manager", "operator", "warehouse"];

/// Beginning of the names of what is asked of an order.
const OF_ORDER: &str = "order.";

pub(crate) const CONFIRM: &str = "orders.confirm";
pub(crate) const OPEN: &str = "tasks.open";
pub(crate) const CLOSE: &str = "tasks.close";

pub(crate) fn is_control(kind: &str) -> bool {
    TASKS.iter().skip(CONTROLS_FROM).any(|control| *control == kind)
}

/// How a field of a fact is read from its body.
#[derive(Clone, Copy)]
enum Read {
    As(&'static str),
    /// Whether it is there at all.
    Has(&'static str),
}

type FactField = (&'static str, Kind, Read);

/// What rules take a fact to be about.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Whose {
    /// What it is about in the log.
    Own,
    /// The order that it names.
    OrderNamed,
}

/// Facts that are about orders.
const FACTS: &[(&str, Whose, &[FactField])] = &[
    (
        orders::PLACED,
        Whose::Own,
        &[
            ("terms", Text, Read::As("terms")),
            ("source", Text, Read::As("source")),
            ("in_full", Bool, Read::As("in_full")),
            ("pickup", Bool, Read::As("pickup")),
        ],
    ),
    (orders::EDITED, Whose::Own, &[("in_full", Bool, Read::As("in_full"))]),
    (orders::PAID, Whose::Own, &[("in_full", Bool, Read::As("in_full"))]),
    (
        orders::UNPAID,
        Whose::Own,
        &[("in_full", Bool, Read::As("in_full")), ("money_left", Bool, Read::Has("receipt"))],
    ),
    (orders::RESERVED, Whose::Own, &[]),
    (orders::SHORT, Whose::Own, &[("reserved", Text, Read::As("reserved"))]),
    (orders::DEFERRED, Whose::Own, &[]),
    (orders::WOKEN, Whose::Own, &[]),
    (orders::TAKEN, Whose::Own, &[]),
    (orders::GIVEN_BACK, Whose::Own, &[]),
    (orders::CONFIRMED, Whose::Own, &[]),
    (orders::READY, Whose::Own, &[("pickup", Bool, Read::As("pickup"))]),
    (orders::SHIPPED, Whose::Own, &[("all", Bool, Read::As("all"))]),
    (orders::RETURNED, Whose::Own, &[]),
    (orders::DELIVERED, Whose::Own, &[]),
    (orders::CANCELLED, Whose::Own, &[]),
    (orders::COMPLETED, Whose::Own, &[]),
    (
        orders::STATUS_SET,
        Whose::Own,
        &[("from", Text, Read::As("from")), ("to", Text, Read::As("to")), ("stage", Text, Read::As("stage"))],
    ),
    (
        Closed::KIND,
        Whose::OrderNamed,
        &[("kind", Text, Read::As("kind")), ("outcome", Text, Read::As("outcome"))],
    ),
    (Opened::KIND, Whose::OrderNamed, &[("kind", Text, Read::As("kind"))]),
    (Taken::KIND, Whose::OrderNamed, &[("kind", Text, Read::As("kind"))]),
    (Released::KIND, Whose::OrderNamed, &[("kind", Text, Read::As("kind"))]),
    (LeaseEnded::KIND, Whose::OrderNamed, &[("kind", Text, Read::As("kind"))]),
    (Rerouted::KIND, Whose::OrderNamed, &[("kind", Text, Read::As("kind"))]),
    (Escalated::KIND, Whose::OrderNamed, &[("kind", Text, Read::As("kind")), ("to", Text, Read::As("to"))]),
];

/// Facts that are about something else. Those of calls and of suppliers are said by no feature yet: what says
/// them one day says the beginning and the end about one and the same subject.
const OTHER_FACTS: &[(&str, &[FactField])] = &[
    ("payments.channel_silent", &[("after_seconds", Int, Read::As("after_seconds"))]),
    ("payments.channel_heard", &[]),
    ("calls.missed", &[]),
    ("calls.returned", &[]),
    ("supplies.inquiry_opened", &[]),
    ("supplies.inquiry_closed", &[]),
];
/// Heard wherever somebody says them.
pub(crate) const OF_OTHERS: &[&str] = &[
    "payments.channel_silent",
    "payments.channel_heard",
    "calls.missed",
    "calls.returned",
    "supplies.inquiry_opened",
    "supplies.inquiry_closed",
];

pub(crate) fn whose(kind: &str) -> Whose {
    FACTS.iter().find(|(known, ..)| *known == kind).map_or(Whose::Own, |(_, whose, _)| *whose)
}

/// After which facts a field of an order may be another. Each is what it is since the order was placed.
mod changes {
    use takt_orders::facts::{
        CANCELLED, COMPLETED, CONFIRMED, DEFERRED, DELIVERED, EDITED, GIVEN_BACK, PAID, PLACED, READY,
        RESERVED, RETURNED, SHIPPED, SHORT, STATUS_SET, TAKEN, UNPAID, WOKEN,
    };
    use takt_store::Fact as _;
    use takt_tasks::facts::{Closed, Escalated, LeaseEnded, Opened, Released, Rerouted, Taken};

    pub const NEVER: &[&str] = &[PLACED];
    pub const MONEY: &[&str] = &[PLACED, PAID, UNPAID];
    pub const PACKING: &[&str] = &[PLACED, PAID, UNPAID, DEFERRED, WOKEN, CANCELLED, COMPLETED, STATUS_SET];
    pub const WORK: &[&str] = &[PLACED, CANCELLED, COMPLETED, STATUS_SET];
    pub const SLEEP: &[&str] = &[PLACED, DEFERRED, WOKEN, CANCELLED];
    pub const CONFIRMING: &[&str] = &[PLACED, CONFIRMED, STATUS_SET];
    pub const STOCK: &[&str] = &[PLACED, RESERVED, SHORT, EDITED];
    pub const LEAVING: &[&str] = &[PLACED, SHIPPED, RETURNED];
    pub const GETTING_READY: &[&str] = &[PLACED, READY, SHIPPED, STATUS_SET];
    pub const ARRIVING: &[&str] = &[PLACED, DELIVERED];
    pub const CONTENT: &[&str] = &[PLACED, EDITED, RETURNED];
    pub const TAKING: &[&str] = &[PLACED, TAKEN, GIVEN_BACK, WOKEN, STATUS_SET];
    pub const STAGE: &[&str] =
        &[PLACED, STATUS_SET, TAKEN, CONFIRMED, SHIPPED, DELIVERED, PAID, CANCELLED, COMPLETED];
    pub const CALLS: &[&str] = &[Opened::KIND, Closed::KIND];
    pub const IGNORING: &[&str] =
        &[Escalated::KIND, Taken::KIND, Released::KIND, LeaseEnded::KIND, Rerouted::KIND, Closed::KIND];
}
use changes::*;

type Of<T> = fn(&T) -> Value;

type Field<T> = (&'static str, Kind, &'static [&'static str], Of<T>);

const ORDER: &[Field<Order>] = &[
    ("order.may_be_packed", Bool, PACKING, |order| Value::Bool(may_pack(order).is_ok())),
    ("order.in_work", Bool, WORK, |order| Value::Bool(order.stage.is_in_work())),
    ("order.put_off", Bool, SLEEP, |order| Value::Bool(order.deferred_until.is_some())),
    ("order.cancelled", Bool, WORK, |order| Value::Bool(order.stage == Stage::Cancel)),
    ("order.in_full", Bool, MONEY, |order| Value::Bool(order.is_paid_in_full())),
    ("order.prepaid", Bool, NEVER, |order| Value::Bool(order.terms.is_prepaid())),
    ("order.confirmed", Bool, CONFIRMING, |order| Value::Bool(order.confirmed_at.is_some())),
    ("order.reserved", Bool, STOCK, |order| Value::Bool(order.reserved == Reserved::All)),
    ("order.short", Bool, STOCK, |order| Value::Bool(order.short)),
    ("order.left", Bool, LEAVING, |order| Value::Bool(order.shipped != Shipped::None)),
    ("order.ready", Bool, GETTING_READY, |order| Value::Bool(order.ready_at.is_some())),
    ("order.delivered", Bool, ARRIVING, |order| Value::Bool(order.delivered_at.is_some())),
    ("order.pickup", Bool, CONTENT, |order| Value::Bool(order.delivery.is_pickup())),
    ("order.taken", Bool, TAKING, |order| Value::Bool(order.taken)),
    ("order.stage", Text, STAGE, |order| Value::Text(order.stage.code().to_owned())),
    ("order.status", Text, STAGE, |order| Value::Text(order.status.clone())),
    ("order.terms", Text, NEVER, |order| Value::Text(order.terms.code().to_owned())),
    ("order.source", Text, NEVER, |order| Value::Text(order.source.clone())),
    ("order.currency", Text, NEVER, |order| Value::Text(order.currency.code().to_owned())),
    // Whole units of its currency, rounded down.
    ("order.total", Int, CONTENT, |order| {
        Value::Int(order.total.minor() / 10_i64.pow(order.currency.exponent()))
    }),
];

const AROUND: &[Field<Work>] = &[
    ("order.units", Int, CONTENT, |work| Value::Int(rounded_up(work.units))),
    ("order.call_waits", Bool, CALLS, |work| Value::Bool(work.call_waits)),
    ("order.task_ignored", Bool, IGNORING, |work| Value::Bool(work.task_ignored)),
];

const COMPANY: &[Field<Policy>] = &[
    ("company.confirm_up_to_units", Int, &[], |policy| Value::Int(policy.confirm_up_to_units)),
    ("company.task_minutes", Int, &[], |policy| Value::Int(policy.task_minutes)),
    ("company.call_again_minutes", Int, &[], |policy| Value::Int(policy.call_again_minutes)),
    ("company.call_role", Text, &[], |policy| Value::Text(policy.call_role.code().to_owned())),
];

/// A part of a unit is a unit that must be there.
fn rounded_up(units: Quantity) -> i64 {
    let thousandths = units.thousandths();
    thousandths / 1_000 + i64::from(thousandths % 1_000 > 0)
}

pub(crate) fn of_fact(fact: &RecordedFact, name: &str) -> Option<Value> {
    let of_order = FACTS.iter().find(|(kind, ..)| *kind == fact.kind).map(|(.., fields)| *fields);
    let other = || OTHER_FACTS.iter().find(|(kind, _)| *kind == fact.kind).map(|(_, fields)| *fields);
    let fields = of_order.or_else(other)?;
    let (_, kind, read) = fields.iter().find(|(field, ..)| *field == name)?;
    let (Read::As(key) | Read::Has(key)) = read;
    let value = fact.body.get(key);
    match (read, kind) {
        (Read::Has(_), _) => Some(Value::Bool(value.is_some_and(|value| !value.is_null()))),
        (Read::As(_), Bool) => value?.as_bool().map(Value::Bool),
        (Read::As(_), Int | Minutes) => value?.as_i64().map(Value::Int),
        (Read::As(_), Kind::Ladder(_)) => None,
        (Read::As(_), Text | OneOf(_) | Kind::Calendar) => {
            value?.as_str().map(|text| Value::Text(text.to_owned()))
        }
    }
}

pub(crate) fn of_order(order: &Order, name: &str) -> Option<Value> {
    find(ORDER, order, name)
}

pub(crate) fn of_work(work: &Work, name: &str) -> Option<Value> {
    find(AROUND, work, name)
}

pub(crate) fn of_company(policy: &Policy, name: &str) -> Option<Value> {
    find(COMPANY, policy, name)
}

/// What a fact alone says of its order, at the moment at which it was said. What became another since then was
/// said by a later fact, upon which all is looked at again.
pub(crate) fn implied(fact: &RecordedFact, order: Option<&Order>, name: &str) -> Option<Value> {
    let flag = |key: &str| fact.body.get(key).and_then(serde_json::Value::as_bool);
    let yes = |holds: bool| Some(Value::Bool(holds));
    match (fact.kind.as_str(), name) {
        (orders::PLACED, "order.in_work") => yes(true),
        (
            orders::PLACED,
            "order.confirmed" | "order.left" | "order.ready" | "order.delivered" | "order.put_off"
            | "order.taken" | "order.cancelled" | "order.task_ignored",
        ) => yes(false),
        (orders::PLACED | orders::PAID | orders::UNPAID, "order.in_full") => flag("in_full").and_then(yes),
        (orders::PLACED, "order.may_be_packed") => {
            let owed_first = of_fact(fact, "terms")? == Value::Text("prepaid".to_owned());
            yes(!owed_first || flag("in_full")?)
        }
        (orders::PAID | orders::UNPAID, "order.may_be_packed")
            if order.is_some_and(|order| order.terms.is_prepaid()) && flag("in_full") == Some(false) =>
        {
            yes(false)
        }
        (orders::STATUS_SET, "order.status") => of_fact(fact, "to"),
        (orders::STATUS_SET, "order.stage") => of_fact(fact, "stage"),
        (orders::PLACED, "order.pickup") => flag("pickup").and_then(yes),
        (orders::CANCELLED | orders::COMPLETED, "order.in_work" | "order.may_be_packed")
        | (orders::DEFERRED, "order.may_be_packed")
        | (orders::RESERVED, "order.short") => yes(false),
        (orders::CONFIRMED, "order.confirmed")
        | (orders::READY, "order.ready")
        | (orders::SHIPPED, "order.left")
        | (orders::DELIVERED, "order.delivered")
        | (orders::DEFERRED, "order.put_off")
        | (orders::SHORT, "order.short") => yes(true),
        _ => of_fact(fact, name.strip_prefix("fact.")?),
    }
}

fn find<T>(fields: &[Field<T>], of: &T, name: &str) -> Option<Value> {
    fields.iter().find(|(field, ..)| *field == name).map(|(.., value)| value(of))
}

fn names<T>(fields: &[Field<T>]) -> impl Iterator<Item = FieldWord> {
    fields.iter().map(|(name, kind, changed_by, _)| FieldWord { name, kind: *kind, changed_by })
}

fn fact_word(kind: &'static str, fields: &[FactField], lacks: &'static str) -> FactWord {
    let field = |(name, kind, _): &FactField| FieldWord { name, kind: *kind, changed_by: &[] };
    FactWord { kind, fields: fields.iter().map(field).collect(), lacks }
}

pub(crate) fn vocabulary() -> &'static Vocabulary {
    static VOCABULARY: OnceLock<Vocabulary> = OnceLock::new();
    VOCABULARY.get_or_init(|| Vocabulary {
        facts: FACTS
            .iter()
            .map(|(kind, _, fields)| fact_word(kind, fields, ""))
            .chain(OTHER_FACTS.iter().map(|(kind, fields)| fact_word(kind, fields, OF_ORDER)))
            .collect(),
        fields: names(ORDER).chain(names(AROUND)).chain(names(COMPANY)).collect(),
        actions: vec![
            ActionWord {
                name: CONFIRM,
                says: &[orders::CONFIRMED],
                needs: OF_ORDER,
                ..ActionWord::default()
            },
            ActionWord {
                name: OPEN,
                arguments: vec![
                    needed("kind", OneOf(TASKS)),
                    needed("role", OneOf(ROLES)),
                    needed("due", Minutes),
                    may("calendar", Kind::Calendar),
                    may("ladder", Kind::Ladder(ROLES)),
                    may("since", OneOf(&["fact", "start"])),
                    may("once", OneOf(&["fact", "round", "shortage"])),
                    may("again", Bool),
                ],
                says: &[Opened::KIND],
                undoes: &[Undoing { action: CLOSE, alike: &["kind"] }],
                fits: &[Fit { argument: "kind", value: "pick", with: "role", only: PACKERS }],
                values_need: &[
                    Need { argument: "since", value: "start", needs: OF_ORDER },
                    Need { argument: "once", value: "round", needs: OF_ORDER },
                    Need { argument: "once", value: "shortage", needs: OF_ORDER },
                ],
                ..ActionWord::default()
            },
            ActionWord {
                name: CLOSE,
                arguments: vec![needed("kind", OneOf(TASKS)), needed("outcome", OneOf(OUTCOMES))],
                says: &[Closed::KIND],
                finds_own_without: OF_ORDER,
                ..ActionWord::default()
            },
        ],
    })
}

fn needed(name: &'static str, kind: Kind) -> ArgumentWord {
    ArgumentWord { name, kind, required: true }
}

fn may(name: &'static str, kind: Kind) -> ArgumentWord {
    ArgumentWord { name, kind, required: false }
}

#[cfg(test)]
mod tests {
    use super::{FACTS, OTHER_FACTS};

    #[test]
    fn what_a_rule_may_hear_is_called_by_words() {
        let texts = [include_str!("../texts/ru.ftl"), include_str!("../texts/en.ftl")];
        let kinds = FACTS.iter().map(|(kind, ..)| *kind).chain(OTHER_FACTS.iter().map(|(kind, _)| *kind));
        for kind in kinds.chain([crate::occasions::LASTED]) {
            let key = format!("\nplaybook-heard-{} = ", kind.replace(['.', '_'], "-"));
            assert!(texts.iter().all(|text| text.contains(&key)), "{key}");
        }
    }
}
