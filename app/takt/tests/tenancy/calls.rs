//! What can be asked of the program about one company: every link and every form on every page its
//! people see, with the ids, versions and words that stand there, and the API by hand.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use http::Method;
use serde_json::{Value, json};
use takt_staff::Role;
use takt_testing::{Client, TestResponse};

use super::{
    ledger::Owners,
    page::{self, PageForm},
    routes::{self, Route},
    world::Tenant,
};

#[derive(Clone, Debug, PartialEq)]
pub enum Body {
    Nothing,
    Form(Vec<(String, String)>),
    Upload(String, Vec<(String, String)>),
    Json(Value),
}

#[derive(Clone, Debug, PartialEq)]
pub struct Call {
    pub route: Route,
    /// With the query.
    pub path: String,
    pub body: Body,
}

/// How many pages of one kind are looked at, and how many calls of one kind are kept.
const PAGES: usize = 12;
const ALIKE: usize = 2;

impl Call {
    pub async fn send(&self, client: &Client) -> TestResponse {
        let method = Method::from_bytes(self.route.method.as_bytes()).expect("a method");
        let asking = client.ask(method, &self.path).header("x-request-id", "same");
        let versioned = self.route.template.starts_with("/api/v1/orders/");
        let asking = if versioned { asking.header("if-match", "\"1\"") } else { asking };
        match &self.body {
            Body::Nothing => asking,
            Body::Form(fields) => asking.form(&borrowed(fields)),
            Body::Upload(field, fields) => asking.upload(field, "probe.txt", b"probe", &borrowed(fields)),
            Body::Json(value) => asking.json(value),
        }
        .send()
        .await
    }

    /// A route asked by whoever knows nothing but its form.
    pub fn blind(route: &Route) -> Self {
        let parts: Vec<&str> =
            route.template.split('/').map(|part| if part.starts_with('{') { "1" } else { part }).collect();
        let body = if route.method == "GET" { Body::Nothing } else { Body::Form(Vec::new()) };
        Self { route: route.clone(), path: parts.join("/"), body }
    }

    /// The same call with other numbers in path, query and body.
    pub fn with_ids(&self, swap: &dyn Fn(i64) -> Option<i64>) -> Self {
        let body = match &self.body {
            Body::Nothing => Body::Nothing,
            Body::Form(fields) => Body::Form(swapped_fields(fields, swap)),
            Body::Upload(field, fields) => Body::Upload(field.clone(), swapped_fields(fields, swap)),
            Body::Json(value) => Body::Json(swapped_json(value, swap)),
        };
        Self { route: self.route.clone(), path: swapped(&self.path, swap), body }
    }

    /// Every number in it that `known` knows.
    pub fn ids(&self, known: &dyn Fn(i64) -> bool) -> BTreeSet<i64> {
        let found = std::cell::RefCell::new(BTreeSet::new());
        self.with_ids(&|number| {
            if known(number) {
                found.borrow_mut().insert(number);
            }
            None
        });
        found.into_inner()
    }

    /// Which fields it has, without what stands in them.
    fn shape(&self) -> String {
        let names = match &self.body {
            Body::Form(fields) | Body::Upload(_, fields) => {
                fields.iter().map(|(name, _)| name.as_str()).collect()
            }
            Body::Nothing | Body::Json(_) => Vec::new(),
        };
        let query: Vec<&str> =
            self.path.split(['?', '&']).skip(1).filter_map(|pair| pair.split('=').next()).collect();
        format!("{} {names:?} {query:?}", self.route)
    }
}

fn borrowed(fields: &[(String, String)]) -> Vec<(&str, &str)> {
    fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect()
}

fn swapped_fields(fields: &[(String, String)], swap: &dyn Fn(i64) -> Option<i64>) -> Vec<(String, String)> {
    fields.iter().map(|(name, value)| (name.clone(), swapped(value, swap))).collect()
}

pub fn swapped_json(value: &Value, swap: &dyn Fn(i64) -> Option<i64>) -> Value {
    match value {
        Value::Number(number) => number.as_i64().and_then(swap).map_or_else(|| value.clone(), Value::from),
        Value::String(text) => Value::String(swapped(text, swap)),
        Value::Array(items) => items.iter().map(|item| swapped_json(item, swap)).collect(),
        Value::Object(fields) => {
            fields.iter().map(|(name, value)| (name.clone(), swapped_json(value, swap))).collect()
        }
        Value::Null | Value::Bool(_) => value.clone(),
    }
}

/// Every run of digits is looked at: some fields hold two ids.
pub fn swapped(text: &str, swap: &dyn Fn(i64) -> Option<i64>) -> String {
    let mut written = String::new();
    let mut digits = String::new();
    for letter in text.chars().chain(['\0']) {
        if letter.is_ascii_digit() {
            digits.push(letter);
            continue;
        }
        match digits.parse().ok().and_then(swap) {
            Some(other) => written.push_str(&other.to_string()),
            None => written.push_str(&digits),
        }
        digits.clear();
        if letter != '\0' {
            written.push(letter);
        }
    }
    written
}

/// What a page was, for those who look at pages.
pub struct Seen {
    pub path: String,
    pub answer: TestResponse,
}

/// Follows every link as one person and gathers what can be asked.
pub async fn crawl(client: &Client, all: &BTreeSet<Route>) -> (Vec<Call>, Vec<Seen>) {
    let mut waiting: VecDeque<String> = ["/", "/settings", "/profile", "/pick"].map(str::to_owned).into();
    let mut known: BTreeSet<String> = waiting.iter().cloned().collect();
    let mut looked: BTreeMap<String, usize> = BTreeMap::new();
    let (mut calls, mut seen) = (Vec::new(), Vec::new());
    while let Some(path) = waiting.pop_front() {
        let Some(route) = routes::of(all, "GET", &path) else {
            assert!(path.starts_with("/assets"), "a link leads nowhere: {path}");
            continue;
        };
        let call = Call { route: route.clone(), path: path.clone(), body: Body::Nothing };
        let count = looked.entry(call.shape()).or_default();
        *count += 1;
        if *count > PAGES || route.template == "/live" || route.template.starts_with("/_samples") {
            continue;
        }
        let answer = call.send(client).await;
        calls.push(call);
        let mut found = vec![answer.location().to_owned()];
        let text = answer.text();
        let tags = page::tags(&text);
        found.extend(page::links(&tags));
        for form in page::forms(&tags, &path) {
            match call_of(&form, all) {
                Some(call) if form.post => calls.push(call),
                Some(call) => found.push(call.path),
                None => panic!("a form on {path} leads nowhere: {form:?}"),
            }
        }
        for link in found.into_iter().filter(|link| link.starts_with('/')) {
            if known.insert(link.clone()) {
                waiting.push_back(link);
            }
        }
        seen.push(Seen { path, answer });
    }
    (calls, seen)
}

fn call_of(form: &PageForm, all: &BTreeSet<Route>) -> Option<Call> {
    let fields: Vec<(String, String)> =
        form.fields.iter().map(|(name, value, kind)| (name.clone(), filled(name, value, kind))).collect();
    let method = if form.post { "POST" } else { "GET" };
    let route = routes::of(all, method, &form.action)?.clone();
    Some(match (&form.upload, form.post) {
        (_, false) => {
            let query = fields.iter().map(|(name, _)| format!("{name}=")).collect::<Vec<_>>().join("&");
            Call { route, path: format!("{}?{query}", form.action), body: Body::Nothing }
        }
        (Some(field), true) => {
            Call { route, path: form.action.clone(), body: Body::Upload(field.clone(), fields) }
        }
        (None, true) => Call { route, path: form.action.clone(), body: Body::Form(fields) },
    })
}

/// What somebody would type where nothing stands, so that a form is not refused for what it lacks.
fn filled(name: &str, value: &str, kind: &str) -> String {
    if !value.is_empty() {
        return value.to_owned();
    }
    match (name, kind) {
        // An empty choice is a choice.
        (_, "hidden" | "button" | "submit" | "select" | "radio" | "checkbox") => "",
        ("password" | "current", _) => crate::world::PASSWORD,
        (_, "date") => "2026-11-05",
        (_, "datetime-local") => "2026-11-05T10:00",
        (_, "number") => "1",
        (_, "email") => "probe@example.org",
        _ => "1",
    }
    .to_owned()
}

/// Template, tables of the path, names of fields with the table or `=` and the value.
type ByHand = (&'static str, &'static [&'static str], &'static [(&'static str, &'static str)]);

/// What no page offers in the state its subject is in: the tables whose ids stand in the path and in
/// the fields.
const BY_HAND: &[ByHand] = &[
    ("/api/v1/customers/{id}/erase", &["customer"], &[("reason", "=asked")]),
    ("/orders/{id}/resume", &["orders"], &[]),
    ("/orders/{id}/twins/{other}/dismiss", &["orders", "orders"], &[]),
    // Said by the script of a page, as JSON.
    ("/presence", &[], &[("looked", "orders")]),
    ("/orders/{id}/let-go", &["orders"], &[]),
    // Offered where a part has left.
    ("/orders/{id}/leave-out", &["orders"], &[("version", "=1")]),
    ("/drill/end", &[], &[]),
    ("/drill/tell", &[], &[("task", "=holder"), ("holder", "=queue")]),
    ("/reports/promises/count", &[], &[("month", "=2026-11")]),
    ("/reports/slices/count", &[], &[("by", "=city")]),
    ("/orders/{id}/merge", &["orders"], &[("version", "=1"), ("from", "orders")]),
    ("/settings/imports/{import}/take-in", &["sheet_import"], &[]),
    ("/settings/imports/{import}/remove", &["sheet_import"], &[]),
    ("/settings/imports/{import}/refused.csv", &["sheet_import"], &[]),
    ("/customers/{id}/separate", &["customer"], &[("other", "customer")]),
    (
        "/money/by-hand",
        &[],
        &[
            ("reference", "=T1"),
            ("account", "bank_account"),
            ("amount", "=1.00"),
            ("number", "=7"),
            ("booked_on", "=2026-11-02"),
        ],
    ),
    (
        "/money/by-hand/{receipt}/confirm",
        &["hand_receipt"],
        &[("account", "bank_account"), ("amount", "=1.00"), ("number", "=7"), ("booked_on", "=2026-11-02")],
    ),
    ("/money/by-hand/{receipt}/withdraw", &["hand_receipt"], &[]),
    ("/money/lines/{line}/accept", &["bank_line"], &[("invoice", "invoice"), ("amount", "=1.00")]),
    ("/money/lines/{line}/count-apart", &["bank_line"], &[]),
    ("/money/lines/{line}/keep", &["bank_line"], &[("invoice", "invoice")]),
    ("/money/lines/{line}/reverse", &["bank_line"], &[("receipt", "bank_line")]),
    ("/money/orders/{order}/claim", &["orders"], &[("amount", "=1.00")]),
    ("/money/orders/{order}/use-credit", &["orders"], &[("amount", "=1.00")]),
    (
        "/money/customers/{customer}/claim-credit",
        &["customer"],
        &[("entity", "legal_entity"), ("currency", "=RUB"), ("amount", "=1.00")],
    ),
    ("/money/refunds/{refund}/approve", &["refund"], &[]),
    ("/money/refunds/{refund}/take-back", &["refund"], &[]),
    ("/money/refunds/{refund}/sent", &["refund"], &[]),
    ("/money/refunds/{refund}/confirm", &["refund"], &[("line", "bank_line")]),
    (
        "/settings/legal-entities/owners",
        &[],
        &[("shop", "shop"), ("account", "bank_account"), ("entity", "legal_entity")],
    ),
    ("/settings/playbook/roll-back", &[], &[("to", "=0"), ("instead_of", "=0")]),
    ("/notifications/{notice}/mark-sent", &["notice"], &[]),
    ("/notifications/{notice}/resend", &["notice"], &[]),
    ("/orders/{id}/confirm", &["orders"], &[("version", "=1")]),
    ("/orders/many", &[], &[("order", "orders"), ("deed", "=urgent")]),
    ("/orders/undo/{id}", &["order_deed"], &[]),
    ("/orders/views/{id}", &["order_view"], &[("deed", "=left")]),
    ("/organisation", &[], &[("organisation", "organisation"), ("back", "=/orders")]),
    ("/pick/{order}/finish", &["orders"], &[]),
    ("/pick/{order}/put-back", &["orders"], &[("line", "order_line")]),
    ("/products/{offer}/restore", &["offer"], &[("version", "=1")]),
    ("/profile/sessions/end", &[], &[("session", "session")]),
    (
        "/settings/carriers/{carrier}/services/{service}",
        &["carrier", "carrier_service"],
        &[("name", "=probe"), ("days", "=2")],
    ),
    ("/settings/engagements/{engagement}/end", &["engagement"], &[]),
    ("/settings/feeds/{feed}/archive", &["feed"], &[]),
    ("/settings/feeds/{feed}/resume", &["feed"], &[]),
    ("/settings/sources/new", &[], &[("shop", "shop"), ("system", "=probe.opencart"), ("name", "=probe")]),
    ("/settings/warehouses/{warehouse}/restore", &["warehouse"], &[]),
    (
        "/settings/webhooks/{endpoint}/messages/{message}/replay",
        &["webhook_endpoint", "webhook_message"],
        &[],
    ),
    ("/settings/webhooks/{endpoint}/pause", &["webhook_endpoint"], &[]),
    ("/settings/webhooks/{endpoint}/ping", &["webhook_endpoint"], &[]),
];

fn by_hand(tenant: &Tenant, all: &BTreeSet<Route>, owners: &Owners) -> Vec<Call> {
    // The youngest: what was made last has seen least.
    let id_in = |table: &str| {
        let own =
            owners.iter().rev().find(|(_, (known, company))| known == table && *company == tenant.id.get());
        own.map(|(id, _)| *id).unwrap_or_else(|| panic!("{} has nothing in {table}", tenant.mark)).to_string()
    };
    BY_HAND
        .iter()
        .map(|(template, tables, fields)| {
            let mut tables = tables.iter();
            let parts = template.split('/').map(|part| {
                if part.starts_with('{') { id_in(tables.next().expect("a table")) } else { part.to_owned() }
            });
            let path = parts.collect::<Vec<_>>().join("/");
            let route_of =
                |method: &str| Route { method: method.to_owned(), template: (*template).to_owned() };
            let route = ["POST", "GET"].map(route_of).into_iter().find(|route| all.contains(route));
            let route = route.unwrap_or_else(|| panic!("{template} is no route any more"));
            let fields = fields.iter().map(|(name, from)| {
                ((*name).to_owned(), from.strip_prefix('=').map_or_else(|| id_in(from), str::to_owned))
            });
            let body = if route.method == "GET" {
                Body::Nothing
            } else if *template == "/presence" {
                let looked: Vec<String> = fields.map(|(_, id)| format!("order/{id}")).collect();
                Body::Json(json!({"looked": looked, "said": 1}))
            } else if template.starts_with("/api/") {
                Body::Json(fields.map(|(name, value)| (name, Value::from(value))).collect())
            } else {
                Body::Form(fields.collect())
            };
            Call { route, path, body }
        })
        .collect()
}

/// Everything that can be asked about a company.
pub async fn about(tenant: &Tenant, all: &BTreeSet<Route>, owners: &Owners) -> (Vec<Call>, Vec<Seen>) {
    let (mut calls, mut seen) = (api(tenant, all), Vec::new());
    calls.extend(by_hand(tenant, all, owners));
    for role in [Role::Owner, Role::Warehouse, Role::Operator] {
        let (more, pages) = crawl(tenant.person(role), all).await;
        calls.extend(more);
        seen.extend(pages);
    }
    let mut kept: BTreeMap<String, usize> = BTreeMap::new();
    calls.retain(|call| {
        let count = kept.entry(call.shape()).or_default();
        *count += 1;
        *count <= ALIKE
    });
    (calls, seen)
}

fn api(tenant: &Tenant, all: &BTreeSet<Route>) -> Vec<Call> {
    let order = tenant.orders[1];
    let shop = tenant.shops[0];
    let (draft, task) = (tenant.drafts[0], tenant.task);
    let line = json!({"sku": "TEA-100", "name": "probe", "quantity": "1", "price": "199.50"});
    let product = json!({"name": "probe", "unit": "pcs", "price": "199.50", "currency": "RUB", "vat": "22"});
    [
        ("GET", format!("/api/v1/orders?shop={shop}"), Body::Nothing),
        ("GET", format!("/api/v1/orders/{order}"), Body::Nothing),
        ("PATCH", format!("/api/v1/orders/{order}"), Body::Json(json!({"comment": "probe"}))),
        ("POST", format!("/api/v1/orders/{order}/copy"), Body::Json(json!({"prices": "as_then"}))),
        (
            "POST",
            format!("/api/v1/orders/{order}/split"),
            Body::Json(json!({"lines": [{"id": order, "quantity": "1"}]})),
        ),
        ("POST", format!("/api/v1/orders/{order}/merge"), Body::Json(json!({"from": tenant.orders[0]}))),
        ("POST", format!("/api/v1/orders/{order}/leave-out"), Body::Nothing),
        ("POST", format!("/api/v1/orders/{order}/cancel"), Body::Json(json!({"reason": "probe"}))),
        (
            "POST",
            "/api/v1/orders".to_owned(),
            Body::Json(tenant.order("probe", "89123456785", "p@example.org")),
        ),
        ("GET", "/api/v1/drafts".to_owned(), Body::Nothing),
        ("POST", "/api/v1/drafts".to_owned(), Body::Json(json!({}))),
        ("GET", format!("/api/v1/drafts/{draft}"), Body::Nothing),
        ("PATCH", format!("/api/v1/drafts/{draft}"), Body::Json(json!({"comment": "probe"}))),
        ("PUT", format!("/api/v1/drafts/{draft}/customer"), Body::Json(json!({"name": "probe"}))),
        ("PUT", format!("/api/v1/drafts/{draft}/delivery"), Body::Json(json!({"method": "courier"}))),
        ("POST", format!("/api/v1/drafts/{draft}/lines"), Body::Json(line.clone())),
        ("PATCH", format!("/api/v1/drafts/{draft}/lines/1"), Body::Json(json!({"quantity": "2"}))),
        ("DELETE", format!("/api/v1/drafts/{}/lines/1", tenant.drafts[2]), Body::Nothing),
        ("POST", format!("/api/v1/drafts/{draft}/place"), Body::Nothing),
        ("DELETE", format!("/api/v1/drafts/{}", tenant.drafts[1]), Body::Nothing),
        ("GET", "/api/v1/manager".to_owned(), Body::Nothing),
        ("PUT", "/api/v1/manager".to_owned(), Body::Json(json!({"email": ""}))),
        ("GET", "/api/v1/facts?limit=200".to_owned(), Body::Nothing),
        ("GET", "/api/v1/products".to_owned(), Body::Nothing),
        ("PUT", "/api/v1/products/TEA-100".to_owned(), Body::Json(product)),
        ("GET", format!("/api/v1/stock?warehouse={}", tenant.warehouse), Body::Nothing),
        (
            "PUT",
            "/api/v1/stock".to_owned(),
            Body::Json(
                json!([{"sku": "TEA-100", "quantity": "50", "warehouse": tenant.warehouse.to_string()}]),
            ),
        ),
        ("GET", format!("/api/v1/tasks?order={order}"), Body::Nothing),
        ("POST", format!("/api/v1/tasks/{task}/close"), Body::Json(json!({}))),
        ("POST", format!("/api/v1/tasks/{task}/release"), Body::Nothing),
        ("POST", "/api/v1/tasks/next".to_owned(), Body::Nothing),
        ("GET", format!("/api/v1/shipments?order={order}"), Body::Nothing),
    ]
    .into_iter()
    .map(|(method, path, body)| {
        let route = routes::of(all, method, &path).unwrap_or_else(|| panic!("no {method} {path}")).clone();
        Call { route, path, body }
    })
    .collect()
}
