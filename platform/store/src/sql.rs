use std::{
    collections::HashMap,
    sync::{Arc, LazyLock, OnceLock, PoisonError, RwLock},
};

use takt_kernel::{Fault, Result};

use crate::{
    db::Engine,
    dialect::{self, Compiled},
    value::Value,
};

const EXPLAIN: &str = "explain query plan ";

/// Named parameters, as [`params!`] makes them.
pub type Params<'p> = &'p [(&'static str, Value)];

/// A statement written with [`sql!`]: one text for both engines, compiled once for each.
pub struct Sql {
    text: &'static str,
    place: &'static str,
    sqlite: OnceLock<Compiled>,
    postgres: OnceLock<Compiled>,
}

impl Sql {
    #[doc(hidden)]
    pub const fn new(text: &'static str, place: &'static str) -> Self {
        Self { text, place, sqlite: OnceLock::new(), postgres: OnceLock::new() }
    }

    /// As [`Statement::explained`].
    pub fn explained(&self, params: Params<'_>) -> Statement {
        Statement { text: format!("{EXPLAIN}{}", self.text), bound: params.to_vec() }
    }

    /// Source file and line, for messages.
    pub fn place(&self) -> &'static str {
        self.place
    }

    pub(crate) fn only_asks(&self) -> bool {
        only_asks(self.text)
    }

    /// The table that it changes, if it can be told.
    pub(crate) fn changes(&self) -> Option<&'static str> {
        changes(self.text)
    }

    /// As it was written, with the fragments of both engines: for tests over all statements.
    pub fn text(&self) -> &'static str {
        self.text
    }

    pub(crate) fn compiled(&self, engine: Engine) -> &Compiled {
        match engine {
            Engine::Sqlite => self.sqlite.get_or_init(|| dialect::compile(self.text, engine)),
            Engine::Postgres => self.postgres.get_or_init(|| dialect::compile(self.text, engine)),
        }
    }
}

/// An entry of the list of all statements of the program.
pub struct Registered(pub &'static Sql);

inventory::collect!(Registered);

/// Every statement that [`sql!`] wrote anywhere in the linked program.
pub fn registered() -> impl Iterator<Item = &'static Sql> {
    inventory::iter::<Registered>.into_iter().map(|registered| registered.0)
}

/// Writes a statement. Parameters are `:named`; the few differences between the engines are
/// fragments: `{pg:for update skip locked|sqlite:}`.
#[macro_export]
macro_rules! sql {
    ($text:expr) => {{
        static STATEMENT: $crate::Sql = $crate::Sql::new($text, concat!(file!(), ":", line!()));
        $crate::inventory::submit! { $crate::Registered(&STATEMENT) }
        &STATEMENT
    }};
}

/// `params![company_id: company, note: None::<String>]`
#[macro_export]
macro_rules! params {
    ($($name:ident : $value:expr),* $(,)?) => {
        &[$((stringify!($name), $crate::Value::from($value))),*]
    };
}

/// A statement put together at run time from fixed texts, for lists with optional filters.
/// Values only ever enter as parameters.
#[derive(Clone, Debug, Default)]
pub struct Statement {
    text: String,
    bound: Vec<(&'static str, Value)>,
}

impl Statement {
    pub fn new(text: &'static str) -> Self {
        Self { text: text.to_owned(), bound: Vec::new() }
    }

    pub fn push(mut self, text: &str) -> Self {
        self.text.push_str(text);
        self
    }

    pub fn bind(mut self, name: &'static str, value: impl Into<Value>) -> Self {
        self.bound.push((name, value.into()));
        self
    }

    /// Adds a condition only when there is a value for it.
    pub fn and_if<T: Into<Value>>(self, value: Option<T>, text: &str, name: &'static str) -> Self {
        match value {
            Some(value) => self.push(text).bind(name, value),
            None => self,
        }
    }

    /// Adds `and column like …` for each word of a search (the first eight), wherever it stands in the
    /// column. Words and column have to be folded alike.
    pub fn and_words<'w>(mut self, column: &str, words: impl IntoIterator<Item = &'w str>) -> Self {
        for (name, word) in WORD_NAMES.into_iter().zip(words) {
            self.text.push_str(&format!("\nand {column} like :{name} escape '!'"));
            self.bound.push((name, Value::Text(containing(word))));
        }
        self
    }

    /// Binds a list for `in (…)`: writes `:name_0, :name_1, …`. An empty list matches nothing.
    pub fn push_list<T: Into<Value>>(
        mut self,
        names: &[&'static str],
        values: impl IntoIterator<Item = T>,
    ) -> Self {
        let mut first = true;
        for (name, value) in names.iter().zip(values) {
            if !first {
                self.text.push_str(", ");
            }
            first = false;
            self.text.push(':');
            self.text.push_str(name);
            self.bound.push((name, value.into()));
        }
        if first {
            self.text.push_str("null");
        }
        self
    }

    pub(crate) fn only_asks(&self) -> bool {
        only_asks(&self.text)
    }

    /// Asks SQLite how it would answer this: rows with a `detail`.
    pub fn explained(&self) -> Self {
        Self { text: format!("{EXPLAIN}{}", self.text), bound: self.bound.clone() }
    }

    pub(crate) fn changes(&self) -> Option<&str> {
        changes(&self.text)
    }

    pub(crate) fn compiled(&self, engine: Engine) -> Arc<Compiled> {
        compiled_before(&self.text, engine)
    }

    pub(crate) fn bound(&self) -> &[(&'static str, Value)] {
        &self.bound
    }
}

fn changes(text: &str) -> Option<&str> {
    let text = text.trim_start();
    let rest = ["insert into ", "update ", "delete from "].iter().find_map(|verb| text.strip_prefix(verb))?;
    rest.split(|letter: char| !(letter.is_ascii_alphanumeric() || letter == '_')).next()
}

fn only_asks(text: &str) -> bool {
    text.trim_start().starts_with("select")
}

/// Statements put together at run time take few shapes; each is compiled once.
static SHAPES: LazyLock<RwLock<Shapes>> = LazyLock::new(RwLock::default);
type Shapes = HashMap<(Engine, String), Arc<Compiled>>;

/// Past this many the shapes are begun anew, so that no caller can fill the memory with texts.
const MOST_SHAPES: usize = 1_000;

fn compiled_before(text: &str, engine: Engine) -> Arc<Compiled> {
    let shape = (engine, text.to_owned());
    if let Some(known) = SHAPES.read().unwrap_or_else(PoisonError::into_inner).get(&shape) {
        return known.clone();
    }
    let compiled = Arc::new(dialect::compile(text, engine));
    let mut shapes = SHAPES.write().unwrap_or_else(PoisonError::into_inner);
    if shapes.len() >= MOST_SHAPES {
        shapes.clear();
    }
    shapes.insert(shape, compiled.clone());
    compiled
}

const WORD_NAMES: [&str; 8] =
    ["word_1", "word_2", "word_3", "word_4", "word_5", "word_6", "word_7", "word_8"];

/// The pattern of a text that has the word in it; `%` and `_` in the word stand for themselves.
fn containing(word: &str) -> String {
    let mut pattern = String::from("%");
    for letter in word.chars() {
        if matches!(letter, '%' | '_' | '!') {
            pattern.push('!');
        }
        pattern.push(letter);
    }
    pattern.push('%');
    pattern
}

/// Puts the named values into the order in which the compiled statement wants them. A text with a
/// NUL, which PostgreSQL cannot keep, is refused on both engines.
pub(crate) fn in_order<'v>(
    compiled: &Compiled,
    given: &'v [(&'static str, Value)],
) -> Result<Vec<&'v Value>> {
    compiled
        .names
        .iter()
        .enumerate()
        .map(|(place, wanted)| {
            // Most callers give them in the order in which the statement names them.
            let found = match given.get(place) {
                Some((name, value)) if name == wanted => Some(value),
                _ => given.iter().find(|(name, _)| name == wanted).map(|(_, value)| value),
            };
            match found {
                Some(Value::Text(text)) if text.contains('\0') => {
                    Err(Fault::invalid("store.nul_in_text").arg("name", wanted))
                }
                Some(value) => Ok(value),
                None => Err(Fault::broken("store.parameter_missing")
                    .arg("name", wanted)
                    .arg("statement", &compiled.text)),
            }
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_of_a_search_stand_for_themselves() {
        let statement = Statement::new("select id from t where a = 1").and_words("search", ["5%_!", "чай"]);
        assert_eq!(
            statement.text,
            "select id from t where a = 1\nand search like :word_1 escape '!'\nand search like :word_2 escape '!'"
        );
        assert_eq!(
            statement.bound,
            [("word_1", Value::Text("%5!%!_!!%".to_owned())), ("word_2", Value::Text("%чай%".to_owned()))]
        );
    }
}
