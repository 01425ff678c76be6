//! The failpoints of the program, read from its source: a new one cannot be left out.

use std::{fs, path::Path};

pub fn all() -> Vec<String> {
    let checkout = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let mut found = Vec::new();
    for tier in ["platform", "core", "features", "connectors", "app"] {
        collect(&checkout.join(tier), &mut found);
    }
    found.sort();
    let unique = found.len();
    found.dedup();
    assert_eq!(found.len(), unique, "a name stands at two places");
    found
}

fn collect(folder: &Path, found: &mut Vec<String>) {
    for entry in fs::read_dir(folder).expect("a folder of the checkout") {
        let path = entry.expect("an entry").path();
        if path.is_dir() && !path.ends_with("tests") {
            collect(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            let source = fs::read_to_string(&path).expect("a source file");
            let calls = source.split("failpoint::reach(\"").skip(1);
            found.extend(calls.filter_map(|rest| rest.split('"').next()).map(str::to_owned));
        }
    }
}
