//! Pages of people and rights. Every form is a plain POST that ends in a redirect, or in the same
//! page with what was wrong beside the fields. A secret that is shown once is the answer itself.

mod browser;
mod find;
mod invitation;
mod profile;
mod settings;
mod sign_in;

pub use settings::{
    SETTINGS_PAGES, SettingsCaller, SettingsGroup, SettingsPage, settings_page, settings_refused,
};

pub(crate) use settings::OWN as OWN_SETTINGS;

use std::convert::Infallible;

use axum::{
    Router,
    extract::FromRequestParts,
    routing::{get, post},
};
use http::{header, request::Parts};
use takt_kernel::{Fault, FieldFault, Kind};
use takt_ui::{FormErrors, Lang, Words, paths};
use takt_web::{ClientIp, Failure, Web};

use crate::{callers::presence, sessions::Origin};

pub(crate) fn routes() -> Router<Web> {
    Router::new()
        .route("/sign-in", get(sign_in::show).post(sign_in::enter))
        .route("/sign-out", post(sign_in::leave))
        .route("/organisation", post(sign_in::switch))
        .route("/invite/{secret}", get(invitation::show).post(invitation::accept))
        .route("/profile", get(profile::show).post(profile::save))
        .route("/profile/password", post(profile::change_password))
        .route("/profile/sessions/end", post(profile::end_session))
        .route("/profile/sessions/end-all", post(profile::end_all_sessions))
        .route(paths::FIND, get(find::show))
        .route(paths::PRESENCE, post(presence::look))
        .merge(settings::routes())
}

/// At which field of a form a refusal stands that names none.
const FIELDS: &[(&str, &str)] = &[
    ("staff.name_required", "name"),
    ("staff.zone_unknown", "zone"),
    ("currency.unknown", "currency"),
    ("lang.unknown", "lang"),
    ("staff.organisation_kind_unknown", "kind"),
    ("staff.scope_unknown", "scopes"),
    ("staff.scope_required", "scopes"),
    ("staff.shop_missing", "shop"),
    ("staff.role_unknown", "roles"),
    ("staff.date_malformed", "day"),
    ("staff.hours_malformed", "hours"),
    ("staff.hours_overlap", "hours"),
    ("staff.holidays_unknown", "holidays"),
];

/// Puts a refusal beside a field.
fn beside(fault: &Fault, field: &str) -> Fault {
    Fault::from_fields(vec![FieldFault {
        path: field.to_owned(),
        code: fault.code().to_owned().into(),
        args: fault.args().to_vec(),
    }])
}

/// What a form shows of a refusal; anything that is not the person's to mend goes on as a failure.
fn form_errors(w: &Words, fault: Fault) -> Result<FormErrors, Failure> {
    if let Some((_, field)) = FIELDS.iter().find(|(code, _)| fault.is(code)) {
        return Ok(FormErrors::from_fault(w, &beside(&fault, field)));
    }
    match fault.kind() {
        Kind::Invalid | Kind::Conflict => Ok(FormErrors::from_fault(w, &fault)),
        Kind::Missing | Kind::Denied | Kind::Unavailable | Kind::Broken => Err(fault.into()),
    }
}

impl FromRequestParts<Web> for Origin {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, web: &Web) -> Result<Self, Infallible> {
        let client = ClientIp::from_request_parts(parts, web).await.ok();
        let agent = parts.headers.get(header::USER_AGENT).and_then(|value| value.to_str().ok());
        Ok(Self {
            ip: client.map(|client| client.0.to_string()).unwrap_or_default(),
            network: client.map(ClientIp::key).unwrap_or_default(),
            agent: agent.unwrap_or_default().to_owned(),
        })
    }
}

fn languages() -> Vec<(String, String)> {
    Lang::ALL.iter().map(|lang| (lang.code().to_owned(), lang.own_name().to_owned())).collect()
}

/// Pages with made-up contents.
pub(crate) mod samples {
    use maud::Markup;
    use takt_ui::{FormErrors, Words};

    use crate::invitations::Invitation;

    pub(crate) fn sign_in(w: &Words, errors: &FormErrors) -> Markup {
        super::sign_in::body(w, "anna@example.org", "/", errors)
    }

    pub(crate) fn invitation(w: &Words, invitation: &Invitation) -> Markup {
        super::invitation::body(w, "sample", invitation, "", &FormErrors::none())
    }
}
