//! Archives: from either engine into either, and what happens when one is not whole.

#![cfg(test)]

use std::{
    fs,
    path::{Path, PathBuf},
    sync::Arc,
};

use takt_kernel::{CompanyId, ManualClock};
use takt_store::{
    Database, Db, Migration, Migrations, Tier, Tx,
    archive::{Archive, Progress, compare, restore},
    backup::{BackedUp, Backup, back_up, prove, remove_older, scheduled_in},
    params, sql,
    tables::Snapshot,
};
use takt_testing::{Place, on_both_engines};

const SHOP: Migrations = Migrations {
    tier: Tier::Feature,
    feature: "teahouse",
    steps: &[Migration {
        number: 1,
        name: "teas",
        sql: "create table tea (
  company_id integer not null,
  id integer not null,
  name text,
  in_season boolean not null,
  picture blob,
  like_id integer,
  primary key (company_id, id),
  foreign key (company_id, like_id) references tea (company_id, id)
);
create table tea_note (
  company_id integer not null,
  tea_id integer not null,
  words text not null,
  primary key (company_id, tea_id, words),
  foreign key (company_id, tea_id) references tea (company_id, id)
);
insert into tea (company_id, id, in_season) values (7, 7, {pg:true|sqlite:1});",
    }],
};
const TEAS: i64 = 3_000;

fn silent() -> impl FnMut(Progress<'_>) {
    |_| ()
}

fn clock() -> Arc<ManualClock> {
    Arc::new(ManualClock::at("2026-11-22T01:02:03Z".parse().expect("a moment")))
}

fn fill(tx: &mut Tx<'_>) -> takt_kernel::Result<()> {
    for id in 1..=TEAS {
        tx.put(
            sql!(
                "insert into tea (company_id, id, name, in_season, picture, like_id)
                 values (:company_id, :id, :name, :in_season, :picture, null)"
            ),
            params![
                company_id: CompanyId::new(1), id: id, name: (id % 5 != 0).then(|| format!("Чай № {id}")),
                in_season: id % 2 == 0, picture: (id % 7 == 0).then(|| vec![(id % 251) as u8; 40]),
            ],
        )?;
        tx.put(
            sql!("insert into tea_note (company_id, tea_id, words) values (:company_id, :tea_id, :words)"),
            params![company_id: CompanyId::new(1), tea_id: id, words: format!("note {}", id * 31 % 1000)],
        )?;
    }
    // Points at a row that comes later.
    tx.execute(sql!("update tea set like_id = id + 1 where id < 100 and company_id = 1"), params![])
        .map(|_| ())
}

async fn filled(place: &Place) -> Db {
    let db = place.open(clock(), Arc::default(), vec![SHOP], false).await;
    db.write("test.fill", fill).await.expect("filled");
    db
}

async fn backed_up(database: Database, to: &Path) -> takt_kernel::Result<BackedUp> {
    let to = to.to_owned();
    tokio::task::spawn_blocking(move || {
        let backup = Backup {
            database: &database,
            to: &to,
            scheduled: false,
            program: "takt test",
            clock: &*clock(),
            prove: Some(&[SHOP]),
        };
        back_up(&backup, &mut silent())
    })
    .await
    .expect("no panic")
}

fn empty_postgres() -> (takt_testing::postgres::TestDatabase, Database) {
    let made = takt_testing::postgres::empty_database();
    let url = made.url().to_owned();
    (made, Database::Postgres { url })
}

async fn restored(file: &Path, place: Database) -> takt_kernel::Result<u64> {
    let file = file.to_owned();
    tokio::task::spawn_blocking(move || {
        let archive = Archive::open(&file)?;
        let restored = restore(&archive, &place, &[SHOP], &mut silent())?;
        let (_, mismatches) = compare(&archive, &mut Snapshot::open(&place)?, &mut silent())?;
        assert_eq!(mismatches, []);
        Ok(restored.footer.rows())
    })
    .await
    .expect("no panic")
}

on_both_engines! {
    async fn an_archive_of_either_engine_restores_into_both(place: Place) {
        let folder = tempfile::tempdir().expect("a folder");
        let db = filled(&place).await;
        let made = backed_up(place.database(&[SHOP]), folder.path()).await.expect("a backup");
        assert_eq!(made.file, folder.path().join("takt-20261122T010203Z.takt"));
        assert_eq!(made.manifest.engine, db.engine());
        let teas = made.footer.tables.iter().find(|table| table.name == "tea").expect("teas");
        assert_eq!(teas.rows, TEAS as u64 + 1);

        let into_folder = Database::Sqlite { folder: folder.path().join("new") };
        assert_eq!(restored(&made.file, into_folder.clone()).await.expect("restored"), made.footer.rows());
        let (_kept, into_postgres) = empty_postgres();
        assert_eq!(restored(&made.file, into_postgres.clone()).await.expect("restored"), made.footer.rows());

        // Both are databases that the program opens and works on, and both are no longer empty.
        for place in [into_folder, into_postgres] {
            let refused = restored(&made.file, place.clone()).await.expect_err("not empty");
            assert!(refused.is("store.place_not_empty"), "{refused:?}");
            let options = takt_store::Options {
                database: place, clock: clock(), entropy: Arc::new(takt_kernel::SeededEntropy::from_seed(1)),
                slots: Arc::default(), migrations: vec![SHOP], background: false,
            };
            let db = Db::open(options).await.expect("it opens");
            let fresh = db.write("test.more", |tx| Ok(tx.new_id::<()>().get())).await.expect("a command");
            assert!(fresh > 0);
            db.close().await;
        }
    }
}

fn frames(bytes: &[u8]) -> Vec<usize> {
    let mut starts = vec![8];
    while let Some(&start) = starts.last()
        && start < bytes.len()
    {
        let length = u32::from_le_bytes(bytes[start + 1..start + 5].try_into().expect("four"));
        starts.push(start + 17 + length as usize);
    }
    starts
}

async fn an_archive(folder: &Path) -> PathBuf {
    let place = Place::sqlite();
    let db = filled(&place).await;
    let made = backed_up(place.database(&[SHOP]), folder).await.expect("a backup");
    db.close().await;
    made.file
}

#[tokio::test(flavor = "multi_thread")]
async fn an_archive_that_is_not_whole_is_refused_where_it_ends_or_was_changed() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = an_archive(folder.path()).await;
    let bytes = fs::read(&file).expect("bytes");
    let starts = frames(&bytes);
    assert!(starts.len() > 5, "too few frames to tell anything: {starts:?}");
    let mut cases: Vec<(String, Vec<u8>, &str, Option<usize>)> = Vec::new();
    for window in starts.windows(2) {
        let (start, end) = (window[0], window[1]);
        for cut in [start, start + 5, start + 17, end - 1] {
            cases.push((format!("cut at {cut}"), bytes[..cut].to_vec(), "store.archive_cut_off", Some(cut)));
        }
        for (at, told) in
            [(start, start), (start + 3, start), (start + 16, start), (start + 17, start), (end - 1, start)]
        {
            let mut changed = bytes.clone();
            changed[at] ^= 0x20;
            cases.push((format!("changed at {at}"), changed, "store.archive_altered", Some(told)));
        }
    }
    let mut longer = bytes.clone();
    longer.push(0);
    cases.push(("something behind".to_owned(), longer, "store.archive_altered", Some(bytes.len())));
    let mut without = bytes[..starts[2]].to_vec();
    without.extend(&bytes[starts[3]..]);
    cases.push(("a frame taken out".to_owned(), without, "store.archive_altered", None));
    cases.push(("empty".to_owned(), Vec::new(), "store.archive_unknown", None));
    cases.push((
        "something else".to_owned(),
        b"PK\x03\x04 no backup".to_vec(),
        "store.archive_unknown",
        None,
    ));

    let (_kept, postgres) = empty_postgres();
    for (count, (what, changed, code, at)) in cases.into_iter().enumerate() {
        let broken = folder.path().join("broken.takt");
        fs::write(&broken, changed).expect("a file");
        let into = folder.path().join("into");
        let refused = restored(&broken, Database::Sqlite { folder: into.clone() }).await.expect_err(&what);
        assert!(refused.is(code), "{what}: {refused:?}");
        let told = refused.args().iter().find(|(name, _)| name == "at").map(|(_, at)| at.clone());
        if let Some(at) = at {
            assert_eq!(told, Some(at.to_string()), "{what}");
        }
        assert!(!into.exists(), "{what} left {into:?}");
        if count % 10 == 0 {
            let refused = restored(&broken, postgres.clone()).await.expect_err(&what);
            assert!(refused.is(code), "{what}: {refused:?}");
        }
    }
    assert!(restored(&file, postgres).await.is_ok(), "nothing was left in the database");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_folder_in_which_a_restore_was_broken_off_is_not_served_and_can_be_restored_into() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = an_archive(folder.path()).await;
    let into = folder.path().join("into");
    fs::create_dir(&into).expect("a folder");
    fs::write(into.join("takt.db.restoring"), b"half").expect("a file");
    fs::write(into.join("takt.lock"), b"").expect("a file");
    let options = |database| takt_store::Options {
        database,
        clock: clock(),
        entropy: Arc::new(takt_kernel::SeededEntropy::from_seed(1)),
        slots: Arc::default(),
        migrations: vec![SHOP],
        background: false,
    };
    let database = Database::Sqlite { folder: into.clone() };
    let refused = Db::open(options(database.clone())).await.err().expect("half a shop");
    assert!(refused.is("store.restore_unfinished"), "{refused:?}");
    restored(&file, database.clone()).await.expect("restored");
    Db::open(options(database)).await.expect("a whole shop").close().await;

    fs::write(into.join("notes.txt"), b"mine").expect("a file");
    let refused = restored(&file, Database::Sqlite { folder: into }).await.expect_err("not empty");
    assert!(refused.is("store.place_not_empty"));
}

#[tokio::test(flavor = "multi_thread")]
async fn an_archive_of_a_newer_program_is_refused_and_one_of_an_older_is_brought_up_to_date() {
    const LATER: Migrations = Migrations {
        tier: Tier::Feature,
        feature: "teahouse",
        steps: &[
            SHOP.steps[0],
            Migration { number: 2, name: "prices", sql: "alter table tea add column price integer;" },
        ],
    };
    let folder = tempfile::tempdir().expect("a folder");
    let file = an_archive(folder.path()).await;
    let into = Database::Sqlite { folder: folder.path().join("new") };
    let (archive, place) = (file.clone(), into.clone());
    tokio::task::spawn_blocking(move || {
        let archive = Archive::open(&archive).expect("an archive");
        let refused = restore(&archive, &place, &[], &mut silent()).err().expect("it knows no teas");
        assert!(refused.is("store.archive_newer"), "{refused:?}");
        restore(&archive, &place, &[LATER], &mut silent()).expect("restored");
    })
    .await
    .expect("no panic");
    let options = takt_store::Options {
        database: into,
        clock: clock(),
        entropy: Arc::new(takt_kernel::SeededEntropy::from_seed(1)),
        slots: Arc::default(),
        migrations: vec![LATER],
        background: false,
    };
    let db = Db::open(options).await.expect("it opens");
    let priced = db
        .write("test.price", |tx| {
            tx.execute(sql!("update tea set name = 'x' where company_id = 7"), params![])
        })
        .await
        .expect("a command");
    assert_eq!(priced, 1);
    db.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_row_that_differs_is_named_with_its_columns() {
    let folder = tempfile::tempdir().expect("a folder");
    let place = Place::sqlite();
    let db = filled(&place).await;
    let made = backed_up(place.database(&[SHOP]), folder.path()).await.expect("a backup");
    db.write("test.change", |tx| {
        tx.execute(
            sql!("update tea set name = 'Кофе', in_season = not in_season where id = 2000"),
            params![],
        )?;
        tx.execute(sql!("delete from tea_note where tea_id = 1500"), params![]).map(|_| ())
    })
    .await
    .expect("a change");
    let database = place.database(&[SHOP]);
    let mismatches = tokio::task::spawn_blocking(move || {
        let archive = Archive::open(&made.file).expect("an archive");
        compare(&archive, &mut Snapshot::open(&database).expect("a snapshot"), &mut silent())
            .expect("compared")
            .1
    })
    .await
    .expect("no panic");
    let told: Vec<String> =
        mismatches.iter().map(|found| format!("{} {} {:?}", found.table, found.key, found.columns)).collect();
    assert_eq!(told.len(), 2, "{told:?}");
    assert_eq!(told[0], r#"tea company_id=1 id=2000 ["in_season", "name"]"#);
    assert!(told[1].starts_with("tea_note company_id=1 tea_id=1500"), "{told:?}");
    db.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn backups_overwrite_nothing_are_private_and_only_scheduled_ones_grow_old() {
    use std::os::unix::fs::PermissionsExt;
    let folder = tempfile::tempdir().expect("a folder");
    let file = an_archive(folder.path()).await;
    assert_eq!(fs::metadata(&file).expect("a file").permissions().mode() & 0o777, 0o600);
    let left: Vec<_> =
        fs::read_dir(folder.path()).expect("a folder").flatten().map(|entry| entry.path()).collect();
    assert_eq!(left, std::slice::from_ref(&file), "nothing else is left");

    let place = Place::sqlite();
    let db = filled(&place).await;
    for to in [folder.path(), &file] {
        let refused = backed_up(place.database(&[SHOP]), to).await.expect_err("it is there");
        assert!(refused.is("store.backup_exists"), "{refused:?}");
    }
    let nowhere = folder.path().join("nowhere/x.takt");
    let refused = backed_up(place.database(&[SHOP]), &nowhere).await.expect_err("no folder");
    assert!(refused.is("store.archive_unwritable"), "{refused:?}");
    db.close().await;

    let names = [
        "takt-auto-20261101T000000Z.takt",
        "takt-auto-20261103T000000Z.takt",
        "takt-auto-20261102T000000Z.takt",
    ];
    for name in names.into_iter().chain(["takt-auto-notes.takt", "takt-20200101T000000Z.takt"]) {
        fs::write(folder.path().join(name), b"").expect("a file");
    }
    let removed = remove_older(folder.path(), 2, &folder.path().join(names[1])).expect("removed");
    assert_eq!(removed, [folder.path().join("takt-auto-20261101T000000Z.takt")]);
    assert_eq!(scheduled_in(folder.path()).len(), 2);
    assert!(file.exists() && folder.path().join("takt-auto-notes.takt").exists());
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_killed_backup_left_is_swept_away_and_what_is_being_written_is_not() {
    let folder = tempfile::tempdir().expect("a folder");
    let abandoned = folder.path().join(".takt-unfinished-a.part");
    let held = folder.path().join(".takt-unfinished-b.part");
    fs::write(&abandoned, b"half").expect("a file");
    let lock = fs::File::create(&held).expect("a file");
    lock.lock().expect("a lock");
    let proof = folder.path().join(".takt-verify-x");
    fs::create_dir(&proof).expect("a folder");
    fs::write(proof.join("takt.lock"), b"").expect("a file");
    let file = an_archive(folder.path()).await;
    assert!(!abandoned.exists() && held.exists() && !proof.exists());
    drop(lock);
    let (archive, scratch) = (file.clone(), folder.path().to_owned());
    let rows = tokio::task::spawn_blocking(move || {
        let archive = Archive::open(&archive).expect("an archive");
        let proof = prove(&archive, &[SHOP], &scratch, &mut silent()).expect("proved");
        proof.footer.rows()
    });
    assert!(rows.await.expect("no panic") > TEAS as u64);
    let left = fs::read_dir(folder.path()).expect("a folder").flatten().count();
    assert_eq!(left, 1, "only the archive itself");
}
