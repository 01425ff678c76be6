//! xx
use takt_feature::{Feature, Tier};
pub fn feature() -> Feature { Feature::new("retailcrm", Tier::Connector) }
