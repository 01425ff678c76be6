//! One deed for many orders: the bar under the list, and what is done with those that were chosen. Each order has a
//! transaction of its own; what is refused is told with its number, and the others are done.

use axum::{extract::State, response::IntoResponse as _};
use maud::{Markup, html};
use serde::Deserialize;
use takt_kernel::{Fault, Result};
use takt_staff::{Caller, PageHead};
use takt_ui::{Words, button};
use takt_web::{Answer, Form, Web, back_path, see_other};

use super::{
    card_verbs::moment,
    deeds::{act, is_refusal_of_one, keep, outcome, why, with_outcome},
    list::ListView,
};
use crate::{
    CancelOrders, CommentOrders, ConfirmOrders, EditOrders, OrderId, SeeOrders, SetStatus,
    deeds::{Deed, Kept, Refused},
    queries,
};

/// So many orders at once; as many as the largest page has.
const MOST: usize = 200;
/// The form to which the boxes of the rows belong.
pub(super) const FORM: &str = "many";

/// What the reader may do anywhere, by the codes of the bar, with what each asks for.
const DEEDS: [(&str, &str, &str); 9] = [
    ("confirm", "", "orders.confirm"),
    ("take", "", "orders.edit"),
    ("give", "person", "orders.edit"),
    ("status", "status", "orders.set_status"),
    ("defer", "until", "orders.edit"),
    ("urgent", "", "orders.edit"),
    ("not_urgent", "", "orders.edit"),
    ("comment", "words", "orders.comment"),
    ("cancel", "words", "orders.cancel"),
];

pub(super) fn deeds_of(caller: &Caller) -> Vec<&'static str> {
    let may = [
        ("orders.confirm", caller.may::<ConfirmOrders>()),
        ("orders.edit", caller.may::<EditOrders>()),
        ("orders.set_status", caller.may::<SetStatus>()),
        ("orders.comment", caller.may::<CommentOrders>()),
        ("orders.cancel", caller.may::<CancelOrders>()),
    ];
    let allowed = |code: &str| may.iter().any(|(known, may)| *known == code && *may);
    DEEDS.iter().filter(|(.., permission)| allowed(permission)).map(|(deed, ..)| *deed).collect()
}

pub(super) fn bar(w: &Words, view: &ListView) -> Markup {
    let statuses: std::collections::BTreeMap<_, _> = view
        .names
        .statuses
        .values()
        .filter(|status| !status.archived)
        .map(|status| ((status.stage, status.place, status.code.as_str()), status.name(w.lang())))
        .collect();
    html! {
        @if !view.deeds.is_empty() {
            form.many id=(FORM) method="post" action="/orders/many" aria-label=(w.t("orders-many")) data-many {
                input type="hidden" name="back" value=(view.asked.here());
                span.many-count data-many-count role="status" { (w.t("orders-many")) }
                select.control name="deed" aria-label=(w.t("orders-many-deed")) required {
                    option value="" { (w.t("orders-many-deed")) }
                    @for (deed, asks, _) in DEEDS.iter().filter(|(deed, ..)| view.deeds.contains(deed)) {
                        option value=(deed) data-asks=(asks) { (w.t(&format!("orders-many-{}", super::marks::dashed(deed)))) }
                    }
                }
                select.control.many-argument.many-status name="status" aria-label=(w.t("orders-status")) {
                    @for ((.., code), name) in &statuses { option value=(code) { (name) } }
                }
                select.control.many-argument.many-person name="person" aria-label=(w.t("orders-taken-by")) {
                    option value="" { (w.t("orders-taken-nobody")) }
                    @for (id, name) in &view.colleagues { option value=(id) { (name) } }
                }
                input.control.many-argument.many-until type="datetime-local" name="until" aria-label=(w.t("orders-defer-until"));
                input.control.many-argument.many-words type="text" name="words" maxlength="4000" autocomplete="off"
                    placeholder=(w.t("orders-many-words")) aria-label=(w.t("orders-many-words"));
                (button(w.t("orders-many-do")).primary())
            }
        }
    }
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Given {
    order: Vec<OrderId>,
    deed: String,
    status: String,
    person: String,
    until: String,
    words: String,
    back: String,
}

impl Given {
    fn deed(&self, caller: &Caller) -> Result<Deed> {
        Ok(match self.deed.as_str() {
            "confirm" => Deed::Confirm,
            "take" => Deed::Give(Some(caller.person)),
            "give" if self.person.is_empty() => Deed::Give(None),
            "give" => {
                let unknown = |_| Fault::field("person", "orders.person_unknown");
                Deed::Give(Some(self.person.parse().map_err(unknown)?))
            }
            "status" => Deed::Status(self.status.clone()),
            "defer" => Deed::Defer(moment(caller, &self.until)?),
            "urgent" => Deed::Urgent(true),
            "not_urgent" => Deed::Urgent(false),
            "comment" => Deed::comment(&self.words),
            "cancel" => Deed::Cancel(self.words.clone()),
            _ => return Err(Fault::field("deed", "orders.deed_unknown")),
        })
    }
}

pub(super) async fn perform(caller: Caller, State(web): State<Web>, Form(given): Form<Given>) -> Answer {
    let scope = caller.scope_where::<SeeOrders>()?;
    let mut chosen = given.order.clone();
    chosen.sort_unstable();
    chosen.dedup();
    if chosen.is_empty() {
        return Err(Fault::invalid("orders.none_chosen").into());
    }
    if chosen.len() > MOST {
        return Err(Fault::invalid("orders.too_many_at_once").arg("most", MOST.to_string()).into());
    }
    let deed = given.deed(&caller)?;
    let words = caller.words(&web);
    let mut kept = Kept::default();
    let mut chosen = chosen.into_iter();
    while let Some(id) = chosen.next() {
        match act(&caller, &web, id, None, vec![deed.clone()]).await {
            Ok(done) => kept.done.push(done),
            Err(fault) if is_refusal_of_one(&fault) => {
                let scope = scope.clone();
                let number =
                    web.db.read("orders.number", move |reader| queries::get(reader, &scope, id)).await;
                let number = number.map_or_else(|_| id.to_string(), |order| order.number);
                kept.refused.push(Refused { order: id, number, why: why(&words, &fault) });
            }
            Err(fault) if kept.done.is_empty() => return Err(fault.into()),
            // Nobody is to wonder what was done and what was not.
            Err(fault) => {
                tracing::error!(?fault, "a deed of many orders stopped in the middle");
                let untried = std::iter::once((id, words.fault(&fault)))
                    .chain(chosen.by_ref().map(|id| (id, words.t("orders-many-not-tried"))));
                kept.refused.extend(untried.map(|(order, why)| Refused {
                    order,
                    number: order.to_string(),
                    why,
                }));
            }
        }
    }
    if kept.done.is_empty() {
        let body = html! { (outcome(&words, 0, &kept, "")) };
        return Ok(caller.refused_page(&web, PageHead::new(words.t("orders-title")).path("/orders"), body));
    }
    let did = keep(&caller, &web, kept).await?;
    let back = if given.back.is_empty() { "/orders" } else { back_path(&given.back) };
    Ok(see_other(&with_outcome(back, did)).into_response())
}
