//! JSON whose fields have names that are written in the program. A page of a list has five thousand fields: their names
//! are copied with all that stands around them, and not looked through letter by letter for what must be escaped.

use serde::Serialize;
use takt_kernel::{Fault, Result};

/// What an order of some lines takes.
const USUAL_ORDER: usize = 3_000;

/// JSON in the making: a comma stands behind every value until what it stands in ends.
pub(super) struct Text(Vec<u8>);

impl Text {
    pub fn for_orders(orders: usize) -> Self {
        Self(Vec::with_capacity((orders + 1) * USUAL_ORDER))
    }

    /// What begins, with the name before it: `"lines":[`.
    pub fn begin(&mut self, opening: &'static str) {
        self.0.extend_from_slice(opening.as_bytes());
    }

    pub fn end(&mut self, closing: char) {
        if self.0.last() == Some(&b',') {
            self.0.pop();
        }
        self.0.extend_from_slice(closing.encode_utf8(&mut [0; 4]).as_bytes());
        self.0.push(b',');
    }

    /// `name` is as it stands in the text: `"id":`. See [`put`].
    pub fn value(&mut self, name: &'static str, value: &impl Serialize) -> Result<()> {
        self.0.extend_from_slice(name.as_bytes());
        let written = value.serialize(&mut serde_json::Serializer::new(&mut self.0));
        written.map_err(|error| Fault::broken("orders.unwritable").because(error))?;
        self.0.push(b',');
        Ok(())
    }

    /// A field whose name is a word of the program.
    pub fn field(&mut self, name: &'static str, value: &impl Serialize) -> Result<()> {
        self.0.push(b'"');
        self.0.extend_from_slice(name.as_bytes());
        self.0.push(b'"');
        self.value(":", value)
    }

    pub fn into_bytes(mut self) -> Vec<u8> {
        if self.0.last() == Some(&b',') {
            self.0.pop();
        }
        self.0
    }
}

/// Adds fields: `put!(text, "id": order.id, "number": order.number)`.
macro_rules! put {
    ($text:expr, $($name:literal: $value:expr),+ $(,)?) => {
        $($text.value(concat!("\"", $name, "\":"), &$value)?;)+
    };
}
pub(super) use put;

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    fn written() -> Result<Vec<u8>> {
        let mut text = Text::for_orders(1);
        text.begin("{");
        put!(text, "name": "Чай \"Улун\"\n", "nothing": None::<i64>);
        text.begin("\"lines\":[");
        for id in [1, 2] {
            text.begin("{");
            put!(text, "id": id);
            text.end('}');
        }
        text.end(']');
        text.begin("\"none\":[");
        text.end(']');
        text.field("part", &json!({ "a": [1, "2"] }))?;
        text.end('}');
        Ok(text.into_bytes())
    }

    #[test]
    fn what_is_written_is_what_was_meant() {
        let text = written().expect("a text");
        let read: Value = serde_json::from_slice(&text).expect("JSON");
        let expected = json!({
            "name": "Чай \"Улун\"\n", "nothing": null, "lines": [{ "id": 1 }, { "id": 2 }], "none": [],
            "part": { "a": [1, "2"] },
        });
        assert_eq!(read, expected);
    }
}
