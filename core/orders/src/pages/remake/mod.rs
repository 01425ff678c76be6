//! The forms that make one order of two, two of one, or the same again; and the word that two orders are two.

mod merge;
mod split;

pub(super) use merge::{MergeGiven, MergeView, merge, merge_form, merge_page};
pub(super) use split::{SplitGiven, split, split_form, split_page};

use axum::extract::State;
use serde::Deserialize;
use takt_kernel::{Fault, Kind};
use takt_staff::{Caller, PageHead, see_other_saying};
use takt_store::Tx;
use takt_ui::{Words, crumbs};
use takt_web::{Answer, Form, Path, Web};

use super::card_verbs::{change, done_or_refused};
use crate::{EditOrders, Order, OrderId, PlaceOrders, Prices, SeeOrders, commands, kin, queries};

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct CopyGiven {
    prices: String,
    /// By which a form that is sent twice is known.
    key: String,
}

pub(super) async fn copy(
    caller: Caller,
    State(web): State<Web>,
    Path(id): Path<OrderId>,
    Form(given): Form<CopyGiven>,
) -> Answer {
    let prices = Prices::ALL
        .iter()
        .copied()
        .find(|prices| prices.code() == given.prices)
        .ok_or_else(|| Fault::field("prices", "orders.prices_unknown"))?;
    let scope = caller.scope_where::<SeeOrders>()?;
    let company =
        web.db.read("orders.company", move |reader| Ok(queries::get(reader, &scope, id)?.company)).await?;
    let permit = caller.permit::<PlaceOrders>(company)?;
    let key = Some(given.key).filter(|key| !key.is_empty());
    let copy = move |tx: &mut Tx<'_>| commands::copy(tx, &permit, id, prices, key.as_deref());
    let copied = web.db.write("orders.copy", copy).await;
    match copied {
        Ok(placed) => Ok(see_other_saying(&format!("/orders/{}", placed.id), "orders-copied")),
        Err(fault) if matches!(fault.kind(), Kind::Invalid | Kind::Conflict) => {
            super::card::page(&caller, &web, id, Some(fault)).await
        }
        Err(fault) => Err(fault.into()),
    }
}

pub(super) async fn dismiss_twin(
    caller: Caller,
    State(web): State<Web>,
    Path((id, other)): Path<(OrderId, OrderId)>,
) -> Answer {
    let dismissed = change::<EditOrders, _>(&caller, &web, "orders.dismiss_twin", id, move |tx, permit| {
        kin::dismiss_twin(tx, permit, id, other)
    });
    done_or_refused(&caller, &web, id, dismissed.await, "orders-twin-dismissed").await
}

fn head(w: &Words, order: &Order, title: &str) -> PageHead {
    let (card, number) = (format!("/orders/{}", order.id), order.number.as_str());
    let name = w.ta("orders-order", &[("number", number.into())]);
    PageHead::new(w.t(title)).crumbs(crumbs(&[(&w.t("orders-title"), Some("/orders")), (&name, Some(&card))]))
}
