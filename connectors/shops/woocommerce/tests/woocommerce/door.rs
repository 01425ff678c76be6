use serde_json::json;
use takt_connections::{ManageConnections, contact_of, messages::State, rotate_key, set_paused};
use takt_staff::Permit;
use takt_testing::on_both_engines;

use super::desk::{self, Desk, order, sign};

on_both_engines! {
    async fn everything_fits(place: Place) {
        let desk = Desk::open(place).await;
        assert_eq!(desk.app.db.unpreparable_statements().await.expect("a database"), Vec::<String>::new());
        assert_eq!(desk.app.wiring.problems(), Vec::<String>::new());
    }

    async fn the_unsigned_first_ping_is_answered_and_changes_nothing(place: Place) {
        let desk = Desk::open(place).await;
        let ping = |body: &'static str| desk.post(desk.connection, "", body.as_bytes().to_vec(), "", None);
        ping("webhook_id=12").await.expect_status(200);
        for other in ["webhook_id=", "webhook_id=12&x=1", "webhook_id=12x", "{}", ""] {
            ping(other).await.expect_status(401);
        }
        assert!(desk.messages(State::Received).await.is_empty());
        let (company, connection) = (desk.company, desk.connection);
        let contact = desk.app.read(move |reader| contact_of(reader, company, connection)).await;
        assert_eq!(contact.expect("it was heard of").last_write_at, None);
    }

    async fn whoever_does_not_sign_is_told_the_same_whatever_was_wrong(place: Place) {
        let desk = Desk::open(place).await;
        let body = order().to_string().into_bytes();
        let right = sign(&desk.secret, &body);
        let wrong = sign("another", &body);
        let nobody = takt_connections::ConnectionId::new(424_242);
        let mut answers = Vec::new();
        for (connection, signature) in [
            (desk.connection, None),
            (desk.connection, Some(wrong.as_str())),
            (desk.connection, Some("not base64!")),
            (desk.connection, Some("")),
            (nobody, Some(right.as_str())),
        ] {
            let answer = desk.post(connection, "order.created", body.clone(), "d", signature).await.expect_status(401);
            answers.push(answer.text());
        }
        answers.dedup();
        assert_eq!(answers.len(), 1, "{answers:?}");
        let mut changed = body.clone();
        *changed.last_mut().expect("a letter") = b' ';
        desk.post(desk.connection, "order.created", changed, "d", Some(&right)).await.expect_status(401);
        assert_eq!(desk.placed().await, 0);
        desk.post(desk.connection, "order.created", body, "d", Some(&right)).await.expect_status(200);
        assert_eq!(desk.placed().await, 1);
    }

    async fn the_secret_of_before_goes_on_for_a_day(place: Place) {
        let desk = Desk::open(place).await;
        let (company, connection, old) = (desk.company, desk.connection, desk.secret.clone());
        let new = desk
            .app
            .write(move |tx| {
                rotate_key(tx, &Permit::<ManageConnections>::system(company, "test"), connection)
            })
            .await;
        assert_ne!(new, old);
        let send = async |secret: &str, id: i64| {
            let body = desk::of(id, 0, json!({})).to_string().into_bytes();
            let signature = sign(secret, &body);
            desk.post(connection, "order.created", body, &id.to_string(), Some(&signature)).await.status.as_u16()
        };
        assert_eq!((send(&old, 1).await, send(&new, 2).await), (200, 200));
        desk.app.advance(24 * 3600 + 1).await;
        assert_eq!((send(&old, 3).await, send(&new, 4).await), (401, 200));
        let kept = desk.app.read(move |reader| {
            takt_connections::secrets::valid(reader, company, connection, "webhook")
        });
        assert_eq!(kept.await.len(), 1);
    }

    async fn the_secrets_of_one_connection_open_no_other(place: Place) {
        let desk = Desk::open(place).await;
        let (strange, strange_shop) = desk::company(&desk.app, "Чужая").await;
        let (theirs, their_secret) = desk::connect(&desk.app, strange, strange_shop).await;
        let body = order().to_string().into_bytes();
        let ours = sign(&desk.secret, &body);
        desk.post(theirs, "order.created", body.clone(), "d", Some(&ours)).await.expect_status(401);
        let signed = sign(&their_secret, &body);
        desk.post(desk.connection, "order.created", body.clone(), "d", Some(&signed)).await.expect_status(401);
        desk.post(theirs, "order.created", body.clone(), "d", Some(&signed)).await.expect_status(200);
        assert!(desk.order_id("1043").await.is_none(), "it is the other company's");
        // The same delivery id of another shop is another delivery.
        desk.deliver("order.created", body, "d").await.expect_status(200);
        assert_eq!(desk.placed().await, 2);
    }

    async fn a_delivery_is_taken_in_once_however_often_it_comes(place: Place) {
        let desk = Desk::open(place).await;
        let body = order().to_string().into_bytes();
        let all = (0..10).map(|_| desk.deliver("order.created", body.clone(), "same"));
        for answer in futures::future::join_all(all).await {
            answer.expect_status(200);
        }
        for number in 0..5 {
            desk.deliver("order.created", body.clone(), &format!("other {number}")).await.expect_status(200);
        }
        desk.app.drain().await;
        assert_eq!((desk.placed().await, desk.messages(State::Applied).await.len()), (1, 6));
        assert_eq!(desk.app.facts_named("orders.edited").await, 0);
    }

    async fn two_orders_of_one_second_are_two_though_their_deliveries_are_called_the_same(place: Place) {
        let desk = Desk::open(place).await;
        for id in [1, 2] {
            let body = desk::of(id, 0, json!({})).to_string().into_bytes();
            desk.deliver("order.created", body, "a hash of the webhook and the second").await.expect_status(200);
        }
        assert_eq!(desk.placed().await, 2);
    }

    async fn a_message_without_a_delivery_id_is_known_by_what_it_says(place: Place) {
        let desk = Desk::open(place).await;
        for _ in 0..3 {
            desk.deliver("order.created", order().to_string().into_bytes(), "").await.expect_status(200);
        }
        // What a busy database put off is dealt with a minute later.
        desk.app.advance(120).await;
        assert_eq!(desk.messages(State::Applied).await.len(), 1);
    }

    async fn a_message_too_large_is_refused(place: Place) {
        let desk = Desk::open(place).await;
        desk.deliver("order.created", vec![b' '; 4 * 1024 * 1024 + 1], "d").await.expect_status(413);
        assert!(desk.messages(State::Received).await.is_empty());
    }

    async fn messages_of_a_paused_connection_wait_for_it(place: Place) {
        let desk = Desk::open(place).await;
        let (company, connection) = (desk.company, desk.connection);
        let pause = async |paused| {
            desk.app
                .write(move |tx| {
                    let permit = Permit::<ManageConnections>::system(company, "test");
                    set_paused(tx, &permit, connection, paused)
                })
                .await;
        };
        pause(true).await;
        desk.tell("order.created", &order()).await.expect_status(200);
        desk.app.advance(3600).await;
        assert_eq!(desk.placed().await, 0);
        pause(false).await;
        desk.app.advance(120).await;
        assert_eq!(desk.placed().await, 1);
    }

    async fn what_a_node_stored_before_it_fell_is_applied_by_the_timer(place: Place) {
        let desk = Desk::open(place).await;
        let (company, connection) = (desk.company, desk.connection);
        // The node died between storing and applying.
        desk.app
            .write(move |tx| {
                let connection = takt_connections::get(tx, company, connection)?;
                let token = takt_connections::keys_of(tx, company, connection.id)?[0].token;
                let new = takt_connections::messages::NewMessage {
                    token,
                    target: format!("POST /hooks/woocommerce/{}?topic=order.created", connection.id),
                    media: "application/json".to_owned(),
                    body: order().to_string().into_bytes(),
                };
                takt_connections::messages::receive(tx, &connection, &new)
            })
            .await;
        assert_eq!(desk.placed().await, 0);
        desk.app.advance(130).await;
        assert_eq!((desk.placed().await, desk.messages(State::Applied).await.len()), (1, 1));
    }
}
