use std::{io::Write, path::Path, time::Instant};

use anyhow::Result;

use crate::load::{Latency, histogram};

/// How long it takes until a page is on the disk.
pub fn fsync(folder: &Path, times: usize) -> Result<Latency> {
    std::fs::create_dir_all(folder)?;
    let path = folder.join("fsync");
    let mut file = std::fs::File::create(&path)?;
    let mut took = histogram()?;
    for _ in 0..times {
        file.write_all(&[7; 4096])?;
        let began = Instant::now();
        file.sync_data()?;
        took.saturating_record(u64::try_from(began.elapsed().as_micros())?);
    }
    std::fs::remove_file(path)?;
    Ok(Latency::of(&took))
}
