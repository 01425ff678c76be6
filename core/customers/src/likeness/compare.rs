//! Which of many cards are alike. Pure; each card is put under keys that whoever is like it has too, so that nobody is
//! compared with everybody.

use std::{
    collections::{BTreeMap, BTreeSet},
    hash::{DefaultHasher, Hash, Hasher},
};

use takt_kernel::fold;

use super::Evidence;

/// More cards under one key are like each other by chance.
const MOST_ALIKE: usize = 30;
const SHORTEST_WORD: usize = 3;
/// Of a number, the digits of which one may be wrong.
const FIGURES: usize = 10;

#[derive(Clone, Debug, Default)]
pub(super) struct Card {
    pub id: i64,
    pub name: String,
    pub note: String,
    pub phones: Vec<String>,
    pub emails: Vec<String>,
}

/// Pairs by their ids, the smaller first, each with all that tells of it.
pub(super) fn alike(cards: &[Card]) -> BTreeMap<(i64, i64), BTreeSet<Evidence>> {
    let names: Vec<String> = cards.iter().map(|card| fold(&card.name)).collect();
    let mut found: BTreeMap<(i64, i64), BTreeSet<Evidence>> = BTreeMap::new();
    let mut add = |one: usize, other: usize, evidence: Evidence| {
        if let (Some(one), Some(other)) = (cards.get(one), cards.get(other)) {
            let pair = (one.id.min(other.id), one.id.max(other.id));
            found.entry(pair).or_default().insert(evidence);
        }
    };
    by_keys(
        cards.len(),
        |place| masked_phones(&cards[place]),
        |one, other| {
            if words_alike(&names[one], &names[other]) && !share(&cards[one].phones, &cards[other].phones) {
                add(one, other, Evidence::PhoneDigit);
            }
        },
    );
    by_keys(
        cards.len(),
        |place| shortened_emails(&cards[place]),
        |one, other| {
            if words_alike(&names[one], &names[other])
                && one_letter_apart(&cards[one].emails, &cards[other].emails)
            {
                add(one, other, Evidence::EmailTypo);
            }
        },
    );
    by_keys(
        cards.len(),
        |place| if names[place].contains(' ') { vec![names[place].clone()] } else { Vec::new() },
        |one, other| {
            let (one_card, other_card) = (&cards[one], &cards[other]);
            let half = |card: &Card, other: &Card| {
                card.emails.is_empty()
                    && other.phones.is_empty()
                    && !card.phones.is_empty()
                    && !other.emails.is_empty()
            };
            if half(one_card, other_card) || half(other_card, one_card) {
                add(one, other, Evidence::SameName);
            }
            if notes_share_a_line(&one_card.note, &other_card.note) {
                add(one, other, Evidence::SameNote);
            }
        },
    );
    found
}

/// Calls for every two that share a key, once for each key. Of a key only a digest is kept: millions of texts would
/// take as many hundred megabytes, and two digests of one search do not meet by chance.
fn by_keys(count: usize, keys_of: impl Fn(usize) -> Vec<String>, mut found: impl FnMut(usize, usize)) {
    let mut under: Vec<(u64, usize)> = Vec::new();
    for place in 0..count {
        under.extend(keys_of(place).iter().map(|key| (digest(key), place)));
    }
    under.sort_unstable();
    under.dedup();
    for places in under.chunk_by(|one, other| one.0 == other.0) {
        if places.len() > MOST_ALIKE {
            continue;
        }
        for (index, (_, one)) in places.iter().enumerate() {
            for (_, other) in places.iter().skip(index + 1) {
                found(*one, *other);
            }
        }
    }
}

fn digest(key: &str) -> u64 {
    let mut hasher = DefaultHasher::new();
    key.hash(&mut hasher);
    hasher.finish()
}

/// Each number with each of its last digits left open.
fn masked_phones(card: &Card) -> Vec<String> {
    let mut keys = Vec::new();
    for phone in &card.phones {
        let figures: Vec<char> =
            phone.split(';').next().unwrap_or_default().chars().filter(char::is_ascii_digit).collect();
        for place in figures.len().saturating_sub(FIGURES)..figures.len() {
            let masked =
                figures.iter().enumerate().map(|(at, figure)| if at == place { '?' } else { *figure });
            keys.push(masked.collect());
        }
    }
    keys
}

/// Each address and all that it is with one letter left out.
fn shortened_emails(card: &Card) -> Vec<String> {
    let mut keys = Vec::new();
    for email in &card.emails {
        let letters: Vec<char> = email.chars().collect();
        keys.push(email.clone());
        for place in 0..letters.len() {
            let kept = letters.iter().enumerate().filter(|(at, _)| *at != place).map(|(_, letter)| *letter);
            keys.push(kept.collect());
        }
    }
    keys.sort_unstable();
    keys.dedup();
    keys
}

fn one_letter_apart(one: &[String], other: &[String]) -> bool {
    !share(one, other)
        && one.iter().any(|one| other.iter().any(|other| strsim::osa_distance(one, other) == 1))
}

fn share(one: &[String], other: &[String]) -> bool {
    one.iter().any(|text| other.contains(text))
}

/// A word of the names is the same, or one has none.
fn words_alike(one: &str, other: &str) -> bool {
    let words = |name: &str| -> Vec<String> {
        let long = name.split(' ').filter(|word| word.chars().count() >= SHORTEST_WORD);
        long.map(str::to_owned).collect()
    };
    one.is_empty() || other.is_empty() || share(&words(one), &words(other))
}

fn notes_share_a_line(one: &str, other: &str) -> bool {
    let lines = |note: &str| -> Vec<String> {
        note.lines().map(fold).filter(|line| line.chars().count() > 2 * SHORTEST_WORD).collect()
    };
    share(&lines(one), &lines(other))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn card(id: i64, name: &str, phone: &str, email: &str, note: &str) -> Card {
        let some = |text: &str| if text.is_empty() { Vec::new() } else { vec![text.to_owned()] };
        Card { id, name: name.to_owned(), note: note.to_owned(), phones: some(phone), emails: some(email) }
    }

    #[test]
    fn cards_are_alike_by_what_people_mistype() {
        let one = card(1, "Иванов Пётр", "+79123456789", "", "");
        for (other, evidence) in [
            (card(2, "Пётр Иванов", "+79123456788", "", ""), vec![Evidence::PhoneDigit]),
            (card(2, "", "+79023456789", "", ""), vec![Evidence::PhoneDigit]),
            (card(2, "Сидорова Анна", "+79123456788", "", ""), vec![]),
            (card(2, "Иванов Пётр", "+79123456798", "", ""), vec![]),
            (card(2, "Иванов Петр", "", "p@example.org", ""), vec![Evidence::SameName]),
            (card(2, "Иванов Пётр", "+79990001122", "", ""), vec![]),
        ] {
            let found = alike(&[one.clone(), other.clone()]);
            let told: Vec<Evidence> = found.values().flatten().copied().collect();
            assert_eq!(told, evidence, "{other:?}");
        }
        let one = card(1, "Анна", "", "anna@example.org", "");
        for (other, evidence) in [
            (card(2, "Анна", "", "ana@example.org", ""), vec![Evidence::EmailTypo]),
            (card(2, "Анна П", "", "anna@exmaple.org", ""), vec![Evidence::EmailTypo]),
            (card(2, "Анна", "", "anna@example.com", ""), vec![]),
            (card(2, "Пётр", "", "ana@example.org", ""), vec![]),
        ] {
            let found = alike(&[one.clone(), other.clone()]);
            let told: Vec<Evidence> = found.values().flatten().copied().collect();
            assert_eq!(told, evidence, "{other:?}");
        }
        let one = card(1, "Анна Ли", "+79123456789", "", "Казань, Баумана 1");
        let other = card(2, "Анна Ли", "+79990001122", "", "звонить утром\nказань, баумана 1");
        let found = alike(&[one, other]);
        assert_eq!(
            found.get(&(1, 2)).map(|told| told.iter().copied().collect()),
            Some(vec![Evidence::SameNote])
        );
    }

    #[test]
    fn a_key_that_many_share_tells_nothing() {
        let cards: Vec<Card> = (0..40)
            .map(|id| card(id, "Иванов Иван", "", &format!("i{id}@example.org"), "Казань, склад"))
            .collect();
        assert!(alike(&cards).values().flatten().all(|evidence| *evidence != Evidence::SameNote));
    }
}
