//! The little of XML that camt needs: elements by local name, their text, `Ccy`. A document type is
//! refused and nothing but the five predefined entities and character references is ever expanded.

use quick_xml::{
    Reader,
    errors::Error,
    escape::resolve_xml_entity,
    events::{BytesRef, BytesStart, Event},
};
use takt_kernel::{Fault, Result};

use crate::line::one_line;

const DEEPEST: usize = 64;
/// What is held at once: a batch of forty thousand payments, some hundred megabytes.
const MOST_ELEMENTS: usize = 1_000_000;

/// One element with all that is inside it.
#[derive(Debug, Default)]
pub(super) struct Element {
    pub name: String,
    pub line: usize,
    pub currency: Option<String>,
    pub raw: String,
    pub children: Vec<Element>,
}

impl Element {
    pub(super) fn child(&self, name: &str) -> Option<&Element> {
        self.children.iter().find(|child| child.name == name)
    }

    pub(super) fn all<'e>(&'e self, name: &'static str) -> impl Iterator<Item = &'e Element> {
        self.children.iter().filter(move |child| child.name == name)
    }

    /// The first element at a path of names: `Id/OrgId/Othr`.
    pub(super) fn at(&self, path: &str) -> Option<&Element> {
        path.split('/').try_fold(self, |element, name| element.child(name))
    }

    /// The text in one line, where there is any.
    pub(super) fn text(&self) -> Option<String> {
        Some(one_line(&self.raw)).filter(|text| !text.is_empty())
    }

    pub(super) fn text_at(&self, path: &str) -> Option<String> {
        self.at(path).and_then(Self::text)
    }

    /// The first of several paths that has a text: the versions name one thing differently.
    pub(super) fn text_at_any(&self, paths: &[&str]) -> Option<String> {
        paths.iter().find_map(|path| self.text_at(path))
    }
}

pub(super) enum Node {
    Open(Element),
    Close,
    /// A piece of a text that is not white.
    Text(String),
    End,
}

/// A file that was pasted behind another begins with a mark of its own.
fn is_white(text: &str) -> bool {
    text.chars().all(|letter| letter.is_whitespace() || matches!(letter, '\0' | '\u{feff}'))
}

pub(super) struct Walker<'t> {
    reader: Reader<&'t [u8]>,
    text: &'t str,
    depth: usize,
    /// Lines counted so far and up to which byte, so that counting stays linear.
    line: usize,
    counted: usize,
}

impl<'t> Walker<'t> {
    pub(super) fn new(text: &'t str) -> Self {
        let mut reader = Reader::from_str(text);
        // `<Ntry/>` then comes as a start and an end: there are no other empty elements below.
        reader.config_mut().expand_empty_elements = true;
        Self { reader, text, depth: 0, line: 1, counted: 0 }
    }

    /// The next tag, or the next piece of a text that stands between tags.
    pub(super) fn next(&mut self) -> Result<Node> {
        loop {
            match self.event()? {
                Event::Start(start) | Event::Empty(start) => return self.opened(&start).map(Node::Open),
                Event::End(_) => {
                    self.depth = self.depth.saturating_sub(1);
                    return Ok(Node::Close);
                }
                Event::Eof if self.depth == 0 => return Ok(Node::End),
                Event::Eof => return Err(self.fault("bank_files.cut_off")),
                Event::Text(text) if is_white(&text) => {}
                Event::Text(text) => return Ok(Node::Text(text.to_string())),
                Event::CData(text) => return Ok(Node::Text(text.to_string())),
                Event::GeneralRef(reference) => return self.resolve(&reference).map(Node::Text),
                Event::Comment(_) | Event::Decl(_) | Event::PI(_) | Event::DocType(_) => {}
            }
        }
    }

    /// Reads an opened element to its end.
    pub(super) fn whole(&mut self, opened: Element) -> Result<Element> {
        let mut open = vec![opened];
        let mut elements = 0;
        loop {
            let event = self.event()?;
            let Some(last) = open.last_mut() else { return Err(self.fault("bank_files.xml_broken")) };
            match event {
                Event::Start(start) | Event::Empty(start) => {
                    elements += 1;
                    if elements > MOST_ELEMENTS {
                        return Err(self.fault("bank_files.too_many_elements").arg("limit", MOST_ELEMENTS));
                    }
                    let element = self.opened(&start)?;
                    open.push(element);
                }
                Event::End(_) => {
                    self.depth = self.depth.saturating_sub(1);
                    let Some(done) = open.pop() else { return Err(self.fault("bank_files.xml_broken")) };
                    match open.last_mut() {
                        Some(parent) => parent.children.push(done),
                        None => return Ok(done),
                    }
                }
                Event::Text(text) => last.raw.push_str(&text),
                Event::CData(text) => last.raw.push_str(&text),
                Event::GeneralRef(reference) => {
                    let letters = self.resolve(&reference)?;
                    last.raw.push_str(&letters);
                }
                Event::Eof => return Err(self.fault("bank_files.cut_off")),
                Event::Comment(_) | Event::Decl(_) | Event::PI(_) | Event::DocType(_) => {}
            }
        }
    }

    pub(super) fn fault(&mut self, code: &'static str) -> Fault {
        Fault::invalid(code).arg("line", self.line())
    }

    fn event(&mut self) -> Result<Event<'t>> {
        match self.reader.read_event() {
            Ok(Event::DocType(_)) => Err(self.fault("bank_files.doctype_refused")),
            Ok(event) => Ok(event),
            // Markup that the end of the file interrupts.
            Err(error @ Error::Syntax(_)) => Err(self.fault("bank_files.cut_off").because(error)),
            Err(error) => Err(self.fault("bank_files.xml_broken").because(error)),
        }
    }

    fn opened(&mut self, start: &BytesStart) -> Result<Element> {
        self.depth += 1;
        if self.depth > DEEPEST {
            return Err(self.fault("bank_files.too_deep").arg("limit", DEEPEST));
        }
        let mut currency = None;
        for attribute in start.attributes() {
            let attribute = attribute.map_err(|error| self.fault("bank_files.xml_broken").because(error))?;
            if attribute.key.local_name().as_ref() == "Ccy" {
                currency = Some(attribute.value.trim().to_owned());
            }
        }
        let name = start.local_name().as_ref().to_owned();
        Ok(Element { name, line: self.line(), currency, raw: String::new(), children: Vec::new() })
    }

    fn resolve(&mut self, reference: &BytesRef) -> Result<String> {
        let letter = reference.resolve_char_ref().ok().flatten().map(String::from);
        letter
            .or_else(|| resolve_xml_entity(reference).map(str::to_owned))
            .ok_or_else(|| self.fault("bank_files.xml_broken"))
    }

    fn line(&mut self) -> usize {
        let position =
            usize::try_from(self.reader.buffer_position()).unwrap_or(usize::MAX).min(self.text.len());
        if let Some(passed) = self.text.as_bytes().get(self.counted..position) {
            self.line += passed.iter().filter(|byte| **byte == b'\n').count();
            self.counted = position;
        }
        self.line
    }
}
