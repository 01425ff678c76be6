//! The end of a transaction: what was said is numbered per subject and written into the log.

use std::collections::BTreeMap;

use takt_kernel::{Fault, Result, Timestamp};

use super::{Failed, Tx};
use crate::{
    fact::{PendingFact, Subject},
    lane_of, params,
    query::{Connection, Query},
    sql,
};

impl Tx<'_> {
    /// Writes the facts that were said. Answers how many there were.
    pub(crate) fn finish(&mut self) -> Result<usize> {
        if self.out_of_ids {
            return Err(Fault::unavailable("store.out_of_ids").retryable());
        }
        if self.wants_care {
            return Err(Fault::unavailable("store.busy").retryable());
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
        if self.fresh.binary_search(&subject.id).is_ok() {
            // Nobody else can know of it yet.
            self.put(
                sql!(
                    "insert into subject_head (company_id, subject_kind, subject_id, n, at)
                     values (:company_id, :subject_kind, :subject_id, :count, :last)"
                ),
                params![
                    company_id: company,
                    subject_kind: subject.kind,
                    subject_id: subject.id,
                    count: count,
                    last: self.now.plus_micros(count - 1),
                ],
            )?;
            return Ok((1, self.now));
        }
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
            let lane = lane_of(fact.subject.id);
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
