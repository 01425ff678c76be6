//! How an order adds up. Prices include VAT. A line is `price × quantity` rounded half up, less its
//! own discount; the discount of the whole order is spread over the lines by largest remainder; the
//! VAT inside what is left of a line is rounded half up per line. The order is the sum of its lines
//! plus delivery, so it always adds up. Delivery carries no VAT of its own.

use takt_kernel::{
    FieldFault, Result,
    money::{Currency, Money, Quantity, UnitPrice, VatRate, line_amount},
};

/// What a line costs, as given.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Priced {
    pub quantity: Quantity,
    pub price: UnitPrice,
    pub discount: Money,
    pub vat: VatRate,
}

/// What a line comes to. `amount − discount − order_discount = total`, and `vat` is inside `total`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LineTotal {
    pub amount: Money,
    pub discount: Money,
    pub order_discount: Money,
    pub total: Money,
    pub vat: Money,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Totals {
    pub lines: Vec<LineTotal>,
    /// Σ lines after their own discounts, before the discount of the order.
    pub goods: Money,
    pub discount: Money,
    pub delivery: Money,
    pub vat: Money,
    pub total: Money,
}

/// Adds an order up.
///
/// # Errors
/// `input.fields` naming every line and amount that makes no sense: `orders.negative`,
/// `orders.quantity_not_positive`, `orders.discount_too_large`, `money.overflow`,
/// `money.mixed_currencies`.
pub fn add_up(currency: Currency, lines: &[Priced], discount: Money, delivery: Money) -> Result<Totals> {
    let mut faults = Vec::new();
    let nets: Vec<(Money, Money)> = lines
        .iter()
        .enumerate()
        .map(|(index, line)| net_of_line(currency, index, line, &mut faults))
        .collect();
    let goods = Money::sum(currency, nets.iter().map(|(_, net)| *net)).unwrap_or_else(|fault| {
        faults.push(field("lines", fault.code().to_owned()));
        Money::zero(currency)
    });
    check_amount("delivery.price", delivery, currency, &mut faults);
    if check_amount("discount", discount, currency, &mut faults) && discount > goods && faults.is_empty() {
        faults.push(too_large("discount".to_owned(), discount, goods));
    }
    if !faults.is_empty() {
        return Err(takt_kernel::Fault::from_fields(faults));
    }
    let weights: Vec<i64> = nets.iter().map(|(_, net)| net.minor()).collect();
    let totals = lines
        .iter()
        .zip(nets)
        .zip(discount.split(&weights))
        .map(|((line, (amount, net)), order_discount)| {
            let total = net.subtract(order_discount)?;
            Ok(LineTotal {
                amount,
                discount: line.discount,
                order_discount,
                total,
                vat: line.vat.included_in(total),
            })
        })
        .collect::<Result<Vec<_>>>()?;
    let vat = Money::sum(currency, totals.iter().map(|line| line.vat))?;
    let total = goods.subtract(discount)?.add(delivery)?;
    Ok(Totals { lines: totals, goods, discount, delivery, vat, total })
}

fn net_of_line(
    currency: Currency,
    index: usize,
    line: &Priced,
    faults: &mut Vec<FieldFault>,
) -> (Money, Money) {
    let nothing = (Money::zero(currency), Money::zero(currency));
    let path = |name: &str| format!("lines[{index}].{name}");
    if !line.quantity.is_positive() {
        faults.push(field(path("quantity"), "orders.quantity_not_positive"));
        return nothing;
    }
    if line.price.is_negative() {
        faults.push(field(path("price"), "orders.negative"));
        return nothing;
    }
    if !check_amount(&path("discount"), line.discount, currency, faults) {
        return nothing;
    }
    match line_amount(line.price, line.quantity, currency) {
        Ok(amount) if line.discount > amount => {
            faults.push(too_large(path("discount"), line.discount, amount));
            nothing
        }
        Ok(amount) => (amount, Money::new(amount.minor() - line.discount.minor(), currency)),
        Err(fault) => {
            faults.push(field(path("price"), fault.code().to_owned()));
            nothing
        }
    }
}

fn check_amount(path: &str, amount: Money, currency: Currency, faults: &mut Vec<FieldFault>) -> bool {
    let code = if amount.currency() != currency {
        "money.mixed_currencies"
    } else if amount.is_negative() {
        "orders.negative"
    } else {
        return true;
    };
    faults.push(field(path.to_owned(), code));
    false
}

fn field(path: impl Into<String>, code: impl Into<std::borrow::Cow<'static, str>>) -> FieldFault {
    FieldFault { path: path.into(), code: code.into(), args: Vec::new() }
}

fn too_large(path: String, discount: Money, most: Money) -> FieldFault {
    FieldFault {
        path,
        code: "orders.discount_too_large".into(),
        args: vec![
            ("discount".into(), discount.to_decimal_string()),
            ("most".into(), most.to_decimal_string()),
        ],
    }
}
