use axum::{
    extract::State,
    response::{IntoResponse, Response},
};
use http::StatusCode;
use maud::{Markup, Render, html};
use serde::Deserialize;
use takt_ui::{Arg, FormErrors, Page, Theme, Width, Words, button, field, form};
use takt_web::{Answer, Form, Path, RequestLang, RequestTheme, Web, see_other};

use super::form_errors;
use crate::{
    callers::cookie,
    invitations::{self, Invitation},
    sessions::Origin,
    sign_in,
};

#[derive(Deserialize)]
pub(super) struct Given {
    #[serde(default)]
    name: String,
    #[serde(default)]
    password: String,
}

pub(super) async fn show(
    State(web): State<Web>,
    RequestLang(lang): RequestLang,
    RequestTheme(theme): RequestTheme,
    Path(secret): Path<String>,
) -> Answer {
    let invitation = find(&web, &secret).await?;
    let words = Words::new(web.texts.clone(), lang, jiff::tz::TimeZone::UTC);
    Ok(page(&words, theme, &secret, &invitation, "", &FormErrors::none()))
}

pub(super) async fn accept(
    State(web): State<Web>,
    RequestLang(lang): RequestLang,
    RequestTheme(theme): RequestTheme,
    origin: Origin,
    Path(secret): Path<String>,
    Form(given): Form<Given>,
) -> Answer {
    match invitations::accept(&web.db, &secret, &given.name, &given.password, origin).await {
        Ok(session) => {
            let mut response = see_other("/");
            cookie::set(response.headers_mut(), web.secure, &session);
            Ok(response)
        }
        Err(fault) => {
            let words = Words::new(web.texts.clone(), lang, jiff::tz::TimeZone::UTC);
            let (status, errors) = if fault.is(sign_in::TOO_OFTEN) {
                (StatusCode::TOO_MANY_REQUESTS, FormErrors::from_fault(&words, &fault))
            } else {
                (StatusCode::UNPROCESSABLE_ENTITY, form_errors(&words, fault)?)
            };
            let invitation = find(&web, &secret).await?;
            let mut response = page(&words, theme, &secret, &invitation, &given.name, &errors);
            *response.status_mut() = status;
            Ok(response)
        }
    }
}

async fn find(web: &Web, secret: &str) -> takt_kernel::Result<Invitation> {
    let secret = secret.to_owned();
    web.db.read("staff.invitation", move |reader| invitations::by_secret(reader, &secret)).await
}

fn page(
    words: &Words,
    theme: Theme,
    secret: &str,
    invitation: &Invitation,
    name: &str,
    errors: &FormErrors,
) -> Response {
    let title = words.ta("staff-invited-to", &[("organisation", Arg::from(&invitation.organisation_name))]);
    let mut page = Page::new(words, title, body(words, secret, invitation, name, errors));
    page.width = Width::Centre;
    page.theme = theme;
    page.path = format!("/invite/{secret}");
    page.render().into_response()
}

pub(crate) fn body(
    w: &Words,
    secret: &str,
    invitation: &Invitation,
    name: &str,
    errors: &FormErrors,
) -> Markup {
    let fields = html! {
        (field(w.t("staff-email"), "email").email().value(&invitation.email).disabled(true))
        @if invitation.known {
            p.muted { (w.t("staff-invited-known")) }
            (field(w.t("staff-password"), "password").password().required().errors(errors)
                .autocomplete("current-password"))
        } @else {
            (field(w.t("staff-your-name"), "name").value(name).required().errors(errors).autocomplete("name"))
            (field(w.t("staff-new-password"), "password").password().required().errors(errors)
                .hint(w.t("staff-password-hint")).autocomplete("new-password"))
        }
    };
    form(w, format!("/invite/{secret}"))
        .errors(errors)
        .body(fields)
        .actions(html! { (button(w.t("staff-join")).primary().big()) })
        .render()
}
