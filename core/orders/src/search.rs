//! How an order is found by a few typed letters or digits: by the beginnings of the words of its
//! number, external id, name and e-mail, and by any run of four or more digits of the phone. Words
//! are folded, so that case, ё and spaces do not matter. The rows hold personal data.

use std::collections::BTreeSet;

use takt_kernel::{Result, digits, fold};
use takt_store::{Tx, params, sql};

use crate::order::Order;

const FEWEST_PHONE_DIGITS: usize = 4;
/// Of a Russian number, without the 7 or 8 before them.
const RUSSIAN_DIGITS: usize = 10;
const MOST_WORDS: usize = 64;
const LONGEST_WORD: usize = 64;
/// Sorts behind every other letter on both engines, which compare text by bytes.
const LAST_LETTER: char = '\u{10FFFF}';

/// The typed text as beginnings of words, all of which must be there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Needle(Vec<String>);

impl Needle {
    /// `None` when there is nothing to look for. What looks like a phone number is one.
    pub fn of(typed: &str) -> Option<Self> {
        let folded = fold(typed);
        let numeric = digits(&folded);
        let looks_like_phone = numeric.len() >= FEWEST_PHONE_DIGITS
            && folded.chars().all(|letter| letter.is_ascii_digit() || "+-() ".contains(letter));
        let words: Vec<String> = if looks_like_phone && folded.chars().any(|letter| "+() -".contains(letter))
        {
            vec![phone_digits(&numeric)]
        } else {
            folded.split(' ').filter(|word| !word.is_empty()).take(8).map(shortened).collect()
        };
        (!words.is_empty()).then_some(Self(words))
    }

    /// (first, just behind the last) word of each beginning, the longest beginning first.
    pub(crate) fn ranges(&self) -> Vec<(String, String)> {
        let mut words = self.0.clone();
        words.sort_by_key(|word| std::cmp::Reverse(word.len()));
        words.into_iter().map(|word| (word.clone(), format!("{word}{LAST_LETTER}"))).collect()
    }
}

/// Whether every typed beginning begins a word of the order.
pub(crate) fn matches(order: &Order, needle: &Needle) -> bool {
    let words = words_of(order);
    needle.0.iter().all(|typed| words.iter().any(|word| word.starts_with(typed.as_str())))
}

/// Makes the words of an order what they have to be now: one statement each way, however many.
pub(crate) fn index(tx: &mut Tx, before: Option<&Order>, after: &Order) -> Result<()> {
    let old = before.map(words_of).unwrap_or_default();
    let new = words_of(after);
    let gone: Vec<&String> = old.difference(&new).collect();
    if !gone.is_empty() {
        tx.put(
            sql!(
                "delete from order_word
                 where company_id = :company_id
                   and order_id = :order_id
                   and word in (
                     select value
                     from {pg:json_array_elements_text(cast(cast(:words as text) as json))|sqlite:json_each(:words)})"
            ),
            params![company_id: after.company, order_id: after.id, words: serde_json::json!(gone).to_string()],
        )?;
    }
    let added: Vec<&String> = new.difference(&old).collect();
    if !added.is_empty() {
        tx.put(
            sql!(
                "insert into order_word (company_id, word, order_id)
                 select cast(:company_id as bigint), value, cast(:order_id as bigint)
                 from {pg:json_array_elements_text(cast(cast(:words as text) as json))|sqlite:json_each(:words)}
                 where true"
            ),
            params![company_id: after.company, order_id: after.id, words: serde_json::json!(added).to_string()],
        )?;
    }
    Ok(())
}

fn words_of(order: &Order) -> BTreeSet<String> {
    let mut words = BTreeSet::new();
    let contact = &order.contact;
    words.extend(contact.email.as_deref().map(|email| shortened(&fold(email))));
    let texts = [Some(&order.number), order.external_id.as_ref(), Some(&contact.name)];
    for text in texts.into_iter().flatten() {
        for word in fold(text).split(' ').filter(|word| !word.is_empty()) {
            words.insert(shortened(word));
            let parts = word.split(|letter: char| !letter.is_alphanumeric());
            words.extend(parts.filter(|part| part.chars().count() > 1).map(shortened));
        }
    }
    let phone = contact.phone.as_deref().or(contact.phone_given.as_deref()).unwrap_or_default();
    let phone = phone_digits(&digits(phone.split(";ext=").next().unwrap_or_default()));
    for start in 0..phone.len().saturating_sub(FEWEST_PHONE_DIGITS - 1) {
        words.insert(phone[start..].to_owned());
    }
    if let Some(rest) = phone.strip_prefix('7').filter(|rest| rest.len() == RUSSIAN_DIGITS) {
        words.insert(format!("8{rest}"));
    }
    words.into_iter().take(MOST_WORDS).collect()
}

/// In Russia people write 8 for +7; digits are ASCII.
fn phone_digits(numeric: &str) -> String {
    match numeric.strip_prefix('8') {
        Some(rest) if rest.len() == RUSSIAN_DIGITS => format!("7{rest}"),
        _ => numeric.chars().take(LONGEST_WORD).collect(),
    }
}

fn shortened(word: &str) -> String {
    word.chars().take(LONGEST_WORD).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_people_type_becomes_beginnings_of_words() {
        for (typed, expected) in [
            ("  ", None),
            ("Иванов", Some(vec!["иванов"])),
            ("Ёлкин пётр", Some(vec!["елкин", "петр"])),
            ("8 (912) 345-67-89", Some(vec!["79123456789"])),
            ("345-67", Some(vec!["34567"])),
            ("A-1001", Some(vec!["a-1001"])),
            ("1001", Some(vec!["1001"])),
        ] {
            let expected = expected.map(|words| Needle(words.into_iter().map(str::to_owned).collect()));
            assert_eq!(Needle::of(typed), expected, "{typed}");
        }
    }
}
