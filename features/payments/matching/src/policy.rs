//! What a company may set about matching. [`Policy::default`] is the careful one.

use serde::{Deserialize, Serialize};
use takt_kernel::money::Money;

use crate::{classify::Class, reference::Prefix};

/// The rules of acceptance, surest first. G and H are off unless a company wants them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Tier {
    A,
    B,
    C,
    D,
    E,
    F,
    G,
    H,
}

impl Tier {
    pub const ALL: [Self; 8] = [Self::A, Self::B, Self::C, Self::D, Self::E, Self::F, Self::G, Self::H];

    pub const fn code(self) -> &'static str {
        match self {
            Self::A => "a",
            Self::B => "b",
            Self::C => "c",
            Self::D => "d",
            Self::E => "e",
            Self::F => "f",
            Self::G => "g",
            Self::H => "h",
        }
    }
}

#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(default)]
pub struct Policy {
    /// Letters of the references we print, old ones included.
    pub prefixes: Vec<Prefix>,
    /// The largest line that a rule may settle alone, per rule and currency; none means no limit.
    pub caps: Vec<(Tier, Money)>,
    /// Rule G: the text names a paid invoice, and the payer has exactly one open with this amount.
    pub accept_stale: bool,
    /// Rule H: nothing is named and the payer is unknown, but his full name is that of the customer
    /// who alone has an invoice with this amount.
    pub accept_names: bool,
    /// Rule D accepts up to this share of the residual, in percent.
    pub overpayment_percent: i64,
    /// Our own taxpayer numbers and accounts: money from them is our own.
    pub own_inns: Vec<String>,
    pub own_accounts: Vec<String>,
    /// Taxpayer numbers of banks we know; a payment under one says nothing about who paid.
    pub bank_inns: Vec<String>,
    /// Counterparties whose money is never for an invoice: acquirer, carrier, insurer.
    pub counterparties: Vec<(String, Class)>,
    /// Taxpayer numbers and accounts whose payments a person wants to see.
    pub watched: Vec<String>,
    /// Suggestions shown for a choice.
    pub suggestions: usize,
    /// One payer number or account standing for more customers than this proves nothing.
    pub customers_per_payer: usize,
    /// With more open invoices than this in view, "no other has this amount" cannot be said.
    pub open_in_view: usize,
}

impl Default for Policy {
    fn default() -> Self {
        Self {
            prefixes: vec![Prefix::DEFAULT],
            caps: Vec::new(),
            accept_stale: false,
            accept_names: false,
            overpayment_percent: 150,
            own_inns: Vec::new(),
            own_accounts: Vec::new(),
            bank_inns: Vec::new(),
            counterparties: Vec::new(),
            watched: Vec::new(),
            suggestions: 3,
            customers_per_payer: 8,
            open_in_view: 500,
        }
    }
}

impl Policy {
    pub(crate) fn cap(&self, tier: Tier, amount: Money) -> Option<Money> {
        let of_tier =
            |(of, cap): &(Tier, Money)| (*of == tier && cap.currency() == amount.currency()).then_some(*cap);
        self.caps.iter().filter_map(of_tier).min_by_key(|cap| cap.minor())
    }
}
