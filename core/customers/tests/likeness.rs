//! Cards that may be of one person: found over the whole base, told apart once and for all.

#![expect(clippy::expect_used, reason = "what a test does not expect is its failure")]

use takt_customers::{
    Contact, CustomerId, EraseCustomers, Evidence, Reason, erase, get, merge, pairs, recognise, tell_apart,
};
use takt_kernel::{Actor, CompanyId, money::Currency};
use takt_staff::{
    Scope,
    command_line::{self, NewUser, permit},
    companies::{NewCompany, OrganisationKind},
};
use takt_testing::{Client, TestApp, on_both_engines};
use takt_ui::Lang;

const PASSWORD: &str = "correct horse battery";

async fn company(app: &TestApp, name: &str) -> CompanyId {
    let new = NewCompany {
        name: name.to_owned(),
        kind: OrganisationKind::Company,
        currency: Currency::RUB,
        zone: "Europe/Moscow".to_owned(),
        lang: Lang::Ru,
    };
    let company = command_line::create_company(&app.db, new).await.expect("a company");
    let user = NewUser {
        company: company.to_string(),
        email: format!("{name}@example.org"),
        name: None,
        roles: "operator".parse().expect("roles"),
        password: Some(PASSWORD.to_owned()),
    };
    command_line::create_user(&app.db, user).await.expect("a person");
    company
}

async fn signed_in(app: &TestApp, name: &str) -> Client {
    let client = app.client();
    let email = format!("{name}@example.org");
    let answer = client.post_form("/sign-in", &[("email", &email), ("password", PASSWORD)]).await;
    assert!(answer.status.is_redirection(), "{}", answer.text());
    client
}

async fn known(app: &TestApp, company: CompanyId, name: &str, phone: &str, email: &str) -> CustomerId {
    let contact = Contact::parse(name, phone, email, "RU").expect("a contact");
    app.write(move |tx| recognise(tx, company, &contact, &Actor::system("test"))).await
}

async fn found(app: &TestApp, company: CompanyId) -> Vec<(CustomerId, CustomerId, Vec<Evidence>)> {
    let scope = Scope::Company { company, shops: None };
    let found = app.read(move |reader| pairs(reader, &scope)).await;
    found.into_iter().map(|pair| (pair.one.id, pair.other.id, pair.evidence)).collect()
}

on_both_engines! {
    async fn cards_alike_are_found_shown_and_told_apart_once(place: Place) {
        let app = TestApp::open(place, vec![takt_staff::feature(), takt_customers::feature()]).await;
        let (tea, coffee) = (company(&app, "tea").await, company(&app, "coffee").await);
        app.drain().await;
        let one = known(&app, tea, "Иванов Пётр", "+79123456789", "").await;
        let typed = known(&app, tea, "Пётр Иванов", "+79123456788", "").await;
        let anna = known(&app, tea, "Анна", "", "anna@example.org").await;
        let ana = known(&app, tea, "Анна", "", "ana@example.org").await;
        known(&app, tea, "Сидоров", "+79123456780", "").await;
        known(&app, coffee, "Иванов Пётр", "+79123456788", "").await;
        assert_eq!(found(&app, tea).await, []);

        let client = signed_in(&app, "tea").await;
        client.post_form("/customers/duplicates/look", &[]).await.expect_status(303);
        app.drain().await;
        let mut all = found(&app, tea).await;
        all.sort();
        assert_eq!(all, [(one, typed, vec![Evidence::PhoneDigit]), (anna, ana, vec![Evidence::EmailTypo])]);
        assert_eq!(found(&app, coffee).await, [], "another company's cards are like nobody's");
        let page = client.get("/customers/duplicates").await.expect_status(200).text();
        assert!(page.contains("телефоны отличаются одной цифрой") && page.contains("Это один человек"), "{page}");

        let other = ana.to_string();
        client.post_form(&format!("/customers/{anna}/apart"), &[("other", &other)]).await.expect_status(303);
        client.post_form("/customers/duplicates/look", &[]).await.expect_status(303);
        app.drain().await;
        assert_eq!(found(&app, tea).await, [(one, typed, vec![Evidence::PhoneDigit])], "told apart for good");
        let said = app.facts_named("customers.conflict_dismissed").await;
        app.write(move |tx| tell_apart(tx, &permit(tea), anna, ana)).await;
        assert_eq!(app.facts_named("customers.conflict_dismissed").await, said, "it was told before");

        app.write(move |tx| merge(tx, &permit(tea), one, typed)).await;
        assert_eq!(found(&app, tea).await, [], "they are one now");
        let scope = Scope::Company { company: tea, shops: None };
        assert_eq!(app.read(move |reader| get(reader, &scope, typed)).await.merged_into, Some(one));
        let coffee_client = signed_in(&app, "coffee").await;
        coffee_client.post_form(&format!("/customers/{one}/apart"), &[("other", &typed.to_string())]).await.expect_status(404);
    }

    async fn who_is_erased_is_like_nobody_and_merged_with_nobody(place: Place) {
        let app = TestApp::open(place, vec![takt_staff::feature(), takt_customers::feature()]).await;
        let tea = company(&app, "tea").await;
        app.drain().await;
        let one = known(&app, tea, "Иванов Пётр", "+79123456789", "").await;
        let typed = known(&app, tea, "Пётр Иванов", "+79123456788", "").await;
        let client = signed_in(&app, "tea").await;
        client.post_form("/customers/duplicates/look", &[]).await.expect_status(303);
        app.drain().await;
        assert_eq!(found(&app, tea).await.len(), 1);
        erase(&app.db, &permit::<EraseCustomers>(tea), one, Reason::Asked).await.expect("erased");
        assert_eq!(found(&app, tea).await, [], "nobody can tell whose card it is");
        for (into, other) in [(one, typed), (typed, one)] {
            let fault = app.try_write(move |tx| merge(tx, &permit(tea), into, other)).await.expect_err("erased");
            assert!(fault.is("customers.merge_erased"), "{fault:?}");
        }
        erase(&app.db, &permit::<EraseCustomers>(tea), typed, Reason::Asked).await.expect("their own card still can be");
    }
}
