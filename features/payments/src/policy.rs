//! What a company has decided about matching: which rules settle by themselves, up to what amount,
//! and whose payments a person wants to see.

use takt_kernel::{CompanyId, Fault, FieldFault, Result, money::Money};
use takt_payments_matching::{Policy, Tier};
use takt_staff::{Permit, settings};
use takt_store::{Query, Tx};

use crate::rights::SetRules;

/// Company setting: a [`Policy`].
const POLICY: &str = "payments.policy";
const MOST_LISTED: usize = 1000;
/// More than an INN, less than an IBAN with spaces in it.
const LISTED_LETTERS: std::ops::RangeInclusive<usize> = 8..=34;
/// Rule D: from nothing more to twice as much more.
const OVERPAYMENT_PERCENT: std::ops::RangeInclusive<i64> = 100..=300;

/// The part of a [`Policy`] that people choose; the rest is known from elsewhere.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RuleChoices {
    /// Rules G and H.
    pub accept_stale: bool,
    pub accept_names: bool,
    /// Rule D accepts up to so many percent of what is left to pay.
    pub overpayment_percent: i64,
    pub caps: Vec<(Tier, Money)>,
    /// Taxpayer numbers and accounts whose payments a person looks at.
    pub watched: Vec<String>,
    /// Taxpayer numbers of banks, besides those everybody knows.
    pub bank_inns: Vec<String>,
}

pub(crate) fn policy(db: &mut dyn Query, company: CompanyId) -> Result<Policy> {
    Ok(settings::get(db, company, POLICY)?.unwrap_or_default())
}

impl RuleChoices {
    /// # Errors
    /// Faults of the store.
    pub fn of(db: &mut dyn Query, company: CompanyId) -> Result<Self> {
        let Policy { accept_stale, accept_names, overpayment_percent, caps, watched, bank_inns, .. } =
            policy(db, company)?;
        Ok(Self { accept_stale, accept_names, overpayment_percent, caps, watched, bank_inns })
    }

    /// Holds from the next line on; what was settled stays.
    ///
    /// # Errors
    /// `input.fields`: a percentage out of bounds, a cap that is no amount, an entry that is neither a
    /// taxpayer number nor an account.
    pub fn save(&self, tx: &mut Tx, permit: &Permit<SetRules>) -> Result<()> {
        self.check()?;
        let mut policy = policy(tx, permit.company())?;
        let Self { accept_stale, accept_names, overpayment_percent, caps, watched, bank_inns } = self.clone();
        policy.accept_stale = accept_stale;
        policy.accept_names = accept_names;
        policy.overpayment_percent = overpayment_percent;
        policy.caps = caps;
        policy.watched = watched;
        policy.bank_inns = bank_inns;
        settings::set(tx, permit.company(), POLICY, &policy, permit.actor())
    }

    fn check(&self) -> Result<()> {
        let mut faults = Vec::new();
        let mut refuse = |path: String, code: &'static str| {
            faults.push(FieldFault { path, code: code.into(), args: Vec::new() });
        };
        if !OVERPAYMENT_PERCENT.contains(&self.overpayment_percent) {
            refuse("overpayment".to_owned(), "payments.overpayment_out_of_range");
        }
        for (tier, _) in self.caps.iter().filter(|(_, cap)| !cap.is_positive()) {
            refuse(format!("cap.{}", tier.code()), "payments.cap_malformed");
        }
        let listed = |text: &String| {
            LISTED_LETTERS.contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_alphanumeric())
        };
        if self.watched.len() > MOST_LISTED || !self.watched.iter().all(listed) {
            refuse("watched".to_owned(), "payments.watched_malformed");
        }
        let inn =
            |text: &String| matches!(text.len(), 10 | 12) && text.bytes().all(|byte| byte.is_ascii_digit());
        if self.bank_inns.len() > MOST_LISTED || !self.bank_inns.iter().all(inn) {
            refuse("banks".to_owned(), "payments.bank_inn_malformed");
        }
        if faults.is_empty() { Ok(()) } else { Err(Fault::from_fields(faults)) }
    }
}
