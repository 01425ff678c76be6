//! What is missing. A gap is opened once per kind and key; one that healed and breaks again opens anew.

use takt_kernel::{
    Actor, CompanyId, Id, Result, Timestamp,
    money::{Currency, Money},
};
use takt_store::{About, Fact as _, Query, RecordedFact, Row, Statement as Sql, Subject, Tx, params, sql};
use takt_work::Listener;

use super::statements::StatementId;
use crate::{
    days::day_in_zone_of,
    facts::{GapFound, GapHealed, PollWanted},
    import::BankLineId,
};

pub enum GapTag {}
pub type GapId = Id<GapTag>;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum GapKind {
    /// Opening balance and lines do not make up the closing balance.
    Balance,
    /// A statement begins with something else than the one before ended with.
    Opening,
    /// The totals that the bank states are not those of the lines.
    Totals,
    /// A bank counts its messages, and one is missing or contradicts another.
    Sequence,
    /// A push that no statement has confirmed in time.
    Unconfirmed,
    /// Two persons said that money came, and the statement of that day knows nothing of it.
    ByHand,
}

impl GapKind {
    pub const ALL: [Self; 6] =
        [Self::Balance, Self::Opening, Self::Totals, Self::Sequence, Self::Unconfirmed, Self::ByHand];

    pub const fn code(self) -> &'static str {
        match self {
            Self::Balance => "balance",
            Self::Opening => "opening",
            Self::Totals => "totals",
            Self::Sequence => "sequence",
            Self::Unconfirmed => "unconfirmed",
            Self::ByHand => "by_hand",
        }
    }

    fn from_code(code: &str) -> Self {
        Self::ALL.into_iter().find(|kind| kind.code() == code).unwrap_or(Self::Balance)
    }
}

/// What does not add up, before it is written down.
#[derive(Clone, Debug)]
pub(crate) struct Missing {
    pub kind: GapKind,
    pub account: String,
    pub key: String,
    pub from: String,
    pub until: String,
    pub currency: Option<Currency>,
    pub expected: Option<i64>,
    pub found: Option<i64>,
    pub statement: Option<StatementId>,
    pub line: Option<BankLineId>,
}

#[derive(Clone, Debug)]
pub struct Gap {
    pub id: GapId,
    pub company: CompanyId,
    pub account: String,
    pub kind: GapKind,
    pub key: String,
    pub from: String,
    pub until: String,
    pub expected: Option<Money>,
    pub found: Option<Money>,
    pub statement: Option<StatementId>,
    pub line: Option<BankLineId>,
    pub opened_at: Timestamp,
    pub healed_at: Option<Timestamp>,
}

/// Writes a gap down and asks for its days, unless it stands open already.
///
/// # Errors
/// Faults of the store.
pub(crate) fn open_gap(tx: &mut Tx<'_>, company: CompanyId, missing: &Missing) -> Result<()> {
    let known = tx.opt(
        sql!(
            "select id, state
             from bank_gap
             where company_id = :company_id and account = :account and kind = :kind and gap_key = :gap_key"
        ),
        params![
            company_id: company, account: &missing.account, kind: missing.kind.code(), gap_key: &missing.key,
        ],
    )?;
    let stands = known.as_ref().map(|row| row.get::<String>("state")).transpose()?.as_deref() == Some("open");
    let id: GapId = match &known {
        Some(row) => row.get("id")?,
        None => tx.new_id(),
    };
    let now = tx.now();
    tx.put(
        sql!(
            "insert into bank_gap (company_id, id, account, kind, gap_key, from_on, until_on, currency, expected_minor,
               found_minor, statement_id, line_id, state, opened_at, healed_at)
             values (:company_id, :id, :account, :kind, :gap_key, :from_on, :until_on, :currency, :expected_minor,
               :found_minor, :statement_id, :line_id, 'open', :now, null)
             on conflict (company_id, account, kind, gap_key) do update
             set from_on = excluded.from_on, until_on = excluded.until_on, expected_minor = excluded.expected_minor,
               found_minor = excluded.found_minor, statement_id = excluded.statement_id,
               opened_at = case when bank_gap.state = 'open' then bank_gap.opened_at else excluded.opened_at end,
               state = 'open', healed_at = null"
        ),
        params![
            company_id: company, id: id, account: &missing.account, kind: missing.kind.code(),
            gap_key: &missing.key, from_on: &missing.from, until_on: &missing.until, currency: missing.currency,
            expected_minor: missing.expected, found_minor: missing.found, statement_id: missing.statement,
            line_id: missing.line, now: now,
        ],
    )?;
    if stands {
        return Ok(());
    }
    let actor = Actor::system("payments.proofs");
    let about = About::new(company, Subject::new("bank_gap", id.get()), &actor);
    tx.say(
        about,
        &GapFound {
            account: missing.account.clone(),
            what: missing.kind.code().to_owned(),
            from: missing.from.clone(),
            until: missing.until.clone(),
        },
    )
}

/// What was missing is there.
///
/// # Errors
/// Faults of the store.
pub(crate) fn heal(tx: &mut Tx<'_>, company: CompanyId, gap: &Gap) -> Result<()> {
    let now = tx.now();
    let touched = tx.execute(
        sql!(
            "update bank_gap
             set state = 'healed', healed_at = :now
             where company_id = :company_id and id = :id and state = 'open'"
        ),
        params![now: now, company_id: company, id: gap.id],
    )?;
    if touched == 0 {
        return Ok(());
    }
    let actor = Actor::system("payments.proofs");
    let about = About::new(company, Subject::new("bank_gap", gap.id.get()), &actor);
    tx.say(about, &GapHealed { account: gap.account.clone(), what: gap.kind.code().to_owned() })
}

/// Heals the gap of this kind and key, when it stands open.
///
/// # Errors
/// Faults of the store.
pub(crate) fn heal_of(
    tx: &mut Tx<'_>,
    company: CompanyId,
    account: &str,
    kind: GapKind,
    key: &str,
) -> Result<()> {
    match standing(tx, company, account, kind, key)? {
        Some(gap) => heal(tx, company, &gap),
        None => Ok(()),
    }
}

/// The gap of a line or a key, when it stands open.
fn standing(
    db: &mut dyn Query,
    company: CompanyId,
    account: &str,
    kind: GapKind,
    key: &str,
) -> Result<Option<Gap>> {
    db.opt(
        sql!(
            "select company_id, id, account, kind, gap_key, from_on, until_on, currency, expected_minor, found_minor,
               statement_id, line_id, opened_at, healed_at
             from bank_gap
             where company_id = :company_id and account = :account and kind = :kind and gap_key = :gap_key
               and state = 'open'"
        ),
        params![company_id: company, account: account, kind: kind.code(), gap_key: key],
    )?
    .as_ref()
    .map(read)
    .transpose()
}

pub(super) fn open_of_account(
    db: &mut dyn Query,
    company: CompanyId,
    account: &str,
    limit: i64,
) -> Result<Vec<Gap>> {
    db.all(
        sql!(
            "select company_id, id, account, kind, gap_key, from_on, until_on, currency, expected_minor, found_minor,
               statement_id, line_id, opened_at, healed_at
             from bank_gap
             where company_id = :company_id and state = 'open' and account = :account
             order by id
             limit :limit"
        ),
        params![company_id: company, account: account, limit: limit],
    )?
    .iter()
    .map(read)
    .collect()
}

/// What the gaps of an account want to be asked for.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Wanted {
    /// The first day of any of them.
    pub from: String,
    /// When the last of them was seen.
    pub since: Timestamp,
}

/// So long a bank is asked for a gap as often as it is asked at all. What it has not said by then it does not know yet.
const PRESSING_SECONDS: i64 = 3600;
/// So long a gap is asked for when the last days are read again; from then on it is for people.
const ASKED_FOR_SECONDS: i64 = 7 * 24 * 3600;

/// Gaps that were seen just now.
///
/// # Errors
/// Faults of the store.
pub(crate) fn pressing(db: &mut dyn Query, company: CompanyId, account: &str) -> Result<Option<Wanted>> {
    let since = db.now().plus_seconds(-PRESSING_SECONDS);
    wanted_since(db, company, account, since)
}

/// Gaps that a bank may still fill.
///
/// # Errors
/// Faults of the store.
pub(crate) fn wanted(db: &mut dyn Query, company: CompanyId, account: &str) -> Result<Option<Wanted>> {
    let since = db.now().plus_seconds(-ASKED_FOR_SECONDS);
    wanted_since(db, company, account, since)
}

fn wanted_since(
    db: &mut dyn Query,
    company: CompanyId,
    account: &str,
    since: Timestamp,
) -> Result<Option<Wanted>> {
    let row = db.one(
        sql!(
            "select min(from_on) as from_on, max(opened_at) as opened_at
             from bank_gap
             where company_id = :company_id and state = 'open' and account = :account and opened_at >= :since"
        ),
        params![company_id: company, account: account, since: since],
    )?;
    let from: Option<String> = row.get("from_on")?;
    let since: Option<Timestamp> = row.get("opened_at")?;
    Ok(from.zip(since).map(|(from, since)| Wanted { from, since }))
}

/// Gaps that stand open, of all companies of a scope.
///
/// # Errors
/// Faults of the store.
pub fn open(db: &mut dyn Query, scope: &takt_staff::Scope, limit: i64) -> Result<Vec<Gap>> {
    in_state(db, scope, "open", limit)
}

/// The last that healed.
///
/// # Errors
/// Faults of the store.
pub fn healed(db: &mut dyn Query, scope: &takt_staff::Scope, limit: i64) -> Result<Vec<Gap>> {
    in_state(db, scope, "healed", limit)
}

fn in_state(db: &mut dyn Query, scope: &takt_staff::Scope, state: &str, limit: i64) -> Result<Vec<Gap>> {
    let statement = Sql::new(
        "select company_id, id, account, kind, gap_key, from_on, until_on, currency, expected_minor, found_minor,
           statement_id, line_id, opened_at, healed_at
         from bank_gap
         where state = :state and company_id in ",
    )
    .push(&crate::reach::whole(scope))
    .bind("state", state)
    .push("\norder by id desc\nlimit :limit")
    .bind("limit", limit);
    db.all_of(&statement)?.iter().map(read).collect()
}

/// A bank counts its messages and one is missing, or two say different things: only the statement can tell.
pub(crate) const LISTENER: Listener = Listener {
    name: "payments.poll_wanted_is_a_gap",
    hears: &[PollWanted::KIND],
    does: "writes down that a bank's push is missing or contradicts another",
    react: note_wanted,
};

fn note_wanted(tx: &mut Tx<'_>, fact: &RecordedFact) -> Result<()> {
    let wanted: PollWanted = fact.read()?;
    let today = day_in_zone_of(tx, fact.company)?;
    let yesterday = today
        .parse::<jiff::civil::Date>()
        .and_then(|date| date.yesterday())
        .map_or_else(|_| today.clone(), |date| date.to_string());
    let told = wanted.day.and_then(|day| day.parse::<jiff::civil::Date>().ok()).map(|day| day.to_string());
    let (from, until) = match told {
        // The statement of that day alone can tell.
        Some(day) if day < yesterday => (day.clone(), day),
        Some(_) | None => (yesterday, today),
    };
    open_gap(
        tx,
        fact.company,
        &Missing {
            kind: GapKind::Sequence,
            account: wanted.account,
            key: format!("{}:{until}", wanted.why),
            from,
            until,
            currency: None,
            expected: None,
            found: None,
            statement: None,
            line: None,
        },
    )
}

pub(super) fn read(row: &Row) -> Result<Gap> {
    let currency: Option<Currency> = row.get("currency")?;
    let money = |column: &str| -> Result<Option<Money>> {
        let minor: Option<i64> = row.get(column)?;
        Ok(minor.zip(currency).map(|(minor, currency)| Money::new(minor, currency)))
    };
    Ok(Gap {
        id: row.get("id")?,
        company: row.get("company_id")?,
        account: row.get("account")?,
        kind: GapKind::from_code(&row.get::<String>("kind")?),
        key: row.get("gap_key")?,
        from: row.get("from_on")?,
        until: row.get("until_on")?,
        expected: money("expected_minor")?,
        found: money("found_minor")?,
        statement: row.get("statement_id")?,
        line: row.get("line_id")?,
        opened_at: row.get("opened_at")?,
        healed_at: row.get("healed_at")?,
    })
}
