//! What must hold of organisations and people whatever happened.

use takt_store::{Check, rows_wrong, sql};

pub(crate) const CHECKS: &[Check] = &[
    Check::scan("staff.memberships_join_what_is_there", |db| {
        rows_wrong(
            db,
            sql!(
                "select membership.organisation_id, membership.person_id, membership.role
                 from membership
                 left join organisation on organisation.id = membership.organisation_id
                 left join person on person.id = membership.person_id
                 where organisation.id is null or person.id is null
                 order by membership.organisation_id, membership.person_id, membership.role
                 limit 20"
            ),
        )
    }),
    Check::scan("staff.engagements_join_what_is_there", |db| {
        rows_wrong(
            db,
            sql!(
                "select engagement.company_id, engagement.id, engagement.desk_id
                 from engagement
                 left join organisation as company on company.id = engagement.company_id
                 left join organisation as desk on desk.id = engagement.desk_id
                 where company.id is null or desk.id is null
                 order by engagement.company_id, engagement.id
                 limit 20"
            ),
        )
    }),
];
