//! Reads one rule from its TOML and says what is wrong with it.

mod acts;

use std::{collections::BTreeSet, ops::Range, sync::Arc};

use serde::Deserialize;
use toml::Spanned;

use crate::{
    condition::{Condition, DEEPEST, LONGEST, Unread},
    document::Block,
    lasting::{Hours, Lasting},
    problem::{Problems, nearest},
    rule::{Argument, Rule, When},
    value::{Kind, Value},
    vocabulary::{OF_FACT, Vocabulary},
};

const MOST_CONDITIONS: usize = 20;
const MOST_ACTS: usize = 20;
/// There are not so many kinds.
const MOST_FACTS: usize = 40;

#[derive(Deserialize)]
#[serde(untagged)]
enum OneOrMore {
    One(String),
    More(Vec<String>),
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    when: Option<Spanned<Heard>>,
    #[serde(rename = "if")]
    conditions: Option<Spanned<OneOrMore>>,
    from: Option<Spanned<Heard>>,
    until: Option<Spanned<Heard>>,
    #[serde(rename = "while")]
    state: Option<Spanned<OneOrMore>>,
    #[serde(rename = "for")]
    duration: Option<Spanned<String>>,
    calendar: Option<Spanned<String>>,
    then: Vec<Spanned<toml::Table>>,
    #[serde(default)]
    after: Vec<Spanned<toml::Table>>,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Heard {
    One(HeardFact),
    More(Vec<HeardFact>),
}

#[derive(Deserialize)]
#[serde(untagged)]
enum HeardFact {
    Always(String),
    Sometimes {
        fact: String,
        #[serde(rename = "if")]
        condition: String,
    },
}

impl HeardFact {
    fn kind(&self) -> &str {
        match self {
            Self::Always(fact) | Self::Sometimes { fact, .. } => fact,
        }
    }
}

impl OneOrMore {
    fn all(&self) -> &[String] {
        match self {
            Self::One(one) => std::slice::from_ref(one),
            Self::More(more) => more,
        }
    }
}

/// Reads one block; `None` when it cannot be used, with the problems noted.
pub(crate) fn read(block: &Block<'_>, vocabulary: &Vocabulary, problems: &mut Problems<'_>) -> Option<Rule> {
    let written: Written = match toml::from_str(block.body) {
        Ok(written) => written,
        Err(error) => {
            let at = error.span().map_or(block.fence, |span| block.at + span.start);
            problems.add("playbook.rule_unreadable", at, error.message());
            return None;
        }
    };
    let before = problems.count();
    let reader = Reader { block, vocabulary };
    let (acts, after) = (written.then.len(), written.after.len());
    if acts == 0 || acts > MOST_ACTS || after > MOST_ACTS {
        problems.add("playbook.does_nothing", block.fence, block.name);
    }
    // So many are not read one by one.
    if acts.max(after) > MOST_ACTS {
        return None;
    }
    let lasts = written.from.is_some() || written.state.is_some() || written.duration.is_some();
    let mut rule =
        if lasts { reader.lasting(&written, problems)? } else { reader.when_happened(&written, problems)? };
    let heard = rule.heard();
    rule.acts = reader.acts(&written.then, &heard, problems);
    rule.after = reader.acts(&written.after, &heard, problems);
    reader.without_a_fact(&rule, problems);
    if problems.count() > before {
        return None;
    }
    reader.finds_nothing(&rule, &written, &heard, problems);
    Some(rule)
}

struct Reader<'b, 't> {
    block: &'b Block<'t>,
    vocabulary: &'b Vocabulary,
}

impl Reader<'_, '_> {
    fn rule(&self, when: Vec<When>, conditions: Vec<Condition>, lasting: Option<Lasting>) -> Rule {
        Rule {
            name: self.block.name.to_owned(),
            clause: self.block.clause,
            when,
            conditions: conditions.into_iter().map(Arc::new).collect(),
            lasting,
            acts: Vec::new(),
            after: Vec::new(),
            body: self.block.body.to_owned(),
            place: self.block.at..self.block.at + self.block.body.len(),
        }
    }

    /// A rule that hears facts.
    fn when_happened(&self, written: &Written, problems: &mut Problems<'_>) -> Option<Rule> {
        let Some(when) = &written.when else {
            problems.add("playbook.hears_nothing", self.block.fence, self.block.name);
            return None;
        };
        let lasting =
            [written.until.as_ref().map(Spanned::span), written.calendar.as_ref().map(Spanned::span)];
        let after = written.after.first().map(Spanned::span);
        for span in lasting.into_iter().flatten().chain(after) {
            problems.add("playbook.only_where_it_lasts", self.place(&span, ""), self.block.name);
        }
        let when = self.when(when, problems);
        let heard: Vec<String> = when.iter().map(|when| when.fact.clone()).collect();
        let conditions = self.some_conditions(written.conditions.as_ref(), &heard, problems);
        Some(self.rule(when, conditions, None))
    }

    /// A rule about a state that lasts.
    fn lasting(&self, written: &Written, problems: &mut Problems<'_>) -> Option<Rule> {
        if written.when.is_some() || written.conditions.is_some() {
            problems.add("playbook.when_and_while", self.block.fence, self.block.name);
            return None;
        }
        let Some(duration) = &written.duration else {
            problems.add("playbook.no_duration", self.block.fence, self.block.name);
            return None;
        };
        let before = problems.count();
        let from = written.from.as_ref().map_or_else(Vec::new, |from| self.when(from, problems));
        let until = written.until.as_ref().map_or_else(Vec::new, |until| self.when(until, problems));
        if written.state.is_none() && until.is_empty() {
            problems.add("playbook.never_ends", self.block.fence, self.block.name);
        }
        // What a state is about is what its facts are about.
        let about: Vec<String> = from.iter().chain(&until).map(|when| when.fact.clone()).collect();
        let conditions = self.some_conditions(written.state.as_ref(), &about, problems);
        let at = self.place(&duration.span(), duration.get_ref());
        let given = toml::Value::String(duration.get_ref().clone());
        let duration = self.value(Kind::Minutes, &given, at, &about, problems)?;
        let asked = match &duration {
            Argument::Asked(condition, _) => Some(condition),
            Argument::Given(_) => None,
        };
        let mut hears: BTreeSet<String> = about.iter().cloned().collect();
        for name in conditions.iter().chain(asked).flat_map(|condition| &condition.names) {
            hears.extend(self.vocabulary.changes_of(name).iter().map(|kind| (*kind).to_owned()));
        }
        if hears.is_empty() && problems.count() == before {
            problems.add("playbook.state_never_changes", self.block.fence, self.block.name);
        }
        let hours = written.calendar.as_ref().map_or(Hours::Usual, |name| Hours::named(name.get_ref()));
        let calendar_at =
            written.calendar.as_ref().map_or(0, |name| self.place(&name.span(), name.get_ref()));
        let lasting = Lasting { from, until, duration, hours, calendar_at, hears };
        Some(self.rule(Vec::new(), conditions, Some(lasting)))
    }

    /// No fact is at hand while a state lasts.
    fn without_a_fact(&self, rule: &Rule, problems: &mut Problems<'_>) {
        let Some(lasting) = &rule.lasting else { return };
        let acts = rule.every_act().flat_map(|act| act.arguments.values());
        let asked = acts.chain([&lasting.duration]).filter_map(|argument| match argument {
            Argument::Asked(condition, _) => Some(condition),
            Argument::Given(_) => None,
        });
        let conditions = rule.conditions.iter().map(|condition| &**condition);
        for name in conditions.chain(asked).flat_map(|condition| &condition.names) {
            if name.starts_with(OF_FACT) {
                let offset = self.block.body.rfind(name.as_str()).unwrap_or(0);
                problems.add("playbook.no_fact_while_it_lasts", self.block.at + offset, name.as_str());
            }
        }
    }

    fn some_conditions(
        &self,
        written: Option<&Spanned<OneOrMore>>,
        heard: &[String],
        problems: &mut Problems<'_>,
    ) -> Vec<Condition> {
        written.map_or_else(Vec::new, |written| self.conditions(written, heard, problems))
    }

    /// Where a word stands: TOML tells the place of a list, the word is found inside it.
    fn place(&self, within: &Range<usize>, word: &str) -> usize {
        let text = self.block.body.get(within.clone()).unwrap_or_default();
        self.block.at + within.start + text.find(word).unwrap_or(0)
    }

    fn when(&self, written: &Spanned<Heard>, problems: &mut Problems<'_>) -> Vec<When> {
        let (heard, span) = (written.get_ref(), written.span());
        let heard = match heard {
            Heard::One(one) => std::slice::from_ref(one),
            Heard::More(more) => more,
        };
        if heard.len() > MOST_FACTS {
            problems.add("playbook.too_many_facts", self.place(&span, ""), self.block.name);
            return Vec::new();
        }
        if heard.is_empty() {
            problems.add("playbook.hears_nothing", self.place(&span, ""), self.block.name);
        }
        let mut when: Vec<When> = Vec::with_capacity(heard.len());
        for item in heard {
            let kind = item.kind();
            let at = self.place(&span, kind);
            if self.vocabulary.fact(kind).is_none() {
                let meant = nearest(kind, self.vocabulary.facts.iter().map(|fact| fact.kind));
                problems.add_meant("playbook.fact_unknown", at, kind, meant);
                continue;
            }
            if when.iter().any(|other| other.fact == kind) {
                problems.add("playbook.fact_twice", at, kind);
            }
            let condition = match item {
                HeardFact::Always(_) => None,
                HeardFact::Sometimes { condition, .. } => {
                    self.condition(condition, self.place(&span, condition), &[kind.to_owned()], problems)
                }
            };
            when.push(When { fact: kind.to_owned(), condition: condition.map(Arc::new) });
        }
        when
    }

    fn conditions(
        &self,
        written: &Spanned<OneOrMore>,
        heard: &[String],
        problems: &mut Problems<'_>,
    ) -> Vec<Condition> {
        let texts = written.get_ref().all();
        if texts.len() > MOST_CONDITIONS {
            problems.add("playbook.too_many_conditions", self.place(&written.span(), ""), self.block.name);
            return Vec::new();
        }
        texts
            .iter()
            .filter_map(|text| self.condition(text, self.place(&written.span(), text), heard, problems))
            .collect()
    }

    /// An expression that says yes or no.
    fn condition(
        &self,
        text: &str,
        at: usize,
        heard: &[String],
        problems: &mut Problems<'_>,
    ) -> Option<Condition> {
        let condition = self.expression(text, at, heard, problems)?;
        match condition.try_out(&|name| self.vocabulary.field(name, heard).map(Kind::sample)) {
            Ok(Some(Value::Bool(_)) | None) => return Some(condition),
            Ok(Some(other)) => problems.add("playbook.not_yes_or_no", at, other.to_string()),
            Err(error) => problems.add("playbook.condition_senseless", at, error),
        }
        None
    }

    fn expression(
        &self,
        text: &str,
        at: usize,
        heard: &[String],
        problems: &mut Problems<'_>,
    ) -> Option<Condition> {
        if text.len() > LONGEST {
            problems.add("playbook.condition_too_long", at, LONGEST.to_string());
            return None;
        }
        let condition = match Condition::compile(text) {
            Ok(condition) => condition,
            Err(Unread::Unreadable(offset, said)) => {
                problems.add("playbook.condition_unreadable", at + offset, said);
                return None;
            }
            Err(Unread::TooDeep) => {
                problems.add("playbook.condition_too_deep", at, DEEPEST.to_string());
                return None;
            }
        };
        let unknown: Vec<&String> =
            condition.names.iter().filter(|name| self.vocabulary.field(name, heard).is_none()).collect();
        for name in &unknown {
            let known = self.vocabulary.fields_for(heard);
            let meant = nearest(name, known.iter().map(String::as_str));
            let offset = text.find(name.as_str()).unwrap_or(0);
            problems.add_meant("playbook.field_unknown", at + offset, name.as_str(), meant);
        }
        unknown.is_empty().then_some(condition)
    }
}
