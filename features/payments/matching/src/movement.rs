//! The identity of a movement of money, and the rule by which a line is the first, a repeat, or a
//! question for a person. Pure: [`Movements`] is what is known already.
//!
//! The bank's own id is best. Without it: account, direction, day, number, amount and payer account,
//! and the how-manieth such line of its report this is. Never the purpose, which banks restate. Two
//! lines that agree in all of that and carry different bank ids may be one restated movement or two
//! real ones, and so may two that carry one id and differ in amount or day: a person is asked.

use sha2::{Digest, Sha256};
use takt_kernel::{Result, money::Money};

/// One line as a bank reports it, in whatever report.
#[derive(Clone, Copy, Debug)]
pub struct Movement<'m> {
    pub account: &'m str,
    /// Keeps held lines apart from counted ones: a pending line does not make its booking a repeat.
    pub group: &'m str,
    /// ISO days of its booking, its value and its paper.
    pub booked_on: Option<&'m str>,
    pub valued_on: Option<&'m str>,
    pub dated: Option<&'m str>,
    /// The day on which the other side booked it, under which it may be known.
    pub other_side_on: Option<&'m str>,
    pub number: &'m str,
    pub amount: Money,
    pub payer_account: &'m str,
    pub bank_id: Option<&'m str>,
    /// The bank's id of the batch that it is a part of under an id of its own, and what the whole comes to.
    pub batch: Option<(&'m str, Money)>,
    /// How many lines like this one its own report has up to it, itself included.
    pub occurrence: i64,
}

/// The line that stands for a movement already.
#[derive(Clone, Debug)]
pub struct KnownMovement {
    pub line: i64,
    pub bank_id: Option<String>,
    pub amount: Money,
    pub day: Option<String>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Seen {
    /// Nothing is known of it; it is to be remembered under these keys.
    New(Vec<String>),
    /// This line already stands for the movement.
    Before(i64),
    /// Perhaps the same as this one.
    Unclear(i64),
}

/// What is known already, by key.
pub trait Movements {
    /// # Errors
    /// Those of the store.
    fn find(&mut self, key: &str) -> Result<Option<KnownMovement>>;
}

impl Movement<'_> {
    /// The key without the bank's id.
    pub fn print(&self) -> String {
        self.print_of(self.day())
    }

    fn day(&self) -> Option<&str> {
        self.booked_on.or(self.valued_on).or(self.dated)
    }

    fn print_of(&self, day: Option<&str>) -> String {
        let amount = self.amount.to_string();
        let mut hash = Sha256::new();
        for part in
            [self.account, day.unwrap_or_default(), self.number.trim(), amount.as_str(), self.payer_account]
        {
            hash.update(part.as_bytes());
            hash.update([0]);
        }
        let digest: String = hash.finalize().iter().take(16).map(|byte| format!("{byte:02x}")).collect();
        format!("{}:print:{digest}#{}", self.group, self.occurrence)
    }

    fn by_id(&self) -> Option<String> {
        self.bank_id.map(|id| self.under(id))
    }

    fn under(&self, id: &str) -> String {
        format!("{}:id:{}:{id}", self.group, self.account)
    }

    /// Looks the movement up among what is known.
    ///
    /// # Errors
    /// Those of the lookups.
    pub fn seen(&self, known: &mut dyn Movements) -> Result<Seen> {
        let (by_print, by_id) = (self.print(), self.by_id());
        if let Some(by_id) = &by_id {
            if let Some(same_id) = known.find(by_id)? {
                if self.agrees_with(&same_id) {
                    return Ok(Seen::Before(same_id.line));
                }
                let same = known.find(&by_print)?;
                return Ok(same.map_or(Seen::Unclear(same_id.line), |same| Seen::Before(same.line)));
            }
            // A batch may come whole in one report and in parts, `id#1`, `id#2` …, in another.
            let other_form =
                by_id.split_once('#').map_or_else(|| format!("{by_id}#1"), |(whole, _)| whole.to_owned());
            if let Some(whole) = known.find(&other_form)? {
                return Ok(Seen::Unclear(whole.line));
            }
        }
        if let Some((batch, amount)) = self.batch
            && let Some(whole) = known.find(&self.under(batch))?
            && whole.amount == amount
            && self.is_of_the_day(&whole)
        {
            return Ok(Seen::Unclear(whole.line));
        }
        let mut same = known.find(&by_print)?;
        if let (None, Some(_)) = (&same, self.other_side_on) {
            same = known.find(&self.print_of(self.other_side_on))?;
        }
        if let Some(same) = same {
            let differ = matches!((&same.bank_id, self.bank_id), (Some(one), Some(other)) if one != other);
            return Ok(if differ { Seen::Unclear(same.line) } else { Seen::Before(same.line) });
        }
        // Before the day of its value was read it was known without.
        if let (None, Some(_)) = (self.booked_on, self.valued_on)
            && let Some(perhaps) = known.find(&self.print_of(self.dated))?
        {
            return Ok(Seen::Unclear(perhaps.line));
        }
        // Under this the batch is met when it comes whole.
        let as_part = self.batch.map(|(batch, _)| self.under(&format!("{batch}#1")));
        Ok(Seen::New([Some(by_print), by_id, as_part].into_iter().flatten().collect()))
    }

    /// Some banks give one reference to many movements.
    fn agrees_with(&self, known: &KnownMovement) -> bool {
        known.amount == self.amount && self.is_of_the_day(known)
    }

    /// As far as both tell a day. Another report may tell the day of its value alone.
    fn is_of_the_day(&self, known: &KnownMovement) -> bool {
        let (Some(one), Some(other)) = (known.day.as_deref(), self.day()) else { return true };
        let by_value = self.booked_on.is_none() && self.valued_on.is_some();
        one == other || self.valued_on == Some(one) || by_value
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use takt_kernel::money::Currency;

    use super::*;

    struct Known(BTreeMap<String, KnownMovement>);

    impl Movements for Known {
        fn find(&mut self, key: &str) -> Result<Option<KnownMovement>> {
            Ok(self.0.get(key).cloned())
        }
    }

    fn rubles(whole: i64) -> Money {
        Money::new(whole * 100, Currency::RUB)
    }

    fn movement() -> Movement<'static> {
        Movement {
            account: "1",
            group: "credit",
            booked_on: Some("2026-11-02"),
            valued_on: None,
            dated: None,
            other_side_on: None,
            number: "7",
            amount: rubles(5),
            payer_account: "2",
            bank_id: None,
            batch: None,
            occurrence: 1,
        }
    }

    fn seen(first: Movement<'_>, second: Movement<'_>) -> Seen {
        let Seen::New(keys) = first.seen(&mut Known(BTreeMap::new())).unwrap() else {
            panic!("nothing is known")
        };
        let known = KnownMovement {
            line: 1,
            bank_id: first.bank_id.map(ToOwned::to_owned),
            amount: first.amount,
            day: first.day().map(ToOwned::to_owned),
        };
        second.seen(&mut Known(keys.into_iter().map(|key| (key, known.clone())).collect())).unwrap()
    }

    #[test]
    fn what_was_told_with_another_day_or_as_a_whole_is_not_counted_again() {
        let (plain, without) = (movement(), Movement { booked_on: None, ..movement() });
        let valued = Movement { valued_on: Some("2026-11-03"), ..without };
        let both_sides = Movement { other_side_on: Some("2026-11-03"), ..plain };
        let part = Movement { batch: Some(("B", rubles(9))), bank_id: Some("P"), ..plain };
        let whole = |amount| Movement { bank_id: Some("B"), amount: rubles(amount), number: "8", ..plain };
        let named = |movement: Movement<'static>| Movement { bank_id: Some("X"), number: "9", ..movement };
        let new = |seen: &Seen| matches!(seen, Seen::New(_));
        for (case, seen, expected) in [
            ("once more", seen(plain, plain), Some(Seen::Before(1))),
            (
                "on the day of the other side",
                seen(Movement { booked_on: Some("2026-11-03"), ..plain }, both_sides),
                Some(Seen::Before(1)),
            ),
            (
                "on a day of nobody",
                seen(Movement { booked_on: Some("2026-11-04"), ..plain }, both_sides),
                None,
            ),
            ("before its value was read", seen(without, valued), Some(Seen::Unclear(1))),
            (
                "of another day of value",
                seen(valued, Movement { valued_on: Some("2026-12-03"), ..without }),
                None,
            ),
            (
                "by value, then booked",
                seen(named(valued), Movement { bank_id: Some("X"), valued_on: valued.valued_on, ..plain }),
                Some(Seen::Before(1)),
            ),
            (
                "by value, then booked on another day without it",
                seen(named(valued), Movement { bank_id: Some("X"), ..plain }),
                Some(Seen::Unclear(1)),
            ),
            (
                "booked, then by value",
                seen(named(plain), Movement { bank_id: Some("X"), ..valued }),
                Some(Seen::Before(1)),
            ),
            ("the whole, then a part", seen(whole(9), part), Some(Seen::Unclear(1))),
            ("a part, then the whole", seen(part, whole(9)), Some(Seen::Unclear(1))),
            ("an id for everything", seen(whole(4), part), None),
        ] {
            assert!(
                expected.as_ref().map_or_else(|| new(&seen), |expected| *expected == seen),
                "{case}: {seen:?}"
            );
        }
    }
}
