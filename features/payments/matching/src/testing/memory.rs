use std::collections::{BTreeSet, HashMap};

use takt_kernel::{Result, money::Money};

use crate::{Filed, Invoice, InvoiceState, Lookup, Reference, number_key};

/// Invoices and payers in maps; what payments does over SQL.
#[derive(Clone, Debug, Default)]
pub struct MemoryLedger {
    invoices: HashMap<i64, Filed>,
    by_reference: HashMap<Reference, i64>,
    /// Ids and rows stand sorted, each once.
    by_key: HashMap<String, Vec<i64>>,
    /// Digits of references and numbers, for the rules that this crate is compared with.
    by_digits: HashMap<String, Vec<i64>>,
    open_by_customer: HashMap<i64, Vec<Filed>>,
    open_by_residual: HashMap<(i64, &'static str), Vec<Filed>>,
    open_count: usize,
    inns: HashMap<String, Vec<i64>>,
    accounts: HashMap<String, Vec<i64>>,
    /// Hands rows out backwards, to show that their order does not matter.
    pub backwards: bool,
}

impl MemoryLedger {
    /// Adds an invoice, or replaces the one with its id.
    pub fn put(&mut self, invoice: Invoice) {
        self.forget_open(invoice.id);
        if let Some(reference) = invoice.reference {
            self.by_reference.insert(reference, invoice.id);
            insert(self.by_digits.entry(reference.digits()).or_default(), invoice.id);
        }
        for number in &invoice.numbers {
            insert(self.by_key.entry(number_key(number)).or_default(), invoice.id);
            insert(self.by_digits.entry(number.clone()).or_default(), invoice.id);
        }
        let invoice = Filed::new(invoice);
        if invoice.is_payable() {
            self.open_count += 1;
            let of_amount = amount_key(invoice.residual);
            insert_row(self.open_by_customer.entry(invoice.customer).or_default(), &invoice);
            insert_row(self.open_by_residual.entry(of_amount).or_default(), &invoice);
        }
        self.invoices.insert(invoice.id, invoice);
    }

    pub fn get(&self, id: i64) -> Option<&Invoice> {
        self.invoices.get(&id).map(|invoice| &**invoice)
    }
    pub fn open_of(&self, customer: i64) -> impl Iterator<Item = &Invoice> {
        self.open_by_customer.get(&customer).into_iter().flatten().map(|invoice| &**invoice)
    }
    pub fn by_digits(&self, digits: &str) -> Vec<i64> {
        self.by_digits.get(digits).into_iter().flatten().copied().collect()
    }
    pub const fn open_count(&self) -> usize {
        self.open_count
    }

    /// Takes an amount off what is left to pay.
    pub fn pay(&mut self, id: i64, minor: i64) {
        let Some(mut invoice) = self.get(id).cloned() else { return };
        invoice.residual = Money::new(invoice.residual.minor() - minor, invoice.residual.currency());
        if !invoice.residual.is_positive() {
            invoice.state = InvoiceState::Paid;
        }
        self.put(invoice);
    }

    pub fn learn_inn(&mut self, inn: &str, customer: i64) {
        insert(self.inns.entry(inn.to_owned()).or_default(), customer);
    }
    pub fn learn_account(&mut self, account: &str, customer: i64) {
        insert(self.accounts.entry(account.to_owned()).or_default(), customer);
    }

    fn forget_open(&mut self, id: i64) {
        if let Some(old) = self.invoices.get(&id).filter(|old| old.is_payable()) {
            self.open_count -= 1;
            let of_customer = self.open_by_customer.get_mut(&old.customer);
            let of_amount = self.open_by_residual.get_mut(&amount_key(old.residual));
            for rows in of_customer.into_iter().chain(of_amount) {
                rows.retain(|row| row.id != id);
            }
        }
    }

    fn rows(&self, ids: impl Iterator<Item = i64>, limit: usize) -> Vec<Filed> {
        let mut ids: Vec<i64> = ids.collect();
        ids.sort_unstable();
        ids.dedup();
        let rows = ids.into_iter().filter_map(|id| self.invoices.get(&id)).take(limit).cloned().collect();
        self.turned(rows)
    }

    fn turned<T>(&self, mut rows: Vec<T>) -> Vec<T> {
        if self.backwards {
            rows.reverse();
        }
        rows
    }
}

fn insert(ids: &mut Vec<i64>, id: i64) {
    if let Err(at) = ids.binary_search(&id) {
        ids.insert(at, id);
    }
}

fn insert_row(rows: &mut Vec<Filed>, row: &Filed) {
    if let Err(at) = rows.binary_search_by_key(&row.id, |row| row.id) {
        rows.insert(at, row.clone());
    }
}

fn amount_key(amount: Money) -> (i64, &'static str) {
    (amount.minor(), amount.currency().code())
}

impl Lookup for MemoryLedger {
    fn by_references(&mut self, references: &[Reference]) -> Result<Vec<Filed>> {
        let ids = references.iter().filter_map(|reference| self.by_reference.get(reference).copied());
        Ok(self.rows(ids, usize::MAX))
    }
    fn by_number_keys(&mut self, keys: &[&str], limit: usize) -> Result<Vec<Filed>> {
        let ids = keys.iter().filter_map(|key| self.by_key.get(*key)).flatten().copied();
        Ok(self.rows(ids, limit))
    }
    fn by_ids(&mut self, ids: &[i64]) -> Result<Vec<Filed>> {
        Ok(self.rows(ids.iter().copied(), usize::MAX))
    }
    fn customers_by_inn(&mut self, inn: &str, limit: usize) -> Result<Vec<i64>> {
        let known = self.inns.get(inn).into_iter().flatten().copied().take(limit).collect();
        Ok(self.turned(known))
    }
    fn customers_by_accounts(&mut self, accounts: &[String], limit: usize) -> Result<Vec<i64>> {
        let known: BTreeSet<i64> =
            accounts.iter().filter_map(|account| self.accounts.get(account)).flatten().copied().collect();
        Ok(self.turned(known.into_iter().take(limit).collect()))
    }
    fn open_of_customers(&mut self, customers: &[i64], limit: usize) -> Result<Vec<Filed>> {
        let of_all = customers.iter().filter_map(|customer| self.open_by_customer.get(customer));
        let mut open: Vec<Filed> = of_all.flatten().cloned().collect();
        open.sort_by_key(|invoice| invoice.id);
        open.truncate(limit);
        Ok(self.turned(open))
    }
    fn open_by_residual(&mut self, residual: Money, limit: usize) -> Result<Vec<Filed>> {
        let open = self.open_by_residual.get(&amount_key(residual)).into_iter().flatten();
        Ok(self.turned(open.take(limit).cloned().collect()))
    }
}
