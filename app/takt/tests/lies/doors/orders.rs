//! Orders as shops' programs report and change them. Whatever a program says of money is no money.

use http::Method;
use serde_json::{Map, Value, json};

use super::Lied;
use crate::world::{Target, World, body};

pub async fn lie(world: &mut World) -> Lied {
    let target = world.target();
    let paid = paid_by_word(world);
    let path = format!("/api/v1/orders/{}", target.order);
    let (what, status) = match world.chance.between(0, 9) {
        0..=2 => {
            let number = world.next();
            let new = with(body(&format!("paid-{number}"), number), &paid);
            ("an order that comes as paid", world.program.post_json("/api/v1/orders", &new).await.status)
        }
        3 => {
            let again = with(body(&target.external_id, 9_000_000), &paid);
            (
                "an order that comes once more as paid",
                world.program.post_json("/api/v1/orders", &again).await.status,
            )
        }
        4..=5 => ("an order that becomes paid by an edit", edited(world, &target, &path, &paid).await),
        6 => {
            let verb = world.chance.pick(&["pay", "payments", "paid", "receipts", "confirm", "invoice/paid"]);
            ("a verb that nobody has", world.program.post_json(&format!("{path}/{verb}"), &paid).await.status)
        }
        7 => {
            ("a stranger's program", world.stranger.ask(Method::PATCH, &path).json(&paid).send().await.status)
        }
        8 => {
            let forged = world.app.client().with_token(&format!("takt_{}", world.chance.digits(40)));
            ("a made-up token", forged.ask(Method::PATCH, &path).json(&paid).send().await.status)
        }
        _ => {
            let junk = json!([paid, null, {"paid": {"$gt": ""}}]);
            ("a body of another shape", world.program.post_json("/api/v1/orders", &junk).await.status)
        }
    };
    assert!(!status.is_server_error(), "{what}: {status}");
    Lied::gravely(what)
}

async fn edited(world: &World, target: &Target, path: &str, paid: &Value) -> http::StatusCode {
    let order: Value = world.program.get(path).await.json();
    assert_eq!(order["external_id"], target.external_id.as_str(), "{order}");
    let version = format!("\"{}\"", order["version"]);
    world.program.ask(Method::PATCH, path).header("if-match", &version).json(paid).send().await.status
}

/// In one of the ways in which systems call an order paid.
pub fn paid_by_word(world: &mut World) -> Value {
    let all = [
        json!({"paid": "100.00"}),
        json!({"paid": true, "paid_at": "2026-11-02T09:00:00Z"}),
        json!({"paid_minor": 10_000, "total_paid": 100}),
        json!({"payment_status": "paid", "paymentStatus": "paid", "financial_status": "paid"}),
        json!({"payments": [{"amount": "100.00", "status": "paid", "type": "bank-transfer"}]}),
        json!({"invoice": {"state": "paid", "left": "0.00"}}),
        json!({"stage": "complete", "status": "complete"}),
        json!({"allocations": [{"line": 1, "amount": "100.00"}], "receipt": {"amount": "100.00"}}),
        json!({"extra": {"paid": "100.00"}, "comment": "оплачено полностью"}),
    ];
    all[world.chance.index(all.len())].clone()
}

pub fn with(mut body: Value, more: &Value) -> Value {
    let more: Map<String, Value> = more.as_object().cloned().unwrap_or_default();
    if let Some(body) = body.as_object_mut() {
        body.extend(more);
    }
    body
}
