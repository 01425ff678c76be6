//! One account, day by day: what was there, what came, what went, what is there, and whether that is proved.

use std::collections::BTreeMap;

use takt_kernel::{
    CompanyId, Result,
    money::{Currency, Money},
};
use takt_store::{Query, params, sql};

use super::{
    gaps::{self, Gap},
    statements,
};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DayState {
    /// A statement of the day adds up, and nothing is missing.
    Proved,
    Missing,
    /// No statement covers the day yet.
    Unproved,
}

#[derive(Clone, Debug)]
pub struct Day {
    /// An ISO date.
    pub on: String,
    pub opening: Option<Money>,
    pub came: Money,
    pub went: Money,
    pub closing: Option<Money>,
    pub state: DayState,
}

/// The days of an interval, newest first.
///
/// # Errors
/// Faults of the store.
pub fn days(
    db: &mut dyn Query,
    company: CompanyId,
    account: &str,
    currency: Currency,
    from: &str,
    until: &str,
) -> Result<Vec<Day>> {
    let stated = statements::within(db, company, account, from, until)?;
    let gaps = gaps::open_of_account(db, company, account, 200)?;
    let sums = sums(db, company, account, from, until)?;
    let (Ok(mut day), Ok(first)) = (until.parse::<jiff::civil::Date>(), from.parse::<jiff::civil::Date>())
    else {
        return Ok(Vec::new());
    };
    let mut days = Vec::new();
    while day >= first {
        let on = day.to_string();
        let covering: Vec<_> = stated
            .iter()
            .filter(|statement| statement.from <= on && statement.until >= on && statement.closing.is_some())
            .collect();
        let (came, went) = sums.get(&on).copied().unwrap_or_default();
        let state = if gaps.iter().any(|gap| touches(gap, &on)) {
            DayState::Missing
        } else if covering.is_empty() {
            DayState::Unproved
        } else {
            DayState::Proved
        };
        let newest = |wanted: &dyn Fn(&statements::Stated) -> Option<Money>| {
            covering
                .iter()
                .max_by_key(|statement| (statement.received_at, statement.id))
                .and_then(|statement| wanted(statement))
        };
        days.push(Day {
            opening: newest(&|statement| statement.opening.filter(|_| statement.from == on)),
            closing: newest(&|statement| statement.closing.filter(|_| statement.until == on)),
            came: Money::new(came, currency),
            went: Money::new(went, currency),
            state,
            on,
        });
        let Ok(before) = day.yesterday() else { break };
        day = before;
    }
    Ok(days)
}

fn touches(gap: &Gap, on: &str) -> bool {
    gap.from.as_str() <= on && gap.until.as_str() >= on
}

/// What came and went on each day, by all lines that stand for a movement of their own: those that are counted, and
/// those that are held for another reason than that the movement may be known already or is none yet.
pub(super) fn sums(
    db: &mut dyn Query,
    company: CompanyId,
    account: &str,
    from: &str,
    until: &str,
) -> Result<BTreeMap<String, (i64, i64)>> {
    db.all(
        sql!(
            "select booked_on,
               cast(coalesce(sum(case when incoming or (incoming is null and outcome = 'payments.own_transfer')
                 then amount_minor else 0 end), 0) as bigint) as came,
               cast(coalesce(sum(case when not incoming then amount_minor else 0 end), 0) as bigint) as went
             from bank_line
             where company_id = :company_id
               and own_account_id = (select id from bank_account where company_id = :company_id and account = :account)
               and booked_on >= :from_on and booked_on <= :until_on
               and (state in ('posted', 'suggested', 'other', 'outgoing')
                 or (state = 'held' and outcome in ('payments.held_reversal', 'payments.held_came_back', 'payments.held_failed',
                   'payments.held_voucher_lost_right', 'payments.held_key_revoked', 'payments.held_other_seller')))
             group by booked_on
             order by booked_on
             limit 40000"
        ),
        params![company_id: company, account: account, from_on: from, until_on: until],
    )?
    .iter()
    .map(|row| Ok((row.get("booked_on")?, (row.get("came")?, row.get("went")?))))
    .collect()
}
