//! Copies made by the clock.

use std::{path::Path, time::Duration};

use takt::{
    backup::{BACKUP_JOB, job, last_runs, schedule},
    wiring::{features, without_mail},
};
use takt_store::{Database, Db, Query, archive::Archive, backup::scheduled_in};
use takt_testing::{Place, TestApp, on_both_engines};
use takt_work::Runner;

use crate::program::{Serving, done, path, takt};

const DAY: Duration = Duration::from_secs(86_400);
const HOUR: i64 = 3_600;

async fn app_with_backups(place: Place) -> (TestApp, Database) {
    let wiring = takt::wiring::assemble(without_mail().expect("an address"));
    let database = place.database(&wiring.migrations);
    let app = TestApp::open(place, features(without_mail().expect("an address"))).await;
    schedule(&app.db).await.expect("scheduled");
    (app, database)
}

fn node(db: &Db, database: &Database, folder: &Path) -> Runner {
    let kind = job(database.clone(), folder.to_owned(), DAY, 2);
    Runner::new(db.clone(), Vec::new(), Vec::new(), vec![kind])
}

on_both_engines! {
    async fn a_copy_is_made_when_one_is_due_and_old_ones_go(place: Place) {
        let folder = tempfile::tempdir().expect("a folder");
        let (app, database) = app_with_backups(place).await;
        let node = node(&app.db, &database, folder.path());
        let mut seen = Vec::new();
        for (hours, copies) in [(0, 1), (1, 1), (22, 1), (1, 2), (12, 2), (12, 3)] {
            app.clock.advance_seconds(hours * HOUR);
            node.drain().await.expect("drained");
            for file in scheduled_in(folder.path()) {
                if !seen.contains(&file) {
                    seen.push(file);
                }
            }
            assert_eq!(seen.len(), copies, "{hours} hours later");
        }
        let kept = scheduled_in(folder.path());
        assert_eq!(kept.len(), 2, "the oldest went");
        assert!(!kept.contains(&seen[0]));
        let newest = Archive::open(&kept[0]).expect("an archive");
        assert!(newest.check(&mut |_| ()).is_ok());
        let runs = app.read(|reader| last_runs(reader)).await;
        let good = runs.good.expect("a good one");
        assert_eq!((good.0, good.1.as_str()), (newest.manifest.moment, path(&kept[0])));
        // The clock was set back by a year: the next copy does not wait for it to catch up.
        app.clock.advance_seconds(-365 * 24 * HOUR);
        app.write(|tx| {
            let now = tx.now();
            tx.execute(
                takt_store::sql!("update job set next_at = :now where kind = 'takt.backup'"),
                takt_store::params![now: now],
            )
        })
        .await;
        for copies in [1, 1] {
            node.drain().await.expect("drained");
            let made = scheduled_in(folder.path());
            assert_eq!(made.iter().filter(|file| path(file).contains("takt-auto-2025")).count(), copies);
            assert_eq!(made.len(), 2);
            app.clock.advance_seconds(HOUR);
        }
    }

    async fn of_many_nodes_one_makes_the_copy(place: Place) {
        let folder = tempfile::tempdir().expect("a folder");
        let (app, database) = app_with_backups(place).await;
        let other = match app.db.engine() {
            takt_store::Engine::Sqlite => app.db.clone(),
            takt_store::Engine::Postgres => app.second_node().await,
        };
        schedule(&other).await.expect("scheduled");
        let (one, two) = (node(&app.db, &database, folder.path()), node(&other, &database, folder.path()));
        let (first, second) = tokio::join!(one.drain(), two.drain());
        first.expect("drained");
        second.expect("drained");
        assert_eq!(scheduled_in(folder.path()).len(), 1);
        let runs = app
            .read(|reader| {
                let counted = takt_store::Query::opt_of(
                    reader,
                    &takt_store::Statement::new("select count(*) as n from backup_run"),
                )?;
                counted.map_or(Ok(0), |row| row.get::<i64>("n"))
            })
            .await;
        assert_eq!(runs, 1);
    }

    async fn a_copy_that_fails_is_remembered_and_tried_again(place: Place) {
        let folder = tempfile::tempdir().expect("a folder");
        let occupied = folder.path().join("copies");
        std::fs::write(&occupied, b"a file where a folder should be").expect("a file");
        let (app, database) = app_with_backups(place).await;
        let node = node(&app.db, &database, &occupied);
        node.drain().await.expect("drained");
        let runs = app.read(|reader| last_runs(reader)).await;
        assert!(runs.good.is_none());
        assert!(runs.failure.expect("a failure").1.contains("store.archive_unwritable"));
        let failed = app.read(|reader| takt_work::failed_jobs(reader, None, 10)).await;
        assert_eq!(failed.len(), 1);
        assert_eq!(failed[0].kind, BACKUP_JOB);
        assert!(failed[0].retry_at.is_some(), "it is not given up");

        std::fs::remove_file(&occupied).expect("removed");
        app.clock.advance_seconds(HOUR);
        node.drain().await.expect("drained");
        let runs = app.read(|reader| last_runs(reader)).await;
        assert!(runs.good.is_some() && runs.failure.is_none());
    }
}

#[test]
fn a_running_program_copies_its_data_and_the_doctor_knows() {
    let folder = tempfile::tempdir().expect("a folder");
    let (data, copies) = (folder.path().join("data"), folder.path().join("copies"));
    let given = ["--data", path(&data), "--backup-folder", path(&copies), "--backup-every", "1h"];
    let mut serving = Serving::start(&given);
    let told = serving.wait_for("backed up");
    assert!(told.contains("takt-auto-"), "{told}");
    let said = takt(&[&["doctor"][..], &given].concat());
    assert!(said.out.contains("✓ Backup:"), "{}", said.out);
    assert!(!said.out.contains('✗'), "{}", said.out);
    serving.stop();
    let kept = scheduled_in(&copies);
    assert_eq!(kept.len(), 1);
    let new = folder.path().join("new");
    let told = done(&["restore", "--from", path(&kept[0]), "--data", path(&new)]);
    assert!(told.contains("every row was compared"), "{told}");
}
