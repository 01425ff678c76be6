//! One round: work, death, a new start, rest, and the question whether all is well.

use std::{
    collections::BTreeMap,
    process::Stdio,
    sync::{Arc, Mutex, PoisonError},
    time::{Duration, Instant},
};

use takt_store::{Database, Engine};
use takt_testing::Place;

use super::{
    beside::Beside,
    checks,
    dice::Dice,
    load::Client,
    points, rest,
    serving::{Serving, Starter},
    told::Told,
    world::World,
};

const CLIENTS: usize = 4;
/// Within this a failpoint is reached, or the round is one of a random moment.
const PATIENCE: Duration = Duration::from_secs(5);

pub struct Size {
    pub rounds: usize,
    pub seed: u64,
}

impl Size {
    pub fn asked(rounds: usize, seed: u64) -> Self {
        let asked = |name: &str| std::env::var(name).ok().map(|told| told.parse().expect(name));
        Self {
            rounds: asked("TAKT_CRASH_ROUNDS").map_or(rounds, |told: u64| told as usize),
            seed: asked("TAKT_CRASH_SEED").unwrap_or(seed),
        }
    }
}

/// How a process is to end.
enum Death {
    AtPoint { name: String, time: usize },
    AtRandom { after: Duration, slowly: String },
    Starting { after: Duration },
}

/// What all rounds came to.
#[derive(Default)]
pub struct Campaign {
    rounds: usize,
    orders: usize,
    sent: usize,
    answered: usize,
    mails: usize,
    deaths: BTreeMap<String, usize>,
    never_reached: BTreeMap<String, usize>,
}

impl Campaign {
    pub async fn run(&mut self, world: World, seed: u64, rounds: usize) {
        let world = Arc::new(world);
        let told = Arc::new(Mutex::new(Told::default()));
        for round in 0..rounds {
            let mut dice = Dice::of(seed, round as u64);
            let death = Death::choose(&mut dice, &world.starter.database, seed as usize, round);
            let ended = one_round(&world, &told, &death, &mut dice, round).await;
            let broken = verify(&world, &told).await;
            assert!(
                broken.is_empty(),
                "after {ended} in round {round}: {broken:#?}\n\
                 again: TAKT_CRASH_SEED={seed} TAKT_CRASH_ROUNDS={}",
                round + 1
            );
            if std::env::var_os("TAKT_CRASH_ROUNDS").is_some() {
                eprintln!("seed {seed}, round {round}: {ended}");
            }
            self.count(death, ended);
        }
        let told = told.lock().unwrap_or_else(PoisonError::into_inner);
        self.orders += told.orders.len();
        self.sent += told.sent;
        self.answered += told.answered;
        self.mails += world.mailbox.taken().len();
    }

    fn count(&mut self, death: Death, ended: String) {
        self.rounds += 1;
        if let Death::AtPoint { name, .. } = death
            && ended != name
        {
            *self.never_reached.entry(name).or_default() += 1;
        }
        *self.deaths.entry(ended).or_default() += 1;
    }

    pub fn report(&self) {
        eprintln!(
            "{} rounds: {} requests, {} answered, {} orders, {} mails; deaths {:#?}; aimed at and not reached {:#?}",
            self.rounds, self.sent, self.answered, self.orders, self.mails, self.deaths, self.never_reached
        );
    }
}

impl Death {
    /// Every other round one failpoint after the other, in the next world the next ones.
    fn choose(dice: &mut Dice, database: &Database, world: usize, round: usize) -> Self {
        if round.is_multiple_of(2) {
            let points = aimed_at(database);
            let name = points[(world * super::ROUNDS_OF_A_WORLD / 2 + round / 2) % points.len()].clone();
            let often = name.starts_with("store.") || name.starts_with("work.reaction");
            let once = ["takt.verb.ran", "takt.serve.opened"].contains(&name.as_str())
                || name.ends_with(".ids_taken");
            let time = match once {
                true => 1,
                false => 1 + dice.below(if often { 60 } else { 4 }),
            };
            return Self::AtPoint { name, time };
        }
        if dice.one_in(4) {
            return Self::Starting { after: Duration::from_millis(dice.below(400) as u64) };
        }
        let points = aimed_at(database);
        let mut slowly = Vec::new();
        for _ in 0..dice.below(4) {
            slowly.push(format!("{}=wait:{}", points[dice.below(points.len())], 1 + dice.below(30)));
        }
        Self::AtRandom { after: Duration::from_millis(30 + dice.below(900) as u64), slowly: slowly.join(" ") }
    }

    fn failpoints(&self) -> String {
        match self {
            Self::AtPoint { name, time } => format!("{name}=kill@{time}"),
            Self::AtRandom { slowly, .. } => slowly.clone(),
            Self::Starting { .. } => String::new(),
        }
    }
}

/// The points that a running program on this engine can come to.
fn aimed_at(database: &Database) -> Vec<String> {
    let engine = match database {
        Database::Sqlite { .. } => Engine::Sqlite,
        Database::Postgres { .. } => Engine::Postgres,
    };
    let elsewhere: &[&str] = match engine {
        Engine::Sqlite => &["store.postgres.", "store.sequencer."],
        Engine::Postgres => &["store.sqlite.", "takt.verb."],
    };
    let mut points = points::all();
    points.retain(|name| {
        let never_here = elsewhere.iter().any(|prefix| name.starts_with(prefix));
        // At the first start, at the end, in a verb, in a bank's push: tests of their own aim at these.
        let elsewhere = name.ends_with(".migrated")
            || name.ends_with(".closing")
            || name.starts_with("payments.push.")
            || name.starts_with("payments.message.");
        !never_here && !elsewhere && !name.starts_with("takt.import_orders.")
    });
    points
}

async fn one_round(
    world: &Arc<World>,
    told: &Arc<Mutex<Told>>,
    death: &Death,
    dice: &mut Dice,
    round: usize,
) -> String {
    let mut serving = world.starter.spawn(&death.failpoints());
    let ended = match death {
        Death::Starting { after } => {
            tokio::time::sleep(*after).await;
            serving.kill();
            "a kill while it started".to_owned()
        }
        Death::AtPoint { .. } | Death::AtRandom { .. } => {
            if serving.listens() {
                work(world, told, death, dice, round, &mut serving).await;
            }
            serving.ended_at().unwrap_or_else(|| "a kill at any moment".to_owned())
        }
    };
    rest::an_hour_passes(world).await;
    let mut serving = world.starter.start();
    let name = format!("settle-{round}");
    let client = Client::new(world.clone(), told.clone(), &serving.address, name, Dice::new(dice.roll()));
    client.settle().await;
    rest::wait(world, &mut serving).await;
    serving.kill();
    let complaints = serving.complaints();
    told.lock().unwrap_or_else(PoisonError::into_inner).surprises.extend(complaints);
    ended
}

/// Clients work until the process is dead, of itself or by us.
async fn work(
    world: &Arc<World>,
    told: &Arc<Mutex<Told>>,
    death: &Death,
    dice: &mut Dice,
    round: usize,
    serving: &mut Serving,
) {
    let point = match death {
        Death::AtPoint { name, .. } => name.as_str(),
        Death::AtRandom { .. } | Death::Starting { .. } => "",
    };
    let clients: Vec<_> = (0..CLIENTS)
        .map(|number| {
            let name = format!("r{round}c{number}");
            let dice = Dice::new(dice.roll());
            let client = Client::new(world.clone(), told.clone(), &serving.address, name, dice)
                .with_large_files(point == "payments.file.between_chunks");
            tokio::spawn(client.run())
        })
        .collect();
    let patience = match death {
        Death::AtRandom { after, .. } => *after,
        Death::AtPoint { .. } | Death::Starting { .. } => PATIENCE,
    };
    let until = Instant::now() + patience;
    let pressing = dice.one_in(3);
    let mut verb = None;
    while Instant::now() < until && !serving.is_dead() {
        press(world, point, pressing).await;
        if point == "takt.verb.ran" && verb.is_none() {
            verb = Some(order_a_verb(world, round));
        }
        tokio::time::sleep(Duration::from_millis(20).min(until.saturating_duration_since(Instant::now())))
            .await;
    }
    serving.kill();
    if let Some(mut verb) = verb {
        verb.wait().expect("its end");
    }
    for client in clients {
        client.await.expect("a client");
    }
}

/// A verb that runs inside the program; whether it is answered does not matter here.
fn order_a_verb(world: &World, round: usize) -> std::process::Child {
    let mut command = world.starter.command();
    command.args([
        "shop",
        "create",
        "--company",
        &world.company.to_string(),
        "--name",
        &format!("Shop {round}"),
    ]);
    command.args(world.starter.place()).stdout(Stdio::null()).stderr(Stdio::null());
    command.spawn().expect("the binary")
}

/// What happens only in time, or at the hands of others, happens now.
async fn press(world: &World, point: &str, pressing: bool) {
    if pressing || point.starts_with("payments.folder") || point.starts_with("work.timer") {
        let beside = Beside::open(&world.starter.database).await;
        rest::hurry(&beside).await;
        if point.starts_with("work.timer") {
            rest::deadlines_pass(&beside).await;
        }
    }
}

pub async fn verify(world: &World, told: &Arc<Mutex<Told>>) -> Vec<String> {
    let db = world.open().await;
    let listeners = world.wiring.listeners.clone();
    let mails = world.mailbox.taken();
    let told = told.clone();
    let broken = db
        .read("test.verify", move |reader| {
            let told = told.lock().unwrap_or_else(PoisonError::into_inner);
            checks::broken(reader, &listeners, &told, &mails)
        })
        .await
        .expect("answers");
    db.close().await;
    broken
}

/// Dies before its tables are there, then while it closes; each time it starts again.
pub async fn beginnings_and_ends(place: Place) {
    let engine = place.engine();
    // No tables yet: the place's own database would bring them.
    let empty = (engine == Engine::Postgres).then(takt_testing::postgres::empty_database);
    let folder = tempfile::TempDir::new().expect("a folder");
    let database = match &empty {
        Some(database) => Database::Postgres { url: database.url().to_owned() },
        None => Database::Sqlite { folder: folder.path().join("data") },
    };
    let starter = Starter {
        database,
        folder: folder.path().to_owned(),
        smtp: "smtp://127.0.0.1:1".to_owned(),
        environment: Vec::new(),
    };
    let name = match engine {
        Engine::Sqlite => "store.sqlite.migrated",
        Engine::Postgres => "store.postgres.migrated",
    };
    let mut dying = starter.spawn(&format!("{name}=kill@1"));
    assert!(!dying.listens(), "it was not to live");
    assert_eq!(dying.ended_at().as_deref(), Some(name));
    let mut living = starter.spawn("store.sqlite.closing=kill@1");
    assert!(living.listens(), "{}", living.log());
    living.ask_to_stop();
    let closing = living.ended_at();
    assert_eq!(closing.as_deref(), (engine == Engine::Sqlite).then_some("store.sqlite.closing"));
    starter.start();
}
