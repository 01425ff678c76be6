//! A fact and a look at the world in, deeds out, with the reasons.

use std::collections::BTreeMap;

use crate::{
    condition::{Condition, Look},
    lasting::Moment,
    playbook::Playbook,
    rule::Rule,
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
    /// The state holds and has not lasted long enough.
    Waits {
        until: Moment,
    },
    /// The state holds, and the rule acted when it had lasted long enough.
    ActedBefore {
        since: Moment,
    },
    /// The fact with which the state begins has not come, or the one with which it ends.
    NotBegun,
    /// Another rule wants the opposite of the same thing: neither acted.
    Disagreed {
        with: String,
        about: String,
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

impl Verdict {
    pub(crate) fn stopped(condition: &Condition, look: &Look<'_>) -> Self {
        let because = condition.names.iter().filter_map(|name| Some((name.clone(), look(name)?))).collect();
        Self::Stopped { condition: condition.text.clone(), because }
    }
}

/// What was asked of the world already, by the numbers of the conditions.
struct Asked(Vec<u8>);

const NOT_ASKED: u8 = 0;
const NO: u8 = 1;
const YES: u8 = 2;

impl Asked {
    fn of(playbook: &Playbook) -> Self {
        Self(vec![NOT_ASKED; playbook.different_conditions])
    }

    fn holds(&mut self, condition: &Condition, look: &Look<'_>) -> Result<bool, String> {
        let known = self.0.get_mut(condition.number);
        if let Some(known) = &known
            && **known != NOT_ASKED
        {
            return Ok(**known == YES);
        }
        let holds = condition.holds(look)?;
        if let Some(known) = known {
            *known = if holds { YES } else { NO };
        }
        Ok(holds)
    }
}

impl Asked {
    /// The first condition of a rule that does not hold.
    fn stop<'r>(
        &mut self,
        rule: &'r Rule,
        kind: &str,
        look: &Look<'_>,
    ) -> Result<Option<&'r Condition>, String> {
        for condition in rule.conditions_for(kind) {
            if !self.holds(condition, look)? {
                return Ok(Some(condition));
            }
        }
        Ok(None)
    }
}

impl Decision {
    fn failed(&mut self, rule: &Rule, said: String) {
        self.looked.push(Looked { rule: rule.name.clone(), verdict: Verdict::Failed { said } });
    }
}

impl Playbook {
    /// Whether any rule could act on this fact, as far as `look` can say; what it does not answer may be
    /// either. Most facts concern nobody, and then the world need not be looked at any further.
    pub fn concerns(&self, kind: &str, look: &Look<'_>) -> bool {
        self.hearing(kind).any(|rule| {
            rule.conditions_for(kind).all(|condition| condition.holds_as_far_as_known(look).unwrap_or(true))
        })
    }

    /// What the document has done about a fact. `look` answers every name of the vocabulary.
    pub fn decide(&self, kind: &str, look: &Look<'_>) -> Decision {
        let mut decision = Decision::default();
        let mut asked = Asked::of(self);
        for rule in self.hearing(kind) {
            let (verdict, effects) = rule.decide(kind, look, &mut asked);
            decision.effects.extend(effects);
            decision.looked.push(Looked { rule: rule.name.clone(), verdict });
        }
        self.settle(&mut decision);
        decision
    }

    /// As [`Self::decide`], but of the rules that did nothing only those are named that failed or disagreed:
    /// for those who act and do not ask why not.
    pub fn deeds(&self, kind: &str, look: &Look<'_>) -> Decision {
        let mut decision = Decision::default();
        let mut asked = Asked::of(self);
        for rule in self.hearing(kind) {
            match asked.stop(rule, kind, look) {
                Ok(Some(_)) => {}
                Ok(None) => {
                    let (verdict, effects) = rule.acted(look);
                    decision.effects.extend(effects);
                    decision.looked.push(Looked { rule: rule.name.clone(), verdict });
                }
                Err(said) => decision.failed(rule, said),
            }
        }
        self.settle(&mut decision);
        decision
    }

    /// What one rule has done about a fact, when it is asked once more after a failure.
    pub fn decide_rule(&self, name: &str, kind: &str, look: &Look<'_>) -> Decision {
        let mut decision = Decision::default();
        if let Some(rule) = self.hearing(kind).find(|rule| rule.name == name) {
            let (verdict, effects) = rule.decide(kind, look, &mut Asked::of(self));
            decision.effects = effects;
            decision.looked.push(Looked { rule: rule.name.clone(), verdict });
        }
        decision
    }

    /// Two rules that want opposites of the same thing: neither is done, and both say so.
    pub(crate) fn settle(&self, decision: &mut Decision) {
        if self.undoings.is_empty() || decision.effects.len() < 2 {
            return;
        }
        let mut disagreed: BTreeMap<String, (String, String)> = BTreeMap::new();
        for (place, one) in decision.effects.iter().enumerate() {
            for other in decision.effects.iter().skip(place + 1).filter(|other| other.rule != one.rule) {
                let Some(about) = self.opposites(one, other) else { continue };
                disagreed.entry(one.rule.clone()).or_insert_with(|| (other.rule.clone(), about.clone()));
                disagreed.entry(other.rule.clone()).or_insert_with(|| (one.rule.clone(), about));
            }
        }
        if disagreed.is_empty() {
            return;
        }
        decision.effects.retain(|effect| !disagreed.contains_key(&effect.rule));
        for looked in &mut decision.looked {
            if let Some((with, about)) = disagreed.remove(&looked.rule) {
                looked.verdict = Verdict::Disagreed { with, about };
            }
        }
    }

    fn opposites(&self, one: &Effect, other: &Effect) -> Option<String> {
        let undoing = self.undoings.iter().find(|(action, undoing)| {
            (one.action == *action && other.action == undoing.action)
                || (other.action == *action && one.action == undoing.action)
        });
        let (_, undoing) = undoing?;
        let alike = undoing.alike.iter().all(|name| one.arguments.get(*name) == other.arguments.get(*name));
        let about = undoing.alike.iter().filter_map(|name| one.arguments.get(*name)).map(ToString::to_string);
        alike.then(|| about.collect::<Vec<_>>().join(" "))
    }
}

impl Rule {
    /// What must hold when it hears this kind of fact.
    pub(crate) fn conditions_for(&self, kind: &str) -> impl Iterator<Item = &Condition> {
        let of_fact = self.when.iter().filter(move |when| when.fact == kind);
        of_fact
            .filter_map(|when| when.condition.as_ref())
            .chain(&self.conditions)
            .map(|condition| &**condition)
    }

    fn decide(&self, kind: &str, look: &Look<'_>, asked: &mut Asked) -> (Verdict, Vec<Effect>) {
        match asked.stop(self, kind, look) {
            Ok(Some(condition)) => (Verdict::stopped(condition, look), Vec::new()),
            Ok(None) => self.acted(look),
            Err(said) => (Verdict::Failed { said }, Vec::new()),
        }
    }

    fn acted(&self, look: &Look<'_>) -> (Verdict, Vec<Effect>) {
        match self.effects_of(&self.acts, look) {
            Ok(effects) => (Verdict::Acted, effects),
            Err(said) => (Verdict::Failed { said }, Vec::new()),
        }
    }
}
