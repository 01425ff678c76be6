//! What stands around a refusal that a signed-in person reads: the navigation they came by. Filled by
//! whoever knows people; for everybody else a refusal stands alone.

use futures::future::BoxFuture;
use http::request::Parts;
use takt_kernel::{Result, Slot};
use takt_ui::{Choice, Density, NavLink, PersonMenu, Theme, Words};

use crate::Web;

/// The frame of one person.
pub struct Frame {
    pub words: Words,
    pub theme: Theme,
    pub density: Density,
    pub navigation: Vec<NavLink>,
    pub organisations: Vec<Choice>,
    pub person: PersonMenu,
}

/// None for whoever is not signed in.
#[derive(Clone, Copy)]
pub struct FrameOf(pub fn(Web, Parts) -> BoxFuture<'static, Result<Option<Frame>>>);

pub const FRAME: Slot<FrameOf> = Slot::new("web.frame");

pub(crate) async fn of(web: &Web, parts: Parts) -> Option<Frame> {
    let frame = web.db.slots().of(&FRAME).next().copied()?;
    (frame.0)(web.clone(), parts).await.unwrap_or_default()
}
