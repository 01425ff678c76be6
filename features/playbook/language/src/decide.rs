//! A fact and a look at the world in, deeds out, with the reasons.

use std::collections::BTreeMap;

use crate::{
    condition::Condition,
    playbook::Playbook,
    rule::{Act, Argument, Rule},
    value::Value,
};

/// What is to be done, in the order of the document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Effect {
    pub rule: String,
    pub action: String,
    pub arguments: BTreeMap<String, Value>,
}

/// What one rule made of the fact.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Looked {
    pub rule: String,
    pub verdict: Verdict,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    Acted,
    /// The first condition that did not hold, and what its names meant at that moment.
    Stopped {
        condition: String,
        because: Vec<(String, Value)>,
    },
    /// An expression could not be answered: a division by nothing, a number beyond all bounds. The rule
    /// did nothing; the others are not hindered.
    Failed {
        said: String,
    },
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Decision {
    pub effects: Vec<Effect>,
    /// All rules that hear such facts, in the order of the document: why, and why not.
    pub looked: Vec<Looked>,
}

impl Playbook {
    /// Whether any rule could act on this fact, as far as `look` can say; what it does not answer may be
    /// either. Most facts concern nobody, and then the world need not be looked at any further.
    pub fn concerns(&self, kind: &str, look: &(dyn Fn(&str) -> Option<Value> + Send + Sync)) -> bool {
        self.hearing(kind).any(|rule| {
            rule.conditions_for(kind).all(|condition| condition.holds_as_far_as_known(look).unwrap_or(true))
        })
    }

    /// What the document has done about a fact. `look` answers every name of the vocabulary.
    pub fn decide(&self, kind: &str, look: &(dyn Fn(&str) -> Option<Value> + Send + Sync)) -> Decision {
        let mut decision = Decision::default();
        for rule in self.hearing(kind) {
            let verdict = match rule.verdict(kind, look).and_then(|verdict| match verdict {
                Verdict::Acted => rule.effects(look).map(|effects| {
                    decision.effects.extend(effects);
                    verdict
                }),
                Verdict::Stopped { .. } | Verdict::Failed { .. } => Ok(verdict),
            }) {
                Ok(verdict) => verdict,
                Err(said) => Verdict::Failed { said },
            };
            decision.looked.push(Looked { rule: rule.name.clone(), verdict });
        }
        decision
    }
}

impl Rule {
    fn effects(&self, look: &(dyn Fn(&str) -> Option<Value> + Send + Sync)) -> Result<Vec<Effect>, String> {
        let effect = |act: &Act| {
            let arguments = act.arguments(look)?;
            Ok(Effect { rule: self.name.clone(), action: act.action.clone(), arguments })
        };
        self.acts.iter().map(effect).collect()
    }

    /// What must hold when it hears this kind of fact.
    fn conditions_for(&self, kind: &str) -> impl Iterator<Item = &Condition> {
        let of_fact = self.when.iter().filter(move |when| when.fact == kind);
        of_fact.filter_map(|when| when.condition.as_ref()).chain(&self.conditions)
    }

    fn verdict(
        &self,
        kind: &str,
        look: &(dyn Fn(&str) -> Option<Value> + Send + Sync),
    ) -> Result<Verdict, String> {
        for condition in self.conditions_for(kind) {
            if !condition.holds(look)? {
                let because =
                    condition.names.iter().filter_map(|name| Some((name.clone(), look(name)?))).collect();
                return Ok(Verdict::Stopped { condition: condition.text.clone(), because });
            }
        }
        Ok(Verdict::Acted)
    }
}

impl Act {
    fn arguments(
        &self,
        look: &(dyn Fn(&str) -> Option<Value> + Send + Sync),
    ) -> Result<BTreeMap<String, Value>, String> {
        self.arguments
            .iter()
            .map(|(name, argument)| {
                let value = match argument {
                    Argument::Given(value) => value.clone(),
                    Argument::Asked(condition, kind) => {
                        let value = condition.evaluate(look)?;
                        if !kind.takes(&value) {
                            return Err(format!("{name} = {value}"));
                        }
                        value
                    }
                };
                Ok((name.clone(), value))
            })
            .collect()
    }
}
