//! Several matchers on the same payments.

use takt_kernel::Result;

use super::{MemoryLedger, Numbering, Payment, Score, World, odoo, sbis};
use crate::{Policy, decide};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Matcher {
    /// Rules A to F.
    Careful,
    /// And G, for companies that want it.
    WithStale,
    /// And H as well.
    WithNames,
    Odoo,
    Sbis,
}

impl Matcher {
    pub const ALL: [Self; 5] = [Self::Careful, Self::WithStale, Self::WithNames, Self::Odoo, Self::Sbis];

    pub const OURS: [Self; 3] = [Self::Careful, Self::WithStale, Self::WithNames];

    pub fn is_ours(self) -> bool {
        Self::OURS.contains(&self)
    }

    pub const fn code(self) -> &'static str {
        match self {
            Self::Careful => "rules A-F",
            Self::WithStale => "rules A-G",
            Self::WithNames => "rules A-H",
            Self::Odoo => "Odoo's rule",
            Self::Sbis => "SBIS's rule",
        }
    }

    /// As figures are known by.
    pub const fn id(self) -> &'static str {
        match self {
            Self::Careful => "a-f",
            Self::WithStale => "a-g",
            Self::WithNames => "a-h",
            Self::Odoo => "odoo",
            Self::Sbis => "sbis",
        }
    }

    fn policy(self, world: &World) -> Policy {
        let mut policy = world.policy.clone();
        policy.accept_stale = matches!(self, Self::WithStale | Self::WithNames);
        policy.accept_names = self == Self::WithNames;
        policy
    }

    fn judge(
        self,
        payment: &Payment,
        ledger: &mut MemoryLedger,
        policy: &Policy,
        score: &mut Score,
    ) -> Result<()> {
        match self {
            Self::Odoo => score.record_settled(payment, &odoo(payment, ledger)?),
            Self::Sbis => score.record_settled(payment, &sbis(payment, ledger)?),
            Self::Careful | Self::WithStale | Self::WithNames => {
                score.record(payment, &decide(&payment.line(), ledger, policy)?);
            }
        }
        Ok(())
    }
}

/// Customers and open invoices of a seed: small shops and large ones.
pub fn shape_of(seed: u64) -> (usize, usize) {
    let shapes = [(800, 1_500), (200, 1_500), (4_000, 1_500), (1_500, 4_000), (10_000, 6_000)];
    usize::try_from(seed).map_or(shapes[0], |seed| shapes[seed % shapes.len()])
}

/// The scores of several matchers over one seed.
pub struct Comparison {
    pub scores: Vec<(Matcher, Score)>,
    pub world: World,
}

impl Comparison {
    /// # Errors
    /// Those of [`decide`]; there are none over maps.
    pub fn run(seed: u64, numbering: Numbering, matchers: &[Matcher], payments: usize) -> Result<Self> {
        let (customers, open) = shape_of(seed);
        let mut world = World::new(seed, numbering, customers, open);
        let policies: Vec<Policy> = matchers.iter().map(|matcher| matcher.policy(&world)).collect();
        let mut scores: Vec<(Matcher, Score)> =
            matchers.iter().map(|matcher| (*matcher, Score::default())).collect();
        for _ in 0..payments {
            world.step(&mut |payment, ledger| {
                for ((matcher, score), policy) in scores.iter_mut().zip(&policies) {
                    matcher.judge(payment, ledger, policy, score)?;
                }
                Ok(())
            })?;
        }
        Ok(Self { scores, world })
    }
}
