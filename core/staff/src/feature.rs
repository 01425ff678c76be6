use std::sync::Arc;

use takt_feature::Feature;
use takt_store::Tier;
use takt_ui::{FormErrors, Icon, Lang, NavItem, Sample};
use takt_web::{FRAME, live::LIVE_SCOPE};

use crate::{
    MIGRATIONS, absences,
    callers::{self, known_tokens::KNOWN_TOKENS},
    engagements, facts,
    invitations::Invitation,
    pages,
    rights::{self, PERMISSIONS, Role},
};

/// What `app` puts on its list.
pub fn feature() -> Feature {
    let feature = Feature::new("staff", Tier::Core)
        .says(facts::KINDS)
        .migrations(MIGRATIONS)
        .texts("ru", include_str!("../texts/ru.ftl"))
        .texts("en", include_str!("../texts/en.ftl"))
        .timer(absences::TIMER)
        .timer(engagements::TIMER)
        .timer(crate::practice::TIMER)
        .fill(&takt_store::CHECKS, "staff", crate::checks::CHECKS)
        .fill(&PERMISSIONS, "staff", rights::own::RIGHTS)
        .fill(&KNOWN_TOKENS, "tokens looked up a moment ago", Arc::default())
        .fill(&FRAME, "the navigation around a refusal", callers::frame_of())
        .fill(&LIVE_SCOPE, "what a signed-in person may hear", callers::live_scope())
        .routes(pages::routes())
        .routes(crate::api::routes())
        .api(<crate::api::Api as utoipa::OpenApi>::openapi)
        .navigation(NavItem {
            href: "/settings",
            label_key: "staff-settings",
            icon: Icon::Settings,
            shortcut: "g s",
            place: 900,
        })
        .samples(samples());
    pages::OWN_SETTINGS
        .iter()
        .fold(feature, |feature, page| feature.fill(&pages::SETTINGS_PAGES, page.label_key, *page))
}

fn samples() -> Vec<Sample> {
    vec![
        Sample { name: "staff/sign-in", render: |w| pages::samples::sign_in(w, &FormErrors::none()) },
        Sample {
            name: "staff/sign-in-refused",
            render: |w| {
                let fault = takt_kernel::Fault::denied(crate::sign_in::REFUSED);
                pages::samples::sign_in(w, &FormErrors::from_fault(w, &fault))
            },
        },
        Sample { name: "staff/invitation-new", render: |w| invitation(w, false) },
        Sample { name: "staff/invitation-known", render: |w| invitation(w, true) },
    ]
}

fn invitation(w: &takt_ui::Words, known: bool) -> maud::Markup {
    let invitation = Invitation {
        id: 1,
        organisation: takt_kernel::OrganisationId::new(1),
        organisation_name: "Светосила".to_owned(),
        email: "anna@example.org".to_owned(),
        roles: Role::Manager.into(),
        lang: Lang::Ru,
        expires_at: takt_kernel::Timestamp::from_micros(0),
        known,
    };
    pages::samples::invitation(w, &invitation)
}
