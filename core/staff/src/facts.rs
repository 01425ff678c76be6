//! What this crate says. Bodies hold ids, roles and settings; names, e-mails and addresses of
//! people travel as personal changes.

use serde::{Deserialize, Serialize};
use takt_kernel::{Actor, CompanyId, OrganisationId, PersonId, ShopId, Timestamp, TokenId, money::Currency};
use takt_store::{About, Fact, Subject};

use crate::{
    calendar::{DayHours, Holidays, Week},
    companies::OrganisationKind,
    rights::{Role, RoleSet},
};

macro_rules! facts {
    ($($(#[$attribute:meta])* $name:ident = $kind:literal { $($field:ident : $type:ty),* $(,)? })*) => {
        $(
            $(#[$attribute])*
            #[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
            pub struct $name { $(pub $field: $type),* }
            impl Fact for $name {
                const KIND: &'static str = $kind;
            }
        )*
        /// Every kind of fact of this crate.
        pub const KINDS: &[&str] = &[$($kind),*];
    };
}

facts! {
    CompanyCreated = "staff.company_created" {
        kind: OrganisationKind, name: String, currency: Currency, zone: String, lang: String,
    }
    CompanyEdited = "staff.company_edited" { name: String, zone: String, lang: String }
    ShopCreated = "staff.shop_created" { name: String, currency: Currency }
    ShopRenamed = "staff.shop_renamed" { name: String }
    PersonInvited = "staff.person_invited" { invitation: i64, roles: RoleSet, expires_at: Timestamp }
    InvitationWithdrawn = "staff.invitation_withdrawn" { invitation: i64 }
    PersonJoined = "staff.person_joined" { person: PersonId, roles: RoleSet }
    /// An empty set: the person left.
    RolesChanged = "staff.roles_changed" { person: PersonId, old: RoleSet, new: RoleSet }
    SignedIn = "staff.signed_in" { session: i64 }
    SignInRefused = "staff.sign_in_refused" { why: String }
    SignedOut = "staff.signed_out" { sessions: i64 }
    ProfileEdited = "staff.profile_edited" {}
    PasswordChanged = "staff.password_changed" {}
    Engaged = "staff.engaged" {
        engagement: i64, desk: OrganisationId, from: Timestamp, until: Option<Timestamp>, roles: RoleSet,
    }
    /// One that was agreed on for later.
    EngagementBegan = "staff.engagement_began" { engagement: i64, desk: OrganisationId }
    EngagementEnded = "staff.engagement_ended" { engagement: i64, desk: OrganisationId, at: Timestamp }
    /// Somebody is going to be away.
    AbsenceSet = "staff.absence_set" {
        absence: i64, person: PersonId, from: Timestamp, until: Timestamp, substitute: Option<PersonId>,
        substitute_role: Option<Role>,
    }
    AbsenceWithdrawn = "staff.absence_withdrawn" { absence: i64, person: PersonId }
    /// From now on.
    PersonAway = "staff.person_away" {
        absence: i64, person: PersonId, until: Timestamp, substitute: Option<PersonId>,
        substitute_role: Option<Role>,
    }
    PersonBack = "staff.person_back" { absence: i64, person: PersonId }
    /// Somebody practises in this company, until then at the latest.
    PracticeBegun = "staff.practice_begun" { person: PersonId, ends_at: Timestamp }
    PracticeEnded = "staff.practice_ended" {}
    /// Who answers for the company from now on; nobody when the person is left out.
    ManagerNamed = "staff.manager_named" { person: Option<PersonId>, before: Option<PersonId> }
    TokenIssued = "staff.token_issued" { name: String, shop: ShopId, scopes: Vec<String> }
    TokenRevoked = "staff.token_revoked" { shop: ShopId }
    SettingChanged = "staff.setting_changed" { key: String, value: serde_json::Value }
    CalendarChanged = "staff.calendar_changed" { week: Week, holidays: Holidays }
    CalendarExceptionSet = "staff.calendar_exception_set" { day: String, hours: Option<DayHours> }
    NamedCalendarSet = "staff.named_calendar_set" { name: String }
    NamedCalendarRemoved = "staff.named_calendar_removed" { name: String }
}

pub(crate) fn about_company(company: CompanyId, actor: &Actor) -> About<'_> {
    About::new(company, Subject::new("company", company.get()), actor)
}
pub(crate) fn company(company: CompanyId) -> Subject {
    Subject::new("company", company.get())
}
pub(crate) fn about_shop(company: CompanyId, shop: ShopId, actor: &Actor) -> About<'_> {
    About::new(company, Subject::new("shop", shop.get()), actor)
}
pub(crate) fn about_person(organisation: OrganisationId, person: PersonId, actor: &Actor) -> About<'_> {
    About::new(organisation, self::person(person), actor)
}
pub(crate) fn person(person: PersonId) -> Subject {
    Subject::new("person", person.get())
}
pub(crate) fn about_token(company: CompanyId, token: TokenId, actor: &Actor) -> About<'_> {
    About::new(company, Subject::new("token", token.get()), actor)
}
