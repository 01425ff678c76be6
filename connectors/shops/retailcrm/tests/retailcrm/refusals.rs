use serde_json::json;
use takt_testing::on_both_engines;

use super::shop::{Desk, order};

on_both_engines! {
    async fn refusals_are_the_protocols_own(place: Place) {
        let desk = Desk::open(place).await;
        for (path, status, message) in [
            ("/api/v5/orders", 403, "\"apiKey\" is missing."),
            ("/api/v5/orders?apiKey=nope", 403, "Wrong \"apiKey\" value."),
            ("/api/v5/orders?apiKey=takt_nope", 403, "Wrong \"apiKey\" value."),
            ("/api/v5/nonsense", 404, "API method not found"),
            ("/api/v5/orders/create", 405, "Method Not Allowed"),
        ] {
            desk.module.replay("GET", path, None, Vec::new()).await.refused(status, message);
        }
        for key in ["X-API-KEY", "x-api-key"] {
            let client = desk.app.client().with_header(key, &desk.module.key);
            client.get("/api/credentials").await.expect_status(200);
        }
        desk.module.get("orders/1?by=idd").await
            .refused(400, "Value \"idd\" for \"by\" param is not valid. Allowed values are externalId, id.");
        desk.module.post("orders/create", &[]).await.refused(400, "Parameter 'order' is missing");
        let body = desk.module.post("orders/create", &[("order", json!("{\"items\":"))]).await.refused(400, "Errors in the entity format");
        assert!(body["errors"]["order"].is_string(), "{body}");
        let mut wrong = order("1");
        wrong["items"][0]["initialPrice"] = json!("much");
        desk.module.create(&wrong).await.refused(400, "Errors in the entity format");
        let mut wrong = order("1");
        wrong["currency"] = json!("EUR");
        let body = desk.module.create(&wrong).await.refused(400, "Errors in the entity format");
        assert!(body["errors"]["order.currency"].is_string(), "{body}");
        let mut wrong = order("1");
        wrong["items"] = json!(vec![wrong["items"][0].clone(); 1001]);
        let body = desk.module.create(&wrong).await.refused(400, "Errors in the entity format");
        assert!(body["errors"]["order.items"].is_string(), "{body}");
        assert_eq!(desk.placed().await, 0);
    }

    async fn what_can_be_understood_is(place: Place) {
        let desk = Desk::open(place).await;
        let mut odd = order("1");
        odd["items"] = json!({ "119": { "offer": { "externalId": 40 }, "initialPrice": 101, "quantity": 2.0, "properties": [] } });
        odd["externalId"] = json!(1);
        odd["customFields"] = json!([]);
        odd["email"] = json!("not an address");
        odd["delivery"]["service"] = json!({ "name": "x", "code": "y", "active": true });
        odd["nobodyKnows"] = json!({ "this": [1, 2, 3] });
        let body = desk.module.create(&odd).await.expect(201);
        assert_eq!((&body["order"]["externalId"], &body["order"]["items"][0]["quantity"]), (&json!("1"), &json!(2)));
        let mut nobody = order("2");
        for field in ["firstName", "lastName", "phone", "email", "customer"] {
            nobody.as_object_mut().expect("fields").remove(field);
        }
        desk.module.create(&nobody).await.expect(201);
    }

    async fn a_modules_reads_are_limited_and_its_writes_never(place: Place) {
        let desk = Desk::open(place).await;
        let mut limited = 0;
        for _ in 0..120 {
            let answer = desk.module.get("reference/sites").await;
            if answer.status == 503 {
                assert_eq!(answer.body["errorMsg"], "Rate limit exceeded");
                limited += 1;
            }
        }
        assert_eq!(limited, 20);
        desk.module.create(&order("1")).await.expect(201);
    }
}
