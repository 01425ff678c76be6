//! Letters by name. Shops write HTML into XML, and escape it twice.

/// Those of XML and the ones that editors of shops put into names.
const NAMED: &[(&str, &str)] = &[
    ("amp", "&"),
    ("lt", "<"),
    ("gt", ">"),
    ("quot", "\""),
    ("apos", "'"),
    ("nbsp", "\u{a0}"),
    ("laquo", "«"),
    ("raquo", "»"),
    ("ldquo", "“"),
    ("rdquo", "”"),
    ("bdquo", "„"),
    ("lsquo", "‘"),
    ("rsquo", "’"),
    ("ndash", "–"),
    ("mdash", "—"),
    ("minus", "−"),
    ("hellip", "…"),
    ("middot", "·"),
    ("bull", "•"),
    ("times", "×"),
    ("plusmn", "±"),
    ("deg", "°"),
    ("micro", "µ"),
    ("sup2", "²"),
    ("sup3", "³"),
    ("frac12", "½"),
    ("frac14", "¼"),
    ("copy", "©"),
    ("reg", "®"),
    ("trade", "™"),
    ("euro", "€"),
    ("pound", "£"),
    ("sect", "§"),
    ("shy", ""),
    ("thinsp", "\u{2009}"),
];

/// The longest name or number of a letter.
const LONGEST: usize = 10;

/// Writes the letter of a reference (`amp`, `#8470`, `#x2116`); one that nobody knows stays as it is written.
pub(crate) fn push(text: &mut String, reference: &str) {
    match letter(reference) {
        Some(letter) => text.push_str(&letter),
        None => {
            text.push('&');
            text.push_str(reference);
            text.push(';');
        }
    }
}

fn letter(reference: &str) -> Option<std::borrow::Cow<'static, str>> {
    let Some(number) = reference.strip_prefix('#') else {
        return NAMED.iter().find(|(name, _)| *name == reference).map(|(_, letters)| (*letters).into());
    };
    let code = match number.strip_prefix(['x', 'X']) {
        Some(digits) => u32::from_str_radix(digits, 16),
        None => number.parse(),
    };
    char::from_u32(code.ok()?).map(|letter| letter.to_string().into())
}

/// Replaces all references in a text, once.
pub(crate) fn resolve(text: &str) -> String {
    let mut resolved = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(start) = rest.find('&') {
        resolved.push_str(&rest[..start]);
        let after = &rest[start + 1..];
        let end = after.bytes().take(LONGEST).position(|byte| byte == b';');
        match end {
            Some(end) => {
                push(&mut resolved, &after[..end]);
                rest = &after[end + 1..];
            }
            None => {
                resolved.push('&');
                rest = after;
            }
        }
    }
    resolved.push_str(rest);
    resolved
}

/// A value in one line: what was escaped twice is plain, and no line end or control character is left.
pub(crate) fn plain(text: &str) -> String {
    let resolved;
    let text = if text.contains('&') {
        resolved = resolve(text);
        &resolved
    } else {
        text
    };
    let mut line = String::with_capacity(text.len());
    for word in text.split(|letter: char| letter.is_whitespace() || letter.is_control()) {
        if !word.is_empty() {
            if !line.is_empty() {
                line.push(' ');
            }
            line.push_str(word);
        }
    }
    line
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_shops_escape_becomes_plain() {
        for (given, read) in [
            ("Чай &amp; кофе", "Чай & кофе"),
            ("&quot;Маяк&quot;", "\"Маяк\""),
            ("A&nbsp;B", "A B"),
            ("№&#8470; &#x2116;", "№№ №"),
            ("R&D; &unknown; & alone", "R&D; &unknown; & alone"),
            ("  two\n lines\t", "two lines"),
            ("nul\u{0}l", "nul l"),
            ("&", "&"),
            ("&;", "&;"),
            ("&#0;x&#xD800;", "x&#xD800;"),
            ("&#99999999999;", "&#99999999999;"),
        ] {
            assert_eq!(plain(given), read, "{given}");
        }
    }
}
