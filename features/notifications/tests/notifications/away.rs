//! A mail server that is not there, hangs, or wants everybody to come later.

use std::{
    io::{BufRead, BufReader, Write},
    net::{TcpListener, TcpStream},
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    thread,
    time::Duration,
};

use takt_notifications::{Settings, State};
use takt_testing::on_both_engines;
use takt_ui::Lang;

use crate::desk::Desk;

#[derive(Clone, Copy, PartialEq, Eq)]
enum Mood {
    Hangs,
    Later,
    Takes,
}

/// A mail server in this mood; counts who comes.
fn server(listener: TcpListener, mood: Mood) -> Arc<AtomicUsize> {
    let came = Arc::new(AtomicUsize::new(0));
    let counted = came.clone();
    thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            counted.fetch_add(1, Ordering::SeqCst);
            thread::spawn(move || talk(stream, mood));
        }
    });
    came
}

fn talk(stream: TcpStream, mood: Mood) -> Option<()> {
    let mut answers = &stream;
    let mut lines = BufReader::new(&stream).lines();
    if mood == Mood::Hangs {
        // Until the other side gives up.
        lines.next();
        return None;
    }
    answers.write_all(b"220 takes.test\r\n").ok()?;
    let mut in_text = false;
    for line in lines {
        let line = line.ok()?;
        let answer = match line.split(' ').next().unwrap_or_default() {
            "." if in_text => {
                in_text = false;
                "250 taken\r\n"
            }
            _ if in_text => continue,
            "MAIL" if mood == Mood::Later => "451 later\r\n",
            "DATA" => {
                in_text = true;
                "354 go on\r\n"
            }
            "QUIT" => return None,
            _ => "250 takes.test\r\n",
        };
        answers.write_all(answer.as_bytes()).ok()?;
    }
    Some(())
}

fn settings(port: u16) -> Settings {
    let settings = Settings::parse(Some(&format!("smtp://127.0.0.1:{port}")), "Takt <takt@desk.test>");
    settings.expect("settings").talking_at_most(Duration::from_millis(300))
}

async fn attempts(desk: &Desk, orders: &[takt_orders::OrderId]) -> (i64, usize) {
    let (mut attempts, mut sent) = (0, 0);
    for order in orders {
        for notice in desk.notices(*order).await {
            attempts += notice.attempts;
            sent += usize::from(notice.state == State::Sent);
        }
    }
    (attempts, sent)
}

async fn orders(desk: &Desk, count: usize) -> Vec<takt_orders::OrderId> {
    let mut orders = Vec::new();
    for _ in 0..count {
        orders.push(desk.tea(Some("buyer@takt.test"), Lang::Ru).await);
    }
    orders
}

on_both_engines! {
    async fn while_nobody_answers_one_message_tries_and_all_go_when_somebody_does(place: Place) {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let address = listener.local_addr().expect("an address");
        drop(listener);
        let desk = Desk::open_as(place, settings(address.port())).await;
        let orders = orders(&desk, 8).await;
        assert_eq!(attempts(&desk, &orders).await, (1, 0), "one has found out; other work went on");
        // A quarter of an hour of rests of 15, 30, 60, 120, 240, 300 … seconds.
        for _ in 0..60 {
            desk.app.advance(15).await;
        }
        let (tried, _) = attempts(&desk, &orders).await;
        assert!((5..=9).contains(&tried), "{tried} attempts");
        server(TcpListener::bind(address).expect("the port again"), Mood::Takes);
        desk.app.advance(300).await;
        assert_eq!(attempts(&desk, &orders).await.1, 8, "all are sent, and nobody had to do anything");
    }

    async fn a_server_that_hangs_holds_nobody_up(place: Place) {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let port = listener.local_addr().expect("an address").port();
        let came = server(listener, Mood::Hangs);
        let desk = Desk::open_as(place, settings(port)).await;
        let orders = orders(&desk, 5).await;
        assert_eq!(came.load(Ordering::SeqCst), 1);
        let notice = desk.notices(orders[0]).await.remove(0);
        assert_eq!(
            (notice.state, notice.problem.as_deref()),
            (State::Queued, Some("notifications.no_connection"))
        );
    }

    async fn a_server_that_puts_everything_off_is_asked_less_and_less(place: Place) {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let port = listener.local_addr().expect("an address").port();
        let came = server(listener, Mood::Later);
        let desk = Desk::open_as(place, settings(port)).await;
        let orders = orders(&desk, 3).await;
        for _ in 0..24 {
            desk.app.advance(3_600).await;
        }
        let came = came.load(Ordering::SeqCst);
        assert!(came <= 3 * 24, "{came} visits in a day");
        desk.app.advance(25 * 3_600).await;
        let notice = desk.notices(orders[0]).await.remove(0);
        assert_eq!((notice.state, notice.problem.as_deref()), (State::Failed, Some("notifications.put_off")));
    }
}
