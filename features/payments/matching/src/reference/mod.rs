//! The payment reference: `TX00102413` = letters of the legal entity, serial, two check digits.
//!
//! Check digits are ISO 7064 MOD 97-10 over letters (A=10 … Z=35) and serial. 97 is prime and
//! greater than any single step, so every changed digit or letter and every pair of swapped
//! neighbouring digits is caught; any other mistake slips through once in 97. Letters are mandatory: a bare number passes the check
//! digits by chance too often among BICs, dates and sums. They are taken from the twelve that look
//! the same in both alphabets, so it does not matter which keyboard the payer has.

mod creditor;

use std::{fmt, str::FromStr};

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use takt_kernel::{Fault, Result};

use crate::alphabet::look_alike;

/// One or two letters that name a legal entity inside its references.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Prefix {
    letters: [u8; 2],
    length: u8,
}

/// A reference whose check digits hold. Whether such an invoice exists is another question.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Reference {
    prefix: Prefix,
    serial: u64,
}

impl Prefix {
    /// The letters that print alike in Latin and Cyrillic: А В Е К М Н О Р С Т У Х.
    pub const LETTERS: &'static str = "ABEKMHOPCTYX";
    /// For a company that has chosen none. Two letters, because a single one is also a Russian
    /// preposition («с», «к», «о», «у»), and a pair that ends no word of payment language.
    pub const DEFAULT: Self = Self { letters: *b"TX", length: 2 };

    /// Reads one or two of [`Prefix::LETTERS`], in either alphabet and case.
    ///
    /// # Errors
    /// `matching.prefix_malformed`.
    pub fn parse(text: &str) -> Result<Self> {
        let malformed = || Fault::invalid("matching.prefix_malformed").arg("given", text);
        let mut prefix = Self { letters: [0; 2], length: 0 };
        for letter in text.trim().chars().flat_map(char::to_uppercase).map(look_alike) {
            let slot = prefix.letters.get_mut(usize::from(prefix.length)).ok_or_else(malformed)?;
            if !Self::LETTERS.contains(letter) {
                return Err(malformed());
            }
            *slot = u8::try_from(letter).map_err(|_| malformed())?;
            prefix.length += 1;
        }
        if prefix.length == 0 { Err(malformed()) } else { Ok(prefix) }
    }

    pub fn letters(self) -> impl Iterator<Item = char> {
        self.letters.into_iter().take(usize::from(self.length)).map(char::from)
    }

    pub(crate) const fn length(self) -> usize {
        self.length as usize
    }
}

impl Reference {
    pub const LARGEST_SERIAL: u64 = 999_999_999;
    const SERIAL_DIGITS: usize = 6;
    /// Digits of a reference: six to nine of serial and two of check.
    pub(crate) const DIGITS: std::ops::RangeInclusive<usize> = 8..=11;

    /// # Errors
    /// `matching.serial_out_of_range` unless the serial is within 1..=[`Self::LARGEST_SERIAL`].
    pub fn new(prefix: Prefix, serial: u64) -> Result<Self> {
        if (1..=Self::LARGEST_SERIAL).contains(&serial) {
            return Ok(Self { prefix, serial });
        }
        Err(Fault::invalid("matching.serial_out_of_range")
            .arg("given", serial)
            .arg("largest", Self::LARGEST_SERIAL))
    }

    /// Reads one unbroken token, in either alphabet and case.
    ///
    /// # Errors
    /// `matching.reference_malformed` when the shape or the check digits are wrong.
    pub fn parse(text: &str) -> Result<Self> {
        let malformed = || Fault::invalid("matching.reference_malformed").arg("given", text);
        let letters = text.trim();
        let at = letters.find(|letter: char| letter.is_ascii_digit()).ok_or_else(malformed)?;
        let prefix = Prefix::parse(&letters[..at])?;
        Self::checked(prefix, &letters[at..]).ok_or_else(malformed)
    }

    /// Serial and check digits under a given prefix, when they hold.
    pub(crate) fn checked(prefix: Prefix, digits: &str) -> Option<Self> {
        let shaped = Self::DIGITS.contains(&digits.len()) && digits.bytes().all(|byte| byte.is_ascii_digit());
        if !shaped {
            return None;
        }
        let (serial, _) = digits.split_at(digits.len() - 2);
        let reference = Self::new(prefix, serial.parse().ok()?).ok()?;
        (reference.digits() == digits).then_some(reference)
    }

    pub const fn prefix(self) -> Prefix {
        self.prefix
    }
    pub const fn serial(self) -> u64 {
        self.serial
    }

    /// The token without its letters: what payers write who leave letters out.
    pub fn digits(self) -> String {
        let serial = format!("{:0width$}", self.serial, width = Self::SERIAL_DIGITS);
        let check = 98 - remainder(self.prefix.letters().chain(serial.chars()).chain("00".chars()));
        format!("{serial}{check:02}")
    }
}

/// The text modulo 97, letters being two-digit numbers from A=10. What is not of `[0-9A-Z]` counts nothing.
fn remainder(text: impl Iterator<Item = char>) -> u32 {
    text.filter_map(|letter| letter.to_digit(36)).fold(0, |rest, value| {
        let shift = if value < 10 { 10 } else { 100 };
        (rest * shift + value) % 97
    })
}

impl fmt::Display for Prefix {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.letters().try_for_each(|letter| write!(f, "{letter}"))
    }
}
impl fmt::Debug for Prefix {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}
impl FromStr for Prefix {
    type Err = Fault;
    fn from_str(text: &str) -> Result<Self> {
        Self::parse(text)
    }
}
impl fmt::Display for Reference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}{}", self.prefix, self.digits())
    }
}
impl fmt::Debug for Reference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}
impl FromStr for Reference {
    type Err = Fault;
    fn from_str(text: &str) -> Result<Self> {
        Self::parse(text)
    }
}

macro_rules! serde_as_text {
    ($type:ty) => {
        impl Serialize for $type {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.collect_str(self)
            }
        }
        impl<'de> Deserialize<'de> for $type {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                String::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
            }
        }
    };
}
serde_as_text!(Prefix);
serde_as_text!(Reference);
