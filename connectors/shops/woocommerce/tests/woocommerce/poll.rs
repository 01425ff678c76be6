use std::time::{Duration, Instant};

use serde_json::json;
use takt_connections::messages::State;
use takt_shops_port::poll::{Standing, standing};
use takt_testing::on_both_engines;

use super::{
    desk::{self, Desk, later, of, order},
    shop::{Mood, Shop},
};

/// Nobody waits so long but for what never comes.
const IN_VAIN: Duration = Duration::from_secs(60);

async fn how_it_stands(desk: &Desk) -> Standing {
    let connection = desk.connection().await;
    desk.app.read(move |reader| standing(reader, &connection)).await.expect("it was asked")
}

on_both_engines! {
    async fn what_no_webhook_said_is_found(place: Place) {
        let (desk, shop) = (Desk::open(place).await, Shop::open().await);
        desk.tell("order.created", &order()).await.expect_status(200);
        shop.inside().orders = vec![order(), of(1044, 3, json!({})), of(1045, 4, json!({ "currency": "EUR" }))];
        desk.reach(&shop).await;
        desk.app.advance(1).await;
        assert_eq!(desk.placed().await, 2);
        assert_eq!(desk.order("1044").await.0.number, "1044");
        assert_eq!(desk.quarantine().await, ["shops.currency_differs"]);
        let stands = how_it_stands(&desk).await;
        assert_eq!((stands.asked, stands.found, stands.problem), (3, 2, None));
        assert_eq!(stands.cursor.to_string(), "2026-11-02T06:00:00Z", "when it was connected");
        assert_eq!(desk.connection().await.settings["poll"]["found"], json!(2), "people see it");
        let authorization = shop.inside().authorization.clone();
        assert_eq!(authorization.as_deref(), Some("Basic Y2tfMTpjc18x"));
        // The same again is no news, a change is.
        desk.app.advance(300).await;
        assert_eq!((how_it_stands(&desk).await.found, desk.quarantine().await.len()), (2, 1));
        shop.inside().orders[1] =
            of(1044, 50, json!({ "customer_note": "к пяти", "date_modified_gmt": "2026-11-02T06:07:00" }));
        desk.app.advance(300).await;
        assert_eq!(how_it_stands(&desk).await.cursor.to_string(), "2026-11-02T06:07:00Z");
        assert_eq!(desk.order("1044").await.0.comment.as_deref(), Some("к пяти"));
        assert_eq!(desk.placed().await, 2);
    }

    async fn everything_is_asked_for_to_the_real_end(place: Place) {
        let (desk, shop) = (Desk::open(place).await, Shop::open().await);
        // More than a page changed within one second, and more than a page after it.
        let at = |number: i64| if number < 130 { 0 } else { number / 10 };
        let orders = (0..260).map(|number| of(5000 + number, at(number), json!({})));
        shop.inside().orders = orders.collect();
        desk.reach(&shop).await;
        desk.app.advance(1).await;
        assert_eq!(desk.placed().await, 260);
        assert_eq!(how_it_stands(&desk).await.found, 260);
        let pages = shop.inside().asked.len();
        assert!(pages <= 8, "{pages} {:?}", shop.inside().asked);
    }

    async fn a_shop_that_is_down_for_a_day_loses_nothing(place: Place) {
        let (desk, shop) = (Desk::open(place).await, Shop::open().await);
        desk.reach(&shop).await;
        desk.app.advance(1).await;
        shop.inside().mood = Mood::Down;
        let before = shop.inside().asked.len();
        for _ in 0..96 {
            desk.app.advance(900).await;
        }
        let asked = shop.inside().asked.len() - before;
        assert!((12..=48).contains(&asked), "asked {asked} times in a day");
        let stands = how_it_stands(&desk).await;
        assert_eq!(stands.problem.as_deref(), Some("shops.answered_badly"));
        assert_eq!(desk.app.facts_named("shops.unreachable").await, 1);
        shop.inside().orders = (0..5).map(|number| of(6000 + number, 100 + number, json!({}))).collect();
        shop.inside().mood = Mood::Well;
        desk.app.advance(3600).await;
        desk.app.advance(300).await;
        assert_eq!((desk.placed().await, how_it_stands(&desk).await.problem), (5, None));
        assert_eq!(desk.app.facts_named("shops.reached_again").await, 1);
    }

    async fn a_shop_that_asks_for_rest_has_it(place: Place) {
        let (desk, shop) = (Desk::open(place).await, Shop::open().await);
        shop.inside().mood = Mood::Busy;
        desk.reach(&shop).await;
        desk.app.advance(1).await;
        for _ in 0..5 {
            desk.app.advance(300).await;
        }
        assert_eq!(shop.inside().asked.len(), 1, "half an hour of rest");
        shop.inside().mood = Mood::Well;
        shop.inside().orders = vec![later(1, json!({}))];
        desk.app.advance(600).await;
        assert_eq!(desk.placed().await, 1);
    }

    async fn a_hung_shop_does_not_slow_another(place: Place) {
        let (desk, well, hung) = (Desk::open(place).await, Shop::open().await, Shop::open().await);
        hung.inside().mood = Mood::Hung;
        well.inside().orders = vec![order()];
        let other = desk::shop(&desk.app, desk.company, "Кофе").await;
        let (sick, _) = desk::connect(&desk.app, desk.company, other).await;
        desk.reach_by(sick, &hung).await;
        desk.reach(&well).await;
        let began = Instant::now();
        let drained = desk.app.clock.clone();
        drained.advance_seconds(1);
        let (_, ()) = futures::future::join(desk.app.drain(), async {
            while desk.placed().await == 0 {
                assert!(began.elapsed() < IN_VAIN, "it waits for the hung one");
                tokio::task::yield_now().await;
            }
        })
        .await;
        assert_eq!(desk.placed().await, 1);
        assert_eq!(hung.inside().asked.len(), 1, "asked once, and given up");
    }

    async fn keys_travel_only_sealed_and_only_outside(place: Place) {
        let desk = Desk::open(place).await;
        let shop = Shop::open().await;
        desk.reach(&shop).await;
        for (url, code) in [
            ("http://shop.example", "shops.address_not_https"),
            ("https://10.0.0.1", "outbound.out_of_reach"),
        ] {
            desk.set(json!({ "url": url })).await;
            desk.app.advance(4000).await;
            assert_eq!(how_it_stands(&desk).await.problem.as_deref(), Some(code), "{url}");
        }
        let told = desk.app.fact_log().await;
        assert!(!told.contains("cs_1") && !told.contains(&desk.secret), "no fact tells a secret");
    }

    async fn a_connection_without_keys_is_not_asked(place: Place) {
        let (desk, shop) = (Desk::open(place).await, Shop::open().await);
        desk.set(json!({ "url": shop.address })).await;
        desk.app.advance(600).await;
        assert!(shop.inside().asked.is_empty());
        assert!(desk.messages(State::Received).await.is_empty());
    }
}
