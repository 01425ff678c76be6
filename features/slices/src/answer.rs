//! What a question is answered with, while it is counted and when it is whole.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::{
    contribution::{Contribution, LINKS},
    count::MOST_GROUPS,
    question::Question,
    sums::{Moneys, Sums},
};

/// What stands at one row and column.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Group {
    pub row: String,
    /// Empty without a second dimension.
    pub column: String,
    /// By currency.
    pub sums: BTreeMap<String, Sums>,
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Answer {
    pub groups: Vec<Group>,
    /// Of all orders: an order with several goods stands in several rows and is one here.
    pub whole: BTreeMap<String, Sums>,
    /// Of each row the median of each link, seconds.
    pub links: BTreeMap<String, [Option<i64>; LINKS]>,
    /// More orders changed than were added.
    pub behind: bool,
    /// There are more values than are counted, and what stands here is not all.
    #[serde(default)]
    pub cut: bool,
}

/// Minutes and how often they were.
type Histogram = BTreeMap<i64, i64>;

/// An answer that grows.
#[derive(Default)]
pub(crate) struct Gather {
    pub groups: BTreeMap<(String, String), Moneys>,
    pub whole: Moneys,
    pub links: BTreeMap<(String, usize), Histogram>,
    pub behind: bool,
    pub cut: bool,
    /// Orders that wait and were added, of all companies together.
    pub added: i64,
}

impl Gather {
    pub fn put(&mut self, row: String, column: String, currency: &str, sums: &Sums, times: i64) {
        let place = (row, column);
        let is_full = i64::try_from(self.groups.len()).is_ok_and(|count| count >= MOST_GROUPS);
        if is_full && !self.groups.contains_key(&place) {
            self.cut = true;
            return;
        }
        let moneys = self.groups.entry(place).or_default();
        moneys.entry(currency.to_owned()).or_default().add_times(sums, times);
    }

    pub fn put_whole(&mut self, currency: &str, sums: &Sums, times: i64) {
        self.whole.entry(currency.to_owned()).or_default().add_times(sums, times);
    }

    pub fn put_link(&mut self, row: String, link: usize, minutes: i64, times: i64) {
        *self.links.entry((row, link)).or_default().entry(minutes).or_default() += times;
    }

    /// An order as it is now, or, with -1, as it was counted before.
    pub fn put_order(&mut self, question: &Question, order: &Contribution, times: i64) {
        let (day, _) = order.dated(question.basis);
        let fits = |(dimension, value): (&crate::dimension::Dimension, &String)| {
            order.says(*dimension, question.basis, value)
        };
        if !question.days.holds(day) || !question.filters.iter().all(fits) {
            return;
        }
        self.put_whole(&order.currency, &order.sums(), times);
        for (row, column, sums) in parts(question, order) {
            self.put(row, column, &order.currency, &sums, times);
        }
        if question.links && !question.by.is_of_lines() {
            let row = question.by.of_order(order, question.basis);
            for (link, seconds) in order.links.iter().enumerate() {
                if let Some(seconds) = seconds {
                    self.put_link(row.clone(), link, seconds / 60, times);
                }
            }
        }
    }

    pub fn finish(mut self) -> Answer {
        self.whole.retain(|_, sums| !sums.is_zero());
        let groups = self.groups.into_iter().filter_map(|((row, column), mut sums)| {
            sums.retain(|_, sums| !sums.is_zero());
            (!sums.is_empty()).then_some(Group { row, column, sums })
        });
        let mut links = BTreeMap::<String, [Option<i64>; LINKS]>::new();
        for ((row, link), histogram) in &self.links {
            if let Some(place) = links.entry(row.clone()).or_default().get_mut(*link) {
                *place = median(histogram);
            }
        }
        let (behind, cut) = (self.behind, self.cut);
        Answer { groups: groups.collect(), whole: self.whole, links, behind, cut }
    }
}

/// By nearest rank, in seconds, exact to the minute.
fn median(histogram: &Histogram) -> Option<i64> {
    let count: i64 = histogram.values().sum();
    let mut left = (count + 1) / 2;
    if count <= 0 {
        return None;
    }
    for (minutes, times) in histogram {
        left -= times;
        if left <= 0 {
            return Some(minutes * 60);
        }
    }
    None
}

/// The rows and columns that one order stands in.
fn parts(question: &Question, order: &Contribution) -> Vec<(String, String, Sums)> {
    use crate::dimension::Dimension;
    let basis = question.basis;
    if !question.over_lines() {
        let column = question.cross.map(|cross| cross.of_order(order, basis)).unwrap_or_default();
        return vec![(question.by.of_order(order, basis), column, order.sums())];
    }
    let both = question.by.is_of_lines() && question.cross.is_some_and(Dimension::is_of_lines);
    let led = !both && (question.by == Dimension::Category || question.cross == Some(Dimension::Category));
    let wanted = |dimension: Dimension, value: &str| {
        question.filters.get(&dimension).is_none_or(|filter| filter == value)
    };
    let lines = order.lines.iter().filter(|part| {
        wanted(Dimension::Product, &part.product) && wanted(Dimension::Category, &part.category)
    });
    lines
        .map(|part| {
            let value = |dimension: Dimension| match dimension {
                Dimension::Product => part.product.clone(),
                Dimension::Category => part.category.clone(),
                other => other.of_order(order, basis),
            };
            let column = question.cross.map(value).unwrap_or_default();
            (value(question.by), column, order.of_line(part, led))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_grows_by_months_and_companies_is_cut_as_one_is() {
        let (mut gather, one) = (Gather::default(), Sums { orders: 1, ..Sums::default() });
        for n in 0..MOST_GROUPS + 10 {
            gather.put((n % (MOST_GROUPS + 5)).to_string(), String::new(), "RUB", &one, 1);
        }
        assert!(gather.cut);
        assert_eq!(gather.groups.len(), usize::try_from(MOST_GROUPS).expect("a count"));
        assert_eq!(
            gather.groups[&("0".to_owned(), String::new())]["RUB"].orders,
            2,
            "what is there still grows"
        );
    }

    #[test]
    fn half_took_at_most_the_median() {
        for (minutes, expected) in [
            (vec![], None),
            (vec![5], Some(300)),
            (vec![1, 2, 3], Some(120)),
            (vec![1, 2, 3, 100], Some(120)),
            (vec![7, 7, 7, 1], Some(420)),
        ] {
            let mut histogram = Histogram::new();
            for minutes in minutes {
                *histogram.entry(minutes).or_default() += 1;
            }
            assert_eq!(median(&histogram), expected);
        }
    }
}
