//! The folder into which a bank's program drops files, in the name of an accountant.

use takt_payments::watched_folder;

use super::{Lied, files::Files};
use crate::world::World;

/// Two looks, so that a file that is still being written is left alone.
const LOOKS_SECONDS: i64 = 11;

pub struct Folder {
    folder: tempfile::TempDir,
    files: Files,
}

impl Folder {
    pub async fn open(world: &mut World) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let permit = world.voucher(world.company, "first").await.expect("an accountant");
        let path = folder.path().to_owned();
        world.app.write(move |tx| watched_folder::bind(tx, &permit, &path)).await;
        Self { folder, files: Files::open(world).await }
    }

    pub async fn lie(&mut self, world: &mut World) -> Lied {
        let (bytes, lied) = self.files.untrue(world);
        if bytes.is_empty() {
            return Lied::idly("a file of nothing");
        }
        let name = format!("{}.txt", world.next());
        std::fs::write(self.folder.path().join(&name), bytes).expect("a file");
        for _ in 0..3 {
            world.app.advance(LOOKS_SECONDS).await;
        }
        let lies_in = |place: &str| self.folder.path().join(place).join(&name).exists();
        assert!(lies_in("accepted") || lies_in("refused"), "{} was lost", lied.what);
        lied
    }
}
