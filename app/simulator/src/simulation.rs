//! The engine: an agenda of deeds, and an ear on the facts that puts new ones on it. Shops and buyers
//! act by the plan; people act on what the program says, whoever caused it, so an order that a
//! visitor places is served as well, and what a visitor did already is left alone.

use std::collections::{BTreeMap, VecDeque};

use takt_kernel::{Fault, Kind, Result, Timestamp};
use takt_orders::OrderId;
use takt_payments::import::BankLineId;
use takt_shipments::ShipmentId;
use takt_store::Db;
use takt_tasks::TaskId;

use crate::{
    agenda::{Agenda, Moment, StoryClock},
    bank::Bank,
    chance::Chance,
    company::Company,
    life::Plan,
    outside::Outside,
    payment::Part,
};

/// How many unexpected refusals are kept for whoever asks.
const SURPRISES_KEPT: usize = 50;

/// Story milliseconds between two statements of the bank.
const STATEMENT_EVERY: Moment = 12_000;

/// What somebody is going to do.
#[derive(Clone, Debug)]
pub(crate) enum Deed {
    Place(usize),
    /// The shop's program sends the same once more.
    SendAgain(usize),
    CorrectSku(usize),
    BuyerCancels(usize),
    Pay(usize, Part),
    Statement,
    Take(TaskId),
    Call(TaskId),
    Pick(TaskId),
    Dispatch(OrderId),
    Deliver(ShipmentId),
    Restock,
    Accept(BankLineId),
}

pub struct Simulation<O> {
    pub(crate) db: Db,
    pub(crate) outside: O,
    pub(crate) company: Company,
    pub(crate) plan: Plan,
    pub(crate) bank: Bank,
    pub(crate) agenda: Agenda<Deed>,
    pub(crate) chance: Chance,
    /// The program's ids of what the shops have sent.
    pub(crate) sent: BTreeMap<usize, OrderId>,
    pub(crate) of_order: BTreeMap<OrderId, usize>,
    /// Position in the log of facts up to which people have heard.
    pub(crate) heard: i64,
    pub(crate) restocking: bool,
    clock: StoryClock,
    /// Story milliseconds between two orders; `None` when no more shall come.
    interval: Option<i64>,
    surprises: VecDeque<String>,
}

impl<O: Outside> Simulation<O> {
    pub fn new(db: Db, outside: O, company: Company, plan: Plan, seed: u64) -> Self {
        let clock = StoryClock::starting(db.clock().now());
        let mut agenda = Agenda::new();
        agenda.set(0, Deed::Place(0));
        agenda.set(STATEMENT_EVERY, Deed::Statement);
        Self {
            db,
            outside,
            company,
            plan,
            bank: Bank::new(seed),
            agenda,
            chance: Chance::of(seed, "people"),
            sent: BTreeMap::new(),
            of_order: BTreeMap::new(),
            heard: 0,
            restocking: false,
            clock,
            interval: Some(5_000),
            surprises: VecDeque::new(),
        }
    }

    /// People hear only what comes after this position of the log.
    #[must_use]
    pub fn hearing_from(mut self, position: i64) -> Self {
        self.heard = position;
        self
    }

    pub fn company(&self) -> &Company {
        &self.company
    }
    pub fn outside(&self) -> &O {
        &self.outside
    }
    /// How many orders the shops have sent.
    pub fn placed(&self) -> usize {
        self.sent.len()
    }

    /// How fast the story runs from now on: 1 is real time.
    pub fn set_pace(&mut self, pace: i64) {
        self.clock.set_pace(self.db.clock().now(), pace);
    }

    /// Story milliseconds from one order to the next, on average; `None`: no more orders.
    pub fn set_interval(&mut self, interval: Option<i64>) {
        self.interval = interval.map(|interval| interval.max(1));
    }

    /// When there is something to do. People look up from time to time for what has come in.
    pub fn next_due(&self) -> Timestamp {
        const LOOK_UP_EVERY: i64 = 500;
        let look_up = self.moment() + LOOK_UP_EVERY;
        self.clock.real(self.agenda.next_moment().map_or(look_up, |next| next.min(look_up)))
    }

    /// Refusals that no colleague's or visitor's quicker hand explains, the latest last.
    pub fn surprises(&self) -> impl Iterator<Item = &str> {
        self.surprises.iter().map(String::as_str)
    }

    /// Everything that is due happens, one thing after another.
    ///
    /// # Errors
    /// When the facts cannot be read; refusals of single deeds are kept as surprises.
    pub async fn step(&mut self) -> Result<()> {
        self.listen().await?;
        let now = self.moment();
        while let Some(deed) = self.agenda.take_due(now) {
            let name = format!("{deed:?}");
            if let Err(fault) = self.act(deed).await {
                self.note(&name, &fault);
            }
        }
        Ok(())
    }

    /// Somebody else was quicker, or it is not to be had any more: life.
    fn note(&mut self, deed: &str, fault: &Fault) {
        if matches!(fault.kind(), Kind::Conflict | Kind::Missing) {
            tracing::debug!(deed, refusal = %fault, "too late");
            return;
        }
        tracing::warn!(deed, refusal = ?fault, "did not work");
        if self.surprises.len() == SURPRISES_KEPT {
            self.surprises.pop_front();
        }
        self.surprises.push_back(format!("{deed}: {fault:?}"));
    }

    async fn act(&mut self, deed: Deed) -> Result<()> {
        match deed {
            Deed::Place(index) => {
                self.set_next_order(index + 1);
                self.place(index).await
            }
            Deed::SendAgain(index) => self.send_again(index).await,
            Deed::CorrectSku(index) => self.correct_sku(index).await,
            Deed::BuyerCancels(index) => self.buyer_cancels(index).await,
            Deed::Pay(index, part) => self.pay(index, part).await,
            Deed::Statement => self.write_statement().await,
            Deed::Take(task) => self.take(task).await,
            Deed::Call(task) => self.call(task).await,
            Deed::Pick(task) => self.pick(task).await,
            Deed::Dispatch(order) => self.dispatch(order).await,
            Deed::Deliver(shipment) => self.deliver(shipment).await,
            Deed::Restock => self.restock().await,
            Deed::Accept(line) => self.accept(line).await,
        }
    }

    fn set_next_order(&mut self, index: usize) {
        if let Some(interval) = self.interval {
            let after = self.chance.between(interval * 6 / 10, interval * 14 / 10);
            self.agenda.set(self.moment() + after, Deed::Place(index));
        }
    }

    async fn write_statement(&mut self) -> Result<()> {
        self.agenda.set(self.moment() + STATEMENT_EVERY, Deed::Statement);
        let day = self.company.day(self.db.clock().now());
        for file in self.bank.statement(&day)? {
            self.outside.deliver(file).await?;
        }
        Ok(())
    }

    pub(crate) fn moment(&self) -> Moment {
        self.clock.at(self.db.clock().now())
    }

    /// So many seconds from now, drawn between the two.
    pub(crate) fn within(&mut self, from: i64, to: i64, deed: Deed) {
        let after = self.chance.between(from * 1_000, to * 1_000);
        self.agenda.set(self.moment() + after, deed);
    }

    pub(crate) fn after_seconds(&mut self, seconds: i64, deed: Deed) {
        self.agenda.set(self.moment() + seconds * 1_000, deed);
    }
}
