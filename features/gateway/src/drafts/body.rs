//! A draft as the API shows it.

use serde_json::{Map, Value, json};

use super::Draft;

/// Fields that have a place of their own in the answer.
const SHOWN: [&str; 9] =
    ["customer", "delivery", "comment", "discount", "external_id", "number", "terms", "credit_days", "lang"];
const NOT_EXTRA: [&str; 2] = ["currency", "total"];

pub(super) fn body(draft: &Draft) -> Value {
    let content = &draft.content;
    let totals = content.read(draft.shop).and_then(|wanted| wanted.check()).ok();
    let mut body = Map::new();
    body.insert("id".to_owned(), json!(draft.id));
    body.insert("shop".to_owned(), json!(draft.shop));
    body.insert("order".to_owned(), json!(draft.order));
    body.insert("currency".to_owned(), json!(content.currency()));
    for name in SHOWN {
        body.insert(name.to_owned(), content.fields.get(name).cloned().unwrap_or(Value::Null));
    }
    let lines = content.lines.iter().enumerate().map(|(index, kept)| {
        let total = totals.as_ref().and_then(|totals| totals.lines.get(index));
        let mut line = kept.line.as_object().cloned().unwrap_or_default();
        line.insert("id".to_owned(), json!(kept.id));
        line.insert("total".to_owned(), json!(total.map(|total| total.total.to_decimal_string())));
        Value::Object(line)
    });
    body.insert("lines".to_owned(), lines.collect());
    let totals = totals.map(|totals| {
        json!({
            "goods": totals.goods.to_decimal_string(),
            "discount": totals.discount.to_decimal_string(),
            "delivery": totals.delivery.to_decimal_string(),
            "vat": totals.vat.to_decimal_string(),
            "total": totals.total.to_decimal_string(),
        })
    });
    body.insert("totals".to_owned(), json!(totals));
    let extra = content
        .fields
        .iter()
        .filter(|(name, _)| !SHOWN.contains(&name.as_str()) && !NOT_EXTRA.contains(&name.as_str()));
    body.insert(
        "extra".to_owned(),
        Value::Object(extra.map(|(name, value)| (name.clone(), value.clone())).collect()),
    );
    body.insert("created_at".to_owned(), json!(draft.created_at));
    body.insert("updated_at".to_owned(), json!(draft.touched_at));
    body.insert("version".to_owned(), json!(draft.version));
    Value::Object(body)
}
