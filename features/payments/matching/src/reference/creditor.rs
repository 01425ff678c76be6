//! ISO 11649: the same reference as European payers' banks check it, `RF` + two check digits +
//! our token. Both pairs of check digits must hold when it comes back.

use super::{Reference, remainder};
use crate::alphabet::look_alike;

impl Reference {
    /// `RF93TX00102413`, in one piece: the form for data.
    pub fn to_creditor_reference(self) -> String {
        let body = self.to_string();
        let check = 98 - remainder(body.chars().chain("RF00".chars()));
        format!("RF{check:02}{body}")
    }

    /// In groups of four, as the standard wants it on paper.
    pub fn to_printed_creditor_reference(self) -> String {
        let mut printed = String::new();
        for (index, letter) in self.to_creditor_reference().chars().enumerate() {
            if index > 0 && index % 4 == 0 {
                printed.push(' ');
            }
            printed.push(letter);
        }
        printed
    }

    /// Reads a creditor reference, grouped or not. `None` for anyone else's, and for broken ones.
    pub fn from_creditor_reference(text: &str) -> Option<Self> {
        let compact: String = text
            .chars()
            .filter(|letter| !letter.is_whitespace())
            .flat_map(char::to_uppercase)
            .map(look_alike)
            .collect();
        let (head, body) = compact.split_at_checked(4)?;
        let check = head.strip_prefix("RF")?;
        let holds = body.len() <= 21
            && check.bytes().all(|byte| byte.is_ascii_digit())
            && remainder(body.chars().chain(head.chars())) == 1;
        if holds { Self::parse(body).ok() } else { None }
    }
}
