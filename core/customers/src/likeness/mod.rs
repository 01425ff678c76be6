//! Cards that may be of one person although no identity says so: found now and then over the whole base, put before
//! people with what tells so, and never merged by the program.

mod compare;
mod look;

pub(crate) use look::{JOB, job};

use takt_kernel::{CompanyId, Result};
use takt_staff::{Permit, Scope};
use takt_store::{About, Query, Row, Statement, Tx, params, sql};

use crate::{CustomerId, EditCustomers, Listed, facts, facts::ConflictDismissed, queries};

/// Pairs that are shown at once.
const SHOWN: i64 = 100;

/// What tells that two cards may be one person's.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Evidence {
    /// A phone and an e-mail of one order belong to the two.
    OneOrder,
    /// The whole name is the same, and one is known by a phone only, the other by an e-mail only.
    SameName,
    /// The same name, and the same line in both notes: an address, a firm.
    SameNote,
    /// Phones that differ in one digit, with names alike.
    PhoneDigit,
    /// E-mails that differ in one letter, with names alike.
    EmailTypo,
}

impl Evidence {
    const ALL: [Self; 5] =
        [Self::OneOrder, Self::SameName, Self::SameNote, Self::PhoneDigit, Self::EmailTypo];

    pub const fn code(self) -> &'static str {
        match self {
            Self::OneOrder => "one_order",
            Self::SameName => "same_name",
            Self::SameNote => "same_note",
            Self::PhoneDigit => "phone_digit",
            Self::EmailTypo => "email_typo",
        }
    }

    fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|evidence| evidence.code() == code)
    }
}

/// Two cards that may be one person's.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pair {
    pub one: Listed,
    pub other: Listed,
    pub evidence: Vec<Evidence>,
}

/// The pairs that wait for somebody's word, the newest first. A pair of which one is a pointer or erased by now waits no
/// more.
///
/// # Errors
/// Faults of the store.
pub fn pairs(db: &mut dyn Query, scope: &Scope) -> Result<Vec<Pair>> {
    let statement = Statement::new(
        "select pair.evidence, one.company_id, one.id, one.name, one.phone, one.email, one.merged_into, one.created_at,
           other.id as other_id, other.name as other_name, other.phone as other_phone, other.email as other_email,
           other.created_at as other_created_at
         from (
           select company_id, one_id, other_id, evidence, found_at
           from customer_likeness
           where dismissed_at is null and company_id in ",
    )
    .push(&scope.sql_list())
    .push(
        "
           union all
           select company_id, by_phone, by_email, 'one_order', found_at
           from customer_conflict
           where dismissed_at is null and company_id in ",
    )
    .push(&scope.sql_list())
    .push(
        "
         ) as pair
         join customer as one on one.company_id = pair.company_id and one.id = pair.one_id
         join customer as other on other.company_id = pair.company_id and other.id = pair.other_id
         where one.merged_into is null and other.merged_into is null
           and one.erased_at is null and other.erased_at is null
         order by pair.found_at desc, pair.one_id, pair.other_id
         limit :limit",
    )
    .bind("limit", SHOWN);
    db.all_of(&statement)?.iter().map(read).collect()
}

fn read(row: &Row) -> Result<Pair> {
    let codes: String = row.get("evidence")?;
    let other = Listed {
        company: row.get("company_id")?,
        id: row.get("other_id")?,
        name: row.get("other_name")?,
        phone: row.get("other_phone")?,
        email: row.get("other_email")?,
        merged: false,
        created_at: row.get("other_created_at")?,
    };
    let evidence = codes.split(' ').filter_map(Evidence::from_code).collect();
    Ok(Pair { one: queries::listed(row)?, other, evidence })
}

/// Says that two cards that looked alike are of two persons, however they were found; the pair is not shown again.
///
/// # Errors
/// `customers.missing`.
pub fn tell_apart(
    tx: &mut Tx,
    permit: &Permit<EditCustomers>,
    one: CustomerId,
    other: CustomerId,
) -> Result<()> {
    let company = permit.company();
    for customer in [one, other] {
        crate::rows::standing_for(tx, company, customer)?;
    }
    // A colleague may have said so a moment before.
    if forget_pair(tx, company, one, other)? + crate::commands::dismiss_pair(tx, company, one, other)? == 0 {
        return Ok(());
    }
    tx.say(About::new(company, facts::subject(one), permit.actor()), &ConflictDismissed { other })
}

/// The pair waits for nobody any more.
pub(crate) fn forget_pair(
    tx: &mut Tx,
    company: CompanyId,
    one: CustomerId,
    other: CustomerId,
) -> Result<u64> {
    let now = tx.now();
    tx.execute(
        sql!(
            "update customer_likeness
             set dismissed_at = :now
             where company_id = :company_id and dismissed_at is null
               and (one_id = :one and other_id = :other or one_id = :other and other_id = :one)"
        ),
        params![now: now, company_id: company, one: one, other: other],
    )
}
