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
    pub day: Option<&'m str>,
    pub number: &'m str,
    pub amount: Money,
    pub payer_account: &'m str,
    pub bank_id: Option<&'m str>,
    /// The bank's id of the batch that it is a part of under an id of its own.
    pub batch: Option<&'m str>,
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
        let amount = self.amount.to_string();
        let day = self.day.unwrap_or_default();
        let mut hash = Sha256::new();
        for part in [self.account, day, self.number.trim(), amount.as_str(), self.payer_account] {
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
        if let Some(batch) = self.batch
            && let Some(whole) = known.find(&self.under(batch))?
        {
            return Ok(Seen::Unclear(whole.line));
        }
        if let Some(same) = known.find(&by_print)? {
            let differ = matches!((&same.bank_id, self.bank_id), (Some(one), Some(other)) if one != other);
            return Ok(if differ { Seen::Unclear(same.line) } else { Seen::Before(same.line) });
        }
        // Under this the batch is met when it comes whole.
        let as_part = self.batch.map(|batch| self.under(&format!("{batch}#1")));
        Ok(Seen::New([Some(by_print), by_id, as_part].into_iter().flatten().collect()))
    }

    /// Some banks give one reference to many movements.
    fn agrees_with(&self, known: &KnownMovement) -> bool {
        let same_day = match (known.day.as_deref(), self.day) {
            (Some(one), Some(other)) => one == other,
            (None, _) | (_, None) => true,
        };
        known.amount == self.amount && same_day
    }
}
