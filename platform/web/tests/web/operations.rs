use std::sync::{
    Arc,
    atomic::{AtomicBool, Ordering},
};

use serde_json::Value;
use takt_testing::Client;
use takt_ui::Texts;
use takt_web::Probe;

use crate::shop::open;

#[tokio::test]
async fn readiness_asks_the_database_and_every_probe() {
    let app = open().await;
    app.get("/healthz").await.expect_status(200);
    app.get("/readyz").await.expect_status(200);
    let alive = Arc::new(AtomicBool::new(true));
    let asked = alive.clone();
    let web = app.web.clone().probes(vec![Probe::new("runner", move || asked.load(Ordering::SeqCst))]);
    let client = Client::new(takt_web::app(web, app.wiring.router.clone()));
    client.get("/readyz").await.expect_status(200);
    alive.store(false, Ordering::SeqCst);
    client.get("/readyz").await.expect_status(503);
    client.get("/healthz").await.expect_status(200);
    app.db.close().await;
    app.get("/healthz").await.expect_status(200);
}

#[tokio::test]
async fn the_api_describes_itself_to_programs_and_people() {
    let app = open().await;
    let document: Value = app.get("/api/openapi.json").await.expect_status(200).json();
    assert_eq!(document["openapi"], "3.1.0");
    let page = app.client().with_cookie("lang", "en").get("/api/docs").await.expect_status(200);
    assert!(page.text().contains("schema-Problem"), "{}", page.text());
    assert_eq!(Texts::missing_in(&page.text()), Vec::<String>::new());
    assert!(!page.text().contains("style="), "the content security policy forbids inline styles");
}

#[tokio::test]
async fn language_and_theme_are_remembered_by_the_browser() {
    let app = open().await;
    let browser = app.client();
    let saved =
        browser.post_form("/preferences", &[("lang", "en"), ("back", "/teas/1")]).await.expect_status(303);
    assert_eq!(saved.location(), "/teas/1");
    assert!(browser.get("/nowhere").await.text().contains("There is no such page"));
    browser
        .post_form("/preferences", &[("theme", "dark"), ("back", "//evil.example")])
        .await
        .expect_status(303);
    assert_eq!(browser.cookie("theme").as_deref(), Some("dark"));
    assert!(browser.get("/nowhere").await.text().contains("data-theme=\"dark\""));
    let saved = browser.post_form("/preferences", &[("back", "//evil.example")]).await;
    assert_eq!(saved.location(), "/");
}

/// A real socket, since stopping is what is tested.
#[tokio::test]
async fn a_stopping_server_ends_its_streams_and_returns() {
    let app = open().await;
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let (stop, stopped) = tokio::sync::oneshot::channel::<()>();
    let (web, router) = (app.web.clone(), app.router.clone());
    let serving = tokio::spawn(async move {
        takt_web::serve(listener, &web, router, async { stopped.await.unwrap_or(()) }).await
    });
    let mut stream = tokio::net::TcpStream::connect(address).await.unwrap();
    let ask = "GET /live HTTP/1.1\r\nHost: takt.test\r\n\r\n";
    tokio::io::AsyncWriteExt::write_all(&mut stream, ask.as_bytes()).await.unwrap();
    let mut head = [0_u8; 12];
    tokio::io::AsyncReadExt::read_exact(&mut stream, &mut head).await.unwrap();
    assert_eq!(&head, b"HTTP/1.1 200");
    stop.send(()).unwrap();
    tokio::time::timeout(std::time::Duration::from_secs(5), serving)
        .await
        .expect("it stops")
        .unwrap()
        .unwrap();
}
