//! A mail as it arrived, read far enough for these tests.

/// One header, unfolded and with its encoded words still in it.
pub fn header(mail: &str, name: &str) -> String {
    let head = mail.split("\n\n").next().unwrap_or_default().replace("\n\t", " ").replace("\n ", " ");
    let wanted = format!("{}: ", name.to_lowercase());
    let found: Vec<&str> = head.lines().filter(|line| line.to_lowercase().starts_with(&wanted)).collect();
    assert_eq!(found.len(), 1, "{name} stands once in:\n{head}");
    found[0][wanted.len()..].to_owned()
}

/// A header with its encoded words decoded.
pub fn words(header: &str) -> String {
    let mut text = String::new();
    for word in header.split(' ') {
        match word.strip_prefix("=?utf-8?b?").and_then(|rest| rest.strip_suffix("?=")) {
            Some(encoded) => text.push_str(&String::from_utf8(base64(encoded)).expect("utf-8")),
            None => {
                if !text.is_empty() {
                    text.push(' ');
                }
                text.push_str(word);
            }
        }
    }
    text
}

/// The plain text and the HTML, decoded.
pub fn parts(mail: &str) -> (String, String) {
    (part(mail, "text/plain"), part(mail, "text/html"))
}

fn part(mail: &str, kind: &str) -> String {
    let start = mail.find(&format!("Content-Type: {kind}")).expect("the part");
    let (head, rest) = mail[start..].split_once("\n\n").expect("its head");
    let body = rest.split("\n--takt-").next().unwrap_or_default();
    match head.lines().find_map(|line| line.strip_prefix("Content-Transfer-Encoding: ")) {
        Some("base64") => String::from_utf8(base64(body)).expect("utf-8").replace("\r\n", "\n"),
        Some("quoted-printable") => quoted(body),
        _ => body.to_owned(),
    }
}

fn quoted(text: &str) -> String {
    let text = text.replace("=\n", "");
    let mut bytes = Vec::new();
    let mut rest = text.as_bytes();
    while let Some((first, after)) = rest.split_first() {
        let escaped = std::str::from_utf8(after.get(..2).unwrap_or_default()).unwrap_or_default();
        match u8::from_str_radix(escaped, 16) {
            Ok(byte) if *first == b'=' => {
                bytes.push(byte);
                rest = &after[2..];
            }
            _ => {
                bytes.push(*first);
                rest = after;
            }
        }
    }
    String::from_utf8(bytes).expect("utf-8")
}

fn base64(text: &str) -> Vec<u8> {
    const SIGNS: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let (mut bytes, mut bits, mut held) = (Vec::new(), 0_u32, 0_u32);
    for value in text.bytes().filter_map(|sign| SIGNS.iter().position(|known| *known == sign)) {
        held = held << 6 | u32::try_from(value).unwrap_or_default();
        bits += 6;
        if bits >= 8 {
            bits -= 8;
            bytes.push(u8::try_from(held >> bits & 0xff).unwrap_or_default());
        }
    }
    bytes
}
