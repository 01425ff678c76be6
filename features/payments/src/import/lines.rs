//! The rows of bank lines and of the files they came in.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use takt_kernel::{CompanyId, Fault, Id, PersonId, Result, Timestamp, money::Money};
use takt_payments_matching::{Candidate, Reason};
use takt_payments_port::BankDocument;
use takt_store::{Query, Row, Tx, params, sql};
use takt_ui::Arg;

use crate::{accounts::BankAccountId, channels::ChannelId};

pub enum ImportTag {}
pub enum BankLineTag {}
pub type ImportId = Id<ImportTag>;
/// A line's id is also the id of the receipt that it becomes.
pub type BankLineId = Id<BankLineTag>;

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LineState {
    /// Not looked at yet.
    Waiting,
    /// Paid orders, wholly used.
    Posted,
    /// A receipt; a person has to choose what it pays.
    Suggested,
    /// A receipt that is for no order: a refund to us, a loan, interest.
    Other,
    /// Kept, not counted: another account, another currency, not booked yet.
    Held,
    /// The same movement is here already.
    Duplicate,
    /// Money that left.
    Outgoing,
}

impl LineState {
    pub const ALL: [Self; 7] = [
        Self::Waiting,
        Self::Posted,
        Self::Suggested,
        Self::Other,
        Self::Held,
        Self::Duplicate,
        Self::Outgoing,
    ];

    pub const fn code(self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Posted => "posted",
            Self::Suggested => "suggested",
            Self::Other => "other",
            Self::Held => "held",
            Self::Duplicate => "duplicate",
            Self::Outgoing => "outgoing",
        }
    }

    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.code() == code)
    }
}

/// What happened to a line and why: a code whose text stands in both languages.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Outcome {
    pub state: LineState,
    pub code: String,
    pub args: BTreeMap<String, String>,
}

impl Outcome {
    pub fn new(state: LineState, code: &str) -> Self {
        Self { state, code: code.to_owned(), args: BTreeMap::new() }
    }
    pub fn arg(mut self, name: &str, value: impl ToString) -> Self {
        self.args.insert(name.to_owned(), value.to_string());
        self
    }

    /// Key of the sentence that says it.
    pub fn text_key(&self) -> String {
        self.code.replace('.', "-")
    }

    /// Arguments of that sentence; what is counted is a number, so that words agree with it.
    pub fn text_args(&self) -> Vec<(&str, Arg<'_>)> {
        let arg = |name: &str, value: &'_ str| match (name, value.parse::<i64>()) {
            ("candidates", Ok(count)) => Arg::from(count),
            _ => Arg::from(value.to_owned()),
        };
        self.args.iter().map(|(name, value)| (name.as_str(), arg(name, value))).collect()
    }
}

#[derive(Clone, Debug)]
pub struct BankLine {
    pub id: BankLineId,
    pub import: ImportId,
    pub n: i64,
    pub outcome: Outcome,
    pub document: BankDocument,
    pub own_account: Option<BankAccountId>,
    pub incoming: Option<bool>,
    pub amount: Money,
    pub tier: Option<String>,
    pub reasons: Vec<Reason>,
    pub candidates: Vec<Candidate>,
    pub allocated: Money,
    pub credit: Money,
    /// Goes back to whom it came from, or has gone back.
    pub returned: Money,
    pub received_at: Timestamp,
    pub decided_at: Option<Timestamp>,
}

impl BankLine {
    /// What of the money is not used yet.
    pub fn left(&self) -> Money {
        let used = self.allocated.minor().saturating_add(self.credit.minor());
        let used = used.saturating_add(self.returned.minor());
        Money::new(self.amount.minor().saturating_sub(used), self.amount.currency())
    }
}

/// What a file says beside its documents, as the format names it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Around {
    /// Which of the file's accounts it is about; the file itself when there is none.
    pub account: Option<String>,
    pub fields: Vec<(String, String)>,
}

/// One uploaded file.
#[derive(Clone, Debug)]
pub struct ImportSummary {
    pub id: ImportId,
    pub file_name: String,
    pub file_hash: String,
    pub format: String,
    pub documents: i64,
    /// None when the bank itself said it, by a channel.
    pub voucher: Option<PersonId>,
    pub channel: Option<ChannelId>,
    pub came_by: String,
    pub warnings: Vec<takt_payments_port::Warning>,
    pub created_at: Timestamp,
    pub around: Vec<Around>,
    /// How many lines are in each state.
    pub counts: BTreeMap<String, i64>,
}

/// # Errors
/// `payments.line_missing`, and faults of the store.
pub(crate) fn line(db: &mut dyn Query, company: CompanyId, id: BankLineId) -> Result<BankLine> {
    let row = db
        .opt(
            sql!(
                "select id, import_id, n, state, outcome, outcome_args, document, own_account_id, incoming, amount_minor,
                   currency, tier, reasons, candidates, allocated_minor, credit_minor, returned_minor, received_at, decided_at
                 from bank_line
                 where company_id = :company_id and id = :id"
            ),
            params![company_id: company, id: id],
        )?
        .ok_or_else(|| Fault::missing("payments.line_missing"))?;
    read(&row)
}

/// The lines of one file in its order, after line `after_n`.
///
/// # Errors
/// Faults of the store.
pub fn lines_of_import(
    db: &mut dyn Query,
    company: CompanyId,
    import: ImportId,
    after_n: i64,
    limit: i64,
) -> Result<Vec<BankLine>> {
    db.all(
        sql!(
            "select id, import_id, n, state, outcome, outcome_args, document, own_account_id, incoming, amount_minor,
               currency, tier, reasons, candidates, allocated_minor, credit_minor, returned_minor, received_at, decided_at
             from bank_line
             where company_id = :company_id and import_id = :import_id and n > :after_n
             order by n
             limit :limit"
        ),
        params![company_id: company, import_id: import, after_n: after_n, limit: limit],
    )?
    .iter()
    .map(read)
    .collect()
}

/// # Errors
/// `payments.import_missing`, and faults of the store.
pub fn import_summary(db: &mut dyn Query, company: CompanyId, id: ImportId) -> Result<ImportSummary> {
    let row = db
        .opt(
            sql!(
                "select id, file_name, file_hash, format, documents, warnings, voucher_id, channel_id, came_by, created_at,
                   around
                 from bank_import
                 where company_id = :company_id and id = :id and state = 'accepted'"
            ),
            params![company_id: company, id: id],
        )?
        .ok_or_else(|| Fault::missing("payments.import_missing"))?;
    let counts = db
        .all(
            sql!(
                "select state, count(*) as lines
                 from (select state
                   from bank_line
                   where company_id = :company_id and import_id = :import_id
                   limit 10000000) counted
                 group by state
                 order by state
                 limit 20"
            ),
            params![company_id: company, import_id: id],
        )?
        .iter()
        .map(|row| Ok((row.get("state")?, row.get("lines")?)))
        .collect::<Result<BTreeMap<String, i64>>>()?;
    summary(&row, counts)
}

pub(crate) fn summary(row: &Row, counts: BTreeMap<String, i64>) -> Result<ImportSummary> {
    Ok(ImportSummary {
        id: row.get("id")?,
        file_name: row.get("file_name")?,
        file_hash: row.get("file_hash")?,
        format: row.get("format")?,
        documents: row.get("documents")?,
        voucher: row.get("voucher_id")?,
        channel: row.get("channel_id")?,
        came_by: row.get("came_by")?,
        warnings: row.json("warnings")?,
        created_at: row.get("created_at")?,
        around: row.json("around")?,
        counts,
    })
}

/// Writes what happened to a line. Everything about it that the outcome does not name stays.
pub(crate) fn record_outcome(
    tx: &mut Tx,
    company: CompanyId,
    line: &BankLine,
    decided_by: Option<&str>,
) -> Result<()> {
    let now = tx.now();
    tx.put(
        sql!(
            "update bank_line
             set state = :state, outcome = :outcome, outcome_args = :outcome_args, own_account_id = :own_account_id,
               incoming = :incoming, tier = :tier, reasons = :reasons, candidates = :candidates,
               allocated_minor = :allocated_minor, credit_minor = :credit_minor, returned_minor = :returned_minor,
               decided_by = coalesce(:decided_by, decided_by), decided_at = :decided_at
             where company_id = :company_id and id = :id"
        ),
        params![
            company_id: company, id: line.id, state: line.outcome.state.code(), outcome: &line.outcome.code,
            outcome_args: json(&line.outcome.args)?, own_account_id: line.own_account, incoming: line.incoming,
            tier: line.tier.clone(), reasons: json(&line.reasons)?, candidates: json(&line.candidates)?,
            allocated_minor: line.allocated.minor(), credit_minor: line.credit.minor(), returned_minor: line.returned.minor(),
            decided_by: decided_by, decided_at: now,
        ],
    )
}

pub(crate) fn json<T: Serialize>(value: &T) -> Result<String> {
    serde_json::to_string(value).map_err(|error| Fault::broken("payments.unwritable").because(error))
}

pub(crate) fn read(row: &Row) -> Result<BankLine> {
    let code: String = row.get("state")?;
    let state = LineState::from_code(&code).ok_or_else(|| {
        Fault::broken("store.senseless_row").arg("column", "bank_line.state").arg("found", &code)
    })?;
    let amount = row.money("amount_minor", "currency")?;
    Ok(BankLine {
        id: row.get("id")?,
        import: row.get("import_id")?,
        n: row.get("n")?,
        outcome: Outcome { state, code: row.get("outcome")?, args: row.json("outcome_args")? },
        document: row.json("document")?,
        own_account: row.get("own_account_id")?,
        incoming: row.get("incoming")?,
        amount,
        tier: row.get("tier")?,
        reasons: row.json("reasons")?,
        candidates: row.json("candidates")?,
        allocated: Money::new(row.get("allocated_minor")?, amount.currency()),
        credit: Money::new(row.get("credit_minor")?, amount.currency()),
        returned: Money::new(row.get("returned_minor")?, amount.currency()),
        received_at: row.get("received_at")?,
        decided_at: row.get("decided_at")?,
    })
}
