//! The certificate and the key as files: what is taken, what is refused in which words, what is taken
//! anew.

use std::{fs, path::PathBuf};

use rustls::pki_types::{PrivatePkcs8KeyDer, pem::PemObject};
use takt_kernel::{Fault, Timestamp};
use takt_metrics::Metrics;
use takt_testing::{Authority, Issued};
use takt_ui::{Lang, Texts};
use takt_web::tls::{Certificate, PemFiles, Renewal, Tls};
use tempfile::TempDir;

const RSA: &str = include_str!("rsa-for-tests.pem");

pub struct Files {
    folder: TempDir,
}

impl Files {
    pub fn of(issued: &Issued) -> Self {
        let files = Self { folder: tempfile::tempdir().unwrap() };
        files.write("cert.pem", &issued.chain);
        files.write("key.pem", &issued.key);
        files
    }

    /// By a new file that takes the other's place, as programs that renew do it.
    pub fn write(&self, name: &str, text: &str) {
        fs::write(self.path("new"), text).unwrap();
        fs::rename(self.path("new"), self.path(name)).unwrap();
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub fn pair(&self) -> PemFiles {
        PemFiles { certificate: self.path("cert.pem"), key: self.path("key.pem") }
    }
}

pub fn now() -> Timestamp {
    "2026-03-02T09:00:00Z".parse().unwrap()
}

pub fn texts() -> Texts {
    Texts::new(takt_web::TEXTS.map(|(lang, text)| (Lang::parse(lang).unwrap(), text)))
}

fn refusal(files: &Files) -> Fault {
    match Tls::load(files.pair(), now()) {
        Ok(_) => panic!("it was taken"),
        Err(fault) => fault,
    }
}

/// The parts of a DER value, and what stands behind it.
fn der(bytes: &[u8]) -> (&[u8], &[u8]) {
    let (head, length) = match bytes[1] {
        short @ 0..0x80 => (2, usize::from(short)),
        long => {
            let digits = usize::from(long & 0x7f);
            let length = bytes[2..2 + digits].iter().fold(0, |sum, byte| sum << 8 | usize::from(*byte));
            (2 + digits, length)
        }
    };
    (&bytes[head..head + length], &bytes[head + length..])
}

fn base64(bytes: &[u8]) -> String {
    const LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let four = |three: &[u8]| {
        let bits = (0..3).fold(0_u32, |bits, n| bits << 8 | u32::from(three.get(n).copied().unwrap_or(0)));
        let letter = |n: usize| match n <= three.len() {
            true => char::from(LETTERS[(bits >> (18 - 6 * n) & 63) as usize]),
            false => '=',
        };
        (0..4).map(letter).collect::<String>()
    };
    bytes.chunks(3).map(four).collect()
}

fn pem(label: &str, der: &[u8]) -> String {
    let body = base64(der);
    format!("-----BEGIN {label}-----\n{body}\n-----END {label}-----\n")
}

/// What PKCS#8 wraps: the key in the form that was used before.
fn unwrapped(pkcs8: &str, label: &str) -> String {
    let whole = PrivatePkcs8KeyDer::from_pem_slice(pkcs8.as_bytes()).unwrap();
    let (inside, _) = der(whole.secret_pkcs8_der());
    let (_, rest) = der(inside);
    let (_, rest) = der(rest);
    pem(label, der(rest).0)
}

#[test]
fn keys_of_all_usual_forms_are_taken() {
    let authority = Authority::new();
    let elliptic = authority.issue(&["takt.test"]);
    let rsa = authority.chain_for(&["takt.test"], RSA);
    let sec1 = unwrapped(&elliptic.key, "EC PRIVATE KEY");
    let parameters = "-----BEGIN EC PARAMETERS-----\nBggqhkjOPQMBBw==\n-----END EC PARAMETERS-----\n";
    for (name, chain, key) in [
        ("PKCS#8", &elliptic.chain, elliptic.key.clone()),
        ("SEC1", &elliptic.chain, sec1.clone()),
        ("SEC1 as openssl writes it", &elliptic.chain, format!("{parameters}{sec1}")),
        ("RSA in PKCS#8", &rsa, RSA.to_owned()),
        ("RSA in PKCS#1", &rsa, unwrapped(RSA, "RSA PRIVATE KEY")),
        ("with lines of Windows", &rsa, RSA.replace('\n', "\r\n")),
        ("all in one file", &elliptic.chain, format!("{}{}", elliptic.chain, elliptic.key)),
    ] {
        let files = Files::of(&Issued { chain: chain.clone(), key });
        let tls = Tls::load(files.pair(), now()).unwrap_or_else(|fault| panic!("{name}: {fault:?}"));
        assert_eq!(tls.certificate().names, ["takt.test"], "{name}");
    }
}

#[test]
fn what_is_wrong_with_the_files_is_said_with_what_to_do() {
    let authority = Authority::new();
    let (good, other) = (authority.issue(&["takt.test"]), authority.issue(&["takt.test"]));
    let old = authority.issue_between(&["takt.test"], (2025, 1, 1), (2026, 3, 1));
    let early = authority.issue_between(&["takt.test"], (2026, 4, 1), (2027, 1, 1));
    let (own, between) = good.chain.split_at(good.chain.rfind("-----BEGIN").unwrap());
    let turned = format!("{between}{own}");
    let locked = pem("ENCRYPTED PRIVATE KEY", b"secret");
    let locked_before = "-----BEGIN RSA PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\nDEK-Info: AES-128-CBC,00\n\n\
                         AAAA\n-----END RSA PRIVATE KEY-----\n";
    let (chain, key) = (good.chain.as_str(), good.key.as_str());
    let cases: &[(&str, &str, &str, &str, &str)] = &[
        ("web.tls_files_swapped", key, chain, "Поменяйте местами", "Exchange --tls-cert"),
        ("web.tls_no_certificate", "", key, "fullchain.pem", "fullchain.pem"),
        ("web.tls_no_certificate", key, key, "нет сертификата", "no certificate"),
        ("web.tls_no_key", chain, chain, "privkey.pem", "privkey.pem"),
        ("web.tls_no_key", chain, "", "нет закрытого ключа", "no private key"),
        ("web.tls_key_locked", chain, &locked, "Снимите пароль", "Take it off"),
        ("web.tls_key_locked", chain, locked_before, "openssl pkey", "openssl pkey"),
        ("web.tls_key_of_another", chain, &other.key, "выпущенные вместе", "issued together"),
        ("web.tls_chain_order", &turned, key, "сервера первым", "own first"),
        ("web.tls_expired", &old.chain, &old.key, "закончился 2026-03-01T00:00:00Z", "ended at 2026-03-01"),
        ("web.tls_not_yet_valid", &early.chain, &early.key, "Проверьте часы", "machine's clock"),
        ("web.tls_file_malformed", "-----BEGIN CERTIFICATE-----\n?\n", key, "не PEM", "not PEM"),
        ("web.tls_certificate_malformed", &pem("CERTIFICATE", b"no"), key, "не разобрать", "cannot be read"),
        ("web.tls_key_unusable", chain, &pem("PRIVATE KEY", b"no"), "RSA от 2048", "RSA of 2048"),
    ];
    let texts = texts();
    for (code, chain, key, russian, english) in cases {
        let files = Files::of(&Issued { chain: (*chain).to_owned(), key: (*key).to_owned() });
        told(&texts, &refusal(&files), code, [russian, english]);
    }
    let files = Files::of(&good);
    fs::remove_file(files.path("key.pem")).unwrap();
    told(&texts, &refusal(&files), "web.tls_file_missing", ["key.pem нет", "no file"]);
    // A folder is what even a superuser cannot read as a file.
    fs::create_dir(files.path("key.pem")).unwrap();
    told(&texts, &refusal(&files), "web.tls_file_unreadable", ["право его читать", "the right to read"]);
    fs::remove_dir(files.path("key.pem")).unwrap();
    files.write("key.pem", &"x".repeat(2 << 20));
    told(&texts, &refusal(&files), "web.tls_file_unreadable", ["не читается", "cannot be read"]);
}

fn told(texts: &Texts, fault: &Fault, code: &str, words: [&str; 2]) {
    assert_eq!(fault.code(), code, "{fault:?}");
    for (lang, words) in [Lang::Ru, Lang::En].into_iter().zip(words) {
        let said = texts.fault(lang, fault);
        assert!(said.contains(words) && !said.contains("{$"), "{code}: {said}");
        assert!(!said.contains("PRIVATE KEY-"), "{said}");
    }
}

#[test]
fn a_new_pair_is_taken_and_a_broken_one_is_not_and_counts_once() {
    let authority = Authority::new();
    let metrics = Metrics::new(0.0);
    let counted = |outcome: &str| {
        let text = metrics.text();
        let line = format!("takt_tls_renewals_total{{outcome=\"{outcome}\"}} ");
        text.lines().find_map(|found| found.strip_prefix(&line).map(str::to_owned)).unwrap_or("0".to_owned())
    };
    let files = Files::of(&authority.issue(&["old.test"]));
    let tls = Tls::load(files.pair(), now()).unwrap();
    tls.tell(&metrics);
    let look = |asked: bool| tls.renew(now(), asked, &metrics);
    let shown = || tls.certificate().names;
    assert!(matches!(look(false), Renewal::Unchanged));

    // The certificate comes first, its key a moment later.
    let next = authority.issue_between(&["next.test"], (2026, 1, 1), (2026, 6, 1));
    files.write("cert.pem", &next.chain);
    for _ in 0..2 {
        let Renewal::Kept(fault) = look(false) else { panic!("half a pair was taken") };
        assert_eq!((fault.code(), shown()), ("web.tls_key_of_another", vec!["old.test".to_owned()]));
    }
    assert_eq!(counted("refused"), "1", "it stays broken, which is no news");
    files.write("key.pem", &next.key);
    assert!(matches!(look(false), Renewal::Renewed(_)));
    assert_eq!((shown(), counted("done")), (vec!["next.test".to_owned()], "1".to_owned()));
    let until = "takt_tls_certificate_not_after_seconds 1780272000";
    assert!(metrics.text().contains(until), "{}", metrics.text());

    fs::remove_file(files.path("cert.pem")).unwrap();
    assert!(matches!(look(false), Renewal::Kept(fault) if fault.is("web.tls_file_missing")));
    files.write("cert.pem", &next.chain);
    assert!(matches!(look(false), Renewal::Renewed(_)));

    // Too early: nothing but the time has to change.
    let early = authority.issue_between(&["early.test"], (2026, 4, 1), (2027, 1, 1));
    files.write("cert.pem", &early.chain);
    files.write("key.pem", &early.key);
    assert!(matches!(look(false), Renewal::Kept(fault) if fault.is("web.tls_not_yet_valid")));
    let later: Timestamp = "2026-04-02T00:00:00Z".parse().unwrap();
    assert!(matches!(tls.renew(later, false, &metrics), Renewal::Renewed(_)));
    assert_eq!(shown(), ["early.test"]);

    assert!(matches!(tls.renew(later, false, &metrics), Renewal::Unchanged));
    assert!(matches!(tls.renew(later, true, &metrics), Renewal::Renewed(_)), "somebody asked for it");
    assert_eq!((counted("done"), counted("refused")), ("4".to_owned(), "3".to_owned()));
}

#[test]
fn a_look_at_the_files_tells_names_and_days() {
    let issued = Authority::new().issue_between(&["takt.test", "127.0.0.1"], (2026, 1, 1), (2026, 3, 12));
    let found = Certificate::look_at(&Files::of(&issued).pair(), now()).unwrap();
    assert_eq!(found.names, ["takt.test", "127.0.0.1"]);
    assert_eq!(found.whole_days_left(now()), 9);
}
