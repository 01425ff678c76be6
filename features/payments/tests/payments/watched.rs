use std::path::Path;

use takt_payments::watched_folder::{self, WatchedFolderId};
use takt_staff::{Role, people};
use takt_testing::on_both_engines;

use crate::desk::{Desk, pay};

const LOOK: i64 = 10;

async fn bind(desk: &Desk, folder: &Path) -> WatchedFolderId {
    let voucher = desk.voucher(desk.accountant).await.expect("the right");
    let folder = folder.to_owned();
    desk.app.write(move |tx| watched_folder::bind(tx, &voucher, &folder)).await
}

fn names(folder: &Path) -> Vec<String> {
    let Ok(entries) = std::fs::read_dir(folder) else { return Vec::new() };
    let mut names: Vec<String> =
        entries.map(|entry| entry.expect("an entry").file_name().to_string_lossy().into_owned()).collect();
    names.sort();
    names
}

async fn looks_twice(desk: &Desk) {
    desk.app.advance(LOOK).await;
    desk.app.advance(LOOK).await;
}

on_both_engines! {
    async fn a_file_that_appears_is_taken_once_it_is_whole(place: Place) {
        let desk = Desk::open(place).await;
        let expected = desk.order("1001", "Анна", "500").await;
        let folder = tempfile::tempdir().expect("a folder");
        bind(&desk, folder.path()).await;
        desk.app.drain().await;
        let file = folder.path().join("kl_to_1c.txt");
        let bytes = desk.statement(&[pay("1", "500", &expected.reference)]);
        std::fs::write(&file, &bytes[..bytes.len() / 2]).expect("half of it");
        desk.app.advance(LOOK).await;
        std::fs::write(&file, &bytes).expect("all of it");
        desk.app.advance(LOOK).await;
        assert_eq!(names(folder.path()), ["kl_to_1c.txt"], "it changed since the last look");
        desk.app.advance(LOOK).await;
        assert_eq!(names(folder.path()), ["accepted"]);
        assert_eq!(names(&folder.path().join("accepted")), ["kl_to_1c.txt"]);
        assert_eq!(desk.paid(expected.order).await, "500.00");
        desk.books_agree().await;
    }

    async fn a_file_that_cannot_be_read_is_set_apart_and_said(place: Place) {
        let desk = Desk::open(place).await;
        let folder = tempfile::tempdir().expect("a folder");
        bind(&desk, folder.path()).await;
        std::fs::write(folder.path().join("note.txt"), "Я оплатил").expect("a note");
        looks_twice(&desk).await;
        assert_eq!(names(&folder.path().join("refused")), ["note.txt"]);
        let company = desk.company;
        let folders = desk.app.read(move |r| watched_folder::list(r, company)).await;
        let problem = folders[0].last_problem.as_ref().map(|problem| problem.code.as_str());
        assert_eq!(problem, Some("payments.file_unknown"));
    }

    async fn a_refused_file_is_told_with_its_words_until_another_is_taken(place: Place) {
        let desk = Desk::open(place).await;
        let folder = tempfile::tempdir().expect("a folder");
        bind(&desk, folder.path()).await;
        let statement = desk.statement(&[pay("1", "500", "за рамку")]);
        std::fs::write(folder.path().join("half.txt"), &statement[..statement.len() - 30]).expect("half of it");
        looks_twice(&desk).await;
        let company = desk.company;
        let told = async || {
            let folders = desk.app.read(move |r| watched_folder::list(r, company)).await;
            folders[0].last_problem.clone()
        };
        looks_twice(&desk).await;
        let problem = told().await.expect("it is still told");
        assert_eq!((problem.code.as_str(), problem.file.as_deref()), ("bank_files.cut_off", Some("half.txt")));
        let words = takt_ui::Words::new(desk.app.web.texts.clone(), takt_ui::Lang::Ru, jiff::tz::TimeZone::UTC);
        let said = problem.said(&words);
        assert!(said.starts_with("half.txt: Файл обрывается на строке ") && !said.contains('{'), "{said}");
        std::fs::write(folder.path().join("whole.txt"), &statement).expect("a file");
        looks_twice(&desk).await;
        assert_eq!(names(&folder.path().join("accepted")), ["whole.txt"]);
        assert_eq!(told().await, None);
    }

    async fn a_file_that_is_too_large_is_set_apart_unread(place: Place) {
        let desk = Desk::open(place).await;
        let folder = tempfile::tempdir().expect("a folder");
        bind(&desk, folder.path()).await;
        let file = std::fs::File::create(folder.path().join("year.txt")).expect("a file");
        file.set_len(65 << 20).expect("room");
        looks_twice(&desk).await;
        assert_eq!(names(&folder.path().join("refused")), ["year.txt"]);
        let company = desk.company;
        let folders = desk.app.read(move |r| watched_folder::list(r, company)).await;
        assert_eq!(folders[0].last_problem.as_ref().map(|problem| problem.code.as_str()), Some("payments.file_too_large"));
    }

    async fn a_released_folder_and_a_lost_right_take_nothing(place: Place) {
        let desk = Desk::open(place).await;
        let expected = desk.order("1001", "Анна", "500").await;
        let folder = tempfile::tempdir().expect("a folder");
        let id = bind(&desk, folder.path()).await;
        desk.app.drain().await;
        let (company, accountant) = (desk.company, desk.accountant);
        desk.app.write(move |tx| {
            let permit = takt_staff::Permit::<takt_staff::ManagePeople>::system(company, "test");
            people::set_roles(tx, &permit, accountant, Role::Operator.into())
        }).await;
        let file = folder.path().join("kl_to_1c.txt");
        std::fs::write(&file, desk.statement(&[pay("1", "500", &expected.reference)])).expect("a file");
        looks_twice(&desk).await;
        assert_eq!(names(folder.path()), ["kl_to_1c.txt"], "nobody vouches for it any more");
        desk.app.write(move |tx| {
            let permit = takt_staff::Permit::<takt_staff::ManagePeople>::system(company, "test");
            people::set_roles(tx, &permit, accountant, Role::Accountant.into())
        }).await;
        let voucher = desk.voucher(accountant).await.expect("the right again");
        desk.app.write(move |tx| watched_folder::release(tx, &voucher, id)).await;
        looks_twice(&desk).await;
        assert_eq!(names(folder.path()), ["kl_to_1c.txt"], "it was released");
        assert_eq!(desk.paid(expected.order).await, "0.00");
    }
}
