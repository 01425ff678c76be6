use std::time::Duration;

use takt_kernel::{Fault, Result, Slot};
use takt_outbound::{DownloadLimits, Reach};
use takt_store::Query;

pub(crate) static SETTINGS: Slot<Settings> = Slot::new("feeds.settings");

/// What the operator of the installation decides.
#[derive(Clone, Copy, Debug)]
pub struct Settings {
    pub reach: Reach,
    pub limits: DownloadLimits,
}

impl Settings {
    /// 512 MB, ten minutes, a minute without a byte, five redirects.
    pub const fn reaching(reach: Reach) -> Self {
        let limits = DownloadLimits {
            bytes: 512 << 20,
            whole: Duration::from_secs(600),
            silence: Duration::from_secs(60),
            redirects: 5,
        };
        Self { reach, limits }
    }

    /// # Errors
    /// A broken fault when the wiring holds none.
    pub(crate) fn of(db: &dyn Query) -> Result<Self> {
        let slots = db.slots();
        slots.of(&SETTINGS).next().copied().ok_or_else(|| Fault::broken("feeds.not_wired"))
    }
}
