//! What a browser is told and what it is protected from, on every page and every form there is.

use std::collections::BTreeSet;

use http::Method;
use takt_staff::Role;
use takt_testing::{Client, Place, TestResponse};

use super::{
    calls::{self, Body, Call},
    ledger::Ledger,
    page, routes, world,
    world::Tenant,
};

/// Where somebody else would like a browser to be sent.
const AWAY: [&str; 8] = [
    "https://evil.example/",
    "//evil.example/",
    "/\\evil.example/",
    "\\\\evil.example",
    "/\t/evil.example/",
    "javascript:alert(1)",
    " //evil.example",
    "/\u{a0}//evil.example",
];

fn leads_away(location: &str) -> bool {
    !location.is_empty()
        && (!location.starts_with('/') || location.starts_with("//") || location.starts_with("/\\"))
}

/// What every answer says, whatever it is.
fn unprotected(answer: &TestResponse) -> Vec<String> {
    let policy = answer.header("content-security-policy").unwrap_or_default();
    let mut lacks = Vec::new();
    for part in [
        "default-src 'self'",
        "object-src 'none'",
        "base-uri 'none'",
        "form-action 'self'",
        "frame-ancestors 'none'",
    ] {
        if !policy.contains(part) {
            lacks.push(part.to_owned());
        }
    }
    if policy.contains("unsafe") {
        lacks.push("a policy without unsafe-…".to_owned());
    }
    for (name, wanted) in [
        ("x-content-type-options", "nosniff"),
        ("referrer-policy", "same-origin"),
        ("cross-origin-opener-policy", "same-origin"),
    ] {
        if answer.header(name) != Some(wanted) {
            lacks.push(name.to_owned());
        }
    }
    if answer.header("cache-control").is_none() || answer.header("x-request-id").is_none() {
        lacks.push("cache-control or x-request-id".to_owned());
    }
    lacks
}

/// What no browser takes for a page.
const FILES: [&str; 3] = [
    "application/octet-stream",
    "text/csv; charset=utf-8",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
];

/// What a browser keeps as a file and never draws, whatever is in it.
fn is_file(answer: &TestResponse) -> bool {
    let kept = answer.header("content-disposition").is_some_and(|how| how.starts_with("attachment"));
    let media = answer.header("content-type").unwrap_or_default();
    kept && FILES.contains(&media)
}

/// Markup that no page of ours has: what somebody typed became part of it.
fn intruders(html: &str) -> Vec<String> {
    let mut found = Vec::new();
    for tag in page::tags(html) {
        for (name, value) in &tag.attributes {
            let script =
                ["javascript:", "data:text"].iter().any(|scheme| value.trim_start().starts_with(scheme));
            if name.starts_with("on") || name == "style" || name.contains(['"', '\'', '<']) || script {
                found.push(format!("<{} {name}=\"{value}\">", tag.name));
            }
        }
        let inline = tag.attribute("src").is_none() && tag.attribute("type") != Some("application/json");
        if tag.name == "style" || tag.name == "script" && inline {
            found.push(format!("<{}> inline", tag.name));
        }
        // Ours are drawn with a class; the one that was typed has none.
        if tag.name == "svg" && tag.attribute("class").is_none() && tag.attribute("viewBox").is_none() {
            found.push("<svg> that somebody typed".to_owned());
        }
    }
    found
}

async fn tenant() -> (takt_testing::TestApp, Tenant, Vec<Call>, Vec<calls::Seen>) {
    let app = world::open(Place::sqlite()).await;
    let tenant = Tenant::open(&app, "ALPHA", "40702810200000000001").await;
    let desk = world::organisation(&app, "DELTA", takt_staff::companies::OrganisationKind::Desk).await;
    world::engage(&app, tenant.id, desk, Role::Operator.into(), None).await;
    let all = routes::all(&app).await;
    let owners = Ledger::of(&app).await.owners(&app).await;
    let (calls, seen) = calls::about(&tenant, &all, &owners).await;
    (app, tenant, calls, seen)
}

#[tokio::test]
async fn what_a_hostile_company_typed_stays_text_on_every_page() {
    let (app, tenant, _, mut seen) = tenant().await;
    // And where a hostile query is shown again, and where the reader has not signed in.
    let nobody = app.client();
    let query = "%22%27%3E%3Csvg%20onload%3Dalert(1)%3E";
    let owner = tenant.person(Role::Owner);
    for path in
        ["/orders", "/customers", "/products", "/stock", "/shipments", "/money", "/tasks", "/notifications"]
    {
        for name in ["q", "view", "status", "state", "show", "shop", "cursor", "holder", "back"] {
            let path = format!("{path}?{name}={query}");
            let answer = owner.get(&path).await;
            seen.push(calls::Seen { path, answer });
        }
    }
    for path in
        [format!("/sign-in?back=/{query}"), format!("/{query}"), format!("/invite/{}", tenant.invitation)]
    {
        seen.push(calls::Seen { answer: nobody.get(&path).await, path: path.clone() });
        seen.push(calls::Seen { answer: owner.get(&path).await, path });
    }
    let mut findings = BTreeSet::new();
    let mut shown = BTreeSet::new();
    for page in &seen {
        findings.extend(
            unprotected(&page.answer).into_iter().map(|lacks| format!("{}: lacks {lacks}", page.path)),
        );
        if is_file(&page.answer) {
            continue;
        }
        let text = page.answer.text();
        findings.extend(intruders(&text).into_iter().map(|found| format!("{}: {found}", page.path)));
        for what in text.split("ALPHA").skip(1) {
            shown.insert(what.split('&').next().unwrap_or_default().to_owned());
        }
    }
    println!("{} pages", seen.len());
    for what in [
        "company",
        "shop",
        "owner",
        "tea",
        "buyer",
        "address",
        "comment",
        "warehouse",
        "carrier",
        "status",
        "bank",
        "source",
        "refusal",
        "third",
    ] {
        assert!(
            shown.contains(what),
            "no page shows the hostile {what}, so nothing was proved of it: {shown:?}"
        );
    }
    assert!(
        findings.is_empty(),
        "{} findings:\n{}",
        findings.len(),
        findings.into_iter().collect::<Vec<_>>().join("\n")
    );
}

#[test]
fn markup_that_was_typed_would_be_found() {
    for (page, found) in [
        (
            "<p>ALPHA&quot;'&gt;&lt;svg onload=alert(1)&gt;</p><svg class=\"icon\" aria-hidden=\"true\"></svg>",
            false,
        ),
        ("<p>ALPHA\"'><svg onload=alert(1)></p>", true),
        ("<p title=\"ALPHA\"'><svg onload=alert(1)>\"></p>", true),
        ("<script>alert(1)</script>", true),
        ("<a href=\"javascript:alert(1)\">", true),
    ] {
        assert_eq!(!intruders(page).is_empty(), found, "{page}");
    }
}

#[tokio::test]
async fn no_form_is_taken_from_another_site_and_none_leads_to_one() {
    let (app, tenant, calls, _) = tenant().await;
    let ledger = Ledger::of(&app).await;
    let owner = tenant.person(Role::Owner);
    let before = ledger.counts(&app).await;
    let mut findings = Vec::new();
    let mut forms = BTreeSet::new();
    for call in calls.iter().filter(|call| !call.route.is_api() && call.route.method == "POST") {
        forms.insert(call.route.clone());
        for (name, value) in [
            ("sec-fetch-site", "cross-site"),
            ("sec-fetch-site", "same-site"),
            ("origin", "https://evil.example"),
            ("origin", "null"),
        ] {
            let answer = sent_from(owner, call, name, value).await;
            findings.extend(
                unprotected(&answer).into_iter().map(|lacks| format!("{}: lacks {lacks}", call.route)),
            );
            if answer.status != 403 {
                findings.push(format!("{} with {name}: {value} is {}", call.route, answer.status));
            }
        }
        if ledger.counts(&app).await != before {
            findings.push(format!("{} changed something", call.route));
            break;
        }
    }
    assert!(forms.len() > 60, "only {} forms", forms.len());
    let mut returns = 0;
    for call in calls.iter().filter(|call| call.route.method == "POST" && call.route.template != "/sign-out")
    {
        let Body::Form(fields) = &call.body else { continue };
        for (place, _) in
            fields.iter().enumerate().filter(|(_, (name, _))| ["back", "next"].contains(&name.as_str()))
        {
            for away in AWAY {
                let mut fields = fields.clone();
                away.clone_into(&mut fields[place].1);
                returns += 1;
                let answer = Call { body: Body::Form(fields), ..call.clone() }.send(owner).await;
                if leads_away(answer.location()) {
                    findings.push(format!(
                        "{} with back {away:?} leads to {}",
                        call.route,
                        answer.location()
                    ));
                }
            }
        }
    }
    println!("{} forms, {returns} ways back", forms.len());
    assert!(returns > 40, "only {returns} ways back");
    assert!(findings.is_empty(), "{} findings:\n{}", findings.len(), findings.join("\n"));
}

async fn sent_from(client: &Client, call: &Call, name: &str, value: &str) -> TestResponse {
    let fields: Vec<(&str, &str)> = match &call.body {
        Body::Form(fields) | Body::Upload(_, fields) => {
            fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect()
        }
        Body::Nothing | Body::Json(_) => Vec::new(),
    };
    client.ask(Method::POST, &call.path).header(name, value).form(&fields).send().await
}

#[tokio::test]
async fn refusals_are_protected_as_pages_are_and_keep_the_navigation_of_who_is_signed_in() {
    let app = world::open(Place::sqlite()).await;
    let tenant = Tenant::open(&app, "ALPHA", "40702810200000000001").await;
    let (nobody, owner) = (app.client(), tenant.person(Role::Owner));
    let picker = tenant.person(Role::Warehouse);
    let large = vec![b'a'; 2 * 1024 * 1024];
    for (what, answer, status, framed) in [
        ("a page that is not there", owner.get("/nowhere").await, 404, true),
        ("an order that is not there", owner.get("/orders/99999999").await, 404, true),
        ("a page one may not see", picker.get("/settings/tokens").await, 403, true),
        ("a wrong method", owner.ask(Method::DELETE, "/orders").send().await, 405, true),
        ("a form that is none", owner.ask(Method::POST, "/orders/new").json(&1).send().await, 415, true),
        (
            "a form that is too large",
            owner.ask(Method::POST, "/profile").body("application/x-www-form-urlencoded", large).send().await,
            413,
            true,
        ),
        ("nowhere for nobody", nobody.get("/nowhere").await, 404, false),
        ("a page for nobody", nobody.get("/orders").await, 303, false),
        ("a form for nobody", nobody.post_form("/orders/1/cancel", &[]).await, 401, false),
        ("the API for nobody", nobody.get("/api/v1/orders").await, 401, false),
        ("nowhere in the API", nobody.get("/api/nowhere").await, 404, false),
        ("an asset that is not there", nobody.get("/assets/nothing.js").await, 404, false),
        ("how it is", nobody.get("/healthz").await, 200, false),
    ] {
        assert_eq!(answer.status, status, "{what}: {}", answer.text());
        assert_eq!(unprotected(&answer), Vec::<String>::new(), "{what}");
        let navigates = page::links(&page::tags(&answer.text())).contains(&"/profile".to_owned());
        assert_eq!(navigates, framed, "{what}: {}", answer.text());
    }
}
