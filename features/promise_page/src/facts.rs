//! What the page says. Nothing of what a buyer typed.

use serde::{Deserialize, Serialize};
use takt_store::Fact;

/// About a promise link (its id is that of the order): the links that were given out open nothing any more.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LinkRenewed {
    pub round: i64,
}
impl Fact for LinkRenewed {
    const KIND: &'static str = "promise_page.link_renewed";
}

/// About an order: its buyer asked for something on the page; `deed` is `call` or `slot`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Asked {
    pub deed: String,
}
impl Fact for Asked {
    const KIND: &'static str = "promise_page.asked";
}

pub(crate) const SAYS: &[&str] = &[LinkRenewed::KIND, Asked::KIND];
