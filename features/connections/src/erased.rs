//! What shops' systems sent of a person who is erased: the bytes go, that a message came stays. While one waits that
//! tells of the person nobody is erased: it may hold orders of others too, and only a person may drop it.

use takt_customers::{Erasing, Kept};
use takt_kernel::{CompanyId, Fault, Result};
use takt_store::{Query, Tx, params, sql};

const AT_ONCE: i64 = 500;

pub(crate) fn erase_of_person(tx: &mut Tx<'_>, erasing: &Erasing<'_>) -> Result<Vec<Kept>> {
    let (mut after, mut waiting) = (0_i64, 0_i64);
    loop {
        let rows = tx.all(
            sql!(
                "select id, state, target, body, about, problem, notes
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
            if tells && matches!(row.get::<String>("state")?.as_str(), "received" | "quarantined") {
                waiting += 1;
            } else if tells {
                let path = target.split('?').next().unwrap_or_default();
                empty(tx, erasing.company, after, path)?;
            }
        }
        if i64::try_from(rows.len()).is_ok_and(|read| read < AT_ONCE) {
            break;
        }
    }
    if waiting > 0 {
        return Err(Fault::conflict("connections.erase_waits").arg("count", waiting));
    }
    Ok(Vec::new())
}

fn empty(tx: &mut Tx<'_>, company: CompanyId, id: i64, path: &str) -> Result<()> {
    tx.put(
        sql!(
            "update connection_message
             set target = :path, body = :nothing, about = null, problem = null, notes = null
             where company_id = :company_id and id = :id"
        ),
        params![path: path, nothing: Vec::<u8>::new(), company_id: company, id: id],
    )
}
