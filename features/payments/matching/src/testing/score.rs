use std::{collections::BTreeMap, fmt};

use super::{Category, Payment};
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

/// Results by category, and the payments that were settled wrongly.
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
        let outcome = judge(payment, decision);
        let tally = self.by_category.entry(payment.category).or_default();
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
        if let Decision::Settle { tier, .. } | Decision::Partial { tier, .. } = decision {
            *self.by_tier.entry(*tier).or_default() += 1;
        }
        if outcome == Outcome::Wrong {
            self.wrong.push(format!("{payment:?}\n  {decision:?}"));
        }
        self.samples
            .entry((payment.category, name))
            .or_insert_with(|| format!("{} {} → {decision:?}", payment.amount, payment.purpose));
    }

    pub fn tally(&self, category: Category) -> Tally {
        self.by_category.get(&category).copied().unwrap_or_default()
    }

    /// Over everything that was meant for invoices, in thousandths; `left_out` by choice.
    pub fn recall(&self, left_out: &[Category]) -> u32 {
        let none = [Category::Foreign, Category::Cancelled, Category::OtherCurrency];
        let counted = |category: &Category| !none.contains(category) && !left_out.contains(category);
        let meant = self.by_category.iter().filter(|(category, _)| counted(category));
        let (right, all) =
            meant.fold((0, 0), |sum, (_, tally)| (sum.0 + tally.right, sum.1 + tally.payments));
        right * 1000 / all.max(1)
    }

    /// How often what was meant comes first when a person has to choose, in thousandths.
    pub fn first_suggestion(&self) -> u32 {
        let sum = |part: fn(&Tally) -> u32| self.by_category.values().map(part).sum::<u32>();
        sum(|tally| tally.first) * 1000 / sum(|tally| tally.first + tally.later + tally.without).max(1)
    }
}

impl Tally {
    /// In thousandths.
    pub fn recall(&self) -> u32 {
        self.right * 1000 / self.payments.max(1)
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
    let mut sorted = (done, meant.clone());
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
            "recall {} ‰, first suggestion right {} ‰, by rule {:?}",
            self.recall(&[]),
            self.first_suggestion(),
            self.by_tier
        )
    }
}
