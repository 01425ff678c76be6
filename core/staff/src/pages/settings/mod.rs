//! Settings of one organisation: the workplace, or for a desk also a company it works for, named by
//! `?company=`. Other crates add pages of their own through [`SETTINGS_PAGES`].

mod absences;
mod calendars;
mod companies;
mod engagements;
mod groups;
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
use takt_ui::{Width, Words, button, field, form};
use takt_web::{Answer, Failure, Query, Web};

use crate::{
    access::CompanyAccess,
    callers::{Caller, PageHead, help_of},
    companies::{OrganisationKind, missing},
    rights::{Permission, Permit},
};

pub use groups::SettingsGroup;

/// One page of the settings. Its route belongs to whoever fills this in and answers with
/// [`settings_page`].
#[derive(Clone, Copy, Debug)]
pub struct SettingsPage {
    pub href: &'static str,
    pub label_key: &'static str,
    /// Who is offered the page.
    pub permission: &'static str,
    pub group: SettingsGroup,
    /// Smaller stands first in its group.
    pub place: i64,
}

const OVERVIEW: &str = "/settings";

pub const SETTINGS_PAGES: Slot<SettingsPage> = Slot::new("staff.settings_pages");

pub(crate) const OWN: [SettingsPage; 8] = [
    page("/settings/companies", "staff-companies", "staff.see", SettingsGroup::Company, 10),
    page("/settings/shops", "staff-shops", "staff.see", SettingsGroup::Shops, 20),
    page("/settings/people", "staff-people", "staff.see_people", SettingsGroup::Company, 30),
    page("/settings/absences", "staff-absences", "staff.see", SettingsGroup::Company, 35),
    page("/settings/engagements", "staff-engagements", "staff.see_people", SettingsGroup::Company, 40),
    page("/settings/calendars", "staff-calendars", "staff.see", SettingsGroup::Company, 50),
    page("/settings/tokens", "staff-tokens", "staff.manage_tokens", SettingsGroup::Programs, 60),
    page("/settings/sign-ins", "staff-sign-ins", "staff.see_sign_ins", SettingsGroup::Company, 900),
];

const fn page(
    href: &'static str,
    label_key: &'static str,
    permission: &'static str,
    group: SettingsGroup,
    place: i64,
) -> SettingsPage {
    SettingsPage { href, label_key, permission, group, place }
}

pub(super) fn routes() -> Router<Web> {
    Router::new()
        .route("/settings", get(overview))
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

async fn overview(State(web): State<Web>, settings: SettingsCaller) -> Answer {
    let w = settings.words(&web);
    let body = html! {
        div.stack.settings-overview {
            (chooser(&w, &settings, OVERVIEW))
            (groups::navigation(&w, &settings, &settings.pages(&web), None))
        }
    };
    let head = PageHead::new(w.t("staff-settings")).width(Width::Full).path(settings.href(OVERVIEW));
    Ok(settings.caller.page(&web, head, body))
}

/// A page of the settings in their frame: beside it what else this person may open, and for a desk the
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
    let pages = settings.pages(web);
    let page = pages.iter().find(|page| page.href == href);
    let title = page.map_or_else(|| w.t("staff-settings"), |page| w.t(page.label_key));
    let help = page.and_then(|page| help_of(&w, &format!("{}-settings", page.label_key)));
    let body = html! {
        div.settings {
            (groups::navigation(&w, settings, &pages, Some(href)))
            div.stack {
                a.settings-up href=(settings.href(OVERVIEW)) { (w.t("staff-settings")) }
                (chooser(&w, settings, href))
                (body)
            }
        }
    };
    let head = PageHead::new(title).width(Width::Full).path(settings.href(href)).help(help);
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
