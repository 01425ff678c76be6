use phonenumber::{
    Metadata,
    metadata::{DATABASE, Descriptor},
};
use regex::RegexBuilder;

/// Fewer digits than this are a house number or a price, not a telephone.
const FEWEST_DIGITS: usize = 7;
const EXTENSION_MARKS: [&str; 8] = ["доб", "доп", "внутр", "вн", "extension", "ext", "x", "#"];
const LONGEST_EXTENSION: usize = 8;
/// As RFC 3966 joins a number and its extension.
const EXTENSION: &str = ";ext=";

/// A telephone number as a person gave it, and what it means.
///
/// Never refused: when no valid number is found in the text, `e164` is empty and the text is kept
/// as given, so that a person can still read and dial it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Phone {
    e164: Option<String>,
    extension: Option<String>,
    original: String,
}

impl Phone {
    /// Reads the first valid number in a text; numbers without a country are of `default_region`
    /// (ISO 3166, `RU`; an unknown region counts as none). `None` for an empty text.
    pub fn parse(text: &str, default_region: &str) -> Option<Self> {
        let original = text.trim();
        if original.is_empty() {
            return None;
        }
        let region = DATABASE.by_id(default_region);
        let found = Candidates::new(original)
            .find_map(|candidate| number(&candidate.digits, region).map(|e164| (e164, candidate.extension)));
        let (e164, extension) = found.unzip();
        Some(Self { e164, extension: extension.flatten(), original: original.to_owned() })
    }

    /// A phone that was read before and stored as its identity and the text as given.
    pub fn kept(identity: Option<&str>, original: &str) -> Self {
        let (e164, extension) = match identity.map(|identity| identity.split_once(EXTENSION)) {
            Some(Some((e164, extension))) => (Some(e164.to_owned()), Some(extension.to_owned())),
            Some(None) => (identity.map(str::to_owned), None),
            None => (None, None),
        };
        Self { e164, extension, original: original.to_owned() }
    }

    /// `+79123456789`, when the text held a valid number.
    pub fn e164(&self) -> Option<&str> {
        self.e164.as_deref()
    }

    pub fn extension(&self) -> Option<&str> {
        self.extension.as_deref()
    }

    /// The text as it was given, trimmed.
    pub fn original(&self) -> &str {
        &self.original
    }

    /// What people are recognised by. Two persons behind one switchboard differ by extension.
    pub fn identity(&self) -> Option<String> {
        let e164 = self.e164.as_deref()?;
        Some(match &self.extension {
            Some(extension) => format!("{e164}{EXTENSION}{extension}"),
            None => e164.to_owned(),
        })
    }

    /// The number grouped as its country writes it, or the text as given.
    pub fn shown(&self) -> String {
        self.identity().map_or_else(|| self.original.clone(), |identity| shown(&identity))
    }
}

/// An identity such as `+74951234567;ext=12`, grouped for people: `+7 495 123-45-67 #12`.
pub fn shown(identity: &str) -> String {
    let (e164, extension) = identity.split_once(EXTENSION).unwrap_or((identity, ""));
    let grouped = grouped(e164).unwrap_or_else(|| e164.to_owned());
    if extension.is_empty() { grouped } else { format!("{grouped} #{extension}") }
}

/// The number in E.164. Only the library's data decides what is valid: its parser takes a national
/// prefix off even where there is none, so that +7 812 … loses the 8 of its area.
fn number(digits: &str, region: Option<&Metadata>) -> Option<String> {
    if let Some(international) = digits.strip_prefix('+') {
        // «+8 912 …»: the national prefix written where the country belongs.
        return valid(international).or_else(|| national(international, region));
    }
    national(digits, region).or_else(|| abroad(digits, region)).or_else(|| plus_lost(digits, region))
}

/// A whole international number whose plus was lost on the way: 375291234567.
fn plus_lost(digits: &str, region: Option<&Metadata>) -> Option<String> {
    let prefix = region.and_then(Metadata::national_prefix).unwrap_or("0");
    if digits.len() > 10 && !digits.starts_with(prefix) { valid(digits) } else { None }
}

fn national(digits: &str, region: Option<&Metadata>) -> Option<String> {
    let region = region?;
    let code = region.country_code();
    let bare = region.national_prefix().and_then(|prefix| digits.strip_prefix(prefix));
    bare.into_iter().chain([digits]).find_map(|national| valid(&format!("{code}{national}")))
}

/// A number dialled out of the region: 8 10 375 29 …, 00 49 30 …
fn abroad(digits: &str, region: Option<&Metadata>) -> Option<String> {
    let prefix = region?.international_prefix()?.find(digits).filter(|found| found.start() == 0)?;
    valid(&digits[prefix.end()..])
}

fn valid(international: &str) -> Option<String> {
    place(international).map(|_| format!("+{international}"))
}

/// The country whose numbering plan has this number, and the number within it.
fn place(international: &str) -> Option<(&'static Metadata, &str)> {
    // No country's code begins with 0; as a number 049 would be Germany's 49.
    if international.starts_with('0') {
        return None;
    }
    (1..=3.min(international.len())).find_map(|length| {
        let (code, national) = international.split_at(length);
        let countries = DATABASE.by_code(&code.parse::<u16>().ok()?)?;
        countries.into_iter().find(|country| belongs(country, national)).map(|country| (country, national))
    })
}

fn belongs(country: &Metadata, national: &str) -> bool {
    let plan = country.descriptors();
    let kinds = [
        plan.mobile(),
        plan.fixed_line(),
        plan.toll_free(),
        plan.voip(),
        plan.shared_cost(),
        plan.premium_rate(),
        plan.personal_number(),
        plan.uan(),
        plan.pager(),
        plan.voicemail(),
    ];
    whole(plan.general(), national) && kinds.into_iter().flatten().any(|kind| whole(kind, national))
}

fn whole(descriptor: &Descriptor, national: &str) -> bool {
    let pattern = descriptor.national_number();
    descriptor.is_match(national)
        && pattern
            .find(national)
            .is_some_and(|found| found.end() == national.len() || to_the_end(pattern.as_str(), national))
}

/// What is found first may be a shorter alternative: Korea's `10…` begins with one of eleven digits and one
/// of ten. So few numbers come here that the pattern is not kept; without the digits of all alphabets it is
/// cheap to make.
fn to_the_end(pattern: &str, national: &str) -> bool {
    let anchored = format!("^(?:{pattern})$");
    let anchored = RegexBuilder::new(&anchored).ignore_whitespace(true).unicode(false).build();
    anchored.is_ok_and(|anchored| anchored.is_match(national))
}

fn grouped(e164: &str) -> Option<String> {
    let (country, national) = place(e164.strip_prefix('+')?)?;
    let formats = match country.international_formats() {
        [] => country.formats(),
        formats => formats,
    };
    let format = formats.iter().find(|format| {
        let leading = format.leading_digits().last();
        leading.is_none_or(|leading| leading.find(national).is_some_and(|found| found.start() == 0))
            && format.pattern().find(national).is_some_and(|found| found.as_str() == national)
    })?;
    Some(format!("+{} {}", country.country_code(), format.pattern().replace(national, format.format())))
}

struct Candidate {
    digits: String,
    extension: Option<String>,
}

/// The runs of a text that may be telephone numbers, in order.
struct Candidates<'t> {
    rest: &'t str,
}

impl<'t> Candidates<'t> {
    fn new(text: &'t str) -> Self {
        Self { rest: text }
    }
}

impl Iterator for Candidates<'_> {
    type Item = Candidate;

    fn next(&mut self) -> Option<Candidate> {
        loop {
            let start =
                self.rest.find(|letter: char| letter == '+' || letter == '＋' || digit(letter).is_some())?;
            self.rest = &self.rest[start..];
            let mut digits = String::new();
            let mut end = self.rest.len();
            for (at, letter) in self.rest.char_indices() {
                match digit(letter) {
                    Some(figure) => digits.push(figure),
                    None if at == 0 => digits.push('+'),
                    None if between_digits(letter) => {}
                    None => {
                        end = at;
                        break;
                    }
                }
            }
            self.rest = &self.rest[end..];
            if digits.len() >= FEWEST_DIGITS {
                return Some(Candidate { extension: extension_at(self.rest), digits });
            }
        }
    }
}

fn digit(letter: char) -> Option<char> {
    match letter {
        '0'..='9' => Some(letter),
        '０'..='９' => char::from_digit(u32::from(letter) - u32::from('０'), 10),
        _ => None,
    }
}

fn between_digits(letter: char) -> bool {
    letter.is_whitespace() && letter != '\n'
        || matches!(letter, '(' | ')' | '-' | '.' | '\u{2010}'..='\u{2015}' | '\u{2212}' | '\u{200b}' | '\u{200e}'..='\u{200f}')
}

/// The extension when the text goes on with one: `доб. 12`, `ext 12`, `#12`.
fn extension_at(text: &str) -> Option<String> {
    let folded = takt_kernel::fold(text.trim_start_matches([',', ';']));
    let after = EXTENSION_MARKS.iter().find_map(|mark| folded.strip_prefix(mark))?;
    let after = after.trim_start_matches(['.', ':', '№', ' ', '=']);
    let figures: String = after.chars().take_while(char::is_ascii_digit).collect();
    (1..=LONGEST_EXTENSION).contains(&figures.len()).then_some(figures)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_read_as_people_write_them() {
        for (region, given, e164, extension) in [
            ("RU", "8 (912) 345-67-89", "+79123456789", None),
            ("RU", "+7 912 345 67 89", "+79123456789", None),
            ("RU", "89123456789", "+79123456789", None),
            ("RU", "79123456789", "+79123456789", None),
            ("RU", "912 345-67-89", "+79123456789", None),
            ("RU", "+8 912 345 67 89", "+79123456789", None),
            ("RU", " 8\u{a0}(912)\u{a0}345–67–89 ", "+79123456789", None),
            ("RU", "８９１２３４５６７８９", "+79123456789", None),
            ("RU", "тел. 8-912-345-67-89, спросить Олю", "+79123456789", None),
            ("RU", "8 912 345 67 89 / 8 913 345 67 89", "+79123456789", None),
            ("RU", "12, 8 912 345 67 89", "+79123456789", None),
            ("RU", "8 (800) 555-35-35", "+78005553535", None),
            ("RU", "8 (812) 312-34-56", "+78123123456", None),
            ("RU", "812 312-34-56", "+78123123456", None),
            ("RU", "+7 812 312-34-56", "+78123123456", None),
            ("RU", "78123123456", "+78123123456", None),
            ("RU", "8 (843) 236-12-34", "+78432361234", None),
            ("RU", "8 10 375 29 123-45-67", "+375291234567", None),
            ("RU", "8 (495) 123-45-67 доб. 123", "+74951234567", Some("123")),
            ("RU", "8 (495) 123-45-67, доб 12", "+74951234567", Some("12")),
            ("RU", "8 (495) 123-45-67 ext.7", "+74951234567", Some("7")),
            ("RU", "8 (495) 123-45-67#7", "+74951234567", Some("7")),
            ("RU", "+375 29 123-45-67", "+375291234567", None),
            ("RU", "375291234567", "+375291234567", None),
            ("RU", "8 701 234 56 78", "+77012345678", None),
            ("RU", "+44 20 7946 0958", "+442079460958", None),
            ("GB", "020 7946 0958", "+442079460958", None),
            ("DE", "030 901820", "+4930901820", None),
            ("DE", "0049 30 901820", "+4930901820", None),
            ("KZ", "8 701 234 56 78", "+77012345678", None),
            ("KR", "010-2000-0000", "+821020000000", None),
            ("RU", "+007 912 345 67 89 / 8 913 345 67 89", "+79133456789", None),
        ] {
            let phone = Phone::parse(given, region).expect(given);
            assert_eq!(phone.e164(), Some(e164), "{given}");
            assert_eq!(phone.extension(), extension, "{given}");
            assert_eq!(phone.original(), given.trim(), "{given}");
        }
    }

    #[test]
    fn what_is_no_number_stays_as_given() {
        for given in [
            "нет",
            "12-34",
            "8 912 345",
            "+7",
            "+",
            "000000000000",
            "1234567890123456789",
            "#",
            "8(000)0000000",
            "x",
            ";phone-context=+",
            "+049 30 190049 30190",
        ] {
            let phone = Phone::parse(given, "RU").expect(given);
            assert_eq!((phone.e164(), phone.original()), (None, given), "{given}");
            assert_eq!(phone.shown(), given);
        }
        assert_eq!(Phone::parse("  ", "RU"), None);
    }

    #[test]
    fn a_number_is_shown_grouped_with_its_extension() {
        let phone = Phone::parse("84951234567 доб 12", "RU").expect("a number");
        assert_eq!(phone.identity().as_deref(), Some("+74951234567;ext=12"));
        assert_eq!(phone.shown(), "+7 495 123-45-67 #12");
        assert_eq!(Phone::kept(phone.identity().as_deref(), phone.original()), phone);
        for (e164, expected) in [
            ("+78123123456", "+7 812 312-34-56"),
            ("+79123456789", "+7 912 345-67-89"),
            ("+375291234567", "+375 29 123-45-67"),
            ("+442079460958", "+44 20 7946 0958"),
            ("+00", "+00"),
        ] {
            assert_eq!(shown(e164), expected);
        }
    }

    #[test]
    fn a_region_nobody_knows_leaves_international_numbers_readable() {
        let phone = Phone::parse("+7 912 345 67 89", "??").expect("a number");
        assert_eq!(phone.e164(), Some("+79123456789"));
        assert_eq!(Phone::parse("89123456789", "??").expect("a text").e164(), None);
    }
}
