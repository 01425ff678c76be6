//! The way of an order as its buyer sees it: steps with their times, out of the facts; which of them is
//! under way; what was promised for each and whether it was kept. Pure: no database, no words.

use takt_kernel::Timestamp;
use takt_orders::{
    Holder, Order, Reserved, Shipped, Stage, Terms,
    clock::{Calendars, Promises, Reached, Since},
    facts,
};
use takt_staff::Calendar;
use takt_store::RecordedFact;

/// Of these the last ones tell when a step was done.
pub(crate) const TOLD: [&str; 4] = [facts::CANCELLED, facts::PAID, facts::RESERVED, facts::SHIPPED];

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Step {
    Placed,
    Paid,
    InStock,
    Confirmed,
    Ready,
    /// With the carrier; for whoever comes himself there is no such step.
    OnTheWay,
    Delivered,
    /// Paid last, by whoever pays on receipt or later.
    PaidLast,
    Cancelled,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum State {
    Done,
    Now,
    Ahead,
    /// It does not go on by itself.
    Trouble,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Stop {
    pub step: Step,
    pub state: State,
    /// When it was done.
    pub at: Option<Timestamp>,
    /// By when it was or is promised.
    pub due: Option<Timestamp>,
}

#[derive(Clone, Debug)]
pub(crate) struct Way {
    pub stops: Vec<Stop>,
    /// Our people's turn, and we are closed until then.
    pub closed_until: Option<Timestamp>,
}

impl Step {
    pub(crate) const fn code(self) -> &'static str {
        match self {
            Self::Placed => "placed",
            Self::Paid | Self::PaidLast => "paid",
            Self::InStock => "in-stock",
            Self::Confirmed => "confirmed",
            Self::Ready => "ready",
            Self::OnTheWay => "on-the-way",
            Self::Delivered => "delivered",
            Self::Cancelled => "cancelled",
        }
    }
}

impl Stop {
    /// Later than promised: done late, or not done and the time is over.
    pub(crate) fn is_late(&self, now: Timestamp) -> bool {
        self.due.is_some_and(|due| self.at.unwrap_or(now) > due)
    }
}

impl Way {
    pub(crate) fn of(
        order: &Order,
        facts: &[RecordedFact],
        promises: &Promises,
        calendars: &Calendars,
        now: Timestamp,
    ) -> Self {
        let last = |kind: &str| facts.iter().rev().find(|fact| fact.kind == kind);
        let mut stops = vec![done(Step::Placed, Some(order.placed_at))];
        if order.stage == Stage::Cancel {
            let at = last(facts::CANCELLED).map(|fact| fact.at);
            stops.push(Stop { step: Step::Cancelled, state: State::Trouble, at, due: None });
            return Self { stops, closed_until: None };
        }
        // What counts from the milestone before is promised only once that was reached.
        let promised = |reached: Reached| {
            let milestone = reached.milestone();
            let rule = promises.rule(&milestone)?;
            match rule.since {
                _ if order.milestone.as_ref() == Some(&milestone) => order.due_at,
                Since::Money | Since::Order => rule.due(&order.basis(), calendars.by(rule)),
                Since::Previous => None,
            }
        };
        let money = Stop { step: Step::Paid, ..paid(order, last(facts::PAID)) };
        if order.terms.is_prepaid() {
            stops.push(money);
        }
        stops.push(in_stock(order, last(facts::RESERVED).map(|fact| fact.at)));
        stops.push(reached(Step::Confirmed, order.confirmed_at, promised(Reached::Confirmed)));
        stops.push(reached(Step::Ready, order.ready_at, promised(Reached::Ready)));
        let left = last(facts::SHIPPED).filter(|_| order.shipped == Shipped::All).map(|fact| fact.at);
        if !order.delivery.is_pickup() {
            stops.push(reached(Step::OnTheWay, left, promised(Reached::Shipped)));
        }
        // Whoever comes himself comes when he likes: what we promise is that it is ready.
        let taken_by = promised(Reached::Delivered).filter(|_| !order.delivery.is_pickup());
        stops.push(reached(Step::Delivered, order.delivered_at, taken_by));
        if !order.terms.is_prepaid() {
            stops.push(Stop { step: Step::PaidLast, ..money });
        }
        past(&mut stops);
        under_way(order, &mut stops);
        Self { stops, closed_until: closed_until(order, &calendars.usual, now) }
    }

    pub(crate) fn stop(&self, step: Step) -> Option<&Stop> {
        self.stops.iter().find(|stop| stop.step == step)
    }

    /// What goes on now.
    pub(crate) fn now(&self) -> Option<&Stop> {
        self.stops.iter().find(|stop| matches!(stop.state, State::Now | State::Trouble))
    }

    /// What is promised next: the first that is not done and has a time.
    pub(crate) fn next_promise(&self) -> Option<&Stop> {
        self.stops.iter().find(|stop| stop.at.is_none() && stop.state != State::Done && stop.due.is_some())
    }
}

fn done(step: Step, at: Option<Timestamp>) -> Stop {
    Stop { step, state: State::Done, at, due: None }
}

fn reached(step: Step, at: Option<Timestamp>, due: Option<Timestamp>) -> Stop {
    let state = if at.is_some() { State::Done } else { State::Ahead };
    Stop { step, state, at, due }
}

/// When the money came to us, not when we recognised it.
fn paid(order: &Order, fact: Option<&RecordedFact>) -> Stop {
    if !order.is_paid_in_full() {
        return reached(Step::Paid, None, None);
    }
    let received = fact.and_then(|fact| fact.body.get("received_at")?.as_str()?.parse().ok());
    done(Step::Paid, received.or(fact.map(|fact| fact.at)))
}

fn in_stock(order: &Order, at: Option<Timestamp>) -> Stop {
    let held = order.reserved == Reserved::All || order.shipped != Shipped::None;
    match (held, order.short) {
        (true, _) => done(Step::InStock, at),
        (false, true) => Stop { step: Step::InStock, state: State::Trouble, at: None, due: None },
        (false, false) => reached(Step::InStock, None, None),
    }
}

/// What lies behind something that was done was done as well, though nobody said when.
fn past(stops: &mut [Stop]) {
    let delivered = stops.iter().rposition(|stop| stop.state == State::Done && stop.step != Step::PaidLast);
    for stop in stops.iter_mut().take(delivered.unwrap_or_default()) {
        if stop.state != State::Done && stop.step != Step::Paid && stop.step != Step::InStock {
            stop.state = State::Done;
        }
    }
}

/// The turn is with one of them: the first that is not done, by who holds the order.
fn under_way(order: &Order, stops: &mut [Stop]) {
    let held_up = order.pause.as_ref().map(|pause| pause.owner);
    let step = match order.holder {
        None => return,
        Some(Holder::Buyer) if order.deferred_until.is_some() => return,
        // Nothing goes on until they have spoken.
        Some(Holder::Buyer | Holder::Owner) if order.holder == held_up => return,
        Some(Holder::Buyer) if order.terms.is_prepaid() && !order.is_paid_in_full() => Step::Paid,
        Some(Holder::Buyer)
            if matches!(order.terms, Terms::Credit { .. }) && order.delivered_at.is_some() =>
        {
            Step::PaidLast
        }
        Some(Holder::Bank | Holder::Channel | Holder::Takt) => Step::Paid,
        Some(Holder::Supplier) => Step::InStock,
        Some(Holder::Queue | Holder::Operator) if order.confirmed_at.is_none() => Step::Confirmed,
        Some(Holder::Queue | Holder::Operator | Holder::Warehouse | Holder::Owner | Holder::ClosedHours) => {
            Step::Ready
        }
        Some(Holder::Carrier) if order.delivered_at.is_some() => Step::PaidLast,
        Some(Holder::Carrier) => Step::OnTheWay,
        Some(Holder::Buyer) => Step::Delivered,
    };
    let on_the_way = step == Step::OnTheWay && order.shipped == Shipped::All;
    let step = if on_the_way { Step::Delivered } else { step };
    if let Some(stop) = stops.iter_mut().find(|stop| stop.step == step)
        && stop.state == State::Ahead
    {
        stop.state = State::Now;
    }
}

fn closed_until(order: &Order, calendar: &Calendar, now: Timestamp) -> Option<Timestamp> {
    let ours = order.holder.is_some_and(Holder::keeps_hours) && order.deferred_until.is_none();
    (ours && !calendar.is_open(now)).then(|| calendar.add_working_seconds(now, 1).plus_seconds(-1))
}
