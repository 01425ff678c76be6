use takt_kernel::{CompanyId, Fault, Result, Timestamp};
use takt_staff::{Permit, Scope};
use takt_store::{About, Db, Query, Tx, params, personal_values_of, sql};

use crate::{
    Customer, CustomerId, EraseCustomers,
    erased::{ERASED, Erasing, Found, FoundIn, Kept, Reason, Sought, TRACES, TRAILS, Traces, Trail},
    facts::{self, Erased},
    queries, rows,
};

/// A command is over long before that.
const SETTLED_SECONDS: i64 = 60;

/// Erases a person: names, phones, e-mails, addresses and free texts, here and wherever others hold them. What
/// happened stays, and nobody can tell to whom. Answers what the law wants kept. The program of one shop erases only
/// who has ordered there and nowhere else.
///
/// # Errors
/// `customers.missing`, `customers.erased_already`, and what a step refuses: `orders.erase_in_work` while an order of
/// the person is under way.
pub async fn erase(
    db: &Db,
    permit: &Permit<EraseCustomers>,
    customer: CustomerId,
    reason: Reason,
) -> Result<Vec<Kept>> {
    let company = permit.company();
    let (sought, found) = search(db, company, customer).await?;
    let permit = permit.clone();
    db.write("customers.erase", move |tx| {
        let who = who(tx, company, customer)?;
        // Somebody ordered under another name meanwhile: everything is looked through anew.
        let found = if who.sought(None) == sought { found.clone() } else { Found::default() };
        erase_found(tx, &permit, &who, reason, &found)
    })
    .await
}

struct Who {
    company: CompanyId,
    standing: Customer,
    traces: Traces,
}

impl Who {
    fn sought(&self, until: Option<Timestamp>) -> Sought {
        let (customers, traces) = (self.standing.all.clone(), self.traces.clone());
        Sought { company: self.company, customers, traces, until }
    }
}

fn who(db: &mut dyn Query, company: CompanyId, customer: CustomerId) -> Result<Who> {
    let scope = Scope::Company { company, shops: None };
    let id = rows::standing_for(db, company, customer)?;
    let standing = queries::get(db, &scope, id)?;
    if standing.erased_at.is_some() {
        return Err(Fault::conflict("customers.erased_already"));
    }
    let mut traces = Traces::default();
    for one in &standing.all {
        leave_traces(&mut traces, &queries::get(db, &scope, *one)?);
    }
    for traces_of in db.slots().of(&TRACES) {
        traces_of(db, company, &standing.all, &mut traces)?;
    }
    Ok(Who { company, standing, traces })
}

/// Looks through what is too much for one command, each part a question of its own.
async fn search(db: &Db, company: CompanyId, customer: CustomerId) -> Result<(Sought, Found)> {
    let sought = db
        .read("customers.to_erase", move |reader| {
            let until = reader.now().plus_seconds(-SETTLED_SECONDS);
            Ok(who(reader, company, customer)?.sought(Some(until)))
        })
        .await?;
    let mut found = Found::default();
    let trails: Vec<Trail> = db.slots().of(&TRAILS).copied().collect();
    for trail in trails {
        let mut one = FoundIn::default();
        let mut next = Some(0);
        while let Some(after) = next {
            let sought = sought.clone();
            let part =
                db.read("customers.look_for", move |reader| (trail.look)(reader, &sought, after)).await?;
            one.tell.extend(part.tell);
            (one.up_to, next) = (part.last, part.next);
        }
        found.0.insert(trail.name, one);
    }
    Ok((Sought { until: None, ..sought }, found))
}

fn erase_found(
    tx: &mut Tx,
    permit: &Permit<EraseCustomers>,
    who: &Who,
    reason: Reason,
    found: &Found,
) -> Result<Vec<Kept>> {
    let Who { company, standing, traces } = who;
    let (company, id) = (*company, standing.id);
    lock(tx, company, id)?;
    let erasing = Erasing {
        company,
        shop: permit.shop(),
        customers: &standing.all,
        traces,
        found,
        actor: permit.actor(),
    };
    let mut kept = Vec::new();
    let slots = tx.slots();
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
            "delete from customer_likeness
             where company_id = :company_id and (one_id = :id or other_id = :id)"
        ),
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
