//! From a stored message to its end.

use takt_connections::{
    Contacts, ManageConnections,
    messages::{self, State},
    set_paused,
};
use takt_testing::on_both_engines;

use crate::desk::{BUSY_SECONDS, Desk, permit};

const DAY: i64 = 24 * 3600;

on_both_engines! {
    async fn a_message_comes_to_one_end_and_to_no_second(place: Place) {
        let desk = Desk::open(place).await;
        let [applied, refused, kept] = [desk.note("a").await, desk.note("b").await, desk.note("c").await];
        assert_eq!(desk.state(applied).await, State::Received);
        let connection = desk.connection().await;
        let apply = move |tx: &mut takt_store::Tx<'_>| {
            messages::applied(tx, &connection, applied, Some("order 1"), &["order.site".to_owned()])
        };
        desk.app.write(apply.clone()).await;
        desk.refuse(refused, false).await;
        desk.refuse(kept, true).await;
        let done = desk.message(applied).await;
        assert_eq!((done.state, done.about.as_deref(), done.attempts), (State::Applied, Some("order 1"), 1));
        assert_eq!(done.notes, ["order.site"]);
        assert_eq!(desk.state(refused).await, State::Refused);
        assert_eq!(desk.state(kept).await, State::Quarantined);
        assert_eq!(desk.app.facts_named("connections.quarantined").await, 1);

        let fault = desk.app.try_write(apply).await.expect_err("it was applied");
        assert!(fault.is("connections.message_done"), "{fault}");
        let company = desk.company;
        for id in [applied, refused] {
            let again = move |tx: &mut takt_store::Tx<'_>| messages::apply_again(tx, &permit(company), id, None);
            assert!(desk.app.try_write(again).await.expect_err("it is done").is("connections.message_done"));
            let dropped = move |tx: &mut takt_store::Tx<'_>| messages::drop_it(tx, &permit(company), id);
            assert!(desk.app.try_write(dropped).await.expect_err("it is done").is("connections.message_done"));
        }
        desk.app.write(move |tx| messages::drop_it(tx, &permit(company), kept)).await;
        assert_eq!(desk.state(kept).await, State::Dropped);
        assert!(desk.message(kept).await.problem.is_some(), "why it was refused is kept");
        desk.app.advance(120).await;
        assert_eq!(desk.app.facts_named("testing.applied").await, 0, "nothing was left to be applied");
    }

    async fn what_a_fallen_node_left_is_applied_once_by_the_timer(place: Place) {
        let desk = Desk::open(place).await;
        let [fit, unfit] = [desk.note("note").await, desk.note("{\"firstName\":\"\"}").await];
        desk.app.advance(30).await;
        assert_eq!(desk.state(fit).await, State::Received, "its own node may still be at it");
        desk.app.advance(120).await;
        let done = desk.message(fit).await;
        assert_eq!((done.state, done.notes.len()), (State::Applied, 1));
        assert_eq!(desk.state(unfit).await, State::Quarantined);
        desk.app.advance(600).await;
        assert_eq!(desk.app.facts_named("testing.applied").await, 1);
    }

    async fn what_is_busy_is_tried_again_and_holds_nobody_up(place: Place) {
        let desk = Desk::open(place).await;
        let mut busy = Vec::new();
        // More than are taken at once.
        for _ in 0..45 {
            busy.push(desk.note("busy").await);
        }
        let behind = desk.note("a").await;
        desk.app.advance(100).await;
        assert_eq!(desk.state(behind).await, State::Applied);
        for id in &busy {
            assert_eq!(desk.state(*id).await, State::Received);
        }
        desk.app.advance(BUSY_SECONDS).await;
        for id in &busy {
            assert_eq!(desk.state(*id).await, State::Applied);
        }
        assert_eq!(desk.app.facts_named("testing.applied").await, 46);
    }

    async fn a_paused_connection_keeps_what_comes_until_it_goes_on(place: Place) {
        let desk = Desk::open(place).await;
        let (company, id) = (desk.company, desk.id);
        let pause = async |paused: bool| {
            desk.app.write(move |tx| set_paused(tx, &permit::<ManageConnections>(company), id, paused)).await;
            desk.app.drain().await;
        };
        pause(true).await;
        let message = desk.note("a").await;
        desk.app.advance(3600).await;
        assert_eq!(desk.state(message).await, State::Received);
        pause(false).await;
        assert_eq!(desk.state(message).await, State::Applied);
        pause(false).await;
        assert_eq!(desk.app.facts_named("connections.resumed").await, 1);
    }

    async fn what_was_dealt_with_is_forgotten_after_a_month_and_quarantine_never(place: Place) {
        let desk = Desk::open(place).await;
        let kept = desk.quarantine("text/plain", b"{\"firstName\":\"\"}").await;
        let refused = desk.note("b").await;
        desk.refuse(refused, false).await;
        let applied = desk.note("c").await;
        desk.app.advance(120).await;
        desk.app.advance(29 * DAY).await;
        assert_eq!(desk.state(applied).await, State::Applied);
        desk.app.advance(2 * DAY).await;
        let company = desk.company;
        for id in [applied, refused] {
            let fault = desk.app.db.read("test", move |r| messages::get(r, company, id)).await;
            assert!(fault.expect_err("it is forgotten").is("connections.message_missing"));
        }
        desk.app.advance(400 * DAY).await;
        assert_eq!(desk.message(kept).await.body, b"{\"firstName\":\"\"}");
    }

    async fn silence_that_ends_and_refusals_that_begin_are_told_once(place: Place) {
        let desk = Desk::open(place).await;
        let connection = desk.connection().await;
        let heard = async |refusal: Option<&str>| {
            Contacts::note(&desk.app.db, &connection, false, refusal).await.expect("a note");
        };
        let told = async || {
            let began = desk.app.facts_named("connections.began_refusing").await;
            (desk.app.facts_named("connections.heard").await, began)
        };
        for _ in 0..30 {
            heard(None).await;
            desk.app.advance(5).await;
        }
        assert_eq!(told().await, (1, 0));
        heard(Some("wrong")).await;
        heard(Some("wrong")).await;
        desk.app.advance(20).await;
        heard(Some("wrong again")).await;
        assert_eq!(told().await, (1, 1));
        let (company, id) = (desk.company, desk.id);
        let contact = desk.app.read(move |r| takt_connections::contact_of(r, company, id)).await.expect("a contact");
        assert_eq!((contact.requests, contact.refused), (33, 3));
        assert_eq!(contact.last_refusal.as_deref(), Some("wrong again"));
        assert_eq!(contact.last_at, desk.app.now());
        desk.app.advance(2 * DAY).await;
        heard(Some("wrong")).await;
        assert_eq!(told().await, (2, 2));
    }
}
