//! What can be said of a whole document before it acts: rules that feed each other, words that mean nothing
//! for this company.

use std::collections::BTreeSet;

use crate::{
    condition::Look,
    lasting::Hours,
    playbook::Playbook,
    problem::{Problem, Problems, nearest},
    rule::{Act, Argument, Rule},
    value::Value,
    vocabulary::{OF_FACT, Vocabulary},
};

/// Names of what is asked of an order begin with it.
const OF_ORDER: &str = "order.";

/// What only the company knows.
#[derive(Clone, Debug, Default)]
pub struct Known {
    /// Names of its calendars.
    pub calendars: Vec<String>,
    /// Fields and all words that they may ever mean: `order.status`.
    pub words: Vec<(&'static str, Vec<String>)>,
}

impl Playbook {
    /// What names a calendar that the company does not have. Where that is so, its rules would fail.
    pub fn unknown_calendars(&self, text: &str, known: &Known) -> Vec<Problem> {
        let mut problems = Problems::new(text);
        for (name, at) in self.calendars(text) {
            if !known.calendars.contains(&name) {
                let meant = nearest(&name, known.calendars.iter().map(String::as_str));
                problems.add_meant("playbook.calendar_unknown", at, name, meant);
            }
        }
        problems.into_found()
    }

    /// What compares a field with a word that it never means: such a rule never acts.
    pub fn unreachable(&self, text: &str, known: &Known) -> Vec<Problem> {
        let mut problems = Problems::new(text);
        for (field, words) in &known.words {
            for rule in &self.rules {
                for condition in rule.every_condition() {
                    for word in condition.compared(field) {
                        if !words.iter().any(|known| known == word) {
                            let meant = nearest(word, words.iter().map(String::as_str));
                            problems.add_meant(
                                "playbook.word_unreachable",
                                rule.place_of(text, word),
                                word,
                                meant,
                            );
                        }
                    }
                }
            }
        }
        problems.into_found()
    }

    /// Rules about orders whose state could go on to last when the order is over, as `over` tells it, and that none of
    /// these facts ends.
    pub fn outliving(&self, text: &str, over: &Look<'_>, ends: &[&str]) -> Vec<Problem> {
        let mut problems = Problems::new(text);
        for rule in &self.rules {
            let Some(lasting) = &rule.lasting else { continue };
            let asks = |name: &String| name.starts_with(OF_ORDER);
            let of_orders = rule.every_condition().any(|condition| condition.names.iter().any(asks));
            let ended = ends.iter().all(|end| lasting.until.iter().any(|when| when.fact == *end));
            if of_orders && !ended && rule.may_act(over) {
                problems.add("playbook.outlives_orders", rule.place.start, rule.name.as_str());
            }
        }
        problems.into_found()
    }

    /// The calendars that it names, and where.
    fn calendars(&self, text: &str) -> Vec<(String, usize)> {
        let mut named = Vec::new();
        for rule in &self.rules {
            if let Some(lasting) = &rule.lasting
                && let Hours::Named(name) = &lasting.hours
            {
                named.push((name.clone(), lasting.calendar_at));
            }
            for name in rule.every_act().filter_map(|act| act.word("calendar")) {
                if let Hours::Named(name) = Hours::named(name) {
                    let at = rule.place_of(text, &name);
                    named.push((name, at));
                }
            }
        }
        named
    }

    /// Rules that feed each other: wrong where nothing but facts decides whether they go on. Answers those that what
    /// they ask of the world may stop.
    pub(crate) fn circles(
        &self,
        text: &str,
        vocabulary: &Vocabulary,
        problems: &mut Problems<'_>,
    ) -> Vec<Problem> {
        let mut perhaps = Problems::new(text);
        let feeds: Vec<Vec<usize>> = self.rules.iter().map(|rule| self.fed_by(rule, vocabulary)).collect();
        let mut told: BTreeSet<BTreeSet<usize>> = BTreeSet::new();
        for start in 0..self.rules.len() {
            let Some(circle) = shortest_circle(&feeds, start) else { continue };
            if !told.insert(circle.iter().copied().collect()) {
                continue;
            }
            let rules: Vec<&Rule> = circle.iter().filter_map(|index| self.rules.get(*index)).collect();
            let names: Vec<&str> = rules.iter().map(|rule| rule.name.as_str()).collect();
            let told = names.iter().chain(names.first()).copied().collect::<Vec<_>>().join(" → ");
            let at = rules.first().map_or(0, |rule| rule.place.start);
            if rules.iter().all(|rule| rule.asks_facts_alone()) {
                problems.add_outdated("playbook.circle", at, told, None);
            } else {
                perhaps.add("playbook.circle_perhaps", at, told);
            }
        }
        perhaps.into_found()
    }

    /// The rules that hear what follows from the deeds of this one.
    fn fed_by(&self, rule: &Rule, vocabulary: &Vocabulary) -> Vec<usize> {
        let mut fed = BTreeSet::new();
        for act in rule.every_act() {
            let says = vocabulary.action(&act.action).map_or(&[][..], |action| action.says);
            for (index, other) in self.rules.iter().enumerate() {
                let heard = other.when.iter().filter(|when| says.contains(&when.fact.as_str()));
                for when in heard {
                    let look = |name: &str| said(act, name);
                    let look: &Look<'_> = &look;
                    let mut asked = other.conditions_for(&when.fact);
                    if asked.all(|condition| condition.holds_as_far_as_known(look).unwrap_or(true)) {
                        fed.insert(index);
                    }
                }
            }
        }
        fed.into_iter().collect()
    }
}

impl Rule {
    fn asks_facts_alone(&self) -> bool {
        let mut names = self.every_condition().flat_map(|condition| &condition.names);
        names.all(|name| name.starts_with(OF_FACT))
    }

    fn place_of(&self, text: &str, word: &str) -> usize {
        let body = text.get(self.place.clone()).unwrap_or_default();
        self.place.start + body.find(word).unwrap_or(0)
    }
}

/// What a field of the fact means that follows from an act.
fn said(act: &Act, name: &str) -> Option<Value> {
    match act.arguments.get(name.strip_prefix(OF_FACT)?)? {
        Argument::Given(value) => Some(value.clone()),
        Argument::Asked(..) => None,
    }
}

/// From a rule along what it feeds back to itself.
fn shortest_circle(feeds: &[Vec<usize>], start: usize) -> Option<Vec<usize>> {
    let mut before: Vec<Option<usize>> = vec![None; feeds.len()];
    let mut waiting = std::collections::VecDeque::from([start]);
    while let Some(rule) = waiting.pop_front() {
        for next in feeds.get(rule)? {
            if *next == start {
                let mut circle = vec![rule];
                let mut at = rule;
                while at != start {
                    at = before.get(at).copied().flatten()?;
                    circle.push(at);
                }
                circle.reverse();
                return Some(circle);
            }
            let known = before.get_mut(*next)?;
            if known.is_none() {
                *known = Some(rule);
                waiting.push_back(*next);
            }
        }
    }
    None
}
