//! What this crate says, about the connection. No body holds a key or anything of a message.

use serde::{Deserialize, Serialize};
use takt_kernel::{Actor, CompanyId, ShopId};
use takt_store::{About, Fact, Subject};

use crate::ConnectionId;

pub(crate) fn about<'a>(company: CompanyId, connection: ConnectionId, actor: &'a Actor) -> About<'a> {
    About::new(company, subject(connection), actor)
}

pub(crate) fn subject(connection: ConnectionId) -> Subject {
    Subject::new("connection", connection.get())
}

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
    "connections.created" Created { shop: ShopId, kind: String, name: String }
    "connections.renamed" Renamed { name: String }
    "connections.heard" Heard {}
    "connections.began_refusing" BeganRefusing {}
    "connections.paused" Paused {}
    "connections.resumed" Resumed {}
    "connections.key_issued" KeyIssued { hint: String }
    "connections.key_retired" KeyRetired { hint: String }
    "connections.secret_set" SecretSet { name: String }
    "connections.settings_changed" SettingsChanged {}
    "connections.quarantined" Quarantined { message: i64, about: Option<String>, code: String }
    "connections.applied_again" AppliedAgain { message: i64, mended: bool }
    "connections.dropped" Dropped { message: i64 }
    "connections.theirs_taken" TheirsTaken { difference: i64, subject: String, field: String }
    "connections.ours_kept" OursKept { difference: i64, subject: String, field: String }
}
