//! What the clients were told, and what they know that they do not know.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

/// An order that the program answered for.
#[derive(Clone, Debug, Default)]
pub struct Known {
    pub id: i64,
    pub version: i64,
    pub body: Value,
    pub cancelled: bool,
    /// A change of it was sent and never answered.
    pub in_doubt: bool,
    /// Its money is on its way: nobody changes it any more.
    pub paying: bool,
}

/// One payment that a bank file reported.
#[derive(Clone, Debug)]
pub struct Payment {
    pub external_id: String,
}

#[derive(Clone)]
pub struct BankFile {
    pub name: String,
    pub bytes: Vec<u8>,
    /// By number of the document.
    pub payments: BTreeMap<String, Payment>,
}

#[derive(Default)]
pub struct Told {
    pub orders: BTreeMap<String, Known>,
    /// Sent and not answered: by external id, the body.
    pub unanswered: BTreeMap<String, Value>,
    /// Payments of files that were taken.
    pub payments: BTreeMap<String, Payment>,
    pub files_unanswered: Vec<BankFile>,
    /// E-mails of people whose invitation was accepted, as they were told.
    pub joined: BTreeSet<String>,
    /// Answers that nobody should get.
    pub surprises: Vec<String>,
    /// The database itself may die: being told to come back later is no surprise then.
    pub outages: bool,
    pub sent: usize,
    pub answered: usize,
}

impl Told {
    /// The program says that it has the order. `again`: it had said so before it was asked.
    pub fn order_is_there(
        &mut self,
        external_id: &str,
        body: Value,
        again: bool,
        status: u16,
        answer: &Value,
    ) {
        let (Some(id), Some(version)) = (number(answer, "id"), number(answer, "version")) else {
            self.surprises.push(format!("{external_id}: an answer without id or version: {answer}"));
            return;
        };
        self.unanswered.remove(external_id);
        let Some(known) = self.orders.get_mut(external_id) else {
            self.orders.insert(external_id.to_owned(), Known { id, version, body, ..Known::default() });
            return;
        };
        if known.id != id || (again && status != 200) {
            let was = known.id;
            self.surprises.push(format!("{external_id} was {was} and is now {id}, answered with {status}"));
        }
        known.version = known.version.max(version);
    }

    pub fn file_is_there(&mut self, file: &BankFile) {
        self.payments.extend(file.payments.clone());
    }
}

fn number(answer: &Value, field: &str) -> Option<i64> {
    answer.get(field).and_then(Value::as_i64)
}
