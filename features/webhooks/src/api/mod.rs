//! `GET /api/v1/facts`: the log itself, for programs that want to miss nothing. A cursor, a question that
//! waits until there is something, or a stream of events; all three read the same pages.

mod page;
mod stream;
mod waiting;

use std::{sync::Arc, time::Duration};

use axum::{Extension, Router, extract::State, response::IntoResponse, routing::get};
use http::{HeaderMap, header};
use serde::Deserialize;
use takt_kernel::{Fault, FieldFault, Result};
use takt_staff::ApiCaller;
use takt_web::{Answer, Json, Query, Web, page_size};
use tokio::time::{Instant, sleep, timeout_at};
use utoipa::{IntoParams, OpenApi};

use crate::{body::FactBody, kinds::Chosen, rights::SeeFacts};
use page::{FactPage, Reading};
use waiting::Waiting;

const LONGEST_WAIT_SECONDS: i64 = 30;
/// A busy log moves two hundred times a second; who waits need not look as often.
const GATHER: Duration = Duration::from_millis(100);

#[derive(OpenApi)]
#[openapi(
    paths(list_facts),
    components(schemas(FactPage, FactBody, crate::body::FactSubject, crate::body::FactActor))
)]
pub(crate) struct FactsApi;

pub(crate) fn routes() -> Router<Web> {
    Router::new().route("/api/v1/facts", get(list_facts)).layer(Extension(Arc::new(Waiting::default())))
}

#[derive(Clone, Debug, Default, Deserialize, IntoParams)]
#[serde(default)]
#[into_params(parameter_in = Query)]
struct Asked {
    /// The position up to which everything is known, as `next` of the former answer told it; 0 is the
    /// beginning.
    #[param(minimum = 0)]
    after: Option<i64>,
    /// At most 200; 50 when left out.
    #[param(minimum = 1, maximum = 200)]
    limit: Option<i64>,
    /// Kinds and areas with commas between: `orders.*,stock.corrected`. All when left out.
    #[param(example = "orders.*")]
    kinds: Option<String>,
    /// Seconds to wait for something to tell when there is nothing.
    #[param(minimum = 0, maximum = 30)]
    wait: Option<i64>,
}

impl Asked {
    fn after(&self) -> Result<i64> {
        match self.after {
            None => Ok(0),
            Some(after) if after >= 0 => Ok(after),
            Some(_) => Err(Fault::field("after", "webhooks.after_wrong")),
        }
    }

    fn wait(&self) -> Result<Duration> {
        let seconds = self.wait.unwrap_or(0);
        if !(0..=LONGEST_WAIT_SECONDS).contains(&seconds) {
            return Err(Fault::from_fields(vec![FieldFault {
                path: "wait".to_owned(),
                code: "webhooks.wait_wrong".into(),
                args: vec![("most".into(), LONGEST_WAIT_SECONDS.to_string())],
            }]));
        }
        Ok(Duration::from_secs(u64::try_from(seconds).unwrap_or(0)))
    }
}

/// What happened, in order.
///
/// The log of the company as far as it concerns the token's shop and the token's scopes open it: what
/// happened to orders with `orders:read`, to goods with `catalog:read` and `stock:read`, to carriers with
/// `shipments:read`. Nothing is left out and nothing comes twice: keep `next` together with what you did,
/// and ask for what is after it. With `Accept: text/event-stream` the same facts come as a stream of events
/// whose id is the position; `Last-Event-ID` goes on where it ended.
#[utoipa::path(get, path = "/api/v1/facts", tag = "facts", security(("token" = ["orders:read"])),
    params(Asked, ("Last-Event-ID" = Option<i64>, Header, minimum = 0, description = "With text/event-stream: as `after`")),
    responses(
        (status = 200, description = "What happened after that position", content(
            (FactPage = "application/json"),
            (String = "text/event-stream"),
        )),
        (status = 429, body = ref("#/components/schemas/Problem"), content_type = "application/problem+json",
            description = "Too many wait at once"),
    ))]
async fn list_facts(
    caller: ApiCaller,
    State(web): State<Web>,
    Extension(waiting): Extension<Arc<Waiting>>,
    Query(asked): Query<Asked>,
    headers: HeaderMap,
) -> Answer {
    caller.permit::<SeeFacts>()?;
    let chosen = Chosen::parse(asked.kinds.as_deref().unwrap_or_default())?;
    let (after, limit, wait) = (asked.after()?, page_size(asked.limit)?, asked.wait()?);
    let reading = Reading::of(&caller, &chosen, limit);
    let last = last_event_id(&headers)?;
    if wants_stream(&headers) {
        let after = last.unwrap_or(after);
        let place = waiting.stay(caller.token)?;
        return Ok(stream::stream(web, reading, after, place));
    }
    let page = reading.page(&web.db, after).await?;
    if wait.is_zero() || page.has_something() {
        return Ok(Json(page).into_response());
    }
    let _place = waiting.stay(caller.token)?;
    let page = wait_for_something(&web, &reading, page, Instant::now() + wait).await?;
    Ok(Json(page).into_response())
}

/// The first page with something on it, or an empty one when the time is over or the server stops.
async fn wait_for_something(
    web: &Web,
    reading: &Reading,
    mut page: FactPage,
    until: Instant,
) -> Result<FactPage> {
    let mut visible = web.db.watch();
    let mut closed = web.live.closed();
    loop {
        // From here on a movement is seen, and whatever came before is read below.
        visible.borrow_and_update();
        page = reading.page(&web.db, page.next).await?;
        if page.has_something() {
            return Ok(page);
        }
        let moved = tokio::select! {
            moved = timeout_at(until, visible.changed()) => matches!(moved, Ok(Ok(()))),
            _ = closed.wait_for(|closed| *closed) => false,
        };
        if !moved {
            return Ok(page);
        }
        sleep(GATHER).await;
    }
}

fn wants_stream(headers: &HeaderMap) -> bool {
    headers
        .get_all(header::ACCEPT)
        .iter()
        .filter_map(|accept| accept.to_str().ok())
        .flat_map(|accept| accept.split(','))
        .any(|media| media.split(';').next().is_some_and(|media| media.trim() == "text/event-stream"))
}

fn last_event_id(headers: &HeaderMap) -> Result<Option<i64>> {
    let Some(given) = headers.get("last-event-id") else { return Ok(None) };
    let given = given.to_str().ok().map(str::trim).unwrap_or("?");
    match given.parse() {
        Ok(position @ 0..) => Ok(Some(position)),
        _ => Err(Fault::field("Last-Event-ID", "webhooks.after_wrong")),
    }
}
