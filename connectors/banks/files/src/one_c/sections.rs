//! Takes the text apart into header, account sections and document sections.
//!
//! Invariant: there are as many documents as openers, or an error. A section that the next one
//! interrupts is finished by it; a file that stops inside a section is cut off and refused, since
//! half a file must change nothing.

use std::borrow::Cow;

use takt_kernel::{Fault, Result};

use super::keys::{self, Key};
use crate::{line, warnings::Warnings, within_count};

#[derive(Debug)]
pub(crate) struct Field<'a> {
    pub line: usize,
    pub written: &'a str,
    pub key: Option<Key>,
    /// As in the file, spaces included.
    pub value: Cow<'a, str>,
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
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Place {
    Header,
    Account,
    Document,
}

/// # Errors
/// `bank_files.cut_off`, `bank_files.stray_amount`, `bank_files.too_many_documents`
pub(crate) fn split<'a>(text: &'a str, warnings: &mut Warnings) -> Result<Sections<'a>> {
    let mut machine =
        Machine { found: Sections::default(), place: Place::Header, ended: false, whole: false, warnings };
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
                return Ok(());
            }
            self.ended = false;
        }
        self.whole = false;
        match key {
            Some(Key::Signature) => {}
            Some(Key::OpenDocument) => self.open(Place::Document, line, value.unwrap_or_default())?,
            Some(Key::OpenAccount) => self.open(Place::Account, line, value.unwrap_or_default())?,
            Some(Key::CloseDocument) => self.close(Place::Document, line),
            Some(Key::CloseAccount) => self.close(Place::Account, line),
            Some(Key::EndOfFile) => {
                self.interrupt(line);
                self.ended = true;
            }
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
        if self.place == place {
            self.place = Place::Header;
            self.whole = true;
        } else {
            self.warnings.add("stray_close", line, "");
        }
    }

    fn interrupt(&mut self, line: usize) {
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
        let fields = match self.place {
            Place::Header if key == Some(Key::Amount) => {
                return Err(Fault::invalid("bank_files.stray_amount").arg("line", line));
            }
            Place::Header => Some(&mut self.found.header),
            Place::Account => self.found.accounts.last_mut().map(|section| &mut section.fields),
            Place::Document => self.found.documents.last_mut().map(|section| &mut section.fields),
        };
        let Some(fields) = fields else { return Ok(()) };
        let continued = key.is_none() && value.is_none();
        match fields.last_mut() {
            Some(before) if continued => {
                let text = before.value.to_mut();
                text.push(' ');
                text.push_str(written);
                self.warnings.add("line_continued", line, written);
            }
            _ => fields.push(Field { line, written, key, value: Cow::Borrowed(value.unwrap_or_default()) }),
        }
        Ok(())
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
