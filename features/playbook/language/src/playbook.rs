//! A whole document that can be acted on.

use std::collections::BTreeMap;

use crate::{
    document::{Clause, LARGEST_TEXT, take_apart},
    problem::{Problem, Problems},
    rule::{Rule, read},
    vocabulary::Vocabulary,
};

const MOST_RULES: usize = 500;

pub struct Playbook {
    pub clauses: Vec<Clause>,
    pub rules: Vec<Rule>,
    /// Indices of the rules that hear a kind of fact, in the order of the document.
    by_fact: BTreeMap<String, Vec<usize>>,
}

impl Playbook {
    /// Reads a document. It is either right as a whole or not used at all.
    ///
    /// # Errors
    /// Everything that is wrong with it, in the order of the text.
    pub fn parse(text: &str, vocabulary: &Vocabulary) -> Result<Self, Vec<Problem>> {
        let mut problems = Problems::new(text);
        if text.len() > LARGEST_TEXT {
            problems.add("playbook.text_too_long", 0, (LARGEST_TEXT >> 10).to_string());
            return Err(problems.into_found());
        }
        let document = take_apart(text, &mut problems);
        if document.blocks.len() > MOST_RULES {
            problems.add(
                "playbook.too_many_rules",
                document.blocks[MOST_RULES].fence,
                MOST_RULES.to_string(),
            );
            return Err(problems.into_found());
        }
        let mut rules = Vec::with_capacity(document.blocks.len());
        let mut found = problems.into_found();
        for block in &document.blocks {
            let mut problems = Problems::new(text);
            rules.extend(read(block, vocabulary, &mut problems));
            found.extend(problems.into_found());
        }
        if !found.is_empty() {
            found.sort_by_key(|problem| (problem.line, problem.column));
            return Err(found);
        }
        let mut by_fact: BTreeMap<String, Vec<usize>> = BTreeMap::new();
        for (index, rule) in rules.iter().enumerate() {
            for when in &rule.when {
                by_fact.entry(when.fact.clone()).or_default().push(index);
            }
        }
        Ok(Self { clauses: document.clauses, rules, by_fact })
    }

    pub(crate) fn hearing(&self, kind: &str) -> impl Iterator<Item = &Rule> {
        self.by_fact.get(kind).into_iter().flatten().filter_map(|index| self.rules.get(*index))
    }

    pub fn rule(&self, name: &str) -> Option<&Rule> {
        self.rules.iter().find(|rule| rule.name == name)
    }
}
