//! What was written for programs about a person who is erased, while it is kept. They hear of the erasing by a fact of
//! the orders.

use takt_customers::{Erasing, Kept, Sought, Trail, TrailPart};
use takt_kernel::{CompanyId, Fault, Result};
use takt_store::{Query, Tx, params, sql};

const AT_ONCE: i64 = 500;

pub(crate) const TRAIL: Trail = Trail { name: "webhooks.messages", look };

pub(crate) fn erase_of_person(tx: &mut Tx<'_>, erasing: &Erasing<'_>) -> Result<Vec<Kept>> {
    for id in erasing.told_in(tx, &TRAIL)? {
        let row = tx.opt(
            sql!("select body from webhook_message where company_id = :company_id and id = :id"),
            params![company_id: erasing.company, id: id],
        )?;
        if let Some(row) = row {
            write(tx, erasing.company, id, &scrubbed(erasing, &row.get::<String>("body")?)?)?;
        }
    }
    Ok(Vec::new())
}

fn look(db: &mut dyn Query, sought: &Sought, after: i64) -> Result<TrailPart> {
    let orders = takt_orders::of_customers(db, sought.company, &sought.customers)?;
    let rows = db.all(
        sql!(
            "select id, created_at, subject_kind, subject_id, body
             from webhook_message
             where company_id = :company_id and id > :after_id
             order by id
             limit :limit"
        ),
        params![company_id: sought.company, after_id: after, limit: AT_ONCE],
    )?;
    let (mut tell, mut last) = (Vec::new(), after);
    for row in &rows {
        if sought.is_behind(row.get("created_at")?) {
            return Ok(TrailPart { tell, last, next: None });
        }
        last = row.get("id")?;
        let (kind, subject): (String, i64) = (row.get("subject_kind")?, row.get("subject_id")?);
        let of_theirs = kind == takt_orders::facts::SUBJECT
            && orders.binary_search(&takt_orders::OrderId::new(subject)).is_ok();
        if of_theirs || sought.traces.are_in(&row.get::<String>("body")?) {
            tell.push(last);
        }
    }
    let next = i64::try_from(rows.len()).is_ok_and(|read| read == AT_ONCE).then_some(last);
    Ok(TrailPart { tell, last, next })
}

fn scrubbed(erasing: &Erasing<'_>, body: &str) -> Result<String> {
    let mut value: serde_json::Value = serde_json::from_str(body)
        .map_err(|error| Fault::broken("webhooks.body_unreadable").because(error))?;
    erasing.traces.scrub(&mut value);
    Ok(value.to_string())
}

fn write(tx: &mut Tx<'_>, company: CompanyId, id: i64, body: &str) -> Result<()> {
    tx.put(
        sql!("update webhook_message set body = :body where company_id = :company_id and id = :id"),
        params![body: body, company_id: company, id: id],
    )?;
    tx.put(
        sql!("update webhook_attempt set reply = '' where company_id = :company_id and message_id = :id"),
        params![company_id: company, id: id],
    )
}
