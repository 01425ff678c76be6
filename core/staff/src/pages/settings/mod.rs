//! Settings of one organisation: the workplace, or for a desk also a company it works for, named by
//! `?company=`. Other crates add pages of their own through [`SETTINGS_PAGES`].

mod absences;
mod calendars;
mod companies;
mod engagements;
mod manager;
mod named_calendars;
mod people;
mod shops;
mod sign_ins;
mod tokens;

use axum::{
    Router,
    extract::{FromRequestParts, State},
    response::Response,
    routing::{get, post},
};
use http::request::Parts;
use maud::{Markup, Render, html};
use serde::Deserialize;
use takt_kernel::{Fault, OrganisationId, Result, Slot};
use takt_ui::{Tab, Tone, Width, Words, button, field, form, tabs};
use takt_web::{Answer, Failure, Query, Web, see_other};

use crate::{
    access::CompanyAccess,
    callers::{Caller, PageHead, help_of},
    companies::{OrganisationKind, missing},
    rights::{Permission, Permit},
};

/// One page of the settings. Its route belongs to whoever fills this in and answers with
/// [`settings_page`].
#[derive(Clone, Copy, Debug)]
pub struct SettingsPage {
    pub href: &'static str,
    pub label_key: &'static str,
    /// Who is offered the page.
    pub permission: &'static str,
    /// Smaller stands first.
    pub place: i64,
}

pub const SETTINGS_PAGES: Slot<SettingsPage> = Slot::new("staff.settings_pages");

pub(crate) const OWN: [SettingsPage; 8] = [
    page("/settings/companies", "staff-companies", "staff.see", 10),
    page("/settings/shops", "staff-shops", "staff.see", 20),
    page("/settings/people", "staff-people", "staff.see_people", 30),
    page("/settings/absences", "staff-absences", "staff.see", 35),
    page("/settings/engagements", "staff-engagements", "staff.see_people", 40),
    page("/settings/calendars", "staff-calendars", "staff.see", 50),
    page("/settings/tokens", "staff-tokens", "staff.manage_tokens", 60),
    page("/settings/sign-ins", "staff-sign-ins", "staff.see_sign_ins", 900),
];

const fn page(
    href: &'static str,
    label_key: &'static str,
    permission: &'static str,
    place: i64,
) -> SettingsPage {
    SettingsPage { href, label_key, permission, place }
}

pub(super) fn routes() -> Router<Web> {
    Router::new()
        .route("/settings", get(first))
        .route("/settings/companies", get(companies::show).post(companies::edit))
        .route("/settings/companies/new", post(companies::create))
        .route("/settings/shops", get(shops::show).post(shops::create))
        .route("/settings/shops/{shop}", post(shops::rename))
        .route("/settings/people", get(people::show).post(people::invite))
        .route("/settings/people/{person}", post(people::set_roles))
        .route("/settings/invitations/{invitation}/withdraw", post(people::withdraw))
        .route("/settings/absences", get(absences::show).post(absences::set))
        .route("/settings/absences/{absence}/end", post(absences::end))
        .route("/settings/engagements", get(engagements::show).post(engagements::start))
        .route("/settings/engagements/{engagement}/end", post(engagements::end))
        .route("/settings/manager", post(manager::name))
        .route("/settings/calendars", get(calendars::show).post(calendars::edit))
        .route("/settings/calendars/exceptions", post(calendars::set_exception))
        .route("/settings/calendars/exceptions/remove", post(calendars::remove_exception))
        .route("/settings/calendars/named", get(named_calendars::show).post(named_calendars::save))
        .route("/settings/calendars/named/remove", post(named_calendars::remove))
        .route("/settings/tokens", get(tokens::show).post(tokens::issue))
        .route("/settings/tokens/{token}/revoke", post(tokens::revoke))
        .route("/settings/sign-ins", get(sign_ins::show))
}

/// A caller and the organisation whose settings they look at.
#[derive(Clone)]
pub struct SettingsCaller {
    pub caller: Caller,
    pub organisation: CompanyAccess,
}

#[derive(Deserialize)]
struct Which {
    /// Empty: the workplace.
    #[serde(default)]
    company: String,
}

impl FromRequestParts<Web> for SettingsCaller {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, web: &Web) -> Result<Self, Failure> {
        let caller = <Caller as FromRequestParts<Web>>::from_request_parts(parts, web).await?;
        let Query(which) = Query::<Which>::from_request_parts(parts, web).await?;
        let wanted = match which.company.as_str() {
            "" => caller.workplace().id(),
            company => company.parse()?,
        };
        let organisation = caller.access.to(wanted).cloned().ok_or_else(|| missing(wanted))?;
        Ok(Self { caller, organisation })
    }
}

impl SettingsCaller {
    pub fn id(&self) -> OrganisationId {
        self.organisation.id()
    }

    /// # Errors
    /// As [`Caller::permit`].
    pub fn permit<P: Permission>(&self) -> Result<Permit<P>> {
        self.caller.permit::<P>(self.id())
    }

    pub fn may<P: Permission>(&self) -> bool {
        self.caller.may_in::<P>(self.id())
    }

    /// A path that stays with this organisation.
    pub fn href(&self, path: &str) -> String {
        let sign = if path.contains('?') { '&' } else { '?' };
        format!("{path}{sign}company={}", self.id())
    }

    pub fn words(&self, web: &Web) -> Words {
        self.caller.words(web)
    }

    fn is_desk(&self) -> bool {
        self.organisation.company.kind == OrganisationKind::Desk
    }

    /// The company, for pages that mean nothing to a desk.
    ///
    /// # Errors
    /// `staff.only_companies`.
    pub fn company(&self) -> Result<OrganisationId> {
        if self.is_desk() { Err(Fault::conflict("staff.only_companies")) } else { Ok(self.id()) }
    }

    fn pages(&self, web: &Web) -> Vec<SettingsPage> {
        let mut pages: Vec<SettingsPage> = web
            .db
            .slots()
            .of(&SETTINGS_PAGES)
            .filter(|page| self.caller.rights.held_by(page.permission, self.organisation.roles))
            .copied()
            .collect();
        pages.sort_by_key(|page| page.place);
        pages
    }
}

async fn first(State(web): State<Web>, settings: SettingsCaller) -> Answer {
    let first = settings.pages(&web).first().map_or("/profile", |page| page.href);
    Ok(see_other(&settings.href(first)))
}

/// A page of the settings in their frame: tabs of what this person may open, and for a desk the
/// choice of the company.
pub fn settings_page(web: &Web, settings: &SettingsCaller, href: &str, body: Markup) -> Response {
    let (head, body) = framed(web, settings, href, body);
    settings.caller.page(web, head, body)
}

/// As [`settings_page`], after a form was refused.
pub fn settings_refused(web: &Web, settings: &SettingsCaller, href: &str, body: Markup) -> Response {
    let (head, body) = framed(web, settings, href, body);
    settings.caller.refused_page(web, head, body)
}

fn framed(web: &Web, settings: &SettingsCaller, href: &str, body: Markup) -> (PageHead, Markup) {
    let w = settings.words(web);
    let steps: Vec<Tab> = settings
        .pages(web)
        .into_iter()
        .map(|page| Tab {
            label: w.t(page.label_key),
            href: settings.href(page.href),
            active: page.href == href,
            count: Some(settings.caller.waiting.at(page.href, settings.id())).filter(|count| *count > 0),
            tone: Tone::Warn,
        })
        .collect();
    let body = html! {
        div.stack {
            (chooser(&w, settings, href))
            (tabs(&w, &w.t("staff-settings"), &steps))
            (body)
        }
    };
    let help = settings.pages(web).into_iter().find(|page| page.href == href);
    let help = help.and_then(|page| help_of(&w, &format!("{}-settings", page.label_key)));
    let head = PageHead::new(w.t("staff-settings")).width(Width::Full).path(settings.href(href)).help(help);
    (head, body)
}

fn chooser(w: &Words, settings: &SettingsCaller, href: &str) -> Markup {
    let caller = &settings.caller;
    let workplace = caller.workplace();
    if caller.companies().iter().all(|company| company.id() == workplace.id()) {
        return html! {};
    }
    let choices = std::iter::once(workplace)
        .chain(caller.companies())
        .map(|place| (place.id().to_string(), place.name().to_owned()));
    let choice =
        field(w.t("staff-settings-of"), "company").select(choices).value(settings.id().to_string()).half();
    form(w, href)
        .get()
        .body(html! { (choice) })
        .actions(html! { (button(w.t("staff-show")).small()) })
        .render()
}
