//! Dates as banks write them, to ISO.

/// Reads `31.12.2026`, `31-12-2026`, `1.2.26`, `2026-12-31`, each also with a time or zone behind it. Junk, dates
/// that do not exist and the empty date of 1C (`01.01.0001`) are `None`.
pub(crate) fn read(text: &str) -> Option<String> {
    let text = text.trim();
    let iso = text.len() >= 10 && text.is_char_boundary(10) && text.as_bytes().get(4) == Some(&b'-');
    if iso {
        let behind = text[10..].chars().next();
        if behind.is_some_and(|letter| letter.is_ascii_digit()) {
            return None;
        }
        let mut parts = text[..10].split('-');
        return date(parts.next()?, parts.next()?, parts.next()?);
    }
    let whole = text.split([' ', 'T']).next()?;
    let mut parts = whole.split(['.', '/', '-']);
    let (day, month, year) = (parts.next()?, parts.next()?, parts.next()?);
    if parts.next().is_some() {
        return None;
    }
    match year.len() {
        // `26-12-31` has two meanings.
        2 if whole.contains('-') => None,
        2 => date(&format!("20{year}"), month, day),
        _ => date(year, month, day),
    }
}

/// What 1C writes for no date at all: nothing, zeros, the first day of all.
pub(crate) fn is_empty(text: &str) -> bool {
    let digits: String = text.chars().filter(char::is_ascii_digit).collect();
    let said = text.chars().any(char::is_alphabetic);
    !said && (digits.chars().all(|digit| digit == '0') || digits.starts_with("01010001"))
}

/// A moment with its offset, as it stands; `None` when it has no offset or does not exist.
pub(crate) fn moment(text: &str) -> Option<String> {
    let text = text.trim();
    text.parse::<jiff::Timestamp>().ok().map(|_| text.to_owned())
}

fn date(year: &str, month: &str, day: &str) -> Option<String> {
    let digits = |text: &str, most: usize| {
        (!text.is_empty() && text.len() <= most && text.bytes().all(|byte| byte.is_ascii_digit()))
            .then(|| text.parse::<i16>().ok())
            .flatten()
    };
    let (year, month, day) = (digits(year, 4)?, digits(month, 2)?, digits(day, 2)?);
    if !(1900..2200).contains(&year) {
        return None;
    }
    let (month, day) = (i8::try_from(month).ok()?, i8::try_from(day).ok()?);
    jiff::civil::Date::new(year, month, day).ok().map(|date| date.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_are_read_or_declined() {
        for (given, expected) in [
            ("31.12.2026", Some("2026-12-31")),
            (" 1.2.26 ", Some("2026-02-01")),
            ("31-12-2026", Some("2026-12-31")),
            ("26-12-31", None),
            ("2026-1-2", None),
            ("1-2-2026 10:00", Some("2026-02-01")),
            ("2014-12-31", Some("2014-12-31")),
            ("2014-12-31+01:00", Some("2014-12-31")),
            ("2014-12-31T13:15:00+01:00", Some("2014-12-31")),
            ("23.08.2018 00:00:00", Some("2018-08-23")),
            ("23.08.201819202122", None),
            ("2014-12-311", None),
            ("31.02.2026", None),
            ("01.01.0001", None),
            ("0", None),
            ("", None),
            ("..", None),
            ("я.я.я", None),
        ] {
            assert_eq!(read(given).as_deref(), expected, "{given:?}");
        }
    }
}
