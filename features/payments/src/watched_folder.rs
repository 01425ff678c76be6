//! A folder into which the bank's client program drops files. The operator of the machine binds it
//! in the name of an accountant, who vouches for what arrives until they release it or lose the
//! right. A file is taken when two looks find it unchanged; it then moves to `accepted` or `refused`
//! beside it. A crash in between takes the same file twice, which posts nothing twice.

use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
    sync::Arc,
};

use takt_kernel::{CompanyId, Fault, Id, PersonId, Result, failpoint};
use takt_orders::VouchForMoney;
use takt_staff::Permit;
use takt_store::{About, Db, Query, Row, Subject, Tx, params, sql};
use takt_work::{JobEnd, JobKind, JobRun, NewJob, jobs};

use crate::{
    facts::{FolderBound, FolderReleased},
    hanging::FileSystems,
    import,
};

pub enum WatchedFolderTag {}
pub type WatchedFolderId = Id<WatchedFolderTag>;

pub const WATCH_JOB: &str = "payments.watch_folder";
const LOOK_EVERY_SECONDS: i64 = 10;
const FILES_AT_ONCE: usize = 50;
const LARGEST_FILE_BYTES: u64 = 64 << 20;

#[derive(Clone, Debug)]
pub struct WatchedFolder {
    pub id: WatchedFolderId,
    pub path: String,
    pub person: PersonId,
    pub bound_at: takt_kernel::Timestamp,
    pub last_looked_at: Option<takt_kernel::Timestamp>,
    /// Code of what went wrong at the last look.
    pub last_problem: Option<String>,
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
    let Some((path, ..)) = standing(tx, company, id)? else {
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
        last_problem: row.get("last_problem")?,
    })
}

/// The job that looks into one folder again and again.
pub fn watch_job() -> JobKind {
    let file_systems = Arc::new(FileSystems::default());
    JobKind {
        kind: WATCH_JOB,
        does: "takes in the bank files of a watched folder",
        concurrency: 2,
        max_attempts: 1_000_000,
        run: Arc::new(move |run| Box::pin(look(run, file_systems.clone()))),
    }
}

/// Size and moment of change: what tells that a file is still being written.
type Seen = BTreeMap<String, String>;

async fn look(run: JobRun, file_systems: Arc<FileSystems>) -> Result<JobEnd> {
    let id = run.payload.get("folder").and_then(serde_json::Value::as_i64).map(Id::new);
    let Some(id) = id else { return Ok(JobEnd::GiveUp(Fault::broken("payments.job_unreadable"))) };
    let company = run.company;
    let found = run.db.read("payments.watched_folder", move |reader| standing(reader, company, id)).await?;
    let Some((path, person, before)) = found else { return Ok(JobEnd::Done) };
    let folder = Folder { id, path: PathBuf::from(path), file_systems };
    let problem = match take_in(&run.db, company, &folder, person, &before).await {
        Ok((seen, problem)) => {
            note_seen(&run.db, company, id, seen).await?;
            failpoint::reach("payments.folder.seen");
            problem
        }
        Err(fault) => Some(fault.code().to_owned()),
    };
    run.db.write("payments.note_look", move |tx| note_look(tx, company, id, problem.as_deref())).await?;
    Ok(JobEnd::RetryAt(run.db.clock().now().plus_seconds(LOOK_EVERY_SECONDS)))
}

/// A folder in the hands of one look.
struct Folder {
    id: WatchedFolderId,
    path: PathBuf,
    file_systems: Arc<FileSystems>,
}

impl Folder {
    async fn ask<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Path) -> std::io::Result<T> + Send + 'static,
    ) -> Result<T> {
        let path = self.path.clone();
        self.file_systems.ask(self.id, move || work(&path)).await
    }
}

/// Answers what it saw and left alone, and the last refusal.
async fn take_in(
    db: &Db,
    company: CompanyId,
    folder: &Folder,
    person: PersonId,
    before: &Seen,
) -> Result<(Seen, Option<String>)> {
    let permit = db
        .read("payments.folder_permit", move |reader| {
            takt_staff::permit_of::<VouchForMoney>(reader, person, company)
        })
        .await?;
    let files = folder.ask(files_of).await?;
    let mut seen = Seen::new();
    let mut problem = None;
    for (name, stamp) in files {
        if before.get(&name) != Some(&stamp) {
            seen.insert(name, stamp);
            continue;
        }
        let wanted = name.clone();
        let bytes = folder.ask(move |folder| std::fs::read(folder.join(wanted))).await?;
        let taken = import::accept(db, permit.clone(), name.clone(), bytes, "watched folder").await;
        let place = match taken {
            Ok(accepted) => {
                import::process(db, company, accepted.import, &mut |_| ()).await?;
                "accepted"
            }
            Err(fault) if fault.kind() == takt_kernel::Kind::Invalid => {
                problem = Some(fault.code().to_owned());
                "refused"
            }
            Err(fault) => return Err(fault),
        };
        failpoint::reach("payments.folder.taken");
        folder.ask(move |folder| move_to(folder, place, &name)).await?;
        failpoint::reach("payments.folder.moved");
    }
    Ok((seen, problem))
}

fn standing(
    db: &mut dyn Query,
    company: CompanyId,
    id: WatchedFolderId,
) -> Result<Option<(String, PersonId, Seen)>> {
    db.opt(
        sql!(
            "select path, person_id, seen
             from watched_folder
             where company_id = :company_id and id = :id and revoked_at is null"
        ),
        params![company_id: company, id: id],
    )?
    .map(|row| Ok((row.get("path")?, row.get("person_id")?, row.json("seen")?)))
    .transpose()
}

async fn note_seen(db: &Db, company: CompanyId, id: WatchedFolderId, seen: Seen) -> Result<()> {
    db.write("payments.note_seen", move |tx| {
        tx.put(
            sql!("update watched_folder set seen = :seen where company_id = :company_id and id = :id"),
            params![company_id: company, id: id, seen: serde_json::json!(seen).to_string()],
        )
    })
    .await
}

fn note_look(tx: &mut Tx, company: CompanyId, id: WatchedFolderId, problem: Option<&str>) -> Result<()> {
    let now = tx.now();
    tx.put(
        sql!(
            "update watched_folder
             set last_looked_at = :now, last_problem = :problem
             where company_id = :company_id and id = :id"
        ),
        params![company_id: company, id: id, now: now, problem: problem],
    )
}

fn files_of(folder: &Path) -> std::io::Result<Vec<(String, String)>> {
    let mut files = Vec::new();
    for entry in std::fs::read_dir(folder)? {
        let entry = entry?;
        let about = entry.metadata()?;
        let Some(name) = entry.file_name().to_str().map(str::to_owned) else { continue };
        if about.is_file() && about.len() <= LARGEST_FILE_BYTES && !name.starts_with('.') {
            files.push((name, format!("{}:{:?}", about.len(), about.modified()?)));
        }
    }
    files.sort_unstable();
    files.truncate(FILES_AT_ONCE);
    Ok(files)
}

fn move_to(folder: &Path, place: &str, name: &str) -> std::io::Result<()> {
    let place = folder.join(place);
    std::fs::create_dir_all(&place)?;
    let mut target = place.join(name);
    let mut copy = 1;
    while target.exists() {
        copy += 1;
        target = place.join(format!("{copy}-{name}"));
    }
    std::fs::rename(folder.join(name), target)
}
