//! The parts of a multipart body and where each value stands in it.

use std::{borrow::Cow, ops::Range};

use super::Found;

const MOST_PARTS: usize = 200;

/// The boundary that a media type names.
pub(super) fn boundary(media: &str) -> Option<String> {
    let named = media.split(';').skip(1).find_map(|parameter| {
        let (name, value) = parameter.split_once('=')?;
        name.trim().eq_ignore_ascii_case("boundary").then(|| value.trim().trim_matches('"').to_owned())
    })?;
    (!named.is_empty() && named.len() <= 200).then_some(named)
}

/// None when the parts do not stand as the boundary says.
pub(super) fn fields<'b>(boundary: &str, body: &'b [u8]) -> Option<Vec<Found<'b>>> {
    let delimiter = format!("--{boundary}").into_bytes();
    let between = [b"\r\n", delimiter.as_slice()].concat();
    let mut at =
        if body.starts_with(&delimiter) { delimiter.len() } else { find(body, &between, 0)? + between.len() };
    let mut found = Vec::new();
    loop {
        if body.get(at..)?.starts_with(b"--") {
            return Some(found);
        }
        let part = find(body, b"\r\n", at)? + 2;
        let ends = find(body, &between, part.checked_sub(2)?)?;
        let (head, value) = split(body, part, ends)?;
        let name = name_of(body.get(head)?)?;
        found.push(Found { name, value: Cow::Borrowed(body.get(value.clone())?), place: value });
        if found.len() > MOST_PARTS {
            return None;
        }
        at = ends + between.len();
    }
}

/// The lines that describe a part, and what it holds.
fn split(body: &[u8], part: usize, ends: usize) -> Option<(Range<usize>, Range<usize>)> {
    let head = find(body, b"\r\n\r\n", part).filter(|head| head + 4 <= ends)?;
    Some((part..head, head + 4..ends))
}

fn name_of(head: &[u8]) -> Option<String> {
    let head = std::str::from_utf8(head).ok()?;
    let line = head.lines().find(|line| line.to_ascii_lowercase().starts_with("content-disposition:"))?;
    line.split(';').skip(1).find_map(|parameter| {
        let value = parameter.trim().strip_prefix("name=")?;
        Some(value.trim_matches('"').replace("%22", "\""))
    })
}

fn find(body: &[u8], wanted: &[u8], from: usize) -> Option<usize> {
    let place = body.get(from..)?.windows(wanted.len()).position(|window| window == wanted)?;
    Some(from + place)
}
