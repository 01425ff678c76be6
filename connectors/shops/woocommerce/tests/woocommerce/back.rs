use serde_json::json;
use takt_kernel::money::Quantity;
use takt_orders::{CancelOrders, SetStatus, Stage, cancel, set_status};
use takt_staff::Permit;
use takt_stock::{Incoming, MoveStock};
use takt_testing::on_both_engines;

use super::{
    desk::{Desk, later, order, product},
    shop::{Mood, Shop},
};

async fn moves_to(desk: &Desk, status: &'static str) {
    let (company, id) = (desk.company, desk.order("1043").await.0.id);
    desk.app
        .write(move |tx| set_status(tx, &Permit::<SetStatus>::system(company, "test"), id, None, status))
        .await;
    desk.app.drain().await;
}

on_both_engines! {
    async fn nothing_is_written_unless_it_is_switched_on(place: Place) {
        let (desk, shop) = (Desk::open(place).await, Shop::open().await);
        desk.reach(&shop).await;
        desk.set(json!({ "statuses_back": { "checking_stock": "on-hold" } })).await;
        desk.tell("order.created", &order()).await.expect_status(200);
        moves_to(&desk, "checking_stock").await;
        desk.app.advance(600).await;
        assert!(shop.inside().written.is_empty(), "{:?}", shop.inside().written);
    }

    async fn a_status_is_written_once_and_its_echo_changes_nothing(place: Place) {
        let (desk, shop) = (Desk::open(place).await, Shop::open().await);
        desk.reach(&shop).await;
        desk.set(json!({
            "write_orders": true, "statuses": { "on-hold": "no_answer" }, "statuses_back": { "checking_stock": "on-hold" }
        })).await;
        desk.tell("order.created", &order()).await.expect_status(200);
        moves_to(&desk, "checking_stock").await;
        let written = vec![("PUT /wp-json/wc/v3/orders/1043".to_owned(), json!({ "status": "on-hold" }))];
        assert_eq!(shop.inside().written, written);
        // What we wrote comes back, by a webhook and by the poll.
        let echo = later(30, json!({ "status": "on-hold" }));
        shop.inside().orders = vec![echo.clone()];
        desk.tell("order.updated", &echo).await.expect_status(200);
        desk.app.advance(600).await;
        assert_eq!(desk.order("1043").await.0.status, "checking_stock");
        assert_eq!(shop.inside().written, written);
    }

    async fn a_cancellation_goes_there_and_does_not_come_back(place: Place) {
        let (desk, shop) = (Desk::open(place).await, Shop::open().await);
        desk.reach(&shop).await;
        desk.set(json!({ "write_orders": true })).await;
        desk.tell("order.created", &order()).await.expect_status(200);
        shop.inside().mood = Mood::Busy;
        let (company, id) = (desk.company, desk.order("1043").await.0.id);
        desk.app
            .write(move |tx| cancel(tx, &Permit::<CancelOrders>::system(company, "test"), id, None, ""))
            .await;
        desk.app.drain().await;
        assert!(shop.inside().written.is_empty());
        shop.inside().mood = Mood::Well;
        desk.app.advance(1900).await;
        let written = vec![("PUT /wp-json/wc/v3/orders/1043".to_owned(), json!({ "status": "cancelled" }))];
        assert_eq!(shop.inside().written, written);
        desk.tell("order.updated", &later(30, json!({ "status": "cancelled" }))).await.expect_status(200);
        // One that the shop itself cancelled is not told back to it.
        let mut other = later(0, json!({}));
        other["id"] = json!(7);
        desk.tell("order.created", &other).await.expect_status(200);
        other["status"] = json!("cancelled");
        other["date_modified_gmt"] = json!("2026-11-02T05:58:00");
        desk.tell("order.updated", &other).await.expect_status(200);
        desk.app.drain().await;
        assert_eq!((desk.order("7").await.0.stage, shop.inside().written.len()), (Stage::Cancel, 1));
    }

    async fn what_may_be_sold_is_written(place: Place) {
        let (desk, shop) = (Desk::open(place).await, Shop::open().await);
        desk.reach(&shop).await;
        desk.set(json!({ "write_stock": true })).await;
        desk.tell("product.created", &product()).await.expect_status(200);
        desk.app.advance(300).await;
        assert!(shop.inside().written.is_empty(), "no warehouse here ever had it");
        let company = desk.company;
        desk.app
            .write(move |tx| {
                let offer = takt_stock::offer_of(tx, company, "TEA-100")?;
                let permit = Permit::<MoveStock>::system(company, "test");
                takt_stock::receive(tx, &permit, &Incoming::of(offer, Quantity::whole(7)))
            })
            .await;
        desk.app.drain().await;
        desk.app.advance(300).await;
        let update = json!({ "update": [{ "id": 77, "manage_stock": true, "stock_quantity": 7 }] });
        let written = vec![("POST /wp-json/wc/v3/products/batch".to_owned(), update)];
        assert_eq!(shop.inside().written, written);
        // Its echo, with what we wrote, is no reason to write again.
        let mut echo = product();
        echo["stock_quantity"] = json!(7);
        echo["date_modified_gmt"] = json!("2026-11-02T06:05:00");
        desk.tell("product.updated", &echo).await.expect_status(200);
        desk.app.advance(300).await;
        assert_eq!(shop.inside().written, written);
        // Somebody counts otherwise there: here it is known.
        echo["stock_quantity"] = json!(50);
        echo["date_modified_gmt"] = json!("2026-11-02T06:06:00");
        desk.tell("product.updated", &echo).await.expect_status(200);
        desk.app.advance(300).await;
        assert_eq!(shop.inside().written.len(), 2);
    }
}
