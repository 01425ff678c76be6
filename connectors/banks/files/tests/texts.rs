//! Every fault and warning has its text in both languages, with the same arguments.

use takt_testing::Texts;

#[test]
fn both_languages_say_the_same_and_every_code_has_a_text() {
    Texts {
        texts: &takt_bank_files::TEXTS,
        sources: concat!(env!("CARGO_MANIFEST_DIR"), "/src"),
        owner: "bank_files",
        marks: &["\"bank_files.", "warnings.add(\""],
        besides: &[],
    }
    .check();
}
