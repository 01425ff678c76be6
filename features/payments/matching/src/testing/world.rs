use takt_kernel::{
    Result,
    money::{Currency, Money},
};

use super::{Chance, MemoryLedger, Payment, Score, customers::Person, payments::Category};
use crate::{Date, IncomingLine, Invoice, InvoiceState, Policy, Prefix, Reference, decide, payer};

/// What invoices are called.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Numbering {
    /// Check digits, as we issue them.
    References,
    /// Plain numbers of another system.
    Plain,
}

/// Customers, their invoices, and an accountant who does the truth after each decision.
pub struct World {
    pub(super) chance: Chance,
    pub ledger: MemoryLedger,
    pub(super) people: Vec<Person>,
    pub(super) numbering: Numbering,
    pub policy: Policy,
    serial: u64,
    open: usize,
    day: u64,
    /// Recent ids, for picking old and new invoices alike.
    pub(super) issued: Vec<i64>,
}

impl World {
    pub fn new(seed: u64, numbering: Numbering, customers: usize, open: usize) -> Self {
        let mut chance = Chance::from_seed(seed);
        let people = (1..).take(customers).map(|id| Person::new(id, &mut chance)).collect();
        let policy = Policy { own_inns: vec!["7701234567".into()], ..Policy::default() };
        let mut world = Self {
            chance,
            ledger: MemoryLedger::default(),
            people,
            numbering,
            policy,
            serial: 1000,
            open,
            day: 0,
            issued: Vec::new(),
        };
        world.restock();
        for person in &world.people {
            if let Some(inn) = &person.inn {
                world.ledger.learn_inn(inn, person.id);
            }
        }
        world
    }

    /// One payment: made, decided, scored, and then done as it was meant.
    ///
    /// # Errors
    /// Those of [`decide`]; there are none over maps.
    pub fn pay(&mut self, score: &mut Score) -> Result<()> {
        self.restock();
        let payment = self.next_payment();
        let policy = self.policy.clone();
        let decision = decide(&payment.line(), &mut self.ledger, &policy)?;
        score.record(&payment, &decision);
        self.carry_out(&payment);
        Ok(())
    }

    fn carry_out(&mut self, payment: &Payment) {
        let payer = payer(&payment.line(), &self.policy);
        for (invoice, minor) in &payment.truth {
            self.ledger.pay(*invoice, *minor);
            let Some(customer) = self.ledger.get(*invoice).map(|invoice| invoice.customer) else { continue };
            for account in &payer.accounts {
                self.ledger.learn_account(account, customer);
            }
        }
    }

    fn restock(&mut self) {
        while self.ledger.open_count() < self.open {
            let customer = 1 + i64::try_from(self.chance.below(self.people.len() as u64)).unwrap_or(0);
            let total = self.amount();
            self.issue(customer, total, Currency::RUB);
        }
    }

    /// Prices collide in real shops: round amounts, few price points, small quantities.
    fn amount(&mut self) -> i64 {
        let price = *self
            .chance
            .pick(&[9_900, 25_000, 49_000, 99_000, 100_000, 149_000, 250_000, 499_900, 1_200_000]);
        let quantity = 1 + i64::try_from(self.chance.below(6)).unwrap_or(0);
        let odd = if self.chance.in_thousand(600) {
            i64::try_from(self.chance.below(50_000)).unwrap_or(0)
        } else {
            0
        };
        price * quantity + odd
    }

    pub(super) fn issue(&mut self, customer: i64, total: i64, currency: Currency) -> i64 {
        self.serial += 1;
        self.day += u64::from(self.serial.is_multiple_of(60));
        let id = i64::try_from(self.serial).unwrap_or(0);
        let reference = match self.numbering {
            Numbering::References => Reference::new(Prefix::DEFAULT, self.serial).ok(),
            Numbering::Plain => None,
        };
        let own_number = match self.numbering {
            Numbering::References => format!("{}", 50_000 + self.serial),
            Numbering::Plain => self.serial.to_string(),
        };
        let total = Money::new(total, currency);
        let name = self.people.iter().find(|person| person.id == customer).map(|person| person.name.clone());
        self.ledger.put(Invoice {
            id,
            reference,
            numbers: vec![own_number],
            dates: self.date().into_iter().collect(),
            customer,
            customer_name: name.unwrap_or_default(),
            payer_inns: Vec::new(),
            total,
            residual: total,
            state: InvoiceState::Open,
        });
        self.issued.push(id);
        id
    }

    fn date(&self) -> Option<Date> {
        let month = u8::try_from(1 + self.day / 28 % 12).ok()?;
        Date::new(u16::try_from(2026 + self.day / 336).ok()?, month, u8::try_from(1 + self.day % 28).ok()?)
    }

    pub(super) fn change(&mut self, id: i64, change: impl FnOnce(&mut Invoice)) {
        if let Some(mut invoice) = self.ledger.get(id).cloned() {
            change(&mut invoice);
            self.ledger.put(invoice);
        }
    }

    pub(super) fn category(&mut self) -> Category {
        let mut roll = self.chance.below(1000);
        for (category, share) in Category::MIX {
            if roll < share {
                return category;
            }
            roll -= share;
        }
        Category::Clean
    }
}

impl Payment {
    pub fn line(&self) -> IncomingLine<'_> {
        IncomingLine {
            amount: self.amount,
            payer_name: &self.payer_name,
            payer_inn: self.payer_inn.as_deref(),
            payer_accounts: &self.payer_accounts,
            payer_bic: Some("044525225"),
            purpose: &self.purpose,
            references: &[],
            kinds: &[],
            own_bank_bic: Some("044525974"),
            reversal: false,
        }
    }
}
