use std::{
    fs::{self, File, TryLockError},
    os::unix::{fs::MetadataExt, net::UnixStream},
    path::{Path, PathBuf},
};

use takt_store::folder::{self, Held};

use super::report::{Line, Report};
use crate::{
    arguments::{DataOptions, DoctorOptions},
    place::SOCKET,
};

const MEGABYTE: u64 = 1 << 20;
/// Below this even the log of one busy hour may not fit.
const NOTHING_LEFT: u64 = 256 * MEGABYTE;

/// Who holds the data folder. Answers whether a program serves it; `None` on PostgreSQL, where any
/// number of nodes may, on other machines too.
pub fn look_at_folder(data: &DataOptions, report: &mut Report) -> Option<bool> {
    if data.database.is_some() {
        return None;
    }
    let folder = &data.data;
    let missing = match folder::held(folder) {
        Held::Data => None,
        Held::Nothing => Some(Line::broken("folder", "folder-missing")),
        Held::Unfinished => Some(Line::broken("folder", "folder-restoring")),
        Held::Moved { to } => Some(Line::broken("folder", "folder-moved").arg("to", to)),
    };
    if let Some(line) = missing {
        report.add(line.arg("folder", folder.display()));
        return Some(false);
    }
    let (line, serving) = match File::open(folder::lock(folder)).map(|lock| (lock.try_lock(), lock)) {
        Ok((Err(TryLockError::WouldBlock), lock)) => {
            let answers = UnixStream::connect(folder.join(SOCKET)).is_ok();
            let code = if answers { "folder-held" } else { "folder-silent" };
            let line = if answers { Line::ok("folder", code) } else { Line::broken("folder", code) };
            (line.arg("process", holder(&lock).unwrap_or_else(|| "?".to_owned())), true)
        }
        Ok((Ok(()), _)) => (Line::warning("folder", "folder-free"), false),
        Ok((Err(TryLockError::Error(error)), _)) | Err(error) => {
            (Line::broken("folder", "folder-unusable").arg("cause", error), false)
        }
    };
    report.add(line.arg("folder", folder.display()));
    Some(serving)
}

/// The process that holds a lock, as Linux tells it: `… pid major:minor:inode …`.
fn holder(lock: &File) -> Option<String> {
    let inode = lock.metadata().ok()?.ino();
    let locks = fs::read_to_string("/proc/locks").ok()?;
    let held = locks.lines().find(|line| {
        line.split_whitespace()
            .any(|part| part.rsplit_once(':').is_some_and(|(_, found)| found.parse() == Ok(inode)))
    })?;
    held.split_whitespace().nth(4).map(str::to_owned)
}

/// Room for the data and for copies.
pub fn look_at_disks(options: &DoctorOptions, bytes: Option<u64>, report: &mut Report) {
    if options.data.database.is_none() {
        report.add(disk("disk", &options.data.data, bytes.unwrap_or(0)));
    }
    if let Some(folder) = &options.backups.backup_folder {
        report.add(disk("backup-disk", folder, bytes.unwrap_or(0) / 2));
    }
}

fn disk(name: &'static str, folder: &Path, wanted: u64) -> Line {
    let there = existing(folder);
    let found = match rustix::fs::statvfs(&there) {
        Ok(found) => found,
        Err(error) => {
            return Line::broken(name, "disk-unreadable").arg("folder", folder.display()).arg("cause", error);
        }
    };
    let free = found.f_bavail.saturating_mul(found.f_frsize);
    let all = found.f_blocks.saturating_mul(found.f_frsize).max(1);
    let percent = free.saturating_mul(100) / all;
    let line = if found.f_flag.contains(rustix::fs::StatVfsMountFlags::RDONLY) {
        Line::broken(name, "disk-read-only")
    } else if free < NOTHING_LEFT {
        Line::broken(name, "disk-full")
    } else if percent < 5 || free < wanted {
        Line::warning(name, "disk-little")
    } else {
        Line::ok(name, "disk-ok")
    };
    line.arg("folder", folder.display()).arg("free", free / MEGABYTE).arg("percent", percent)
}

/// The nearest folder that is there.
fn existing(folder: &Path) -> PathBuf {
    let whole = std::path::absolute(folder).unwrap_or_else(|_| folder.to_owned());
    whole.ancestors().find(|folder| folder.exists()).map_or_else(|| PathBuf::from("/"), Path::to_owned)
}
