//! The little of XML that DirectBank needs: a whole message as a tree of local names. A document type is
//! refused, and nothing but the five predefined entities and character references is ever expanded.

use quick_xml::{
    Reader,
    escape::resolve_xml_entity,
    events::{BytesRef, BytesStart, Event},
};
use takt_kernel::{Fault, Result};

const DEEPEST: usize = 32;
const MOST_ELEMENTS: usize = 4_000_000;
const MOST_BYTES: usize = 64 << 20;

/// One element with all that is inside it.
#[derive(Debug, Default)]
pub struct Element {
    pub name: String,
    pub line: usize,
    pub attributes: Vec<(String, String)>,
    pub raw: String,
    pub children: Vec<Element>,
}

impl Element {
    pub fn child(&self, name: &str) -> Option<&Element> {
        self.children.iter().find(|child| child.name == name)
    }

    pub fn all<'e>(&'e self, name: &'static str) -> impl Iterator<Item = &'e Element> {
        self.children.iter().filter(move |child| child.name == name)
    }

    /// The first element at a path of names: `Data/Bank/BIC`.
    pub fn at(&self, path: &str) -> Option<&Element> {
        path.split('/').try_fold(self, |element, name| element.child(name))
    }

    /// The text in one line, where there is any.
    pub fn text(&self) -> Option<String> {
        let words: Vec<&str> = self
            .raw
            .split(|letter: char| letter.is_whitespace() || letter.is_control())
            .filter(|word| !word.is_empty())
            .collect();
        Some(words.join(" ")).filter(|text| !text.is_empty())
    }

    pub fn text_at(&self, path: &str) -> Option<String> {
        self.at(path).and_then(Self::text)
    }

    pub fn attribute(&self, name: &str) -> Option<&str> {
        let found = self.attributes.iter().find(|(known, _)| known == name);
        found.map(|(_, value)| value.trim()).filter(|value| !value.is_empty())
    }

    /// # Errors
    /// `directbank.element_missing`.
    pub fn needed(&self, path: &str) -> Result<&Element> {
        self.at(path).ok_or_else(|| missing(self.line, path))
    }

    /// # Errors
    /// `directbank.element_missing`.
    pub fn needed_text(&self, path: &str) -> Result<String> {
        self.text_at(path).ok_or_else(|| missing(self.line, path))
    }

    /// # Errors
    /// `directbank.element_missing`.
    pub fn needed_attribute(&self, name: &str) -> Result<&str> {
        self.attribute(name).ok_or_else(|| missing(self.line, name))
    }
}

fn missing(line: usize, field: &str) -> Fault {
    Fault::invalid("directbank.element_missing").arg("line", line).arg("field", field)
}

/// Reads a whole message.
///
/// # Errors
/// `directbank.too_large`, `.not_utf8`, `.doctype_refused`, `.too_deep`, `.xml_broken`.
pub fn read(bytes: &[u8]) -> Result<Element> {
    if bytes.len() > MOST_BYTES {
        return Err(Fault::invalid("directbank.too_large").arg("limit", MOST_BYTES >> 20));
    }
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let text = std::str::from_utf8(bytes).map_err(|error| {
        let line = bytes[..error.valid_up_to()].iter().filter(|byte| **byte == b'\n').count() + 1;
        Fault::invalid("directbank.not_utf8").arg("line", line)
    })?;
    Walker::over(text).whole()
}

struct Walker<'t> {
    reader: Reader<&'t [u8]>,
    text: &'t str,
    elements: usize,
    /// Lines counted so far and up to which byte, so that counting stays linear.
    line: usize,
    counted: usize,
}

impl<'t> Walker<'t> {
    fn over(text: &'t str) -> Self {
        let mut reader = Reader::from_str(text);
        reader.config_mut().expand_empty_elements = true;
        Self { reader, text, elements: 0, line: 1, counted: 0 }
    }

    fn whole(&mut self) -> Result<Element> {
        let mut open: Vec<Element> = Vec::new();
        let mut root = None;
        loop {
            let event = self.reader.read_event();
            match event {
                Ok(Event::DocType(_)) => return Err(self.fault("directbank.doctype_refused")),
                Ok(Event::Start(start) | Event::Empty(start)) => {
                    let second = open.is_empty() && root.is_some();
                    if second || open.len() >= DEEPEST || self.elements >= MOST_ELEMENTS {
                        return Err(self.fault("directbank.too_deep").arg("limit", DEEPEST));
                    }
                    let element = self.opened(&start)?;
                    open.push(element);
                }
                Ok(Event::End(_)) => {
                    let Some(done) = open.pop() else { return Err(self.fault("directbank.xml_broken")) };
                    match open.last_mut() {
                        Some(parent) => parent.children.push(done),
                        None => root = Some(done),
                    }
                }
                Ok(Event::Text(text)) => self.add(&mut open, &text)?,
                Ok(Event::CData(text)) => self.add(&mut open, &text)?,
                Ok(Event::GeneralRef(reference)) => {
                    let letters = self.resolve(&reference)?;
                    self.add(&mut open, &letters)?;
                }
                Ok(Event::Eof) => {
                    return match root {
                        Some(root) if open.is_empty() => Ok(root),
                        _ => Err(self.fault("directbank.xml_broken")),
                    };
                }
                Ok(Event::Comment(_) | Event::Decl(_) | Event::PI(_)) => {}
                Err(error) => return Err(self.fault("directbank.xml_broken").because(error)),
            }
        }
    }

    fn add(&mut self, open: &mut [Element], text: &str) -> Result<()> {
        match open.last_mut() {
            Some(element) => element.raw.push_str(text),
            None if text.trim().is_empty() => {}
            None => return Err(self.fault("directbank.xml_broken")),
        }
        Ok(())
    }

    fn opened(&mut self, start: &BytesStart) -> Result<Element> {
        self.elements += 1;
        let mut attributes = Vec::new();
        for attribute in start.attributes() {
            let attribute = attribute.map_err(|error| self.fault("directbank.xml_broken").because(error))?;
            let name = attribute.key.local_name().as_ref().to_owned();
            let value = quick_xml::escape::unescape(&attribute.value)
                .map_err(|error| self.fault("directbank.xml_broken").because(error))?
                .into_owned();
            attributes.push((name, value));
        }
        let name = start.local_name().as_ref().to_owned();
        Ok(Element { name, line: self.line(), attributes, ..Element::default() })
    }

    fn resolve(&mut self, reference: &BytesRef) -> Result<String> {
        let letter = reference.resolve_char_ref().ok().flatten().map(String::from);
        letter
            .or_else(|| resolve_xml_entity(reference).map(str::to_owned))
            .ok_or_else(|| self.fault("directbank.xml_broken"))
    }

    fn fault(&mut self, code: &'static str) -> Fault {
        Fault::invalid(code).arg("line", self.line())
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
