//! A draft in the shadow: what it would do beside the version that runs. Asked when somebody looks, from the facts;
//! it speaks to nobody else and writes nothing.

use std::{collections::BTreeSet, sync::Arc};

use takt_kernel::{CompanyId, Result, Timestamp};
use takt_orders::{OrderId, facts::SUBJECT};
use takt_playbook_language::Playbook;
use takt_store::{Query, params, sql};
use takt_tasks::past::usual_seconds;
use takt_ui::Lang;

use super::{
    backtest::{Difference, MOST_TOLD, compare},
    company::{CompanyPast, Needed},
    story,
};

/// So much of the log is looked through for orders that something happened to.
const LOOKED_THROUGH: i64 = 5_000;
const MOST_ORDERS: usize = 300;
const MONTH_SECONDS: i64 = 31 * 86_400;

#[derive(Clone, Debug, Default)]
pub struct Shadow {
    /// Orders that were looked at: the latest that something happened to.
    pub orders: usize,
    /// What the draft would have done otherwise, the latest first.
    pub differences: Vec<Difference>,
}

/// # Errors
/// Faults of the store.
pub fn shadow(
    db: &mut dyn Query,
    company: CompanyId,
    playbook: &Arc<Playbook>,
    since: Timestamp,
) -> Result<Shadow> {
    let after = takt_store::facts::position_before(db, since, 60)?;
    let rows = db.all(
        sql!(
            "select subject_id
             from fact_position
             where company_id = :company_id and position > :after and subject_kind = :subject_kind
             order by position desc
             limit :limit"
        ),
        params![company_id: company, after: after, subject_kind: SUBJECT, limit: LOOKED_THROUGH],
    )?;
    let mut orders = BTreeSet::new();
    for row in &rows {
        if orders.len() < MOST_ORDERS {
            orders.insert(row.get::<OrderId>("subject_id")?);
        }
    }
    let (now, past) = (db.now(), CompanyPast::load(db, company, Lang::Ru, Needed::All)?);
    let usual = usual_seconds(db, company, now.plus_seconds(-MONTH_SECONDS), now)?;
    let orders: Vec<OrderId> = orders.into_iter().collect();
    let mut shadow = Shadow { orders: orders.len(), differences: Vec::new() };
    for story in story::stories(db, company, &orders)? {
        let of_order = compare(&story.facts, &past, playbook, &usual, now)?;
        shadow.differences.extend(of_order.differences.into_iter().filter(|found| found.at >= since));
    }
    shadow.differences.sort_by_key(|found| std::cmp::Reverse(found.at));
    shadow.differences.truncate(MOST_TOLD);
    Ok(shadow)
}
