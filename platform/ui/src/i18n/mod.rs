//! Languages, texts and the shapes of numbers, money and time in them.
//!
//! A page never holds a text: it holds [`Words`] and asks by key. Crates contribute Fluent sources;
//! [`Texts::check`] finds what one language has and the other lacks.

mod formats;
mod shape;
mod texts;
mod words;

pub use texts::{Arg, Texts};
pub use words::Words;

use std::str::FromStr;

use takt_kernel::Fault;

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Lang {
    #[default]
    Ru,
    En,
}

impl Lang {
    pub const ALL: [Self; 2] = [Self::Ru, Self::En];

    /// `ru`, `en`: what cookies, rows and `<html lang>` hold.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Ru => "ru",
            Self::En => "en",
        }
    }

    /// The language's own name, for the switch: a person who cannot read the page can still find it.
    pub const fn own_name(self) -> &'static str {
        match self {
            Self::Ru => "Русский",
            Self::En => "English",
        }
    }

    /// `ru`, `ru-RU`, `EN_gb`; anything else is no language of ours.
    pub fn parse(text: &str) -> Option<Self> {
        let primary = text.trim().split(['-', '_']).next()?;
        Self::ALL.into_iter().find(|lang| primary.eq_ignore_ascii_case(lang.code()))
    }

    /// The best of ours in an `Accept-Language` header, by weight and then by place.
    pub fn from_accept_language(header: &str) -> Option<Self> {
        let mut best: Option<(Self, f32)> = None;
        for part in header.split(',') {
            let mut pieces = part.split(';');
            let Some(lang) = pieces.next().and_then(Self::parse) else { continue };
            let weight =
                pieces.find_map(|piece| piece.trim().strip_prefix("q=")?.parse::<f32>().ok()).unwrap_or(1.0);
            if weight > best.map_or(0.0, |(_, heaviest)| heaviest) {
                best = Some((lang, weight));
            }
        }
        best.map(|(lang, _)| lang)
    }
}

impl std::fmt::Display for Lang {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.code())
    }
}

impl FromStr for Lang {
    type Err = Fault;
    fn from_str(text: &str) -> Result<Self, Fault> {
        Self::parse(text).ok_or_else(|| Fault::invalid("lang.unknown").arg("given", text))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_browsers_wish_decides_the_language() {
        for (header, expected) in [
            ("ru-RU,ru;q=0.9,en;q=0.8", Some(Lang::Ru)),
            ("en-GB,en;q=0.9,ru;q=0.8", Some(Lang::En)),
            ("de,en;q=0.5,ru;q=0.7", Some(Lang::Ru)),
            ("de", None),
            ("", None),
            ("*", None),
        ] {
            assert_eq!(Lang::from_accept_language(header), expected, "{header}");
        }
    }
}
