//! The mail server that tests send to, and what it received.
//!
//! It is the Exim of `scripts/mail-test`, started when it does not run; `TAKT_TEST_MAIL` ("HOST:PORT FOLDER") names one
//! that does. All tests share it, so each writes to addresses of its own: [`MailServer::address`].

#![expect(clippy::panic, reason = "a test without its mail server has failed, and this is where it says why")]

use std::{
    fs,
    hash::{BuildHasher, Hasher},
    path::PathBuf,
    process::Command,
    thread,
    time::{Duration, Instant},
};

pub struct MailServer {
    host: String,
    port: u16,
    inbox: PathBuf,
}

impl MailServer {
    pub fn reach() -> Self {
        let told = std::env::var("TAKT_TEST_MAIL").unwrap_or_else(|_| start());
        let parsed = told.split_once(' ').and_then(|(place, inbox)| {
            let (host, port) = place.rsplit_once(':')?;
            Some(Self { host: host.to_owned(), port: port.parse().ok()?, inbox: PathBuf::from(inbox.trim()) })
        });
        parsed.unwrap_or_else(|| panic!("TAKT_TEST_MAIL is not \"HOST:PORT FOLDER\": {told:?}"))
    }

    pub fn host(&self) -> &str {
        &self.host
    }

    pub fn port(&self) -> u16 {
        self.port
    }

    /// An address that no other test writes to. The word decides what becomes of its mails: `refused` and `later` are
    /// turned away at the address, `toolate` after the whole mail was sent, any other is delivered.
    pub fn address(&self, word: &str) -> String {
        // The inbox outlives test runs, and process numbers come again.
        let never_again = std::hash::RandomState::new().build_hasher().finish();
        format!("{word}+{never_again:016x}@takt.test")
    }

    /// The mails that have arrived for an address so far, headers and all, oldest first.
    pub fn mails_to(&self, address: &str) -> Vec<String> {
        let files = fs::read_dir(&self.inbox)
            .unwrap_or_else(|problem| panic!("the inbox {} cannot be read: {problem}", self.inbox.display()));
        let mut files: Vec<PathBuf> = files.filter_map(|file| Some(file.ok()?.path())).collect();
        files.sort();
        let envelope = format!("Envelope-to: {address}\n");
        let mails = files.iter().filter_map(|file| fs::read(file).ok());
        mails
            .map(|bytes| String::from_utf8_lossy(&bytes).into_owned())
            .filter(|mail| mail.contains(&envelope))
            .collect()
    }

    /// Waits for another program's work, which tells nobody when it is done: at least `count` mails, within 10 s.
    pub fn wait_for(&self, address: &str, count: usize) -> Vec<String> {
        let until = Instant::now() + Duration::from_secs(10);
        loop {
            let mails = self.mails_to(address);
            if mails.len() >= count {
                return mails;
            }
            assert!(Instant::now() < until, "{} of {count} mails for {address} came in 10 s", mails.len());
            thread::sleep(Duration::from_millis(10));
        }
    }
}

fn start() -> String {
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/../../scripts/mail-test");
    let output = Command::new(script)
        .arg("start")
        .output()
        .unwrap_or_else(|problem| panic!("{script} cannot be run: {problem}"));
    assert!(
        output.status.success(),
        "the tests' mail server does not start; run `scripts/setup tests`\n{}",
        String::from_utf8_lossy(&output.stderr)
    );
    String::from_utf8_lossy(&output.stdout).trim().to_owned()
}

#[cfg(test)]
mod tests {
    use std::{
        io::{BufRead, BufReader, Write},
        net::TcpStream,
    };

    use super::*;

    /// Says the lines one after the other and gives the last answer.
    fn talk(server: &MailServer, lines: &[&str]) -> String {
        let stream = TcpStream::connect((server.host(), server.port())).unwrap();
        let mut answers = BufReader::new(stream.try_clone().unwrap()).lines();
        let mut answer = answers.next().unwrap().unwrap();
        for line in lines {
            (&stream).write_all(format!("{line}\r\n").as_bytes()).unwrap();
            answer = answers.next().unwrap().unwrap();
        }
        answer
    }

    fn send(server: &MailServer, to: &str) -> String {
        let to = format!("RCPT TO:<{to}>");
        let text = "Subject: test\r\n\r\nfirst\r\n.";
        talk(server, &["HELO shop.test", "MAIL FROM:<shop@takt.test>", &to, "DATA", text])
    }

    #[test]
    fn a_mail_that_the_server_took_is_found_by_its_address() {
        let server = MailServer::reach();
        let (mine, nobody) = (server.address("buyer"), server.address("buyer"));
        assert!(send(&server, &mine).starts_with("250"));
        let mails = server.wait_for(&mine, 1);
        assert!(mails[0].contains("Return-path: <shop@takt.test>") && mails[0].contains("\nfirst\n"));
        assert_eq!(server.mails_to(&nobody), Vec::<String>::new());
    }

    #[test]
    fn an_address_decides_how_its_mail_is_turned_away() {
        let server = MailServer::reach();
        for (word, code) in [("refused", "550"), ("later", "451")] {
            let to = format!("RCPT TO:<{}>", server.address(word));
            let answer = talk(&server, &["HELO shop.test", "MAIL FROM:<shop@takt.test>", &to]);
            assert!(answer.starts_with(code), "{word}: {answer}");
        }
        let answer = send(&server, &server.address("toolate"));
        assert!(answer.starts_with("550"), "{answer}");
    }
}
