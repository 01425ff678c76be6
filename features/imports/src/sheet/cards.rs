use calcard::{
    Entry, Parser,
    vcard::{VCard, VCardProperty, VCardValue},
};
use takt_kernel::{Fault, Result};

use super::{Growing, Sheet};

/// Names that [`crate::columns`] knows, whatever language the reader speaks.
const COLUMNS: [&str; 9] =
    ["name", "phone", "phone 2", "phone 3", "email", "email 2", "company", "address", "note"];

/// Electronic cards of version 2.1, 3 and 4, each a row.
pub(super) fn read(text: &str) -> Result<Sheet> {
    let lines = |wanted: &str| text.lines().filter(|line| line.trim().eq_ignore_ascii_case(wanted)).count();
    if lines("BEGIN:VCARD") != lines("END:VCARD") {
        return Err(Fault::field("file", "imports.card_not_whole"));
    }
    let mut growing = Growing::default();
    growing.push(COLUMNS.map(str::to_owned).into())?;
    let mut parser = Parser::new(text);
    loop {
        match parser.entry() {
            Entry::VCard(card) => growing.push(row(&card))?,
            Entry::Eof => break,
            // What is no card is no row.
            _ => {}
        }
    }
    growing.finish()
}

fn row(card: &VCard) -> Vec<String> {
    let all = |property: VCardProperty| -> Vec<String> {
        let entries = card.entries.iter().filter(|entry| entry.name == property);
        entries.map(|entry| joined(&entry.values)).filter(|text| !text.is_empty()).collect()
    };
    let one = |property| all(property).into_iter().next().unwrap_or_default();
    let (phones, emails) = (all(VCardProperty::Tel), all(VCardProperty::Email));
    let bare = |text: &String| text.trim_start_matches("tel:").trim_start_matches("mailto:").to_owned();
    let nth = |texts: &[String], place: usize| texts.get(place).map(bare).unwrap_or_default();
    let from =
        |texts: &[String], place: usize| texts.iter().skip(place).map(bare).collect::<Vec<_>>().join(", ");
    let name = match one(VCardProperty::Fn) {
        name if name.is_empty() => one(VCardProperty::N),
        name => name,
    };
    vec![
        name,
        nth(&phones, 0),
        nth(&phones, 1),
        from(&phones, 2),
        nth(&emails, 0),
        from(&emails, 1),
        one(VCardProperty::Org),
        one(VCardProperty::Adr),
        one(VCardProperty::Note),
    ]
}

/// The parts of an address or a name, one after the other.
fn joined(values: &[VCardValue]) -> String {
    let mut parts: Vec<&str> = Vec::new();
    for value in values {
        match value {
            VCardValue::Text(text) => parts.push(text.trim()),
            VCardValue::Component(texts) => parts.extend(texts.iter().map(|text| text.trim())),
            _ => {}
        }
    }
    parts.retain(|part| !part.is_empty());
    parts.join(", ")
}
