//! People, what they may do, and when they work: companies and desks, engagements, shops, people,
//! roles, permits, sessions, API tokens, working calendars and settings.
//!
//! Owns who may see and do what; every other crate takes a [`Permit`] for what it changes and a
//! [`Scope`] for what it shows. Knows nothing of orders. Says the facts in [`facts`], hears none.
//! Invariant: what a caller may not see is missing for them, never denied.
//!
//! Start with [`rights`], then [`access`]; [`sign_in`] is how people come in.

pub mod access;
pub mod calendar;
mod callers;
mod checks;
pub mod command_line;
pub mod companies;
pub mod engagements;
pub mod facts;
mod feature;
mod input;
pub mod invitations;
pub mod pages;
mod passwords;
pub mod people;
pub mod rights;
mod secret;
pub mod sessions;
pub mod settings;
pub mod shops;
pub mod sign_in;
mod throttle;
pub mod tokens;

pub use access::{Access, CompanyAccess};
pub use calendar::Calendar;
pub use callers::{
    ApiCaller, Caller, CountWaiting, LIVE_PERMISSIONS, LivePermission, NOTICES, Notice, NoticesOf, PageHead,
    SECTION_COUNTS, SECTION_PERMISSIONS, SectionCount, SectionPermission, live_scope, see_other_saying,
};
pub use companies::desk_of;
pub use feature::feature;
pub use pages::{SETTINGS_PAGES, SettingsCaller, SettingsPage, settings_page, settings_refused};
pub use rights::{
    PERMISSIONS, Permission, PermissionInfo, Permit, Rights, Role, RoleSet, Scope,
    own::{
        ManageCalendars, ManageCompany, ManageEngagements, ManagePeople, ManageTokens, SeePeople, SeeSignIns,
        SeeStaff,
    },
    permissions_markdown, permit_of,
};

use takt_store::Migration;

/// The schema of this crate.
pub const MIGRATIONS: &[Migration] = &[
    Migration { number: 1, name: "staff", sql: include_str!("../migrations/0001_staff.sql") },
    Migration { number: 2, name: "seldom", sql: include_str!("../migrations/0002_seldom.sql") },
    Migration {
        number: 3,
        name: "named calendars",
        sql: include_str!("../migrations/0003_named_calendars.sql"),
    },
];
