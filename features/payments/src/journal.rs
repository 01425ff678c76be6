//! The double-entry journal: append-only, balanced per transaction and currency, written in the
//! transaction of the change it accounts for. [`post`] is its only way in. A correction is a further
//! transaction; the database itself refuses to update or delete.
//!
//! | event | debit | credit |
//! |---|---|---|
//! | invoice issued | receivable | deferred revenue |
//! | bank credit | bank | unmatched |
//! | allocated | unmatched | receivable |
//! | overpaid rest | unmatched | customer credit |
//! | shipped | deferred revenue | revenue, VAT payable |
//! | invoice withdrawn, allocation undone | the reverse | |

use takt_customers::CustomerId;
use takt_kernel::{
    CompanyId, Fault, Id, Result,
    money::{Currency, Money},
};
use takt_store::{Query, Tx, params, sql};

use crate::accounts::BankAccountId;

pub enum JournalTransactionTag {}
pub type JournalTransactionId = Id<JournalTransactionTag>;

/// Where money stands. Written as text: `bank:17`, `receivable:4`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Account {
    Bank(BankAccountId),
    /// Came, belongs to nothing yet.
    Unmatched,
    Receivable(Option<CustomerId>),
    CustomerCredit(Option<CustomerId>),
    DeferredRevenue,
    Revenue,
    VatPayable,
}

impl Account {
    /// The customer of an account that was written as `customer_credit:4`.
    pub(crate) fn customer_of_credit(written: &str) -> Result<Option<CustomerId>> {
        let id = written.strip_prefix("customer_credit:").and_then(|id| id.parse::<i64>().ok());
        match id {
            Some(0) => Ok(None),
            Some(id) => Ok(Some(CustomerId::new(id))),
            None => Err(Fault::broken("store.senseless_row").arg("column", "journal_entry.account")),
        }
    }
}

impl std::fmt::Display for Account {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let of = |customer: &Option<CustomerId>| customer.map_or(0, CustomerId::get);
        match self {
            Self::Bank(account) => write!(f, "bank:{account}"),
            Self::Unmatched => f.write_str("unmatched"),
            Self::Receivable(customer) => write!(f, "receivable:{}", of(customer)),
            Self::CustomerCredit(customer) => write!(f, "customer_credit:{}", of(customer)),
            Self::DeferredRevenue => f.write_str("deferred_revenue"),
            Self::Revenue => f.write_str("revenue"),
            Self::VatPayable => f.write_str("vat_payable"),
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Side {
    Debit,
    Credit,
}

impl Side {
    const fn code(self) -> &'static str {
        match self {
            Self::Debit => "debit",
            Self::Credit => "credit",
        }
    }
    const fn other(self) -> Self {
        match self {
            Self::Debit => Self::Credit,
            Self::Credit => Self::Debit,
        }
    }
}

/// What is to be written. `source` makes it happen once: the same (kind, source) posts nothing twice.
pub struct Posting<'p> {
    pub company: CompanyId,
    pub kind: &'static str,
    pub source: &'p str,
    /// ISO date on which it counts.
    pub effective_on: &'p str,
    pub reverses: Option<JournalTransactionId>,
    pub entries: Vec<(Account, Side, Money)>,
}

impl Posting<'_> {
    /// Takes both sides of one amount; a negative amount swaps the sides, nothing posts nothing.
    pub fn moves(mut self, debit: Account, credit: Account, amount: Money) -> Self {
        let side = if amount.is_negative() { Side::Credit } else { Side::Debit };
        let amount = if amount.is_negative() { amount.negate() } else { amount };
        if amount.is_positive() {
            self.entries.push((debit, side, amount));
            self.entries.push((credit, side.other(), amount));
        }
        self
    }

    /// Debits and credits are equal in each currency, and no amount is zero or below.
    fn balanced(&self) -> bool {
        let mut sums: Vec<(Currency, i128)> = Vec::new();
        for (_, side, amount) in &self.entries {
            if !amount.is_positive() {
                return false;
            }
            let signed = i128::from(amount.minor()) * if *side == Side::Debit { 1 } else { -1 };
            match sums.iter_mut().find(|(currency, _)| *currency == amount.currency()) {
                Some((_, sum)) => *sum += signed,
                None => sums.push((amount.currency(), signed)),
            }
        }
        sums.iter().all(|(_, sum)| *sum == 0)
    }
}

/// Writes one transaction of the journal. `None` when there was nothing to write or the same source
/// was posted before.
///
/// # Errors
/// `payments.unbalanced`, and faults of the store.
pub fn post(tx: &mut Tx, posting: &Posting<'_>) -> Result<Option<JournalTransactionId>> {
    if posting.entries.is_empty() {
        return Ok(None);
    }
    if !posting.balanced() {
        return Err(Fault::broken("payments.unbalanced")
            .arg("kind", posting.kind)
            .arg("source", posting.source));
    }
    let id: JournalTransactionId = tx.new_id();
    let now = tx.now();
    let written = tx.execute(
        sql!(
            "insert into journal_transaction (company_id, id, kind, source, effective_on, recorded_at, reverses)
             values (:company_id, :id, :kind, :source, :effective_on, :recorded_at, :reverses)
             on conflict (company_id, kind, source) do nothing"
        ),
        params![
            company_id: posting.company, id: id, kind: posting.kind, source: posting.source,
            effective_on: posting.effective_on, recorded_at: now, reverses: posting.reverses,
        ],
    )?;
    if written == 0 {
        return Ok(None);
    }
    for (n, (account, side, amount)) in (1_i64..).zip(&posting.entries) {
        tx.put(
            sql!(
                "insert into journal_entry (company_id, transaction_id, n, account, side, amount_minor, currency)
                 values (:company_id, :transaction_id, :n, :account, :side, :amount_minor, :currency)"
            ),
            params![
                company_id: posting.company, transaction_id: id, n: n, account: account.to_string(),
                side: side.code(), amount_minor: amount.minor(), currency: amount.currency(),
            ],
        )?;
    }
    Ok(Some(id))
}

/// Debits less credits of one account, per currency, from the entries themselves.
///
/// # Errors
/// Faults of the store.
pub fn balance(db: &mut dyn Query, company: CompanyId, account: Account) -> Result<Vec<Money>> {
    db.all(
        sql!(
            "select currency,
               cast(sum(case side when 'debit' then amount_minor else -amount_minor end) as bigint) as balance_minor
             from journal_entry
             where company_id = :company_id and account = :account
             group by currency
             order by currency
             limit 200"
        ),
        params![company_id: company, account: account.to_string()],
    )?
    .iter()
    .map(|row| row.money("balance_minor", "currency"))
    .collect()
}

/// The journal as a whole: debits less credits of everything, which must be zero in each currency.
///
/// # Errors
/// Faults of the store.
pub fn trial_balance(db: &mut dyn Query, company: CompanyId) -> Result<Vec<Money>> {
    db.all(
        sql!(
            "select currency,
               cast(sum(case side when 'debit' then amount_minor else -amount_minor end) as bigint) as balance_minor
             from journal_entry
             where company_id = :company_id
             group by currency
             order by currency
             limit 200"
        ),
        params![company_id: company],
    )?
    .iter()
    .map(|row| row.money("balance_minor", "currency"))
    .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn posting(entries: Vec<(Account, Side, Money)>) -> Posting<'static> {
        Posting {
            company: CompanyId::new(1),
            kind: "test",
            source: "1",
            effective_on: "2026-11-21",
            reverses: None,
            entries,
        }
    }

    #[test]
    fn a_posting_balances_in_each_currency_or_is_refused() {
        let rub = |minor| Money::new(minor, Currency::RUB);
        let eur = |minor| Money::new(minor, Currency::EUR);
        let (one, other) = (Account::Unmatched, Account::Revenue);
        for (entries, balanced) in [
            (vec![(one, Side::Debit, rub(5)), (other, Side::Credit, rub(5))], true),
            (vec![(one, Side::Debit, rub(5)), (other, Side::Credit, rub(4))], false),
            (vec![(one, Side::Debit, rub(5)), (other, Side::Credit, eur(5))], false),
            (vec![(one, Side::Debit, rub(0)), (other, Side::Credit, rub(0))], false),
            (vec![(one, Side::Debit, rub(-5)), (other, Side::Credit, rub(-5))], false),
        ] {
            assert_eq!(posting(entries.clone()).balanced(), balanced, "{entries:?}");
        }
    }

    #[test]
    fn a_negative_amount_moves_the_other_way() {
        let moved =
            posting(Vec::new()).moves(Account::Unmatched, Account::Revenue, Money::new(-7, Currency::RUB));
        assert_eq!(moved.entries[0], (Account::Unmatched, Side::Credit, Money::new(7, Currency::RUB)));
        assert!(moved.balanced());
    }
}
