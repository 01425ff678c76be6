//! What must hold: every night whatever happened, and at the end against what the world was told.

use std::collections::{BTreeMap, BTreeSet};

use takt_kernel::money::{Currency, Money};
use takt_orders::{OrderId, clock};
use takt_payments::journal;
use takt_promises::Outcome;
use takt_simulator::invariants;
use takt_staff::Calendar;
use takt_store::{Query, Statement, checks, facts};

use super::world::World;

/// Orders whose clock is looked at in a night.
const CLOCKS: i64 = 12;

/// What the program should have done by itself at its moment.
const OVERDUE: &[(&str, &str)] = &[
    ("orders whose time to wake has come", "select count(*) as n from orders where deferred_until <= :now"),
    (
        "late tasks that nobody above was told of",
        "select count(*) as n from task where state <> 'closed' and escalates_at <= :now",
    ),
    (
        "cancelled orders that hold goods",
        "select count(*) as n
         from orders
         join stock_reservation as held on held.company_id = orders.company_id and held.order_id = orders.id
         where orders.stage = 'cancel' and cast(:now as bigint) > 0",
    ),
];

impl World {
    pub async fn night(&mut self) -> Result<(), String> {
        self.rest().await?;
        self.tally.count("nights");
        self.the_data_is_whole().await?;
        self.no_clock_loses_time().await?;
        self.what_shops_were_told_holds().await?;
        self.no_letter_is_written_twice().await
    }

    pub async fn look_at_the_end(&mut self) -> Result<(), String> {
        self.night().await?;
        self.the_playbook_says_the_same_again().await?;
        self.the_bank_agrees().await?;
        self.every_missed_promise_is_somebodys().await?;
        self.nobody_waits_for_nothing().await
    }

    async fn the_data_is_whole(&mut self) -> Result<(), String> {
        let (listeners, company) = (self.wiring.listeners.clone(), self.company.id);
        let now = self.node_time();
        let broken = self
            .look(move |reader| {
                let mut broken = invariants::broken_at_rest(reader, &listeners)?;
                for check in checks(reader) {
                    let wrong = (check.look)(reader)?;
                    broken.extend(wrong.into_iter().map(|row| format!("{}: {}", check.code, row.0)));
                }
                for (never, question) in OVERDUE {
                    let late = Statement::new(question).bind("now", now);
                    let late: i64 = reader.opt_of(&late)?.map_or(Ok(0), |row| row.get("n"))?;
                    broken.extend((late > 0).then(|| format!("{late} {never}")));
                }
                let trial = journal::trial_balance(reader, company)?;
                broken.extend(
                    trial.iter().filter(|sum| !sum.is_zero()).map(|sum| format!("trial balance {sum}")),
                );
                Ok(broken)
            })
            .await
            .unwrap_or_default();
        if !broken.is_empty() {
            return Err(broken.join("\n"));
        }
        let lag = self.lag();
        if lag.is_empty() { Ok(()) } else { Err(format!("not everything is heard: {lag:?}")) }
    }

    /// The parts of an order's time are the whole of it.
    async fn no_clock_loses_time(&mut self) -> Result<(), String> {
        let company = self.company.id;
        let until = self.node_time();
        let known: Vec<OrderId> = self.of_order.keys().copied().collect();
        if known.is_empty() {
            return Ok(());
        }
        let sample: Vec<OrderId> = (0..CLOCKS).map(|_| self.chance.pick(&known)).collect();
        let wrong = self
            .look(move |reader| {
                let calendar = Calendar::of(reader, company)?;
                let mut wrong = Vec::new();
                for order in sample {
                    let facts = facts::of_subject(reader, company, "order", order.get(), 0, 1_000)?;
                    let split = clock::split(&facts, &calendar, until);
                    let parts: i64 = split.segments.iter().map(clock::Segment::micros).sum();
                    let (first, last) = (facts.first(), split.segments.last());
                    let whole = first.zip(last).map_or(0, |(first, last)| last.to.micros_since(first.at));
                    let torn = split.segments.windows(2).any(|pair| pair[0].to != pair[1].from);
                    if parts != whole
                        || torn
                        || split.seconds().values().sum::<i64>() != split.whole_seconds()
                    {
                        wrong.push(format!("order {order}: {parts} of {whole} {:?}", split.segments));
                    }
                }
                Ok(wrong)
            })
            .await
            .unwrap_or_default();
        if wrong.is_empty() { Ok(()) } else { Err(wrong.join("\n")) }
    }

    /// Of every finished order it is told whose its time was, and of every missed promise who missed it.
    async fn every_missed_promise_is_somebodys(&mut self) -> Result<(), String> {
        let told: Vec<(i64, Outcome)> = self
            .look(move |reader| {
                let all = Statement::new(
                    "select order_id, told from promise_result order by order_id limit 1000000",
                );
                reader.all_of(&all)?.iter().map(|row| Ok((row.get("order_id")?, row.json("told")?))).collect()
            })
            .await
            .unwrap_or_default();
        let finished = self
            .numbers(
                "select stage as name, id as n from orders where stage in ('complete', 'cancel') order by id limit 1000000",
            )
            .await;
        let known: BTreeSet<i64> = told.iter().map(|(order, _)| *order).collect();
        let mut wrong: Vec<String> = finished
            .iter()
            .filter(|(_, order)| !known.contains(order))
            .map(|(stage, order)| format!("order {order} is over ({stage}), and nothing is told of it"))
            .collect();
        for (order, outcome) in &told {
            let held: i64 = outcome.held.values().map(|(wall, _)| wall).sum();
            let nobodys = outcome
                .links
                .iter()
                .any(|link| link.late.is_some_and(|late| late > 0) && link.blamed.is_none());
            if held != outcome.whole || nobodys {
                wrong.push(format!("order {order}: {outcome:?}"));
            }
            self.tally.count("promises told");
        }
        if wrong.is_empty() { Ok(()) } else { Err(wrong.join("\n")) }
    }

    /// No acknowledged order is lost, none is there twice, none came from nowhere.
    async fn what_shops_were_told_holds(&mut self) -> Result<(), String> {
        let rows =
            self.numbers("select external_id as name, id as n from orders order by id limit 1000000").await;
        let mut found: BTreeMap<&str, Vec<i64>> = BTreeMap::new();
        for (name, id) in &rows {
            found.entry(name.as_str()).or_default().push(*id);
        }
        for (index, customer) in &self.customers {
            let name = self.plan.life(*index).external_id;
            let there = found.remove(name.as_str()).unwrap_or_default();
            let as_told = match customer.id {
                Some(id) => there == [id],
                None => there.len() <= usize::from(customer.tried),
            };
            if !as_told {
                return Err(format!(
                    "order {name} is there as {there:?}, the shop was told {:?}",
                    customer.id
                ));
            }
        }
        if found.is_empty() { Ok(()) } else { Err(format!("orders that nobody sent: {found:?}")) }
    }

    /// One notice for an order and a kind, one Message-ID for a notice, and what was sent was taken.
    async fn no_letter_is_written_twice(&mut self) -> Result<(), String> {
        let sent = self
            .numbers("select message_id as name, case state when 'sent' then 1 else 0 end as n from notice order by id limit 1000000")
            .await;
        let written: BTreeMap<&str, i64> = sent.iter().map(|(id, sent)| (id.as_str(), *sent)).collect();
        if written.len() != sent.len() {
            return Err("two notices have one Message-ID".to_owned());
        }
        let mails = self.post.taken();
        let mut taken = BTreeSet::new();
        for mail in &mails {
            if !written.contains_key(mail.message_id.as_str()) {
                return Err(format!("a mail that belongs to no notice: {mail:?}"));
            }
            // The company's policy is to ask before anything is sent again.
            if !taken.insert(mail.message_id.as_str()) {
                return Err(format!("a mail was sent twice: {mail:?}"));
            }
        }
        let unsent: Vec<_> =
            written.iter().filter(|(id, sent)| **sent == 1 && !taken.contains(**id)).collect();
        if unsent.is_empty() { Ok(()) } else { Err(format!("sent, but never taken: {unsent:?}")) }
    }

    /// What came to our account according to the bank's own books.
    async fn the_bank_agrees(&mut self) -> Result<(), String> {
        let told = self.bank.told_to_program();
        let held = self
            .numbers(
                "select 'kept' as name, cast(coalesce(sum(amount_minor), 0) as bigint) as n
                 from order_receipt",
            )
            .await;
        let kept = Money::new(held.first().map_or(0, |(_, sum)| *sum), Currency::RUB);
        if kept == told {
            Ok(())
        } else {
            Err(format!("the bank told of {told}, the program knows of {kept}"))
        }
    }

    /// Whoever had time to do everything has done it.
    async fn nobody_waits_for_nothing(&mut self) -> Result<(), String> {
        let stages = self
            .numbers("select stage as name, count(*) as n from orders group by stage order by stage")
            .await;
        let of = |name: &str| stages.iter().find(|(stage, _)| stage == name).map_or(0, |(_, n)| *n);
        let all: i64 = stages.iter().map(|(_, n)| n).sum();
        self.tally.0.insert("orders complete", u64::try_from(of("complete")).unwrap_or(0));
        if self.customers.values().any(|customer| customer.id.is_none()) {
            return Err("a shop still does not know whether its order was taken".to_owned());
        }
        let stuck = self
            .numbers(
                "select number as name, 1 as n from orders
                 where stage <> 'complete' and stage <> 'cancel' and delivered_at is not null and paid_minor >= total_minor",
            )
            .await;
        if !stuck.is_empty() {
            return Err(format!("paid, delivered and not complete: {stuck:?}"));
        }
        // What was cancelled, or never paid and so never left, could not be finished.
        if of("complete") * 3 < (all - of("cancel") - of("new")) * 2 {
            return Err(format!("hardly anything was finished: {stages:?}"));
        }
        Ok(())
    }

    async fn numbers(&self, question: &'static str) -> Vec<(String, i64)> {
        self.look(move |reader| {
            reader
                .all_of(&Statement::new(question))?
                .iter()
                .map(|row| Ok((row.get("name")?, row.get("n")?)))
                .collect()
        })
        .await
        .unwrap_or_default()
    }

    /// The whole log, a line per fact: bodies, order, moments, ids.
    pub async fn log(&self) -> Vec<String> {
        let mut log = Vec::new();
        let mut position = 0;
        loop {
            let facts =
                self.look(move |reader| facts::after(reader, position, 2_000)).await.unwrap_or_default();
            let Some(last) = facts.last() else { break };
            position = last.position;
            log.extend(facts.iter().map(|fact| format!("{fact:?}")));
        }
        log
    }

    /// For whoever reads a failure: the last facts of the log.
    pub async fn last_facts(&self) -> String {
        let facts = self
            .look(|reader| {
                let last = Statement::new("select coalesce(max(position), 0) as n from fact_position");
                let last: i64 = reader.opt_of(&last)?.map_or(Ok(0), |row| row.get("n"))?;
                facts::after(reader, last - 15, 15)
            })
            .await
            .unwrap_or_default();
        let lines = facts.iter().map(|fact| {
            let body: String = fact.body.to_string().chars().take(120).collect();
            format!(
                "{} {} {} {}#{} {body}",
                fact.position, fact.at, fact.kind, fact.subject_kind, fact.subject_id
            )
        });
        lines.collect::<Vec<_>>().join("\n")
    }
}
