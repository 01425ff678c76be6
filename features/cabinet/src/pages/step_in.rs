//! The owner steps in from the card: stops an order and lets it go, and gives instructions that stand on top of the
//! card until somebody ticks them as done.

use axum::{extract::State, response::Response};
use maud::{Markup, Render, html};
use serde::Deserialize;
use takt_kernel::{Fault, Kind, PersonId, Result, Timestamp};
use takt_orders::{
    CommentId, CommentOrders, HoldOrders, Order, OrderId,
    panels::{Panel, PanelContext},
};
use takt_staff::{Caller, PageHead, Permission as _, people, see_other_saying};
use takt_store::Query;
use takt_ui::{
    FormErrors, Icon, Tone, Width, Words, button, card, crumbs, dialog, dialog_button, field, form, notice,
    post_button,
};
use takt_web::{Answer, Form, Path, Web};

use super::visible;
use crate::{TickInstructions, instructions};

pub(crate) const ACTION: Panel =
    Panel { title_key: "cabinet-title", place: 80, permission: HoldOrders::CODE, render: actions };
pub(crate) const NOTICE: Panel =
    Panel { title_key: "cabinet-instructions", place: 10, permission: "orders.see", render: notices };

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Given {
    comment: String,
    until: String,
}

fn actions(_: &mut dyn Query, context: &PanelContext<'_>) -> Result<Markup> {
    let (w, order) = (context.words, context.order);
    if order.is_open().is_err() {
        return Ok(html! {});
    }
    let held = order.is_not_held_by_owner().is_err();
    let given = Given::default();
    Ok(html! {
        @if held {
            (post_button(&format!("/orders/{}/let-go", order.id), &[], button(w.t("cabinet-let-go")).icon(Icon::Play).key("h")))
        } @else if order.deferred_until.is_none() {
            (dialog_button("hold", button(w.t("cabinet-hold")).icon(Icon::Pause).key("h")))
            (dialog(w, "hold", &w.t("cabinet-hold-title"), holding(w, order.id, &given, &FormErrors::none())))
        }
        (dialog_button("instruct", button(w.t("cabinet-instruct")).icon(Icon::ClipboardList).key("i")))
        (dialog(w, "instruct", &w.t("cabinet-instruct-title"), instructing(w, order.id, &given, &FormErrors::none())))
    })
}

fn holding(w: &Words, order: OrderId, given: &Given, errors: &FormErrors) -> Markup {
    form(w, format!("/orders/{order}/hold"))
        .errors(errors)
        .body(html! {
            p.muted { (w.t("cabinet-hold-note")) }
            (field(w.t("cabinet-hold-why"), "comment").textarea(2).value(&given.comment).required().errors(errors))
            (field(w.t("cabinet-hold-until"), "until").date_time().value(&given.until)
                .hint(w.t("cabinet-hold-until-hint")).errors(errors))
        })
        .actions(html! { (button(w.t("cabinet-hold")).primary()) })
        .render()
}

fn instructing(w: &Words, order: OrderId, given: &Given, errors: &FormErrors) -> Markup {
    form(w, format!("/orders/{order}/instruct"))
        .errors(errors)
        .body(html! {
            p.muted { (w.t("cabinet-instruct-note")) }
            (field(w.t("cabinet-instruct-what"), "comment").within("instruct").textarea(3).value(&given.comment).required().errors(errors))
        })
        .actions(html! { (button(w.t("cabinet-instruct")).primary()) })
        .render()
}

/// What the owner wants done first, on top of the card; what is done says by whom and when.
fn notices(db: &mut dyn Query, context: &PanelContext<'_>) -> Result<Markup> {
    let (w, order) = (context.words, context.order);
    let given = instructions::of_order(db, order.company, order.id)?;
    if given.is_empty() {
        return Ok(html! {});
    }
    let told: Vec<CommentId> = given.iter().map(|one| one.comment).collect();
    let comments = takt_orders::these_comments(db, order.company, order.id, &told)?;
    let ids: Vec<PersonId> = given
        .iter()
        .flat_map(|one| one.given_by.into_iter().chain(one.done.and_then(|(by, _)| by)))
        .collect();
    let names = people::names(db, &ids)?;
    let name = |person: Option<PersonId>| {
        person.and_then(|person| names.get(&person).cloned()).unwrap_or_else(|| w.t("orders-somebody"))
    };
    let may_tick = (context.may)(TickInstructions::CODE);
    let now = db.now();
    Ok(html! {
        div.stack {
            @for one in &given {
                @let words = comments.iter().find(|comment| comment.id == one.comment);
                @let words = words.map_or_else(|| w.t("cabinet-words-erased"), |comment| comment.text.clone());
                @let by = html! { p.small-text { (name(one.given_by)) " · " (w.moment(one.given_at, now)) } };
                @match one.done {
                    None => {
                        @let tick = may_tick.then(|| post_button(
                            &format!("/orders/{}/instructions/{}/done", order.id, one.comment), &[],
                            button(w.t("cabinet-instruction-done")).icon(Icon::Check).primary(),
                        ));
                        @let shown = notice(Tone::Warn, words).body(html! { p { (w.t("cabinet-instruction-first")) } (by) });
                        @match tick { Some(tick) => { (shown.action(tick)) } None => { (shown) } }
                    }
                    Some((done_by, at)) => {
                        @let done = w.ta("cabinet-instruction-done-by", &[("name", name(done_by).into()), ("when", w.when(at, now).into())]);
                        (notice(Tone::Good, words).body(html! { p { (done) } (by) }))
                    }
                }
            }
        }
    })
}

pub(super) async fn hold(
    caller: Caller,
    State(web): State<Web>,
    Path(id): Path<OrderId>,
    Form(given): Form<Given>,
) -> Answer {
    let order = visible(&caller, &web, id).await?;
    let permit = caller.permit::<HoldOrders>(order.company)?;
    let why = given.comment.clone();
    let done = match until(&caller, &given.until) {
        Ok(until) => {
            web.db
                .write("cabinet.hold", move |tx| takt_orders::hold(tx, &permit, id, &why, until).map(|_| ()))
                .await
        }
        Err(fault) => Err(fault),
    };
    answer(&caller, &web, &order, done, "cabinet-held", "cabinet-hold-title", |w, errors| {
        holding(w, id, &given, errors)
    })
}

pub(super) async fn let_go(caller: Caller, State(web): State<Web>, Path(id): Path<OrderId>) -> Answer {
    let order = visible(&caller, &web, id).await?;
    let permit = caller.permit::<HoldOrders>(order.company)?;
    web.db.write("cabinet.let_go", move |tx| takt_orders::let_go(tx, &permit, id).map(|_| ())).await?;
    Ok(see_other_saying(&format!("/orders/{id}"), "cabinet-gone-on"))
}

pub(super) async fn instruct(
    caller: Caller,
    State(web): State<Web>,
    Path(id): Path<OrderId>,
    Form(given): Form<Given>,
) -> Answer {
    let order = visible(&caller, &web, id).await?;
    let permit = caller.permit::<HoldOrders>(order.company)?;
    let comments = caller.permit::<CommentOrders>(order.company)?;
    let text = given.comment.clone();
    let done = web
        .db
        .write("cabinet.instruct", move |tx| {
            instructions::instruct(tx, &permit, &comments, id, &text).map(|_| ())
        })
        .await;
    answer(&caller, &web, &order, done, "cabinet-instructed", "cabinet-instruct-title", |w, errors| {
        instructing(w, id, &given, errors)
    })
}

pub(super) async fn done(
    caller: Caller,
    State(web): State<Web>,
    Path((id, comment)): Path<(OrderId, CommentId)>,
) -> Answer {
    let order = visible(&caller, &web, id).await?;
    let permit = caller.permit::<TickInstructions>(order.company)?;
    web.db.write("cabinet.tick", move |tx| instructions::tick(tx, &permit, id, comment)).await?;
    Ok(see_other_saying(&format!("/orders/{id}"), "cabinet-ticked"))
}

/// What a browser's field of date and time gives, by the clock of the person's workplace; none when it is empty.
fn until(caller: &Caller, text: &str) -> Result<Option<Timestamp>> {
    if text.trim().is_empty() {
        return Ok(None);
    }
    let unreadable = || Fault::field("until", "orders.moment_unreadable");
    let wall: jiff::civil::DateTime = text.trim().parse().map_err(|_| unreadable())?;
    let zoned = wall.to_zoned(caller.zone.clone()).map_err(|_| unreadable())?;
    Ok(Some(zoned.timestamp().into()))
}

fn answer(
    caller: &Caller,
    web: &Web,
    order: &Order,
    done: Result<()>,
    said: &str,
    title_key: &str,
    again: impl Fn(&Words, &FormErrors) -> Markup,
) -> Answer {
    match done {
        Ok(()) => Ok(see_other_saying(&format!("/orders/{}", order.id), said)),
        Err(fault) if matches!(fault.kind(), Kind::Invalid | Kind::Conflict) => {
            let w = caller.words(web);
            let errors = FormErrors::from_fault(&w, &fault);
            Ok(refused(caller, web, order, title_key, again(&w, &errors)))
        }
        Err(fault) => Err(fault.into()),
    }
}

/// The form again, with what was typed and why it was refused.
pub(super) fn refused(caller: &Caller, web: &Web, order: &Order, title_key: &str, body: Markup) -> Response {
    let w = caller.words(web);
    let path = format!("/orders/{}", order.id);
    let head = PageHead::new(w.t(title_key))
        .width(Width::Narrow)
        .path(&path)
        .crumbs(crumbs(&[(&order.number, Some(&path)), (&w.t(title_key), None)]));
    caller.refused_page(web, head, card("").body(body).render())
}
