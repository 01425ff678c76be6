//! An order as Shopify has it: decimal texts in the shop's own currency, taxes inside the prices or beside them.

use rust_decimal::{Decimal, RoundingStrategy};
use serde::Deserialize;
use serde_json::{Map, Value};
use takt_kernel::{Fault, Result};
use takt_shops_port::{
    SaidLine, SaidOrder, Shop, amounts,
    wire::{Text, moment, or_default, parse, required},
};

pub(crate) const CANCELLED: &str = "cancelled";

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct OrderIn {
    id: Text,
    name: Text,
    created_at: Text,
    updated_at: Text,
    cancelled_at: Text,
    closed_at: Text,
    currency: Text,
    financial_status: Text,
    fulfillment_status: Text,
    taxes_included: bool,
    total_price: Text,
    #[serde(deserialize_with = "or_default")]
    total_price_set: SetIn,
    current_total_price: Text,
    #[serde(deserialize_with = "or_default")]
    current_total_price_set: SetIn,
    total_tip_received: Text,
    email: Text,
    phone: Text,
    note: Text,
    customer_locale: Text,
    #[serde(deserialize_with = "or_default")]
    payment_gateway_names: Vec<Text>,
    #[serde(deserialize_with = "or_default")]
    discount_codes: Vec<CodeIn>,
    #[serde(deserialize_with = "or_default")]
    customer: CustomerIn,
    #[serde(deserialize_with = "or_default")]
    billing_address: AddressIn,
    #[serde(deserialize_with = "or_default")]
    shipping_address: AddressIn,
    #[serde(deserialize_with = "or_default")]
    line_items: Vec<ItemIn>,
    #[serde(deserialize_with = "or_default")]
    shipping_lines: Vec<ShippingIn>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct SetIn {
    #[serde(deserialize_with = "or_default")]
    shop_money: MoneyIn,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct MoneyIn {
    amount: Text,
    currency_code: Text,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct CodeIn {
    code: Text,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct CustomerIn {
    id: Text,
    first_name: Text,
    last_name: Text,
    email: Text,
    phone: Text,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct AddressIn {
    name: Text,
    first_name: Text,
    last_name: Text,
    company: Text,
    address1: Text,
    address2: Text,
    city: Text,
    province: Text,
    zip: Text,
    country: Text,
    phone: Text,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct ItemIn {
    id: Text,
    name: Text,
    title: Text,
    sku: Text,
    product_id: Text,
    variant_id: Text,
    quantity: Text,
    current_quantity: Option<Text>,
    price: Text,
    #[serde(deserialize_with = "or_default")]
    price_set: SetIn,
    #[serde(deserialize_with = "or_default")]
    discount_allocations: Vec<AllocationIn>,
    #[serde(deserialize_with = "or_default")]
    tax_lines: Vec<TaxIn>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct ShippingIn {
    title: Text,
    code: Text,
    price: Text,
    #[serde(deserialize_with = "or_default")]
    price_set: SetIn,
    is_removed: bool,
    #[serde(deserialize_with = "or_default")]
    discount_allocations: Vec<AllocationIn>,
    #[serde(deserialize_with = "or_default")]
    tax_lines: Vec<TaxIn>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct AllocationIn {
    amount: Text,
    #[serde(deserialize_with = "or_default")]
    amount_set: SetIn,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct TaxIn {
    price: Text,
    rate: Text,
    #[serde(deserialize_with = "or_default")]
    price_set: SetIn,
}

/// Some topics send only what changed of an order.
pub(crate) fn is_order(body: &[u8]) -> bool {
    serde_json::from_slice::<Map<String, Value>>(body)
        .map_or(true, |fields| fields.contains_key("line_items"))
}

pub(crate) fn read(_: &Shop, body: &[u8]) -> Result<SaidOrder> {
    let order: OrderIn = parse(body)?;
    let mut lines = Vec::new();
    let mut edited = false;
    let is_over = order.cancelled_at.filled().is_some() || is_nothing_left(&order)?;
    for item in &order.line_items {
        // Of an order that is over nothing is left to be sent: what was ordered stays what it was.
        let now = item.current_quantity.as_ref().and_then(Text::filled).filter(|_| !is_over);
        edited |= now.as_deref().is_some_and(|now| *now != *item.quantity);
        if amounts::decimal(now.as_deref().unwrap_or(&item.quantity))?.is_zero() {
            continue;
        }
        lines.push(line(item, now.as_deref(), order.taxes_included)?);
    }
    if let Some(tip) = tip(&order)? {
        lines.push(tip);
    }
    let mut shipping = Vec::new();
    for line in order.shipping_lines.iter().filter(|line| !line.is_removed) {
        shipping.push(charge(line, order.taxes_included)?);
    }
    let whole = preferred(&order.total_price_set, &order.total_price);
    let left = preferred(&order.current_total_price_set, &order.current_total_price);
    let total = if edited && left.filled().is_some() { left } else { whole };
    let mut delivery_price = amounts::sum(shipping.iter().map(String::as_str))?;
    if edited && left.filled().is_some() {
        delivery_price = left_of_delivery(&delivery_price, &lines, left)?;
    }
    let money = &order.total_price_set.shop_money.currency_code;
    let shipped = order.shipping_lines.iter().find(|line| !line.is_removed);
    Ok(SaidOrder {
        external_id: required(&order.id, "id")?,
        number: order.name.filled(),
        modified_at: moment(if order.updated_at.is_empty() { &order.created_at } else { &order.updated_at })?,
        currency: required(if money.is_empty() { &order.currency } else { money }, "currency")?,
        status: if is_over { CANCELLED.to_owned() } else { status(&order) },
        name: name(&order),
        phone: [
            &order.phone,
            &order.shipping_address.phone,
            &order.billing_address.phone,
            &order.customer.phone,
        ]
        .into_iter()
        .find_map(Text::filled)
        .unwrap_or_default(),
        email: order.email.filled().or_else(|| order.customer.email.filled()).unwrap_or_default(),
        lang: order.customer_locale.get(..2).map(str::to_owned),
        delivery_method: shipped.and_then(|line| line.title.filled().or_else(|| line.code.filled())),
        delivery_address: address(&order.shipping_address).or_else(|| address(&order.billing_address)),
        delivery_price,
        comment: order.note.filled(),
        payment: order.payment_gateway_names.first().and_then(Text::filled),
        paid: &*order.financial_status == "paid",
        discount: String::new(),
        total: total.filled().unwrap_or_default(),
        extra: extra(&order),
        lines,
    })
}

/// In the shop's currency; older versions have no sets.
fn preferred<'a>(set: &'a SetIn, plain: &'a Text) -> &'a Text {
    if set.shop_money.amount.is_empty() { plain } else { &set.shop_money.amount }
}

/// Everything was taken out of it or refunded. The shop may not call that a cancellation, yet it is one to whoever
/// would pack the order or waits for its money.
fn is_nothing_left(order: &OrderIn) -> Result<bool> {
    let mut was_anything = false;
    for item in &order.line_items {
        let Some(now) = item.current_quantity.as_ref().and_then(Text::filled) else { return Ok(false) };
        if !amounts::decimal(&now)?.is_zero() {
            return Ok(false);
        }
        was_anything |= !amounts::decimal(&item.quantity)?.is_zero();
    }
    Ok(was_anything)
}

fn status(order: &OrderIn) -> String {
    let over = order.closed_at.filled().map(|_| "closed".to_owned());
    over.or_else(|| order.fulfillment_status.filled()).unwrap_or_else(|| "open".to_owned())
}

fn name(order: &OrderIn) -> String {
    let joined = |first: &Text, last: &Text| {
        [first.filled(), last.filled()].into_iter().flatten().collect::<Vec<_>>().join(" ")
    };
    [
        joined(&order.customer.first_name, &order.customer.last_name),
        joined(&order.billing_address.first_name, &order.billing_address.last_name),
        joined(&order.shipping_address.first_name, &order.shipping_address.last_name),
        order.shipping_address.name.filled().unwrap_or_default(),
    ]
    .into_iter()
    .find(|name| !name.is_empty())
    .unwrap_or_default()
}

fn address(address: &AddressIn) -> Option<String> {
    address.address1.filled().or_else(|| address.city.filled())?;
    let parts = [
        &address.zip,
        &address.country,
        &address.province,
        &address.city,
        &address.address1,
        &address.address2,
    ];
    Some(parts.iter().filter_map(|part| part.filled()).collect::<Vec<_>>().join(", "))
}

fn extra(order: &OrderIn) -> Map<String, Value> {
    let codes: Vec<String> = order.discount_codes.iter().filter_map(|code| code.code.filled()).collect();
    [
        ("financial_status", order.financial_status.filled()),
        ("coupons", Some(codes.join(", ")).filter(|codes| !codes.is_empty())),
        ("company", order.billing_address.company.filled()),
        ("shop_customer", order.customer.id.id()),
    ]
    .into_iter()
    .filter_map(|(name, value)| Some((name.to_owned(), Value::from(value?))))
    .collect()
}

fn total_of(allocations: &[AllocationIn]) -> Result<Decimal> {
    let texts = allocations.iter().map(|allocation| &**preferred(&allocation.amount_set, &allocation.amount));
    amounts::decimal(&amounts::sum(texts)?)
}

/// Beside the prices; those inside them are in them already.
fn taxes(lines: &[TaxIn], included: bool) -> Result<Decimal> {
    if included {
        return Ok(Decimal::ZERO);
    }
    amounts::decimal(&amounts::sum(lines.iter().map(|tax| &**preferred(&tax.price_set, &tax.price)))?)
}

fn line(item: &ItemIn, now: Option<&str>, included: bool) -> Result<SaidLine> {
    let price = amounts::decimal(preferred(&item.price_set, &item.price))?;
    let ordered = amounts::decimal(&item.quantity)?;
    let left = amounts::decimal(now.unwrap_or(&item.quantity))?;
    // Discounts and taxes are those of all that was ordered.
    let share = |whole: Decimal| -> Decimal {
        let part = whole.checked_mul(left).and_then(|part| part.checked_div(ordered)).unwrap_or(whole);
        if left == ordered {
            whole
        } else {
            part.round_dp_with_strategy(2, RoundingStrategy::MidpointAwayFromZero)
        }
    };
    let tax = share(taxes(&item.tax_lines, included)?);
    let discount = share(total_of(&item.discount_allocations)?);
    let too_much = || Fault::invalid("money.overflow");
    let goods = price.checked_mul(left).ok_or_else(too_much)?;
    let total = goods.checked_sub(discount).and_then(|net| net.checked_add(tax)).ok_or_else(too_much)?;
    let amount = goods.checked_add(tax).ok_or_else(too_much)?;
    let rates: Vec<&TaxIn> = item
        .tax_lines
        .iter()
        .filter(|tax| amounts::decimal(preferred(&tax.price_set, &tax.price)).is_ok_and(|tax| !tax.is_zero()))
        .collect();
    let vat = match rates.as_slice() {
        [one] => amounts::decimal(&one.rate).ok().and_then(|rate| rate.checked_mul(Decimal::ONE_HUNDRED)),
        _ => None,
    };
    Ok(SaidLine {
        id: required(&item.id, "line_items.id")?,
        sku: item.sku.filled(),
        name: item.name.filled().or_else(|| item.title.filled()).unwrap_or_default(),
        quantity: left.normalize().to_string(),
        amount: amount.normalize().to_string(),
        total: total.normalize().to_string(),
        vat: vat.map(|rate| rate.normalize().to_string()),
        product: item.product_id.id(),
        variation: item.variant_id.id(),
    })
}

fn charge(line: &ShippingIn, included: bool) -> Result<String> {
    let price = amounts::decimal(preferred(&line.price_set, &line.price))?;
    let less = price.checked_sub(total_of(&line.discount_allocations)?);
    let tax = taxes(&line.tax_lines, included)?;
    let charge = less.and_then(|less| less.checked_add(tax));
    Ok(charge.ok_or_else(|| Fault::invalid("money.overflow"))?.normalize().to_string())
}

/// What is paid for the delivery when a part of it was refunded together with goods: no field says it.
fn left_of_delivery(price: &str, lines: &[SaidLine], total: &Text) -> Result<String> {
    let goods = amounts::decimal(&amounts::sum(lines.iter().map(|line| line.total.as_str()))?)?;
    let left = amounts::decimal(total)?.checked_sub(goods);
    let left = left.ok_or_else(|| Fault::invalid("money.overflow"))?;
    let is_part = !left.is_sign_negative() && left < amounts::decimal(price)?;
    Ok(if is_part { left.normalize().to_string() } else { price.to_owned() })
}

fn tip(order: &OrderIn) -> Result<Option<SaidLine>> {
    let tip = amounts::decimal(&order.total_tip_received)?;
    if tip.is_zero() {
        return Ok(None);
    }
    let total = tip.normalize().to_string();
    Ok(Some(SaidLine {
        id: "tip".to_owned(),
        sku: None,
        name: "tip".to_owned(),
        quantity: "1".to_owned(),
        amount: total.clone(),
        total,
        vat: None,
        product: None,
        variation: None,
    }))
}
