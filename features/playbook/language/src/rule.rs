//! One rule: when, if, then.

use std::{collections::BTreeMap, ops::Range};

use serde::Deserialize;
use toml::Spanned;

use crate::{
    condition::{Condition, LONGEST},
    document::Block,
    problem::{Problems, nearest},
    value::{Kind, Value, minutes},
    vocabulary::{ActionWord, Vocabulary},
};

const MOST_CONDITIONS: usize = 20;
const MOST_ACTS: usize = 20;

/// What a rule says, checked against the vocabulary.
pub struct Rule {
    pub name: String,
    /// Index of its clause in the document.
    pub clause: usize,
    pub when: Vec<When>,
    pub(crate) conditions: Vec<Condition>,
    pub acts: Vec<Act>,
}

/// A kind of fact that a rule hears, perhaps only some of them.
pub struct When {
    pub fact: String,
    pub(crate) condition: Option<Condition>,
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
}

#[derive(Deserialize)]
#[serde(untagged)]
enum OneOrMore {
    One(String),
    More(Vec<String>),
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    when: Spanned<Heard>,
    #[serde(rename = "if", default)]
    conditions: Option<Spanned<OneOrMore>>,
    then: Vec<Spanned<toml::Table>>,
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
    let reader = Reader { block, vocabulary };
    let when = reader.when(&written.when, problems);
    let heard: Vec<String> = when.iter().map(|when| when.fact.clone()).collect();
    let conditions = written
        .conditions
        .as_ref()
        .map_or_else(Vec::new, |conditions| reader.conditions(conditions, &heard, problems));
    let acts = reader.acts(&written.then, &heard, problems);
    problems.is_empty().then(|| Rule {
        name: block.name.to_owned(),
        clause: block.clause,
        when,
        conditions,
        acts,
    })
}

struct Reader<'b, 't> {
    block: &'b Block<'t>,
    vocabulary: &'b Vocabulary,
}

impl Reader<'_, '_> {
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
            when.push(When { fact: kind.to_owned(), condition });
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
            Err((offset, said)) => {
                problems.add("playbook.condition_unreadable", at + offset, said);
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

    fn acts(
        &self,
        written: &[Spanned<toml::Table>],
        heard: &[String],
        problems: &mut Problems<'_>,
    ) -> Vec<Act> {
        if written.is_empty() || written.len() > MOST_ACTS {
            problems.add("playbook.does_nothing", self.block.fence, self.block.name);
        }
        written.iter().filter_map(|act| self.act(act, heard, problems)).collect()
    }

    fn act(
        &self,
        written: &Spanned<toml::Table>,
        heard: &[String],
        problems: &mut Problems<'_>,
    ) -> Option<Act> {
        let (table, span) = (written.get_ref(), written.span());
        let Some(name) = table.get("do").and_then(toml::Value::as_str) else {
            problems.add("playbook.act_without_do", self.place(&span, ""), self.block.name);
            return None;
        };
        let Some(action) = self.vocabulary.action(name) else {
            let meant = nearest(name, self.vocabulary.actions.iter().map(|action| action.name));
            problems.add_meant("playbook.action_unknown", self.place(&span, name), name, meant);
            return None;
        };
        for missing in action.arguments.iter().filter(|word| word.required && !table.contains_key(word.name))
        {
            problems.add("playbook.argument_missing", self.place(&span, name), missing.name);
        }
        let arguments = table
            .iter()
            .filter(|(argument, _)| *argument != "do")
            .filter_map(|(argument, value)| {
                let given = self.argument(action, argument, value, &span, heard, problems)?;
                Some((argument.clone(), given))
            })
            .collect();
        Some(Act { action: name.to_owned(), arguments })
    }

    fn argument(
        &self,
        action: &ActionWord,
        name: &str,
        value: &toml::Value,
        span: &Range<usize>,
        heard: &[String],
        problems: &mut Problems<'_>,
    ) -> Option<Argument> {
        let at = self.place(span, name);
        let Some(word) = action.arguments.iter().find(|word| word.name == name) else {
            let meant = nearest(name, action.arguments.iter().map(|word| word.name));
            problems.add_meant("playbook.argument_unknown", at, name, meant);
            return None;
        };
        if let Some(text) = value.as_str().and_then(|text| text.strip_prefix('=')) {
            let condition = self.expression(text.trim(), at, heard, problems)?;
            return Some(Argument::Asked(condition, word.kind));
        }
        let given = match (word.kind, value) {
            (Kind::Minutes, toml::Value::String(text)) => minutes(text).map(Value::Int),
            (Kind::Minutes, _) => None,
            (_, toml::Value::String(text)) => Some(Value::Text(text.clone())),
            (_, toml::Value::Integer(number)) => Some(Value::Int(*number)),
            (_, toml::Value::Boolean(holds)) => Some(Value::Bool(*holds)),
            _ => None,
        };
        match given.filter(|given| word.kind.takes(given)) {
            Some(given) => Some(Argument::Given(given)),
            None => {
                let written = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
                let meant = match word.kind {
                    Kind::OneOf(words) => nearest(&written, words.iter().copied()),
                    _ => None,
                };
                problems.add_meant(unfit(word.kind), at, written, meant);
                None
            }
        }
    }
}

/// What people are told who gave an argument of another kind.
fn unfit(kind: Kind) -> &'static str {
    match kind {
        Kind::Bool => "playbook.argument_not_bool",
        Kind::Int => "playbook.argument_not_number",
        Kind::Text | Kind::OneOf(_) => "playbook.argument_not_word",
        Kind::Minutes => "playbook.argument_not_time",
    }
}
