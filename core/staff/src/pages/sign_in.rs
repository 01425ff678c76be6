use axum::{
    extract::State,
    response::{IntoResponse, Response},
};
use http::{HeaderValue, StatusCode, header};
use maud::{Markup, Render, html};
use serde::Deserialize;
use takt_kernel::OrganisationId;
use takt_ui::{FormErrors, Page, Theme, Width, Words, button, field, form};
use takt_web::{Answer, Form, Query, RequestLang, RequestTheme, Web, back_path, see_other};

use crate::{
    callers::{Caller, cookie},
    sessions::{self, Origin},
    sign_in,
};

#[derive(Deserialize, Default)]
pub(super) struct Asked {
    #[serde(default)]
    back: String,
}

#[derive(Deserialize)]
pub(super) struct Given {
    #[serde(default)]
    email: String,
    #[serde(default)]
    password: String,
    #[serde(default)]
    back: String,
}

pub(super) async fn show(
    State(web): State<Web>,
    caller: Option<Caller>,
    RequestLang(lang): RequestLang,
    RequestTheme(theme): RequestTheme,
    Query(asked): Query<Asked>,
) -> Answer {
    if caller.is_some() {
        return Ok(see_other(back_path(&asked.back)));
    }
    let words = Words::new(web.texts.clone(), lang, jiff::tz::TimeZone::UTC);
    Ok(page(&words, theme, "", &asked.back, &FormErrors::none()))
}

pub(super) async fn enter(
    State(web): State<Web>,
    RequestLang(lang): RequestLang,
    RequestTheme(theme): RequestTheme,
    origin: Origin,
    Form(given): Form<Given>,
) -> Answer {
    match sign_in::sign_in(&web.db, &given.email, &given.password, origin).await {
        Ok(entered) => {
            let mut response = see_other(back_path(&given.back));
            cookie::set(response.headers_mut(), web.secure, &entered.secret);
            cookie::set_preference(response.headers_mut(), web.secure, "lang", entered.lang.code());
            Ok(response)
        }
        Err(fault) => {
            let status = match fault.code() {
                sign_in::REFUSED => StatusCode::UNPROCESSABLE_ENTITY,
                sign_in::TOO_OFTEN => StatusCode::TOO_MANY_REQUESTS,
                _ => return Err(fault.into()),
            };
            let words = Words::new(web.texts.clone(), lang, jiff::tz::TimeZone::UTC);
            let errors = FormErrors::from_fault(&words, &fault);
            let mut response = page(&words, theme, &given.email, &given.back, &errors);
            *response.status_mut() = status;
            if status == StatusCode::TOO_MANY_REQUESTS {
                response
                    .headers_mut()
                    .insert(header::RETRY_AFTER, HeaderValue::from(sign_in::WINDOW_SECONDS));
            }
            Ok(response)
        }
    }
}

pub(super) async fn leave(State(web): State<Web>, caller: Option<Caller>) -> Answer {
    if let Some(caller) = caller {
        let (person, workplace, session) = (caller.person, caller.workplace().id(), caller.session.id);
        web.db.write("staff.sign_out", move |tx| sessions::end(tx, person, workplace, session)).await?;
    }
    let mut response = see_other("/sign-in");
    cookie::clear(response.headers_mut(), web.secure);
    Ok(response)
}

#[derive(Deserialize)]
pub(super) struct Switch {
    organisation: OrganisationId,
    #[serde(default)]
    back: String,
}

/// Goes on in another organisation. What the old page showed may not exist there.
pub(super) async fn switch(State(web): State<Web>, caller: Caller, Form(wish): Form<Switch>) -> Answer {
    let (person, session, to) = (caller.person, caller.session.id, wish.organisation);
    web.db.write("staff.switch", move |tx| sessions::switch(tx, person, session, to)).await?;
    let section = wish.back.split('/').nth(1).unwrap_or_default();
    let section: &str = section.split('?').next().unwrap_or_default();
    Ok(see_other(back_path(&format!("/{section}"))))
}

fn page(words: &Words, theme: Theme, email: &str, back: &str, errors: &FormErrors) -> Response {
    let mut page = Page::new(words, words.t("staff-sign-in"), body(words, email, back, errors));
    page.width = Width::Centre;
    page.theme = theme;
    page.path = "/sign-in".to_owned();
    page.render().into_response()
}

pub(crate) fn body(w: &Words, email: &str, back: &str, errors: &FormErrors) -> Markup {
    let fields = html! {
        input type="hidden" name="back" value=(back_path(back));
        (field(w.t("staff-email"), "email").email().value(email).required().autofocus().autocomplete("username"))
        (field(w.t("staff-password"), "password").password().required().autocomplete("current-password"))
    };
    form(w, "/sign-in")
        .errors(errors)
        .body(fields)
        .actions(html! { (button(w.t("staff-enter")).primary().big()) })
        .render()
}
