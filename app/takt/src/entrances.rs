//! The addresses that `takt serve` listens on, and the certificate that it shows there.

use std::{io, net::SocketAddr, time::Duration};

use takt_kernel::{Clock, Fault, Result, SystemClock};
use takt_store::Db;
use takt_web::{Entrance, tls::Tls};
use tokio::{
    net::TcpListener,
    signal::unix::{Signal, SignalKind, signal},
    sync::watch,
    task::{JoinHandle, spawn_blocking},
    time::{MissedTickBehavior, interval},
};

use crate::arguments::ServeOptions;

/// Whoever renews certificates does so weeks before the end.
const LOOK_EVERY: Duration = Duration::from_secs(60);

/// All entrances that were asked for, plain ones first, and who looks after the certificate.
pub async fn open(options: &ServeOptions) -> Result<(Vec<Entrance>, Option<Keeper>)> {
    let keeper = certificate(options)?;
    if options.proxies > 0 && options.listen.is_empty() {
        return Err(Fault::invalid("takt.proxies_before_tls"));
    }
    let mut entrances = Vec::new();
    for address in &options.listen {
        entrances.push(Entrance::plain(listener(*address).await?));
    }
    for (address, keeper) in options.tls_listen.iter().zip(keeper.iter().cycle()) {
        entrances.push(Entrance::with_tls(listener(*address).await?, keeper.tls.clone()));
    }
    Ok((entrances, keeper))
}

fn certificate(options: &ServeOptions) -> Result<Option<Keeper>> {
    match (options.tls.files()?, options.tls_listen.is_empty()) {
        (Some(_), true) => Err(Fault::invalid("takt.tls_nowhere")),
        (None, false) => Err(Fault::invalid("takt.tls_files_required")),
        (None, true) => Ok(None),
        (Some(files), false) => {
            let tls = Tls::load(files, SystemClock.now())?;
            // From here on a hangup means "look again" and ends nothing.
            let hangup = signal(SignalKind::hangup())
                .map_err(|error| Fault::broken("takt.no_signals").because(error))?;
            Ok(Some(Keeper { tls, hangup }))
        }
    }
}

/// Sees to it that the certificate that is shown is the one in the files.
pub struct Keeper {
    tls: Tls,
    hangup: Signal,
}

impl Keeper {
    /// Looks every minute, and at once on SIGHUP, until `stopped`.
    pub fn keep(mut self, db: Db, mut stopped: watch::Receiver<bool>) -> JoinHandle<()> {
        self.tls.tell(db.metrics());
        let mut minute = interval(LOOK_EVERY);
        minute.set_missed_tick_behavior(MissedTickBehavior::Delay);
        tokio::spawn(async move {
            loop {
                let asked = tokio::select! {
                    _ = minute.tick() => false,
                    Some(()) = self.hangup.recv() => true,
                    _ = stopped.wait_for(|stopped| *stopped) => return,
                };
                let (tls, db) = (self.tls.clone(), db.clone());
                // The files may lie on a disk that hangs; what is shown goes on being shown.
                let looked = spawn_blocking(move || tls.renew(db.clock().now(), asked, db.metrics())).await;
                if let Err(error) = looked {
                    tracing::error!(%error, "nobody looked after the certificate");
                }
            }
        })
    }
}

pub async fn listener(address: SocketAddr) -> Result<TcpListener> {
    TcpListener::bind(address).await.map_err(|error| taken(address, error))
}

pub fn taken(address: SocketAddr, error: io::Error) -> Fault {
    Fault::unavailable("takt.address_taken").arg("address", address).because(error)
}
