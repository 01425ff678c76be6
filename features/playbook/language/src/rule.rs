//! One rule: when, if, then; or while, for, then.

use std::{collections::BTreeMap, ops::Range, sync::Arc};

use crate::{
    condition::{Condition, Look},
    lasting::Lasting,
    value::{Kind, Value},
};

/// What a rule says, checked against the vocabulary.
pub struct Rule {
    pub name: String,
    /// Index of its clause in the document.
    pub clause: usize,
    /// Empty in one about a state that lasts.
    pub when: Vec<When>,
    /// What must hold when it hears such a fact, or for as long as the state lasts.
    pub(crate) conditions: Vec<Arc<Condition>>,
    pub(crate) lasting: Option<Lasting>,
    pub acts: Vec<Act>,
    /// What is done when a state ends after it was acted upon.
    pub after: Vec<Act>,
    /// As it is written.
    pub(crate) body: String,
    /// Where its body stands in the document, in bytes.
    pub(crate) place: Range<usize>,
}

/// A kind of fact that a rule hears, perhaps only some of them.
pub struct When {
    pub fact: String,
    pub(crate) condition: Option<Arc<Condition>>,
}

/// One thing to do.
pub struct Act {
    pub action: String,
    pub(crate) arguments: BTreeMap<String, Argument>,
}

pub(crate) enum Argument {
    Given(Value),
    /// `=…`: asked at the moment of acting.
    Asked(Condition, Kind),
}

impl Rule {
    /// The conditions as they are written.
    pub fn conditions(&self) -> impl Iterator<Item = &str> {
        self.conditions.iter().map(|condition| condition.text.as_str())
    }

    /// Whether it waits for a state to last.
    pub fn is_lasting(&self) -> bool {
        self.lasting.is_some()
    }

    /// The kinds of facts that it is about.
    pub(crate) fn heard(&self) -> Vec<String> {
        let lasting = self.lasting.iter().flat_map(|lasting| lasting.from.iter().chain(&lasting.until));
        self.when.iter().chain(lasting).map(|when| when.fact.clone()).collect()
    }

    pub fn does(&self, action: &str) -> bool {
        self.acts.iter().any(|act| act.action == action)
    }

    /// Whether it could act, as far as is known.
    pub fn may_act(&self, look: &Look<'_>) -> bool {
        self.conditions.iter().all(|condition| condition.holds_as_far_as_known(look).unwrap_or(true))
    }

    pub(crate) fn every_act(&self) -> impl Iterator<Item = &Act> {
        self.acts.iter().chain(&self.after)
    }

    pub(crate) fn every_condition(&self) -> impl Iterator<Item = &Arc<Condition>> {
        let lasting = self.lasting.iter().flat_map(|lasting| lasting.from.iter().chain(&lasting.until));
        let of_facts = self.when.iter().chain(lasting).filter_map(|when| when.condition.as_ref());
        of_facts.chain(&self.conditions)
    }

    pub(crate) fn every_condition_mut(&mut self) -> impl Iterator<Item = &mut Arc<Condition>> {
        let lasting =
            self.lasting.iter_mut().flat_map(|lasting| lasting.from.iter_mut().chain(&mut lasting.until));
        let of_facts = self.when.iter_mut().chain(lasting).filter_map(|when| when.condition.as_mut());
        of_facts.chain(&mut self.conditions)
    }
}

impl Act {
    /// An argument that is written as a word.
    pub(crate) fn word(&self, name: &str) -> Option<&str> {
        match self.arguments.get(name) {
            Some(Argument::Given(Value::Text(word))) => Some(word),
            _ => None,
        }
    }

    pub(crate) fn arguments(&self, look: &Look<'_>) -> Result<BTreeMap<String, Value>, String> {
        self.arguments
            .iter()
            .map(|(name, argument)| Ok((name.clone(), argument.value(name, look)?)))
            .collect()
    }
}

impl Argument {
    pub(crate) fn value(&self, name: &str, look: &Look<'_>) -> Result<Value, String> {
        match self {
            Self::Given(value) => Ok(value.clone()),
            Self::Asked(condition, kind) => {
                let value = condition.evaluate(look)?;
                if kind.takes(&value) { Ok(value) } else { Err(format!("{name} = {value}")) }
            }
        }
    }
}
