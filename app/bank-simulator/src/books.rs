//! What the bank has booked. The truth of it: faces may lie about it, it does not.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use takt_kernel::Timestamp;

/// One movement of an account.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Line {
    /// The bank's id of it, for ever.
    pub id: String,
    pub booked_at: Timestamp,
    pub currency: String,
    /// Positive came, negative went.
    pub amount_minor: i64,
    pub number: String,
    pub other: Party,
    pub purpose: String,
    /// The line that this one takes back.
    pub reverses: Option<String>,
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Party {
    pub name: String,
    pub inn: String,
    pub account: String,
    pub bic: String,
}

#[derive(Clone, Debug, Default, Serialize)]
pub struct Account {
    pub opening_minor: i64,
    pub lines: Vec<Line>,
    /// How many messages told of it.
    pub sequence: i64,
}

impl Account {
    pub fn closing_minor(&self) -> i64 {
        self.lines.iter().fold(self.opening_minor, |sum, line| sum.saturating_add(line.amount_minor))
    }
}

/// All accounts of the bank.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Books {
    pub accounts: BTreeMap<String, Account>,
    /// So that no two banks give the same ids.
    pub name: String,
    booked: u64,
}

/// What is to be booked.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct NewLine {
    pub account: String,
    pub amount_minor: i64,
    #[serde(default = "roubles")]
    pub currency: String,
    #[serde(default)]
    pub purpose: String,
    #[serde(default = "somebody")]
    pub other: Party,
    #[serde(default)]
    pub reverses: Option<String>,
    /// Of the payment order; the bank's own when nothing is said.
    #[serde(default)]
    pub number: Option<String>,
}

fn roubles() -> String {
    "RUB".to_owned()
}

fn somebody() -> Party {
    Party {
        name: "Смирнова Анна Павловна".to_owned(),
        inn: "500100732259".to_owned(),
        account: "40817810099910004312".to_owned(),
        bic: "044525974".to_owned(),
    }
}

impl NewLine {
    pub fn credit(account: &str, amount_minor: i64, purpose: &str) -> Self {
        Self {
            account: account.to_owned(),
            amount_minor,
            currency: roubles(),
            purpose: purpose.to_owned(),
            other: somebody(),
            reverses: None,
            number: None,
        }
    }
}

impl Books {
    pub fn new(name: &str) -> Self {
        Self { name: name.to_owned(), ..Self::default() }
    }

    pub fn book(&mut self, new: NewLine, now: Timestamp) -> Line {
        self.booked += 1;
        let line = Line {
            id: format!("{}-{}", self.name, self.booked),
            booked_at: now,
            currency: new.currency,
            amount_minor: new.amount_minor,
            number: new.number.unwrap_or_else(|| format!("{}-{}", self.name, self.booked)),
            other: new.other,
            purpose: new.purpose,
            reverses: new.reverses,
        };
        self.accounts.entry(new.account).or_default().lines.push(line.clone());
        line
    }

    /// The number of the next message about an account.
    pub fn next_sequence(&mut self, account: &str) -> i64 {
        let account = self.accounts.entry(account.to_owned()).or_default();
        account.sequence += 1;
        account.sequence
    }

    pub fn line(&self, account: &str, id: &str) -> Option<&Line> {
        self.accounts.get(account)?.lines.iter().find(|line| line.id == id)
    }
}
