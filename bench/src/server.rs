//! Takt under measurement: its commands, and the program itself.

use std::{
    net::SocketAddr,
    path::PathBuf,
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};

use anyhow::{Context, Result, bail};
use tokio::time::sleep;

use crate::{
    engine::Place,
    http::{Connection, Request},
    process::Usage,
};

const LONGEST_START: Duration = Duration::from_secs(120);

/// The program that is measured.
#[derive(Clone, Debug)]
pub struct Takt {
    pub binary: PathBuf,
    /// A library that makes syncing slow.
    pub preload: Option<PathBuf>,
    /// What else it is told.
    pub environment: Vec<(String, String)>,
}

impl Takt {
    fn command(&self, arguments: &[&str], place: &Place) -> Command {
        let mut command = Command::new(&self.binary);
        command.args(arguments).args(place.arguments()).env("LC_ALL", "C.UTF-8").env_remove("RUST_LOG");
        // The shop whose catalogue is read stands beside it.
        command.env("TAKT_PRIVATE_ADDRESSES", "allow");
        // Databases are copied from folder to folder, and nothing in them is a secret.
        command.env("TAKT_SECRET_KEY", "5a".repeat(32));
        command.envs(self.environment.iter().map(|(name, value)| (name, value)));
        if let Some(library) = &self.preload {
            command.env("LD_PRELOAD", library);
        }
        command
    }

    /// Runs a short command and answers what it printed.
    pub fn run(&self, arguments: &[&str], place: &Place, input: &str) -> Result<String> {
        use std::io::Write;
        let mut child = self
            .command(arguments, place)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .with_context(|| format!("{} cannot be run", self.binary.display()))?;
        child.stdin.take().context("no input")?.write_all(input.as_bytes())?;
        let output = child.wait_with_output()?;
        if !output.status.success() {
            let said = [&output.stdout[..], &output.stderr[..]].concat();
            bail!("takt {}: {}", arguments.join(" "), String::from_utf8_lossy(&said));
        }
        Ok(String::from_utf8(output.stdout)?.trim_end().to_owned())
    }

    /// Runs a command that may take long, and answers what it took.
    pub fn run_watched(&self, arguments: &[&str], place: &Place) -> Result<Ran> {
        let said = tempfile::NamedTempFile::new()?;
        let complained = tempfile::NamedTempFile::new()?;
        let began = Instant::now();
        let mut child = self
            .command(arguments, place)
            .stdin(Stdio::null())
            .stdout(said.reopen()?)
            .stderr(complained.reopen()?)
            .spawn()
            .with_context(|| format!("{} cannot be run", self.binary.display()))?;
        let (mut most_resident_bytes, mut cpu_seconds) = (0, 0.0);
        let status = loop {
            if let Some(status) = child.try_wait()? {
                break status;
            }
            // It may have ended since.
            if let Ok(usage) = Usage::of(child.id(), false) {
                most_resident_bytes = usage.resident_bytes.max(most_resident_bytes);
                cpu_seconds = usage.cpu_seconds.max(cpu_seconds);
            }
            std::thread::sleep(Duration::from_millis(5));
        };
        let seconds = began.elapsed().as_secs_f64();
        if !status.success() {
            bail!("takt {}: {}", arguments.join(" "), std::fs::read_to_string(complained.path())?);
        }
        let said = std::fs::read_to_string(said.path())?;
        Ok(Ran { said, seconds, cpu_seconds, most_resident_bytes })
    }

    /// Runs the program with one word that needs no database.
    pub fn bare(&self, word: &str) -> Result<()> {
        let status = Command::new(&self.binary).arg(word).stdout(Stdio::null()).status()?;
        anyhow::ensure!(status.success(), "takt {word}: {status}");
        Ok(())
    }

    /// Starts the program and waits until it is ready.
    pub async fn serve(&self, place: &Place) -> Result<Server> {
        self.serve_until(place, "/readyz", None).await
    }

    /// Starts the program and waits until this is answered with 200.
    pub async fn serve_until(&self, place: &Place, path: &str, token: Option<&String>) -> Result<Server> {
        let listener = std::net::TcpListener::bind("127.0.0.1:0")?;
        let address = listener.local_addr()?;
        drop(listener);
        std::fs::create_dir_all(place.folder())?;
        let log = place.folder().with_extension("log");
        let written = std::fs::File::create(&log)?;
        let began = Instant::now();
        let child = self
            .command(&["serve", "--listen", &address.to_string(), "--log-format", "json"], place)
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(written)
            .spawn()
            .with_context(|| format!("{} cannot be run", self.binary.display()))?;
        let mut server = Server { child, address, log, first_answer: Duration::ZERO };
        server.first_answer = server.wait_until_it_answers(began, path, token).await?;
        Ok(server)
    }
}

/// What a command said, and what it took.
#[derive(Debug)]
pub struct Ran {
    pub said: String,
    pub seconds: f64,
    pub cpu_seconds: f64,
    pub most_resident_bytes: u64,
}

pub struct Server {
    child: Child,
    pub address: SocketAddr,
    log: PathBuf,
    /// From its start to its first answer of 200.
    pub first_answer: Duration,
}

impl Server {
    async fn wait_until_it_answers(
        &mut self,
        began: Instant,
        path: &str,
        token: Option<&String>,
    ) -> Result<Duration> {
        let request = || {
            let request = Request::new("GET", path);
            token.map(|token| Request::new("GET", path).token(token)).unwrap_or(request)
        };
        loop {
            if let Ok(mut connection) = Connection::open(self.address).await
                && let Ok(answer) = connection.ask(request()).await
                && answer.status == 200
            {
                return Ok(began.elapsed());
            }
            if let Some(status) = self.child.try_wait()? {
                bail!("takt serve ended with {status}: {}", self.end_of_log());
            }
            if began.elapsed() > LONGEST_START {
                bail!("takt serve does not answer: {}", self.end_of_log());
            }
            sleep(Duration::from_micros(500)).await;
        }
    }

    fn end_of_log(&self) -> String {
        let log = std::fs::read_to_string(&self.log).unwrap_or_default();
        let lines: Vec<&str> = log.lines().rev().take(5).collect();
        lines.into_iter().rev().collect::<Vec<_>>().join("\n")
    }

    pub fn usage(&self) -> Result<Usage> {
        Usage::of(self.child.id(), false)
    }

    /// Lets it end by itself, as an operator would.
    pub async fn stop(mut self) -> Result<()> {
        let told = Command::new("kill").args(["-TERM", &self.child.id().to_string()]).status()?;
        if !told.success() {
            bail!("takt serve was gone: {}", self.end_of_log());
        }
        let began = Instant::now();
        while self.child.try_wait()?.is_none() {
            if began.elapsed() > LONGEST_START {
                bail!("takt serve does not stop: {}", self.end_of_log());
            }
            sleep(Duration::from_millis(5)).await;
        }
        Ok(())
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
