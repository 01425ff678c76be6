//! A PostgreSQL cluster of the bench's own, with the settings of a small server and real syncing.

use std::{
    path::{Path, PathBuf},
    process::Command,
};

use anyhow::{Context, Result, bail};
use tokio_postgres::NoTls;

use crate::engine::Place;

/// As somebody would set up a small server; the same for Takt and for the ceiling.
const SETTINGS: &str = "listen_addresses = ''
max_connections = 200
shared_buffers = 512MB
max_wal_size = 4GB
checkpoint_timeout = 15min
random_page_cost = 1.1
";

pub struct Cluster {
    data: PathBuf,
    sockets: tempfile::TempDir,
    bin: PathBuf,
    running: bool,
}

/// How a cluster is to run.
#[derive(Clone, Debug, Default)]
pub struct Manner {
    /// A library that makes syncing slow.
    pub preload: Option<PathBuf>,
    /// For filling: what a crash would lose is made anew.
    pub without_syncing: bool,
}

impl Cluster {
    /// Opens the cluster of this folder, made when it is not there, and starts it.
    pub fn start(data: &Path, manner: &Manner) -> Result<Self> {
        let sockets = tempfile::Builder::new().prefix("takt-bench-").tempdir_in("/tmp")?;
        hand_over(sockets.path())?;
        let mut cluster = Self { data: data.to_owned(), sockets, bin: binaries()?, running: false };
        if !data.join("PG_VERSION").exists() {
            cluster.create()?;
        }
        cluster.launch(manner)?;
        Ok(cluster)
    }

    fn create(&self) -> Result<()> {
        std::fs::create_dir_all(&self.data)?;
        hand_over(&self.data)?;
        self.run("initdb", |command| {
            command.args(["--username=postgres", "--auth=trust", "--encoding=UTF8", "--locale=C.UTF-8"]);
            command.args(["--no-instructions", "--pgdata"]).arg(&self.data);
        })?;
        let settings = self.data.join("postgresql.conf");
        let default = std::fs::read_to_string(&settings)?;
        Ok(std::fs::write(&settings, default + SETTINGS)?)
    }

    fn launch(&mut self, manner: &Manner) -> Result<()> {
        // What a killed bench left running would hold the folder.
        let _ = self.control("stop", "--mode=immediate", &Manner::default());
        self.control("start", "", manner)?;
        self.running = true;
        Ok(())
    }

    /// Starts anew in another manner.
    pub fn restart(&mut self, manner: &Manner) -> Result<()> {
        self.control("stop", "--mode=fast", &Manner::default())?;
        self.control("start", "", manner)
    }

    fn control(&self, verb: &str, mode: &str, manner: &Manner) -> Result<()> {
        let options = format!(
            "-c unix_socket_directories={} -c fsync={}",
            self.sockets.path().display(),
            if manner.without_syncing {
                "off -c full_page_writes=off -c synchronous_commit=off"
            } else {
                "on"
            },
        );
        self.run("pg_ctl", |command| {
            command.args([verb, "--silent", "--wait", "--timeout=600", "--pgdata"]).arg(&self.data);
            if verb == "start" {
                command.arg("--log").arg(self.data.join("bench.log")).args(["--options", &options]);
            }
            if !mode.is_empty() {
                command.arg(mode);
            }
            if let Some(library) = &manner.preload {
                command.env("LD_PRELOAD", library);
            }
        })
    }

    /// PostgreSQL refuses to be root's: then it is given to the account that its package made.
    fn run(&self, program: &str, arguments: impl FnOnce(&mut Command)) -> Result<()> {
        let program = self.bin.join(program);
        let mut command = if is_root()? {
            let mut command = Command::new("setpriv");
            command.args(["--reuid=postgres", "--regid=postgres", "--clear-groups"]).arg(&program);
            command
        } else {
            Command::new(&program)
        };
        arguments(&mut command);
        command.current_dir("/").env("HOME", "/").stdin(std::process::Stdio::null());
        // The server keeps what it inherits open for as long as it lives.
        let said = tempfile::NamedTempFile::new()?;
        command.stdout(said.reopen()?).stderr(said.reopen()?);
        if command.status()?.success() {
            return Ok(());
        }
        bail!("{}: {}", program.display(), std::fs::read_to_string(said.path()).unwrap_or_default())
    }

    pub fn pid(&self) -> Result<u32> {
        let file = std::fs::read_to_string(self.data.join("postmaster.pid"))?;
        Ok(file.lines().next().context("an empty postmaster.pid")?.trim().parse()?)
    }

    pub fn url(&self, database: &str) -> String {
        format!("postgres://postgres@/{database}?host={}", self.sockets.path().display())
    }

    pub fn place(&self, database: &str, folder: PathBuf) -> Place {
        Place::Database { url: self.url(database), name: database.to_owned(), folder }
    }

    /// Makes a database anew, empty or as a copy of another to which nobody is connected.
    pub async fn create_database(&self, name: &str, template: &str) -> Result<()> {
        self.drop_database(name).await?;
        // Copying files is faster than logging each page of a large database.
        let how = if template == "template0" { "" } else { " strategy file_copy" };
        self.command(&format!("create database {name} template {template}{how}")).await
    }

    pub async fn drop_database(&self, name: &str) -> Result<()> {
        self.command(&format!("drop database if exists {name} with (force)")).await
    }

    pub async fn has_database(&self, name: &str) -> Result<bool> {
        let client = connect(&self.url("postgres")).await?;
        Ok(client.query_opt("select 1 from pg_database where datname = $1", &[&name]).await?.is_some())
    }

    pub async fn command(&self, sql: &str) -> Result<()> {
        connect(&self.url("postgres")).await?.batch_execute(sql).await.with_context(|| sql.to_owned())
    }

    pub async fn size_of(&self, database: &str) -> Result<u64> {
        let client = connect(&self.url("postgres")).await?;
        let size: i64 = client.query_one("select pg_database_size($1)", &[&database]).await?.get(0);
        Ok(u64::try_from(size)?)
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        if self.running
            && let Err(error) = self.control("stop", "--mode=fast", &Manner::default())
        {
            eprintln!("PostgreSQL did not stop: {error:#}");
        }
    }
}

pub async fn connect(url: &str) -> Result<tokio_postgres::Client> {
    let (client, connection) = tokio_postgres::connect(url, NoTls).await.with_context(|| url.to_owned())?;
    tokio::spawn(async move {
        if let Err(error) = connection.await {
            eprintln!("a connection to PostgreSQL ended: {error}");
        }
    });
    Ok(client)
}

pub fn is_root() -> Result<bool> {
    use std::os::unix::fs::MetadataExt;
    Ok(std::fs::metadata("/proc/self")?.uid() == 0)
}

/// Lets PostgreSQL's account have a folder.
fn hand_over(folder: &Path) -> Result<()> {
    if is_root()? {
        let done = Command::new("chown").arg("postgres:").arg(folder).status()?;
        if !done.success() {
            bail!("{} could not be given to the account postgres", folder.display());
        }
    }
    Ok(())
}

fn binaries() -> Result<PathBuf> {
    let mut folders: Vec<PathBuf> = std::fs::read_dir("/usr/lib/postgresql")
        .map(|entries| entries.flatten().map(|entry| entry.path().join("bin")).collect())
        .unwrap_or_default();
    folders.sort();
    folders
        .into_iter()
        .find(|folder| folder.join("initdb").exists())
        .context("no PostgreSQL server in /usr/lib/postgresql; run: scripts/setup tests")
}
