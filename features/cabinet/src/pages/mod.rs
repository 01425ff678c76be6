//! The owner's home with the orders behind its numbers, and the ways from an order's card to a person and back.

mod ask;
mod behind;
mod home;
mod home_parts;
mod samples;
mod step_in;

use axum::{
    Router,
    routing::{get, post},
};
use takt_kernel::Result;
use takt_orders::{Order, OrderId, SeeOrders};
use takt_staff::Caller;
use takt_ui::{Icon, NavItem};
use takt_web::Web;

pub(crate) use ask::PANEL as ASK;
pub(crate) use samples::SAMPLES;
pub(crate) use step_in::{ACTION as STEP_IN, NOTICE};

pub(crate) const HOME: &str = "/home";
const BEHIND: &str = "/home/orders";

pub(crate) const NAVIGATION: NavItem =
    NavItem { href: HOME, label_key: "cabinet-title", icon: Icon::Eye, shortcut: "g h", place: 5 };

pub(crate) fn routes() -> Router<Web> {
    Router::new()
        .route(HOME, get(home::show))
        .route(BEHIND, get(behind::show))
        .route("/orders/{id}/ask", post(ask::ask))
        .route("/orders/{id}/hold", post(step_in::hold))
        .route("/orders/{id}/let-go", post(step_in::let_go))
        .route("/orders/{id}/instruct", post(step_in::instruct))
        .route("/orders/{id}/instructions/{comment}/done", post(step_in::done))
}

/// An order that the caller may see.
async fn visible(caller: &Caller, web: &Web, id: OrderId) -> Result<Order> {
    let scope = caller.scope_where::<SeeOrders>()?;
    web.db.read("cabinet.order", move |reader| takt_orders::get(reader, &scope, id)).await
}
