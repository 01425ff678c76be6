#![expect(clippy::expect_used, reason = "a test that cannot go on fails right there")]

use std::collections::{BTreeMap, BTreeSet};

use fluent_bundle::FluentResource;
use takt_payments_matching::{Class, MISSING, REASON_CODES, TEXTS, Tier};

/// Messages of one language with the variables each of them names.
fn messages(source: &str) -> BTreeMap<String, BTreeSet<String>> {
    FluentResource::try_new(source.to_owned()).expect("the file is valid Fluent");
    let mut messages: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    let mut current = String::new();
    for line in source.lines().filter(|line| !line.starts_with('#')) {
        if let Some((key, _)) = line.split_once(" = ").filter(|_| !line.starts_with(' ')) {
            current = key.to_owned();
            assert!(messages.insert(current.clone(), BTreeSet::new()).is_none(), "{key} twice");
        }
        let named = line.split('$').skip(1).map(|rest| {
            rest.chars()
                .take_while(|letter| letter.is_ascii_alphanumeric() || *letter == '_')
                .collect::<String>()
        });
        if let Some(variables) = messages.get_mut(&current) {
            variables.extend(named);
        }
    }
    messages
}

#[test]
fn every_code_has_a_text_in_both_languages_with_the_same_arguments() {
    let [russian, english] = TEXTS.map(|(_, source)| messages(source));
    assert_eq!(russian, english);
    let mut wanted: BTreeSet<String> = REASON_CODES.iter().map(|code| code.replace('.', "-")).collect();
    wanted.extend(Class::ALL.map(|class| format!("matching-class-{}", class.code())));
    wanted.extend(Tier::ALL.map(|tier| format!("matching-tier-{}", tier.code())));
    wanted.extend(MISSING.iter().map(|missing| format!("matching-missing-{missing}")));
    wanted.extend(
        ["prefix_malformed", "serial_out_of_range", "reference_malformed"]
            .map(|fault| format!("matching-{fault}")),
    );
    assert_eq!(russian.into_keys().collect::<BTreeSet<_>>(), wanted);
}
