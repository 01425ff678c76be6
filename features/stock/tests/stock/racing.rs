use crate::desk::Desk;

takt_testing::on_both_engines! {
    /// Twice as many orders as there is stock, all at once, over two offers in both orders.
    async fn rivals_never_get_more_than_there_is(place: Place) {
        let desk = std::sync::Arc::new(Desk::open(place).await);
        desk.receive(desk.tea, 20).await;
        desk.receive(desk.cup, 20).await;
        let mut rivals = Vec::new();
        for number in 0..40 {
            let desk = desk.clone();
            rivals.push(tokio::spawn(async move {
                let lines = [("TEA-100", 1), ("CUP-7", 1)];
                let lines = if number % 2 == 0 { lines } else { [lines[1], lines[0]] };
                // A database that is too busy says so, and a shop sends the same order again.
                loop {
                    match desk.try_order(&desk.app.db, &number.to_string(), &lines, "on_delivery").await {
                        Ok(order) => return order,
                        Err(fault) => assert!(fault.is_retryable(), "{fault:?}"),
                    }
                }
            }));
        }
        let mut whole = 0;
        for rival in rivals {
            let order = rival.await.expect("an order");
            whole += usize::from(desk.reserved(order).await.starts_with("all"));
        }
        assert_eq!(whole, 20);
        assert_eq!((desk.level(desk.tea).await, desk.level(desk.cup).await), ("20/20".into(), "20/20".into()));
        desk.is_sound().await;
    }

    async fn orders_come_go_and_are_counted_at_once_and_everything_still_adds_up(place: Place) {
        let desk = std::sync::Arc::new(Desk::open(place).await);
        desk.receive(desk.tea, 10).await;
        let mut rivals = Vec::new();
        for number in 0..16_i64 {
            let desk = desk.clone();
            rivals.push(tokio::spawn(async move {
                let lines = [("TEA-100", 2)];
                let order = loop {
                    match desk.try_order(&desk.app.db, &number.to_string(), &lines, "on_delivery").await {
                        Ok(order) => break order,
                        Err(fault) => assert!(fault.is_retryable(), "{fault:?}"),
                    }
                };
                match number % 4 {
                    0 => desk.cancel(order).await,
                    1 => desk.count(desk.tea, 6 + number % 5).await,
                    2 => desk.receive(desk.tea, 1).await,
                    _ => {}
                }
            }));
        }
        for rival in rivals {
            rival.await.expect("no refusal");
        }
        desk.is_sound().await;
        desk.app.drain().await;
        desk.is_sound().await;
        let level = desk.levels(desk.tea).await.remove(0);
        let wanted = takt_kernel::money::Quantity::whole(24);
        assert_eq!(level.held, level.on_hand.min(wanted), "nothing lies idle while orders wait");
    }
}
