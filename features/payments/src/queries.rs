//! Questions of the screens.

use std::collections::BTreeMap;

use takt_kernel::{CompanyId, Fault, Result};
use takt_orders::{Order, OrderId, panels::PayTo};
use takt_staff::Scope;
use takt_store::{Query, Statement, params, sql};

use crate::{
    accounts,
    import::{BankLine, BankLineId, ImportId, ImportSummary, LineState, line, lines},
    invoices,
};

/// A line and the company to which it belongs.
pub struct Listed {
    pub company: CompanyId,
    pub line: BankLine,
}

/// Lines in one state, newest first; `before` is the id after which the last page ended.
///
/// # Errors
/// Faults of the store.
pub fn lines_in(
    db: &mut dyn Query,
    scope: &Scope,
    state: LineState,
    before: Option<BankLineId>,
    limit: i64,
) -> Result<Vec<Listed>> {
    let statement = Statement::new(
        "select company_id, id, import_id, n, state, outcome, outcome_args, document, own_account_id, incoming, amount_minor,
           currency, tier, reasons, candidates, allocated_minor, credit_minor, received_at, decided_at
         from bank_line
         where state = :state and company_id in ",
    )
    .push(&scope.sql_list())
    .bind("state", state.code())
    .and_if(before, "\nand id < :before", "before")
    .push("\norder by id desc\nlimit :limit")
    .bind("limit", limit);
    db.all_of(&statement)?
        .iter()
        .map(|row| Ok(Listed { company: row.get("company_id")?, line: lines::read(row)? }))
        .collect()
}

/// How many lines are in each state, up to a bound that a person would not count.
///
/// # Errors
/// Faults of the store.
pub fn counts(db: &mut dyn Query, scope: &Scope) -> Result<BTreeMap<LineState, i64>> {
    let mut counts = BTreeMap::new();
    for state in [LineState::Suggested, LineState::Held] {
        let statement = Statement::new(
            "select count(*) as lines
             from (select id from bank_line where state = :state and company_id in ",
        )
        .push(&scope.sql_list())
        .push(" limit 1000) counted")
        .bind("state", state.code());
        let row = db.opt_of(&statement)?.ok_or_else(|| Fault::broken("store.row_missing"))?;
        counts.insert(state, row.get("lines")?);
    }
    Ok(counts)
}

/// A line that the scope sees.
///
/// # Errors
/// `payments.line_missing`.
pub fn visible_line(db: &mut dyn Query, scope: &Scope, id: BankLineId) -> Result<Listed> {
    let statement = Statement::new("select company_id from bank_line where id = :id and company_id in ")
        .push(&scope.sql_list())
        .bind("id", id);
    let row = db.opt_of(&statement)?.ok_or_else(|| Fault::missing("payments.line_missing"))?;
    let company = row.get("company_id")?;
    Ok(Listed { company, line: line(db, company, id)? })
}

/// Files and statements that were taken in, newest first; not each single word of a bank, which its channel shows.
///
/// # Errors
/// Faults of the store.
pub fn imports(db: &mut dyn Query, scope: &Scope, limit: i64) -> Result<Vec<(CompanyId, ImportSummary)>> {
    let statement = Statement::new(
        "select company_id, id, file_name, file_hash, format, documents, warnings, voucher_id, channel_id, came_by, created_at
         from bank_import
         where state = 'accepted' and format <> 'push' and company_id in ",
    )
    .push(&scope.sql_list())
    .push("\norder by id desc\nlimit :limit")
    .bind("limit", limit);
    db.all_of(&statement)?
        .iter()
        .map(|row| Ok((row.get("company_id")?, lines::summary(row, BTreeMap::new())?)))
        .collect()
}

/// A file that the scope sees, with the counts of its lines.
///
/// # Errors
/// `payments.import_missing`.
pub fn visible_import(db: &mut dyn Query, scope: &Scope, id: ImportId) -> Result<(CompanyId, ImportSummary)> {
    let statement = Statement::new("select company_id from bank_import where id = :id and company_id in ")
        .push(&scope.sql_list())
        .bind("id", id);
    let row = db.opt_of(&statement)?.ok_or_else(|| Fault::missing("payments.import_missing"))?;
    let company = row.get("company_id")?;
    Ok((company, lines::import_summary(db, company, id)?))
}

/// Part of the answer about an order: the invoice that is valid now.
///
/// # Errors
/// Faults of the store.
pub fn invoice_parts(
    db: &mut dyn Query,
    company: CompanyId,
    orders: &[OrderId],
) -> Result<Vec<(OrderId, &'static str, serde_json::Value)>> {
    if orders.is_empty() {
        return Ok(Vec::new());
    }
    let ids = serde_json::Value::from(orders.iter().map(|id| id.get()).collect::<Vec<_>>()).to_string();
    db.all(
        sql!(
            "select invoice.id, invoice.reference, invoice.order_id, invoice.order_number, invoice.external_id,
               invoice.customer_id, invoice.payer_name, invoice.payer_inn, invoice.currency, invoice.total_minor,
               invoice.residual_minor, invoice.state, invoice.superseded_by, invoice.issued_on
             from {pg:json_array_elements_text(cast(cast(:ids as text) as json)) as asked(value)|sqlite:json_each(:ids) as asked}
             cross join invoice
             where invoice.company_id = :company_id
               and invoice.order_id = cast(asked.value as bigint)
               and invoice.state <> 'superseded'
             order by invoice.order_id, invoice.id
             limit 5000"
        ),
        params![company_id: company, ids: ids],
    )?
        .iter()
        .map(|row| {
            let invoice = invoices::read(row)?;
            let part = serde_json::json!({
                "number": invoice.reference,
                "amount": invoice.total.to_decimal_string(),
                "left": invoice.residual.to_decimal_string(),
                "issued_on": invoice.issued_on,
            });
            Ok((invoice.order, "invoice", part))
        })
        .collect()
}

/// How the buyer of an order pays: its invoice, and the account in its currency that was opened first.
///
/// # Errors
/// Faults of the store.
pub fn pays_to(db: &mut dyn Query, order: &Order) -> Result<Option<PayTo>> {
    let Some(invoice) = invoices::current_of_order(db, order.company, order.id)? else { return Ok(None) };
    let accounts = accounts::list(db, order.company)?;
    let fits = |account: &accounts::BankAccount| !account.archived && account.currency == order.currency;
    let account = accounts.into_iter().find(fits).map(|account| PayTo {
        reference: String::new(),
        account: account.account,
        bic: account.bic,
        bank: account.bank_name,
        holder: account.holder_name,
        inn: account.inn,
    });
    Ok(Some(PayTo { reference: invoice.reference, ..account.unwrap_or_default() }))
}

/// One receipt of an order, as its card shows it.
pub struct OrderReceipt {
    pub line: BankLineId,
    pub amount: takt_kernel::money::Money,
    pub at: takt_kernel::Timestamp,
    pub tier: Option<String>,
    pub payer_name: String,
    pub undone: bool,
}

/// Money that was allocated to an order, oldest first; what was taken back is marked.
///
/// # Errors
/// Faults of the store.
pub fn receipts_of_order(
    db: &mut dyn Query,
    company: CompanyId,
    order: OrderId,
) -> Result<Vec<OrderReceipt>> {
    db.all(
        sql!(
            "select allocation.line_id, allocation.amount_minor, allocation.currency, allocation.at, allocation.tier,
               bank_line.payer_name,
               exists (select 1 from allocation undone
                 where undone.company_id = allocation.company_id and undone.reverses = allocation.id) as undone
             from allocation
             join bank_line on bank_line.company_id = allocation.company_id and bank_line.id = allocation.line_id
             where allocation.company_id = :company_id and allocation.order_id = :order_id
               and allocation.reverses is null
             order by allocation.id
             limit 100"
        ),
        params![company_id: company, order_id: order],
    )?
    .iter()
    .map(|row| {
        Ok(OrderReceipt {
            line: row.get("line_id")?,
            amount: row.money("amount_minor", "currency")?,
            at: row.get("at")?,
            tier: row.get("tier")?,
            payer_name: row.get("payer_name")?,
            undone: row.get("undone")?,
        })
    })
    .collect()
}
