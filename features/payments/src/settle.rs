//! What a receipt pays: by the rules, by a person's choice, and how a choice is taken back. Journal,
//! allocation, order and facts change in one transaction or not at all.

use std::collections::BTreeMap;

use takt_customers::CustomerId;
use takt_kernel::{
    Actor, CompanyId, Fault, Id, Kind, Result,
    money::{Currency, Money},
};
use takt_orders::{
    OrderId,
    receipt::{Evidence, VerifiedReceipt},
    steps,
};
use takt_payments_matching::{Allocation, Decision, InvoiceState, Reason};
use takt_staff::{Permit, Scope};
use takt_store::{About, Query, Subject, Tx, params, sql};

use crate::{
    accounts::{self, BankAccount},
    claims, credit,
    days::day_in_zone_of,
    entities::{self, EntityId},
    facts::{CreditTakenBack, Held, Matched, MatchedPart, SetAside, Suggested, Unmatched},
    import::{BankLine, BankLineId, LineState, Outcome, line, record_outcome},
    invoices::{self, Invoice, InvoiceId},
    journal::{Account, Posting, post},
    matching::Rules,
    rights::MatchMoney,
};

pub enum AllocationTag {}
pub type AllocationId = Id<AllocationTag>;

/// Lets the rules decide and carries the decision out. A decision that the orders refuse (cancelled
/// a moment ago) becomes a suggestion.
pub(crate) fn by_rules(
    tx: &mut Tx,
    rules: &Rules,
    mut bank_line: BankLine,
    account: &BankAccount,
    receipt: &VerifiedReceipt,
    actor: &Actor,
) -> Result<()> {
    // What each rule said is kept behind the reasons, for whoever asks later.
    let with = |mut reasons: Vec<Reason>, looked: Reason| {
        reasons.push(looked);
        reasons
    };
    let (allocations, credit, tier, reasons) = match rules.decide(tx, &bank_line, account)? {
        Decision::Settle { tier, allocations, credit, reasons, looked } => {
            (allocations, credit, tier, with(reasons, looked))
        }
        Decision::Partial { tier, allocation, reasons, looked } => {
            (vec![allocation], None, tier, with(reasons, looked))
        }
        Decision::Suggest { candidates, vetoes, looked, .. } => {
            bank_line.candidates = candidates;
            return suggest(tx, rules.company, bank_line, with(vetoes, looked), actor);
        }
        Decision::NotReceivable { class, reasons } => {
            let class = serde_json::to_value(class).unwrap_or_default();
            bank_line.outcome = Outcome::new(LineState::Other, "payments.other_money")
                .arg("class", class.as_str().unwrap_or_default());
            bank_line.reasons = reasons;
            return record_outcome(tx, rules.company, &bank_line, None);
        }
    };
    if let Some(seller) = other_seller(tx, rules.company, account, &allocations)? {
        return hold_for_seller(tx, rules.company, bank_line, &seller, reasons, actor);
    }
    let tier = format!("{tier:?}");
    let carried = tx.savepoint(|tx| {
        let parts = allocate(tx, account.entity, &allocations, Some(&tier), receipt, actor)?;
        if let Some(credit) = credit {
            give_credit(tx, rules.company, &bank_line, account.entity, &parts, credit)?;
        }
        Ok(parts)
    });
    let parts = match carried {
        Ok(parts) => parts,
        Err(fault) if matches!(fault.kind(), Kind::Conflict | Kind::Missing | Kind::Invalid) => {
            tracing::info!(line = %bank_line.id, refusal = %fault, "a rule's decision was refused");
            return suggest(tx, rules.company, bank_line, reasons, actor);
        }
        Err(fault) => return Err(fault),
    };
    if let [Some(customer)] = customers(&parts)[..]
        && teaches(receipt)
    {
        rules.learn(tx, &bank_line, account, customer)?;
    }
    finish_posted(tx, rules.company, bank_line, &parts, credit, Some(tier), reasons, actor)
}

/// What a person chose for a receipt.
#[derive(Clone, Copy)]
pub struct Choice<'c> {
    pub parts: &'c [(InvoiceId, Money)],
    /// What is left goes to the customer's credit.
    pub rest_to_credit: bool,
    /// The payer is known as this customer from now on, as far as the bank's fields prove who it is.
    pub remember: bool,
}

/// As [`accept_choice`], and remembers the payer.
///
/// # Errors
/// As there.
pub fn accept(
    tx: &mut Tx,
    permit: &Permit<MatchMoney>,
    id: BankLineId,
    chosen: &[(InvoiceId, Money)],
    rest_to_credit: bool,
) -> Result<()> {
    accept_choice(tx, permit, id, &Choice { parts: chosen, rest_to_credit, remember: true })
}

/// A person's choice: these invoices get these amounts; what is left goes to the customer's credit
/// when asked, else it goes on waiting.
///
/// # Errors
/// `payments.not_waiting`, `payments.nothing_chosen`, `payments.more_than_left`,
/// `payments.more_than_owed`, and refusals of the orders.
pub fn accept_choice(
    tx: &mut Tx,
    permit: &Permit<MatchMoney>,
    id: BankLineId,
    choice: &Choice<'_>,
) -> Result<()> {
    let Choice { parts: chosen, rest_to_credit, remember } = *choice;
    let company = permit.company();
    let mut bank_line = line(tx, company, id)?;
    let waits = matches!(bank_line.outcome.state, LineState::Suggested | LineState::Other);
    if !waits && bank_line.outcome.code != OTHER_SELLER {
        return Err(Fault::conflict("payments.not_waiting"));
    }
    if chosen.is_empty() {
        return Err(Fault::invalid("payments.nothing_chosen"));
    }
    let receipt = VerifiedReceipt::kept(tx, company, id.get())?
        .ok_or_else(|| Fault::conflict("payments.not_a_receipt"))?;
    let chosen_sum = Money::sum(bank_line.amount.currency(), chosen.iter().map(|(_, amount)| *amount))?;
    if chosen.iter().any(|(_, amount)| !amount.is_positive()) || chosen_sum > bank_line.left() {
        return Err(Fault::invalid("payments.more_than_left").arg("left", bank_line.left()));
    }
    let allocations: Vec<Allocation> = chosen
        .iter()
        .map(|(invoice, amount)| Allocation { invoice: invoice.get(), amount: *amount })
        .collect();
    let entity = entity_of(tx, company, &bank_line)?;
    let parts = allocate(tx, entity, &allocations, None, &receipt, permit.actor())?;
    let rest = bank_line.left().subtract(chosen_sum)?;
    let credit = (rest_to_credit && rest.is_positive()).then_some(rest);
    if let Some(credit) = credit {
        give_credit(tx, company, &bank_line, entity, &parts, credit)?;
    }
    if remember && teaches(&receipt) {
        learn_from_choice(tx, company, &bank_line, &parts)?;
    }
    let reasons = std::mem::take(&mut bank_line.reasons);
    finish_posted(tx, company, bank_line, &parts, credit, None, reasons, permit.actor())
}

/// A person says whose money it is, though it is for no order yet: all that is left waits as credit.
///
/// # Errors
/// `payments.not_waiting`, `payments.not_a_receipt`, `payments.nothing_chosen`.
pub fn keep_for(
    tx: &mut Tx,
    permit: &Permit<MatchMoney>,
    id: BankLineId,
    customer: CustomerId,
) -> Result<()> {
    let company = permit.company();
    let mut bank_line = line(tx, company, id)?;
    let left = bank_line.left();
    if !matches!(bank_line.outcome.state, LineState::Suggested | LineState::Other) || !left.is_positive() {
        return Err(Fault::conflict("payments.not_waiting"));
    }
    VerifiedReceipt::kept(tx, company, id.get())?.ok_or_else(|| Fault::conflict("payments.not_a_receipt"))?;
    let scope = Scope::Company { company, shops: None };
    let customer = takt_customers::get(tx, &scope, customer)?.id;
    let entity = entity_of(tx, company, &bank_line)?;
    let effective_on = day_in_zone_of(tx, company)?;
    let source = format!("{}:{}", id, tx.new_id::<()>());
    let posting = Posting::new(company, entity, "credit_given", &source, &effective_on);
    post(tx, &posting.moves(Account::Unmatched, Account::CustomerCredit(Some(customer)), left))?;
    credit::add(tx, company, Some(customer), id, entity, left)?;
    bank_line.credit = bank_line.credit.add(left)?;
    bank_line.outcome = Outcome::new(LineState::Posted, "payments.kept_for_customer");
    record_outcome(tx, company, &bank_line, Some(&actor_text(permit.actor())?))?;
    let about = About::new(company, Subject::new("bank_line", id.get()), permit.actor());
    let fact = Matched { tier: None, allocations: Vec::new(), credit: Some(left.to_decimal_string()) };
    tx.say(about, &fact)
}

/// Money that is for no order, by a person's word: it stays in the journal as unmatched.
///
/// # Errors
/// `payments.not_waiting`.
pub fn set_aside(tx: &mut Tx, permit: &Permit<MatchMoney>, id: BankLineId) -> Result<()> {
    let mut bank_line = line(tx, permit.company(), id)?;
    if bank_line.outcome.state != LineState::Suggested || bank_line.allocated.is_positive() {
        return Err(Fault::conflict("payments.not_waiting"));
    }
    bank_line.outcome = Outcome::new(LineState::Other, "payments.set_aside");
    record_outcome(tx, permit.company(), &bank_line, Some(&actor_text(permit.actor())?))?;
    let about = About::new(permit.company(), Subject::new("bank_line", id.get()), permit.actor());
    tx.say(about, &SetAside {})
}

/// Takes back all that a line has paid, as reversing entries; it waits for a choice again.
///
/// # Errors
/// `payments.nothing_to_undo`, and refusals of the orders.
pub fn undo(tx: &mut Tx, permit: &Permit<MatchMoney>, id: BankLineId) -> Result<()> {
    let mut bank_line = line(tx, permit.company(), id)?;
    take_all_back(tx, &mut bank_line, permit.company(), permit.actor())?;
    bank_line.outcome = Outcome::new(LineState::Suggested, "payments.undone");
    record_outcome(tx, permit.company(), &bank_line, Some(&actor_text(permit.actor())?))
}

/// All that a line pays and the credit it gave become unmatched again; what was given back stays given back.
pub(crate) fn take_all_back(
    tx: &mut Tx,
    bank_line: &mut BankLine,
    company: CompanyId,
    actor: &Actor,
) -> Result<()> {
    let mut standing = standing_allocations(tx, company, bank_line.id)?;
    if standing.is_empty() && bank_line.credit.is_zero() {
        return Err(Fault::conflict("payments.nothing_to_undo"));
    }
    let effective_on = day_in_zone_of(tx, company)?;
    let entity = entity_of(tx, company, bank_line)?;
    // Orders are locked by their ids, so that nobody waits in a circle.
    standing.sort_by_key(|held| held.order);
    for held in &standing {
        undo_allocation(tx, company, entity, bank_line, held, &effective_on, actor)?;
    }
    for (customer, credit) in credit::withdraw_of_line(tx, company, bank_line)? {
        let source = format!("{}:{}", bank_line.id, tx.new_id::<()>());
        let posting = Posting::new(company, entity, "credit_undone", &source, &effective_on);
        post(tx, &posting.moves(Account::CustomerCredit(customer), Account::Unmatched, credit))?;
        let about = About::new(company, Subject::new("bank_line", bank_line.id.get()), actor);
        let fact = CreditTakenBack {
            customer: customer.map(CustomerId::get),
            amount: credit.to_decimal_string(),
            currency: credit.currency(),
        };
        tx.say(about, &fact)?;
    }
    bank_line.allocated = Money::zero(bank_line.amount.currency());
    bank_line.credit = bank_line.allocated;
    bank_line.tier = None;
    Ok(())
}

/// One part of a receipt that pays an invoice now.
pub struct StandingAllocation {
    pub id: AllocationId,
    pub invoice: InvoiceId,
    pub order: OrderId,
    pub amount: Money,
    pub order_number: String,
}

/// What a line pays now: allocations that were not taken back.
///
/// # Errors
/// Faults of the store.
pub fn standing_allocations(
    db: &mut dyn Query,
    company: CompanyId,
    id: BankLineId,
) -> Result<Vec<StandingAllocation>> {
    db.all(
        sql!(
            "select allocated.id, allocated.invoice_id, allocated.order_id, allocated.amount_minor, allocated.currency,
               allocated.order_number
             from (
               select allocation.id, allocation.invoice_id, allocation.order_id, allocation.currency, invoice.order_number,
                 cast(allocation.amount_minor + coalesce((select sum(undone.amount_minor)
                   from allocation as undone
                   where undone.company_id = allocation.company_id and undone.reverses = allocation.id), 0) as bigint) as amount_minor
               from allocation
               join invoice on invoice.company_id = allocation.company_id and invoice.id = allocation.invoice_id
               where allocation.company_id = :company_id and allocation.line_id = :line_id
                 and allocation.reverses is null
             ) as allocated
             where allocated.amount_minor > 0
             order by allocated.id
             limit 1000"
        ),
        params![company_id: company, line_id: id],
    )?
    .iter()
    .map(|row| {
        Ok(StandingAllocation {
            id: row.get("id")?,
            invoice: row.get("invoice_id")?,
            order: row.get("order_id")?,
            amount: row.money("amount_minor", "currency")?,
            order_number: row.get("order_number")?,
        })
    })
    .collect()
}

/// One invoice that got money.
struct Part {
    invoice: Invoice,
    amount: Money,
}

fn allocate(
    tx: &mut Tx,
    entity: EntityId,
    allocations: &[Allocation],
    tier: Option<&str>,
    receipt: &VerifiedReceipt,
    actor: &Actor,
) -> Result<Vec<Part>> {
    let company = receipt.company();
    let effective_on = day_in_zone_of(tx, company)?;
    lock_orders(tx, company, allocations)?;
    let mut parts = Vec::with_capacity(allocations.len());
    for Allocation { invoice, amount } in allocations {
        let invoice = payable(tx, company, Id::new(*invoice))?;
        if invoice.entity != entity {
            return Err(Fault::conflict("payments.other_seller").arg("invoice", &invoice.reference));
        }
        if *amount > invoice.residual {
            return Err(Fault::conflict("payments.more_than_owed")
                .arg("invoice", &invoice.reference)
                .arg("owed", invoice.residual));
        }
        let id = pay(tx, receipt, &invoice, *amount, tier, actor)?;
        let source = id.to_string();
        let posting = Posting::new(company, entity, "allocated", &source, &effective_on);
        post(tx, &posting.moves(Account::Unmatched, Account::Receivable(invoice.customer), *amount))?;
        parts.push(Part { invoice, amount: *amount });
    }
    Ok(parts)
}

/// As in the verbs of orders the order comes before its invoice, several by their ids, so that nobody
/// waits in a circle.
fn lock_orders(tx: &mut Tx, company: CompanyId, allocations: &[Allocation]) -> Result<()> {
    let mut orders = Vec::with_capacity(allocations.len());
    for allocation in allocations {
        orders.push(invoices::get(tx, company, Id::new(allocation.invoice))?.order);
    }
    orders.sort_unstable();
    orders.dedup();
    orders.into_iter().try_for_each(|order| steps::lock(tx, company, order).map(|_| ()))
}

/// Who pays the old paper pays the new invoice.
pub(crate) fn payable(tx: &mut Tx, company: CompanyId, id: InvoiceId) -> Result<Invoice> {
    let invoice = invoices::get(tx, company, id)?;
    match invoice.state {
        InvoiceState::Superseded { by } => invoices::get(tx, company, Id::new(by)),
        InvoiceState::Open | InvoiceState::Paid | InvoiceState::Cancelled | InvoiceState::Expired => {
            Ok(invoice)
        }
    }
}

fn give_credit(
    tx: &mut Tx,
    company: CompanyId,
    bank_line: &BankLine,
    entity: EntityId,
    parts: &[Part],
    credit: Money,
) -> Result<()> {
    let [customer] = customers(parts)[..] else {
        return Err(Fault::conflict("payments.credit_of_several"));
    };
    let customer = customer.map(CustomerId::new);
    let effective_on = day_in_zone_of(tx, company)?;
    let source = format!("{}:{}", bank_line.id, tx.new_id::<()>());
    let posting = Posting::new(company, entity, "credit_given", &source, &effective_on);
    post(tx, &posting.moves(Account::Unmatched, Account::CustomerCredit(customer), credit))?;
    credit::add(tx, company, customer, bank_line.id, entity, credit)
}

fn undo_allocation(
    tx: &mut Tx,
    company: CompanyId,
    entity: EntityId,
    bank_line: &BankLine,
    held: &StandingAllocation,
    effective_on: &str,
    actor: &Actor,
) -> Result<()> {
    let (id, valid) = unpay(tx, company, bank_line.id, held, held.amount, "payments.undone", actor)?;
    let source = id.to_string();
    let posting = Posting::new(company, entity, "allocation_undone", &source, effective_on);
    post(tx, &posting.moves(Account::Receivable(valid.customer), Account::Unmatched, held.amount))?;
    let about = About::new(company, Subject::new("bank_line", bank_line.id.get()), actor);
    tx.say(
        about,
        &Unmatched {
            order: held.order.get(),
            invoice: held.invoice.get(),
            amount: held.amount.to_decimal_string(),
        },
    )
}

/// Takes this much of an allocation off its order again, with a row of its own. Answers the row and the
/// invoice under which the order's money stands.
pub(crate) fn unpay(
    tx: &mut Tx,
    company: CompanyId,
    line: BankLineId,
    held: &StandingAllocation,
    amount: Money,
    why: &str,
    actor: &Actor,
) -> Result<(AllocationId, Invoice)> {
    let order = takt_orders::record_unpaid(tx, company, line.get(), held.order, amount, why, actor)?;
    invoices::follow(tx, &order)?;
    claims::went(tx, company, held.order, line)?;
    let (invoice, valid) = (invoices::get(tx, company, held.invoice)?, payable(tx, company, held.invoice)?);
    let id: AllocationId = tx.new_id();
    let written_by = actor_text(actor)?;
    put_allocation(tx, company, id, line, &invoice, amount.negate(), None, &written_by, Some(held.id))?;
    Ok((id, valid))
}

/// Counts this much of a line's receipt towards an order. Answers the row.
pub(crate) fn pay(
    tx: &mut Tx,
    receipt: &VerifiedReceipt,
    invoice: &Invoice,
    amount: Money,
    tier: Option<&str>,
    actor: &Actor,
) -> Result<AllocationId> {
    let order = takt_orders::record_paid(tx, receipt, invoice.order, amount, actor)?;
    invoices::follow(tx, &order)?;
    let line = BankLineId::new(receipt.id());
    if order.is_paid_in_full() {
        claims::came(tx, &order, line)?;
    }
    let id: AllocationId = tx.new_id();
    let written_by = actor_text(actor)?;
    put_allocation(tx, receipt.company(), id, line, invoice, amount, tier, &written_by, None)?;
    Ok(id)
}

/// A part of a receipt that an order got or lost without the receipt itself being matched anew.
pub(crate) fn write_part(
    tx: &mut Tx,
    company: CompanyId,
    line: BankLineId,
    invoice: &Invoice,
    amount: Money,
    actor: &Actor,
    reverses: Option<AllocationId>,
) -> Result<AllocationId> {
    let id: AllocationId = tx.new_id();
    let written_by = actor_text(actor)?;
    put_allocation(tx, company, id, line, invoice, amount, None, &written_by, reverses)?;
    Ok(id)
}

#[expect(clippy::too_many_arguments, reason = "one row, written from two places")]
fn put_allocation(
    tx: &mut Tx,
    company: CompanyId,
    id: AllocationId,
    line: BankLineId,
    invoice: &Invoice,
    amount: Money,
    tier: Option<&str>,
    actor: &str,
    reverses: Option<AllocationId>,
) -> Result<()> {
    let now = tx.now();
    tx.put(
        sql!(
            "insert into allocation (company_id, id, line_id, invoice_id, order_id, amount_minor, currency, tier, actor, at, reverses)
             values (:company_id, :id, :line_id, :invoice_id, :order_id, :amount_minor, :currency, :tier, :actor, :at, :reverses)"
        ),
        params![
            company_id: company, id: id, line_id: line, invoice_id: invoice.id, order_id: invoice.order,
            amount_minor: amount.minor(), currency: amount.currency(), tier: tier, actor: actor, at: now,
            reverses: reverses,
        ],
    )
}

#[expect(clippy::too_many_arguments, reason = "everything that a decision says of its line")]
fn finish_posted(
    tx: &mut Tx,
    company: CompanyId,
    mut bank_line: BankLine,
    parts: &[Part],
    credit: Option<Money>,
    tier: Option<String>,
    reasons: Vec<Reason>,
    actor: &Actor,
) -> Result<()> {
    let currency: Currency = bank_line.amount.currency();
    let allocated = Money::sum(currency, parts.iter().map(|part| part.amount))?;
    bank_line.allocated = bank_line.allocated.add(allocated)?;
    bank_line.credit = bank_line.credit.add(credit.unwrap_or(Money::zero(currency)))?;
    bank_line.tier.clone_from(&tier);
    bank_line.reasons = reasons;
    let orders = parts.iter().map(|part| part.invoice.order_number.as_str()).collect::<Vec<_>>().join(", ");
    let (state, code) = if bank_line.left().is_zero() {
        (LineState::Posted, "payments.posted")
    } else {
        (LineState::Suggested, "payments.posted_in_part")
    };
    let args: BTreeMap<String, String> = std::mem::take(&mut bank_line.outcome.args);
    bank_line.outcome = Outcome { state, code: code.to_owned(), args }
        .arg("orders", orders)
        .arg("left", bank_line.left())
        .arg("tier", tier.as_deref().unwrap_or("-"));
    let decided_by = actor_text(actor)?;
    record_outcome(tx, company, &bank_line, tier.is_none().then_some(decided_by.as_str()))?;
    let about = About::new(company, Subject::new("bank_line", bank_line.id.get()), actor);
    tx.say(
        about,
        &Matched {
            tier,
            allocations: parts
                .iter()
                .map(|part| MatchedPart {
                    order: part.invoice.order.get(),
                    invoice: part.invoice.id.get(),
                    amount: part.amount.to_decimal_string(),
                })
                .collect(),
            credit: credit.map(Money::to_decimal_string),
        },
    )
}

fn suggest(
    tx: &mut Tx,
    company: CompanyId,
    mut bank_line: BankLine,
    why: Vec<Reason>,
    actor: &Actor,
) -> Result<()> {
    let candidates = bank_line.candidates.len();
    bank_line.outcome = Outcome::new(
        LineState::Suggested,
        if candidates == 0 { "payments.no_candidate" } else { "payments.suggested" },
    )
    .arg("candidates", candidates);
    bank_line.reasons = why;
    record_outcome(tx, company, &bank_line, None)?;
    let about = About::new(company, Subject::new("bank_line", bank_line.id.get()), actor);
    tx.say(about, &Suggested { candidates })
}

/// What two persons wrote of a payer is not the bank's word of who it is.
fn teaches(receipt: &VerifiedReceipt) -> bool {
    !matches!(receipt.evidence(), Evidence::TwoPersons { .. })
}

fn learn_from_choice(tx: &mut Tx, company: CompanyId, bank_line: &BankLine, parts: &[Part]) -> Result<()> {
    let [Some(customer)] = customers(parts)[..] else { return Ok(()) };
    let own = accounts::list(tx, company)?;
    let Some(account) = own.iter().find(|account| Some(account.id) == bank_line.own_account) else {
        return Ok(());
    };
    Rules::of(tx, company, &own)?.learn(tx, bank_line, account, customer)
}

/// The different customers of the invoices that got money.
fn customers(parts: &[Part]) -> Vec<Option<i64>> {
    let mut customers: Vec<Option<i64>> =
        parts.iter().map(|part| part.invoice.customer.map(takt_customers::CustomerId::get)).collect();
    customers.sort_unstable();
    customers.dedup();
    customers
}

/// In whose books a receipt stands: those in which it was posted, whoever owns the account now.
pub(crate) fn entity_of(db: &mut dyn Query, company: CompanyId, bank_line: &BankLine) -> Result<EntityId> {
    let posted = db.opt(
        sql!(
            "select entity_id
             from journal_transaction
             where company_id = :company_id and kind in ('bank_credit', 'bank_credit_by_hand') and source = :source
             order by kind
             limit 1"
        ),
        params![company_id: company, source: bank_line.id.to_string()],
    )?;
    posted.ok_or_else(|| Fault::conflict("payments.not_a_receipt"))?.get("entity_id")
}

pub(crate) const OTHER_SELLER: &str = "payments.held_other_seller";

/// The seller of what a line would pay, when its money came to another of our entities.
fn other_seller(
    tx: &mut Tx,
    company: CompanyId,
    account: &BankAccount,
    allocations: &[Allocation],
) -> Result<Option<String>> {
    for allocation in allocations {
        let invoice = payable(tx, company, Id::new(allocation.invoice))?;
        if invoice.entity != account.entity {
            return Ok(Some(entities::get(tx, company, invoice.entity)?.described.name));
        }
    }
    Ok(None)
}

fn hold_for_seller(
    tx: &mut Tx,
    company: CompanyId,
    mut bank_line: BankLine,
    seller: &str,
    reasons: Vec<Reason>,
    actor: &Actor,
) -> Result<()> {
    bank_line.outcome = Outcome::new(LineState::Held, OTHER_SELLER).arg("seller", seller);
    bank_line.reasons = reasons;
    record_outcome(tx, company, &bank_line, None)?;
    let about = About::new(company, Subject::new("bank_line", bank_line.id.get()), actor);
    tx.say(about, &Held { why: OTHER_SELLER.to_owned() })
}

pub(crate) fn actor_text(actor: &Actor) -> Result<String> {
    serde_json::to_string(actor).map_err(|error| Fault::broken("payments.unwritable").because(error))
}
