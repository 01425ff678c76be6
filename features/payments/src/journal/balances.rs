//! What accounts hold. Sums are kept by the job that seals the journal, in its own transaction: kept by
//! each posting they would be the row that all postings of a company wait for (its bank account, its
//! revenue), and added up from the entries they would cost more with every order. So a balance is the
//! sum up to the seal and the few entries behind it, in one statement: exact at any moment. Accounts
//! that must not be overdrawn are the exception (`post`): those are rows of one customer.

use takt_kernel::{
    CompanyId, Result,
    money::{Currency, Money},
};
use takt_store::{Query, Tx, params, sql};

use super::{Account, JournalTransactionId};
use crate::entities::EntityId;

/// Debits less credits of one account over all books, per currency.
///
/// # Errors
/// Faults of the store.
pub fn balance(db: &mut dyn Query, company: CompanyId, account: Account) -> Result<Vec<Money>> {
    db.all(
        sql!(
            "select currency, cast(sum(signed_minor) as bigint) as balance_minor
             from (
               select currency, debit_minor - credit_minor as signed_minor
               from journal_balance
               where company_id = :company_id and account = :account
               union all
               select entry.currency, case entry.side when 'debit' then entry.amount_minor else -entry.amount_minor end
               from journal_unsealed as unsealed
               join journal_entry as entry on entry.company_id = unsealed.company_id
                 and entry.transaction_id = unsealed.transaction_id
               where unsealed.company_id = :company_id and entry.account = :account
             ) as part
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

/// What one account holds in one entity's books.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Standing {
    pub entity: EntityId,
    pub account: String,
    pub debit: Money,
    pub credit: Money,
}

impl Standing {
    /// # Errors
    /// `money.overflow`.
    pub fn balance(&self) -> Result<Money> {
        self.debit.subtract(self.credit)
    }
}

/// Every kind of account per entity and currency (`receivable` for all customers together), or each
/// account of one kind.
///
/// # Errors
/// Faults of the store.
pub fn standings(db: &mut dyn Query, company: CompanyId, kind: Option<&str>) -> Result<Vec<Standing>> {
    let rows = match kind {
        None => db.all(
            sql!(
                "select entity_id, currency, kind as account, cast(sum(debit_minor) as bigint) as debit_minor,
                   cast(sum(credit_minor) as bigint) as credit_minor
                 from (
                   select entity_id, currency, debit_minor, credit_minor,
                     {pg:split_part(account, ':', 1)|sqlite:case instr(account, ':') when 0 then account else substr(account, 1, instr(account, ':') - 1) end} as kind
                   from journal_balance
                   where company_id = :company_id
                   union all
                   select posted.entity_id, entry.currency,
                     case entry.side when 'debit' then entry.amount_minor else 0 end,
                     case entry.side when 'credit' then entry.amount_minor else 0 end,
                     {pg:split_part(entry.account, ':', 1)|sqlite:case instr(entry.account, ':') when 0 then entry.account else substr(entry.account, 1, instr(entry.account, ':') - 1) end}
                   from journal_unsealed as unsealed
                   join journal_transaction as posted on posted.company_id = unsealed.company_id
                     and posted.id = unsealed.transaction_id
                   join journal_entry as entry on entry.company_id = unsealed.company_id
                     and entry.transaction_id = unsealed.transaction_id
                   where unsealed.company_id = :company_id
                 ) as part
                 group by entity_id, currency, kind
                 order by entity_id, currency, kind
                 limit 10000"
            ),
            params![company_id: company],
        )?,
        Some(kind) => db.all(
            sql!(
                "select entity_id, currency, account, cast(sum(debit_minor) as bigint) as debit_minor,
                   cast(sum(credit_minor) as bigint) as credit_minor
                 from (
                   select entity_id, currency, account, debit_minor, credit_minor
                   from journal_balance
                   where company_id = :company_id and (account = :kind or (account >= :first and account < :beyond))
                   union all
                   select posted.entity_id, entry.currency, entry.account,
                     case entry.side when 'debit' then entry.amount_minor else 0 end,
                     case entry.side when 'credit' then entry.amount_minor else 0 end
                   from journal_unsealed as unsealed
                   join journal_transaction as posted on posted.company_id = unsealed.company_id
                     and posted.id = unsealed.transaction_id
                   join journal_entry as entry on entry.company_id = unsealed.company_id
                     and entry.transaction_id = unsealed.transaction_id
                   where unsealed.company_id = :company_id
                     and (entry.account = :kind or (entry.account >= :first and entry.account < :beyond))
                 ) as part
                 group by entity_id, currency, account
                 order by entity_id, currency, account
                 limit 1000"
            ),
            // `;` is the letter behind `:`, so this is every account that begins with `kind:`.
            params![company_id: company, kind: kind, first: format!("{kind}:"), beyond: format!("{kind};")],
        )?,
    };
    rows.iter()
        .map(|row| {
            let currency: Currency = row.get("currency")?;
            Ok(Standing {
                entity: row.get("entity_id")?,
                account: row.get("account")?,
                debit: Money::new(row.get("debit_minor")?, currency),
                credit: Money::new(row.get("credit_minor")?, currency),
            })
        })
        .collect()
}

/// One sealed entry of an account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AccountEntry {
    /// 1, 2, 3 … within the account, the books and the currency.
    pub number: i64,
    pub transaction: JournalTransactionId,
    pub kind: String,
    pub source: String,
    pub effective_on: String,
    /// Debits above zero, credits below.
    pub amount: Money,
    /// What the account came to with it.
    pub balance: Money,
}

/// The sealed entries of an account, newest first; `before` is the number at which the last page ended.
///
/// # Errors
/// Faults of the store.
pub fn entries(
    db: &mut dyn Query,
    company: CompanyId,
    entity: EntityId,
    account: Account,
    currency: Currency,
    before: Option<i64>,
    limit: i64,
) -> Result<Vec<AccountEntry>> {
    db.all(
        sql!(
            "select place.number, place.transaction_id, place.balance_minor, posted.kind, posted.source, posted.effective_on,
               case entry.side when 'debit' then entry.amount_minor else -entry.amount_minor end as signed_minor
             from account_entry as place
             join journal_transaction as posted on posted.company_id = place.company_id
               and posted.id = place.transaction_id
             join journal_entry as entry on entry.company_id = place.company_id
               and entry.transaction_id = place.transaction_id and entry.n = place.n
             where place.company_id = :company_id and place.entity_id = :entity_id and place.account = :account
               and place.currency = :currency and place.number < :before
             order by place.number desc
             limit :limit"
        ),
        params![
            company_id: company, entity_id: entity, account: account.to_string(), currency: currency,
            before: before.unwrap_or(i64::MAX), limit: limit,
        ],
    )?
    .iter()
    .map(|row| {
        Ok(AccountEntry {
            number: row.get("number")?,
            transaction: row.get("transaction_id")?,
            kind: row.get("kind")?,
            source: row.get("source")?,
            effective_on: row.get("effective_on")?,
            amount: Money::new(row.get("signed_minor")?, currency),
            balance: Money::new(row.get("balance_minor")?, currency),
        })
    })
    .collect()
}

/// Brings the sums up to what is being sealed: all that is unsealed up to this transaction.
pub(super) fn follow(tx: &mut Tx, company: CompanyId, last: JournalTransactionId) -> Result<()> {
    tx.put(
        sql!(
            "insert into account_entry (company_id, entity_id, account, currency, number, transaction_id, n, balance_minor)
             select entry.company_id, posted.entity_id, entry.account, entry.currency,
               coalesce(known.entries, 0) + row_number() over (
                 partition by posted.entity_id, entry.account, entry.currency
                 order by entry.transaction_id, entry.n),
               entry.transaction_id, entry.n,
               coalesce(known.debit_minor - known.credit_minor, 0)
                 + cast(sum(case entry.side when 'debit' then entry.amount_minor else -entry.amount_minor end) over (
                   partition by posted.entity_id, entry.account, entry.currency
                   order by entry.transaction_id, entry.n) as bigint)
             from journal_unsealed as unsealed
             join journal_transaction as posted on posted.company_id = unsealed.company_id
               and posted.id = unsealed.transaction_id
             join journal_entry as entry on entry.company_id = unsealed.company_id
               and entry.transaction_id = unsealed.transaction_id
             left join journal_balance as known on known.company_id = entry.company_id
               and known.entity_id = posted.entity_id and known.account = entry.account
               and known.currency = entry.currency
             where unsealed.company_id = :company_id and unsealed.transaction_id <= :last"
        ),
        params![company_id: company, last: last],
    )?;
    tx.put(
        sql!(
            "insert into journal_balance (company_id, entity_id, account, currency, debit_minor, credit_minor, entries)
             select entry.company_id, posted.entity_id, entry.account, entry.currency,
               cast(sum(case entry.side when 'debit' then entry.amount_minor else 0 end) as bigint),
               cast(sum(case entry.side when 'credit' then entry.amount_minor else 0 end) as bigint),
               count(*)
             from journal_unsealed as unsealed
             join journal_transaction as posted on posted.company_id = unsealed.company_id
               and posted.id = unsealed.transaction_id
             join journal_entry as entry on entry.company_id = unsealed.company_id
               and entry.transaction_id = unsealed.transaction_id
             where unsealed.company_id = :company_id and unsealed.transaction_id <= :last
             group by entry.company_id, posted.entity_id, entry.account, entry.currency
             on conflict (company_id, entity_id, account, currency) do update
             set debit_minor = journal_balance.debit_minor + excluded.debit_minor,
               credit_minor = journal_balance.credit_minor + excluded.credit_minor,
               entries = journal_balance.entries + excluded.entries"
        ),
        params![company_id: company, last: last],
    )
}

/// Makes all sums of a company anew from the journal: those up to the seal, and those of guarded accounts.
/// The job that seals waits meanwhile; postings go on, but for those to guarded accounts.
///
/// # Errors
/// Faults of the store.
pub fn rebuild(tx: &mut Tx, company: CompanyId) -> Result<()> {
    tx.put(
        sql!("update journal_head set number = number where company_id = :company_id"),
        params![company_id: company],
    )?;
    tx.put(sql!("delete from account_entry where company_id = :company_id"), params![company_id: company])?;
    tx.put(sql!("delete from journal_balance where company_id = :company_id"), params![company_id: company])?;
    tx.put(sql!("delete from guarded_balance where company_id = :company_id"), params![company_id: company])?;
    tx.put(
        sql!(
            "insert into account_entry (company_id, entity_id, account, currency, number, transaction_id, n, balance_minor)
             select entry.company_id, posted.entity_id, entry.account, entry.currency,
               row_number() over (
                 partition by posted.entity_id, entry.account, entry.currency
                 order by seal.number, entry.n),
               entry.transaction_id, entry.n,
               cast(sum(case entry.side when 'debit' then entry.amount_minor else -entry.amount_minor end) over (
                 partition by posted.entity_id, entry.account, entry.currency
                 order by seal.number, entry.n) as bigint)
             from journal_seal as seal
             join journal_transaction as posted on posted.company_id = seal.company_id
               and posted.id = seal.transaction_id
             join journal_entry as entry on entry.company_id = seal.company_id
               and entry.transaction_id = seal.transaction_id
             where seal.company_id = :company_id"
        ),
        params![company_id: company],
    )?;
    tx.put(
        sql!(
            "insert into journal_balance (company_id, entity_id, account, currency, debit_minor, credit_minor, entries)
             select entry.company_id, posted.entity_id, entry.account, entry.currency,
               cast(sum(case entry.side when 'debit' then entry.amount_minor else 0 end) as bigint),
               cast(sum(case entry.side when 'credit' then entry.amount_minor else 0 end) as bigint),
               count(*)
             from journal_seal as seal
             join journal_transaction as posted on posted.company_id = seal.company_id
               and posted.id = seal.transaction_id
             join journal_entry as entry on entry.company_id = seal.company_id
               and entry.transaction_id = seal.transaction_id
             where seal.company_id = :company_id
             group by entry.company_id, posted.entity_id, entry.account, entry.currency"
        ),
        params![company_id: company],
    )?;
    tx.put(
        sql!(
            "insert into guarded_balance (company_id, entity_id, account, currency, balance_minor)
             select entry.company_id, posted.entity_id, entry.account, entry.currency,
               cast(sum(case entry.side when 'credit' then entry.amount_minor else -entry.amount_minor end) as bigint)
             from journal_entry as entry
             join journal_transaction as posted on posted.company_id = entry.company_id
               and posted.id = entry.transaction_id
             where entry.company_id = :company_id
               and (entry.account like 'customer_credit:%' or entry.account like 'refund_payable:%')
             group by entry.company_id, posted.entity_id, entry.account, entry.currency"
        ),
        params![company_id: company],
    )
}
