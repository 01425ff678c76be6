//! The forms of the order card. What is refused is shown on the card, with why.

use axum::extract::State;
use serde::Deserialize;
use takt_kernel::{Fault, Kind, Result, Timestamp};
use takt_staff::{Caller, Permission, Permit, see_other_saying};
use takt_store::Tx;
use takt_web::{Answer, Form, Path, Web};

use super::card::page;
use crate::{
    CancelOrders, CommentOrders, ConfirmOrders, EditOrders, OrderId, SeeOrders, SetStatus, commands, queries,
};

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Given {
    version: Option<i64>,
    status: String,
    reason: String,
    comment: String,
    until: String,
    urgent: String,
}

pub(super) async fn set_status(
    caller: Caller,
    State(web): State<Web>,
    Path(id): Path<OrderId>,
    Form(given): Form<Given>,
) -> Answer {
    let done = change::<SetStatus, _>(&caller, &web, "orders.set_status", id, move |tx, permit| {
        commands::set_status(tx, permit, id, given.version, &given.status).map(|_| ())
    });
    done_or_refused(&caller, &web, id, done.await, "orders-moved").await
}

pub(super) async fn confirm(caller: Caller, State(web): State<Web>, Path(id): Path<OrderId>) -> Answer {
    let done = change::<ConfirmOrders, _>(&caller, &web, "orders.confirm", id, move |tx, permit| {
        commands::confirm(tx, permit, id).map(|_| ())
    });
    done_or_refused(&caller, &web, id, done.await, "orders-confirmed").await
}

pub(super) async fn cancel(
    caller: Caller,
    State(web): State<Web>,
    Path(id): Path<OrderId>,
    Form(given): Form<Given>,
) -> Answer {
    let done = change::<CancelOrders, _>(&caller, &web, "orders.cancel", id, move |tx, permit| {
        commands::cancel(tx, permit, id, given.version, &given.reason).map(|_| ())
    });
    done_or_refused(&caller, &web, id, done.await, "orders-cancelled").await
}

pub(super) async fn comment(
    caller: Caller,
    State(web): State<Web>,
    Path(id): Path<OrderId>,
    Form(given): Form<Given>,
) -> Answer {
    let done = change::<CommentOrders, _>(&caller, &web, "orders.comment", id, move |tx, permit| {
        commands::comment(tx, permit, id, &given.comment).map(|_| ())
    });
    done_or_refused(&caller, &web, id, done.await, "orders-commented").await
}

pub(super) async fn defer(
    caller: Caller,
    State(web): State<Web>,
    Path(id): Path<OrderId>,
    Form(given): Form<Given>,
) -> Answer {
    let done = match moment(&caller, &given.until) {
        Ok(until) => {
            change::<EditOrders, _>(&caller, &web, "orders.defer", id, move |tx, permit| {
                commands::defer(tx, permit, id, given.version, until).map(|_| ())
            })
            .await
        }
        Err(fault) => Err(fault),
    };
    done_or_refused(&caller, &web, id, done, "orders-deferred-done").await
}

pub(super) async fn wake(caller: Caller, State(web): State<Web>, Path(id): Path<OrderId>) -> Answer {
    let done = change::<EditOrders, _>(&caller, &web, "orders.wake", id, move |tx, permit| {
        commands::wake(tx, permit, id).map(|_| ())
    });
    done_or_refused(&caller, &web, id, done.await, "orders-woken").await
}

pub(super) async fn pause(
    caller: Caller,
    State(web): State<Web>,
    Path(id): Path<OrderId>,
    Form(given): Form<Given>,
) -> Answer {
    let until = Some(given.until.as_str()).filter(|until| !until.trim().is_empty());
    let done = match until.map(|until| moment(&caller, until)).transpose() {
        Ok(until) => {
            change::<SetStatus, _>(&caller, &web, "orders.pause", id, move |tx, permit| {
                commands::pause(tx, permit, id, given.version, &given.reason, until).map(|_| ())
            })
            .await
        }
        Err(fault) => Err(fault),
    };
    done_or_refused(&caller, &web, id, done, "orders-paused").await
}

pub(super) async fn resume(caller: Caller, State(web): State<Web>, Path(id): Path<OrderId>) -> Answer {
    let done = change::<SetStatus, _>(&caller, &web, "orders.resume", id, move |tx, permit| {
        commands::resume(tx, permit, id).map(|_| ())
    });
    done_or_refused(&caller, &web, id, done.await, "orders-resumed").await
}

pub(super) async fn urgent(
    caller: Caller,
    State(web): State<Web>,
    Path(id): Path<OrderId>,
    Form(given): Form<Given>,
) -> Answer {
    let urgent = given.urgent == "true";
    let done = change::<EditOrders, _>(&caller, &web, "orders.set_urgent", id, move |tx, permit| {
        commands::set_urgent(tx, permit, id, urgent).map(|_| ())
    });
    done_or_refused(&caller, &web, id, done.await, "orders-urgency-set").await
}

/// What a browser's field of date and time gives, by the clock of the person's workplace.
fn moment(caller: &Caller, text: &str) -> Result<Timestamp> {
    let unreadable = || Fault::field("until", "orders.moment_unreadable");
    let wall: jiff::civil::DateTime = text.trim().parse().map_err(|_| unreadable())?;
    let zoned = wall.to_zoned(caller.zone.clone()).map_err(|_| unreadable())?;
    Ok(zoned.timestamp().into())
}

async fn done_or_refused(caller: &Caller, web: &Web, id: OrderId, done: Result<()>, said: &str) -> Answer {
    match done {
        Ok(()) => Ok(see_other_saying(&format!("/orders/{id}"), said)),
        Err(fault) if matches!(fault.kind(), Kind::Invalid | Kind::Conflict) => {
            page(caller, web, id, Some(fault)).await
        }
        Err(fault) => Err(fault.into()),
    }
}

/// Finds the order's company within what the caller sees, and does something there with the right to.
pub(super) async fn change<P, F>(
    caller: &Caller,
    web: &Web,
    name: &'static str,
    id: OrderId,
    deed: F,
) -> Result<()>
where
    P: Permission,
    F: Fn(&mut Tx<'_>, &Permit<P>) -> Result<()> + Send + 'static,
{
    let scope = caller.scope_where::<SeeOrders>()?;
    let company =
        web.db.read("orders.company", move |reader| Ok(queries::get(reader, &scope, id)?.company)).await?;
    let permit = caller.permit::<P>(company)?;
    web.db.write(name, move |tx| deed(tx, &permit)).await
}
