//! The history of customers.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};
use takt_customers::{CustomerId, SeeCustomers, shown};
use takt_store::{Query, RecordedFact, Statement};

use super::{Row, Wanted, answer, look, text};
use crate::{
    customers::{find, written},
    orders::write::Name,
    wire::{
        endpoint::{Answer, Call},
        lenient::filled,
        refusal::Refusal,
    },
};

const SUBJECT: &str = "customer";

/// GET customers/history.
pub(crate) fn history(db: &mut dyn Query, call: &Call) -> Result<Answer, Refusal> {
    call.permit::<SeeCustomers>()?;
    let wanted = Wanted::read(call)?;
    let only = match filled(wanted.filter.customer_id.as_ref()) {
        Some(id) => Some(
            id.parse::<CustomerId>()
                .map_err(|_| Refusal::parameter("filter.customerId", "This value is not valid."))?,
        ),
        None => match filled(wanted.filter.customer_external_id.as_ref()) {
            Some(id) => Some(find::by_external_id(db, call, id)?.unwrap_or(CustomerId::new(0))),
            None => None,
        },
    };
    let mut mine: BTreeMap<CustomerId, bool> = BTreeMap::new();
    let narrowed = |statement: Statement| {
        statement.push("\nand (fact_position.kind = 'customers.appeared' or fact.changes is not null)")
    };
    let found = look(db, call, &wanted, (SUBJECT, only.map(CustomerId::get)), narrowed, |db, facts| {
        let mut told = Vec::new();
        for fact in facts {
            let id = CustomerId::new(fact.subject_id);
            let rows = rows(&fact);
            if rows.is_empty() {
                continue;
            }
            let is_mine = match mine.get(&id) {
                Some(known) => *known,
                None => {
                    let is_mine = find::is_of_shop(db, call, id)?;
                    mine.insert(id, is_mine);
                    is_mine
                }
            };
            if is_mine {
                told.push((fact, rows));
            }
        }
        Ok(told)
    })?;
    let ids: BTreeSet<CustomerId> =
        found.facts.iter().map(|(fact, _)| CustomerId::new(fact.subject_id)).collect();
    let ids: Vec<CustomerId> = ids.into_iter().collect();
    let whole: BTreeMap<i64, Value> = written::customers(db, call, &ids, None)?
        .into_iter()
        .filter_map(|body| Some((body.get("id")?.as_i64()?, body)))
        .collect();
    let (answer, _) = answer(db, call, &wanted, found, |fact, row| {
        let body = whole.get(&fact.subject_id)?;
        if row.created {
            return Some((SUBJECT, body.clone()));
        }
        let mut stub = json!({ "id": fact.subject_id, "site": call.site.code });
        if let Some(external_id) = body.get("externalId") {
            stub["externalId"] = external_id.clone();
        }
        Some((SUBJECT, stub))
    })?;
    Ok(answer)
}

fn rows(fact: &RecordedFact) -> Vec<Row> {
    if fact.kind == "customers.appeared" {
        return vec![Row { created: true, ..Row::of("id", Value::Null, json!(fact.subject_id)) }];
    }
    let mut rows = Vec::new();
    for change in &fact.changes {
        let (old, new) = (change.old.as_deref(), change.new.as_deref());
        match change.path.as_str() {
            "name" => {
                let (old, new) = (Name::of(old.unwrap_or_default()), Name::of(new.unwrap_or_default()));
                for (field, old, new) in [
                    ("first_name", old.first, new.first),
                    ("last_name", old.last, new.last),
                    ("patronymic", old.middle, new.middle),
                ] {
                    if old != new {
                        rows.push(Row::of(field, text(Some(&old)), text(Some(&new))));
                    }
                }
            }
            "phone" => {
                let number = |phone: Option<&str>| {
                    phone.map_or(Value::Null, |phone| Value::from(shown(phone).replace([' ', '-'], "")))
                };
                rows.push(Row::of("phones", number(old), number(new)));
            }
            "email" => rows.push(Row::of("email", text(old), text(new))),
            _ => {}
        }
    }
    rows
}
