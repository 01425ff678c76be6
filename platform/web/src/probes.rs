//! `/healthz`: the process answers. `/readyz`: it can do its work; a load balancer asks before it
//! sends people. Migrations are applied before a database counts as open, so an open one is current.

use std::sync::Arc;

use axum::{extract::State, response::Response};
use takt_kernel::{Fault, Result};
use takt_store::{Query, params, sql};

use crate::{Answer, Web};

/// One thing that must hold for the node to be ready.
#[derive(Clone)]
pub struct Probe {
    pub name: &'static str,
    check: Arc<dyn Fn() -> bool + Send + Sync>,
}

impl Probe {
    pub fn new(name: &'static str, check: impl Fn() -> bool + Send + Sync + 'static) -> Self {
        Self { name, check: Arc::new(check) }
    }
}

pub(crate) async fn healthz() -> &'static str {
    "ok\n"
}

pub(crate) async fn readyz(State(web): State<Web>) -> Answer {
    web.db
        .read("web.ready", |reader| -> Result<()> {
            reader.one(sql!("select 1 as one"), params![]).map(|_| ())
        })
        .await?;
    if let Some(probe) = web.probes.iter().find(|probe| !(probe.check)()) {
        return Err(Fault::unavailable("web.not_ready").arg("part", probe.name).into());
    }
    Ok(Response::new("ok\n".into()))
}
