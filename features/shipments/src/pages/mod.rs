//! /shipments, /pick, /settings/carriers; the panel "parcels" on an order's card.

mod carriers;
mod form;
mod leaving;
mod list;
mod panel;
mod pick_order;
mod pick_queue;
mod pick_verbs;
mod samples;
mod verbs;

use axum::{
    Router,
    routing::{get, post},
};
use takt_kernel::Result;
use takt_orders::{Order, OrderId};
use takt_staff::Caller;
use takt_ui::{Icon, NavItem, Tone, Words};
use takt_web::Web;

use crate::{SeeShipments, State};

pub(crate) use panel::{BUYER_PANEL, PANEL};
pub(crate) use samples::SAMPLES;

pub(crate) const CARRIERS: &str = "/settings/carriers";

pub(crate) const NAVIGATION: NavItem = NavItem {
    href: "/shipments",
    label_key: "shipments-title",
    icon: Icon::Truck,
    shortcut: "g d",
    place: 50,
};
pub(crate) const PICK_NAVIGATION: NavItem =
    NavItem { href: "/pick", label_key: "shipments-pick", icon: Icon::ScanLine, shortcut: "g k", place: 25 };

pub(crate) fn routes() -> Router<Web> {
    Router::new()
        .route("/shipments", get(list::show))
        .route("/shipments/of/{order}", get(leaving::show).post(leaving::send))
        .route("/shipments/of/{order}/pack", post(verbs::pack))
        .route("/shipments/{shipment}/deliver", post(verbs::deliver))
        .route("/shipments/{shipment}/return", post(verbs::mark_returned))
        .route("/shipments/{shipment}", get(verbs::show).post(verbs::edit))
        .route("/pick", get(pick_queue::show))
        .route("/pick/{order}", get(pick_order::show))
        .route("/pick/{order}/start", post(pick_verbs::start))
        .route("/pick/{order}/take", post(pick_verbs::take))
        .route("/pick/{order}/put-back", post(pick_verbs::put_back))
        .route("/pick/{order}/not-there", post(pick_verbs::not_there))
        .route("/pick/{order}/finish", post(pick_verbs::finish))
        .route("/settings/carriers", get(carriers::show).post(carriers::add))
        .route("/settings/carriers/{carrier}", post(carriers::edit))
        .route("/settings/carriers/{carrier}/services", post(carriers::add_service))
        .route("/settings/carriers/{carrier}/services/{service}", post(carriers::edit_service))
}

/// An order whose shipments the caller may see.
async fn visible(caller: &Caller, web: &Web, id: OrderId) -> Result<Order> {
    let scope = caller.scope_where::<SeeShipments>()?;
    web.db.read("shipments.order", move |r| takt_orders::get(r, &scope, id)).await
}

fn state_name(w: &Words, state: State) -> String {
    w.t(&format!("shipments-state-{}", state.code().replace('_', "-")))
}

const fn state_tone(state: State) -> Tone {
    match state {
        State::Packed => Tone::Info,
        State::HandedOver => Tone::Accent,
        State::Delivered => Tone::Good,
        State::Returned => Tone::Warn,
    }
}
