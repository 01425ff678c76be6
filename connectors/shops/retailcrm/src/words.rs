//! When a shop said each field for the last time. A message that waited, because its node fell or its connection was
//! paused, is applied after others that came later; messages are parts of a thing as often as the whole of it, so what
//! was said since is found field by field.
//!
//! Invariants: what is applied as it comes, and what a person wants applied, is never held against this, whatever the
//! clocks of two nodes think of each other; a time never goes back.

use std::collections::BTreeMap;

use serde::{Serialize, de::DeserializeOwned};
use serde_json::{Map, Value};
use takt_kernel::{Fault, Result, Timestamp};
use takt_store::{Query, Tx, params, sql};

use crate::wire::endpoint::Call;

/// Which fields of a thing are said in parts.
pub(crate) struct Shape {
    /// What a note calls the thing.
    pub what: &'static str,
    /// Objects that are taken field by field.
    pub objects: &'static [&'static str],
    /// Lists whose entries are taken one by one, and these field by field.
    pub entries: &'static [&'static str],
}

pub(crate) const ORDER: Shape =
    Shape { what: "order", objects: &["delivery", "customFields"], entries: &["payments"] };
pub(crate) const CUSTOMER: Shape = Shape { what: "customer", objects: &[], entries: &[] };
pub(crate) const FIRM: Shape = Shape {
    what: "corporate customer",
    objects: &["customFields"],
    entries: &["addresses", "companies", "customerContacts"],
};

/// By these a thing is named: they come with everything that is said of it, and change nothing.
const NAMES: [&str; 3] = ["id", "externalId", "site"];
/// The same of an entry of a list.
const ENTRY_NAMES: [&str; 5] = ["id", "externalId", "name", "customer", "type"];

/// Field → when it was said last.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Times(BTreeMap<String, i64>);

impl Times {
    /// # Errors
    /// When the row makes no sense.
    pub fn read(text: Option<&str>) -> Result<Self> {
        let times = text.map_or_else(|| Ok(BTreeMap::new()), serde_json::from_str);
        times.map(Self).map_err(|error| Fault::broken("retailcrm.unreadable").because(error))
    }

    /// As it is kept.
    pub fn written(&self) -> Option<String> {
        let text = || self.0.iter().map(|(name, at)| (name.clone(), Value::from(*at))).collect::<Value>();
        (!self.0.is_empty()).then(|| text().to_string())
    }

    /// What of a message counts, and is from now on the last word about it; nothing when all of it was said again since.
    /// What was left out is noted.
    ///
    /// # Errors
    /// When the message cannot be written as it was read.
    pub fn take<T: Clone + Serialize + DeserializeOwned>(
        &mut self,
        call: &Call,
        shape: &Shape,
        said: &T,
        notes: &mut Vec<String>,
    ) -> Result<Option<T>> {
        let unwritable = |error| Fault::broken("retailcrm.unwritable").because(error);
        let Value::Object(mut fields) = serde_json::to_value(said).map_err(unwritable)? else {
            return Ok(Some(said.clone()));
        };
        let came_at = call.came_at.micros();
        let (mut taken, mut left): (Vec<String>, Vec<String>) = (Vec::new(), Vec::new());
        retain(&mut fields, shape, &mut |field| {
            let is_later = call.waited && self.0.get(field).is_some_and(|at| *at > came_at);
            let list = if is_later { &mut left } else { &mut taken };
            list.push(field.to_owned());
            !is_later
        });
        if taken.is_empty() && !left.is_empty() {
            notes.push(said_more(shape.what));
            return Ok(None);
        }
        for field in taken {
            let at = self.0.entry(field).or_default();
            *at = (*at).max(came_at);
        }
        if left.is_empty() {
            return Ok(Some(said.clone()));
        }
        let mut names: Vec<&str> =
            left.iter().map(|field| field.split_once(' ').map_or(field.as_str(), |(list, _)| list)).collect();
        names.dedup();
        notes.extend(names.into_iter().map(said_more));
        serde_json::from_value(Value::Object(fields)).map(Some).map_err(unwritable)
    }

    /// How a thing was born is older than whatever was said of it.
    pub fn born<T: Serialize>(call: &Call, shape: &Shape, said: &T) -> Result<Self> {
        let mut times = Self::default();
        let fields = serde_json::to_value(said);
        if call.came_at > Timestamp::from_micros(0)
            && let Value::Object(mut fields) =
                fields.map_err(|error| Fault::broken("retailcrm.unwritable").because(error))?
        {
            retain(&mut fields, shape, &mut |field| {
                times.0.insert(field.to_owned(), call.came_at.micros());
                true
            });
        }
        Ok(times)
    }
}

pub(crate) fn said_more(what: &str) -> String {
    format!("{what} (the shop has said more since)")
}

/// Asks for each field that says something whether it stays.
fn retain(said: &mut Map<String, Value>, shape: &Shape, stays: &mut dyn FnMut(&str) -> bool) {
    said.retain(|name, value| match value {
        _ if NAMES.contains(&name.as_str()) => true,
        Value::Null => true,
        Value::Object(parts) if shape.objects.contains(&name.as_str()) => {
            let were = parts.len();
            parts.retain(|part, value| value.is_null() || stays(&format!("{name}.{part}")));
            were == 0 || !parts.is_empty()
        }
        Value::Array(list) if shape.entries.contains(&name.as_str()) => {
            let were = list.len();
            list.retain_mut(|entry| entry_stays(name, entry, stays));
            were == 0 || !list.is_empty()
        }
        _ => stays(name),
    });
}

fn entry_stays(list: &str, entry: &mut Value, stays: &mut dyn FnMut(&str) -> bool) -> bool {
    let name = format!("{list} {}", name_of(entry));
    let Value::Object(fields) = entry else { return stays(&name) };
    let is_name = |field: &str| ENTRY_NAMES.contains(&field);
    if fields.iter().all(|(field, value)| is_name(field) || value.is_null()) {
        return stays(&name);
    }
    fields.retain(|field, value| is_name(field) || value.is_null() || stays(&format!("{name}.{field}")));
    fields.iter().any(|(field, value)| !is_name(field) && !value.is_null())
}

/// The first of its names: an id of ours or of the shop's before what it is called.
fn name_of(entry: &Value) -> String {
    let found = ["/id", "/externalId", "/customer/id", "/customer/externalId", "/name", "/type"]
        .iter()
        .find_map(|path| entry.pointer(path).filter(|name| !name.is_null()));
    match found {
        Some(Value::String(name)) => name.clone(),
        Some(name) => name.to_string(),
        None => String::new(),
    }
}

/// What of a message about a customer or a firm counts, as [`Times::take`] tells.
///
/// # Errors
/// Faults of the store.
pub(crate) fn take<T: Clone + Serialize + DeserializeOwned>(
    tx: &mut Tx<'_>,
    call: &Call,
    about: &str,
    shape: &Shape,
    said: &T,
    notes: &mut Vec<String>,
) -> Result<Option<T>> {
    let row = tx.opt(
        sql!(
            "select said_fields
             from retailcrm_word
             where company_id = :company_id and shop_id = :shop_id and about = :about"
        ),
        params![company_id: call.company(), shop_id: call.shop(), about: about],
    )?;
    let text = row.map(|row| row.get::<Option<String>>("said_fields")).transpose()?.flatten();
    let mut times = Times::read(text.as_deref())?;
    let taken = times.take(call, shape, said, notes)?;
    if taken.is_some() {
        tx.put(
            sql!(
                "insert into retailcrm_word (company_id, shop_id, about, said_at, said_fields)
                 values (:company_id, :shop_id, :about, :said_at, :said_fields)
                 on conflict (company_id, shop_id, about) do update
                 set said_at = {pg:greatest|sqlite:max}(retailcrm_word.said_at, excluded.said_at),
                   said_fields = excluded.said_fields"
            ),
            params![
                company_id: call.company(), shop_id: call.shop(), about: about, said_at: call.came_at,
                said_fields: times.written(),
            ],
        )?;
    }
    Ok(taken)
}

/// Whether a message that always says the whole of a thing is the last about it.
///
/// # Errors
/// Faults of the store.
pub(crate) fn is_last(tx: &mut Tx<'_>, call: &Call, about: &str) -> Result<bool> {
    let kept = tx.execute(
        sql!(
            "insert into retailcrm_word (company_id, shop_id, about, said_at)
             values (:company_id, :shop_id, :about, :said_at)
             on conflict (company_id, shop_id, about) do update
             set said_at = {pg:greatest|sqlite:max}(retailcrm_word.said_at, excluded.said_at)
             where cast(:waited as bigint) = 0 or retailcrm_word.said_at <= excluded.said_at"
        ),
        params![
            company_id: call.company(), shop_id: call.shop(), about: about, said_at: call.came_at,
            waited: i64::from(call.waited),
        ],
    )?;
    Ok(kept > 0)
}
