//! One look into a folder: what lies there whole is taken in or set apart.

use std::{
    ffi::{OsStr, OsString},
    path::{Path, PathBuf},
    sync::Arc,
};

use takt_kernel::{CompanyId, Fault, Id, Kind, PersonId, Result, failpoint};
use takt_orders::VouchForMoney;
use takt_staff::Permit;
use takt_store::{Db, Query, Tx, params, sql};
use takt_work::{JobEnd, JobKind, JobRun};

use super::{Seen, Standing, WATCH_JOB, WatchedFolderId, standing};
use crate::{hanging::FileSystems, import, trouble::Trouble};

const LOOK_EVERY_SECONDS: i64 = 10;
const FILES_AT_ONCE: usize = 50;

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

async fn look(run: JobRun, file_systems: Arc<FileSystems>) -> Result<JobEnd> {
    let id = run.payload.get("folder").and_then(serde_json::Value::as_i64).map(Id::new);
    let Some(id) = id else { return Ok(JobEnd::GiveUp(Fault::broken("payments.job_unreadable"))) };
    let company = run.company;
    let found = run.db.read("payments.watched_folder", move |reader| standing(reader, company, id)).await?;
    let Some(Standing { path, person, seen, problem: known }) = found else { return Ok(JobEnd::Done) };
    let folder = Folder { id, path: PathBuf::from(path), file_systems };
    let mut looked = Looked::default();
    let ended = take_in(&run.db, company, &folder, person, &seen, &mut looked).await;
    // A refused file lies aside: until another is taken in its place, somebody has to hear of it.
    let refused = looked.problem.or_else(|| known.and_then(Trouble::of_a_file).filter(|_| !looked.accepted));
    let problem = match ended {
        Ok(()) => {
            note_seen(&run.db, company, id, looked.seen).await?;
            failpoint::reach("payments.folder.seen");
            refused
        }
        Err(fault) => Some(Trouble::of(&fault).beside(refused)),
    };
    let problem = problem.as_ref().map(Trouble::written).transpose()?;
    run.db.write("payments.note_look", move |tx| note_look(tx, company, id, problem.as_deref())).await?;
    Ok(JobEnd::RetryAt(run.db.clock().now().plus_seconds(LOOK_EVERY_SECONDS)))
}

/// What one look found.
#[derive(Default)]
struct Looked {
    /// Seen and left alone.
    seen: Seen,
    problem: Option<Trouble>,
    /// Some file was taken in.
    accepted: bool,
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

async fn take_in(
    db: &Db,
    company: CompanyId,
    folder: &Folder,
    person: PersonId,
    before: &Seen,
    looked: &mut Looked,
) -> Result<()> {
    let permit = db
        .read("payments.folder_permit", move |reader| {
            takt_staff::permit_of::<VouchForMoney>(reader, person, company)
        })
        .await?;
    for file in folder.ask(files_of).await? {
        let name = file.name.to_string_lossy().into_owned();
        if before.get(&name) != Some(&file.stamp) {
            looked.seen.insert(name, file.stamp);
            continue;
        }
        let place = match take_file(db, company, folder, &permit, &file).await {
            Ok(()) => {
                looked.accepted = true;
                "accepted"
            }
            Err(fault) => {
                looked.problem = Some(Trouble::of(&fault).of_file(&name));
                match fault.kind() {
                    Kind::Invalid => "refused",
                    // The others shall not wait behind one at which the program fails.
                    Kind::Broken | Kind::Conflict => {
                        tracing::error!(%name, ?fault, "a file of a watched folder could not be taken in");
                        looked.seen.insert(name, file.stamp);
                        continue;
                    }
                    Kind::Missing | Kind::Denied | Kind::Unavailable => return Err(fault),
                }
            }
        };
        failpoint::reach("payments.folder.taken");
        folder.ask(move |folder| move_to(folder, place, &file.name)).await?;
        failpoint::reach("payments.folder.moved");
    }
    Ok(())
}

async fn take_file(
    db: &Db,
    company: CompanyId,
    folder: &Folder,
    permit: &Permit<VouchForMoney>,
    file: &Found,
) -> Result<()> {
    if file.bytes > import::LARGEST_FILE_BYTES as u64 {
        return Err(import::too_large());
    }
    let wanted = file.name.clone();
    let bytes = folder.ask(move |folder| Ok(std::fs::read(folder.join(wanted)))).await?;
    let bytes = bytes.map_err(|error| Fault::broken("payments.file_unreadable").because(error))?;
    let name = file.name.to_string_lossy().into_owned();
    let taken = import::accept(db, permit.clone(), name, bytes, "watched folder").await?;
    // It is here: taken in once more it would be here twice. What is left of it is its own job's.
    if let Err(fault) = import::process(db, company, taken.import, &mut |_| ()).await {
        tracing::warn!(import = %taken.import, ?fault, "a file of a watched folder is left to its job");
    }
    Ok(())
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

struct Found {
    name: OsString,
    stamp: String,
    bytes: u64,
}

fn files_of(folder: &Path) -> std::io::Result<Vec<Found>> {
    let mut files = Vec::new();
    for entry in std::fs::read_dir(folder)? {
        let entry = entry?;
        let (name, about) = (entry.file_name(), entry.metadata()?);
        if about.is_file() && !name.as_encoded_bytes().starts_with(b".") {
            let stamp = format!("{}:{:?}", about.len(), about.modified()?);
            files.push(Found { name, stamp, bytes: about.len() });
        }
    }
    files.sort_unstable_by(|one, other| one.name.cmp(&other.name));
    files.truncate(FILES_AT_ONCE);
    Ok(files)
}

fn move_to(folder: &Path, place: &str, name: &OsStr) -> std::io::Result<()> {
    let place = folder.join(place);
    std::fs::create_dir_all(&place)?;
    let mut target = place.join(name);
    let mut copy = 1;
    while target.exists() {
        copy += 1;
        let mut other = OsString::from(format!("{copy}-"));
        other.push(name);
        target = place.join(other);
    }
    std::fs::rename(folder.join(name), target)
}
