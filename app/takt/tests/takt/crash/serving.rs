//! The real `takt serve` as a process that can die.

use std::{
    fs::{self, File},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};

use takt_store::Database;
use tokio::sync::watch;

const LONGEST_START: Duration = Duration::from_secs(60);

/// How processes of one world are started.
#[derive(Clone)]
pub struct Starter {
    pub database: Database,
    /// The data folder on SQLite; the socket's and the log's folder on both.
    pub folder: PathBuf,
    pub smtp: String,
    /// More for the environment of every process: a shim to be loaded, say.
    pub environment: Vec<(String, String)>,
}

pub struct Serving {
    child: Child,
    log: PathBuf,
    ended: watch::Receiver<bool>,
    /// `http://127.0.0.1:PORT`, once it listens.
    pub address: String,
}

impl Starter {
    pub fn command(&self) -> Command {
        // A long run keeps to one build, whatever is built meanwhile.
        let binary =
            std::env::var_os("TAKT_CRASH_BINARY").unwrap_or_else(|| env!("CARGO_BIN_EXE_takt").into());
        let mut command = Command::new(binary);
        command.env("LANG", "C").env_remove("LC_ALL").env_remove("TAKT_DATABASE");
        command
    }

    /// `--data …`, and `--database …` on PostgreSQL.
    pub fn place(&self) -> Vec<String> {
        let folder = match &self.database {
            Database::Sqlite { folder } => folder.clone(),
            Database::Postgres { .. } => self.folder.clone(),
        };
        let mut arguments = vec!["--data".to_owned(), folder.display().to_string()];
        if let Database::Postgres { url } = &self.database {
            arguments.extend(["--database".to_owned(), url.clone()]);
        }
        arguments
    }

    /// A process that may die before it listens.
    pub fn spawn(&self, failpoints: &str) -> Serving {
        let log = self.folder.join("serve.log");
        let written = File::create(&log).expect("a log");
        let mut child = self
            .command()
            .arg("serve")
            .args(self.place())
            .args(["--listen", "127.0.0.1:0", "--log-format", "json", "--smtp", &self.smtp])
            .args(["--mail-from", "Takt <desk@takt.test>"])
            .env("TAKT_FAILPOINTS", failpoints)
            .envs(self.environment.iter().cloned())
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(written)
            .spawn()
            .expect("the binary");
        // Nothing is written there: it ends when the process does.
        let mut held = child.stdout.take().expect("its output");
        let (tell, ended) = watch::channel(false);
        std::thread::spawn(move || {
            let _ = std::io::copy(&mut held, &mut std::io::sink());
            tell.send_replace(true);
        });
        Serving { child, log, ended, address: String::new() }
    }

    /// A process that must live.
    pub fn start(&self) -> Serving {
        let mut serving = self.spawn("");
        assert!(serving.listens(), "it did not start:\n{}", serving.log());
        serving
    }
}

impl Serving {
    /// Its process.
    pub fn id(&self) -> u32 {
        self.child.id()
    }

    /// Waits until it listens; `false` when it died before.
    pub fn listens(&mut self) -> bool {
        let until = Instant::now() + LONGEST_START;
        loop {
            if let Some(address) = listening(&self.log) {
                self.address = format!("http://{address}");
                return true;
            }
            if self.is_dead() {
                return false;
            }
            assert!(Instant::now() < until, "it neither listens nor dies:\n{}", self.log());
            std::thread::sleep(Duration::from_millis(2));
        }
    }

    pub fn is_dead(&mut self) -> bool {
        self.child.try_wait().expect("a process").is_some()
    }

    /// Waits for its end; `false` when it lived for longer than that.
    pub async fn dies_within(&mut self, longest: Duration) -> bool {
        let died = tokio::time::timeout(longest, self.ended.wait_for(|ended| *ended)).await.is_ok();
        if died {
            self.child.wait().expect("its end");
        }
        died
    }

    /// SIGKILL, and its end.
    pub fn kill(&mut self) {
        // It may have died by itself.
        let _ = self.child.kill();
        self.child.wait().expect("its end");
    }

    /// SIGTERM, and its end.
    pub fn ask_to_stop(&mut self) {
        let told = Command::new("kill").args(["-TERM", &self.child.id().to_string()]).status();
        assert!(told.expect("kill").success());
        self.child.wait().expect("its end");
    }

    /// The failpoint at which it ended.
    pub fn ended_at(&self) -> Option<String> {
        let log = self.log();
        let line = log.lines().find_map(|line| line.strip_prefix("ended at the failpoint "))?;
        Some(line.to_owned())
    }

    pub fn log(&self) -> String {
        fs::read_to_string(&self.log).unwrap_or_default()
    }

    /// What it says went wrong inside: a fault of its own making is a bug, whatever the clients saw.
    pub fn complaints(&self) -> Vec<String> {
        let log = self.log();
        log.lines().filter(|line| line.contains("\"level\":\"ERROR\"")).map(str::to_owned).collect()
    }
}

impl Drop for Serving {
    fn drop(&mut self) {
        self.kill();
    }
}

fn listening(log: &Path) -> Option<String> {
    let log = fs::read_to_string(log).ok()?;
    let line = log.lines().find(|line| line.contains("\"listening\""))?;
    let line: serde_json::Value = serde_json::from_str(line).ok()?;
    let address = line.pointer("/fields/address").or_else(|| line.get("address"))?;
    Some(address.as_str()?.to_owned())
}
