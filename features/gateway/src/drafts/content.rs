//! What stands in a draft, as its buyer's program sent it: fields of an order, and lines with numbers of
//! their own. Parts are checked by reading them as an order that has nothing else.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};
use takt_kernel::{Fault, FieldFault, Result, ShopId, money::Currency};
use takt_orders::{Intake, MOST_LINES, NewOrder, read_new_order};
use takt_ui::Lang;

use crate::Usual;

const LARGEST_BYTES: usize = 262_144;
/// What only a whole order must bear.
const ONLY_WHEN_PLACED: [&str; 2] = ["orders.no_lines", "orders.total_differs"];

#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Content {
    currency: String,
    lang: String,
    region: String,
    next_line: i64,
    pub lines: Vec<KeptLine>,
    /// Everything but the lines: `customer`, `delivery`, `comment` …
    pub fields: Map<String, Value>,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct KeptLine {
    pub id: i64,
    pub line: Value,
}

/// A part of a draft that is sent by itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Part {
    Customer,
    Delivery,
}

impl Part {
    pub fn name(self) -> &'static str {
        match self {
            Self::Customer => "customer",
            Self::Delivery => "delivery",
        }
    }
}

impl Content {
    /// # Errors
    /// `input.fields` with everything that makes no sense, by the sender's own paths.
    pub fn new(usual: &Usual, body: Value) -> Result<Self> {
        let mut content = Self {
            currency: usual.currency.code().to_owned(),
            lang: usual.lang.code().to_owned(),
            region: usual.region.clone(),
            next_line: 1,
            lines: Vec::new(),
            fields: Map::new(),
        };
        content.replace_all(usual.shop, body)?;
        Ok(content)
    }

    /// Changes fields as a JSON merge patch (RFC 7396) says; `lines` replaces all lines.
    pub fn patch(&mut self, shop: ShopId, patch: &Value) -> Result<()> {
        must_be_object(patch)?;
        let mut whole = Value::Object(self.fields.clone());
        takt_orders::input::merge(&mut whole, patch);
        let keeps_lines = patch.get("lines").is_none();
        if keeps_lines && let Value::Object(fields) = &mut whole {
            fields.insert("lines".to_owned(), self.lines.iter().map(|kept| kept.line.clone()).collect());
        }
        let kept = std::mem::take(&mut self.lines);
        self.replace_all(shop, whole)?;
        if keeps_lines {
            self.lines = kept;
        }
        Ok(())
    }

    fn replace_all(&mut self, shop: ShopId, mut body: Value) -> Result<()> {
        self.check(shop, &body, "")?;
        if let Value::Object(fields) = &mut body {
            let lines = fields.shift_remove("lines");
            self.fields = std::mem::take(fields);
            self.lines.clear();
            for line in lines.as_ref().and_then(Value::as_array).into_iter().flatten() {
                self.add(line.clone())?;
            }
        }
        self.check_size()
    }

    /// Adds a line; answers its number.
    pub fn add_line(&mut self, shop: ShopId, line: Value) -> Result<i64> {
        must_be_object(&line)?;
        self.check(shop, &json!({ "lines": [line] }), "lines[0]")?;
        self.add(line)?;
        self.check_size()?;
        Ok(self.next_line - 1)
    }

    fn add(&mut self, mut line: Value) -> Result<()> {
        if self.lines.len() >= MOST_LINES {
            return Err(too_many("lines", "orders.too_many_lines", MOST_LINES));
        }
        forget_number(&mut line);
        self.lines.push(KeptLine { id: self.next_line, line });
        self.next_line += 1;
        Ok(())
    }

    /// Changes a line as a JSON merge patch says.
    pub fn patch_line(&mut self, shop: ShopId, id: i64, patch: &Value) -> Result<()> {
        must_be_object(patch)?;
        let mut line = self.line(id)?.line.clone();
        takt_orders::input::merge(&mut line, patch);
        self.check(shop, &json!({ "lines": [line] }), "lines[0]")?;
        forget_number(&mut line);
        if let Some(kept) = self.lines.iter_mut().find(|kept| kept.id == id) {
            kept.line = line;
        }
        self.check_size()
    }

    pub fn remove_line(&mut self, id: i64) -> Result<()> {
        self.line(id)?;
        self.lines.retain(|kept| kept.id != id);
        Ok(())
    }

    pub fn set(&mut self, shop: ShopId, part: Part, body: Value) -> Result<()> {
        must_be_object(&body)?;
        self.check(shop, &json!({ part.name(): body }), part.name())?;
        self.fields.insert(part.name().to_owned(), body);
        self.check_size()
    }

    /// Without anything that a person said.
    pub fn emptied(&self) -> Self {
        Self { lines: Vec::new(), fields: Map::new(), ..self.clone() }
    }

    /// The order as it would be sent to be placed.
    pub fn order(&self) -> Value {
        let mut order = self.fields.clone();
        order.entry("currency").or_insert_with(|| json!(self.currency));
        order.entry("lang").or_insert_with(|| json!(self.lang));
        order.insert("lines".to_owned(), self.lines.iter().map(|kept| kept.line.clone()).collect());
        Value::Object(order)
    }

    pub fn currency(&self) -> &str {
        self.fields.get("currency").and_then(Value::as_str).unwrap_or(&self.currency)
    }

    /// Reads it as far as it goes: a draft need not be complete.
    pub fn read(&self, shop: ShopId) -> Result<NewOrder> {
        self.read_body(shop, &self.order())
    }

    fn read_body(&self, shop: ShopId, body: &Value) -> Result<NewOrder> {
        let intake = Intake {
            shop,
            currency: Currency::from_code(&self.currency)?,
            source: "api",
            lang: Lang::parse(&self.lang).unwrap_or_default(),
            region: &self.region,
        };
        read_new_order(body, &intake)
    }

    /// Refuses what makes no sense in a part; paths lose the name of the part.
    fn check(&self, shop: ShopId, body: &Value, part: &str) -> Result<()> {
        let read = self.read_body(shop, body).and_then(|wanted| wanted.check().map(|_| ()));
        let Err(fault) = read else { return Ok(()) };
        if fault.fields().is_empty() {
            return Err(fault);
        }
        let fields: Vec<FieldFault> =
            fault.fields().iter().filter_map(|field| of_part(field, part)).collect();
        if fields.is_empty() { Ok(()) } else { Err(Fault::from_fields(fields)) }
    }

    fn line(&self, id: i64) -> Result<&KeptLine> {
        self.lines
            .iter()
            .find(|kept| kept.id == id)
            .ok_or_else(|| Fault::missing("gateway.draft_line_missing").arg("line", id))
    }

    fn check_size(&self) -> Result<()> {
        let bytes = serde_json::to_vec(self).map_or(usize::MAX, |written| written.len());
        if bytes > LARGEST_BYTES {
            return Err(too_many("", "orders.extra_too_large", LARGEST_BYTES));
        }
        Ok(())
    }
}

/// Inside an order `null` means absent; a whole body that is `null` is a mistake of the sender.
fn must_be_object(body: &Value) -> Result<()> {
    if body.is_object() {
        return Ok(());
    }
    Err(Fault::from_fields(vec![FieldFault {
        path: String::new(),
        code: "orders.not_an_object".into(),
        args: Vec::new(),
    }]))
}

fn too_many(path: &str, code: &'static str, most: usize) -> Fault {
    Fault::from_fields(vec![FieldFault {
        path: path.to_owned(),
        code: code.into(),
        args: vec![("most".into(), most.to_string())],
    }])
}

fn forget_number(line: &mut Value) {
    if let Value::Object(fields) = line {
        fields.shift_remove("id");
    }
}

fn of_part(field: &FieldFault, part: &str) -> Option<FieldFault> {
    if ONLY_WHEN_PLACED.contains(&field.code.as_ref()) {
        return None;
    }
    let rest = field.path.strip_prefix(part)?;
    let path = rest.strip_prefix('.').unwrap_or(rest);
    Some(FieldFault { path: path.to_owned(), ..field.clone() })
}
