//! What a fact is about, as rules see it: an order, or something of its own.

use serde_json::{Value as Json, json};
use takt_kernel::CompanyId;
use takt_orders::{OrderId, facts as orders};
use takt_store::{RecordedFact, Subject};
use takt_work::DueTimer;

use crate::words::{self, Whose};

const ABOUT: &str = "about";

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct About {
    pub company: CompanyId,
    pub kind: String,
    pub id: i64,
}

impl About {
    pub fn order_of(company: CompanyId, order: OrderId) -> Self {
        Self { company, kind: orders::SUBJECT.to_owned(), id: order.get() }
    }

    /// Nothing when it concerns no playbook: a task that is about no order.
    pub fn of(fact: &RecordedFact) -> Option<Self> {
        match words::whose(&fact.kind) {
            Whose::Own => {
                Some(Self { company: fact.company, kind: fact.subject_kind.clone(), id: fact.subject_id })
            }
            Whose::OrderNamed => {
                let order = fact.body.get("order")?;
                let id = order.as_i64().or_else(|| order.as_str()?.parse().ok())?;
                Some(Self::order_of(fact.company, OrderId::new(id)))
            }
        }
    }

    /// What [`Self::subject`] and [`Self::payload`] were put into.
    pub fn of_timer(due: &DueTimer) -> Self {
        let told = due.payload.get(ABOUT).and_then(Json::as_str);
        Self { company: due.company, kind: told.unwrap_or(orders::SUBJECT).to_owned(), id: due.subject_id }
    }

    pub fn order(&self) -> Option<OrderId> {
        (self.kind == orders::SUBJECT).then(|| OrderId::new(self.id))
    }

    pub fn subject(&self) -> Subject {
        Subject::new(if self.order().is_some() { orders::SUBJECT } else { "other" }, self.id)
    }

    /// Timers know subjects by words of the program: what is no order is told here.
    pub fn payload(&self) -> Json {
        if self.order().is_some() { json!({}) } else { json!({ ABOUT: self.kind }) }
    }

    /// What names it in keys; an order, of which there are most, by its number alone.
    pub fn key(&self) -> String {
        match self.order() {
            Some(order) => order.to_string(),
            None => format!("{}/{}", self.kind, self.id),
        }
    }
}
