//! Invitations: a link that lets somebody take a place in an organisation. Who has no account yet
//! chooses a name and a password; who has one proves it by that password, so that no owner can get
//! at an account that other organisations trust too.

use takt_kernel::{Actor, Fault, OrganisationId, PersonId, Result, Timestamp, failpoint, fold};
use takt_store::{Change, Db, Query, Row, Tx, params, sql};
use takt_ui::Lang;

use crate::{
    facts::{self, InvitationWithdrawn, PersonInvited},
    input::{self, field},
    passwords,
    people::{self, NewPerson},
    rights::{Permit, RoleSet, own::ManagePeople},
    secret,
    sessions::{self, Origin},
    sign_in,
    throttle::{Counters, Verdict},
};

const LIFETIME_SECONDS: i64 = 7 * 24 * 3600;

#[derive(Clone, Debug)]
pub struct Invitation {
    pub id: i64,
    pub organisation: OrganisationId,
    pub organisation_name: String,
    pub email: String,
    pub roles: RoleSet,
    pub lang: Lang,
    pub expires_at: Timestamp,
    /// Whether the invited person signs in already.
    pub known: bool,
}

/// Invites somebody; answers the secret of the link `/invite/{secret}`. A new invitation for the
/// same address replaces the old one.
///
/// # Errors
/// `staff.email_malformed`, `staff.roles_required`, `staff.already_member`.
pub fn invite(
    tx: &mut Tx<'_>,
    permit: &Permit<ManagePeople>,
    email: &str,
    roles: RoleSet,
    lang: Lang,
) -> Result<String> {
    let organisation = permit.company();
    let email = input::email(email)?;
    if roles.is_empty() {
        return Err(field("roles", "staff.roles_required"));
    }
    if let Some(person) = people::by_email(tx, email)?
        && !people::roles(tx, organisation, person.id)?.is_empty()
    {
        return Err(field("email", "staff.already_member"));
    }
    withdraw_all(tx, organisation, email)?;
    let secret = secret::new(tx.entropy())?;
    let id = tx.new_id::<()>();
    let expires_at = tx.now().plus_seconds(LIFETIME_SECONDS);
    tx.put(
        sql!(
            "insert into invitation
               (organisation_id, id, secret_hash, email, email_s, roles, lang, created_at, expires_at)
             values (:organisation_id, :id, :secret_hash, :email, :email_s, :roles, :lang, :now, :expires_at)"
        ),
        params![
            organisation_id: organisation, id: id, secret_hash: secret::digest(&secret), email: email,
            email_s: fold(email), roles: roles.to_string(), lang: lang.code(), now: tx.now(),
            expires_at: expires_at,
        ],
    )?;
    tx.say_changes(
        facts::about_company(organisation, permit.actor()),
        &PersonInvited { invitation: id.get(), roles, expires_at },
        vec![Change::of("email", None, Some(email.to_owned())).personal()],
    )?;
    Ok(secret)
}

fn withdraw_all(tx: &mut Tx<'_>, organisation: OrganisationId, email: &str) -> Result<()> {
    tx.put(
        sql!(
            "delete from invitation
             where organisation_id = :organisation_id and email_s = :email_s and used_at is null"
        ),
        params![organisation_id: organisation, email_s: fold(email)],
    )
}

/// Takes an open invitation back; one that is not there is taken back already.
pub fn withdraw(tx: &mut Tx<'_>, permit: &Permit<ManagePeople>, id: i64) -> Result<()> {
    let withdrawn = tx.execute(
        sql!(
            "delete from invitation
             where organisation_id = :organisation_id and id = :id and used_at is null"
        ),
        params![organisation_id: permit.company(), id: id],
    )?;
    if withdrawn == 0 {
        return Ok(());
    }
    let about = facts::about_company(permit.company(), permit.actor());
    tx.say(about, &InvitationWithdrawn { invitation: id })
}

/// Invitations that wait for an answer.
pub fn open(db: &mut dyn Query, organisation: OrganisationId) -> Result<Vec<Invitation>> {
    let rows = db.all(
        sql!(
            "select i.id, i.organisation_id, o.name, i.email, i.roles, i.lang, i.expires_at, p.id as person_id
             from invitation i
             join organisation o on o.id = i.organisation_id
             left join person p on p.email_s = i.email_s and p.password_hash is not null
             where i.organisation_id = :organisation_id and i.used_at is null and i.expires_at > :now
             order by i.expires_at, i.id
             limit 500"
        ),
        params![organisation_id: organisation, now: db.now()],
    )?;
    rows.iter().map(read).collect()
}

/// # Errors
/// `staff.invitation_missing`: unknown, used or too old.
pub fn by_secret(db: &mut dyn Query, secret: &str) -> Result<Invitation> {
    let row = db.opt(
        sql!(
            "select i.id, i.organisation_id, o.name, i.email, i.roles, i.lang, i.expires_at, p.id as person_id
             from invitation i
             join organisation o on o.id = i.organisation_id
             left join person p on p.email_s = i.email_s and p.password_hash is not null
             where i.secret_hash = :secret_hash and i.used_at is null and i.expires_at > :now"
        ),
        params![secret_hash: secret::digest(secret), now: db.now()],
    )?;
    row.as_ref().map(read).transpose()?.ok_or_else(missing)
}

fn read(row: &Row) -> Result<Invitation> {
    Ok(Invitation {
        id: row.get("id")?,
        organisation: row.get("organisation_id")?,
        organisation_name: row.get("name")?,
        email: row.get("email")?,
        roles: row.get::<String>("roles")?.parse()?,
        lang: row.get::<String>("lang")?.parse()?,
        expires_at: row.get("expires_at")?,
        known: row.get::<Option<i64>>("person_id")?.is_some(),
    })
}

/// Takes the place; answers the secret of a session that begins there.
///
/// # Errors
/// `staff.invitation_missing`, `staff.name_required`, `staff.password_too_short`,
/// `staff.password_wrong`, `staff.sign_in_too_often`.
pub async fn accept(db: &Db, link: &str, name: &str, password: &str, origin: Origin) -> Result<String> {
    let (looked, from) = (link.to_owned(), origin.clone());
    let (invitation, person) = db
        .write("staff.open_invitation", move |tx| {
            let invitation = by_secret(tx, &looked)?;
            let person = people::by_email(tx, &invitation.email)?.filter(|_| invitation.known);
            let verdict = Counters::new(&fold(&invitation.email), &from.network).count(tx)?;
            Ok((verdict == Verdict::GoOn).then_some((invitation, person)))
        })
        .await?
        .ok_or_else(|| Fault::unavailable(sign_in::TOO_OFTEN).arg("seconds", sign_in::WINDOW_SECONDS))?;
    let new_hash = match &person {
        Some(known) => {
            if !passwords::verify(password, known.password_hash.clone()).await? {
                return Err(field("password", "staff.password_wrong"));
            }
            None
        }
        None => {
            input::required_name(name)
                .map_err(|fault| field("name", "staff.name_required").because(fault))?;
            Some(passwords::hash(db.entropy(), password).await?)
        }
    };
    failpoint::reach("staff.invitation.proved");
    let (link, name) = (link.to_owned(), name.trim().to_owned());
    db.write("staff.accept_invitation", move |tx| {
        let used = use_up(tx, &link)?;
        let person = match &new_hash {
            None => person.as_ref().map(|known| known.id).ok_or_else(missing)?,
            Some(hash) => take_account(tx, &invitation, &name, hash)?,
        };
        Counters::new(&fold(&invitation.email), &origin.network).forgive(tx)?;
        people::join(tx, used, person, invitation.roles, &Actor::Person { person })?;
        sessions::remember_workplace(tx, person, used)?;
        sign_in::open_session(tx, person, used, &origin)
    })
    .await
}

fn use_up(tx: &mut Tx<'_>, link: &str) -> Result<OrganisationId> {
    let row = tx.opt(
        sql!(
            "update invitation
             set used_at = :now
             where secret_hash = :secret_hash and used_at is null and expires_at > :now
             returning organisation_id"
        ),
        params![secret_hash: secret::digest(link), now: tx.now()],
    )?;
    row.ok_or_else(missing)?.get("organisation_id")
}

fn take_account(tx: &mut Tx<'_>, invitation: &Invitation, name: &str, hash: &str) -> Result<PersonId> {
    match people::by_email(tx, &invitation.email)? {
        Some(known) if known.password_hash.is_some() => Err(Fault::conflict("staff.email_taken")),
        Some(known) => people::set_password_hash(tx, known.id, hash).map(|()| known.id),
        None => people::create(
            tx,
            &NewPerson { email: &invitation.email, name, lang: invitation.lang, password_hash: hash },
        ),
    }
}

fn missing() -> Fault {
    Fault::missing("staff.invitation_missing")
}
