mod finish;
mod part;

use std::sync::Arc;

use takt_kernel::{Actor, CompanyId, Entropy, Fault, Id, Result, Slots, Timestamp};

use crate::{
    change::Change,
    db::Context,
    fact::{About, Fact, PendingFact, Subject},
    foreseen::Foreseen,
    numbers::{self, NUMBER_BLOCK},
    params,
    query::{Asked, Connection, Query, Question, one_by_one},
    row::Row,
    seldom, sql,
    sql::{Params, Sql, Statement},
};

/// One transaction. Everything a command does goes through it, the facts it says too; they are
/// written when it commits.
pub struct Tx<'c> {
    connection: Connection<'c>,
    context: Arc<Context>,
    now: Timestamp,
    said: Vec<PendingFact>,
    cause: Option<i64>,
    out_of_ids: bool,
    parts: usize,
    /// A statement failed: PostgreSQL takes no more and would turn the commit into a rollback, so the
    /// command is refused on both engines even if it passes over the failure.
    failed: Option<Failed>,
    care: Care,
    /// Statements so far that may have changed something.
    writes: usize,
    /// A part failed after it had written, and without care there was nothing to go back to.
    wants_care: bool,
    /// A part wrote without a fence and what it wrote may not have been answered yet.
    unfenced_writes: bool,
    /// Of the rows that seldom change; asked for again after this transaction changed such a row.
    stamp: Option<i64>,
    /// Ids that the command got for what it makes, rising: nobody else can have said anything of those.
    fresh: Vec<i64>,
    foreseen: Foreseen,
}

/// Whether a part that may fail alone is fenced by a savepoint. Savepoints are dear, and nearly all
/// parts succeed; so a command is run without them first, and only when a part fails after having
/// written is the whole undone and run again with care.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Care {
    Without,
    With,
}

#[derive(Clone, Copy)]
struct Failed {
    retryable: bool,
}

impl<'c> Tx<'c> {
    pub(crate) fn begin(connection: Connection<'c>, context: Arc<Context>, care: Care) -> Self {
        let now = context.clock.now();
        Self {
            connection,
            context,
            now,
            said: Vec::new(),
            cause: None,
            out_of_ids: false,
            parts: 0,
            failed: None,
            care,
            writes: 0,
            wants_care: false,
            unfenced_writes: false,
            stamp: None,
            fresh: Vec::new(),
            foreseen: Foreseen::default(),
        }
    }

    /// Whether anything was written, or tried to be.
    pub(crate) fn wrote(&self) -> bool {
        self.writes > 0
    }

    /// Whether running it again with care could come to another end than this refusal: a part failed
    /// that had written, or what one wrote on PostgreSQL was not answered when the refusal was decided.
    pub(crate) fn wants_care(&self, refusal: &Fault) -> bool {
        self.wants_care || (self.unfenced_writes && !refusal.is_retryable())
    }

    /// Runs a statement and answers how many rows it touched: one round trip.
    ///
    /// # Errors
    /// `store.not_unique` on a unique key, and faults of the engine.
    pub fn execute(&mut self, sql: &Sql, params: Params<'_>) -> Result<u64> {
        self.changing(sql.changes());
        let done = match &mut self.connection {
            Connection::Sqlite(connection) => connection.execute(sql.compiled(crate::Engine::Sqlite), params),
            Connection::Postgres(connection) => {
                connection.execute(sql.compiled(crate::Engine::Postgres), params)
            }
        };
        self.noted(done).map_err(|fault| fault.arg("statement", sql.place()))
    }

    /// As [`Tx::execute`], for a statement put together at run time.
    ///
    /// # Errors
    /// As [`Tx::execute`].
    pub fn execute_of(&mut self, statement: &Statement) -> Result<u64> {
        self.changing(statement.changes());
        let done = match &mut self.connection {
            Connection::Sqlite(connection) => {
                connection.execute(&statement.compiled(crate::Engine::Sqlite), statement.bound())
            }
            Connection::Postgres(connection) => {
                connection.execute(&statement.compiled(crate::Engine::Postgres), statement.bound())
            }
        };
        self.noted(done)
    }

    /// Runs a statement whose answer is not needed. On PostgreSQL it travels with the next question
    /// or the commit, so a failure may show there; the transaction is refused either way.
    ///
    /// # Errors
    /// As [`Tx::execute`].
    pub fn put(&mut self, sql: &'static Sql, params: Params<'_>) -> Result<()> {
        self.changing(sql.changes());
        let done = match &mut self.connection {
            Connection::Sqlite(connection) => {
                connection.execute(sql.compiled(crate::Engine::Sqlite), params).map(|_| ())
            }
            Connection::Postgres(connection) => connection.put(sql.compiled(crate::Engine::Postgres), params),
        };
        self.noted(done).map_err(|fault| fault.arg("statement", sql.place()))
    }

    /// As [`Tx::put`], for a statement that has to change exactly one row: else the whole command runs
    /// again, since somebody else was at that row.
    ///
    /// # Errors
    /// As [`Tx::execute`], and a retryable fault of the given code, here or with the commit.
    pub fn put_one(&mut self, sql: &'static Sql, params: Params<'_>, otherwise: &'static str) -> Result<()> {
        self.changing(sql.changes());
        let done = match &mut self.connection {
            Connection::Sqlite(connection) => {
                connection.execute(sql.compiled(crate::Engine::Sqlite), params).and_then(|touched| {
                    if touched == 1 { Ok(()) } else { Err(Fault::unavailable(otherwise).retryable()) }
                })
            }
            Connection::Postgres(connection) => {
                connection.put_one(sql.compiled(crate::Engine::Postgres), params, otherwise)
            }
        };
        self.noted(done).map_err(|fault| fault.arg("statement", sql.place()))
    }

    fn changing(&mut self, table: Option<&str>) {
        self.writes += 1;
        self.foreseen.changing(table);
        if self.context.seldom.concerns(table) {
            self.forget_stamp();
        }
    }

    fn forget_stamp(&mut self) {
        self.stamp = None;
        if let Connection::Postgres(connection) = &mut self.connection {
            connection.forget_stamp();
        }
    }

    fn noted<T>(&mut self, done: Result<T>) -> Result<T> {
        if let Err(fault) = &done {
            self.failed.get_or_insert(Failed { retryable: fault.is_retryable() });
        }
        done
    }

    /// A new id, never used before for anything. No round trip.
    pub fn new_id<T>(&mut self) -> Id<T> {
        let id = self.take_id();
        self.fresh.push(id);
        Id::new(id)
    }

    fn take_id(&mut self) -> i64 {
        self.context.numbers.next_id().unwrap_or_else(|| {
            // The transaction is refused at commit and, with a fresh block, run again.
            self.out_of_ids = true;
            takt_kernel::LARGEST_ID
        })
    }

    /// The next number of a company's document series: 1, 2, 3 … with gaps.
    ///
    /// # Errors
    /// Faults of the engine.
    pub fn next_number(&mut self, company: CompanyId, name: &str) -> Result<i64> {
        match &mut self.connection {
            Connection::Sqlite(_) => {
                let row =
                    self.one(numbers::take_block(), params![company_id: company, name: name, count: 1_i64])?;
                row.get("taken_until")
            }
            Connection::Postgres(connection) => {
                if let Some(number) = self.context.numbers.next_document(company.get(), name) {
                    return Ok(number);
                }
                let taken_until = connection.take_block(company.get(), name, NUMBER_BLOCK)?;
                Ok(self.context.numbers.refill_documents(company.get(), name, taken_until))
            }
        }
    }

    pub fn entropy(&self) -> &dyn Entropy {
        &*self.context.entropy
    }

    /// The id of the fact to which this transaction reacts.
    pub fn cause(&self) -> Option<i64> {
        self.cause
    }

    /// Facts said from now on name this fact as their cause.
    pub fn set_cause(&mut self, cause: Option<i64>) {
        self.cause = cause;
    }

    /// How many facts this transaction has said of a subject so far: they are numbered with the commit.
    pub fn said_of(&self, company: CompanyId, subject: Subject) -> usize {
        self.said.iter().filter(|fact| fact.company == company && fact.subject == subject).count()
    }

    /// How many facts this transaction has said so far.
    pub fn said(&self) -> usize {
        self.said.len()
    }

    /// Says what happened. The fact is written with the commit and heard after it.
    ///
    /// # Errors
    /// When the body cannot be written as JSON.
    pub fn say<F: Fact>(&mut self, about: About<'_>, fact: &F) -> Result<()> {
        self.say_changes(about, fact, Vec::new())
    }

    /// Says what happened, with the fields that changed. Personal values go beside the log.
    ///
    /// # Errors
    /// As [`Tx::say`].
    pub fn say_changes<F: Fact>(&mut self, about: About<'_>, fact: &F, changes: Vec<Change>) -> Result<()> {
        let unwritable = |error: serde_json::Error| {
            Fault::broken("store.fact_unwritable").arg("kind", F::KIND).because(error)
        };
        let mut kept = Vec::with_capacity(changes.len());
        for change in changes {
            kept.push(if change.personal { self.set_aside(about.company, change)? } else { change });
        }
        let changes =
            if kept.is_empty() { None } else { Some(serde_json::to_string(&kept).map_err(unwritable)?) };
        let id = self.take_id();
        self.said.push(PendingFact {
            id,
            company: about.company,
            subject: about.subject,
            kind: F::KIND,
            version: F::VERSION,
            actor: serde_json::to_string(about.actor).map_err(unwritable)?,
            token: Actor::token(about.actor),
            cause: self.cause,
            source: about.source,
            body: serde_json::to_string(fact).map_err(unwritable)?,
            changes,
        });
        Ok(())
    }

    fn set_aside(&mut self, company: CompanyId, change: Change) -> Result<Change> {
        let old = change.old.map(|value| self.set_value_aside(company, value)).transpose()?;
        let new = change.new.map(|value| self.set_value_aside(company, value)).transpose()?;
        Ok(Change { old, new, ..change })
    }

    fn set_value_aside(&mut self, company: CompanyId, value: String) -> Result<String> {
        let id = self.take_id();
        self.put(
            sql!("insert into personal_value (company_id, id, value) values (:company_id, :id, :value)"),
            params![company_id: company, id: id, value: value],
        )?;
        Ok(id.to_string())
    }
}

impl Query for Tx<'_> {
    fn now(&self) -> Timestamp {
        self.now
    }
    fn slots(&self) -> Arc<Slots> {
        self.context.slots.clone()
    }
    fn seldom(&mut self, sql: &'static Sql, params: Params<'_>) -> Result<Arc<[Row]>> {
        let stamp = match self.stamp {
            Some(stamp) => stamp,
            None => match &mut self.connection {
                Connection::Sqlite(_) => self.one(seldom::stamp(), &[])?.get("stamp")?,
                Connection::Postgres(connection) => {
                    let stamp = connection.stamp();
                    self.noted(stamp)?
                }
            },
        };
        self.stamp = Some(stamp);
        let context = self.context.clone();
        context.seldom.answer(stamp, sql, params, || Ok((self.all(sql, params)?, true)))
    }
    fn all(&mut self, sql: &Sql, params: Params<'_>) -> Result<Vec<Row>> {
        if !sql.only_asks() {
            self.changing(sql.changes());
        }
        let connection = &mut self.connection;
        let answer = self.foreseen.answer(sql, params, || connection.all(sql, params));
        self.noted(answer)
    }
    fn foresee(&mut self, questions: &[Question]) -> Result<()> {
        let connection = &mut self.connection;
        let asked = self.foreseen.take(questions, |open| connection.all_at_once(open));
        self.noted(asked)
    }
    fn all_at_once(&mut self, questions: &[Question]) -> Result<Vec<Vec<Row>>> {
        if let [Question(Asked::Written(sql, params))] = questions {
            return Ok(vec![self.all(sql, params)?]);
        }
        match self.connection.all_at_once(questions) {
            Some(answers) => self.noted(answers),
            None => one_by_one(self, questions),
        }
    }
    fn all_of(&mut self, statement: &Statement) -> Result<Vec<Row>> {
        if !statement.only_asks() {
            self.changing(statement.changes());
        }
        let answer = self.connection.all_of(statement);
        self.noted(answer)
    }
}
