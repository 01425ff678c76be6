//! The requests that an unmodified OpenCart module really sent, byte by byte.

use serde_json::{Value, json};
use takt_testing::on_both_engines;

use super::shop::Desk;

const RECORDED: &str = include_str!("../data/opencart.jsonl");
const THEIR_KEY: &[u8] = b"kkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkk";

/// Their key by ours, which is as long.
fn with_key(bytes: &[u8], key: &str) -> Vec<u8> {
    let mut bytes = bytes.to_vec();
    while let Some(at) = bytes.windows(THEIR_KEY.len()).position(|part| part == THEIR_KEY) {
        bytes[at..at + THEIR_KEY.len()].copy_from_slice(key.as_bytes());
    }
    bytes
}

fn decoded(text: &str) -> Vec<u8> {
    const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut bits = 0_u32;
    let mut held = 0;
    let mut bytes = Vec::new();
    for letter in text.bytes().filter(|letter| *letter != b'=') {
        let digit = DIGITS.iter().position(|digit| *digit == letter).expect("base64");
        bits = bits << 6 | u32::try_from(digit).expect("six bits");
        held += 6;
        if held >= 8 {
            held -= 8;
            bytes.push(u8::try_from(bits >> held & 0xff).expect("a byte"));
        }
    }
    bytes
}

on_both_engines! {
    async fn the_recorded_requests_of_a_module_are_served(place: Place) {
        let desk = Desk::open(place).await;
        let mut refused = Vec::new();
        let mut sent = 0;
        for line in RECORDED.lines() {
            let request: Value = serde_json::from_str(line).expect("JSON");
            let target = with_key(request["target"].as_str().expect("a target").as_bytes(), &desk.module.key);
            let target = String::from_utf8(target).expect("a target");
            let body = with_key(&decoded(request["body_b64"].as_str().unwrap_or_default()), &desk.module.key);
            let media = request["headers"].as_array().expect("headers").iter()
                .find(|header| header[0] == "Content-Type").and_then(|header| header[1].as_str().map(str::to_owned));
            let method = request["method"].as_str().expect("a method");
            let answer = desk.module.replay(method, &target, media.as_deref(), body).await;
            desk.app.drain().await;
            sent += 1;
            if answer.status >= 400 {
                refused.push((answer.status, target.split('?').next().unwrap_or_default().to_owned(), answer.body["errorMsg"].clone()));
            }
        }
        // The module makes up a new id for a payment and edits it: a mistake of its own that their system refuses, too.
        // Orders 1 and 2 were there already when it exported all.
        let expected: Vec<(u16, &str, Value)> = vec![
            (404, "/api/v5/orders/payments/1-6b01f9036276b/edit", json!("Not found")),
            (404, "/api/v5/orders/payments/2-6b01f90eac7c3/edit", json!("Not found")),
            (460, "/api/v5/orders/upload", json!("Orders are loaded with errors")),
        ];
        let expected: Vec<(u16, String, Value)> =
            expected.into_iter().map(|(status, path, message)| (status, path.to_owned(), message)).collect();
        assert_eq!((sent, refused), (51, expected));
        assert_eq!(desk.placed().await, 3);
        let order = desk.module.get("orders/1").await.expect(200)["order"].clone();
        for (path, expected) in [
            ("/firstName", json!("Ivan")), ("/lastName", json!("Sidorov")), ("/phone", json!("+79001234568")),
            ("/totalSumm", json!(207)), ("/items/0/quantity", json!(2)), ("/delivery/cost", json!(5)),
            ("/customerComment", json!("please call")), ("/countryIso", json!("US")),
        ] {
            assert_eq!(order.pointer(path), Some(&expected), "{path}");
        }
    }
}
