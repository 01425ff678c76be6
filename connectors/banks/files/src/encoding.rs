//! Which characters the bytes are. The label inside a 1C file is not believed: banks write
//! `Windows` over UTF-8. The encoding that makes most known keys wins; a file in which hardly any
//! key can be read is damaged and refused whole.

use std::borrow::Cow;

use encoding_rs::{Encoding, IBM866, UTF_8, UTF_16BE, UTF_16LE, WINDOWS_1251};
use takt_kernel::{Fault, Result};

use crate::{
    line,
    one_c::keys::{self, Rows},
};

/// Fewer keys than this and it is not this encoding, or not a statement.
const FEWEST_KEYS: usize = 3;
const OPENING: usize = 256;

/// The first visible characters of a file, enough to tell its format.
pub(crate) fn opening(bytes: &[u8]) -> String {
    let (encoding, skip) = Encoding::for_bom(bytes).unwrap_or((WINDOWS_1251, 0));
    let mut rest = bytes.get(skip..).unwrap_or_default();
    while rest.first().is_some_and(|byte| byte.is_ascii_whitespace()) {
        rest = &rest[1..];
    }
    let head = &rest[..rest.len().min(OPENING)];
    let (text, _) = encoding.decode_without_bom_handling(head);
    text.trim_start_matches(|letter: char| letter.is_whitespace() || matches!(letter, '\0' | '\u{feff}'))
        .to_owned()
}

/// The text of a 1CClientBankExchange file.
///
/// # Errors
/// `bank_files.damaged_encoding`
pub(crate) fn of_one_c(bytes: &[u8]) -> Result<Cow<'_, str>> {
    let candidates = match Encoding::for_bom(bytes) {
        Some(marked) => vec![marked],
        None => [UTF_8, WINDOWS_1251, IBM866].map(|encoding| (encoding, 0)).to_vec(),
    };
    let mut best: Option<(Rows, Cow<'_, str>)> = None;
    for (encoding, skip) in candidates {
        let Some(text) = strictly(encoding, &bytes[skip..]) else { continue };
        let rows = keys::count(&text);
        if rows.known > best.as_ref().map_or(0, |(best, _)| best.known) {
            best = Some((rows, text));
        }
        // A row has a key in one encoding at most, so that no other can have more.
        if rows.known * 2 >= rows.all {
            break;
        }
    }
    match best {
        Some((rows, text)) if rows.known >= FEWEST_KEYS && !rows.damaged => Ok(text),
        best => Err(damaged(line_of_damage(best.as_ref().map(|(_, text)| &**text), bytes))),
    }
}

/// The text of an XML file: by byte order mark, as UTF-8 where it can be read so, else by its declaration.
/// Programs declare `utf-16` or their own page over UTF-8; letters of a page make no UTF-8 by chance.
///
/// # Errors
/// `bank_files.damaged_encoding`
pub(crate) fn of_xml(bytes: &[u8]) -> Result<Cow<'_, str>> {
    let (encoding, skip) = match (Encoding::for_bom(bytes), bytes) {
        (Some(found), _) => found,
        (None, [b'<', 0, ..]) => (UTF_16LE, 0),
        (None, [0, b'<', ..]) => (UTF_16BE, 0),
        (None, _) if std::str::from_utf8(bytes).is_ok() => (UTF_8, 0),
        (None, _) => (declared(bytes).unwrap_or(UTF_8), 0),
    };
    strictly(encoding, &bytes[skip..]).ok_or_else(|| damaged(line_of_damage(None, bytes)))
}

fn declared(bytes: &[u8]) -> Option<&'static Encoding> {
    let head = opening(bytes);
    let declaration = head.strip_prefix("<?xml")?.split_once("?>")?.0;
    let value = declaration.split_once("encoding")?.1.trim_start().strip_prefix('=')?.trim_start();
    let quote = value.chars().next().filter(|quote| matches!(quote, '"' | '\''))?;
    Encoding::for_label(value[1..].split(quote).next()?.as_bytes())
}

fn strictly<'b>(encoding: &'static Encoding, bytes: &'b [u8]) -> Option<Cow<'b, str>> {
    encoding.decode_without_bom_handling_and_without_replacement(bytes)
}

/// The first line with a damaged key, else that of the first byte which is no UTF-8, else the first that is not
/// plain: there somebody has to look.
fn line_of_damage(text: Option<&str>, bytes: &[u8]) -> usize {
    let damaged = text.and_then(|text| {
        line::lines(text).position(|row| {
            row.split_once('=').is_some_and(|(key, _)| key.contains(char::REPLACEMENT_CHARACTER))
        })
    });
    let no_utf8 = || std::str::from_utf8(bytes).err().map(|error| line_ends(&bytes[..error.valid_up_to()]));
    let not_plain = || bytes.iter().position(|byte| !byte.is_ascii()).map(|at| line_ends(&bytes[..at]));
    damaged.or_else(no_utf8).or_else(not_plain).map_or(1, |before| before + 1)
}

/// How many lines end here, as [`line::lines`] ends them.
fn line_ends(bytes: &[u8]) -> usize {
    let behind = bytes.iter().skip(1).copied().chain([0]);
    let ends = |(byte, next): &(&u8, u8)| **byte == b'\n' || (**byte == b'\r' && *next != b'\n');
    bytes.iter().zip(behind).filter(ends).count()
}

fn damaged(line: usize) -> Fault {
    Fault::invalid("bank_files.damaged_encoding").arg("line", line)
}
