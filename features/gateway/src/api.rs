//! `POST /api/v1/orders`. Reading and changing orders is the API of orders.

use axum::{
    Router,
    extract::State,
    response::{IntoResponse, Response},
    routing::post,
};
use http::{HeaderMap, HeaderValue, StatusCode, header};
use serde_json::Value;
use takt_kernel::{CompanyId, Fault, Result, failpoint};
use takt_orders::{
    OrderId, Outcome, PlaceOrders, Placed,
    api::{OrderBody, Parts, order_json, order_text, parts_of},
};
use takt_staff::ApiCaller;
use takt_store::Tx;
use takt_web::{Answer, Failure, Json, RateClass, Web, etag};
use utoipa::OpenApi;

use crate::{RequestKey, Usual, accept};

/// Per shop. No shop comes near it; a program that has gone mad does not take the writer from others.
pub const RATE: RateClass = RateClass { name: "gateway.orders", burst: 20_000, per_minute: 300_000 };

#[derive(OpenApi)]
#[openapi(paths(place))]
pub(crate) struct GatewayApi;

pub(crate) fn routes() -> Router<Web> {
    Router::new().route("/api/v1/orders", post(place))
}

/// Takes an order in.
///
/// One order is placed however often it is sent: by the shop's `external_id`, and by the header
/// `Idempotency-Key`, which is kept for seven days. Fields that are not described are kept and given
/// back in `extra`. A SKU that the catalogue does not know is taken, shown as not `known`, and nothing
/// is ever reserved of it.
#[utoipa::path(post, path = "/api/v1/orders", tag = "orders", security(("token" = ["orders:write"])),
    params(("Idempotency-Key" = Option<String>, Header, pattern = "^[!-~]{1,200}$", description = "Any text of up to 200 visible ASCII characters")),
    request_body(content = ref("#/components/schemas/OrderInput"), content_type = "application/json", example = json!({
        "external_id": "1001",
        "currency": "RUB",
        "customer": { "name": "Покупатель", "phone": "8 (912) 345-67-89", "email": "a@example.org" },
        "lines": [{
            "sku": "TEA-100", "name": "Чай", "quantity": "2", "unit": "pcs",
            "price": "199.50", "discount": "0.00", "vat": "22"
        }],
        "delivery": { "method": "courier", "address": "Казань, ул. Баумана, 1", "price": "300.00" },
        "comment": "позвонить"
    })),
    responses(
        (status = 201, body = OrderBody, description = "Placed. With invoices, `invoice.number` is what the buyer pays by",
            headers(("Location" = String, description = "Where the order is read"), ("ETag" = String, description = "The version, for If-Match"))),
        (status = 200, body = OrderBody, description = "It was placed before: the order as it stands now",
            headers(("ETag" = String, description = "The version, for If-Match"))),
        (status = 401, body = ref("#/components/schemas/Problem"), content_type = "application/problem+json",
            description = "No live token"),
        (status = 403, body = ref("#/components/schemas/Problem"), content_type = "application/problem+json",
            description = "The token lacks the scope `orders:write`"),
        (status = 409, body = ref("#/components/schemas/Problem"), content_type = "application/problem+json",
            description = "The external id was placed with other content, each differing field named (`orders.differs`), or the key was used with another body (`gateway.key_reused`)"),
        (status = 413, body = ref("#/components/schemas/Problem"), content_type = "application/problem+json",
            description = "More than 1 MiB"),
        (status = 415, body = ref("#/components/schemas/Problem"), content_type = "application/problem+json",
            description = "Not application/json"),
        (status = 422, body = ref("#/components/schemas/Problem"), content_type = "application/problem+json",
            description = "Not JSON, with line and column, or fields that make no sense, each named: `lines[0].quantity`"),
        (status = 429, body = ref("#/components/schemas/Problem"), content_type = "application/problem+json",
            description = "Too many at once"),
    ))]
async fn place(
    caller: ApiCaller,
    State(web): State<Web>,
    headers: HeaderMap,
    body: Result<Json<Value>, Failure>,
) -> Answer {
    let permit = caller.permit::<PlaceOrders>()?;
    let (company, shop) = (caller.company, caller.shop);
    web.limiter.take(&RATE, &shop.to_string())?;
    let Json(body) = body?;
    let key = RequestKey::of_header(&headers, &body)?;
    let usual = web.db.read("gateway.usual", move |reader| Usual::of(reader, company, shop)).await?;
    let report = usual.read(body, "api")?;
    let rivals = report.wanted.rivals(company);
    let taken = web
        .db
        .write_in_turn("gateway.accept", rivals, move |tx| {
            let placed = accept(tx, &permit, report.clone(), key.as_ref())?;
            Taken::of(tx, company, placed)
        })
        .await?;
    failpoint::reach("gateway.order.accepted");
    taken.answer(&web, company).await
}

/// An order that was taken in, with what is needed to answer with it.
pub(crate) struct Taken {
    placed: Placed,
    parts: Parts,
}

impl Taken {
    /// # Errors
    /// Faults of the store.
    pub fn of(tx: &mut Tx<'_>, company: CompanyId, placed: Placed) -> Result<Self> {
        let parts = match &placed.created {
            Some(_) => parts_of(tx, company, &[placed.id])?,
            None => Parts::new(),
        };
        Ok(Self { placed, parts })
    }

    /// A new order is at hand; one that was placed before is read, and not while the writer is held.
    pub async fn answer(self, web: &Web, company: CompanyId) -> Answer {
        let (id, outcome) = (self.placed.id, self.placed.outcome);
        if let Some(new) = &self.placed.created {
            let text = order_text(&new.order, &new.lines, &self.parts)?;
            return Ok(answer(outcome, id, new.order.version, text));
        }
        let bodies = web.db.read("gateway.answer", move |reader| order_json(reader, company, &[id])).await?;
        let body = bodies.into_iter().next().ok_or_else(|| Fault::broken("gateway.order_lost"))?;
        let version = body.get("version").and_then(Value::as_i64).unwrap_or_default();
        Ok(answer(outcome, id, version, body.to_string().into_bytes()))
    }
}

fn answer(outcome: Outcome, id: OrderId, version: i64, text: Vec<u8>) -> Response {
    let status = match outcome {
        Outcome::Created => StatusCode::CREATED,
        Outcome::Same => StatusCode::OK,
    };
    let json = [(header::CONTENT_TYPE, "application/json")];
    let mut response: Response = (status, etag(version), json, text).into_response();
    if let Ok(place) = HeaderValue::from_str(&format!("/api/v1/orders/{id}")) {
        response.headers_mut().insert(header::LOCATION, place);
    }
    response
}
