//! Our orders as the protocol has them.

use std::collections::BTreeMap;

use rust_decimal::Decimal;
use serde_json::{Map, Value, json};
use takt_customers::CustomerId;
use takt_kernel::{
    Result,
    money::{Money, Quantity, UnitPrice},
};
use takt_orders::{
    Line, NewLine, Order, OrderId, Shipped, Stage, briefs_asked, lines_of_known_asked, read_briefs,
    read_lines_of_known,
};
use takt_store::{Query, Question, Row};

use super::{
    links,
    payments::{self, Payment},
    read::{self, EXTERNAL_IDS},
    sent::{self, Sent},
};
use crate::{
    corporate::{self, ordered::Ordered},
    customers,
    model::{order::OrderIn, typed},
    wire::{
        endpoint::Call,
        fields::Fields,
        lenient::{Number, Text},
        time,
    },
};

/// A number of JSON with the value of a decimal text: whole when it is.
pub(crate) fn number(text: &str) -> Value {
    of_decimal(text.parse::<Number>().map_or(Decimal::ZERO, |number| number.0))
}

pub(crate) fn of_decimal(decimal: Decimal) -> Value {
    let decimal = decimal.normalize();
    match i64::try_from(decimal.mantissa()) {
        Ok(parts) => of_parts(parts, decimal.scale()),
        Err(_) if decimal.is_integer() => {
            i64::try_from(decimal).map_or_else(|_| by_text(decimal), Value::from)
        }
        Err(_) => by_text(decimal),
    }
}

/// A number of JSON of so many parts, of which 10^decimals are one.
fn of_parts(parts: i64, decimals: u32) -> Value {
    let Some(one) = 10_i64.checked_pow(decimals) else { return by_text(Decimal::new(parts, decimals)) };
    if parts % one == 0 {
        return Value::from(parts / one);
    }
    // Both are doubles without a loss, so their quotient is the double that is nearest to the decimal number.
    match (exactly(parts), exactly(one)) {
        (Some(parts), Some(one)) => Value::from(parts / one),
        _ => by_text(Decimal::new(parts, decimals)),
    }
}

fn exactly(whole: i64) -> Option<f64> {
    const LARGEST: u64 = 1 << f64::MANTISSA_DIGITS;
    #[expect(clippy::cast_precision_loss, reason = "a double holds every whole number up to this one")]
    (whole.unsigned_abs() <= LARGEST).then_some(whole as f64)
}

fn by_text(decimal: Decimal) -> Value {
    decimal.to_string().parse::<f64>().map_or(Value::Null, Value::from)
}

pub(crate) fn amount(money: Money) -> Value {
    of_parts(money.minor(), money.currency().exponent())
}

pub(crate) fn pieces(quantity: Quantity) -> Value {
    of_parts(quantity.thousandths(), QUANTITY_DECIMALS)
}

pub(crate) fn price(price: UnitPrice) -> Value {
    of_parts(price.ten_thousandths(), PRICE_DECIMALS)
}

/// So many that a body seldom grows.
const USUAL_FIELDS: usize = 56;
const USUAL_FIELDS_OF_ITEM: usize = 16;
const QUANTITY_DECIMALS: u32 = 3;
const PRICE_DECIMALS: u32 = 4;

/// Whom nobody has said to be a firm.
pub(crate) fn individual() -> Value {
    json!({ "contragentType": "individual" })
}

/// Whole orders, in the order in which they are asked for.
///
/// # Errors
/// Faults of the store.
pub(crate) fn orders(db: &mut dyn Query, call: &Call, ids: &[OrderId]) -> Result<Vec<Value>> {
    Ok(told(db, call, ids)?.into_iter().map(|told| told.body).collect())
}

/// An order as the shop is told of it.
pub(crate) struct Told {
    pub id: OrderId,
    /// The version in which the shop does not know it yet.
    pub news: Option<i64>,
    pub body: Value,
}

/// Whole orders, in the order in which they are asked for.
///
/// # Errors
/// Faults of the store.
pub(crate) fn told(db: &mut dyn Query, call: &Call, ids: &[OrderId]) -> Result<Vec<Told>> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let questions = Known::asked(call, ids).into_iter().chain(Beside::asked(call, ids)).collect::<Vec<_>>();
    let mut answers = db.all_at_once(&questions)?.into_iter();
    let known = Known::read(&mut answers)?;
    let beside = Beside::read(db, call, &mut answers)?;
    let mut bodies = bodies(call, known, beside);
    Ok(ids.iter().filter_map(|id| bodies.remove(id)).collect())
}

/// Answers in the order of their questions.
type Answers = std::vec::IntoIter<Vec<Row>>;

/// Orders with what was read of them already.
#[derive(Default)]
pub(crate) struct Known {
    pub orders: Vec<Order>,
    pub lines: BTreeMap<OrderId, Vec<Line>>,
    pub payments: BTreeMap<OrderId, Vec<Payment>>,
}

impl Known {
    /// # Errors
    /// Faults of the store.
    pub fn of(db: &mut dyn Query, call: &Call, ids: &[OrderId]) -> Result<Self> {
        Self::read(&mut db.all_at_once(&Self::asked(call, ids))?.into_iter())
    }

    fn asked(call: &Call, ids: &[OrderId]) -> [Question; 3] {
        [
            briefs_asked(call.company(), ids),
            lines_of_known_asked(call.company(), ids),
            payments::question(call, ids),
        ]
    }

    fn read(answers: &mut Answers) -> Result<Self> {
        let mut next = || answers.next().unwrap_or_default();
        let orders = read_briefs(&next())?;
        let lines = read_lines_of_known(&next(), &orders)?;
        Ok(Self { orders, lines, payments: payments::read_all(&next())? })
    }
}

/// What is told of orders beside what is theirs.
struct Beside {
    sent: BTreeMap<OrderId, Sent>,
    buyers: customers::Known,
    tracking: BTreeMap<OrderId, String>,
    firms: BTreeMap<OrderId, Ordered>,
    links: BTreeMap<OrderId, Vec<Value>>,
}

impl Beside {
    fn asked(call: &Call, ids: &[OrderId]) -> [Question; 5] {
        [
            sent::question(call.company(), ids),
            customers::question_of_orders(call, ids),
            takt_shipments::tracking(call.company(), ids),
            corporate::ordered::question(call, ids),
            links::question(call, ids),
        ]
    }

    fn read(db: &mut dyn Query, call: &Call, answers: &mut Answers) -> Result<Self> {
        let mut next = || answers.next().unwrap_or_default();
        Ok(Self {
            sent: sent::read(&next())?.into_iter().collect(),
            buyers: customers::read(&next())?,
            tracking: takt_shipments::read_tracking(&next())?,
            firms: corporate::ordered::read(db, call, &next())?,
            links: links::of_orders(db, call, &next())?,
        })
    }
}

/// Whole orders.
///
/// # Errors
/// Faults of the store.
pub(crate) fn of_known(db: &mut dyn Query, call: &Call, known: Known) -> Result<BTreeMap<OrderId, Told>> {
    let ids: Vec<OrderId> = known.orders.iter().map(|order| order.id).collect();
    if ids.is_empty() {
        return Ok(BTreeMap::new());
    }
    let mut answers = db.all_at_once(&Beside::asked(call, &ids))?.into_iter();
    let beside = Beside::read(db, call, &mut answers)?;
    Ok(bodies(call, known, beside))
}

fn bodies(call: &Call, mut known: Known, mut beside: Beside) -> BTreeMap<OrderId, Told> {
    let nothing = Sent::default();
    let mut bodies = BTreeMap::new();
    for order in &known.orders {
        let lines = known.lines.remove(&order.id).unwrap_or_default();
        let sent = beside.sent.get(&order.id).unwrap_or(&nothing);
        let whole = Whole {
            call,
            order,
            lines: &lines,
            sent: &sent.order,
            payments: known.payments.remove(&order.id).unwrap_or_default(),
            track: beside.tracking.get(&order.id).map(String::as_str),
            ordered: beside.firms.remove(&order.id),
            links: beside.links.remove(&order.id),
        };
        let news = (order.version > sent.seen_version).then_some(order.version);
        bodies.insert(order.id, Told { id: order.id, news, body: whole.body(&beside.buyers) });
    }
    bodies
}

/// An order as it was written.
pub(crate) struct Written {
    pub order: Order,
    pub lines: Vec<Line>,
    pub sent: OrderIn,
    pub payments: Vec<Payment>,
    pub is_corporate: bool,
}

/// Orders that were just taken in, with all that telling of them takes.
pub(crate) struct New {
    call: Call,
    written: Vec<Written>,
    buyers: customers::Known,
    firms: BTreeMap<OrderId, Ordered>,
}

/// # Errors
/// Faults of the store.
pub(crate) fn new(db: &mut dyn Query, call: &Call, written: Vec<Written>) -> Result<New> {
    let buyers: Vec<CustomerId> = written.iter().filter_map(|written| written.order.customer).collect();
    let firms: Vec<OrderId> =
        written.iter().filter(|written| written.is_corporate).map(|written| written.order.id).collect();
    Ok(New {
        call: Call { fields: Fields::default(), ..call.clone() },
        buyers: if buyers.is_empty() {
            customers::Known::default()
        } else {
            customers::known(db, call, &buyers)?
        },
        firms: if firms.is_empty() {
            BTreeMap::new()
        } else {
            corporate::ordered::of_orders(db, call, &firms)?
        },
        written,
    })
}

impl New {
    pub fn bodies(self) -> Vec<Value> {
        self.bodies_by_id().into_iter().map(|(_, body)| body).collect()
    }

    pub fn bodies_by_id(mut self) -> Vec<(OrderId, Value)> {
        let written = std::mem::take(&mut self.written);
        written
            .into_iter()
            .map(|Written { order, lines, sent, payments, .. }| {
                let whole = Whole {
                    call: &self.call,
                    order: &order,
                    lines: &lines,
                    sent: &sent,
                    payments,
                    track: None,
                    ordered: self.firms.remove(&order.id),
                    links: None,
                };
                (order.id, whole.body(&self.buyers))
            })
            .collect()
    }
}

struct Whole<'a> {
    call: &'a Call,
    order: &'a Order,
    lines: &'a [Line],
    sent: &'a OrderIn,
    payments: Vec<Payment>,
    track: Option<&'a str>,
    /// The firm that it is for.
    ordered: Option<Ordered>,
    links: Option<Vec<Value>>,
}

impl Whole<'_> {
    fn body(&self, buyers: &customers::Known) -> Value {
        let (order, zone) = (self.order, &self.call.site.zone);
        let at = |at| time::written(at, zone);
        let name = self.name();
        let created = self.sent.created_at.as_ref().and_then(Text::filled);
        let created = created.and_then(|text| time::read(text, zone)).map(at);
        let placed = at(order.placed_at);
        let mut body = Map::with_capacity(USUAL_FIELDS);
        let mut put = |name: &str, value: Value| {
            body.insert(name.to_owned(), value);
        };
        put("slug", json!(order.id.get()));
        put("bonusesCreditTotal", json!(0));
        put("bonusesChargeTotal", json!(0));
        put("id", json!(order.id.get()));
        put("number", json!(order.number));
        if let Some(external_id) = &order.external_id {
            put("externalId", json!(external_id));
        }
        for field in ["orderType", "orderMethod", "countryIso", "customFieldsMeta"] {
            if let Some(value) = self.sent.rest.get(field).filter(|value| !value.is_null()) {
                put(field, value.clone());
            }
        }
        put("privilegeType", json!("none"));
        put("createdAt", json!(created.as_ref().unwrap_or(&placed)));
        put("statusUpdatedAt", json!(at(order.updated_at)));
        put("summ", of_decimal(self.goods()));
        put("currency", json!(order.currency.code()));
        put("totalSumm", amount(order.total));
        put("prepaySum", amount(order.paid));
        put("purchaseSumm", json!(0));
        put("markDatetime", json!(placed));
        for (field, value) in self.discounts() {
            put(field, value);
        }
        put("firstName", json!(name.first));
        put("lastName", json!(name.last));
        put("patronymic", json!(name.middle));
        if let Some(phone) = order.contact.phone.as_ref().or(order.contact.phone_given.as_ref()) {
            put("phone", json!(phone));
        }
        if let Some(email) = &order.contact.email {
            put("email", json!(email));
        }
        put("call", json!(false));
        put("expired", json!(false));
        if let Some(comment) = &order.comment {
            put("customerComment", json!(comment));
        }
        if let Some(comment) = order.last_comment.as_ref() {
            put("managerComment", json!(comment));
        } else if let Some(comment) = order.extra.get("managerComment") {
            put("managerComment", comment.clone());
        }
        if let Some(customer) = order.customer {
            let named = self.sent.customer.as_ref().and_then(|named| named.external_id.as_ref()?.filled());
            let buyer = buyers.in_order(self.call, customer, order, (&name, named), &placed);
            put("customer", buyer.clone());
            put("contact", buyer);
        }
        if let Some(ordered) = &self.ordered {
            put("customer", ordered.customer.clone());
            if let Some(company) = &ordered.company {
                put("company", company.clone());
            }
        }
        if let Some(links) = &self.links {
            put("links", json!(links));
        }
        put("contragent", self.sent.rest.get("contragent").cloned().unwrap_or_else(individual));
        put("delivery", self.delivery());
        put("site", json!(self.call.site.code));
        put("status", json!(order.status));
        put("items", Value::Array(self.lines.iter().map(|line| self.item(line, &placed)).collect()));
        let paid_in_full = order.is_paid_in_full() && order.total.is_positive();
        if paid_in_full && let Some(started) = order.started_at {
            put("fullPaidAt", json!(at(started)));
        }
        put("payments", Value::Object(payments::written(order, &self.payments, self.call)));
        put("fromApi", json!(order.source == crate::KIND));
        put("shipped", json!(order.shipped == Shipped::All));
        put("customFields", self.custom_fields());
        if order.stage == Stage::Cancel
            && let Some(reason) = &order.cancel_reason
        {
            put("statusComment", json!(reason));
        }
        typed::correct(&mut body, typed::ORDER);
        Value::Object(body)
    }

    /// As the shop gave it, while it comes to what it came to: who sends back what they read must not give a percentage
    /// and once more the amount that it made.
    fn discounts(&self) -> Vec<(&'static str, Value)> {
        let order = self.order;
        let said = |number: Option<Number>| number.unwrap_or_default().0;
        let share = said(self.sent.discount_manual_percent);
        if share.is_zero() {
            return vec![("discountManualAmount", amount(order.discount))];
        }
        let lines: Vec<NewLine> = self.lines.iter().map(Line::as_new).collect();
        let is_theirs =
            read::discount(self.sent, &lines, order.currency).is_ok_and(|theirs| theirs == order.discount);
        let (fixed, share) = if is_theirs {
            (of_decimal(said(self.sent.discount_manual_amount)), share)
        } else {
            (amount(order.discount), Decimal::ZERO)
        };
        vec![("discountManualAmount", fixed), ("discountManualPercent", of_decimal(share))]
    }

    /// As the shop wrote it, while the desk has not changed it.
    fn name(&self) -> Name {
        let text =
            |text: &Option<Text>| text.as_ref().map(|text| text.as_str().to_owned()).unwrap_or_default();
        let said = Name {
            first: text(&self.sent.first_name),
            middle: text(&self.sent.patronymic),
            last: text(&self.sent.last_name),
        };
        if said.joined() == self.order.contact.name { said } else { Name::of(&self.order.contact.name) }
    }

    fn goods(&self) -> Decimal {
        self.lines.iter().fold(Decimal::ZERO, |sum, line| {
            let price = Decimal::new(line.price.ten_thousandths(), PRICE_DECIMALS);
            let quantity = Decimal::new(line.quantity.thousandths(), QUANTITY_DECIMALS);
            sum.saturating_add(price.saturating_mul(quantity))
        })
    }

    fn delivery(&self) -> Value {
        let order = self.order;
        let said = self.sent.delivery.as_ref();
        let mut body = said.map(|said| said.rest.clone()).unwrap_or_default();
        if let Some(method) = &order.delivery.method {
            body.insert("code".to_owned(), json!(method));
        }
        body.insert("cost".to_owned(), amount(order.delivery.price));
        body.entry("netCost").or_insert_with(|| json!(0));
        let known = said.and_then(|said| said.address.as_ref());
        let address = match known {
            Some(address) if address.shown() == order.delivery.address => {
                let mut body = address.parts.clone();
                if let Some(text) = address.text.as_ref().and_then(Text::filled) {
                    body.insert("text".to_owned(), json!(text));
                }
                Value::Object(body)
            }
            _ => order.delivery.address.as_ref().map_or_else(|| json!({}), |text| json!({ "text": text })),
        };
        body.insert("address".to_owned(), address);
        if let Some(track) = self.track {
            let data = body.entry("data").or_insert_with(|| json!({}));
            if let Value::Object(data) = data {
                data.insert("trackNumber".to_owned(), json!(track));
            }
        }
        typed::correct(&mut body, typed::DELIVERY);
        Value::Object(body)
    }

    fn item(&self, line: &Line, placed: &str) -> Value {
        let each = |money: Money| {
            if line.quantity == Quantity::whole(1) && money.currency().exponent() <= PRICE_DECIMALS {
                return amount(money);
            }
            let whole = Decimal::new(money.minor(), money.currency().exponent());
            let quantity = Decimal::new(line.quantity.thousandths(), QUANTITY_DECIMALS);
            of_decimal(whole.checked_div(quantity).unwrap_or_default().round_dp(PRICE_DECIMALS))
        };
        let discount = line.discount.add(line.order_discount).unwrap_or(line.discount);
        let mut offer = json!({
            "displayName": line.name, "name": line.name,
            "unit": { "code": line.unit, "name": line.unit, "sym": line.unit },
        });
        if let Some(id) = line.offer {
            offer["id"] = json!(id.get());
        }
        if let Some(sku) = &line.sku {
            offer["externalId"] = json!(sku);
        }
        let mut body = line.extra.clone();
        if let Some(xml_id) = body.shift_remove("xmlId") {
            offer["xmlId"] = xml_id;
        }
        let external_ids = body.shift_remove(EXTERNAL_IDS).unwrap_or_else(|| json!([]));
        let mut own = Map::with_capacity(USUAL_FIELDS_OF_ITEM);
        for (name, value) in [
            ("id", json!(line.id.get())),
            ("externalIds", external_ids),
            ("initialPrice", price(line.price)),
            ("discountManualAmount", each(line.discount)),
            ("discountTotal", each(discount)),
            ("prices", json!([{ "price": each(line.total), "quantity": pieces(line.quantity) }])),
            ("vatRate", json!(line.vat.to_string())),
            ("createdAt", json!(placed)),
            ("quantity", pieces(line.quantity)),
            ("status", json!("new")),
            ("offer", offer),
            ("productName", json!(line.name)),
            ("properties", json!([])),
            ("purchasePrice", json!(0)),
            ("isCanceled", json!(!line.cancelled.is_zero() && line.wanted().is_zero())),
        ] {
            own.insert(name.to_owned(), value);
        }
        typed::correct(&mut body, typed::ITEM);
        own.extend(body);
        Value::Object(own)
    }

    /// The shop's own fields, as they stand on the card; an empty list when there are none, as PHP writes it.
    fn custom_fields(&self) -> Value {
        let said = self.sent.custom_fields.as_ref();
        let fields: Map<String, Value> = said
            .iter()
            .flat_map(|fields| &fields.0)
            .map(|(name, value)| {
                (name.clone(), self.order.extra.get(name).cloned().unwrap_or_else(|| value.clone()))
            })
            .collect();
        if fields.is_empty() { json!([]) } else { Value::Object(fields) }
    }
}

/// A name in parts.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Name {
    pub first: String,
    pub middle: String,
    pub last: String,
}

impl Name {
    pub fn joined(&self) -> String {
        let parts = [&self.first, &self.middle, &self.last];
        let filled: Vec<&str> =
            parts.iter().map(|part| part.trim()).filter(|part| !part.is_empty()).collect();
        filled.join(" ")
    }

    /// Takes a name apart as people write it: first and last, or in Russian last, first and patronymic.
    pub fn of(whole: &str) -> Self {
        let words: Vec<&str> = whole.split_whitespace().collect();
        let is_patronymic = |word: &str| {
            let word = word.to_lowercase();
            ["вич", "вна", "чна", "ьич"].iter().any(|end| word.ends_with(end))
        };
        let name = |first: &str, middle: &str, last: &str| Self {
            first: first.to_owned(),
            middle: middle.to_owned(),
            last: last.to_owned(),
        };
        match words.as_slice() {
            [] => Self::default(),
            [first] => name(first, "", ""),
            [first, last] => name(first, "", last),
            [last, first, middle] if is_patronymic(middle) => name(first, middle, last),
            [first, middle, last] => name(first, middle, last),
            [first, rest @ ..] => name(first, "", &rest.join(" ")),
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use takt_kernel::money::Currency;

    use super::*;

    #[test]
    fn numbers_are_whole_when_they_can_be() {
        for (text, expected) in [
            ("101.0000", json!(101)),
            ("0.10", json!(0.1)),
            ("-5", json!(-5)),
            ("-0.005", json!(-0.005)),
            ("9007199254740993", json!(9_007_199_254_740_993_i64)),
            ("90071992547409.93", json!(90_071_992_547_409.93)),
            ("92233720368547758.07", json!(92_233_720_368_547_758.07)),
            ("79228162514264337593543950335", json!(79_228_162_514_264_337_593_543_950_335.0)),
        ] {
            assert_eq!(number(text), expected, "{text}");
        }
    }

    proptest! {
        #[test]
        fn a_number_is_what_its_decimal_text_says(parts in any::<i64>(), decimals in 0..=4_u32) {
            let text = Decimal::new(parts, decimals).normalize().to_string();
            let expected = match text.parse::<i64>() {
                Ok(whole) => json!(whole),
                Err(_) => json!(text.parse::<f64>().expect("a number")),
            };
            prop_assert_eq!(of_parts(parts, decimals), expected.clone());
            prop_assert_eq!(number(&text), expected);
        }

        #[test]
        fn an_amount_is_what_its_decimal_text_says(minor in -100_000_000..100_000_000_i64) {
            let money = Money::new(minor, Currency::RUB);
            prop_assert_eq!(amount(money), number(&money.to_decimal_string()));
            let (quantity, each) = (Quantity::from_thousandths(minor), UnitPrice::from_ten_thousandths(minor));
            prop_assert_eq!(pieces(quantity), number(&quantity.to_decimal_string()));
            prop_assert_eq!(price(each), number(&each.to_decimal_string()));
        }
    }

    #[test]
    fn names_are_taken_apart_as_people_write_them() {
        for (whole, first, middle, last) in [
            ("Ivan Sidorov", "Ivan", "", "Sidorov"),
            ("Иванов Пётр Сергеевич", "Пётр", "Сергеевич", "Иванов"),
            ("Пётр Сергеевич Иванов", "Пётр", "Сергеевич", "Иванов"),
            ("Анна", "Анна", "", ""),
            ("Jan van der Berg", "Jan", "", "van der Berg"),
        ] {
            let name = Name::of(whole);
            assert_eq!((&*name.first, &*name.middle, &*name.last), (first, middle, last), "{whole}");
        }
    }
}
