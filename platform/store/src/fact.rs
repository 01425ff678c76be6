use std::{
    fmt::{Display, Formatter},
    ops::Deref,
    sync::OnceLock,
};

use serde::{Serialize, de::DeserializeOwned};
use serde_json::Value;
use takt_kernel::{Actor, CompanyId, Fault, Result, Timestamp, TokenId};

use crate::change::Change;

/// Something that happened, in the past participle: `orders.paid`. The body holds no personal data.
/// A change of its shape raises `VERSION`; old versions stay readable.
pub trait Fact: Serialize {
    const KIND: &'static str;
    const VERSION: i64 = 1;
}

/// What a fact is about. Facts of one subject are numbered 1, 2, 3 … and heard in that order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Subject {
    pub kind: &'static str,
    pub id: i64,
}

impl Subject {
    pub const fn new(kind: &'static str, id: i64) -> Self {
        Self { kind, id }
    }
}

/// To whom a fact belongs, what it is about and who did it.
#[derive(Clone, Debug)]
pub struct About<'a> {
    pub company: CompanyId,
    pub subject: Subject,
    pub actor: &'a Actor,
    /// Where the deed came from, when that is not the actor: `phone`, `bank file 7f3a…`.
    pub source: Option<String>,
}

impl<'a> About<'a> {
    /// Facts of the installation itself (a person signs in) belong to no company.
    pub const INSTALLATION: CompanyId = CompanyId::new(0);

    pub fn new(company: CompanyId, subject: Subject, actor: &'a Actor) -> Self {
        Self { company, subject, actor, source: None }
    }

    pub fn from_source(mut self, source: impl Into<String>) -> Self {
        self.source = Some(source.into());
        self
    }
}

/// A fact as it stands in the log. `position` is its place in the order in which everybody hears.
#[derive(Clone, Debug, PartialEq)]
pub struct RecordedFact {
    pub position: i64,
    pub id: i64,
    pub company: CompanyId,
    pub subject_kind: String,
    pub subject_id: i64,
    pub n: i64,
    pub kind: String,
    pub version: i64,
    pub at: Timestamp,
    pub actor: Actor,
    pub token: Option<TokenId>,
    pub cause: Option<i64>,
    pub source: Option<String>,
    pub body: Body,
    pub changes: Vec<Change>,
}

/// What a fact says, as JSON. It is taken apart when somebody looks into it: who only hears that something
/// happened does not pay for it, and who knows the shape reads that at once.
#[derive(Clone, Debug, Default)]
pub struct Body {
    text: String,
    value: OnceLock<Value>,
}

impl Body {
    pub(crate) fn of(text: String) -> Self {
        Self { text, value: OnceLock::new() }
    }
}

impl From<Value> for Body {
    fn from(value: Value) -> Self {
        Self { text: value.to_string(), value: OnceLock::from(value) }
    }
}

impl Display for Body {
    fn fmt(&self, f: &mut Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.text)
    }
}

impl Deref for Body {
    type Target = Value;
    fn deref(&self) -> &Value {
        self.value.get_or_init(|| serde_json::from_str(&self.text).unwrap_or_default())
    }
}

impl PartialEq for Body {
    fn eq(&self, other: &Self) -> bool {
        **self == **other
    }
}

impl RecordedFact {
    /// # Errors
    /// `store.fact_unreadable` when the body is not of this shape.
    pub fn read<T: DeserializeOwned>(&self) -> Result<T> {
        serde_json::from_str(&self.body.text).map_err(|error| {
            Fault::broken("store.fact_unreadable").arg("kind", &self.kind).arg("id", self.id).because(error)
        })
    }
}

/// A fact said in a transaction that has not committed yet.
pub(crate) struct PendingFact {
    pub id: i64,
    pub company: CompanyId,
    pub subject: Subject,
    pub kind: &'static str,
    pub version: i64,
    pub actor: String,
    pub token: Option<TokenId>,
    pub cause: Option<i64>,
    pub source: Option<String>,
    pub body: String,
    pub changes: Option<String>,
}
