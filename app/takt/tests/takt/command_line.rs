//! The contracts that scripts rely on, against the real binary.

use std::{
    io::{BufRead, BufReader, Read, Write},
    path::Path,
    process::{Child, Command, Output, Stdio},
};

use takt_testing::postgres::empty_database;

const ACCOUNT: &str = "40702810200000000001";
const SAMPLE: &str = "../../connectors/banks/files/tests/fixtures/1c-one-day-cp1251.txt";

/// Where a test's data is: `--data DIR`, with or without `--database URL`.
pub struct Place(Vec<String>);

impl Place {
    pub fn folder(folder: &Path) -> Self {
        Self(vec!["--data".to_owned(), folder.display().to_string()])
    }

    /// The same folder, with the data in PostgreSQL.
    pub fn on_database(mut self, url: &str) -> Self {
        self.0.extend(["--database".to_owned(), url.to_owned()]);
        self
    }

    pub fn run(&self, arguments: &[&str], input: &str) -> Output {
        let mut child = Command::new(env!("CARGO_BIN_EXE_takt"))
            .args(arguments)
            .args(&self.0)
            .env("LANG", "C")
            .env_remove("LC_ALL")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("the binary");
        child.stdin.take().expect("its input").write_all(input.as_bytes()).expect("it reads");
        child.wait_with_output().expect("it ends")
    }

    /// Standard output of a command that must succeed, which is one line.
    fn says(&self, arguments: &[&str], input: &str) -> String {
        let output = self.run(arguments, input);
        let error = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(output.status.success(), "{arguments:?}: {error}");
        let said = String::from_utf8(output.stdout).expect("text");
        assert!(said.ends_with('\n'));
        said.trim_end().to_owned()
    }

    pub fn serve(&self) -> Serving {
        let mut child = Command::new(env!("CARGO_BIN_EXE_takt"))
            .arg("serve")
            .args(&self.0)
            .args(["--listen", "127.0.0.1:0", "--log-format", "json"])
            .stderr(Stdio::piped())
            .spawn()
            .expect("the binary");
        let mut log = BufReader::new(child.stderr.take().expect("its log"));
        let mut line = String::new();
        while !line.contains("listening") {
            line.clear();
            assert!(log.read_line(&mut line).expect("a log") > 0, "it did not start");
        }
        Serving { child, log }
    }
}

pub struct Serving {
    child: Child,
    log: BufReader<std::process::ChildStderr>,
}

impl Serving {
    pub fn stop(mut self) {
        let told = Command::new("kill").args(["-TERM", &self.child.id().to_string()]).status();
        assert!(told.expect("kill").success());
        let mut rest = String::new();
        self.log.read_to_string(&mut rest).expect("a log");
        assert!(self.child.wait().expect("it ends").success(), "{rest}");
    }
}

impl Drop for Serving {
    fn drop(&mut self) {
        let _ = self.child.kill();
    }
}

pub fn open_a_shop(place: &Place) {
    let company = place.says(&["company", "create", "--name", "Чай", "--currency", "RUB"], "");
    assert!(company.parse::<i64>().is_ok(), "{company}");
    let shop = place.says(&["shop", "create", "--company", "Чай", "--name", "Чайная"], "");
    assert!(shop.parse::<i64>().is_ok(), "{shop}");
    let buh = ["user", "create", "--company", &company, "--email", "buh@example.org", "--role", "accountant"];
    assert!(place.says(&buh, "correct horse battery\n").parse::<i64>().is_ok());
    let account = ["account", "create", "--company", "Чай", "--bank-account", ACCOUNT, "--bic", "044525225"];
    assert!(place.says(&account, "").parse::<i64>().is_ok());
    let scope = "orders:write,orders:read";
    let token = place.says(&["token", "create", "--company", "Чай", "--shop", &shop, "--scope", scope], "");
    assert!(token.starts_with("takt_"), "{token}");
}

fn import_the_sample(place: &Place) -> Vec<String> {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join(SAMPLE);
    let file = file.display().to_string();
    let said = place.says(&["import", "bank", &file, "--company", "Чай", "--by", "buh@example.org"], "");
    said.lines().map(str::to_owned).collect()
}

fn whole_contract(place: &Place) {
    open_a_shop(place);
    let first = import_the_sample(place);
    assert_eq!(first.len(), 14, "{first:?}");
    assert_eq!(first[13], "13 documents: 3 suggested, 10 outgoing");
    let again = import_the_sample(place);
    assert_eq!(again[13], "13 documents: 13 duplicate", "{again:?}");
    publish_a_playbook(place);
}

fn publish_a_playbook(place: &Place) {
    let own = tempfile::NamedTempFile::new().expect("a file");
    let text = "# Own\n\n```rule a\nwhen = 'orders.paid'\nthen = [{ do = 'orders.confirm' }]\n```\n";
    std::fs::write(own.path(), text).expect("written");
    let file = own.path().display().to_string();
    assert!(place.says(&["playbook", "show", "--company", "Чай"], "").contains("rule pick-and-call"));
    let days = ["--from", "2026-11-01", "--to", "2026-11-30"];
    let asked = place.says(&[&["playbook", "backtest", &file, "--company", "Чай"], &days[..]].concat(), "");
    assert!(asked.contains("\"orders\":0") && asked.contains("\"differing\":0"), "{asked}");
    assert_eq!(place.says(&["playbook", "publish", &file, "--company", "Чай", "--note", "short"], ""), "1");
    assert_eq!(place.says(&["playbook", "show", "--company", "Чай"], ""), text.trim_end());
    assert_eq!(place.says(&["playbook", "rollback", "--company", "Чай", "--to", "0"], ""), "2");
    assert!(place.says(&["playbook", "show", "--company", "Чай"], "").contains("rule pick-and-call"));
}

#[test]
fn a_playbook_is_looked_over_without_any_data() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("playbook.md");
    let check = |text: &str| {
        std::fs::write(&file, text).expect("written");
        let said = Command::new(env!("CARGO_BIN_EXE_takt"))
            .args(["playbook", "check"])
            .arg(&file)
            .env("LANG", "C")
            .env_remove("LC_ALL")
            .output()
            .expect("the binary");
        let text = |bytes| String::from_utf8(bytes).expect("text");
        (said.status.success(), text(said.stdout), text(said.stderr))
    };
    let brought_along = include_str!("../../../../features/playbook/playbooks/en.md");
    assert_eq!(check(brought_along), (true, "26\n".to_owned(), String::new()));
    let (right, said, problems) = check("```rule a\nwhen = 'orders.payd'\nthen = []\n```\n");
    assert!(!right && said.is_empty());
    assert!(problems.contains("text:2:9") && problems.contains("“orders.paid”"), "{problems}");
}

#[test]
fn verbs_print_ids_and_read_bank_files_on_a_free_folder() {
    let folder = tempfile::tempdir().expect("a folder");
    whole_contract(&Place::folder(folder.path()));
}

#[test]
fn verbs_work_beside_a_running_program_on_the_same_folder() {
    let folder = tempfile::tempdir().expect("a folder");
    let place = Place::folder(folder.path());
    let serving = place.serve();
    whole_contract(&place);
    serving.stop();
    assert_eq!(import_the_sample(&place)[13], "13 documents: 13 duplicate");
}

#[test]
fn whoever_knocks_and_says_nothing_does_not_keep_the_program_from_ending() {
    let folder = tempfile::tempdir().expect("a folder");
    let place = Place::folder(folder.path());
    let serving = place.serve();
    place.says(&["company", "create", "--name", "Чай", "--currency", "RUB"], "");
    let silent = std::os::unix::net::UnixStream::connect(folder.path().join("takt.sock")).expect("a door");
    serving.stop();
    drop(silent);
}

#[test]
fn verbs_and_the_program_work_on_postgresql() {
    let database = empty_database();
    let folder = tempfile::tempdir().expect("a folder");
    let place = Place::folder(folder.path()).on_database(database.url());
    let serving = place.serve();
    whole_contract(&place);
    serving.stop();
}

#[test]
fn a_folder_with_a_typing_mistake_in_its_name_does_not_become_an_installation() {
    let home = tempfile::tempdir().expect("a folder");
    let mistyped = home.path().join("takt-dta");
    let shop = ["shop", "create", "--company", "Чай", "--name", "Чайная"];
    for verb in [&shop[..], &["work", "failed"], &["backup"], &["verify"]] {
        let output = Place::folder(&mistyped).run(verb, "");
        let error = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(!output.status.success() && error.contains("takt-dta"), "{verb:?}: {error}");
        assert!(!mistyped.exists(), "{verb:?}");
    }
    Place::folder(&mistyped).says(&["company", "create", "--name", "Чай", "--currency", "RUB"], "");
    Place::folder(&mistyped).says(&shop, "");
}

#[test]
fn what_the_program_gave_up_is_shown_and_tried_again() {
    let folder = tempfile::tempdir().expect("a folder");
    let place = Place::folder(folder.path());
    open_a_shop(&place);
    let raw = rusqlite::Connection::open(folder.path().join("takt.db")).expect("a file");
    raw.execute_batch(
        "insert into job (company_id, id, kind, payload, enqueued_at, attempts, last_error, died_at)
         values (1, 1, 'letters', '{}', 0, 3, 'no\nsuch street', 0);
         insert into timer (company_id, kind, timer_key, subject_kind, subject_id, due_at, fire_at, payload, attempts,
           last_error)
         values (1, 'bell', 'x', 'order', 1, 0, 9000000000000000, '{}', 7, 'cracked');
         insert into parked_subject (listener, company_id, subject_kind, subject_id, lane, n, fact_id, fact_kind,
           parked_at, attempts, retry_at, last_error)
         values ('waiter', 1, 'order', 1, 0, 1, 1, 'ordered', 0, 2, 9000000000000000, 'no cup')",
    )
    .expect("failures");
    drop(raw);
    let failed = place.says(&["work", "failed"], "");
    let failed: Vec<Vec<&str>> = failed.lines().map(|line| line.split('\t').collect()).collect();
    assert_eq!(failed[0], ["job", "letters", "1", "3", "never", "no such street"]);
    assert_eq!((failed[1][..4].to_vec(), failed[1][5]), (vec!["timer", "bell", "1", "7"], "cracked"));
    assert_eq!((failed[2][..4].to_vec(), failed[2][5]), (vec!["fact", "waiter ordered", "1", "2"], "no cup"));
    let said = place.says(&["work", "retry"], "");
    assert_eq!(said, "Tried again now: jobs: 1, timers: 1, facts set aside: 1.");
    let left = place.run(&["work", "failed"], "");
    assert!(!String::from_utf8_lossy(&left.stdout).contains("never"), "the dead rises");
}

#[test]
fn what_is_wrong_is_said_on_standard_error_and_by_the_exit_code() {
    let folder = tempfile::tempdir().expect("a folder");
    let place = Place::folder(folder.path());
    open_a_shop(&place);
    let note = folder.path().join("note.txt");
    std::fs::write(&note, "Я оплатил").expect("a file");
    let note = note.display().to_string();
    let nowhere = folder.path().join("nowhere").display().to_string();
    for (arguments, input) in [
        (vec!["company", "create", "--name", "x", "--currency", "XXQ"], ""),
        (vec!["shop", "create", "--company", "nobody", "--name", "x"], ""),
        (
            vec!["user", "create", "--company", "Чай", "--email", "a@b.ru", "--role", "tsar"],
            "correct horse\n",
        ),
        (vec!["user", "create", "--company", "Чай", "--email", "a@b.ru", "--role", "owner"], ""),
        (vec!["import", "bank", &note, "--company", "Чай", "--by", "buh@example.org"], ""),
        (vec!["watch", "bank", &nowhere, "--company", "Чай", "--by", "buh@example.org"], ""),
        (vec!["import", "bank", &note, "--company", "Чай", "--by", "stranger@example.org"], ""),
        (vec!["import", "bank", "/nowhere.txt", "--company", "Чай", "--by", "buh@example.org"], ""),
    ] {
        let output = place.run(&arguments, input);
        assert!(!output.status.success(), "{arguments:?}");
        assert!(output.stdout.is_empty(), "{arguments:?}");
        let error = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(error.starts_with("takt: ") && !error.contains('⟨'), "{arguments:?}: {error}");
    }
}
