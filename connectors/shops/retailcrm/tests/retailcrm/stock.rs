use serde_json::json;
use takt_testing::on_both_engines;

use super::shop::Desk;

on_both_engines! {
    async fn stock_and_prices_go_both_ways(place: Place) {
        let desk = Desk::open(place).await;
        let none = desk.module.get("store/inventories?filter[details]=1&limit=250").await.expect(200);
        assert_eq!(none["offers"], json!([]), "an offer whose stock nobody told is not listed: a zero would empty the shop");
        let counted = json!([
            { "externalId": "40", "stores": [{ "code": null, "available": "968" }] },
            { "externalId": "gone", "stores": [{ "code": null, "available": 1 }] },
        ]);
        let body = desk.module.post("store/inventories/upload", &[("offers", counted)]).await.expect(200);
        assert_eq!((&body["processedOffersCount"], &body["notFoundOffers"]), (&json!(1), &json!([{ "externalId": "gone" }])));
        let offers = desk.module.get("store/inventories?filter[details]=1&limit=250").await.expect(200)["offers"].clone();
        assert_eq!((&offers[0]["externalId"], &offers[0]["quantity"]), (&json!("40"), &json!(968)));
        assert_eq!(offers[0]["stores"], json!([{ "quantity": 968, "purchasePrice": 0, "store": "main" }]));
        let plain = desk.module.get("store/inventories?filter[offerExternalId][]=40").await.expect(200);
        assert!(plain["offers"][0].get("stores").is_none());
        let prices = json!([
            { "externalId": "40", "site": "opencart", "prices": [{ "code": "base", "price": 120.5 }] },
            { "externalId": "TEA", "site": "opencart", "prices": [] },
            { "externalId": "gone", "prices": [] },
        ]);
        let body = desk.module.post("store/prices/upload", &[("prices", prices)]).await.expect(200);
        assert_eq!((&body["processedOffersCount"], &body["notFoundOffers"]), (&json!(2), &json!([{ "externalId": "gone" }])));
        let company = desk.company;
        let offers = desk.app.read(move |reader| takt_catalog::offers_by_sku(reader, company, &["40"])).await;
        assert_eq!(offers["40"].price.to_decimal_string(), "120.50");
        // Prices of other types are kept, given back, and never take the place of the base one.
        let other = |prices: serde_json::Value| json!([{ "externalId": "40", "prices": prices }]);
        for prices in [
            json!([{ "code": "promo", "price": 99.9 }, { "code": "wholesale", "price": "80" }, { "code": "no code!", "price": 1 }]),
            json!([{ "code": "promo", "price": 95 }, { "code": "wholesale", "remove": true }, { "code": "base", "remove": true }]),
        ] {
            desk.module.post("store/prices/upload", &[("prices", other(prices))]).await.expect(200);
        }
        let listed = desk.module.get("store/offers?filter[externalIds][]=40").await.expect(200);
        assert_eq!(
            listed["offers"][0]["prices"],
            json!([
                { "priceType": "base", "price": 120.5, "ordering": 10, "currency": "RUB" },
                { "priceType": "promo", "price": 95, "ordering": 20, "currency": "RUB" },
            ])
        );
        let stores = desk.module.get("reference/stores").await.expect(200);
        assert_eq!(stores["stores"][0]["code"], "main");
    }

    async fn what_is_not_said_of_stock_and_prices_is_no_nought(place: Place) {
        let desk = Desk::open(place).await;
        let offers = |store: serde_json::Value| json!([{ "externalId": "40", "stores": [store] }]);
        let upload = async |store| desk.module.post("store/inventories/upload", &[("offers", offers(store))]).await;
        upload(json!({ "code": "main", "available": 968 })).await.expect(200);
        for said in [
            json!({ "code": "main", "purchasePrice": 70 }),
            json!({ "code": "main", "available": null }),
            json!({ "code": "main", "available": "" }),
        ] {
            let body = upload(said).await.expect(200);
            assert_eq!(body["processedOffersCount"], 1);
        }
        let stock = async || {
            desk.module.get("store/inventories?filter[offerExternalId][]=40").await.expect(200)["offers"][0]["quantity"].clone()
        };
        assert_eq!(stock().await, json!(968), "who says what the goods cost has counted nothing");
        upload(json!({ "code": "main", "available": 0 })).await.expect(200);
        assert_eq!(stock().await, json!(0));
        for price in [json!(""), json!(null)] {
            let prices = json!([{ "externalId": "40", "prices": [{ "code": "base", "price": price }] }]);
            desk.module.post("store/prices/upload", &[("prices", prices)]).await.expect(200);
        }
        let dear = json!([{ "externalId": "40", "prices": [{ "code": "base", "price": "1,234" }] }]);
        desk.module.post("store/prices/upload", &[("prices", dear)]).await.refused(400, "Errors in the entity format");
        let company = desk.company;
        let offers = desk.app.read(move |reader| takt_catalog::offers_by_sku(reader, company, &["40"])).await;
        assert_eq!(offers["40"].price.to_decimal_string(), "101.00");
    }
}
