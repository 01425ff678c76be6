//! JSON between the shape that programs send and the one that people read. Only the space between its
//! parts and the escapes in its texts change: numbers keep their digits, objects their order and even
//! their doubles.

use std::iter::Peekable;

use serde::de::IgnoredAny;

const INDENT: &str = "  ";
/// Deep nesting may not make a small body a huge page.
const LONGEST: usize = 256 * 1024;

/// Indented, letters in place of `\u0418`; none when it is no object or list of JSON.
pub(super) fn indented(text: &str) -> Option<String> {
    let begins = text.trim_start().starts_with(['{', '[']);
    if !begins || serde_json::from_str::<IgnoredAny>(text).is_err() {
        return None;
    }
    let mut written = String::with_capacity(text.len() * 2);
    let mut depth = 0_usize;
    let mut parts = Parts { rest: text }.peekable();
    while let Some(part) = parts.next() {
        match part {
            "{" | "[" if follows(&mut parts, &["}", "]"]) => written.push_str(part),
            "{" | "[" => {
                depth += 1;
                written.push_str(part);
                new_line(&mut written, depth);
            }
            "}" | "]" if written.ends_with(['{', '[']) => written.push_str(part),
            "}" | "]" => {
                depth = depth.saturating_sub(1);
                new_line(&mut written, depth);
                written.push_str(part);
            }
            "," => {
                written.push(',');
                new_line(&mut written, depth);
            }
            ":" => written.push_str(": "),
            other => written.push_str(&readable(other)),
        }
        if written.len() > LONGEST {
            return None;
        }
    }
    Some(written)
}

/// Without the space between its parts, as programs send it.
///
/// # Errors
/// Line and column of what is wrong.
pub(super) fn joined(text: &str) -> Result<String, (usize, usize)> {
    serde_json::from_str::<IgnoredAny>(text).map_err(|error| (error.line(), error.column()))?;
    Ok(Parts { rest: text }.collect())
}

fn follows<'t>(parts: &mut Peekable<Parts<'t>>, wanted: &[&str]) -> bool {
    parts.peek().is_some_and(|part| wanted.contains(part))
}

fn new_line(written: &mut String, depth: usize) {
    written.push('\n');
    for _ in 0..depth {
        written.push_str(INDENT);
    }
}

/// A text with letters for escapes; what would not read back as the same stays as it was.
fn readable(part: &str) -> String {
    if !part.starts_with('"') || !part.contains('\\') {
        return part.to_owned();
    }
    let plain = serde_json::from_str::<String>(part).ok().and_then(|text| serde_json::to_string(&text).ok());
    plain.unwrap_or_else(|| part.to_owned())
}

/// Signs, texts with their quotes, and words, without the space between them. Of valid JSON only.
struct Parts<'t> {
    rest: &'t str,
}

impl<'t> Iterator for Parts<'t> {
    type Item = &'t str;

    fn next(&mut self) -> Option<&'t str> {
        self.rest = self.rest.trim_start();
        let first = self.rest.chars().next()?;
        let length = match first {
            '{' | '}' | '[' | ']' | ',' | ':' => 1,
            '"' => length_of_text(self.rest),
            _ => self
                .rest
                .find(|letter: char| letter.is_whitespace() || "{}[],:\"".contains(letter))
                .unwrap_or(self.rest.len()),
        };
        let (part, rest) = self.rest.split_at_checked(length)?;
        self.rest = rest;
        Some(part)
    }
}

/// With both quotes.
fn length_of_text(text: &str) -> usize {
    let mut escaped = false;
    for (place, letter) in text.char_indices().skip(1) {
        match letter {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            '"' => return place + 1,
            _ => {}
        }
    }
    text.len()
}
