//! Organisations: companies, which own shops and data, and desks, which work for companies.

use serde::{Deserialize, Serialize};
use takt_kernel::{Actor, CompanyId, Fault, OrganisationId, Result, Timestamp, fold, money::Currency};
use takt_store::{Change, Query, Row, Tx, params, sql};
use takt_ui::Lang;

use crate::{
    calendar::{self, Holidays},
    facts::{self, CompanyCreated, CompanyEdited},
    input::{required_name, zone},
    people,
    rights::{Permit, Role, own::ManageCompany},
};

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OrganisationKind {
    Company,
    Desk,
}

impl OrganisationKind {
    pub const fn code(self) -> &'static str {
        match self {
            Self::Company => "company",
            Self::Desk => "desk",
        }
    }
    /// # Errors
    /// `staff.organisation_kind_unknown`.
    pub fn from_code(code: &str) -> Result<Self> {
        [Self::Company, Self::Desk]
            .into_iter()
            .find(|kind| kind.code() == code)
            .ok_or_else(|| Fault::invalid("staff.organisation_kind_unknown").arg("given", code))
    }
}

/// A company or a desk.
#[derive(Clone, Debug)]
pub struct Company {
    pub id: OrganisationId,
    pub kind: OrganisationKind,
    pub name: String,
    pub currency: Currency,
    pub zone: jiff::tz::TimeZone,
    pub zone_name: String,
    pub lang: Lang,
}

#[derive(Clone, Debug)]
pub struct NewCompany {
    pub name: String,
    pub kind: OrganisationKind,
    pub currency: Currency,
    pub zone: String,
    pub lang: Lang,
}

/// Opens an organisation. Whoever opens it as a person owns it. One that counts in roubles keeps
/// the Russian production calendar until somebody says otherwise.
///
/// # Errors
/// `staff.name_required`, `staff.zone_unknown`.
pub fn create(tx: &mut Tx<'_>, actor: &Actor, new: &NewCompany) -> Result<CompanyId> {
    let name = required_name(&new.name)?;
    zone(&new.zone)?;
    let id = tx.new_id();
    tx.put(
        sql!(
            "insert into organisation (id, kind, name, name_s, currency, zone, lang, created_at)
             values (:id, :kind, :name, :name_s, :currency, :zone, :lang, :now)"
        ),
        params![
            id: id, kind: new.kind.code(), name: name, name_s: fold(name), currency: new.currency,
            zone: &new.zone, lang: new.lang.code(), now: tx.now(),
        ],
    )?;
    let holidays = if new.currency == Currency::RUB { Holidays::Russia } else { Holidays::None };
    calendar::seed(tx, id, holidays)?;
    let said = CompanyCreated {
        kind: new.kind,
        name: name.to_owned(),
        currency: new.currency,
        zone: new.zone.clone(),
        lang: new.lang.code().to_owned(),
    };
    tx.say(facts::about_company(id, actor), &said)?;
    if let Some(person) = actor.person() {
        people::join(tx, id, person, Role::Owner.into(), actor)?;
    }
    Ok(id)
}

/// # Errors
/// `staff.name_required`, `staff.zone_unknown`, `staff.company_missing`.
pub fn edit(
    tx: &mut Tx<'_>,
    permit: &Permit<ManageCompany>,
    name: &str,
    zone_name: &str,
    lang: Lang,
) -> Result<()> {
    let name = required_name(name)?;
    zone(zone_name)?;
    let old = get(tx, permit.company())?;
    tx.put(
        sql!(
            "update organisation
             set name = :name, name_s = :name_s, zone = :zone, lang = :lang
             where id = :id"
        ),
        params![id: old.id, name: name, name_s: fold(name), zone: zone_name, lang: lang.code()],
    )?;
    let changes = [
        Change::if_any("name", &old.name, name),
        Change::if_any("zone", &old.zone_name, zone_name),
        Change::if_any("lang", old.lang.code(), lang.code()),
    ];
    let said =
        CompanyEdited { name: name.to_owned(), zone: zone_name.to_owned(), lang: lang.code().to_owned() };
    let changes = changes.into_iter().flatten().collect();
    tx.say_changes(facts::about_company(old.id, permit.actor()), &said, changes)
}

/// # Errors
/// `staff.company_missing`.
pub fn get(db: &mut dyn Query, id: OrganisationId) -> Result<Company> {
    find(db, id)?.ok_or_else(|| missing(id))
}

fn find(db: &mut dyn Query, id: OrganisationId) -> Result<Option<Company>> {
    let rows = db.seldom(
        sql!(
            "select id, kind, name, currency, zone, lang
             from organisation
             where id = :id"
        ),
        params![id: id],
    )?;
    rows.first().map(read).transpose()
}

/// All companies of the installation, by their ids. For an operator of the machine.
///
/// # Errors
/// Faults of the store.
pub fn all(db: &mut dyn Query) -> Result<Vec<Company>> {
    let rows = db.all(
        sql!(
            "select id, kind, name, currency, zone, lang
             from organisation
             where kind = :kind
             order by id
             limit 100000"
        ),
        params![kind: OrganisationKind::Company.code()],
    )?;
    rows.iter().map(read).collect()
}

/// Finds an organisation as a command line names it. For an operator of the machine, and for a
/// company that looks up a desk it was told of; never for searching.
///
/// # Errors
/// `staff.company_missing`, `staff.company_ambiguous`.
pub fn by_name_or_id(db: &mut dyn Query, given: &str) -> Result<Company> {
    if let Ok(id) = given.parse()
        && let Some(company) = find(db, id)?
    {
        return Ok(company);
    }
    let rows = db.all(
        sql!(
            "select id, kind, name, currency, zone, lang
             from organisation
             where name_s = :name_s
             order by id
             limit 2"
        ),
        params![name_s: fold(given)],
    )?;
    match rows.as_slice() {
        [] => Err(missing(given)),
        [only] => read(only),
        [..] => Err(Fault::conflict("staff.company_ambiguous").arg("given", given)),
    }
}

/// Whose desk a company's orders are on: the engaged desk's, else its own.
pub fn desk_of(db: &mut dyn Query, company: CompanyId) -> Result<OrganisationId> {
    let engagements = db.seldom(
        sql!(
            "select desk_id, from_at, until_at
             from engagement
             where company_id = :company_id
             order by from_at
             limit 1000"
        ),
        params![company_id: company],
    )?;
    let now = db.now();
    for engagement in engagements.iter() {
        let until: Option<Timestamp> = engagement.get("until_at")?;
        if engagement.get::<Timestamp>("from_at")? <= now && until.is_none_or(|until| until > now) {
            return engagement.get("desk_id");
        }
    }
    Ok(company)
}

pub(crate) fn read(row: &Row) -> Result<Company> {
    let zone_name: String = row.get("zone")?;
    Ok(Company {
        id: row.get("id")?,
        kind: OrganisationKind::from_code(&row.get::<String>("kind")?)?,
        name: row.get("name")?,
        currency: row.get("currency")?,
        zone: zone(&zone_name)?,
        zone_name,
        lang: row.get::<String>("lang")?.parse()?,
    })
}

pub(crate) fn missing(given: impl std::fmt::Display) -> Fault {
    Fault::missing("staff.company_missing").arg("given", given)
}
