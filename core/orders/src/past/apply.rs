//! What each fact changes. Stage and status stand in the changes of whichever fact moved them.

use takt_kernel::{
    OrganisationId, Result, Timestamp,
    money::{Currency, Money},
};
use takt_store::RecordedFact;
use takt_ui::Lang;

use super::{
    Past,
    lines::{self, PastLine},
};
use crate::{
    clock,
    commands::end_pause,
    facts::{self, Cancelled, Deferred, Edited, Placed, Recorded, ReservedAll, ReturnedGoods, Short},
    new_order::{Delivery, PICKUP},
    order::{Order, OrderContact, OrderId},
    pause::Pause,
    stage::{Reserved, Shipped, Stage},
    terms::Terms,
};

pub(super) fn placed(fact: &RecordedFact) -> Result<Past> {
    let said: Placed = fact.read()?;
    let currency = Currency::from_code(&said.currency)?;
    let amount = |text: &str| Money::parse(text, currency);
    let terms = Terms::from_code(&said.terms, said.credit_days)?;
    // Facts of earlier versions do not tell the stage: what owes nothing waits for its confirmation.
    let stage = match &said.stage {
        Some(code) => Stage::from_code(code)?,
        None if said.in_full => Stage::Approval,
        None => Stage::New,
    };
    let mut order = empty(fact, currency, terms, said.happened_at.unwrap_or(fact.at));
    order.shop = said.shop;
    order.number = said.number;
    order.external_id = said.external_id;
    order.source = said.source;
    (order.stage, order.status) = (stage, said.status);
    order.customer = said.customer;
    order.delivery.price = amount(&said.delivery)?;
    order.delivery.method = said.pickup.then(|| PICKUP.to_owned());
    (order.goods, order.discount) = (amount(&said.goods)?, amount(&said.discount)?);
    order.total = amount(&said.total)?;
    order.started_at = (!terms.is_prepaid()).then_some(order.placed_at);
    let lines = said.lines.into_iter().map(PastLine::placed).collect();
    let mut past = Past { order, lines, n: fact.n, at: fact.at, round: 0 };
    settle(&mut past, None);
    Ok(past)
}

pub(super) fn recorded(fact: &RecordedFact) -> Result<Past> {
    let said: Recorded = fact.read()?;
    let currency = Currency::from_code(&said.currency)?;
    let mut order = empty(fact, currency, Terms::Prepaid, said.placed_at);
    order.shop = said.shop;
    order.number = said.number;
    order.external_id = said.external_id;
    order.source = said.source;
    order.customer = said.customer;
    // Earlier versions do not tell which of the two it was; nothing follows from either.
    order.stage = said.stage.as_deref().map_or(Ok(Stage::Complete), Stage::from_code)?;
    order.status = said.status;
    if let Some(terms) = &said.terms {
        order.terms = Terms::from_code(terms, said.credit_days.unwrap_or_default())?;
    }
    order.delivery.method = said.pickup.unwrap_or_default().then(|| PICKUP.to_owned());
    order.total = Money::parse(&said.total, currency)?;
    let lines = said.lines.unwrap_or_default().into_iter().map(PastLine::placed).collect();
    Ok(Past { order, lines, n: fact.n, at: fact.at, round: 0 })
}

/// What is true before anything is said of it.
fn empty(fact: &RecordedFact, currency: Currency, terms: Terms, placed_at: Timestamp) -> Order {
    let nothing = Money::zero(currency);
    Order {
        company: fact.company,
        id: OrderId::new(fact.subject_id),
        shop: takt_kernel::ShopId::new(0),
        desk: OrganisationId::new(fact.company.get()),
        number: String::new(),
        external_id: None,
        source: String::new(),
        stage: Stage::New,
        status: String::new(),
        terms,
        currency,
        lang: Lang::default(),
        customer: None,
        contact: OrderContact::default(),
        delivery: Delivery { method: None, address: None, price: nothing },
        comment: None,
        goods: nothing,
        discount: nothing,
        vat: nothing,
        total: nothing,
        paid: nothing,
        reserved: Reserved::None,
        short: false,
        shipped: Shipped::None,
        taken: false,
        taken_by: None,
        holder: None,
        holder_since: fact.at,
        milestone: None,
        milestone_since: fact.at,
        due_at: None,
        started_at: None,
        confirmed_at: None,
        ready_at: None,
        delivered_at: None,
        deferred_until: None,
        urgent: false,
        pause: None,
        waits: Vec::new(),
        last_comment: None,
        cancel_reason: None,
        extra: serde_json::Map::new(),
        version: 1,
        placed_at,
        updated_at: fact.at,
    }
}

pub(super) fn apply(past: &mut Past, fact: &RecordedFact) -> Result<()> {
    let started = past.order.started_at;
    let order = &mut past.order;
    let amount = |text: &str| Money::parse(text, order.currency);
    match fact.kind.as_str() {
        facts::EDITED => {
            let said: Edited = fact.read()?;
            (order.total, order.paid) = (amount(&said.total)?, amount(&said.paid)?);
            changed_content(order, fact, said.pickup)?;
            lines::edit(&mut past.lines, &fact.changes)?;
            if said.lines_changed {
                order.reserved = Reserved::None;
            }
        }
        facts::PAID | facts::UNPAID => {
            let said: PaidNow = fact.read()?;
            (order.paid, order.total) = (amount(&said.paid)?, amount(&said.total)?);
        }
        facts::RETURNED => {
            let said: ReturnedGoods = fact.read()?;
            order.total = amount(&said.total)?;
            lines::take_back(&mut past.lines, &said.lines)?;
        }
        facts::RESERVED => {
            let said: ReservedAll = fact.read()?;
            (order.reserved, order.short) = (Reserved::All, false);
            lines::hold(&mut past.lines, &said.lines);
        }
        facts::SHORT | facts::LET_GO => {
            let said: Short = fact.read()?;
            order.reserved = Reserved::from_code(&said.reserved)?;
            order.short = order.reserved != Reserved::All;
            lines::hold(&mut past.lines, &said.lines);
        }
        facts::STATUS_SET => {
            let said: facts::StatusSet = fact.read()?;
            order.stage = Stage::from_code(&said.stage)?;
            order.status = said.to;
            if order.stage.is_unconfirmed() {
                (order.confirmed_at, order.ready_at) = (None, None);
                order.taken |= fact.actor.person().is_some();
                order.taken_by = order.taken_by.or(fact.actor.person());
            }
        }
        facts::DEFERRED => order.deferred_until = Some(fact.read::<Deferred>()?.until),
        facts::WOKEN => {
            (order.deferred_until, order.taken, order.taken_by) = (None, false, None);
            let since = fact.read::<facts::Woken>()?.started_at;
            order.started_at = order.started_at.map(|_| since.unwrap_or(fact.at));
        }
        facts::PAUSED => {
            let said: facts::Paused = fact.read()?;
            let since = said.happened_at.unwrap_or(fact.at);
            end_pause(order, since);
            order.pause = Some(Pause { reason: said.reason, owner: said.owner, since, until: said.until });
        }
        facts::RESUMED => {
            let said: facts::Resumed = fact.read()?;
            end_pause(order, said.happened_at.unwrap_or(fact.at));
        }
        facts::URGENCY_SET => order.urgent = fact.read::<facts::UrgencySet>()?.urgent,
        facts::TAKEN => {
            order.taken = true;
            order.taken_by = fact.read::<facts::Taken>()?.by.or(fact.actor.person());
        }
        facts::GIVEN_BACK => (order.taken, order.taken_by) = (false, None),
        facts::CONFIRMED => order.confirmed_at = Some(clock::happened(fact)),
        facts::SPLIT_OFF => {
            let said: facts::SplitOff = fact.read()?;
            order.started_at = said.started_at.or(order.started_at);
            order.waits = said.waits;
        }
        facts::READY => order.ready_at = Some(fact.at),
        facts::SHIPPED => {
            let said: facts::ShippedOut = fact.read()?;
            lines::ship(&mut past.lines, &said.lines)?;
            order.shipped = if said.all { Shipped::All } else { Shipped::Part };
            if said.all {
                order.ready_at = order.ready_at.or(Some(fact.at));
            }
        }
        facts::DELIVERED => order.delivered_at = Some(fact.at),
        facts::CANCELLED => {
            let said: Cancelled = fact.read()?;
            (order.stage, order.status, order.deferred_until) = (Stage::Cancel, said.status, None);
        }
        facts::COMPLETED => order.stage = Stage::Complete,
        facts::REASSIGNED => order.customer = Some(fact.read::<facts::Reassigned>()?.customer),
        facts::IDENTIFIED => order.external_id = Some(fact.read::<facts::Identified>()?.external_id),
        _ => return Ok(()),
    }
    if went_on(order, &fact.kind) {
        end_pause(order, fact.at);
    }
    moved(order, fact)?;
    order.updated_at = fact.at;
    settle(past, started);
    Ok(())
}

/// What ends a pause by itself.
fn went_on(order: &Order, kind: &str) -> bool {
    match kind {
        facts::CONFIRMED | facts::READY | facts::DELIVERED | facts::DEFERRED => true,
        facts::SHIPPED => order.shipped == Shipped::All,
        _ => !order.stage.is_in_work(),
    }
}

/// What of [`Paid`] and [`facts::Unpaid`] is the order's.
#[derive(serde::Deserialize)]
struct PaidNow {
    paid: String,
    total: String,
}

fn changed_content(order: &mut Order, fact: &RecordedFact, pickup: bool) -> Result<()> {
    for change in &fact.changes {
        let new = change.new.as_deref().unwrap_or_default();
        match change.path.as_str() {
            "delivery.method" => order.delivery.method.clone_from(&change.new),
            "delivery.price" => order.delivery.price = Money::parse(new, order.currency)?,
            "discount" => order.discount = Money::parse(new, order.currency)?,
            _ => {}
        }
    }
    if pickup != order.delivery.is_pickup() {
        order.delivery.method = pickup.then(|| PICKUP.to_owned());
    }
    Ok(())
}

fn moved(order: &mut Order, fact: &RecordedFact) -> Result<()> {
    for change in &fact.changes {
        let Some(new) = change.new.as_deref() else { continue };
        match change.path.as_str() {
            "stage" => order.stage = Stage::from_code(new)?,
            "status" => new.clone_into(&mut order.status),
            _ => {}
        }
    }
    Ok(())
}

/// As every verb does at its end: the promise of a prepaid order runs as long as its money is there.
fn settle(past: &mut Past, started: Option<Timestamp>) {
    let order = &mut past.order;
    if order.terms.is_prepaid() && order.shipped == Shipped::None {
        order.started_at = order.is_paid_in_full().then(|| order.started_at.unwrap_or(past.at));
    }
    if order.started_at != started && order.started_at.is_some() {
        past.round += 1;
    }
    let standing = order.standing();
    if standing.holder() != order.holder {
        (order.holder, order.holder_since) = (standing.holder(), past.at);
    }
}
