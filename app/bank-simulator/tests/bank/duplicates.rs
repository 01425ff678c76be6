//! One message, as often as a bank that never hears us would send it, all at once.

use futures::future::join_all;
use takt_bank_simulator::{
    books::Books,
    push::{Mode, Seal},
};
use takt_testing::on_both_engines;

use crate::desk::Desk;

const CONNECTIONS: usize = 40;

/// 10,000 for the whole of it.
fn copies() -> usize {
    std::env::var("TAKT_PUSH_DUPLICATES").ok().and_then(|copies| copies.parse().ok()).unwrap_or(400)
}

on_both_engines! {
    async fn parallel_duplicates_of_one_push_make_one_posting(place: Place) {
        let desk = Desk::open(place).await;
        let to = desk.connect(Seal::Jws).await;
        let expected = desk.order().await;
        let mut books = Books::new("again");
        let line = desk.line(&mut books, &expected);
        let message = desk.teller().tell(&mut books, &to, &line, Mode::Honest).expect("a message").remove(0);
        let target = desk.target(Seal::Jws);
        let path = to.path();
        let each = copies() / CONNECTIONS;
        let all = (0..CONNECTIONS).map(|_| async {
            let mut connection = target.connect().await.expect("a connection");
            for _ in 0..each {
                let status = connection.post(&path, &message.headers, &message.body).await.expect("an answer");
                assert_eq!(status, 200);
            }
        });
        join_all(all).await;
        desk.settle().await;
        desk.app.drain().await;
        assert_eq!(desk.paid(expected.order).await, "100.00");
        assert_eq!(desk.came().await, "100.00");
        for kind in ["payments.received", "payments.matched", "orders.paid"] {
            assert_eq!(desk.app.facts_named(kind).await, 1, "{kind}");
        }
    }
}
