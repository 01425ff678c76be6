//! Documents that are made from the code. `TAKT_WRITE_DOCS=1 cargo test -p takt generated` writes them.

use std::path::Path;

use takt::wiring::{assemble, without_mail};

fn up_to_date(file: &str, made: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs").join(file);
    if std::env::var_os("TAKT_WRITE_DOCS").is_some() {
        std::fs::write(&path, made).expect("a writable docs folder");
    }
    let kept = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(kept == made, "docs/{file} is stale; run: TAKT_WRITE_DOCS=1 cargo test -p takt generated");
}

#[test]
fn the_flow_document_is_that_of_the_wiring() {
    up_to_date("flow.md", &assemble(without_mail().expect("an address")).flow_markdown());
}

#[test]
fn the_permission_matrix_is_that_of_the_wiring() {
    let wiring = assemble(without_mail().expect("an address"));
    up_to_date("permissions.md", &takt_staff::permissions_markdown(&wiring.slots));
}
