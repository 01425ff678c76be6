//! The program itself: opens the data, answers, works, and on SIGTERM or Ctrl-C lets everything that
//! is under way end.

use std::{future::Future, net::SocketAddr, sync::Arc};

use takt_feature::Wiring;
use takt_kernel::{Fault, Result, failpoint};
use takt_notifications::Settings as MailSettings;
use takt_store::Db;
use takt_web::{Entrance, Limits, Probe, Web};
use takt_webhooks::Settings as WebhookSettings;
use tokio::{
    net::TcpListener,
    signal::unix::{SignalKind, signal},
    sync::watch,
};

use crate::{
    arguments::{DataOptions, ServeOptions},
    beside,
    entrances::{self, Keeper, listener},
    place,
    verbs::backup,
    waiting, wiring,
};

/// # Errors
/// When the data cannot be opened, an address is taken, the certificate is no good, or a part of the
/// program broke.
pub async fn serve(options: ServeOptions) -> Result<()> {
    let mail = MailSettings::parse(options.smtp.as_deref(), &options.mail_from)?;
    let webhooks = WebhookSettings::new(options.webhooks_loopback);
    wiring::check_site()?;
    let mut wiring = Wiring::assemble(wiring::features_with(mail, webhooks));
    let plan = &options.backups;
    if let Some(folder) = &plan.backup_folder {
        let database = place::database(&options.data);
        let keep = usize::from(plan.backup_keep);
        wiring.jobs.push(backup::job(database, folder.clone(), plan.backup_every, keep));
    }
    let mut stop = Box::pin(stop_signal()?);
    let observers = match options.metrics_listen {
        Some(address) => Some(listener(address).await?),
        None => None,
    };
    if let Some(address) = observers.as_ref().and_then(|observers| observers.local_addr().ok()) {
        tracing::info!(%address, "metrics");
    }
    let (entrances, keeper) = entrances::open(&options).await?;
    let opening = Running::open(&options.data, wiring, entrances, |web| {
        let limits = Limits::default().within_files(takt_web::most_files());
        web.secure(options.https).behind_proxies(options.proxies).limits(limits)
    });
    let running = tokio::select! {
        opened = opening => opened?,
        () = &mut stop => return Ok(()),
    };
    if plan.backup_folder.is_some() {
        backup::schedule(&running.db).await?;
    }
    running.announce();
    let running = Running { observers, keeper, ..running };
    running.until(stop).await
}

/// A program that listens already.
pub struct Running {
    pub db: Db,
    /// The first one.
    pub address: SocketAddr,
    wiring: Arc<Wiring>,
    web: Web,
    entrances: Vec<Entrance>,
    keeper: Option<Keeper>,
    /// Where `/metrics` is answered.
    observers: Option<TcpListener>,
    data: DataOptions,
}

impl Running {
    /// # Errors
    /// As [`serve`].
    pub async fn open(
        data: &DataOptions,
        wiring: Wiring,
        entrances: Vec<Entrance>,
        settle: impl FnOnce(Web) -> Web,
    ) -> Result<Self> {
        let unusable = |error: std::io::Error| Fault::unavailable("web.not_listening").because(error);
        let first = entrances.first().ok_or_else(|| Fault::broken("web.not_listening"))?;
        let address = first.address().map_err(unusable)?;
        let db = waiting::open(data, &wiring, &entrances).await?;
        failpoint::reach("takt.serve.opened");
        // The numbering plans of all countries take a second to read; the first order shall not wait.
        tokio::task::spawn_blocking(|| takt_customers::Phone::parse("+7 900 000-00-00", "RU"));
        let web = settle(wiring.web(db.clone()));
        let (wiring, data) = (Arc::new(wiring), data.clone());
        Ok(Self { db, address, wiring, web, entrances, keeper: None, observers: None, data })
    }

    fn announce(&self) {
        for entrance in &self.entrances {
            let address = entrance.address().unwrap_or(self.address);
            match entrance.speaks_tls() {
                true if entrance.is_for_some() => tracing::info!(%address, "listening, for banks"),
                false => tracing::info!(%address, "listening"),
                true => tracing::info!(%address, "listening, with TLS"),
            }
        }
    }

    /// Answers and works until `stop`, then drains.
    ///
    /// # Errors
    /// When a part of the program broke.
    pub async fn until(self, stop: impl Future<Output = ()> + Send + 'static) -> Result<()> {
        let (stopping, stopped) = watch::channel(false);
        let told_to_stop = stopping.clone();
        let db = self.db.clone();
        let moved = tokio::spawn(async move {
            // A node that may write nothing any more says so once and ends.
            let moved = tokio::select! {
                () = stop => false,
                () = db.moved() => true,
            };
            told_to_stop.send_replace(true);
            moved
        });
        let runner = self.wiring.runner(self.db.clone());
        let (pulse, clock) = (runner.pulse(), self.db.shared_clock());
        let web = self.web.probes(vec![Probe::new("runner", move || pulse.is_alive(clock.now()))]);
        let features = self.wiring.router.clone();

        let working = {
            let stopped = stopped.clone();
            tokio::spawn(async move {
                let ended = runner.run(stopped).await;
                // A node that answers and does no work would look alive: it stops as a whole.
                stopping.send_replace(true);
                ended
            })
        };
        let beside = match self.data.database {
            Some(_) => None,
            None => {
                Some(beside::listen(&self.data.data, self.db.clone(), self.wiring.clone(), stopped.clone())?)
            }
        };
        let observing = self.observers.map(|listener| {
            let (web, stopped) = (web.clone(), stopped.clone());
            tokio::spawn(async move { takt_web::observe(listener, &web, told(stopped)).await })
        });
        let keeping = self.keeper.map(|keeper| keeper.keep(self.db.clone(), stopped.clone()));
        takt_web::serve(self.entrances, &web, features, told(stopped.clone())).await?;
        working.await.map_err(|error| Fault::broken("takt.worker_panicked").because(error))??;
        if let Some(observing) = observing {
            observing.await.map_err(|error| Fault::broken("takt.worker_panicked").because(error))??;
        }
        for beside in beside.into_iter().chain(keeping) {
            beside.await.map_err(|error| Fault::broken("takt.worker_panicked").because(error))?;
        }
        self.db.close().await;
        tracing::info!("stopped");
        if moved.is_finished() && moved.await.unwrap_or(false) {
            return Err(Fault::unavailable("store.moved"));
        }
        Ok(())
    }
}

async fn told(mut stopped: watch::Receiver<bool>) {
    // An error means that nobody can tell any more: stop as well.
    let _ = stopped.wait_for(|stopped| *stopped).await;
}

/// Ends at SIGTERM or Ctrl-C.
///
/// # Errors
/// When the system gives no signals.
pub fn stop_signal() -> Result<impl Future<Output = ()> + Send + 'static> {
    let listen = |kind| signal(kind).map_err(|error| Fault::broken("takt.no_signals").because(error));
    let (mut terminate, mut interrupt) = (listen(SignalKind::terminate())?, listen(SignalKind::interrupt())?);
    Ok(async move {
        tokio::select! {
            _ = terminate.recv() => {}
            _ = interrupt.recv() => {}
        }
    })
}
