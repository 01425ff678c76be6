//! The words of a playbook: facts it may wait for, fields it may ask, actions it may take.

use std::sync::OnceLock;

use takt_kernel::money::Quantity;
use takt_orders::{Order, Reserved, Shipped, Stage, facts as orders, may_pack};
use takt_playbook_language::{
    ActionWord, ArgumentWord, FactWord, FieldWord,
    Kind::{self, Bool, Int, Minutes, OneOf, Text},
    Value, Vocabulary,
};
use takt_store::{Fact as _, RecordedFact};
use takt_tasks::facts::Closed;

use crate::{policy::Policy, situation::Work};

/// Kinds of tasks that a playbook opens; what they are called is `tasks-kind-…`.
pub(crate) const TASKS: &[&str] = &["pick", "call", "offer_or_refund", "money_taken_back"];
/// What became of a task, `tasks-outcome-…`.
pub(crate) const OUTCOMES: &[&str] =
    &["done", "packed", "shipped", "put_off", "money_taken_back", "paid_again", "goods_came"];
const ROLES: &[&str] = &["owner", "manager", "operator", "warehouse", "accountant"];

pub(crate) const CONFIRM: &str = "orders.confirm";
pub(crate) const OPEN: &str = "tasks.open";
pub(crate) const CLOSE: &str = "tasks.close";

/// How a field of a fact is read from its body.
#[derive(Clone, Copy)]
enum Read {
    As(&'static str),
    /// Whether it is there at all.
    Has(&'static str),
}

type FactField = (&'static str, Kind, Read);

const FACTS: &[(&str, &[FactField])] = &[
    (
        orders::PLACED,
        &[
            ("terms", Text, Read::As("terms")),
            ("source", Text, Read::As("source")),
            ("in_full", Bool, Read::As("in_full")),
            ("pickup", Bool, Read::As("pickup")),
        ],
    ),
    (orders::PAID, &[("in_full", Bool, Read::As("in_full"))]),
    (orders::UNPAID, &[("in_full", Bool, Read::As("in_full")), ("money_left", Bool, Read::Has("receipt"))]),
    (orders::RESERVED, &[]),
    (orders::SHORT, &[("reserved", Text, Read::As("reserved"))]),
    (orders::DEFERRED, &[]),
    (orders::WOKEN, &[]),
    (orders::CONFIRMED, &[]),
    (orders::READY, &[("pickup", Bool, Read::As("pickup"))]),
    (orders::SHIPPED, &[("all", Bool, Read::As("all"))]),
    (orders::DELIVERED, &[]),
    (
        orders::STATUS_SET,
        &[("from", Text, Read::As("from")), ("to", Text, Read::As("to")), ("stage", Text, Read::As("stage"))],
    ),
    (Closed::KIND, &[("kind", Text, Read::As("kind")), ("outcome", Text, Read::As("outcome"))]),
];

type Of<T> = fn(&T) -> Value;

const ORDER: &[(&str, Kind, Of<Order>)] = &[
    ("order.may_be_packed", Bool, |order| Value::Bool(may_pack(order).is_ok())),
    ("order.in_work", Bool, |order| Value::Bool(order.stage.is_in_work())),
    ("order.put_off", Bool, |order| Value::Bool(order.deferred_until.is_some())),
    ("order.cancelled", Bool, |order| Value::Bool(order.stage == Stage::Cancel)),
    ("order.in_full", Bool, |order| Value::Bool(order.is_paid_in_full())),
    ("order.prepaid", Bool, |order| Value::Bool(order.terms.is_prepaid())),
    ("order.confirmed", Bool, |order| Value::Bool(order.confirmed_at.is_some())),
    ("order.reserved", Bool, |order| Value::Bool(order.reserved == Reserved::All)),
    ("order.short", Bool, |order| Value::Bool(order.short)),
    ("order.left", Bool, |order| Value::Bool(order.shipped != Shipped::None)),
    ("order.delivered", Bool, |order| Value::Bool(order.delivered_at.is_some())),
    ("order.pickup", Bool, |order| Value::Bool(order.delivery.is_pickup())),
    ("order.taken", Bool, |order| Value::Bool(order.taken)),
    ("order.stage", Text, |order| Value::Text(order.stage.code().to_owned())),
    ("order.status", Text, |order| Value::Text(order.status.clone())),
    ("order.terms", Text, |order| Value::Text(order.terms.code().to_owned())),
    ("order.source", Text, |order| Value::Text(order.source.clone())),
    ("order.currency", Text, |order| Value::Text(order.currency.code().to_owned())),
    // Whole units of its currency, rounded down.
    ("order.total", Int, |order| Value::Int(order.total.minor() / 10_i64.pow(order.currency.exponent()))),
];

const WORK: &[(&str, Kind, Of<Work>)] = &[
    ("order.units", Int, |work| Value::Int(rounded_up(work.units))),
    ("order.call_waits", Bool, |work| Value::Bool(work.call_waits)),
];

const COMPANY: &[(&str, Kind, Of<Policy>)] = &[
    ("company.confirm_up_to_units", Int, |policy| Value::Int(policy.confirm_up_to_units)),
    ("company.task_minutes", Int, |policy| Value::Int(policy.task_minutes)),
    ("company.call_again_minutes", Int, |policy| Value::Int(policy.call_again_minutes)),
    ("company.call_role", Text, |policy| Value::Text(policy.call_role.code().to_owned())),
];

/// A part of a unit is a unit that must be there.
fn rounded_up(units: Quantity) -> i64 {
    let thousandths = units.thousandths();
    thousandths / 1_000 + i64::from(thousandths % 1_000 > 0)
}

pub(crate) fn of_fact(fact: &RecordedFact, name: &str) -> Option<Value> {
    let (_, fields) = FACTS.iter().find(|(kind, _)| *kind == fact.kind)?;
    let (_, kind, read) = fields.iter().find(|(field, ..)| *field == name)?;
    let (Read::As(key) | Read::Has(key)) = read;
    let value = fact.body.get(key);
    match (read, kind) {
        (Read::Has(_), _) => Some(Value::Bool(value.is_some_and(|value| !value.is_null()))),
        (Read::As(_), Bool) => value?.as_bool().map(Value::Bool),
        (Read::As(_), Int | Minutes) => value?.as_i64().map(Value::Int),
        (Read::As(_), Text | OneOf(_)) => value?.as_str().map(|text| Value::Text(text.to_owned())),
    }
}

pub(crate) fn of_order(order: &Order, name: &str) -> Option<Value> {
    find(ORDER, order, name)
}

pub(crate) fn of_work(work: &Work, name: &str) -> Option<Value> {
    find(WORK, work, name)
}

pub(crate) fn of_company(policy: &Policy, name: &str) -> Option<Value> {
    find(COMPANY, policy, name)
}

fn find<T>(fields: &[(&str, Kind, Of<T>)], of: &T, name: &str) -> Option<Value> {
    fields.iter().find(|(field, ..)| *field == name).map(|(.., value)| value(of))
}

fn names<T>(fields: &[(&'static str, Kind, Of<T>)]) -> impl Iterator<Item = FieldWord> {
    fields.iter().map(|(name, kind, _)| FieldWord { name, kind: *kind })
}

pub(crate) fn vocabulary() -> &'static Vocabulary {
    static VOCABULARY: OnceLock<Vocabulary> = OnceLock::new();
    VOCABULARY.get_or_init(|| Vocabulary {
        facts: FACTS
            .iter()
            .map(|(kind, fields)| FactWord {
                kind,
                fields: fields.iter().map(|(name, kind, _)| FieldWord { name, kind: *kind }).collect(),
            })
            .collect(),
        fields: names(ORDER).chain(names(WORK)).chain(names(COMPANY)).collect(),
        actions: vec![
            ActionWord { name: CONFIRM, arguments: Vec::new() },
            ActionWord {
                name: OPEN,
                arguments: vec![
                    needed("kind", OneOf(TASKS)),
                    needed("role", OneOf(ROLES)),
                    needed("due", Minutes),
                    may("since", OneOf(&["fact", "start"])),
                    may("once", OneOf(&["fact", "round", "shortage"])),
                    may("again", Bool),
                ],
            },
            ActionWord {
                name: CLOSE,
                arguments: vec![needed("kind", OneOf(TASKS)), needed("outcome", OneOf(OUTCOMES))],
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
