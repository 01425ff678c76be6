//! What an honest bank says pays, in each of its ways, and is believed for its signature.

use takt_bank_simulator::{
    books::Books,
    push::{Mode, Seal},
};
use takt_orders::receipt::{Evidence, VerifiedReceipt};
use takt_payments::{
    channels::{ChannelId, messages::MessageState},
    import::lines_of_import,
};
use takt_testing::on_both_engines;

use crate::desk::Desk;

on_both_engines! {
    async fn a_signed_push_pays_its_order_in_every_seal(place: Place) {
        let desk = Desk::open(place).await;
        for seal in [Seal::Jws, Seal::Jwt, Seal::Cms, Seal::Tochka] {
            let mut books = Books::new(&format!("{seal:?}"));
            let to = desk.connect(seal).await;
            let expected = desk.order().await;
            let answers = desk.bank_tells(&mut books, &to, &expected, Mode::Honest).await;
            assert_eq!(answers, [200], "{seal:?}");
            assert_eq!(desk.paid(expected.order).await, "100.00", "{seal:?}");
            let message = desk.newest(&to).await.expect("a message");
            assert_eq!(message.state, MessageState::Applied);
            let (company, import) = (desk.company, message.import.expect("an import"));
            let lines = desk.app.read(move |r| lines_of_import(r, company, import, 0, 10)).await;
            let id = lines[0].id.get();
            let receipt = desk.app.read(move |r| VerifiedReceipt::kept(r, company, id)).await.expect("a receipt");
            assert_eq!(receipt.evidence(), &Evidence::Signed { key: "bank-1".to_owned() });
        }
        desk.app.drain().await;
        assert_eq!(desk.app.facts_named("payments.matched").await, 4);
    }

    async fn two_keys_count_while_the_bank_changes_them_and_a_revoked_one_at_once_no_more(place: Place) {
        use takt_bank_simulator::keys::another_signer;
        use takt_payments::channels::keys::{self, NewKey};
        let desk = Desk::open(place).await;
        let to = desk.connect(Seal::Jws).await;
        let channel = ChannelId::new(to.channel);
        let new = another_signer().expect("a key");
        let text = new.public_pem();
        desk.change(move |tx, permit| {
            let key = NewKey {
                kid: Some("bank-2".to_owned()), algorithm: None, text: text.clone(), not_before: None, not_after: None,
            };
            keys::rotate(tx, permit, channel, &key, 24).map(|_| ())
        })
        .await;
        let mut books = Books::new("rotated");
        let by = async |books: &mut Books, kid: &str| {
            let expected = desk.order().await;
            let line = desk.line(books, &expected);
            let sequence = books.next_sequence(&to.account);
            let teller = desk.teller();
            let claims = teller.claims(&to, &line, sequence).expect("claims");
            let signer = if kid == "bank-1" { &crate::desk::KEYS.signer } else { &new };
            let mut message = teller.sealed(&to, &claims, signer).expect("a message");
            message.headers[0].1 = signer.detached(&signer.header(kid), &message.body).expect("a signature");
            desk.send(&to, &message).await
        };
        assert_eq!(by(&mut books, "bank-1").await, 200);
        assert_eq!(by(&mut books, "bank-2").await, 200);
        desk.app.clock.advance_seconds(24 * 3600 + 1);
        assert_eq!(by(&mut books, "bank-1").await, 401, "its day is over");
        assert_eq!(by(&mut books, "bank-2").await, 200);
        desk.change(move |tx, permit| keys::revoke(tx, permit, channel, "bank-2")).await;
        assert_eq!(by(&mut books, "bank-2").await, 401);
        assert_eq!(desk.newest(&to).await.expect("a message").outcome, "proof.key_revoked");
    }

    async fn a_silent_bank_is_told_of_once_and_so_is_that_it_spoke_again(place: Place) {
        let desk = Desk::open(place).await;
        let to = desk.connect(Seal::Jws).await;
        let said = async |kind: &str| {
            desk.app.drain().await;
            desk.app.facts_named(kind).await
        };
        for _ in 0..3 {
            desk.app.clock.advance_seconds(24 * 3600 + 60);
            desk.app.drain().await;
        }
        assert_eq!(said("payments.channel_silent").await, 1);
        let expected = desk.order().await;
        desk.bank_tells(&mut Books::new("late"), &to, &expected, Mode::Honest).await;
        assert_eq!(said("payments.channel_heard").await, 1);
    }
}
