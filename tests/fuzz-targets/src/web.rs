//! The whole program without a socket, asked anything by somebody who may do everything in a company.

use std::cell::RefCell;

use http::{Method, header};
use serde_json::json;
use takt::wiring::{features, without_mail};
use takt_kernel::money::Currency;
use takt_staff::{
    Role,
    command_line::{self, NewUser},
    companies::{NewCompany, OrganisationKind},
    shops::NewShop,
};
use takt_testing::{Client, Place, TestApp};
use takt_ui::Lang;
use tokio::runtime::Runtime;

use crate::text::text;

const PASSWORD: &str = "correct horse battery";
const SCOPES: &str =
    "catalog:read,catalog:write,orders:read,orders:write,shipments:read,stock:read,stock:write,tasks:read";
/// A database that grew by so many requests is left for a new one.
const MOST_REQUESTS: usize = 3_000;

struct House {
    runtime: Runtime,
    app: TestApp,
    person: Client,
    program: Client,
    answered: usize,
}

thread_local! {
    static HOUSE: RefCell<Option<House>> = const { RefCell::new(None) };
}

/// A request: `person POST /orders/new`, lines of headers, an empty line, the body. Whatever is asked, the
/// answer is none of our own errors, leads to no other site, and what was taken can be worked on.
pub fn web(data: &[u8]) {
    let (head, body) = match data.windows(2).position(|pair| pair == b"\n\n") {
        Some(end) => (&data[..end], &data[end + 2..]),
        None => (data, &[][..]),
    };
    let mut lines = text(head).split('\n');
    let mut words = lines.next().unwrap_or_default().splitn(3, ' ');
    let (Some(who), Some(method), Some(path)) = (words.next(), words.next(), words.next()) else { return };
    let Ok(method) = Method::from_bytes(method.as_bytes()) else { return };
    // A stream never ends by itself, and a clock that stands still would never let it.
    if !path.starts_with('/') || path.parse::<http::Uri>().is_err() || path.starts_with("/live") {
        return;
    }
    let headers: Vec<(&str, &str)> = lines.filter_map(|line| line.split_once(": ")).collect();
    HOUSE.with_borrow_mut(|kept| {
        let mut house = kept.take().unwrap_or_else(House::open);
        let stays = house.answers(who, &method, path, &headers, body);
        if stays && house.answered < MOST_REQUESTS {
            *kept = Some(house);
        }
    });
}

impl House {
    fn open() -> Self {
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(1)
            .enable_all()
            .build()
            .expect("a runtime");
        let (app, person, program) = runtime.block_on(furnished());
        Self { runtime, app, person, program, answered: 0 }
    }

    /// Whether the session still stands, so that the next request is answered as well.
    fn answers(
        &mut self,
        who: &str,
        method: &Method,
        path: &str,
        headers: &[(&str, &str)],
        body: &[u8],
    ) -> bool {
        self.answered += 1;
        // Rates are counted by the clock.
        self.app.clock.advance_seconds(2);
        let client = if who == "program" { &self.program } else { &self.person };
        let mut asking = client.ask(method.clone(), path);
        let mut media =
            if who == "program" { "application/json" } else { "application/x-www-form-urlencoded" };
        for (name, value) in headers {
            let fits = http::HeaderValue::from_str(value).is_ok() && name.parse::<http::HeaderName>().is_ok();
            if fits && name.eq_ignore_ascii_case("content-type") {
                media = value;
            } else if fits
                && !name.eq_ignore_ascii_case("authorization")
                && !name.eq_ignore_ascii_case("cookie")
            {
                asking = asking.header(name, value);
            }
        }
        if !body.is_empty() {
            asking = asking.body(media, body.to_vec());
        }
        let answer = self.runtime.block_on(asking.send());
        let status = answer.status.as_u16();
        assert!(status < 500, "{method} {path} is answered {status}: {}", answer.text());
        let json = answer.header("content-type").is_some_and(|media| media.contains("json"));
        if json && !answer.body.is_empty() && answer.header("content-encoding").is_none() {
            serde_json::from_slice::<serde_json::Value>(&answer.body).expect("JSON that is JSON");
        }
        let to = answer.location().to_owned();
        assert!(
            to.is_empty() || to.starts_with('/') && !to.starts_with("//") && !to.starts_with("/\\"),
            "{to}"
        );
        if *method != Method::GET && status < 400 {
            self.runtime.block_on(self.app.drain());
        }
        !(status == 401
            || to.starts_with("/sign-in")
            || path.contains("sign-out")
            || path.contains("sessions"))
    }
}

async fn furnished() -> (TestApp, Client, Client) {
    let app = TestApp::open(Place::sqlite(), features(without_mail().expect("an address"))).await;
    let new = NewCompany {
        name: "Чай".to_owned(),
        kind: OrganisationKind::Company,
        currency: Currency::RUB,
        zone: "Europe/Moscow".to_owned(),
        lang: Lang::Ru,
    };
    let company = command_line::create_company(&app.db, new).await.expect("a company").to_string();
    let shop = NewShop { name: "Чай".to_owned(), currency: None };
    let shop = command_line::create_shop(&app.db, &company, shop).await.expect("a shop").to_string();
    let email = "owner@example.org".to_owned();
    let user = NewUser {
        company: company.clone(),
        email: email.clone(),
        name: None,
        roles: Role::Owner.into(),
        password: Some(PASSWORD.to_owned()),
    };
    command_line::create_user(&app.db, user).await.expect("a person");
    let person = app.client();
    person.post_form("/sign-in", &[("email", &email), ("password", PASSWORD)]).await.expect_status(303);
    let (_, secret) =
        command_line::create_token(&app.db, &company, &shop, "token", SCOPES).await.expect("a token");
    let program = app.client().with_token(&secret);
    let product = json!({"name": "Чай", "unit": "pcs", "price": "199.50", "vat": "22"});
    let put = program.ask(Method::PUT, "/api/v1/products/TEA-100").json(&product).send().await;
    assert!(put.status.is_success(), "{}", put.text());
    let order = json!({
        "external_id": "1", "customer": { "name": "Анна", "phone": "89123456789" },
        "lines": [{ "sku": "TEA-100", "quantity": "2", "price": "199.50" }],
    });
    let placed = program.post_json("/api/v1/orders", &order).await;
    assert!(placed.status.is_success(), "{}", placed.text());
    program.post_json("/api/v1/drafts", &json!({})).await;
    app.drain().await;
    assert!(placed.headers.contains_key(header::LOCATION));
    (app, person, program)
}
