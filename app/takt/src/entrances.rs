//! The addresses that `takt serve` listens on, and the certificate that it shows there.

use std::{io, net::SocketAddr, time::Duration};

use takt_kernel::{Clock, Fault, Result, SystemClock};
use takt_store::Db;
use takt_web::{
    Entrance,
    tls::{PemFiles, Tls},
};
use tokio::{
    net::TcpListener,
    signal::unix::{Signal, SignalKind, signal},
    sync::watch,
    task::{JoinHandle, spawn_blocking},
    time::{MissedTickBehavior, interval},
};

use crate::arguments::ServeOptions;

/// All that is answered at the door of banks.
const BANK_PATHS: &str = "/bank/v1/";
/// Whoever renews certificates does so weeks before the end.
const LOOK_EVERY: Duration = Duration::from_secs(60);

/// All entrances that were asked for, plain ones first, and who looks after the certificate.
pub async fn open(options: &ServeOptions) -> Result<(Vec<Entrance>, Option<Keeper>)> {
    let keeper = certificate(options)?;
    let bank = bank_certificate(options)?;
    if options.proxies > 0 && options.listen.is_empty() {
        return Err(Fault::invalid("takt.proxies_before_tls"));
    }
    let mut entrances = Vec::new();
    for address in &options.listen {
        entrances.push(Entrance::plain(listener(*address).await?));
    }
    for (address, keeper) in options.tls_listen.iter().zip(keeper.iter().cycle()) {
        if let Some(tls) = &keeper.tls {
            entrances.push(Entrance::with_tls(listener(*address).await?, tls.clone()));
        }
    }
    if let (Some(address), Some(tls)) = (options.bank.bank_listen, &bank) {
        entrances.push(Entrance::with_tls(listener(address).await?, tls.clone()).only(BANK_PATHS));
    }
    let keeper = match (keeper, bank) {
        (keeper, None) => keeper,
        (Some(keeper), Some(bank)) => Some(Keeper { bank: Some(bank), ..keeper }),
        (None, Some(bank)) => Some(Keeper { tls: None, bank: Some(bank), hangup: hangup()? }),
    };
    Ok((entrances, keeper))
}

/// From here on a hangup means "look again" and ends nothing.
fn hangup() -> Result<Signal> {
    signal(SignalKind::hangup()).map_err(|error| Fault::broken("takt.no_signals").because(error))
}

fn bank_certificate(options: &ServeOptions) -> Result<Option<Tls>> {
    let door = &options.bank;
    match (&door.bank_cert, &door.bank_key, &door.bank_client_ca) {
        (Some(certificate), Some(key), Some(authorities)) => {
            let files = PemFiles { certificate: certificate.clone(), key: key.clone() };
            Tls::load_mutual(files, authorities, SystemClock.now()).map(Some)
        }
        _ => Ok(None),
    }
}

fn certificate(options: &ServeOptions) -> Result<Option<Keeper>> {
    match (options.tls.files()?, options.tls_listen.is_empty()) {
        (Some(_), true) => Err(Fault::invalid("takt.tls_nowhere")),
        (None, false) => Err(Fault::invalid("takt.tls_files_required")),
        (None, true) => Ok(None),
        (Some(files), false) => {
            let tls = Tls::load(files, SystemClock.now())?;
            Ok(Some(Keeper { tls: Some(tls), bank: None, hangup: hangup()? }))
        }
    }
}

/// Sees to it that the certificate that is shown is the one in the files.
pub struct Keeper {
    tls: Option<Tls>,
    /// What banks are shown.
    bank: Option<Tls>,
    hangup: Signal,
}

impl Keeper {
    /// Looks every minute, and at once on SIGHUP, until `stopped`.
    pub fn keep(mut self, db: Db, mut stopped: watch::Receiver<bool>) -> JoinHandle<()> {
        if let Some(tls) = &self.tls {
            tls.tell(db.metrics());
        }
        let mut minute = interval(LOOK_EVERY);
        minute.set_missed_tick_behavior(MissedTickBehavior::Delay);
        tokio::spawn(async move {
            loop {
                let asked = tokio::select! {
                    _ = minute.tick() => false,
                    Some(()) = self.hangup.recv() => true,
                    _ = stopped.wait_for(|stopped| *stopped) => return,
                };
                let (all, db) = ([self.tls.clone(), self.bank.clone()], db.clone());
                // The files may lie on a disk that hangs; what is shown goes on being shown.
                let looked = spawn_blocking(move || {
                    for tls in all.iter().flatten() {
                        tls.renew(db.clock().now(), asked, db.metrics());
                    }
                })
                .await;
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
