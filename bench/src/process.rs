//! What the kernel says about a process: the stable figures on a machine whose speed varies.

use anyhow::{Context, Result};

/// Of one process, or of several added up.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Usage {
    pub cpu_seconds: f64,
    /// Sent to the device, as far as the process itself did it.
    pub written_bytes: u64,
    pub resident_bytes: u64,
}

impl Usage {
    /// Of a process and, for a PostgreSQL server, of everything it started.
    pub fn of(pid: u32, with_children: bool) -> Result<Self> {
        let mut usage = Self::of_one(pid, with_children)?;
        if with_children {
            for child in children(pid)? {
                // A child may end while we look.
                usage.add(Self::of_one(child, false).unwrap_or_default());
            }
        }
        Ok(usage)
    }

    fn of_one(pid: u32, with_ended_children: bool) -> Result<Self> {
        let stat = std::fs::read_to_string(format!("/proc/{pid}/stat"))
            .with_context(|| format!("process {pid} is gone"))?;
        let io = std::fs::read_to_string(format!("/proc/{pid}/io")).unwrap_or_default();
        let stat = Stat::parse(&stat).with_context(|| format!("/proc/{pid}/stat"))?;
        let ticks = stat.own_ticks + if with_ended_children { stat.ended_children_ticks } else { 0 };
        Ok(Self {
            cpu_seconds: ticks as f64 / TICKS_PER_SECOND,
            written_bytes: io_field(&io, "write_bytes"),
            resident_bytes: stat.resident_pages * PAGE_BYTES,
        })
    }

    pub fn add(&mut self, other: Self) {
        self.cpu_seconds += other.cpu_seconds;
        self.written_bytes += other.written_bytes;
        self.resident_bytes += other.resident_bytes;
    }

    /// What was used since `before`; memory is what it is now.
    pub fn since(self, before: Self) -> Self {
        Self {
            cpu_seconds: self.cpu_seconds - before.cpu_seconds,
            written_bytes: self.written_bytes.saturating_sub(before.written_bytes),
            resident_bytes: self.resident_bytes,
        }
    }
}

/// How many nanoseconds this thread has been running, whoever else wants the machine.
pub fn on_cpu() -> Result<u64> {
    let stat = std::fs::read_to_string("/proc/thread-self/schedstat")?;
    Ok(stat.split(' ').next().context("an empty schedstat")?.parse()?)
}

/// Linux shows times to programs in this unit on every architecture.
const TICKS_PER_SECOND: f64 = 100.0;
const PAGE_BYTES: u64 = 4096;

struct Stat {
    parent: u32,
    own_ticks: u64,
    ended_children_ticks: u64,
    resident_pages: u64,
}

impl Stat {
    /// The name, which may hold anything, ends at the last bracket; the rest are numbers.
    fn parse(text: &str) -> Option<Self> {
        let fields: Vec<&str> = text.rsplit_once(')')?.1.split_whitespace().collect();
        let number = |index: usize| fields.get(index)?.parse::<u64>().ok();
        Some(Self {
            parent: fields.get(1)?.parse().ok()?,
            own_ticks: number(11)? + number(12)?,
            ended_children_ticks: number(13)? + number(14)?,
            resident_pages: number(21)?,
        })
    }
}

fn io_field(io: &str, name: &str) -> u64 {
    let line = io.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(": "));
    line.and_then(|value| value.trim().parse().ok()).unwrap_or_default()
}

fn children(pid: u32) -> Result<Vec<u32>> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir("/proc")? {
        let Ok(child) = entry?.file_name().to_string_lossy().parse::<u32>() else { continue };
        let Ok(stat) = std::fs::read_to_string(format!("/proc/{child}/stat")) else { continue };
        if Stat::parse(&stat).is_some_and(|stat| stat.parent == pid) {
            found.push(child);
        }
    }
    Ok(found)
}

/// Of everything under a folder, or of one file.
pub fn size_on_disk(path: &std::path::Path) -> u64 {
    use std::os::unix::fs::MetadataExt;
    let Ok(metadata) = std::fs::symlink_metadata(path) else { return 0 };
    let own = metadata.blocks() * 512;
    let Ok(entries) = std::fs::read_dir(path) else { return own };
    own + entries.flatten().map(|entry| size_on_disk(&entry.path())).sum::<u64>()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_process_with_brackets_in_its_name_is_read() {
        let stat = "7 (a) b) S 1 7 7 0 -1 4194560 100 0 0 0 250 50 10 5 20 0 1 0 100 1000000 321 0";
        let stat = Stat::parse(stat).unwrap();
        assert_eq!((stat.parent, stat.own_ticks, stat.ended_children_ticks), (1, 300, 15));
        assert_eq!(stat.resident_pages, 321);
        assert_eq!(io_field("rchar: 1\nwrite_bytes: 4096\ncancelled_write_bytes: 9\n", "write_bytes"), 4096);
    }

    #[test]
    fn this_process_uses_memory_and_lives() {
        let usage = Usage::of(std::process::id(), true).unwrap();
        assert!(usage.resident_bytes > 1 << 20, "{usage:?}");
    }
}
