//! A feature made for these tests: guests come in and order; waiters listen.

use serde::{Deserialize, Serialize};
use takt_feature::{Feature, Tier};
use takt_kernel::{Actor, CompanyId, Fault, Result, Timestamp};
use takt_store::{About, Fact, Migration, Query, RecordedFact, Subject, Tx, params, sql};
use takt_work::{DueTimer, Listener, TimerKind, timers};

pub const COMPANY: CompanyId = CompanyId::new(7);

/// A guest asked for something.
#[derive(Debug, Serialize, Deserialize)]
pub struct Ordered {
    pub what: String,
}

impl Fact for Ordered {
    const KIND: &'static str = "teahouse.ordered";
}

/// Said by the listener itself.
#[derive(Debug, Serialize, Deserialize)]
pub struct Served {
    pub what: String,
}

impl Fact for Served {
    const KIND: &'static str = "teahouse.served";
}

const MIGRATIONS: &[Migration] = &[Migration {
    number: 1,
    name: "served",
    sql: "create table served (
        id integer not null primary key,
        guest integer not null,
        what text not null,
        at integer not null
      );
      create table broken_cup (what text not null primary key);",
}];

pub const WAITER: Listener = Listener {
    name: "teahouse.waiter",
    hears: &["teahouse.ordered"],
    does: "serves what was ordered",
    react: serve,
};

pub const BELL: TimerKind = TimerKind { kind: "teahouse.bell", does: "rings", fire: ring };

pub fn teahouse() -> Feature {
    Feature::new("teahouse", Tier::Feature)
        .says(&[Ordered::KIND, Served::KIND])
        .migrations(MIGRATIONS)
        .listener(WAITER)
        .timer(BELL)
}

pub fn order(tx: &mut Tx<'_>, guest: i64, what: &str) -> Result<()> {
    let actor = Actor::system("test");
    tx.say(About::new(COMPANY, Subject::new("guest", guest), &actor), &Ordered { what: what.to_owned() })
}

/// From now on this cannot be served …
pub fn break_cup(tx: &mut Tx<'_>, what: &str) -> Result<()> {
    tx.put(sql!("insert into broken_cup (what) values (:what)"), params![what: what])
}

/// … until it is mended.
pub fn mend_cup(tx: &mut Tx<'_>, what: &str) -> Result<()> {
    tx.put(sql!("delete from broken_cup where what = :what"), params![what: what])
}

fn serve(tx: &mut Tx<'_>, fact: &RecordedFact) -> Result<()> {
    let ordered: Ordered = fact.read()?;
    record(tx, fact.subject_id, &ordered.what)?;
    let actor = Actor::system(WAITER.name);
    let guest = Subject::new("guest", fact.subject_id);
    tx.say(About::new(fact.company, guest, &actor), &Served { what: ordered.what.clone() })?;
    refuse_broken(tx, &ordered.what)
}

/// What its payload names happens as well: `orders` something, `silences` another bell, `delays` one by a minute.
fn ring(tx: &mut Tx<'_>, timer: &DueTimer) -> Result<()> {
    record(tx, timer.subject_id, &timer.key)?;
    let named = |what: &str| timer.payload[what].as_str();
    if let Some(what) = named("orders") {
        order(tx, timer.subject_id, what)?;
    }
    if let Some(bell) = named("silences") {
        timers::cancel(tx, COMPANY, BELL.kind, bell)?;
    }
    if let Some(bell) = named("delays") {
        let (later, guest) = (tx.now().plus_seconds(60), Subject::new("guest", timer.subject_id));
        timers::set(tx, COMPANY, BELL.kind, bell, guest, later, &timer.payload)?;
    }
    refuse_broken(tx, &timer.key)
}

/// Fails after the effect, so that a test sees whether the effect is undone.
fn refuse_broken(tx: &mut Tx<'_>, what: &str) -> Result<()> {
    let broken = tx.opt(sql!("select what from broken_cup where what = :what"), params![what: what])?;
    match broken {
        Some(_) if what == "panic" => panic!("the waiter stumbled"),
        Some(_) if what == "busy" => Err(Fault::unavailable("teahouse.busy").retryable()),
        Some(_) => Err(Fault::conflict("teahouse.cup_broken").arg("what", what)),
        None => Ok(()),
    }
}

fn record(tx: &mut Tx<'_>, guest: i64, what: &str) -> Result<()> {
    let id = tx.new_id::<()>();
    let now = tx.now();
    tx.put(
        sql!("insert into served (id, guest, what, at) values (:id, :guest, :what, :at)"),
        params![id: id, guest: guest, what: what, at: now],
    )
}

/// What a guest got, in order.
pub fn served(db: &mut dyn Query, guest: i64) -> Result<Vec<String>> {
    let rows = db.all(
        sql!("select what from served where guest = :guest order by id limit 10000"),
        params![guest: guest],
    )?;
    rows.iter().map(|row| row.get("what")).collect()
}

/// What the waiter told of a guest, in the order in which it happened: ids of several nodes do not
/// follow time, the facts of a subject do.
pub fn told(db: &mut dyn Query, guest: i64) -> Result<Vec<String>> {
    let facts = takt_store::facts::of_subject(db, COMPANY, "guest", guest, 0, 10_000)?;
    let served = facts.iter().filter(|fact| fact.kind == Served::KIND);
    served.map(|fact| fact.read::<Served>().map(|served| served.what)).collect()
}

/// How often everything was served, and how many different things.
pub fn counts(db: &mut dyn Query) -> Result<(i64, i64)> {
    let row = db.one(
        sql!("select count(*) as times, count(distinct guest || '/' || what) as things from served"),
        params![],
    )?;
    Ok((row.get("times")?, row.get("things")?))
}

pub fn served_at(db: &mut dyn Query, guest: i64) -> Result<Vec<Timestamp>> {
    let rows = db.all(
        sql!("select at from served where guest = :guest order by id limit 100"),
        params![guest: guest],
    )?;
    rows.iter().map(|row| row.get("at")).collect()
}
