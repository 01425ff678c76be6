//! `takt demo`: the whole program on a fresh folder, an invented company in it, and around it a
//! simulated world that keeps it at work. Says on the terminal what happens, calmly.

mod doors;
mod folder;
mod narrator;
mod password;
mod stage;

use std::sync::atomic::Ordering;

use takt_feature::{Feature, Tier};
use takt_kernel::{Clock, Fault, Result, Timestamp};
use takt_simulator::{Company, Plan, Simulation, Slice};
use takt_ui::Words;
use takt_web::Entrance;
use tokio::sync::watch;

use crate::{
    arguments::{DataOptions, DemoOptions},
    entrances,
    serve::{self, Running},
    verbs::{Output, Words as Said},
    wiring,
};
use doors::Doors;
use folder::Folder;
use narrator::Narrator;

/// Always the same orders: what somebody saw, somebody else can look at.
const SEED: u64 = 1;
/// The story before anybody looks: so many orders, one every five seconds of a faster clock.
const WARM_UP_ORDERS: usize = 40;
const WARM_UP_INTERVAL: i64 = 5_000;
const WARM_UP_PACE: i64 = 15;

/// The texts of the demonstration.
pub fn feature() -> Feature {
    Feature::new("demo", Tier::Connector)
        .texts("ru", include_str!("../../texts/demo/ru.ftl"))
        .texts("en", include_str!("../../texts/demo/en.ftl"))
        .texts("ru", takt_outbound::TEXTS[0].1)
        .texts("en", takt_outbound::TEXTS[1].1)
        .texts("ru", takt_bank_simulator::TEXTS[0].1)
        .texts("en", takt_bank_simulator::TEXTS[1].1)
        .texts("ru", takt_simulator::TEXTS[0].1)
        .texts("en", takt_simulator::TEXTS[1].1)
}

/// # Errors
/// `takt.folder_not_empty`, and as [`serve::serve`].
pub async fn demo(options: DemoOptions) -> Result<()> {
    let said = Said::of_environment();
    let folder = Folder::open(options.data)?;
    let (stopping, stopped) = watch::channel(false);
    let signal = serve::stop_signal()?;
    tokio::spawn(async move {
        signal.await;
        stopping.send_replace(true);
    });
    let data = DataOptions { data: folder.path().to_owned(), database: None };
    let wiring = wiring::assemble(wiring::without_mail()?);
    let entrances = vec![Entrance::plain(entrances::listener(options.listen).await?)];
    let running = Running::open(&data, wiring, entrances, |web| web).await?;
    let show = Show { said, output: Output::of_process(), interval: interval(options.speed), stopped };
    show.run(running, &folder).await
}

/// Story milliseconds between two orders.
fn interval(orders_per_minute: f64) -> i64 {
    #[expect(
        clippy::cast_possible_truncation,
        reason = "between 60 and 60,000,000, by the argument's bounds"
    )]
    let milliseconds = (60_000.0 / orders_per_minute) as i64;
    milliseconds.max(1)
}

struct Show {
    said: Said,
    output: Output,
    interval: i64,
    stopped: watch::Receiver<bool>,
}

impl Show {
    async fn run(self, running: Running, folder: &Folder) -> Result<()> {
        let (db, address) = (running.db.clone(), running.address);
        let slice = Slice::embedded()?;
        let password = password::password(db.entropy())?;
        let founded = tokio::select! {
            founded = self.found(&db, &slice, &password) => founded?,
            () = told(self.stopped.clone()) => {
                db.close().await;
                return Ok(());
            }
        };
        let inbox = folder.inbox()?;
        stage::watch_inbox(&db, &founded, &inbox).await?;
        // What was founded is no news.
        let heard = db.number_facts().await?;
        let words = Words::new(self.said.texts().clone(), self.said.lang(), founded.zone.clone());
        let doors = Doors::new(&db, address, inbox, &founded)?;
        let simulation =
            Simulation::new(db.clone(), doors, founded, Plan::new(SEED, slice), SEED).hearing_from(heard);
        let mut serving = tokio::spawn(running.until(told(self.stopped.clone())));
        let mut narrator = Narrator::new(db, words, heard);
        tokio::select! {
            ended = self.play(simulation, &mut narrator, address, &password) => ended?,
            () = told(self.stopped.clone()) => {}
            ended = &mut serving => return join(ended),
        }
        self.output.out(self.said.say("takt-demo-stopping", &[]) + "\n").await;
        join(serving.await)
    }

    async fn found(&self, db: &takt_store::Db, slice: &Slice, password: &str) -> Result<Company> {
        let mut progress = |done: usize, all: usize| {
            let args = [("done", done.into()), ("all", all.into())];
            self.output.progress(&self.said.say("takt-demo-founding", &args));
        };
        Company::found(db, slice, SEED, self.said.lang(), password, &mut progress).await
    }

    /// First fast and behind the curtain, then for the audience. Never ends by itself.
    async fn play(
        &self,
        mut simulation: Simulation<Doors>,
        narrator: &mut Narrator,
        address: std::net::SocketAddr,
        password: &str,
    ) -> Result<()> {
        let clock = narrator.clock();
        simulation.set_interval(Some(WARM_UP_INTERVAL));
        simulation.set_pace(WARM_UP_PACE);
        while simulation.placed() < WARM_UP_ORDERS {
            sleep_until(&*clock, simulation.next_due()).await;
            simulation.step().await?;
            let args = [("done", simulation.placed().into()), ("all", WARM_UP_ORDERS.into())];
            self.output.progress(&self.said.say("takt-demo-warming-up", &args));
        }
        simulation.set_pace(1);
        simulation.set_interval(Some(self.interval));
        simulation.outside().at_once.store(false, Ordering::Relaxed);
        self.output.progress("");
        narrator.skip().await?;
        let introduction = stage::introduction(&self.said, simulation.company(), address, password);
        self.output.out(introduction).await;
        loop {
            sleep_until(&*clock, simulation.next_due()).await;
            simulation.step().await?;
            for line in narrator.lines().await? {
                self.output.out(line + "\n").await;
            }
        }
    }
}

async fn sleep_until(clock: &dyn Clock, due: Timestamp) {
    let micros = due.micros_since(clock.now()).max(0);
    tokio::time::sleep(std::time::Duration::from_micros(micros.unsigned_abs())).await;
}

async fn told(mut stopped: watch::Receiver<bool>) {
    // An error means that nobody can tell any more: stop as well.
    let _ = stopped.wait_for(|stopped| *stopped).await;
}

fn join(ended: std::result::Result<Result<()>, tokio::task::JoinError>) -> Result<()> {
    ended.map_err(|error| Fault::broken("takt.worker_panicked").because(error))?
}
