use axum::{extract::State as Held, response::Response};
use serde::Deserialize;
use takt_kernel::{Fault, Kind, Result};
use takt_orders::{CommentOrders, LineId, Order, OrderId};
use takt_staff::{Caller, Permit, see_other_saying};
use takt_store::Tx;
use takt_tasks::DoTasks;
use takt_web::{Answer, Form, Path, Web, see_other};

use super::{form::quantity, pick_order, visible};
use crate::{PICK, PackOrders, picking};

#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct Given {
    line: Option<LineId>,
    found: String,
}

impl Given {
    fn line(&self) -> Result<LineId> {
        self.line.ok_or_else(|| Fault::missing("shipments.line_missing"))
    }
}

/// Takes the task and opens the order. A task that somebody else took is theirs; looking is free.
pub(super) async fn start(caller: Caller, Held(web): Held<Web>, Path(order): Path<OrderId>) -> Answer {
    let order = visible(&caller, &web, order).await?;
    let permit = caller.permit::<DoTasks>(order.company)?;
    let (company, id) = (order.company, order.id);
    let taken = web
        .db
        .write("shipments.start_picking", move |tx| {
            let tasks = takt_tasks::of_order(tx, company, id)?;
            match tasks.iter().find(|task| task.kind == PICK && !task.is_closed()) {
                Some(task) => takt_tasks::take(tx, &permit, task.id),
                None => Ok(()),
            }
        })
        .await;
    answer(&caller, &web, order, taken, None).await
}

pub(super) async fn take(
    caller: Caller,
    Held(web): Held<Web>,
    Path(order): Path<OrderId>,
    Form(given): Form<Given>,
) -> Answer {
    let order = visible(&caller, &web, order).await?;
    let (id, line) = (order.id, given.line);
    let done = change(&caller, &web, &order, move |tx, permit| picking::take(tx, permit, id, line)).await;
    answer(&caller, &web, order, done, line).await
}

pub(super) async fn put_back(
    caller: Caller,
    Held(web): Held<Web>,
    Path(order): Path<OrderId>,
    Form(given): Form<Given>,
) -> Answer {
    let order = visible(&caller, &web, order).await?;
    let (id, line) = (order.id, given.line()?);
    let done = change(&caller, &web, &order, move |tx, permit| picking::put_back(tx, permit, id, line)).await;
    answer(&caller, &web, order, done, Some(line)).await
}

pub(super) async fn not_there(
    caller: Caller,
    Held(web): Held<Web>,
    Path(order): Path<OrderId>,
    Form(given): Form<Given>,
) -> Answer {
    let order = visible(&caller, &web, order).await?;
    let line = given.line()?;
    let done = say_not_there(&caller, &web, &order, line, &given.found).await;
    answer(&caller, &web, order, done, Some(line)).await
}

async fn say_not_there(caller: &Caller, web: &Web, order: &Order, line: LineId, found: &str) -> Result<()> {
    let found = quantity("found", found)?;
    let w = caller.words(web);
    let (company, id) = (order.company, order.id);
    let lines = web.db.read("shipments.lines", move |r| takt_orders::lines(r, company, id)).await?;
    let missing = lines.into_iter().find(|one| one.id == line);
    let missing = missing.ok_or_else(|| Fault::missing("shipments.line_missing"))?;
    let words = w.ta(
        "shipments-not-there-comment",
        &[
            ("name", missing.sku.as_deref().unwrap_or(&missing.name).into()),
            ("found", w.quantity(found).into()),
            ("quantity", w.quantity(missing.open()).into()),
        ],
    );
    let may_comment = caller.permit::<CommentOrders>(company)?;
    change(caller, web, order, move |tx, permit| {
        picking::not_there(tx, permit, &may_comment, id, line, found, &words)
    })
    .await
}

pub(super) async fn finish(caller: Caller, Held(web): Held<Web>, Path(order): Path<OrderId>) -> Answer {
    let order = visible(&caller, &web, order).await?;
    let id = order.id;
    let done =
        change(&caller, &web, &order, move |tx, permit| picking::finish(tx, permit, id).map(|_| ())).await;
    match done {
        Ok(()) => Ok(see_other_saying(&format!("/pick/{id}"), "shipments-said-packed")),
        refused => answer(&caller, &web, order, refused, None).await,
    }
}

async fn change(
    caller: &Caller,
    web: &Web,
    order: &Order,
    deed: impl Fn(&mut Tx<'_>, &Permit<PackOrders>) -> Result<()> + Send + 'static,
) -> Result<()> {
    let permit = caller.permit::<PackOrders>(order.company)?;
    web.db.write("shipments.picking", move |tx| deed(tx, &permit)).await
}

/// Back to the list, at the line that was dealt with; or the list with what was wrong.
async fn answer(caller: &Caller, web: &Web, order: Order, done: Result<()>, line: Option<LineId>) -> Answer {
    match done {
        Ok(()) => Ok(at_line(order.id, line)),
        Err(fault) if matches!(fault.kind(), Kind::Invalid | Kind::Conflict) => {
            pick_order::page(caller, web, order, Some(fault)).await
        }
        Err(fault) => Err(fault.into()),
    }
}

fn at_line(order: OrderId, line: Option<LineId>) -> Response {
    match line {
        Some(line) => see_other(&format!("/pick/{order}#pick-{line}")),
        None => see_other(&format!("/pick/{order}")),
    }
}
