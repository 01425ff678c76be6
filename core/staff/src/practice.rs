//! Companies in which somebody practises. They are companies like any other, so that everything works there as it
//! does in a shop; what leads outside asks [`is`] or [`refuse`] first. Each person has one at a time, it ends by
//! itself, and an installation has a bounded number of them.
//!
//! Ending one takes the only person out of it: nobody reaches it any more. Its facts stay in the log, as those of
//! every company do.

use futures::future::BoxFuture;
use serde_json::Value as Json;
use takt_kernel::{Actor, CompanyId, Fault, PersonId, Result, Slot, Timestamp, money::Money};
use takt_store::{Db, Query, Tx, params, sql};
use takt_work::{DueTimer, TimerKind, timers};

use crate::{
    calendar::{self, Holidays, Week},
    companies::{self, NewCompany},
    facts::{self, PracticeBegun, PracticeEnded},
    people,
    rights::{Permit, Role, RoleSet},
};

const KIND: &str = "staff.practice";
/// Of the whole installation, at one time.
const MOST_LIVING: i64 = 200;
/// Of one person, in a day.
const MOST_A_DAY: i64 = 10;
const LASTS_SECONDS: i64 = 24 * 3_600;
/// Everything that a shop's day needs; nothing of what a company is set up with.
const ROLES: [Role; 4] = [Role::Operator, Role::Warehouse, Role::Accountant, Role::Auditor];

pub(crate) const TIMER: TimerKind =
    TimerKind { kind: KIND, does: "ends a practice company whose time is over", fire };

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Practice {
    pub company: CompanyId,
    pub person: PersonId,
    pub began_at: Timestamp,
    pub ends_at: Timestamp,
}

/// Opens a practice company for a person; the one they had ends. It never closes, so that one may practise at night.
///
/// # Errors
/// `staff.practice_enough`, `staff.practice_full`.
pub fn begin(tx: &mut Tx<'_>, person: PersonId, new: &NewCompany) -> Result<CompanyId> {
    let now = tx.now();
    let today = tx.one(
        sql!(
            "select count(*) as practices
             from practice
             where person_id = :person_id and began_at > :since"
        ),
        params![person_id: person, since: now.plus_seconds(-24 * 3_600)],
    )?;
    if today.get::<i64>("practices")? >= MOST_A_DAY {
        return Err(Fault::conflict("staff.practice_enough"));
    }
    if let Some(practice) = of_person(tx, person)? {
        end(tx, practice.company)?;
    }
    let living = tx.one(
        sql!(
            "select count(*) as practices
             from practice
             where ends_at > :now and ended_at is null"
        ),
        params![now: now],
    )?;
    if living.get::<i64>("practices")? >= MOST_LIVING {
        return Err(Fault::unavailable("staff.practice_full"));
    }
    let actor = Actor::system(KIND);
    let company = companies::create(tx, &actor, new)?;
    calendar::edit(tx, &Permit::system(company, KIND), &Week::round_the_clock(), Holidays::None)?;
    let ends_at = now.plus_seconds(LASTS_SECONDS);
    tx.put(
        sql!(
            "insert into practice (company_id, person_id, began_at, ends_at, ended_at)
             values (:company_id, :person_id, :now, :ends_at, null)"
        ),
        params![company_id: company, person_id: person, now: now, ends_at: ends_at],
    )?;
    people::join(tx, company, person, RoleSet::from(&ROLES[..]), &actor)?;
    let about = facts::about_company(company, &actor);
    timers::set(tx, company, KIND, &company.to_string(), facts::company(company), ends_at, &Json::Null)?;
    tx.say(about, &PracticeBegun { person, ends_at })?;
    Ok(company)
}

/// Nobody reaches it any more. Ending it again is nothing.
///
/// # Errors
/// Faults of the store.
pub fn end(tx: &mut Tx<'_>, company: CompanyId) -> Result<()> {
    let ended = tx.execute(
        sql!(
            "update practice
             set ended_at = :now
             where company_id = :company_id and ended_at is null"
        ),
        params![now: tx.now(), company_id: company],
    )?;
    if ended == 0 {
        return Ok(());
    }
    tx.put(sql!("delete from membership where organisation_id = :company_id"), params![company_id: company])?;
    timers::cancel(tx, company, KIND, &company.to_string())?;
    tx.say(facts::about_company(company, &Actor::system(KIND)), &PracticeEnded {})
}

fn fire(tx: &mut Tx<'_>, timer: &DueTimer) -> Result<()> {
    end(tx, timer.company)
}

/// The one that a person has now.
///
/// # Errors
/// Faults of the store.
pub fn of_person(db: &mut dyn Query, person: PersonId) -> Result<Option<Practice>> {
    let row = db.opt(
        sql!(
            "select company_id, person_id, began_at, ends_at
             from practice
             where person_id = :person_id and ended_at is null
             order by began_at desc
             limit 1"
        ),
        params![person_id: person],
    )?;
    row.map(|row| {
        Ok(Practice {
            company: row.get("company_id")?,
            person: row.get("person_id")?,
            began_at: row.get("began_at")?,
            ends_at: row.get("ends_at")?,
        })
    })
    .transpose()
}

/// Whether a company is one in which somebody practises, or did.
///
/// # Errors
/// Faults of the store.
pub fn is(db: &mut dyn Query, company: CompanyId) -> Result<bool> {
    let rows = db.seldom(
        sql!("select company_id from practice where company_id = :company_id"),
        params![company_id: company],
    )?;
    Ok(!rows.is_empty())
}

/// For what leads outside.
///
/// # Errors
/// `staff.practice_only`.
pub fn refuse(db: &mut dyn Query, company: CompanyId) -> Result<()> {
    if is(db, company)? { Err(Fault::conflict("staff.practice_only")) } else { Ok(()) }
}

/// What a feature needs of its own before the first order of a practice company is placed.
pub type Prepare = fn(&mut Tx<'_>, CompanyId) -> Result<()>;
pub static PREPARE: Slot<Prepare> = Slot::new("staff.prepare practice");

/// Money that came to a practice company, and nobody can tell by itself what for.
#[derive(Clone, Debug)]
pub struct PracticeMoney {
    pub amount: Money,
    pub payer: String,
    pub purpose: String,
}

/// Lets it come; the person who practises answers for it.
pub type LetPay = fn(Db, CompanyId, PersonId, PracticeMoney) -> BoxFuture<'static, Result<()>>;
pub static LET_PAY: Slot<LetPay> = Slot::new("staff.let pay in practice");
