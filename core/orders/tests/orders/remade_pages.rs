//! The forms that split, merge and copy: nothing typed is lost, nothing is done twice, and what is not told is not offered.

use serde_json::{Value, json};
use takt_customers::{EraseCustomers, Reason, erase};
use takt_orders::{EditOrders, OrderId};
use takt_testing::on_both_engines;

use crate::desk::{Desk, order, permit};

/// Three orders of one buyer.
async fn of_one_buyer(desk: &Desk) -> [OrderId; 3] {
    let mut ids = Vec::new();
    for number in 1..=3 {
        let mut body = order(&format!("100{number}"), 3);
        body["recognise"] = json!(true);
        ids.push(desk.place(body).await);
    }
    ids.try_into().expect("three")
}

async fn version(desk: &Desk, id: OrderId) -> String {
    desk.order(id).await.version.to_string()
}

/// The key in the form on an order's card that copies it.
fn copy_key(card: &str) -> String {
    let form = card.split("/copy\"").nth(1).expect("a form that copies");
    form.split("name=\"key\" value=\"")
        .nth(1)
        .and_then(|rest| rest.split('"').next())
        .expect("a key")
        .to_owned()
}

on_both_engines! {
    async fn a_split_that_is_refused_keeps_what_was_typed(place: Place) {
        let desk = Desk::open(place).await;
        let id = desk.tea(3).await;
        let operator = desk.signed_in("operator").await;
        let (line, path) = (desk.lines(id).await[0].id.to_string(), format!("/orders/{id}/split"));
        for (seen, typed) in [("1", "two"), ("1", "7"), ("0", "2")] {
            let refused = operator.post_form(&path, &[("version", seen), ("line", &line), ("quantity", typed)]).await;
            let page = refused.expect_status(422).text();
            assert!(page.contains(&format!("value=\"{typed}\"")), "{typed}: {page}");
        }
        let fresh = operator.get(&path).await.expect_status(200).text();
        assert!(fresh.contains("name=\"quantity\" autocomplete=\"off\" value=\"\""), "{fresh}");
    }

    async fn a_merge_that_is_refused_keeps_what_was_chosen(place: Place) {
        let desk = Desk::open(place).await;
        let [into, from, _] = of_one_buyer(&desk).await;
        let operator = desk.signed_in("operator").await;
        let (path, chosen) = (format!("/orders/{into}/merge"), from.to_string());
        let given = [("version", "0"), ("from", chosen.as_str()), ("both_deliveries", "on")];
        let page = operator.post_form(&path, &given).await.expect_status(422).text();
        assert!(page.contains(&format!("name=\"from\" value=\"{from}\" checked")), "{page}");
        assert!(page.contains("value=\"on\" checked"), "{page}");
        let nothing = operator.post_form(&path, &[("version", "1")]).await.expect_status(422).text();
        assert!(nothing.contains("id=\"field-from\""), "the refusal leads to the choice: {nothing}");
    }

    async fn an_order_that_changed_since_it_was_offered_is_looked_at_again(place: Place) {
        let desk = Desk::open(place).await;
        let ([into, from, _], company) = (of_one_buyer(&desk).await, desk.company);
        let operator = desk.signed_in("operator").await;
        let path = format!("/orders/{into}/merge");
        let seen = format!("{from}-{}", version(&desk, from).await);
        let form = operator.get(&path).await.expect_status(200).text();
        assert!(form.contains(&format!("name=\"seen\" value=\"{seen}\"")), "{form}");
        desk.app.write(move |tx| takt_orders::set_urgent(tx, &permit(company), from, true).map(|_| ())).await;
        let (into_version, chosen) = (version(&desk, into).await, from.to_string());
        let send = async |seen: &str| {
            operator.post_form(&path, &[("version", &into_version), ("from", &chosen), ("seen", seen)]).await
        };
        let refused = send(&seen).await.expect_status(422).text();
        assert!(refused.contains("изменил"), "{refused}");
        send(&format!("{from}-{}", version(&desk, from).await)).await.expect_status(303);
    }

    async fn what_cannot_be_merged_now_is_not_offered(place: Place) {
        let desk = Desk::open(place).await;
        let ([into, deferred, other], company) = (of_one_buyer(&desk).await, desk.company);
        let until = desk.app.now().plus_seconds(3_600);
        let put_off = move |tx: &mut takt_store::Tx<'_>| {
            takt_orders::defer(tx, &permit::<EditOrders>(company), deferred, None, until).map(|_| ())
        };
        desk.app.write(put_off).await;
        let operator = desk.signed_in("operator").await;
        let form = operator.get(&format!("/orders/{into}/merge")).await.expect_status(200).text();
        assert!(form.contains(&format!("name=\"from\" value=\"{other}\"")), "{form}");
        assert!(!form.contains(&format!("name=\"from\" value=\"{deferred}\"")), "{form}");
    }

    async fn one_form_makes_one_copy_however_often_it_is_sent(place: Place) {
        let desk = Desk::open(place).await;
        let id = desk.tea(1).await;
        let operator = desk.signed_in("operator").await;
        let (card, path) = (format!("/orders/{id}"), format!("/orders/{id}/copy"));
        let key = copy_key(&operator.get(&card).await.expect_status(200).text());
        let copy = async |key: &str| {
            let given = [("prices", "as_then"), ("key", key)];
            operator.post_form(&path, &given).await.expect_status(303).location().to_owned()
        };
        let first = copy(&key).await;
        assert_eq!(copy(&key).await, first);
        desk.app.clock.advance_seconds(1);
        let next = copy_key(&operator.get(&card).await.expect_status(200).text());
        assert_ne!(copy(&next).await, first, "whoever opens the order anew means another copy");
        let long = "k".repeat(65);
        let refused = operator.post_form(&path, &[("prices", "as_then"), ("key", &long)]).await.expect_status(422);
        assert!(refused.text().contains("64"), "{}", refused.text());
    }

    async fn a_program_that_asks_again_under_the_same_key_gets_the_same_copy(place: Place) {
        let desk = Desk::open(place).await;
        let id = desk.tea(1).await;
        let program = desk.program("orders:read orders:write").await;
        let copy = async |key: &str| {
            let answer = program.post_json(&format!("/api/v1/orders/{id}/copy"), &json!({ "key": key })).await;
            answer.expect_status(200).json::<Value>()["id"].clone()
        };
        let first = copy("a").await;
        assert_eq!(copy("a").await, first);
        assert_ne!(copy("b").await, first);
    }

    async fn nobody_orders_again_in_the_name_of_somebody_who_was_erased(place: Place) {
        let desk = Desk::open(place).await;
        let company = desk.company;
        let mut body = order("1001", 1);
        body["recognise"] = json!(true);
        let id = desk.place(body).await;
        let customer = desk.order(id).await.customer.expect("a buyer");
        desk.app.write(move |tx| takt_orders::cancel(tx, &permit(company), id, None, "").map(|_| ())).await;
        erase(&desk.app.db, &permit::<EraseCustomers>(company), customer, Reason::Asked).await.expect("erased");
        let prices = takt_orders::Prices::AsThen;
        let placed = desk.app.write(move |tx| takt_orders::copy(tx, &permit(company), id, prices, None)).await;
        assert_eq!(desk.order(placed.id).await.customer, None);
    }

    async fn a_pair_that_a_colleague_told_apart_a_moment_ago_is_told_on_the_card(place: Place) {
        let desk = Desk::open(place).await;
        let [one, other, _] = of_one_buyer(&desk).await;
        desk.app.drain().await;
        let operator = desk.signed_in("operator").await;
        let path = format!("/orders/{one}/twins/{other}/dismiss");
        operator.post_form(&path, &[]).await.expect_status(303);
        let again = operator.post_form(&path, &[]).await.expect_status(422).text();
        assert!(again.contains("такого повтора нет") && again.contains("id=\"order-now\""), "{again}");
    }
}
