use serde_json::{Map, Value};
use takt_kernel::{Fault, Result};

use crate::new_order::FieldFaults;

/// One JSON object that is read field by field; what is left in the end nobody knew.
pub(crate) struct Fields {
    path: String,
    left: Map<String, Value>,
}

impl Fields {
    pub(crate) fn of_root(body: &Value, faults: &mut FieldFaults) -> Self {
        Self::of(String::new(), Some(body), faults)
    }

    fn of(path: String, value: Option<&Value>, faults: &mut FieldFaults) -> Self {
        let left = match value {
            None | Some(Value::Null) => Map::new(),
            Some(Value::Object(object)) => object.clone(),
            Some(_) => {
                faults.push(path.clone(), "orders.not_an_object");
                Map::new()
            }
        };
        Self { path, left }
    }

    fn at(&self, name: &str) -> String {
        if self.path.is_empty() { name.to_owned() } else { format!("{}.{name}", self.path) }
    }

    /// A text, or a whole number as the text it was written as. Empty is the same as absent. A number
    /// with a fraction is refused: what reads JSON keeps it in binary, and an amount must be exact.
    pub(crate) fn text(&mut self, name: &str, faults: &mut FieldFaults) -> Option<String> {
        let text = match self.left.shift_remove(name)? {
            Value::Null => return None,
            Value::String(text) => text.trim().to_owned(),
            Value::Number(number) if number.is_f64() => {
                faults.push(self.at(name), "orders.fraction_as_number");
                return None;
            }
            Value::Number(number) => number.to_string(),
            Value::Bool(_) | Value::Array(_) | Value::Object(_) => {
                faults.push(self.at(name), "orders.not_a_text");
                return None;
            }
        };
        if text.contains('\0') {
            faults.push(self.at(name), "orders.not_a_text");
            return None;
        }
        (!text.is_empty()).then_some(text)
    }

    /// Yes or no, as JSON says it or as a form does; absent is no.
    pub(crate) fn flag(&mut self, name: &str, faults: &mut FieldFaults) -> bool {
        let said = match self.left.shift_remove(name) {
            None | Some(Value::Null) => Some(false),
            Some(Value::Bool(said)) => Some(said),
            Some(Value::String(text)) if text.trim().is_empty() => Some(false),
            Some(Value::String(text)) => text.trim().parse().ok(),
            Some(_) => None,
        };
        if said.is_none() {
            faults.push(self.at(name), "orders.not_yes_or_no");
        }
        said.unwrap_or_default()
    }

    /// A text by which the sender knows this again. Left out it is none; blank it is a mistake, because taken
    /// as none it would place one more order each time the sender repeats itself.
    pub(crate) fn key(&mut self, name: &str, faults: &mut FieldFaults) -> Option<String> {
        if self.left.get(name).and_then(Value::as_str).is_some_and(|text| text.trim().is_empty()) {
            faults.push(self.at(name), "orders.empty");
        }
        self.text(name, faults)
    }

    pub(crate) fn parsed<T>(
        &mut self,
        name: &str,
        faults: &mut FieldFaults,
        parse: impl FnOnce(&str) -> Result<T, Fault>,
    ) -> Option<T> {
        let text = self.text(name, faults)?;
        match parse(&text) {
            Ok(value) => Some(value),
            Err(fault) => {
                faults.take(self.at(name), &fault);
                None
            }
        }
    }

    pub(crate) fn required<T>(
        &mut self,
        name: &str,
        faults: &mut FieldFaults,
        parse: impl FnOnce(&str) -> Result<T, Fault>,
    ) -> Option<T> {
        if self.left.get(name).is_none_or(|value| value.is_null() || value.as_str() == Some("")) {
            self.left.shift_remove(name);
            faults.push(self.at(name), "orders.empty");
            return None;
        }
        self.parsed(name, faults, parse)
    }

    pub(crate) fn object(&mut self, name: &str, faults: &mut FieldFaults) -> Fields {
        let value = self.left.shift_remove(name);
        Fields::of(self.at(name), value.as_ref(), faults)
    }

    /// The objects of an array; those beyond the bound are not even looked at.
    pub(crate) fn items(&mut self, name: &str, most: usize, faults: &mut FieldFaults) -> Vec<Fields> {
        let path = self.at(name);
        match self.left.shift_remove(name) {
            None | Some(Value::Null) => Vec::new(),
            Some(Value::Array(items)) => items
                .iter()
                .take(most + 1)
                .enumerate()
                .map(|(index, item)| Fields::of(format!("{path}[{index}]"), Some(item), faults))
                .collect(),
            Some(_) => {
                faults.push(path, "orders.not_a_list");
                Vec::new()
            }
        }
    }

    pub(crate) fn rest(&mut self) -> Map<String, Value> {
        std::mem::take(&mut self.left)
    }
}
