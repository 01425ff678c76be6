//! A mail server that is not there, hangs, or wants everybody to come later.

use std::{
    io::{BufRead, BufReader, Write},
    net::{TcpListener, TcpStream},
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
        mpsc,
    },
    thread,
    time::Duration,
};

use takt_notifications::{Settings, State};
use takt_orders::cancel;
use takt_store::{params, sql};
use takt_testing::on_both_engines;
use takt_ui::Lang;

use crate::desk::{Desk, permit};

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
    patient(port).talking_at_most(Duration::from_millis(300))
}

fn patient(port: u16) -> Settings {
    let settings = Settings::parse(Some(&format!("smtp://127.0.0.1:{port}")), "Takt <takt@desk.test>");
    settings.expect("settings")
}

/// A mail server that thinks each recipient over until it is told to go on, and counts the texts that it takes.
fn thinking(listener: TcpListener, asked: mpsc::Sender<()>, go_on: mpsc::Receiver<()>) -> Arc<AtomicUsize> {
    let taken = Arc::new(AtomicUsize::new(0));
    let counted = taken.clone();
    thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            think(stream, &asked, &go_on, &counted);
        }
    });
    taken
}

fn think(
    stream: TcpStream,
    asked: &mpsc::Sender<()>,
    go_on: &mpsc::Receiver<()>,
    taken: &AtomicUsize,
) -> Option<()> {
    let mut answers = &stream;
    answers.write_all(b"220 thinks.test\r\n").ok()?;
    let mut in_text = false;
    for line in BufReader::new(&stream).lines() {
        let line = line.ok()?;
        let answer = match line.split(' ').next().unwrap_or_default() {
            "." if in_text => {
                in_text = false;
                taken.fetch_add(1, Ordering::SeqCst);
                "250 taken\r\n"
            }
            _ if in_text => continue,
            "RCPT" => {
                asked.send(()).ok()?;
                go_on.recv().ok()?;
                "250 well\r\n"
            }
            "DATA" => {
                in_text = true;
                "354 go on\r\n"
            }
            "QUIT" => return None,
            _ => "250 thinks.test\r\n",
        };
        answers.write_all(answer.as_bytes()).ok()?;
    }
    Some(())
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

    async fn who_is_erased_while_the_server_thinks_gets_no_letter(place: Place) {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let port = listener.local_addr().expect("an address").port();
        let ((asked, asks), (go_on, goes_on)) = (mpsc::channel(), mpsc::channel());
        go_on.send(()).expect("the first letter may go");
        let taken = thinking(listener, asked, goes_on);
        let desk = Desk::open_as(place, patient(port)).await;
        let (company, order) = (desk.company, desk.tea(Some("buyer@takt.test"), Lang::Ru).await);
        asks.recv().expect("it was asked");
        assert_eq!((desk.told(order).await.as_str(), taken.load(Ordering::SeqCst)), ("placed:sent", 1));
        desk.app.write(move |tx| cancel(tx, &permit(company), order, None, "").map(|_| ())).await;
        let erased = async {
            tokio::task::spawn_blocking(move || asks.recv()).await.expect("no panic").expect("it is asked");
            desk.app
                .write(move |tx| {
                    tx.put(
                        sql!(
                            "update notice
                             set recipient = '', subject = '', body = '', state = 'failed',
                               problem = 'notifications.erased'
                             where company_id = :company_id and order_id = :order_id and state = 'queued'"
                        ),
                        params![company_id: company, order_id: order],
                    )
                })
                .await;
            go_on.send(()).expect("it goes on");
        };
        tokio::join!(desk.app.drain(), erased);
        assert_eq!(desk.told(order).await, "placed:sent cancelled:failed");
        assert_eq!(desk.notices(order).await[1].problem.as_deref(), Some("notifications.erased"));
        assert_eq!(taken.load(Ordering::SeqCst), 1, "no text went to somebody who is erased");
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
