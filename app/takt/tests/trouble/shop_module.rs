//! The program beside the published client of the protocol that shop modules speak.

use std::process::Command;

use crate::{
    node::{Node, ask, serve, takt},
    python,
};

#[test]
fn the_published_client_of_the_retailcrm_api_finds_what_it_knows() {
    let folder = tempfile::tempdir().expect("a folder");
    let place = ["--data", folder.path().to_str().expect("a path")];
    crate::node::prepare(&place);
    let says = |arguments: &[&str]| {
        let output = takt(&[]).args(arguments).args(place).output().expect("the binary");
        String::from_utf8(output.stdout).expect("text")
    };
    let of_shop = ["--company", "Tea", "--shop", "Shop"];
    let token = says(&[&["token", "create"][..], &of_shop, &["--scope", "catalog:write"]].concat());
    let key = says(&[&["connection", "create"][..], &of_shop, &["--kind", "retailcrm"]].concat());
    assert_eq!(key.trim_end_matches('\n').len(), 32, "the key alone: {key:?}");
    let mut command = takt(&[]);
    let node = Node::start(command.args(serve()).args(place), token.trim().to_owned());
    for (sku, name) in [("TEA", "Чай"), ("MUG", "Кружка")] {
        let body =
            format!(r#"{{"name":"{name}","unit":"pcs","price":"199.50","currency":"RUB","vat":"22"}}"#);
        let request = format!(
            "PUT /api/v1/products/{sku} HTTP/1.1\r\nHost: t\r\nConnection: close\r\nAuthorization: Bearer {}\r\n\
             Content-Type: application/json\r\nContent-Length: {}\r\n\r\n{body}",
            node.token,
            body.len()
        );
        assert!(ask(node.address, &request).status < 300, "{sku}");
    }
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/../../tests/retailcrm-client/drive.py");
    let python = python::interpreter();
    // Its parts stand in the checkout, where nothing is to be left.
    let driven = Command::new(&python)
        .env("PYTHONDONTWRITEBYTECODE", "1")
        .args([script, &format!("http://{}", node.address), key.trim()])
        .output()
        .unwrap_or_else(|error| panic!("{python}: {error}; run scripts/setup tests"));
    let said = String::from_utf8_lossy(&driven.stdout);
    let errors = String::from_utf8_lossy(&driven.stderr);
    assert!(driven.status.success(), "{said}{errors}");
    let checked: serde_json::Value = serde_json::from_str(&said).expect("how much was checked");
    assert!(checked["checked"].as_i64().is_some_and(|checked| checked >= 270), "{said}");
}
