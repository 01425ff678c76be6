//! One condition: an expression of CEL that must be true.

use std::{
    collections::BTreeSet,
    sync::{Arc, OnceLock},
    thread,
};

use cel::{
    Context, Env, ExecutionError, Program,
    common::{
        ast::{EntryExpr, Expr, IdedExpr, operators},
        value::CowVal,
    },
    context::VariableResolver,
};

use crate::{quick::Quick, value::Value};

/// Why a condition could not be answered, as the key of a text.
const DIVIDED_BY_NOTHING: &str = "playbook.divided_by_nothing";
const TOO_LARGE: &str = "playbook.number_too_large";

/// In bytes. What is longer is more than one condition.
pub(crate) const LONGEST: usize = 500;
/// Expressions within expressions, which are evaluated on whatever stack there is by whoever asks.
pub(crate) const DEEPEST: usize = 20;
/// The parser takes up to 200 KB of stack for each bracket within another, and refuses the 97th: on the stack of a
/// thread of the server a dozen would end the whole program.
const STACK_OF_PARSER: usize = 64 << 20;

/// Answers what a name means at this moment.
pub(crate) type Look<'l> = dyn Fn(&str) -> Option<Value> + Send + Sync + 'l;

pub(crate) struct Condition {
    pub text: String,
    program: Program,
    /// The same expression without detours, when it is a plain one.
    quick: Option<Quick>,
    /// Whole names, `order.left`.
    pub names: BTreeSet<String>,
    /// Its number among the conditions of the document: what is written twice is asked once.
    pub number: usize,
}

struct Resolver<'l>(&'l Look<'l>);

impl VariableResolver for Resolver<'_> {
    fn resolve<'b>(&'b self, variable: &str) -> Option<CowVal<'b, 'b>> {
        (self.0)(variable).map(Value::into_cel)
    }
}

/// The functions of the language, built once.
fn environment() -> Arc<Env> {
    static ENVIRONMENT: OnceLock<Arc<Env>> = OnceLock::new();
    Arc::clone(ENVIRONMENT.get_or_init(|| Arc::new(Env::stdlib())))
}

/// What an expression came to, when that is no value.
enum Unanswered {
    /// A number that is beyond all bounds or divided by nothing: with other numbers it may be right.
    ByChance(String),
    Senseless(String),
}

impl Unanswered {
    fn said(self) -> String {
        match self {
            Self::ByChance(said) | Self::Senseless(said) => said,
        }
    }
}

fn ask(expression: &IdedExpr, look: &Look<'_>) -> Result<Value, Unanswered> {
    let resolver = Resolver(look);
    let mut context = Context::with_env(environment());
    context.set_variable_resolver(&resolver);
    let value = cel::Value::resolve(expression, &context).map_err(|error| match error {
        ExecutionError::DivisionByZero(_) | ExecutionError::RemainderByZero(_) => {
            Unanswered::ByChance(DIVIDED_BY_NOTHING.to_owned())
        }
        ExecutionError::Overflow(..) => Unanswered::ByChance(TOO_LARGE.to_owned()),
        ExecutionError::IndexOutOfBounds(_) => Unanswered::ByChance(error.to_string()),
        _ => Unanswered::Senseless(error.to_string()),
    })?;
    Value::from_cel(&value).ok_or_else(|| Unanswered::Senseless(value.type_of().to_string()))
}

/// Why a text is no condition.
pub(crate) enum Unread {
    /// The parser's words, and the byte at which it stopped.
    Unreadable(usize, String),
    TooDeep,
}

/// Reads on a stack of its own, and takes there what is too deep apart again.
fn parse(text: &str) -> Result<Program, Unread> {
    let unable = |_| Unread::Unreadable(0, String::new());
    thread::scope(|scope| {
        let parser = thread::Builder::new().stack_size(STACK_OF_PARSER);
        let reading = parser.spawn_scoped(scope, || {
            let program = environment().compile(text).map_err(|errors| match errors.errors.first() {
                Some(error) => {
                    let column = usize::try_from(error.pos.1).unwrap_or(1).saturating_sub(1);
                    let at = text.char_indices().nth(column).map_or(text.len(), |(at, _)| at);
                    Unread::Unreadable(at, error.msg.clone())
                }
                None => Unread::Unreadable(0, String::new()),
            })?;
            if depth(&program.expression().expr) > DEEPEST { Err(Unread::TooDeep) } else { Ok(program) }
        });
        reading.map_err(|_| Unread::Unreadable(0, String::new()))?.join().map_err(unable)?
    })
}

impl Condition {
    pub(crate) fn compile(text: &str) -> Result<Self, Unread> {
        let program = parse(text)?;
        let mut names = BTreeSet::new();
        collect(&program.expression().expr, &mut names);
        let quick = Quick::of(&program.expression().expr);
        Ok(Self { text: text.to_owned(), program, quick, names, number: 0 })
    }

    /// Its value, whatever kind that is.
    pub(crate) fn evaluate(&self, look: &Look<'_>) -> Result<Value, String> {
        if let Some(value) = self.quick.as_ref().and_then(|quick| quick.evaluate(look)) {
            return Ok(value);
        }
        ask(self.program.expression(), look).map_err(Unanswered::said)
    }

    pub(crate) fn holds(&self, look: &Look<'_>) -> Result<bool, String> {
        match self.evaluate(look)? {
            Value::Bool(holds) => Ok(holds),
            other => Err(other.to_string()),
        }
    }

    /// `None` when the world was not looked at far enough to say.
    pub(crate) fn holds_as_far_as_known(&self, look: &Look<'_>) -> Option<bool> {
        if let Some(Value::Bool(holds)) = self.quick.as_ref().and_then(|quick| quick.evaluate(look)) {
            return Some(holds);
        }
        if self.names.iter().any(|name| look(name).is_none()) { None } else { self.holds(look).ok() }
    }

    /// The words with which a field is compared.
    pub(crate) fn compared(&self, field: &str) -> Vec<&str> {
        let mut words = Vec::new();
        if let Some(quick) = &self.quick {
            quick.compared(field, &mut words);
        }
        words
    }

    /// Tries it out on sample values, each part by itself: "and" and "or" hide what stands behind them.
    /// `None` when the samples by chance give no answer, which says nothing against it.
    pub(crate) fn try_out(&self, samples: &Look<'_>) -> Result<Option<Value>, String> {
        let answer = |part| match ask(part, samples) {
            Ok(value) => Ok(Some(value)),
            Err(Unanswered::ByChance(_)) => Ok(None),
            Err(Unanswered::Senseless(said)) => Err(said),
        };
        let mut parts = Vec::new();
        cut(self.program.expression(), &mut parts);
        for part in parts {
            match answer(part)? {
                Some(Value::Bool(_)) | None => {}
                Some(other) => return Err(other.to_string()),
            }
        }
        answer(self.program.expression())
    }
}

/// The parts that "and", "or" and "not" put together; nothing when there are none.
fn cut<'e>(expression: &'e IdedExpr, parts: &mut Vec<&'e IdedExpr>) {
    let Expr::Call(call) = &expression.expr else { return };
    let joins = [operators::LOGICAL_AND, operators::LOGICAL_OR, operators::LOGICAL_NOT];
    if joins.contains(&call.func_name.as_str()) {
        for argument in &call.args {
            parts.push(argument);
            cut(argument, parts);
        }
    }
}

fn depth(expression: &Expr) -> usize {
    let deepest = |parts: &mut dyn Iterator<Item = &IdedExpr>| {
        parts.map(|part| depth(&part.expr)).max().unwrap_or_default()
    };
    let within = match expression {
        Expr::Select(select) => depth(&select.operand.expr),
        Expr::Call(call) => {
            let target = call.target.iter().map(|target| depth(&target.expr)).max();
            target.unwrap_or_default().max(deepest(&mut call.args.iter()))
        }
        Expr::List(list) => deepest(&mut list.elements.iter()),
        Expr::Map(map) => deepest_entry(map.entries.iter().map(|entry| &entry.expr)),
        Expr::Struct(made) => deepest_entry(made.entries.iter().map(|entry| &entry.expr)),
        Expr::Comprehension(loops) => {
            [&loops.iter_range, &loops.accu_init, &loops.loop_cond, &loops.loop_step, &loops.result]
                .into_iter()
                .map(|part| depth(&part.expr))
                .max()
                .unwrap_or_default()
        }
        Expr::Ident(_) | Expr::Literal(_) | Expr::Unspecified => 0,
    };
    within + 1
}

fn deepest_entry<'e>(entries: impl Iterator<Item = &'e EntryExpr>) -> usize {
    let deep = |entry: &EntryExpr| match entry {
        EntryExpr::StructField(field) => depth(&field.value.expr),
        EntryExpr::MapEntry(pair) => depth(&pair.key.expr).max(depth(&pair.value.expr)),
    };
    entries.map(deep).max().unwrap_or_default()
}

fn collect(expression: &Expr, names: &mut BTreeSet<String>) {
    match expression {
        Expr::Ident(name) => {
            names.insert(name.clone());
        }
        Expr::Select(select) => match whole_name(expression) {
            Some(name) => {
                names.insert(name);
            }
            None => collect(&select.operand.expr, names),
        },
        Expr::Call(call) => {
            call.target.iter().for_each(|target| collect(&target.expr, names));
            call.args.iter().for_each(|argument| collect(&argument.expr, names));
        }
        Expr::List(list) => list.elements.iter().for_each(|element| collect(&element.expr, names)),
        Expr::Map(map) => collect_entries(map.entries.iter().map(|entry| &entry.expr), names),
        Expr::Struct(made) => collect_entries(made.entries.iter().map(|entry| &entry.expr), names),
        Expr::Comprehension(loops) => {
            for part in
                [&loops.iter_range, &loops.accu_init, &loops.loop_cond, &loops.loop_step, &loops.result]
            {
                collect(&part.expr, names);
            }
        }
        Expr::Literal(_) | Expr::Unspecified => {}
    }
}

fn collect_entries<'e>(entries: impl Iterator<Item = &'e EntryExpr>, names: &mut BTreeSet<String>) {
    for entry in entries {
        match entry {
            EntryExpr::StructField(field) => collect(&field.value.expr, names),
            EntryExpr::MapEntry(pair) => {
                collect(&pair.key.expr, names);
                collect(&pair.value.expr, names);
            }
        }
    }
}

pub(crate) fn whole_name(expression: &Expr) -> Option<String> {
    match expression {
        Expr::Ident(name) => Some(name.clone()),
        Expr::Select(select) => Some(format!("{}.{}", whole_name(&select.operand.expr)?, select.field)),
        _ => None,
    }
}
