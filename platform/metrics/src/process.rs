//! The process as Linux sees it, under the names that every Prometheus client uses.

use std::fs;

use crate::Metrics;

/// What the kernel counts processor time in for the outside, on every architecture that Takt runs on.
const TICKS_PER_SECOND: f64 = 100.0;

pub(crate) fn describe(metrics: &Metrics, started_at: f64) {
    metrics
        .when_asked("process_start_time_seconds", "When the process started, since 1970", move || started_at);
    metrics.when_asked("process_resident_memory_bytes", "Memory in use", || memory().unwrap_or(0.0));
    metrics.when_asked("process_open_fds", "Open files and sockets", || {
        fs::read_dir("/proc/self/fd").map_or(0.0, |open| open.count() as f64)
    });
    metrics.when_asked("process_max_fds", "How many files and sockets may be open", || most_files() as f64);
    metrics.when_asked("takt_process_cpu_seconds", "Processor time used since the start", || {
        processor().unwrap_or(0.0)
    });
}

/// How many files and sockets this process may open; as good as endless where nobody says.
pub fn most_files() -> u64 {
    let limits = fs::read_to_string("/proc/self/limits").unwrap_or_default();
    let line = limits.lines().find_map(|line| line.strip_prefix("Max open files")).unwrap_or_default();
    line.split_whitespace().next().and_then(|most| most.parse().ok()).unwrap_or(u64::MAX)
}

fn memory() -> Option<f64> {
    let status = fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"))?;
    line.split_whitespace().next()?.parse::<f64>().ok().map(|kib| kib * 1024.0)
}

fn processor() -> Option<f64> {
    let stat = fs::read_to_string("/proc/self/stat").ok()?;
    // The program's name, in brackets, may hold anything.
    let mut fields = stat.rsplit_once(')')?.1.split_whitespace().skip(11);
    let (user, system): (f64, f64) = (fields.next()?.parse().ok()?, fields.next()?.parse().ok()?);
    Some((user + system) / TICKS_PER_SECOND)
}
