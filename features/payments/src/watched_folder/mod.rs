//! A folder into which the bank's client program drops files. The operator of the machine binds it
//! in the name of an accountant, who vouches for what arrives until they release it or lose the
//! right. A file is taken when two looks find it unchanged; it then moves to `accepted` or `refused`
//! beside it. A crash in between takes the same file twice, which posts nothing twice.

mod look;

use std::{collections::BTreeMap, path::Path};

use takt_kernel::{CompanyId, Fault, Id, PersonId, Result};
use takt_orders::VouchForMoney;
use takt_staff::Permit;
use takt_store::{About, Query, Row, Subject, Tx, params, sql};
use takt_work::{NewJob, jobs};

use crate::{
    facts::{FolderBound, FolderReleased},
    trouble::Trouble,
};

pub use look::watch_job;

pub enum WatchedFolderTag {}
pub type WatchedFolderId = Id<WatchedFolderTag>;

pub const WATCH_JOB: &str = "payments.watch_folder";

#[derive(Clone, Debug)]
pub struct WatchedFolder {
    pub id: WatchedFolderId,
    pub path: String,
    pub person: PersonId,
    pub bound_at: takt_kernel::Timestamp,
    pub last_looked_at: Option<takt_kernel::Timestamp>,
    /// What went wrong at the last look, or the last file that was refused while none was taken since.
    pub last_problem: Option<Trouble>,
}

/// Binds a folder of the machine in the name of the permit's person.
///
/// # Errors
/// `payments.folder_not_absolute`, `orders.voucher_not_a_person`.
pub fn bind(tx: &mut Tx, permit: &Permit<VouchForMoney>, path: &Path) -> Result<WatchedFolderId> {
    let person = permit.actor().person().ok_or_else(|| Fault::denied("orders.voucher_not_a_person"))?;
    if !path.is_absolute() {
        return Err(Fault::invalid("payments.folder_not_absolute").arg("path", path.display()));
    }
    let company = permit.company();
    takt_staff::practice::refuse(tx, company)?;
    let id: WatchedFolderId = tx.new_id();
    let now = tx.now();
    let path = path.display().to_string();
    tx.put(
        sql!(
            "insert into watched_folder (company_id, id, path, person_id, bound_at, revoked_at, last_looked_at, last_problem, seen)
             values (:company_id, :id, :path, :person_id, :bound_at, null, null, null, '{}')"
        ),
        params![company_id: company, id: id, path: &path, person_id: person, bound_at: now],
    )?;
    jobs::enqueue(
        tx,
        NewJob {
            company,
            kind: WATCH_JOB,
            key: Some(id.to_string()),
            payload: serde_json::json!({ "folder": id }),
            run_at: now,
        },
    )?;
    let about = About::new(company, Subject::new("watched_folder", id.get()), permit.actor());
    tx.say(about, &FolderBound { path })?;
    Ok(id)
}

/// # Errors
/// `payments.folder_missing`.
pub fn release(tx: &mut Tx, permit: &Permit<VouchForMoney>, id: WatchedFolderId) -> Result<()> {
    let company = permit.company();
    let Some(Standing { path, .. }) = standing(tx, company, id)? else {
        return Err(Fault::missing("payments.folder_missing"));
    };
    let now = tx.now();
    tx.put(
        sql!("update watched_folder set revoked_at = :now where company_id = :company_id and id = :id"),
        params![company_id: company, id: id, now: now],
    )?;
    let about = About::new(company, Subject::new("watched_folder", id.get()), permit.actor());
    tx.say(about, &FolderReleased { path })
}

/// The folders that are watched now.
///
/// # Errors
/// Faults of the store.
pub fn list(db: &mut dyn Query, company: CompanyId) -> Result<Vec<WatchedFolder>> {
    db.all(
        sql!(
            "select id, path, person_id, bound_at, last_looked_at, last_problem
             from watched_folder
             where company_id = :company_id and revoked_at is null
             order by id
             limit 100"
        ),
        params![company_id: company],
    )?
    .iter()
    .map(read)
    .collect()
}

/// The folders that are watched now for anybody: the operator of the machine has to see them all.
///
/// # Errors
/// Faults of the store.
pub fn of_all_companies(db: &mut dyn Query) -> Result<Vec<WatchedFolder>> {
    db.all(
        sql!(
            "select id, path, person_id, bound_at, last_looked_at, last_problem
             from watched_folder
             where revoked_at is null
             order by company_id, id
             limit 1000"
        ),
        params![],
    )?
    .iter()
    .map(read)
    .collect()
}

fn read(row: &Row) -> Result<WatchedFolder> {
    Ok(WatchedFolder {
        id: row.get("id")?,
        path: row.get("path")?,
        person: row.get("person_id")?,
        bound_at: row.get("bound_at")?,
        last_looked_at: row.get("last_looked_at")?,
        last_problem: trouble(row)?,
    })
}

fn trouble(row: &Row) -> Result<Option<Trouble>> {
    Ok(row.get::<Option<String>>("last_problem")?.as_deref().map(Trouble::read))
}

/// Size and moment of change: what tells that a file is still being written.
type Seen = BTreeMap<String, String>;

struct Standing {
    path: String,
    person: PersonId,
    seen: Seen,
    problem: Option<Trouble>,
}

fn standing(db: &mut dyn Query, company: CompanyId, id: WatchedFolderId) -> Result<Option<Standing>> {
    db.opt(
        sql!(
            "select path, person_id, seen, last_problem
             from watched_folder
             where company_id = :company_id and id = :id and revoked_at is null"
        ),
        params![company_id: company, id: id],
    )?
    .map(|row| {
        Ok(Standing {
            path: row.get("path")?,
            person: row.get("person_id")?,
            seen: row.json("seen")?,
            problem: trouble(&row)?,
        })
    })
    .transpose()
}
