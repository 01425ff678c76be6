//! What one order contributes. Pure: an order, its lines and its facts in, a narrow row out.

use std::collections::BTreeMap;

use jiff::tz::TimeZone;
use takt_kernel::{Actor, CompanyId, ShopId, Timestamp};
use takt_orders::{Line, Order, OrderId, Shipped, Stage, city_of, facts};
use takt_store::RecordedFact;

use crate::{
    dimension::{Basis, Dimension, Kept},
    period::Day,
    sums::Sums,
};

const LONGEST: usize = 80;
/// What shipments says of the order when it leaves, and when somebody corrects it.
pub(crate) const DISPATCHED: &str = "shipments.dispatched";
pub(crate) const SHIPMENT_EDITED: &str = "shipments.edited";
pub(crate) const LINKS: usize = 5;

/// Of links: from placed to paid, paid (or placed) to confirmed, confirmed to packed, packed to shipped, shipped to
/// finished; seconds by the clock on the wall.
pub(crate) type Links = [Option<i64>; LINKS];

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Contribution {
    pub company: CompanyId,
    pub order: OrderId,
    pub shop: ShopId,
    /// Of each basis the day, 0 for none, and the hour, -1 for none.
    pub dates: [(i64, i64); 4],
    pub city: String,
    pub status: String,
    pub stage: String,
    pub source: String,
    /// Who confirmed it, else who took it; 0 for nobody.
    pub operator: i64,
    pub carrier: String,
    pub terms: String,
    pub currency: String,
    pub units: i64,
    pub total_minor: i64,
    pub cancelled: bool,
    pub confirmed: bool,
    pub paid: bool,
    pub packed: bool,
    pub shipped: bool,
    pub completed: bool,
    pub links: Links,
    /// By product; what the order comes to beyond its goods stands under none.
    pub lines: Vec<LinePart>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LinePart {
    pub product: String,
    pub category: String,
    /// The one row of its category that counts the order.
    pub leads: bool,
    pub units: i64,
    pub revenue_minor: i64,
}

/// What a person did about an order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Work {
    pub kind: &'static str,
    pub person: i64,
    pub day: i64,
}

pub(crate) const CONFIRMED: &str = "confirmed";
pub(crate) const PACKED: &str = "packed";
pub(crate) const TASK: &str = "task";

#[derive(Default)]
struct Moments {
    taken_by: i64,
    confirmed: Option<(Timestamp, i64)>,
    packed: Option<(Timestamp, i64)>,
    paid: Option<Timestamp>,
    shipped: Option<Timestamp>,
    finished: Option<Timestamp>,
    carrier: String,
}

impl Contribution {
    pub(crate) fn of(
        order: &Order,
        lines: &[Line],
        told: &[RecordedFact],
        zone: &TimeZone,
    ) -> (Self, Vec<Work>) {
        let moments = Moments::of(told);
        let is_paid = order.is_paid_in_full() && moments.paid.is_some();
        let shipped = order.shipped == Shipped::All;
        let finished = !order.stage.is_in_work();
        let confirmed = order.confirmed_at.is_some();
        let packed = order.ready_at.is_some();
        let paid_at = moments.paid.filter(|_| is_paid);
        let shipped_at = moments.shipped.filter(|_| shipped);
        let finished_at = moments.finished.filter(|_| finished);
        let between = |from: Option<Timestamp>, to: Option<Timestamp>| Some(to?.seconds_since(from?).max(0));
        let goods = parts_of(order, lines);
        let by = |done: Option<(Timestamp, i64)>, is: bool| done.filter(|(_, person)| is && *person > 0);
        let work = [(CONFIRMED, by(moments.confirmed, confirmed)), (PACKED, by(moments.packed, packed))]
            .into_iter()
            .filter_map(|(kind, done)| {
                let (at, person) = done?;
                Some(Work { kind, person, day: Day::of(at, zone).number() })
            });
        let contribution = Self {
            company: order.company,
            order: order.id,
            shop: order.shop,
            dates: [Some(order.placed_at), paid_at, shipped_at, finished_at].map(|at| dated(at, zone)),
            city: order
                .delivery
                .address
                .as_deref()
                .and_then(|address| city_of(address, &order.contact.name))
                .unwrap_or_default(),
            status: order.status.clone(),
            stage: order.stage.code().to_owned(),
            source: short(&order.source),
            operator: by(moments.confirmed, confirmed).map_or(moments.taken_by, |(_, person)| person),
            carrier: moments.carrier,
            terms: order.terms.code().to_owned(),
            currency: order.currency.code().to_owned(),
            units: goods.iter().map(|part| part.units).sum(),
            total_minor: order.total.minor(),
            cancelled: order.stage == Stage::Cancel,
            confirmed,
            paid: is_paid,
            packed,
            shipped,
            completed: order.stage == Stage::Complete,
            links: [
                between(Some(order.placed_at), paid_at),
                between(paid_at.or(Some(order.placed_at)), order.confirmed_at),
                between(order.confirmed_at, order.ready_at),
                between(order.ready_at, shipped_at),
                between(shipped_at, finished_at),
            ],
            lines: goods,
        };
        (contribution, work.collect())
    }

    pub(crate) fn dated(&self, basis: Basis) -> (i64, i64) {
        match basis {
            Basis::Placed => self.dates[0],
            Basis::Paid => self.dates[1],
            Basis::Shipped => self.dates[2],
            Basis::Finished => self.dates[3],
        }
    }

    pub(crate) fn sums(&self) -> Sums {
        self.sums_of(1, self.units, self.total_minor)
    }

    /// Of a part of it that counts it so often.
    fn sums_of(&self, weight: i64, units: i64, revenue_minor: i64) -> Sums {
        let flag = |is: bool| if is { weight } else { 0 };
        let kept = |value: i64| if self.cancelled { 0 } else { value };
        Sums {
            orders: weight,
            cancelled: flag(self.cancelled),
            units: kept(units),
            revenue_minor: kept(revenue_minor),
            confirmed: flag(self.confirmed),
            paid: flag(self.paid),
            packed: flag(self.packed),
            shipped: flag(self.shipped),
            completed: flag(self.completed),
        }
    }

    /// What it adds along a dimension that sums are kept of.
    pub(crate) fn along(&self, kept: Kept, basis: Basis) -> Vec<(String, Sums)> {
        let one = |value: &str| vec![(value.to_owned(), self.sums())];
        match kept {
            Kept::All => one(""),
            Kept::City => one(&self.city),
            Kept::Status => one(&self.status),
            Kept::Source => one(&self.source),
            Kept::Operator => one(&self.operator.to_string()),
            Kept::Carrier => one(&self.carrier),
            Kept::Terms => one(&self.terms),
            Kept::Hour => one(&self.dated(basis).1.to_string()),
            Kept::Product => {
                self.lines.iter().map(|part| (part.product.clone(), self.of_line(part, false))).collect()
            }
            Kept::Category => {
                let mut found = BTreeMap::<String, Sums>::new();
                for part in &self.lines {
                    found.entry(part.category.clone()).or_default().add(&self.of_line(part, true));
                }
                found.into_iter().collect()
            }
        }
    }

    /// `led`: only the leading row of a category counts the order.
    pub(crate) fn of_line(&self, part: &LinePart, led: bool) -> Sums {
        let weight = i64::from(part.leads || !led);
        self.sums_of(weight, part.units, part.revenue_minor)
    }

    pub(crate) fn says(&self, dimension: Dimension, basis: Basis, value: &str) -> bool {
        match dimension {
            Dimension::Product => self.lines.iter().any(|part| part.product == value),
            Dimension::Category => self.lines.iter().any(|part| part.category == value),
            other => other.of_order(self, basis) == value,
        }
    }
}

fn dated(at: Option<Timestamp>, zone: &TimeZone) -> (i64, i64) {
    let Some(at) = at else { return (0, -1) };
    let hour = at.to_jiff().to_zoned(zone.clone()).hour();
    (Day::of(at, zone).number(), i64::from(hour))
}

impl Moments {
    fn of(told: &[RecordedFact]) -> Self {
        let mut moments = Self::default();
        for fact in told {
            let by = person(&fact.actor);
            match fact.kind.as_str() {
                facts::TAKEN => {
                    let given_to = fact.read::<facts::Taken>().ok().and_then(|taken| taken.by);
                    moments.taken_by = given_to.map_or(by, |person| person.get());
                }
                facts::GIVEN_BACK => moments.taken_by = 0,
                facts::CONFIRMED => moments.confirmed = confirmed(fact),
                facts::READY => moments.packed = Some((fact.at, by)),
                facts::PAID if moments.paid.is_none() && flag(fact, "in_full") => {
                    moments.paid = Some(there_since(fact));
                }
                facts::UNPAID if !flag(fact, "in_full") => moments.paid = None,
                facts::SHIPPED if flag(fact, "all") => moments.shipped = Some(fact.at),
                facts::COMPLETED | facts::CANCELLED => moments.finished = Some(fact.at),
                DISPATCHED => {
                    let carrier = fact.body.get("carrier").and_then(serde_json::Value::as_str);
                    moments.carrier = short(carrier.unwrap_or_default());
                }
                SHIPMENT_EDITED => {
                    if let Some(change) = fact.changes.iter().find(|change| change.path == "carrier") {
                        moments.carrier = short(change.new.as_deref().unwrap_or_default());
                    }
                }
                _ => {}
            }
        }
        moments
    }
}

/// What was agreed about an order before a part of it became this one was nobody's work on this one.
fn confirmed(fact: &RecordedFact) -> Option<(Timestamp, i64)> {
    let agreed_at = fact.read::<facts::Confirmed>().ok().and_then(|confirmed| confirmed.happened_at);
    Some(agreed_at.map_or_else(|| (fact.at, person(&fact.actor)), |at| (at, 0)))
}

/// The money of a part of an order was there with the whole.
fn there_since(fact: &RecordedFact) -> Timestamp {
    fact.read::<facts::Paid>().ok().and_then(|paid| paid.happened_at).unwrap_or(fact.at)
}

fn flag(fact: &RecordedFact, name: &str) -> bool {
    fact.body.get(name).and_then(serde_json::Value::as_bool).unwrap_or_default()
}

fn person(actor: &Actor) -> i64 {
    actor.person().map_or(0, |person| person.get())
}

fn short(text: &str) -> String {
    text.trim().chars().take(LONGEST).collect()
}

/// The goods by product, and what is left of the total: they add up to it.
fn parts_of(order: &Order, lines: &[Line]) -> Vec<LinePart> {
    let mut found = BTreeMap::<String, LinePart>::new();
    for line in lines {
        let product = short(line.sku.as_deref().filter(|sku| !sku.trim().is_empty()).unwrap_or(&line.name));
        let category =
            line.extra.get("category").and_then(serde_json::Value::as_str).map(short).unwrap_or_default();
        let units = line.wanted().saturating_subtract(line.returned).thousandths().max(0);
        let part = found.entry(product.clone()).or_insert_with(|| LinePart {
            product,
            category,
            leads: false,
            units: 0,
            revenue_minor: 0,
        });
        part.units = part.units.saturating_add(units);
        part.revenue_minor = part.revenue_minor.saturating_add(line.total.minor());
    }
    let goods: i64 = found.values().map(|part| part.revenue_minor).sum();
    let beyond = order.total.minor().saturating_sub(goods);
    if beyond != 0 || found.is_empty() {
        let rest = LinePart {
            product: String::new(),
            category: String::new(),
            leads: false,
            units: 0,
            revenue_minor: 0,
        };
        let rest = found.entry(String::new()).or_insert(rest);
        rest.revenue_minor = rest.revenue_minor.saturating_add(beyond);
    }
    let mut led = std::collections::BTreeSet::new();
    let mut parts: Vec<LinePart> = found.into_values().collect();
    for part in &mut parts {
        part.leads = led.insert(part.category.clone());
    }
    parts
}

#[cfg(test)]
mod tests {
    use takt_kernel::{Actor, PersonId};
    use takt_store::Fact;

    use super::*;

    fn said<F: Fact>(n: i64, at: i64, by: i64, fact: &F) -> RecordedFact {
        RecordedFact {
            position: n,
            id: n,
            company: CompanyId::new(1),
            subject_kind: facts::SUBJECT.to_owned(),
            subject_id: 7,
            n,
            kind: F::KIND.to_owned(),
            version: 1,
            at: Timestamp::from_micros(at),
            actor: Actor::Person { person: PersonId::new(by) },
            token: None,
            cause: None,
            source: None,
            body: serde_json::to_value(fact).expect("a body").into(),
            changes: Vec::new(),
        }
    }

    #[test]
    fn a_part_of_an_order_was_paid_and_confirmed_with_the_whole() {
        let paid = |happened_at| facts::Paid {
            receipt: Some(1),
            amount: "100.00".to_owned(),
            paid: "100.00".to_owned(),
            total: "100.00".to_owned(),
            currency: "RUB".to_owned(),
            in_full: true,
            sent_at: None,
            booked_at: None,
            received_at: None,
            happened_at,
        };
        let before = Some(Timestamp::from_micros(500));
        for (happened_at, paid_at, confirmed) in [(None, 900, (950, 3)), (before, 500, (500, 0))] {
            let told =
                [said(1, 900, 3, &paid(happened_at)), said(2, 950, 3, &facts::Confirmed { happened_at })];
            let moments = Moments::of(&told);
            assert_eq!(moments.paid, Some(Timestamp::from_micros(paid_at)));
            assert_eq!(moments.confirmed, Some((Timestamp::from_micros(confirmed.0), confirmed.1)));
        }
    }
}
