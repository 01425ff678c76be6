//! People are one each for the whole installation, known by e-mail; memberships say what they are
//! in an organisation. An organisation sees its own members and nobody else.

use std::collections::BTreeMap;

use takt_kernel::{Actor, Fault, OrganisationId, PersonId, Result, fold};
use takt_store::{Change, Query, Row, Tx, params, sql};
use takt_ui::Lang;

use crate::{
    facts::{self, PersonJoined, ProfileEdited, RolesChanged},
    input::{self, required_name},
    rights::{Permit, Role, RoleSet, own::ManagePeople},
};

#[derive(Clone, Debug)]
pub struct Person {
    pub id: PersonId,
    pub email: String,
    pub name: String,
    pub lang: Lang,
    pub(crate) password_hash: Option<String>,
}

/// A person as an organisation knows them.
#[derive(Clone, Debug)]
pub struct Member {
    pub person: PersonId,
    pub name: String,
    pub email: String,
    pub roles: RoleSet,
}

pub(crate) struct NewPerson<'a> {
    pub email: &'a str,
    pub name: &'a str,
    pub lang: Lang,
    pub password_hash: &'a str,
}

/// A person who nobody knew. The e-mail must be free; [`by_email`] was asked before.
pub(crate) fn create(tx: &mut Tx<'_>, new: &NewPerson<'_>) -> Result<PersonId> {
    let email = input::email(new.email)?;
    let id = tx.new_id();
    let added = tx.execute(
        sql!(
            "insert into person (id, email, email_s, name, password_hash, lang, created_at)
             values (:id, :email, :email_s, :name, :password_hash, :lang, :now)
             on conflict (email_s) do nothing"
        ),
        params![
            id: id, email: email, email_s: fold(email), name: new.name, password_hash: new.password_hash,
            lang: new.lang.code(), now: tx.now(),
        ],
    )?;
    if added == 0 {
        return Err(Fault::conflict("staff.email_taken"));
    }
    Ok(id)
}

/// # Errors
/// `staff.person_missing`.
pub fn get(db: &mut dyn Query, person: PersonId) -> Result<Person> {
    let row = db.opt(
        sql!(
            "select id, email, name, lang, password_hash
             from person
             where id = :id"
        ),
        params![id: person],
    )?;
    row.as_ref().map(read).transpose()?.ok_or_else(missing)
}

pub(crate) fn by_email(db: &mut dyn Query, email: &str) -> Result<Option<Person>> {
    let row = db.opt(
        sql!(
            "select id, email, name, lang, password_hash
             from person
             where email_s = :email_s"
        ),
        params![email_s: fold(email)],
    )?;
    row.as_ref().map(read).transpose()
}

fn read(row: &Row) -> Result<Person> {
    Ok(Person {
        id: row.get("id")?,
        email: row.get("email")?,
        name: row.get("name")?,
        lang: row.get::<String>("lang")?.parse()?,
        password_hash: row.get("password_hash")?,
    })
}

/// The people of one organisation by name, with all their roles.
pub fn members(db: &mut dyn Query, organisation: OrganisationId) -> Result<Vec<Member>> {
    let rows = db.all(
        sql!(
            "select m.person_id, p.name, p.email, m.role
             from membership m
             join person p on p.id = m.person_id
             where m.organisation_id = :organisation_id
             order by p.name, p.email, m.role
             limit 6000"
        ),
        params![organisation_id: organisation],
    )?;
    let mut members: Vec<Member> = Vec::new();
    for row in &rows {
        let person = row.get("person_id")?;
        let role: Role = row.get::<String>("role")?.parse()?;
        match members.last_mut() {
            Some(last) if last.person == person => last.roles = last.roles.with(role),
            Some(_) | None => members.push(Member {
                person,
                name: row.get("name")?,
                email: row.get("email")?,
                roles: role.into(),
            }),
        }
    }
    Ok(members)
}

/// Names of people, for histories and lists. Ids that name nobody are left out.
pub fn names(db: &mut dyn Query, people: &[PersonId]) -> Result<BTreeMap<PersonId, String>> {
    let mut names = BTreeMap::new();
    for person in people {
        if !names.contains_key(person)
            && let Some(row) =
                db.opt(sql!("select id, name from person where id = :id"), params![id: *person])?
        {
            names.insert(*person, row.get("name")?);
        }
    }
    Ok(names)
}

/// The roles one person holds in an organisation; empty when they are no member.
pub fn roles(db: &mut dyn Query, organisation: OrganisationId, person: PersonId) -> Result<RoleSet> {
    let rows = db.all(
        sql!(
            "select role
             from membership
             where organisation_id = :organisation_id and person_id = :person_id
             order by role
             limit 20"
        ),
        params![organisation_id: organisation, person_id: person],
    )?;
    rows.iter().map(|row| row.get::<String>("role")?.parse::<Role>()).collect()
}

/// Adds roles to whatever the person already is there.
pub(crate) fn join(
    tx: &mut Tx<'_>,
    organisation: OrganisationId,
    person: PersonId,
    added: RoleSet,
    actor: &Actor,
) -> Result<()> {
    let old = roles(tx, organisation, person)?;
    let new = old.union(added);
    for role in new.iter().filter(|role| !old.contains(*role)) {
        add_role(tx, organisation, person, role)?;
    }
    let about = facts::about_person(organisation, person, actor);
    if old.is_empty() {
        tx.say(about, &PersonJoined { person, roles: new })
    } else if old == new {
        Ok(())
    } else {
        tx.say_changes(about, &RolesChanged { person, old, new }, vec![roles_change(old, new)])
    }
}

/// Gives a member exactly these roles; none means that they leave. Their sessions stay, since other
/// organisations may have given them a place too, but open nothing here any more.
///
/// # Errors
/// `staff.person_missing`, `staff.last_owner`.
pub fn set_roles(
    tx: &mut Tx<'_>,
    permit: &Permit<ManagePeople>,
    person: PersonId,
    new: RoleSet,
) -> Result<()> {
    let organisation = permit.company();
    lock(tx, organisation)?;
    let old = roles(tx, organisation, person)?;
    if old.is_empty() {
        return Err(missing());
    }
    if old == new {
        return Ok(());
    }
    if old.contains(Role::Owner) && !new.contains(Role::Owner) && !other_owner(tx, organisation, person)? {
        return Err(Fault::conflict("staff.last_owner"));
    }
    tx.put(
        sql!(
            "delete from membership
             where organisation_id = :organisation_id and person_id = :person_id"
        ),
        params![organisation_id: organisation, person_id: person],
    )?;
    for role in new.iter() {
        add_role(tx, organisation, person, role)?;
    }
    tx.say_changes(
        facts::about_person(organisation, person, permit.actor()),
        &RolesChanged { person, old, new },
        vec![roles_change(old, new)],
    )
}

/// Two owners who dismiss each other at once must not leave nobody. The row is written anew: after a
/// lock alone the second would go on with the owners it saw before it waited.
fn lock(tx: &mut Tx<'_>, organisation: OrganisationId) -> Result<()> {
    tx.execute(sql!("update organisation set name = name where id = :id"), params![id: organisation])?;
    Ok(())
}

fn other_owner(db: &mut dyn Query, organisation: OrganisationId, person: PersonId) -> Result<bool> {
    let row = db.opt(
        sql!(
            "select person_id
             from membership
             where organisation_id = :organisation_id and role = 'owner' and person_id <> :person_id
             limit 1"
        ),
        params![organisation_id: organisation, person_id: person],
    )?;
    Ok(row.is_some())
}

fn add_role(tx: &mut Tx<'_>, organisation: OrganisationId, person: PersonId, role: Role) -> Result<()> {
    tx.put(
        sql!(
            "insert into membership (organisation_id, person_id, role, since)
             values (:organisation_id, :person_id, :role, :now)
             on conflict (organisation_id, person_id, role) do nothing"
        ),
        params![organisation_id: organisation, person_id: person, role: role.code(), now: tx.now()],
    )
}

fn roles_change(old: RoleSet, new: RoleSet) -> Change {
    Change::of("roles", Some(old.to_string()), Some(new.to_string()))
}

/// The person's own name, language and theme.
///
/// # Errors
/// `staff.name_required`.
pub fn edit_profile(
    tx: &mut Tx<'_>,
    person: PersonId,
    workplace: OrganisationId,
    name: &str,
    lang: Lang,
    theme: &str,
) -> Result<()> {
    let name = required_name(name)?;
    let old = get(tx, person)?;
    tx.put(
        sql!(
            "update person
             set name = :name, lang = :lang, theme = :theme
             where id = :id"
        ),
        params![id: person, name: name, lang: lang.code(), theme: theme],
    )?;
    let changes = [
        Change::if_any("name", &old.name, name).map(Change::personal),
        Change::if_any("lang", old.lang.code(), lang.code()),
    ];
    let actor = Actor::Person { person };
    let changes = changes.into_iter().flatten().collect();
    tx.say_changes(facts::about_person(workplace, person, &actor), &ProfileEdited {}, changes)
}

pub(crate) fn set_password_hash(tx: &mut Tx<'_>, person: PersonId, hash: &str) -> Result<()> {
    tx.put(
        sql!("update person set password_hash = :password_hash where id = :id"),
        params![id: person, password_hash: hash],
    )
}

fn missing() -> Fault {
    Fault::missing("staff.person_missing")
}
