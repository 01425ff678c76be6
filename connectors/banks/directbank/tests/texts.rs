//! Every fault and warning has its text in both languages, with the same arguments.

use takt_testing::Texts;

#[test]
fn both_languages_say_the_same_and_every_code_has_a_text() {
    Texts {
        texts: &takt_directbank::TEXTS,
        sources: concat!(env!("CARGO_MANIFEST_DIR"), "/src"),
        owner: "directbank",
        marks: &["\"directbank.", "warn(&mut warnings, \"", "warn(warnings, \""],
        besides: &["kind"],
    }
    .check();
}
