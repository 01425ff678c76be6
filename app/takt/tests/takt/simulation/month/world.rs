//! The world around the program under one seed: who does what when, the clock, and what the world
//! remembers having been told. One thing happens after the other, so a seed is one story.

use std::{
    collections::{BTreeMap, VecDeque},
    sync::Arc,
};

use takt::wiring::features;
use takt_feature::Wiring;
use takt_kernel::{Fault, Kind, ManualClock, Timestamp};
use takt_notifications::Settings as MailSettings;
use takt_orders::OrderId;
use takt_payments::import::BankLineId;
use takt_playbook::{Checked, ManagePlaybook, versions};
use takt_shipments::ShipmentId;
use takt_simulator::{Chance, Company, Part, Plan, Slice};
use takt_staff::{
    ManageCalendars,
    calendar::{self, Holidays, Week},
    command_line,
};
use takt_store::{Engine, Query, Statement, Tx, facts};
use takt_tasks::TaskId;
use takt_testing::Place;
use takt_ui::Lang;

use super::{
    money::{BankBook, Paper},
    node::{Ended, Node},
    post::PostOffice,
    shops::Customer,
    trouble::Blow,
};

/// How much happens.
#[derive(Clone, Copy, Debug)]
pub struct Scale {
    pub seed: u64,
    pub days: i64,
    pub orders: usize,
    /// What may go wrong; taken away one by one to find out what a failure needs.
    pub crashes: bool,
    pub refusals: bool,
    pub clock_jumps: bool,
    pub bank_tricks: bool,
    pub moody_mail: bool,
}

impl Scale {
    pub fn of(seed: u64, days: i64, orders: usize) -> Self {
        Self {
            seed,
            days,
            orders,
            crashes: true,
            refusals: true,
            clock_jumps: true,
            bank_tricks: true,
            moody_mail: true,
        }
    }
}

/// What is going to happen.
#[derive(Clone, Debug)]
pub enum Deed {
    /// The shop's program sends an order until it knows that it was taken.
    Send(usize),
    /// A repetition that somebody kept for a while arrives.
    Echo(usize),
    /// The same number with other goods under it.
    Lie(usize),
    Edit(usize),
    Cancel(usize),
    Pay(usize, Part),
    /// The bank writes a file.
    Write(Paper),
    /// The accountant takes a file in.
    HandIn(usize),
    Take(TaskId),
    Call(TaskId),
    Pick(TaskId),
    Close(TaskId),
    Tick(TaskId),
    Dispatch(OrderId),
    Deliver(ShipmentId),
    Return(ShipmentId),
    Restock,
    Accept(BankLineId),
    Undo(BankLineId),
    /// Something is about to go wrong with a node.
    Trouble(usize),
    Start(usize),
    Jump,
    /// Everything comes to rest and is looked at.
    Night,
}

/// Why a deed did not come to its end.
pub enum Setback {
    /// Nobody answered, or "later": who did it tries again.
    Lost,
    /// Somebody else was quicker, or it is not to be had any more: life.
    TooLate,
    /// What must not happen.
    Wrong(String),
}

pub type Done<T = ()> = Result<T, Setback>;

/// What happened, in numbers.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Tally(pub BTreeMap<&'static str, u64>);

impl Tally {
    pub fn count(&mut self, what: &'static str) {
        *self.0.entry(what).or_default() += 1;
    }
}

pub struct World {
    pub scale: Scale,
    pub company: Company,
    pub plan: Plan,
    pub chance: Chance,
    pub customers: BTreeMap<usize, Customer>,
    /// The shops' numbers of the program's orders, as far as they were told.
    pub of_order: BTreeMap<OrderId, usize>,
    pub bank: BankBook,
    pub post: PostOffice,
    pub wiring: Wiring,
    pub tally: Tally,
    pub restocking: bool,
    /// True time; the nodes' clocks may go wrong.
    pub now: Timestamp,
    pub step: u64,
    pub last: VecDeque<String>,
    place: Place,
    clock: Arc<ManualClock>,
    skew: i64,
    nodes: Vec<Option<Node>>,
    nodes_started: u64,
    agenda: BTreeMap<(Timestamp, u64), (Deed, u32)>,
    set: u64,
    heard: i64,
    /// Up to where orders were folded from their facts.
    pub folded: i64,
    pub ends: Timestamp,
}

/// Monday, 2 November 2026, 9:00 in Moscow; the Wednesday after it is a holiday.
pub const START: &str = "2026-11-02T06:00:00Z";
const HOUR: i64 = 3_600;
const DAY: i64 = 24 * HOUR;
/// Between the last order and the end, for what is under way.
const AFTERMATH_DAYS: i64 = 6;
const PRODUCTS_OF_ORDERS: usize = 40;
const FACTS_AT_ONCE: i64 = 500;

/// What Takt brings along, and something to be ticked before an order is confirmed.
fn demand_steps(tx: &mut Tx, company: takt_kernel::CompanyId) -> takt_kernel::Result<i64> {
    let brought_along = versions::text(tx, company, 0)?;
    let text = Checked::of(&format!("{brought_along}\n- [ ] **до подтверждения:** Адрес с номером дома\n"))?;
    let permit = command_line::permit::<ManagePlaybook>(company);
    versions::publish(tx, &permit, &text, "", 0, versions::InFlight::Move)
}

impl World {
    pub async fn open(scale: Scale, place: Place) -> Self {
        let start: Timestamp = START.parse().expect("a moment");
        let clock = Arc::new(ManualClock::at(start));
        let post = PostOffice::open(scale.seed).await;
        if !scale.moody_mail {
            post.be_kind();
        }
        let server = format!("smtp://{}?tls=none", post.address);
        let mail = MailSettings::parse(Some(&server), takt::wiring::NOBODY).expect("an address");
        let wiring = Wiring::assemble(features(mail));
        let slice = || Slice::embedded().expect("the data").of_first(PRODUCTS_OF_ORDERS);
        let node = Node::start(&place, &wiring, clock.clone(), scale.seed, 0).await;
        let company =
            Company::found(&node.calm, &slice(), scale.seed, Lang::Ru, "a-long-password", &mut |_, _| ())
                .await
                .expect("a company");
        let id = company.id;
        let hours = move |tx: &mut Tx| {
            let permit = command_line::permit::<ManageCalendars>(id);
            calendar::edit(tx, &permit, &Week::office(), Holidays::Russia)
        };
        node.calm.write("simulation.hours", hours).await.expect("hours");
        if scale.seed % 2 == 1 {
            node.calm.write("simulation.steps", move |tx| demand_steps(tx, id)).await.expect("a playbook");
        }
        let mut nodes = vec![Some(node)];
        if place.engine() == Engine::Postgres {
            nodes.push(Some(Node::start(&place, &wiring, clock.clone(), scale.seed, 1).await));
        }
        let mut world = Self {
            company,
            plan: Plan::new(scale.seed, slice()),
            chance: Chance::of(scale.seed, "world"),
            customers: BTreeMap::new(),
            of_order: BTreeMap::new(),
            bank: BankBook::new(scale.seed),
            post,
            wiring,
            tally: Tally::default(),
            restocking: false,
            now: start,
            step: 0,
            last: VecDeque::new(),
            place,
            clock,
            skew: 0,
            nodes_started: nodes.len() as u64,
            nodes,
            agenda: BTreeMap::new(),
            set: 0,
            heard: 0,
            folded: 0,
            ends: start.plus_seconds((scale.days + AFTERMATH_DAYS) * DAY),
            scale,
        };
        world.foresee();
        world
    }

    /// What does not depend on what the program says.
    fn foresee(&mut self) {
        for index in 0..self.scale.orders {
            let day = self.chance.between(0, self.scale.days - 1);
            // Nobody orders much at night.
            let hour =
                if self.chance.one_in(8) { self.chance.between(0, 23) } else { self.chance.between(4, 19) };
            let second = self.chance.between(0, HOUR - 1);
            self.at(day * DAY + hour * HOUR - 6 * HOUR + second, Deed::Send(index));
        }
        for day in 0..self.scale.days + AFTERMATH_DAYS {
            self.at(day * DAY + 18 * HOUR, Deed::Night);
            for (hour, paper) in [(2, Paper::Rest), (5, Paper::Rest), (8, Paper::Rest), (0, Paper::Yesterday)]
            {
                let late = self.chance.between(0, HOUR);
                if paper == Paper::Rest || self.scale.bank_tricks {
                    self.at(day * DAY + hour * HOUR + late, Deed::Write(paper));
                }
            }
            if day % 7 == 5 && self.scale.bank_tricks {
                self.at(day * DAY + 3 * HOUR, Deed::Write(Paper::Week));
            }
        }
        let troubles = self.scale.days * 3;
        for _ in 0..troubles {
            let node = self.chance.index(self.nodes.len());
            let at = self.chance.between(0, self.scale.days * DAY);
            if self.scale.crashes || self.scale.refusals {
                self.at(at, Deed::Trouble(node));
            }
        }
        for _ in 0..self.scale.days / 2 {
            let at = self.chance.between(0, self.scale.days * DAY);
            if self.scale.clock_jumps {
                self.at(at, Deed::Jump);
            }
        }
    }

    /// Seconds after the start.
    fn at(&mut self, seconds: i64, deed: Deed) {
        let start: Timestamp = START.parse().expect("a moment");
        self.set_at(start.plus_seconds(seconds.max(1)), deed, 0);
    }

    fn set_at(&mut self, at: Timestamp, deed: Deed, attempt: u32) {
        self.set += 1;
        self.agenda.insert((at, self.set), (deed, attempt));
    }

    pub fn within(&mut self, from: i64, to: i64, deed: Deed) {
        let seconds = self.chance.between(from, to);
        let micros = self.chance.between(0, 999_999);
        self.set_at(self.now.plus_seconds(seconds).plus_micros(micros), deed, 0);
    }

    /// The same, but by people who sleep and have Sundays off.
    pub fn at_work_within(&mut self, from: i64, to: i64, deed: Deed) {
        let at = self.now.plus_seconds(self.chance.between(from, to));
        let open = opening(at);
        let at = if open == at { at } else { open.plus_seconds(self.chance.between(0, 2 * HOUR)) };
        let micros = self.chance.between(0, 999_999);
        self.set_at(at.plus_micros(micros), deed, 0);
    }

    pub async fn live(&mut self) -> Result<(), String> {
        while let Some(entry) = self.agenda.first_entry() {
            let ((at, _), (deed, attempt)) = entry.remove_entry();
            if at > self.ends {
                break;
            }
            self.come_to(at).await?;
            self.step += 1;
            self.remember(&deed, attempt);
            match Box::pin(self.act(&deed)).await {
                Ok(()) | Err(Setback::TooLate) => {}
                Err(Setback::Lost) => {
                    self.tally.count("deeds that had to be done again");
                    let wait = self.chance.between(5, 20) << attempt.min(8);
                    self.set_at(self.now.plus_seconds(wait), deed, attempt + 1);
                }
                Err(Setback::Wrong(what)) => return Err(what),
            }
            if self.chance.one_in(3) {
                self.drain().await?;
            }
            self.the_past_is_the_row().await?;
        }
        self.rest().await?;
        self.look_at_the_end().await
    }

    fn remember(&mut self, deed: &Deed, attempt: u32) {
        if self.last.len() == 400 {
            self.last.pop_front();
        }
        let again = if attempt > 0 { format!(" for the {}. time", attempt + 1) } else { String::new() };
        self.last.push_back(format!("{} {} {deed:?}{again}", self.step, self.now));
    }

    async fn act(&mut self, deed: &Deed) -> Done {
        match deed {
            Deed::Send(index) => self.send(*index).await,
            Deed::Echo(index) => self.echo(*index).await,
            Deed::Lie(index) => self.lie(*index).await,
            Deed::Edit(index) => self.edit(*index).await,
            Deed::Cancel(index) => self.cancel(*index).await,
            Deed::Pay(index, part) => self.pay(*index, *part).await,
            Deed::Write(paper) => self.write_paper(*paper),
            Deed::HandIn(file) => self.hand_in(*file).await,
            Deed::Take(task) => self.take(*task).await,
            Deed::Call(task) => self.call(*task).await,
            Deed::Pick(task) => self.pick(*task).await,
            Deed::Close(task) => self.close(*task).await,
            Deed::Tick(task) => self.tick(*task).await,
            Deed::Dispatch(order) => self.dispatch(*order).await,
            Deed::Deliver(shipment) => self.deliver(*shipment).await,
            Deed::Return(shipment) => self.bring_back(*shipment).await,
            Deed::Restock => self.restock().await,
            Deed::Accept(line) => self.accept(*line).await,
            Deed::Undo(line) => self.undo(*line).await,
            Deed::Trouble(node) => {
                self.plan_trouble(*node);
                Ok(())
            }
            Deed::Start(node) => {
                self.start(*node).await;
                Ok(())
            }
            Deed::Jump => {
                self.jump();
                Ok(())
            }
            Deed::Night => self.night().await.map_err(Setback::Wrong),
        }
    }

    fn plan_trouble(&mut self, node: usize) {
        let postgres = self.place.engine() == Engine::Postgres;
        let kinds = [
            (Blow::EndBefore, self.scale.crashes),
            (Blow::EndAfter, self.scale.crashes),
            (Blow::Refusals(1), self.scale.refusals),
            (Blow::Refusals(3), self.scale.refusals),
            (Blow::AnswerLost, self.scale.refusals && postgres),
        ];
        let kinds: Vec<Blow> = kinds.into_iter().filter(|(_, on)| *on).map(|(blow, _)| blow).collect();
        let (blow, after) = (self.chance.pick(&kinds), self.chance.between(0, 25));
        if let Some(node) = &self.nodes[node] {
            node.trouble.plan(blow, u32::try_from(after).unwrap_or(0));
            self.tally.count("troubles planned");
        }
    }

    fn jump(&mut self) {
        self.skew = match self.skew {
            0 => self.chance.pick(&[-2 * HOUR, -1_200, -1, 300, 3 * HOUR]) * 1_000_000,
            _ => 0,
        };
        self.tally.count("jumps of the clock");
        self.clock.set(self.now.plus_micros(self.skew));
        if self.skew != 0 {
            self.within(600, 5 * HOUR, Deed::Jump);
        }
    }

    async fn start(&mut self, node: usize) {
        if self.nodes[node].is_some() {
            return;
        }
        self.nodes_started += 1;
        let (clock, number) = (self.clock.clone(), self.nodes_started);
        let started = Node::start(&self.place, &self.wiring, clock, self.scale.seed, number).await;
        self.nodes[node] = Some(started);
    }

    /// The node ended; somebody or something starts another.
    async fn bury(&mut self, number: usize) {
        let Some(node) = self.nodes[number].take() else { return };
        if let Some((command, moment)) = node.trouble.place() {
            self.last.push_back(format!("node {number} ended at {command}, {moment:?}"));
        }
        self.tally.count("ends of a node");
        node.end().await;
        let (from, to) = if self.chance.one_in(8) { (HOUR, 9 * HOUR) } else { (1, 90) };
        self.within(from, to, Deed::Start(number));
    }

    /// One of the nodes that are up.
    fn any_node(&mut self) -> Option<usize> {
        let up: Vec<usize> = (0..self.nodes.len()).filter(|node| self.nodes[*node].is_some()).collect();
        (!up.is_empty()).then(|| self.chance.pick(&up))
    }

    pub async fn write<T, F>(&mut self, name: &'static str, command: F) -> Done<T>
    where
        T: Send + 'static,
        F: FnMut(&mut Tx<'_>) -> takt_kernel::Result<T> + Send + 'static,
    {
        let Some(number) = self.any_node() else { return Err(Setback::Lost) };
        let Some(node) = &self.nodes[number] else { return Err(Setback::Lost) };
        match node.alive(node.db.write(name, command)).await {
            Ok(answer) => answer.map_err(|fault| setback(name, &fault)),
            Err(Ended) => {
                self.bury(number).await;
                Err(Setback::Lost)
            }
        }
    }

    /// A node with its number, for what is more than one command.
    pub fn node(&mut self) -> Option<(usize, &Node)> {
        let number = self.any_node()?;
        Some((number, self.nodes[number].as_ref()?))
    }

    pub async fn ended(&mut self, number: usize) -> Setback {
        self.bury(number).await;
        Setback::Lost
    }

    /// Whoever looks on asks without trouble.
    pub async fn look<T: Send + 'static>(
        &self,
        ask: impl FnOnce(&mut takt_store::Reader<'_>) -> takt_kernel::Result<T> + Send + 'static,
    ) -> Option<T> {
        let node = self.nodes.iter().flatten().next()?;
        Some(
            node.calm
                .read("simulation.look", ask)
                .await
                .unwrap_or_else(|fault| panic!("unanswered: {fault:?}")),
        )
    }

    /// Time passes; what is due in between happens at its second.
    async fn come_to(&mut self, at: Timestamp) -> Result<(), String> {
        const MOST_WAKES: usize = 10_000;
        for _ in 0..MOST_WAKES {
            let now = self.node_time();
            let next = self.look(move |reader| next_due(reader, now)).await.flatten();
            let until = at.plus_micros(self.skew);
            let Some(due) = next.filter(|due| *due <= until) else {
                self.now = self.now.max(at);
                self.clock.set(self.now.plus_micros(self.skew));
                return Ok(());
            };
            let moment = due.plus_micros(-self.skew).max(self.now);
            self.now = moment;
            self.clock.set(moment.plus_micros(self.skew));
            if !self.drain().await? {
                // Refused or ended: whatever is due waits for the next attempt.
                let later = moment.plus_seconds(1);
                if later >= at {
                    self.now = at;
                    self.clock.set(at.plus_micros(self.skew));
                    return Ok(());
                }
                self.now = later;
                self.clock.set(later.plus_micros(self.skew));
                continue;
            }
            let now = moment.plus_micros(self.skew);
            if let Some(left) = self.look(next_timer).await.flatten().filter(|left| *left <= now) {
                return Err(format!("a timer was due at {left} and had not fired at {now}"));
            }
        }
        Err("something is due again and again".to_owned())
    }

    /// Lets a node do what is due; answers whether it got through.
    pub async fn drain(&mut self) -> Result<bool, String> {
        let Some(number) = self.any_node() else { return Ok(false) };
        let Some(node) = &self.nodes[number] else { return Ok(false) };
        let drained = match node.drain().await {
            Ok(Ok(drained)) => drained,
            Ok(Err(fault)) if fault.kind() == Kind::Unavailable => {
                self.tally.count("drains that were refused");
                return Ok(false);
            }
            Ok(Err(fault)) => return Err(format!("the drain broke: {fault:?}")),
            Err(Ended) => {
                self.bury(number).await;
                return Ok(false);
            }
        };
        if drained.parked + drained.failed_timers > 0 {
            return Err(format!("failed in the background: {drained:?} {}", self.failures().await));
        }
        self.listen().await?;
        Ok(true)
    }

    async fn failures(&self) -> String {
        let found = self.look(|reader| {
            Ok(format!(
                "{:#?} {:#?}",
                takt_work::parked(reader, None, 5)?,
                takt_work::timers::failing(reader, None, 5)?
            ))
        });
        found.await.unwrap_or_default()
    }

    /// People hear what was said since the last time.
    async fn listen(&mut self) -> Result<(), String> {
        loop {
            let after = self.heard;
            let said =
                self.look(move |reader| facts::after(reader, after, FACTS_AT_ONCE)).await.unwrap_or_default();
            let Some(last) = said.last() else { return Ok(()) };
            self.heard = last.position;
            for fact in &said {
                self.hear(fact).map_err(|fault| format!("a fact that nobody understands: {fault:?}"))?;
            }
        }
    }

    /// All nodes up, no trouble, everything done that is due.
    pub async fn rest(&mut self) -> Result<(), String> {
        for number in 0..self.nodes.len() {
            self.start(number).await;
            if let Some(node) = &self.nodes[number] {
                node.trouble.calm();
            }
        }
        for number in 0..self.nodes.len() {
            let Some(node) = &self.nodes[number] else { continue };
            let drained = node.runner.drain().await.map_err(|fault| format!("the drain broke: {fault:?}"))?;
            if drained.parked + drained.failed_timers > 0 {
                return Err(format!("failed in the background: {drained:?} {}", self.failures().await));
            }
        }
        self.listen().await
    }

    pub fn lag(&self) -> Vec<takt_work::Lag> {
        let nodes = self.nodes.iter().flatten();
        nodes.flat_map(|node| node.runner.lag()).filter(|lag| lag.positions > 0).collect()
    }

    pub fn node_time(&self) -> Timestamp {
        self.now.plus_micros(self.skew)
    }
}

/// What a refusal means to whoever asked.
pub fn setback(deed: &str, fault: &Fault) -> Setback {
    match fault.kind() {
        Kind::Unavailable => Setback::Lost,
        Kind::Conflict | Kind::Missing => Setback::TooLate,
        Kind::Invalid | Kind::Denied | Kind::Broken => Setback::Wrong(format!("{deed}: {fault:?}")),
    }
}

/// When the next timer, job or parked fact wants its turn. A job that was due before had its turn, and
/// waits until somebody has a hand free.
fn next_due(db: &mut takt_store::Reader<'_>, now: Timestamp) -> takt_kernel::Result<Option<Timestamp>> {
    let statement = Statement::new(
        "select min(at) as at
         from (
           select min(fire_at) as at from timer
           union all
           select min(next_at) as at from job where next_at > :now
           union all
           select min(retry_at) as at from parked_subject
         ) as due",
    )
    .bind("now", now);
    db.opt_of(&statement)?.map_or(Ok(None), |row| row.get("at"))
}

fn next_timer(db: &mut takt_store::Reader<'_>) -> takt_kernel::Result<Option<Timestamp>> {
    let statement = Statement::new("select min(fire_at) as at from timer");
    db.opt_of(&statement)?.map_or(Ok(None), |row| row.get("at"))
}

/// This moment if people are at work then, else when they come next: Monday to Saturday, 9 to 20.
fn opening(at: Timestamp) -> Timestamp {
    const MOSCOW: i64 = 3 * HOUR;
    let seconds = at.micros().div_euclid(1_000_000) + MOSCOW;
    let (day, second) = (seconds.div_euclid(DAY), seconds.rem_euclid(DAY));
    // 1 January 1970 was a Thursday.
    let sunday = |day: i64| (day + 3).rem_euclid(7) == 6;
    if !sunday(day) && (9 * HOUR..20 * HOUR).contains(&second) {
        return at;
    }
    let mut next = if second < 9 * HOUR { day } else { day + 1 };
    while sunday(next) {
        next += 1;
    }
    Timestamp::from_micros((next * DAY + 9 * HOUR - MOSCOW) * 1_000_000)
}
