use takt_kernel::{Actor, CompanyId, Fault, Result, Slot, Timestamp};
use takt_staff::Permit;
use takt_store::{About, Query, Tx, params, sql};

use crate::{
    CustomerId, EditCustomers, Identity,
    facts::{self, ConflictDismissed, Merged, Separated},
    likeness, queries, rows,
};

/// Says that two cards are of one person: `other` becomes a pointer to `customer`. Nothing moves, so
/// [`separate`] gives back exactly what was.
///
/// # Errors
/// `customers.missing`, `customers.same`; `customers.merge_erased` of a card of which nobody can tell whose it is.
pub fn merge(
    tx: &mut Tx,
    permit: &Permit<EditCustomers>,
    customer: CustomerId,
    other: CustomerId,
) -> Result<()> {
    let company = permit.company();
    let into = rows::standing_for(tx, company, customer)?;
    let merged = rows::standing_for(tx, company, other)?;
    let erased = lock(tx, company, [customer, other, into, merged])?;
    if into == merged {
        return Err(Fault::conflict("customers.same"));
    }
    // Whoever ordered later would be an erased person's, and could never be erased again.
    if [into, merged].iter().any(|card| erased.contains(card)) {
        return Err(Fault::conflict("customers.merge_erased"));
    }
    point(tx, company, merged, Some(into))?;
    dismiss_pair(tx, company, customer, other)?;
    likeness::forget_pair(tx, company, customer, other)?;
    tx.say(About::new(company, facts::subject(merged), permit.actor()), &Merged { into })
}

/// Takes a merge back: the identities were never moved, and whoever holds something of customers gives back what came
/// to the kept one since by an identity of the other ([`SEPARATED`]).
///
/// # Errors
/// `customers.missing`, `customers.not_merged`.
pub fn separate(tx: &mut Tx, permit: &Permit<EditCustomers>, customer: CustomerId) -> Result<()> {
    let company = permit.company();
    let row = tx
        .opt(
            sql!(
                "select merged_into, merged_at
                 from customer
                 where company_id = :company_id and id = :id
                 {pg:for update|sqlite:}"
            ),
            params![company_id: company, id: customer],
        )?
        .ok_or_else(|| Fault::missing("customers.missing").arg("given", customer))?;
    let from: CustomerId =
        row.get::<Option<_>>("merged_into")?.ok_or_else(|| Fault::conflict("customers.not_merged"))?;
    let since: Option<Timestamp> = row.get("merged_at")?;
    point(tx, company, customer, None)?;
    tx.say(About::new(company, facts::subject(customer), permit.actor()), &Separated { from })?;
    // A merge of an earlier version does not tell when it was; what came since stays where it is.
    let Some(since) = since else { return Ok(()) };
    let kept = rows::way(tx, company, from)?;
    if let Some(standing) = kept.last() {
        // Whoever recognises somebody as the one meanwhile runs again and finds the other.
        rows::touch(tx, company, *standing)?;
    }
    let identities = identities_of_all(tx, company, customer)?;
    let separated = Separating {
        company,
        kept: &kept,
        other: customer,
        since,
        identities: &identities,
        actor: permit.actor(),
    };
    let steps: Vec<SeparateStep> = tx.slots().of(&SEPARATED).copied().collect();
    steps.into_iter().try_for_each(|step| step(tx, &separated))
}

/// Those of a card and of all cards for which it stands.
fn identities_of_all(tx: &mut Tx, company: CompanyId, customer: CustomerId) -> Result<Vec<Identity>> {
    let mut identities = Vec::new();
    for card in queries::with_merged(tx, company, customer)? {
        identities.extend(rows::identities(tx, company, card)?);
    }
    Ok(identities)
}

/// A card stands for itself again.
pub struct Separating<'s> {
    pub company: CompanyId,
    /// Who stood for it: the card into which it was merged, then that one's, up to the last.
    pub kept: &'s [CustomerId],
    pub other: CustomerId,
    /// Since when the one stood for the other.
    pub since: Timestamp,
    /// By which the other is known.
    pub identities: &'s [Identity],
    pub actor: &'s Actor,
}

pub type SeparateStep = fn(&mut Tx<'_>, &Separating<'_>) -> Result<()>;

/// Filled by whoever holds something of customers: what came to the kept one since, by an identity of the other.
pub static SEPARATED: Slot<SeparateStep> = Slot::new("customers.separated step");

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
/// command runs again. Answers which of them are erased.
fn lock(
    tx: &mut Tx,
    company: CompanyId,
    [one, other, into, merged]: [CustomerId; 4],
) -> Result<Vec<CustomerId>> {
    let locked = tx.all(
        sql!(
            "select id, erased_at
             from customer
             where company_id = :company_id and id in (:one, :other, :into, :merged)
             order by id
             {pg:for update|sqlite:}"
        ),
        params![company_id: company, one: one, other: other, into: into, merged: merged],
    )?;
    let mut erased = Vec::new();
    for row in &locked {
        if row.get::<Option<Timestamp>>("erased_at")?.is_some() {
            erased.push(row.get("id")?);
        }
    }
    Ok(erased)
}

fn point(tx: &mut Tx, company: CompanyId, customer: CustomerId, into: Option<CustomerId>) -> Result<()> {
    let now = tx.now();
    tx.put(
        sql!(
            "update customer
             set merged_into = :merged_into, version = version + 1, updated_at = :now,
               merged_at = case when :points then cast(:now as bigint) else null end
             where company_id = :company_id and id = :id"
        ),
        params![merged_into: into, now: now, points: into.is_some(), company_id: company, id: customer],
    )
}

pub(crate) fn dismiss_pair(
    tx: &mut Tx,
    company: CompanyId,
    one: CustomerId,
    other: CustomerId,
) -> Result<u64> {
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
