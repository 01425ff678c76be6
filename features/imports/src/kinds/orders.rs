use serde_json::{Map, Value, json};
use takt_kernel::{Fault, Result, ShopId, money::Currency};
use takt_orders::{
    Intake, NewOrder, Outcome as Placed, PlaceOrders, Terms, by_external_id, load, place, read_new_order,
    recognise_buyer,
};
use takt_staff::{Permit, companies, shops};
use takt_store::Tx;

use super::{Cells, Cleaned, Outcome, Taken, note};
use crate::{
    clean::{self, unreadable},
    columns::Field,
};

/// Where an order comes from that was brought in a file.
const SOURCE: &str = "import";

/// Rows of one number are an order, each a line of it; what is of the whole order stands in any of them. It is placed as
/// a shop would, by its number once.
pub(super) fn take_in(
    tx: &mut Tx<'_>,
    permit: &Permit<PlaceOrders>,
    shop: ShopId,
    rows: &[Cells],
) -> Result<Taken> {
    let mut cleaned = Vec::new();
    let region = takt_customers::default_region(tx, permit.company())?;
    let shop = shops::get(tx, permit.company(), shop)?;
    let body = body(rows, shop.currency, &region, &mut cleaned)?;
    let lang = companies::get(tx, permit.company())?.lang;
    let intake = Intake { shop: shop.id, currency: shop.currency, source: SOURCE, lang, region: &region };
    let mut wanted = read_new_order(&body, &intake)?;
    wanted.terms = terms_of(tx, permit, &wanted)?;
    wanted.customer = recognise_buyer(tx, permit, &wanted)?;
    let outcome = match place(tx, permit, wanted)?.outcome {
        Placed::Created => Outcome::New,
        Placed::Same => Outcome::Same,
    };
    Ok(Taken { outcome, cleaned })
}

/// No column says when the buyer pays: as usual in the shop. What was usual may have been another when the order came
/// for the first time: that makes it no other order.
fn terms_of(tx: &mut Tx<'_>, permit: &Permit<PlaceOrders>, wanted: &NewOrder) -> Result<Terms> {
    let company = permit.company();
    let known = match &wanted.external_id {
        Some(number) => by_external_id(tx, company, wanted.shop, number)?,
        None => None,
    };
    match known {
        Some(known) => Ok(load(tx, company, known)?.terms),
        None => Terms::usual(tx, company, wanted.shop),
    }
}

fn body(rows: &[Cells], currency: Currency, region: &str, cleaned: &mut Vec<Cleaned>) -> Result<Value> {
    let first = |field: Field| {
        rows.iter().map(|row| row.one(field)).find(|cell| !cell.is_empty()).unwrap_or_default()
    };
    let number = first(Field::Number);
    if number.is_empty() {
        return Err(Fault::field("number", "imports.number_required"));
    }
    let given =
        rows.iter().map(|row| row.all(Field::Name)).find(|names| !names.is_empty()).unwrap_or_default();
    let given = given.join(" ");
    let name = clean::name(&given);
    note(cleaned, Field::Name, &given, &name);
    let phone = first(Field::Phone);
    if let Some(read) = takt_customers::Phone::parse(phone, region).and_then(|phone| phone.identity()) {
        note(cleaned, Field::Phone, phone, &read);
    } else if !phone.is_empty() {
        return Err(unreadable("phone", "imports.phone_unreadable", phone));
    }
    let email = clean::email(first(Field::Email));
    note(cleaned, Field::Email, first(Field::Email), &email);
    let lines = rows.iter().map(|row| line(row, currency, cleaned)).collect::<Result<Vec<_>>>()?;
    let delivery_price = even(first(Field::DeliveryPrice), Field::DeliveryPrice, Some(currency), cleaned)?;
    let mut body = json!({
        "external_id": number,
        "number": number,
        "customer": { "name": name, "phone": phone, "email": email },
        "delivery": {
            "method": first(Field::Method), "address": first(Field::Address),
            "price": if delivery_price.is_empty() { "0".to_owned() } else { delivery_price },
        },
        "lines": lines,
    });
    let comment = first(Field::Comment);
    if let Some(fields) = body.as_object_mut().filter(|_| !comment.is_empty()) {
        fields.insert("comment".to_owned(), json!(comment));
    }
    Ok(body)
}

fn line(row: &Cells, currency: Currency, cleaned: &mut Vec<Cleaned>) -> Result<Value> {
    let mut line = Map::new();
    for (name, field) in [("sku", Field::Sku), ("name", Field::Product)] {
        if !row.one(field).is_empty() {
            line.insert(name.to_owned(), json!(row.one(field)));
        }
    }
    for (field, currency) in
        [(Field::Quantity, None), (Field::Price, Some(currency)), (Field::Discount, Some(currency))]
    {
        let read = even(row.one(field), field, currency, cleaned)?;
        if !read.is_empty() {
            line.insert(field.code().to_owned(), json!(read));
        }
    }
    let vat = clean::vat(row.one(Field::Vat))?;
    note(cleaned, Field::Vat, row.one(Field::Vat), &vat);
    if !vat.is_empty() {
        line.insert("vat".to_owned(), json!(vat));
    }
    Ok(Value::Object(line))
}

/// A number, of money in this currency.
fn even(given: &str, field: Field, currency: Option<Currency>, cleaned: &mut Vec<Cleaned>) -> Result<String> {
    if given.is_empty() {
        return Ok(String::new());
    }
    let read = match currency {
        Some(currency) => clean::money(field.code(), given, currency)?,
        None => clean::amount(field.code(), given)?,
    };
    note(cleaned, field, given, &read);
    Ok(read)
}
