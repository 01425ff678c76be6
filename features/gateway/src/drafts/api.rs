//! `/api/v1/drafts`: a storefront's way to an order, part by part.

use axum::{
    Router,
    body::Bytes,
    extract::{FromRequestParts, State},
    response::{IntoResponse, Response},
    routing::{get, patch, post, put},
};
use http::{HeaderValue, StatusCode, header, request::Parts};
use serde::Deserialize;
use serde_json::{Value, json};
use takt_kernel::{CompanyId, Fault, Result, ShopId};
use takt_orders::{PlaceOrders, SeeOrders, api::OrderBody};
use takt_staff::ApiCaller;
use takt_store::Query as _;
use takt_web::{Answer, Failure, IfMatch, Json, Path, Query, RateClass, Web, etag, page_size};

use super::{
    Draft, DraftId,
    body::body,
    content::{Content, Part},
    place::{self, Prepared},
    rows,
    schema::{self, DraftBody, DraftPage},
};
use crate::{Usual, api::Taken};

/// Changes of drafts, per shop. A draft takes several where an order takes one.
pub const RATE: RateClass = RateClass { name: "gateway.drafts", burst: 100_000, per_minute: 1_500_000 };

pub(crate) fn routes() -> Router<Web> {
    Router::new()
        .route("/api/v1/drafts", get(list).post(create))
        .route("/api/v1/drafts/{id}", get(read).patch(change).delete(delete))
        .route("/api/v1/drafts/{id}/lines", post(add_line))
        .route("/api/v1/drafts/{id}/lines/{line}", patch(change_line).delete(remove_line))
        .route("/api/v1/drafts/{id}/customer", put(set_customer))
        .route("/api/v1/drafts/{id}/delivery", put(set_delivery))
        .route("/api/v1/drafts/{id}/place", post(place))
}

/// The version that the caller wants to change, when they say one. A buyer who fills a basket has no
/// rival, so it may be absent.
pub(super) struct Expected(Option<i64>);

impl FromRequestParts<Web> for Expected {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, web: &Web) -> Result<Self, Failure> {
        if !parts.headers.contains_key(header::IF_MATCH) {
            return Ok(Self(None));
        }
        let IfMatch(version) = IfMatch::from_request_parts(parts, web).await?;
        Ok(Self(Some(version)))
    }
}

/// Who changes a draft: somebody with the right to place orders, not more often than allowed.
struct Writer {
    company: CompanyId,
    shop: ShopId,
}

impl Writer {
    fn of(caller: &ApiCaller, web: &Web) -> Result<Self> {
        caller.permit::<PlaceOrders>()?;
        web.limiter.take(&RATE, &caller.shop.to_string())?;
        Ok(Self { company: caller.company, shop: caller.shop })
    }

    /// One change of one draft in one transaction.
    async fn change(
        &self,
        web: &Web,
        id: DraftId,
        Expected(expected): Expected,
        what: impl Fn(&mut Content, ShopId) -> Result<()> + Send + 'static,
    ) -> Result<Draft> {
        let (company, shop) = (self.company, self.shop);
        web.db
            .write("gateway.change_draft", move |tx| {
                let mut draft = rows::lock(tx, company, shop, id)?;
                draft.may_be_changed(expected)?;
                what(&mut draft.content, shop)?;
                rows::save(tx, &mut draft)?;
                Ok(draft)
            })
            .await
    }
}

fn answer(status: StatusCode, draft: &Draft) -> Response {
    (status, etag(draft.version), Json(body(draft))).into_response()
}

/// Starts a draft.
///
/// The body may be absent, or hold any part of an order. What a part says is checked at once; what an
/// order must have is asked for when the draft is placed.
#[utoipa::path(post, path = "/api/v1/drafts", tag = "drafts", security(("token" = ["orders:write"])),
    request_body(content = Option<Object>, content_type = "application/json", description = "May be absent"),
    responses(
        (status = 201, body = DraftBody, description = "Started", headers(("Location" = String, description = "Where the draft is read"), ("ETag" = String, description = "The version, for If-Match"))),
        (status = 401, body = ref("#/components/schemas/Problem"), content_type = "application/problem+json",
            description = "No live token"),
        (status = 403, body = ref("#/components/schemas/Problem"), content_type = "application/problem+json",
            description = "The token lacks the scope"),
        (status = 422, body = ref("#/components/schemas/Problem"), content_type = "application/problem+json",
            description = "Fields that make no sense, each named"),
        (status = 429, body = ref("#/components/schemas/Problem"), content_type = "application/problem+json",
            description = "Too many at once"),
    ))]
pub(super) async fn create(caller: ApiCaller, State(web): State<Web>, sent: Bytes) -> Answer {
    let Writer { company, shop } = Writer::of(&caller, &web)?;
    let given: Value = if sent.is_empty() {
        json!({})
    } else {
        serde_json::from_slice(&sent).map_err(|error| {
            Fault::invalid("web.json_malformed").arg("line", error.line()).arg("column", error.column())
        })?
    };
    let usual = web.db.read("gateway.usual", move |reader| Usual::of(reader, company, shop)).await?;
    let content = Content::new(&usual, given)?;
    let draft = web
        .db
        .write("gateway.create_draft", move |tx| {
            let (id, now) = (tx.new_id(), tx.now());
            let content = content.clone();
            let draft = Draft {
                company,
                shop,
                id,
                content,
                order: None,
                version: 1,
                created_at: now,
                touched_at: now,
            };
            rows::insert(tx, &draft)?;
            Ok(draft)
        })
        .await?;
    let mut response = answer(StatusCode::CREATED, &draft);
    if let Ok(place) = HeaderValue::from_str(&format!("/api/v1/drafts/{}", draft.id)) {
        response.headers_mut().insert(header::LOCATION, place);
    }
    Ok(response)
}

#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct Asked {
    limit: Option<i64>,
    cursor: Option<String>,
}

/// The drafts of the shop, the newest first.
#[utoipa::path(get, path = "/api/v1/drafts", tag = "drafts", security(("token" = ["orders:read"])),
    params(schema::ListParams),
    responses(
        (status = 200, body = DraftPage, description = "A page of the drafts"),
        (status = 401, body = ref("#/components/schemas/Problem"), content_type = "application/problem+json",
            description = "No live token"),
        (status = 403, body = ref("#/components/schemas/Problem"), content_type = "application/problem+json",
            description = "The token lacks the scope"),
        (status = 422, body = ref("#/components/schemas/Problem"), content_type = "application/problem+json",
            description = "Fields that make no sense, each named"),
    ))]
pub(super) async fn list(caller: ApiCaller, State(web): State<Web>, Query(asked): Query<Asked>) -> Answer {
    caller.permit::<SeeOrders>()?;
    let (company, shop) = (caller.company, caller.shop);
    let limit = page_size(asked.limit)?;
    let before = asked.cursor.filter(|cursor| !cursor.is_empty());
    let before = before
        .map(|cursor| cursor.parse::<DraftId>())
        .transpose()
        .map_err(|_| Fault::field("cursor", "orders.cursor_unreadable"))?;
    let mut drafts = web
        .db
        .read("gateway.list_drafts", move |reader| rows::list(reader, company, shop, before, limit + 1))
        .await?;
    let most = usize::try_from(limit).unwrap_or(usize::MAX);
    let more = drafts.len() > most;
    drafts.truncate(most);
    let next_cursor = drafts.last().filter(|_| more).map(|last| last.id.to_string());
    let items: Vec<Value> = drafts.iter().map(body).collect();
    Ok(Json(json!({ "items": items, "next_cursor": next_cursor })).into_response())
}

/// Reads a draft.
#[utoipa::path(get, path = "/api/v1/drafts/{id}", tag = "drafts", security(("token" = ["orders:read"])),
    params(("id" = i64, Path, description = "The draft's id")),
    responses(
        (status = 200, body = DraftBody, description = "The draft as it stands now", headers(("ETag" = String, description = "The version, for If-Match"))),
        (status = 401, body = ref("#/components/schemas/Problem"), content_type = "application/problem+json",
            description = "No live token"),
        (status = 403, body = ref("#/components/schemas/Problem"), content_type = "application/problem+json",
            description = "The token lacks the scope"),
        (status = 404, body = ref("#/components/schemas/Problem"), content_type = "application/problem+json",
            description = "No such draft in this shop"),
    ))]
pub(super) async fn read(caller: ApiCaller, State(web): State<Web>, Path(id): Path<DraftId>) -> Answer {
    caller.permit::<SeeOrders>()?;
    let (company, shop) = (caller.company, caller.shop);
    let draft =
        web.db.read("gateway.read_draft", move |reader| rows::load(reader, company, shop, id)).await?;
    Ok(answer(StatusCode::OK, &draft))
}

/// Changes anything of a draft.
///
/// A JSON merge patch (RFC 7396) of the order it is going to be; `lines` replaces all lines.
#[utoipa::path(patch, path = "/api/v1/drafts/{id}", tag = "drafts", security(("token" = ["orders:write"])),
    params(("id" = i64, Path, description = "The draft's id"), ("If-Match" = Option<String>, Header, description = "The version that is being changed, as ETag gave it; without it the last one wins")),
    request_body(content = Object, content_type = "application/json", description = "A JSON merge patch"),
    responses(
        (status = 200, body = DraftBody, description = "The draft with the change", headers(("ETag" = String, description = "The version, for If-Match"))),
        (status = 401, body = ref("#/components/schemas/Problem"), content_type = "application/problem+json",
            description = "No live token"),
        (status = 403, body = ref("#/components/schemas/Problem"), content_type = "application/problem+json",
            description = "The token lacks the scope"),
        (status = 404, body = ref("#/components/schemas/Problem"), content_type = "application/problem+json",
            description = "No such draft in this shop"),
        (status = 409, body = ref("#/components/schemas/Problem"), content_type = "application/problem+json",
            description = "It was placed"),
        (status = 412, body = ref("#/components/schemas/Problem"), content_type = "application/problem+json",
            description = "Somebody else changed it meanwhile"),
        (status = 422, body = ref("#/components/schemas/Problem"), content_type = "application/problem+json",
            description = "Fields that make no sense, each named"),
        (status = 429, body = ref("#/components/schemas/Problem"), content_type = "application/problem+json",
            description = "Too many at once"),
    ))]
pub(super) async fn change(
    caller: ApiCaller,
    State(web): State<Web>,
    Path(id): Path<DraftId>,
    expected: Expected,
    Json(sent): Json<Value>,
) -> Answer {
    let writer = Writer::of(&caller, &web)?;
    let draft = writer.change(&web, id, expected, move |content, shop| content.patch(shop, &sent)).await?;
    Ok(answer(StatusCode::OK, &draft))
}

/// Forgets a draft with everything in it.
#[utoipa::path(delete, path = "/api/v1/drafts/{id}", tag = "drafts", security(("token" = ["orders:write"])),
    params(("id" = i64, Path, description = "The draft's id")),
    responses(
        (status = 204, description = "It is gone"),
        (status = 401, body = ref("#/components/schemas/Problem"), content_type = "application/problem+json",
            description = "No live token"),
        (status = 403, body = ref("#/components/schemas/Problem"), content_type = "application/problem+json",
            description = "The token lacks the scope"),
        (status = 404, body = ref("#/components/schemas/Problem"), content_type = "application/problem+json",
            description = "No such draft in this shop"),
        (status = 429, body = ref("#/components/schemas/Problem"), content_type = "application/problem+json",
            description = "Too many at once"),
    ))]
pub(super) async fn delete(caller: ApiCaller, State(web): State<Web>, Path(id): Path<DraftId>) -> Answer {
    let Writer { company, shop } = Writer::of(&caller, &web)?;
    web.db
        .write("gateway.delete_draft", move |tx| {
            rows::lock(tx, company, shop, id)?;
            rows::delete(tx, company, shop, id)
        })
        .await?;
    Ok(StatusCode::NO_CONTENT.into_response())
}

/// Puts a line into a draft.
#[utoipa::path(post, path = "/api/v1/drafts/{id}/lines", tag = "drafts", security(("token" = ["orders:write"])),
    params(("id" = i64, Path, description = "The draft's id"), ("If-Match" = Option<String>, Header, description = "The version that is being changed, as ETag gave it; without it the last one wins")),
    request_body(content = ref("#/components/schemas/LineInput"), content_type = "application/json"),
    responses(
        (status = 201, body = DraftBody, description = "The draft with the line", headers(("ETag" = String, description = "The version, for If-Match"))),
        (status = 401, body = ref("#/components/schemas/Problem"), content_type = "application/problem+json",
            description = "No live token"),
        (status = 403, body = ref("#/components/schemas/Problem"), content_type = "application/problem+json",
            description = "The token lacks the scope"),
        (status = 404, body = ref("#/components/schemas/Problem"), content_type = "application/problem+json",
            description = "No such draft in this shop"),
        (status = 409, body = ref("#/components/schemas/Problem"), content_type = "application/problem+json",
            description = "It was placed"),
        (status = 412, body = ref("#/components/schemas/Problem"), content_type = "application/problem+json",
            description = "Somebody else changed it meanwhile"),
        (status = 422, body = ref("#/components/schemas/Problem"), content_type = "application/problem+json",
            description = "Fields that make no sense, each named"),
        (status = 429, body = ref("#/components/schemas/Problem"), content_type = "application/problem+json",
            description = "Too many at once"),
    ))]
pub(super) async fn add_line(
    caller: ApiCaller,
    State(web): State<Web>,
    Path(id): Path<DraftId>,
    expected: Expected,
    Json(sent): Json<Value>,
) -> Answer {
    let writer = Writer::of(&caller, &web)?;
    let draft = writer
        .change(&web, id, expected, move |content, shop| content.add_line(shop, sent.clone()).map(|_| ()))
        .await?;
    Ok(answer(StatusCode::CREATED, &draft))
}

/// Changes a line of a draft, as a JSON merge patch.
#[utoipa::path(patch, path = "/api/v1/drafts/{id}/lines/{line}", tag = "drafts", security(("token" = ["orders:write"])),
    params(("id" = i64, Path, description = "The draft's id"), ("line" = i64, Path, description = "The line's number in the draft"), ("If-Match" = Option<String>, Header, description = "The version that is being changed, as ETag gave it; without it the last one wins")),
    request_body(content = Object, content_type = "application/json", description = "A JSON merge patch of the line"),
    responses(
        (status = 200, body = DraftBody, description = "The draft with the change", headers(("ETag" = String, description = "The version, for If-Match"))),
        (status = 401, body = ref("#/components/schemas/Problem"), content_type = "application/problem+json",
            description = "No live token"),
        (status = 403, body = ref("#/components/schemas/Problem"), content_type = "application/problem+json",
            description = "The token lacks the scope"),
        (status = 404, body = ref("#/components/schemas/Problem"), content_type = "application/problem+json",
            description = "No such draft in this shop"),
        (status = 409, body = ref("#/components/schemas/Problem"), content_type = "application/problem+json",
            description = "It was placed"),
        (status = 412, body = ref("#/components/schemas/Problem"), content_type = "application/problem+json",
            description = "Somebody else changed it meanwhile"),
        (status = 422, body = ref("#/components/schemas/Problem"), content_type = "application/problem+json",
            description = "Fields that make no sense, each named"),
        (status = 429, body = ref("#/components/schemas/Problem"), content_type = "application/problem+json",
            description = "Too many at once"),
    ))]
pub(super) async fn change_line(
    caller: ApiCaller,
    State(web): State<Web>,
    Path((id, line)): Path<(DraftId, i64)>,
    expected: Expected,
    Json(sent): Json<Value>,
) -> Answer {
    let writer = Writer::of(&caller, &web)?;
    let what = move |content: &mut Content, shop| content.patch_line(shop, line, &sent);
    Ok(answer(StatusCode::OK, &writer.change(&web, id, expected, what).await?))
}

/// Takes a line out of a draft.
#[utoipa::path(delete, path = "/api/v1/drafts/{id}/lines/{line}", tag = "drafts", security(("token" = ["orders:write"])),
    params(("id" = i64, Path, description = "The draft's id"), ("line" = i64, Path, description = "The line's number in the draft"), ("If-Match" = Option<String>, Header, description = "The version that is being changed, as ETag gave it; without it the last one wins")),
    responses(
        (status = 200, body = DraftBody, description = "The draft without the line", headers(("ETag" = String, description = "The version, for If-Match"))),
        (status = 401, body = ref("#/components/schemas/Problem"), content_type = "application/problem+json",
            description = "No live token"),
        (status = 403, body = ref("#/components/schemas/Problem"), content_type = "application/problem+json",
            description = "The token lacks the scope"),
        (status = 404, body = ref("#/components/schemas/Problem"), content_type = "application/problem+json",
            description = "No such draft in this shop"),
        (status = 409, body = ref("#/components/schemas/Problem"), content_type = "application/problem+json",
            description = "It was placed"),
        (status = 412, body = ref("#/components/schemas/Problem"), content_type = "application/problem+json",
            description = "Somebody else changed it meanwhile"),
        (status = 429, body = ref("#/components/schemas/Problem"), content_type = "application/problem+json",
            description = "Too many at once"),
    ))]
pub(super) async fn remove_line(
    caller: ApiCaller,
    State(web): State<Web>,
    Path((id, line)): Path<(DraftId, i64)>,
    expected: Expected,
) -> Answer {
    let writer = Writer::of(&caller, &web)?;
    let what = move |content: &mut Content, _| content.remove_line(line);
    Ok(answer(StatusCode::OK, &writer.change(&web, id, expected, what).await?))
}

/// Says whose order it is going to be.
#[utoipa::path(put, path = "/api/v1/drafts/{id}/customer", tag = "drafts", security(("token" = ["orders:write"])),
    params(("id" = i64, Path, description = "The draft's id"), ("If-Match" = Option<String>, Header, description = "The version that is being changed, as ETag gave it; without it the last one wins")),
    request_body(content = ref("#/components/schemas/CustomerInput"), content_type = "application/json"),
    responses(
        (status = 200, body = DraftBody, description = "The draft with the change", headers(("ETag" = String, description = "The version, for If-Match"))),
        (status = 401, body = ref("#/components/schemas/Problem"), content_type = "application/problem+json",
            description = "No live token"),
        (status = 403, body = ref("#/components/schemas/Problem"), content_type = "application/problem+json",
            description = "The token lacks the scope"),
        (status = 404, body = ref("#/components/schemas/Problem"), content_type = "application/problem+json",
            description = "No such draft in this shop"),
        (status = 409, body = ref("#/components/schemas/Problem"), content_type = "application/problem+json",
            description = "It was placed"),
        (status = 412, body = ref("#/components/schemas/Problem"), content_type = "application/problem+json",
            description = "Somebody else changed it meanwhile"),
        (status = 422, body = ref("#/components/schemas/Problem"), content_type = "application/problem+json",
            description = "Fields that make no sense, each named"),
        (status = 429, body = ref("#/components/schemas/Problem"), content_type = "application/problem+json",
            description = "Too many at once"),
    ))]
pub(super) async fn set_customer(
    caller: ApiCaller,
    State(web): State<Web>,
    Path(id): Path<DraftId>,
    expected: Expected,
    Json(sent): Json<Value>,
) -> Answer {
    let writer = Writer::of(&caller, &web)?;
    let what = move |content: &mut Content, shop| content.set(shop, Part::Customer, sent.clone());
    Ok(answer(StatusCode::OK, &writer.change(&web, id, expected, what).await?))
}

/// Says how it is to be delivered.
#[utoipa::path(put, path = "/api/v1/drafts/{id}/delivery", tag = "drafts", security(("token" = ["orders:write"])),
    params(("id" = i64, Path, description = "The draft's id"), ("If-Match" = Option<String>, Header, description = "The version that is being changed, as ETag gave it; without it the last one wins")),
    request_body(content = ref("#/components/schemas/DeliveryInput"), content_type = "application/json"),
    responses(
        (status = 200, body = DraftBody, description = "The draft with the change", headers(("ETag" = String, description = "The version, for If-Match"))),
        (status = 401, body = ref("#/components/schemas/Problem"), content_type = "application/problem+json",
            description = "No live token"),
        (status = 403, body = ref("#/components/schemas/Problem"), content_type = "application/problem+json",
            description = "The token lacks the scope"),
        (status = 404, body = ref("#/components/schemas/Problem"), content_type = "application/problem+json",
            description = "No such draft in this shop"),
        (status = 409, body = ref("#/components/schemas/Problem"), content_type = "application/problem+json",
            description = "It was placed"),
        (status = 412, body = ref("#/components/schemas/Problem"), content_type = "application/problem+json",
            description = "Somebody else changed it meanwhile"),
        (status = 422, body = ref("#/components/schemas/Problem"), content_type = "application/problem+json",
            description = "Fields that make no sense, each named"),
        (status = 429, body = ref("#/components/schemas/Problem"), content_type = "application/problem+json",
            description = "Too many at once"),
    ))]
pub(super) async fn set_delivery(
    caller: ApiCaller,
    State(web): State<Web>,
    Path(id): Path<DraftId>,
    expected: Expected,
    Json(sent): Json<Value>,
) -> Answer {
    let writer = Writer::of(&caller, &web)?;
    let what = move |content: &mut Content, shop| content.set(shop, Part::Delivery, sent.clone());
    Ok(answer(StatusCode::OK, &writer.change(&web, id, expected, what).await?))
}

/// Makes a draft an order.
///
/// Just as if the order had been sent at once: what is missing or makes no sense is refused, each field
/// named, and the draft stays. However often it is placed, it becomes one order.
#[utoipa::path(post, path = "/api/v1/drafts/{id}/place", tag = "drafts", security(("token" = ["orders:write"])),
    params(("id" = i64, Path, description = "The draft's id"), ("If-Match" = Option<String>, Header, description = "The version that is being changed, as ETag gave it; without it the last one wins")),
    responses(
        (status = 201, body = OrderBody, description = "Placed",
            headers(("Location" = String, description = "Where the order is read"), ("ETag" = String, description = "The version, for If-Match"))),
        (status = 200, body = OrderBody, description = "It was placed before: the order as it stands now",
            headers(("ETag" = String, description = "The version, for If-Match"))),
        (status = 401, body = ref("#/components/schemas/Problem"), content_type = "application/problem+json",
            description = "No live token"),
        (status = 403, body = ref("#/components/schemas/Problem"), content_type = "application/problem+json",
            description = "The token lacks the scope"),
        (status = 404, body = ref("#/components/schemas/Problem"), content_type = "application/problem+json",
            description = "No such draft in this shop"),
        (status = 409, body = ref("#/components/schemas/Problem"), content_type = "application/problem+json",
            description = "Its external id was placed with other content"),
        (status = 412, body = ref("#/components/schemas/Problem"), content_type = "application/problem+json",
            description = "Somebody else changed it meanwhile"),
        (status = 422, body = ref("#/components/schemas/Problem"), content_type = "application/problem+json",
            description = "Fields that make no sense, each named"),
        (status = 429, body = ref("#/components/schemas/Problem"), content_type = "application/problem+json",
            description = "Too many at once"),
    ))]
pub(super) async fn place(
    caller: ApiCaller,
    State(web): State<Web>,
    Path(id): Path<DraftId>,
    Expected(expected): Expected,
) -> Answer {
    let permit = caller.permit::<PlaceOrders>()?;
    let Writer { company, shop } = Writer::of(&caller, &web)?;
    let prepared =
        web.db.read("gateway.prepare_draft", move |reader| Prepared::of(reader, company, shop, id)).await?;
    let rivals = prepared.rivals(company);
    let taken = web
        .db
        .write_in_turn("gateway.place_draft", rivals, move |tx| {
            let placed = place::place(tx, &permit, shop, id, expected, &prepared)?;
            Taken::of(tx, company, placed)
        })
        .await?;
    taken.answer(&web, company).await
}
