//! Takes the text apart into header, account sections and document sections.
//!
//! Invariant: there are as many documents as openers, or an error. A section that the next one
//! interrupts is finished by it; a file that stops inside a section is cut off and refused, since
//! half a file must change nothing. A section of a kind that nobody knows is kept and means nothing; an
//! amount in it refuses the file, since it might be a document.

use std::borrow::Cow;

use takt_kernel::{Fault, Result};

use super::keys::{self, Detail, Key};
use crate::{line, warnings::Warnings, within_count};

#[derive(Debug)]
pub(crate) struct Field<'a> {
    pub line: usize,
    pub written: &'a str,
    pub key: Option<Key>,
    /// As in the file, spaces included.
    pub value: Cow<'a, str>,
}

impl<'a> Field<'a> {
    /// A line that holds no key is a value without one.
    fn of(line: usize, written: &'a str, key: Option<Key>, value: Option<&'a str>) -> Self {
        match value {
            None if key.is_none() => Self { line, written: "", key, value: Cow::Borrowed(written) },
            value => Self { line, written, key, value: Cow::Borrowed(value.unwrap_or_default()) },
        }
    }

    /// Whether a line without a key may be the rest of this text. An account or a date it would only spoil.
    fn may_go_on(&self) -> bool {
        match self.key {
            None | Some(Key::Other | Key::Purpose | Key::PurposePiece) => true,
            Some(Key::Party(_, detail)) => {
                matches!(
                    detail,
                    Detail::Name | Detail::NameLine | Detail::FurtherLine | Detail::Bank | Detail::BankCity
                )
            }
            Some(_) => false,
        }
    }
}

/// `СекцияКартотека`, `КонецКартотека`: one word that goes on with a capital, as the names of sections do.
fn is_mark(written: &str, begins: &str) -> bool {
    let length = begins.chars().count();
    let (head, rest) =
        written.split_at(written.char_indices().nth(length).map_or(written.len(), |(end, _)| end));
    head.to_lowercase() == begins
        && rest.starts_with(char::is_uppercase)
        && rest.chars().all(|letter| letter.is_alphanumeric() || letter == '_')
}

#[derive(Debug)]
pub(crate) struct Section<'a> {
    pub line: usize,
    /// What stands behind the opener: the kind of document.
    pub kind: &'a str,
    pub fields: Vec<Field<'a>>,
}

#[derive(Debug, Default)]
pub(crate) struct Sections<'a> {
    pub header: Vec<Field<'a>>,
    pub accounts: Vec<Section<'a>>,
    pub documents: Vec<Section<'a>>,
    /// What stands in sections that nobody knows, and behind the end of the file.
    pub aside: Vec<Field<'a>>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Place {
    Header,
    Account,
    Document,
}

/// # Errors
/// `bank_files.cut_off`, `bank_files.stray_amount`, `bank_files.section_not_read`,
/// `bank_files.too_many_documents`
pub(crate) fn split<'a>(text: &'a str, warnings: &mut Warnings) -> Result<Sections<'a>> {
    let mut machine = Machine {
        found: Sections::default(),
        place: Place::Header,
        unknown: None,
        ended: false,
        whole: false,
        warnings,
    };
    let mut last = 0;
    for (index, row) in line::lines(text).enumerate() {
        let row = row.trim_matches(|letter: char| letter.is_whitespace() || END_OF_DOS_FILE == letter);
        if row.is_empty() {
            continue;
        }
        last = index + 1;
        machine.hear(last, row)?;
    }
    machine.finish(last)
}

const END_OF_DOS_FILE: char = '\u{1a}';

struct Machine<'a, 'w> {
    found: Sections<'a>,
    place: Place,
    /// The section in it that nobody knows.
    unknown: Option<&'a str>,
    ended: bool,
    /// The last line closed a section or the file, so nothing of it can be missing.
    whole: bool,
    warnings: &'w mut Warnings,
}

impl<'a> Machine<'a, '_> {
    fn hear(&mut self, line: usize, row: &'a str) -> Result<()> {
        let (written, value) =
            row.split_once('=').map_or((row, None), |(key, value)| (key.trim_end(), Some(value)));
        let key = keys::find(written);
        if self.ended && key != Some(Key::EndOfFile) {
            self.warnings.add("after_end", line, row);
            // Another file pasted behind is read on; a footer means nothing.
            let more =
                matches!(key, Some(Key::Signature | Key::OpenDocument | Key::OpenAccount | Key::Amount));
            if !more {
                self.found.aside.push(Field::of(line, written, None, value));
                return Ok(());
            }
            self.ended = false;
        }
        self.whole = false;
        match key {
            // What follows is the head of another file, whatever that before it left open.
            Some(Key::Signature) => self.interrupt(line),
            Some(Key::OpenDocument) => self.open(Place::Document, line, value.unwrap_or_default())?,
            Some(Key::OpenAccount) => {
                self.open(Place::Account, line, value.unwrap_or_default())?;
                // Only documents have a kind; what stands here is kept as it is.
                if value.is_some_and(|value| !value.trim().is_empty()) {
                    self.keep(Field::of(line, written, None, value));
                }
            }
            Some(Key::CloseDocument) => self.close(Place::Document, line),
            Some(Key::CloseAccount) => self.close(Place::Account, line),
            Some(Key::EndOfFile) => {
                self.interrupt(line);
                self.ended = true;
            }
            None if is_mark(written, "секция") => {
                self.warnings.add("section_unknown", line, written);
                self.unknown = Some(written);
                self.keep(Field {
                    line,
                    written,
                    key: None,
                    value: Cow::Borrowed(value.unwrap_or_default()),
                });
            }
            None if value.is_none() && is_mark(written, "конец") => self.close_unknown(line),
            _ => self.take(line, written, key, value)?,
        }
        Ok(())
    }

    fn open(&mut self, place: Place, line: usize, kind: &'a str) -> Result<()> {
        self.interrupt(line);
        self.place = place;
        let section = Section { line, kind: kind.trim(), fields: Vec::new() };
        match place {
            Place::Document => {
                within_count(self.found.documents.len() + 1)?;
                self.found.documents.push(section);
            }
            Place::Account | Place::Header => {
                within_count(self.found.accounts.len() + 1)?;
                self.found.accounts.push(section);
            }
        }
        Ok(())
    }

    fn close(&mut self, place: Place, line: usize) {
        self.unknown = None;
        if self.place == place {
            self.place = Place::Header;
            self.whole = true;
        } else {
            self.warnings.add("stray_close", line, "");
        }
    }

    fn close_unknown(&mut self, line: usize) {
        if self.unknown.take().is_none() {
            self.warnings.add("stray_close", line, "");
        }
        // Nothing of a file that ends here is missing, unless a known section is still open.
        self.whole = self.place == Place::Header;
    }

    fn interrupt(&mut self, line: usize) {
        self.unknown = None;
        if self.place != Place::Header {
            self.warnings.add("section_not_closed", line, "");
            self.place = Place::Header;
        }
    }

    fn take(
        &mut self,
        line: usize,
        written: &'a str,
        key: Option<Key>,
        value: Option<&'a str>,
    ) -> Result<()> {
        if let (Some(section), Some(Key::Amount)) = (self.unknown, key) {
            return Err(Fault::invalid("bank_files.section_not_read")
                .arg("line", line)
                .arg("given", line::one_line(line::clip(section))));
        }
        if self.place != Place::Document && key == Some(Key::Amount) {
            return Err(Fault::invalid("bank_files.stray_amount").arg("line", line));
        }
        let key = key.filter(|_| self.unknown.is_none());
        if key.is_none() && value.is_none() {
            let before = self.fields().and_then(|fields| fields.last_mut());
            if let Some(amount) = before.as_deref().filter(|before| before.key == Some(Key::Amount)) {
                // Digits of it may stand here.
                let given = format!("{} {written}", amount.value);
                return Err(Fault::invalid("bank_files.amount_malformed")
                    .arg("line", amount.line)
                    .arg("field", line::one_line(amount.written))
                    .arg("given", line::one_line(line::clip(&given))));
            }
            if let Some(before) = before.filter(|before| before.may_go_on()) {
                let text = before.value.to_mut();
                text.push(' ');
                text.push_str(written);
                self.warnings.add("line_continued", line, written);
                return Ok(());
            }
        }
        self.keep(Field::of(line, written, key, value));
        Ok(())
    }

    fn keep(&mut self, field: Field<'a>) {
        if let Some(fields) = self.fields() {
            fields.push(field);
        }
    }

    /// Where the fields of this place are kept.
    fn fields(&mut self) -> Option<&mut Vec<Field<'a>>> {
        match self.place {
            Place::Header if self.unknown.is_some() => Some(&mut self.found.aside),
            Place::Header => Some(&mut self.found.header),
            Place::Account => self.found.accounts.last_mut().map(|section| &mut section.fields),
            Place::Document => self.found.documents.last_mut().map(|section| &mut section.fields),
        }
    }

    fn finish(self, last: usize) -> Result<Sections<'a>> {
        if self.ended {
            return Ok(self.found);
        }
        if self.place != Place::Header || !self.whole {
            return Err(Fault::invalid("bank_files.cut_off").arg("line", last));
        }
        self.warnings.add("no_end_of_file", last, "");
        Ok(self.found)
    }
}
