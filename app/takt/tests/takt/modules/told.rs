//! What was delivered and what came of it; from that, what may be there in the end.

use std::collections::BTreeSet;

use super::plan::Message;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// Answered: it is there.
    Taken,
    /// Answered: it is stored, and will be there.
    Stored,
    /// Answered: such an order was there before.
    Known,
    /// Answered: there is no such customer.
    Missing,
    /// The program died with it in its hands; nobody sends it again.
    Unanswered,
}

#[derive(Default)]
pub struct Told {
    pub log: Vec<(Message, Outcome)>,
    /// Our number of the order.
    pub id: Option<i64>,
    pub surprises: Vec<String>,
}

/// Nothing, or the word of this number.
pub type States = BTreeSet<Option<usize>>;

impl Told {
    /// What may be there of the order, in the order of their coming.
    pub fn order(&self) -> States {
        self.fold(|message, state| match message {
            Message::Create | Message::Upload => Some(Some(state.unwrap_or(0))),
            Message::Edit(version) => Some(Some(*version)),
            _ => None,
        })
    }

    /// What it may have said of the field that is only said alone. Of an order that is not there nothing is said.
    pub fn part(&self) -> States {
        let mut states = States::from([None]);
        let mut before = Self::default();
        for (message, outcome) in &self.log {
            let is_there = !before.order().contains(&None);
            match (message, outcome) {
                (Message::Part(number), Outcome::Taken) => states = [Some(*number)].into(),
                (Message::Part(number), Outcome::Stored) if is_there => states = [Some(*number)].into(),
                (Message::Part(number), Outcome::Stored | Outcome::Unanswered) => {
                    states.insert(Some(*number));
                }
                _ => {}
            }
            before.log.push((message.clone(), *outcome));
        }
        states
    }

    /// What the shop may have said of the customer last.
    pub fn customer(&self) -> States {
        self.fold(|message, _| match message {
            Message::CustomerCreate => Some(Some(0)),
            Message::CustomerEdit(version) => Some(Some(*version)),
            _ => None,
        })
    }

    /// What the shop may have counted last.
    pub fn count(&self) -> States {
        self.fold(|message, _| match message {
            Message::Count(count) => Some(Some(*count)),
            _ => None,
        })
    }

    /// What the desk may have set the price of delivery to.
    pub fn delivery(&self) -> States {
        self.fold(|message, _| match message {
            Message::Desk(price) => Some(Some(*price)),
            _ => None,
        })
    }

    /// The prices of delivery that the desk was told are set, and those of which it was told nothing.
    pub fn prices(&self, outcome: Outcome) -> Vec<usize> {
        let price = |(message, came): &(Message, Outcome)| match message {
            Message::Desk(price) if *came == outcome => Some(*price),
            _ => None,
        };
        self.log.iter().filter_map(price).collect()
    }

    fn fold(&self, then: impl Fn(&Message, Option<usize>) -> Option<Option<usize>>) -> States {
        let mut states = States::from([None]);
        for (message, outcome) in &self.log {
            if then(message, None).is_none() {
                continue;
            }
            let after: States = states.iter().filter_map(|state| then(message, *state)).collect();
            match outcome {
                Outcome::Taken => states = after,
                // An edit of a customer who was not told of when it came changes nobody.
                Outcome::Stored if matches!(message, Message::CustomerEdit(_)) && states.contains(&None) => {
                    states.extend(after);
                }
                Outcome::Stored => states = after,
                Outcome::Known => {
                    states.remove(&None);
                }
                Outcome::Missing => {}
                Outcome::Unanswered => states.extend(after),
            }
        }
        states
    }
}

#[derive(Default)]
pub struct Summary {
    pub answered: usize,
    pub stored: usize,
    pub unanswered: usize,
    pub orders: usize,
}

impl std::fmt::Display for Summary {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self { answered, stored, unanswered, orders } = self;
        write!(
            f,
            "{orders} orders, {answered} answers ({stored} of them \"stored\"), {unanswered} without any"
        )
    }
}
