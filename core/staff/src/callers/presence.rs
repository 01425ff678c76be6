//! A browser says what it has open, so that colleagues see it; see `takt_web::live`.

use std::collections::BTreeSet;

use axum::{extract::State, response::IntoResponse};
use http::StatusCode;
use serde::Deserialize;
use takt_kernel::{CompanyId, Result, Slot};
use takt_store::Query;
use takt_web::{
    Answer, Json, Web,
    live::{Looked, MOST_LOOKED},
};

use super::Caller;
use crate::rights::Scope;

/// A kind of thing that people have open, filled by who owns it.
#[derive(Clone, Copy)]
pub struct LookedAt {
    pub subject_kind: &'static str,
    pub permission: &'static str,
    /// The company of one that the scope sees.
    pub company_of: fn(&mut dyn Query, &Scope, i64) -> Result<Option<CompanyId>>,
}

pub const LOOKED_AT: Slot<LookedAt> = Slot::new("staff.looked_at");

#[derive(Default, Deserialize)]
#[serde(default)]
pub(crate) struct Given {
    looked: Vec<String>,
    /// Milliseconds by the browser's clock: tells which was said last.
    said: i64,
}

/// Replaces what this browser had open before. What does not exist for the caller is not looked at.
pub(crate) async fn look(State(web): State<Web>, caller: Caller, Json(given): Json<Given>) -> Answer {
    let mut asked: Vec<(LookedAt, Scope, i64)> = Vec::new();
    for topic in given.looked.iter().take(MOST_LOOKED) {
        let Some((kind, id)) = topic.split_once('/') else { continue };
        let slots = web.db.slots();
        let known = slots.of(&LOOKED_AT).find(|known| known.subject_kind == kind).copied();
        let scope = known.and_then(|known| caller.scope_of(known.permission));
        if let (Some(known), Some(scope), Ok(id)) = (known, scope, id.parse()) {
            asked.push((known, scope, id));
        }
    }
    let looked = if asked.is_empty() {
        BTreeSet::new()
    } else {
        web.db.read("staff.looked_at", move |reader| seen(reader, &asked)).await?
    };
    web.live.presence().look(caller.session.id.get(), given.said, caller.person, &caller.name, looked).await;
    Ok(StatusCode::NO_CONTENT.into_response())
}

fn seen(db: &mut dyn Query, asked: &[(LookedAt, Scope, i64)]) -> Result<BTreeSet<Looked>> {
    let mut seen = BTreeSet::new();
    for (known, scope, id) in asked {
        if let Some(company) = (known.company_of)(db, scope, *id)? {
            seen.insert(Looked { company, kind: known.subject_kind.to_owned(), id: *id });
        }
    }
    Ok(seen)
}
