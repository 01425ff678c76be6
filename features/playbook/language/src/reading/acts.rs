//! Reads what a rule does, and says where that cannot be.

use std::{collections::BTreeSet, ops::Range};

use toml::Spanned;

use super::{Reader, Written};
use crate::{
    problem::{Problems, nearest},
    rule::{Act, Argument, Rule},
    value::{Kind, Rung, Value, minutes},
    vocabulary::ActionWord,
};

const MOST_RUNGS: usize = 5;

impl Reader<'_, '_> {
    pub(super) fn acts(
        &self,
        written: &[Spanned<toml::Table>],
        heard: &[String],
        problems: &mut Problems<'_>,
    ) -> Vec<Act> {
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
            // One of so many is unknown: that is told, and the others are not read.
            .take(action.arguments.len() + 1)
            .filter_map(|(argument, value)| {
                let given = self.argument(action, argument, value, &span, heard, problems)?;
                Some((argument.clone(), given))
            })
            .collect();
        let act = Act { action: name.to_owned(), arguments };
        self.fits(action, &act, &span, problems);
        self.needs(action, &act, &span, heard, problems);
        Some(act)
    }

    /// What may not be together: a task for a role that may not do it.
    fn fits(&self, action: &ActionWord, act: &Act, span: &Range<usize>, problems: &mut Problems<'_>) {
        for fit in action.fits.iter().filter(|fit| act.word(fit.argument) == Some(fit.value)) {
            if let Some(word) = act.word(fit.with).filter(|word| !fit.only.contains(word)) {
                let meant = Some(fit.only.join(", "));
                problems.add_outdated("playbook.nobody_may", self.place(span, word), word, meant);
            }
        }
    }

    /// What has a meaning only where there is an order.
    fn needs(
        &self,
        action: &ActionWord,
        act: &Act,
        span: &Range<usize>,
        heard: &[String],
        problems: &mut Problems<'_>,
    ) {
        let of_values = action.values_need.iter().filter(|need| act.word(need.argument) == Some(need.value));
        let needed = of_values.map(|need| (need.value, need.needs)).chain([(action.name, action.needs)]);
        for (word, needs) in needed {
            if self.vocabulary.lack(heard, needs) {
                problems.add_outdated("playbook.needs_an_order", self.place(span, word), word, None);
            }
        }
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
        self.value(word.kind, value, at, heard, problems)
    }

    pub(super) fn value(
        &self,
        kind: Kind,
        value: &toml::Value,
        at: usize,
        heard: &[String],
        problems: &mut Problems<'_>,
    ) -> Option<Argument> {
        if let Some(text) = value.as_str().and_then(|text| text.strip_prefix('=')) {
            let condition = self.expression(text.trim(), at, heard, problems)?;
            return Some(Argument::Asked(condition, kind));
        }
        let given = match (kind, value) {
            (Kind::Minutes, toml::Value::String(text)) => minutes(text).map(Value::Int),
            (Kind::Minutes, _) => None,
            (Kind::Ladder(_), toml::Value::Array(rungs)) => ladder(rungs).map(Value::Ladder),
            (_, toml::Value::String(text)) => Some(Value::Text(text.clone())),
            (_, toml::Value::Integer(number)) => Some(Value::Int(*number)),
            (_, toml::Value::Boolean(holds)) => Some(Value::Bool(*holds)),
            _ => None,
        };
        let shortened = given.as_ref().and_then(|given| kind.shortened(given));
        match given.filter(|given| kind.takes(given)) {
            Some(given) => Some(Argument::Given(given)),
            None if shortened.is_some() => {
                problems.add_outdated(unfit(kind), at, written_as(value), None);
                shortened.map(Argument::Given)
            }
            None => {
                let written = written_as(value);
                let meant = match kind {
                    Kind::OneOf(words) => nearest(&written, words.iter().copied()),
                    _ => None,
                };
                problems.add_meant(unfit(kind), at, written, meant);
                None
            }
        }
    }

    /// What looks for something that was done to the order, where there is none.
    pub(super) fn finds_nothing(
        &self,
        rule: &Rule,
        written: &Written,
        heard: &[String],
        problems: &mut Problems<'_>,
    ) {
        let own = |act: &Act, other: &Act| {
            let undoings = self.vocabulary.action(&other.action).map_or(&[][..], |action| action.undoes);
            undoings.iter().any(|undoing| {
                undoing.action == act.action
                    && undoing.alike.iter().all(|name| act.word(name) == other.word(name))
            })
        };
        let then = rule.acts.iter().zip(&written.then).map(|(act, at)| (act, at, false));
        let after = rule.after.iter().zip(&written.after).map(|(act, at)| {
            let known = rule.lasting.is_some() && rule.acts.iter().any(|other| own(act, other));
            (act, at, known)
        });
        for (act, at, known) in then.chain(after) {
            let finds_own = self.vocabulary.action(&act.action).map_or("", |action| action.finds_own_without);
            if !known && self.vocabulary.lack(heard, finds_own) {
                let at = self.place(&at.span(), &act.action);
                problems.add_outdated("playbook.finds_nothing", at, &act.action, None);
            }
        }
    }
}

fn written_as(value: &toml::Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

/// Each role is asked once, one after the other.
fn ladder(written: &[toml::Value]) -> Option<Vec<Rung>> {
    let rung = |written: &toml::Value| {
        let table = written.as_table().filter(|table| table.len() == 2)?;
        let after = minutes(table.get("after")?.as_str()?)?;
        Some(Rung { after, role: table.get("role")?.as_str()?.to_owned() })
    };
    let rungs: Vec<Rung> = written.iter().map(rung).collect::<Option<_>>()?;
    let roles: BTreeSet<&str> = rungs.iter().map(|rung| rung.role.as_str()).collect();
    (!rungs.is_empty() && rungs.len() <= MOST_RUNGS && roles.len() == rungs.len()).then_some(rungs)
}

/// What people are told who gave an argument of another kind.
fn unfit(kind: Kind) -> &'static str {
    match kind {
        Kind::Bool => "playbook.argument_not_bool",
        Kind::Int => "playbook.argument_not_number",
        Kind::Text | Kind::OneOf(_) | Kind::Calendar => "playbook.argument_not_word",
        Kind::Ladder(_) => "playbook.argument_not_ladder",
        Kind::Minutes => "playbook.argument_not_time",
    }
}
