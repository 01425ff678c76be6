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
    assert_eq!(app.wiring.problems(), Vec::<String>::new());
    let page = app.client().with_cookie("lang", "en").get("/api/docs").await.expect_status(200);
    for part in
        ["schema-Problem", "POST /api/v1/teas", "As it stands on the box.", "Сенча", "At most so many"]
    {
        assert!(page.text().contains(part), "{part} in {}", page.text());
    }
    assert_eq!(Texts::missing_in(&page.text()), Vec::<String>::new());
    assert!(!page.text().contains("style="), "the content security policy forbids inline styles");
}

#[tokio::test]
async fn samples_are_shown_in_development_only() {
    let app = open().await;
    app.get("/_samples").await.expect_status(404);
    let web = app.web.clone().samples(app.wiring.samples.clone());
    let client = Client::new(takt_web::app(web, app.wiring.router.clone()));
    let shown = client.get("/_samples").await.expect_status(200);
    assert!(shown.text().contains(app.wiring.samples[0].name));
    client.get(&format!("/_samples/{}", app.wiring.samples[0].name)).await.expect_status(200);
    client.get("/_samples/nothing").await.expect_status(404);
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
    let (web, features) = (app.web.clone(), app.wiring.router.clone());
    let serving = tokio::spawn(async move {
        let entrances = vec![takt_web::Entrance::plain(listener)];
        takt_web::serve(entrances, &web, features, async { stopped.await.unwrap_or(()) }).await
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

#[derive(Clone, Default)]
struct Pages(Arc<std::sync::Mutex<Vec<u8>>>);

impl std::io::Write for Pages {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }
    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

#[tokio::test]
async fn the_log_names_routes_and_ids_and_keeps_secrets_out() {
    let app = open().await;
    let written = Pages::default();
    let into = written.clone();
    let subscriber = tracing_subscriber::fmt()
        .json()
        .with_max_level(tracing_subscriber::filter::LevelFilter::DEBUG)
        .with_writer(move || into.clone())
        .finish();
    let guard = tracing::subscriber::set_default(subscriber);
    let asking = app
        .ask(axum::http::Method::POST, "/teas/42?key=hunter2-query")
        .header("authorization", "Bearer hunter2-token")
        .header("cookie", "takt=hunter2-cookie")
        .header("x-request-id", "id-42");
    asking.form(&[("password", "hunter2-body")]).send().await;
    app.post_form("/brew", &[("grams", "hunter2-field")]).await.expect_status(422);
    app.get("/fault/hunter2-path").await.expect_status(500);
    drop(guard);
    let log = String::from_utf8(written.0.lock().unwrap().clone()).unwrap();
    assert!(log.contains("id-42") && log.contains("/teas/{id}") && log.contains("\"status\":405"), "{log}");
    let told: Vec<&str> =
        log.lines().filter(|line| line.contains("hunter2") && !line.contains("panicked")).collect();
    assert_eq!(told, Vec::<&str>::new());
}
