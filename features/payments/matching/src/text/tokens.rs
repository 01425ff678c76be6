//! A purpose as runs of letters, runs of digits and single marks, each with the role a reader gave it.

use super::vocabulary::{Known, List};
use crate::{alphabet, date::Date};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Letters,
    Digits,
    Mark(char),
}

/// What a token turned out to be. Readers run from the surest to the weakest, and none takes a
/// token that an earlier one has taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Role {
    Free,
    Date(Date),
    Amount,
    /// Part of a field that is no invoice: BIC, account, phone, contract, quantity, year.
    Field,
    Reference,
    Malformed,
    Number,
}

#[derive(Clone, Copy, Debug)]
pub(crate) struct Token {
    pub kind: Kind,
    /// White space before it.
    pub gap: bool,
    pub role: Role,
    /// What is known of it, if it is a word.
    known: Known,
    /// Where its letters stand.
    place: (u16, u16),
}

pub(crate) struct Text {
    letters: Vec<char>,
    pub tokens: Vec<Token>,
    /// As long as banks keep: its end may be missing.
    pub cut: bool,
}

/// Letters of a purpose in Russian payments.
const KEPT_LETTERS: usize = 210;
/// So many letters make a token, mostly.
const LETTERS_OF_TOKEN: usize = 4;

impl Text {
    pub fn read(purpose: &str) -> Self {
        let letters = alphabet::normalise(purpose);
        let mut tokens: Vec<Token> = Vec::with_capacity(letters.len() / LETTERS_OF_TOKEN);
        let (mut at, mut gap) = (0, true);
        while let Some(first) = letters.get(at) {
            if *first == ' ' {
                (at, gap) = (at + 1, true);
                continue;
            }
            let kind = Kind::of(*first);
            let end = match kind {
                Kind::Mark(_) => at + 1,
                run => letters[at..]
                    .iter()
                    .position(|letter| Kind::of(*letter) != run)
                    .map_or(letters.len(), |length| at + length),
            };
            let known = if kind == Kind::Letters { Known::of(&letters[at..end]) } else { Known::NOTHING };
            // A folded text has a few thousand letters at most.
            let short = |at: usize| u16::try_from(at).unwrap_or(u16::MAX);
            tokens.push(Token { kind, gap, role: Role::Free, known, place: (short(at), short(end)) });
            (at, gap) = (end, false);
        }
        Self { letters, tokens, cut: purpose.chars().count() >= KEPT_LETTERS }
    }

    pub fn into_letters(self) -> Vec<char> {
        self.letters
    }
    pub fn len(&self) -> usize {
        self.tokens.len()
    }
    pub fn at(&self, index: usize) -> Option<&Token> {
        self.tokens.get(index)
    }
    pub fn letters(&self, index: usize) -> &[char] {
        self.at(index).map_or(&[], |token| &self.letters[token.place.0.into()..token.place.1.into()])
    }
    /// The letters of a word, or nothing when the token is no word.
    pub fn word(&self, index: usize) -> &[char] {
        if self.is(index, Kind::Letters) { self.letters(index) } else { &[] }
    }
    /// The words from this token on, marks and digits between them left out.
    pub fn words_from(&self, index: usize) -> impl Iterator<Item = &[char]> {
        (index..self.len()).map(|index| self.word(index)).filter(|word| !word.is_empty())
    }
    pub fn string(&self, index: usize) -> String {
        self.letters(index).iter().collect()
    }
    pub fn is(&self, index: usize, kind: Kind) -> bool {
        self.at(index).is_some_and(|token| token.kind == kind)
    }
    /// Whether it is a word of this list.
    pub fn is_of(&self, index: usize, list: List) -> bool {
        self.at(index).is_some_and(|token| token.known.is(list))
    }
    /// The month that a word names.
    pub fn month(&self, index: usize) -> Option<u64> {
        self.at(index)?.known.month()
    }
    pub fn mark(&self, index: usize) -> Option<char> {
        match self.at(index)?.kind {
            Kind::Mark(mark) => Some(mark),
            _ => None,
        }
    }
    pub fn is_mark(&self, index: usize, marks: &str) -> bool {
        self.mark(index).is_some_and(|mark| marks.chars().any(|one| one == mark))
    }
    /// It stands right after the token before, without a space.
    pub fn glued(&self, index: usize) -> bool {
        self.at(index).is_some_and(|token| !token.gap)
    }
    pub fn free(&self, index: usize) -> bool {
        self.at(index).is_some_and(|token| token.role == Role::Free)
    }
    pub fn free_digits(&self, index: usize) -> bool {
        self.free(index) && self.is(index, Kind::Digits)
    }
    pub fn digit_count(&self, index: usize) -> usize {
        if self.is(index, Kind::Digits) { self.letters(index).len() } else { 0 }
    }
    pub fn number(&self, index: usize) -> Option<u64> {
        if self.is(index, Kind::Digits) { append_digits(0, self.letters(index)) } else { None }
    }
    pub fn date(&self, index: usize) -> Option<Date> {
        match self.at(index)?.role {
            Role::Date(date) => Some(date),
            _ => None,
        }
    }
    /// Gives a role to what is still free in the range.
    pub fn give(&mut self, range: std::ops::Range<usize>, role: Role) {
        let end = range.end.min(self.tokens.len());
        for token in self.tokens.get_mut(range.start.min(end)..end).unwrap_or_default() {
            if token.role == Role::Free {
                token.role = role;
            }
        }
    }
}

/// The number with these digits behind its own; none when it is too large for any sum.
pub(super) fn append_digits(number: u64, digits: &[char]) -> Option<u64> {
    digits
        .iter()
        .try_fold(number, |number, digit| number.checked_mul(10)?.checked_add(u64::from(digit.to_digit(10)?)))
}

impl Kind {
    fn of(letter: char) -> Self {
        match letter {
            digit if digit.is_ascii_digit() => Self::Digits,
            word if alphabet::is_letter(word) => Self::Letters,
            mark => Self::Mark(mark),
        }
    }
}
