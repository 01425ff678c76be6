use std::{
    fs::File,
    io::BufReader,
    path::{Path, PathBuf},
};

use takt_kernel::{Fault, Result};

use super::{
    Footer, Listen, Manifest, Progress, TableManifest, TableSum,
    frames::{FrameReader, Kind, altered, unreadable},
    manifest::FORMAT,
    rows,
};
use crate::{tables::RunningDigest, value::Value};

/// An archive file whose header was read.
pub struct Archive {
    file: PathBuf,
    pub manifest: Manifest,
}

/// An archive whose every byte was read and found as it was written.
pub struct Checked {
    pub footer: Footer,
    pub bytes: u64,
}

impl Archive {
    /// # Errors
    /// `store.archive_unreadable`, `store.archive_unknown`, `store.archive_newer` when a later version
    /// of the program wrote it, `store.archive_cut_off` and `store.archive_altered` with `at`.
    pub fn open(file: &Path) -> Result<Self> {
        let mut frames = frames(file)?;
        let manifest = header(&mut frames).map_err(|fault| fault.arg("file", file.display()))?;
        Ok(Self { file: file.to_owned(), manifest })
    }

    pub fn file(&self) -> &Path {
        &self.file
    }

    /// Reads the whole file and compares every checksum, count and digest.
    ///
    /// # Errors
    /// `store.archive_cut_off`, `store.archive_altered`: with `file` and `at`.
    pub fn check(&self, listen: Listen<'_>) -> Result<Checked> {
        self.rows(listen, &mut |_, _| Ok(()))
    }

    /// As [`Archive::check`], giving every row on its way: the number of its table and its values.
    ///
    /// # Errors
    /// As [`Archive::check`], and what `each` refuses.
    pub fn rows(
        &self,
        listen: Listen<'_>,
        each: &mut dyn FnMut(usize, Vec<Value>) -> Result<()>,
    ) -> Result<Checked> {
        self.walk(listen, each).map_err(|fault| fault.arg("file", self.file.display()))
    }

    fn walk(
        &self,
        listen: Listen<'_>,
        each: &mut dyn FnMut(usize, Vec<Value>) -> Result<()>,
    ) -> Result<Checked> {
        let mut frames = frames(&self.file)?;
        if header(&mut frames)? != self.manifest {
            return Err(altered(0));
        }
        let tables = &self.manifest.tables;
        let mut sums: Vec<TableSum> = Vec::with_capacity(tables.len());
        let mut running = RunningDigest::default();
        let mut plain = Vec::new();
        let mut read = 0;
        loop {
            let start = frames.at();
            match frames.next(&mut plain)? {
                Kind::Rows => {
                    let mut rest = &plain[..];
                    let index = usize::try_from(rows::take_number(&mut rest)?).unwrap_or(usize::MAX);
                    if index < sums.len() || index >= tables.len() {
                        return Err(altered(start));
                    }
                    close_until(index, tables, &mut sums, &mut running);
                    while !rest.is_empty() {
                        let row = rows::take(tables[index].columns.len(), &mut rest)
                            .map_err(|fault| altered(start).because(fault))?;
                        running.add(&row);
                        read += 1;
                        each(index, row)?;
                    }
                    listen(Progress { table: &tables[index].name, rows: read });
                }
                Kind::Footer => {
                    close_until(tables.len(), tables, &mut sums, &mut running);
                    let footer: Footer =
                        serde_json::from_slice(&plain).map_err(|error| altered(start).because(error))?;
                    if footer.tables != sums {
                        return Err(altered(start));
                    }
                    let start = frames.at();
                    if frames.next(&mut plain)? != Kind::Seal {
                        return Err(altered(start));
                    }
                    let bytes = frames.at();
                    frames.end()?;
                    return Ok(Checked { footer, bytes });
                }
                Kind::Header | Kind::Seal => return Err(altered(start)),
            }
        }
    }
}

/// Ends the table that was read, and those without rows up to the one that comes.
fn close_until(
    index: usize,
    tables: &[TableManifest],
    sums: &mut Vec<TableSum>,
    running: &mut RunningDigest,
) {
    while sums.len() < index {
        let digest = std::mem::take(running).finish();
        sums.push(TableSum::of(&tables[sums.len()].name, &digest));
    }
}

fn frames(file: &Path) -> Result<FrameReader<BufReader<File>>> {
    let opened = File::open(file).map_err(|error| unreadable(error).arg("file", file.display()))?;
    FrameReader::begin(BufReader::with_capacity(1 << 20, opened))
        .map_err(|fault| fault.arg("file", file.display()))
}

fn header(frames: &mut FrameReader<BufReader<File>>) -> Result<Manifest> {
    let start = frames.at();
    let mut plain = Vec::new();
    if frames.next(&mut plain)? != Kind::Header {
        return Err(altered(start));
    }
    let unknown = |error: serde_json::Error| altered(start).because(error);
    let known: serde_json::Value = serde_json::from_slice(&plain).map_err(unknown)?;
    let format = known.get("format").and_then(serde_json::Value::as_u64).unwrap_or(0);
    if format > u64::from(FORMAT) {
        let program = known.get("program").and_then(serde_json::Value::as_str).unwrap_or("?");
        return Err(Fault::invalid("store.archive_newer").arg("program", program));
    }
    let manifest: Manifest = serde_json::from_value(known).map_err(unknown)?;
    // Rows of no columns would never end.
    if manifest.tables.iter().any(|table| table.columns.is_empty()) {
        return Err(altered(start));
    }
    Ok(manifest)
}
