//! /pick/{order}: one order in the storekeeper's hand, from the shelves to the carrier.

use axum::extract::State as Held;
use maud::{Markup, html};
use takt_kernel::{Fault, Timestamp, money::Quantity};
use takt_orders::{Order, OrderId, may_pack, panels::GoodsPlace};
use takt_staff::{Caller, PageHead};
use takt_store::Query as _;
use takt_ui::{
    FormErrors, Icon, PickItem, Tone, Width, Words, badge, button, card, crumbs, dialog, dialog_button,
    field, form, link_button, notice, pick_list, post_button,
};
use takt_web::{Answer, Path, Web};

use super::{
    form::{Given, fields},
    visible,
};
use crate::{
    DispatchOrders, PackOrders, Shipment, State,
    carriers::{self, Carrier},
    picking::{self, Pick},
    queries,
};

pub(super) struct PickView {
    pub order: Order,
    pub picks: Vec<Pick>,
    pub packed: Option<Shipment>,
    pub carriers: Vec<Carrier>,
    pub may_dispatch: bool,
    /// Why nothing leaves now, though it may be packed.
    pub stopped: Option<Fault>,
    pub errors: FormErrors,
    pub now: Timestamp,
}

pub(super) async fn show(caller: Caller, Held(web): Held<Web>, Path(order): Path<OrderId>) -> Answer {
    let order = visible(&caller, &web, order).await?;
    page(&caller, &web, order, None).await
}

pub(super) async fn page(caller: &Caller, web: &Web, order: Order, refused: Option<Fault>) -> Answer {
    caller.permit::<PackOrders>(order.company)?;
    let w = caller.words(web);
    let may_dispatch = caller.may_in::<DispatchOrders>(order.company);
    let errors = refused.as_ref().map_or_else(FormErrors::none, |fault| FormErrors::from_fault(&w, fault));
    let view = web
        .db
        .read("shipments.pick_order", move |r| {
            let picks = picking::list(r, &order)?;
            let all = queries::of_order(r, order.company, order.id)?;
            let packed = all.into_iter().find(|shipment| shipment.state == State::Packed);
            let carriers = carriers::list(r, order.company)?;
            let stopped = super::panel::stopped(r, &order);
            Ok(PickView { order, picks, packed, carriers, may_dispatch, stopped, errors, now: r.now() })
        })
        .await?;
    let number = view.order.number.clone();
    let head = PageHead::new(w.ta("orders-order", &[("number", number.as_str().into())]))
        .path(format!("/pick/{}", view.order.id))
        .width(Width::Phone)
        .crumbs(crumbs(&[(&w.t("shipments-pick"), Some("/pick")), (&number, None)]));
    let body = render(&w, &view);
    Ok(if refused.is_some() { caller.refused_page(web, head, body) } else { caller.page(web, head, body) })
}

pub(super) fn render(w: &Words, view: &PickView) -> Markup {
    let order = &view.order;
    let refusal = may_pack(order).err();
    html! {
        div.stack id="pick-order" data-live=(format!("order/{}", order.id)) {
            (view.errors.summary(w))
            (about(w, view))
            @if let Some(fault) = refusal { (notice(Tone::Warn, w.t("shipments-not-now")).body(html! { p { (w.fault(&fault)) } })) }
            @else if !view.picks.is_empty() { (to_pick(w, view)) }
            @else if view.packed.is_none() { (notice(Tone::Good, w.t("shipments-all-left"))) }
            @if let Some(packed) = &view.packed { (to_leave(w, view, packed)) }
            (link_button(w.t("shipments-next"), "/pick").big().quiet())
        }
    }
}

fn about(w: &Words, view: &PickView) -> Markup {
    let order = &view.order;
    html! {
        div.row {
            @if let Some(due) = order.due_at { (w.countdown(due, view.now)) }
            @if order.confirmed_at.is_none() { (badge(w.t("shipments-not-confirmed"), Tone::Info)) }
        }
        p {
            span.strong { (order.contact.name) }
            @if let Some(address) = &order.delivery.address { br; (address) }
            @if let Some(comment) = &order.comment { br; span.muted { (comment) } }
        }
    }
}

fn to_pick(w: &Words, view: &PickView) -> Markup {
    let order = view.order.id;
    let items: Vec<PickItem> = view.picks.iter().map(|pick| item(w, order, pick)).collect();
    let unseen = view.picks.iter().any(|pick| pick.found.is_none());
    let whole = view.picks.iter().all(Pick::is_whole);
    let post = |verb: &str, look| post_button(&format!("/pick/{order}/{verb}"), &[], look);
    let finish = if whole { w.t("shipments-ready") } else { w.t("shipments-ready-in-part") };
    html! {
        (pick_list(w, &w.t("shipments-to-pick"), &items))
        div.stack {
            @if unseen { (post("take", button(w.t("shipments-took-all")).primary().big().icon(Icon::Check).key("y"))) }
            @else { (post("finish", button(finish).primary().big().icon(Icon::Package).key("y"))) }
        }
    }
}

fn item(w: &Words, order: OrderId, pick: &Pick) -> PickItem {
    let quantity = w.quantity(pick.quantity);
    let note = match pick.found {
        Some(found) if !pick.is_whole() => {
            let found = w.quantity(found);
            Some((Tone::Bad, w.ta("shipments-found-only", &[("found", found.into())])))
        }
        Some(_) => None,
        None => spread(w, pick),
    };
    PickItem {
        id: format!("pick-{}", pick.line.id),
        place: pick.places.first().map(shelf_or_warehouse).filter(|name| !name.is_empty()),
        name: pick.line.name.clone(),
        sku: sku_and_warehouse(pick),
        quantity: format!("{quantity} {}", w.unit(&pick.line.unit)),
        done: pick.found.is_some(),
        note,
        actions: Some(actions(w, order, pick)),
    }
}

/// The shelf is what one walks to; its warehouse stands in small beside the article.
fn shelf_or_warehouse(place: &GoodsPlace) -> String {
    place.shelf.clone().unwrap_or_else(|| place.warehouse.clone())
}

fn sku_and_warehouse(pick: &Pick) -> String {
    let sku = pick.line.sku.as_deref().unwrap_or_default();
    let of_shelf = pick.places.first().filter(|place| place.shelf.is_some());
    let warehouse = of_shelf.map_or("", |place| place.warehouse.as_str());
    joined(&[sku, warehouse])
}

fn place_name(place: &GoodsPlace) -> String {
    joined(&[&place.warehouse, place.shelf.as_deref().unwrap_or_default()])
}

fn joined(parts: &[&str]) -> String {
    parts.iter().filter(|part| !part.is_empty()).copied().collect::<Vec<_>>().join(" · ")
}

/// When a line lies in several places, or is not all in reserve.
fn spread(w: &Words, pick: &Pick) -> Option<(Tone, String)> {
    let held: i64 = pick.places.iter().map(|place| place.quantity.thousandths()).sum();
    if pick.places.len() > 1 {
        let places: Vec<String> = pick
            .places
            .iter()
            .map(|place| format!("{}: {}", place_name(place), w.quantity(place.quantity)))
            .collect();
        return Some((Tone::Info, places.join(", ")));
    }
    let held_text = w.quantity(Quantity::from_thousandths(held));
    (held < pick.quantity.thousandths())
        .then(|| (Tone::Warn, w.ta("shipments-held-only", &[("held", held_text.into())])))
}

fn actions(w: &Words, order: OrderId, pick: &Pick) -> Markup {
    let line = pick.line.id.to_string();
    let post = |verb: &str, look| post_button(&format!("/pick/{order}/{verb}"), &[("line", &line)], look);
    if pick.found.is_some() {
        return post("put-back", button(w.t("shipments-undo")).quiet().small());
    }
    html! {
        (post("take", button(w.t("shipments-took")).primary().big().icon(Icon::Check)))
        (missing(w, order, pick))
    }
}

/// Of a single piece nobody has to be asked how much of it was found.
fn missing(w: &Words, order: OrderId, pick: &Pick) -> Markup {
    let (action, line) = (format!("/pick/{order}/not-there"), pick.line.id.to_string());
    let look = button(w.t("shipments-not-there")).big();
    if pick.quantity <= Quantity::whole(1) {
        return post_button(&action, &[("line", &line), ("found", "0")], look);
    }
    let id = format!("not-there-{line}");
    let body = html! {
        (form(w, action)
            .body(html! {
                input type="hidden" name="line" value=(line);
                (field(w.t("shipments-found"), "found").decimal().value("0").short())
            })
            .actions(html! { (button(w.t("shipments-say-not-there")).danger().big()) }))
    };
    html! { (dialog_button(&id, look)) (dialog(w, &id, &w.t("shipments-not-there"), body)) }
}

fn to_leave(w: &Words, view: &PickView, packed: &Shipment) -> Markup {
    let given = Given { back: "/pick".to_owned(), ..Given::of(packed) };
    let confirmed = view.order.confirmed_at.is_some();
    html! {
        (card(w.t("shipments-packed")).note(html! { (super::panel::parcels(w, packed)) }).body(html! {
            @if !confirmed { p.muted { (w.t("shipments-confirm-first")) } }
            @else if let Some(fault) = &view.stopped { (notice(Tone::Warn, w.t("shipments-not-now")).body(html! { p { (w.fault(fault)) } })) }
            @else if view.may_dispatch {
                (form(w, format!("/shipments/of/{}", view.order.id))
                    .body(fields(w, &view.carriers, &given, &FormErrors::none()))
                    .actions(html! { (button(w.t("shipments-handed-over")).primary().big().icon(Icon::Truck).key("y")) }))
            }
        }))
    }
}
