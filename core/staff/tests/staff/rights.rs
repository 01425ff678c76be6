use takt_kernel::Actor;
use takt_staff::{
    ManagePeople, Permit, Rights, Role, RoleSet, access, command_line, companies, people,
    permissions_markdown, settings, shops,
};
use takt_store::Query;
use takt_testing::on_both_engines;

use crate::house::{House, Paint};

on_both_engines! {
    async fn each_role_may_what_the_matrix_says_and_foreign_companies_are_missing(place: Place) {
        let house = House::open(place).await;
        let (ours, theirs) = (house.company("Ours").await, house.company("Theirs").await);
        for (role, paint, look) in [
            (Role::Owner, 303, 303),
            (Role::Manager, 303, 303),
            (Role::Operator, 403, 303),
            (Role::Warehouse, 403, 303),
            (Role::Accountant, 403, 303),
            (Role::Auditor, 403, 303),
        ] {
            let email = format!("{role}@example.org");
            house.person(ours, &email, role).await;
            let browser = house.browser_of(&email).await;
            assert_eq!(house.status(&browser, &format!("/paint/{ours}")).await, paint, "{role} paints");
            assert_eq!(house.status(&browser, &format!("/look/{ours}")).await, look, "{role} looks");
            assert_eq!(house.status(&browser, &format!("/look/{theirs}")).await, 404, "{role} elsewhere");
            assert_eq!(house.status(&browser, "/look/987654321").await, 404, "{role} nowhere");
        }
        let nobody = house.app.client();
        let answer = nobody.get(&format!("/look/{ours}")).await.expect_status(303);
        assert!(answer.location().starts_with("/sign-in?back=/look/"), "{}", answer.location());
    }

    async fn a_person_of_two_companies_sees_the_one_they_work_in(place: Place) {
        let house = House::open(place).await;
        let (one, two) = (house.company("One").await, house.company("Two").await);
        house.person(one, "anna@example.org", Role::Manager).await;
        house.person(two, "ANNA@example.org ", Role::Auditor).await;
        let browser = house.browser_of("anna@example.org").await;
        assert_eq!(house.status(&browser, &format!("/paint/{one}")).await, 303);
        assert_eq!(house.status(&browser, &format!("/look/{two}")).await, 404, "not the workplace");
        let switch = [("organisation", two.to_string()), ("back", "/orders/42?x=1".to_owned())];
        let switch = switch.each_ref().map(|(name, value)| (*name, value.as_str()));
        let answer = browser.post_form("/organisation", &switch).await.expect_status(303);
        assert_eq!(answer.location(), "/orders");
        assert_eq!(house.status(&browser, &format!("/paint/{two}")).await, 403, "an auditor there");
        assert_eq!(house.status(&browser, &format!("/look/{one}")).await, 404);
        let foreign = house.company("Three").await.to_string();
        browser.post_form("/organisation", &[("organisation", &foreign)]).await.expect_status(404);
    }

    async fn roles_taken_away_are_gone_at_once_and_an_owner_stays(place: Place) {
        let house = House::open(place).await;
        let company = house.company("Ours").await;
        let owner = house.person(company, "owner@example.org", Role::Owner).await;
        let manager = house.person(company, "manager@example.org", Role::Manager).await;
        let browser = house.browser_of("manager@example.org").await;
        let permit = Permit::<ManagePeople>::system(company, "test");
        let again = permit.clone();
        house.app.write(move |tx| people::set_roles(tx, &permit, manager, RoleSet::EMPTY)).await;
        assert_eq!(house.status(&browser, &format!("/look/{company}")).await, 303, "signed out");
        let refused = house
            .app
            .try_write(move |tx| people::set_roles(tx, &again, owner, Role::Manager.into()))
            .await;
        assert!(refused.is_err_and(|fault| fault.is("staff.last_owner")));
        let elsewhere = Permit::<ManagePeople>::system(house.company("Theirs").await, "test");
        let refused =
            house.app.try_write(move |tx| people::set_roles(tx, &elsewhere, owner, Role::Auditor.into())).await;
        assert!(refused.is_err_and(|fault| fault.is("staff.person_missing")), "theirs do not know ours");
    }

    async fn owners_who_dismiss_each_other_at_once_leave_one(place: Place) {
        let house = House::open(place).await;
        for round in 0..6 {
            let company = house.company(&format!("Ours {round}")).await;
            let one = house.person(company, "one@example.org", Role::Owner).await;
            let other = house.person(company, "other@example.org", Role::Owner).await;
            let dismissals = [one, other].map(|owner| {
                let (db, permit) = (house.app.db.clone(), Permit::<ManagePeople>::system(company, "test"));
                tokio::spawn(async move {
                    db.write("race", move |tx| people::set_roles(tx, &permit, owner, RoleSet::EMPTY)).await
                })
            });
            let mut refused = 0;
            for dismissal in dismissals {
                let done = dismissal.await.expect("no panic");
                refused += i32::from(done.is_err_and(|fault| fault.is("staff.last_owner")));
            }
            let left = house.app.read(move |reader| people::members(reader, company)).await;
            assert_eq!((refused, left.len()), (1, 1), "in round {round}");
        }
    }

    async fn a_foreign_shop_is_missing_and_a_setting_belongs_to_one_company(place: Place) {
        let house = House::open(place).await;
        let (ours, theirs) = (house.company("Ours").await, house.company("Theirs").await);
        let shop = house.shop(ours, "Tea").await;
        house
            .app
            .write(move |tx| settings::set(tx, ours, "tea.cups", &5, &Actor::system("test")))
            .await;
        house
            .app
            .read(move |reader| {
                assert_eq!(shops::get(reader, ours, shop)?.name, "Tea");
                assert!(shops::get(reader, theirs, shop).is_err_and(|fault| fault.is("staff.shop_missing")));
                assert_eq!(settings::get::<i64>(reader, ours, "tea.cups")?, Some(5));
                assert_eq!(settings::get::<i64>(reader, theirs, "tea.cups")?, None);
                assert_eq!(companies::by_name_or_id(reader, " ours ")?.id, ours);
                Ok(())
            })
            .await;
        assert_eq!(house.app.facts_named("staff.setting_changed").await, 1);
    }

    async fn who_vouches_on_the_command_line_needs_the_right_themselves(place: Place) {
        let house = House::open(place).await;
        let company = house.company("Ours").await;
        house.person(company, "manager@example.org", Role::Manager).await;
        house.person(company, "auditor@example.org", Role::Auditor).await;
        house
            .app
            .read(move |reader| {
                let permit = |reader: &mut dyn Query, email: &str| {
                    command_line::permit_of_person::<Paint>(reader, company, email)
                };
                assert!(permit(reader, "manager@example.org")?.actor().person().is_some());
                assert!(permit(reader, "auditor@example.org").is_err_and(|fault| fault.is("staff.denied")));
                assert!(
                    permit(reader, "nobody@example.org").is_err_and(|fault| fault.is("staff.person_missing"))
                );
                Ok(())
            })
            .await;
    }

    async fn every_statement_is_understood_by_the_engine(place: Place) {
        let house = House::open(place).await;
        let refused = house.app.db.unpreparable_statements().await.expect("an answer");
        assert!(refused.is_empty(), "{refused:#?}");
        let problems = house.app.wiring.problems();
        assert!(problems.is_empty(), "{problems:#?}");
    }

    async fn the_matrix_can_be_printed(place: Place) {
        let house = House::open(place).await;
        let text = permissions_markdown(house.app.db.slots());
        assert!(text.contains("| `test.paint` | yes | yes | | | | | `paint:write` |"), "{text}");
        let person = house.person(house.company("Ours").await, "a@example.org", Role::Owner).await;
        house
            .app
            .read(move |reader| {
                let rights = Rights::new(Query::slots(reader));
                assert_eq!(rights.scopes(), ["company:read", "company:write", "paint:read", "paint:write"]);
                let company = companies::by_name_or_id(reader, "Ours")?.id;
                assert_eq!(access::roles_in(reader, company, person)?.to_string(), "owner");
                Ok(())
            })
            .await;
    }
}
