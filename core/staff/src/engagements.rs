//! A desk works for a company: from, until, with the roles the company lends. One desk at a time,
//! so that every order has one list it is on. An ended engagement opens nothing from that moment.

use serde_json::Value as Json;
use takt_kernel::{Actor, CompanyId, Fault, OrganisationId, Result, Timestamp};
use takt_store::{Query, Row, Tx, params, sql};
use takt_work::{DueTimer, TimerKind, timers};

use crate::{
    companies::{self, OrganisationKind},
    facts::{self, Engaged, EngagementBegan, EngagementEnded},
    input::field,
    rights::{Permit, Role, RoleSet, own::ManageEngagements},
};

const KIND: &str = "staff.engagement";

pub(crate) const TIMER: TimerKind =
    TimerKind { kind: KIND, does: "says that an engagement begins or ends at its date", fire };

/// What its timers are called by.
const BEGAN: &str = "began";
const ENDED: &str = "ended";

#[derive(Clone, Debug)]
pub struct Engagement {
    pub id: i64,
    pub company: CompanyId,
    pub desk: OrganisationId,
    pub desk_name: String,
    pub from: Timestamp,
    pub until: Option<Timestamp>,
    pub roles: RoleSet,
}

impl Engagement {
    pub fn is_over(&self, now: Timestamp) -> bool {
        self.until.is_some_and(|until| until <= now)
    }
}

#[derive(Clone, Debug)]
pub struct NewEngagement {
    pub desk: OrganisationId,
    pub from: Timestamp,
    pub until: Option<Timestamp>,
    pub roles: RoleSet,
}

/// # Errors
/// `staff.desk_missing`, `staff.already_engaged`, `staff.owner_is_not_lent`, `staff.roles_required`,
/// `staff.ends_before_it_begins`.
pub fn start(tx: &mut Tx<'_>, permit: &Permit<ManageEngagements>, new: &NewEngagement) -> Result<i64> {
    let company = companies::get(tx, permit.company())?;
    check(tx, &company, new)?;
    tx.one(
        sql!("select id from organisation where id = :id {pg:for update|sqlite:}"),
        params![id: company.id],
    )?;
    let overlaps = list(tx, company.id)?.into_iter().any(|other| {
        new.until.is_none_or(|until| other.from < until) && other.until.is_none_or(|until| new.from < until)
    });
    if overlaps {
        return Err(Fault::conflict("staff.already_engaged"));
    }
    let id = tx.new_id::<()>().get();
    tx.put(
        sql!(
            "insert into engagement (company_id, id, desk_id, from_at, until_at, roles, created_at)
             values (:company_id, :id, :desk_id, :from_at, :until_at, :roles, :now)"
        ),
        params![
            company_id: company.id, id: id, desk_id: new.desk, from_at: new.from, until_at: new.until,
            roles: new.roles.to_string(), now: tx.now(),
        ],
    )?;
    let said = Engaged { engagement: id, desk: new.desk, from: new.from, until: new.until, roles: new.roles };
    tx.say(facts::about_company(company.id, permit.actor()), &said)?;
    if new.from > tx.now() {
        set_timer(tx, company.id, id, BEGAN, new.from)?;
    }
    if let Some(until) = new.until {
        set_timer(tx, company.id, id, ENDED, until)?;
    }
    Ok(id)
}

fn set_timer(tx: &mut Tx<'_>, company: CompanyId, id: i64, what: &str, at: Timestamp) -> Result<()> {
    let subject = facts::about_company(company, &Actor::system(KIND)).subject;
    timers::set(tx, company, KIND, &format!("{id}/{what}"), subject, at, &Json::Null)
}

/// Looks at the engagement as it is now. Who works for the company goes by the clock; who keeps rows of it hears here
/// that it is another.
fn fire(tx: &mut Tx<'_>, timer: &DueTimer) -> Result<()> {
    let Some((id, what)) = timer.key.split_once('/') else { return Ok(()) };
    let found = list(tx, timer.company)?.into_iter().find(|one| one.id.to_string() == id);
    let Some(engagement) = found else { return Ok(()) };
    let (now, actor) = (tx.now(), Actor::system(KIND));
    let about = facts::about_company(timer.company, &actor);
    let (engagement_id, desk) = (engagement.id, engagement.desk);
    match (what, engagement.until) {
        (BEGAN, _) if engagement.from <= now && !engagement.is_over(now) => {
            tx.say(about, &EngagementBegan { engagement: engagement_id, desk })
        }
        (ENDED, Some(at)) if at <= now => {
            tx.say(about, &EngagementEnded { engagement: engagement_id, desk, at })
        }
        _ => Ok(()),
    }
}

fn check(tx: &mut Tx<'_>, company: &companies::Company, new: &NewEngagement) -> Result<()> {
    let desk =
        companies::get(tx, new.desk).map_err(|fault| field("desk", "staff.desk_missing").because(fault))?;
    if desk.kind != OrganisationKind::Desk || company.kind != OrganisationKind::Company {
        return Err(field("desk", "staff.desk_missing"));
    }
    if new.roles.is_empty() {
        return Err(field("roles", "staff.roles_required"));
    }
    if new.roles.contains(Role::Owner) {
        return Err(field("roles", "staff.owner_is_not_lent"));
    }
    if new.until.is_some_and(|until| until <= new.from) {
        return Err(field("until", "staff.ends_before_it_begins"));
    }
    Ok(())
}

/// Ends an engagement now, or before it began.
///
/// # Errors
/// `staff.engagement_missing`, `staff.engagement_over`.
pub fn end(tx: &mut Tx<'_>, permit: &Permit<ManageEngagements>, id: i64) -> Result<()> {
    let now = tx.now();
    let engagement = list(tx, permit.company())?
        .into_iter()
        .find(|engagement| engagement.id == id)
        .ok_or_else(|| Fault::missing("staff.engagement_missing"))?;
    if engagement.is_over(now) {
        return Err(Fault::conflict("staff.engagement_over"));
    }
    tx.put(
        sql!(
            "update engagement
             set until_at = :now
             where company_id = :company_id and id = :id"
        ),
        params![company_id: permit.company(), id: id, now: now],
    )?;
    for what in [BEGAN, ENDED] {
        timers::cancel(tx, permit.company(), KIND, &format!("{id}/{what}"))?;
    }
    tx.say(
        facts::about_company(permit.company(), permit.actor()),
        &EngagementEnded { engagement: id, desk: engagement.desk, at: now },
    )
}

/// All engagements of a company, the newest first.
pub fn list(db: &mut dyn Query, company: CompanyId) -> Result<Vec<Engagement>> {
    let rows = db.all(
        sql!(
            "select e.company_id, e.id, e.desk_id, o.name as desk_name, e.from_at, e.until_at, e.roles
             from engagement e
             join organisation o on o.id = e.desk_id
             where e.company_id = :company_id
             order by e.from_at desc, e.id desc
             limit 500"
        ),
        params![company_id: company],
    )?;
    rows.iter().map(read).collect()
}

/// For whom a desk works at this moment.
pub fn engaged_companies(db: &mut dyn Query, desk: OrganisationId) -> Result<Vec<CompanyId>> {
    let rows = db.all(
        sql!(
            "select company_id
             from engagement
             where desk_id = :desk_id
               and from_at <= :now
               and (until_at is null or until_at > :now)
             order by company_id
             limit 5000"
        ),
        params![desk_id: desk, now: db.now()],
    )?;
    rows.iter().map(|row| row.get("company_id")).collect()
}

fn read(row: &Row) -> Result<Engagement> {
    Ok(Engagement {
        id: row.get("id")?,
        company: row.get("company_id")?,
        desk: row.get("desk_id")?,
        desk_name: row.get("desk_name")?,
        from: row.get("from_at")?,
        until: row.get("until_at")?,
        roles: row.get::<String>("roles")?.parse()?,
    })
}
