use axum::http::Method;
use serde_json::{Value, json};

use crate::shop::open;

#[tokio::test]
async fn another_site_cannot_send_our_forms() {
    let app = open().await;
    let tea = [("name", "sencha"), ("grams", "5")];
    for (headers, status) in [
        (vec![], 303),
        (vec![("sec-fetch-site", "same-origin")], 303),
        (vec![("sec-fetch-site", "cross-site")], 403),
        (vec![("sec-fetch-site", "same-site")], 403),
        // Plain http on a local network: no Sec-Fetch-Site, the origin decides.
        (vec![("origin", "http://192.168.0.5:8080"), ("host", "192.168.0.5:8080")], 303),
        (vec![("origin", "http://evil.example"), ("host", "192.168.0.5:8080")], 403),
    ] {
        let mut asking = app.ask(Method::POST, "/brew").form(&tea);
        for (name, value) in &headers {
            asking = asking.header(name, value);
        }
        let answer = asking.send().await;
        assert_eq!(answer.status, status, "{headers:?}");
        if status == 403 {
            assert!(answer.text().contains("с другого сайта"), "{}", answer.text());
        }
    }
    let api = app.ask(Method::POST, "/api/v1/teas").header("sec-fetch-site", "cross-site");
    api.json(&json!({"name": "a", "grams": 1})).send().await.expect_status(200);
}

#[tokio::test]
async fn pages_carry_the_headers_that_protect_them() {
    let app = open().await;
    for path in ["/healthz", "/teas/1", "/no/such/page", "/api/v1/fault/broken"] {
        let answer = app.get(path).await;
        let policy = answer.header("content-security-policy").unwrap_or_default();
        assert!(policy.contains("default-src 'self'") && !policy.contains("unsafe"), "{path}: {policy}");
        assert_eq!(answer.header("x-content-type-options"), Some("nosniff"), "{path}");
        assert_eq!(answer.header("cache-control"), Some("private, no-store"), "{path}");
        assert_eq!(answer.header("strict-transport-security"), None, "only over https");
    }
    let style = app.get(takt_ui::asset_url("app.css")).await.expect_status(200);
    assert!(style.header("cache-control").is_some_and(|value| value.contains("immutable")));
    let secure = takt_web::app(app.web.clone().secure(true), app.wiring.router.clone());
    let answer = takt_testing::Client::new(secure).get("/healthz").await;
    assert!(answer.header("strict-transport-security").is_some());
}

#[tokio::test]
async fn a_request_keeps_its_id_if_it_is_sane() {
    let app = open().await;
    let given = app.ask(Method::GET, "/api/v1/id").header("x-request-id", "shop-42.a_b").send().await;
    assert_eq!((given.text().as_str(), given.header("x-request-id")), ("shop-42.a_b", Some("shop-42.a_b")));
    let forged = app.ask(Method::GET, "/api/v1/id").header("x-request-id", "a b<script>").send().await;
    assert_eq!(forged.text().len(), 16);
    assert_ne!(forged.text(), app.get("/api/v1/id").await.text());
}

#[tokio::test]
async fn too_many_requests_are_told_when_to_come_back() {
    let app = open().await;
    app.get("/limited").await.expect_status(200);
    app.get("/limited").await.expect_status(200);
    let refused = app.get("/limited").await.expect_status(429);
    assert_eq!(refused.header("retry-after"), Some("2"));
    app.clock.advance_seconds(1);
    app.get("/limited").await.expect_status(200);
}

#[tokio::test]
async fn a_body_may_be_as_large_as_its_route_allows() {
    let app = open().await;
    let large = "x".repeat(2_000_000);
    let refused = app.ask(Method::POST, "/api/v1/teas").body("application/json", large.clone()).send().await;
    assert_eq!(refused.expect_status(413).json::<Value>()["code"], "web.too_large");
    let taken = app.ask(Method::POST, "/api/v1/upload").body("text/plain", large).send().await;
    assert_eq!(taken.expect_status(200).text(), "2000000");
}

#[tokio::test]
async fn long_answers_are_packed_for_those_who_can_unpack() {
    let app = open().await;
    let packed = app.ask(Method::GET, "/api/openapi.json").header("accept-encoding", "gzip").send().await;
    assert_eq!(packed.header("content-encoding"), Some("gzip"));
    assert_eq!(app.get("/api/openapi.json").await.header("content-encoding"), None);
    let workbook = app.ask(Method::GET, "/workbook").header("accept-encoding", "gzip").send().await;
    assert_eq!(workbook.header("content-encoding"), None, "it is packed already");
    assert_eq!(workbook.header("content-length"), Some("10000"));
}
