use takt_payments_matching::{Prefix, Reference, number_key, text::read};

use crate::text::{fields, text};

/// The purpose of a payment, behind a line with our prefix.
pub fn purpose(data: &[u8]) {
    let [prefix, purpose] = fields(text(data));
    let prefix = Prefix::parse(prefix).unwrap_or(Prefix::DEFAULT);
    let found = read(purpose, &[prefix]);
    assert_eq!(read(purpose, &[prefix]), found);
    for named in &found.references {
        assert_eq!(named.reference.prefix(), prefix);
        assert_eq!(Reference::parse(&named.reference.to_string()).expect("printed by us"), named.reference);
    }
    // Only what stands there is named: a reference takes ten letters at least.
    let letters = purpose.chars().count().min(4096);
    assert!(found.references.len() * 8 <= letters, "{found:?}");
    let ranged: usize = found.numbers.iter().map(|number| number.range.len() + 1).sum();
    assert!(ranged <= (letters + 1) * 64, "{} numbers of {letters} letters", ranged);
    assert!(found.stated_sums.iter().all(|sum| *sum >= 0));
    for number in found.numbers.iter().map(|number| &number.key).chain(&found.bare) {
        assert_eq!(&number_key(number), number, "a key is its own key");
    }
    if let Some(own) = own(purpose) {
        let reference = Reference::new(prefix, own).expect("in range");
        let spelled = format!("Оплата по {reference} {}", purpose.chars().take(200).collect::<String>());
        assert!(
            read(&spelled, &[prefix]).references.iter().any(|named| named.reference == reference)
                || purpose.trim_start().starts_with(|next: char| !next.is_alphabetic()),
            "{spelled}"
        );
    }
}

fn own(purpose: &str) -> Option<u64> {
    let sum: u64 = purpose.bytes().map(u64::from).sum();
    (1..=Reference::LARGEST_SERIAL).contains(&sum).then_some(sum)
}

/// One token that may be a reference, in our form or in the European one.
pub fn reference(data: &[u8]) {
    let given = text(data);
    if let Ok(prefix) = Prefix::parse(given) {
        assert_eq!(Prefix::parse(&prefix.to_string()).expect("printed by us"), prefix);
    }
    let parsed = Reference::parse(given).ok();
    for reference in parsed.into_iter().chain(Reference::from_creditor_reference(given)) {
        assert_eq!(Reference::parse(&reference.to_string()).expect("printed by us"), reference);
        for creditor in [reference.to_creditor_reference(), reference.to_printed_creditor_reference()] {
            assert_eq!(Reference::from_creditor_reference(&creditor), Some(reference), "{creditor}");
        }
    }
}
