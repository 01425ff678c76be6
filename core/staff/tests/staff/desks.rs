use takt_kernel::{CompanyId, OrganisationId};
use takt_staff::{
    ManageEngagements, Permit, Role, RoleSet, command_line,
    companies::OrganisationKind,
    desk_of,
    engagements::{self, NewEngagement},
};
use takt_testing::on_both_engines;

use crate::house::{House, Paint};

const DAY: i64 = 24 * 3600;

async fn engage(
    house: &House,
    company: CompanyId,
    desk: OrganisationId,
    days: Option<i64>,
    roles: &str,
) -> i64 {
    let permit = Permit::<ManageEngagements>::system(company, "test");
    let from = house.app.now();
    let roles: RoleSet = roles.parse().expect("roles");
    let new = NewEngagement { desk, from, until: days.map(|days| from.plus_seconds(days * DAY)), roles };
    house.app.write(move |tx| engagements::start(tx, &permit, &new)).await
}

on_both_engines! {
    async fn an_engaged_desk_has_the_lent_rights_only_and_only_while_it_is_engaged(place: Place) {
        let house = House::open(place).await;
        let (ours, other) = (house.company("Ours").await, house.company("Other").await);
        let desk = house.organisation("Desk", OrganisationKind::Desk).await;
        house.person(desk, "manager@desk.example", Role::Manager).await;
        house.person(desk, "operator@desk.example", Role::Operator).await;
        house.person(desk, "accountant@desk.example", Role::Accountant).await;
        house.person(desk, "owner@desk.example", Role::Owner).await;
        engage(&house, ours, desk, Some(2), "operator auditor").await;
        for (person, paint, look) in
            [("manager", 404, 404), ("operator", 403, 303), ("accountant", 404, 404), ("owner", 403, 303)]
        {
            let browser = house.browser_of(&format!("{person}@desk.example")).await;
            assert_eq!(house.status(&browser, &format!("/paint/{ours}")).await, paint, "{person} paints");
            assert_eq!(house.status(&browser, &format!("/look/{ours}")).await, look, "{person} looks");
            assert_eq!(house.status(&browser, &format!("/look/{other}")).await, 404, "{person} elsewhere");
        }
        let browser = house.browser_of("operator@desk.example").await;
        house.app.clock.advance_seconds(2 * DAY - 1);
        assert_eq!(house.status(&browser, &format!("/look/{ours}")).await, 303, "one second before the end");
        house.app.clock.advance_seconds(1);
        assert_eq!(house.status(&browser, &format!("/look/{ours}")).await, 404, "at the end");
    }

    async fn a_company_has_one_desk_at_a_time_and_else_is_its_own(place: Place) {
        let house = House::open(place).await;
        let company = house.company("Ours").await;
        let first = house.organisation("First", OrganisationKind::Desk).await;
        let second = house.organisation("Second", OrganisationKind::Desk).await;
        let desk = async || house.app.read(move |reader| desk_of(reader, company)).await;
        assert_eq!(desk().await, company);
        let engagement = engage(&house, company, first, None, "operator").await;
        assert_eq!(desk().await, first);

        let from = house.app.now().plus_seconds(DAY);
        let permit = Permit::<ManageEngagements>::system(company, "test");
        let starting = permit.clone();
        let overlapping = NewEngagement { desk: second, from, until: None, roles: Role::Operator.into() };
        let refused = house.app.try_write(move |tx| engagements::start(tx, &starting, &overlapping)).await;
        assert!(refused.is_err_and(|fault| fault.is("staff.already_engaged")));

        let foreign = Permit::<ManageEngagements>::system(second, "test");
        let refused = house.app.try_write(move |tx| engagements::end(tx, &foreign, engagement)).await;
        assert!(refused.is_err_and(|fault| fault.is("staff.engagement_missing")));
        house.app.write(move |tx| engagements::end(tx, &permit, engagement)).await;
        assert_eq!(desk().await, company, "at the moment it ends");
        assert_eq!(house.app.facts_named("staff.engaged").await, 1);
        assert_eq!(house.app.facts_named("staff.engagement_ended").await, 1);
        engage(&house, company, second, None, "operator").await;
        assert_eq!(desk().await, second);
    }

    async fn what_is_agreed_for_later_begins_and_ends_by_itself(place: Place) {
        let house = House::open(place).await;
        let company = house.company("Ours").await;
        let desk = house.organisation("Desk", OrganisationKind::Desk).await;
        let permit = Permit::<ManageEngagements>::system(company, "test");
        let from = house.app.now().plus_seconds(DAY);
        let later = NewEngagement { desk, from, until: Some(from.plus_seconds(DAY)), roles: Role::Operator.into() };
        let starting = permit.clone();
        house.app.write(move |tx| engagements::start(tx, &starting, &later)).await;
        let told = async || {
            (
                house.app.facts_named("staff.engagement_began").await,
                house.app.facts_named("staff.engagement_ended").await,
            )
        };
        house.app.advance(DAY - 1).await;
        assert_eq!(told().await, (0, 0));
        house.app.advance(1).await;
        assert_eq!(told().await, (1, 0));
        house.app.advance(DAY).await;
        assert_eq!(told().await, (1, 1));
        // One that is called off before it begins says so once and never begins.
        let from = house.app.now().plus_seconds(DAY);
        let never = NewEngagement { desk, from, until: None, roles: Role::Operator.into() };
        let starting = permit.clone();
        let id = house.app.write(move |tx| engagements::start(tx, &starting, &never)).await;
        house.app.write(move |tx| engagements::end(tx, &permit, id)).await;
        house.app.advance(2 * DAY).await;
        assert_eq!(told().await, (1, 2));
    }

    async fn senseless_engagements_are_refused_by_field(place: Place) {
        let house = House::open(place).await;
        let (company, other) = (house.company("Ours").await, house.company("Other").await);
        let desk = house.organisation("Desk", OrganisationKind::Desk).await;
        let now = house.app.now();
        for (desk, until, roles, field, code) in [
            (other, None, "operator", "desk", "staff.desk_missing"),
            (OrganisationId::new(99), None, "operator", "desk", "staff.desk_missing"),
            (desk, None, "", "roles", "staff.roles_required"),
            (desk, None, "owner", "roles", "staff.owner_is_not_lent"),
            (desk, Some(now), "operator", "until", "staff.ends_before_it_begins"),
        ] {
            let permit = Permit::<ManageEngagements>::system(company, "test");
            let new = NewEngagement { desk, from: now, until, roles: roles.parse().expect("roles") };
            let refused =
                house.app.try_write(move |tx| engagements::start(tx, &permit, &new)).await.unwrap_err();
            assert_eq!((refused.fields()[0].path.as_str(), &*refused.fields()[0].code), (field, code));
        }
    }

    async fn a_desks_person_may_vouch_for_a_company_with_a_lent_role(place: Place) {
        let house = House::open(place).await;
        let company = house.company("Ours").await;
        let desk = house.organisation("Desk", OrganisationKind::Desk).await;
        house.person(desk, "manager@desk.example", Role::Manager).await;
        let permit = async || {
            house
                .app
                .db
                .read("test.permit", move |reader| {
                    command_line::permit_of_person::<Paint>(reader, company, "manager@desk.example")
                })
                .await
        };
        assert!(permit().await.is_err_and(|fault| fault.is("staff.person_missing")));
        engage(&house, company, desk, Some(1), "manager").await;
        assert!(permit().await.is_ok());
        house.app.clock.advance_seconds(DAY);
        assert!(permit().await.is_err_and(|fault| fault.is("staff.person_missing")));
    }
}
