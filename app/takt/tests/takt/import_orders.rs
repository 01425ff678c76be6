//! Orders from a file of lines, against the real binary: on a free folder, beside a running program,
//! on PostgreSQL.

use takt_testing::postgres::empty_database;

use crate::command_line::{Place, open_a_shop};

const GOOD: &str = r#"{"external_id":"A-1","customer":{"name":"Анна","phone":"+7 912 345-67-89"},"lines":[{"name":"Чай","quantity":"2","price":"199.50"}]}
{"external_id":"A-2","lines":[{"sku":"TEA-100","name":"Чай","quantity":"1","price":"199.50"}]}
"#;

/// Every line from the third on is refused, but the empty one; the last one only by what is placed.
const MIXED: &str = r#"{"external_id":"A-2","lines":[{"sku":"TEA-100","name":"Чай","quantity":"1","price":"199.50"}]}
{"external_id":"A-3","lines":[{"name":"Кофе","quantity":"1","price":"10.00"}]}
{"external_id":"A-4","lines":

{"external_id":"A-5","lines":[{"name":"Кофе","quantity":"many","price":"10.00"}]}
{"lines":[{"name":"Кофе","quantity":"1","price":"10.00"}]}
{"external_id":"A-1","lines":[{"name":"Кофе","quantity":"1","price":"10.00"}]}
"#;

fn import(place: &Place, text: &str) -> (bool, String, String) {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("orders.jsonl");
    std::fs::write(&file, text).expect("a file");
    let file = file.display().to_string();
    let output = place.run(&["import", "orders", &file, "--company", "Чай", "--shop", "Чайная"], "");
    let said = |bytes: Vec<u8>| String::from_utf8(bytes).expect("text");
    (output.status.success(), said(output.stdout), said(output.stderr))
}

fn whole_contract(place: &Place) {
    open_a_shop(place);
    let (well, said, errors) = import(place, GOOD);
    assert_eq!(
        (well, said.as_str(), errors.as_str()),
        (true, "2 orders: 2 placed, 0 known, 0 refused\n", "")
    );
    let (well, said, errors) = import(place, GOOD);
    assert_eq!(
        (well, said.as_str(), errors.as_str()),
        (true, "2 orders: 0 placed, 2 known, 0 refused\n", "")
    );

    let (well, said, errors) = import(place, MIXED);
    assert!(!well, "refused lines are seen by the exit code");
    assert_eq!(said, "6 orders: 1 placed, 1 known, 4 refused\n");
    let named: Vec<&str> = errors.lines().filter_map(|line| line.split(':').next()).collect();
    assert_eq!(named, ["Line 3", "Line 5", "Line 6", "Line 7", "takt"], "{errors}");
    for expected in ["column", "lines[0].quantity", "external_id", "A-1"] {
        assert!(errors.contains(expected), "{expected} is not in\n{errors}");
    }
    assert!(!errors.contains('⟨'), "{errors}");
}

#[test]
fn orders_are_taken_in_line_by_line_on_a_free_folder() {
    let folder = tempfile::tempdir().expect("a folder");
    whole_contract(&Place::folder(folder.path()));
}

#[test]
fn orders_are_taken_in_line_by_line_beside_a_running_program() {
    let folder = tempfile::tempdir().expect("a folder");
    let place = Place::folder(folder.path());
    let serving = place.serve();
    whole_contract(&place);
    serving.stop();
}

#[test]
fn orders_are_taken_in_line_by_line_on_postgresql() {
    let database = empty_database();
    let folder = tempfile::tempdir().expect("a folder");
    whole_contract(&Place::folder(folder.path()).on_database(database.url()));
}

#[test]
fn more_orders_than_one_transaction_takes_are_all_taken_in() {
    let folder = tempfile::tempdir().expect("a folder");
    let place = Place::folder(folder.path());
    open_a_shop(&place);
    let lines = r#"{"name":"Чай","quantity":"1","price":"1.00"}"#;
    let many: String = (0..230)
        .map(|n| {
            format!("{{\"external_id\":\"B-{n}\",\"lines\":[{lines},{lines},{lines},{lines},{lines}]}}\n")
        })
        .collect();
    let (well, said, errors) = import(&place, &many);
    assert_eq!((well, said.as_str()), (true, "230 orders: 230 placed, 0 known, 0 refused\n"), "{errors}");
}
