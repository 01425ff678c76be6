//! Rows that several commands write.

use takt_kernel::{CompanyId, Fault, Result, digits, fold};
use takt_store::{Query, Tx, params, sql};

use crate::{
    CustomerId,
    contact::{Identity, IdentityKind},
};

/// A chain of merges longer than this is a ring.
const LONGEST_CHAIN: i64 = 1_000;

/// On PostgreSQL a row that a neighbour committed meanwhile refuses this transaction as a whole
/// (repeatable read), and it runs again and finds the neighbour's customer.
pub(crate) fn put_identity(
    tx: &mut Tx,
    company: CompanyId,
    customer: CustomerId,
    identity: &Identity,
) -> Result<()> {
    let now = tx.now();
    tx.put(
        sql!(
            "insert into customer_identity (company_id, kind, value, customer_id, original, added_at)
             values (:company_id, :kind, :value, :customer_id, :original, :added_at)
             on conflict (company_id, kind, value) do nothing"
        ),
        params![
            company_id: company, kind: identity.kind.code(), value: &identity.value,
            customer_id: customer, original: &identity.original, added_at: now,
        ],
    )
}

/// Whoever erases this customer at the same time and whoever orders as them write the same row: on PostgreSQL one of
/// them runs again and sees the other. SQLite has one writer, so there nothing is written.
pub(crate) fn touch(tx: &mut Tx, company: CompanyId, customer: CustomerId) -> Result<()> {
    tx.put(
        sql!(
            "update customer
             set version = version
             where company_id = :company_id and id = :id{pg:|sqlite: and false}"
        ),
        params![company_id: company, id: customer],
    )
}

/// What a search looks through: one folded text per customer.
pub(crate) fn search_text<'a>(
    name: &str,
    note: &str,
    reached_by: impl IntoIterator<Item = &'a str>,
) -> String {
    let mut words = vec![fold(name), fold(note)];
    for text in reached_by {
        words.push(fold(text));
        words.push(digits(text));
    }
    words.retain(|word| !word.is_empty());
    words.join(" ")
}

/// Follows merges to the customer that stands for this one today.
pub(crate) fn standing_for(
    db: &mut dyn Query,
    company: CompanyId,
    customer: CustomerId,
) -> Result<CustomerId> {
    match chain(db, company, customer)?.last() {
        None => Err(Fault::missing("customers.missing").arg("given", customer)),
        Some((id, None)) => Ok(*id),
        Some((_, Some(_))) => Err(Fault::broken("customers.merge_ring").arg("customer", customer)),
    }
}

/// A customer and who stands for them, one behind the other.
pub(crate) fn way(db: &mut dyn Query, company: CompanyId, customer: CustomerId) -> Result<Vec<CustomerId>> {
    Ok(chain(db, company, customer)?.into_iter().map(|(id, _)| id).collect())
}

/// A customer and who stands for them, each with the card into which it was merged.
fn chain(
    db: &mut dyn Query,
    company: CompanyId,
    customer: CustomerId,
) -> Result<Vec<(CustomerId, Option<CustomerId>)>> {
    let rows = db.all(
        sql!(
            "with recursive way (id, merged_into, steps) as (
               select id, merged_into, 1
               from customer
               where company_id = :company_id and id = :id
               union all
               select customer.id, customer.merged_into, way.steps + 1
               from way
               join customer on customer.company_id = :company_id and customer.id = way.merged_into
               where way.steps < :longest
             )
             select id, merged_into
             from way
             order by steps
             limit :longest"
        ),
        params![company_id: company, id: customer, longest: LONGEST_CHAIN],
    )?;
    rows.iter().map(|row| Ok((row.get("id")?, row.get("merged_into")?))).collect()
}

/// The identities of a customer, phones first, then the oldest.
pub(crate) fn identities(
    db: &mut dyn Query,
    company: CompanyId,
    customer: CustomerId,
) -> Result<Vec<Identity>> {
    let rows = db.all(
        sql!(
            "select kind, value, original
             from customer_identity
             where company_id = :company_id and customer_id = :customer_id
             order by case kind when 'phone' then 0 else 1 end, added_at, value
             limit 100"
        ),
        params![company_id: company, customer_id: customer],
    )?;
    rows.iter()
        .map(|row| {
            Ok(Identity {
                kind: IdentityKind::from_code(&row.get::<String>("kind")?)?,
                value: row.get("value")?,
                original: row.get("original")?,
            })
        })
        .collect()
}
