use serde_json::{Value, json};
use takt_shipments::Dispatch;
use takt_ui::Texts;

use crate::desk::{Desk, company, signed_in};

takt_testing::on_both_engines! {
    async fn the_register_finds_shipments_by_number_and_state(place: Place) {
        let desk = Desk::open(place).await;
        let carrier = desk.carrier("Почта <1>", 7).await;
        let (sent, packed) = (desk.order("1", &[("TEA-100", 1)]).await, desk.order("2", &[("TEA-100", 1)]).await);
        desk.dispatch(sent, desk.by(carrier).await).await.expect("left");
        desk.pack(packed, Vec::new()).await.expect("packed");
        let (sent, packed) = (format!("/orders/{sent}"), format!("/orders/{packed}"));
        let manager = desk.signed_in("manager").await;
        for (path, first, second) in [
            ("/shipments", true, true),
            ("/shipments?q=ra1234", true, false),
            ("/shipments?state=packed", false, true),
            ("/shipments?state=delivered", false, false),
        ] {
            let page = manager.get(path).await.expect_status(200).text();
            assert_eq!((page.contains(&sent), page.contains(&packed)), (first, second), "{path}");
            assert_eq!(Texts::missing_in(&page), Vec::<String>::new(), "{path}");
        }
    }

    async fn a_storekeeper_begins_at_what_is_to_be_picked(place: Place) {
        let desk = Desk::open(place).await;
        for (role, start) in [("warehouse", "/pick"), ("manager", "/orders")] {
            assert_eq!(desk.signed_in(role).await.get("/").await.location(), start, "{role}");
        }
    }

    async fn an_order_is_packed_sent_and_delivered_from_its_card(place: Place) {
        let desk = Desk::open(place).await;
        let order = desk.order("1", &[("TEA-100", 2)]).await;
        let manager = desk.signed_in("manager").await;
        let card = format!("/orders/{order}");
        let page = manager.get(&card).await.expect_status(200).text();
        assert!(page.contains(&format!("/shipments/of/{order}/pack")), "{page}");
        assert_eq!(manager.post_form(&format!("/shipments/of/{order}/pack"), &[]).await.location(), card);
        let page = manager.get(&format!("/shipments/of/{order}")).await.expect_status(200).text();
        assert_eq!(Texts::missing_in(&page), Vec::<String>::new());
        let refused = [("tracking", "T"), ("places", "0")];
        let page = manager.post_form(&format!("/shipments/of/{order}"), &refused).await.expect_status(422).text();
        assert!(page.contains("число мест"), "{page}");
        assert_eq!(manager.post_form(&format!("/shipments/of/{order}"), &[("tracking", "T")]).await.location(), card);
        let shipment = desk.shipments(order).await[0].id;
        manager.get(&format!("/shipments/{shipment}")).await.expect_status(200);
        let answer = manager.post_form(&format!("/shipments/{shipment}"), &[("tracking", "T-2"), ("places", "1")]).await;
        assert_eq!(answer.location(), card, "{}", answer.text());
        let page = manager.get(&card).await.expect_status(200).text();
        assert!(page.contains("T-2") && page.contains(&format!("/shipments/{shipment}/deliver")), "{page}");
        assert_eq!(Texts::missing_in(&page), Vec::<String>::new());
        assert_eq!(manager.post_form(&format!("/shipments/{shipment}/deliver"), &[]).await.location(), card);
        assert!(desk.find(order).await.delivered_at.is_some());
    }

    async fn a_part_of_an_order_leaves_by_the_form(place: Place) {
        let desk = Desk::open(place).await;
        let order = desk.order("1", &[("TEA-100", 2), ("CUP-7", 1)]).await;
        let line = format!("line.{}", desk.lines(order).await[0]);
        let manager = desk.signed_in("manager").await;
        let fields = [("tracking", "T"), ("places", "1"), (line.as_str(), "1")];
        let answer = manager.post_form(&format!("/shipments/of/{order}"), &fields).await;
        assert_eq!(answer.status.as_u16(), 303, "{}", answer.text());
        assert_eq!(desk.find(order).await.shipped, takt_orders::Shipped::Part);
    }

    async fn strangers_see_no_shipments_and_no_orders_to_pick(place: Place) {
        let desk = Desk::open(place).await;
        let order = desk.order("1", &[("TEA-100", 1)]).await;
        let shipment = desk.dispatch(order, Dispatch::default()).await.expect("left");
        let stranger = company(&desk.app, "Чужая").await;
        let owner = signed_in(&desk.app, stranger, "owner").await;
        let card = format!("/orders/{order}");
        assert!(!owner.get("/shipments").await.expect_status(200).text().contains(&card));
        for path in [format!("/pick/{order}"), format!("/shipments/{shipment}"), format!("/shipments/of/{order}")] {
            owner.get(&path).await.expect_status(404);
        }
        owner.post_form(&format!("/shipments/{shipment}/deliver"), &[]).await.expect_status(404);
    }

    async fn carriers_are_kept_in_the_settings(place: Place) {
        let desk = Desk::open(place).await;
        let owner = desk.signed_in("owner").await;
        let carriers = "/settings/carriers";
        let good = [("name", "Почта"), ("tracking_url", "https://example.org/{number}"), ("days", "5")];
        assert_eq!(owner.post_form(carriers, &good).await.status.as_u16(), 303);
        owner.post_form(carriers, &good).await.expect_status(422);
        let bad = [("name", "Другая"), ("tracking_url", "javascript:alert(1)//{number}")];
        owner.post_form(carriers, &bad).await.expect_status(422);
        let page = owner.get(carriers).await.expect_status(200).text();
        assert!(page.contains("напоминание через 5 дней"), "{page}");
        assert_eq!(Texts::missing_in(&page), Vec::<String>::new());
        let operator = desk.signed_in("operator").await;
        operator.post_form(carriers, &good).await.expect_status(403);
    }

    async fn a_program_reads_the_shipments_of_an_order(place: Place) {
        let desk = Desk::open(place).await;
        let carrier = desk.carrier("Почта", 7).await;
        let order = desk.order("1", &[("TEA-100", 2)]).await;
        desk.dispatch(order, desk.by(carrier).await).await.expect("left");
        let program = desk.program("shipments:read").await;
        let list: Value = program.get(&format!("/api/v1/shipments?order={order}")).await.expect_status(200).json();
        let item = &list["items"][0];
        assert_eq!((&item["state"], &item["carrier"]), (&json!("handed_over"), &json!("Почта")));
        assert_eq!(item["lines"][0]["quantity"], "2");
        program.get("/api/v1/shipments?order=999999").await.expect_status(404);
        program.get("/api/v1/shipments?state=lost").await.expect_status(422);
        desk.program("orders:read").await.get("/api/v1/shipments").await.expect_status(403);
    }
}
