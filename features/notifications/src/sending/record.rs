//! What is written down before and after the mail server is talked to.

use lettre::message::Mailbox;
use takt_kernel::{Actor, CompanyId, Result, Timestamp};
use takt_store::{Query, Tx, params, sql};

use super::{
    SEND,
    letter::{Letter, may_repeat},
    worth_until,
};
use crate::{
    commands::lock,
    facts::{self, Failed, InDoubt, Sent},
    notice::{Notice, NoticeId, State},
};

/// Why a message is not there yet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Trouble {
    pub kind: TroubleKind,
    /// A code with a text.
    pub problem: &'static str,
    /// What the other server said.
    pub reply: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum TroubleKind {
    /// Nobody was to blame yet; it is no attempt.
    Waits,
    Passing,
    Never,
    /// The text went over and no answer came.
    Unknown,
}

impl Trouble {
    pub(super) fn new(kind: TroubleKind, problem: &'static str, reply: &str) -> Self {
        let reply = crate::policy::one_line(reply).chars().take(300).collect();
        Self { kind, problem, reply }
    }
    /// The server itself, and not this message: the next one would fare no better.
    pub(super) fn is_of_the_server(&self) -> bool {
        let codes = ["no_connection", "no_security", "sign_in_refused"];
        self.kind == TroubleKind::Passing
            && self.problem.strip_prefix("notifications.").is_some_and(|code| codes.contains(&code))
    }

    /// The label in the metrics.
    pub(super) fn outcome(&self) -> &'static str {
        match self.kind {
            TroubleKind::Waits => "no_server",
            TroubleKind::Passing if self.is_of_the_server() => "server_away",
            TroubleKind::Passing => "put_off",
            TroubleKind::Never => "refused",
            TroubleKind::Unknown => "in_doubt",
        }
    }

    pub(super) fn waits(problem: &'static str) -> Self {
        Self::new(TroubleKind::Waits, problem, "")
    }
    pub(super) fn never(problem: &'static str, reply: &str) -> Self {
        Self::new(TroubleKind::Never, problem, reply)
    }
}

/// What is to be sent, if it is.
pub(super) fn begin(
    tx: &mut Tx,
    company: CompanyId,
    id: NoticeId,
    installation: &Mailbox,
) -> Result<Option<Letter>> {
    let notice = lock(tx, company, id)?;
    match notice.state {
        State::Queued => {}
        State::Sending if may_repeat(tx, &notice)? => {}
        State::Sending => {
            doubt(tx, &notice)?;
            return Ok(None);
        }
        State::Sent | State::Failed | State::InDoubt => return Ok(None),
    }
    if tx.now() > worth_until(notice.queued_at) {
        fail(tx, &notice, notice.problem.as_deref().unwrap_or("notifications.too_old"))?;
        return Ok(None);
    }
    Letter::of(tx, notice, installation).map(Some)
}

/// From here on a crash leaves a doubt. Answers whether it is still to be sent: its person may have been erased while
/// the server was talked to.
pub(super) fn sending(tx: &mut Tx, company: CompanyId, id: NoticeId) -> Result<bool> {
    let now = tx.now();
    let begun = tx.execute(
        sql!(
            "update notice
             set state = 'sending', updated_at = :now
             where company_id = :company_id and id = :id and state in ('queued', 'sending')"
        ),
        params![now: now, company_id: company, id: id],
    )?;
    Ok(begun > 0)
}

pub(super) fn sent(tx: &mut Tx, company: CompanyId, id: NoticeId) -> Result<()> {
    let notice = lock(tx, company, id)?;
    if notice.state == State::Sent {
        return Ok(());
    }
    mark_sent(tx, &notice, notice.attempts + 1, &Actor::system(SEND))
}

pub(crate) fn mark_sent(tx: &mut Tx, notice: &Notice, attempts: i64, actor: &Actor) -> Result<()> {
    let now = tx.now();
    tx.put(
        sql!(
            "update notice
             set state = 'sent', attempts = :attempts, problem = null, reply = null, sent_at = :now, updated_at = :now
             where company_id = :company_id and id = :id"
        ),
        params![attempts: attempts, now: now, company_id: notice.company, id: notice.id],
    )?;
    let said = Sent { notice: notice.id, event: notice.event.code().to_owned(), attempts };
    facts::say(tx, notice, actor, &said)
}

/// Answers when there is another attempt.
pub(super) fn trouble(
    tx: &mut Tx,
    company: CompanyId,
    id: NoticeId,
    trouble: &Trouble,
    wait_seconds: i64,
) -> Result<Option<Timestamp>> {
    let notice = lock(tx, company, id)?;
    if !matches!(notice.state, State::Queued | State::Sending) {
        return Ok(None);
    }
    let again = tx.now().plus_seconds(wait_seconds);
    let counts = i64::from(trouble.kind != TroubleKind::Waits);
    note(tx, &notice, notice.attempts + counts, trouble)?;
    match trouble.kind {
        TroubleKind::Unknown if !may_repeat(tx, &notice)? => doubt(tx, &notice).map(|()| None),
        TroubleKind::Never => fail(tx, &notice, trouble.problem).map(|()| None),
        TroubleKind::Waits | TroubleKind::Passing | TroubleKind::Unknown => Ok(Some(again)),
    }
}

fn note(tx: &mut Tx, notice: &Notice, attempts: i64, trouble: &Trouble) -> Result<()> {
    let now = tx.now();
    tx.put(
        sql!(
            "update notice
             set state = 'queued', attempts = :attempts, problem = :problem, reply = :reply, updated_at = :now
             where company_id = :company_id and id = :id"
        ),
        params![
            attempts: attempts, problem: trouble.problem, reply: &trouble.reply, now: now,
            company_id: notice.company, id: notice.id,
        ],
    )
}

fn doubt(tx: &mut Tx, notice: &Notice) -> Result<()> {
    set_state(tx, notice, State::InDoubt, "notifications.nobody_knows")?;
    let said = InDoubt { notice: notice.id, event: notice.event.code().to_owned() };
    facts::say(tx, notice, &Actor::system(SEND), &said)
}

fn fail(tx: &mut Tx, notice: &Notice, problem: &str) -> Result<()> {
    set_state(tx, notice, State::Failed, problem)?;
    let said =
        Failed { notice: notice.id, event: notice.event.code().to_owned(), problem: problem.to_owned() };
    facts::say(tx, notice, &Actor::system(SEND), &said)
}

fn set_state(tx: &mut Tx, notice: &Notice, state: State, problem: &str) -> Result<()> {
    let now = tx.now();
    tx.put(
        sql!(
            "update notice
             set state = :state, problem = :problem, updated_at = :now
             where company_id = :company_id and id = :id"
        ),
        params![state: state.code(), problem: problem, now: now, company_id: notice.company, id: notice.id],
    )
}
