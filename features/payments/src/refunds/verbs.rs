use serde::{Deserialize, Serialize};
use takt_kernel::{
    Actor, CompanyId, Fault, PersonId, Result,
    money::{Currency, Money},
};
use takt_staff::{Permit, settings};
use takt_store::{Query, Tx};

use super::{RefundId, State, lock, parts, save};
use crate::{
    accounts, credit,
    days::day_in_zone_of,
    import::{line, record_outcome},
    journal::{Account, Posting, post},
    rights::{LimitRefunds, OrderRefunds},
};

const POLICY: &str = "payments.refunds";

/// To whom it goes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Payee {
    pub name: String,
    pub account: String,
    pub bic: String,
}

/// How a company lets money go.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Policy {
    /// Above this, and in any other currency, a second person has to agree.
    pub two_persons_above: Option<Money>,
}

impl Policy {
    fn needs_two(&self, amount: Money) -> bool {
        self.two_persons_above.is_some_and(|limit| amount.currency() != limit.currency() || amount > limit)
    }
}

/// As it is kept.
#[derive(Default, Serialize, Deserialize)]
struct Kept {
    /// In minor units.
    #[serde(default)]
    two_persons_above: Option<i64>,
    /// None is that of the company: limits from before had none.
    #[serde(default)]
    currency: Option<Currency>,
}

/// # Errors
/// Faults of the store.
pub fn policy(db: &mut dyn Query, company: CompanyId) -> Result<Policy> {
    let kept: Kept = settings::get(db, company, POLICY)?.unwrap_or_default();
    let Some(minor) = kept.two_persons_above else { return Ok(Policy::default()) };
    let currency = match kept.currency {
        Some(currency) => currency,
        None => takt_staff::companies::get(db, company)?.currency,
    };
    Ok(Policy { two_persons_above: Some(Money::new(minor, currency)) })
}

/// # Errors
/// Faults of the store.
pub fn set_policy(tx: &mut Tx, permit: &Permit<LimitRefunds>, policy: &Policy) -> Result<()> {
    let kept = Kept {
        two_persons_above: policy.two_persons_above.map(Money::minor),
        currency: policy.two_persons_above.map(Money::currency),
    };
    settings::set(tx, permit.company(), POLICY, &kept, permit.actor())
}

fn person(permit: &Permit<OrderRefunds>) -> Result<PersonId> {
    permit.actor().person().ok_or_else(|| Fault::denied("payments.refund_by_a_person"))
}

/// A person says to whom it goes and why.
///
/// # Errors
/// `payments.refund_by_a_person`, `payments.refund_is_elsewhere`; field faults `payments.payee_unnamed`,
/// `payments.account_malformed`, `payments.bic_malformed`, `payments.reason_missing`.
pub fn order(
    tx: &mut Tx,
    permit: &Permit<OrderRefunds>,
    id: RefundId,
    payee: &Payee,
    reason: &str,
) -> Result<()> {
    person(permit)?;
    let mut refund = lock(tx, permit.company(), id)?;
    refund.must_be(&[State::Payable])?;
    let (account, bic) = accounts::checked(&payee.account, &payee.bic)?;
    let (name, reason) = (payee.name.trim(), reason.trim());
    if name.is_empty() || name.len() > 500 {
        return Err(Fault::field("name", "payments.payee_unnamed"));
    }
    if reason.is_empty() || reason.len() > 2_000 {
        return Err(Fault::field("reason", "payments.reason_missing"));
    }
    let needs_two = policy(tx, permit.company())?.needs_two(refund.amount);
    refund.state = if needs_two { State::Ordered } else { State::Approved };
    refund.payee = Some(Payee { name: name.to_owned(), account, bic });
    refund.reason = Some(reason.to_owned());
    refund.ordered_by = Some(permit.actor().clone());
    save(tx, &refund, permit.actor())
}

/// A second person agrees.
///
/// # Errors
/// `payments.refund_by_a_person`, `payments.refund_needs_another`, `payments.refund_is_elsewhere`.
pub fn approve(tx: &mut Tx, permit: &Permit<OrderRefunds>, id: RefundId) -> Result<()> {
    let second = person(permit)?;
    let mut refund = lock(tx, permit.company(), id)?;
    refund.must_be(&[State::Ordered])?;
    if refund.ordered_by.as_ref().and_then(Actor::person) == Some(second) {
        return Err(Fault::conflict("payments.refund_needs_another"));
    }
    refund.state = State::Approved;
    refund.approved_by = Some(permit.actor().clone());
    save(tx, &refund, permit.actor())
}

/// It was ordered by mistake, or the bank would not take it: it is payable as before.
///
/// # Errors
/// `payments.refund_is_elsewhere`.
pub fn take_back(tx: &mut Tx, permit: &Permit<OrderRefunds>, id: RefundId) -> Result<()> {
    let mut refund = lock(tx, permit.company(), id)?;
    refund.must_be(&[State::Ordered, State::Approved, State::Sent])?;
    if !refund.confirmed.is_zero() {
        return Err(Fault::conflict("payments.refund_is_elsewhere").arg("state", refund.state.code()));
    }
    refund.state = State::Payable;
    (refund.payee, refund.reason, refund.ordered_by, refund.approved_by) = (None, None, None, None);
    save(tx, &refund, permit.actor())
}

/// The payment order went to the bank.
///
/// # Errors
/// `payments.refund_is_elsewhere`.
pub fn mark_sent(tx: &mut Tx, permit: &Permit<OrderRefunds>, id: RefundId) -> Result<()> {
    let mut refund = lock(tx, permit.company(), id)?;
    refund.must_be(&[State::Approved])?;
    refund.state = State::Sent;
    save(tx, &refund, permit.actor())
}

/// The customer leaves it with us for another order.
///
/// # Errors
/// `payments.refund_is_elsewhere`, `payments.refund_of_nobody`.
pub fn keep_as_credit(tx: &mut Tx, permit: &Permit<OrderRefunds>, id: RefundId) -> Result<()> {
    let company = permit.company();
    let mut refund = lock(tx, company, id)?;
    refund.must_be(&[State::Payable])?;
    let customer = refund.customer.ok_or_else(|| Fault::conflict("payments.refund_of_nobody"))?;
    for (from, amount) in parts(tx, &refund)? {
        let mut bank_line = line(tx, company, from)?;
        bank_line.returned = bank_line.returned.subtract(amount)?;
        bank_line.credit = bank_line.credit.add(amount)?;
        record_outcome(tx, company, &bank_line, None)?;
        credit::add(tx, company, Some(customer), from, refund.entity, amount)?;
    }
    let effective_on = day_in_zone_of(tx, company)?;
    let source = id.to_string();
    let posting = Posting::new(company, refund.entity, "refund_kept", &source, &effective_on);
    let (from, to) = (Account::RefundPayable(Some(customer)), Account::CustomerCredit(Some(customer)));
    post(tx, &posting.moves(from, to, refund.amount))?;
    refund.state = State::Kept;
    save(tx, &refund, permit.actor())
}
