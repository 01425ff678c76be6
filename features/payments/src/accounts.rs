//! The company's own bank accounts: only what arrives on one of them can be a receipt.

use serde::{Deserialize, Serialize};
use takt_kernel::{CompanyId, Fault, Id, Result, money::Currency};
use takt_staff::Permit;
use takt_store::{About, Query, Row, Subject, Tx, params, sql};

use crate::{
    entities::{self, EntityId},
    facts::{AccountChanged, AccountOpened},
    import,
    requisites::account_fits,
    rights::ManageBankAccounts,
};

pub enum BankAccountTag {}
pub type BankAccountId = Id<BankAccountTag>;

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BankAccount {
    pub id: BankAccountId,
    /// Whose it is.
    pub entity: EntityId,
    pub account: String,
    pub bic: String,
    pub bank_name: Option<String>,
    pub holder_name: Option<String>,
    pub inn: Option<String>,
    /// The bank's own account at the central bank.
    pub correspondent_account: Option<String>,
    pub currency: Currency,
    pub archived: bool,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct NewBankAccount {
    /// 20 digits, or an IBAN.
    pub account: String,
    pub bic: String,
    pub bank_name: Option<String>,
    pub holder_name: Option<String>,
    pub inn: Option<String>,
    pub currency: Currency,
}

/// Opens an account. Lines that were held because they named it are looked at again.
///
/// # Errors
/// Field faults `payments.account_malformed`, `payments.bic_malformed`; `payments.account_known`.
pub fn open(
    tx: &mut Tx,
    permit: &Permit<ManageBankAccounts>,
    given: &NewBankAccount,
) -> Result<BankAccountId> {
    let company = permit.company();
    let (account, bic) = checked(&given.account, &given.bic)?;
    let entity = entities::of_holder(tx, permit, given.holder_name.as_deref(), given.inn.as_deref())?;
    let id: BankAccountId = tx.new_id();
    let now = tx.now();
    let written = tx.execute(
        sql!(
            "insert into bank_account (company_id, id, account, bic, bank_name, holder_name, inn, currency, archived, created_at, entity_id)
             values (:company_id, :id, :account, :bic, :bank_name, :holder_name, :inn, :currency, :archived, :created_at, :entity_id)
             on conflict (company_id, account) do nothing"
        ),
        params![
            company_id: company, id: id, account: &account, bic: bic, bank_name: given.bank_name.clone(),
            holder_name: given.holder_name.clone(), inn: given.inn.clone(), currency: given.currency,
            archived: false, created_at: now, entity_id: entity,
        ],
    )?;
    if written == 0 {
        return Err(Fault::conflict("payments.account_known").arg("account", account));
    }
    let about = About::new(company, Subject::new("bank_account", id.get()), permit.actor());
    tx.say(about, &AccountOpened { currency: given.currency })?;
    import::look_again(tx, company)?;
    Ok(id)
}

/// Names the bank's own account at the central bank, which payment codes hold.
///
/// # Errors
/// Field fault `payments.correspondent_malformed`; `payments.account_missing`.
pub fn set_correspondent(
    tx: &mut Tx,
    permit: &Permit<ManageBankAccounts>,
    id: BankAccountId,
    given: &str,
) -> Result<()> {
    let company = permit.company();
    let account = list(tx, company)?.into_iter().find(|account| account.id == id);
    let account = account.ok_or_else(|| Fault::missing("payments.account_missing"))?;
    let correspondent = normal(given);
    if !account_fits(&correspondent, &account.bic) {
        return Err(Fault::field("correspondent_account", "payments.correspondent_malformed"));
    }
    tx.put(
        sql!(
            "update bank_account
             set correspondent_account = :correspondent_account
             where company_id = :company_id and id = :id"
        ),
        params![correspondent_account: correspondent, company_id: company, id: id],
    )?;
    changed(tx, permit, id, "correspondent_account", account.entity)
}

fn changed(
    tx: &mut Tx,
    permit: &Permit<ManageBankAccounts>,
    id: BankAccountId,
    name: &str,
    entity: EntityId,
) -> Result<()> {
    let about = About::new(permit.company(), Subject::new("bank_account", id.get()), permit.actor());
    tx.say(about, &AccountChanged { names: vec![name.to_owned()], entity: entity.get() })
}

/// All of a company, oldest first.
///
/// # Errors
/// Faults of the store.
pub fn list(db: &mut dyn Query, company: CompanyId) -> Result<Vec<BankAccount>> {
    db.all(
        sql!(
            "select id, account, bic, bank_name, holder_name, inn, correspondent_account, currency, archived, entity_id
             from bank_account
             where company_id = :company_id
             order by id
             limit 200"
        ),
        params![company_id: company],
    )?
    .iter()
    .map(read)
    .collect()
}

/// # Errors
/// `payments.account_missing`.
pub fn get(db: &mut dyn Query, company: CompanyId, id: BankAccountId) -> Result<BankAccount> {
    let known = list(db, company)?.into_iter().find(|account| account.id == id);
    known.ok_or_else(|| Fault::missing("payments.account_missing"))
}

/// From now on it is this entity's: what comes from here on stands in its books. What came before stays in those
/// in which it was posted, and pays from there.
///
/// # Errors
/// `payments.account_missing`, `payments.entity_missing`.
pub fn belongs_to(
    tx: &mut Tx,
    permit: &Permit<ManageBankAccounts>,
    id: BankAccountId,
    entity: EntityId,
) -> Result<()> {
    let company = permit.company();
    get(tx, company, id)?;
    entities::get(tx, company, entity)?;
    tx.put(
        sql!("update bank_account set entity_id = :entity_id where company_id = :company_id and id = :id"),
        params![company_id: company, id: id, entity_id: entity],
    )?;
    changed(tx, permit, id, "entity", entity)
}

/// An account and its bank as they are compared.
pub(crate) fn checked(account: &str, bic: &str) -> Result<(String, String)> {
    let (account, bic) = (normal(account), normal(bic));
    if !bic_shaped(&bic) {
        return Err(Fault::field("bic", "payments.bic_malformed"));
    }
    if !account_shaped(&account, &bic) {
        return Err(Fault::field("account", "payments.account_malformed"));
    }
    Ok((account, bic))
}

fn bic_shaped(bic: &str) -> bool {
    match bic.len() {
        9 => bic.bytes().all(|byte| byte.is_ascii_digit()),
        8 | 11 => bic.bytes().all(|byte| byte.is_ascii_alphanumeric()),
        _ => false,
    }
}

/// A Russian bank, known by its nine digits, has accounts of twenty; elsewhere there are IBANs and other kinds.
fn account_shaped(account: &str, bic: &str) -> bool {
    if bic.len() == 9 {
        return account.len() == 20 && account.bytes().all(|byte| byte.is_ascii_digit());
    }
    (5..=34).contains(&account.len()) && account.bytes().all(|byte| byte.is_ascii_alphanumeric())
}

/// An account number without the spaces people put in.
pub(crate) fn normal(text: &str) -> String {
    text.chars().filter(|letter| !letter.is_whitespace()).flat_map(char::to_uppercase).collect()
}

fn read(row: &Row) -> Result<BankAccount> {
    Ok(BankAccount {
        id: row.get("id")?,
        entity: row.get("entity_id")?,
        account: row.get("account")?,
        bic: row.get("bic")?,
        bank_name: row.get("bank_name")?,
        holder_name: row.get("holder_name")?,
        inn: row.get("inn")?,
        correspondent_account: row.get("correspondent_account")?,
        currency: row.get("currency")?,
        archived: row.get("archived")?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_account_has_the_shape_that_its_bank_gives() {
        for (account, bic, fits) in [
            ("40702810200000000001", "044525716", true),
            ("4070281020000000001", "044525716", false),
            ("NL26VAYB8060476890", "044525716", false),
            ("NL26VAYB8060476890", "VAYBNL2A", true),
            ("0012345678", "CHASUS33XXX", true),
            ("", "CHASUS33XXX", false),
        ] {
            assert_eq!(account_shaped(account, bic), fits, "{account} at {bic}");
        }
        for (bic, fits) in [("044525716", true), ("04452571A", false), ("04452", false), ("VAYBNL2A", true)] {
            assert_eq!(bic_shaped(bic), fits, "{bic}");
        }
    }
}
