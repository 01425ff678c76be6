//! Questions of the outbox.

use std::collections::BTreeMap;

use takt_kernel::{CompanyId, Fault, Result};
use takt_orders::OrderId;
use takt_staff::Scope;
use takt_store::{Query, Row, Statement, params, sql};

use crate::notice::{Notice, NoticeId, State, notice_columns};

/// Beyond it nobody counts.
const COUNTED: i64 = 1_000;
const OF_ONE_ORDER: i64 = 100;

/// Newest first; `before` is the id after which the last page ended.
///
/// # Errors
/// Faults of the store.
pub fn list(
    db: &mut dyn Query,
    scope: &Scope,
    state: Option<State>,
    before: Option<NoticeId>,
    limit: i64,
) -> Result<Vec<Notice>> {
    let statement =
        Statement::new(concat!("select ", notice_columns!(), " from notice\nwhere company_id in "))
            .push(&scope.sql_list())
            .and_if(state.map(State::code), "\nand state = :state", "state")
            .and_if(before, "\nand id < :before", "before")
            .push("\norder by id desc\nlimit :limit")
            .bind("limit", limit);
    db.all_of(&statement)?.iter().map(Notice::read).collect()
}

/// How many there are of each state that asks for something.
///
/// # Errors
/// Faults of the store.
pub fn counts(db: &mut dyn Query, scope: &Scope) -> Result<BTreeMap<State, i64>> {
    let mut counts = BTreeMap::new();
    for state in [State::InDoubt, State::Failed, State::Queued] {
        let statement = Statement::new(
            "select count(*) as notices
             from (select id from notice where state = :state and company_id in ",
        )
        .push(&scope.sql_list())
        .push(" limit :most) counted")
        .bind("state", state.code())
        .bind("most", COUNTED);
        let row = db.opt_of(&statement)?.ok_or_else(|| Fault::broken("store.row_missing"))?;
        counts.insert(state, row.get("notices")?);
    }
    Ok(counts)
}

/// # Errors
/// `notifications.missing`, also for one that the scope leaves out.
pub fn visible(db: &mut dyn Query, scope: &Scope, id: NoticeId) -> Result<Notice> {
    let statement = Statement::new(concat!(
        "select ",
        notice_columns!(),
        " from notice\nwhere id = :id and company_id in "
    ))
    .push(&scope.sql_list())
    .bind("id", id);
    let row = db.opt_of(&statement)?;
    Notice::read(&row.ok_or_else(|| Fault::missing("notifications.missing").arg("given", id))?)
}

/// All that was told about an order, oldest first.
///
/// # Errors
/// Faults of the store.
pub fn of_order(db: &mut dyn Query, company: CompanyId, order: OrderId) -> Result<Vec<Notice>> {
    let rows: Vec<Row> = db.all(
        sql!(concat!(
            "select ",
            notice_columns!(),
            " from notice
              where company_id = :company_id and order_id = :order_id
              order by id
              limit :limit"
        )),
        params![company_id: company, order_id: order, limit: OF_ONE_ORDER],
    )?;
    rows.iter().map(Notice::read).collect()
}
