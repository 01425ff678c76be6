use std::path::{Path, PathBuf};

use takt_kernel::{Fault, Result};
use tempfile::TempDir;

const INBOX: &str = "bank-inbox";

/// Where the demonstration keeps its data: for good, or until it ends.
pub enum Folder {
    Given(PathBuf),
    Temporary(TempDir),
}

impl Folder {
    /// # Errors
    /// `takt.folder_not_empty`, `takt.folder_unusable`.
    pub fn open(given: Option<PathBuf>) -> Result<Self> {
        let Some(given) = given else {
            let folder = tempfile::Builder::new().prefix("takt-demo-").tempdir();
            return folder.map(Self::Temporary).map_err(|error| unusable(&std::env::temp_dir(), error));
        };
        std::fs::create_dir_all(&given).map_err(|error| unusable(&given, error))?;
        let mut inside = std::fs::read_dir(&given).map_err(|error| unusable(&given, error))?;
        if inside.next().is_some() {
            return Err(Fault::conflict("takt.folder_not_empty").arg("folder", given.display()));
        }
        std::path::absolute(&given).map(Self::Given).map_err(|error| unusable(&given, error))
    }

    pub fn path(&self) -> &Path {
        match self {
            Self::Given(path) => path,
            Self::Temporary(folder) => folder.path(),
        }
    }

    /// The folder into which the bank's files drop; made when it is first asked for.
    ///
    /// # Errors
    /// `takt.folder_unusable`.
    pub fn inbox(&self) -> Result<PathBuf> {
        let inbox = self.path().join(INBOX);
        std::fs::create_dir_all(&inbox).map_err(|error| unusable(&inbox, error))?;
        Ok(inbox)
    }
}

fn unusable(folder: &Path, error: std::io::Error) -> Fault {
    Fault::unavailable("takt.folder_unusable").arg("folder", folder.display()).because(error)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_in_which_something_lies_is_refused_and_stays_as_it_is() {
        let home = tempfile::tempdir().expect("a folder");
        std::fs::write(home.path().join("letter.txt"), "dear").expect("a file");
        let refusal = Folder::open(Some(home.path().to_owned())).err().expect("a refusal");
        assert_eq!(refusal.code(), "takt.folder_not_empty");
        assert_eq!(std::fs::read_dir(home.path()).expect("the folder").count(), 1);
    }

    #[test]
    fn a_folder_that_is_not_there_is_made_and_a_temporary_one_goes_with_its_owner() {
        let home = tempfile::tempdir().expect("a folder");
        let given = home.path().join("a/b");
        assert_eq!(Folder::open(Some(given.clone())).expect("a folder").path(), given);
        let temporary = Folder::open(None).expect("a folder");
        let path = temporary.path().to_owned();
        assert!(path.is_dir());
        drop(temporary);
        assert!(!path.exists());
    }
}
