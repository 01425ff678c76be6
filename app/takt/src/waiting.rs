//! Opens the data, and waits for a PostgreSQL that does not answer: machines start in any order. The node
//! listens meanwhile, refuses with 503 and is not ready. What a person has to mend (a wrong password, no
//! such database, a folder that is held) ends the program at once instead.

use std::{os::fd::AsFd, time::Duration};

use takt_feature::Wiring;
use takt_kernel::{Fault, Result};
use takt_store::Db;
use tokio::{net::TcpListener, task::JoinHandle};

use crate::{arguments::DataOptions, place};

const PAUSE: Duration = Duration::from_secs(1);
/// Of so many attempts one is logged.
const SAID_ONCE_IN: usize = 30;

/// # Errors
/// As [`place::open`], but for a PostgreSQL that cannot be reached.
pub async fn open(data: &DataOptions, wiring: &Wiring, listener: &TcpListener) -> Result<Db> {
    let mut door: Option<Door> = None;
    for attempt in 0_usize.. {
        let fault = match place::open(data, wiring, true).await {
            Err(fault) if data.database.is_some() && fault.is("store.unreachable") => fault,
            opened_or_hopeless => return opened_or_hopeless,
        };
        if attempt % SAID_ONCE_IN == 0 {
            let address = listener.local_addr().map(|address| address.to_string()).unwrap_or_default();
            tracing::warn!(%address, ?fault, "PostgreSQL does not answer; waiting for it");
        }
        if door.is_none() {
            door = Some(Door::of(listener, wiring, fault)?);
        }
        tokio::time::sleep(PAUSE).await;
    }
    Err(Fault::unavailable("store.unreachable"))
}

/// Refuses everybody until it is dropped.
struct Door(JoinHandle<()>);

impl Door {
    fn of(listener: &TcpListener, wiring: &Wiring, reason: Fault) -> Result<Self> {
        let unusable = |error: std::io::Error| Fault::unavailable("takt.address_taken").because(error);
        let same = std::net::TcpListener::from(listener.as_fd().try_clone_to_owned().map_err(unusable)?);
        let same = TcpListener::from_std(same).map_err(unusable)?;
        Ok(Self(tokio::spawn(takt_web::refuse_all(same, wiring.texts.clone(), reason))))
    }
}

impl Drop for Door {
    fn drop(&mut self) {
        self.0.abort();
    }
}
