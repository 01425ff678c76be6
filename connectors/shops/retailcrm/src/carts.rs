//! What lies in the carts of a shop's customers.

use jiff::{Zoned, tz::TimeZone};
use serde::Deserialize;
use serde_json::{Map, Value, json};
use takt_catalog::offers_by_sku;
use takt_customers::{CustomerId, EditCustomers, SeeCustomers};
use takt_kernel::{Result as Kept, Timestamp};
use takt_orders::{OrderId, by_external_id, load};
use takt_store::{Query, Tx, params, sql};

use crate::{
    corporate::{
        parts::person,
        written::{external_ids, put_text},
    },
    customers::find,
    model::order::{CustomerRef, OfferRef, OrderIn, OrderRef},
    orders::write::number,
    wire::{
        endpoint::{Answer, Call, Done},
        lenient::{List, Number, Text, filled},
        refusal::Refusal,
        time,
    },
    words,
};

const MOST_ITEMS: usize = 500;
const LONGEST: usize = 2_000;
const FORMAT: &str = "%Y-%m-%d %H:%M:%S%:z";

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct CartIn {
    external_id: Option<Text>,
    currency: Option<Text>,
    link: Option<Text>,
    dropped_at: Option<Text>,
    cleared_at: Option<Text>,
    customer: Option<CustomerRef>,
    items: List<ItemIn>,
    order: Option<OrderRef>,
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
struct ItemIn {
    quantity: Option<Number>,
    price: Option<Number>,
    offer: Option<OfferRef>,
}

/// Carts say the offset of their moments, which the rest of the protocol does not.
fn written(at: Timestamp, zone: &TimeZone) -> String {
    let shown = jiff::Timestamp::from_microsecond(at.micros()).map(|at| at.to_zoned(zone.clone()));
    shown.map(|at| at.strftime(FORMAT).to_string()).unwrap_or_default()
}

fn read(text: &str, zone: &TimeZone) -> Option<Timestamp> {
    let text = text.trim();
    let with_offset = Zoned::strptime(FORMAT, text).map(|at| at.timestamp());
    let at =
        with_offset.or_else(|_| jiff::fmt::strtime::parse(FORMAT, text).and_then(|at| at.to_timestamp()));
    match at.or_else(|_| text.parse::<jiff::Timestamp>()) {
        Ok(at) => Some(Timestamp::from_micros(at.as_microsecond())),
        Err(_) => time::read(text, zone),
    }
}

/// That the path names the one site of the key.
fn expect_site(call: &Call) -> Result<(), Refusal> {
    let named = call.segment(1);
    let is_ours = match call.fields.get("siteBy").unwrap_or("code") {
        "code" | "" => named == call.site.code,
        "id" => named == call.shop().to_string(),
        other => {
            return Err(Refusal::bad(format!(
                "Value \"{other}\" for \"siteBy\" param is not valid. Allowed values are id, code."
            )));
        }
    };
    if is_ours { Ok(()) } else { Err(Refusal::not_found()) }
}

fn refused(path: &str, reason: &str) -> Refusal {
    Refusal::bad("Errors in the entity format").field(path, reason).kept()
}

struct Given {
    cart: CartIn,
    customer: CustomerId,
}

fn given(tx: &mut Tx<'_>, call: &Call) -> Result<Given, Refusal> {
    expect_site(call)?;
    call.permit::<EditCustomers>()?;
    let cart: CartIn = call.fields.json("cart")?;
    let named =
        cart.customer.as_ref().ok_or_else(|| refused("cart.customer", "This value should not be blank."))?;
    let customer = person(tx, call, named, "cart.customer")?;
    if cart.items.0.len() > MOST_ITEMS {
        return Err(refused("cart.items", "The maximum number of items is 500."));
    }
    if filled(cart.link.as_ref()).is_some_and(|link| link.len() > LONGEST) {
        return Err(refused("cart.link", "This value is too long."));
    }
    Ok(Given { cart, customer })
}

/// A message that waited while the shop went on.
fn outdated(customer: CustomerId) -> Done {
    let done = Done::from(Answer::ok()).about(format!("cart of customer {customer}"));
    done.notes(vec![words::said_more("cart")])
}

fn moment(call: &Call, path: &str, text: Option<&Text>) -> Result<Option<Timestamp>, Refusal> {
    match filled(text) {
        None => Ok(None),
        Some(text) => read(text, &call.site.zone)
            .map(Some)
            .ok_or_else(|| refused(path, "This value is not a valid datetime.")),
    }
}

/// POST customer-interaction/{site}/cart/set.
pub(crate) fn set(tx: &mut Tx<'_>, call: &Call) -> Result<Done, Refusal> {
    let Given { cart, customer } = given(tx, call)?;
    if !words::is_last(tx, call, &format!("cart {customer}"))? {
        return Ok(outdated(customer));
    }
    let dropped_at = moment(call, "cart.droppedAt", cart.dropped_at.as_ref())?.unwrap_or_else(|| tx.now());
    let items: Vec<Value> = cart.items.0.iter().map(|item| kept(tx, item)).collect();
    let currency = filled(cart.currency.as_ref()).unwrap_or(call.site.currency.code()).to_owned();
    tx.put(
        sql!(
            "insert into retailcrm_cart (company_id, shop_id, customer_id, external_id, currency, link, items,
               dropped_at, cleared_at, order_id)
             values (:company_id, :shop_id, :customer_id, :external_id, :currency, :link, :items, :dropped_at,
               null, null)
             on conflict (company_id, shop_id, customer_id) do update
             set external_id = excluded.external_id, currency = excluded.currency, link = excluded.link,
               items = excluded.items, dropped_at = excluded.dropped_at, cleared_at = null, order_id = null"
        ),
        params![
            company_id: call.company(), shop_id: call.shop(), customer_id: customer,
            external_id: filled(cart.external_id.as_ref()).unwrap_or_default(), currency: currency,
            link: filled(cart.link.as_ref()), items: Value::from(items).to_string(), dropped_at: dropped_at,
        ],
    )?;
    Ok(Done::from(Answer::ok()).about(format!("cart of customer {customer}")))
}

fn kept(tx: &mut Tx<'_>, item: &ItemIn) -> Value {
    let amount = |given: Option<Number>, usual: i64| {
        given.map_or_else(|| json!(usual), |given| number(&given.0.to_string()))
    };
    let mut offer = Map::new();
    if let Some(named) = &item.offer {
        put_text(&mut offer, "externalId", filled(named.external_id.as_ref()));
        put_text(&mut offer, "xmlId", filled(named.xml_id.as_ref()));
        put_text(&mut offer, "name", filled(named.name.as_ref()));
        if let Some(id) = filled(named.id.as_ref()).and_then(|id| id.parse::<i64>().ok()) {
            offer.insert("id".to_owned(), json!(id));
        }
    }
    json!({
        "id": tx.new_id::<()>().get(), "quantity": amount(item.quantity, 1), "price": amount(item.price, 0),
        "offer": offer,
    })
}

/// POST customer-interaction/{site}/cart/clear.
pub(crate) fn clear(tx: &mut Tx<'_>, call: &Call) -> Result<Done, Refusal> {
    let Given { cart, customer } = given(tx, call)?;
    if !words::is_last(tx, call, &format!("cart {customer}"))? {
        return Ok(outdated(customer));
    }
    let cleared_at = moment(call, "cart.clearedAt", cart.cleared_at.as_ref())?.unwrap_or_else(|| tx.now());
    let order = match &cart.order {
        Some(named) => order_of(tx, call, named)?,
        None => None,
    };
    tx.put(
        sql!(
            "insert into retailcrm_cart (company_id, shop_id, customer_id, external_id, currency, link, items,
               dropped_at, cleared_at, order_id)
             values (:company_id, :shop_id, :customer_id, :external_id, :currency, null, '[]', null, :cleared_at,
               :order_id)
             on conflict (company_id, shop_id, customer_id) do update
             set items = '[]', cleared_at = excluded.cleared_at, order_id = excluded.order_id"
        ),
        params![
            company_id: call.company(), shop_id: call.shop(), customer_id: customer,
            external_id: filled(cart.external_id.as_ref()).unwrap_or_default(),
            currency: call.site.currency.code(), cleared_at: cleared_at, order_id: order,
        ],
    )?;
    Ok(Done::from(Answer::ok()).about(format!("cart of customer {customer}")))
}

fn order_of(db: &mut dyn Query, call: &Call, named: &OrderRef) -> Kept<Option<OrderId>> {
    let id = match filled(named.external_id.as_ref()) {
        Some(external_id) => by_external_id(db, call.company(), call.shop(), external_id)?,
        None => filled(named.id.as_ref()).and_then(|id| id.parse().ok()),
    };
    let Some(id) = id else { return Ok(None) };
    match load(db, call.company(), id) {
        Ok(order) => Ok((order.shop == call.shop()).then_some(id)),
        Err(fault) if fault.kind() == takt_kernel::Kind::Missing => Ok(None),
        Err(fault) => Err(fault),
    }
}

/// An order that came out of a cart empties it.
pub(crate) fn ordered(
    tx: &mut Tx<'_>,
    call: &Call,
    id: OrderId,
    customer: Option<CustomerId>,
    order: &OrderIn,
) -> Kept<()> {
    let from_cart = order.rest.get("isFromCart").is_some_and(|said| match said {
        Value::Bool(said) => *said,
        Value::String(said) => !["", "0", "false"].contains(&said.trim()),
        Value::Number(said) => said.as_i64() != Some(0),
        Value::Null | Value::Array(_) | Value::Object(_) => false,
    });
    let Some(customer) = customer.filter(|_| from_cart) else { return Ok(()) };
    let now = tx.now();
    tx.execute(
        sql!(
            "update retailcrm_cart
             set items = '[]', cleared_at = :now, order_id = :order_id
             where company_id = :company_id and shop_id = :shop_id and customer_id = :customer_id
               and cleared_at is null"
        ),
        params![
            now: now, order_id: id, company_id: call.company(), shop_id: call.shop(), customer_id: customer,
        ],
    )
    .map(|_| ())
}

/// GET customer-interaction/{site}/cart/{customer}. A customer who never had one has an empty one.
pub(crate) fn get(db: &mut dyn Query, call: &Call) -> Result<Answer, Refusal> {
    expect_site(call)?;
    call.permit::<SeeCustomers>()?;
    let customer = find::named(db, call, call.segment(3))?.ok_or_else(Refusal::not_found)?;
    let row = db.opt(
        sql!(
            "select external_id, currency, link, items, dropped_at, cleared_at, order_id
             from retailcrm_cart
             where company_id = :company_id and shop_id = :shop_id and customer_id = :customer_id"
        ),
        params![company_id: call.company(), shop_id: call.shop(), customer_id: customer],
    )?;
    let mut body = Map::new();
    let mut items: Vec<Value> = Vec::new();
    if let Some(row) = row {
        body.insert("currency".to_owned(), json!(row.get::<String>("currency")?));
        put_text(&mut body, "externalId", Some(&row.get::<String>("external_id")?));
        for (column, name) in [("dropped_at", "droppedAt"), ("cleared_at", "clearedAt")] {
            if let Some(at) = row.get::<Option<Timestamp>>(column)? {
                body.insert(name.to_owned(), json!(written(at, &call.site.zone)));
            }
        }
        put_text(&mut body, "link", row.get::<Option<String>>("link")?.as_deref());
        items = row.json("items")?;
        if let Some(id) = row.get::<Option<OrderId>>("order_id")? {
            body.insert("order".to_owned(), order_body(db, call, id)?);
        }
    }
    let mut named = Map::new();
    named.insert("id".to_owned(), json!(customer.get()));
    let known_as = external_ids(db, call, &[customer])?;
    put_text(&mut named, "externalId", known_as.get(&customer).map(String::as_str));
    named.insert("site".to_owned(), json!(call.site.code));
    body.insert("customer".to_owned(), Value::Object(named));
    name_goods(db, call, &mut items)?;
    body.insert("items".to_owned(), Value::Array(items));
    Ok(Answer::ok().with("cart", Value::Object(body)))
}

fn order_body(db: &mut dyn Query, call: &Call, id: OrderId) -> Kept<Value> {
    let mut body = Map::new();
    body.insert("id".to_owned(), json!(id.get()));
    let order = load(db, call.company(), id)?;
    put_text(&mut body, "externalId", order.external_id.as_deref());
    put_text(&mut body, "number", Some(&order.number));
    Ok(Value::Object(body))
}

/// Goods that the catalogue knows are called as it calls them.
fn name_goods(db: &mut dyn Query, call: &Call, items: &mut [Value]) -> Kept<()> {
    let skus: Vec<String> =
        items.iter().filter_map(|item| item["offer"]["externalId"].as_str()).map(str::to_owned).collect();
    if skus.is_empty() {
        return Ok(());
    }
    let skus: Vec<&str> = skus.iter().map(String::as_str).collect();
    let known = offers_by_sku(db, call.company(), &skus)?;
    for item in items {
        let offer = item["offer"]["externalId"].as_str().and_then(|sku| known.get(sku));
        if let Some(offer) = offer {
            item["offer"]["id"] = json!(offer.id.get());
            item["offer"]["name"] = json!(offer.name);
            item["offer"]["displayName"] = json!(offer.name);
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_moments_of_carts_have_an_offset() {
        let zone = TimeZone::get("Europe/Moscow").expect("a zone");
        for text in ["2026-11-21 20:03:12+03:00", "2026-11-21T17:03:12+00:00", "2026-11-21 20:03:12"] {
            let at = read(text, &zone).expect("a moment");
            assert_eq!(written(at, &zone), "2026-11-21 20:03:12+03:00", "{text}");
        }
        assert!(read("tomorrow", &zone).is_none());
    }
}
