use takt_customers::{CustomerId, IdentityKind, Separating};
use takt_kernel::Result;
use takt_store::{Query, Tx, params, sql};

use super::settle::{save, say};
use crate::{facts::Reassigned, order::OrderId, rows, steps};

const AT_ONCE: i64 = 1_000;

/// Two cards of customers are two again: orders that came since for the one, by a phone or an e-mail of the other, are
/// the other's.
pub(crate) fn give_back(tx: &mut Tx<'_>, separating: &Separating<'_>) -> Result<()> {
    for kept in separating.kept {
        let mut after = OrderId::new(0);
        loop {
            let rows = since(tx, separating, *kept, after)?;
            let full = i64::try_from(rows.len()).is_ok_and(|length| length == AT_ONCE);
            for (id, phone, email) in rows {
                after = id;
                if is_of(separating, phone.as_deref(), email.as_deref()) {
                    reassign(tx, separating, id)?;
                }
            }
            if !full {
                break;
            }
        }
    }
    Ok(())
}

type Reached = (OrderId, Option<String>, Option<String>);

fn since(
    tx: &mut Tx<'_>,
    separating: &Separating<'_>,
    kept: CustomerId,
    after: OrderId,
) -> Result<Vec<Reached>> {
    tx.all(
        sql!(
            "select id, contact_phone, contact_email
             from orders
             where company_id = :company_id and customer_id = :kept and placed_at >= :since and id > :after
             order by id
             limit :limit"
        ),
        params![
            company_id: separating.company, kept: kept, since: separating.since, after: after, limit: AT_ONCE,
        ],
    )?
    .iter()
    .map(|row| Ok((row.get("id")?, row.get("contact_phone")?, row.get("contact_email")?)))
    .collect()
}

/// A phone decides before an e-mail, as when the order came.
fn is_of(separating: &Separating<'_>, phone: Option<&str>, email: Option<&str>) -> bool {
    let has = |kind: IdentityKind, value: &str| {
        separating.identities.iter().any(|identity| identity.kind == kind && identity.value == value)
    };
    match (phone, email) {
        (Some(phone), _) => has(IdentityKind::Phone, phone),
        (None, Some(email)) => has(IdentityKind::Email, &email.to_lowercase()),
        (None, None) => false,
    }
}

fn reassign(tx: &mut Tx<'_>, separating: &Separating<'_>, id: OrderId) -> Result<()> {
    let before = rows::lock(tx, separating.company, id)?;
    let mut after = before.clone();
    after.customer = Some(separating.other);
    save(tx, &before, &mut after)?;
    say(tx, &after, separating.actor, &Reassigned { customer: separating.other }, Vec::new())?;
    let lines = rows::lines(tx, after.company, id)?;
    steps::run(tx, &steps::BUYER_CHANGED, &after, &lines, separating.actor)
}
