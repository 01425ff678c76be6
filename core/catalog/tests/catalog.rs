//! The catalogue through verbs, pages and the API, on both engines.

#![expect(clippy::expect_used, reason = "what a test does not expect is its failure")]

use takt_catalog::{
    Filter, Offer, OfferId, OfferInput, OfferTexts, Upserted, add_offer, archive, edit, get, list,
    offers_by_sku, product, restore, upsert,
};
use takt_kernel::{CompanyId, money::Currency};
use takt_staff::{
    Permission, Permit, Scope,
    command_line::{self, NewUser},
    companies::{NewCompany, OrganisationKind},
    shops::NewShop,
};
use takt_testing::{Client, Place, TestApp, on_both_engines};
use takt_ui::{Lang, Texts, Words};

const PASSWORD: &str = "correct horse battery";

async fn desk(place: Place) -> (TestApp, CompanyId) {
    let app = TestApp::open(place, vec![takt_staff::feature(), takt_catalog::feature()]).await;
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

async fn program(app: &TestApp, company: CompanyId, scopes: &str) -> Client {
    let (company, shop) = (company.to_string(), format!("shop of {scopes}"));
    let new = NewShop { name: shop.clone(), currency: None };
    command_line::create_shop(&app.db, &company, new).await.expect("a shop");
    let (_, secret) =
        command_line::create_token(&app.db, &company, &shop, "test", scopes).await.expect("a token");
    app.client().with_token(&secret)
}

fn permit<P: Permission>(company: CompanyId) -> Permit<P> {
    Permit::system(company, "test")
}

fn of(company: CompanyId) -> Scope {
    Scope::Company { company, shops: None }
}

fn tea(sku: &str, price: &str) -> OfferInput {
    let texts = OfferTexts { sku, name: "Чай чёрный", price, vat: "22", ..OfferTexts::default() };
    OfferInput::parse(&texts, Currency::RUB).expect("an offer")
}

async fn added(app: &TestApp, company: CompanyId, input: OfferInput) -> OfferId {
    app.write(move |tx| add_offer(tx, &permit(company), None, &input)).await
}

async fn offer(app: &TestApp, company: CompanyId, sku: &'static str) -> Option<Offer> {
    app.read(move |r| Ok(offers_by_sku(r, company, &[sku])?.remove(sku))).await
}

on_both_engines! {
    async fn a_sku_names_one_offer_of_a_company(place: Place) {
        let (app, company) = desk(place).await;
        let other = self::company(&app, "Кофе").await;
        let id = added(&app, company, tea("TEA-100", "199.50")).await;
        let again = tea("TEA-100", "1");
        let refused = app.try_write(move |tx| add_offer(tx, &permit(company), None, &again)).await;
        assert_eq!(refused.expect_err("taken").fields()[0].code, "catalog.sku_taken");
        assert_ne!(added(&app, other, tea("TEA-100", "5")).await, id);
        let found = offer(&app, company, "TEA-100").await.expect("known");
        assert_eq!((found.id, found.price.to_string().as_str(), found.unit.as_str()), (id, "199.50", "pcs"));
        let foreign = app.db.read("test", move |r| get(r, &of(other), id)).await;
        assert!(foreign.is_err_and(|fault| fault.is("catalog.offer_missing")));
    }

    async fn many_skus_are_one_question_and_unknown_ones_are_absent(place: Place) {
        let (app, company) = desk(place).await;
        let inputs: Vec<OfferInput> = (0..450).map(|n| tea(&format!("S-{n}"), "1")).collect();
        app.write(move |tx| upsert(tx, &permit(company), &inputs)).await;
        let skus: Vec<String> = (400..500).chain(0..300).map(|n| format!("S-{n}")).collect();
        let found = app
            .read(move |r| {
                let skus: Vec<&str> = skus.iter().map(String::as_str).collect();
                offers_by_sku(r, company, &skus)
            })
            .await;
        assert_eq!(found.len(), 350);
        assert!(offer(&app, company, "it's \"quoted\" \\ %").await.is_none());
        assert!(offer(&app, company, "S-1\0").await.is_none());
        assert!(offer(&app, company, "\\u0000").await.is_none());
        assert!(app.read(move |r| offers_by_sku(r, company, &[])).await.is_empty());
    }

    async fn an_import_adds_changes_restores_and_leaves_alone(place: Place) {
        let (app, company) = desk(place).await;
        added(&app, company, tea("A", "1")).await;
        added(&app, company, tea("B", "2")).await;
        let gone = added(&app, company, tea("C", "3")).await;
        app.write(move |tx| archive(tx, &permit(company), gone, 1)).await;
        let batch = vec![tea("A", "1"), tea("B", "2.50"), tea("C", "3"), tea("D", "4"), tea("D", "5")];
        let repeated = batch.clone();
        let done = app.write(move |tx| upsert(tx, &permit(company), &batch)).await;
        assert_eq!(done, Upserted { added: 1, changed: 2, same: 1 });
        let done = app.write(move |tx| upsert(tx, &permit(company), &repeated)).await;
        assert_eq!(done, Upserted { added: 0, changed: 0, same: 4 });
        assert_eq!(app.facts_named("catalog.offer_added").await, 4);
        assert_eq!(app.facts_named("catalog.offer_edited").await, 1);
        assert_eq!(app.facts_named("catalog.offer_restored").await, 1);
        assert_eq!(offer(&app, company, "D").await.expect("D").price.to_string(), "5.00");
    }

    async fn two_people_editing_an_offer_never_lose_an_edit(place: Place) {
        let (app, company) = desk(place).await;
        let id = added(&app, company, tea("A", "1")).await;
        added(&app, company, tea("B", "1")).await;
        let (cheaper, dearer, taken) = (tea("A", "0.90"), tea("A", "1.10"), tea("B", "1"));
        app.write(move |tx| edit(tx, &permit(company), id, 1, &cheaper)).await;
        let lost = app.try_write(move |tx| edit(tx, &permit(company), id, 1, &dearer)).await;
        assert!(lost.is_err_and(|fault| fault.is("catalog.changed_meanwhile")));
        let lost = app.try_write(move |tx| archive(tx, &permit(company), id, 1)).await;
        assert!(lost.is_err_and(|fault| fault.is("catalog.changed_meanwhile")));
        let refused = app.try_write(move |tx| edit(tx, &permit(company), id, 2, &taken)).await;
        assert_eq!(refused.expect_err("B is another").fields()[0].code, "catalog.sku_taken");
        app.write(move |tx| archive(tx, &permit(company), id, 2)).await;
        app.write(move |tx| restore(tx, &permit(company), id, 3)).await;
        assert!(!offer(&app, company, "A").await.expect("A").archived);
    }

    async fn a_product_of_one_offer_takes_its_name_and_of_several_keeps_its_own(place: Place) {
        let (app, company) = desk(place).await;
        let first = added(&app, company, tea("A", "1")).await;
        let of_product = app.read(move |r| get(r, &of(company), first)).await.product;
        let mut renamed = tea("A", "1");
        renamed.name = "Чай Ассам".to_owned();
        app.write(move |tx| edit(tx, &permit(company), first, 1, &renamed)).await;
        let second = tea("A-50", "1");
        app.write(move |tx| add_offer(tx, &permit(company), Some(of_product), &second)).await;
        let last = tea("A", "1");
        app.write(move |tx| edit(tx, &permit(company), first, 2, &last)).await;
        let (name, offers) = app.read(move |r| product(r, company, of_product)).await;
        assert_eq!((name.as_str(), offers.len()), ("Чай Ассам", 2));
    }

    async fn offers_are_listed_by_sku_and_found_by_words(place: Place) {
        let (app, company) = desk(place).await;
        for sku in ["C", "A", "E", "B", "D"] {
            added(&app, company, tea(sku, "1")).await;
        }
        let (mut skus, mut cursor) = (Vec::new(), None);
        loop {
            let filter = Filter { limit: 2, cursor, ..Filter::default() };
            let page = app.read(move |r| list(r, &of(company), &filter)).await;
            skus.extend(page.items.into_iter().map(|offer| offer.sku));
            cursor = page.next_cursor;
            if cursor.is_none() {
                break;
            }
        }
        assert_eq!(skus, ["A", "B", "C", "D", "E"]);
        for (q, expected) in [("ЧЕРНЫЙ чай", 5), ("d", 1), ("кофе", 0), ("%", 0)] {
            let filter = Filter { q: q.to_owned(), limit: 50, ..Filter::default() };
            assert_eq!(app.read(move |r| list(r, &of(company), &filter)).await.items.len(), expected, "{q}");
        }
    }

    async fn a_sku_that_two_programs_put_at_once_is_added_once(place: Place) {
        let (app, company) = desk(place).await;
        let mut programs = Vec::new();
        for price in 1..=8 {
            let (db, input) = (app.db.clone(), tea("TEA", &price.to_string()));
            programs.push(takt_testing::tokio::spawn(async move {
                db.write("test.put", move |tx| upsert(tx, &permit(company), std::slice::from_ref(&input))).await
            }));
        }
        let mut added = 0;
        for program in programs {
            added += program.await.expect("no panic").expect("taken").added;
        }
        assert_eq!((added, app.facts_named("catalog.offer_added").await), (1, 1));
    }

    async fn the_api_puts_a_product_any_number_of_times(place: Place) {
        let (app, company) = desk(place).await;
        let shop = program(&app, company, "catalog:write,catalog:read").await;
        let body = serde_json::json!({"name": "Чай", "price": "199.50", "vat": "22", "unit": "kg"});
        let put = async |path: &str, body: &serde_json::Value| shop.ask("PUT".parse().expect("PUT"), path).json(body).send().await;
        let first = put("/api/v1/products/TEA%20100", &body).await;
        assert_eq!(first.status, 201, "{}", first.text());
        let second = put("/api/v1/products/TEA%20100", &body).await;
        assert_eq!(second.status, 200, "{}", second.text());
        let (first, second): (serde_json::Value, serde_json::Value) = (first.json(), second.json());
        assert_eq!(first, second);
        assert_eq!((&first["sku"], &first["price"], &first["currency"]), (&"TEA 100".into(), &"199.50".into(), &"RUB".into()));
        let list: serde_json::Value = shop.get("/api/v1/products?limit=1").await.json();
        assert_eq!(list["items"][0], first);
        assert!(list["next_cursor"].is_null());
        let refused = put("/api/v1/products/X", &serde_json::json!({"name": "", "price": "1e5", "currency": "XXQ"})).await;
        assert_eq!(refused.status, 422);
        let refused: serde_json::Value = refused.json();
        let fields: Vec<&str> = refused["errors"].as_array().expect("errors").iter().filter_map(|e| e["field"].as_str()).collect();
        assert_eq!(fields, ["name", "price", "currency"]);
        let reader = program(&app, company, "catalog:read").await;
        let denied = reader.ask("PUT".parse().expect("PUT"), "/api/v1/products/X").json(&body).send().await;
        assert_eq!(denied.status, 403);
        assert_eq!(app.get("/api/v1/products").await.status, 401);
    }

    async fn pages_add_and_change_an_offer(place: Place) {
        let (app, company) = desk(place).await;
        let client = signed_in(&app, company, "manager").await;
        assert!(client.get("/products/new").await.status.is_success());
        let form = [("sku", "TEA-100"), ("name", "Чай чёрный"), ("price", "199,50"), ("vat", "22")];
        let saved = client.post_form("/products/new", &form).await;
        assert_eq!(saved.status, 303, "{}", saved.text());
        let id = offer(&app, company, "TEA-100").await.expect("added").id;
        let refused = client.post_form("/products/new", &form).await;
        assert_eq!(refused.status, 422);
        assert!(refused.text().contains("TEA-100"));
        let list = client.get("/products?q=чай".replace("чай", "%D1%87%D0%B0%D0%B9").as_str()).await.text();
        assert!(list.contains("TEA-100") && list.contains("199,50\u{a0}₽ / шт."), "{list}");
        let path = format!("/products/{id}");
        let edited = client.post_form(&path, &[("version", "1"), ("sku", "TEA-100"), ("name", "Чай"), ("price", "5")]).await;
        assert_eq!(edited.status, 303, "{}", edited.text());
        let archived = client.post_form(&format!("{path}/archive"), &[("version", "2")]).await;
        assert_eq!(archived.status, 303, "{}", archived.text());
        assert!(!client.get("/products").await.text().contains("TEA-100"));
        assert!(client.get("/products?show=archived").await.text().contains("TEA-100"));
        assert!(client.get(&path).await.status.is_success());
        let picker = signed_in(&app, company, "warehouse").await;
        assert!(picker.get(&path).await.status.is_success());
        assert_eq!(picker.post_form("/products/new", &form).await.status, 403);
        assert_eq!(picker.get("/products/new").await.status, 403);
        let other = self::company(&app, "Кофе").await;
        let stranger = signed_in(&app, other, "owner").await;
        assert_eq!(stranger.get(&path).await.status, 404);
        assert_eq!(stranger.post_form(&format!("{path}/restore"), &[("version", "3")]).await.status, 404);
    }
}

#[test]
fn every_sample_is_drawn_in_both_languages() {
    let wiring = takt_feature::Wiring::assemble(vec![takt_staff::feature(), takt_catalog::feature()]);
    assert_eq!(wiring.problems(), Vec::<String>::new());
    for lang in Lang::ALL {
        let words = Words::new(wiring.texts.clone(), lang, jiff::tz::TimeZone::UTC);
        for sample in wiring.samples.iter().filter(|sample| sample.name.starts_with("catalog/")) {
            let drawn = (sample.render)(&words).into_string();
            assert_eq!(Texts::missing_in(&drawn), Vec::<String>::new(), "{} in {lang}", sample.name);
        }
    }
}
