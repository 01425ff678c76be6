//! A purpose as runs of letters, runs of digits and single marks, each with the role a reader gave it.

use crate::{
    alphabet::{self, Lexemes},
    date::Date,
};

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
    start: usize,
    end: usize,
}

pub(crate) struct Text {
    letters: Vec<char>,
    pub tokens: Vec<Token>,
    /// As long as banks keep: its end may be missing.
    pub cut: bool,
}

/// Letters of a purpose in Russian payments.
const KEPT_LETTERS: usize = 210;

impl Text {
    pub fn read(purpose: &str) -> Self {
        let letters = alphabet::normalise(purpose);
        let mut tokens: Vec<Token> = Vec::new();
        let mut gap = true;
        for (at, letter) in letters.iter().copied().enumerate() {
            if letter == ' ' {
                gap = true;
                continue;
            }
            let kind = match letter {
                digit if digit.is_ascii_digit() => Kind::Digits,
                word if alphabet::is_letter(word) => Kind::Letters,
                mark => Kind::Mark(mark),
            };
            match tokens.last_mut() {
                Some(last) if !gap && last.kind == kind && !matches!(kind, Kind::Mark(_)) => {
                    last.end = at + 1
                }
                _ => tokens.push(Token { kind, gap, role: Role::Free, start: at, end: at + 1 }),
            }
            gap = false;
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
        self.at(index).map_or(&[], |token| &self.letters[token.start..token.end])
    }
    /// The letters of a word, or nothing when the token is no word.
    pub fn word(&self, index: usize) -> &[char] {
        if self.is(index, Kind::Letters) { self.letters(index) } else { &[] }
    }
    pub fn string(&self, index: usize) -> String {
        self.letters(index).iter().collect()
    }
    pub fn is(&self, index: usize, kind: Kind) -> bool {
        self.at(index).is_some_and(|token| token.kind == kind)
    }
    pub fn is_word(&self, index: usize, lexemes: &[&str]) -> bool {
        self.is(index, Kind::Letters) && alphabet::is_any(self.letters(index), lexemes)
    }
    /// As [`Self::is_word`], quick where most words are none of them.
    pub fn is_of(&self, index: usize, lexemes: &Lexemes) -> bool {
        self.is(index, Kind::Letters) && lexemes.has(self.letters(index))
    }
    pub fn mark(&self, index: usize) -> Option<char> {
        match self.at(index)?.kind {
            Kind::Mark(mark) => Some(mark),
            _ => None,
        }
    }
    pub fn is_mark(&self, index: usize, marks: &str) -> bool {
        self.mark(index).is_some_and(|mark| marks.contains(mark))
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
        if self.is(index, Kind::Digits) { self.string(index).parse().ok() } else { None }
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
