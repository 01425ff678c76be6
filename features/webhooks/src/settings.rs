//! What whoever runs the program says about webhooks.

use std::time::Duration;

use takt_kernel::{Fault, Result, Slot};
use takt_outbound::{Outbound, Reach};
use takt_store::Query;

pub(crate) static WEBHOOKS: Slot<Settings> = Slot::new("webhooks.settings");

const PATIENCE: Duration = Duration::from_secs(15);

#[derive(Clone, Copy, Debug)]
pub struct Settings {
    /// Programs on this machine may be told too, and without TLS: for trying out.
    pub(crate) loopback: bool,
    /// How long an endpoint may take to answer.
    pub(crate) patience: Duration,
}

impl Settings {
    pub const fn new(loopback: bool) -> Self {
        Self { loopback, patience: PATIENCE }
    }

    #[must_use]
    pub const fn answered_within(self, patience: Duration) -> Self {
        Self { patience, ..self }
    }

    pub(crate) const fn reach(self) -> Reach {
        if self.loopback { Reach::PublicAndLoopback } else { Reach::Public }
    }

    pub(crate) fn outbound(self) -> Result<Outbound> {
        Outbound::to(self.reach())
    }

    pub(crate) fn of(db: &dyn Query) -> Result<Self> {
        db.slots().of(&WEBHOOKS).next().copied().ok_or_else(|| Fault::broken("webhooks.not_wired"))
    }
}

impl Default for Settings {
    fn default() -> Self {
        Self::new(false)
    }
}
