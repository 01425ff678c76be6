//! Recognising, correcting and merging customers, through verbs and pages on both engines.

#![expect(clippy::expect_used, reason = "what a test does not expect is its failure")]

use takt_customers::{
    Contact, CustomerId, Edit, Email, Filter, Identity, IdentityKind, Phone, dismiss, edit, get, list, merge,
    recognise, separate, suggestions,
};
use takt_kernel::{Actor, CompanyId, Result, money::Currency};
use takt_staff::{
    Permit, Scope,
    command_line::{self, NewUser},
    companies::{NewCompany, OrganisationKind},
};
use takt_store::facts;
use takt_testing::{Client, Place, TestApp, on_both_engines};
use takt_ui::{Lang, Texts, Words};

const PASSWORD: &str = "correct horse battery";

async fn desk(place: Place) -> (TestApp, CompanyId) {
    let app = TestApp::open(place, vec![takt_staff::feature(), takt_customers::feature()]).await;
    let company = company(&app, "Чай").await;
    (app, company)
}

async fn company(app: &TestApp, name: &str) -> CompanyId {
    let new = NewCompany {
        name: name.to_owned(),
        kind: OrganisationKind::Company,
        currency: Currency::RUB,
        zone: "Europe/Moscow".to_owned(),
        lang: Lang::Ru,
    };
    command_line::create_company(&app.db, new).await.expect("a company")
}

async fn signed_in(app: &TestApp, company: CompanyId, role: &str) -> Client {
    let email = format!("{role}-{company}@example.org");
    let user = NewUser {
        company: company.to_string(),
        email: email.clone(),
        name: Some(role.to_owned()),
        roles: role.parse().expect("roles"),
        password: Some(PASSWORD.to_owned()),
    };
    command_line::create_user(&app.db, user).await.expect("a person");
    let client = app.client();
    let answer = client.post_form("/sign-in", &[("email", &email), ("password", PASSWORD)]).await;
    assert!(answer.status.is_redirection(), "{}", answer.text());
    client
}

fn contact(name: &str, phone: &str, email: &str) -> Contact {
    Contact::parse(name, phone, email, "RU").expect("a contact")
}

async fn known(app: &TestApp, company: CompanyId, name: &str, phone: &str, email: &str) -> CustomerId {
    let contact = contact(name, phone, email);
    app.write(move |tx| recognise(tx, company, &contact, &Actor::system("test"))).await
}

fn of(company: CompanyId) -> Scope {
    Scope::Company { company, shops: None }
}

async fn found(app: &TestApp, company: CompanyId, q: &str) -> Vec<String> {
    let filter = Filter { q: q.to_owned(), limit: 50, cursor: None };
    let page = app.read(move |r| list(r, &of(company), &filter)).await;
    page.items.into_iter().map(|customer| customer.name).collect()
}

fn permit<P: takt_staff::Permission>(company: CompanyId) -> Permit<P> {
    Permit::system(company, "test")
}

on_both_engines! {
    async fn a_buyer_is_one_customer_however_the_phone_is_written(place: Place) {
        let (app, company) = desk(place).await;
        let first = known(&app, company, "Анна", "8 (912) 345-67-89", "").await;
        for written in ["+7 912 345-67-89", "9123456789", "тел. 8-912-345-67-89"] {
            assert_eq!(known(&app, company, "Аня", written, "").await, first, "{written}");
        }
        assert_ne!(known(&app, company, "Анна", "8 (912) 345-67-80", "").await, first);
        assert_eq!(app.facts_named("customers.appeared").await, 2);
        let card = app.read(move |r| get(r, &of(company), first)).await;
        assert_eq!((card.name.as_str(), card.phone.as_deref()), ("Анна", Some("+79123456789")));
        assert_eq!(card.identities[0].original, "8 (912) 345-67-89");
    }

    async fn a_known_customer_tells_us_a_second_way_to_reach_them(place: Place) {
        let (app, company) = desk(place).await;
        let anna = known(&app, company, "", "89123456789", "").await;
        assert_eq!(known(&app, company, "Анна", "89123456789", "Anna@Example.org").await, anna);
        assert_eq!(known(&app, company, "", "", "anna@example.org").await, anna);
        let card = app.read(move |r| get(r, &of(company), anna)).await;
        assert_eq!((card.name.as_str(), card.email.as_deref(), card.version), ("Анна", Some("Anna@example.org"), 2));
        assert_eq!(app.facts_named("customers.edited").await, 1);
    }

    async fn a_phone_beats_an_e_mail_and_nobody_is_merged(place: Place) {
        let (app, company) = desk(place).await;
        let by_phone = known(&app, company, "Анна", "89123456789", "").await;
        let by_email = known(&app, company, "Борис", "", "b@example.org").await;
        for _ in 0..3 {
            assert_eq!(known(&app, company, "Анна", "89123456789", "b@example.org").await, by_phone);
        }
        assert_eq!(app.facts_named("customers.conflict_found").await, 1);
        for (one, other) in [(by_phone, by_email), (by_email, by_phone)] {
            let seen = app.read(move |r| suggestions(r, company, one)).await;
            assert_eq!(seen.iter().map(|customer| customer.id).collect::<Vec<_>>(), [other]);
        }
        app.write(move |tx| dismiss(tx, &permit(company), by_email, by_phone)).await;
        known(&app, company, "Анна", "89123456789", "b@example.org").await;
        assert!(app.read(move |r| suggestions(r, company, by_phone)).await.is_empty());
        let again = app.try_write(move |tx| dismiss(tx, &permit(company), by_email, by_phone)).await;
        assert!(again.is_err_and(|fault| fault.is("customers.no_conflict")));
    }

    async fn a_merge_is_a_pointer_that_can_be_taken_back(place: Place) {
        let (app, company) = desk(place).await;
        let anna = known(&app, company, "Анна", "89123456789", "").await;
        let anya = known(&app, company, "Аня", "", "a@example.org").await;
        let third = known(&app, company, "А. П.", "89123456780", "").await;
        app.write(move |tx| merge(tx, &permit(company), anna, anya)).await;
        app.write(move |tx| merge(tx, &permit(company), third, anya)).await;
        assert_eq!(known(&app, company, "", "", "a@example.org").await, third, "through a chain of two");
        let card = app.read(move |r| get(r, &of(company), third)).await;
        assert_eq!(card.all, [anna, anya, third]);
        let ring = app.try_write(move |tx| merge(tx, &permit(company), anya, third)).await;
        assert!(ring.is_err_and(|fault| fault.is("customers.same")));
        assert_eq!(found(&app, company, "a@example.org").await, ["Аня"], "a merged card is found by its words");
        assert_eq!(found(&app, company, "").await, ["А. П."]);
        app.write(move |tx| separate(tx, &permit(company), anna)).await;
        assert_eq!(known(&app, company, "", "", "a@example.org").await, anna);
        assert_eq!(found(&app, company, "").await, ["А. П.", "Анна"]);
    }

    async fn nobody_to_recognise_is_a_customer_of_one_order(place: Place) {
        let (app, company) = desk(place).await;
        let first = known(&app, company, "Покупатель", "звонить Оле", "").await;
        assert_ne!(known(&app, company, "Покупатель", "звонить Оле", "").await, first);
        let card = app.read(move |r| get(r, &of(company), first)).await;
        assert_eq!((card.phone.as_deref(), card.identities.len()), (Some("звонить Оле"), 0));
    }

    async fn another_company_knows_nobody_of_ours(place: Place) {
        let (app, ours) = desk(place).await;
        let theirs = company(&app, "Кофе").await;
        let anna = known(&app, ours, "Анна", "89123456789", "a@example.org").await;
        assert_ne!(known(&app, theirs, "Анна", "89123456789", "a@example.org").await, anna);
        assert_eq!(found(&app, theirs, "анна").await.len(), 1);
        let foreign = app.db.read("test", move |r| get(r, &of(theirs), anna)).await;
        assert!(foreign.is_err_and(|fault| fault.is("customers.missing")));
        let edited = app.try_write(move |tx| edit(tx, &permit(theirs), anna, 1, &Edit::default())).await;
        assert!(edited.is_err_and(|fault| fault.is("customers.missing")));
        let desk = Scope::Desk { desk: theirs, companies: vec![ours, theirs] };
        let both = app.read(move |r| list(r, &desk, &Filter { limit: 10, ..Filter::default() })).await;
        assert_eq!(both.items.len(), 2);
    }

    async fn customers_are_found_by_any_part_people_remember(place: Place) {
        let (app, company) = desk(place).await;
        known(&app, company, "Семён Ёлкин", "8 (912) 345-67-89", "semen@example.org").await;
        known(&app, company, "100% Ltd", "12-34 доб", "").await;
        for (q, expected) in [
            ("семен", "Семён Ёлкин"),
            ("ЁЛКИН сем", "Семён Ёлкин"),
            ("8 912 345", "Семён Ёлкин"),
            ("+7 (912) 345", "Семён Ёлкин"),
            ("345-67-89", "Семён Ёлкин"),
            ("MEN@exa", "Семён Ёлкин"),
            ("100%", "100% Ltd"),
            ("12-34 до", "100% Ltd"),
        ] {
            assert_eq!(found(&app, company, q).await, [expected], "{q}");
        }
        for q in ["10_", "%", "петров", "99999"] {
            let expected = if q == "%" { 1 } else { 0 };
            assert_eq!(found(&app, company, q).await.len(), expected, "{q}");
        }
    }

    async fn a_list_is_read_page_by_page(place: Place) {
        let (app, company) = desk(place).await;
        for name in ["1", "2", "3", "4", "5"] {
            known(&app, company, name, "", "").await;
        }
        let (mut names, mut cursor) = (Vec::new(), None);
        loop {
            let filter = Filter { q: String::new(), limit: 2, cursor };
            let page = app.read(move |r| list(r, &of(company), &filter)).await;
            names.extend(page.items.into_iter().map(|customer| customer.name));
            cursor = page.next_cursor;
            if cursor.is_none() {
                break;
            }
        }
        assert_eq!(names, ["5", "4", "3", "2", "1"]);
    }

    async fn two_people_correcting_a_card_never_lose_an_edit(place: Place) {
        let (app, company) = desk(place).await;
        let anna = known(&app, company, "Анна", "89123456789", "").await;
        let named = |name: &str| Edit { name: name.to_owned(), ..Edit::default() };
        let (first, second) = (named("Анна Петрова"), named("Анна Иванова"));
        app.write(move |tx| edit(tx, &permit(company), anna, 1, &first)).await;
        let lost = app.try_write(move |tx| edit(tx, &permit(company), anna, 1, &second)).await;
        assert!(lost.is_err_and(|fault| fault.is("customers.changed_meanwhile")));
        assert_eq!(found(&app, company, "петрова").await, ["Анна Петрова"]);
    }

    async fn identities_are_added_and_forgotten_but_never_taken_from_another(place: Place) {
        let (app, company) = desk(place).await;
        let anna = known(&app, company, "Анна", "89123456789", "").await;
        known(&app, company, "Борис", "", "b@example.org").await;
        let taken = Edit { add_email: Email::parse("B@example.org").expect("mail"), ..Edit::default() };
        let refused = app.try_write(move |tx| edit(tx, &permit(company), anna, 1, &taken)).await;
        let refused = refused.expect_err("somebody else's");
        assert_eq!((refused.fields()[0].path.as_str(), &*refused.fields()[0].code), ("email", "customers.identity_taken"));
        let unread = Edit { add_phone: Phone::parse("12", "RU"), ..Edit::default() };
        let refused = app.try_write(move |tx| edit(tx, &permit(company), anna, 1, &unread)).await;
        assert_eq!(refused.expect_err("no number").fields()[0].code, "customers.phone_unreadable");
        let moved = Edit {
            name: "Анна".to_owned(),
            add_phone: Phone::parse("8 913 000-00-01", "RU"),
            forget: vec![(IdentityKind::Phone, "+79123456789".to_owned())],
            ..Edit::default()
        };
        app.write(move |tx| edit(tx, &permit(company), anna, 1, &moved)).await;
        let card = app.read(move |r| get(r, &of(company), anna)).await;
        let values: Vec<String> = card.identities.into_iter().map(|Identity { value, .. }| value).collect();
        assert_eq!((values, card.phone.as_deref()), (vec!["+79130000001".to_owned()], Some("+79130000001")));
        assert_ne!(known(&app, company, "", "89123456789", "").await, anna, "the old number is free");
        assert_eq!(found(&app, company, "912 345").await, [""], "and found where it belongs now");
    }

    async fn bodies_of_facts_hold_no_personal_data(place: Place) {
        let (app, company) = desk(place).await;
        let anna = known(&app, company, "Анна", "89123456789", "anna@example.org").await;
        let edited = Edit { name: "Анна Петрова".to_owned(), note: "после шести".to_owned(), ..Edit::default() };
        app.write(move |tx| edit(tx, &permit(company), anna, 1, &edited)).await;
        app.db.number_facts().await.expect("numbered");
        let said = app.read(move |r| facts::of_subject(r, company, "customer", anna.get(), 0, 100)).await;
        assert_eq!(said.len(), 2);
        for fact in &said {
            let body = fact.body.to_string();
            for personal in ["Анна", "912", "example", "шести"] {
                assert!(!body.contains(personal), "{personal} in {body}");
            }
            assert!(fact.changes.iter().all(|change| change.personal));
        }
        let names: Vec<_> =
            said.iter().flat_map(|fact| &fact.changes).filter(|change| change.path == "name").collect();
        assert_eq!(names[1].old.as_deref(), Some("Анна"));
        assert_eq!(names[1].new.as_deref(), Some("Анна Петрова"));
    }

    async fn orders_that_arrive_together_make_one_customer(place: Place) {
        let (app, company) = desk(place).await;
        let mut orders = Vec::new();
        for order in 0..16 {
            let db = app.db.clone();
            orders.push(takt_testing::tokio::spawn(async move {
                // Half of them give the e-mail as well, so that both keys collide.
                let email = if order % 2 == 0 { "anna@example.org" } else { "" };
                let contact = contact("Анна", "89123456789", email);
                db.write("test.order", move |tx| recognise(tx, company, &contact, &Actor::system("test"))).await
            }));
        }
        let mut customers = Vec::new();
        for order in orders {
            customers.push(order.await.expect("no panic").expect("recognised"));
        }
        customers.dedup();
        assert_eq!(customers.len(), 1, "{customers:?}");
        assert_eq!(app.facts_named("customers.appeared").await, 1);
        assert!(app.facts_named("customers.edited").await <= 1);
    }

    async fn pages_show_and_change_a_customer(place: Place) {
        let (app, company) = desk(place).await;
        let anna = known(&app, company, "Анна", "89123456789", "").await;
        let boris = known(&app, company, "Борис", "", "b@example.org").await;
        known(&app, company, "", "89123456789", "b@example.org").await;
        let client = signed_in(&app, company, "operator").await;
        let page = client.get("/customers?q=8912").await;
        assert!(page.status.is_success(), "{}", page.text());
        assert!(page.text().contains("+7 912 345-67-89") && !page.text().contains("Борис"));
        let path = format!("/customers/{anna}");
        let card = client.get(&path).await.text();
        assert!(card.contains("Анна") && card.contains("Борис"), "the suggestion is shown: {card}");
        let saved = client
            .post_form(&path, &[("version", "1"), ("name", "Анна  Петрова"), ("phone", "8 913 000 00 01"), ("note", "x")])
            .await;
        assert_eq!(saved.status, 303, "{}", saved.text());
        assert!(client.get(&path).await.text().contains("+7 913 000-00-01"));
        let refused = client.post_form(&path, &[("version", "2"), ("name", "Анна"), ("email", "нет")]).await;
        assert_eq!(refused.status, 422);
        assert!(refused.text().contains("anna@example.org") && refused.text().contains("нет"), "{}", refused.text());
        let merged = client.post_form(&format!("{path}/merge"), &[("other", &boris.to_string())]).await;
        assert_eq!(merged.status, 303, "{}", merged.text());
        let separated = client.post_form(&format!("/customers/{boris}/separate"), &[]).await;
        assert_eq!(separated.status, 303, "{}", separated.text());
    }

    async fn who_may_not_see_customers_sees_none(place: Place) {
        let (app, ours) = desk(place).await;
        let theirs = company(&app, "Кофе").await;
        let anna = known(&app, ours, "Анна", "89123456789", "").await;
        let picker = signed_in(&app, ours, "warehouse").await;
        assert_eq!(picker.get("/customers").await.status, 403);
        assert_eq!(picker.get(&format!("/customers/{anna}")).await.status, 403);
        let stranger = signed_in(&app, theirs, "owner").await;
        assert_eq!(stranger.get(&format!("/customers/{anna}")).await.status, 404);
        let form = [("version", "1"), ("name", "Мой")];
        assert_eq!(stranger.post_form(&format!("/customers/{anna}"), &form).await.status, 404);
        let auditor = signed_in(&app, ours, "auditor").await;
        assert_eq!(auditor.post_form(&format!("/customers/{anna}"), &form).await.status, 403);
        assert_eq!(app.get("/customers").await.status, 303, "sign in first");
    }
}

#[test]
fn every_sample_is_drawn_in_both_languages() -> Result<()> {
    let wiring = takt_feature::Wiring::assemble(vec![takt_staff::feature(), takt_customers::feature()]);
    assert_eq!(wiring.problems(), Vec::<String>::new());
    for lang in Lang::ALL {
        let words = Words::new(wiring.texts.clone(), lang, jiff::tz::TimeZone::UTC);
        for sample in wiring.samples.iter().filter(|sample| sample.name.starts_with("customers/")) {
            let drawn = (sample.render)(&words).into_string();
            assert_eq!(Texts::missing_in(&drawn), Vec::<String>::new(), "{} in {lang}", sample.name);
        }
    }
    Ok(())
}
