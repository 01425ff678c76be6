//! Parcels on an order's card.

use std::collections::BTreeMap;

use maud::{Markup, html};
use takt_kernel::{Fault, Result, Timestamp};
use takt_orders::{
    Line, Order, Shipped,
    buyer::{BuyerContext, BuyerPanel},
    may_pack,
    panels::{Panel, PanelContext},
    steps,
};
use takt_staff::Permission as _;
use takt_store::Query;
use takt_ui::{
    FormErrors, Icon, Tone, Words, badge, button, details, form, link_button, muted, post_button, status,
};

use super::{
    form::{Given, fields},
    leaving::way,
    state_name, state_tone,
};
use crate::{
    Content, DispatchOrders, PackOrders, Shipment, ShipmentId, State,
    carriers::{self, Carrier},
    commands::unpacked,
    queries,
};

pub(crate) const PANEL: Panel =
    Panel { title_key: "shipments-parcels", place: 30, permission: "shipments.see", render: panel };

/// What is on its way to the buyer, and where he can follow it.
pub(crate) const BUYER_PANEL: BuyerPanel =
    BuyerPanel { title_key: "shipments-parcels", place: 20, render: for_buyer };

fn for_buyer(db: &mut dyn Query, context: &BuyerContext<'_>) -> Result<Markup> {
    let (w, order) = (context.words, context.order);
    let mut shipments = queries::of_order(db, order.company, order.id)?;
    shipments.retain(|shipment| shipment.state != State::Packed);
    let carriers = carriers::list(db, order.company)?;
    let now = db.now();
    Ok(html! {
        @for shipment in &shipments {
            @let since = shipment.finished_at.or(shipment.handed_over_at).unwrap_or(shipment.packed_at);
            div.row {
                (status(state_name(w, shipment.state), state_tone(shipment.state)))
                (way(w, shipment, &carriers))
                span.muted { (w.moment(since, now)) }
            }
        }
    })
}

pub(super) struct PanelView<'a> {
    pub order: &'a Order,
    pub lines: &'a [Line],
    pub shipments: Vec<Shipment>,
    pub contents: BTreeMap<ShipmentId, Vec<Content>>,
    pub carriers: Vec<Carrier>,
    /// Something is left to pack.
    pub open: bool,
    pub may_pack: bool,
    pub may_dispatch: bool,
    /// Why nothing leaves now, though it may be packed.
    pub stopped: Option<Fault>,
    pub now: Timestamp,
}

fn panel(db: &mut dyn Query, context: &PanelContext<'_>) -> Result<Markup> {
    let order = context.order;
    let view = PanelView {
        order,
        lines: context.lines,
        shipments: queries::of_order(db, order.company, order.id)?,
        contents: queries::contents(db, order.company, order.id)?,
        carriers: carriers::list(db, order.company)?,
        open: !unpacked(db, order.company, order.id, context.lines)?.is_empty(),
        may_pack: (context.may)(PackOrders::CODE),
        may_dispatch: (context.may)(DispatchOrders::CODE),
        stopped: stopped(db, order),
        now: db.now(),
    };
    Ok(render(context.words, &view))
}

pub(super) fn render(w: &Words, view: &PanelView<'_>) -> Markup {
    let refusal = refusal(view.order);
    html! {
        div.stack {
            @for shipment in &view.shipments { (one(w, view, shipment)) }
            @if view.open {
                @match refusal {
                    Some(fault) => { (muted(w.fault(&fault))) }
                    None => { (to_do(w, view)) }
                }
            } @else if view.shipments.is_empty() { (muted(w.t("shipments-none-of-order"))) }
        }
    }
}

/// Why an order that may be packed does not leave.
pub(super) fn stopped(db: &mut dyn Query, order: &Order) -> Option<Fault> {
    may_pack(order).ok().and_then(|()| steps::may_leave(db, order).err())
}

fn refusal(order: &Order) -> Option<Fault> {
    may_pack(order).err()
}

fn to_do(w: &Words, view: &PanelView<'_>) -> Markup {
    let order = view.order;
    let back = format!("/orders/{}", order.id);
    html! {
        div.row {
            @if view.may_pack {
                (post_button(&format!("/shipments/of/{}/pack", order.id), &[("back", &back)],
                    button(w.t("shipments-pack-all")).icon(Icon::Package)))
                (link_button(w.t("shipments-pick-list"), format!("/pick/{}", order.id)).quiet())
            }
            @if let Some(fault) = &view.stopped { (muted(w.fault(fault))) }
            @else if view.may_dispatch && order.confirmed_at.is_some() && order.shipped != Shipped::All {
                (link_button(w.t("shipments-hand-over"), format!("/shipments/of/{}", order.id)).icon(Icon::Truck))
            }
        }
    }
}

fn one(w: &Words, view: &PanelView<'_>, shipment: &Shipment) -> Markup {
    let late = shipment.overdue_at.is_some() && shipment.state == State::HandedOver;
    let since = shipment.finished_at.or(shipment.handed_over_at).unwrap_or(shipment.packed_at);
    let back = format!("/orders/{}", view.order.id);
    let post = |verb: &str, look| {
        post_button(&format!("/shipments/{}/{verb}", shipment.id), &[("back", &back)], look)
    };
    html! {
        div id=(format!("shipment-{}", shipment.id)) {
            div.row {
                (status(state_name(w, shipment.state), state_tone(shipment.state)))
                @if late { (badge(w.t("shipments-late"), Tone::Bad)) }
                (way(w, shipment, &view.carriers))
                span.muted { (parcels(w, shipment)) }
                span.muted { (w.moment(since, view.now)) }
            }
            @if view.shipments.len() > 1 || view.open { (contents(w, view, shipment)) }
            @if view.may_dispatch {
                @match shipment.state {
                    State::Packed => { (leave(w, view, shipment, &back)) }
                    State::HandedOver => {
                        div.row {
                            (post("deliver", button(w.t("shipments-delivered")).primary().icon(Icon::Check)))
                            (post("return", button(w.t("shipments-not-delivered")).quiet()))
                            (link_button(w.t("shipments-change"), format!("/shipments/{}", shipment.id)).quiet())
                        }
                    }
                    State::Delivered | State::Returned => {}
                }
            }
        }
    }
}

/// The form to hand a packed one over, at hand once the order is confirmed.
fn leave(w: &Words, view: &PanelView<'_>, shipment: &Shipment, back: &str) -> Markup {
    if view.order.confirmed_at.is_none() {
        return muted(w.t("shipments-confirm-first"));
    }
    if let Some(fault) = &view.stopped {
        return muted(w.fault(fault));
    }
    let given = Given { back: back.to_owned(), ..Given::of(shipment) };
    let form = html! {
        (form(w, format!("/shipments/of/{}", view.order.id))
            .body(fields(w, &view.carriers, &given, &FormErrors::none()))
            .actions(html! { (button(w.t("shipments-handed-over")).primary().icon(Icon::Truck)) }))
    };
    details(w.t("shipments-hand-over"), false, form)
}

pub(super) fn parcels(w: &Words, shipment: &Shipment) -> String {
    let places = w.ta("shipments-parcel-count", &[("count", shipment.places.into())]);
    match shipment.weight_grams {
        Some(grams) => {
            let kilograms = w.quantity(takt_kernel::money::Quantity::from_thousandths(grams));
            format!("{places}, {}", w.ta("shipments-kilograms", &[("weight", kilograms.into())]))
        }
        None => places,
    }
}

fn contents(w: &Words, view: &PanelView<'_>, shipment: &Shipment) -> Markup {
    let contents = view.contents.get(&shipment.id).into_iter().flatten();
    html! {
        ul.small-text {
            @for content in contents {
                @if let Some(line) = view.lines.iter().find(|line| line.id == content.line) {
                    li { (line.name) " " span.numbers { "× " (w.quantity(content.quantity)) } }
                }
            }
        }
    }
}
