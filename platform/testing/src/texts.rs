//! Texts of a crate: both languages say the same, and each code that its sources name has a text, and no other.

#![expect(clippy::expect_used, reason = "what a test does not expect is its failure")]

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::Path,
};

use fluent_bundle::{FluentBundle, FluentResource};

/// The texts of a crate, and how its sources name their codes.
pub struct Texts<'t> {
    /// By language.
    pub texts: &'t [(&'static str, &'static str)],
    /// The folder of the sources.
    pub sources: &'static str,
    /// What every key begins with: `bank_files`.
    pub owner: &'t str,
    /// What stands before the rest of a code, up to the next quote: `"bank_files.`.
    pub marks: &'t [&'t str],
    /// Keys that no source names by these.
    pub besides: &'t [&'t str],
}

impl Texts<'_> {
    /// # Panics
    /// When a language says what another does not, or with other arguments; when a code has no text, or a text no code.
    pub fn check(&self) {
        let languages: Vec<_> = self.texts.iter().map(|(_, text)| messages(text)).collect();
        for pair in languages.windows(2) {
            assert_eq!(pair[0], pair[1], "the languages differ");
        }
        let named = |code: &str| format!("{}-{code}", self.owner);
        let mut found: BTreeSet<String> = self.besides.iter().map(|code| named(code)).collect();
        self.codes(Path::new(self.sources), &mut |code| found.extend([named(code)]));
        let known: BTreeSet<String> = languages.into_iter().flat_map(BTreeMap::into_keys).collect();
        assert_eq!(found, known, "codes of the sources, and keys of the texts");
    }

    fn codes(&self, folder: &Path, found: &mut dyn FnMut(&str)) {
        for entry in fs::read_dir(folder).expect("sources") {
            let path = entry.expect("a source").path();
            if path.is_dir() {
                self.codes(&path, found);
                continue;
            }
            let text = fs::read_to_string(&path).expect("a source");
            for mark in self.marks {
                for rest in text.split(mark).skip(1) {
                    let code = rest.split('"').next().unwrap_or_default();
                    if !code.contains('{') {
                        found(code);
                    }
                }
            }
        }
    }
}

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

#[cfg(test)]
mod tests {
    use super::Texts;

    fn texts(ru: &'static str, en: &'static str, besides: &[&str]) {
        // Nobody says a code of this probe there.
        let sources = concat!(env!("CARGO_MANIFEST_DIR"), "/tests");
        Texts { texts: &[("ru", ru), ("en", en)], sources, owner: "probe", marks: &["\"probe."], besides }
            .check();
    }

    #[test]
    fn what_both_languages_say_is_enough() {
        texts("probe-one = Раз { $line }\n", "probe-one = One { $line }\n", &["one"]);
    }

    #[test]
    #[should_panic(expected = "the languages differ")]
    fn an_argument_that_one_language_lacks_is_found() {
        texts("probe-one = Раз { $line }\n", "probe-one = One\n", &["one"]);
    }

    #[test]
    #[should_panic(expected = "codes of the sources, and keys of the texts")]
    fn a_code_without_a_text_is_found() {
        texts("probe-one = Раз\n", "probe-one = One\n", &["one", "two"]);
    }
}
