use takt_ui::Texts;

use crate::desk::{Desk, company, signed_in};

takt_testing::on_both_engines! {
    async fn stock_is_seen_on_its_page_on_the_product_and_on_the_order(place: Place) {
        let desk = Desk::open(place).await;
        desk.receive(desk.tea, 5).await;
        let order = desk.order("1", &[("TEA-100", 2), ("CUP-7", 1)]).await;
        let manager = desk.signed_in("manager").await;
        for path in ["/stock", "/stock?q=TEA", "/products", "/settings/warehouses"] {
            let page = manager.get(path).await.expect_status(200).text();
            assert_eq!(Texts::missing_in(&page), Vec::<String>::new(), "{path}");
        }
        let stock = manager.get("/stock").await.text();
        assert!(stock.contains("Не хватает для заказов") && stock.contains("CUP-7"), "{stock}");
        let product = manager.get(&format!("/products/{}", desk.tea)).await.expect_status(200).text();
        assert!(product.contains("Основной склад") && product.contains("Приход"), "{product}");
        let card = manager.get(&format!("/orders/{order}")).await.expect_status(200).text();
        assert!(card.contains("Где в резерве"), "{card}");
        assert_eq!(Texts::missing_in(&card), Vec::<String>::new());
    }

    async fn goods_are_received_and_counted_by_a_form(place: Place) {
        let desk = Desk::open(place).await;
        let storekeeper = desk.signed_in("warehouse").await;
        let at = format!("{}.0", desk.company);
        let back = format!("/products/{}", desk.tea);
        let fields = [("place", at.as_str()), ("sku", "TEA-100"), ("kind", "receipt"), ("quantity", "7,5"), ("shelf", "A-1"), ("back", &back)];
        let answer = storekeeper.post_form("/stock/movements", &fields).await;
        assert_eq!((answer.status.as_u16(), answer.location()), (303, back.as_str()));
        let fields = [("place", at.as_str()), ("sku", "TEA-100"), ("kind", "count"), ("quantity", "6")];
        assert_eq!(storekeeper.post_form("/stock/movements", &fields).await.location(), "/stock");
        assert_eq!(desk.level(desk.tea).await, "6/0");
        let wrong = [("place", at.as_str()), ("sku", "NONE"), ("kind", "receipt"), ("quantity", "1")];
        let page = storekeeper.post_form("/stock/movements", &wrong).await.expect_status(422).text();
        assert!(page.contains("Такого артикула нет"), "{page}");
    }

    async fn who_may_not_move_goods_is_refused_and_strangers_see_nothing(place: Place) {
        let desk = Desk::open(place).await;
        desk.receive(desk.tea, 7).await;
        let auditor = desk.signed_in("auditor").await;
        let at = format!("{}.0", desk.company);
        let fields = [("place", at.as_str()), ("sku", "TEA-100"), ("kind", "receipt"), ("quantity", "1")];
        auditor.post_form("/stock/movements", &fields).await.expect_status(403);
        let stranger = company(&desk.app, "Чужая").await;
        let owner = signed_in(&desk.app, stranger, "owner").await;
        owner.post_form("/stock/movements", &fields).await.expect_status(404);
        let page = owner.get("/stock").await.expect_status(200).text();
        assert!(!page.contains("TEA-100"), "{page}");
        assert_eq!(desk.level(desk.tea).await, "7/0");
    }

    async fn warehouses_are_kept_in_the_settings(place: Place) {
        let desk = Desk::open(place).await;
        let owner = desk.signed_in("owner").await;
        assert_eq!(owner.post_form("/settings/warehouses", &[("name", "Казань")]).await.status.as_u16(), 303);
        owner.post_form("/settings/warehouses", &[("name", "Казань")]).await.expect_status(422);
        let page = owner.get("/settings/warehouses").await.expect_status(200).text();
        assert!(page.contains("Казань") && page.contains("Основной склад"), "{page}");
        let operator = desk.signed_in("operator").await;
        operator.post_form("/settings/warehouses", &[("name", "Тверь")]).await.expect_status(403);
    }
}
