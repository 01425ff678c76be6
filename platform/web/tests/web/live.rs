use std::time::Duration;

use axum::{body::Body, http::Request};
use http_body_util::BodyExt;
use serde_json::{Value, json};
use takt_testing::TestApp;
use tower::ServiceExt;

use crate::shop::{FOREIGN, OURS, brew, open};

struct Stream(Body);

impl Stream {
    async fn open(app: &TestApp, path: &str, last_event: Option<i64>) -> Self {
        let mut request = Request::get(path);
        if let Some(position) = last_event {
            request = request.header("last-event-id", position.to_string());
        }
        let answer = app.router.clone().oneshot(request.body(Body::empty()).unwrap()).await.unwrap();
        assert_eq!(answer.status(), 200);
        assert_eq!(answer.headers()["content-type"], "text/event-stream");
        Self(answer.into_body())
    }

    /// The next event: its id and its data.
    async fn next(&mut self) -> (i64, Value) {
        let frame =
            tokio::time::timeout(Duration::from_secs(10), self.0.frame()).await.expect("an event in time");
        let text = String::from_utf8(frame.unwrap().unwrap().into_data().unwrap().to_vec()).unwrap();
        let field = |name: &str| {
            let line =
                text.lines().find_map(|line| line.strip_prefix(name)).unwrap_or_else(|| panic!("{text}"));
            line.trim().to_owned()
        };
        (field("id:").parse().unwrap(), serde_json::from_str(&field("data:")).unwrap())
    }
}

#[tokio::test]
async fn a_screen_hears_what_changed_and_nothing_of_others() {
    let app = open().await;
    let mut stream = Stream::open(&app, "/live", None).await;
    app.write(|tx| {
        brew(tx, OURS, 1)?;
        brew(tx, FOREIGN, 2)?;
        brew(tx, OURS, 3)?;
        brew(tx, OURS, 1)
    })
    .await;
    app.db.number_facts().await.unwrap();
    let (id, data) = stream.next().await;
    assert_eq!(data, json!({"position": 4, "changed": ["tea/1", "tea/3", "teas"]}));
    assert_eq!(id, 4);
}

#[tokio::test]
async fn a_screen_that_was_away_resumes_where_it_left_off() {
    let app = open().await;
    app.write(|tx| brew(tx, OURS, 1)).await;
    app.write(|tx| brew(tx, OURS, 2)).await;
    app.db.number_facts().await.unwrap();
    let (_, data) = Stream::open(&app, "/live", Some(1)).await.next().await;
    assert_eq!(data["changed"], json!(["tea/2", "teas"]));
    let (_, data) = Stream::open(&app, "/live?since=0", None).await.next().await;
    assert_eq!(data["changed"], json!(["tea/1", "tea/2", "teas"]));
}

#[tokio::test]
async fn a_screen_that_was_away_too_long_is_told_that_everything_may_have_changed() {
    let app = open().await;
    app.write(|tx| (0..1_200).try_for_each(|tea| brew(tx, OURS, tea))).await;
    app.db.number_facts().await.unwrap();
    let (id, data) = Stream::open(&app, "/live?since=0", None).await.next().await;
    assert_eq!((id, &data["changed"]), (1_200, &json!(["*"])));
}

#[tokio::test]
async fn nobody_reads_the_stream_where_nobody_knows_who_they_are() {
    let app = takt_testing::TestApp::open(takt_testing::Place::sqlite(), vec![]).await;
    let refused = app.get("/live").await;
    assert_eq!((refused.status.as_u16(), refused.location()), (303, "/sign-in?back=/live"));
}
