//! What shops' systems sent of a person who is erased: the bytes go, that a message came stays. One that still waited
//! is dropped, for it could only bring the person back.

use takt_customers::{Erasing, Kept};
use takt_kernel::{CompanyId, Result};
use takt_store::{Query, Tx, params, sql};

const AT_ONCE: i64 = 500;

pub(crate) fn erase_of_person(tx: &mut Tx<'_>, erasing: &Erasing<'_>) -> Result<Vec<Kept>> {
    let mut after = 0_i64;
    loop {
        let rows = tx.all(
            sql!(
                "select id, target, body, about, problem, notes
                 from connection_message
                 where company_id = :company_id and id > :after_id
                 order by id
                 limit :limit"
            ),
            params![company_id: erasing.company, after_id: after, limit: AT_ONCE],
        )?;
        for row in &rows {
            after = row.get("id")?;
            let body: Vec<u8> = row.get("body")?;
            let target: String = row.get("target")?;
            let beside = [row.get("about")?, row.get("problem")?, row.get::<Option<String>>("notes")?];
            let tells = erasing.traces.are_in(&String::from_utf8_lossy(&body))
                || erasing.traces.are_in(&target)
                || beside.iter().flatten().any(|text: &String| erasing.traces.are_in(text));
            if tells {
                let path = target.split('?').next().unwrap_or_default();
                empty(tx, erasing.company, after, path)?;
            }
        }
        if i64::try_from(rows.len()).is_ok_and(|read| read < AT_ONCE) {
            return Ok(Vec::new());
        }
    }
}

fn empty(tx: &mut Tx<'_>, company: CompanyId, id: i64, path: &str) -> Result<()> {
    let now = tx.now();
    tx.put(
        sql!(
            "update connection_message
             set target = :path, body = :nothing, about = null, problem = null, notes = null,
               state = case when state in ('received', 'quarantined') then 'dropped' else state end,
               done_at = coalesce(done_at, :now)
             where company_id = :company_id and id = :id"
        ),
        params![path: path, nothing: Vec::<u8>::new(), now: now, company_id: company, id: id],
    )
}
