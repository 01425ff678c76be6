//! Where modules of shops ask: with a valid key of another shop, nothing of this one exists. Every method that the
//! router has is asked for this shop's objects by both of their ids, in the path, in the question and in the body;
//! it answers as if the ids had never been given out, and nothing of this shop is changed.

mod things;

use std::collections::BTreeSet;

use serde_json::Value;
use takt_kernel::CompanyId;
use takt_staff::companies::OrganisationKind;
use takt_testing::{TestApp, TestResponse, on_both_engines};
use things::{MARK, Module, fill, site_of};

use crate::{
    calls,
    ledger::Ledger,
    routes::{self, Route},
    world,
};

/// Not a method: a path that would be an order named "combine".
const NO_METHOD: &str = "/api/v5/orders/combine";
/// What another shop of the same company sees of it as well: its people are not the shop's.
const OF_THE_COMPANY: [&str; 2] = ["/api/v5/users", "/api/v5/users/{id}"];

/// What an answer tells, with every id in question written as `0`.
fn told(answer: &TestResponse) -> String {
    let plain = calls::swapped(&answer.text(), &|number| (number >= 8_000).then_some(0));
    // A new order has the next number of its company.
    let mut parts = plain.split("\"number\":\"");
    let first = parts.next().unwrap_or_default().to_owned();
    let plain = parts
        .fold(first, |text, part| text + part.trim_start_matches(|letter: char| letter.is_ascii_digit()));
    format!("{} {plain}", answer.status)
}

/// All that the shop itself is told.
async fn view(app: &TestApp, module: &Module, site: &str) -> Vec<String> {
    let mut seen = Vec::new();
    for path in [
        "orders?limit=100",
        "orders/history?limit=100",
        "customers?limit=100",
        "customers/history?limit=100",
        "customers-corporate?limit=100",
        "customers-corporate/history?limit=100",
        "customers-corporate/f1/addresses",
        "customers-corporate/f1/companies",
        "customers-corporate/f1/contacts",
        "customers/notes",
        "customers-corporate/notes",
        "custom-fields",
        "custom-fields/dictionaries",
        "integration-modules/x1",
        "reference/payment-types",
        "reference/delivery-types",
        "reference/price-types",
        "reference/statuses",
        "reference/sites",
        &format!("customer-interaction/{site}/cart/c1"),
    ] {
        let answer = module.get(&format!("/api/v5/{path}")).await;
        let mut body: Value = answer.json();
        assert_eq!(answer.status, 200, "{path}: {body}");
        if let Some(body) = body.as_object_mut() {
            body.remove("generatedAt");
        }
        seen.push(format!("{path} {body}"));
        app.clock.advance_seconds(1);
    }
    seen
}

/// Every row of the database in which the company stands.
async fn rows(app: &TestApp, ledger: &Ledger, company: CompanyId) -> BTreeSet<String> {
    let company = company.to_string();
    let all = ledger.rows(app).await;
    let of = |(table, rows): (String, Vec<String>)| {
        rows.into_iter().map(move |row| format!("{table} {row}")).collect::<Vec<_>>()
    };
    // That the shop itself asked meanwhile is no change.
    all.into_iter()
        .filter(|(table, _)| !table.starts_with("connection_") && table != "token")
        .flat_map(of)
        .filter(|row| row.split([',', ' ']).any(|cell| cell == company))
        .collect()
}

on_both_engines! {
    async fn with_the_key_of_another_shop_nothing_of_this_one_exists(place: Place) {
        let app = world::open(place).await;
        let alpha = world::organisation(&app, MARK, OrganisationKind::Company).await;
        let beta = world::organisation(&app, "BETA", OrganisationKind::Company).await;
        let mine = Module::open(&app, alpha, "mine").await;
        let things = fill(&mine, &app, alpha).await;
        let strangers = [
            ("another company's shop", Module::open(&app, beta, "theirs").await, true),
            ("another shop of the company", Module::open(&app, alpha, "sibling").await, false),
        ];
        let (nothing, all): (Vec<Route>, Vec<Route>) = routes::all(&app).await.into_iter()
            .filter(|route| route.template.starts_with("/api/v5/") && !route.template.contains("{*"))
            .partition(|route| route.template == NO_METHOD);
        // It stands in the router so that no order is named by it, and answers nobody.
        assert_eq!(nothing.len(), 2, "GET and POST: {nothing:?}");
        let answer = mine.get(NO_METHOD).await;
        assert!(answer.status == 404 && answer.text().contains("API method not found"), "{}", answer.text());
        assert!(all.len() > 90, "{} methods", all.len());
        let ids = things.all();
        let ledger = Ledger::of(&app).await;
        let (mut findings, mut asked) = (Vec::new(), 0);
        for (who, stranger, is_foreign) in &strangers {
            app.drain().await;
            let site = site_of(&mine).await;
            let (seen, kept) = (view(&app, &mine, &site).await, rows(&app, &ledger, alpha).await);
            for route in &all {
                if !is_foreign && OF_THE_COMPANY.contains(&route.template.as_str()) {
                    continue;
                }
                let their_site = site_of(stranger).await;
                for site in [&site, &their_site] {
                    for question in things.questions(route, site) {
                        let real = question.ask(route, stranger).await;
                        let never = question.of_nothing(&ids).ask(route, stranger).await;
                        asked += 2;
                        let (real_told, never_told) = (told(&real), told(&never));
                        let same = real_told == never_told || words_apart(&real_told, &never_told);
                        if !same {
                            findings.push(format!("{who}: {route} {}:\n  {real_told:.300}\n  {never_told:.300}", question.path));
                        }
                        if real.text().contains(MARK) {
                            findings.push(format!("{who}: {route} {} shows words of the shop", question.path));
                        }
                        app.clock.advance_seconds(2);
                    }
                    if !route.template.contains("customer-interaction") {
                        break;
                    }
                }
            }
            let now = view(&app, &mine, &site).await;
            for (before, after) in seen.iter().zip(&now).filter(|(before, after)| before != after) {
                findings.push(format!("{who} changed what the shop is told:\n  {before:.600}\n  {after:.600}"));
            }
            if *is_foreign {
                let left = rows(&app, &ledger, alpha).await;
                findings.extend(kept.difference(&left).map(|row| format!("{who} changed {row:.200}")));
                findings.extend(left.difference(&kept).map(|row| format!("{who} wrote {row:.200}")));
            }
        }
        println!("{} methods, {asked} questions", all.len());
        assert!(asked > 500, "{asked}");
        assert!(findings.is_empty(), "{} findings:\n{}", findings.len(), findings.join("\n"));
    }
}

/// Whether two answers differ only by the name that was asked for.
fn words_apart(one: &str, other: &str) -> bool {
    let plain = |text: &str| {
        ["o1", "c1", "c2", "f1", "a1", "k1", "p1", "never"]
            .iter()
            .fold(text.to_owned(), |text, word| text.replace(word, "x"))
    };
    plain(one) == plain(other)
}
