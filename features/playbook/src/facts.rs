//! What this crate says, about the subject "playbook": the company's own.

use serde::{Deserialize, Serialize};
use takt_store::Fact;

use crate::replay::{Lasted, Looked};

pub(crate) const SUBJECT: &str = "playbook";

/// From now on the company works by this version.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Published {
    pub number: i64,
    /// SHA-256 of its text.
    pub fingerprint: String,
    pub rules: usize,
    /// The version whose text it is again; 0 is what Takt brings along.
    pub rolls_back_to: Option<i64>,
    /// Orders up to this one stay with the version before.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub stay_up_to: Option<i64>,
}

impl Fact for Published {
    const KIND: &'static str = "playbook.published";
}

pub(crate) const SAYS: &[&str] = &[Published::KIND, Looked::KIND, Lasted::KIND];
