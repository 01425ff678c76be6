//! A stored body in the hands of a person: its fields to be read and mended, and the body put together
//! again from them. What nobody touched keeps its very bytes.

mod json;
mod multipart;
mod urlencoded;

use std::{borrow::Cow, ops::Range};

use takt_kernel::{Fault, FieldFault, Result};

/// Larger bodies can be downloaded and applied as they are, not mended on a page.
const LARGEST_MENDED: usize = 128 * 1024;
/// What a form may send back, decoded.
const LONGEST_TEXT: usize = 256 * 1024;

/// One field of a body.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Field {
    /// Empty when the whole body is one.
    pub name: String,
    /// As people read it: decoded, JSON indented. None when it is no text.
    pub text: Option<String>,
    /// Bytes, decoded.
    pub size: usize,
    is_json: bool,
    lines_end_with_return: bool,
    /// Where it stands in the body.
    place: Range<usize>,
}

/// A body as far as it can be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Readable {
    form: Form,
    pub fields: Vec<Field>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Form {
    Multipart { boundary: String },
    UrlEncoded,
    Whole,
}

/// A field as it lies in the body, found by its form.
struct Found<'b> {
    name: String,
    value: Cow<'b, [u8]>,
    place: Range<usize>,
}

impl Readable {
    /// None when it is no text or too large to be mended on a page.
    pub fn of(media: &str, body: &[u8]) -> Option<Self> {
        if body.is_empty() || body.len() > LARGEST_MENDED {
            return None;
        }
        let essence = media.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
        let read = match essence.as_str() {
            "multipart/form-data" => multipart::boundary(media).and_then(|boundary| {
                Some((multipart::fields(&boundary, body)?, Form::Multipart { boundary }))
            }),
            "application/x-www-form-urlencoded" => Some((urlencoded::fields(body), Form::UrlEncoded)),
            _ => None,
        };
        let whole = || vec![Found { name: String::new(), value: Cow::Borrowed(body), place: 0..body.len() }];
        let (found, form) = read.unwrap_or_else(|| (whole(), Form::Whole));
        let fields: Vec<Field> = found.into_iter().map(Field::of).collect();
        let shown: usize = fields.iter().filter_map(|field| field.text.as_ref()).map(String::len).sum();
        let readable = fields.iter().any(|field| field.text.is_some()) && shown <= LONGEST_TEXT;
        readable.then_some(Self { form, fields })
    }

    /// The body with these texts in place of those that were shown, by the place of their field.
    ///
    /// # Errors
    /// `connections.json_broken`, `connections.text_too_long`, `connections.boundary_inside`,
    /// `connections.fields_changed`.
    pub fn mended(&self, body: &[u8], typed: &[(usize, String)]) -> Result<Vec<u8>> {
        let mut changes: Vec<(&Range<usize>, Vec<u8>)> = Vec::new();
        let mut faults = Vec::new();
        for (index, text) in typed {
            let shown = self.fields.get(*index).and_then(|field| Some((field, field.text.as_deref()?)));
            let Some((field, shown)) = shown else {
                return Err(Fault::conflict("connections.fields_changed"));
            };
            let text = text.replace("\r\n", "\n");
            if text == shown.replace("\r\n", "\n") {
                continue;
            }
            match self.encoded(field, &text) {
                Ok(value) => changes.push((&field.place, value)),
                Err((code, args)) => {
                    faults.push(FieldFault { path: format!("value-{index}"), code: code.into(), args });
                }
            }
        }
        if !faults.is_empty() {
            return Err(Fault::from_fields(faults));
        }
        changes.sort_by_key(|(place, _)| place.start);
        Ok(spliced(body, &changes))
    }

    fn encoded(&self, field: &Field, text: &str) -> Result<Vec<u8>, Wrong> {
        if text.len() > LONGEST_TEXT {
            return Err(("connections.text_too_long", Vec::new()));
        }
        let text = if field.is_json {
            json::joined(text).map_err(|(line, column)| {
                let args = vec![("line".into(), line.to_string()), ("column".into(), column.to_string())];
                ("connections.json_broken", args)
            })?
        } else if field.lines_end_with_return {
            text.replace('\n', "\r\n")
        } else {
            text.to_owned()
        };
        match &self.form {
            Form::Multipart { boundary } if text.contains(&format!("--{boundary}")) => {
                Err(("connections.boundary_inside", Vec::new()))
            }
            Form::Multipart { .. } | Form::Whole => Ok(text.into_bytes()),
            Form::UrlEncoded => Ok(urlencoded::encoded(&text).into_bytes()),
        }
    }
}

type Wrong = (&'static str, Vec<(Cow<'static, str>, String)>);

impl Field {
    fn of(found: Found<'_>) -> Self {
        let Found { name, value, place } = found;
        let plain = text(&value);
        let pretty = plain.and_then(json::indented);
        Self {
            is_json: pretty.is_some(),
            lines_end_with_return: plain.is_some_and(|text| text.contains("\r\n")),
            text: pretty.or_else(|| plain.map(str::to_owned)),
            size: value.len(),
            name,
            place,
        }
    }
}

fn spliced(body: &[u8], changes: &[(&Range<usize>, Vec<u8>)]) -> Vec<u8> {
    let mut written = Vec::with_capacity(body.len());
    let mut from = 0;
    for (place, value) in changes {
        written.extend_from_slice(body.get(from..place.start).unwrap_or_default());
        written.extend_from_slice(value);
        from = place.end;
    }
    written.extend_from_slice(body.get(from..).unwrap_or_default());
    written
}

/// The bytes as text, when a page can show them as such.
pub(crate) fn text(bytes: &[u8]) -> Option<&str> {
    let text = std::str::from_utf8(bytes).ok()?;
    let plain = |letter: char| !letter.is_control() || matches!(letter, '\n' | '\r' | '\t');
    text.chars().all(plain).then_some(text)
}

/// The beginning of what is no text, sixteen bytes a line.
pub(crate) fn hex(bytes: &[u8], most: usize) -> String {
    let mut written = String::new();
    for (line, chunk) in bytes.get(..most.min(bytes.len())).unwrap_or_default().chunks(16).enumerate() {
        let digits: Vec<String> = chunk.iter().map(|byte| format!("{byte:02x}")).collect();
        let letters: String = chunk
            .iter()
            .map(|byte| if byte.is_ascii_graphic() || *byte == b' ' { char::from(*byte) } else { '·' })
            .collect();
        written.push_str(&format!("{:06x}  {:<47}  {letters}\n", line * 16, digits.join(" ")));
    }
    written
}

#[cfg(test)]
mod tests;
