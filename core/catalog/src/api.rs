//! `PUT /api/v1/products/{sku}` and `GET /api/v1/products`.

use axum::{
    Router,
    extract::State,
    response::IntoResponse,
    routing::{get, put},
};
use http::StatusCode;
use serde::{Deserialize, Serialize};
use takt_kernel::{
    Fault, Timestamp,
    money::{Currency, UnitPrice, VatRate},
};
use takt_staff::{ApiCaller, companies};
use takt_web::{Answer, Json, Path, Query, Web, page_size};
use utoipa::{IntoParams, OpenApi, ToSchema};

use crate::{
    EditCatalog, Filter, Offer, OfferId, OfferInput, OfferTexts, ProductId, SeeCatalog, commands, queries,
};

#[derive(OpenApi)]
#[openapi(paths(put_product, list_products), components(schemas(ProductInput, Product, ProductList)))]
pub(crate) struct Api;

pub(crate) fn routes() -> Router<Web> {
    Router::new()
        .route("/api/v1/products", get(list_products))
        .route("/api/v1/products/{sku}", put(put_product))
}

/// What a product is to be from now on.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(default)]
struct ProductInput {
    /// May be left out; when given, the same as in the address.
    sku: Option<String>,
    #[schema(example = "Чай чёрный")]
    name: String,
    /// `pcs` when left out.
    #[schema(example = "pcs")]
    unit: Option<String>,
    /// Of one unit, VAT included, up to four decimals.
    #[schema(example = "199.50")]
    price: String,
    /// ISO 4217; the company's when left out.
    #[schema(example = "RUB")]
    currency: Option<String>,
    /// Percent, or `none`.
    #[schema(example = "22")]
    vat: Option<String>,
    barcode: Option<String>,
}

#[derive(Debug, Serialize, ToSchema)]
struct Product {
    #[schema(value_type = i64)]
    id: OfferId,
    #[schema(value_type = i64)]
    product_id: ProductId,
    sku: String,
    name: String,
    unit: String,
    #[schema(value_type = String)]
    price: UnitPrice,
    #[schema(value_type = String)]
    currency: Currency,
    #[schema(value_type = String)]
    vat: VatRate,
    barcode: Option<String>,
    /// The vendor's or warehouse's own name, where a feed tells it.
    article: Option<String>,
    /// Its id in the accounting program behind the shop, where a feed tells it.
    external_id: Option<String>,
    picture: Option<String>,
    archived: bool,
    #[schema(value_type = String, format = DateTime)]
    updated_at: Timestamp,
}

#[derive(Debug, Serialize, ToSchema)]
struct ProductList {
    items: Vec<Product>,
    /// Give it as `cursor` to get the next page.
    #[schema(value_type = Option<i64>)]
    next_cursor: Option<OfferId>,
}

impl From<Offer> for Product {
    fn from(offer: Offer) -> Self {
        Self {
            id: offer.id,
            product_id: offer.product,
            sku: offer.sku,
            name: offer.name,
            unit: offer.unit,
            price: offer.price,
            currency: offer.currency,
            vat: offer.vat,
            barcode: offer.barcode,
            article: offer.details.article,
            external_id: offer.details.external_id,
            picture: offer.details.picture,
            archived: offer.archived,
            updated_at: offer.updated_at,
        }
    }
}

impl ProductInput {
    fn read(&self, sku: &str, default_currency: Currency) -> takt_kernel::Result<OfferInput> {
        if self.sku.as_deref().is_some_and(|given| given != sku) {
            return Err(Fault::field("sku", "catalog.sku_differs"));
        }
        let texts = OfferTexts {
            sku,
            name: &self.name,
            unit: self.unit.as_deref().unwrap_or_default(),
            price: &self.price,
            currency: self.currency.as_deref().unwrap_or_default(),
            vat: self.vat.as_deref().unwrap_or_default(),
            barcode: self.barcode.as_deref().unwrap_or_default(),
        };
        OfferInput::parse(&texts, default_currency)
    }
}

/// Makes the catalogue hold this product: adds it, changes it, or leaves it as it is. The same
/// request may be sent any number of times.
#[utoipa::path(
    put, path = "/api/v1/products/{sku}", tag = "products", security(("token" = ["catalog:write"])),
    params(("sku" = String, Path, description = "The SKU, percent-encoded")),
    request_body = ProductInput,
    responses(
        (status = 200, body = Product, description = "It was there"),
        (status = 201, body = Product, description = "It was added"),
        (status = 422, body = ref("#/components/schemas/Problem"), content_type = "application/problem+json", description = "A field was refused"),
    )
)]
async fn put_product(
    caller: ApiCaller,
    State(web): State<Web>,
    Path(sku): Path<String>,
    Json(input): Json<ProductInput>,
) -> Answer {
    let permit = caller.permit::<EditCatalog>()?;
    let (added, offer) = web
        .db
        .write("catalog.put", move |tx| {
            let currency = companies::get(tx, permit.company())?.currency;
            let input = input.read(sku.trim(), currency)?;
            let done = commands::upsert(tx, &permit, std::slice::from_ref(&input))?;
            let offer = queries::offers_by_sku(tx, permit.company(), &[&input.sku])?.remove(&input.sku);
            let offer =
                offer.ok_or_else(|| Fault::broken("catalog.offer_missing").arg("given", &input.sku))?;
            Ok((done.added > 0, offer))
        })
        .await?;
    let status = if added { StatusCode::CREATED } else { StatusCode::OK };
    Ok((status, Json(Product::from(offer))).into_response())
}

#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(default)]
#[into_params(parameter_in = Query)]
struct Asked {
    /// Words that the SKU, name or barcode has.
    q: String,
    /// Those that are no longer sold.
    archived: bool,
    /// At most 200; 50 when left out.
    #[param(minimum = 1, maximum = 200)]
    limit: Option<i64>,
    #[param(value_type = Option<i64>, minimum = 1)]
    cursor: Option<OfferId>,
}

/// The catalogue of the company, by SKU.
#[utoipa::path(
    get, path = "/api/v1/products", tag = "products", security(("token" = ["catalog:read"])),
    params(Asked),
    responses((status = 200, body = ProductList, description = "A page of the catalogue"))
)]
async fn list_products(caller: ApiCaller, State(web): State<Web>, Query(asked): Query<Asked>) -> Answer {
    caller.permit::<SeeCatalog>()?;
    let scope = caller.scope();
    let limit = page_size(asked.limit)?;
    let filter = Filter { q: asked.q, archived: asked.archived, limit, cursor: asked.cursor };
    let page = web.db.read("catalog.api_list", move |r| queries::list(r, &scope, &filter)).await?;
    let items = page.items.into_iter().map(Product::from).collect();
    Ok(Json(ProductList { items, next_cursor: page.next_cursor }).into_response())
}
