//! What a person reaches from where they work: their own organisations, and from a desk the
//! companies it is engaged by at this moment. One question per request.

use takt_kernel::{CompanyId, OrganisationId, PersonId, Result};
use takt_store::{Query, Row, params, sql};

use crate::{
    companies::{self, Company, OrganisationKind},
    rights::{Role, RoleSet, Scope},
};

/// An organisation and what its reader is in it.
#[derive(Clone, Debug)]
pub struct CompanyAccess {
    pub company: Company,
    pub roles: RoleSet,
}

impl CompanyAccess {
    pub fn id(&self) -> OrganisationId {
        self.company.id
    }
    pub fn name(&self) -> &str {
        &self.company.name
    }
}

/// Everything one person reaches from one workplace.
#[derive(Clone, Debug)]
pub struct Access {
    pub workplace: CompanyAccess,
    /// All organisations of the person, for the switch.
    pub workplaces: Vec<CompanyAccess>,
    /// The companies whose data are visible: the workplace itself, or those the desk works for.
    pub companies: Vec<CompanyAccess>,
}

impl Access {
    /// What the person is in an organisation, if it is visible from here at all.
    pub fn to(&self, organisation: OrganisationId) -> Option<&CompanyAccess> {
        std::iter::once(&self.workplace).chain(&self.companies).find(|access| access.id() == organisation)
    }

    pub fn scope(&self) -> Scope {
        match self.workplace.company.kind {
            OrganisationKind::Company => Scope::Company { company: self.workplace.id(), shops: None },
            OrganisationKind::Desk => Scope::Desk {
                desk: self.workplace.id(),
                companies: self.companies.iter().map(CompanyAccess::id).collect(),
            },
        }
    }
}

/// None when the person belongs nowhere any more. Somebody who lost their workplace goes on in the
/// first place that is left.
pub(crate) fn of(db: &mut dyn Query, person: PersonId, workplace: OrganisationId) -> Result<Option<Access>> {
    let rows = db.all(
        sql!(
            "select o.id, o.kind, o.name, o.name_s, o.currency, o.zone, o.lang, m.role as roles, false as lent
             from membership m
             join organisation o on o.id = m.organisation_id
             where m.person_id = :person_id
             union all
             select o.id, o.kind, o.name, o.name_s, o.currency, o.zone, o.lang, e.roles, true as lent
             from engagement e
             join organisation o on o.id = e.company_id
             where e.desk_id = :workplace_id
               and e.from_at <= :now
               and (e.until_at is null or e.until_at > :now)
             order by name_s, id
             limit 10000"
        ),
        params![person_id: person, workplace_id: workplace, now: db.now()],
    )?;
    let (mut own, mut lent) = (Vec::new(), Vec::new());
    for row in &rows {
        let into = if row.get("lent")? { &mut lent } else { &mut own };
        add(into, row)?;
    }
    let Some(workplace) = own.iter().find(|access| access.id() == workplace).or(own.first()).cloned() else {
        return Ok(None);
    };
    let companies = visible(&workplace, lent);
    Ok(Some(Access { workplace, workplaces: own, companies }))
}

fn add(into: &mut Vec<CompanyAccess>, row: &Row) -> Result<()> {
    let company = companies::read(row)?;
    let roles: RoleSet = row.get::<String>("roles")?.parse()?;
    match into.last_mut() {
        Some(last) if last.id() == company.id => last.roles = last.roles.union(roles),
        Some(_) | None => into.push(CompanyAccess { company, roles }),
    }
    Ok(())
}

fn visible(workplace: &CompanyAccess, lent: Vec<CompanyAccess>) -> Vec<CompanyAccess> {
    match workplace.company.kind {
        OrganisationKind::Company => vec![workplace.clone()],
        OrganisationKind::Desk => lent
            .into_iter()
            .map(|access| CompanyAccess { roles: workplace.roles.as_lent(access.roles), ..access })
            .filter(|access| !access.roles.is_empty())
            .collect(),
    }
}

/// The roles a person has in a company by any way: as a member, or through a desk it engages now.
pub fn roles_in(db: &mut dyn Query, company: CompanyId, person: PersonId) -> Result<RoleSet> {
    let rows = db.all(
        sql!(
            "select m.role as held, m.role as lent
             from membership m
             where m.person_id = :person_id and m.organisation_id = :company_id
             union all
             select m.role as held, e.roles as lent
             from engagement e
             join membership m on m.organisation_id = e.desk_id and m.person_id = :person_id
             where e.company_id = :company_id
               and e.from_at <= :now
               and (e.until_at is null or e.until_at > :now)
             limit 100"
        ),
        params![person_id: person, company_id: company, now: db.now()],
    )?;
    rows.iter().try_fold(RoleSet::EMPTY, |roles, row| {
        let held: Role = row.get::<String>("held")?.parse()?;
        let lent: RoleSet = row.get::<String>("lent")?.parse()?;
        Ok(roles.union(RoleSet::from(held).as_lent(lent)))
    })
}

/// Somebody who works for a company, by whatever way.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reaching {
    pub person: PersonId,
    pub name: String,
    pub roles: RoleSet,
}

/// Everybody who works for a company: its members, and those of the desk that it engages now with the roles that it
/// lent; by name.
///
/// # Errors
/// Faults of the store.
pub fn reaching(db: &mut dyn Query, company: CompanyId) -> Result<Vec<Reaching>> {
    let rows = db.all(
        sql!(
            "select m.person_id, p.name, m.role as held, m.role as lent
             from membership m
             join person p on p.id = m.person_id
             where m.organisation_id = :company_id
             union all
             select m.person_id, p.name, m.role as held, e.roles as lent
             from engagement e
             join membership m on m.organisation_id = e.desk_id
             join person p on p.id = m.person_id
             where e.company_id = :company_id
               and e.from_at <= :now
               and (e.until_at is null or e.until_at > :now)
             order by name, person_id
             limit 5000"
        ),
        params![company_id: company, now: db.now()],
    )?;
    let mut found: Vec<Reaching> = Vec::new();
    for row in &rows {
        let held: Role = row.get::<String>("held")?.parse()?;
        let roles = RoleSet::from(held).as_lent(row.get::<String>("lent")?.parse()?);
        if roles.is_empty() {
            continue;
        }
        let person = row.get("person_id")?;
        match found.last_mut() {
            Some(last) if last.person == person => last.roles = last.roles.union(roles),
            Some(_) | None => found.push(Reaching { person, name: row.get("name")?, roles }),
        }
    }
    Ok(found)
}
