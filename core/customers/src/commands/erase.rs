use takt_kernel::{CompanyId, Fault, Result};
use takt_staff::{Permit, Scope};
use takt_store::{About, Query, Tx, params, personal_values_of, sql};

use crate::{
    Customer, CustomerId, EraseCustomers,
    erased::{ERASED, Erasing, Kept, Reason, TRACES, Traces},
    facts::{self, Erased},
    queries, rows,
};

/// Erases a person: names, phones, e-mails, addresses and free texts, here and wherever others hold them. What
/// happened stays, and nobody can tell to whom. Answers what the law wants kept.
///
/// # Errors
/// `customers.missing`, `customers.erased_already`, and what a step refuses: `orders.erase_in_work` while an order of
/// the person is under way.
pub fn erase(
    tx: &mut Tx,
    permit: &Permit<EraseCustomers>,
    customer: CustomerId,
    reason: Reason,
) -> Result<Vec<Kept>> {
    let company = permit.company();
    let scope = Scope::Company { company, shops: None };
    let id = rows::standing_for(tx, company, customer)?;
    lock(tx, company, id)?;
    let standing = queries::get(tx, &scope, id)?;
    if standing.erased_at.is_some() {
        return Err(Fault::conflict("customers.erased_already"));
    }
    let mut traces = Traces::default();
    for one in &standing.all {
        leave_traces(&mut traces, &queries::get(tx, &scope, *one)?);
    }
    let slots = tx.slots();
    for traces_of in slots.of(&TRACES) {
        traces_of(tx, company, &standing.all, &mut traces)?;
    }
    let erasing = Erasing { company, customers: &standing.all, traces: &traces, actor: permit.actor() };
    let mut kept = Vec::new();
    for step in slots.of(&ERASED) {
        kept.extend(step(tx, &erasing)?);
    }
    kept.retain(|kept| kept.count > 0);
    for one in &standing.all {
        forget(tx, company, *one)?;
        personal_values_of(tx, company, facts::subject(*one))?;
    }
    let fact = Erased { reason, cards: standing.all.clone(), kept: kept.clone() };
    tx.say(About::new(company, facts::subject(id), permit.actor()), &fact)?;
    Ok(kept)
}

fn lock(tx: &mut Tx, company: CompanyId, customer: CustomerId) -> Result<()> {
    tx.put(
        sql!("update customer set version = version + 1 where company_id = :company_id and id = :id"),
        params![company_id: company, id: customer],
    )
}

fn leave_traces(traces: &mut Traces, customer: &Customer) {
    traces.add_name(&customer.name);
    for phone in customer.phone.iter().chain(customer.identities.iter().map(|identity| &identity.value)) {
        traces.add_phone(phone);
    }
    for email in customer.email.iter().chain(customer.identities.iter().map(|identity| &identity.value)) {
        traces.add_email(email);
    }
}

fn forget(tx: &mut Tx, company: CompanyId, customer: CustomerId) -> Result<()> {
    let now = tx.now();
    tx.put(
        sql!(
            "update customer
             set name = '', phone = null, email = null, note = '', search = '', erased_at = :now,
               version = version + 1, updated_at = :now
             where company_id = :company_id and id = :id"
        ),
        params![now: now, company_id: company, id: customer],
    )?;
    tx.put(
        sql!("delete from customer_identity where company_id = :company_id and customer_id = :id"),
        params![company_id: company, id: customer],
    )?;
    tx.put(
        sql!(
            "delete from customer_conflict
             where company_id = :company_id and (by_phone = :id or by_email = :id)"
        ),
        params![company_id: company, id: customer],
    )
}
