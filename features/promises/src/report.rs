//! A month of results added up. Pure: results in, figures out.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use takt_kernel::{CompanyId, ShopId};
use takt_orders::{Holder, Milestone};

use crate::result::Outcome;

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Figures {
    pub count: i64,
    pub median: i64,
    pub p90: i64,
    pub total: i64,
}

impl Figures {
    /// By nearest rank: a figure is always one that really was.
    fn of(mut seconds: Vec<i64>) -> Self {
        seconds.sort_unstable();
        let count = seconds.len();
        let rank = |percent: usize| {
            let rank = (count * percent).div_ceil(100).max(1) - 1;
            seconds.get(rank).copied().unwrap_or_default()
        };
        Self {
            count: i64::try_from(count).unwrap_or(i64::MAX),
            median: rank(50),
            p90: rank(90),
            total: seconds.iter().sum(),
        }
    }
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct HolderFigures {
    pub wall: Figures,
    pub working: i64,
    /// Promises that were missed, and he held most of what was too much.
    pub missed: i64,
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct LinkFigures {
    pub wall: Figures,
    pub working: Figures,
    pub kept: i64,
    pub missed: i64,
    pub blamed: BTreeMap<Holder, i64>,
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct RuleFigures {
    pub wall: Figures,
    pub kept: i64,
    pub missed: i64,
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlaceFigures {
    pub company: i64,
    pub shop: i64,
    pub waited: Figures,
    pub kept: i64,
    pub missed: i64,
}

/// The figures of a month. Orders that were cancelled are counted and go into nothing else.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Report {
    pub orders: i64,
    pub cancelled: i64,
    pub urgent: i64,
    pub holders: BTreeMap<Holder, HolderFigures>,
    /// By what they lead from and to, in the order in which orders go.
    pub links: Vec<(Milestone, Milestone, LinkFigures)>,
    pub rules: BTreeMap<String, RuleFigures>,
    pub places: Vec<PlaceFigures>,
    pub buyers_waited: Figures,
    /// Working seconds of queue, operators and warehouse on an order.
    pub staff_worked: Figures,
}

impl Report {
    pub fn kept(&self) -> i64 {
        self.links.iter().map(|(.., link)| link.kept).sum()
    }

    pub fn missed(&self) -> i64 {
        self.links.iter().map(|(.., link)| link.missed).sum()
    }

    /// The difference of the medians, for as many orders as there are now; less than nothing when it took longer.
    pub fn saved(then: Figures, now: Figures) -> i64 {
        then.median.saturating_sub(now.median).saturating_mul(now.count)
    }
}

#[derive(Default)]
struct LinkSeries {
    wall: Vec<i64>,
    working: Vec<i64>,
    kept: i64,
    missed: i64,
    blamed: BTreeMap<Holder, i64>,
    /// How far along the way it lies, added over all orders.
    places: usize,
}

#[derive(Default)]
struct RuleSeries {
    wall: Vec<i64>,
    kept: i64,
    missed: i64,
}

/// Takes results in one by one.
#[derive(Default)]
pub struct Gather {
    orders: i64,
    cancelled: i64,
    urgent: i64,
    held: BTreeMap<Holder, (Vec<i64>, i64)>,
    links: BTreeMap<(Milestone, Milestone), LinkSeries>,
    rules: BTreeMap<String, RuleSeries>,
    places: BTreeMap<(CompanyId, ShopId), (Vec<i64>, i64, i64)>,
    waited: Vec<i64>,
    worked: Vec<i64>,
}

impl Gather {
    pub fn take(&mut self, company: CompanyId, shop: ShopId, outcome: &Outcome) {
        if outcome.cancelled {
            self.cancelled += 1;
            return;
        }
        self.orders += 1;
        self.urgent += i64::from(outcome.urgent);
        for (holder, (wall, working)) in &outcome.held {
            let (series, sum) = self.held.entry(*holder).or_default();
            series.push(*wall);
            *sum += working;
        }
        let place = self.places.entry((company, shop)).or_default();
        for (nth, link) in outcome.links.iter().enumerate() {
            let series = self.links.entry((link.from.clone(), link.to.clone())).or_default();
            series.wall.push(link.wall);
            series.working.push(link.working);
            series.places += nth;
            match link.late {
                None => {}
                Some(0) => (series.kept, place.1) = (series.kept + 1, place.1 + 1),
                Some(_) => {
                    (series.missed, place.2) = (series.missed + 1, place.2 + 1);
                    if let Some(holder) = link.blamed {
                        *series.blamed.entry(holder).or_default() += 1;
                    }
                }
            }
        }
        for run in &outcome.rules {
            let series = self.rules.entry(run.rule.clone()).or_default();
            series.wall.push(run.wall);
            if run.late == 0 { series.kept += 1 } else { series.missed += 1 }
        }
        place.0.extend(outcome.buyer_waited);
        self.waited.extend(outcome.buyer_waited);
        self.worked.push(
            outcome.held.iter().filter(|(holder, _)| holder.keeps_hours()).map(|(_, (_, open))| open).sum(),
        );
    }

    pub fn finish(self) -> Report {
        let mut links: Vec<_> = self.links.into_iter().collect();
        // By how far along the way they lie on average.
        links.sort_by(|(_, one), (_, other)| {
            (one.places * other.wall.len()).cmp(&(other.places * one.wall.len()))
        });
        let links: Vec<_> = links
            .into_iter()
            .map(|((from, to), series)| {
                let figures = LinkFigures {
                    wall: Figures::of(series.wall),
                    working: Figures::of(series.working),
                    kept: series.kept,
                    missed: series.missed,
                    blamed: series.blamed,
                };
                (from, to, figures)
            })
            .collect();
        let mut holders: BTreeMap<Holder, HolderFigures> = self
            .held
            .into_iter()
            .map(|(holder, (wall, working))| {
                (holder, HolderFigures { wall: Figures::of(wall), working, missed: 0 })
            })
            .collect();
        for (.., link) in &links {
            for (holder, missed) in &link.blamed {
                holders.entry(*holder).or_default().missed += missed;
            }
        }
        let rules = self.rules.into_iter().map(|(rule, series)| {
            let RuleSeries { wall, kept, missed } = series;
            (rule, RuleFigures { wall: Figures::of(wall), kept, missed })
        });
        let places = self.places.into_iter().map(|((company, shop), (waited, kept, missed))| PlaceFigures {
            company: company.get(),
            shop: shop.get(),
            waited: Figures::of(waited),
            kept,
            missed,
        });
        Report {
            orders: self.orders,
            cancelled: self.cancelled,
            urgent: self.urgent,
            holders,
            links,
            rules: rules.collect(),
            places: places.collect(),
            buyers_waited: Figures::of(self.waited),
            staff_worked: Figures::of(self.worked),
        }
    }
}
