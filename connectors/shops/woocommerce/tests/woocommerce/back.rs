use serde_json::json;
use takt_kernel::money::Quantity;
use takt_orders::{CancelOrders, SetStatus, Stage, cancel, set_status};
use takt_staff::Permit;
use takt_stock::{Incoming, MoveStock};
use takt_testing::on_both_engines;

use super::{
    desk::{Desk, later, of, order, product},
    shop::{Mood, Shop},
};

async fn moves_to(desk: &Desk, status: &'static str) {
    let (company, id) = (desk.company, desk.order("1043").await.0.id);
    desk.app
        .write(move |tx| set_status(tx, &Permit::<SetStatus>::system(company, "test"), id, None, status))
        .await;
    desk.app.drain().await;
}

/// An order that wants nothing of what is counted here.
fn of_something_else(id: i64, seconds: i64) -> serde_json::Value {
    let mut order = of(id, seconds, json!({}));
    order["line_items"][0]["sku"] = json!("ELSE");
    order["line_items"][1]["sku"] = json!("OTHER");
    order
}

/// What may be sold of TEA-100, counted anew.
async fn counts(desk: &Desk, pieces: i64) {
    let company = desk.company;
    desk.app
        .write(move |tx| {
            let offer = takt_stock::offer_of(tx, company, "TEA-100")?;
            let permit = Permit::<MoveStock>::system(company, "test");
            let quantity = Quantity::whole(pieces);
            let counted = takt_stock::Correction { warehouse: None, offer, quantity, note: None };
            takt_stock::set_many(tx, &permit, None, &[counted]).map(|_| ())
        })
        .await;
}

on_both_engines! {
    async fn what_was_done_while_the_shop_was_down_for_a_day_is_written_in_order_and_once(place: Place) {
        let (desk, shop) = (Desk::open(place).await, Shop::open().await);
        desk.reach(&shop).await;
        desk.set(json!({
            "write_orders": true, "write_stock": true,
            "statuses_back": { "checking_stock": "on-hold", "to_confirm": "pending", "delivery": "shipped" },
        })).await;
        desk.tell("product.created", &product()).await.expect_status(200);
        for id in [1043, 1044, 1045] {
            let one = if id == 1043 { of(id, 0, json!({})) } else { of_something_else(id, 0) };
            desk.tell("order.created", &one).await.expect_status(200);
        }
        counts(&desk, 7).await;
        desk.app.drain().await;
        desk.app.advance(300).await;
        let stock = |pieces: i64| json!({ "update": [{ "id": 77, "manage_stock": true, "stock_quantity": pieces }] });
        assert_eq!(shop.inside().written.pop(), Some(("POST /wp-json/wc/v3/products/batch".to_owned(), stock(5))));
        assert!(shop.inside().written.is_empty(), "{:?}", shop.inside().written);

        shop.inside().mood = Mood::Down;
        let company = desk.company;
        let id_of = async |external_id: &str| desk.order(external_id).await.0.id;
        let (shipped, cancelled, busy) = (id_of("1043").await, id_of("1044").await, id_of("1045").await);
        for quarter in 0..96 {
            desk.app.clock.advance_seconds(900);
            let hour = (quarter % 4 == 0).then_some(quarter / 4);
            match hour {
                Some(1) => {
                    for id in [shipped, busy] {
                        let permit = move || Permit::<SetStatus>::system(company, "test");
                        desk.app.write(move |tx| set_status(tx, &permit(), id, None, "checking_stock")).await;
                    }
                }
                Some(5) => {
                    // Twice at one moment, and back again.
                    desk.app
                        .write(move |tx| {
                            let permit = Permit::<SetStatus>::system(company, "test");
                            set_status(tx, &permit, busy, None, "no_answer")?;
                            set_status(tx, &permit, busy, None, "to_confirm")
                        })
                        .await;
                    desk.app.write(move |tx| cancel(tx, &Permit::<CancelOrders>::system(company, "test"), cancelled, None, "")).await;
                }
                Some(9) => {
                    desk.app
                        .write(move |tx| {
                            takt_orders::confirm(tx, &Permit::system(company, "test"), shipped)?;
                            let how = takt_shipments::Dispatch { tracking: Some("RA123456785RU".to_owned()), ..takt_shipments::Dispatch::default() };
                            takt_shipments::dispatch(tx, &Permit::system(company, "test"), shipped, &how)
                        })
                        .await;
                }
                Some(14) => counts(&desk, 40).await,
                Some(20) => counts(&desk, 3).await,
                _ => {}
            }
            desk.app.drain_with_failures().await;
        }
        assert!(shop.inside().written.is_empty() && shop.inside().notes.is_empty());
        // Meanwhile the shop sold something that it could tell nobody of.
        shop.inside().orders = vec![of_something_else(1046, 100), of_something_else(1047, 101)];
        shop.inside().mood = Mood::Well;
        for _ in 0..8 {
            desk.app.clock.advance_seconds(900);
            desk.app.drain_with_failures().await;
        }
        let written = shop.inside().written.clone();
        let of_order = |id: &str| -> Vec<(String, serde_json::Value)> {
            written.iter().filter(|(what, _)| what.contains(&format!("/orders/{id}"))).cloned().collect()
        };
        let status = |id: &str, status: &str| (format!("PUT /wp-json/wc/v3/orders/{id}"), json!({ "status": status }));
        let note = json!({ "note": "RA123456785RU", "customer_note": false });
        assert_eq!(
            of_order("1043"),
            vec![status("1043", "shipped"), ("POST /wp-json/wc/v3/orders/1043/notes".to_owned(), note)]
        );
        assert_eq!((of_order("1044"), of_order("1045")), (vec![status("1044", "cancelled")], vec![status("1045", "pending")]));
        let stocks: Vec<_> = written.iter().filter(|(what, _)| what.contains("products/batch")).map(|(_, body)| body.clone()).collect();
        assert_eq!(stocks, vec![stock(3)], "the last count alone, and once");
        assert_eq!((written.len(), desk.placed().await), (5, 5), "{written:?}");
        let asked = shop.inside().asked.iter().filter(|asked| asked.starts_with("PUT") || asked.starts_with("POST")).count();
        assert!(asked < 200, "{asked} attempts in a day");
    }

    async fn what_was_done_while_a_connection_was_paused_is_written_when_it_goes_on(place: Place) {
        let (desk, shop) = (Desk::open(place).await, Shop::open().await);
        desk.reach(&shop).await;
        desk.set(json!({ "write_orders": true, "statuses_back": { "checking_stock": "on-hold" } })).await;
        desk.tell("order.created", &order()).await.expect_status(200);
        let (company, connection) = (desk.company, desk.connection);
        let pause = move |paused: bool| {
            move |tx: &mut takt_store::Tx<'_>| {
                let permit = Permit::<takt_connections::ManageConnections>::system(company, "test");
                takt_connections::set_paused(tx, &permit, connection, paused)
            }
        };
        desk.app.write(pause(true)).await;
        moves_to(&desk, "checking_stock").await;
        desk.app.advance(3600).await;
        assert!(shop.inside().written.is_empty());
        desk.app.write(pause(false)).await;
        desk.app.advance(300).await;
        let written = vec![("PUT /wp-json/wc/v3/orders/1043".to_owned(), json!({ "status": "on-hold" }))];
        assert_eq!(shop.inside().written, written);
    }

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
