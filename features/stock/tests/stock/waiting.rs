use takt_kernel::{
    Actor,
    money::{Currency, Money, Quantity},
};
use takt_orders::{
    OrderId, VouchForMoney,
    receipt::{BookedCredit, CreditLine, EntryState, VerifiedReceipt},
};
use takt_staff::command_line;
use takt_stock::{Filter, Shortage};

use crate::desk::Desk;

async fn pay(desk: &Desk, receipt: i64, order: OrderId, amount: &str) {
    let amount = Money::parse(amount, Currency::RUB).expect("an amount");
    let line = CreditLine {
        company: desk.company,
        amount,
        account: "40702810900000000001",
        own_account: "40702810900000000001",
        own_currency: Currency::RUB,
        state: EntryState::Booked,
        sent_at: None,
        booked_at: None,
        received_at: desk.app.now(),
    };
    let booked = BookedCredit::check(&line).expect("a booked credit");
    let (company, email) = (desk.company, format!("accountant-{}@example.org", desk.company));
    let permit: takt_staff::Permit<VouchForMoney> =
        desk.app.read(move |reader| command_line::permit_of_person(reader, company, &email)).await;
    let receipt = VerifiedReceipt::vouched(receipt, booked, &permit, "hash of the file").expect("a receipt");
    desk.app
        .write(move |tx| {
            takt_orders::record_paid(tx, &receipt, order, amount, &Actor::system("test")).map(|_| ())
        })
        .await;
}

takt_testing::on_both_engines! {
    async fn what_arrives_goes_to_those_who_wait_the_oldest_first(place: Place) {
        let desk = Desk::open(place).await;
        let first = desk.order("1", &[("TEA-100", 3)]).await;
        desk.app.clock.advance_seconds(60);
        let second = desk.order("2", &[("TEA-100", 3)]).await;
        desk.receive(desk.tea, 4).await;
        desk.app.drain().await;
        assert_eq!((desk.reserved(first).await, desk.reserved(second).await), ("all: 3".into(), "part: 1".into()));
        desk.receive(desk.tea, 4).await;
        desk.app.drain().await;
        assert_eq!(desk.reserved(second).await, "all: 3");
        assert_eq!(desk.level(desk.tea).await, "8/6");
        desk.is_sound().await;
    }

    async fn who_has_paid_comes_before_who_has_only_asked(place: Place) {
        let desk = Desk::open(place).await;
        let _accountant = desk.signed_in("accountant").await;
        let asked = desk.try_order(&desk.app.db, "1", &[("TEA-100", 1)], "prepaid").await.expect("an order");
        desk.app.clock.advance_seconds(60);
        let paid = desk.try_order(&desk.app.db, "2", &[("TEA-100", 1)], "prepaid").await.expect("an order");
        pay(&desk, 1, paid, "100.00").await;
        desk.app.drain().await;
        desk.receive(desk.tea, 1).await;
        desk.app.drain().await;
        assert_eq!((desk.reserved(asked).await, desk.reserved(paid).await), ("none: 0".into(), "all: 1".into()));
        assert!(!desk.find(paid).await.short);
        desk.is_sound().await;
    }

    async fn a_long_queue_is_served_batch_by_batch_without_anybody_asking(place: Place) {
        let desk = Desk::open(place).await;
        let mut orders = Vec::new();
        for number in 0..45 {
            orders.push(desk.order(&number.to_string(), &[("TEA-100", 1)]).await);
        }
        desk.receive(desk.tea, 44).await;
        desk.app.drain().await;
        assert_eq!(desk.level(desk.tea).await, "44/44");
        let scope = desk.scope();
        let shortages = desk.app.read(move |reader| takt_stock::shortages(reader, &scope, 10)).await;
        assert!(matches!(&shortages[..], [Shortage { orders: 1, missing, .. }] if *missing == Quantity::whole(1)), "{shortages:?}");
        desk.is_sound().await;
    }

    async fn the_emptiest_levels_stand_first_and_pages_follow_each_other(place: Place) {
        let desk = Desk::open(place).await;
        desk.receive(desk.tea, 9).await;
        desk.receive(desk.cup, 2).await;
        let scope = desk.scope();
        let (first, second) = desk
            .app
            .read(move |reader| {
                let first = takt_stock::list(reader, &scope, &Filter { limit: 1, ..Filter::default() })?;
                let cursor = first.next_cursor;
                Ok((first, takt_stock::list(reader, &scope, &Filter { limit: 1, cursor, ..Filter::default() })?))
            })
            .await;
        assert_eq!((first.items[0].offer, second.items[0].offer), (desk.cup, desk.tea));
        assert_eq!(second.next_cursor, None);
    }
}
