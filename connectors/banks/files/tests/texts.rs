//! Every fault and warning has its text in both languages, with the same arguments.

#![expect(clippy::expect_used, reason = "helpers of tests")]

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::Path,
};

use fluent_bundle::{FluentBundle, FluentResource};
use takt_bank_files::TEXTS;

/// Keys with the names of their arguments.
fn messages(text: &str) -> BTreeMap<String, BTreeSet<String>> {
    let resource = FluentResource::try_new(text.to_owned()).expect("Fluent texts");
    let mut bundle = FluentBundle::default();
    bundle.add_resource(resource).expect("each key once");
    text.lines()
        .filter_map(|row| row.split_once(" = "))
        .map(|(key, text)| {
            assert!(bundle.has_message(key), "{key}");
            let arguments = text.split("{ $").skip(1).filter_map(|rest| rest.split_once(" }"));
            (key.to_owned(), arguments.map(|(name, _)| name.to_owned()).collect())
        })
        .collect()
}

/// Codes that the sources name: whole in faults, without the crate's name in warnings.
fn codes(folder: &Path, found: &mut BTreeSet<String>) {
    for entry in fs::read_dir(folder).expect("sources") {
        let path = entry.expect("a source").path();
        if path.is_dir() {
            codes(&path, found);
            continue;
        }
        let text = fs::read_to_string(&path).expect("a source");
        for mark in ["\"bank_files.", "warnings.add(\""] {
            for rest in text.split(mark).skip(1) {
                let code = rest.split('"').next().unwrap_or_default();
                if !code.contains('{') {
                    found.insert(format!("bank_files-{code}"));
                }
            }
        }
    }
}

#[test]
fn both_languages_say_the_same() {
    let [(_, ru), (_, en)] = TEXTS;
    assert_eq!(messages(ru), messages(en));
}

#[test]
fn every_code_has_a_text_and_every_text_a_code() {
    let mut found = BTreeSet::new();
    codes(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src"), &mut found);
    let texts: BTreeSet<String> = messages(TEXTS[0].1).into_keys().collect();
    assert_eq!(found, texts);
}
