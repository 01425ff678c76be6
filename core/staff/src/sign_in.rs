//! Signing in. Whoever asks learns only whether it worked: an unknown e-mail, a wrong password and
//! a person without a place answer alike and take alike.

use takt_kernel::{Actor, Fault, OrganisationId, PersonId, Result, Timestamp, fold};
use takt_store::{About, Change, Db, Query, Row, Tx, params, sql};
use takt_ui::Lang;

use crate::{
    facts::{self, PasswordChanged, SignInRefused, SignedIn},
    input::field,
    passwords,
    people::{self, Person},
    sessions::{self, Origin, SessionId},
    throttle::{Counters, Verdict},
};

pub(crate) use crate::throttle::WINDOW_SECONDS;

/// Wrong, whatever was wrong.
pub const REFUSED: &str = "staff.sign_in_refused";
pub const TOO_OFTEN: &str = "staff.sign_in_too_often";

/// A session that has just begun.
#[derive(Clone, Debug)]
pub struct Entered {
    pub secret: String,
    pub person: PersonId,
    pub lang: Lang,
}

enum Counted {
    Wait,
    Look(Option<Person>),
}

/// # Errors
/// `staff.sign_in_refused`, `staff.sign_in_too_often`.
pub async fn sign_in(db: &Db, email: &str, password: &str, origin: Origin) -> Result<Entered> {
    let email = fold(email);
    let (counting, from) = (email.clone(), origin.clone());
    let counted = db.write("staff.count_sign_in", move |tx| count(tx, &counting, &from)).await?;
    let Counted::Look(person) = counted else {
        return Err(Fault::unavailable(TOO_OFTEN).arg("seconds", WINDOW_SECONDS));
    };
    let stored = person.as_ref().and_then(|person| person.password_hash.clone());
    let right = passwords::verify(password, stored).await?;
    let entered = db
        .write("staff.finish_sign_in", move |tx| match &person {
            Some(person) if right => enter(tx, person, &email, &origin),
            Some(person) => refuse(tx, Some(person.id), "wrong_password", &origin).map(|()| None),
            None => refuse(tx, None, "unknown", &origin).map(|()| None),
        })
        .await?;
    entered.ok_or_else(|| Fault::denied(REFUSED))
}

fn count(tx: &mut Tx<'_>, email: &str, origin: &Origin) -> Result<Counted> {
    let verdict = Counters::new(email, &origin.network).count(tx)?;
    let person = people::by_email(tx, email)?;
    match verdict {
        Verdict::GoOn => return Ok(Counted::Look(person)),
        Verdict::WaitFromNow => refuse(tx, person.map(|person| person.id), "too_often", origin)?,
        Verdict::Wait => {}
    }
    Ok(Counted::Wait)
}

fn enter(tx: &mut Tx<'_>, person: &Person, email: &str, origin: &Origin) -> Result<Option<Entered>> {
    let Some(workplace) = workplace(tx, person.id)? else { return Ok(None) };
    Counters::new(email, &origin.network).forgive(tx)?;
    let secret = open_session(tx, person.id, workplace, origin)?;
    Ok(Some(Entered { secret, person: person.id, lang: person.lang }))
}

/// Starts a session and puts it on record. Whoever calls has proved who the person is.
pub(crate) fn open_session(
    tx: &mut Tx<'_>,
    person: PersonId,
    workplace: OrganisationId,
    origin: &Origin,
) -> Result<String> {
    let (session, secret) = sessions::start(tx, person, workplace, origin)?;
    record(tx, workplace, person, "signed_in", origin)?;
    let actor = Actor::Person { person };
    tx.say_changes(
        facts::about_person(workplace, person, &actor),
        &SignedIn { session: session.get() },
        vec![address(origin)],
    )?;
    Ok(secret)
}

/// Puts a refusal on record where the person would have come in. One for an e-mail that nobody has
/// belongs to the installation: it takes the same writes, so that not even the time tells.
fn refuse(tx: &mut Tx<'_>, person: Option<PersonId>, why: &'static str, origin: &Origin) -> Result<()> {
    let nobody = PersonId::new(0);
    let workplace = workplace(tx, person.unwrap_or(nobody))?.unwrap_or(About::INSTALLATION);
    record(tx, workplace, person.unwrap_or(nobody), why, origin)?;
    let subject = person.unwrap_or_else(|| tx.new_id());
    let actor = Actor::system("staff.sign_in");
    tx.say_changes(
        facts::about_person(workplace, subject, &actor),
        &SignInRefused { why: why.to_owned() },
        vec![address(origin)],
    )
}

fn address(origin: &Origin) -> Change {
    Change::of("address", None, Some(origin.ip.clone())).personal()
}

fn record(
    tx: &mut Tx<'_>,
    organisation: OrganisationId,
    person: PersonId,
    outcome: &str,
    origin: &Origin,
) -> Result<()> {
    let id = tx.new_id::<()>();
    tx.put(
        sql!(
            "insert into sign_in (organisation_id, id, at, person_id, outcome, ip, agent)
             values (:organisation_id, :id, :now, :person_id, :outcome, :ip, :agent)"
        ),
        params![
            organisation_id: organisation, id: id, now: tx.now(), person_id: person, outcome: outcome,
            ip: &origin.ip, agent: origin.agent.chars().take(300).collect::<String>(),
        ],
    )
}

/// Where a person goes on working: where they were last, else the first place they have.
fn workplace(db: &mut dyn Query, person: PersonId) -> Result<Option<OrganisationId>> {
    let row = db.opt(
        sql!(
            "select m.organisation_id
             from membership m
             join person p on p.id = m.person_id
             where m.person_id = :person_id
             order by case when m.organisation_id = p.workplace_id then 0 else 1 end, m.organisation_id
             limit 1"
        ),
        params![person_id: person],
    )?;
    row.map(|row| row.get("organisation_id")).transpose()
}

/// One line of the record of sign-ins.
#[derive(Clone, Debug)]
pub struct Attempt {
    pub at: Timestamp,
    pub person: PersonId,
    pub name: String,
    pub outcome: String,
    pub ip: String,
    pub agent: String,
}

/// Who came into an organisation and who was refused, the newest first.
pub fn attempts(db: &mut dyn Query, organisation: OrganisationId, limit: i64) -> Result<Vec<Attempt>> {
    let rows = db.all(
        sql!(
            "select s.id, s.at, s.person_id, p.name, s.outcome, s.ip, s.agent
             from sign_in s
             join person p on p.id = s.person_id
             where s.organisation_id = :organisation_id
             order by s.at desc, s.id desc
             limit :limit"
        ),
        params![organisation_id: organisation, limit: limit],
    )?;
    rows.iter().map(read).collect()
}

fn read(row: &Row) -> Result<Attempt> {
    Ok(Attempt {
        at: row.get("at")?,
        person: row.get("person_id")?,
        name: row.get("name")?,
        outcome: row.get("outcome")?,
        ip: row.get("ip")?,
        agent: row.get("agent")?,
    })
}

/// Changes one's own password; all other sessions end, since one of them may be the reason. Counted
/// like a sign-in: a borrowed session must not try out passwords.
///
/// # Errors
/// `staff.password_wrong` at the field `current`, `staff.password_too_short` at `password`,
/// `staff.sign_in_too_often`.
pub async fn change_password(
    db: &Db,
    person: PersonId,
    workplace: OrganisationId,
    session: SessionId,
    current: &str,
    new: &str,
    origin: Origin,
) -> Result<()> {
    passwords::check(new)?;
    let from = origin.clone();
    let counted = db
        .write("staff.count_password_change", move |tx| {
            let email = fold(&people::get(tx, person)?.email);
            count(tx, &email, &from)
        })
        .await?;
    let Counted::Look(Some(known)) = counted else {
        return Err(Fault::unavailable(TOO_OFTEN).arg("seconds", WINDOW_SECONDS));
    };
    if !passwords::verify(current, known.password_hash.clone()).await? {
        return Err(field("current", "staff.password_wrong"));
    }
    let hash = passwords::hash(db.entropy(), new).await?;
    db.write("staff.change_password", move |tx| {
        Counters::new(&fold(&known.email), &origin.network).forgive(tx)?;
        people::set_password_hash(tx, person, &hash)?;
        sessions::end_all(tx, person, workplace, Some(session))?;
        let actor = Actor::Person { person };
        tx.say(facts::about_person(workplace, person, &actor), &PasswordChanged {})
    })
    .await
}
