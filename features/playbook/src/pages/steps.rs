//! Ticking off what is demanded before a verb.

use axum::extract::State;
use serde::Deserialize;
use takt_orders::{OrderId, SeeOrders};
use takt_staff::Caller;
use takt_web::{Answer, Form, Path, Web, see_other};

use crate::{policy::TickSteps, steps};

#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct Given {
    step: String,
    /// `no` takes the tick back.
    done: String,
}

pub(super) async fn tick(
    caller: Caller,
    State(web): State<Web>,
    Path(order): Path<OrderId>,
    Form(given): Form<Given>,
) -> Answer {
    let scope = caller.scope_where::<SeeOrders>()?;
    let company =
        web.db.read("playbook.company", move |r| Ok(takt_orders::get(r, &scope, order)?.company)).await?;
    let permit = caller.permit::<TickSteps>(company)?;
    web.db
        .write("playbook.tick", move |tx| match given.done.as_str() {
            "no" => steps::untick(tx, &permit, order, &given.step),
            _ => steps::tick(tx, &permit, order, &given.step),
        })
        .await?;
    Ok(see_other(&format!("/orders/{order}")))
}
