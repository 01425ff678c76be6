//! What the mail server does not take.

use takt_notifications::{State, resend};
use takt_testing::on_both_engines;
use takt_ui::Lang;

use crate::desk::{Desk, permit};

on_both_engines! {
    async fn an_address_that_does_not_exist_is_shown_and_not_tried_again(place: Place) {
        let desk = Desk::open(place).await;
        for word in ["refused", "toolate"] {
            let address = desk.mail.address(word);
            let order = desk.tea(Some(&address), Lang::Ru).await;
            let notice = desk.notices(order).await.remove(0);
            assert_eq!((notice.state, notice.attempts), (State::Failed, 1), "{word}");
            assert_eq!(notice.problem.as_deref(), Some("notifications.refused"));
            let reply = notice.reply.unwrap_or_default();
            assert!(reply.starts_with("550") && (reply.contains("does not exist") || reply.contains("not wanted")), "{reply}");
            desk.app.advance(100_000).await;
            assert_eq!(desk.notices(order).await.remove(0).attempts, 1);
        }
        assert_eq!(desk.app.facts_named("notifications.failed").await, 2);
        assert!(!desk.app.fact_log().await.contains("@takt.test"), "no address stands in a fact");
    }

    async fn a_corrected_address_gets_the_same_message(place: Place) {
        let desk = Desk::open(place).await;
        let address = desk.mail.address("refused");
        let order = desk.tea(Some(&address), Lang::Ru).await;
        let notice = desk.notices(order).await.remove(0);
        let (company, right) = (desk.company, desk.mail.address("buyer"));
        let corrected = right.clone();
        desk.app
            .write(move |tx| {
                let before = takt_orders::load(tx, company, order)?;
                let contact = takt_customers::Contact::parse("Анна", "", &corrected, "RU")?;
                let patch = takt_orders::Patch { contact: Some(contact), ..takt_orders::Patch::default() };
                takt_orders::edit(tx, &permit(company), order, before.version, patch)?;
                resend(tx, &permit(company), notice.id)
            })
            .await;
        desk.app.drain().await;
        assert_eq!(desk.told(order).await, "placed:sent");
        let mails = desk.mail.wait_for(&right, 1);
        assert_eq!(crate::mail::header(&mails[0], "Message-ID"), notice.message_id);
        let refused = desk.app.try_write(move |tx| resend(tx, &permit(company), notice.id)).await;
        assert!(refused.is_err_and(|fault| fault.is("notifications.not_stuck")));
    }

    async fn who_asks_to_come_later_is_visited_again_until_it_is_of_no_use(place: Place) {
        let desk = Desk::open(place).await;
        let address = desk.mail.address("later");
        let order = desk.tea(Some(&address), Lang::Ru).await;
        for (seconds, attempts) in [(0, 1), (29, 1), (1, 2), (119, 2), (1, 3)] {
            desk.app.advance(seconds).await;
            let notice = desk.notices(order).await.remove(0);
            assert_eq!((notice.state, notice.attempts), (State::Queued, attempts), "{seconds} s later");
            assert!(notice.reply.unwrap_or_default().starts_with("451"));
        }
        desk.app.advance(49 * 3600).await;
        let notice = desk.notices(order).await.remove(0);
        assert_eq!((notice.state, notice.problem.as_deref()), (State::Failed, Some("notifications.put_off")));
    }

    async fn a_server_that_is_not_there_loses_nothing(place: Place) {
        let desk = Desk::open_with(place, Some("smtp://127.0.0.1:1")).await;
        let order = desk.tea(Some("buyer@takt.test"), Lang::Ru).await;
        let notice = desk.notices(order).await.remove(0);
        assert_eq!(
            (notice.state, notice.problem.as_deref(), notice.attempts),
            (State::Queued, Some("notifications.no_connection"), 1)
        );
    }

    async fn without_a_server_messages_wait(place: Place) {
        let desk = Desk::open_with(place, None).await;
        let order = desk.tea(Some("buyer@takt.test"), Lang::Ru).await;
        desk.app.advance(3600).await;
        let notice = desk.notices(order).await.remove(0);
        assert_eq!(
            (notice.state, notice.problem.as_deref(), notice.attempts),
            (State::Queued, Some("notifications.no_server"), 0)
        );
        let manager = desk.signed_in("manager").await;
        let page = manager.get("/notifications").await.expect_status(200).text();
        assert!(page.contains("TAKT_SMTP"), "{page}");
    }

    async fn a_server_that_cannot_prove_who_it_is_gets_no_message(place: Place) {
        let mail = takt_testing::mail::MailServer::reach();
        let smtp = format!("smtp://{}:{}?tls=starttls", mail.host(), mail.port());
        let desk = Desk::open_with(place, Some(&smtp)).await;
        let address = desk.mail.address("buyer");
        let order = desk.tea(Some(&address), Lang::Ru).await;
        let notice = desk.notices(order).await.remove(0);
        assert_eq!((notice.state, notice.problem.as_deref()), (State::Queued, Some("notifications.no_security")));
        assert_eq!(desk.mail.mails_to(&address).len(), 0);
    }

    async fn a_server_that_asks_for_a_name_and_a_password_gets_them(place: Place) {
        let mail = takt_testing::mail::MailServer::reach();
        let smtp = format!("smtp://takt:secret@{}:{}", mail.host(), mail.port());
        let desk = Desk::open_with(place, Some(&smtp)).await;
        let address = desk.mail.address("buyer");
        let order = desk.tea(Some(&address), Lang::Ru).await;
        assert_eq!(desk.told(order).await, "placed:sent");
        assert_eq!(desk.mail.wait_for(&address, 1).len(), 1);
    }

    async fn a_password_that_is_not_accepted_fails_no_message(place: Place) {
        let mail = takt_testing::mail::MailServer::reach();
        let smtp = format!("smtp://takt:wrong-one@{}:{}", mail.host(), mail.port());
        let desk = Desk::open_with(place, Some(&smtp)).await;
        let order = desk.tea(Some("buyer@takt.test"), Lang::Ru).await;
        let notice = desk.notices(order).await.remove(0);
        assert_eq!((notice.state, notice.problem.as_deref()), (State::Queued, Some("notifications.sign_in_refused")));
        assert!(!format!("{notice:?}").contains("wrong-one"));
    }
}
