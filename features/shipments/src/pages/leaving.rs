//! Handing an order's parcels over: the form on a page of its own, where a refused one comes back too.

use axum::extract::State as Held;
use maud::{Markup, html};
use serde::Deserialize;
use takt_kernel::{Fault, Kind, Result};
use takt_orders::{Order, OrderId};
use takt_staff::{Caller, PageHead, see_other_saying};
use takt_ui::{FormErrors, Icon, Width, Words, button, card, crumbs, form, link_button};
use takt_web::{Answer, Form, Path, Query, Web, back_path};

use super::{
    form::{Given, fields, line_fields},
    visible,
};
use crate::{
    DispatchOrders, Shipment, State,
    carriers::{self, Carrier},
    commands, picking,
    picking::Pick,
    queries,
};

pub(super) struct LeavingView {
    pub order: Order,
    pub carriers: Vec<Carrier>,
    /// What is not packed yet.
    pub picks: Vec<Pick>,
    pub given: Given,
    pub errors: FormErrors,
}

#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct Start {
    back: String,
}

pub(super) async fn show(
    caller: Caller,
    Held(web): Held<Web>,
    Path(order): Path<OrderId>,
    Query(start): Query<Start>,
) -> Answer {
    let order = visible(&caller, &web, order).await?;
    let company = order.company;
    let id = order.id;
    let packed = web.db.read("shipments.packed", move |r| queries::of_order(r, company, id)).await?;
    let packed = packed.iter().find(|shipment| shipment.state == State::Packed);
    let given = Given { back: start.back, ..packed.map(Given::of).unwrap_or_default() };
    page(&caller, &web, order, given, None).await
}

async fn page(caller: &Caller, web: &Web, order: Order, given: Given, refused: Option<Fault>) -> Answer {
    caller.permit::<DispatchOrders>(order.company)?;
    let w = caller.words(web);
    let errors = refused.as_ref().map_or_else(FormErrors::none, |fault| FormErrors::from_fault(&w, fault));
    let number = order.number.clone();
    let address = format!("/orders/{}", order.id);
    let view = web
        .db
        .read("shipments.leaving", move |r| {
            let carriers = carriers::list(r, order.company)?;
            let picks = picking::list(r, &order)?;
            Ok(LeavingView { order, carriers, picks, given, errors })
        })
        .await?;
    let head = PageHead::new(w.t("shipments-hand-over"))
        .width(Width::Narrow)
        .crumbs(crumbs(&[(&number, Some(&address)), (&w.t("shipments-hand-over"), None)]));
    let body = render(&w, &view);
    Ok(if refused.is_some() { caller.refused_page(web, head, body) } else { caller.page(web, head, body) })
}

pub(super) fn render(w: &Words, view: &LeavingView) -> Markup {
    let order = &view.order;
    let packed = !view.given.shipment.is_empty();
    let body = html! {
        (fields(w, &view.carriers, &view.given, &view.errors))
        @if !packed && !view.picks.is_empty() { (line_fields(w, &view.picks, &view.given, &view.errors)) }
    };
    let back = match back_path(&view.given.back) {
        "/" => format!("/orders/{}", order.id),
        back => back.to_owned(),
    };
    html! {
        (card(w.ta("shipments-hand-over-of", &[("number", order.number.as_str().into())])).body(html! {
            (form(w, format!("/shipments/of/{}", order.id)).errors(&view.errors).body(body)
                .actions(html! {
                    (button(w.t("shipments-handed-over")).primary().icon(Icon::Truck))
                    (link_button(w.t("shipments-back"), back).quiet())
                }))
        }))
    }
}

pub(super) async fn send(
    caller: Caller,
    Held(web): Held<Web>,
    Path(order): Path<OrderId>,
    Form(given): Form<Given>,
) -> Answer {
    let order = visible(&caller, &web, order).await?;
    let done = hand_over(&caller, &web, &order, &given).await;
    match done {
        Ok(()) => {
            let back = match back_path(&given.back) {
                "/" => format!("/orders/{}", order.id),
                back => back.to_owned(),
            };
            Ok(see_other_saying(&back, "shipments-said-handed-over"))
        }
        Err(fault) if matches!(fault.kind(), Kind::Invalid | Kind::Conflict) => {
            page(&caller, &web, order, given, Some(fault)).await
        }
        Err(fault) => Err(fault.into()),
    }
}

async fn hand_over(caller: &Caller, web: &Web, order: &Order, given: &Given) -> Result<()> {
    let permit = caller.permit::<DispatchOrders>(order.company)?;
    let (id, how) = (order.id, given.dispatch()?);
    web.db.write("shipments.dispatch", move |tx| commands::dispatch(tx, &permit, id, &how).map(|_| ())).await
}

/// What a shipment is called in a list of one order's.
pub(super) fn way(w: &Words, shipment: &Shipment, carriers: &[Carrier]) -> Markup {
    let carrier = carriers.iter().find(|carrier| Some(carrier.id) == shipment.via.carrier);
    let service = shipment.via.service.and_then(|id| carrier?.service(id));
    let link = shipment.tracking.as_ref().and_then(|tracking| carrier?.tracking_link(tracking));
    html! {
        @match carrier {
            Some(carrier) => { (carrier.name) }
            None if shipment.state != State::Packed => { (w.t("shipments-own-delivery")) }
            None => {}
        }
        @if let Some(service) = service { " · " (service.name) }
        @if let Some(tracking) = &shipment.tracking {
            " "
            @match link {
                Some(link) => { a.numbers href=(link) rel="noreferrer" { (tracking) } }
                None => { span.numbers { (tracking) } }
            }
        }
    }
}
