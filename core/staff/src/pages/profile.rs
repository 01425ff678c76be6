use axum::{extract::State, response::Response};
use maud::{Markup, Render, html};
use serde::Deserialize;
use takt_kernel::Timestamp;
use takt_ui::{
    Column, Density, FormErrors, Lang, Row, Table, Theme, Tone, Width, Words, badge, button, card, field,
    form, post_button,
};
use takt_web::{Answer, Form, Web, see_other};

use super::{browser, form_errors, languages};
use crate::{
    callers::{Caller, PageHead, cookie, see_other_saying},
    people,
    sessions::{self, Origin, Session, SessionId},
    sign_in,
};

#[derive(Deserialize)]
pub(super) struct Profile {
    #[serde(default)]
    name: String,
    #[serde(default)]
    lang: String,
    #[serde(default)]
    theme: String,
    #[serde(default)]
    density: String,
}

#[derive(Deserialize)]
pub(super) struct NewPassword {
    #[serde(default)]
    current: String,
    #[serde(default)]
    password: String,
}

#[derive(Deserialize)]
pub(super) struct WhichSession {
    session: SessionId,
}

pub(super) async fn show(State(web): State<Web>, caller: Caller) -> Answer {
    render(&web, &caller, &caller.name, &FormErrors::none(), &FormErrors::none()).await
}

async fn render(
    web: &Web,
    caller: &Caller,
    name: &str,
    profile: &FormErrors,
    password: &FormErrors,
) -> Answer {
    let person = caller.person;
    let (sessions, now) = web
        .db
        .read("staff.profile", move |reader| {
            Ok((sessions::list(reader, person)?, takt_store::Query::now(reader)))
        })
        .await?;
    let w = caller.words(web);
    let body = html! {
        div.stack {
            (profile_form(&w, caller, name, profile))
            (password_form(&w, password))
            (sessions_card(&w, &sessions, caller.session.id, now))
        }
    };
    let head = PageHead::new(w.t("staff-profile")).width(Width::Narrow).path("/profile");
    Ok(if profile.is_empty() && password.is_empty() {
        caller.page(web, head, body)
    } else {
        caller.refused_page(web, head, body)
    })
}

pub(super) async fn save(State(web): State<Web>, caller: Caller, Form(given): Form<Profile>) -> Answer {
    let workplace = caller.workplace().id();
    let theme = Theme::parse(&given.theme);
    let (person, name, lang) =
        (caller.person, given.name.clone(), Lang::parse(&given.lang).unwrap_or(caller.lang));
    let saved = web
        .db
        .write("staff.edit_profile", move |tx| {
            people::edit_profile(tx, person, workplace, &name, lang, theme.code())
        })
        .await;
    match saved {
        Ok(()) => {
            let mut response = see_other_saying("/profile", "staff-saved");
            let density = Some(given.density.as_str()).filter(|density| !density.is_empty());
            remember(&web, &mut response, lang, theme, density.map_or(caller.density, Density::parse));
            Ok(response)
        }
        Err(fault) => {
            let errors = form_errors(&caller.words(&web), fault)?;
            render(&web, &caller, &given.name, &errors, &FormErrors::none()).await
        }
    }
}

fn remember(web: &Web, response: &mut Response, lang: Lang, theme: Theme, density: Density) {
    cookie::set_preference(response.headers_mut(), web.secure, "lang", lang.code());
    cookie::set_preference(response.headers_mut(), web.secure, "theme", theme.code());
    cookie::set_preference(response.headers_mut(), web.secure, "density", density.code());
}

pub(super) async fn change_password(
    State(web): State<Web>,
    caller: Caller,
    origin: Origin,
    Form(given): Form<NewPassword>,
) -> Answer {
    let changed = sign_in::change_password(
        &web.db,
        caller.person,
        caller.workplace().id(),
        caller.session.id,
        &given.current,
        &given.password,
        origin,
    )
    .await;
    match changed {
        Ok(()) => Ok(see_other_saying("/profile", "staff-password-changed")),
        Err(fault) => {
            let w = caller.words(&web);
            let errors = if fault.is(sign_in::TOO_OFTEN) {
                FormErrors::from_fault(&w, &fault)
            } else {
                form_errors(&w, fault)?
            };
            render(&web, &caller, &caller.name, &FormErrors::none(), &errors).await
        }
    }
}

pub(super) async fn end_session(
    State(web): State<Web>,
    caller: Caller,
    Form(which): Form<WhichSession>,
) -> Answer {
    let (person, workplace, session) = (caller.person, caller.workplace().id(), which.session);
    web.db.write("staff.end_session", move |tx| sessions::end(tx, person, workplace, session)).await?;
    Ok(see_other_saying("/profile", "staff-session-ended"))
}

/// Signs out everywhere, here too.
pub(super) async fn end_all_sessions(State(web): State<Web>, caller: Caller) -> Answer {
    let (person, workplace) = (caller.person, caller.workplace().id());
    web.db.write("staff.end_sessions", move |tx| sessions::end_all(tx, person, workplace, None)).await?;
    let mut response = see_other("/sign-in");
    cookie::clear(response.headers_mut(), web.secure);
    Ok(response)
}

fn profile_form(w: &Words, caller: &Caller, name: &str, errors: &FormErrors) -> Markup {
    let themes =
        Theme::ALL.map(|theme| (theme.code().to_owned(), w.t(&format!("ui-theme-{}", theme.code()))));
    let densities = Density::ALL
        .map(|density| (density.code().to_owned(), w.t(&format!("ui-density-{}", density.code()))));
    let fields = html! {
        (field(w.t("staff-email"), "email").email().value(&caller.email).disabled(true))
        (field(w.t("staff-your-name"), "name").value(name).required().errors(errors))
        (field(w.t("staff-language"), "lang").select(languages()).value(caller.lang.code()).half())
        (field(w.t("staff-theme"), "theme").select(themes).value(caller.theme.code()).half())
        (field(w.t("ui-density"), "density").select(densities).value(caller.density.code()).half())
    };
    let save = html! { (button(w.t("staff-save")).primary()) };
    card(w.t("staff-profile"))
        .body(form(w, "/profile").errors(errors).body(fields).actions(save).render())
        .render()
}

fn password_form(w: &Words, errors: &FormErrors) -> Markup {
    let fields = html! {
        (field(w.t("staff-current-password"), "current").password().required().errors(errors)
            .autocomplete("current-password"))
        (field(w.t("staff-new-password"), "password").password().required().errors(errors)
            .hint(w.t("staff-password-hint")).autocomplete("new-password"))
    };
    let save = html! { (button(w.t("staff-change-password"))) };
    card(w.t("staff-password"))
        .body(form(w, "/profile/password").errors(errors).body(fields).actions(save).render())
        .render()
}

fn sessions_card(w: &Words, sessions: &[Session], current: SessionId, now: Timestamp) -> Markup {
    let rows = sessions.iter().map(|session| {
        let action = if session.id == current {
            badge(w.t("staff-session-this"), Tone::Good).render()
        } else {
            let id = session.id.to_string();
            post_button(
                "/profile/sessions/end",
                &[("session", &id)],
                button(w.t("staff-session-end")).small().quiet(),
            )
        };
        Row::new([
            html! { (browser::name(&session.agent)) },
            html! { (session.ip) },
            w.moment(session.seen_at, now),
            action,
        ])
    });
    let table = Table::new(w, w.t("staff-sessions"))
        .columns([
            Column::new(w.t("staff-browser")).leading(),
            Column::new(w.t("staff-address")),
            Column::new(w.t("staff-last-seen")),
            Column::new("").actions(),
        ])
        .rows(rows);
    let everywhere = post_button(
        "/profile/sessions/end-all",
        &[],
        button(w.t("staff-sign-out-everywhere")).small().danger(),
    );
    card(w.t("staff-sessions")).actions(everywhere).flush().body(table.render()).render()
}
