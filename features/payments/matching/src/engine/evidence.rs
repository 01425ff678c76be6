//! What is known about one line after all lookups but the last.

use std::cell::{Cell, OnceCell};

use takt_kernel::{Result, money::Money};

use super::named::Named;
use crate::{
    ledger::{Filed, Invoice},
    names::{PayerName, Said, Words},
    payer::Payer,
    reason::{self, Reason},
    text::Extract,
};

/// Something that speaks against settling, and which rules may overlook it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Objection {
    /// No rule overlooks it.
    Always(Reason),
    /// A number that no invoice has. A valid reference with the exact amount outweighs it.
    UnknownNumber(Reason),
    /// A token that is almost a reference.
    Malformed(Reason),
    /// A named invoice that is paid already.
    Paid(Reason),
    /// The day beside a name is not the day of its invoice.
    Day(Reason),
}

impl Objection {
    pub fn reason(&self) -> &Reason {
        match self {
            Self::Always(reason)
            | Self::UnknownNumber(reason)
            | Self::Malformed(reason)
            | Self::Paid(reason)
            | Self::Day(reason) => reason,
        }
    }
}

pub(super) struct Evidence {
    pub amount: Money,
    pub payer_name: PayerName,
    /// The text, folded, until its words are found, when a name is first looked for in it.
    pub letters: Cell<Vec<char>>,
    pub said: OnceCell<Said>,
    pub payer: Payer,
    pub text: Extract,
    /// Open invoices the payer names (E1, E2, E3), by id.
    pub named: Vec<Named>,
    /// Paid or otherwise closed invoices the payer names.
    pub closed: Vec<Filed>,
    /// The open ones a number might mean when it may mean several.
    pub possible: Vec<Filed>,
    pub objections: Vec<Objection>,
    /// Customers this payer is known as: by taxpayer number (E4), by account (E5).
    pub by_inn: Vec<i64>,
    pub by_account: Vec<i64>,
    /// Open invoices of the payer's customers and of the customers of named invoices, by id. Not
    /// looked at while a reference with the exact amount decides alone.
    pub open: Vec<Filed>,
    pub open_is_seen: bool,
    /// `open` is all of them, so that "no other" can be said.
    pub open_is_whole: bool,
    /// Open invoices of anybody with this amount, gathered only for rule H.
    pub same_amount: Vec<Filed>,
    pub same_amount_is_whole: bool,
}

impl Evidence {
    pub fn forbid(&mut self, reason: Reason) {
        self.objections.push(Objection::Always(reason));
    }

    pub fn names_open_by_reference(&self) -> bool {
        self.named.iter().any(Named::by_reference)
    }

    /// E4 or E5 for this invoice.
    pub fn knows_payer_of(&self, invoice: &Invoice) -> bool {
        self.inn_known_for(invoice) || self.by_account.contains(&invoice.customer)
    }

    pub fn inn_known_for(&self, invoice: &Invoice) -> bool {
        let named_payer = self.payer.inn.as_ref().is_some_and(|inn| invoice.payer_inns.contains(inn));
        named_payer || self.by_inn.contains(&invoice.customer)
    }

    /// E9: the customer's whole name stands in the payer's field or in the text.
    pub fn name_stands_for(&self, invoice: &Filed) -> bool {
        let said = self.said.get_or_init(|| Said::new(Words::of(self.letters.take())));
        said.holds(invoice.folded_name(), &self.payer_name)
    }

    /// The payer's field and the customer's name may be one person's.
    pub fn name_resembles(&self, invoice: &Filed) -> bool {
        self.payer_name.resembles(invoice.folded_name(), &invoice.customer_name)
    }

    /// E4, E5 or E9: payer or name agree with the customer of this invoice.
    pub fn speaks_for(&self, invoice: &Filed) -> bool {
        self.knows_payer_of(invoice) || self.name_stands_for(invoice)
    }

    /// Its customer has no other open one.
    pub fn is_only_open(&self, invoice: &Invoice) -> bool {
        let of_customer = self.open.iter().filter(|other| other.customer == invoice.customer);
        self.open_is_whole && of_customer.count() == 1
    }

    /// The text states what is left to pay: the amount is short of what was meant.
    pub fn states_residual_of(&self, invoice: &Invoice) -> bool {
        self.text.stated_sums.contains(&invoice.residual.minor())
    }

    /// Whether the text names anything, rightly or not.
    pub fn names_anything(&self) -> bool {
        let text = &self.text;
        let written = text.references.len() + text.malformed.len() + text.numbers.len();
        written > 0 || text.cut.is_some() || !self.named.is_empty() || !self.closed.is_empty()
    }

    /// The payer is known as somebody, and not as the customer of this invoice.
    pub fn payer_is_another(&self, invoice: &Invoice) -> bool {
        let known = !self.by_inn.is_empty() || !self.by_account.is_empty();
        known && !self.knows_payer_of(invoice)
    }

    pub fn open_of_payer(&self) -> impl Iterator<Item = &Filed> {
        self.open.iter().filter(|invoice| self.knows_payer_of(invoice))
    }

    /// E4, or E5 under a name that is not another's: who once paid for somebody else is known by his
    /// account as that one, and pays for himself the next time. Where nothing is named, that decides.
    pub fn is_surely_payer_of(&self, invoice: &Filed) -> bool {
        let alike = || self.payer_name.is_silent() || self.name_resembles(invoice);
        self.inn_known_for(invoice) || (self.by_account.contains(&invoice.customer) && alike())
    }

    /// E6.
    pub fn is_exact(&self, invoice: &Invoice) -> bool {
        invoice.residual == self.amount
    }

    pub fn sum_of_named(&self) -> Result<Money> {
        Money::sum(self.amount.currency(), self.named.iter().map(|named| named.invoice.residual))
    }

    pub fn one_customer(&self) -> bool {
        self.named.windows(2).all(|pair| pair[0].invoice.customer == pair[1].invoice.customer)
    }

    pub fn tell_payer(&self, invoice: &Filed, reasons: &mut Vec<Reason>) {
        let by_inn = self.inn_known_for(invoice);
        let by_account = self.by_account.contains(&invoice.customer);
        if by_inn {
            reasons.push(Reason::new(reason::INN).with("inn", self.payer.inn.as_deref().unwrap_or_default()));
        }
        if by_account {
            reasons.push(Reason::new(reason::ACCOUNT));
        }
        if !by_inn && !by_account && self.name_stands_for(invoice) {
            reasons.push(Reason::new(reason::FULL_NAME).with("name", &invoice.customer_name));
        }
    }
}
