//! Work on a file system that may hang, as one over a network does when its server is gone. A thread
//! that hangs cannot be ended; so there is one for each folder at most, and whoever comes while it hangs
//! is told at once. When it comes back, the folder is looked at again.

use std::{
    collections::BTreeSet,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use takt_kernel::{Fault, Result};
use tokio::{task::spawn_blocking, time::timeout};

use crate::watched_folder::WatchedFolderId;

const PATIENCE: Duration = Duration::from_secs(15);

pub(crate) struct FileSystems {
    patience: Duration,
    /// Folders on which a thread works.
    taken: Mutex<BTreeSet<WatchedFolderId>>,
}

impl Default for FileSystems {
    fn default() -> Self {
        Self { patience: PATIENCE, taken: Mutex::default() }
    }
}

/// Gives the folder free when the work ends, however late that is.
struct Taken {
    file_systems: Arc<FileSystems>,
    folder: WatchedFolderId,
}

impl Drop for Taken {
    fn drop(&mut self) {
        self.file_systems.taken().remove(&self.folder);
    }
}

impl FileSystems {
    /// # Errors
    /// `payments.folder_hangs`, `payments.folder_unreadable`.
    pub async fn ask<T: Send + 'static>(
        self: &Arc<Self>,
        folder: WatchedFolderId,
        work: impl FnOnce() -> std::io::Result<T> + Send + 'static,
    ) -> Result<T> {
        let hangs = || Fault::unavailable("payments.folder_hangs");
        if !self.taken().insert(folder) {
            return Err(hangs());
        }
        let taken = Taken { file_systems: self.clone(), folder };
        let working = spawn_blocking(move || {
            let _taken = taken;
            work()
        });
        timeout(self.patience, working)
            .await
            .map_err(|_| hangs())?
            .map_err(|error| Fault::broken("payments.reader_panicked").because(error))?
            .map_err(|error| Fault::unavailable("payments.folder_unreadable").because(error))
    }

    fn taken(&self) -> MutexGuard<'_, BTreeSet<WatchedFolderId>> {
        self.taken.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use std::{fs, process::Command};

    use super::*;

    /// Opening a pipe that nobody writes into hangs until somebody does.
    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn a_folder_that_hangs_takes_one_thread_and_is_looked_at_again_when_it_comes_back() {
        let folder = tempfile::tempdir().unwrap();
        let pipe = folder.path().join("pipe");
        assert!(Command::new("mkfifo").arg(&pipe).status().unwrap().success());
        let systems =
            Arc::new(FileSystems { patience: Duration::from_millis(100), ..FileSystems::default() });
        let (hung, well) = (WatchedFolderId::new(1), WatchedFolderId::new(2));
        let read = || {
            let pipe = pipe.clone();
            systems.ask(hung, move || fs::read(pipe))
        };
        for _ in 0..50 {
            assert!(read().await.is_err_and(|fault| fault.is("payments.folder_hangs")));
        }
        assert_eq!(systems.ask(well, || Ok(7)).await.unwrap(), 7, "another folder is not held up");
        fs::write(&pipe, "came back").unwrap();
        while !systems.taken().is_empty() {
            tokio::task::yield_now().await;
        }
        assert_eq!(systems.ask(hung, || Ok(8)).await.unwrap(), 8);
    }
}
