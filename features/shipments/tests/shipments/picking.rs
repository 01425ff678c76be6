use takt_testing::Client;
use takt_ui::Texts;

use crate::desk::Desk;

async fn shown(client: &Client, path: &str) -> String {
    let page = client.get(path).await.expect_status(200).text();
    assert_eq!(Texts::missing_in(&page), Vec::<String>::new(), "{path}");
    page
}

async fn press(client: &Client, path: &str, fields: &[(&str, &str)]) {
    let answer = client.post_form(path, fields).await;
    assert_eq!(answer.status.as_u16(), 303, "{path}: {}", answer.text());
}

takt_testing::on_both_engines! {
    async fn an_order_is_picked_packed_and_handed_over_by_taps(place: Place) {
        let desk = Desk::open(place).await;
        let order = desk.order("1", &[("TEA-100", 2), ("CUP-7", 1)]).await;
        let number = desk.find(order).await.number;
        let keeper = desk.signed_in("warehouse").await;
        let queue = shown(&keeper, "/pick").await;
        assert!(queue.contains(&number) && queue.contains(&format!("/pick/{order}/start")), "{queue}");
        press(&keeper, &format!("/pick/{order}/start"), &[]).await;
        let list = shown(&keeper, &format!("/pick/{order}")).await;
        assert!(list.contains("A-03-2") && list.contains("2 шт"), "{list}");
        press(&keeper, &format!("/pick/{order}/take"), &[]).await;
        press(&keeper, &format!("/pick/{order}/finish"), &[]).await;
        assert_eq!(desk.tasks(order).await, ["pick: done"]);
        assert!(shown(&keeper, "/pick").await.contains("Упаковано, ждёт передачи"));
        let page = shown(&keeper, &format!("/pick/{order}")).await;
        assert!(page.contains("Передано"), "{page}");
        let shipment = desk.shipments(order).await[0].id.to_string();
        let fields = [("shipment", shipment.as_str()), ("via", ""), ("tracking", " TRACK-1 "), ("places", "2"), ("weight", "1,5"), ("back", "/pick")];
        let answer = keeper.post_form(&format!("/shipments/of/{order}"), &fields).await;
        assert_eq!((answer.status.as_u16(), answer.location()), (303, "/pick"), "{}", answer.text());
        let left = desk.shipments(order).await.remove(0);
        assert_eq!((left.tracking.as_deref(), left.places, left.weight_grams), (Some("TRACK-1"), 2, Some(1500)));
        assert!(shown(&keeper, "/pick").await.contains("Собирать нечего"));
    }

    async fn what_is_not_there_is_told_to_the_manager_and_the_rest_is_packed(place: Place) {
        let desk = Desk::open(place).await;
        let order = desk.order("1", &[("TEA-100", 2), ("CUP-7", 1)]).await;
        let lines = desk.lines(order).await;
        let keeper = desk.signed_in("warehouse").await;
        let (tea, cup) = (lines[0].to_string(), lines[1].to_string());
        press(&keeper, &format!("/pick/{order}/take"), &[("line", &cup)]).await;
        let wrong = keeper.post_form(&format!("/pick/{order}/not-there"), &[("line", &tea), ("found", "2")]).await;
        assert_eq!(wrong.status.as_u16(), 422);
        press(&keeper, &format!("/pick/{order}/not-there"), &[("line", &tea), ("found", "1")]).await;
        assert_eq!(desk.find(order).await.last_comment.as_deref(), Some("Нет на месте: TEA-100, нашлось 1 из 2."));
        assert!(shown(&keeper, &format!("/pick/{order}")).await.contains("нашлось 1"));
        press(&keeper, &format!("/pick/{order}/finish"), &[]).await;
        assert_eq!(desk.tasks(order).await, ["pick: in_part", "missing_goods: "]);
        assert!(desk.find(order).await.ready_at.is_none());
        assert_eq!(desk.shipments(order).await.len(), 1);
    }

    async fn nothing_is_ready_before_every_line_was_looked_for_and_marks_can_be_taken_back(place: Place) {
        let desk = Desk::open(place).await;
        let order = desk.order("1", &[("TEA-100", 1), ("CUP-7", 1)]).await;
        let line = desk.lines(order).await[0].to_string();
        let keeper = desk.signed_in("warehouse").await;
        press(&keeper, &format!("/pick/{order}/take"), &[]).await;
        press(&keeper, &format!("/pick/{order}/put-back"), &[("line", &line)]).await;
        let refused = keeper.post_form(&format!("/pick/{order}/finish"), &[]).await.expect_status(422).text();
        assert!(refused.contains("отмечены не все позиции"), "{refused}");
        press(&keeper, &format!("/pick/{order}/not-there"), &[("line", &line), ("found", "0")]).await;
        press(&keeper, &format!("/pick/{order}/finish"), &[]).await;
        assert_eq!(desk.shipments(order).await.len(), 1);
    }

    async fn the_pick_list_is_for_those_who_pack(place: Place) {
        let desk = Desk::open(place).await;
        let order = desk.order("1", &[("TEA-100", 1)]).await;
        let accountant = desk.signed_in("accountant").await;
        accountant.get("/pick").await.expect_status(403);
        accountant.get(&format!("/pick/{order}")).await.expect_status(403);
        accountant.post_form(&format!("/pick/{order}/take"), &[]).await.expect_status(403);
        accountant.post_form(&format!("/shipments/of/{order}"), &[]).await.expect_status(403);
    }
}
