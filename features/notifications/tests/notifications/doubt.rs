//! A crash between sending and writing down that it was sent.

use std::{
    io::{BufRead, BufReader, Write},
    net::{TcpListener, TcpStream},
    thread,
};

use takt_kernel::Actor;
use takt_notifications::{State, mark_sent, resend};
use takt_staff::settings;
use takt_testing::on_both_engines;
use takt_ui::Lang;

use crate::{
    desk::{Desk, permit},
    mail::header,
};

on_both_engines! {
    async fn what_a_crash_leaves_waits_for_a_person(place: Place) {
        let desk = Desk::open(place).await;
        let address = desk.mail.address("buyer");
        let order = desk.tea(Some(&address), Lang::Ru).await;
        let notice = desk.notices(order).await.remove(0);
        desk.crash_while_sending(notice.id).await;
        assert_eq!(desk.told(order).await, "placed:in_doubt");
        assert_eq!(desk.app.facts_named("notifications.in_doubt").await, 1);
        assert_eq!(desk.mail.wait_for(&address, 1).len(), 1, "nothing left by itself");
        let company = desk.company;
        desk.app.write(move |tx| resend(tx, &permit(company), notice.id)).await;
        desk.app.drain().await;
        assert_eq!(desk.told(order).await, "placed:sent");
        let mails = desk.mail.wait_for(&address, 2);
        let ids: Vec<String> = mails.iter().map(|mail| header(mail, "Message-ID")).collect();
        assert_eq!(ids, [notice.message_id.clone(), notice.message_id], "the receiver can tell");
    }

    async fn a_person_may_say_that_it_did_arrive(place: Place) {
        let desk = Desk::open(place).await;
        let address = desk.mail.address("buyer");
        let order = desk.tea(Some(&address), Lang::Ru).await;
        let notice = desk.notices(order).await.remove(0);
        let company = desk.company;
        let refused = desk.app.try_write(move |tx| mark_sent(tx, &permit(company), notice.id)).await;
        assert!(refused.is_err_and(|fault| fault.is("notifications.not_stuck")));
        desk.crash_while_sending(notice.id).await;
        desk.app.write(move |tx| mark_sent(tx, &permit(company), notice.id)).await;
        desk.app.drain().await;
        assert_eq!(desk.told(order).await, "placed:sent");
        assert_eq!(desk.mail.mails_to(&address).len(), 1);
    }

    async fn a_company_that_would_rather_send_twice_does(place: Place) {
        let desk = Desk::open(place).await;
        let company = desk.company;
        desk.app
            .write(move |tx| {
                settings::set(tx, company, "notifications.in_doubt", &"resend", &Actor::system("test"))
            })
            .await;
        let address = desk.mail.address("buyer");
        let order = desk.tea(Some(&address), Lang::Ru).await;
        let notice = desk.notices(order).await.remove(0);
        desk.crash_while_sending(notice.id).await;
        assert_eq!(desk.told(order).await, "placed:sent");
        let mails = desk.mail.wait_for(&address, 2);
        assert!(mails.iter().all(|mail| header(mail, "Message-ID") == notice.message_id));
        assert_eq!(desk.app.facts_named("notifications.in_doubt").await, 0);
    }

    async fn a_server_that_goes_silent_after_the_text_leaves_a_doubt(place: Place) {
        let port = silent_server();
        let desk = Desk::open_with(place, Some(&format!("smtp://127.0.0.1:{port}"))).await;
        let order = desk.tea(Some("buyer@takt.test"), Lang::Ru).await;
        let notice = desk.notices(order).await.remove(0);
        assert_eq!((notice.state, notice.problem.as_deref()), (State::InDoubt, Some("notifications.nobody_knows")));
        desk.app.advance(100_000).await;
        assert_eq!(desk.told(order).await, "placed:in_doubt", "nothing happens until somebody decides");
    }
}

/// Takes every text to its end and hangs up without a word.
fn silent_server() -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let port = listener.local_addr().expect("an address").port();
    thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            thread::spawn(move || talk(stream));
        }
    });
    port
}

fn talk(stream: TcpStream) -> Option<()> {
    let mut answers = &stream;
    answers.write_all(b"220 silent.test\r\n").ok()?;
    let mut in_text = false;
    for line in BufReader::new(&stream).lines() {
        let line = line.ok()?;
        let answer = match line.split(' ').next().unwrap_or_default() {
            "." if in_text => return None,
            _ if in_text => continue,
            "DATA" => {
                in_text = true;
                "354 go on\r\n"
            }
            "QUIT" => return None,
            _ => "250 silent.test\r\n",
        };
        answers.write_all(answer.as_bytes()).ok()?;
    }
    Some(())
}
