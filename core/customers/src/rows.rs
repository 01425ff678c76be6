//! Rows that several commands write.

use takt_kernel::{CompanyId, Fault, Result, digits, fold};
use takt_store::{Query, Tx, params, sql};

use crate::{
    CustomerId,
    contact::{Identity, IdentityKind},
};

/// A chain of merges longer than this is a ring.
const LONGEST_CHAIN: usize = 32;

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
    let mut current = customer;
    for _ in 0..LONGEST_CHAIN {
        let row = db.opt(
            sql!(
                "select merged_into
                 from customer
                 where company_id = :company_id and id = :id"
            ),
            params![company_id: company, id: current],
        )?;
        let row = row.ok_or_else(|| Fault::missing("customers.missing").arg("given", current))?;
        match row.get::<Option<CustomerId>>("merged_into")? {
            Some(next) => current = next,
            None => return Ok(current),
        }
    }
    Err(Fault::broken("customers.merge_ring").arg("customer", customer))
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
