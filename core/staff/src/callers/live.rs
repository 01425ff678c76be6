//! What the event stream may tell a person: changes in the companies they see from where they work.
//! Subjects that only some roles may know of announce it in [`LIVE_PERMISSIONS`].

use std::{collections::BTreeSet, sync::Arc};

use axum::extract::FromRequestParts;
use futures::future::BoxFuture;
use http::request::Parts;
use takt_kernel::{Result, Slot};
use takt_web::{
    Web,
    live::{LiveChange, LiveScope, MaySee},
};

use super::Caller;

/// Changes of a kind of subject are told only to who holds the permission in that company.
#[derive(Clone, Copy, Debug)]
pub struct LivePermission {
    pub subject_kind: &'static str,
    pub permission: &'static str,
}

pub const LIVE_PERMISSIONS: Slot<LivePermission> = Slot::new("staff.live_permissions");

/// For the slot of the web tier.
pub const fn live_scope() -> LiveScope {
    LiveScope(of_request)
}

fn of_request(web: Web, mut parts: Parts) -> BoxFuture<'static, Result<MaySee>> {
    Box::pin(async move {
        let caller = Caller::from_request_parts(&mut parts, &web).await.map_err(|failure| failure.0)?;
        let guarded: Vec<LivePermission> = web.db.slots().of(&LIVE_PERMISSIONS).copied().collect();
        Ok(may_see(&caller, &guarded))
    })
}

pub(crate) fn may_see(caller: &Caller, guarded: &[LivePermission]) -> MaySee {
    let mut hidden = BTreeSet::new();
    let mut visible = BTreeSet::new();
    for place in caller.places() {
        visible.insert(place.id());
        for guard in guarded {
            if !caller.rights.held_by(guard.permission, place.roles) {
                hidden.insert((place.id(), guard.subject_kind));
            }
        }
    }
    Arc::new(move |change: &LiveChange| {
        visible.contains(&change.company)
            && !hidden
                .iter()
                .any(|(company, kind)| *company == change.company && *kind == change.subject_kind)
    })
}
