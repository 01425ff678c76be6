//! What people do. Both say the same of the money, each on their own; the order is paid by the second word.

use sha2::{Digest, Sha256};
use takt_kernel::{Fault, Kind, PersonId, Result, money::Money};
use takt_orders::VouchForMoney;
use takt_payments_matching::InvoiceState;
use takt_payments_port::{BankDocument, BankReport, BookingState, Direction, Format, Party};
use takt_staff::Permit;
use takt_store::{About, Query, Subject, Tx, params, sql};

use super::{
    dark::account_is_dark,
    rows::{HandId, HandReceipt, HandState, get, of_order},
};
use crate::{
    accounts::{self, BankAccount, BankAccountId, normal},
    days::day_in_zone_of,
    facts::{ByHandClaimed, ByHandConfirmed, ByHandWithdrawn},
    import::{self, Answer, BankLineId, LineState, Source},
    invoices::{self, Invoice},
    rights::MatchMoney,
    settle,
};

const CAME_BY: &str = "two persons";
const LONGEST: usize = 160;

/// What one person says of the money, from the bank's own word: a printed statement, a call, its site.
#[derive(Clone, Debug)]
pub struct Said {
    pub account: BankAccountId,
    pub amount: Money,
    /// Number of the payment order.
    pub number: String,
    /// ISO date.
    pub booked_on: String,
    pub payer_name: String,
    pub payer_account: String,
}

/// The first word. Nothing is paid by it.
///
/// # Errors
/// `payments.not_dark`, `payments.by_hand_waits`, `payments.by_hand_not_awaited`, `payments.by_hand_too_much`,
/// `payments.account_missing`, field faults.
pub fn claim(
    tx: &mut Tx<'_>,
    permit: &Permit<VouchForMoney>,
    reference: &str,
    said: &Said,
) -> Result<HandId> {
    let company = permit.company();
    let person = person_of(permit)?;
    let account = checked(tx, permit, said)?;
    let invoice = invoices::by_number(tx, company, reference)?
        .into_iter()
        .find(|invoice| invoice.state == InvoiceState::Open && invoice.residual.is_positive())
        .ok_or_else(|| Fault::field("reference", "payments.by_hand_not_awaited"))?;
    if said.amount.currency() != invoice.residual.currency() || said.amount > invoice.residual {
        return Err(Fault::field("amount", "payments.by_hand_too_much").arg("left", invoice.residual));
    }
    let waits = of_order(tx, company, invoice.order)?;
    if waits.iter().any(|one| one.state == HandState::Waiting) {
        return Err(Fault::conflict("payments.by_hand_waits").arg("order", &invoice.order_number));
    }
    let id = insert(tx, permit, person, &invoice, &account, said)?;
    let about = About::new(company, Subject::new("hand_receipt", id.get()), permit.actor());
    let fact = ByHandClaimed {
        order: invoice.order.get(),
        amount: said.amount.to_decimal_string(),
        currency: said.amount.currency(),
    };
    tx.say(about, &fact)?;
    Ok(id)
}

/// The second word, by another person who says the same: the order is paid.
///
/// # Errors
/// `payments.not_dark`, `payments.by_hand_same_person`, `payments.by_hand_differs`, `payments.by_hand_over`,
/// `payments.by_hand_first_lost_right`, and refusals of the orders.
pub fn confirm(
    tx: &mut Tx<'_>,
    permit: &Permit<VouchForMoney>,
    id: HandId,
    said: &Said,
) -> Result<BankLineId> {
    let company = permit.company();
    let second = person_of(permit)?;
    let receipt = get(tx, company, id)?;
    if receipt.state != HandState::Waiting {
        return Err(Fault::conflict("payments.by_hand_over"));
    }
    if receipt.first == second {
        return Err(Fault::denied("payments.by_hand_same_person"));
    }
    let account = checked(tx, permit, said)?;
    let same = account.id == receipt.bank_account
        && said.amount == receipt.amount
        && said.booked_on == receipt.booked_on
        && plain(&said.number) == plain(&receipt.number);
    if !same {
        return Err(Fault::invalid("payments.by_hand_differs"));
    }
    let first = match takt_staff::permit_of::<VouchForMoney>(tx, receipt.first, company) {
        Ok(first) => first,
        Err(fault) if matches!(fault.kind(), Kind::Denied | Kind::Missing) => {
            return Err(Fault::conflict("payments.by_hand_first_lost_right"));
        }
        Err(fault) => return Err(fault),
    };
    // Of two who confirm at once one finds it waiting.
    let now = tx.now();
    let touched = tx.execute(
        sql!(
            "update hand_receipt
             set second_person = :second, second_at = :now, state = 'confirmed'
             where company_id = :company_id and id = :id and state = 'waiting' and first_person <> :second"
        ),
        params![second: second, now: now, company_id: company, id: id],
    )?;
    if touched == 0 {
        return Err(Fault::conflict("payments.by_hand_over"));
    }
    let line = take_in(tx, first, permit, &receipt)?;
    tx.put(
        sql!("update hand_receipt set line_id = :line_id where company_id = :company_id and id = :id"),
        params![line_id: line, company_id: company, id: id],
    )?;
    let about = About::new(company, Subject::new("hand_receipt", id.get()), permit.actor());
    let fact = ByHandConfirmed {
        order: receipt.order.get(),
        line: line.get(),
        first: receipt.first.get(),
        second: second.get(),
    };
    tx.say(about, &fact)?;
    Ok(line)
}

/// The first word is taken back, before there was a second. By anybody who may vouch.
///
/// # Errors
/// `payments.by_hand_over`.
pub fn withdraw(tx: &mut Tx<'_>, permit: &Permit<VouchForMoney>, id: HandId) -> Result<()> {
    let company = permit.company();
    person_of(permit)?;
    let receipt = get(tx, company, id)?;
    let touched = tx.execute(
        sql!(
            "update hand_receipt
             set state = 'withdrawn'
             where company_id = :company_id and id = :id and state = 'waiting'"
        ),
        params![company_id: company, id: id],
    )?;
    if touched == 0 {
        return Err(Fault::conflict("payments.by_hand_over"));
    }
    let about = About::new(company, Subject::new("hand_receipt", id.get()), permit.actor());
    tx.say(about, &ByHandWithdrawn { order: receipt.order.get() })
}

fn person_of(permit: &Permit<VouchForMoney>) -> Result<PersonId> {
    permit.actor().person().ok_or_else(|| Fault::denied("orders.voucher_not_a_person"))
}

fn checked(tx: &mut Tx<'_>, permit: &Permit<VouchForMoney>, said: &Said) -> Result<BankAccount> {
    let company = permit.company();
    let own = accounts::list(tx, company)?;
    let account = own
        .into_iter()
        .find(|own| own.id == said.account && !own.archived)
        .ok_or_else(|| Fault::field("account", "payments.account_missing"))?;
    if !account_is_dark(tx, company, &account.account)? {
        return Err(Fault::conflict("payments.not_dark").arg("account", &account.account));
    }
    if !said.amount.is_positive() || said.amount.currency() != account.currency {
        return Err(Fault::field("amount", "payments.by_hand_amount"));
    }
    if plain(&said.number).is_empty() || said.number.chars().count() > 40 {
        return Err(Fault::field("number", "payments.by_hand_number"));
    }
    let today = day_in_zone_of(tx, company)?;
    let shaped =
        said.booked_on.parse::<jiff::civil::Date>().is_ok_and(|date| date.to_string() == said.booked_on);
    if !shaped || said.booked_on > today {
        return Err(Fault::field("booked_on", "payments.by_hand_day"));
    }
    if said.payer_name.chars().count() > LONGEST || said.payer_account.chars().count() > LONGEST {
        return Err(Fault::field("payer_name", "payments.by_hand_payer").arg("most", LONGEST));
    }
    Ok(account)
}

fn plain(text: &str) -> String {
    normal(text.trim().trim_start_matches('№'))
}

fn insert(
    tx: &mut Tx<'_>,
    permit: &Permit<VouchForMoney>,
    person: PersonId,
    invoice: &Invoice,
    account: &BankAccount,
    said: &Said,
) -> Result<HandId> {
    let id: HandId = tx.new_id();
    let now = tx.now();
    let written = tx.execute(
        sql!(
            "insert into hand_receipt (company_id, id, order_id, order_number, invoice_id, reference, bank_account_id, account,
               amount_minor, currency, payer_name, payer_account, number, booked_on, first_person, first_at,
               second_person, second_at, state, line_id, told_by_line_id, told_at)
             values (:company_id, :id, :order_id, :order_number, :invoice_id, :reference, :bank_account_id, :account,
               :amount_minor, :currency, :payer_name, :payer_account, :number, :booked_on, :first_person, :now,
               null, null, 'waiting', null, null, null)
             on conflict do nothing"
        ),
        params![
            company_id: permit.company(), id: id, order_id: invoice.order, order_number: &invoice.order_number,
            invoice_id: invoice.id, reference: &invoice.reference, bank_account_id: account.id,
            account: &account.account, amount_minor: said.amount.minor(), currency: said.amount.currency(),
            payer_name: said.payer_name.trim(), payer_account: normal(&said.payer_account),
            number: plain(&said.number), booked_on: &said.booked_on, first_person: person, now: now,
        ],
    )?;
    if written == 0 {
        return Err(Fault::conflict("payments.by_hand_waits").arg("order", &invoice.order_number));
    }
    Ok(id)
}

/// The way of every report, with the two for evidence.
fn take_in(
    tx: &mut Tx<'_>,
    first: Permit<VouchForMoney>,
    second: &Permit<VouchForMoney>,
    receipt: &HandReceipt,
) -> Result<BankLineId> {
    let company = receipt.company;
    let report = report(receipt);
    let hash = Sha256::digest(format!("{}:{}:{}", receipt.id, receipt.amount, receipt.reference));
    let source = Source {
        name: receipt.reference.clone(),
        hash: hash.iter().map(|byte| format!("{byte:02x}")).collect(),
        came_by: CAME_BY,
    };
    let answer = Answer::TwoPersons { first, second: second.clone() };
    let import = import::take_at_once(tx, &answer, &source, &report)?;
    import::process_at_once(tx, company, import)?;
    let lines = import::lines_of_import(tx, company, import, 0, 1)?;
    let line = lines.into_iter().next().ok_or_else(|| Fault::broken("payments.by_hand_line_missing"))?;
    match line.outcome.state {
        LineState::Posted => {}
        LineState::Suggested | LineState::Other => {
            let person = person_of(second)?;
            let permit = takt_staff::permit_of::<MatchMoney>(tx, person, company)?;
            settle::accept(tx, &permit, line.id, &[(receipt.invoice, receipt.amount)], false)?;
        }
        LineState::Duplicate => return Err(Fault::conflict("payments.by_hand_known")),
        LineState::Waiting | LineState::Held | LineState::Outgoing => {
            return Err(Fault::conflict("payments.by_hand_not_counted"));
        }
    }
    Ok(line.id)
}

fn report(receipt: &HandReceipt) -> BankReport {
    let own = Party { accounts: vec![receipt.account.clone()], ..Party::default() };
    let payer_account = Some(receipt.payer_account.clone()).filter(|account| !account.is_empty());
    let payer = Party {
        name: receipt.payer_name.clone(),
        accounts: payer_account.into_iter().collect(),
        ..Party::default()
    };
    BankReport {
        format: Format::ByHand,
        accounts: vec![receipt.account.clone()],
        statements: Vec::new(),
        documents: vec![BankDocument {
            place: receipt.reference.clone(),
            account: Some(receipt.account.clone()),
            bank_id: None,
            number: receipt.number.clone(),
            date: Some(receipt.booked_on.clone()),
            booked_on: Some(receipt.booked_on.clone()),
            booked_at: None,
            valued_on: None,
            other_side_on: None,
            batch: None,
            amount: receipt.amount,
            direction: Direction::Incoming,
            state: BookingState::Booked,
            reversal: false,
            payer,
            payee: own,
            purpose: receipt.reference.clone(),
            references: vec![receipt.reference.clone()],
            kinds: Vec::new(),
            extra: Vec::new(),
        }],
        warnings: Vec::new(),
        extra: Vec::new(),
    }
}
