//! Every fault and warning has its text in both languages, with the same arguments.

#![expect(clippy::expect_used, reason = "helpers of tests")]

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::Path,
};

use fluent_bundle::{FluentBundle, FluentResource};
use takt_directbank::TEXTS;

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

#[test]
fn both_languages_say_the_same_and_every_code_has_a_text() {
    let [(_, ru), (_, en)] = TEXTS;
    assert_eq!(messages(ru), messages(en));
    let mut found = BTreeSet::from(["directbank-kind".to_owned()]);
    for entry in fs::read_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join("src")).expect("sources") {
        let text = fs::read_to_string(entry.expect("a source").path()).expect("a source");
        for (mark, skip) in [("\"directbank.", 0), ("warn(&mut warnings, \"", 0), ("warn(warnings, \"", 0)] {
            for rest in text.split(mark).skip(1 + skip) {
                let code = rest.split('"').next().unwrap_or_default();
                if !code.contains('{') {
                    found.insert(format!("directbank-{code}"));
                }
            }
        }
    }
    let texts: BTreeSet<String> = messages(ru).into_keys().collect();
    assert_eq!(found, texts);
}
