//! What a template may say: everything formatted in the language of the order, absent things as empty
//! texts, so that `{% if shipment.tracking %}` works and nothing prints "none".

use std::sync::{Arc, LazyLock};

use jiff::tz::TimeZone;
use serde::Serialize;
use serde_json::Value;
use takt_kernel::{
    Result,
    money::{Money, Quantity},
};
use takt_orders::{
    Line, Order, Shipped, Terms,
    panels::{PAYS_TO, PayTo},
};
use takt_staff::{companies, shops};
use takt_store::{Query, RecordedFact};
use takt_ui::{Lang, Texts, Words};

use crate::{beside::page_of, event::Event};

#[derive(Clone, Debug, Default, Serialize)]
pub struct Data {
    pub order: OrderData,
    pub customer: Named,
    pub shop: Named,
    pub company: Named,
    pub payment: PaymentData,
    pub shipment: ShipmentData,
}

#[derive(Clone, Debug, Default, Serialize)]
pub struct Named {
    pub name: String,
}

#[derive(Clone, Debug, Default, Serialize)]
pub struct OrderData {
    pub number: String,
    pub external_id: String,
    /// `prepaid`, `on_delivery`, `credit`.
    pub terms: String,
    pub lines: Vec<LineData>,
    pub goods: String,
    pub discount: String,
    pub delivery: DeliveryData,
    pub total: String,
    pub paid: String,
    pub pickup: bool,
    pub delivered: bool,
    pub comment: String,
    /// The page on which the buyer follows the order; empty while the installation does not know its own address.
    pub page: String,
}

#[derive(Clone, Debug, Default, Serialize)]
pub struct LineData {
    pub name: String,
    pub sku: String,
    pub quantity: String,
    pub unit: String,
    pub price: String,
    pub total: String,
}

#[derive(Clone, Debug, Default, Serialize)]
pub struct DeliveryData {
    pub method: String,
    pub address: String,
    pub price: String,
}

#[derive(Clone, Debug, Default, Serialize)]
pub struct PaymentData {
    /// The number of the invoice, which the payer has to name.
    pub reference: String,
    /// Ready to be put into a payment order.
    pub purpose: String,
    /// What has just come.
    pub amount: String,
    /// What is to be transferred.
    pub due: String,
    /// What the carrier collects.
    pub on_receipt: String,
    pub account: AccountData,
}

#[derive(Clone, Debug, Default, Serialize)]
pub struct AccountData {
    pub number: String,
    pub bic: String,
    pub bank: String,
    pub holder: String,
    pub inn: String,
}

#[derive(Clone, Debug, Default, Serialize)]
pub struct ShipmentData {
    pub carrier: String,
    pub service: String,
    pub tracking: String,
    /// Where the buyer can follow it.
    pub tracking_url: String,
    /// More of the order is still to come.
    pub in_part: bool,
    pub lines: Vec<LineData>,
}

/// The languages of messages are there without a request.
pub(crate) static TEXTS: LazyLock<Arc<Texts>> = LazyLock::new(|| {
    let own = crate::TEXTS.map(|(lang, source)| (Lang::parse(lang).unwrap_or_default(), source));
    Arc::new(Texts::new(takt_ui::TEXTS.into_iter().chain(own)))
});

impl Data {
    /// # Errors
    /// Faults of the store.
    pub fn of(db: &mut dyn Query, order: &Order, fact: &RecordedFact) -> Result<Self> {
        let company = companies::get(db, order.company)?;
        let shop = shops::get(db, order.company, order.shop)?;
        let lines = takt_orders::lines(db, order.company, order.id)?;
        let mut pay_to = pays_to(db, order)?;
        pay_to.holder.get_or_insert_with(|| company.name.clone());
        let words = Words::new(TEXTS.clone(), order.lang, company.zone);
        let page = page_of(db, order)?;
        Ok(Self {
            order: OrderData { page, ..OrderData::of(&words, order, &lines) },
            customer: Named { name: order.contact.name.clone() },
            shop: Named { name: shop.name },
            company: Named { name: company.name },
            payment: PaymentData::of(&words, order, pay_to, &fact.body),
            shipment: ShipmentData::of(&words, order, &lines, &fact.body),
        })
    }

    /// An order of which hardly anything is known.
    pub fn bare(_lang: Lang) -> Self {
        let order =
            OrderData { number: "1042".to_owned(), terms: "prepaid".to_owned(), ..OrderData::default() };
        Self { order, ..Self::default() }
    }

    /// An order with everything on it, for trying templates.
    pub fn sample(event: Event, lang: Lang) -> Self {
        let words = Words::new(TEXTS.clone(), lang, TimeZone::UTC);
        let t = |key: &str| words.t(&format!("notifications-sample-{key}"));
        let line = |name: &str, sku: &str, quantity: &str, price: &str, total: &str| LineData {
            name: t(name),
            sku: sku.to_owned(),
            quantity: quantity.to_owned(),
            unit: words.unit("pcs"),
            price: price.to_owned(),
            total: total.to_owned(),
        };
        Self {
            order: OrderData {
                number: "TK-1042".to_owned(),
                external_id: "1042".to_owned(),
                terms: "prepaid".to_owned(),
                lines: vec![
                    line("tea", "TEA-100", "2", &t("tea-price"), &t("tea-total")),
                    line("cup", "CUP-7", "1", &t("cup-total"), &t("cup-total")),
                ],
                goods: t("goods"),
                discount: String::new(),
                delivery: DeliveryData {
                    method: "courier".to_owned(),
                    address: t("address"),
                    price: t("delivery"),
                },
                total: t("total"),
                paid: t("total"),
                pickup: false,
                delivered: event == Event::Delivered,
                comment: String::new(),
                page: "https://desk.example/p/AAAAAAAAAAEAAAAAAAAEEgAAAAA".to_owned(),
            },
            customer: Named { name: t("customer") },
            shop: Named { name: t("shop") },
            company: Named { name: t("company") },
            payment: PaymentData {
                reference: "T-0001042-7".to_owned(),
                purpose: purpose(&words, "T-0001042-7", "TK-1042"),
                amount: t("total"),
                due: if event == Event::Paid { String::new() } else { t("total") },
                on_receipt: String::new(),
                account: AccountData {
                    number: "40702810900000000001".to_owned(),
                    bic: "044525225".to_owned(),
                    bank: t("bank"),
                    holder: t("company"),
                    inn: "7707083893".to_owned(),
                },
            },
            shipment: ShipmentData {
                carrier: t("carrier"),
                service: t("service"),
                tracking: "10042042042".to_owned(),
                tracking_url: "https://carrier.example/10042042042".to_owned(),
                in_part: event == Event::Shipped,
                lines: vec![line("cup", "CUP-7", "1", &t("cup-total"), &t("cup-total"))],
            },
        }
    }
}

impl OrderData {
    fn of(words: &Words, order: &Order, lines: &[Line]) -> Self {
        Self {
            number: order.number.clone(),
            external_id: order.external_id.clone().unwrap_or_default(),
            terms: order.terms.code().to_owned(),
            lines: lines.iter().map(|line| LineData::of(words, line)).collect(),
            goods: words.money(order.goods),
            discount: unless_zero(words, order.discount),
            delivery: DeliveryData {
                method: order.delivery.method.clone().unwrap_or_default(),
                address: order.delivery.address.clone().unwrap_or_default(),
                price: unless_zero(words, order.delivery.price),
            },
            total: words.money(order.total),
            paid: unless_zero(words, order.paid),
            pickup: order.delivery.is_pickup(),
            delivered: order.delivered_at.is_some(),
            comment: order.comment.clone().unwrap_or_default(),
            page: String::new(),
        }
    }
}

impl LineData {
    fn of(words: &Words, line: &Line) -> Self {
        Self {
            name: line.name.clone(),
            sku: line.sku.clone().unwrap_or_default(),
            quantity: words.quantity(line.wanted()),
            unit: words.unit(&line.unit),
            price: words.unit_price(line.price),
            total: words.money(line.total),
        }
    }
}

impl PaymentData {
    fn of(words: &Words, order: &Order, pay_to: PayTo, said: &Value) -> Self {
        let owed = if order.stage.is_in_work() { unless_zero(words, order.owed()) } else { String::new() };
        let (due, on_receipt) = match order.terms {
            Terms::Prepaid | Terms::Credit { .. } => (owed, String::new()),
            Terms::OnDelivery => (String::new(), owed),
        };
        let amount = Money::parse(&text(said, "amount"), order.currency).ok();
        Self {
            purpose: purpose(words, &pay_to.reference, &order.number),
            reference: pay_to.reference,
            amount: amount.map(|amount| unless_zero(words, amount)).unwrap_or_default(),
            due,
            on_receipt,
            account: AccountData {
                number: pay_to.account,
                bic: pay_to.bic,
                bank: pay_to.bank.unwrap_or_default(),
                holder: pay_to.holder.unwrap_or_default(),
                inn: pay_to.inn.unwrap_or_default(),
            },
        }
    }
}

impl ShipmentData {
    fn of(words: &Words, order: &Order, lines: &[Line], said: &Value) -> Self {
        let left = said.get("lines").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
        let known = |left: &Value| {
            let id = left.get("line").and_then(Value::as_i64)?;
            let line = lines.iter().find(|line| line.id.get() == id)?;
            let quantity = Quantity::parse(&text(left, "quantity")).ok()?;
            Some(LineData { quantity: words.quantity(quantity), ..LineData::of(words, line) })
        };
        Self {
            carrier: text(said, "carrier"),
            service: text(said, "service"),
            tracking: text(said, "tracking"),
            tracking_url: text(said, "tracking_url"),
            in_part: order.shipped == Shipped::Part,
            lines: left.iter().filter_map(known).collect(),
        }
    }
}

fn pays_to(db: &mut dyn Query, order: &Order) -> Result<PayTo> {
    let slots = db.slots();
    match slots.of(&PAYS_TO).next() {
        Some(pays_to) => Ok(pays_to(db, order)?.unwrap_or_default()),
        None => Ok(PayTo::default()),
    }
}

fn purpose(words: &Words, reference: &str, number: &str) -> String {
    if reference.is_empty() {
        return String::new();
    }
    words.ta("notifications-purpose", &[("reference", reference.into()), ("number", number.into())])
}

fn unless_zero(words: &Words, amount: Money) -> String {
    if amount.is_zero() { String::new() } else { words.money(amount) }
}

fn text(body: &Value, field: &str) -> String {
    body.get(field).and_then(Value::as_str).unwrap_or_default().to_owned()
}
