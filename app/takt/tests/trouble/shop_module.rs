//! The program beside the published client of the protocol that shop modules speak.

use std::process::Command;

use crate::{
    node::{Node, serve, takt},
    python,
};

#[test]
fn the_published_client_of_the_retailcrm_api_finds_what_it_knows() {
    let folder = tempfile::tempdir().expect("a folder");
    let place = ["--data", folder.path().to_str().expect("a path")];
    let token = crate::node::prepare(&place);
    let connected = takt(&[])
        .args(["connection", "create", "--company", "Tea", "--shop", "Shop", "--kind", "retailcrm"])
        .args(place)
        .output()
        .expect("the binary");
    let key = String::from_utf8(connected.stdout).expect("text");
    assert_eq!(key.trim_end_matches('\n').len(), 32, "the key alone: {key:?}");
    let mut command = takt(&[]);
    let node = Node::start(command.args(serve()).args(place), token);
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/../../tests/retailcrm-client/drive.py");
    let python = python::interpreter();
    let driven = Command::new(&python)
        .args([script, &format!("http://{}", node.address), key.trim()])
        .output()
        .unwrap_or_else(|error| panic!("{python}: {error}; run scripts/setup tests"));
    let said = String::from_utf8_lossy(&driven.stdout);
    let errors = String::from_utf8_lossy(&driven.stderr);
    assert!(driven.status.success(), "{said}{errors}");
    let checked: serde_json::Value = serde_json::from_str(&said).expect("how much was checked");
    assert!(checked["checked"].as_i64().is_some_and(|checked| checked >= 80), "{said}");
}
