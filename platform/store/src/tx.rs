use std::{collections::BTreeMap, sync::Arc};

use takt_kernel::{Actor, CompanyId, Entropy, Fault, Id, Result, Slots, Timestamp};

use crate::{
    LANES,
    change::Change,
    db::Context,
    fact::{About, Fact, PendingFact, Subject},
    numbers::{self, NUMBER_BLOCK},
    params,
    query::{Connection, Query},
    row::Row,
    sql,
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
}

#[derive(Clone, Copy)]
struct Failed {
    retryable: bool,
}

impl<'c> Tx<'c> {
    pub(crate) fn begin(connection: Connection<'c>, context: Arc<Context>) -> Self {
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
        }
    }

    /// Runs a statement and answers how many rows it touched: one round trip.
    ///
    /// # Errors
    /// `store.not_unique` on a unique key, and faults of the engine.
    pub fn execute(&mut self, sql: &Sql, params: Params<'_>) -> Result<u64> {
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
        let done = match &mut self.connection {
            Connection::Sqlite(connection) => {
                connection.execute(sql.compiled(crate::Engine::Sqlite), params).map(|_| ())
            }
            Connection::Postgres(connection) => connection.put(sql.compiled(crate::Engine::Postgres), params),
        };
        self.noted(done).map_err(|fault| fault.arg("statement", sql.place()))
    }

    fn noted<T>(&mut self, done: Result<T>) -> Result<T> {
        if let Err(fault) = &done {
            self.failed.get_or_insert(Failed { retryable: fault.is_retryable() });
        }
        done
    }

    /// A new id, never used before for anything. No round trip.
    pub fn new_id<T>(&mut self) -> Id<T> {
        match self.context.numbers.next_id() {
            Some(id) => Id::new(id),
            None => {
                // The transaction is refused at commit and, with a fresh block, run again.
                self.out_of_ids = true;
                Id::new(takt_kernel::LARGEST_ID)
            }
        }
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
        let id = self.new_id::<()>().get();
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
        let id = self.new_id::<()>();
        self.put(
            sql!("insert into personal_value (company_id, id, value) values (:company_id, :id, :value)"),
            params![company_id: company, id: id, value: value],
        )?;
        Ok(id.to_string())
    }

    /// Runs a part that may fail alone: what it wrote and said is undone on `Err`, the rest of the
    /// transaction goes on. A retryable fault must be passed on, since the whole has to run again.
    ///
    /// # Errors
    /// What the part refuses.
    pub fn savepoint<T>(&mut self, part: impl FnOnce(&mut Self) -> Result<T>) -> Result<T> {
        self.settle()?;
        let (said, cause, parts, failed) = (self.said.len(), self.cause, self.parts, self.failed);
        // A name of its own at each depth: when a part panics, those within it are still open.
        let name = format!("part_{parts}");
        self.connection_command(format!("savepoint {name}"))?;
        self.parts += 1;
        let done = part(self).and_then(|answer| self.flush().map(|()| answer));
        self.parts = parts;
        match done {
            Ok(answer) => {
                self.connection_command(format!("release savepoint {name}"))?;
                Ok(answer)
            }
            Err(fault) => {
                self.said.truncate(said);
                self.cause = cause;
                self.undo_part(&name)?;
                self.failed = failed;
                Err(fault)
            }
        }
    }

    fn connection_command(&mut self, text: String) -> Result<()> {
        let done = match &mut self.connection {
            Connection::Sqlite(connection) => connection.command(&text),
            Connection::Postgres(connection) => {
                connection.command(text);
                Ok(())
            }
        };
        self.noted(done)
    }

    fn undo_part(&mut self, name: &str) -> Result<()> {
        let back = format!("rollback to savepoint {name}");
        let undone = match &mut self.connection {
            Connection::Sqlite(connection) => connection.command(&back),
            Connection::Postgres(connection) => connection.undo(&back),
        };
        self.noted(undone)?;
        self.connection_command(format!("release savepoint {name}"))
    }

    fn settle(&mut self) -> Result<()> {
        let done = match &mut self.connection {
            Connection::Sqlite(_) => Ok(()),
            Connection::Postgres(connection) => connection.settle(),
        };
        self.noted(done)
    }

    fn flush(&mut self) -> Result<()> {
        let done = match &mut self.connection {
            Connection::Sqlite(_) => Ok(()),
            Connection::Postgres(connection) => connection.flush(),
        };
        self.noted(done)
    }

    /// Writes the facts that were said. Answers how many there were.
    pub(crate) fn finish(mut self) -> Result<usize> {
        if self.out_of_ids {
            return Err(Fault::unavailable("store.out_of_ids").retryable());
        }
        match self.failed {
            Some(Failed { retryable: true }) => return Err(Fault::unavailable("store.busy").retryable()),
            Some(Failed { retryable: false }) => return Err(Fault::broken("store.failure_passed_over")),
            None => {}
        }
        let said = std::mem::take(&mut self.said);
        let count = said.len();
        let mut per_subject: BTreeMap<(i64, Subject), Vec<PendingFact>> = BTreeMap::new();
        for fact in said {
            per_subject.entry((fact.company.get(), fact.subject)).or_default().push(fact);
        }
        let mut numbered = Vec::with_capacity(count);
        for ((company, subject), facts) in per_subject {
            let (first_n, first_at) = self.extend_stream(company, subject, facts.len())?;
            for (offset, fact) in (0..).zip(facts) {
                numbered.push((first_n + offset, first_at.plus_micros(offset), fact));
            }
        }
        numbered.sort_by_key(|(.., fact)| fact.id);
        for (n, at, fact) in &numbered {
            self.put_fact(*n, *at, fact)?;
        }
        self.publish(&numbered)?;
        Ok(count)
    }

    /// Locks the subject's stream and makes room for `count` facts; answers the number and the moment
    /// of the first. Within a subject time never runs backwards.
    fn extend_stream(&mut self, company: i64, subject: Subject, count: usize) -> Result<(i64, Timestamp)> {
        let count = i64::try_from(count).unwrap_or(i64::MAX);
        let row = self.connection.all(
            sql!(
                "insert into subject_head (company_id, subject_kind, subject_id, n, at)
                 values (:company_id, :subject_kind, :subject_id, :count, :last)
                 on conflict (company_id, subject_kind, subject_id) do update
                 set n = subject_head.n + :count,
                   at = {pg:greatest|sqlite:max}(subject_head.at + :count, :last)
                 returning n, at"
            ),
            params![
                company_id: company,
                subject_kind: subject.kind,
                subject_id: subject.id,
                count: count,
                last: self.now.plus_micros(count - 1),
            ],
        )?;
        let row = row.into_iter().next().ok_or_else(|| Fault::broken("store.row_missing"))?;
        let (n, at): (i64, Timestamp) = (row.get("n")?, row.get("at")?);
        Ok((n - count + 1, at.plus_micros(1 - count)))
    }

    fn put_fact(&mut self, n: i64, at: Timestamp, fact: &PendingFact) -> Result<()> {
        self.put(
            sql!(
                "insert into fact (id, company_id, subject_kind, subject_id, n, kind, version, at,
                   actor, token_id, cause, source, body, changes)
                 values (:id, :company_id, :subject_kind, :subject_id, :n, :kind, :version, :at,
                   :actor, :token_id, :cause, :source, :body, :changes)"
            ),
            params![
                id: fact.id, company_id: fact.company, subject_kind: fact.subject.kind,
                subject_id: fact.subject.id, n: n, kind: fact.kind, version: fact.version, at: at,
                actor: &fact.actor, token_id: fact.token, cause: fact.cause,
                source: fact.source.clone(), body: &fact.body, changes: fact.changes.clone(),
            ],
        )
    }

    /// SQLite has one writer, so the order of commits is known here; on PostgreSQL the sequencer
    /// numbers what has become visible.
    fn publish(&mut self, numbered: &[(i64, Timestamp, PendingFact)]) -> Result<()> {
        if numbered.is_empty() {
            return Ok(());
        }
        let mut position = match &self.connection {
            Connection::Sqlite(_) => {
                let row = self.one(
                    sql!("select coalesce(max(position), 0) as position from fact_position"),
                    params![],
                )?;
                Some(row.get::<i64>("position")?)
            }
            Connection::Postgres(_) => None,
        };
        for (n, at, fact) in numbered {
            let lane = lane_of(fact.subject);
            match &mut position {
                Some(position) => {
                    *position += 1;
                    let position = *position;
                    self.put(
                        sql!(
                            "insert into fact_position (position, fact_id, company_id, subject_kind, subject_id, n, kind, lane)
                             values (:position, :fact_id, :company_id, :subject_kind, :subject_id, :n, :kind, :lane)"
                        ),
                        params![
                            position: position, fact_id: fact.id, company_id: fact.company,
                            subject_kind: fact.subject.kind, subject_id: fact.subject.id, n: *n,
                            kind: fact.kind, lane: lane,
                        ],
                    )?;
                }
                None => self.put(
                    sql!(
                        "insert into fact_unnumbered (at, fact_id, company_id, subject_kind, subject_id, n, kind, lane)
                         values (:at, :fact_id, :company_id, :subject_kind, :subject_id, :n, :kind, :lane)"
                    ),
                    params![
                        at: *at, fact_id: fact.id, company_id: fact.company,
                        subject_kind: fact.subject.kind, subject_id: fact.subject.id, n: *n,
                        kind: fact.kind, lane: lane,
                    ],
                )?,
            }
        }
        Ok(())
    }
}

/// Spreads subjects over the lanes; the ids of one block fall evenly.
fn lane_of(subject: Subject) -> i64 {
    subject.id.rem_euclid(LANES)
}

impl Query for Tx<'_> {
    fn now(&self) -> Timestamp {
        self.now
    }
    fn slots(&self) -> Arc<Slots> {
        self.context.slots.clone()
    }
    fn all(&mut self, sql: &Sql, params: Params<'_>) -> Result<Vec<Row>> {
        let answer = self.connection.all(sql, params);
        self.noted(answer)
    }
    fn all_of(&mut self, statement: &Statement) -> Result<Vec<Row>> {
        let answer = self.connection.all_of(statement);
        self.noted(answer)
    }
}
