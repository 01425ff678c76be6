//! Erasing a person from their card: why, what goes, what the law wants kept.

use axum::extract::State;
use maud::{Markup, Render, html};
use serde::Deserialize;
use takt_kernel::{Kind, Result};
use takt_staff::{Caller, see_other_saying};
use takt_ui::{FormErrors, Tone, Words, button, details, field, form, notice};
use takt_web::{Answer, Form, Path, Web};

use super::card;
use crate::{Customer, CustomerId, EraseCustomers, SeeCustomers, commands, erased::Reason, queries};

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Given {
    reason: String,
    sure: String,
}

impl Given {
    fn checked(&self) -> Result<Reason> {
        let reason = Reason::from_code(&self.reason)?;
        if self.sure.is_empty() {
            return Err(takt_kernel::Fault::field("sure", "customers.erase_not_sure"));
        }
        Ok(reason)
    }
}

pub(super) async fn erase(
    caller: Caller,
    State(web): State<Web>,
    Path(id): Path<CustomerId>,
    Form(given): Form<Given>,
) -> Answer {
    let scope = caller.scope_where::<SeeCustomers>()?;
    let company = web.db.read("customers.company", move |r| Ok(queries::get(r, &scope, id)?.company)).await?;
    let permit = caller.permit::<EraseCustomers>(company)?;
    let done = match given.checked() {
        Ok(reason) => commands::erase(&web.db, &permit, id, reason).await,
        Err(fault) => Err(fault),
    };
    match done {
        Ok(_) => Ok(see_other_saying(&format!("/customers/{id}"), "customers-erased-said")),
        Err(fault) if matches!(fault.kind(), Kind::Invalid | Kind::Conflict) => {
            card::page(&caller, &web, id, Some((None, fault))).await
        }
        Err(fault) => Err(fault.into()),
    }
}

pub(super) fn form_of(w: &Words, customer: &Customer, errors: &FormErrors) -> Markup {
    let reasons = Reason::ALL.map(|reason| {
        (reason.code().to_owned(), w.t(&format!("customers-erase-{}", reason.code().replace('_', "-"))))
    });
    let body = html! {
        (field(w.t("customers-erase-reason"), "reason").select(reasons).half().errors(errors))
        (field(w.t("customers-erase-sure"), "sure").checkbox(false).errors(errors))
    };
    let form = form(w, format!("/customers/{}/erase", customer.id))
        .body(body)
        .actions(html! { (button(w.t("customers-erase")).danger()) });
    let body = html! {
        div.stack {
            p { (w.t("customers-erase-what-goes")) }
            p { (w.t("customers-erase-what-stays")) }
            (form)
        }
    };
    details(w.t("customers-erase"), !errors.is_empty(), body)
}

/// What stands on the card instead of a person.
pub(super) fn erased_notice(w: &Words, customer: &Customer, now: takt_kernel::Timestamp) -> Markup {
    let Some(at) = customer.erased_at else { return html! {} };
    notice(Tone::Info, w.t("customers-erased"))
        .body(html! { p { (w.moment(at, now)) } p { (w.t("customers-erase-what-stays")) } })
        .render()
}
