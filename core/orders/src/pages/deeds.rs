//! Deeds that people ask for: done to one order in a transaction of its own, told with a way back.

use axum::{
    extract::State,
    response::{IntoResponse as _, Response},
};
use maud::{Markup, html};
use serde::Deserialize;
use takt_kernel::{Fault, Kind, Result};
use takt_staff::{Caller, see_other_saying, see_other_undoable};
use takt_store::Tx;
use takt_ui::{Icon, Tone, Words, button, notice, post_button};
use takt_web::{Answer, Form, Path, Web, back_path, see_other};

use super::card::page;
use crate::{
    OrderId, SeeOrders,
    deeds::{self, Deed, Done, Hands, Kept, Refused},
    queries,
};

/// Finds the order's company within what the caller sees and does all of this there, or nothing.
pub(super) async fn act(
    caller: &Caller,
    web: &Web,
    id: OrderId,
    expected: Option<i64>,
    deeds: Vec<Deed>,
) -> Result<Done> {
    let name = deeds.first().map_or("orders.deed", Deed::name);
    in_company(caller, web, id, name, move |tx, hands| deeds::perform(tx, hands, id, expected, &deeds)).await
}

async fn in_company<T: Send + 'static>(
    caller: &Caller,
    web: &Web,
    id: OrderId,
    name: &'static str,
    deed: impl Fn(&mut Tx<'_>, &Hands) -> Result<T> + Send + 'static,
) -> Result<T> {
    let scope = caller.scope_where::<SeeOrders>()?;
    let company =
        web.db.read("orders.company", move |reader| Ok(queries::get(reader, &scope, id)?.company)).await?;
    let hands = Hands::of(caller, company);
    web.db.write(name, move |tx| deed(tx, &hands)).await
}

pub(super) async fn keep(caller: &Caller, web: &Web, kept: Kept) -> Result<i64> {
    let (workplace, person) = (caller.workplace().id(), caller.person);
    let id = web.db.write("orders.keep_deed", move |tx| deeds::keep(tx, workplace, person, &kept)).await?;
    Ok(id.get())
}

/// Back to a page that says what was done and, where there is one, offers the way back.
pub(super) async fn told(caller: &Caller, web: &Web, done: Done, path: &str, said: &str) -> Result<Response> {
    if done.back.is_empty() {
        return Ok(see_other_saying(path, said));
    }
    let id = keep(caller, web, Kept { done: vec![done], ..Kept::default() }).await?;
    Ok(see_other_undoable(path, said, &format!("/orders/undo/{id}")))
}

/// What the deed of many came to, above the list.
pub(super) fn outcome(w: &Words, id: i64, kept: &Kept, back: &str) -> Markup {
    let count = |number: usize| i64::try_from(number).unwrap_or(i64::MAX);
    let done = if kept.undone { "orders-many-undone" } else { "orders-many-done" };
    let mut title = w.ta(done, &[("done", count(kept.done.len()).into())]);
    if !kept.refused.is_empty() {
        title.push_str(&w.ta("orders-many-refused", &[("refused", count(kept.refused.len()).into())]));
    }
    let tone = if kept.refused.is_empty() { Tone::Good } else { Tone::Warn };
    let told = notice(tone, title).body(html! {
        @if !kept.refused.is_empty() {
            ul.refusals {
                @for refused in &kept.refused {
                    li { a href={ "/orders/" (refused.order) } { (refused.number) } " " (refused.why) }
                }
            }
        }
    });
    if !kept.done.iter().any(|done| !done.back.is_empty()) {
        return html! { (told) };
    }
    let undo = button(w.t("ui-undo")).icon(Icon::Undo2).small().key("z");
    html! { (told.action(post_button(&format!("/orders/undo/{id}"), &[("back", back)], undo))) }
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Given {
    back: String,
}

/// Takes back what was done, order by order. Of one order a refusal is told on its card, of many above the list.
pub(super) async fn undo(
    caller: Caller,
    State(web): State<Web>,
    Path(id): Path<i64>,
    Form(given): Form<Given>,
) -> Answer {
    let (workplace, person) = (caller.workplace().id(), caller.person);
    let kept_id = takt_kernel::Id::new(id);
    let kept = web
        .db
        .read("orders.kept_deed", move |reader| deeds::load(reader, workplace, person, kept_id))
        .await?;
    let kept = kept.ok_or_else(|| Fault::missing("orders.undo_missing"))?;
    let alone = kept.done.len() == 1 && kept.refused.is_empty();
    let words = caller.words(&web);
    let mut outcome = Kept { undone: true, ..Kept::default() };
    for done in kept.done.into_iter().filter(|done| !done.back.is_empty()) {
        let order = done.order;
        let this = done.clone();
        let taken_back = in_company(&caller, &web, order, "orders.undo", move |tx, hands| {
            deeds::take_back(tx, hands, &this)
        });
        match taken_back.await {
            Ok(()) => outcome.done.push(Done { back: Vec::new(), ..done }),
            Err(fault) if alone && is_refusal(&fault) => {
                return page(&caller, &web, order, Some(fault)).await;
            }
            Err(fault) if !alone && is_refusal_of_one(&fault) => {
                outcome.refused.push(Refused { order, number: done.number, why: why(&words, &fault) });
            }
            Err(fault) => return Err(fault.into()),
        }
    }
    web.db.write("orders.forget_deed", move |tx| deeds::forget(tx, workplace, kept_id)).await?;
    let back = if given.back.is_empty() { "/orders" } else { back_path(&given.back) };
    if alone {
        return Ok(see_other_saying(back, "orders-undone"));
    }
    let did = keep(&caller, &web, outcome).await?;
    Ok(see_other(&with_outcome(back, did)).into_response())
}

/// What a person is told instead of a page of the fault.
pub(super) fn is_refusal(fault: &Fault) -> bool {
    matches!(fault.kind(), Kind::Invalid | Kind::Conflict)
}

/// What is told of one order among many, for the others go on.
pub(super) fn is_refusal_of_one(fault: &Fault) -> bool {
    is_refusal(fault) || matches!(fault.kind(), Kind::Denied | Kind::Missing)
}

/// A refusal in words, with what is wrong at its fields.
pub(super) fn why(w: &Words, fault: &Fault) -> String {
    match fault.fields() {
        [] => w.fault(fault),
        fields => fields.iter().map(|field| w.field_fault(field)).collect::<Vec<_>>().join(" "),
    }
}

/// The list with the outcome above it.
pub(super) fn with_outcome(back: &str, did: i64) -> String {
    let list = if back.starts_with("/orders?") || back == "/orders" { back } else { "/orders" };
    format!("{list}{}did={did}", if list.contains('?') { "&" } else { "?" })
}
