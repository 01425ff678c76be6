use axum::extract::State as Held;
use maud::html;
use serde::Deserialize;
use takt_kernel::{Fault, Kind, Result};
use takt_orders::OrderId;
use takt_staff::{Caller, PageHead, Permit, see_other_saying};
use takt_store::Tx;
use takt_ui::{FormErrors, Width, button, card, crumbs, form, link_button};
use takt_web::{Answer, Form, Path, Web, back_path};

use super::{
    form::{Given, fields},
    visible,
};
use crate::{
    DispatchOrders, PackOrders, Parcel, SeeShipments, Shipment, ShipmentId, carriers, commands, queries,
};

#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct Back {
    back: String,
}

fn back_to(back: &str, order: OrderId) -> String {
    match back_path(back) {
        "/" => format!("/orders/{order}"),
        elsewhere => elsewhere.to_owned(),
    }
}

pub(super) async fn pack(
    caller: Caller,
    Held(web): Held<Web>,
    Path(order): Path<OrderId>,
    Form(given): Form<Back>,
) -> Answer {
    let order = visible(&caller, &web, order).await?;
    let permit = caller.permit::<PackOrders>(order.company)?;
    let id = order.id;
    web.db
        .write("shipments.pack", move |tx| commands::pack(tx, &permit, id, &Parcel::default()).map(|_| ()))
        .await?;
    Ok(see_other_saying(&back_to(&given.back, id), "shipments-said-packed"))
}

pub(super) async fn deliver(
    caller: Caller,
    Held(web): Held<Web>,
    Path(id): Path<ShipmentId>,
    Form(given): Form<Back>,
) -> Answer {
    let done =
        change(&caller, &web, "shipments.deliver", id, move |tx, permit| commands::deliver(tx, permit, id));
    let shipment = done.await?;
    Ok(see_other_saying(&back_to(&given.back, shipment.order), "shipments-said-delivered"))
}

pub(super) async fn mark_returned(
    caller: Caller,
    Held(web): Held<Web>,
    Path(id): Path<ShipmentId>,
    Form(given): Form<Back>,
) -> Answer {
    let done = change(&caller, &web, "shipments.return", id, move |tx, permit| {
        commands::mark_returned(tx, permit, id)
    });
    let shipment = done.await?;
    Ok(see_other_saying(&back_to(&given.back, shipment.order), "shipments-said-returned"))
}

pub(super) async fn show(caller: Caller, Held(web): Held<Web>, Path(id): Path<ShipmentId>) -> Answer {
    let shipment = found(&caller, &web, id).await?;
    page(&caller, &web, &shipment, Given::of(&shipment), None).await
}

async fn page(
    caller: &Caller,
    web: &Web,
    shipment: &Shipment,
    given: Given,
    refused: Option<Fault>,
) -> Answer {
    caller.permit::<DispatchOrders>(shipment.company)?;
    let w = caller.words(web);
    let company = shipment.company;
    let carriers = web.db.read("shipments.carriers", move |r| carriers::list(r, company)).await?;
    let errors = refused.as_ref().map_or_else(FormErrors::none, |fault| FormErrors::from_fault(&w, fault));
    let order = format!("/orders/{}", shipment.order);
    let body = html! {
        (card(w.t("shipments-change")).body(html! {
            (form(&w, format!("/shipments/{}", shipment.id)).errors(&errors)
                .body(fields(&w, &carriers, &given, &errors))
                .actions(html! {
                    (button(w.t("shipments-save")).primary())
                    (link_button(w.t("shipments-back"), &order).quiet())
                }))
        }))
    };
    let head = PageHead::new(w.t("shipments-change"))
        .width(Width::Narrow)
        .crumbs(crumbs(&[(&shipment.order_number, Some(&order)), (&w.t("shipments-change"), None)]));
    Ok(if refused.is_some() { caller.refused_page(web, head, body) } else { caller.page(web, head, body) })
}

pub(super) async fn edit(
    caller: Caller,
    Held(web): Held<Web>,
    Path(id): Path<ShipmentId>,
    Form(given): Form<Given>,
) -> Answer {
    let changed = match given.edit() {
        Ok(edit) => {
            change(&caller, &web, "shipments.edit", id, move |tx, permit| {
                commands::edit(tx, permit, id, &edit)
            })
            .await
        }
        Err(fault) => Err(fault),
    };
    match changed {
        Ok(shipment) => Ok(see_other_saying(&format!("/orders/{}", shipment.order), "shipments-said-saved")),
        Err(fault) if matches!(fault.kind(), Kind::Invalid | Kind::Conflict) => {
            let shipment = found(&caller, &web, id).await?;
            page(&caller, &web, &shipment, given, Some(fault)).await
        }
        Err(fault) => Err(fault.into()),
    }
}

async fn found(caller: &Caller, web: &Web, id: ShipmentId) -> Result<Shipment> {
    let scope = caller.scope_where::<SeeShipments>()?;
    web.db.read("shipments.get", move |r| queries::get(r, &scope, id)).await
}

/// Finds the shipment within what the caller sees, and does something to it with the right to.
async fn change(
    caller: &Caller,
    web: &Web,
    name: &'static str,
    id: ShipmentId,
    deed: impl Fn(&mut Tx<'_>, &Permit<DispatchOrders>) -> Result<()> + Send + 'static,
) -> Result<Shipment> {
    let shipment = found(caller, web, id).await?;
    let permit = caller.permit::<DispatchOrders>(shipment.company)?;
    web.db.write(name, move |tx| deed(tx, &permit)).await?;
    Ok(shipment)
}
