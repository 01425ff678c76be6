//! The disk that a power loss leaves. A file has what was synced; of what was written later each sector
//! is there or not. Names are kept in the order in which they changed, as a journal keeps them: those
//! before the last sync of a folder, those up to the making of a file that was synced, and then a few.

use std::{
    collections::BTreeMap,
    fs,
    os::unix::fs::MetadataExt,
    path::{Path, PathBuf},
};

use super::written::{self, Record};
use crate::crash::dice::Dice;

const SECTOR: usize = 512;

/// A folder as it was on the disk when the watching began, and its files by inode.
pub struct Before {
    folder: PathBuf,
    files: BTreeMap<u64, Vec<u8>>,
    names: BTreeMap<PathBuf, Entry>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Entry {
    File(u64),
    Folder,
}

impl Before {
    pub fn of(folder: &Path) -> Self {
        let folder = folder.canonicalize().expect("the folder");
        let mut before = Self { folder: folder.clone(), files: BTreeMap::new(), names: BTreeMap::new() };
        before.collect(&folder);
        before
    }

    fn collect(&mut self, folder: &Path) {
        for entry in fs::read_dir(folder).expect("a folder") {
            let path = entry.expect("an entry").path();
            let about = fs::symlink_metadata(&path).expect("an entry");
            if about.is_dir() {
                self.names.insert(path.clone(), Entry::Folder);
                self.collect(&path);
            } else if about.is_file() && !is_rebuilt(&path) {
                self.names.insert(path.clone(), Entry::File(about.ino()));
                self.files.insert(about.ino(), fs::read(&path).expect("a file"));
            }
        }
    }
}

/// SQLite's shared memory is made anew by whoever opens the database first.
fn is_rebuilt(path: &Path) -> bool {
    path.to_string_lossy().ends_with("-shm")
}

#[derive(Debug)]
enum Change {
    Write { offset: usize, bytes: Vec<u8> },
    Truncate(usize),
}

#[derive(Debug)]
enum Naming {
    Create(PathBuf, Entry),
    Rename(PathBuf, PathBuf),
    Link(PathBuf, PathBuf),
    Unlink(PathBuf),
}

#[derive(Default)]
struct Content {
    durable: Vec<u8>,
    later: Later<Change>,
}

/// Changes that are not durable yet.
struct Later<C> {
    changes: Vec<C>,
    /// How many before these are durable.
    synced: usize,
}

impl<C> Default for Later<C> {
    fn default() -> Self {
        Self { changes: Vec::new(), synced: 0 }
    }
}

impl<C> Later<C> {
    fn so_far(&self) -> usize {
        self.synced + self.changes.len()
    }

    /// Those that had come by then.
    fn take_until(&mut self, mark: usize) -> Vec<C> {
        let count = mark.saturating_sub(self.synced).min(self.changes.len());
        self.synced += count;
        self.changes.drain(..count).collect()
    }
}

/// What a log comes to.
#[derive(Debug, Default)]
pub struct Loss {
    pub records: usize,
    pub syncs: usize,
    /// Bytes that were written and not synced, and those of them that were lost.
    pub unsynced: usize,
    pub lost: usize,
}

struct Disk {
    files: BTreeMap<u64, Content>,
    durable_names: BTreeMap<PathBuf, Entry>,
    later_names: Later<Naming>,
    folders: BTreeMap<u64, PathBuf>,
    /// Syncs under way: how much of the file, or of the names, was written down before.
    syncing: BTreeMap<u64, usize>,
}

/// Makes the folder that is left, under another name. `Dice` decides what else is kept.
pub fn lose_power(before: Before, log: &Path, left: &Path, dice: &mut Dice) -> Loss {
    let log = fs::read(log).expect("the log");
    let mut loss = Loss::default();
    let folders = folders_of(&before);
    let files =
        before.files.into_iter().map(|(file, durable)| (file, Content { durable, later: Later::default() }));
    let mut disk = Disk {
        files: files.collect(),
        durable_names: before.names,
        later_names: Later::default(),
        folders,
        syncing: BTreeMap::new(),
    };
    let mut rest = log.as_slice();
    while let Some(record) = Record::take(&mut rest) {
        loss.records += 1;
        loss.syncs += usize::from(record.kind == written::SYNC_ENDS);
        disk.apply(record);
    }
    disk.write_out(&before.folder, left, dice, &mut loss);
    loss
}

fn folders_of(before: &Before) -> BTreeMap<u64, PathBuf> {
    let inode = |path: &Path| fs::metadata(path).map(|about| about.ino()).ok();
    let inner = before.names.iter().filter(|(_, entry)| **entry == Entry::Folder).map(|(path, _)| path);
    inner.chain([&before.folder]).filter_map(|path| Some((inode(path)?, path.clone()))).collect()
}

impl Disk {
    fn apply(&mut self, record: Record<'_>) {
        match record.kind {
            written::CREATE => {
                // An inode that was free before is another file.
                self.files.insert(record.file, Content::default());
                self.name(Naming::Create(record.path(), Entry::File(record.file)));
            }
            written::MKDIR => {
                self.folders.insert(record.file, record.path());
                self.name(Naming::Create(record.path(), Entry::Folder));
            }
            written::WRITE => {
                let change = Change::Write { offset: record.offset, bytes: record.second.to_vec() };
                self.later(record.file).changes.push(change);
            }
            written::TRUNCATE => self.later(record.file).changes.push(Change::Truncate(record.offset)),
            written::SYNC_BEGINS => {
                let mark = match self.folders.contains_key(&record.file) {
                    true => self.later_names.so_far(),
                    false => self.later(record.file).so_far(),
                };
                self.syncing.insert(record.token, mark);
            }
            written::SYNC_ENDS => self.synced(&record),
            written::RENAME => self.name(Naming::Rename(record.path(), record.second_path())),
            written::LINK => self.name(Naming::Link(record.path(), record.second_path())),
            written::UNLINK => self.name(Naming::Unlink(record.path())),
            unknown => panic!("a record of kind {unknown}"),
        }
    }

    fn later(&mut self, file: u64) -> &mut Later<Change> {
        &mut self.files.entry(file).or_default().later
    }

    fn name(&mut self, naming: Naming) {
        self.later_names.changes.push(naming);
    }

    fn synced(&mut self, record: &Record<'_>) {
        let Some(mark) = self.syncing.remove(&record.token) else { return };
        if self.folders.contains_key(&record.file) {
            self.sync_names(mark);
            return;
        }
        let Some(content) = self.files.get_mut(&record.file) else { return };
        for change in content.later.take_until(mark) {
            change.apply(&mut content.durable);
        }
        let made = |naming: &Naming| matches!(naming, Naming::Create(_, entry) if *entry == Entry::File(record.file));
        if let Some(place) = self.later_names.changes.iter().position(made) {
            self.sync_names(self.later_names.synced + place + 1);
        }
    }

    fn sync_names(&mut self, mark: usize) {
        for naming in self.later_names.take_until(mark) {
            naming.apply(&mut self.durable_names);
        }
    }

    fn write_out(mut self, folder: &Path, left: &Path, dice: &mut Dice, loss: &mut Loss) {
        let kept = dice.below(self.later_names.changes.len() + 1);
        self.sync_names(self.later_names.synced + kept);
        let names = std::mem::take(&mut self.durable_names);
        fs::create_dir_all(left).expect("a folder");
        for (path, entry) in &names {
            let Ok(inner) = path.strip_prefix(folder) else { continue };
            if let Entry::Folder = entry {
                fs::create_dir_all(left.join(inner)).expect("a folder");
            }
        }
        for (path, entry) in names {
            let Ok(inner) = path.strip_prefix(folder) else { continue };
            let Entry::File(file) = entry else { continue };
            let content = self.files.remove(&file).unwrap_or_default();
            let target = left.join(inner);
            if target.parent().is_some_and(Path::exists) {
                fs::write(target, content.after_loss(dice, loss)).expect("a file");
            }
        }
    }
}

impl Naming {
    fn apply(self, names: &mut BTreeMap<PathBuf, Entry>) {
        match self {
            Self::Create(path, entry) => {
                names.insert(path, entry);
            }
            Self::Rename(from, to) => {
                if let Some(entry) = names.remove(&from) {
                    names.insert(to, entry);
                }
            }
            Self::Link(from, to) => {
                if let Some(entry) = names.get(&from).copied() {
                    names.insert(to, entry);
                }
            }
            Self::Unlink(path) => {
                names.remove(&path);
            }
        }
    }
}

impl Content {
    /// One of: nothing of it, all of it, the first part of it, or each sector as chance wants.
    fn after_loss(self, dice: &mut Dice, loss: &mut Loss) -> Vec<u8> {
        let Self { mut durable, later } = self;
        let later = later.changes;
        let whole = later.len();
        let (first, torn) = match dice.below(4) {
            0 => (0, false),
            1 => (whole, false),
            2 => (dice.below(whole + 1), false),
            _ => (whole, true),
        };
        for (index, change) in later.into_iter().enumerate() {
            let Change::Write { offset, bytes } = change else {
                if index < first && !(torn && dice.one_in(2)) {
                    change.apply(&mut durable);
                }
                continue;
            };
            loss.unsynced += bytes.len();
            if index >= first {
                loss.lost += bytes.len();
                continue;
            }
            let mut at = 0;
            while at < bytes.len() {
                // Sectors are those of the disk, not of the write.
                let end = ((offset + at) / SECTOR * SECTOR + SECTOR - offset).min(bytes.len());
                if torn && dice.one_in(2) {
                    loss.lost += end - at;
                } else {
                    write_at(&mut durable, offset + at, &bytes[at..end]);
                }
                at = end;
            }
        }
        durable
    }
}

impl Change {
    fn apply(self, durable: &mut Vec<u8>) {
        match self {
            Self::Write { offset, bytes } => write_at(durable, offset, &bytes),
            Self::Truncate(length) => durable.resize(length, 0),
        }
    }
}

fn write_at(durable: &mut Vec<u8>, offset: usize, bytes: &[u8]) {
    if durable.len() < offset + bytes.len() {
        durable.resize(offset + bytes.len(), 0);
    }
    durable[offset..offset + bytes.len()].copy_from_slice(bytes);
}
