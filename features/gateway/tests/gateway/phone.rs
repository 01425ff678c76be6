use serde_json::Value;
use takt_testing::{Client, TestResponse, on_both_engines};
use takt_ui::Texts;

use super::desk::{Desk, company, organisation, shop};
use takt_staff::{
    ManageEngagements, Permit, Role,
    companies::OrganisationKind,
    engagements::{self, NewEngagement},
};
use takt_store::Query as _;

const FORM: &str = "/orders/new";

fn hidden(page: &str, name: &str) -> String {
    let start = format!("name=\"{name}\" value=\"");
    page.split(&start).nth(1).and_then(|rest| rest.split('"').next()).unwrap_or_default().to_owned()
}

/// The form as a browser would send it, with some fields typed over.
async fn send(client: &Client, desk: &Desk, secret: &str, typed: &[(&str, &str)]) -> TestResponse {
    let (company, shop) = (desk.company.to_string(), desk.shop.to_string());
    let mut fields = vec![
        ("company", company.as_str()),
        ("shop", shop.as_str()),
        ("secret", secret),
        ("terms", "prepaid"),
        ("lang", "ru"),
    ];
    fields.extend(
        ["credit_days", "discount", "comment", "customer.email", "delivery.address"].map(|name| (name, "")),
    );
    for (name, value) in typed {
        fields.retain(|(known, _)| known != name);
        fields.push((name, value));
    }
    client.post_form(FORM, &fields).await
}

async fn order_at(desk: &Desk, answer: &TestResponse) -> Value {
    let id = answer.location().trim_start_matches("/orders/").to_owned();
    desk.writer().await.get(&format!("/api/v1/orders/{id}")).await.expect_status(200).json()
}

const TYPED: &[(&str, &str)] = &[
    ("customer.name", "Анна"),
    ("customer.phone", "8 (912) 345-67-89"),
    ("delivery.method", "courier"),
    ("delivery.price", "300"),
    ("lines[0].sku", ""),
    ("lines[1].sku", "TEA-100"),
    ("lines[1].quantity", "2"),
    ("lines[3].name", "Открытка"),
    ("lines[3].quantity", "1"),
    ("lines[3].price", "50,50"),
];

on_both_engines! {
    async fn an_order_is_taken_by_phone_without_scripts(place: Place) {
        let desk = Desk::open(place).await;
        let operator = desk.signed_in(desk.company, "operator").await;
        let list = operator.get("/orders").await.expect_status(200).text();
        assert!(list.contains("href=\"/orders/new\""), "the list leads to the form");
        let page = operator.get(FORM).await.expect_status(200).text();
        assert_eq!(Texts::missing_in(&page), Vec::<String>::new());
        assert!(page.contains("name=\"lines[4].sku\"") && !page.contains("name=\"lines[5].sku\""));
        let secret = hidden(&page, "secret");
        assert!(!secret.is_empty());
        let taken = send(&operator, &desk, &secret, TYPED).await.expect_status(303);
        let order = order_at(&desk, &taken).await;
        assert_eq!((&order["source"], &order["total"]), (&"phone".into(), &"749.50".into()));
        assert_eq!(order["customer"]["phone"], "+79123456789");
        let lines = order["lines"].as_array().expect("lines");
        assert_eq!(lines.len(), 2, "rows that were left empty are no lines");
        assert_eq!((&lines[0]["name"], &lines[0]["price"], &lines[0]["vat"]), (&"Чай чёрный".into(), &"199.50".into(), &"22".into()));
        assert_eq!((&lines[1]["name"], &lines[1]["total"], &lines[1]["sku"]), (&"Открытка".into(), &"50.50".into(), &Value::Null));
        let card = operator.get(taken.location()).await.expect_status(200).text();
        assert!(card.contains("Заказ принят."), "{card}");
    }

    async fn sent_twice_it_is_taken_once(place: Place) {
        let desk = Desk::open(place).await;
        let operator = desk.signed_in(desk.company, "operator").await;
        let secret = hidden(&operator.get(FORM).await.text(), "secret");
        let first = send(&operator, &desk, &secret, TYPED).await.expect_status(303);
        let again = send(&operator, &desk, &secret, TYPED).await.expect_status(303);
        assert_eq!(first.location(), again.location());
        assert_eq!(desk.placed().await, 1);
        let mut changed = TYPED.to_vec();
        changed.push(("comment", "Позвонить"));
        let page = send(&operator, &desk, &secret, &changed).await.expect_status(422).text();
        assert!(page.contains("заказ уже принят") && page.contains(&format!("href=\"{}\"", first.location())), "{page}");
        let fresh = hidden(&page, "secret");
        assert!(!fresh.is_empty() && fresh != secret);
        let other = send(&operator, &desk, &fresh, &changed).await.expect_status(303);
        assert_ne!(other.location(), first.location());
        let (first, other) = (order_at(&desk, &first).await, order_at(&desk, &other).await);
        assert_eq!(first["customer"]["id"], other["customer"]["id"], "recognised by the phone");
    }

    async fn what_is_wrong_stands_beside_its_field_and_what_was_typed_stays(place: Place) {
        let desk = Desk::open(place).await;
        let operator = desk.signed_in(desk.company, "operator").await;
        let page = send(&operator, &desk, "s1", &[
            ("customer.email", "anna"),
            ("delivery.price", "-1"),
            ("lines[2].name", "Кружка <b>"),
            ("lines[2].quantity", "two"),
            ("lines[2].price", "10"),
            ("lines[4].sku", "UNHEARD-OF"),
            ("lines[4].quantity", "1"),
            ("discount", "5"),
        ]).await.expect_status(422).text();
        assert_eq!(Texts::missing_in(&page), Vec::<String>::new());
        for id in ["customer-email", "delivery-price", "lines-0--quantity", "lines-1--price"] {
            assert!(page.contains(&format!("href=\"#field-{id}\"")), "{id} in the summary");
            assert!(page.contains(&format!("id=\"field-{id}-error\"")), "{id} beside its field");
        }
        assert!(page.contains("Кол-во, строка 1: "), "the summary names the cell");
        assert!(page.contains("value=\"Кружка &lt;b&gt;\"") && page.contains("value=\"two\""));
        assert_eq!(hidden(&page, "secret"), "s1");
        let nobody = send(&operator, &desk, "s2", &[("lines[0].sku", "TEA-100"), ("lines[0].quantity", "1")]).await;
        assert!(nobody.expect_status(422).text().contains("id=\"field-customer-phone-error\""));
        let nothing = send(&operator, &desk, "s3", &[("customer.name", "Анна")]).await;
        assert!(nothing.expect_status(422).text().contains("ни одной строки"));
        assert_eq!(desk.placed().await, 0);
    }

    async fn more_rows_keep_what_was_typed(place: Place) {
        let desk = Desk::open(place).await;
        let operator = desk.signed_in(desk.company, "operator").await;
        let mut typed = TYPED.to_vec();
        typed.push(("more", "1"));
        let page = send(&operator, &desk, "s1", &typed).await.expect_status(200).text();
        assert!(page.contains("name=\"lines[9].sku\"") && !page.contains("name=\"lines[10].sku\""));
        assert!(page.contains("value=\"Открытка\"") && page.contains("value=\"Анна\""));
        assert_eq!(hidden(&page, "secret"), "s1");
        assert_eq!(desk.placed().await, 0);
    }

    async fn only_who_may_place_orders_there_is_let_in(place: Place) {
        let desk = Desk::open(place).await;
        let strange = company(&desk.app, "Чужая").await;
        let strange_shop = shop(&desk.app, strange, "Чужой").await.to_string();
        assert!(desk.app.client().get(FORM).await.location().starts_with("/sign-in"));
        let warehouse = desk.signed_in(desk.company, "warehouse").await;
        warehouse.get(FORM).await.expect_status(403);
        send(&warehouse, &desk, "s", TYPED).await.expect_status(403);
        let operator = desk.signed_in(desk.company, "operator").await;
        operator.get(&format!("{FORM}?company={strange}")).await.expect_status(404);
        let mut typed = TYPED.to_vec();
        typed.push(("shop", strange_shop.as_str()));
        send(&operator, &desk, "s", &typed).await.expect_status(404);
        let strange = strange.to_string();
        typed.push(("company", strange.as_str()));
        send(&operator, &desk, "s", &typed).await.expect_status(404);
        send(&operator, &desk, "s", &[("company", "nonsense")]).await.expect_status(422);
        assert_eq!(desk.placed().await, 0);
    }

    async fn a_desk_takes_orders_for_the_companies_it_works_for(place: Place) {
        let desk = Desk::open(place).await;
        let firm = organisation(&desk.app, "Пульт", OrganisationKind::Desk).await;
        for company in [desk.company, company(&desk.app, "Вторая").await] {
            desk.app
                .write(move |tx| {
                    let permit: Permit<ManageEngagements> = Permit::system(company, "test");
                    let engaged = NewEngagement { desk: firm, from: tx.now(), until: None, roles: Role::Operator.into() };
                    engagements::start(tx, &permit, &engaged)
                })
                .await;
        }
        let operator = desk.signed_in(firm, "operator").await;
        let page = operator.get(FORM).await.expect_status(200).text();
        assert!(page.contains("Чай и кофе") && page.contains("Вторая"), "a choice of companies");
        let page = operator.get(&format!("{FORM}?company={}&shop={}", desk.company, desk.shop)).await.expect_status(200).text();
        assert_eq!(hidden(&page, "company"), desk.company.to_string());
        let taken = send(&operator, &desk, &hidden(&page, "secret"), TYPED).await.expect_status(303);
        assert_eq!(order_at(&desk, &taken).await["shop"], desk.shop.get());
    }

    async fn a_company_without_shops_is_told_what_to_do(place: Place) {
        let desk = Desk::open(place).await;
        let empty = company(&desk.app, "Пустая").await;
        let owner = desk.signed_in(empty, "owner").await;
        let page = owner.get(FORM).await.expect_status(200).text();
        assert!(page.contains("нет магазинов"), "{page}");
    }
}
