//! To whom an invoice is paid.

use takt_kernel::{CompanyId, Result};
use takt_store::Query;

use crate::{accounts, entities, invoices::Invoice};

/// What an invoice says of whoever gets the money. What is not known yet is left out of the paper.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Payee {
    pub name: String,
    pub inn: Option<String>,
    pub kpp: Option<String>,
    pub address: Option<String>,
    pub account: String,
    pub bic: String,
    pub bank: Option<String>,
    pub correspondent_account: Option<String>,
    pub director: Option<String>,
    pub accountant: Option<String>,
}

/// The account of the legal entity that issued the invoice, in its currency, that was opened first. None when
/// it has no such account.
///
/// # Errors
/// Faults of the store.
pub fn payee_of(db: &mut dyn Query, company: CompanyId, invoice: &Invoice) -> Result<Option<Payee>> {
    let currency = invoice.total.currency();
    let fits = |account: &accounts::BankAccount| {
        !account.archived && account.currency == currency && account.entity == invoice.entity
    };
    let Some(account) = accounts::list(db, company)?.into_iter().find(fits) else { return Ok(None) };
    let seller = entities::get(db, company, invoice.entity)?.described;
    Ok(Some(Payee {
        name: seller.name,
        inn: seller.inn,
        kpp: seller.kpp,
        address: seller.address,
        account: account.account,
        bic: account.bic,
        bank: account.bank_name,
        correspondent_account: account.correspondent_account,
        director: seller.director,
        accountant: seller.accountant,
    }))
}
