//! The client against a neighbour on the loopback.

#![cfg(test)]

use axum::{
    Router,
    http::{HeaderMap, StatusCode, header},
    routing::{get, post},
};
use serde_json::{Value, json};
use takt_outbound::{Call, Outbound, Reach};

async fn neighbour() -> String {
    let routes = Router::new()
        .route(
            "/echo",
            post(async |headers: HeaderMap, body: String| {
                let token = headers[header::AUTHORIZATION].to_str().unwrap().to_owned();
                json!({"token": token, "body": body}).to_string()
            }),
        )
        .route("/refuse", get(async || (StatusCode::CONFLICT, "no")))
        .route("/away", get(async || (StatusCode::FOUND, [(header::LOCATION, "/echo")])))
        .route("/hang", get(async || std::future::pending::<()>().await))
        .route("/flood", get(async || "x".repeat(20 * 1024 * 1024)));
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move { axum::serve(listener, routes).await });
    format!("http://{address}")
}

#[tokio::test]
async fn what_is_sent_arrives_and_the_answer_is_read() {
    let there = neighbour().await;
    let call = Call::post(format!("{there}/echo")).bearer("takt_x").json(&json!({"a": "чай"}));
    let reply = Outbound::new().unwrap().send(call).await.unwrap();
    assert!(reply.is_success());
    let answer: Value = reply.json().unwrap();
    assert_eq!(answer, json!({"token": "Bearer takt_x", "body": "{\"a\":\"чай\"}"}));
}

#[tokio::test]
async fn a_refusal_is_an_answer_and_a_redirect_is_not_followed() {
    let there = neighbour().await;
    let outbound = Outbound::new().unwrap();
    let refused = outbound.send(Call::get(format!("{there}/refuse"))).await.unwrap();
    assert_eq!((refused.status, refused.text().as_str()), (409, "no"));
    assert!(refused.json::<Value>().is_err());
    assert_eq!(outbound.send(Call::get(format!("{there}/away"))).await.unwrap().status, 302);
}

#[tokio::test]
async fn no_answer_an_endless_one_and_no_address_are_faults_without_secrets() {
    let there = neighbour().await;
    let outbound = Outbound::new().unwrap();
    for (address, code) in [
        (format!("{there}/flood"), "outbound.too_large"),
        ("http://127.0.0.1:1/?key=secret".to_owned(), "outbound.unreachable"),
        ("nonsense secret".to_owned(), "outbound.bad_address"),
    ] {
        let fault = outbound.send(Call::get(address)).await.unwrap_err();
        assert!(fault.is(code), "{fault:?}");
        assert!(!format!("{fault:?}").contains("secret"), "{fault:?}");
    }
}

#[tokio::test]
async fn what_is_behind_our_own_wall_is_not_reached_by_digits_nor_by_name() {
    let there = neighbour().await;
    let by_name = there.replace("127.0.0.1", "localhost");
    let (public, near) =
        (Outbound::to(Reach::Public).unwrap(), Outbound::to(Reach::PublicAndLoopback).unwrap());
    for address in [&there, &by_name] {
        let refused = public.send(Call::get(format!("{address}/refuse"))).await.unwrap_err();
        assert!(refused.is("outbound.out_of_reach"), "{refused:?}");
        assert_eq!(near.send(Call::get(format!("{address}/refuse"))).await.unwrap().status, 409);
    }
    let nobody = public.send(Call::get("https://no-such-host.invalid/")).await.unwrap_err();
    assert!(nobody.is("outbound.unreachable"), "{nobody:?}");
}

#[tokio::test]
async fn a_caller_may_be_less_patient_and_want_less() {
    let there = neighbour().await;
    let outbound = Outbound::new().unwrap();
    let hanging = Call::get(format!("{there}/hang")).within(std::time::Duration::from_millis(50));
    assert!(outbound.send(hanging).await.unwrap_err().is("outbound.timed_out"));
    let reply = outbound.send(Call::get(format!("{there}/flood")).first_bytes(100)).await.unwrap();
    assert_eq!((reply.status, reply.body.len()), (200, 100));
}
