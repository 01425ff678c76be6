//! What the event stream may tell a person: changes in the companies they see from where they work.
//! Subjects that only some roles may know of announce it in [`LIVE_PERMISSIONS`].

use std::{collections::BTreeSet, sync::Arc};

use axum::extract::FromRequestParts;
use futures::future::BoxFuture;
use http::request::Parts;
use takt_kernel::{Result, Slot};
use takt_web::{
    Web,
    live::{LiveChange, LiveScope, OfChange, Sight},
};

use super::Caller;
use crate::access::CompanyAccess;

/// Changes of a kind of subject are told only to who holds the permission in that company.
#[derive(Clone, Copy, Debug)]
pub struct LivePermission {
    pub subject_kind: &'static str,
    pub permission: &'static str,
}

pub const LIVE_PERMISSIONS: Slot<LivePermission> = Slot::new("staff.live_permissions");

/// For the slot of the web tier.
pub const fn live_scope() -> LiveScope {
    LiveScope(of_request)
}

fn of_request(web: Web, mut parts: Parts) -> BoxFuture<'static, Result<Sight>> {
    Box::pin(async move {
        let caller = Caller::from_request_parts(&mut parts, &web).await.map_err(|failure| failure.0)?;
        let guarded: Vec<LivePermission> = web.db.slots().of(&LIVE_PERMISSIONS).copied().collect();
        Ok(Sight {
            reader: Some(caller.person),
            may_see: may_see(&caller, &guarded),
            ends: changes_rights(&caller),
        })
    })
}

/// Signed out, another password, other roles, a desk's engagement: what is told of oneself or of an
/// organisation that one sees.
fn changes_rights(caller: &Caller) -> OfChange {
    let person = caller.person.get();
    let visible: BTreeSet<_> = caller.places().map(CompanyAccess::id).collect();
    Arc::new(move |change: &LiveChange| match change.subject_kind.as_str() {
        "person" => change.subject_id == person,
        "company" => visible.contains(&change.company),
        _ => false,
    })
}

pub(crate) fn may_see(caller: &Caller, guarded: &[LivePermission]) -> OfChange {
    let mut hidden = BTreeSet::new();
    let mut visible = BTreeSet::new();
    for place in caller.places() {
        visible.insert(place.id());
        for guard in guarded {
            if !caller.rights.held_by(guard.permission, place.roles) {
                hidden.insert((place.id(), guard.subject_kind));
            }
        }
    }
    Arc::new(move |change: &LiveChange| {
        visible.contains(&change.company)
            && !hidden
                .iter()
                .any(|(company, kind)| *company == change.company && *kind == change.subject_kind)
    })
}

#[cfg(test)]
mod tests {
    use takt_kernel::{CompanyId, OrganisationId, PersonId, Slots, Timestamp, money::Currency};
    use takt_ui::{Lang, Theme};

    use super::*;
    use crate::{
        access::{Access, CompanyAccess},
        companies::{Company, OrganisationKind},
        rights::{PERMISSIONS, PermissionInfo, Rights, Role},
        sessions::{Session, SessionId},
    };

    const RIGHTS: &[PermissionInfo] =
        &[PermissionInfo { code: "money.see", roles: &[Role::Accountant], scope: None }];

    fn place(id: i64, kind: OrganisationKind, role: Role) -> CompanyAccess {
        let company = Company {
            id: OrganisationId::new(id),
            kind,
            name: id.to_string(),
            currency: Currency::RUB,
            zone: jiff::tz::TimeZone::UTC,
            zone_name: "UTC".to_owned(),
            lang: Lang::Ru,
        };
        CompanyAccess { company, roles: role.into() }
    }

    fn caller() -> Caller {
        let workplace = place(1, OrganisationKind::Desk, Role::Owner);
        let companies = vec![
            place(2, OrganisationKind::Company, Role::Accountant),
            place(3, OrganisationKind::Company, Role::Operator),
        ];
        let mut slots = Slots::default();
        slots.fill(&PERMISSIONS, "test", RIGHTS);
        let moment = Timestamp::from_micros(0);
        Caller {
            person: PersonId::new(9),
            name: String::new(),
            email: String::new(),
            session: Session {
                id: SessionId::new(1),
                person: PersonId::new(9),
                workplace: workplace.id(),
                created_at: moment,
                seen_at: moment,
                ip: String::new(),
                agent: String::new(),
            },
            access: Access { workplaces: vec![workplace.clone()], workplace, companies },
            lang: Lang::Ru,
            theme: Theme::Auto,
            density: takt_ui::Density::Roomy,
            zone: jiff::tz::TimeZone::UTC,
            path: String::from("/"),
            flash: None,
            position: 0,
            waiting: crate::callers::page::Waiting::default(),
            rights: Rights::new(Arc::new(slots)),
        }
    }

    #[test]
    fn one_hears_of_what_one_may_see() {
        let guarded = [LivePermission { subject_kind: "receipt", permission: "money.see" }];
        let may_see = may_see(&caller(), &guarded);
        for (company, subject_kind, heard) in [
            (2, "order", true),
            (2, "receipt", true),
            (3, "order", true),
            (3, "receipt", false),
            (4, "order", false),
            (1, "person", true),
        ] {
            let change = LiveChange {
                position: 1,
                company: CompanyId::new(company),
                subject_kind: subject_kind.to_owned(),
                subject_id: 7,
            };
            assert_eq!(may_see(&change), heard, "{subject_kind} of {company}");
        }
    }
}
