use std::{collections::BTreeMap, fmt};

use super::{Category, Payment, Settled};
use crate::{Decision, Tier};

/// How one decision stands against the truth.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// Settled as meant, or rightly kept from settling.
    Right,
    Wrong,
    /// A person chooses, and what was meant comes first.
    SuggestedFirst,
    SuggestedLater,
    SuggestedWithout,
    /// Set aside as money for no invoice, though it was for one. No money moved.
    SetAside,
}

#[derive(Clone, Copy, Debug, Default)]
pub struct Tally {
    pub payments: u32,
    pub right: u32,
    pub wrong: u32,
    pub first: u32,
    pub later: u32,
    pub without: u32,
    pub aside: u32,
}

/// Some wrong settlements say enough; there should be none.
const WRONG_KEPT: usize = 20;

/// Results by category, and some of the payments that were settled wrongly.
#[derive(Clone, Debug, Default)]
pub struct Score {
    pub by_category: BTreeMap<Category, Tally>,
    pub by_tier: BTreeMap<Tier, u32>,
    pub wrong: Vec<String>,
    /// For people who want to see what was left over: one of each category and outcome.
    pub samples: BTreeMap<(Category, &'static str), String>,
}

impl Score {
    pub fn record(&mut self, payment: &Payment, decision: &Decision) {
        if let Decision::Settle { tier, .. } | Decision::Partial { tier, .. } = decision {
            *self.by_tier.entry(*tier).or_default() += 1;
        }
        let outcome = judge(payment, decision);
        if outcome == Outcome::Wrong {
            self.keep_wrong(|| format!("{payment:?}\n  {decision:?}"));
        }
        let name = self.count(payment.category, outcome);
        self.samples.entry((payment.category, name)).or_insert_with(|| {
            format!("{} {} {} → {decision:?}", payment.amount, payment.payer_name, payment.purpose)
        });
    }

    /// Of a rule that settles or does not, and suggests nothing.
    pub fn record_settled(&mut self, payment: &Payment, settled: &Settled) {
        let outcome = match settled {
            Some(done) => judge_settled(&payment.truth, done.clone()),
            None if payment.truth.is_empty() => Outcome::Right,
            None => Outcome::SuggestedWithout,
        };
        if outcome == Outcome::Wrong {
            self.keep_wrong(|| format!("{payment:?}\n  {settled:?}"));
        }
        self.count(payment.category, outcome);
    }

    fn keep_wrong(&mut self, told: impl FnOnce() -> String) {
        if self.wrong.len() < WRONG_KEPT {
            self.wrong.push(told());
        }
    }

    fn count(&mut self, category: Category, outcome: Outcome) -> &'static str {
        let tally = self.by_category.entry(category).or_default();
        tally.payments += 1;
        let (count, name) = match outcome {
            Outcome::Right => (&mut tally.right, "right"),
            Outcome::Wrong => (&mut tally.wrong, "wrong"),
            Outcome::SuggestedFirst => (&mut tally.first, "first"),
            Outcome::SuggestedLater => (&mut tally.later, "later"),
            Outcome::SuggestedWithout => (&mut tally.without, "without"),
            Outcome::SetAside => (&mut tally.aside, "aside"),
        };
        *count += 1;
        name
    }

    /// Another seed's results, added to these.
    pub fn add(&mut self, other: &Self) {
        for (category, tally) in &other.by_category {
            self.by_category.entry(*category).or_default().add(tally);
        }
        for (tier, count) in &other.by_tier {
            *self.by_tier.entry(*tier).or_default() += count;
        }
        self.wrong.extend(other.wrong.iter().take(WRONG_KEPT - self.wrong.len().min(WRONG_KEPT)).cloned());
        for (place, sample) in &other.samples {
            self.samples.entry(*place).or_insert_with(|| sample.clone());
        }
    }

    pub fn wrong_count(&self) -> u32 {
        self.by_category.values().map(|tally| tally.wrong).sum()
    }

    pub fn payments(&self) -> u32 {
        self.by_category.values().map(|tally| tally.payments).sum()
    }

    /// Settled rightly of all that was settled, in millionths.
    pub fn precision(&self) -> u32 {
        let wrong = u64::from(self.wrong_count());
        let right: u64 = self.meant(&[]).map(|tally| u64::from(tally.right)).sum();
        u32::try_from(right * 1_000_000 / (right + wrong).max(1)).unwrap_or(0)
    }

    fn meant(&self, left_out: &[Category]) -> impl Iterator<Item = &Tally> {
        let counted = |category: &Category| !category.is_for_no_invoice() && !left_out.contains(category);
        self.by_category.iter().filter(move |(category, _)| counted(category)).map(|(_, tally)| tally)
    }

    pub fn tally(&self, category: Category) -> Tally {
        self.by_category.get(&category).copied().unwrap_or_default()
    }

    /// Over everything that was meant for invoices, in thousandths; `left_out` by choice.
    pub fn recall(&self, left_out: &[Category]) -> u32 {
        let (right, all) =
            self.meant(left_out).fold((0, 0), |sum, tally| (sum.0 + tally.right, sum.1 + tally.payments));
        thousandths(right, all)
    }

    /// How often what was meant comes first when a person has to choose, in thousandths.
    pub fn first_suggestion(&self, left_out: &[Category]) -> u32 {
        let (first, all) = self.meant(left_out).fold((0, 0), |sum, tally| {
            (sum.0 + tally.first, sum.1 + tally.first + tally.later + tally.without)
        });
        thousandths(first, all)
    }
}

fn thousandths(part: u32, whole: u32) -> u32 {
    u32::try_from(u64::from(part) * 1000 / u64::from(whole.max(1))).unwrap_or(0)
}

impl Tally {
    /// In thousandths.
    pub fn recall(&self) -> u32 {
        thousandths(self.right, self.payments)
    }

    fn add(&mut self, other: &Self) {
        let Self { payments, right, wrong, first, later, without, aside } = other;
        self.payments += payments;
        self.right += right;
        self.wrong += wrong;
        self.first += first;
        self.later += later;
        self.without += without;
        self.aside += aside;
    }
}

fn judge(payment: &Payment, decision: &Decision) -> Outcome {
    let meant = &payment.truth;
    let done: Vec<(i64, i64)> = match decision {
        Decision::Settle { allocations, .. } => {
            allocations.iter().map(|allocation| (allocation.invoice, allocation.amount.minor())).collect()
        }
        Decision::Partial { allocation, .. } => vec![(allocation.invoice, allocation.amount.minor())],
        Decision::NotReceivable { .. } if meant.is_empty() => return Outcome::Right,
        Decision::NotReceivable { .. } => return Outcome::SetAside,
        Decision::Suggest { .. } if meant.is_empty() => return Outcome::Right,
        Decision::Suggest { candidates, together, .. } => {
            let whole = if *together { candidates.len() } else { 1 };
            let proposed: Vec<i64> = candidates.iter().map(|candidate| candidate.invoice).collect();
            let holds = |ids: &[i64]| meant.iter().all(|(invoice, _)| ids.contains(invoice));
            return match (holds(&proposed[..whole.min(proposed.len())]), holds(&proposed)) {
                (true, _) => Outcome::SuggestedFirst,
                (_, true) => Outcome::SuggestedLater,
                _ => Outcome::SuggestedWithout,
            };
        }
    };
    judge_settled(meant, done)
}

fn judge_settled(meant: &[(i64, i64)], done: Vec<(i64, i64)>) -> Outcome {
    let mut sorted = (done, meant.to_vec());
    sorted.0.sort_unstable();
    sorted.1.sort_unstable();
    if sorted.0 == sorted.1 { Outcome::Right } else { Outcome::Wrong }
}

impl fmt::Display for Score {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(
            f,
            "{:<14}{:>8}{:>8}{:>6}{:>8}{:>7}{:>7}{:>6}{:>8}",
            "category", "all", "right", "wrong", "first", "later", "none", "aside", "recall"
        )?;
        for (category, tally) in &self.by_category {
            writeln!(
                f,
                "{:<14}{:>8}{:>8}{:>6}{:>8}{:>7}{:>7}{:>6}{:>8}",
                format!("{category:?}"),
                tally.payments,
                tally.right,
                tally.wrong,
                tally.first,
                tally.later,
                tally.without,
                tally.aside,
                tally.recall()
            )?;
        }
        writeln!(
            f,
            "recall {} ‰ ({} ‰ of what could be known), first suggestion right {} ‰ ({} ‰), by rule {:?}",
            self.recall(&[]),
            self.recall(&[Category::Unknowable]),
            self.first_suggestion(&[]),
            self.first_suggestion(&[Category::Unknowable]),
            self.by_tier
        )
    }
}
