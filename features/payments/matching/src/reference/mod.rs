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

    /// Whether a folded word begins with these letters.
    pub(crate) fn begins(self, word: &[char]) -> bool {
        word.len() >= self.length() && word.iter().copied().zip(self.letters()).all(|(own, ours)| own == ours)
    }

    /// The letters as the check digits see them: A=10 … Z=35, one after the other.
    fn number(self) -> u64 {
        self.letters()
            .filter_map(|letter| letter.to_digit(36))
            .fold(0, |all, value| all * 100 + u64::from(value))
    }
}

/// A reference as it is printed, on the stack.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Printed {
    bytes: [u8; Self::LONGEST],
    length: usize,
    /// Where the digits begin.
    digits: usize,
}

impl Printed {
    /// Two letters, nine digits of serial, two of check.
    const LONGEST: usize = 13;

    pub fn as_str(&self) -> &str {
        std::str::from_utf8(&self.bytes[..self.length]).unwrap_or_default()
    }

    /// Without the letters.
    pub fn digits(&self) -> &str {
        self.as_str().get(self.digits..).unwrap_or_default()
    }
}

impl Reference {
    pub const LARGEST_SERIAL: u64 = 999_999_999;
    const SERIAL_DIGITS: u32 = 6;
    const CHECK_DIGITS: u32 = 2;
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
        if digits.len() < *Self::DIGITS.start() { None } else { Self::checked_number(prefix, digits) }
    }

    /// The same of digits that may have lost their leading zeros.
    pub(crate) fn checked_number(prefix: Prefix, digits: &str) -> Option<Self> {
        let plain = digits.len() <= *Self::DIGITS.end() && digits.bytes().all(|byte| byte.is_ascii_digit());
        // Only the shortest serials are filled up with zeros.
        let filled = digits.len() <= *Self::DIGITS.start() || !digits.starts_with('0');
        if !plain || !filled {
            return None;
        }
        let number: u64 = digits.parse().ok()?;
        let reference = Self { prefix, serial: number / 100 };
        let holds =
            (1..=Self::LARGEST_SERIAL).contains(&reference.serial) && reference.check() == number % 100;
        holds.then_some(reference)
    }

    /// The two check digits as a number.
    fn check(self) -> u64 {
        let serial_digits = self.serial_digits();
        let whole = self.prefix.number() * 10_u64.pow(serial_digits) + self.serial;
        98 - whole * 100 % 97
    }

    fn serial_digits(self) -> u32 {
        (self.serial.max(1).ilog10() + 1).max(Self::SERIAL_DIGITS)
    }

    pub(crate) fn printed(self) -> Printed {
        let letters = self.prefix.length();
        let length = letters + (self.serial_digits() + Self::CHECK_DIGITS) as usize;
        let mut bytes = [0; Printed::LONGEST];
        bytes[..letters].copy_from_slice(&self.prefix.letters[..letters]);
        let mut left = self.serial * 100 + self.check();
        for place in (letters..length).rev() {
            bytes[place] = b"0123456789"[(left % 10) as usize];
            left /= 10;
        }
        Printed { bytes, length, digits: letters }
    }

    pub const fn prefix(self) -> Prefix {
        self.prefix
    }
    pub const fn serial(self) -> u64 {
        self.serial
    }

    /// The token without its letters: what payers write who leave letters out.
    pub fn digits(self) -> String {
        self.printed().digits().to_owned()
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
        f.write_str(self.printed().as_str())
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
