use takt_kernel::{CompanyId, Fault, Result};
use takt_staff::Permit;
use takt_store::{About, Query, Tx, params, sql};

use crate::{
    CustomerId, EditCustomers,
    facts::{self, ConflictDismissed, Merged, Separated},
    rows,
};

/// Says that two cards are of one person: `other` becomes a pointer to `customer`. Nothing moves, so
/// [`separate`] gives back exactly what was.
///
/// # Errors
/// `customers.missing`, `customers.same`.
pub fn merge(
    tx: &mut Tx,
    permit: &Permit<EditCustomers>,
    customer: CustomerId,
    other: CustomerId,
) -> Result<()> {
    let company = permit.company();
    let into = rows::standing_for(tx, company, customer)?;
    let merged = rows::standing_for(tx, company, other)?;
    lock(tx, company, [customer, other, into, merged])?;
    if into == merged {
        return Err(Fault::conflict("customers.same"));
    }
    point(tx, company, merged, Some(into))?;
    dismiss_pair(tx, company, customer, other)?;
    tx.say(About::new(company, facts::subject(merged), permit.actor()), &Merged { into })
}

/// Takes a merge back.
///
/// # Errors
/// `customers.missing`, `customers.not_merged`.
pub fn separate(tx: &mut Tx, permit: &Permit<EditCustomers>, customer: CustomerId) -> Result<()> {
    let company = permit.company();
    let row = tx
        .opt(
            sql!(
                "select merged_into
                 from customer
                 where company_id = :company_id and id = :id
                 {pg:for update|sqlite:}"
            ),
            params![company_id: company, id: customer],
        )?
        .ok_or_else(|| Fault::missing("customers.missing").arg("given", customer))?;
    let from: CustomerId =
        row.get::<Option<_>>("merged_into")?.ok_or_else(|| Fault::conflict("customers.not_merged"))?;
    point(tx, company, customer, None)?;
    tx.say(About::new(company, facts::subject(customer), permit.actor()), &Separated { from })
}

/// Says that two cards that looked alike are of two persons; the pair is not suggested again.
///
/// # Errors
/// `customers.no_conflict`.
pub fn dismiss(
    tx: &mut Tx,
    permit: &Permit<EditCustomers>,
    customer: CustomerId,
    other: CustomerId,
) -> Result<()> {
    let company = permit.company();
    if dismiss_pair(tx, company, customer, other)? == 0 {
        return Err(Fault::missing("customers.no_conflict"));
    }
    tx.say(About::new(company, facts::subject(customer), permit.actor()), &ConflictDismissed { other })
}

/// In one order whoever merges what into whom, so that two people cannot build a ring. Those who stand for
/// the two are locked as well: a neighbour who meanwhile pointed one of them elsewhere is seen here, and the
/// command runs again.
fn lock(tx: &mut Tx, company: CompanyId, [one, other, into, merged]: [CustomerId; 4]) -> Result<()> {
    tx.all(
        sql!(
            "select id
             from customer
             where company_id = :company_id and id in (:one, :other, :into, :merged)
             order by id
             {pg:for update|sqlite:}"
        ),
        params![company_id: company, one: one, other: other, into: into, merged: merged],
    )?;
    Ok(())
}

fn point(tx: &mut Tx, company: CompanyId, customer: CustomerId, into: Option<CustomerId>) -> Result<()> {
    let now = tx.now();
    tx.put(
        sql!(
            "update customer
             set merged_into = :merged_into, version = version + 1, updated_at = :now
             where company_id = :company_id and id = :id"
        ),
        params![merged_into: into, now: now, company_id: company, id: customer],
    )
}

fn dismiss_pair(tx: &mut Tx, company: CompanyId, one: CustomerId, other: CustomerId) -> Result<u64> {
    let now = tx.now();
    tx.execute(
        sql!(
            "update customer_conflict
             set dismissed_at = :now
             where company_id = :company_id and dismissed_at is null
               and (by_phone = :one and by_email = :other or by_phone = :other and by_email = :one)"
        ),
        params![now: now, company_id: company, one: one, other: other],
    )
}
