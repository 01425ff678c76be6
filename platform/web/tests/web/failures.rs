use axum::http::Method;
use serde_json::{Value, json};
use takt_ui::Texts;

use crate::shop::open;

#[tokio::test]
async fn every_kind_of_refusal_has_its_status() {
    let app = open().await;
    for (code, status) in [
        ("missing", 404),
        ("conflict", 409),
        ("changed", 412),
        ("denied", 403),
        ("sign-in", 401),
        ("unavailable", 503),
        ("broken", 500),
        ("fields", 422),
        ("panic", 500),
    ] {
        let answer = app.get(&format!("/api/v1/fault/{code}")).await.expect_status(status);
        assert_eq!(answer.header("content-type"), Some("application/problem+json"), "{code}");
        let problem: Value = answer.json();
        assert_eq!(problem["status"], status, "{code}");
        assert_eq!(problem["request_id"].as_str(), answer.header("x-request-id"), "{code}");
        assert!(!answer.text().contains("hunter2"), "secrets stay inside: {}", answer.text());
        assert_eq!(Texts::missing_in(&answer.text()), Vec::<String>::new());
    }
}

#[tokio::test]
async fn a_problem_speaks_the_language_of_the_request() {
    let app = open().await;
    let russian: Value = app.get("/api/v1/fault/missing").await.json();
    assert_eq!(russian["detail"], "Заказа 12 нет. Проверьте номер.");
    assert_eq!((&russian["code"], &russian["title"]), (&json!("orders.gone"), &json!("Не найдено")));
    let asked = app.ask(Method::GET, "/api/v1/fault/missing").header("accept-language", "en-GB");
    let english: Value = asked.send().await.json();
    assert_eq!(english["detail"], "There is no order 12. Check the number.");
    let asked = app
        .ask(Method::GET, "/api/v1/fault/missing")
        .header("accept-language", "en")
        .header("cookie", "lang=ru");
    assert_eq!(asked.send().await.json::<Value>()["title"], "Не найдено");
}

#[tokio::test]
async fn a_bad_field_is_named_in_the_problem() {
    let app = open().await;
    let problem: Value = app.get("/api/v1/fault/fields").await.json();
    assert_eq!(problem["errors"][0]["field"], "lines[1].price");
    assert_eq!(problem["errors"][0]["code"], "web.field_required");
    let wrong: Value = app
        .post_json("/api/v1/teas", &json!({"name": "sencha", "grams": "many"}))
        .await
        .expect_status(422)
        .json();
    assert_eq!(
        (&wrong["errors"][0]["field"], &wrong["errors"][0]["code"]),
        (&json!("grams"), &json!("web.field_unfit"))
    );
    let absent: Value =
        app.post_json("/api/v1/teas", &json!({"name": "sencha"})).await.expect_status(422).json();
    assert_eq!(
        (&absent["errors"][0]["field"], &absent["errors"][0]["code"]),
        (&json!("grams"), &json!("web.field_required"))
    );
    let query: Value = app.get("/api/v1/list?limit=all").await.expect_status(422).json();
    assert_eq!(query["errors"][0]["field"], "limit");
    let broken = app.ask(Method::POST, "/api/v1/teas").body("application/json", "{\"name\": ").send().await;
    assert_eq!(broken.expect_status(422).json::<Value>()["code"], "web.json_malformed");
    app.ask(Method::POST, "/api/v1/teas").body("text/plain", "{}").send().await.expect_status(415);
}

#[tokio::test]
async fn people_see_a_page_and_are_sent_to_sign_in() {
    let app = open().await;
    let page = app.get("/fault/missing").await.expect_status(404);
    assert!(page.header("content-type").is_some_and(|media| media.starts_with("text/html")));
    assert!(page.text().contains("Заказа 12 нет. Проверьте номер."));
    assert!(page.text().contains("<html"));
    assert_eq!(Texts::missing_in(&page.text()), Vec::<String>::new());
    let away = app.get("/fault/sign-in?x=1").await.expect_status(303);
    assert_eq!(away.location(), "/sign-in?back=/fault/sign-in%3Fx%3D1");
    let nowhere = app.get("/no/such/page").await.expect_status(404);
    assert!(nowhere.text().contains("Такой страницы нет"));
    app.get("/teas/nonsense").await.expect_status(404);
    app.get("/brew").await.expect_status(405);
    app.post_form("/brew", &[("name", "sencha")]).await.expect_status(422);
    let brewed = app.post_form("/brew", &[("name", "сенча"), ("grams", "5")]).await.expect_status(303);
    assert_eq!(brewed.location(), "/teas/5");
}

#[tokio::test]
async fn a_refusal_leads_back_to_the_page_of_ours_where_it_began() {
    let app = open().await;
    for (referer, back) in [
        ("http://desk.example/teas?q=1", Some("/teas?q=1")),
        ("http://desk.example/fault/missing", None),
        ("http://elsewhere.example/teas", None),
        ("http://desk.example//elsewhere.example/teas", None),
        ("nonsense", None),
    ] {
        let asked = app.ask(Method::GET, "/fault/missing").header("host", "desk.example");
        let page = asked.header("referer", referer).send().await.expect_status(404).text();
        match back {
            Some(back) => assert!(page.contains(&format!("href=\"{back}\"")), "{referer}: {page}"),
            None => assert!(!page.contains("Вернуться"), "{referer}: {page}"),
        }
        assert!(page.contains("href=\"/\""), "{referer}: {page}");
    }
}

#[tokio::test]
async fn a_change_needs_the_version_it_was_made_on() {
    let app = open().await;
    let blind: Value = app.ask(Method::PATCH, "/api/v1/teas/1").send().await.expect_status(428).json();
    assert_eq!(blind["code"], "web.if_match_required");
    for given in ["\"3\"", "W/\"3\"", "3"] {
        let answer = app
            .ask(Method::PATCH, "/api/v1/teas/1")
            .header("if-match", given)
            .send()
            .await
            .expect_status(200);
        assert_eq!(answer.header("etag"), Some("\"4\""));
    }
    app.ask(Method::PATCH, "/api/v1/teas/1").header("if-match", "*").send().await.expect_status(422);
}
