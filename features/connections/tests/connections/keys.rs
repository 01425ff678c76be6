//! A new key beside the old one.

use takt_connections::{ManageConnections, by_token, keys_of, rotate_key};
use takt_staff::tokens;
use takt_testing::on_both_engines;

use crate::desk::{Desk, permit};

const DAY: i64 = 24 * 3600;

on_both_engines! {
    async fn an_old_key_works_for_a_day_after_the_new_one(place: Place) {
        let desk = Desk::open(place).await;
        let (company, id, old) = (desk.company, desk.id, desk.token().await);
        let key = desk.app.write(move |tx| rotate_key(tx, &permit::<ManageConnections>(company), id)).await;
        assert!(key.len() == 32 && key != desk.key);
        let new = desk.token().await;
        let live = async || {
            let found = desk.app.read(move |r| tokens::list(r, company)).await;
            let live = found.iter().filter(|token| token.revoked_at.is_none()).map(|token| token.id);
            let mut live: Vec<_> = live.collect();
            live.sort_unstable();
            live
        };
        let mut both = vec![old, new];
        both.sort_unstable();
        desk.app.advance(DAY - 60).await;
        assert_eq!(live().await, both);
        desk.app.advance(120).await;
        assert_eq!(live().await, [new]);
        let keys = desk.app.read(move |r| keys_of(r, company, id)).await;
        assert_eq!(keys.len(), 1);
        assert!(key.ends_with(&keys[0].hint) && keys[0].retires_at.is_none());
        assert_eq!(desk.app.read(move |r| by_token(r, new)).await.map(|found| found.id), Some(id));
        assert!(desk.app.read(move |r| by_token(r, old)).await.is_none());
    }
}
