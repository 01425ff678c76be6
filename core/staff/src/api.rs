//! `GET` and `PUT /api/v1/manager`: who answers for the company of the token.

use axum::{Router, extract::State, response::IntoResponse, routing::get};
use http::StatusCode;
use serde::{Deserialize, Serialize};
use takt_kernel::{PersonId, Timestamp};
use takt_web::{Answer, Json, Web};
use utoipa::{OpenApi, ToSchema};

use crate::{
    ApiCaller, NameManager, SeeManager,
    managers::{self, Manager},
};

#[derive(OpenApi)]
#[openapi(paths(get_manager, put_manager), components(schemas(ManagerBody, ManagerInput)))]
pub(crate) struct Api;

pub(crate) fn routes() -> Router<Web> {
    Router::new().route("/api/v1/manager", get(get_manager).put(put_manager))
}

/// Who answers for a company; everything is left out when nobody does.
#[derive(Debug, Default, Serialize, ToSchema)]
struct ManagerBody {
    #[schema(value_type = Option<i64>)]
    person: Option<PersonId>,
    name: Option<String>,
    #[schema(value_type = Option<String>, format = DateTime)]
    since: Option<Timestamp>,
}

impl From<Option<Manager>> for ManagerBody {
    fn from(manager: Option<Manager>) -> Self {
        manager.map_or_else(Self::default, |manager| Self {
            person: Some(manager.person),
            name: Some(manager.name),
            since: Some(manager.since),
        })
    }
}

#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(default)]
struct ManagerInput {
    /// The address of somebody who works for the company; empty: nobody answers.
    #[schema(example = "anna@example.org")]
    email: String,
}

/// Who answers for the company
#[utoipa::path(
    get, path = "/api/v1/manager", tag = "company", security(("token" = ["company:read"])),
    responses((status = 200, description = "Who answers", body = ManagerBody)),
)]
async fn get_manager(caller: ApiCaller, State(web): State<Web>) -> Answer {
    let company = caller.permit::<SeeManager>()?.company();
    let manager = web.db.read("staff.manager", move |reader| managers::of(reader, company)).await?;
    Ok(Json(ManagerBody::from(manager)).into_response())
}

/// Name who answers for the company
#[utoipa::path(
    put, path = "/api/v1/manager", tag = "company", security(("token" = ["company:write"])), request_body = ManagerInput,
    responses((status = 204, description = "Named"), (status = 422, description = "Nobody of that address works here")),
)]
async fn put_manager(caller: ApiCaller, State(web): State<Web>, Json(given): Json<ManagerInput>) -> Answer {
    let permit = caller.permit::<NameManager>()?;
    web.db
        .write("staff.name_manager", move |tx| {
            let email = given.email.trim();
            let person = match email {
                "" => None,
                email => Some(managers::person_of_email(tx, permit.company(), email)?),
            };
            managers::name(tx, &permit, person)
        })
        .await?;
    Ok(StatusCode::NO_CONTENT.into_response())
}
