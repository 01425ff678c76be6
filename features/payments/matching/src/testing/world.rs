use std::collections::{BTreeMap, HashMap};

use takt_kernel::{
    Result,
    money::{Currency, Money},
};

use super::{
    Chance, Delivery, MemoryLedger, Payment, Score,
    customers::Person,
    deliveries::Deliveries,
    payments::{Category, folded},
};
use crate::{Date, Invoice, InvoiceState, Policy, Prefix, Reference, decide, payer};

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
    /// By full name, and by surname and initials.
    names: HashMap<String, Vec<i64>>,
    pub(super) numbering: Numbering,
    pub policy: Policy,
    pub deliveries: Deliveries,
    pub(super) documents: BTreeMap<String, u64>,
    serial: u64,
    open: usize,
    day: u64,
    /// Recent ids, for picking old and new invoices alike.
    pub(super) issued: Vec<i64>,
}

/// Hears of each payment that reached matching, with the ledger as it was then.
pub type Judge<'j> = dyn FnMut(&Payment, &mut MemoryLedger) -> Result<()> + 'j;

impl World {
    pub fn new(seed: u64, numbering: Numbering, customers: usize, open: usize) -> Self {
        let mut chance = Chance::from_seed(seed);
        let people: Vec<Person> = (1..).take(customers).map(|id| Person::new(id, &mut chance)).collect();
        let mut names: HashMap<String, Vec<i64>> = HashMap::new();
        for person in &people {
            names.entry(folded(&person.name)).or_default().push(person.id);
            if !person.is_firm() {
                names.entry(folded(&person.initials())).or_default().push(person.id);
            }
        }
        let policy = Policy { own_inns: vec!["7701234567".into()], ..Policy::default() };
        let mut world = Self {
            chance,
            ledger: MemoryLedger::default(),
            people,
            names,
            numbering,
            policy,
            deliveries: Deliveries::default(),
            documents: BTreeMap::new(),
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

    /// One payment: made, reported, decided by the world's policy, scored, and then done as it was
    /// meant.
    ///
    /// # Errors
    /// Those of [`decide`]; there are none over maps.
    pub fn pay(&mut self, score: &mut Score) -> Result<()> {
        let policy = self.policy.clone();
        self.step(&mut |payment, ledger| {
            score.record(payment, &decide(&payment.line(), ledger, &policy)?);
            Ok(())
        })
    }

    /// One payment: made, reported, judged as often as its reports reach matching, and then done.
    ///
    /// # Errors
    /// Those of the judge.
    pub fn step(&mut self, judge: &mut Judge<'_>) -> Result<()> {
        self.restock();
        let payment = self.next_payment();
        let delivery = match Delivery::pick(&mut self.chance) {
            // A second one that names nothing might rightly pay the next invoice with this amount.
            Delivery::Alike if payment.category != Category::Clean => Delivery::Once,
            delivery => delivery,
        };
        let day = self.date().map(|day| day.to_string()).unwrap_or_default();
        let reached = self.deliveries.deliver(delivery, &payment, &day)?;
        if reached == 0 {
            return Ok(());
        }
        judge(&payment, &mut self.ledger)?;
        self.carry_out(&payment);
        for _ in 1..reached {
            let again = Payment { category: Category::Double, truth: Vec::new(), ..payment.clone() };
            judge(&again, &mut self.ledger)?;
        }
        Ok(())
    }

    /// Payments as they would come against the ledger as it stands, none of them done: to time
    /// decisions alone.
    pub fn payments(&mut self, count: usize) -> Vec<Payment> {
        (0..count).map(|_| self.next_payment()).collect()
    }

    /// Payers are learned as payments learns them, third parties too.
    fn carry_out(&mut self, payment: &Payment) {
        let payer = payer(&payment.line(), &self.policy);
        for (invoice, minor) in &payment.truth {
            self.ledger.pay(*invoice, *minor);
            let Some(customer) = self.ledger.get(*invoice).map(|invoice| invoice.customer) else { continue };
            for account in &payer.accounts {
                self.ledger.learn_account(account, customer);
            }
            if let Some(inn) = &payer.inn {
                self.ledger.learn_inn(inn, customer);
            }
        }
    }

    /// Customers with the name that a payer's field shows, whole or as surname and initials.
    pub(super) fn namesakes(&self, payer_name: &str) -> Vec<i64> {
        let name = payer_name.split("//").nth(1).unwrap_or(payer_name);
        self.names.get(&folded(name)).cloned().unwrap_or_default()
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
        let quantity = self.chance.share(1, 6);
        let odd = if self.chance.in_thousand(600) { self.chance.share(0, 49_999) } else { 0 };
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
        let person = usize::try_from(customer - 1).ok().and_then(|at| self.people.get(at));
        self.ledger.put(Invoice {
            id,
            reference,
            numbers: vec![own_number],
            dates: self.date().into_iter().collect(),
            customer,
            customer_name: person.map(|person| person.name.clone()).unwrap_or_default(),
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
        // Sixty years of one numbering are enough; then days come again.
        let year = u16::try_from(2026 + self.day / 336 % 60).ok()?;
        Date::new(year, month, u8::try_from(1 + self.day % 28).ok()?)
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
