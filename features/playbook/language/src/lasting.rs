//! States that last: what has begun, until when it is waited, what was done about it. Pure: what is known of
//! one subject and a fact, a moment or a look in; steps, deeds and timers out.
//!
//! An occasion is the uninterrupted stretch in which a state holds. A rule acts once in each.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use crate::{
    condition::Look,
    decide::{Decision, Effect, Looked, Verdict},
    playbook::Playbook,
    rule::{Act, Argument, Rule, When},
    value::Value,
};

/// Microseconds since 1970.
pub type Moment = i64;

/// By which clock a duration is counted.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Hours {
    /// The usual calendar of the company.
    Usual,
    /// Every hour of every day.
    RoundTheClock,
    /// A calendar of the company by its name.
    Named(String),
}

/// As it is written in a document, in either language.
const ROUND_THE_CLOCK: [&str; 2] = ["round the clock", "круглосуточно"];

impl Hours {
    pub fn named(name: &str) -> Self {
        if ROUND_THE_CLOCK.contains(&name) { Self::RoundTheClock } else { Self::Named(name.to_owned()) }
    }
}

/// When so many minutes of a calendar will have passed since a moment; what stands in the way, in words.
pub type Passes<'p> = dyn Fn(&Hours, Moment, i64) -> Result<Moment, String> + 'p;

pub(crate) struct Lasting {
    /// The state begins with one of these; empty: whenever its conditions are seen to hold.
    pub from: Vec<When>,
    /// It ends with one of these, or when its conditions no longer hold.
    pub until: Vec<When>,
    pub duration: Argument,
    pub hours: Hours,
    /// Where the calendar is named in the document.
    pub calendar_at: usize,
    /// All facts upon which it is looked at again.
    pub hears: BTreeSet<String>,
}

/// One uninterrupted stretch.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Occasion {
    pub since: Moment,
    /// When it will have lasted long enough.
    pub due: Moment,
    pub acted: bool,
}

/// What of one subject lasts, by the names of the rules.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Progress(pub BTreeMap<String, Occasion>);

/// What became of an occasion. `due` is what its timer is to be set to; the timer of one that was acted upon
/// or has ended is taken away.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Step {
    Began { rule: String, since: Moment, due: Moment },
    Moved { rule: String, due: Moment },
    Acted { rule: String },
    Ended { rule: String, since: Moment, acted: bool },
}

/// What follows from a fact, a timer or a review.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Turn {
    pub decision: Decision,
    pub steps: Vec<Step>,
}

impl Progress {
    pub fn apply(&mut self, steps: &[Step]) {
        for step in steps {
            match step {
                Step::Began { rule, since, due } => {
                    let occasion = Occasion { since: *since, due: *due, acted: false };
                    self.0.insert(rule.clone(), occasion);
                }
                Step::Moved { rule, due } => {
                    if let Some(occasion) = self.0.get_mut(rule) {
                        occasion.due = *due;
                    }
                }
                Step::Acted { rule } => {
                    if let Some(occasion) = self.0.get_mut(rule) {
                        occasion.acted = true;
                    }
                }
                Step::Ended { rule, .. } => {
                    self.0.remove(rule);
                }
            }
        }
    }

    /// The timers that are set, by rule.
    pub fn timers(&self) -> impl Iterator<Item = (&str, Moment)> {
        let armed = self.0.iter().filter(|(_, occasion)| !occasion.acted);
        armed.map(|(rule, occasion)| (rule.as_str(), occasion.due))
    }
}

impl Playbook {
    /// Whether a fact of this kind may begin or end any state at all.
    pub fn moves_states(&self, kind: &str) -> bool {
        self.lasting_by_fact.contains_key(kind)
    }

    /// Whether a fact could begin a state, as far as `look` can say.
    pub fn may_begin(&self, kind: &str, look: &Look<'_>) -> bool {
        self.lasting_on(kind).any(|(rule, lasting)| lasting.may_begin(kind, look) && rule.may_act(look))
    }

    /// The names of the rules about states.
    pub fn lasting_rules(&self) -> impl Iterator<Item = &str> {
        self.rules.iter().filter(|rule| rule.is_lasting()).map(|rule| rule.name.as_str())
    }

    /// A fact was said at this moment. `look` answers every name of the vocabulary, after the fact.
    pub fn hear(
        &self,
        progress: &Progress,
        kind: &str,
        at: Moment,
        look: &Look<'_>,
        passes: &Passes<'_>,
    ) -> Turn {
        self.heard_by(self.lasting_on(kind), progress, kind, at, look, passes)
    }

    /// As [`Self::hear`], but rules for which nothing lasts nor begins are not named: for those who act and do
    /// not ask why not.
    pub fn steps(
        &self,
        progress: &Progress,
        kind: &str,
        at: Moment,
        look: &Look<'_>,
        passes: &Passes<'_>,
    ) -> Turn {
        let concerned = self.lasting_on(kind).filter(|(rule, lasting)| {
            progress.0.contains_key(&rule.name) || (rule.may_act(look) && lasting.may_begin(kind, look))
        });
        self.heard_by(concerned, progress, kind, at, look, passes)
    }

    fn heard_by<'r>(
        &self,
        rules: impl Iterator<Item = (&'r Rule, &'r Lasting)>,
        progress: &Progress,
        kind: &str,
        at: Moment,
        look: &Look<'_>,
        passes: &Passes<'_>,
    ) -> Turn {
        let mut turn = Turn::default();
        for (rule, lasting) in rules {
            let (mut steps, mut effects) = (Vec::new(), Vec::new());
            let verdict = (|| {
                let stopped = rule.stopped(look)?;
                let over = any_of(&lasting.until, kind, look)?;
                let Some(occasion) = progress.0.get(&rule.name) else {
                    if let Some(stopped) = stopped {
                        return Ok(stopped);
                    }
                    let begins = lasting.from.is_empty() || any_of(&lasting.from, kind, look)?;
                    if over || !begins {
                        return Ok(Verdict::NotBegun);
                    }
                    let due = lasting.due(at, look, passes)?;
                    steps.push(Step::Began { rule: rule.name.clone(), since: at, due });
                    return Ok(Verdict::Waits { until: due });
                };
                if over || stopped.is_some() {
                    effects = rule.ended(occasion, look)?;
                    steps.push(Step::Ended {
                        rule: rule.name.clone(),
                        since: occasion.since,
                        acted: occasion.acted,
                    });
                    return Ok(stopped.unwrap_or(Verdict::NotBegun));
                }
                if matches!(lasting.duration, Argument::Asked(..)) {
                    steps.extend(rule.moved(lasting, occasion, look, passes)?);
                }
                Ok(rule.waits(occasion, &steps))
            })();
            turn.add(rule, verdict, steps, effects);
        }
        turn.settled_by(self)
    }

    /// Whether a fact ends the state of a rule, whatever is known of it.
    pub fn ends(&self, rule: &str, kind: &str, look: &Look<'_>) -> bool {
        let lasting = self.rule(rule).and_then(|rule| rule.lasting.as_ref());
        lasting.is_some_and(|lasting| any_of(&lasting.until, kind, look).unwrap_or(true))
    }

    /// The timer of a rule rang, perhaps late, perhaps after everything had changed.
    pub fn strike(
        &self,
        progress: &Progress,
        rule: &str,
        now: Moment,
        look: &Look<'_>,
        passes: &Passes<'_>,
    ) -> Turn {
        let mut turn = Turn::default();
        let Some(occasion) = progress.0.get(rule).filter(|occasion| !occasion.acted) else { return turn };
        let found = self.rule(rule).and_then(|rule| Some((rule, rule.lasting.as_ref()?)));
        let Some((rule, lasting)) = found else {
            let step = Step::Ended { rule: rule.to_owned(), since: occasion.since, acted: false };
            turn.steps.push(step);
            return turn;
        };
        let (mut steps, mut effects) = (Vec::new(), Vec::new());
        let verdict = (|| {
            if let Some(stopped) = rule.stopped(look)? {
                steps.push(Step::Ended { rule: rule.name.clone(), since: occasion.since, acted: false });
                return Ok(stopped);
            }
            let due = lasting.due(occasion.since, look, passes)?;
            if due > now {
                steps.push(Step::Moved { rule: rule.name.clone(), due });
                return Ok(Verdict::Waits { until: due });
            }
            effects = rule.effects_of(&rule.acts, look)?;
            steps.push(Step::Acted { rule: rule.name.clone() });
            Ok(Verdict::Acted)
        })();
        turn.add(rule, verdict, steps, effects);
        turn
    }

    /// The document, a calendar or a setting is another: everything that lasts is looked at anew. States that
    /// are found to hold begin now; what a rule waited for that is no more is let go.
    pub fn review(&self, progress: &Progress, at: Moment, look: &Look<'_>, passes: &Passes<'_>) -> Turn {
        let mut turn = Turn::default();
        for (name, occasion) in &progress.0 {
            if self.rule(name).is_none_or(|rule| !rule.is_lasting()) {
                let (since, acted) = (occasion.since, occasion.acted);
                turn.steps.push(Step::Ended { rule: name.clone(), since, acted });
            }
        }
        let lasting = self.rules.iter().filter_map(|rule| Some((rule, rule.lasting.as_ref()?)));
        for (rule, lasting) in lasting {
            let (mut steps, mut effects) = (Vec::new(), Vec::new());
            let verdict = (|| {
                let stopped = rule.stopped(look)?;
                match (progress.0.get(&rule.name), stopped) {
                    (Some(occasion), Some(stopped)) => {
                        effects = rule.ended(occasion, look)?;
                        let (since, acted) = (occasion.since, occasion.acted);
                        steps.push(Step::Ended { rule: rule.name.clone(), since, acted });
                        Ok(stopped)
                    }
                    (None, Some(stopped)) => Ok(stopped),
                    (Some(occasion), None) => {
                        steps.extend(rule.moved(lasting, occasion, look, passes)?);
                        Ok(rule.waits(occasion, &steps))
                    }
                    (None, None) if lasting.from.is_empty() => {
                        let due = lasting.due(at, look, passes)?;
                        steps.push(Step::Began { rule: rule.name.clone(), since: at, due });
                        Ok(Verdict::Waits { until: due })
                    }
                    (None, None) => Ok(Verdict::NotBegun),
                }
            })();
            turn.add(rule, verdict, steps, effects);
        }
        turn.settled_by(self)
    }

    fn lasting_on(&self, kind: &str) -> impl Iterator<Item = (&Rule, &Lasting)> {
        let hearing = self.lasting_by_fact.get(kind).into_iter().flatten();
        hearing.filter_map(|index| {
            let rule = self.rules.get(*index)?;
            Some((rule, rule.lasting.as_ref()?))
        })
    }
}

impl Turn {
    /// Half a rule is not acted on: where anything failed, nothing has happened, and what lasts, lasts.
    fn add(&mut self, rule: &Rule, verdict: Result<Verdict, String>, steps: Vec<Step>, effects: Vec<Effect>) {
        let verdict = match verdict {
            Ok(verdict) => {
                self.steps.extend(steps);
                self.decision.effects.extend(effects);
                verdict
            }
            Err(said) => Verdict::Failed { said },
        };
        self.decision.looked.push(Looked { rule: rule.name.clone(), verdict });
    }

    /// Rules that want opposites do neither: what they have stepped is not stepped, and what lasts, lasts.
    fn settled_by(mut self, playbook: &Playbook) -> Self {
        playbook.settle(&mut self.decision);
        let disagreed = |looked: &&Looked| matches!(looked.verdict, Verdict::Disagreed { .. });
        let rules: BTreeSet<&str> =
            self.decision.looked.iter().filter(disagreed).map(|looked| looked.rule.as_str()).collect();
        self.steps.retain(|step| !rules.contains(step.rule()));
        self
    }
}

impl Step {
    pub fn rule(&self) -> &str {
        match self {
            Self::Began { rule, .. }
            | Self::Moved { rule, .. }
            | Self::Acted { rule }
            | Self::Ended { rule, .. } => rule,
        }
    }
}

impl Lasting {
    fn due(&self, since: Moment, look: &Look<'_>, passes: &Passes<'_>) -> Result<Moment, String> {
        match self.duration.value("for", look)? {
            Value::Int(minutes) => passes(&self.hours, since, minutes),
            other => Err(other.to_string()),
        }
    }

    fn may_begin(&self, kind: &str, look: &Look<'_>) -> bool {
        let mut from = self.from.iter().filter(|when| when.fact == kind);
        self.from.is_empty() || from.any(|when| when.may_be(look))
    }
}

impl When {
    fn may_be(&self, look: &Look<'_>) -> bool {
        let condition = self.condition.as_ref();
        condition.is_none_or(|condition| condition.holds_as_far_as_known(look).unwrap_or(true))
    }
}

fn any_of(facts: &[When], kind: &str, look: &Look<'_>) -> Result<bool, String> {
    for when in facts.iter().filter(|when| when.fact == kind) {
        match &when.condition {
            Some(condition) if !condition.holds(look)? => {}
            _ => return Ok(true),
        }
    }
    Ok(false)
}

impl Rule {
    /// The first condition of the state that does not hold.
    fn stopped(&self, look: &Look<'_>) -> Result<Option<Verdict>, String> {
        for condition in &self.conditions {
            if !condition.holds(look)? {
                return Ok(Some(Verdict::stopped(condition, look)));
            }
        }
        Ok(None)
    }

    fn ended(&self, occasion: &Occasion, look: &Look<'_>) -> Result<Vec<Effect>, String> {
        if occasion.acted { self.effects_of(&self.after, look) } else { Ok(Vec::new()) }
    }

    /// Its timer is elsewhere when the calendar or the duration became another. What was acted upon stays.
    fn moved(
        &self,
        lasting: &Lasting,
        occasion: &Occasion,
        look: &Look<'_>,
        passes: &Passes<'_>,
    ) -> Result<Option<Step>, String> {
        if occasion.acted {
            return Ok(None);
        }
        let due = lasting.due(occasion.since, look, passes)?;
        Ok((due != occasion.due).then(|| Step::Moved { rule: self.name.clone(), due }))
    }

    fn waits(&self, occasion: &Occasion, steps: &[Step]) -> Verdict {
        if occasion.acted {
            return Verdict::ActedBefore { since: occasion.since };
        }
        let moved = steps.iter().find_map(|step| match step {
            Step::Moved { due, .. } => Some(*due),
            _ => None,
        });
        Verdict::Waits { until: moved.unwrap_or(occasion.due) }
    }

    pub(crate) fn effects_of(&self, acts: &[Act], look: &Look<'_>) -> Result<Vec<Effect>, String> {
        let effect = |act: &Act| {
            let arguments = act.arguments(look)?;
            Ok(Effect { rule: self.name.clone(), action: act.action.clone(), arguments })
        };
        acts.iter().map(effect).collect()
    }
}
