//! Each bound is filled: who comes next is refused in the usual way, and the probes answer.

use std::time::Duration;

use serde_json::Value;
use takt_testing::Client;
use takt_web::Limits;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};

use crate::node::{Node, answer_to};

fn small() -> Limits {
    Limits { running: 1, waiting: 1, longest_wait: Duration::from_millis(200), ..Limits::default() }
}

/// A refusal as a program gets it, and its words in both languages.
async fn refused(node: &Node, status: u16, code: &str, russian: &str, english: &str) {
    for (lang, words) in [("ru", russian), ("en", english)] {
        let answer = node.client().with_cookie("lang", lang).get("/api/v1/id").await.expect_status(status);
        assert!((1..=3).contains(&answer.header("retry-after").unwrap().parse::<u64>().unwrap()));
        let problem: Value = answer.json();
        assert_eq!(problem["code"], code);
        assert!(problem["detail"].as_str().unwrap().contains(words), "{problem}");
    }
}

#[tokio::test]
async fn when_all_places_are_taken_who_comes_waits_a_while_and_is_then_told_when_to_come_back() {
    let node = Node::of(small()).await;
    let first = node.holds("takt_1");
    node.until("takt_http_running", 1.0).await;
    refused(&node, 503, "web.overloaded", "перегружен", "overloaded").await;
    let waits = node.holds("takt_2");
    node.until("takt_http_waiting", 1.0).await;
    // The queue is full: nobody waits in vain, which the last of the numbers below tells.
    node.client().get("/hold").await.expect_status(503);
    for probe in ["/healthz", "/readyz"] {
        node.client().get(probe).await.expect_status(200);
    }
    node.let_go.add_permits(2);
    assert_eq!((first.await.unwrap().text(), waits.await.unwrap().text()), ("held".into(), "held".into()));
    node.client().get("/api/v1/id").await.expect_status(200);
    let text = node.web.db.metrics().text();
    assert!(text.contains("takt_http_shed_total{reason=\"waited_too_long\"} 2"), "{text}");
    assert!(text.contains("takt_http_shed_total{reason=\"queue_full\"} 1"), "{text}");
}

#[tokio::test]
async fn one_caller_does_not_take_all_places() {
    let node = Node::of(Limits { running: 3, per_caller: 1, ..small() }).await;
    let held = node.holds("takt_1");
    node.until("takt_http_running", 1.0).await;
    let again = node.client().with_token("takt_1").get("/api/v1/id").await.expect_status(429);
    assert!(again.header("retry-after").unwrap().parse::<u64>().is_ok());
    assert_eq!(again.json::<Value>()["code"], "web.too_many_at_once");
    node.client().with_token("takt_2").get("/api/v1/id").await.expect_status(200);
    node.let_go.add_permits(1);
    held.await.unwrap().expect_status(200);
    node.client().with_token("takt_1").get("/api/v1/id").await.expect_status(200);
}

#[tokio::test]
async fn large_bodies_together_have_a_limit_and_small_ones_pass_by() {
    let node = Node::of(Limits { running: 3, large_bodies: 2 << 20, ..small() }).await;
    let (address, _stop, _serving) = node.listen().await;
    let mut slow = TcpStream::connect(address).await.unwrap();
    let head = "POST /api/v1/upload HTTP/1.1\r\nHost: takt.test\r\nContent-Length: 2097152\r\n\r\n";
    slow.write_all(head.as_bytes()).await.unwrap();
    node.until("takt_http_running", 1.0).await;
    let (client, big) = (node.client(), "x".repeat(1 << 20));
    client
        .ask(axum::http::Method::POST, "/api/v1/upload")
        .body("text/plain", big.clone())
        .send()
        .await
        .expect_status(503);
    client
        .ask(axum::http::Method::POST, "/api/v1/upload")
        .body("text/plain", "small")
        .send()
        .await
        .expect_status(200);
    drop(slow);
    node.until("takt_http_running", 0.0).await;
    client
        .ask(axum::http::Method::POST, "/api/v1/upload")
        .body("text/plain", big)
        .send()
        .await
        .expect_status(200);
}

#[tokio::test]
async fn there_are_only_so_many_live_streams() {
    let node = Node::of(Limits { streams: 1, ..Limits::default() }).await;
    let (address, _stop, _serving) = node.listen().await;
    let mut stream = TcpStream::connect(address).await.unwrap();
    stream.write_all(b"GET /live HTTP/1.1\r\nHost: takt.test\r\n\r\n").await.unwrap();
    node.until("takt_live_streams", 1.0).await;
    let answer = node.client().get("/live").await.expect_status(503);
    assert!(answer.header("retry-after").unwrap().parse::<u64>().is_ok());
    drop(stream);
    node.until("takt_live_streams", 0.0).await;
}

#[tokio::test]
async fn a_request_has_an_end() {
    let node = Node::of(Limits { request: Duration::from_millis(100), ..Limits::default() }).await;
    let answer = node.client().get("/api/hold").await.expect_status(503);
    assert_eq!(answer.json::<Value>()["code"], "web.timed_out");
    assert_eq!(answer.header("retry-after").unwrap(), "5");
    node.until("takt_http_running", 0.0).await;
}

#[tokio::test]
async fn connections_above_the_limit_are_told_so_and_probes_answer_there() {
    // One address may have half of them.
    let node = Node::of(Limits { connections: 2, reserve: 2, ..Limits::default() }).await;
    let (address, _stop, _serving) = node.listen().await;
    let _first = TcpStream::connect(address).await.unwrap();
    node.until("takt_http_connections", 1.0).await;
    let mut told = TcpStream::connect(address).await.unwrap();
    told.write_all(b"GET /api/v1/id HTTP/1.1\r\nHost: t\r\n\r\n").await.unwrap();
    let answer = answer_to(&mut told).await;
    assert!(answer.starts_with("HTTP/1.1 503") && answer.contains("web.overloaded"), "{answer}");
    assert!(answer.to_lowercase().contains("retry-after: "), "{answer}");
    node.until("takt_http_connections", 1.0).await;
    let mut probe = TcpStream::connect(address).await.unwrap();
    probe.write_all(b"GET /healthz HTTP/1.1\r\nHost: t\r\nConnection: close\r\n\r\n").await.unwrap();
    assert!(answer_to(&mut probe).await.starts_with("HTTP/1.1 200"));
    node.until("takt_http_connections", 1.0).await;
    let mut crowd = Vec::new();
    for count in 2..5_u8 {
        crowd.push(TcpStream::connect(address).await.unwrap());
        node.until("takt_http_connections", f64::from(count)).await;
    }
    let mut none = TcpStream::connect(address).await.unwrap();
    assert_eq!(answer_to(&mut none).await, "", "nothing is kept for this one");
}

#[tokio::test]
async fn clients_that_are_too_slow_are_let_go() {
    let limits = Limits {
        idle: Duration::from_millis(900),
        body_pause: Duration::from_millis(200),
        answer_pause: Duration::from_millis(300),
        ..Limits::default()
    };
    let node = Node::of(limits).await;
    let (address, _stop, _serving) = node.listen().await;
    // A body that does not come.
    let mut half = TcpStream::connect(address).await.unwrap();
    let head =
        "POST /api/read HTTP/1.1\r\nHost: t\r\nContent-Type: application/json\r\nContent-Length: 50\r\n\r\n{";
    half.write_all(head.as_bytes()).await.unwrap();
    let answer = answer_to(&mut half).await;
    assert!(answer.starts_with("HTTP/1.1 408") && answer.contains("web.body_too_slow"), "{answer}");
    // An answer that is never read: 32 MB do not fit into the sockets' own memory.
    let mut deaf = TcpStream::connect(address).await.unwrap();
    deaf.write_all(b"GET /large HTTP/1.1\r\nHost: t\r\n\r\n").await.unwrap();
    node.until("takt_http_slow_clients_total", 1.0).await;
    // Nothing more is asked.
    let mut idle = TcpStream::connect(address).await.unwrap();
    idle.write_all(b"GET /healthz HTTP/1.1\r\nHost: t\r\n\r\n").await.unwrap();
    let answer = answer_to(&mut idle).await;
    assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
    node.until("takt_http_connections", 0.0).await;
    assert_eq!(node.number("takt_http_slow_clients_total"), 1.0, "who asks nothing more was not slow");
    drop(deaf);
}

#[tokio::test]
async fn a_head_that_never_ends_is_let_go_long_before_one_who_asks_nothing() {
    let limits =
        Limits { head: Duration::from_millis(200), idle: Duration::from_secs(3_600), ..Limits::default() };
    let node = Node::of(limits).await;
    let (address, _stop, _serving) = node.listen().await;
    let mut idle = TcpStream::connect(address).await.unwrap();
    let ask = b"GET /healthz HTTP/1.1\r\nHost: t\r\n\r\n";
    let mut answer = [0; 12];
    idle.write_all(ask).await.unwrap();
    idle.read_exact(&mut answer).await.unwrap();
    assert_eq!(&answer, b"HTTP/1.1 200");
    // Letter by letter, without an end.
    let mut loris = TcpStream::connect(address).await.unwrap();
    loris.write_all(b"GET /api/v1/id HTTP/1.1\r\nX-A").await.unwrap();
    answer_to(&mut loris).await;
    node.until("takt_http_slow_clients_total", 1.0).await;
    node.until("takt_http_connections", 1.0).await;
    drop(idle);
    node.until("takt_http_connections", 0.0).await;
}

#[tokio::test]
async fn a_stream_that_nobody_writes_to_is_not_a_slow_client() {
    let limits = Limits {
        head: Duration::from_millis(50),
        idle: Duration::from_millis(50),
        answer_pause: Duration::from_millis(50),
        ..Limits::default()
    };
    let node = Node::of(limits).await;
    let (address, stop, serving) = node.listen().await;
    let mut stream = TcpStream::connect(address).await.unwrap();
    stream.write_all(b"GET /live HTTP/1.1\r\nHost: takt.test\r\n\r\n").await.unwrap();
    let mut bytes = [0; 4096];
    let mut read = stream.read(&mut bytes).await.unwrap();
    // Several times longer than every limit; only the end of the node ends the stream.
    let waited = tokio::time::timeout(Duration::from_millis(300), async {
        while read > 0 {
            read = stream.read(&mut bytes).await.unwrap();
        }
    });
    assert!(waited.await.is_err(), "the stream was closed");
    stop.send(()).unwrap();
    serving.await.unwrap().unwrap();
}

#[tokio::test]
async fn a_request_under_way_ends_after_the_stop_and_no_new_one_begins() {
    let node = Node::of(Limits::default()).await;
    let (address, stop, serving) = node.listen().await;
    let mut late = TcpStream::connect(address).await.unwrap();
    late.write_all(b"GET /hold HTTP/1.1\r\nHost: t\r\n\r\n").await.unwrap();
    node.until("takt_http_running", 1.0).await;
    stop.send(()).unwrap();
    while TcpStream::connect(address).await.is_ok() {
        tokio::task::yield_now().await;
    }
    node.let_go.add_permits(1);
    let answer = answer_to(&mut late).await;
    assert!(answer.starts_with("HTTP/1.1 200") && answer.ends_with("held"), "{answer}");
    serving.await.unwrap().unwrap();
}

#[tokio::test]
async fn a_stop_does_not_wait_for_ever() {
    let node = Node::of(Limits { farewell: Duration::from_millis(100), ..Limits::default() }).await;
    let (address, stop, serving) = node.listen().await;
    let mut late = TcpStream::connect(address).await.unwrap();
    late.write_all(b"GET /hold HTTP/1.1\r\nHost: t\r\n\r\n").await.unwrap();
    node.until("takt_http_running", 1.0).await;
    stop.send(()).unwrap();
    tokio::time::timeout(Duration::from_secs(5), serving).await.expect("it stops").unwrap().unwrap();
}

#[tokio::test]
async fn requests_are_counted_by_route_and_what_callers_send_is_no_label() {
    let node = Node::of(Limits::default()).await;
    let client = node.client();
    for id in 0..3 {
        client.get(&format!("/teas/{id}")).await.expect_status(200);
    }
    for path in ["/nowhere", "/elsewhere/hunter2"] {
        client.get(path).await.expect_status(404);
    }
    client
        .ask(axum::http::Method::from_bytes(b"HUNTER2").unwrap(), "/teas/1")
        .send()
        .await
        .expect_status(405);
    client.get("/api/v1/fault/unavailable").await.expect_status(503);
    let text = node.web.db.metrics().text();
    for line in [
        "takt_http_requests_total{method=\"GET\",route=\"/teas/{id}\",status=\"2xx\"} 3",
        "takt_http_requests_total{method=\"GET\",route=\"-\",status=\"4xx\"} 2",
        "takt_http_requests_total{method=\"OTHER\",route=\"/teas/{id}\",status=\"4xx\"} 1",
        "takt_http_request_seconds_count{method=\"GET\",route=\"/teas/{id}\"} 3",
        "takt_http_refusals_total{kind=\"missing\"} 2",
        "takt_http_refusals_total{kind=\"unavailable\"} 1",
        "takt_http_in_flight 0",
    ] {
        assert!(text.contains(&format!("{line}\n")), "{line} is missing in:\n{text}");
    }
    assert!(!text.to_lowercase().contains("hunter2"), "{text}");
    node.app.get("/metrics").await.expect_status(404);
    let told = Client::new(takt_web::observed(&node.web)).get("/metrics").await.expect_status(200);
    assert!(told.header("content-type").unwrap().starts_with("application/openmetrics-text"));
    assert!(
        told.text().contains("takt_database_answers 1\n") && told.text().contains("takt_database_bytes ")
    );
}

#[tokio::test]
async fn numbers_are_told_when_the_database_does_not_answer() {
    let node = Node::of(Limits::default()).await;
    node.app.db.close().await;
    let blocked: Vec<_> = (0..4)
        .map(|_| {
            let (db, (hold, held)) = (node.app.db.clone(), std::sync::mpsc::channel::<()>());
            tokio::spawn(async move { db.read("test.hold", move |_| Ok(held.recv().is_ok())).await });
            hold
        })
        .collect();
    node.until("takt_readers_busy", 4.0).await;
    let client = Client::new(takt_web::observed(&node.web));
    let told = client.get("/metrics").await.expect_status(200).text();
    assert!(told.contains("takt_database_answers 0\n") && told.contains("takt_http_in_flight 0\n"), "{told}");
    drop(blocked);
}
