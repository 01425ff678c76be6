//! Where measurements take place: databases that are made once per schema and kept, and copies of
//! them to be used up.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use sha2::{Digest, Sha256};

use crate::{
    cluster::{Cluster, Manner},
    desk::Desk,
    engine::{Engine, Place},
    scale::Scale,
    server::Takt,
};

/// Raised when what is kept is filled differently.
const FILLING: u32 = 1;
const SLOW_SYNC_SOURCE: &str = include_str!("../slow-sync.c");

pub struct Stage {
    pub takt: Takt,
    pub scale: Scale,
    /// Kept between runs: named by the schema.
    pub kept: PathBuf,
    /// Emptied when the bench ends.
    pub scratch: tempfile::TempDir,
    /// Open to PostgreSQL's account.
    libraries: tempfile::TempDir,
    cluster: Option<Cluster>,
    slow_sync: bool,
}

/// Something that is kept: a database with the desk in it.
#[derive(Clone, Debug)]
pub struct Kept {
    pub place: Place,
    pub desk: Desk,
}

impl Stage {
    pub fn open(takt: Takt, cache: &Path, scale: Scale) -> Result<Self> {
        let schema = schema_of(&takt)?;
        let kept = cache.join(schema);
        std::fs::create_dir_all(&kept).with_context(|| kept.display().to_string())?;
        let scratch = tempfile::Builder::new().prefix("run-").tempdir_in(&kept)?;
        let readable = std::os::unix::fs::PermissionsExt::from_mode(0o755);
        let libraries =
            tempfile::Builder::new().prefix("takt-bench-").permissions(readable).tempdir_in("/tmp")?;
        Ok(Self { takt, scale, kept, scratch, libraries, cluster: None, slow_sync: false })
    }

    pub fn cluster(&mut self) -> Result<&mut Cluster> {
        if self.cluster.is_none() {
            let manner = self.manner()?;
            self.cluster = Some(Cluster::start(&self.kept.join("postgres"), &manner)?);
        }
        self.cluster.as_mut().context("no cluster")
    }

    /// Ends PostgreSQL while SQLite is measured: its background work is noise.
    pub fn without_cluster(&mut self) {
        self.cluster = None;
    }

    /// From now on fsync takes 2 ms longer, or no longer does.
    pub fn set_slow_sync(&mut self, slow: bool) -> Result<()> {
        self.slow_sync = slow;
        let manner = self.manner()?;
        self.takt.preload.clone_from(&manner.preload);
        match &mut self.cluster {
            Some(cluster) => cluster.restart(&manner),
            None => Ok(()),
        }
    }

    fn manner(&self) -> Result<Manner> {
        let preload = self.slow_sync.then(|| self.slow_sync_library()).transpose()?;
        Ok(Manner { preload, without_syncing: false })
    }

    fn slow_sync_library(&self) -> Result<PathBuf> {
        let folder = self.libraries.path();
        let (source, library) = (folder.join("slow-sync.c"), folder.join("slow-sync.so"));
        if !library.exists() {
            std::fs::write(&source, SLOW_SYNC_SOURCE)?;
            let done = std::process::Command::new("cc")
                .args(["-O2", "-shared", "-fPIC", "-o"])
                .args([&library, &source])
                .status()
                .context("a C compiler (cc) is needed to make fsync slow")?;
            anyhow::ensure!(done.success(), "slow-sync.c does not compile");
        }
        Ok(library)
    }

    /// A company with goods and no orders, for this run alone.
    pub async fn fresh_desk(&mut self, engine: Engine) -> Result<Kept> {
        let kept = self.kept_desk(engine).await?;
        let place = self.copy(&kept.place).await?;
        Ok(Kept { place, desk: kept.desk })
    }

    async fn kept_desk(&mut self, engine: Engine) -> Result<Kept> {
        let name = format!("desk_{}", self.scale.goods);
        if let Some(kept) = self.find(engine, &name).await? {
            return Ok(kept);
        }
        let place = self.empty(engine, &name).await?;
        let desk = Desk::open(&self.takt, &place, self.scale.goods).await?;
        self.keep(&name, Kept { place, desk })
    }

    /// A database that an earlier run made whole.
    pub async fn find(&mut self, engine: Engine, name: &str) -> Result<Option<Kept>> {
        let Ok(desk) = std::fs::read(self.note(engine, name)) else { return Ok(None) };
        let place = self.place(engine, name)?;
        let there = match &place {
            Place::Folder(_) => place.sqlite_file().exists(),
            Place::Database { name, .. } => self.cluster()?.has_database(name).await?,
        };
        Ok(if there { Some(Kept { place, desk: serde_json::from_slice(&desk)? }) } else { None })
    }

    /// An empty database under this name; what an interrupted run left of it is removed.
    pub async fn empty(&mut self, engine: Engine, name: &str) -> Result<Place> {
        let place = self.place(engine, name)?;
        let _ = std::fs::remove_file(self.note(engine, name));
        if place.folder().exists() {
            std::fs::remove_dir_all(place.folder())?;
        }
        std::fs::create_dir_all(place.folder())?;
        if let Place::Database { name, .. } = &place {
            self.cluster()?.create_database(name, "template0").await?;
        }
        Ok(place)
    }

    /// Removes a database that is kept.
    pub async fn forget(&mut self, engine: Engine, name: &str) -> Result<()> {
        if self.find(engine, name).await?.is_none() {
            return Ok(());
        }
        let place = self.place(engine, name)?;
        std::fs::remove_file(self.note(engine, name))?;
        std::fs::remove_dir_all(place.folder())?;
        if let Place::Database { name, .. } = &place {
            self.cluster()?.drop_database(name).await?;
        }
        Ok(())
    }

    /// Notes that the database is whole.
    pub fn keep(&self, name: &str, kept: Kept) -> Result<Kept> {
        std::fs::write(self.note(kept.place.engine(), name), serde_json::to_vec(&kept.desk)?)?;
        Ok(kept)
    }

    fn place(&mut self, engine: Engine, name: &str) -> Result<Place> {
        let folder = self.kept.join(engine.code().to_owned() + "-data").join(name);
        Ok(match engine {
            Engine::Sqlite => Place::Folder(folder),
            Engine::Postgres => self.cluster()?.place(name, folder),
        })
    }

    fn note(&self, engine: Engine, name: &str) -> PathBuf {
        self.kept.join(format!("{}-{name}.json", engine.code()))
    }

    /// A copy to be used up; the last one goes.
    pub async fn copy(&mut self, place: &Place) -> Result<Place> {
        let folder = self.scratch.path().join("copy");
        if folder.exists() {
            std::fs::remove_dir_all(&folder)?;
        }
        std::fs::create_dir_all(&folder)?;
        match place {
            Place::Folder(from) => {
                let done = std::process::Command::new("cp")
                    .args(["-a", "--reflink=auto"])
                    .arg(from.join("takt.db"))
                    .arg(&folder)
                    .status()?;
                anyhow::ensure!(done.success(), "{} could not be copied", from.display());
                Ok(Place::Folder(folder))
            }
            Place::Database { name, .. } => {
                let cluster = self.cluster()?;
                cluster.create_database("copy", name).await?;
                Ok(cluster.place("copy", folder))
            }
        }
    }

    /// An empty folder to be used up.
    pub fn folder(&self, name: &str) -> PathBuf {
        self.scratch.path().join(name)
    }

    /// Bytes of a database on the disk.
    pub async fn size_of(&mut self, place: &Place) -> Result<u64> {
        match place {
            Place::Folder(_) => Ok(place.size_on_disk()),
            Place::Database { name, .. } => self.cluster()?.size_of(name).await,
        }
    }
}

/// What the program makes of an empty folder, as a few letters.
fn schema_of(takt: &Takt) -> Result<String> {
    let folder = tempfile::tempdir()?;
    let place = Place::Folder(folder.path().to_owned());
    takt.run(&["company", "create", "--name", "Schema"], &place, "")?;
    let connection = rusqlite::Connection::open(place.sqlite_file())?;
    let mut checksums =
        connection.prepare("select checksum from migration order by tier, feature, number")?;
    let mut digest = Sha256::new();
    digest.update(FILLING.to_be_bytes());
    for checksum in checksums.query_map([], |row| row.get::<_, String>(0))? {
        digest.update(checksum?);
    }
    Ok(digest.finalize().iter().take(6).map(|byte| format!("{byte:02x}")).collect())
}
