//! What must not be: each is refused in the protocol's own words or taken in, and what would be lost by a refusal
//! waits with its bytes as they came. Nothing vanishes: each message that could be told whose it is, is kept.

use http::Method;
use serde_json::{Value, json};
use takt_connections::messages::{self, State};
use takt_testing::on_both_engines;

use super::shop::{Answer, Desk, order};

const FORM: &str = "application/x-www-form-urlencoded";
const ENTITY: &str = "Errors in the entity format";

/// What is sent to `orders/create` or elsewhere, and what comes of it.
struct Case {
    what: &'static str,
    path: &'static str,
    media: &'static str,
    /// It says of itself that it is gzip.
    packed: bool,
    body: Vec<u8>,
    status: u16,
    message: Option<&'static str>,
    /// As what it is kept.
    kept: State,
}

impl Case {
    fn sent(what: &'static str, body: impl Into<Vec<u8>>) -> Self {
        Self {
            what,
            path: "orders/create",
            media: FORM,
            packed: false,
            body: body.into(),
            status: 400,
            message: Some(ENTITY),
            kept: State::Quarantined,
        }
    }

    /// A form with one field of JSON.
    fn said(what: &'static str, field: &str, value: &Value) -> Self {
        Self::sent(what, format!("{field}={}", encoded(value.to_string().as_bytes())))
    }

    /// An order in which this is otherwise.
    fn order(what: &'static str, changes: Value) -> Self {
        let mut order = order(what);
        order.as_object_mut().expect("fields").extend(changes.as_object().expect("fields").clone());
        Self::said(what, "order", &order)
    }

    fn at(self, path: &'static str) -> Self {
        Self { path, ..self }
    }
    fn media(self, media: &'static str) -> Self {
        Self { media, ..self }
    }
    fn packed(self) -> Self {
        Self { packed: true, ..self }
    }
    fn refused(self, status: u16, message: &'static str) -> Self {
        Self { status, message: Some(message), kept: State::Refused, ..self }
    }
    /// Refused, and its bytes wait all the same.
    fn not_here(self, status: u16, message: &'static str) -> Self {
        Self { status, message: Some(message), ..self }
    }
    fn told(self, message: &'static str) -> Self {
        Self { message: Some(message), ..self }
    }
    fn taken(self) -> Self {
        Self { status: 201, message: None, kept: State::Applied, ..self }
    }
}

fn encoded(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("%{byte:02X}")).collect()
}

/// As a shop in windows-1251 writes a name.
const ANNA: &[u8] = b"\xc0\xed\xed\xe0";

fn items(count: usize) -> Value {
    let item =
        |number: usize| json!({ "productName": format!("Чай {number}"), "initialPrice": 10, "quantity": 1 });
    Value::from((0..count).map(item).collect::<Vec<_>>())
}

fn cases() -> Vec<Case> {
    let mut raw = b"order={\"externalId\":\"x\",\"firstName\":\"".to_vec();
    raw.extend_from_slice(ANNA);
    raw.extend_from_slice(b"\"}");
    let mut part = b"--x\r\nContent-Disposition: form-data; name=\"order\"\r\n\r\n{\"firstName\":\"".to_vec();
    part.extend_from_slice(ANNA);
    part.extend_from_slice(b"\"}\r\n--x--\r\n");
    let many: String = (0..2_100).map(|number| format!("f{number}=1&")).collect();
    let mut empty = order("arrays of nothing");
    for field in ["customFields", "delivery", "customer", "payments", "contragent", "source"] {
        empty[field] = json!([]);
    }
    empty["items"][0]["properties"] = json!([]);
    let keyed = json!({ "119": { "offer": { "externalId": 40 }, "initialPrice": "101", "quantity": 2.0 }, "x": { "productName": "y", "initialPrice": 1 } });
    let nobody = json!({ "firstName": "", "lastName": null, "phone": "", "email": "", "customer": null });
    let fifty_one = Value::from(
        (0..51)
            .map(|number| json!({ "externalId": format!("m{number}"), "items": items(1) }))
            .collect::<Vec<_>>(),
    );
    vec![
        Case::order("a foreign site in the order", json!({ "site": "another" }))
            .not_here(403, "Access denied."),
        Case::sent(
            "a foreign site beside it",
            format!("site=another&order={}", encoded(order("s").to_string().as_bytes())),
        )
        .not_here(403, "Access denied."),
        // A form that would be two thousand times as large as it came: nobody unpacks it, and its bytes wait as they are.
        Case::sent("a bomb", include_bytes!("../data/bomb.gz").as_slice()).packed(),
        Case::sent("windows-1251", raw),
        Case::sent("windows-1251, encoded", format!("order=%7B%22firstName%22%3A%22{}%22%7D", encoded(ANNA))),
        Case::sent("windows-1251 in parts", part).media("multipart/form-data; boundary=x"),
        Case::sent("half a body", "--x\r\nContent-Disposition: form-data; name=\"order\"\r\n\r\n{")
            .media("multipart/form-data; boundary=x"),
        Case::sent("parts without a boundary", "order={}").media("multipart/form-data"),
        Case::sent("too many fields", many),
        Case::sent("no field", "")
            .told("Parameter 'order' is missing")
            .refused(400, "Parameter 'order' is missing"),
        Case::sent("half of JSON", "order=%7B%22items%22%3A"),
        Case::sent("no object", "order=%5B1%2C2%5D"),
        Case::sent("two documents", "order=%7B%7D%7B%7D"),
        Case::sent("too deep", format!("order={}", "%5B".repeat(10_000))),
        Case::order("a currency that is not the shop's", json!({ "currency": "EUR" })),
        Case::order("a currency of nobody", json!({ "currency": "DOGE" })),
        Case::order("no goods", json!({ "items": [] })),
        Case::order("a price in words", json!({ "items": [{ "productName": "x", "initialPrice": "сто" }] })),
        Case::order(
            "less than nothing",
            json!({ "items": [{ "productName": "x", "initialPrice": 1, "quantity": -1 }] }),
        ),
        Case::order(
            "more than there is",
            json!({ "items": [{ "productName": "x", "initialPrice": 1, "quantity": 1e30 }] }),
        ),
        Case::order("a discount that no number holds", json!({ "discountManualPercent": 1e28 })),
        Case::order(
            "a discount on a line that no number holds",
            json!({ "items": [{ "productName": "x", "initialPrice": 90_000_000_000_000_i64, "quantity": 1, "discountManualPercent": 7e28 }] }),
        ),
        Case::order(
            "goods that no number holds",
            json!({ "items": [{ "productName": "x", "initialPrice": 90_000_000_000_000_i64, "quantity": 9_000_000_000_000_i64 }], "discountManualPercent": 1 }),
        ),
        Case::order(
            "a discount that is larger than all there is",
            json!({ "discountManualAmount": 79e27, "discountManualPercent": 100 }),
        ),
        Case::order("more than a thousand lines", json!({ "items": items(1_001) })),
        Case::order("a long name", json!({ "externalId": "x".repeat(10_000) })),
        Case::said("fifty-one at once", "orders", &fifty_one)
            .at("orders/upload")
            .told("Errors in the input parameters"),
        Case {
            status: 460,
            ..Case::said("orders that are none", "orders", &json!([7, "all"])).at("orders/upload")
        }
        .told("Orders are loaded with errors"),
        Case::order("an order that nobody knows", json!({ "items": null }))
            .at("orders/unknown/edit")
            .refused(404, "Not found"),
        Case::said("stock of nothing", "offers", &json!(7)).at("store/inventories/upload"),
        Case::order("a thousand lines", json!({ "items": items(1_000) })).taken(),
        Case::order("nobody's order", nobody).taken(),
        Case::said("a customer without contacts", "customer", &json!({ "externalId": "n1" }))
            .at("customers/create")
            .taken(),
        Case::order("PHP's maps", json!({ "items": keyed })).taken(),
        Case::said("PHP's empty arrays", "order", &empty).taken(),
        Case::order(
            "letters that no database keeps",
            json!({ "customerComment": "a\u{0}b", "firstName": "Ан\u{0}на" }),
        )
        .taken(),
        Case::order(
            "what nobody knows",
            json!({ "nobodyKnows": { "this": [1, { "x": null }] }, "email": "none", "phone": "спросить" }),
        )
        .taken(),
        Case::order("letters read twice", json!({ "firstName": "ÐÐ½Ð½Ð°" })).taken(),
    ]
}

const STATES: [State; 4] = [State::Received, State::Applied, State::Refused, State::Quarantined];

async fn kept(desk: &Desk) -> Vec<i64> {
    let (company, connection) = (desk.company, desk.connection);
    desk.app
        .read(move |reader| {
            STATES.into_iter().map(|state| messages::count(reader, company, connection, state)).collect()
        })
        .await
}

async fn newest(desk: &Desk, state: State) -> Vec<u8> {
    let (company, connection) = (desk.company, desk.connection);
    desk.app
        .read(move |reader| {
            let newest = messages::newest(reader, company, connection, state, 1)?;
            messages::get(reader, company, newest[0].id)
        })
        .await
        .body
}

on_both_engines! {
    async fn bad_input_is_refused_or_waits_and_never_vanishes(place: Place) {
        let desk = Desk::open(place).await;
        let mut placed = desk.placed().await;
        let mut wrong = Vec::new();
        for case in cases() {
            let before = kept(&desk).await;
            let target = format!("/api/v5/{}?apiKey={}", case.path, desk.module.key);
            let Answer { status, body, wrong: strange } =
                desk.module.send("POST", &target, Some(case.media), case.packed, case.body.clone()).await;
            let what = case.what;
            let message = body["errorMsg"].as_str();
            if status != case.status || message != case.message || !strange.is_empty() {
                wrong.push(format!("{what}: {status} {body:.400} {strange:?}"));
            }
            let after = kept(&desk).await;
            let expected: Vec<i64> = before.iter().zip(STATES).map(|(count, state)| count + i64::from(state == case.kept)).collect();
            if after != expected {
                wrong.push(format!("{what}: {before:?} messages became {after:?}"));
                continue;
            }
            if newest(&desk, case.kept).await != case.body {
                wrong.push(format!("{what}: not its bytes"));
            }
            let is_order = case.kept == State::Applied && case.path == "orders/create";
            placed += usize::from(is_order);
            if desk.placed().await != placed {
                wrong.push(format!("{what}: {} orders instead of {placed}", desk.placed().await));
                placed = desk.placed().await;
            }
        }
        assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    }

    async fn whoever_is_nobody_leaves_nothing(place: Place) {
        let desk = Desk::open(place).await;
        let (body, wrong) = (encoded(order("1").to_string().as_bytes()), "Wrong \"apiKey\" value.");
        let before = kept(&desk).await;
        for key in ["x".repeat(32), desk.module.key[..31].to_owned(), format!("{}0", desk.module.key), "ключ".to_owned(), "a\u{0}".to_owned()] {
            let name = encoded(key.as_bytes());
            let target = format!("/api/v5/orders/create?apiKey={name}");
            desk.module.replay("POST", &target, Some(FORM), format!("order={body}").into_bytes()).await.refused(403, wrong);
            let body_with_key = format!("apiKey={name}&order={body}").into_bytes();
            desk.module.replay("POST", "/api/v5/orders/create", Some(FORM), body_with_key).await.refused(403, wrong);
            if key.is_ascii() && !key.contains('\u{0}') {
                let client = desk.app.client().with_header("x-api-key", &key);
                let answer = client.ask(Method::POST, "/api/v5/orders/create").body(FORM, format!("order={body}").into_bytes()).send().await;
                assert_eq!((answer.status.as_u16(), answer.json::<Value>()["errorMsg"].clone()), (403, json!(wrong)));
            }
        }
        desk.module.replay("POST", "/api/v5/orders/create", Some(FORM), format!("order={body}").into_bytes()).await.refused(403, "\"apiKey\" is missing.");
        assert_eq!((kept(&desk).await, desk.placed().await), (before, 0));
    }

    async fn a_body_that_is_too_large_is_seen_on_the_connection(place: Place) {
        let desk = Desk::open(place).await;
        let target = format!("/api/v5/orders/upload?apiKey={}", desk.module.key);
        let answer = desk.module.replay("POST", &target, Some(FORM), vec![b'a'; 16 * 1024 * 1024 + 1]).await;
        answer.refused(413, "Request is too large or was cut off");
        let (company, connection) = (desk.company, desk.connection);
        let contact = desk.app.read(move |reader| takt_connections::contact_of(reader, company, connection)).await;
        let told = contact.and_then(|contact| contact.last_refusal).unwrap_or_default();
        assert_eq!(told, "POST /api/v5/orders/upload: Request is too large or was cut off");
    }
}
