use serde::{Deserialize, Serialize};
use takt_kernel::Timestamp;

use crate::holder::Holder;

/// What holds an order up, and on whose time.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pause {
    /// The code of one of the company's reasons.
    pub reason: String,
    pub owner: Holder,
    pub since: Timestamp,
    /// It goes on by itself then: nothing is held up for ever.
    pub until: Timestamp,
}
