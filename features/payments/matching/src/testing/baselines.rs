//! Two rules in use elsewhere, from their published descriptions, to compare with on the same
//! payments. Neither has dates, contexts or vetoes.

use std::collections::{BTreeMap, BTreeSet};

use takt_kernel::Result;

use super::{MemoryLedger, Payment};
use crate::{Invoice, Lookup, payer};

/// What a rule settles by itself: invoices and minor units; nothing when a person is asked.
pub type Settled = Option<Vec<(i64, i64)>>;

/// Odoo's up to 16: tokens of four letters and more, reduced to digits of four and more; open
/// receivables (of the partner when the account or number tells him) which share one, by the count
/// of shared tokens, then by age. One with exactly this amount wins; else they are added up, and a
/// sum that the amount covers is accepted.
///
/// # Errors
/// Those of the lookups; there are none over maps.
pub fn odoo(payment: &Payment, ledger: &mut MemoryLedger) -> Result<Settled> {
    let tokens: BTreeSet<String> = payment
        .purpose
        .split(|letter: char| !letter.is_alphanumeric())
        .filter(|token| token.chars().count() >= 4)
        .map(digits_of)
        .filter(|digits| digits.len() >= 4)
        .collect();
    let partner = partner(payment, ledger)?;
    let mut shared: BTreeMap<i64, usize> = BTreeMap::new();
    for token in &tokens {
        for id in ledger.by_digits(token) {
            *shared.entry(id).or_default() += 1;
        }
    }
    let mut found: Vec<(usize, Invoice)> = shared
        .into_iter()
        .filter_map(|(id, count)| Some((count, ledger.get(id)?.clone())))
        .filter(|(_, invoice)| is_open(invoice, payment))
        .filter(|(_, invoice)| partner.is_none_or(|partner| invoice.customer == partner))
        .collect();
    found.sort_by_key(|(count, invoice)| (usize::MAX - count, invoice.id));
    if let Some((_, exact)) = found.iter().find(|(_, invoice)| invoice.residual == payment.amount) {
        return Ok(Some(vec![(exact.id, exact.residual.minor())]));
    }
    let sum: i64 = found.iter().map(|(_, invoice)| invoice.residual.minor()).sum();
    let accepted = !found.is_empty() && sum <= payment.amount.minor();
    let all = || found.iter().map(|(_, invoice)| (invoice.id, invoice.residual.minor())).collect();
    Ok(accepted.then(all))
}

/// SBIS's: every number of the purpose against unpaid invoices with that number; of the same
/// counterparty if there is one, else of anybody; a part is allowed.
///
/// # Errors
/// Those of the lookups; there are none over maps.
pub fn sbis(payment: &Payment, ledger: &mut MemoryLedger) -> Result<Settled> {
    let numbers: BTreeSet<String> = payment
        .purpose
        .split(|letter: char| !letter.is_ascii_digit())
        .filter(|digits| !digits.is_empty())
        .map(ToOwned::to_owned)
        .collect();
    let partner = partner(payment, ledger)?;
    let found: BTreeSet<i64> = numbers.iter().flat_map(|number| ledger.by_digits(number)).collect();
    let open: Vec<Invoice> = found
        .into_iter()
        .filter_map(|id| ledger.get(id).cloned())
        .filter(|invoice| is_open(invoice, payment))
        .collect();
    let own: Vec<&Invoice> = open.iter().filter(|invoice| Some(invoice.customer) == partner).collect();
    let chosen = if own.is_empty() { open.iter().collect() } else { own };
    let mut left = payment.amount.minor();
    let mut settled = Vec::new();
    for invoice in chosen {
        let share = invoice.residual.minor().min(left);
        if share > 0 {
            settled.push((invoice.id, share));
            left -= share;
        }
    }
    Ok((!settled.is_empty()).then_some(settled))
}

fn is_open(invoice: &Invoice, payment: &Payment) -> bool {
    invoice.is_payable() && invoice.residual.currency() == payment.amount.currency()
}

fn digits_of(token: &str) -> String {
    token.chars().filter(char::is_ascii_digit).collect()
}

/// The one customer that the payer's number or account stands for.
fn partner(payment: &Payment, ledger: &mut MemoryLedger) -> Result<Option<i64>> {
    // They know no transit payers; ours are known to nobody here either.
    let payer = payer(&payment.line(), &crate::Policy::default());
    let mut customers: BTreeSet<i64> =
        ledger.customers_by_accounts(&payer.accounts, 2)?.into_iter().collect();
    if let Some(inn) = &payer.inn {
        customers.extend(ledger.customers_by_inn(inn, 2)?);
    }
    let only = customers.first().copied();
    Ok(only.filter(|_| customers.len() == 1))
}
