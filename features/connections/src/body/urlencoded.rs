//! The fields of an urlencoded body and where each value stands in it.

use std::borrow::Cow;

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_decode, utf8_percent_encode};

use super::Found;

const MOST_FIELDS: usize = 200;
/// As browsers and PHP write forms: only these stay as they are, a space becomes a plus.
const KEPT: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b' ');

pub(super) fn fields(body: &[u8]) -> Vec<Found<'_>> {
    let mut found = Vec::new();
    let mut at = 0;
    for pair in body.splitn(MOST_FIELDS, |byte| *byte == b'&') {
        let equals = pair.iter().position(|byte| *byte == b'=');
        // A name without a value has nothing that could be mended.
        if let Some(equals) = equals {
            let (name, value) = pair.split_at(equals);
            let value = value.get(1..).unwrap_or_default();
            found.push(Found {
                name: String::from_utf8_lossy(&decoded(name)).into_owned(),
                value: decoded(value),
                place: at + equals + 1..at + pair.len(),
            });
        }
        at += pair.len() + 1;
    }
    found
}

fn decoded(bytes: &[u8]) -> Cow<'_, [u8]> {
    let spaced: Vec<u8> = bytes.iter().map(|byte| if *byte == b'+' { b' ' } else { *byte }).collect();
    Cow::Owned(percent_decode(&spaced).collect())
}

pub(super) fn encoded(text: &str) -> String {
    utf8_percent_encode(text, KEPT).to_string().replace(' ', "+")
}
