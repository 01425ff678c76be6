//! Reads a purpose: which invoices does the payer name, how surely, and from which day?
//!
//! Readers run in a fixed order, and what one has taken the next cannot misread: bank fields and
//! long numbers, dates, VAT clauses and sums, references with check digits, contracts and other
//! documents, numbers after an invoice word. What is left are bare numbers: never evidence, but a
//! ground not to guess.
//!
//! Everything is one pass over at most 4096 letters with a bounded look ahead. There is no regex
//! crate because its patterns cannot say most of this: alphabets that mix within one word, check
//! digits deciding where a number ends, words that turn the meaning of the next number.

mod amounts;
mod dates;
mod documents;
mod fields;
mod invoice_words;
mod numbers;
mod references;
mod tokens;
mod vocabulary;

pub(crate) use tokens::Text;

use crate::{
    date::Date,
    reference::{Prefix, Reference},
};

/// What a purpose says.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Extract {
    /// Check digits hold. In the order of the text, each once.
    pub references: Vec<NamedReference>,
    /// Look like a reference, but the check digits do not hold; folded, without separators.
    pub malformed: Vec<String>,
    /// Numbers after a word like «счёт».
    pub numbers: Vec<NamedNumber>,
    /// Days of an invoice that is named without its number: «по счёту от 05.05.2026».
    pub loose_dates: Vec<Date>,
    /// Numbers that nothing explains, as keys.
    pub bare: Vec<String>,
    /// Sums the text states besides VAT, in hundredths. A hint for people, never evidence.
    pub stated_sums: Vec<i64>,
    pub vat: Vat,
    /// The end of a text that was cut, when a number stands there: its last digits may be missing.
    pub cut: Option<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NamedReference {
    pub reference: Reference,
    /// «от 05.05.2026» right after it.
    pub date: Option<Date>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NamedNumber {
    /// As [`crate::number_key`] makes it.
    pub key: String,
    pub date: Option<Date>,
    /// «1024-1027» may be one number or four invoices; these are the four.
    pub range: Vec<String>,
}

/// What the VAT clause says. A hint for people, never evidence.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Vat {
    #[default]
    Unsaid,
    None,
    Included {
        /// In hundredths.
        amount: Option<i64>,
        percent: Option<u64>,
    },
}

/// Reads a purpose. `prefixes` are the letters of the references we print.
pub fn read(purpose: &str, prefixes: &[Prefix]) -> Extract {
    read_tokens(Text::read(purpose), prefixes).0
}

/// What it says, and its folded letters.
pub(crate) fn read_tokens(mut text: Text, prefixes: &[Prefix]) -> (Extract, Vec<char>) {
    let mut found = Extract::default();
    fields::take(&mut text);
    dates::take(&mut text, prefixes);
    amounts::take(&mut text, prefixes, &mut found);
    references::take(&mut text, prefixes, &mut found);
    documents::take(&mut text);
    numbers::take(&mut text, &mut found);
    if text.cut {
        mistrust_end(&text, &mut found);
    }
    (found, text.into_letters())
}

/// A number at the very end of a cut text names nothing; its beginning is kept.
fn mistrust_end(text: &Text, found: &mut Extract) {
    let Some(last) = text.len().checked_sub(1) else { return };
    let mut first = last;
    while first > 0 && text.glued(first) {
        first -= 1;
    }
    let end: String = (first..=last).map(|index| text.string(index)).collect();
    let holds = text.at(last).is_some_and(|token| token.role == tokens::Role::Reference);
    if holds || !end.ends_with(|letter: char| letter.is_ascii_digit()) {
        return;
    }
    let key = crate::alphabet::number_key(&end);
    found.numbers.retain(|number| number.key != key);
    found.malformed.retain(|token| *token != key);
    found.bare.retain(|number| *number != key);
    found.cut = Some(key);
}
