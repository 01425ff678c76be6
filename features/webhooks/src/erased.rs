//! What was written for programs about a person who is erased, while it is kept. They hear of the erasing by a fact of
//! the orders.

use takt_customers::{Erasing, Kept};
use takt_kernel::{CompanyId, Fault, Result};
use takt_store::{Query, Tx, params, sql};

const AT_ONCE: i64 = 500;

pub(crate) fn erase_of_person(tx: &mut Tx<'_>, erasing: &Erasing<'_>) -> Result<Vec<Kept>> {
    let orders = takt_orders::of_customers(tx, erasing.company, erasing.customers)?;
    let mut after = 0_i64;
    loop {
        let rows = tx.all(
            sql!(
                "select id, subject_kind, subject_id, body
                 from webhook_message
                 where company_id = :company_id and id > :after_id
                 order by id
                 limit :limit"
            ),
            params![company_id: erasing.company, after_id: after, limit: AT_ONCE],
        )?;
        for row in &rows {
            after = row.get("id")?;
            let (kind, subject, body): (String, i64, String) =
                (row.get("subject_kind")?, row.get("subject_id")?, row.get("body")?);
            let of_theirs = kind == takt_orders::facts::SUBJECT
                && orders.binary_search(&takt_orders::OrderId::new(subject)).is_ok();
            if of_theirs || erasing.traces.are_in(&body) {
                write(tx, erasing.company, after, &scrubbed(erasing, &body)?)?;
            }
        }
        if i64::try_from(rows.len()).is_ok_and(|read| read < AT_ONCE) {
            return Ok(Vec::new());
        }
    }
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
