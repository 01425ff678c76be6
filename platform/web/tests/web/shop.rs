//! A feature made for these tests.

use axum::{
    Router,
    extract::DefaultBodyLimit,
    response::IntoResponse,
    routing::{get, patch, post},
};
use serde::{Deserialize, Serialize};
use takt_feature::{Feature, Tier};
use takt_kernel::{Actor, CompanyId, Fault, FieldFault, PersonId, Result};
use takt_store::{About, Fact, Subject, Tx};
use takt_testing::{Place, TestApp};
use takt_web::{
    Answer, ClientIp, Form, IfMatch, Json, Path, Query, RateClass, RequestId, SIGN_IN_REQUIRED, Web, etag,
    live::{LIVE_SCOPE, LiveChange, LiveScope, Sight},
    see_other,
};
use utoipa::{OpenApi, ToSchema};

const WORKBOOK: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

pub const OURS: CompanyId = CompanyId::new(1);
pub const FOREIGN: CompanyId = CompanyId::new(2);

/// A kind of tea.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[schema(example = json!({"name": "Сенча", "grams": 50}))]
pub struct Tea {
    /// As it stands on the box.
    name: String,
    grams: i64,
    #[serde(default)]
    origin: Option<Origin>,
}

#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Origin {
    Japan,
    China,
}

/// Adds a tea
#[utoipa::path(post, path = "/api/v1/teas", request_body = Tea, responses(
    (status = 200, body = Tea, description = "The tea"),
    (status = 422, body = ref("#/components/schemas/Problem"), content_type = "application/problem+json", description = "A field does not fit"),
))]
async fn add_tea(Json(tea): Json<Tea>) -> Json<Tea> {
    Json(tea)
}

/// Lists teas
#[utoipa::path(get, path = "/api/v1/list", params(("limit" = Option<i64>, Query, description = "At most so many")),
    responses((status = 200, body = [Tea], description = "Teas")))]
async fn list_teas(Query(page): Query<Page>) -> Json<Option<i64>> {
    Json(page.limit)
}

#[derive(OpenApi)]
#[openapi(paths(add_tea, list_teas), components(schemas(Tea, Origin)))]
struct Api;

#[derive(Deserialize)]
struct Page {
    limit: Option<i64>,
}

#[derive(Serialize)]
struct Brewed;

impl Fact for Brewed {
    const KIND: &'static str = "shop.brewed";
}

pub fn brew(tx: &mut Tx<'_>, company: CompanyId, tea: i64) -> Result<()> {
    tx.say(About::new(company, Subject::new("tea", tea), &Actor::system("test")), &Brewed)
}

pub async fn open() -> TestApp {
    TestApp::open(Place::sqlite(), vec![shop()]).await
}

pub fn shop() -> Feature {
    let routes: Router<Web> = Router::new()
        .route("/api/v1/teas", post(add_tea))
        .route(
            "/api/v1/teas/{id}",
            patch(async |IfMatch(seen): IfMatch| (etag(seen + 1), Json(seen)).into_response()),
        )
        .route("/api/v1/list", get(list_teas))
        .route("/api/v1/fault/{code}", get(fault))
        .route(
            "/api/v1/upload",
            post(async |body: String| body.len().to_string()).layer(DefaultBodyLimit::max(3_000_000)),
        )
        .route("/api/v1/id", get(async |RequestId(id): RequestId| id))
        .route("/fault/{code}", get(fault))
        .route("/teas/{id}", get(async |Path(id): Path<i64>| id.to_string()))
        .route("/brew", post(async |Form(tea): Form<Tea>| see_other(&format!("/teas/{}", tea.grams))))
        .route("/workbook", get(async || ([("content-type", WORKBOOK)], "x".repeat(10_000))))
        .route("/limited", get(limited));
    Feature::new("shop", Tier::Feature)
        .says(&[Brewed::KIND])
        .api(Api::openapi)
        .routes(routes)
        .texts("ru", "orders-gone = Заказа { $number } нет. Проверьте номер.\n")
        .texts("en", "orders-gone = There is no order { $number }. Check the number.\n")
        .fill(
            &LIVE_SCOPE,
            "our company",
            LiveScope(|_, _| {
                Box::pin(async {
                    Ok(Sight {
                        reader: Some(PersonId::new(1)),
                        may_see: std::sync::Arc::new(|change: &LiveChange| change.company == OURS),
                        ends: std::sync::Arc::new(|change: &LiveChange| change.subject_kind == "person"),
                    })
                })
            }),
        )
}

async fn fault(Path(code): Path<String>) -> Answer {
    Err(match code.as_str() {
        "missing" => Fault::missing("orders.gone").arg("number", "12"),
        "conflict" => Fault::conflict("orders.other"),
        "changed" => Fault::conflict("orders.changed_meanwhile"),
        "denied" => Fault::denied("staff.denied"),
        "sign-in" => Fault::denied(SIGN_IN_REQUIRED),
        "unavailable" => Fault::unavailable("bank.closed"),
        "broken" => Fault::broken("store.secret").because("password=hunter2"),
        "fields" => Fault::from_fields(vec![FieldFault {
            path: "lines[1].price".to_owned(),
            code: "web.field_required".into(),
            args: Vec::new(),
        }]),
        _ => panic!("hunter2 {code}"),
    }
    .into())
}

async fn limited(axum::extract::State(web): axum::extract::State<Web>, ip: ClientIp) -> Answer {
    web.limiter.take(&RateClass { name: "tea", burst: 2, per_minute: 60 }, &ip.key())?;
    Ok("ok".into_response())
}
