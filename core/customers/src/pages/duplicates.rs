//! Cards that may be of one person, with what tells so.

use axum::extract::State;
use maud::{Markup, html};
use serde::Deserialize;
use serde_json::json;
use takt_staff::{Caller, PageHead, see_other_saying};
use takt_ui::{Icon, Tone, Words, badge, button, card, crumbs, empty, post_button};
use takt_web::{Answer, Form, Path, Web};
use takt_work::jobs;

use super::{card::change, list::shown_name};
use crate::{CustomerId, EditCustomers, Listed, Pair, SeeCustomers, likeness};

const HREF: &str = "/customers/duplicates";

pub(super) struct DuplicatesView {
    pub pairs: Vec<Pair>,
    pub may_edit: bool,
}

pub(super) async fn show(caller: Caller, State(web): State<Web>) -> Answer {
    let scope = caller.scope_where::<SeeCustomers>()?;
    let pairs = web.db.read("customers.duplicates", move |reader| likeness::pairs(reader, &scope)).await?;
    let view = DuplicatesView { pairs, may_edit: caller.may::<EditCustomers>() };
    let w = caller.words(&web);
    let mut head = PageHead::new(w.t("customers-duplicates"))
        .help(Some(w.t("customers-duplicates-help")))
        .crumbs(crumbs(&[(&w.t("customers-title"), Some("/customers"))]));
    if view.may_edit {
        let look = button(w.t("customers-duplicates-look")).icon(Icon::Search);
        head = head.actions(post_button("/customers/duplicates/look", &[], look));
    }
    Ok(caller.page(&web, head, render(&w, &view)))
}

/// Compares the cards of every company in which the person may do something about it.
pub(super) async fn look(caller: Caller, State(web): State<Web>) -> Answer {
    caller.scope_where::<EditCustomers>()?;
    let companies: Vec<_> =
        caller.companies_where::<EditCustomers>().iter().map(|there| there.id()).collect();
    for company in companies {
        caller.permit::<EditCustomers>(company)?;
        web.db
            .write("customers.look_for_alike", move |tx| {
                jobs::call(tx, company, likeness::JOB, "all", &json!({}))
            })
            .await?;
    }
    Ok(see_other_saying(HREF, "customers-duplicates-looking"))
}

#[derive(Deserialize)]
pub(super) struct Other {
    other: CustomerId,
}

pub(super) async fn tell_apart(
    caller: Caller,
    State(web): State<Web>,
    Path(id): Path<CustomerId>,
    Form(given): Form<Other>,
) -> Answer {
    change(&caller, &web, "customers.tell_apart", id, move |tx, permit| {
        likeness::tell_apart(tx, permit, id, given.other)
    })
    .await?;
    Ok(see_other_saying(HREF, "customers-told-apart"))
}

pub(super) fn render(w: &Words, view: &DuplicatesView) -> Markup {
    html! {
        @if view.pairs.is_empty() {
            (empty(Icon::Users, w.t("customers-duplicates-none"), w.t("customers-duplicates-none-text"), None))
        }
        @for pair in &view.pairs { (card_of(w, view, pair)) }
    }
}

fn card_of(w: &Words, view: &DuplicatesView, pair: &Pair) -> Markup {
    let (one, other) = (pair.one.id, pair.other.id);
    let value = other.to_string();
    let body = html! {
        div.stack {
            div.abreast { (person(w, &pair.one)) (person(w, &pair.other)) }
            p.row {
                @for evidence in &pair.evidence {
                    (badge(w.t(&format!("customers-evidence-{}", evidence.code().replace('_', "-"))), Tone::Info))
                }
            }
            @if view.may_edit {
                div.row {
                    (post_button(&format!("/customers/{one}/merge"), &[("other", &value)],
                        button(w.t("customers-merge")).small().icon(Icon::Users)))
                    (post_button(&format!("/customers/{one}/apart"), &[("other", &value)],
                        button(w.t("customers-dismiss")).small().quiet()))
                }
            }
        }
    };
    html! { (card("").body(body)) }
}

fn person(w: &Words, customer: &Listed) -> Markup {
    html! {
        div.stack {
            p.strong { a href={ "/customers/" (customer.id) } { (shown_name(w, &customer.name)) } }
            @if let Some(phone) = &customer.phone { p.numbers { (crate::shown(phone)) } }
            @if let Some(email) = &customer.email { p { (email) } }
        }
    }
}
