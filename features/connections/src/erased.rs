//! What shops' systems sent of a person who is erased: the bytes go, that a message came stays. While one waits that
//! tells of the person nobody is erased: it may hold orders of others too, and only a person may drop it.

use takt_customers::{Erasing, Kept, Sought, Trail, TrailPart};
use takt_kernel::{CompanyId, Fault, Result};
use takt_store::{Query, Tx, params, sql};

/// A body may have megabytes.
const AT_ONCE: i64 = 20;

pub(crate) const TRAIL: Trail = Trail { name: "connections.messages", look };

pub(crate) fn erase_of_person(tx: &mut Tx<'_>, erasing: &Erasing<'_>) -> Result<Vec<Kept>> {
    let mut waiting = 0_i64;
    for id in erasing.told_in(tx, &TRAIL)? {
        let row = tx.opt(
            sql!(
                "select state, target
                 from connection_message
                 where company_id = :company_id and id = :id"
            ),
            params![company_id: erasing.company, id: id],
        )?;
        let Some(row) = row else { continue };
        let target: String = row.get("target")?;
        if matches!(row.get::<String>("state")?.as_str(), "received" | "quarantined") {
            waiting += 1;
        } else {
            empty(tx, erasing.company, id, target.split('?').next().unwrap_or_default())?;
        }
    }
    if waiting > 0 {
        return Err(Fault::conflict("connections.erase_waits").arg("count", waiting));
    }
    Ok(Vec::new())
}

fn look(db: &mut dyn Query, sought: &Sought, after: i64) -> Result<TrailPart> {
    let rows = db.all(
        sql!(
            "select id, received_at, target, body, about, problem, notes
             from connection_message
             where company_id = :company_id and id > :after_id
             order by id
             limit :limit"
        ),
        params![company_id: sought.company, after_id: after, limit: AT_ONCE],
    )?;
    let (mut tell, mut last) = (Vec::new(), after);
    for row in &rows {
        if sought.is_behind(row.get("received_at")?) {
            return Ok(TrailPart { tell, last, next: None });
        }
        last = row.get("id")?;
        let body: Vec<u8> = row.get("body")?;
        let beside =
            [row.get("target")?, row.get("about")?, row.get("problem")?, row.get::<Option<String>>("notes")?];
        let tells = sought.traces.are_in(&String::from_utf8_lossy(&body))
            || beside.iter().flatten().any(|text: &String| sought.traces.are_in(text));
        if tells {
            tell.push(last);
        }
    }
    let next = i64::try_from(rows.len()).is_ok_and(|read| read == AT_ONCE).then_some(last);
    Ok(TrailPart { tell, last, next })
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
