//! The real binary.

use std::{
    io::{BufRead, BufReader, Read, Write},
    net::TcpStream,
    path::Path,
    process::{Child, Command, Stdio},
};

use serde_json::Value as Json;

/// What a command said and how it ended.
pub struct Said {
    pub code: i32,
    pub out: String,
    pub error: String,
}

/// Runs it with nothing of this machine's environment in its way.
pub fn takt(arguments: &[&str]) -> Said {
    takt_in("C", arguments)
}

/// For somebody whose system speaks this language.
pub fn takt_in(locale: &str, arguments: &[&str]) -> Said {
    let output = command(arguments).env("LANG", locale).stdin(Stdio::null()).output().expect("the binary");
    Said {
        code: output.status.code().expect("it ends by itself"),
        out: String::from_utf8(output.stdout).expect("text"),
        error: String::from_utf8(output.stderr).expect("text"),
    }
}

/// With something on its standard input.
pub fn takt_with(input: &str, arguments: &[&str]) -> Said {
    let mut child = command(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the binary");
    child.stdin.take().expect("an input").write_all(input.as_bytes()).expect("it reads");
    let output = child.wait_with_output().expect("it ends");
    Said {
        code: output.status.code().expect("it ends by itself"),
        out: String::from_utf8(output.stdout).expect("text"),
        error: String::from_utf8(output.stderr).expect("text"),
    }
}

/// Runs it where it must succeed.
pub fn done(arguments: &[&str]) -> String {
    let said = takt(arguments);
    assert_eq!(said.code, 0, "{arguments:?}: {}{}", said.out, said.error);
    said.out
}

fn command(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_takt"));
    command.args(arguments).env("LANG", "C").env_remove("LC_ALL").env_remove("LC_MESSAGES");
    for name in [
        "TAKT_DATA",
        "TAKT_DATABASE",
        "TAKT_SMTP",
        "TAKT_BACKUP_FOLDER",
        "TAKT_BACKUP_EVERY",
        "TAKT_TLS_CERT",
        "TAKT_SECRET_KEY",
        "TAKT_SECRET_KEY_FILE",
    ] {
        command.env_remove(name);
    }
    command
}

pub fn path(path: &Path) -> &str {
    path.to_str().expect("a plain path")
}

/// `takt serve` on a free port.
pub struct Serving {
    child: Child,
    address: String,
    log: Option<BufReader<std::process::ChildStderr>>,
}

impl Serving {
    pub fn start(arguments: &[&str]) -> Self {
        let mut child = command(&["serve", "--listen", "127.0.0.1:0", "--log-format", "json"])
            .args(arguments)
            .stderr(Stdio::piped())
            .spawn()
            .expect("the binary");
        let mut log = BufReader::new(child.stderr.take().expect("its log"));
        let (mut line, mut all) = (String::new(), String::new());
        while !line.contains("listening") {
            line.clear();
            assert!(log.read_line(&mut line).expect("a log") > 0, "it did not start: {all}");
            all.push_str(&line);
        }
        let told: Json = serde_json::from_str(&line).expect("JSON");
        let address = told["fields"]["address"].as_str().expect("an address").to_owned();
        Self { child, address, log: Some(log) }
    }

    pub fn address(&self) -> &str {
        &self.address
    }

    /// Sends it a signal, as `kill` names it.
    pub fn signal(&self, name: &str) {
        let told = Command::new("kill").args([name, &self.child.id().to_string()]).status();
        assert!(told.expect("kill").success());
    }

    pub fn id(&self) -> u32 {
        self.child.id()
    }

    /// Reads the log until a line says this.
    pub fn wait_for(&mut self, words: &str) -> String {
        let log = self.log.as_mut().expect("a log");
        let mut line = String::new();
        while !line.contains(words) {
            line.clear();
            assert!(log.read_line(&mut line).expect("a log") > 0, "it never said {words}");
        }
        line
    }

    pub fn ask(&self, method: &str, path: &str, token: &str, body: Option<&Json>) -> (u16, Json) {
        let body = body.map_or_else(String::new, Json::to_string);
        let request = format!(
            "{method} {path} HTTP/1.1\r\nhost: {}\r\nauthorization: Bearer {token}\r\nconnection: close\r\n\
             content-type: application/json\r\ncontent-length: {}\r\n\r\n{body}",
            self.address,
            body.len()
        );
        let mut stream = TcpStream::connect(&self.address).expect("it listens");
        stream.write_all(request.as_bytes()).expect("it hears");
        let mut answer = String::new();
        stream.read_to_string(&mut answer).expect("it answers");
        let (head, body) = answer.split_once("\r\n\r\n").expect("an answer");
        let status = head.split(' ').nth(1).and_then(|status| status.parse().ok()).expect("a status");
        (status, serde_json::from_str(body).unwrap_or(Json::Null))
    }

    pub fn stop(mut self) {
        self.signal("-TERM");
        let mut rest = String::new();
        self.log.take().expect("a log").read_to_string(&mut rest).expect("a log");
        assert!(self.child.wait().expect("it ends").success(), "{rest}");
    }
}

impl Drop for Serving {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
