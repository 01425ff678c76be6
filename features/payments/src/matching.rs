//! The window through which the pure matching engine sees invoices and payers: SQL inside the
//! caller's transaction.

use takt_kernel::{CompanyId, Result, money::Money};
use takt_payments_matching::{
    Date, Decision, Filed, IncomingLine, Invoice as Candidate, Lookup, Policy, Prefix, Reference, decide,
    payer,
};
use takt_store::{Query, Statement, Tx, params, sql};

use crate::{
    accounts::BankAccount,
    import::BankLine,
    invoices::{self, Invoice},
    policy,
};

const SEARCHED_AT_ONCE: usize = 64;
const NAMES: [&str; SEARCHED_AT_ONCE] = [
    "v0", "v1", "v2", "v3", "v4", "v5", "v6", "v7", "v8", "v9", "v10", "v11", "v12", "v13", "v14", "v15",
    "v16", "v17", "v18", "v19", "v20", "v21", "v22", "v23", "v24", "v25", "v26", "v27", "v28", "v29", "v30",
    "v31", "v32", "v33", "v34", "v35", "v36", "v37", "v38", "v39", "v40", "v41", "v42", "v43", "v44", "v45",
    "v46", "v47", "v48", "v49", "v50", "v51", "v52", "v53", "v54", "v55", "v56", "v57", "v58", "v59", "v60",
    "v61", "v62", "v63",
];

/// How a company matches.
pub(crate) struct Rules {
    pub company: CompanyId,
    pub policy: Policy,
}

impl Rules {
    pub fn of(db: &mut dyn Query, company: CompanyId, own: &[BankAccount]) -> Result<Self> {
        let mut policy = policy::policy(db, company)?;
        if let Some(prefix) = takt_staff::settings::get::<Prefix>(db, company, invoices::PREFIX)?
            && !policy.prefixes.contains(&prefix)
        {
            policy.prefixes.push(prefix);
        }
        policy.own_accounts.extend(own.iter().map(|account| account.account.clone()));
        policy.own_inns.extend(own.iter().filter_map(|account| account.inn.clone()));
        Ok(Self { company, policy })
    }

    pub fn decide(&self, tx: &mut Tx, line: &BankLine, account: &BankAccount) -> Result<Decision> {
        let mut ledger = SqlLedger { tx, company: self.company };
        decide(&incoming(line, account), &mut ledger, &self.policy)
    }

    /// Remembers who paid for whom, as far as the bank's fields can prove it.
    pub fn learn(&self, tx: &mut Tx, line: &BankLine, account: &BankAccount, customer: i64) -> Result<()> {
        let payer = payer(&incoming(line, account), &self.policy);
        let inn = payer.inn.into_iter().map(|inn| ("inn", inn));
        let accounts = payer.accounts.into_iter().map(|account| ("account", account));
        for (kind, value) in inn.chain(accounts) {
            tx.put(
                sql!(
                    "insert into known_payer (company_id, kind, value, customer_id, first_receipt_id)
                     values (:company_id, :kind, :value, :customer_id, :first_receipt_id)
                     on conflict (company_id, kind, value, customer_id) do nothing"
                ),
                params![
                    company_id: self.company, kind: kind, value: value, customer_id: customer,
                    first_receipt_id: line.id,
                ],
            )?;
        }
        Ok(())
    }
}

fn incoming<'l>(line: &'l BankLine, account: &'l BankAccount) -> IncomingLine<'l> {
    let document = &line.document;
    IncomingLine {
        amount: document.amount,
        payer_name: &document.payer.name,
        payer_inn: document.payer.inn.as_deref(),
        payer_accounts: &document.payer.accounts,
        payer_bic: document.payer.bic.as_deref(),
        purpose: &document.purpose,
        references: &document.references,
        kinds: &document.kinds,
        own_bank_bic: Some(&account.bic),
        reversal: document.reversal,
    }
}

struct SqlLedger<'t, 'c> {
    tx: &'t mut Tx<'c>,
    company: CompanyId,
}

const INVOICES: &str =
    "select id, reference, order_id, order_number, external_id, customer_id, payer_name, payer_inn,
   currency, total_minor, residual_minor, state, superseded_by, issued_on, entity_id
 from invoice
 where company_id = :company_id";

impl SqlLedger<'_, '_> {
    fn found(&mut self, statement: Statement, limit: usize) -> Result<Vec<Filed>> {
        let statement = statement
            .push("\norder by id\nlimit :limit")
            .bind("company_id", self.company)
            .bind("limit", i64::try_from(limit).unwrap_or(i64::MAX));
        self.tx.all_of(&statement)?.iter().map(|row| invoices::read(row).map(candidate)).collect()
    }

    fn payers(&mut self, kind: &str, values: &[String], limit: usize) -> Result<Vec<i64>> {
        let statement = Statement::new(
            "select distinct customer_id
             from known_payer
             where company_id = :company_id and kind = :kind and value in (",
        )
        .push_list(&NAMES, values.iter().map(String::as_str))
        .push(")\norder by customer_id\nlimit :limit")
        .bind("company_id", self.company)
        .bind("kind", kind)
        .bind("limit", i64::try_from(limit).unwrap_or(i64::MAX));
        self.tx.all_of(&statement)?.iter().map(|row| row.get("customer_id")).collect()
    }
}

impl Lookup for SqlLedger<'_, '_> {
    fn by_references(&mut self, references: &[Reference]) -> Result<Vec<Filed>> {
        let statement = Statement::new(INVOICES)
            .push("\nand reference in (")
            .push_list(&NAMES, references.iter().map(ToString::to_string))
            .push(")");
        self.found(statement, SEARCHED_AT_ONCE)
    }

    fn by_number_keys(&mut self, keys: &[&str], limit: usize) -> Result<Vec<Filed>> {
        let statement = Statement::new(INVOICES)
            .push("\nand id in (select invoice_id from invoice_number where company_id = :company_id and key in (")
            .push_list(&NAMES, keys.iter().copied())
            .push("))");
        self.found(statement, limit)
    }

    fn by_ids(&mut self, ids: &[i64]) -> Result<Vec<Filed>> {
        let statement =
            Statement::new(INVOICES).push("\nand id in (").push_list(&NAMES, ids.iter().copied()).push(")");
        self.found(statement, SEARCHED_AT_ONCE)
    }

    fn customers_by_inn(&mut self, inn: &str, limit: usize) -> Result<Vec<i64>> {
        self.payers("inn", &[inn.to_owned()], limit)
    }

    fn customers_by_accounts(&mut self, accounts: &[String], limit: usize) -> Result<Vec<i64>> {
        self.payers("account", accounts, limit)
    }

    fn open_of_customers(&mut self, customers: &[i64], limit: usize) -> Result<Vec<Filed>> {
        let statement = Statement::new(INVOICES)
            .push("\nand state = 'open' and residual_minor > 0 and customer_id in (")
            .push_list(&NAMES, customers.iter().copied())
            .push(")");
        self.found(statement, limit)
    }

    fn open_by_residual(&mut self, residual: Money, limit: usize) -> Result<Vec<Filed>> {
        let statement = Statement::new(INVOICES)
            .push("\nand state = 'open' and currency = :currency and residual_minor = :residual_minor")
            .bind("currency", residual.currency())
            .bind("residual_minor", residual.minor());
        self.found(statement, limit)
    }
}

/// An order without a known buyer is a customer of its own: nothing may tie two such together.
fn candidate(invoice: Invoice) -> Filed {
    Filed::new(Candidate {
        id: invoice.id.get(),
        reference: Reference::parse(&invoice.reference).ok(),
        numbers: std::iter::once(invoice.order_number.clone()).chain(invoice.external_id.clone()).collect(),
        dates: Date::parse_iso(&invoice.issued_on).into_iter().collect(),
        customer: invoice.customer.map_or(-invoice.order.get(), takt_customers::CustomerId::get),
        customer_name: invoice.payer_name,
        payer_inns: invoice.payer_inn.into_iter().collect(),
        total: invoice.total,
        residual: invoice.residual,
        state: invoice.state,
    })
}

#[cfg(test)]
mod tests {
    #[test]
    fn names_are_enough_for_what_is_searched_at_once() {
        let different: std::collections::BTreeSet<_> = super::NAMES.iter().collect();
        assert_eq!(different.len(), super::SEARCHED_AT_ONCE);
    }
}
