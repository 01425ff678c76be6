//! An order of the protocol as an order of ours.

use rust_decimal::{Decimal, RoundingStrategy};
use serde_json::{Map, Value};
use takt_customers::{Contact, Email, Phone};
use takt_kernel::{
    Fault, Result,
    money::{Currency, Money, Quantity, UnitPrice, VatRate},
};
use takt_orders::{Delivery, NewLine};
use takt_store::Query;

use crate::{
    model::{
        customer::name_of,
        order::{DeliveryIn, ItemIn, OrderIn},
    },
    stock::Offers,
    wire::{
        endpoint::Call,
        lenient::{Number, Text, filled},
    },
};

const USUAL_UNIT: &str = "pcs";
const PRICE_DECIMALS: u32 = 4;
const QUANTITY_DECIMALS: u32 = 3;
const HUNDRED: Decimal = Decimal::ONE_HUNDRED;

/// Fields of a line that are kept under the protocol's names and given back.
pub(crate) const EXTERNAL_IDS: &str = "externalIds";

fn rounded(number: Decimal, decimals: u32) -> String {
    number.round_dp_with_strategy(decimals, RoundingStrategy::MidpointAwayFromZero).normalize().to_string()
}

pub(crate) fn money(number: Decimal, currency: Currency) -> Result<Money> {
    Money::parse(&rounded(number, currency.exponent()), currency)
}

pub(crate) fn price(number: Decimal) -> Result<UnitPrice> {
    UnitPrice::parse(&rounded(number, PRICE_DECIMALS))
}

pub(crate) fn quantity(number: Decimal) -> Result<Quantity> {
    Quantity::parse(&rounded(number, QUANTITY_DECIMALS))
}

fn decimal(text: &str) -> Decimal {
    text.parse::<Number>().map_or(Decimal::ZERO, |number| number.0)
}

/// How to reach the buyer. An e-mail that is none is left out rather than the order: the note names it.
pub(crate) fn contact(order: &OrderIn, region: &str, notes: &mut Vec<String>) -> Contact {
    let name = name_of(order.first_name.as_ref(), order.patronymic.as_ref(), order.last_name.as_ref());
    let phone = filled(order.phone.as_ref()).or_else(|| filled(order.additional_phone.as_ref()));
    let email = Email::parse(filled(order.email.as_ref()).unwrap_or_default()).unwrap_or_else(|_| {
        notes.push("email".to_owned());
        None
    });
    Contact { name, phone: Phone::parse(phone.unwrap_or_default(), region), email }
}

pub(crate) fn delivery(delivery: Option<&DeliveryIn>, currency: Currency) -> Result<Delivery> {
    let nothing = DeliveryIn::default();
    let given = delivery.unwrap_or(&nothing);
    Ok(Delivery {
        method: filled(given.code.as_ref()).map(str::to_owned),
        address: given.address.as_ref().and_then(super::super::model::customer::Address::shown),
        price: money(given.cost.unwrap_or_default().0, currency)?,
    })
}

/// The discount of the whole order: an amount, and a percentage of the goods at the prices of the lines.
pub(crate) fn discount(order: &OrderIn, lines: &[NewLine], currency: Currency) -> Result<Money> {
    let amount = order.discount_manual_amount.unwrap_or_default().0;
    let percent = order.discount_manual_percent.unwrap_or_default().0;
    let mut goods = Decimal::ZERO;
    for line in lines {
        let full =
            times(decimal(&line.price.to_decimal_string()), decimal(&line.quantity.to_decimal_string()))?;
        let less = full.checked_sub(decimal(&line.discount.to_decimal_string())).ok_or_else(too_much)?;
        goods = goods.checked_add(less).ok_or_else(too_much)?;
    }
    money(amount.checked_add(share(goods, percent)?).ok_or_else(too_much)?, currency)
}

/// What a shop writes may be larger than anything that can be counted with.
fn too_much() -> Fault {
    Fault::invalid("money.overflow")
}

fn times(one: Decimal, other: Decimal) -> Result<Decimal> {
    one.checked_mul(other).ok_or_else(too_much)
}

fn share(whole: Decimal, percent: Decimal) -> Result<Decimal> {
    times(whole, percent)?.checked_div(HUNDRED).ok_or_else(too_much)
}

/// The offers that items name: by the shop's ids or by ours.
///
/// # Errors
/// Faults of the store.
pub(crate) fn offers<'i>(
    db: &mut dyn Query,
    call: &Call,
    items: impl IntoIterator<Item = &'i ItemIn>,
) -> Result<Offers> {
    let named = items.into_iter().filter_map(|item| item.offer.as_ref());
    let named = named.map(|offer| (offer.external_id.as_ref(), offer.xml_id.as_ref(), offer.id.as_ref()));
    Offers::of(db, call, named.collect())
}

/// What an item says of a line, over what the line was. Discounts are those of one piece.
pub(crate) fn line(
    item: &ItemIn,
    before: Option<&NewLine>,
    offers: &Offers,
    currency: Currency,
) -> Result<NewLine> {
    let named = item.offer.as_ref();
    let offer = named
        .and_then(|named| offers.find(named.external_id.as_ref(), named.xml_id.as_ref(), named.id.as_ref()));
    let sku = named
        .and_then(|offer| filled(offer.external_id.as_ref()).or_else(|| filled(offer.xml_id.as_ref())))
        .map(str::to_owned)
        .or_else(|| offer.map(|offer| offer.sku.clone()))
        .or_else(|| before.and_then(|line| line.sku.clone()));
    let given = |text: Option<&Text>| filled(text).map(str::to_owned);
    let name = given(item.product_name.as_ref())
        .or_else(|| named.and_then(|offer| given(offer.name.as_ref())))
        .or_else(|| before.map(|line| line.name.clone()))
        .or_else(|| offer.map(|offer| offer.name.clone()))
        .or_else(|| sku.clone())
        .unwrap_or_default();
    let quantity = match (item.quantity, before) {
        (Some(number), _) => quantity(number.0)?,
        (None, Some(line)) => line.quantity,
        (None, None) => Quantity::whole(1),
    };
    let price = match (item.initial_price, before) {
        (Some(number), _) => price(number.0)?,
        (None, Some(line)) => line.price,
        (None, None) => offer.map_or(UnitPrice::from_ten_thousandths(0), |offer| offer.price),
    };
    let says_discount = item.discount_manual_amount.is_some() || item.discount_manual_percent.is_some();
    let discount = match before {
        Some(line) if !says_discount => kept_discount(line, price, quantity, currency)?,
        _ => {
            let full = decimal(&price.to_decimal_string());
            let amount = item.discount_manual_amount.unwrap_or_default().0;
            let percent = item.discount_manual_percent.unwrap_or_default().0;
            let each = amount.checked_add(share(full, percent)?).ok_or_else(too_much)?;
            money(times(each, decimal(&quantity.to_decimal_string()))?, currency)?
        }
    };
    Ok(NewLine {
        name,
        quantity,
        price,
        discount,
        unit: before
            .map(|line| line.unit.clone())
            .or_else(|| offer.map(|offer| offer.unit.clone()))
            .unwrap_or_else(|| USUAL_UNIT.to_owned()),
        vat: vat(item)
            .or_else(|| before.map(|line| line.vat))
            .or_else(|| offer.map(|offer| offer.vat))
            .unwrap_or(VatRate::None),
        extra: extra_of(item, before)?,
        sku,
    })
}

/// The discount of one piece stays what it was as long as nothing is said of it, however many there are now; it is
/// never more than the goods cost.
fn kept_discount(line: &NewLine, price: UnitPrice, quantity: Quantity, currency: Currency) -> Result<Money> {
    if line.quantity == quantity && line.price == price {
        return Ok(line.discount);
    }
    let (before, now) = (decimal(&line.quantity.to_decimal_string()), decimal(&quantity.to_decimal_string()));
    let whole = decimal(&line.discount.to_decimal_string());
    let kept = if before == now { whole } else { times(whole, now)?.checked_div(before).unwrap_or_default() };
    let full = times(decimal(&price.to_decimal_string()), now)?;
    money(kept.min(full), currency)
}

/// `none`, `20`, `20.00`; what is no rate says nothing.
fn vat(item: &ItemIn) -> Option<VatRate> {
    filled(item.vat_rate.as_ref()).and_then(|rate| VatRate::parse(rate).ok())
}

fn extra_of(item: &ItemIn, before: Option<&NewLine>) -> Result<Map<String, Value>> {
    let mut extra = before.map_or_else(Map::new, |line| line.extra.clone());
    if !item.external_ids.is_empty() {
        let ids = serde_json::to_value(&item.external_ids)
            .map_err(|error| Fault::broken("retailcrm.unwritable").because(error))?;
        extra.insert(EXTERNAL_IDS.to_owned(), ids);
    }
    if let Some(xml_id) = item.offer.as_ref().and_then(|offer| filled(offer.xml_id.as_ref())) {
        extra.insert("xmlId".to_owned(), Value::from(xml_id));
    }
    for (name, value) in &item.rest {
        if !IGNORED_OF_ITEM.contains(&name.as_str()) && !is_nothing(value) {
            extra.insert(name.clone(), value.clone());
        }
    }
    Ok(extra)
}

/// What we answer in items and need not be told again.
const IGNORED_OF_ITEM: [&str; 9] = [
    "prices",
    "discounts",
    "discountTotal",
    "createdAt",
    "status",
    "bonusesChargeTotal",
    "bonusesCreditTotal",
    "isCanceled",
    "purchasePrice",
];

pub(crate) fn is_nothing(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::String(text) => text.trim().is_empty(),
        Value::Array(list) => list.is_empty(),
        Value::Object(map) => map.is_empty(),
        Value::Bool(_) | Value::Number(_) => false,
    }
}

/// Fields nobody here knows: the shop's own ones and the manager's comment stand on the card.
pub(crate) fn extra(order: &OrderIn) -> Map<String, Value> {
    let mut extra = Map::new();
    for (name, value) in order.custom_fields.iter().flat_map(|fields| &fields.0) {
        if !is_nothing(value) {
            extra.insert(name.clone(), value.clone());
        }
    }
    if let Some(comment) = filled(order.manager_comment.as_ref()) {
        extra.insert("managerComment".to_owned(), Value::from(comment));
    }
    for name in ["contragent", "company", "orderMethod", "orderType", "source", "shipmentDate"] {
        if let Some(value) = order.rest.get(name).filter(|value| !is_nothing(value)) {
            extra.insert(name.to_owned(), value.clone());
        }
    }
    extra
}
