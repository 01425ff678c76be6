//! What this crate says, about the subject "customer". Bodies hold ids and kinds only: names, phones
//! and addresses travel as personal changes, which can be erased.

use serde::{Deserialize, Serialize};
use takt_store::{Fact, Subject};

use crate::{
    CustomerId,
    erased::{Kept, Reason},
};

pub(crate) fn subject(customer: CustomerId) -> Subject {
    Subject::new("customer", customer.get())
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Appeared {
    /// Kinds of identity: `phone`, `email`.
    pub known_by: Vec<String>,
}
impl Fact for Appeared {
    const KIND: &'static str = "customers.appeared";
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Edited {
    /// `name`, `note`, `phone`, `email`.
    pub fields: Vec<String>,
}
impl Fact for Edited {
    const KIND: &'static str = "customers.edited";
}

/// Said about the customer of the phone, to whom the order went.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ConflictFound {
    pub by_phone: CustomerId,
    pub by_email: CustomerId,
}
impl Fact for ConflictFound {
    const KIND: &'static str = "customers.conflict_found";
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ConflictDismissed {
    pub other: CustomerId,
}
impl Fact for ConflictDismissed {
    const KIND: &'static str = "customers.conflict_dismissed";
}

/// Said about the one that is now a pointer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Merged {
    pub into: CustomerId,
}
impl Fact for Merged {
    const KIND: &'static str = "customers.merged";
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Separated {
    pub from: CustomerId,
}
impl Fact for Separated {
    const KIND: &'static str = "customers.separated";
}

/// Said about the card that stands for the person.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Erased {
    pub reason: Reason,
    /// That card and all that were merged into it.
    pub cards: Vec<CustomerId>,
    /// What the law wants kept.
    pub kept: Vec<Kept>,
}
impl Fact for Erased {
    const KIND: &'static str = "customers.erased";
}

pub(crate) const SAID: &[&str] = &[
    Appeared::KIND,
    Edited::KIND,
    ConflictFound::KIND,
    ConflictDismissed::KIND,
    Merged::KIND,
    Separated::KIND,
    Erased::KIND,
];
