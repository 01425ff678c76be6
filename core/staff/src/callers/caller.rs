use axum::extract::FromRequestParts;
use http::request::Parts;
use jiff::tz::TimeZone;
use takt_kernel::{Actor, CompanyId, Fault, PersonId, Result, Slot};
use takt_store::{Db, Query};
use takt_ui::{Density, Lang, Theme, paths};
use takt_web::{Failure, RequestDensity, RequestLang, RequestTheme, SIGN_IN_REQUIRED, Web};

use super::{
    cookie,
    page::{self, Waiting},
};
use crate::{
    access::{self, Access, CompanyAccess},
    companies,
    rights::{Permission, Permit, Rights, Role, Scope},
    sessions::{self, Session},
};

/// Where whoever holds one of these roles begins the day.
#[derive(Clone, Copy, Debug)]
pub struct Landing {
    pub href: &'static str,
    pub roles: &'static [Role],
}

pub const LANDING: Slot<Landing> = Slot::new("staff.landing");

/// A person who is signed in, at one of their organisations. As an argument of a handler it lets
/// nobody else in: a page sends them to sign in, and `Option<Caller>` takes who comes.
#[derive(Clone)]
pub struct Caller {
    pub person: PersonId,
    pub name: String,
    pub email: String,
    pub session: Session,
    pub access: Access,
    pub lang: Lang,
    pub theme: Theme,
    pub density: Density,
    /// The zone in which the workplace reads its clock.
    pub zone: TimeZone,
    /// The page that was asked for, with its query: switches return there. `/` after a form.
    pub path: String,
    pub(super) flash: Option<String>,
    /// Up to where the log had been seen before anything was read for the answer: a page hears of all that came after.
    pub(super) position: i64,
    /// What stands as numbers in the navigation of a page.
    pub(crate) waiting: Waiting,
    pub(crate) rights: Rights,
}

impl Caller {
    pub fn actor(&self) -> Actor {
        Actor::Person { person: self.person }
    }

    /// How far lists and lookups may see.
    pub fn scope(&self) -> Scope {
        self.access.scope()
    }

    /// The companies whose data are visible, by name.
    pub fn companies(&self) -> &[CompanyAccess] {
        &self.access.companies
    }

    pub fn workplace(&self) -> &CompanyAccess {
        &self.access.workplace
    }

    /// The right to do `P` in one organisation.
    ///
    /// # Errors
    /// `staff.company_missing` when it is not visible from here; `staff.denied` when it is, and the
    /// person's roles there do not hold `P`.
    pub fn permit<P: Permission>(&self, company: CompanyId) -> Result<Permit<P>> {
        let there = self.access.to(company).ok_or_else(|| companies::missing(company))?;
        if !self.rights.held_by(P::CODE, there.roles) {
            return Err(Fault::denied("staff.denied").arg("permission", P::CODE));
        }
        Ok(Permit::grant(self.actor(), company, None, there.roles, self.lang))
    }

    /// Whether the person may do `P` anywhere from here: whether to offer it at all.
    pub fn may<P: Permission>(&self) -> bool {
        self.may_code(P::CODE)
    }

    pub fn may_in<P: Permission>(&self, company: CompanyId) -> bool {
        self.access.to(company).is_some_and(|there| self.rights.held_by(P::CODE, there.roles))
    }

    /// As [`Caller::may`], for tables that hold permissions by code.
    pub fn may_code(&self, code: &str) -> bool {
        self.places().any(|there| self.rights.held_by(code, there.roles))
    }

    /// The companies in which the person may do `P`.
    pub fn companies_where<P: Permission>(&self) -> Vec<&CompanyAccess> {
        self.companies().iter().filter(|there| self.rights.held_by(P::CODE, there.roles)).collect()
    }

    /// [`Caller::scope`], narrowed to the companies in which the person may do `P`: how far a list of
    /// something sees.
    ///
    /// # Errors
    /// `staff.denied` when there is no such company.
    pub fn scope_where<P: Permission>(&self) -> Result<Scope> {
        let companies: Vec<CompanyId> = self.companies_where::<P>().iter().map(|there| there.id()).collect();
        if companies.is_empty() {
            return Err(Fault::denied("staff.denied").arg("permission", P::CODE));
        }
        Ok(match self.scope() {
            Scope::Desk { desk, .. } => Scope::Desk { desk, companies },
            own @ Scope::Company { .. } => own,
        })
    }

    /// As [`Caller::scope_where`], for tables that hold permissions by code; none when there is no such company.
    pub fn scope_of(&self, code: &str) -> Option<Scope> {
        let held = self.companies().iter().filter(|there| self.rights.held_by(code, there.roles));
        let companies: Vec<CompanyId> = held.map(CompanyAccess::id).collect();
        match self.scope() {
            _ if companies.is_empty() => None,
            Scope::Desk { desk, .. } => Some(Scope::Desk { desk, companies }),
            own @ Scope::Company { .. } => Some(own),
        }
    }

    /// Where this person begins the day; nowhere in particular when no feature says so. Of several roles the first
    /// of [`Role::ALL`] decides: an operator who packs as well begins at the orders.
    pub fn landing(&self, web: &Web) -> Option<&'static str> {
        let roles = self.workplace().roles;
        let first = Role::ALL.into_iter().find(|role| roles.contains(*role))?;
        let slots = web.db.slots();
        slots.of(&LANDING).find(|landing| landing.roles.contains(&first)).map(|landing| landing.href)
    }

    pub(super) fn places(&self) -> impl Iterator<Item = &CompanyAccess> {
        std::iter::once(&self.access.workplace).chain(&self.access.companies)
    }

    /// The caller behind a session's secret; none when it is over or opens nothing any more.
    pub(crate) async fn of_secret(db: &Db, secret: &str) -> Result<Option<Self>> {
        let secret = secret.to_owned();
        let position = *db.watch().borrow();
        let caller = db.read("staff.caller", move |reader| load(reader, &secret, position)).await?;
        if let Some(caller) = &caller
            && caller.session.is_worth_noting(db.clock().now())
        {
            let session = caller.session.id;
            db.write("staff.note_seen", move |tx| sessions::note_seen(tx, session)).await?;
        }
        Ok(caller)
    }
}

fn load(db: &mut dyn Query, secret: &str, position: i64) -> Result<Option<Caller>> {
    let Some(known) = sessions::by_secret(db, secret)? else { return Ok(None) };
    let session = known.session;
    let Some(access) = access::of(db, session.person, session.workplace)? else { return Ok(None) };
    Ok(Some(Caller {
        person: session.person,
        name: known.name,
        email: known.email,
        zone: access.workplace.company.zone.clone(),
        session,
        access,
        lang: known.lang,
        theme: Theme::Auto,
        density: Density::Roomy,
        path: String::from("/"),
        flash: None,
        position,
        waiting: Waiting::default(),
        rights: Rights::new(db.slots()),
    }))
}

impl FromRequestParts<Web> for Caller {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, web: &Web) -> Result<Self, Failure> {
        let signed_out = || Failure(Fault::denied(SIGN_IN_REQUIRED));
        let secret = cookie::read(&parts.headers, web.secure).ok_or_else(signed_out)?.to_owned();
        let caller = Self::of_secret(&web.db, &secret).await?.ok_or_else(signed_out)?;
        caller.in_this_browser(parts, web).await
    }
}

impl axum::extract::OptionalFromRequestParts<Web> for Caller {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, web: &Web) -> Result<Option<Self>, Failure> {
        match <Self as FromRequestParts<Web>>::from_request_parts(parts, web).await {
            Ok(caller) => Ok(Some(caller)),
            Err(failure) if failure.0.is(SIGN_IN_REQUIRED) => Ok(None),
            Err(failure) => Err(failure),
        }
    }
}

impl Caller {
    /// The switch in the frame sets cookies; they go before what the account says.
    async fn in_this_browser(mut self, parts: &mut Parts, web: &Web) -> Result<Self, Failure> {
        if cookie::value_of(&parts.headers, "lang").is_some() {
            let RequestLang(lang) = RequestLang::from_request_parts(parts, web).await?;
            self.lang = lang;
        }
        let RequestTheme(theme) = RequestTheme::from_request_parts(parts, web).await?;
        self.theme = theme;
        let RequestDensity(density) = RequestDensity::from_request_parts(parts, web).await?;
        self.density = density;
        self.flash = page::flash_key(&parts.headers);
        if parts.method.is_safe()
            && let Some(path) = parts.uri.path_and_query()
        {
            self.path = path.to_string();
        }
        if ![paths::LIVE, paths::PRESENCE].contains(&parts.uri.path()) {
            self.waiting = Waiting::of(&self, web).await?;
        }
        Ok(self)
    }
}
