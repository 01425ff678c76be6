//! Facts as lines for snapshots: `+12s orders.paid order#1 by system:payments.match because … {…}`.

use std::collections::BTreeMap;

use serde_json::Value;
use takt_kernel::{Actor, Timestamp};
use takt_store::RecordedFact;

/// Names for ids, given in the order in which they appear.
#[derive(Default)]
struct Names {
    known: BTreeMap<i64, String>,
    counts: BTreeMap<String, usize>,
}

impl Names {
    fn name(&mut self, kind: &str, id: i64) -> String {
        if let Some(name) = self.known.get(&id) {
            return name.clone();
        }
        let count = self.counts.entry(kind.to_owned()).or_default();
        *count += 1;
        let name = format!("{kind}#{count}");
        self.known.insert(id, name.clone());
        name
    }

    fn in_body(&self, value: &Value) -> Value {
        match value {
            Value::Number(number) => {
                let name = number.as_i64().and_then(|id| self.known.get(&id));
                name.map_or_else(|| value.clone(), |name| Value::String(name.clone()))
            }
            Value::Array(items) => items.iter().map(|item| self.in_body(item)).collect(),
            Value::Object(fields) => {
                Value::Object(fields.iter().map(|(key, value)| (key.clone(), self.in_body(value))).collect())
            }
            Value::Null | Value::Bool(_) | Value::String(_) => value.clone(),
        }
    }
}

pub(crate) fn written(facts: &[RecordedFact], start: Timestamp) -> String {
    let mut names = Names::default();
    let kinds: BTreeMap<i64, &str> = facts.iter().map(|fact| (fact.id, fact.kind.as_str())).collect();
    for fact in facts {
        names.name("company", fact.company.get());
        names.name(&fact.subject_kind, fact.subject_id);
    }
    let mut lines = String::new();
    for fact in facts {
        let subject = names.name(&fact.subject_kind, fact.subject_id);
        let actor = match &fact.actor {
            Actor::Person { person } => names.name("person", person.get()),
            Actor::ShopToken { token, .. } => names.name("token", token.get()),
            Actor::BuyerLink { link } => names.name("buyer_link", link.get()),
            Actor::System { listener, .. } => format!("system:{listener}"),
        };
        let cause = fact.cause.and_then(|cause| kinds.get(&cause));
        let because = cause.map(|kind| format!(" because {kind}")).unwrap_or_default();
        let after = fact.at.seconds_since(start);
        let body = names.in_body(&fact.body);
        lines.push_str(&format!("+{after}s {} {subject} by {actor}{because} {body}\n", fact.kind));
    }
    lines
}
