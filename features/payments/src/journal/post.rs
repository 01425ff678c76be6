use takt_kernel::{
    CompanyId, Fault, Result,
    money::{Currency, Money},
};
use takt_store::{Query, Tx, params, sql};

use super::{Account, JournalTransactionId, Side, canonical};
use crate::entities::EntityId;

/// What is to be written. `source` makes it happen once: the same (kind, source) posts nothing twice.
pub struct Posting<'p> {
    pub company: CompanyId,
    /// In whose books.
    pub entity: EntityId,
    pub kind: &'static str,
    pub source: &'p str,
    /// ISO date on which it counts.
    pub effective_on: &'p str,
    pub reverses: Option<JournalTransactionId>,
    pub entries: Vec<(Account, Side, Money)>,
}

/// What became of a posting.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Posted {
    /// There was nothing to write.
    Nothing,
    New(JournalTransactionId),
    /// The same was written before, as this.
    Duplicate(JournalTransactionId),
}

impl<'p> Posting<'p> {
    pub fn new(
        company: CompanyId,
        entity: EntityId,
        kind: &'static str,
        source: &'p str,
        effective_on: &'p str,
    ) -> Self {
        Self { company, entity, kind, source, effective_on, reverses: None, entries: Vec::new() }
    }

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

    fn payload_hash(&self) -> String {
        let mut payload = canonical::Payload::new(self.kind, self.source, self.entity, self.reverses);
        for (account, side, amount) in &self.entries {
            payload.entry(&account.to_string(), side.code(), amount.minor(), amount.currency().code());
        }
        payload.hash()
    }
}

/// Writes one transaction of the journal.
///
/// # Errors
/// `payments.unbalanced`; `payments.source_taken` when the same source was posted with other amounts;
/// `payments.overdrawn` when an account that holds money of others would be spent beyond what is there.
pub fn post(tx: &mut Tx, posting: &Posting<'_>) -> Result<Posted> {
    if posting.entries.is_empty() {
        return Ok(Posted::Nothing);
    }
    if !posting.balanced() {
        return Err(Fault::broken("payments.unbalanced")
            .arg("kind", posting.kind)
            .arg("source", posting.source));
    }
    let id: JournalTransactionId = tx.new_id();
    let now = tx.now();
    let payload_hash = posting.payload_hash();
    let written = tx.execute(
        sql!(
            "insert into journal_transaction (company_id, id, kind, source, effective_on, recorded_at, reverses, entity_id, payload_hash)
             values (:company_id, :id, :kind, :source, :effective_on, :recorded_at, :reverses, :entity_id, :payload_hash)
             on conflict (company_id, kind, source) do nothing"
        ),
        params![
            company_id: posting.company, id: id, kind: posting.kind, source: posting.source,
            effective_on: posting.effective_on, recorded_at: now, reverses: posting.reverses,
            entity_id: posting.entity, payload_hash: &payload_hash,
        ],
    )?;
    if written == 0 {
        return standing(tx, posting, &payload_hash);
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
    tx.put(
        sql!(
            "insert into journal_unsealed (company_id, transaction_id) values (:company_id, :transaction_id)"
        ),
        params![company_id: posting.company, transaction_id: id],
    )?;
    guard(tx, posting)?;
    Ok(Posted::New(id))
}

/// The source was posted before: with the same content that is harmless.
fn standing(tx: &mut Tx, posting: &Posting<'_>, payload_hash: &str) -> Result<Posted> {
    let row = tx.one(
        sql!(
            "select id, payload_hash
             from journal_transaction
             where company_id = :company_id and kind = :kind and source = :source"
        ),
        params![company_id: posting.company, kind: posting.kind, source: posting.source],
    )?;
    let id: JournalTransactionId = row.get("id")?;
    let mut known: String = row.get("payload_hash")?;
    if known.is_empty() {
        known = canonical::payload_hash_of(tx, posting.company, id)?;
    }
    if known == payload_hash {
        return Ok(Posted::Duplicate(id));
    }
    Err(Fault::conflict("payments.source_taken").arg("kind", posting.kind).arg("source", posting.source))
}

/// Accounts that hold money of others have a row of their own, written last and in one order: whoever
/// spends from one waits for whoever was there before, and nobody waits in a circle.
fn guard(tx: &mut Tx, posting: &Posting<'_>) -> Result<()> {
    let mut changes: Vec<(String, Money)> = Vec::new();
    for (account, side, amount) in posting.entries.iter().filter(|(account, ..)| account.is_guarded()) {
        let change = if *side == Side::Credit { *amount } else { amount.negate() };
        let account = account.to_string();
        let same =
            |known: &&mut (String, Money)| known.0 == account && known.1.currency() == amount.currency();
        match changes.iter_mut().find(same) {
            Some((_, sum)) => *sum = sum.add(change)?,
            None => changes.push((account, change)),
        }
    }
    changes.sort_by(|one, other| one.0.cmp(&other.0));
    for (account, change) in changes {
        let row = tx.one(
            sql!(
                "insert into guarded_balance (company_id, entity_id, account, currency, balance_minor)
                 values (:company_id, :entity_id, :account, :currency, :change_minor)
                 on conflict (company_id, entity_id, account, currency) do update
                 set balance_minor = guarded_balance.balance_minor + excluded.balance_minor
                 returning balance_minor"
            ),
            params![
                company_id: posting.company, entity_id: posting.entity, account: &account,
                currency: change.currency(), change_minor: change.minor(),
            ],
        )?;
        if row.get::<i64>("balance_minor")? < 0 {
            return Err(Fault::conflict("payments.overdrawn")
                .arg("account", account)
                .arg("amount", change.negate()));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn posting(entries: Vec<(Account, Side, Money)>) -> Posting<'static> {
        let posting = Posting::new(CompanyId::new(1), EntityId::new(1), "test", "1", "2026-11-21");
        Posting { entries, ..posting }
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
