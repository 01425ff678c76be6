//! Questions of the screens.

use std::collections::BTreeMap;

use takt_kernel::{
    CompanyId, Fault, Result, Timestamp,
    money::{Currency, Money, VatRate},
};
use takt_orders::{Line, Order, OrderId, panels::PayTo};
use takt_staff::Scope;
use takt_store::{Query, Question, RecordedFact, Statement, params, sql};

use crate::{
    import::{BankLine, BankLineId, ImportId, ImportSummary, LineState, line, lines},
    invoices, payee, proofs, reach,
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
           currency, tier, reasons, candidates, allocated_minor, credit_minor, returned_minor, received_at, decided_at
         from bank_line
         where state = :state and company_id in ",
    )
    .push(&reach::whole(scope))
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
        .push(&reach::whole(scope))
        .push(" limit 1000) counted")
        .bind("state", state.code());
        let row = db.opt_of(&statement)?.ok_or_else(|| Fault::broken("store.row_missing"))?;
        counts.insert(state, row.get("lines")?);
    }
    Ok(counts)
}

/// The receipts of a time, counted exactly.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Receipts {
    pub all: i64,
    /// Dealt with by the rules.
    pub alone: i64,
    /// Dealt with by a person.
    pub by_people: i64,
    /// A person has to look.
    pub waiting: i64,
}

/// What came since a moment. A repeat of what is here already is no receipt, nor is money that left.
///
/// # Errors
/// Faults of the store.
pub fn receipts_since(db: &mut dyn Query, scope: &Scope, since: Timestamp) -> Result<Receipts> {
    let statement = Statement::new(
        "select state, decided_by is null as alone, count(*) as lines
         from bank_line
         where incoming and received_at >= :since and company_id in ",
    )
    .push(&reach::whole(scope))
    .bind("since", since)
    .push("\ngroup by state, decided_by is null\norder by state\nlimit 100");
    let mut receipts = Receipts::default();
    for row in db.all_of(&statement)? {
        let (lines, alone): (i64, bool) = (row.get("lines")?, row.get("alone")?);
        let code: String = row.get("state")?;
        match LineState::from_code(&code) {
            Some(LineState::Posted | LineState::Other) if alone => receipts.alone += lines,
            Some(LineState::Posted | LineState::Other) => receipts.by_people += lines,
            Some(LineState::Suggested | LineState::Held) => receipts.waiting += lines,
            // Still being processed.
            Some(LineState::Waiting) => {}
            Some(LineState::Duplicate | LineState::Outgoing) | None => continue,
        }
        receipts.all += lines;
    }
    Ok(receipts)
}

/// A line that the scope sees.
///
/// # Errors
/// `payments.line_missing`.
pub fn visible_line(db: &mut dyn Query, scope: &Scope, id: BankLineId) -> Result<Listed> {
    let statement = Statement::new("select company_id from bank_line where id = :id and company_id in ")
        .push(&reach::whole(scope))
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
        "select company_id, id, file_name, file_hash, format, documents, warnings, voucher_id, channel_id, came_by, created_at,
           '[]' as around
         from bank_import
         where state = 'accepted' and format <> 'push' and company_id in ",
    )
    .push(&reach::whole(scope))
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
        .push(&reach::whole(scope))
        .bind("id", id);
    let row = db.opt_of(&statement)?.ok_or_else(|| Fault::missing("payments.import_missing"))?;
    let company = row.get("company_id")?;
    Ok((company, lines::import_summary(db, company, id)?))
}

fn invoices_asked(company: CompanyId, orders: &[OrderId]) -> Question {
    Question::new(
        sql!(
            "select invoice.order_id, invoice.reference, invoice.currency, invoice.total_minor, invoice.residual_minor,
               invoice.issued_on
             from {pg:json_array_elements_text(cast(cast(:ids as text) as json)) as asked(value)|sqlite:json_each(:ids) as asked}
             cross join invoice
             where invoice.company_id = :company_id
               and invoice.order_id = cast(asked.value as bigint)
               and invoice.state <> 'superseded'
             order by invoice.order_id, invoice.id
             limit 5000"
        ),
        params![company_id: company, ids: ids_of(orders)],
    )
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
    db.all_at_once(&[invoices_asked(company, orders)])?
        .pop()
        .unwrap_or_default()
        .iter()
        .map(|row| {
            let currency: Currency = row.get("currency")?;
            let amount =
                |column: &str| Ok::<_, Fault>(Money::new(row.get(column)?, currency).to_decimal_string());
            let part = serde_json::json!({
                "number": row.text("reference")?,
                "amount": amount("total_minor")?,
                "left": amount("residual_minor")?,
                "issued_on": row.text("issued_on")?,
            });
            Ok((row.get("order_id")?, "invoice", part))
        })
        .collect()
}

/// The VAT inside an order by its rates, in the order of its lines; lines without VAT are none of it.
///
/// # Errors
/// `money.overflow`.
pub fn vat_by_rate(lines: &[Line], currency: Currency) -> Result<Vec<(VatRate, Money)>> {
    let mut found: Vec<(VatRate, Money)> = Vec::new();
    for line in lines.iter().filter(|line| line.vat != VatRate::None) {
        match found.iter_mut().find(|(rate, _)| *rate == line.vat) {
            Some((_, sum)) => *sum = sum.add(line.vat_amount)?,
            None => found.push((line.vat, Money::zero(currency).add(line.vat_amount)?)),
        }
    }
    Ok(found)
}

fn refunds_asked(company: CompanyId, orders: &[OrderId]) -> Question {
    Question::new(
        sql!(
            "select refund.order_id, refund.state, refund.amount_minor, refund.currency
             from {pg:json_array_elements_text(cast(cast(:ids as text) as json)) as asked(value)|sqlite:json_each(:ids) as asked}
             cross join refund
             where refund.company_id = :company_id
               and refund.order_id = cast(asked.value as bigint)
             order by refund.order_id, refund.id
             limit 5000"
        ),
        params![company_id: company, ids: ids_of(orders)],
    )
}

/// What the parts of payments ask.
pub fn parts_asked(company: CompanyId, orders: &[OrderId]) -> Vec<Question> {
    vec![
        invoices_asked(company, orders),
        proofs::awaited_asked(company, orders),
        refunds_asked(company, orders),
    ]
}

/// The letter about a new order names its invoice.
pub(crate) fn foreseen(fact: &RecordedFact) -> Vec<Question> {
    if fact.kind != takt_orders::facts::PLACED {
        return Vec::new();
    }
    vec![invoices::current_asked(fact.company, OrderId::new(fact.subject_id))]
}

pub(crate) fn ids_of(orders: &[OrderId]) -> String {
    serde_json::Value::from(orders.iter().map(|id| id.get()).collect::<Vec<_>>()).to_string()
}

/// Part of the answer about an order: what of its money goes back or has gone back.
///
/// # Errors
/// Faults of the store.
pub fn refund_parts(
    db: &mut dyn Query,
    company: CompanyId,
    orders: &[OrderId],
) -> Result<Vec<(OrderId, &'static str, serde_json::Value)>> {
    if orders.is_empty() {
        return Ok(Vec::new());
    }
    let rows = db.all_at_once(&[refunds_asked(company, orders)])?.pop().unwrap_or_default();
    let mut parts: BTreeMap<OrderId, Vec<serde_json::Value>> = BTreeMap::new();
    for row in &rows {
        let (order, state): (OrderId, String) = (row.get("order_id")?, row.get("state")?);
        let amount = row.money("amount_minor", "currency")?.to_decimal_string();
        parts.entry(order).or_default().push(serde_json::json!({ "amount": amount, "state": state }));
    }
    Ok(parts.into_iter().map(|(order, refunds)| (order, "refunds", refunds.into())).collect())
}

/// How the buyer of an order pays: its invoice, and the seller's account in its currency that was opened first.
///
/// # Errors
/// Faults of the store.
pub fn pays_to(db: &mut dyn Query, order: &Order) -> Result<Option<PayTo>> {
    let Some(invoice) = invoices::current_of_order(db, order.company, order.id)? else { return Ok(None) };
    let account = payee::payee_of(db, order.company, &invoice)?.map(|payee| PayTo {
        reference: String::new(),
        account: payee.account,
        bic: payee.bic,
        bank: payee.bank,
        holder: Some(payee.name),
        inn: payee.inn,
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
    /// What of it was taken back.
    pub undone: Money,
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
               cast(coalesce((select sum(undone.amount_minor)
                 from allocation as undone
                 where undone.company_id = allocation.company_id and undone.reverses = allocation.id), 0) as bigint) as undone_minor
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
            undone: Money::new(-row.get::<i64>("undone_minor")?, row.get("currency")?),
        })
    })
    .collect()
}
