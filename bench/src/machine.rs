use std::path::Path;

use serde::{Deserialize, Serialize};

/// What figures mean nothing without.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Machine {
    pub cpu: String,
    pub cores: usize,
    pub memory_gb: f64,
    pub file_system: String,
    pub kernel: String,
}

impl Machine {
    /// This machine, with the file system of a folder.
    pub fn of(folder: &Path) -> Self {
        let read = |path: &str| std::fs::read_to_string(path).unwrap_or_default();
        let memory_kb = field(&read("/proc/meminfo"), "MemTotal")
            .and_then(|text| text.trim_end_matches(" kB").parse::<f64>().ok());
        Self {
            cpu: field(&read("/proc/cpuinfo"), "model name").unwrap_or_default(),
            cores: std::thread::available_parallelism().map_or(0, usize::from),
            memory_gb: memory_kb.unwrap_or_default() / 1_048_576.0,
            file_system: file_system(&read("/proc/mounts"), folder),
            kernel: read("/proc/sys/kernel/osrelease").trim().to_owned(),
        }
    }

    pub fn shown(&self) -> String {
        let Self { cpu, cores, memory_gb, file_system, kernel } = self;
        format!("{cpu}, {cores} cores, {memory_gb:.0} GB of memory, {file_system}, Linux {kernel}")
    }
}

fn field(text: &str, name: &str) -> Option<String> {
    let line = text.lines().find(|line| line.starts_with(name))?;
    Some(line.split_once(':')?.1.trim().to_owned())
}

/// `ext4 (/dev/vda)`: of the longest mount point above the folder.
fn file_system(mounts: &str, folder: &Path) -> String {
    let folder = std::fs::canonicalize(folder).unwrap_or_else(|_| folder.to_owned());
    mounts
        .lines()
        .filter_map(|line| {
            let mut words = line.split(' ');
            Some((words.next()?, words.next()?, words.next()?))
        })
        .filter(|(_, point, _)| folder.starts_with(point))
        .max_by_key(|(_, point, _)| point.len())
        .map(|(device, _, kind)| format!("{kind} ({device})"))
        .unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_is_on_the_deepest_mount_above_it() {
        let mounts = "/dev/a / ext4 rw 0 0\n/dev/b /proc/self xfs rw 0 0\n";
        assert_eq!(file_system(mounts, Path::new("/nowhere/at/all")), "ext4 (/dev/a)");
        assert_eq!(field("MemTotal:       100 kB\n", "MemTotal").as_deref(), Some("100 kB"));
    }
}
