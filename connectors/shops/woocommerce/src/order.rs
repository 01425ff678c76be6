//! An order as WooCommerce has it. Its amounts are without taxes, with the taxes beside them, each rounded for
//! itself; ours include them.

use rust_decimal::{Decimal, RoundingStrategy};
use serde::Deserialize;
use serde_json::{Map, Value};
use takt_kernel::Result;
use takt_shops_port::{
    SaidLine, SaidOrder, Shop, amounts, filled,
    wire::{Text, moment, or_default, parse, required},
};

const DRAFTS: [&str; 2] = ["checkout-draft", "auto-draft"];
/// Our own name of it: the buyer fetches the goods.
const PICKUP: (&str, &str) = ("local_pickup", "pickup");

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct OrderIn {
    id: Text,
    number: Text,
    status: Text,
    currency: Text,
    prices_include_tax: bool,
    date_created_gmt: Text,
    date_modified_gmt: Text,
    date_paid_gmt: Text,
    total: Text,
    customer_id: Text,
    customer_note: Text,
    payment_method: Text,
    payment_method_title: Text,
    transaction_id: Text,
    #[serde(deserialize_with = "or_default")]
    billing: AddressIn,
    #[serde(deserialize_with = "or_default")]
    shipping: AddressIn,
    #[serde(deserialize_with = "or_default")]
    line_items: Vec<ItemIn>,
    #[serde(deserialize_with = "or_default")]
    shipping_lines: Vec<ChargeIn>,
    #[serde(deserialize_with = "or_default")]
    fee_lines: Vec<ChargeIn>,
    #[serde(deserialize_with = "or_default")]
    coupon_lines: Vec<CouponIn>,
    #[serde(deserialize_with = "or_default")]
    tax_lines: Vec<TaxLineIn>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct AddressIn {
    first_name: Text,
    last_name: Text,
    company: Text,
    address_1: Text,
    address_2: Text,
    city: Text,
    state: Text,
    postcode: Text,
    country: Text,
    email: Text,
    phone: Text,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct ItemIn {
    id: Text,
    name: Text,
    product_id: Text,
    variation_id: Text,
    quantity: Text,
    subtotal: Text,
    subtotal_tax: Text,
    total: Text,
    total_tax: Text,
    sku: Text,
    #[serde(deserialize_with = "or_default")]
    taxes: Vec<TaxIn>,
}

/// Of shipping, or a fee.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct ChargeIn {
    id: Text,
    name: Text,
    method_id: Text,
    method_title: Text,
    total: Text,
    total_tax: Text,
    #[serde(deserialize_with = "or_default")]
    taxes: Vec<TaxIn>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct TaxIn {
    id: Text,
    total: Text,
    subtotal: Text,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct TaxLineIn {
    rate_id: Text,
    rate_percent: Text,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct CouponIn {
    code: Text,
}

/// A basket of the checkout that is no order yet.
pub(crate) fn is_draft(body: &[u8]) -> Result<bool> {
    let order: OrderIn = parse(body)?;
    Ok(DRAFTS.contains(&&*order.status))
}

pub(crate) fn read(_: &Shop, body: &[u8]) -> Result<SaidOrder> {
    let order: OrderIn = parse(body)?;
    let modified =
        if order.date_modified_gmt.is_empty() { &order.date_created_gmt } else { &order.date_modified_gmt };
    let taxes = Taxes { lines: &order.tax_lines, inclusive: order.prices_include_tax };
    let mut lines = order.line_items.iter().map(|item| taxes.line(item)).collect::<Result<Vec<_>>>()?;
    let mut discounts = Vec::new();
    for fee in &order.fee_lines {
        let total = taxes.gross(&fee.total, &fee.total_tax, &fee.taxes, |tax| &tax.total)?;
        match total.strip_prefix('-') {
            Some(discount) => discounts.push(discount.to_owned()),
            None => lines.push(fee_line(fee, total)),
        }
    }
    let shipping = order
        .shipping_lines
        .iter()
        .map(|line| taxes.gross(&line.total, &line.total_tax, &line.taxes, |tax| &tax.total))
        .collect::<Result<Vec<_>>>()?;
    let buyer = [&order.billing, &order.shipping].map(name_of);
    Ok(SaidOrder {
        external_id: required(&order.id, "id")?,
        number: order.number.filled(),
        modified_at: moment(modified)?,
        currency: required(&order.currency, "currency")?,
        status: required(&order.status, "status")?,
        name: buyer.into_iter().find(|name| !name.is_empty()).unwrap_or_default(),
        phone: order.billing.phone.filled().or_else(|| order.shipping.phone.filled()).unwrap_or_default(),
        email: order.billing.email.filled().unwrap_or_default(),
        lang: None,
        delivery_method: order.shipping_lines.first().and_then(method_of),
        delivery_address: address_of(&order.shipping).or_else(|| address_of(&order.billing)),
        delivery_price: amounts::sum(shipping.iter().map(String::as_str))?,
        comment: order.customer_note.filled(),
        payment: order.payment_method.filled(),
        paid: order.date_paid_gmt.filled().is_some(),
        discount: amounts::sum(discounts.iter().map(String::as_str))?,
        total: order.total.filled().unwrap_or_default(),
        extra: extra(&order),
        lines,
    })
}

fn fee_line(fee: &ChargeIn, total: String) -> SaidLine {
    SaidLine {
        id: format!("fee:{}", &*fee.id),
        sku: None,
        name: fee.name.filled().unwrap_or_else(|| "—".to_owned()),
        quantity: "1".to_owned(),
        amount: total.clone(),
        total,
        vat: None,
        product: None,
        variation: None,
    }
}

fn method_of(line: &ChargeIn) -> Option<String> {
    let id = line.method_id.filled();
    if id.as_deref() == Some(PICKUP.0) {
        return Some(PICKUP.1.to_owned());
    }
    line.method_title.filled().or(id)
}

fn name_of(address: &AddressIn) -> String {
    let parts = [&address.first_name, &address.last_name];
    parts.iter().filter_map(|part| part.filled()).collect::<Vec<_>>().join(" ")
}

/// Nothing when no place is named.
fn address_of(address: &AddressIn) -> Option<String> {
    address.address_1.filled().or_else(|| address.city.filled())?;
    let parts = [
        &address.postcode,
        &address.country,
        &address.state,
        &address.city,
        &address.address_1,
        &address.address_2,
    ];
    Some(parts.iter().filter_map(|part| part.filled()).collect::<Vec<_>>().join(", "))
}

fn extra(order: &OrderIn) -> Map<String, Value> {
    let coupons: Vec<String> = order.coupon_lines.iter().filter_map(|coupon| coupon.code.filled()).collect();
    let recipient = Some(name_of(&order.shipping)).filter(|name| *name != name_of(&order.billing));
    [
        ("payment_method", order.payment_method.filled()),
        ("payment_title", order.payment_method_title.filled()),
        ("paid_in_shop_at", order.date_paid_gmt.filled()),
        ("transaction", order.transaction_id.filled()),
        ("coupons", filled(Some(&coupons.join(", ")))),
        ("company", order.billing.company.filled()),
        ("recipient", recipient.filter(|name| !name.is_empty())),
        ("shop_customer", order.customer_id.id()),
    ]
    .into_iter()
    .filter_map(|(name, value)| Some((name.to_owned(), Value::from(value?))))
    .collect()
}

struct Taxes<'a> {
    lines: &'a [TaxLineIn],
    /// The shop's prices are with taxes: what it takes apart has to come together again.
    inclusive: bool,
}

impl Taxes<'_> {
    fn line(&self, item: &ItemIn) -> Result<SaidLine> {
        Ok(SaidLine {
            id: required(&item.id, "line_items.id")?,
            sku: item.sku.filled(),
            name: item.name.filled().unwrap_or_default(),
            quantity: item.quantity.filled().unwrap_or_default(),
            amount: self.gross(&item.subtotal, &item.subtotal_tax, &item.taxes, |tax| &tax.subtotal)?,
            total: self.gross(&item.total, &item.total_tax, &item.taxes, |tax| &tax.total)?,
            vat: self.rate(&item.taxes, |tax| &tax.total).map(|rate| rate.normalize().to_string()),
            product: item.product_id.id(),
            variation: item.variation_id.id(),
        })
    }

    /// The rate, when there is exactly one.
    fn rate(&self, taxes: &[TaxIn], of: fn(&TaxIn) -> &Text) -> Option<Decimal> {
        let mut charged =
            taxes.iter().filter(|tax| amounts::decimal(of(tax)).is_ok_and(|tax| !tax.is_zero()));
        let (first, second) = (charged.next()?, charged.next());
        if second.is_some() {
            return None;
        }
        let known = self.lines.iter().find(|line| line.rate_id == first.id)?;
        amounts::decimal(&known.rate_percent).ok().filter(|rate| rate.is_sign_positive() && !rate.is_zero())
    }

    /// An amount with its taxes. Net and tax are each rounded to cents, so that a price with tax of 99.99 comes as
    /// 83.33 and 16.67; the tax of one rate, which comes unrounded too, tells what it was.
    fn gross(&self, net: &Text, tax: &Text, taxes: &[TaxIn], of: fn(&TaxIn) -> &Text) -> Result<String> {
        let rounded = amounts::decimal(&amounts::sum([&**net, &**tax])?)?;
        let precise = || {
            let rate = self.rate(taxes, of)?;
            let tax =
                taxes.iter().filter_map(|tax| amounts::decimal(of(tax)).ok()).find(|tax| !tax.is_zero())?;
            let whole = tax.checked_mul(Decimal::ONE_HUNDRED.checked_add(rate)?)?.checked_div(rate)?;
            let whole = whole.round_dp_with_strategy(2, RoundingStrategy::MidpointAwayFromZero);
            let off = whole.checked_sub(rounded)?.abs();
            // More than what rounding does is something else.
            (off <= Decimal::new(1, 2)).then_some(whole)
        };
        let whole = if self.inclusive { precise().unwrap_or(rounded) } else { rounded };
        Ok(whole.normalize().to_string())
    }
}
