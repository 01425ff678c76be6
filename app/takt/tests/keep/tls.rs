//! TLS with a certificate of one's own: the real binary, its refusals to start, and what the doctor says.

use std::{
    fs,
    io::{Read, Write},
    net::TcpStream,
    path::PathBuf,
    sync::Arc,
};

use rustls::{
    ClientConfig, ClientConnection, RootCertStore, StreamOwned,
    pki_types::{CertificateDer, ServerName},
};
use serde_json::Value as Json;
use takt_kernel::{Clock, SystemClock};
use takt_testing::{Authority, Issued};
use tempfile::TempDir;

use crate::{
    doctor::{doctor, has},
    program::{Serving, done, path, takt_in},
};

struct Place {
    folder: TempDir,
    authority: Authority,
}

impl Place {
    fn new() -> Self {
        Self { folder: tempfile::tempdir().expect("a folder"), authority: Authority::new() }
    }

    fn file(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Puts a pair where the program looks for it.
    fn put(&self, issued: &Issued) {
        for (name, text) in [("cert.pem", &issued.chain), ("key.pem", &issued.key)] {
            fs::write(self.file(name), text).expect("a file");
        }
    }

    fn ask(&self, address: &str, name: &str, request: &str) -> std::io::Result<String> {
        let mut roots = RootCertStore::empty();
        roots.add(CertificateDer::from(self.authority.root())).expect("a root");
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let settings = ClientConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .expect("versions")
            .with_root_certificates(roots)
            .with_no_client_auth();
        let name = ServerName::try_from(name.to_owned()).expect("a name");
        let client = ClientConnection::new(Arc::new(settings), name).expect("a client");
        let mut stream = StreamOwned::new(client, TcpStream::connect(address)?);
        stream.write_all(request.as_bytes())?;
        let mut answer = String::new();
        stream.read_to_string(&mut answer)?;
        Ok(answer)
    }
}

const HEALTH: &str = "GET /healthz HTTP/1.1\r\nHost: takt.test\r\nConnection: close\r\n\r\n";
const PASSWORD: &str = "a+long+password+for+tests";

fn form(path: &str, body: &str) -> String {
    format!(
        "POST {path} HTTP/1.1\r\nHost: takt.test\r\nConnection: close\r\n\
         Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {}\r\n\r\n{body}",
        body.len()
    )
}

#[test]
fn people_sign_in_over_tls_and_on_this_machine_and_a_hangup_shows_a_new_certificate() {
    let place = Place::new();
    let data = place.file("data");
    done(&["company", "create", "--name", "Чай", "--data", path(&data)]);
    let user =
        ["user", "create", "--company", "Чай", "--email", "a@takt.test", "--role", "owner", "--invite"];
    let secret = done(&[&user[..], &["--data", path(&data)]].concat());
    place.put(&place.authority.issue(&["takt.test"]));
    let (chain, key) = (place.file("cert.pem"), place.file("key.pem"));
    let tls = ["--tls-listen", "127.0.0.1:0", "--tls-cert", path(&chain), "--tls-key", path(&key)];
    let mut serving = Serving::start(&[&["--data", path(&data)], &tls[..]].concat());
    let line: Json = serde_json::from_str(&serving.wait_for("with TLS")).expect("JSON");
    let safe = line["fields"]["address"].as_str().expect("an address").to_owned();

    let invited = form(&format!("/invite/{}", secret.trim_end()), &format!("name=Anna&password={PASSWORD}"));
    let answer = place.ask(&safe, "takt.test", &invited).expect("an answer");
    let cookie =
        answer.lines().find(|line| line.contains("__Host-takt=")).unwrap_or_else(|| panic!("{answer}"));
    assert!(cookie.ends_with("; Secure"), "{cookie}");
    assert!(!answer.contains("strict-transport-security"), "nobody said that all come over https: {answer}");
    let mut plain = TcpStream::connect(serving.address()).expect("it listens");
    let entered = form("/sign-in", &format!("email=a@takt.test&password={PASSWORD}"));
    plain.write_all(entered.as_bytes()).expect("it hears");
    let mut answer = String::new();
    plain.read_to_string(&mut answer).expect("it answers");
    assert!(answer.contains("set-cookie: takt=") && !answer.contains("; Secure"), "{answer}");

    place.put(&place.authority.issue(&["next.test"]));
    serving.signal("-HUP");
    serving.wait_for("a new certificate is shown");
    assert!(place.ask(&safe, "takt.test", HEALTH).is_err());
    assert!(place.ask(&safe, "next.test", HEALTH).expect("an answer").starts_with("HTTP/1.1 200"));
    fs::write(&key, "nonsense").expect("a file");
    serving.signal("-HUP");
    let told = serving.wait_for("the old one stays");
    assert!(told.contains("web.tls_no_key"), "{told}");
    assert!(place.ask(&safe, "next.test", HEALTH).expect("an answer").starts_with("HTTP/1.1 200"));
    serving.stop();
}

#[test]
fn a_start_that_cannot_be_says_why_in_both_languages() {
    let place = Place::new();
    place.put(&place.authority.issue_between(&["takt.test"], (2020, 1, 1), (2021, 1, 1)));
    let good = place.authority.issue(&["takt.test"]);
    fs::write(place.file("good.pem"), good.chain).expect("a file");
    fs::write(place.file("good-key.pem"), good.key).expect("a file");
    let file = |name: &str| path(&place.file(name)).to_owned();
    let with = |chain: &str, key: &str| format!(" --tls-cert {} --tls-key {}", file(chain), file(key));
    let listen = "--tls-listen 127.0.0.1:0";
    let cases = [
        (listen.to_owned(), "Добавьте --tls-cert", "Add --tls-cert"),
        (format!("{listen} --tls-cert {}", file("good.pem")), "Добавьте --tls-key", "Add --tls-key"),
        (with("good.pem", "good-key.pem"), "Добавьте --tls-listen", "Add --tls-listen"),
        (
            format!("{listen} --proxies 1{}", with("good.pem", "good-key.pem")),
            "Добавьте --listen или уберите --proxies",
            "Add --listen or leave --proxies out",
        ),
        (listen.to_owned() + &with("good-key.pem", "good.pem"), "Файлы перепутаны", "are swapped"),
        (listen.to_owned() + &with("good.pem", "key.pem"), "не от сертификата", "does not belong"),
        (listen.to_owned() + &with("cert.pem", "key.pem"), "закончился 2021-01-01", "ended at 2021-01-01"),
        (listen.to_owned() + &with("nowhere.pem", "key.pem"), "nowhere.pem нет", "no file"),
    ];
    for (given, russian, english) in cases {
        for (locale, words) in [("ru_RU.UTF-8", russian), ("C", english)] {
            let data = file("data");
            let arguments = ["serve", "--data", &data].into_iter().chain(given.split_whitespace());
            let said = takt_in(locale, &arguments.collect::<Vec<_>>());
            assert_eq!(said.code, 1, "{given}: {}", said.error);
            assert!(said.error.contains(words), "{words}: {}", said.error);
        }
    }
    assert!(!place.file("data").exists(), "nothing was begun");
}

#[test]
fn the_doctor_tells_names_and_days_of_the_certificate() {
    let place = Place::new();
    let (chain, key) = (place.file("cert.pem"), place.file("key.pem"));
    let nowhere = place.file("data");
    let flags = ["--data", path(&nowhere), "--tls-cert", path(&chain), "--tls-key", path(&key)];
    let day = |days: i64| {
        let at = SystemClock.now().plus_seconds(days * 86_400).to_jiff();
        let date = at.to_zoned(jiff::tz::TimeZone::UTC).date();
        let small = |number: i8| u8::try_from(number).expect("a part of a date");
        (i32::from(date.year()), small(date.month()), small(date.day()))
    };
    let cases: [(&[&str], i64, &str); 4] = [
        (&["takt.test", "127.0.0.1"], 22, "certificates ok certificates-ok"),
        (&["takt.test"], 21, "certificates warning certificates-soon"),
        (&[], 90, "certificates warning certificates-nameless"),
        (&["takt.test"], -1, "certificates broken web.tls_expired"),
    ];
    for (names, days, line) in cases {
        place.put(&place.authority.issue_between(names, day(-30), day(days)));
        let (_, told) = doctor(&flags);
        assert!(has(&told, line), "{line}: {told}");
        let lines = told["lines"].as_array().expect("lines");
        let said =
            lines.iter().find(|line| line["name"] == "certificates").expect("a line")["text"].to_string();
        assert!(names.iter().all(|name| days < 0 || said.contains(name)), "{said}");
        assert!(days < 0 || said.contains(&format!("{} days left", days - 1)), "{said}");
    }
    let (_, told) = doctor(&flags[..4]);
    assert!(has(&told, "certificates broken takt.tls_half"), "{told}");
}
