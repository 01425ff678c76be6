//! What a shop's system sent. It is stored before it is read, so that nothing is lost when it cannot be
//! read, or when the node falls between the two.

use serde_json::Value;
use takt_kernel::{CompanyId, Fault, FieldFault, Id, Result, Timestamp, TokenId};
use takt_staff::Permit;
use takt_store::{Query, Row, Tx, params, sql};
use takt_work::{DueTimer, TimerKind, timers};

use crate::{
    Connection, ConnectionId, ManageConnections, differences,
    facts::{self, AppliedAgain, Dropped, Quarantined},
    get as connection, kinds,
};

pub enum MessageTag {}
pub type MessageId = Id<MessageTag>;

const FORGET_KIND: &str = "connections.forget_messages";
const DAY_SECONDS: i64 = 24 * 3600;
const KEPT_DAYS: i64 = 30;
const BATCH: i64 = 500;
const MOST_SHOWN: i64 = 200;

pub const FORGET: TimerKind =
    TimerKind { kind: FORGET_KIND, does: "forgets messages that were dealt with long ago", fire: forget };

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// Stored, not dealt with yet.
    Received,
    Applied,
    /// Refused for what it asked; its sender was told, and nothing is lost by it.
    Refused,
    /// Could not be applied, and something would be lost: it waits for a person.
    Quarantined,
    /// A person decided that it is not needed.
    Dropped,
}

impl State {
    pub const ALL: [Self; 5] =
        [Self::Received, Self::Applied, Self::Refused, Self::Quarantined, Self::Dropped];

    pub const fn code(self) -> &'static str {
        match self {
            Self::Received => "received",
            Self::Applied => "applied",
            Self::Refused => "refused",
            Self::Quarantined => "quarantined",
            Self::Dropped => "dropped",
        }
    }

    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.code() == code)
    }
}

/// A request as it came, without its key.
#[derive(Clone, Debug)]
pub struct NewMessage {
    pub token: TokenId,
    /// Method, path and query: `POST /api/v5/orders/create`.
    pub target: String,
    pub media: String,
    pub body: Vec<u8>,
}

#[derive(Clone, Debug)]
pub struct Message {
    pub company: CompanyId,
    pub id: MessageId,
    pub connection: ConnectionId,
    pub token: TokenId,
    pub received_at: Timestamp,
    pub target: String,
    pub media: String,
    pub body: Vec<u8>,
    pub state: State,
    /// What it is about, in the sender's own words: `order 1043`.
    pub about: Option<String>,
    /// Why it was refused, as a code with arguments.
    pub problem: Option<Value>,
    /// Fields that were left as they are, though the sender asked for something else.
    pub notes: Vec<String>,
    pub attempts: i64,
    pub done_at: Option<Timestamp>,
}

/// Stores a message. Whoever calls this deals with it next; what is left is found by a timer of the connection.
///
/// # Errors
/// Faults of the store.
pub fn receive(tx: &mut Tx<'_>, connection: &Connection, new: &NewMessage) -> Result<MessageId> {
    let id: MessageId = tx.new_id();
    let now = tx.now();
    tx.put(
        sql!(
            "insert into connection_message (company_id, id, connection_id, token_id, received_at, target, media,
               body, state, about, problem, notes, attempts, done_at)
             values (:company_id, :id, :connection_id, :token_id, :now, :target, :media, :body, 'received',
               null, null, null, 0, null)"
        ),
        params![
            company_id: connection.company, id: id, connection_id: connection.id, token_id: new.token, now: now,
            target: &new.target, media: &new.media, body: new.body.clone(),
        ],
    )?;
    Ok(id)
}

/// It was applied, in the transaction that applies it.
///
/// # Errors
/// `connections.message_done` when somebody else was faster: nothing may be applied twice.
pub fn applied(
    tx: &mut Tx<'_>,
    connection: &Connection,
    id: MessageId,
    about: Option<&str>,
    notes: &[String],
) -> Result<()> {
    let notes = (!notes.is_empty()).then(|| Value::from(notes.to_vec()).to_string());
    finish(tx, connection, id, State::Applied, about, None, notes)
}

/// It was refused; with `keep` it waits in quarantine for a person.
///
/// # Errors
/// Faults of the store.
pub fn refused(
    tx: &mut Tx<'_>,
    connection: &Connection,
    id: MessageId,
    about: Option<&str>,
    fault: &Fault,
    keep: bool,
) -> Result<()> {
    let state = if keep { State::Quarantined } else { State::Refused };
    finish(tx, connection, id, state, about, Some(problem(fault).to_string()), None)?;
    if keep {
        let fact =
            Quarantined { message: id.get(), about: about.map(str::to_owned), code: fault.code().to_owned() };
        let actor = takt_kernel::Actor::system("connections.quarantine");
        tx.say(facts::about(connection.company, connection.id, &actor), &fact)?;
    }
    Ok(())
}

fn finish(
    tx: &mut Tx<'_>,
    connection: &Connection,
    id: MessageId,
    state: State,
    about: Option<&str>,
    problem: Option<String>,
    notes: Option<String>,
) -> Result<()> {
    let now = tx.now();
    let changed = tx.execute(
        sql!(
            "update connection_message
             set state = :state, about = coalesce(:about, about), problem = :problem, notes = :notes,
               attempts = attempts + 1, done_at = :now
             where company_id = :company_id and id = :id and state in ('received', 'quarantined')"
        ),
        params![
            state: state.code(), about: about, problem: problem, notes: notes, now: now,
            company_id: connection.company, id: id,
        ],
    )?;
    if changed == 1 { Ok(()) } else { Err(Fault::conflict("connections.message_done")) }
}

/// A fault as it is kept: code, arguments and fields, to be said later in the reader's language.
pub(crate) fn problem(fault: &Fault) -> Value {
    let args = |args: &[(std::borrow::Cow<'static, str>, String)]| -> Value {
        args.iter().map(|(name, value)| (name.to_string(), Value::from(value.as_str()))).collect()
    };
    serde_json::json!({
        "code": fault.code(),
        "args": args(fault.args()),
        "fields": fault.fields().iter().map(|field| serde_json::json!({
            "path": field.path, "code": field.code, "args": args(&field.args),
        })).collect::<Vec<_>>(),
    })
}

/// The fault again out of what [`problem`] kept, for saying it to a reader.
pub(crate) fn fault_of(problem: &Value) -> Fault {
    let text =
        |value: &Value, name: &str| value.get(name).and_then(Value::as_str).unwrap_or_default().to_owned();
    let args = |value: &Value| -> Vec<(std::borrow::Cow<'static, str>, String)> {
        let args = value.get("args").and_then(Value::as_object);
        let pair = |(name, value): (&String, &Value)| {
            (name.clone().into(), value.as_str().unwrap_or_default().to_owned())
        };
        args.map(|args| args.iter().map(pair).collect()).unwrap_or_default()
    };
    let fields = problem.get("fields").and_then(Value::as_array).map_or(&[][..], Vec::as_slice);
    let fields = fields.iter().map(|field| FieldFault {
        path: text(field, "path"),
        code: text(field, "code").into(),
        args: args(field),
    });
    let fault = Fault::invalid(text(problem, "code")).with_fields(fields.collect());
    args(problem).into_iter().fold(fault, |fault, (name, value)| fault.arg(name, value))
}

/// # Errors
/// `connections.message_missing`.
pub fn get(db: &mut dyn Query, company: CompanyId, id: MessageId) -> Result<Message> {
    db.opt(
        sql!(
            "select company_id, id, connection_id, token_id, received_at, target, media, body, state, about,
               problem, notes, attempts, done_at
             from connection_message
             where company_id = :company_id and id = :id"
        ),
        params![company_id: company, id: id],
    )?
    .as_ref()
    .map(read)
    .transpose()?
    .ok_or_else(|| Fault::missing("connections.message_missing"))
}

/// The newest of a state, without their bodies.
///
/// # Errors
/// Faults of the store.
pub fn newest(
    db: &mut dyn Query,
    company: CompanyId,
    connection: ConnectionId,
    state: State,
    limit: i64,
) -> Result<Vec<Message>> {
    older(db, company, connection, state, None, limit)
}

/// As [`newest`], from one on; it is not among them.
pub(crate) fn older(
    db: &mut dyn Query,
    company: CompanyId,
    connection: ConnectionId,
    state: State,
    before: Option<MessageId>,
    limit: i64,
) -> Result<Vec<Message>> {
    let before = before.unwrap_or(MessageId::new(i64::MAX));
    let rows = db.all(
        sql!(
            "select company_id, id, connection_id, token_id, received_at, target, media, null as body, state, about,
               problem, notes, attempts, done_at
             from connection_message
             where company_id = :company_id and connection_id = :connection_id and state = :state
               and id < :before
             order by id desc
             limit :limit"
        ),
        params![
            company_id: company, connection_id: connection, state: state.code(), before: before,
            limit: limit.clamp(1, MOST_SHOWN),
        ],
    )?;
    rows.iter().map(read).collect()
}

/// How many of a state there are, up to a thousand.
///
/// # Errors
/// Faults of the store.
pub fn count(db: &mut dyn Query, company: CompanyId, connection: ConnectionId, state: State) -> Result<i64> {
    db.one(
        sql!(
            "select count(*) as kept
             from (select 1
               from connection_message
               where company_id = :company_id and connection_id = :connection_id and state = :state
               limit 1000) as counted"
        ),
        params![company_id: company, connection_id: connection, state: state.code()],
    )?
    .get("kept")
}

/// A message that nobody dealt with, and its place in the order of their coming.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Left {
    pub id: MessageId,
    pub received_at: Timestamp,
}

/// Those that nobody dealt with though they came before this moment, the oldest first.
pub(crate) fn left_over(
    db: &mut dyn Query,
    connection: &Connection,
    before: Timestamp,
    after: Option<Left>,
    limit: i64,
) -> Result<Vec<Left>> {
    let after = after.unwrap_or(Left { id: MessageId::new(0), received_at: Timestamp::from_micros(0) });
    let rows = db.all(
        sql!(
            "select id, received_at
             from connection_message
             where company_id = :company_id and connection_id = :connection_id and state = 'received'
               and received_at < :before and received_at >= :after_at
               and (received_at > :after_at or id > :after_id)
             order by received_at, id
             limit :limit"
        ),
        params![
            company_id: connection.company, connection_id: connection.id, before: before,
            after_at: after.received_at, after_id: after.id, limit: limit,
        ],
    )?;
    rows.iter().map(|row| Ok(Left { id: row.get("id")?, received_at: row.get("received_at")? })).collect()
}

/// Applies a message that waits in quarantine, with another body when somebody mended it.
///
/// # Errors
/// `connections.message_missing`, `connections.message_done`, and what its connector refuses.
pub fn apply_again(
    tx: &mut Tx<'_>,
    permit: &Permit<ManageConnections>,
    id: MessageId,
    mended: Option<Vec<u8>>,
) -> Result<()> {
    let mut message = get(tx, permit.company(), id)?;
    let connection = connection(tx, permit.company(), message.connection)?;
    if message.state != State::Quarantined {
        return Err(Fault::conflict("connections.message_done"));
    }
    let mended = mended.filter(|body| *body != message.body);
    let changed = mended.is_some();
    if let Some(body) = mended {
        tx.put(
            sql!(
                "update connection_message
                 set body = :body
                 where company_id = :company_id and id = :id"
            ),
            params![body: body.clone(), company_id: connection.company, id: id],
        )?;
        message.body = body;
    }
    run(tx, &connection, &message)?;
    tx.say(
        facts::about(connection.company, connection.id, permit.actor()),
        &AppliedAgain { message: id.get(), mended: changed },
    )
}

/// Lets its connector apply a message, and notes that it did.
pub(crate) fn run(tx: &mut Tx<'_>, connection: &Connection, message: &Message) -> Result<()> {
    let again = kinds::kind_of(&tx.slots(), &connection.kind)?.again;
    let notes = again(tx, connection, message)?;
    applied(tx, connection, message.id, None, &notes)
}

/// A person decided that a message in quarantine is not needed.
///
/// # Errors
/// `connections.message_missing`, `connections.message_done`.
pub fn drop_it(tx: &mut Tx<'_>, permit: &Permit<ManageConnections>, id: MessageId) -> Result<()> {
    let message = get(tx, permit.company(), id)?;
    if message.state != State::Quarantined {
        return Err(Fault::conflict("connections.message_done"));
    }
    let connection = connection(tx, permit.company(), message.connection)?;
    let problem = message.problem.map(|problem| problem.to_string());
    finish(tx, &connection, id, State::Dropped, None, problem, None)?;
    tx.say(facts::about(connection.company, connection.id, permit.actor()), &Dropped { message: id.get() })
}

pub(crate) fn forget_nightly(tx: &mut Tx<'_>, company: CompanyId, connection: ConnectionId) -> Result<()> {
    let at = tx.now().plus_seconds(DAY_SECONDS);
    let key = connection.to_string();
    timers::set(tx, company, FORGET_KIND, &key, facts::subject(connection), at, &Value::Null)
}

fn forget(tx: &mut Tx<'_>, due: &DueTimer) -> Result<()> {
    let connection = ConnectionId::new(due.subject_id);
    let before = tx.now().plus_seconds(-KEPT_DAYS * DAY_SECONDS);
    let forgotten = tx.execute(
        sql!(
            "delete from connection_message
             where company_id = :company_id and id in (
               select id
               from connection_message
               where company_id = :company_id and connection_id = :connection_id
                 and state <> 'received' and state <> 'quarantined' and done_at < :before
               order by done_at
               limit :batch)"
        ),
        params![company_id: due.company, connection_id: connection, before: before, batch: BATCH],
    )?;
    differences::forget_resolved(tx, due.company, connection)?;
    if i64::try_from(forgotten).unwrap_or(BATCH) < BATCH {
        return forget_nightly(tx, due.company, connection);
    }
    let at = tx.now().plus_seconds(1);
    timers::set(tx, due.company, FORGET_KIND, &due.key, facts::subject(connection), at, &Value::Null)
}

fn read(row: &Row) -> Result<Message> {
    let state: String = row.get("state")?;
    let json = |name: &str| -> Result<Option<Value>> {
        match row.get::<Option<String>>(name)? {
            Some(_) => row.json(name).map(Some),
            None => Ok(None),
        }
    };
    let notes = json("notes")?.and_then(|notes| serde_json::from_value(notes).ok()).unwrap_or_default();
    Ok(Message {
        company: row.get("company_id")?,
        id: row.get("id")?,
        connection: row.get("connection_id")?,
        token: row.get("token_id")?,
        received_at: row.get("received_at")?,
        target: row.get("target")?,
        media: row.get("media")?,
        body: row.get::<Option<Vec<u8>>>("body")?.unwrap_or_default(),
        state: State::from_code(&state)
            .ok_or_else(|| Fault::broken("connections.state_unknown").arg("given", state))?,
        about: row.get("about")?,
        problem: json("problem")?,
        notes,
        attempts: row.get("attempts")?,
        done_at: row.get("done_at")?,
    })
}
