//! The history of corporate customers.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};
use takt_customers::SeeCustomers;
use takt_store::{Change, Query, RecordedFact};

use super::{Row, Wanted, answer, look, text};
use crate::{
    corporate::{
        rows::{self, AddressId, ContactId, Corporate, CorporateId, FirmId},
        told::{CorporateChanged, SUBJECT},
        written::{self, Parts, put_text},
    },
    wire::{
        endpoint::{Answer, Call},
        lenient::filled,
        refusal::Refusal,
    },
};

/// GET customers-corporate/history.
pub(crate) fn history(db: &mut dyn Query, call: &Call) -> Result<Answer, Refusal> {
    call.permit::<SeeCustomers>()?;
    let wanted = Wanted::read(call)?;
    let only = only(db, call, &wanted)?;
    let mut stubs: BTreeMap<i64, Value> = BTreeMap::new();
    let found = look(
        db,
        call,
        &wanted,
        (SUBJECT, only.map(CorporateId::get)),
        |statement| statement,
        |db, facts| {
            let mine: Vec<(RecordedFact, CorporateChanged)> = facts
                .into_iter()
                .filter_map(|fact| {
                    let said = fact.read::<CorporateChanged>().ok()?;
                    (said.shop == call.shop()).then_some((fact, said))
                })
                .collect();
            let mut ids: Vec<CorporateId> =
                mine.iter().map(|(fact, _)| CorporateId::new(fact.subject_id)).collect();
            ids.extend(mine.iter().filter_map(|(_, said)| said.into));
            ids.sort_unstable();
            ids.dedup();
            let known = rows::corporates(db, call, &ids)?;
            // What became another's is found there.
            let into: Vec<CorporateId> = known.iter().filter_map(|one| one.combined_into).collect();
            ids.extend(into);
            let parts = Parts::of(db, call, &ids)?;
            for corporate in &known {
                stubs.insert(corporate.id.get(), stub(call, corporate));
            }
            let told = mine
                .into_iter()
                .map(|(fact, said)| {
                    let corporate = known.iter().find(|one| one.id.get() == fact.subject_id);
                    let rows = corporate.map(|corporate| {
                        Told { call, corporate, parts: &parts, known: &known }.rows(&fact, &said)
                    });
                    (fact, rows.unwrap_or_default())
                })
                .filter(|(_, rows)| !rows.is_empty())
                .collect();
            Ok(told)
        },
    )?;
    let created: Vec<CorporateId> = found
        .facts
        .iter()
        .filter(|(_, rows)| rows.iter().any(|row| row.created))
        .map(|(fact, _)| CorporateId::new(fact.subject_id))
        .collect();
    let whole: BTreeMap<i64, Value> = written::whole(db, call, &created)?
        .into_iter()
        .filter_map(|body| Some((body.get("id")?.as_i64()?, body)))
        .collect();
    let (answer, _) = answer(db, call, &wanted, found, |fact, row| {
        let body = if row.created { whole.get(&fact.subject_id) } else { None };
        Some(("customer", body.or_else(|| stubs.get(&fact.subject_id))?.clone()))
    })?;
    Ok(answer)
}

fn only(db: &mut dyn Query, call: &Call, wanted: &Wanted) -> Result<Option<CorporateId>, Refusal> {
    if let Some(id) = filled(wanted.filter.customer_id.as_ref()) {
        let id =
            id.parse().map_err(|_| Refusal::parameter("filter.customerId", "This value is not valid."))?;
        return Ok(Some(id));
    }
    let Some(external_id) = filled(wanted.filter.customer_external_id.as_ref()) else { return Ok(None) };
    Ok(Some(rows::by_external_id(db, call, external_id)?.unwrap_or(CorporateId::new(0))))
}

fn stub(call: &Call, corporate: &Corporate) -> Value {
    let mut body = Map::new();
    body.insert("id".to_owned(), json!(corporate.id.get()));
    put_text(&mut body, "externalId", corporate.external_id.as_deref());
    body.insert("site".to_owned(), json!(call.site.code));
    Value::Object(body)
}

struct Told<'a> {
    call: &'a Call,
    corporate: &'a Corporate,
    parts: &'a Parts,
    known: &'a [Corporate],
}

impl Told<'_> {
    fn rows(&self, fact: &RecordedFact, said: &CorporateChanged) -> Vec<Row> {
        let mut rows = Vec::new();
        if said.created {
            rows.push(Row { created: true, ..Row::of("id", Value::Null, json!(fact.subject_id)) });
        }
        if let Some(into) = said.into {
            let into = self
                .known
                .iter()
                .find(|one| one.id == into)
                .map_or_else(|| json!({ "id": into.get() }), |one| stub(self.call, one));
            let gone = Row::of("id", json!(fact.subject_id), Value::Null);
            rows.push(gone.beside("deleted", json!(true)).beside("combinedTo", into));
        }
        rows.extend(fact.changes.iter().map(|change| self.row(change)));
        rows
    }

    fn row(&self, change: &Change) -> Row {
        let (old, new) = (change.old.as_deref(), change.new.as_deref());
        let named = |id: Option<&str>| {
            id.and_then(|id| id.parse().ok()).map_or(Value::Null, |id| self.named(change, id))
        };
        let row = match change.path.as_str() {
            "address"
            | "company"
            | "contact"
            | "main_address"
            | "main_company"
            | "main_contact"
            | "company.address"
            | "contact.customer"
            | "contact.contact_company" => Row::of(&change.path, named(old), named(new)),
            path => Row::of(path, plain(old), plain(new)),
        };
        match self.beside(change) {
            Some((name, body)) => row.beside(name, body),
            None => row,
        }
    }

    /// What an id in a row stands for.
    fn named(&self, change: &Change, id: i64) -> Value {
        let known = match change.path.as_str() {
            "address" | "main_address" | "company.address" => self.parts.named_address(AddressId::new(id)),
            "company" | "main_company" => self.parts.named_firm(FirmId::new(id)),
            "contact.contact_company" => Some(json!({ "id": id, "customer_contact": { "id": change.item } })),
            _ => None,
        };
        known.unwrap_or_else(|| json!({ "id": id }))
    }

    /// The part that a row is about, as it stands now.
    fn beside(&self, change: &Change) -> Option<(&'static str, Value)> {
        let item = change.item?;
        let owner = |id: CorporateId| self.known.iter().find(|one| one.id == id).unwrap_or(self.corporate);
        let kind = change.path.split('.').next().unwrap_or_default();
        match kind {
            "address" => {
                let address = self.parts.addresses.iter().find(|one| one.id == AddressId::new(item))?;
                Some(("address", self.parts.address(owner(address.corporate), address)))
            }
            "company" => {
                let firm = self.parts.firms.iter().find(|one| one.id == FirmId::new(item))?;
                Some(("company", self.parts.firm(self.call, owner(firm.corporate), firm)))
            }
            "contact" => {
                let contact = self.parts.contacts.iter().find(|one| one.id == ContactId::new(item))?;
                Some(("customerContact", self.parts.contact(self.call, owner(contact.corporate), contact)))
            }
            _ => None,
        }
    }
}

fn plain(value: Option<&str>) -> Value {
    match value {
        Some("true") => json!(true),
        Some("false") => json!(false),
        other => text(other),
    }
}
