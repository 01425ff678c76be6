//! The drill through the real routes: eight tasks in a practice company, and a shop that never hears of it.

use http::StatusCode;
use takt_drill::{Progress, Task, of_company};
use takt_kernel::{CompanyId, PersonId};
use takt_orders::{OrderId, counts};
use takt_staff::{Role, Scope, practice};
use takt_store::{Query as _, Statement};
use takt_testing::{Client, on_both_engines};

use crate::desk::Desk;

async fn person(desk: &Desk, name: &'static str) -> PersonId {
    let statement =
        Statement::new("select id from person where email like :email").bind("email", format!("{name}%"));
    desk.app.read(move |reader| reader.opt_of(&statement)?.expect("a person").get("id")).await
}

async fn practice_of(desk: &Desk, person: PersonId) -> CompanyId {
    desk.app.read(move |reader| practice::of_person(reader, person)).await.expect("a practice").company
}

async fn progress(desk: &Desk, company: CompanyId) -> Progress {
    desk.app.read(move |reader| of_company(reader, company)).await.expect("a drill")
}

async fn posted(desk: &Desk, client: &Client, path: &str, fields: &[(&str, &str)]) {
    let answer = client.post_form(path, fields).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{path}: {}", answer.text());
    desk.app.advance(60).await;
}

/// The first id in a table of the practice company.
async fn id_in(desk: &Desk, company: CompanyId, sql: &'static str) -> i64 {
    let statement = Statement::new(sql).bind("company_id", company);
    desk.app.read(move |reader| reader.opt_of(&statement)?.expect("a row").get("id")).await
}

on_both_engines! {
    async fn eight_tasks_are_done_by_facts_and_the_shop_never_hears_of_them(place: Place) {
        let desk = Desk::open(place).await;
        let owner = desk.signed_in(Role::Owner).await;
        let id = person(&desk, "owner").await;
        let shop = desk.company;
        posted(&desk, &owner, "/drill/begin", &[]).await;
        let company = practice_of(&desk, id).await;
        let made = progress(&desk, company).await;
        assert_eq!(made.done.len(), 0);
        let order = |task: Task| made.orders[&task];
        let page = owner.get("/drill").await.text();
        assert!(page.contains("id=\"drill-find\""), "{page}");
        assert!(owner.get("/orders").await.text().contains("/drill"), "every screen says how far one is");

        posted(&desk, &owner, &format!("/orders/{}/comment", order(Task::Find)), &[("comment", "+")]).await;
        let wrong = owner.post_form("/drill/tell", &[("task", "holder"), ("holder", "carrier")]).await;
        assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
        posted(&desk, &owner, "/drill/tell", &[("task", "holder"), ("holder", "queue")]).await;
        phone(&desk, &owner, company).await;
        posted(&desk, &owner, &format!("/orders/{}/confirm", order(Task::Confirm)), &[]).await;
        let line = id_in(&desk, company, "select id from bank_line where company_id = :company_id").await;
        let invoice = id_in(
            &desk,
            company,
            "select invoice.id from invoice join orders on orders.id = invoice.order_id and orders.company_id = invoice.company_id
             where invoice.company_id = :company_id and orders.terms = 'prepaid' order by invoice.id limit 1",
        ).await;
        let accept = [("invoice", invoice.to_string()), ("amount", "1490.00".to_owned())];
        let accept = accept.each_ref().map(|(name, value)| (*name, value.as_str()));
        posted(&desk, &owner, &format!("/money/lines/{line}/accept"), &accept).await;
        let ship = order(Task::Ship);
        posted(&desk, &owner, &format!("/shipments/of/{ship}/pack"), &[]).await;
        posted(&desk, &owner, &format!("/shipments/of/{ship}"), &[("places", "1")]).await;
        posted(&desk, &owner, &format!("/orders/{}/comment", order(Task::Answer)), &[("comment", "+")]).await;
        assert_eq!(progress(&desk, company).await.next(), Some(Task::Count));
        let scope = Scope::Company { company, shops: None };
        let counted = desk.app.read(move |reader| counts(reader, &scope)).await;
        let in_work: i64 = counted.iter().filter(|one| one.stage.is_in_work()).map(|one| one.orders).sum();
        let told = in_work.to_string();
        posted(&desk, &owner, "/drill/tell", &[("task", "count"), ("count", &told)]).await;

        let passed = progress(&desk, company).await;
        assert!(passed.passed_at.is_some(), "{passed:?}");
        assert!((7 * 60..=12 * 60).contains(&passed.worked_seconds), "{passed:?}");
        assert!(owner.get("/drill").await.text().contains("tone-good"));

        // The shop it is practised beside: nothing was said of it, nothing is counted in it, nobody wrote a letter.
        let scope = Scope::Company { company: shop, shops: None };
        assert!(desk.app.read(move |reader| counts(reader, &scope)).await.is_empty());
        let letters = Statement::new("select count(*) as notices from notice");
        let letters: i64 = desk.app.read(move |reader| reader.opt_of(&letters)?.expect("a row").get("notices")).await;
        assert_eq!(letters, 0);

        posted(&desk, &owner, "/drill/end", &[]).await;
        assert_eq!(owner.get(&format!("/orders/{ship}")).await.status, StatusCode::NOT_FOUND);
        let results = owner.get("/drill").await.text();
        assert!(results.contains("badge tone-good"), "an owner sees who has passed: {results}");
    }

    async fn a_practice_company_is_left_alone_by_everybody_else_and_ends_by_itself(place: Place) {
        let desk = Desk::open(place).await;
        let owner = desk.signed_in(Role::Owner).await;
        let id = person(&desk, "owner").await;
        posted(&desk, &owner, "/drill/begin", &[]).await;
        let first = practice_of(&desk, id).await;
        for path in ["/settings/webhooks", "/settings/sources", "/settings/tokens"] {
            let answer = owner.get(path).await;
            assert_eq!(answer.status, StatusCode::FORBIDDEN, "{path}");
        }
        let operator = desk.signed_in(Role::Operator).await;
        let orders: Vec<OrderId> = progress(&desk, first).await.orders.into_values().collect();
        assert_eq!(operator.get(&format!("/orders/{}", orders[0])).await.status, StatusCode::NOT_FOUND);

        posted(&desk, &owner, "/drill/begin", &[]).await;
        let second = practice_of(&desk, id).await;
        assert_ne!(first, second, "begun anew it is another one, and the first is over");
        desk.app.advance(24 * 3_600).await;
        assert!(desk.app.read(move |reader| practice::of_person(reader, id)).await.is_none());
        for _ in 0..8 {
            posted(&desk, &owner, "/drill/begin", &[]).await;
        }
        desk.app.advance(60).await;
        for _ in 0..2 {
            owner.post_form("/drill/begin", &[]).await;
        }
        let refused = owner.post_form("/drill/begin", &[]).await;
        assert_eq!(refused.status, StatusCode::CONFLICT, "no more than ten a day");
    }
}

async fn phone(desk: &Desk, client: &Client, company: CompanyId) {
    let shop = id_in(desk, company, "select id from shop where company_id = :company_id").await.to_string();
    let of = company.to_string();
    let page = client.get("/orders/new").await.text();
    let secret = page.split("name=\"secret\" value=\"").nth(1).and_then(|rest| rest.split('"').next());
    let fields = [
        ("secret", secret.expect("a secret")),
        ("company", of.as_str()),
        ("shop", shop.as_str()),
        ("terms", "prepaid"),
        ("lang", "ru"),
        ("delivery.method", "courier"),
        ("delivery.price", "0"),
        ("customer.name", "Иван"),
        ("customer.phone", "8 900 000-09-09"),
        ("lines[0].name", "Чай"),
        ("lines[0].quantity", "1"),
        ("lines[0].price", "100"),
    ];
    posted(desk, client, "/orders/new", &fields).await;
}
