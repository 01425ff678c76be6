//! What this crate says, about the subject "webhook_endpoint". No address and no key: both may open
//! something.

use serde::{Deserialize, Serialize};
use takt_kernel::{Actor, CompanyId, Result, ShopId};
use takt_store::{About, Fact, Subject, Tx};

use crate::endpoint::EndpointId;

pub(crate) const SUBJECT: &str = "webhook_endpoint";

macro_rules! facts {
    ($($code:literal $name:ident { $($field:ident: $type:ty),* $(,)? })+) => {
        $(
            #[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
            pub struct $name { $(pub $field: $type),* }
            impl Fact for $name { const KIND: &'static str = $code; }
        )+
        pub(crate) const SAID: &[&str] = &[$($code),+];
    };
}

facts! {
    "webhooks.added" Added { name: String, shop: Option<ShopId>, kinds: String }
    "webhooks.edited" Edited { name: String, shop: Option<ShopId>, kinds: String, moved: bool }
    "webhooks.paused" Paused { why: String }
    "webhooks.resumed" Resumed {}
    "webhooks.rotated" Rotated {}
    "webhooks.removed" Removed {}
}

pub(crate) fn say<F: Fact>(
    tx: &mut Tx<'_>,
    company: CompanyId,
    endpoint: EndpointId,
    actor: &Actor,
    fact: &F,
) -> Result<()> {
    tx.say(About::new(company, Subject::new(SUBJECT, endpoint.get()), actor), fact)
}
