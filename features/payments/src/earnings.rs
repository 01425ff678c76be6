//! What is earned, and no longer earned: steps of shipping and of goods coming back. VAT of each rate goes
//! to the account of that rate.

use takt_kernel::{
    Actor, Fault, Result,
    money::{Money, Quantity, VatRate},
};
use takt_orders::{Line, LineId, Order, Shipped, steps::Returned};
use takt_store::Tx;

use crate::{
    days::day_in_zone_of,
    invoices,
    journal::{Account, Posting, post},
};

/// Revenue with the VAT in it, by rate.
struct Earned {
    gross: Money,
    vat: Vec<(VatRate, Money)>,
}

impl Earned {
    /// Without goods, whose VAT would be told by rate.
    fn nothing(gross: Money) -> Self {
        Self { gross, vat: Vec::new() }
    }

    fn add(&mut self, rate: VatRate, gross: Money, vat: Money) -> Result<()> {
        self.gross = self.gross.add(gross)?;
        match self.vat.iter_mut().find(|(known, _)| *known == rate) {
            Some((_, sum)) => *sum = sum.add(vat)?,
            None => self.vat.push((rate, vat)),
        }
        Ok(())
    }

    fn posted<'p>(&self, posting: Posting<'p>) -> Result<Posting<'p>> {
        let vat = Money::sum(self.gross.currency(), self.vat.iter().map(|(_, vat)| *vat))?;
        let net = self.gross.subtract(vat)?;
        let posting = posting.moves(Account::DeferredRevenue, Account::Revenue, net);
        Ok(self.vat.iter().fold(posting, |posting, (rate, vat)| {
            posting.moves(Account::DeferredRevenue, Account::VatPayable(*rate), *vat)
        }))
    }
}

/// Step of a shipment: what leaves is earned, of each line and of its VAT the share that has left by
/// now less the share that had left before, so that the parts make the whole. With the last of it the
/// delivery is earned too.
pub fn earn_at_shipping(
    tx: &mut Tx,
    order: &Order,
    parts: &[(LineId, Quantity)],
    _actor: &Actor,
) -> Result<()> {
    let mut earned = Earned::nothing(Money::zero(order.currency));
    for line in takt_orders::lines(tx, order.company, order.id)? {
        let mut of_line = parts.iter().filter(|(id, _)| *id == line.id);
        let leaves = of_line.try_fold(Quantity::ZERO, |sum, (_, quantity)| sum.add(*quantity))?;
        let mut before = line.clone();
        before.shipped = line.shipped.saturating_subtract(leaves);
        let (gross, vat) = earned_of(&line)?;
        let (gross_before, vat_before) = earned_of(&before)?;
        earned.add(line.vat, gross.subtract(gross_before)?, vat.subtract(vat_before)?)?;
    }
    if order.shipped == Shipped::All {
        earned.gross = earned.gross.add(order.delivery.price)?;
    }
    put(tx, order, "shipped", &earned)
}

/// Step of goods coming back: of each line what it had earned before less what it has earned now.
pub fn give_back_at_return(tx: &mut Tx, returned: &Returned<'_>) -> Result<()> {
    let order = returned.order;
    let mut earned = Earned::nothing(Money::zero(order.currency));
    for (before, line) in returned.before.iter().zip(returned.lines) {
        let (gross, vat) = earned_of(line)?;
        let (gross_before, vat_before) = earned_of(before)?;
        earned.add(line.vat, gross.subtract(gross_before)?, vat.subtract(vat_before)?)?;
    }
    put(tx, order, "returned", &earned)
}

/// Step of a cancellation of what had left and came back whole: the delivery is not earned either.
pub fn give_back_at_cancel(tx: &mut Tx, order: &Order, _lines: &[Line], _actor: &Actor) -> Result<()> {
    if order.shipped != Shipped::All {
        return Ok(());
    }
    put(tx, order, "delivery_returned", &Earned::nothing(order.delivery.price.negate()))
}

fn put(tx: &mut Tx, order: &Order, kind: &'static str, earned: &Earned) -> Result<()> {
    let Some(invoice) = invoices::current_of_order(tx, order.company, order.id)? else { return Ok(()) };
    let source = format!("{}:{}", order.id, order.version);
    let effective_on = day_in_zone_of(tx, order.company)?;
    let posting = Posting::new(order.company, invoice.entity, kind, &source, &effective_on);
    post(tx, &earned.posted(posting)?).map(|_| ())
}

/// What a line and its VAT have earned: the share of what it costs that left and did not come back.
fn earned_of(line: &Line) -> Result<(Money, Money)> {
    let whole = line.wanted().saturating_subtract(line.returned);
    let part = line.shipped.saturating_subtract(line.returned);
    Ok((share(line.total, part, whole)?, share(line.vat_amount, part, whole)?))
}

/// The share of a line's total that a quantity of it makes.
fn share(total: Money, part: Quantity, whole: Quantity) -> Result<Money> {
    if whole.thousandths() <= 0 {
        return Ok(Money::zero(total.currency()));
    }
    let rest = (whole.thousandths() - part.thousandths()).max(0);
    total
        .split(&[part.thousandths(), rest])
        .first()
        .copied()
        .ok_or_else(|| Fault::broken("payments.unbalanced").arg("kind", "shipped"))
}
