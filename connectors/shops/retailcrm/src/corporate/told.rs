//! What is said of corporate customers. Bodies hold ids only; names and addresses travel as personal changes.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use takt_kernel::{Result, ShopId};
use takt_store::{About, Change, Fact, Subject, Tx};

use super::rows::CorporateId;
use crate::wire::endpoint::Call;

pub(crate) const SUBJECT: &str = "corporate";
pub(crate) const SAID: &[&str] = &[CorporateChanged::KIND];

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct CorporateChanged {
    pub shop: ShopId,
    pub created: bool,
    /// It is now part of another.
    pub into: Option<CorporateId>,
}
impl Fact for CorporateChanged {
    const KIND: &'static str = "retailcrm.corporate_changed";
}

/// What one request changes about a corporate customer: gathered, then said at once.
pub(crate) struct Changing<'c> {
    pub call: &'c Call,
    pub id: CorporateId,
    pub created: bool,
    changes: Vec<Change>,
}

impl<'c> Changing<'c> {
    pub fn new(call: &'c Call, id: CorporateId, created: bool) -> Self {
        Self { call, id, created, changes: Vec::new() }
    }

    /// A field with something of somebody in it. Fields are named as the protocol's history names them.
    pub fn value(&mut self, path: &str, item: Option<i64>, old: Option<String>, new: Option<String>) {
        self.push(path, item, old, new, true);
    }

    /// Which of its parts is meant: ids.
    pub fn part(&mut self, path: &str, item: Option<i64>, old: Option<i64>, new: Option<i64>) {
        self.push(path, item, old.map(|id| id.to_string()), new.map(|id| id.to_string()), false);
    }

    fn push(
        &mut self,
        path: &str,
        item: Option<i64>,
        old: Option<String>,
        new: Option<String>,
        personal: bool,
    ) {
        if old == new {
            return;
        }
        let mut change = Change::of(path, old, new);
        change.item = item;
        change.personal = personal;
        self.changes.push(change);
    }

    /// The fields of a body that differ, each for itself.
    pub fn fields(
        &mut self,
        before: &str,
        item: Option<i64>,
        old: &Map<String, Value>,
        new: &Map<String, Value>,
    ) {
        let names = old.keys().chain(new.keys().filter(|name| !old.contains_key(*name)));
        for name in names {
            let (old, new) = (old.get(name), new.get(name));
            match (old, new) {
                (Some(Value::Object(old)), Some(Value::Object(new))) => {
                    self.inside(before, item, name, old, new)
                }
                (None, Some(Value::Object(new))) => self.inside(before, item, name, &Map::new(), new),
                _ => self.value(&format!("{before}{}", snake(name)), item, old.map(plain), new.map(plain)),
            }
        }
    }

    fn inside(
        &mut self,
        before: &str,
        item: Option<i64>,
        name: &str,
        old: &Map<String, Value>,
        new: &Map<String, Value>,
    ) {
        let before =
            if name == "customFields" { "custom_".to_owned() } else { format!("{before}{}.", snake(name)) };
        self.fields(&before, item, old, new);
    }

    pub fn say(self, tx: &mut Tx<'_>) -> Result<()> {
        if self.changes.is_empty() && !self.created {
            return Ok(());
        }
        let fact = CorporateChanged { shop: self.call.shop(), created: self.created, into: None };
        say(tx, self.call, self.id, &fact, self.changes)
    }
}

pub(crate) fn say(
    tx: &mut Tx<'_>,
    call: &Call,
    id: CorporateId,
    fact: &CorporateChanged,
    changes: Vec<Change>,
) -> Result<()> {
    let actor = call.caller.actor();
    let about = About::new(call.company(), Subject::new(SUBJECT, id.get()), &actor);
    tx.say_changes(about, fact, changes)
}

fn plain(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

/// `legalName` as the history names it: `legal_name`; `INN`: `i_n_n`.
fn snake(name: &str) -> String {
    let mut snake = String::new();
    for letter in name.chars() {
        if letter.is_ascii_uppercase() && !snake.is_empty() {
            snake.push('_');
        }
        snake.push(letter.to_ascii_lowercase());
    }
    snake
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_are_named_as_the_history_names_them() {
        for (ours, theirs) in [("legalName", "legal_name"), ("INN", "i_n_n"), ("brand", "brand")] {
            assert_eq!(snake(ours), theirs);
        }
    }
}
