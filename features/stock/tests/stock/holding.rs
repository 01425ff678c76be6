use takt_kernel::money::Quantity;

use crate::desk::Desk;

takt_testing::on_both_engines! {
    async fn an_order_holds_what_there_is_and_is_short_of_the_rest(place: Place) {
        let desk = Desk::open(place).await;
        desk.receive(desk.tea, 10).await;
        desk.receive(desk.cup, 1).await;
        let whole = desk.order("1", &[("TEA-100", 3)]).await;
        let part = desk.order("2", &[("TEA-100", 2), ("CUP-7", 3)]).await;
        let none = desk.order("3", &[("CUP-7", 1)]).await;
        assert_eq!(desk.reserved(whole).await, "all: 3");
        assert_eq!(desk.reserved(part).await, "part: 2, 1");
        assert_eq!(desk.reserved(none).await, "none: 0");
        assert_eq!((desk.level(desk.tea).await, desk.level(desk.cup).await), ("10/5".into(), "1/1".into()));
        assert_eq!(desk.app.facts_named("stock.short").await, 2);
        desk.is_sound().await;
    }

    async fn a_sku_the_catalogue_does_not_know_is_never_reserved(place: Place) {
        let desk = Desk::open(place).await;
        desk.receive(desk.tea, 10).await;
        let order = desk.order("1", &[("TEA-100", 1), ("UNKNOWN", 1)]).await;
        assert_eq!(desk.reserved(order).await, "part: 1, 0");
        let unknown = desk.order("2", &[("UNKNOWN", 1)]).await;
        assert_eq!(desk.reserved(unknown).await, "none: 0");
        desk.is_sound().await;
    }

    async fn a_line_is_held_whole_in_one_warehouse_if_one_has_it_all(place: Place) {
        let desk = Desk::open(place).await;
        desk.receive(desk.tea, 2).await;
        let kazan = desk.warehouse("Казань").await;
        desk.receive_at(Some(kazan), desk.tea, 3).await;
        desk.order("1", &[("TEA-100", 3)]).await;
        let held = |levels: Vec<takt_stock::Level>| levels.iter().map(|level| level.held.to_string()).collect::<Vec<_>>();
        assert_eq!(held(desk.levels(desk.tea).await), ["0", "3"]);
        desk.receive_at(Some(kazan), desk.tea, 1).await;
        let split = desk.order("2", &[("TEA-100", 3)]).await;
        assert_eq!(held(desk.levels(desk.tea).await), ["2", "4"]);
        assert_eq!(desk.reserved(split).await, "all: 3");
        desk.is_sound().await;
    }

    async fn what_ships_leaves_the_shelf_and_the_reserve(place: Place) {
        let desk = Desk::open(place).await;
        desk.receive(desk.tea, 10).await;
        desk.receive(desk.cup, 1).await;
        let order = desk.order("1", &[("TEA-100", 4), ("CUP-7", 2)]).await;
        desk.ship(order, &[3]).await;
        assert_eq!(desk.level(desk.tea).await, "7/1");
        desk.is_sound().await;
        desk.ship(order, &[1, 1]).await;
        assert_eq!((desk.level(desk.tea).await, desk.level(desk.cup).await), ("6/0".into(), "0/0".into()));
        let lines = desk.lines(order).await;
        assert_eq!(lines.iter().map(|line| line.open()).collect::<Vec<_>>(), [Quantity::ZERO, Quantity::whole(1)]);
        desk.is_sound().await;
    }

    async fn what_was_cancelled_goes_to_whoever_waits(place: Place) {
        let desk = Desk::open(place).await;
        desk.receive(desk.tea, 5).await;
        let first = desk.order("1", &[("TEA-100", 5)]).await;
        let second = desk.order("2", &[("TEA-100", 2)]).await;
        assert_eq!(desk.reserved(second).await, "none: 0");
        let short = desk.app.facts_named("orders.short").await;
        desk.cancel(first).await;
        assert_eq!(desk.reserved(first).await, "none: 0");
        assert_eq!(desk.app.facts_named("orders.short").await, short, "letting go is no shortage");
        assert_eq!(desk.level(desk.tea).await, "5/0");
        desk.app.drain().await;
        assert_eq!(desk.reserved(second).await, "all: 2");
        assert_eq!(desk.level(desk.tea).await, "5/2");
        desk.is_sound().await;
    }

    async fn changed_lines_are_held_anew(place: Place) {
        let desk = Desk::open(place).await;
        desk.receive(desk.tea, 5).await;
        let order = desk.order("1", &[("TEA-100", 3), ("CUP-7", 1)]).await;
        desk.change_first_line(order, 1).await;
        assert_eq!((desk.reserved(order).await, desk.level(desk.tea).await), ("part: 1, 0".into(), "5/1".into()));
        desk.change_first_line(order, 9).await;
        assert_eq!((desk.reserved(order).await, desk.level(desk.tea).await), ("part: 5, 0".into(), "5/5".into()));
        desk.is_sound().await;
    }
}
