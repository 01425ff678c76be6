//! Names of things as the protocol has them, and what a shop was shown.

use takt_kernel::Result;
use takt_orders::OrderId;
use takt_store::{Query, Tx, params, sql};

use crate::wire::endpoint::Call;

/// The code of a shop: its name in Latin letters and digits, or its number when nothing is left of the name.
pub(crate) fn code_of(name: &str, id: i64) -> String {
    let mut code = String::new();
    for letter in name.chars().map(|letter| letter.to_ascii_lowercase()) {
        if letter.is_ascii_alphanumeric() {
            code.push(letter);
        } else if letter.is_ascii() && !code.ends_with('-') {
            code.push('-');
        }
    }
    let code = code.trim_matches('-');
    if code.is_empty() || !name.is_ascii() { format!("shop-{id}") } else { code.to_owned() }
}

/// The path of a refused field in the words of the protocol.
pub(crate) fn path(ours: &str) -> String {
    let known = [
        ("customer.name", "order.firstName"),
        ("customer.phone", "order.phone"),
        ("customer.email", "order.email"),
        ("delivery.price", "order.delivery.cost"),
        ("delivery.method", "order.delivery.code"),
        ("delivery.address", "order.delivery.address.text"),
        ("discount", "order.discountManualAmount"),
        ("comment", "order.customerComment"),
        ("currency", "order.currency"),
        ("number", "order.number"),
        ("external_id", "order.externalId"),
        ("lines", "order.items"),
    ];
    if let Some((_, theirs)) = known.iter().find(|(known, _)| *known == ours) {
        return (*theirs).to_owned();
    }
    if let Some(rest) = ours.strip_prefix("lines") {
        let rest = rest
            .replace(".price", ".initialPrice")
            .replace(".name", ".productName")
            .replace(".sku", ".offer.externalId")
            .replace(".discount", ".discountManualAmount")
            .replace(".vat", ".vatRate");
        return format!("order.items{rest}");
    }
    ours.to_owned()
}

/// Which of these orders the shop did not know as they stand.
pub(crate) fn news(db: &mut dyn Query, call: &Call, shown: &[(OrderId, i64)]) -> Result<Vec<(OrderId, i64)>> {
    if shown.is_empty() {
        return Ok(Vec::new());
    }
    let ids: Vec<i64> = shown.iter().map(|(id, _)| id.get()).collect();
    let rows = db.all(
        sql!(
            "select order_id, seen_version
             from retailcrm_order
             where company_id = :company_id and order_id in (
               select cast(value as bigint)
               from {pg:json_array_elements_text(cast(cast(:ids as text) as json))|sqlite:json_each(:ids)})
             order by order_id
             limit 1000"
        ),
        params![company_id: call.company(), ids: serde_json::Value::from(ids).to_string()],
    )?;
    let mut news = shown.to_vec();
    for row in &rows {
        let (id, seen): (OrderId, i64) = (row.get("order_id")?, row.get("seen_version")?);
        news.retain(|(shown, version)| *shown != id || *version > seen);
    }
    Ok(news)
}

/// The shop now knows these orders as they stand.
pub(crate) fn note(tx: &mut Tx<'_>, call: &Call, shown: &[(OrderId, i64)]) -> Result<()> {
    for (id, version) in shown {
        tx.put(
            sql!(
                "insert into retailcrm_order (company_id, order_id, shop_id, sent, seen_version)
                 values (:company_id, :order_id, :shop_id, '{}', :version)
                 on conflict (company_id, order_id) do update
                 set seen_version = {pg:greatest|sqlite:max}(retailcrm_order.seen_version, excluded.seen_version)"
            ),
            params![company_id: call.company(), order_id: *id, shop_id: call.shop(), version: *version],
        )?;
    }
    Ok(())
}
