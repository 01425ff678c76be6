//! Opens the data, and waits for a PostgreSQL that does not answer: machines start in any order. The node
//! listens meanwhile, refuses with 503 and is not ready. What a person has to mend (a wrong password, no
//! such database, a folder that is held) ends the program at once instead.

use std::time::Duration;

use takt_feature::Wiring;
use takt_kernel::{Fault, Result};
use takt_store::Db;
use takt_web::Entrance;
use tokio::task::JoinHandle;

use crate::{arguments::DataOptions, place};

const PAUSE: Duration = Duration::from_secs(1);
/// Of so many attempts one is logged.
const SAID_ONCE_IN: usize = 30;

/// # Errors
/// As [`place::open`], but for a PostgreSQL that cannot be reached.
pub async fn open(data: &DataOptions, wiring: &Wiring, entrances: &[Entrance]) -> Result<Db> {
    let mut door: Option<Door> = None;
    for attempt in 0_usize.. {
        let fault = match place::open(data, wiring, true).await {
            Err(fault) if data.database.is_some() && fault.is("store.unreachable") => fault,
            opened_or_hopeless => return opened_or_hopeless,
        };
        if attempt % SAID_ONCE_IN == 0 {
            let address = entrances.first().and_then(|first| first.address().ok());
            let address = address.map(|address| address.to_string()).unwrap_or_default();
            tracing::warn!(%address, ?fault, "PostgreSQL does not answer; waiting for it");
        }
        if door.is_none() {
            door = Some(Door::of(entrances, wiring, fault)?);
        }
        tokio::time::sleep(PAUSE).await;
    }
    Err(Fault::unavailable("store.unreachable"))
}

/// Refuses everybody until it is dropped.
struct Door(JoinHandle<()>);

impl Door {
    fn of(entrances: &[Entrance], wiring: &Wiring, reason: Fault) -> Result<Self> {
        let same = entrances.iter().map(Entrance::twin).collect::<std::io::Result<Vec<_>>>();
        let same = same.map_err(|error| Fault::unavailable("takt.address_taken").because(error))?;
        Ok(Self(tokio::spawn(takt_web::refuse_all(same, wiring.texts.clone(), reason))))
    }
}

impl Drop for Door {
    fn drop(&mut self) {
        self.0.abort();
    }
}
