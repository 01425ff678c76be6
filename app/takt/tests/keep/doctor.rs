//! `takt doctor` against the real binary: what it finds, where it looks, and how it ends.

use std::{fs, net::TcpListener, path::Path, sync::Arc};

use serde_json::Value as Json;
use takt::wiring::{assemble, without_mail};
use takt_kernel::{SeededEntropy, SystemClock};
use takt_store::{Database, Db, Options, Statement};

use crate::program::{Serving, done, path, takt};

/// Lines by their name, as `state code`.
fn lines(told: &Json) -> Vec<String> {
    let of = |line: &Json, key: &str| line[key].as_str().unwrap_or("?").to_owned();
    let lines = told["lines"].as_array().expect("lines");
    lines
        .iter()
        .map(|line| format!("{} {} {}", of(line, "name"), of(line, "state"), of(line, "code")))
        .collect()
}

pub fn doctor(arguments: &[&str]) -> (i32, Json) {
    let said = takt(&[&["doctor", "--json"][..], arguments].concat());
    let told: Json =
        serde_json::from_str(&said.out).unwrap_or_else(|error| panic!("{error}: {}{}", said.out, said.error));
    for line in told["lines"].as_array().expect("lines") {
        let well = line["state"] == "ok";
        let text = line["text"].as_str().expect("a text");
        assert!(!text.is_empty() && !text.contains('⟨') && !text.contains("{$"), "{line}");
        let by_fault = line["code"].as_str().expect("a code").contains('.');
        assert!(well || by_fault || line["do"].as_str().is_some_and(|todo| !todo.contains('⟨')), "{line}");
    }
    (said.code, told)
}

pub fn has(told: &Json, line: &str) -> bool {
    lines(told).iter().any(|found| found == line)
}

fn a_shop(data: &Path) {
    done(&["company", "create", "--name", "Чай", "--data", path(data)]);
}

#[test]
fn a_healthy_place_without_a_running_program_is_a_warning_in_both_languages() {
    let folder = tempfile::tempdir().expect("a folder");
    a_shop(folder.path());
    let (code, told) = doctor(&["--data", path(folder.path())]);
    assert_eq!(code, 1, "{:?}", lines(&told));
    assert_eq!(told["state"], "warning");
    for line in [
        "folder warning folder-free",
        "database ok database-ok",
        "schema ok schema-ok",
        "clock ok clock-ok",
        "queues ok queues-ok",
        "folders ok folders-none",
        "mail ok mail-none",
        "certificates ok certificates-none",
        "backup warning backup-none",
        "data ok data-ok",
    ] {
        assert!(has(&told, line), "{line}: {:?}", lines(&told));
    }
    for (language, words) in [("ru", "Папка данных"), ("en", "Data folder")] {
        let said = takt(&["doctor", "--data", path(folder.path()), "--language", language]);
        assert_eq!(said.code, 1);
        assert!(said.out.contains(words), "{}", said.out);
    }
}

#[test]
fn a_running_program_is_named_and_all_is_well_with_a_backup() {
    let folder = tempfile::tempdir().expect("a folder");
    let (data, copies) = (folder.path().join("data"), folder.path().join("copies"));
    let serving = Serving::start(&["--data", path(&data)]);
    fs::create_dir(&copies).expect("a folder");
    let made = done(&["backup", "--data", path(&data), "--to", path(&copies), "--verify"]);
    let made = made.trim_end();
    fs::rename(made, made.replace("takt-2", "takt-auto-2")).expect("renamed");
    let (code, told) = doctor(&["--data", path(&data), "--backup-folder", path(&copies)]);
    // The disk of a small machine may be nearly full.
    let others = lines(&told).into_iter().filter(|line| !line.contains("disk"));
    assert_eq!(others.filter(|line| !line.contains(" ok ")).collect::<Vec<_>>(), Vec::<String>::new());
    assert!(code == 0 || lines(&told).iter().any(|line| line.contains("disk warning")));
    let folder_line = told["lines"][0]["text"].as_str().expect("a text");
    assert!(folder_line.contains(&format!("process {}", serving.id())), "{folder_line}");
    serving.stop();
}

#[test]
fn what_cannot_be_opened_is_told_and_hides_nothing_else() {
    let folder = tempfile::tempdir().expect("a folder");
    let (code, told) = doctor(&["--data", path(&folder.path().join("nowhere"))]);
    assert_eq!(code, 2);
    assert!(has(&told, "folder broken folder-missing"), "{:?}", lines(&told));

    let garbage = folder.path().join("garbage");
    fs::create_dir(&garbage).expect("a folder");
    fs::write(garbage.join("takt.db"), vec![7; 40_000]).expect("a file");
    fs::write(garbage.join("takt.lock"), b"").expect("a file");
    let (code, told) = doctor(&["--data", path(&garbage)]);
    assert_eq!(code, 2);
    assert!(lines(&told).iter().any(|line| line.starts_with("database broken")), "{:?}", lines(&told));
    assert!(lines(&told).iter().any(|line| line.starts_with("disk ")) && has(&told, "mail ok mail-none"));

    let (code, told) = doctor(&["--database", "postgres://nobody@127.0.0.1:1/takt"]);
    assert_eq!(code, 2);
    assert!(lines(&told).iter().any(|line| line.starts_with("database broken")), "{:?}", lines(&told));

    let half = folder.path().join("half");
    fs::create_dir(&half).expect("a folder");
    fs::write(half.join("takt.db.restoring"), b"half").expect("a file");
    let (code, told) = doctor(&["--data", path(&half)]);
    assert_eq!(code, 2);
    assert!(has(&told, "folder broken folder-restoring"), "{:?}", lines(&told));
}

#[test]
fn a_mail_server_that_is_away_or_never_greets_is_told() {
    let folder = tempfile::tempdir().expect("a folder");
    a_shop(folder.path());
    let silent = TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = silent.local_addr().expect("an address");
    let (code, told) = doctor(&["--data", path(folder.path()), "--smtp", &format!("smtp://{address}")]);
    assert_eq!(code, 2);
    assert!(has(&told, "mail broken mail-silent"), "{:?}", lines(&told));
    drop(silent);
    let (code, told) = doctor(&["--data", path(folder.path()), "--smtp", &format!("smtp://{address}")]);
    assert_eq!(code, 2);
    assert!(has(&told, "mail broken notifications.no_connection"), "{:?}", lines(&told));
}

/// What stands in the database, and the line that must tell of it.
const FOUND: &[(&str, &str)] = &[
    (
        "insert into job (company_id, id, kind, payload, enqueued_at, attempts, died_at, last_error)
         values (1, 1, 'x', '{}', 0, 9, 1, 'no')",
        "queues warning jobs-dead",
    ),
    (
        "insert into job (company_id, id, kind, payload, enqueued_at, next_at, attempts)
         values (1, 2, 'x', '{}', 0, 1, 0)",
        "queues warning jobs-late",
    ),
    (
        "insert into timer (company_id, kind, timer_key, subject_kind, subject_id, due_at, fire_at, payload, attempts)
         values (1, 'x', 'x', 'order', 1, 1, 1, '{}', 0)",
        "queues warning timers-late",
    ),
    (
        "insert into timer (company_id, kind, timer_key, subject_kind, subject_id, due_at, fire_at, payload, attempts,
           last_error)
         values (1, 'x', 'failing', 'order', 1, 0, 9000000000000000, '{}', 7, 'no')",
        "queues warning timers-failing",
    ),
    (
        "insert into parked_subject (listener, company_id, subject_kind, subject_id, lane, n, fact_id, fact_kind,
           parked_at, attempts, retry_at, last_error)
         values ('x', 1, 'order', 1, 0, 1, 1, 'x', 0, 1, 0, 'no')",
        "queues broken parked",
    ),
    (
        "insert into watched_folder (company_id, id, path, person_id, bound_at, seen)
         values (1, 1, '/nowhere/at/all', 1, 0, '{}')",
        "folders broken folders-unreadable",
    ),
    (
        "insert into watched_folder (company_id, id, path, person_id, bound_at, last_problem, seen)
         values (1, 2, '/', 1, 0, 'payments.file_unreadable', '{}')",
        "folders warning folders-problem",
    ),
    (
        "insert into backup_run (id, began_at, ended_at, failure) values (1, 1, 1, 'no room')",
        "backup broken backup-failed",
    ),
    (
        "insert into fact (id, company_id, subject_kind, subject_id, n, kind, version, at, actor, body)
         values (77, 1, 'order', 901, 1, 'x', 1, 9000000000000000, '{}', '{}')",
        "clock broken clock-back",
    ),
    (
        "insert into fact_position (position, fact_id, company_id, subject_kind, subject_id, n, kind, lane)
         values (1000000, 77, 1, 'order', 901, 1, 'orders.placed', 0)",
        "clock broken clock-back",
    ),
    (
        "insert into reaction_cursor (listener, lane, position) values ('test', 0, 900000000)",
        "data broken check-work-cursors_are_within_the_log",
    ),
];

#[tokio::test(flavor = "multi_thread")]
async fn queues_folders_clock_and_failed_backups_are_told() {
    let folder = tempfile::tempdir().expect("a folder");
    let wiring = assemble(without_mail().expect("an address"));
    let options = Options {
        database: Database::Sqlite { folder: folder.path().to_owned() },
        clock: Arc::new(SystemClock),
        entropy: Arc::new(SeededEntropy::from_seed(1)),
        slots: wiring.slots.clone(),
        migrations: wiring.migrations.clone(),
        background: false,
    };
    let db = Db::open(options).await.expect("a database");
    db.write("test.spoil", |tx| {
        FOUND.iter().try_for_each(|(statement, _)| tx.execute_of(&Statement::new(statement)).map(|_| ()))
    })
    .await
    .expect("spoilt");
    db.close().await;
    let (code, told) = doctor(&["--data", path(folder.path())]);
    assert_eq!(code, 2);
    for (_, line) in FOUND {
        assert!(has(&told, line), "{line}: {:?}", lines(&told));
    }
}

#[test]
fn a_database_of_another_version_is_told() {
    let folder = tempfile::tempdir().expect("a folder");
    a_shop(folder.path());
    for (statement, line) in [
        ("delete from migration where feature = 'takt'", "schema warning schema-behind"),
        ("update migration set checksum = 'x' where feature = 'orders'", "schema broken schema-changed"),
        (
            "insert into migration (tier, feature, number, name, checksum, applied_at)
             values ('feature', 'tomorrow', 1, 'x', 'x', 0)",
            "schema broken schema-newer",
        ),
    ] {
        let raw = rusqlite::Connection::open(folder.path().join("takt.db")).expect("a file");
        raw.execute_batch(statement).expect("spoilt");
        drop(raw);
        let (_, told) = doctor(&["--data", path(folder.path())]);
        assert!(has(&told, line), "{line}: {:?}", lines(&told));
    }
}

#[test]
fn data_of_a_newer_program_are_verified_by_it_alone() {
    let folder = tempfile::tempdir().expect("a folder");
    a_shop(folder.path());
    let raw = rusqlite::Connection::open(folder.path().join("takt.db")).expect("a file");
    raw.execute_batch(
        "insert into migration (tier, feature, number, name, checksum, applied_at)
         values ('feature', 'tomorrow', 1, 'x', 'x', 0)",
    )
    .expect("a newer database");
    drop(raw);
    for verb in [&["verify"][..], &["serve", "--listen", "127.0.0.1:0"]] {
        let refused = takt(&[verb, &["--data", path(folder.path())]].concat());
        assert!(refused.code == 1 && refused.error.contains("tomorrow/1"), "{verb:?}: {}", refused.error);
    }
}
