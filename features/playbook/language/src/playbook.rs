//! A whole document that can be acted on.

use std::{
    collections::{BTreeMap, HashMap},
    sync::Arc,
};

use crate::{
    condition::Condition,
    document::{Clause, LARGEST_TEXT, MOST_RULES, take_apart},
    problem::{Problem, Problems},
    reading::read,
    rule::Rule,
    vocabulary::{Undoing, Vocabulary},
};

pub struct Playbook {
    pub clauses: Vec<Clause>,
    pub rules: Vec<Rule>,
    /// What is doubtful, though it can be acted on.
    pub warnings: Vec<Problem>,
    /// Indices of the rules that hear a kind of fact, in the order of the document.
    by_fact: HashMap<String, Vec<usize>>,
    pub(crate) lasting_by_fact: HashMap<String, Vec<usize>>,
    pub(crate) different_conditions: usize,
    pub(crate) undoings: Vec<(&'static str, Undoing)>,
}

impl Playbook {
    /// Reads a document that somebody has written. It is either right as a whole or not used at all.
    ///
    /// # Errors
    /// Everything that is wrong with it, in the order of the text.
    pub fn parse(text: &str, vocabulary: &Vocabulary) -> Result<Self, Vec<Problem>> {
        let (playbook, mut problems) = Self::taken_in(text, vocabulary);
        let Some(mut playbook) = playbook else { return Err(problems.into_all()) };
        playbook.warnings = playbook.circles(text, vocabulary, &mut problems);
        if problems.are_none() { Ok(playbook) } else { Err(problems.into_all()) }
    }

    /// Reads a document that was published once. What may not be written any more is carried out as it was meant
    /// then: whoever works by it is not stopped by a program that knows more.
    ///
    /// # Errors
    /// What makes it unreadable.
    pub fn read(text: &str, vocabulary: &Vocabulary) -> Result<Self, Vec<Problem>> {
        let (playbook, problems) = Self::taken_in(text, vocabulary);
        playbook.filter(|_| problems.count() == 0).ok_or_else(|| problems.into_found())
    }

    fn taken_in<'t>(text: &'t str, vocabulary: &Vocabulary) -> (Option<Self>, Problems<'t>) {
        if text.len() > LARGEST_TEXT {
            let mut problems = Problems::new("");
            problems.add("playbook.text_too_long", 0, (LARGEST_TEXT >> 10).to_string());
            return (None, problems);
        }
        let mut problems = Problems::new(text);
        let document = take_apart(text, &mut problems);
        if let Some(first) = document.blocks.get(MOST_RULES) {
            problems.add("playbook.too_many_rules", first.fence, MOST_RULES.to_string());
            return (None, problems);
        }
        let mut rules = Vec::with_capacity(document.blocks.len());
        for block in &document.blocks {
            rules.extend(read(block, vocabulary, &mut problems));
        }
        (Some(Self::of(document.clauses, rules, vocabulary)), problems)
    }

    fn of(clauses: Vec<Clause>, mut rules: Vec<Rule>, vocabulary: &Vocabulary) -> Self {
        let different_conditions = share_conditions(&mut rules);
        let (mut by_fact, mut lasting_by_fact): (HashMap<_, Vec<_>>, HashMap<_, Vec<_>>) = Default::default();
        for (index, rule) in rules.iter().enumerate() {
            for when in &rule.when {
                by_fact.entry(when.fact.clone()).or_default().push(index);
            }
            for kind in rule.lasting.iter().flat_map(|lasting| &lasting.hears) {
                lasting_by_fact.entry(kind.clone()).or_default().push(index);
            }
        }
        let undoings = vocabulary
            .actions
            .iter()
            .flat_map(|action| action.undoes.iter().map(|undoing| (action.name, *undoing)))
            .collect();
        let warnings = Vec::new();
        Self { clauses, rules, warnings, by_fact, lasting_by_fact, different_conditions, undoings }
    }

    pub(crate) fn hearing(&self, kind: &str) -> impl Iterator<Item = &Rule> {
        self.by_fact.get(kind).into_iter().flatten().filter_map(|index| self.rules.get(*index))
    }

    pub fn rule(&self, name: &str) -> Option<&Rule> {
        self.rules.iter().find(|rule| rule.name == name)
    }

    /// Whether a rule stands here as it stands in another document.
    pub fn says_the_same(&self, other: &Self, rule: &str) -> bool {
        std::ptr::eq(self, other)
            || self.rule(rule).zip(other.rule(rule)).is_some_and(|(one, two)| one.body == two.body)
    }

    /// The kinds of facts that any rule hears.
    pub fn heard(&self) -> impl Iterator<Item = &str> {
        self.by_fact.keys().chain(self.lasting_by_fact.keys()).map(String::as_str)
    }
}

/// What several rules ask in the same words is one condition with one number. Answers how many there are.
fn share_conditions(rules: &mut [Rule]) -> usize {
    let mut shared: BTreeMap<String, Arc<Condition>> = BTreeMap::new();
    for rule in rules {
        for condition in rule.every_condition_mut() {
            if let Some(known) = shared.get(&condition.text) {
                *condition = Arc::clone(known);
                continue;
            }
            if let Some(only) = Arc::get_mut(condition) {
                only.number = shared.len();
            }
            shared.insert(condition.text.clone(), Arc::clone(condition));
        }
    }
    shared.len()
}
