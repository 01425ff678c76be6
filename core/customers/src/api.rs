//! The HTTP API of customers: erasing a person. Everything else of them travels with their orders.

use axum::{Router, extract::State, response::IntoResponse, routing::post};
use serde::{Deserialize, Serialize};
use takt_staff::ApiCaller;
use takt_web::{Answer, Json, Path, Web};
use utoipa::{OpenApi, ToSchema};

use crate::{
    CustomerId, EraseCustomers, commands,
    erased::{Kept, Reason},
};

pub(crate) fn routes() -> Router<Web> {
    Router::new().route("/api/v1/customers/{id}/erase", post(erase))
}

#[derive(OpenApi)]
#[openapi(paths(erase), components(schemas(EraseBody, ErasedBody, KeptBody)))]
pub(crate) struct Api;

#[derive(Serialize, Deserialize, ToSchema)]
struct EraseBody {
    /// `asked`, `withdrawn`, `no_longer_needed` or `authority`.
    reason: String,
}

#[derive(Serialize, Deserialize, ToSchema)]
struct ErasedBody {
    /// What the law wants kept.
    kept: Vec<KeptBody>,
}

#[derive(Serialize, Deserialize, ToSchema)]
struct KeptBody {
    /// What it is: `payments.bank_lines`, `payments.refunds`.
    what: String,
    count: i64,
}

impl From<Kept> for KeptBody {
    fn from(kept: Kept) -> Self {
        Self { what: kept.what, count: kept.count }
    }
}

#[utoipa::path(post, path = "/api/v1/customers/{id}/erase", tag = "customers",
    params(("id" = i64, Path, minimum = 1, description = "The customer's id")),
    request_body(content = EraseBody),
    responses(
        (status = 200, body = ErasedBody, description = "The person is erased"),
        (status = 404, body = ref("#/components/schemas/Problem"), content_type = "application/problem+json",
            description = "There is no such customer, or they have not ordered in the shop of this token alone"),
        (status = 409, body = ref("#/components/schemas/Problem"), content_type = "application/problem+json",
            description = "An order of the person is under way, or the person was erased before"),
        (status = 422, body = ref("#/components/schemas/Problem"), content_type = "application/problem+json",
            description = "There is no such reason"),
    ))]
async fn erase(
    caller: ApiCaller,
    State(web): State<Web>,
    Path(id): Path<CustomerId>,
    Json(body): Json<EraseBody>,
) -> Answer {
    let permit = caller.permit::<EraseCustomers>()?;
    let reason = Reason::from_code(&body.reason)?;
    let kept = commands::erase(&web.db, &permit, id, reason).await?;
    Ok(Json(ErasedBody { kept: kept.into_iter().map(KeptBody::from).collect() }).into_response())
}
