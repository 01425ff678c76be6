//! Tracking numbers and variations: written once, in the order in which they came to be, whatever the shop does
//! meanwhile, and nothing there is ever deleted.

use serde_json::json;
use takt_kernel::money::Quantity;
use takt_orders::{ConfirmOrders, LineId, confirm};
use takt_shipments::{Dispatch, DispatchOrders, Edit};
use takt_staff::Permit;
use takt_stock::{Incoming, MoveStock};
use takt_store::Query;
use takt_testing::on_both_engines;

use super::{
    desk::{Desk, later, order, product},
    shop::{Mood, Shop},
};

async fn confirmed(desk: &Desk) {
    let (company, id) = (desk.company, desk.order("1043").await.0.id);
    desk.app.write(move |tx| confirm(tx, &Permit::<ConfirmOrders>::system(company, "test"), id)).await;
    desk.app.drain().await;
}

async fn leaves(desk: &Desk, tracking: &'static str, lines: Vec<(LineId, Quantity)>) {
    let (company, id) = (desk.company, desk.order("1043").await.0.id);
    let how = Dispatch { tracking: Some(tracking.to_owned()), lines, ..Dispatch::default() };
    desk.app
        .write(move |tx| {
            let permit = Permit::<DispatchOrders>::system(company, "test");
            takt_shipments::dispatch(tx, &permit, id, &how)
        })
        .await;
    desk.app.drain().await;
}

async fn received(desk: &Desk, sku: &'static str, pieces: i64) {
    let company = desk.company;
    desk.app
        .write(move |tx| {
            let offer = takt_stock::offer_of(tx, company, sku)?;
            let permit = Permit::<MoveStock>::system(company, "test");
            takt_stock::receive(tx, &permit, &Incoming::of(offer, Quantity::whole(pieces)))
        })
        .await;
    desk.app.drain().await;
}

fn only_writes(shop: &Shop) -> bool {
    shop.inside().asked.iter().all(|asked| !asked.starts_with("DELETE"))
}

on_both_engines! {
    async fn tracking_numbers_become_notes_each_once_and_in_order(place: Place) {
        let (desk, shop) = (Desk::open(place).await, Shop::open().await);
        desk.reach(&shop).await;
        desk.set(json!({ "write_orders": true })).await;
        desk.tell("order.created", &order()).await.expect_status(200);
        confirmed(&desk).await;
        let (_, lines) = desk.order("1043").await;
        leaves(&desk, "TRACK-1", vec![(lines[0].id, Quantity::whole(1))]).await;
        assert_eq!(shop.inside().notes, ["TRACK-1"]);
        // The shop is away while the rest leaves; it is written when it is back, once.
        shop.inside().mood = Mood::Busy;
        leaves(&desk, "TRACK-2", Vec::new()).await;
        assert_eq!(shop.inside().notes, ["TRACK-1"]);
        shop.inside().mood = Mood::Well;
        desk.app.advance(1900).await;
        desk.app.advance(1900).await;
        assert_eq!(shop.inside().notes, ["TRACK-1", "TRACK-2"]);
        // Its own echo, and the same shipment looked at again, write nothing more.
        desk.tell("order.updated", &later(90, json!({}))).await.expect_status(200);
        let (company, id) = (desk.company, desk.order("1043").await.0.id);
        let first = desk.app.read(move |r| takt_shipments::of_order(r, company, id)).await;
        let edit = Edit { places: 2, tracking: first[0].tracking.clone(), via: first[0].via, weight_grams: None };
        let shipment = first[0].id;
        desk.app
            .write(move |tx| {
                takt_shipments::edit(tx, &Permit::<DispatchOrders>::system(company, "test"), shipment, &edit)
            })
            .await;
        desk.app.drain().await;
        desk.app.advance(600).await;
        assert_eq!(shop.inside().notes, ["TRACK-1", "TRACK-2"]);
        assert!(only_writes(&shop), "{:?}", shop.inside().asked);
    }

    async fn a_note_that_was_written_before_the_line_broke_is_not_written_again(place: Place) {
        let (desk, shop) = (Desk::open(place).await, Shop::open().await);
        desk.reach(&shop).await;
        desk.set(json!({ "write_orders": true })).await;
        desk.tell("order.created", &order()).await.expect_status(200);
        confirmed(&desk).await;
        shop.inside().notes = vec!["Посылка TRACK-7 в пути".to_owned()];
        leaves(&desk, "TRACK-7", Vec::new()).await;
        assert_eq!(shop.inside().notes, ["Посылка TRACK-7 в пути"]);
        assert!(shop.inside().written.iter().all(|(path, _)| !path.ends_with("/notes")));
    }

    async fn a_product_that_the_shop_refuses_is_tried_again_and_hinders_no_other(place: Place) {
        let (desk, shop) = (Desk::open(place).await, Shop::open().await);
        desk.reach(&shop).await;
        desk.set(json!({ "write_stock": true })).await;
        for (id, sku) in [(75, "GONE"), (76, "LOCKED"), (77, "TEA-100")] {
            let mut one = product();
            (one["id"], one["sku"]) = (json!(id), json!(sku));
            desk.tell("product.created", &one).await.expect_status(200);
            received(&desk, sku, 3).await;
        }
        shop.inside().refused.extend([
            (75, "woocommerce_rest_product_invalid_id"),
            (76, "woocommerce_rest_cannot_edit"),
        ]);
        let ids = |shop: &Shop| -> Vec<i64> {
            let written = std::mem::take(&mut shop.inside().written);
            written.iter().flat_map(|(_, body)| body["update"].as_array().cloned().unwrap_or_default())
                .filter_map(|one| one["id"].as_i64()).collect()
        };
        desk.app.advance(300).await;
        assert_eq!(ids(&shop), [75, 76, 77]);
        // What is not there any more is done with, what was refused is not.
        desk.app.advance(300).await;
        assert_eq!(ids(&shop), [76]);
        shop.inside().refused.clear();
        desk.app.advance(300).await;
        assert_eq!(ids(&shop), [76]);
        desk.app.advance(300).await;
        assert_eq!(ids(&shop), [] as [i64; 0]);
    }

    async fn stock_of_a_variation_is_written_below_its_product(place: Place) {
        let (desk, shop) = (Desk::open(place).await, Shop::open().await);
        desk.reach(&shop).await;
        desk.set(json!({ "write_stock": true })).await;
        // The order tells which variation a SKU is; the product is told beside it.
        desk.tell("product.created", &product()).await.expect_status(200);
        let mut variation = product();
        (variation["id"], variation["parent_id"]) = (json!(201), json!(88));
        (variation["sku"], variation["type"]) = (json!("CARD-BLUE"), json!("variation"));
        desk.tell("product.created", &variation).await.expect_status(200);
        received(&desk, "TEA-100", 3).await;
        received(&desk, "CARD-BLUE", 9).await;
        desk.app.advance(300).await;
        let mut written = shop.inside().written.clone();
        written.sort_by(|one, other| one.0.cmp(&other.0));
        let update = |id: i64, pieces: i64| {
            json!({ "update": [{ "id": id, "manage_stock": true, "stock_quantity": pieces }] })
        };
        let expected = vec![
            ("POST /wp-json/wc/v3/products/88/variations/batch".to_owned(), update(201, 9)),
            ("POST /wp-json/wc/v3/products/batch".to_owned(), update(77, 3)),
        ];
        assert_eq!(written, expected);
        // The echo of the variation changes nothing, and a later movement is written in its place.
        variation["stock_quantity"] = json!(9);
        variation["date_modified_gmt"] = json!("2026-11-02T06:05:00");
        desk.tell("product.updated", &variation).await.expect_status(200);
        desk.app.advance(300).await;
        assert_eq!(shop.inside().written.len(), 2);
        received(&desk, "CARD-BLUE", 1).await;
        desk.app.advance(300).await;
        let last = shop.inside().written.last().cloned();
        assert_eq!(last, Some(("POST /wp-json/wc/v3/products/88/variations/batch".to_owned(), update(201, 10))));
        assert!(only_writes(&shop), "{:?}", shop.inside().asked);
        let differs = desk.app.read({
            let (company, connection) = (desk.company, desk.connection);
            move |r| {
                let now = r.now();
                Ok(takt_connections::standing(r, company, connection, now)?.differing)
            }
        }).await;
        assert_eq!(differs, 0, "what is written over is no difference");
    }
}
