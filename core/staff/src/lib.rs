//! People, what they may do, and when they work: companies and desks, engagements, shops, people, their absences,
//! roles, permits, sessions, API tokens, working calendars and settings.
//!
//! Owns who may see and do what; every other crate takes a [`Permit`] for what it changes and a
//! [`Scope`] for what it shows. Knows nothing of orders. Says the facts in [`facts`], hears none.
//! Invariant: what a caller may not see is missing for them, never denied.
//!
//! Start with [`rights`], then [`access`]; [`sign_in`] is how people come in.

pub mod absences;
pub mod access;
mod api;
pub mod calendar;
mod callers;
mod checks;
pub mod command_line;
pub mod companies;
pub mod engagements;
pub mod facts;
mod feature;
pub mod finds;
mod input;
pub mod invitations;
pub mod managers;
pub mod pages;
mod passwords;
pub mod people;
pub mod practice;
pub mod rights;
mod secret;
pub mod sessions;
pub mod settings;
pub mod shops;
pub mod sign_in;
mod throttle;
pub mod tokens;

pub use access::{Access, CompanyAccess, Reaching};
pub use calendar::Calendar;
pub use callers::{
    ApiCaller, Caller, CountWaiting, LANDING, LIVE_PERMISSIONS, LOOKED_AT, Landing, LivePermission, LookedAt,
    NOTICES, Notice, NoticesOf, PageHead, SECTION_COUNTS, SECTION_PERMISSIONS, SectionCount,
    SectionPermission, is_live_read, live_scope, see_other_saying, see_other_undoable,
};
pub use companies::desk_of;
pub use feature::feature;
pub use pages::{
    SETTINGS_PAGES, SettingsCaller, SettingsGroup, SettingsPage, settings_page, settings_refused,
};
pub use rights::{
    PERMISSIONS, Permission, PermissionInfo, Permit, Rights, Role, RoleSet, Scope,
    own::{
        ManageAbsences, ManageCalendars, ManageCompany, ManageEngagements, ManagePeople, ManageTokens,
        NameManager, SeeManager, SeePeople, SeeSignIns, SeeStaff,
    },
    permissions_markdown, permit_of,
};

use takt_store::Migration;

/// The schema of this crate.
pub const MIGRATIONS: &[Migration] = &[
    Migration { number: 1, name: "staff", sql: include_str!("../migrations/0001_staff.sql") },
    Migration { number: 2, name: "seldom", sql: include_str!("../migrations/0002_seldom.sql") },
    Migration { number: 3, name: "absences", sql: include_str!("../migrations/0003_absences.sql") },
    Migration {
        number: 4,
        name: "named calendars",
        sql: include_str!("../migrations/0004_named_calendars.sql"),
    },
    Migration {
        number: 5,
        name: "engagement dates",
        sql: include_str!("../migrations/0005_engagement_dates.sql"),
    },
    Migration { number: 6, name: "managers", sql: include_str!("../migrations/0006_managers.sql") },
    Migration { number: 7, name: "practice", sql: include_str!("../migrations/0007_practice.sql") },
];
