//! What has not left and does not come any more, and what had left and is here again.

use serde_json::{Value, json};
use takt_kernel::{Actor, Result, money::Quantity};
use takt_orders::{
    Order, OrderId, Patch, ReturnedPart, Shipped, Stage, cancel, edit, leave_out, record_delivered,
    record_returned, record_shipped, set_status,
};
use takt_testing::{Client, on_both_engines};

use crate::{
    desk::{Desk, order, permit, rub},
    stages::assert_row_agrees_with_facts,
};

fn by() -> Actor {
    Actor::system("test")
}

/// Three teas for 100.01 less a discount of 10, on delivery, confirmed.
async fn confirmed(desk: &Desk, external_id: &str) -> OrderId {
    let mut body = order(external_id, 3);
    (body["terms"], body["discount"]) = (json!("on_delivery"), json!("10"));
    body["lines"][0]["price"] = json!("100.01");
    body["delivery"]["price"] = json!("50");
    let id = desk.place(body).await;
    desk.confirm(id).await.expect("confirmed");
    id
}

async fn shipped(desk: &Desk, id: OrderId, units: i64) {
    let (company, line) = (desk.company, desk.lines(id).await[0].id);
    desk.app
        .write(move |tx| {
            record_shipped(tx, company, id, &[(line, Quantity::whole(units))], &by()).map(|_| ())
        })
        .await;
}

async fn returned(desk: &Desk, id: OrderId, units: i64) -> Order {
    let (company, line) = (desk.company, desk.lines(id).await[0].id);
    let part = [ReturnedPart::fit(line, Quantity::whole(units))];
    desk.app.write(move |tx| record_returned(tx, company, id, &part, &by())).await
}

async fn left_out(desk: &Desk, id: OrderId, version: Option<i64>) -> Result<Order> {
    let company = desk.company;
    desk.app.try_write(move |tx| leave_out(tx, &permit(company), id, version)).await
}

async fn cancelled(desk: &Desk, id: OrderId) -> Result<Order> {
    let company = desk.company;
    desk.app.try_write(move |tx| cancel(tx, &permit(company), id, None, "не забрал")).await
}

on_both_engines! {
    async fn what_has_not_left_costs_nothing_once_it_does_not_come_any_more(place: Place) {
        let desk = Desk::open(place).await;
        let id = confirmed(&desk, "1").await;
        let before = desk.order(id).await;
        assert!(left_out(&desk, id, None).await.expect_err("nothing has left").is("orders.nothing_to_leave_out"));
        shipped(&desk, id, 1).await;
        // One of the first part is back before the rest is given up.
        shipped(&desk, id, 1).await;
        returned(&desk, id, 1).await;
        assert!(left_out(&desk, id, Some(before.version)).await.expect_err("seen before").is("orders.changed_meanwhile"));
        let after = left_out(&desk, id, None).await.expect("left out");
        let line = desk.lines(id).await.remove(0);
        assert_eq!((line.open(), line.cancelled, line.away()), (Quantity::ZERO, Quantity::whole(1), Quantity::whole(1)));
        assert_eq!((after.shipped, after.stage), (Shipped::All, Stage::Delivery));
        // A third of what three cost, to the minor unit, and the delivery.
        let third = before.total.subtract(rub("50")).expect("roubles").split(&[1, 1, 1]);
        let goods = after.total.subtract(rub("50")).expect("roubles");
        assert!(third.contains(&goods), "{goods:?} of {third:?}");
        assert_eq!(after.goods.subtract(after.discount).expect("roubles"), line.total);
        assert_row_agrees_with_facts(&desk, id).await;
        assert!(left_out(&desk, id, None).await.expect_err("all has left").is("orders.nothing_to_leave_out"));
        let company = desk.company;
        desk.app.write(move |tx| record_delivered(tx, company, id, &by()).map(|_| ())).await;
        assert_row_agrees_with_facts(&desk, id).await;
    }

    async fn a_program_leaves_out_what_does_not_come_any_more(place: Place) {
        let desk = Desk::open(place).await;
        let client = desk.program("orders:read orders:write").await;
        let id = confirmed(&desk, "1").await;
        let path = format!("/api/v1/orders/{id}/leave-out");
        let post = async |client: &Client, version: i64| {
            let asking = client.ask(http::Method::POST, &path).header("if-match", &format!("\"{version}\""));
            asking.json(&json!({})).send().await
        };
        let version = desk.order(id).await.version;
        post(&client, version).await.expect_status(409);
        shipped(&desk, id, 2).await;
        post(&client, version).await.expect_status(412);
        let version = desk.order(id).await.version;
        post(&desk.program("orders:read").await, version).await.expect_status(403);
        client.post_json(&path, &json!({})).await.expect_status(428);
        let answer = post(&client, version).await.expect_status(200);
        let after = desk.order(id).await;
        assert_eq!(after.shipped, Shipped::All);
        let body: Value = answer.json();
        assert_eq!(body["total"], json!(after.total.to_decimal_string()));
        assert_eq!(body["version"], json!(after.version));
        post(&client, after.version).await.expect_status(409);
    }

    async fn what_the_owner_holds_is_not_given_up_by_others(place: Place) {
        let desk = Desk::open(place).await;
        let id = confirmed(&desk, "1").await;
        shipped(&desk, id, 1).await;
        let company = desk.company;
        desk.app.write(move |tx| takt_orders::hold(tx, &permit(company), id, "подождите", None).map(|_| ())).await;
        assert!(left_out(&desk, id, None).await.expect_err("held").is("orders.held_by_owner"));
    }

    async fn what_had_left_and_came_back_whole_may_be_cancelled_or_finished(place: Place) {
        let desk = Desk::open(place).await;
        for (number, units) in [("1", 3), ("2", 2)] {
            let id = confirmed(&desk, number).await;
            shipped(&desk, id, units).await;
            returned(&desk, id, units - 1).await;
            assert!(cancelled(&desk, id).await.expect_err("one is away").is("orders.already_shipped"), "{units}");
            returned(&desk, id, 1).await;
            let order = cancelled(&desk, id).await.expect("all is here");
            assert_eq!((order.stage, order.holder), (Stage::Cancel, None));
            assert_row_agrees_with_facts(&desk, id).await;
        }
        let (id, company) = (confirmed(&desk, "3").await, desk.company);
        shipped(&desk, id, 3).await;
        let finish = || desk.app.try_write(move |tx| set_status(tx, &permit(company), id, None, "complete"));
        assert!(finish().await.expect_err("it is away").is("orders.not_delivered"));
        returned(&desk, id, 3).await;
        assert_eq!(finish().await.expect("nothing is waited for").stage, Stage::Complete);
        assert_row_agrees_with_facts(&desk, id).await;
    }

    async fn the_card_offers_to_leave_out_and_to_cancel_when_each_is_right(place: Place) {
        let desk = Desk::open(place).await;
        let operator = desk.signed_in("operator").await;
        let id = confirmed(&desk, "1").await;
        let card = async || operator.get(&format!("/orders/{id}")).await.expect_status(200).text();
        let offers = async || {
            let card = card().await;
            let form = |verb: &str| card.contains(&format!("action=\"/orders/{id}/{verb}\""));
            (form("leave-out"), form("cancel"))
        };
        assert_eq!(offers().await, (false, true));
        shipped(&desk, id, 1).await;
        assert_eq!(offers().await, (true, false));
        let version = desk.order(id).await.version.to_string();
        let answer = operator.post_form(&format!("/orders/{id}/leave-out"), &[("version", &version)]).await;
        answer.expect_status(303);
        assert!(card().await.contains("снято 2"));
        assert_eq!(offers().await, (false, false));
        returned(&desk, id, 1).await;
        assert_eq!(offers().await, (false, true));
    }

    async fn an_order_that_an_edit_leaves_nothing_to_pay_waits_for_its_confirmation(place: Place) {
        let desk = Desk::open(place).await;
        let (id, company) = (desk.tea(2).await, desk.company);
        desk.pay(1, id, "150").await.expect("a part");
        let order = desk.order(id).await;
        assert_eq!(order.stage, Stage::New);
        let patch = Patch { discount: Some(rub("50")), ..Patch::default() };
        let version = order.version;
        let order = desk.app.write(move |tx| edit(tx, &permit(company), id, version, patch.clone())).await;
        assert_eq!((order.stage, order.is_paid_in_full()), (Stage::Approval, true));
        assert_row_agrees_with_facts(&desk, id).await;
    }
}
