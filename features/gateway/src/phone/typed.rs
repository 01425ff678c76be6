use std::collections::BTreeMap;

use serde_json::{Map, Value, json};
use takt_kernel::ShopId;
use takt_orders::Terms;

/// Rows for goods that a new form has, and that a button adds.
const ROWS: usize = 5;
/// As many lines as an order may have.
const MOST_ROWS: usize = 500;

const ROOT: &[&str] = &["terms", "credit_days", "lang", "discount", "comment"];
const CUSTOMER: &[&str] = &["name", "phone", "email"];
const DELIVERY: &[&str] = &["method", "address", "price"];
pub(super) const LINE: &[&str] = &["sku", "name", "quantity", "unit", "price", "discount", "vat"];
/// A row in which none of these stands is left out.
const TELLING: &[&str] = &["sku", "name", "quantity", "price"];

/// What stands in the form. Fields are called as the API calls them (`lines[2].quantity`), so that a
/// refusal finds its field by the path it names.
#[derive(Clone, Debug, Default)]
pub(super) struct Typed {
    fields: BTreeMap<String, String>,
    rows: usize,
}

impl Typed {
    pub(super) fn new(secret: String) -> Self {
        let mut typed = Self { fields: BTreeMap::new(), rows: ROWS };
        typed.set_secret(secret);
        typed
    }

    /// Rows that were left empty go to the end: the n-th row is the n-th line.
    pub(super) fn of(sent: Vec<(String, String)>) -> Self {
        let mut fields: BTreeMap<String, String> = sent.into_iter().collect();
        let mut rows: BTreeMap<usize, BTreeMap<String, String>> = BTreeMap::new();
        fields.retain(|path, value| match place_in_row(path) {
            Some((index, name)) => {
                rows.entry(index).or_default().insert(name.to_owned(), std::mem::take(value));
                false
            }
            None => true,
        });
        let told: Vec<_> = rows.values().filter(|row| is_told(row)).take(MOST_ROWS + 1).cloned().collect();
        for (index, row) in told.iter().enumerate() {
            for (name, value) in row {
                fields.insert(path(index, name), value.clone());
            }
        }
        let shown = rows.len().clamp(ROWS, MOST_ROWS);
        Self { fields, rows: shown.max(told.len()) }
    }

    pub(super) fn text(&self, path: &str) -> &str {
        self.fields.get(path).map_or("", String::as_str)
    }

    pub(super) fn rows(&self) -> usize {
        self.rows
    }

    pub(super) fn wants_more_rows(&self) -> bool {
        self.fields.contains_key("more")
    }

    pub(super) fn add_rows(&mut self) {
        self.rows = (self.rows + ROWS).min(MOST_ROWS);
    }

    pub(super) fn secret(&self) -> &str {
        self.text("secret")
    }

    pub(super) fn set_secret(&mut self, secret: String) {
        self.fields.insert("secret".to_owned(), secret);
    }

    pub(super) fn set_usual(&mut self, shop: ShopId, terms: Terms) {
        self.fields.insert("shop".to_owned(), shop.to_string());
        self.fields.insert("terms".to_owned(), terms.code().to_owned());
        if terms.credit_days() > 0 {
            self.fields.insert("credit_days".to_owned(), terms.credit_days().to_string());
        }
    }

    /// The form as the JSON of an order.
    pub(super) fn body(&self) -> Value {
        let mut body = self.object("", ROOT);
        body.insert("customer".to_owned(), Value::Object(self.object("customer.", CUSTOMER)));
        body.insert("delivery".to_owned(), Value::Object(self.object("delivery.", DELIVERY)));
        let lines = (0..self.rows)
            .map(|index| self.object(&path(index, ""), LINE))
            .filter(|line| TELLING.iter().any(|name| line.get(*name) != Some(&json!(""))))
            .map(Value::Object)
            .collect();
        body.insert("lines".to_owned(), Value::Array(lines));
        Value::Object(body)
    }

    fn object(&self, prefix: &str, names: &[&str]) -> Map<String, Value> {
        names
            .iter()
            .map(|name| ((*name).to_owned(), json!(self.text(&format!("{prefix}{name}")).trim())))
            .collect()
    }
}

pub(super) fn path(index: usize, name: &str) -> String {
    format!("lines[{index}].{name}")
}

pub(super) fn place_in_row(path: &str) -> Option<(usize, &str)> {
    let (index, name) = path.strip_prefix("lines[")?.split_once("].")?;
    Some((index.parse().ok()?, name))
}

fn is_told(row: &BTreeMap<String, String>) -> bool {
    TELLING.iter().any(|name| row.get(*name).is_some_and(|value| !value.trim().is_empty()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn typed(fields: &[(&str, &str)]) -> Typed {
        Typed::of(fields.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect())
    }

    #[test]
    fn rows_that_were_left_empty_are_no_lines_and_go_to_the_end() {
        let typed = typed(&[
            ("customer.name", " Анна "),
            ("lines[0].sku", ""),
            ("lines[0].unit", "pcs"),
            ("lines[2].sku", "TEA-100"),
            ("lines[2].quantity", "2"),
            ("lines[10].name", "Открытка"),
            ("lines[x].name", "nonsense"),
        ]);
        assert_eq!(typed.text("lines[0].sku"), "TEA-100");
        assert_eq!(typed.text("lines[1].name"), "Открытка");
        assert_eq!((typed.rows(), typed.text("lines[2].sku")), (ROWS, ""));
        let body = typed.body();
        assert_eq!(body["customer"]["name"], "Анна");
        assert_eq!(body["lines"].as_array().map(Vec::len), Some(2));
        assert_eq!(body["lines"][0]["quantity"], "2");
    }

    #[test]
    fn nobody_makes_the_form_grow_for_ever() {
        let far = typed(&[("lines[4000000000].sku", "A")]);
        assert_eq!((far.rows(), far.text("lines[0].sku")), (ROWS, "A"));
        let mut many = far;
        for _ in 0..200 {
            many.add_rows();
        }
        assert_eq!(many.rows(), MOST_ROWS);
    }
}
