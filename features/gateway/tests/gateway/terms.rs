use serde_json::{Value, json};
use takt_testing::on_both_engines;
use takt_ui::Texts;

use super::desk::{Desk, ORDERS, order};

on_both_engines! {
    async fn an_order_that_says_nothing_is_paid_as_is_usual_for_its_shop(place: Place) {
        let desk = Desk::open(place).await;
        let manager = desk.signed_in(desk.company, "manager").await;
        let client = desk.writer().await;
        let terms = async |external_id: &str, status: u16| {
            let body: Value = client.post_json(ORDERS, &order(external_id)).await.expect_status(status).json();
            (body["terms"].clone(), body["credit_days"].clone())
        };
        assert_eq!(terms("1", 201).await, (json!("prepaid"), json!(0)));
        let page = manager.get("/settings/intake").await.expect_status(200).text();
        assert_eq!(Texts::missing_in(&page), Vec::<String>::new());
        let shop = format!("{}.terms", desk.shop);
        let days = format!("{}.credit_days", desk.shop);
        manager.post_form("/settings/intake", &[("company.terms", "on_delivery")]).await.expect_status(303);
        assert_eq!(terms("2", 201).await, (json!("on_delivery"), json!(0)));
        let refused = manager.post_form("/settings/intake", &[(&shop, "credit"), (&days, "900")]).await;
        assert_eq!(refused.status, 422);
        assert!(refused.text().contains("от 1 до 365"), "{}", refused.text());
        manager.post_form("/settings/intake", &[("company.terms", "on_delivery"), (&shop, "credit"), (&days, "14")]).await.expect_status(303);
        assert_eq!(terms("3", 201).await, (json!("credit"), json!(14)));
        let mut said = order("4");
        said["terms"] = json!("prepaid");
        let said: Value = client.post_json(ORDERS, &said).await.expect_status(201).json();
        assert_eq!(said["terms"], "prepaid");
        // What was usual when it came is part of it: sent again it is no other order.
        assert_eq!(terms("1", 200).await, (json!("prepaid"), json!(0)));
        assert_eq!(terms("2", 200).await, (json!("on_delivery"), json!(0)));
        let mut other = order("2");
        other["comment"] = json!("другое");
        client.post_json(ORDERS, &other).await.expect_status(409);
        assert_eq!(desk.placed().await, 4);
    }

    async fn only_who_manages_decides_what_is_usual(place: Place) {
        let desk = Desk::open(place).await;
        let operator = desk.signed_in(desk.company, "operator").await;
        operator.get("/settings/intake").await.expect_status(403);
        operator.post_form("/settings/intake", &[("company.terms", "credit")]).await.expect_status(403);
    }
}
