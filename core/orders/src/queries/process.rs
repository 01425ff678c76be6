use takt_kernel::{CompanyId, Result, Timestamp};
use takt_staff::Scope;
use takt_store::{Query, Statement};

use super::{
    conditions::{filtered, in_order},
    list::{ListFilter, Sort},
};
use crate::{
    holder::{Holder, Milestone},
    rows::NEVER,
};

/// What the process has to know of an order in work.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InProcess {
    pub company: CompanyId,
    pub holder: Option<Holder>,
    pub milestone: Option<Milestone>,
    /// Since when that comes next.
    pub since: Timestamp,
    pub due_at: Option<Timestamp>,
    pub urgent: bool,
}

/// The orders in work that the caller may see, the nearest promise first, no more than `limit`.
///
/// # Errors
/// Faults of the store.
pub fn process(db: &mut dyn Query, scope: &Scope, limit: i64) -> Result<Vec<InProcess>> {
    let filter = ListFilter { in_work: true, sort: Sort::Promise, ..ListFilter::default() };
    let statement = Statement::new(
        "select orders.company_id, orders.holder, orders.milestone, orders.milestone_since, orders.due_at,
           orders.urgent
         from orders",
    );
    let statement = in_order(filtered(statement, scope, &filter, db.now()), Sort::Promise, None)
        .push("\nlimit :limit")
        .bind("limit", limit);
    db.all_of(&statement)?
        .iter()
        .map(|row| {
            let due_at: i64 = row.get("due_at")?;
            Ok(InProcess {
                company: row.get("company_id")?,
                holder: row.get::<Option<String>>("holder")?.as_deref().map(Holder::from_code).transpose()?,
                milestone: row.get::<Option<String>>("milestone")?.map(Milestone::own),
                since: row.get("milestone_since")?,
                due_at: (due_at != NEVER).then_some(Timestamp::from_micros(due_at)),
                urgent: row.get("urgent")?,
            })
        })
        .collect()
}
