//! The forms of the order card. What is refused is shown on the card, with why.

use axum::extract::State;
use serde::Deserialize;
use takt_kernel::{Fault, Kind, Result, Timestamp};
use takt_staff::{Caller, Permission, Permit, see_other_saying};
use takt_store::Tx;
use takt_web::{Answer, Form, Path, Web};

use super::{
    card::page,
    deeds::{act, told},
};
use crate::{CancelOrders, ConfirmOrders, EditOrders, OrderId, SeeOrders, commands, deeds::Deed, queries};

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Given {
    version: Option<i64>,
    status: String,
    reason: String,
    comment: String,
    until: String,
    urgent: String,
    /// By which a remark that is sent twice is known.
    key: String,
}

pub(super) async fn set_status(
    caller: Caller,
    State(web): State<Web>,
    Path(id): Path<OrderId>,
    Form(given): Form<Given>,
) -> Answer {
    done_with_way_back(&caller, &web, id, given.version, Deed::Status(given.status), "orders-moved").await
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

pub(super) async fn leave_out(
    caller: Caller,
    State(web): State<Web>,
    Path(id): Path<OrderId>,
    Form(given): Form<Given>,
) -> Answer {
    let done = change::<EditOrders, _>(&caller, &web, "orders.leave_out", id, move |tx, permit| {
        commands::leave_out(tx, permit, id, given.version).map(|_| ())
    });
    done_or_refused(&caller, &web, id, done.await, "orders-left-out").await
}

pub(super) async fn comment(
    caller: Caller,
    State(web): State<Web>,
    Path(id): Path<OrderId>,
    Form(given): Form<Given>,
) -> Answer {
    let key = Some(given.key).filter(|key| !key.is_empty());
    let deed = Deed::Comment { words: given.comment, key };
    done_with_way_back(&caller, &web, id, None, deed, "orders-commented").await
}

pub(super) async fn defer(
    caller: Caller,
    State(web): State<Web>,
    Path(id): Path<OrderId>,
    Form(given): Form<Given>,
) -> Answer {
    match moment(&caller, &given.until) {
        Ok(until) => {
            let deed = Deed::Defer(until);
            done_with_way_back(&caller, &web, id, given.version, deed, "orders-deferred-done").await
        }
        Err(fault) => page(&caller, &web, id, Some(fault)).await,
    }
}

pub(super) async fn wake(caller: Caller, State(web): State<Web>, Path(id): Path<OrderId>) -> Answer {
    done_with_way_back(&caller, &web, id, None, Deed::Wake, "orders-woken").await
}

pub(super) async fn pause(
    caller: Caller,
    State(web): State<Web>,
    Path(id): Path<OrderId>,
    Form(given): Form<Given>,
) -> Answer {
    let until = Some(given.until.as_str()).filter(|until| !until.trim().is_empty());
    match until.map(|until| moment(&caller, until)).transpose() {
        Ok(until) => {
            let deed = Deed::Pause { reason: given.reason, until };
            done_with_way_back(&caller, &web, id, given.version, deed, "orders-paused").await
        }
        Err(fault) => page(&caller, &web, id, Some(fault)).await,
    }
}

pub(super) async fn resume(caller: Caller, State(web): State<Web>, Path(id): Path<OrderId>) -> Answer {
    done_with_way_back(&caller, &web, id, None, Deed::Resume, "orders-resumed").await
}

pub(super) async fn urgent(
    caller: Caller,
    State(web): State<Web>,
    Path(id): Path<OrderId>,
    Form(given): Form<Given>,
) -> Answer {
    let deed = Deed::Urgent(given.urgent == "true");
    done_with_way_back(&caller, &web, id, None, deed, "orders-urgency-set").await
}

/// What a browser's field of date and time gives, by the clock of the person's workplace.
pub(super) fn moment(caller: &Caller, text: &str) -> Result<Timestamp> {
    let unreadable = || Fault::field("until", "orders.moment_unreadable");
    let wall: jiff::civil::DateTime = text.trim().parse().map_err(|_| unreadable())?;
    let zoned = wall.to_zoned(caller.zone.clone()).map_err(|_| unreadable())?;
    Ok(zoned.timestamp().into())
}

/// As [`done_or_refused`], and what was done can be taken back.
async fn done_with_way_back(
    caller: &Caller,
    web: &Web,
    id: OrderId,
    expected: Option<i64>,
    deed: Deed,
    said: &str,
) -> Answer {
    match act(caller, web, id, expected, vec![deed]).await {
        Ok(done) => Ok(told(caller, web, done, &format!("/orders/{id}"), said).await?),
        Err(fault) => done_or_refused(caller, web, id, Err(fault), said).await,
    }
}

/// What was refused is shown on the card.
pub(super) async fn done_or_refused(
    caller: &Caller,
    web: &Web,
    id: OrderId,
    done: Result<()>,
    said: &str,
) -> Answer {
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
