//! Everything that differs between the two engines, and how one text becomes two.
//!
//! Differences: `:name` becomes `?1` or `$1`; `{pg:…|sqlite:…}` picks a side; in migrations
//! `integer`, `text` and `blob` become `bigint`, `text collate "C"` and `bytea` on PostgreSQL,
//! and `boolean` becomes `integer` and tables become `strict` on SQLite. A table of narrow rows that has no
//! index but its key ends there with `, without rowid`: each row is written once instead of twice. Text sorts and compares by bytes on both. `sum(…)` of integers is numeric on PostgreSQL: write `cast(sum(…) as bigint)`.

use std::{
    ops::Range,
    sync::{Arc, OnceLock},
};

use crate::db::Engine;

/// A text for one engine and the names of its parameters, in order of their numbers.
#[derive(Clone, Debug)]
pub struct Compiled {
    pub text: String,
    pub names: Vec<String>,
    /// Names of the answer's columns, known after the first answer.
    pub columns: OnceLock<Arc<[String]>>,
    /// What there is to know of an insert that can take several rows.
    inserted: OnceLock<Option<Inserted>>,
    /// The text for any number of rows, once somebody had several.
    many: OnceLock<String>,
}

/// An insert of one row of values that means the same with several.
#[derive(Clone, Debug)]
pub struct Inserted {
    pub table: String,
    /// The parameters that make the key under which a row overwrites another: two rows of one key must not
    /// stand in one statement. None when nothing is overwritten.
    pub overwrites_by: Option<Vec<usize>>,
    /// Where `values (…)` stands, and what is between its parentheses.
    whole: Range<usize>,
    values: Range<usize>,
}

impl Compiled {
    /// When it is an insert of one row that means the same with several.
    pub fn inserted(&self) -> Option<&Inserted> {
        self.inserted.get_or_init(|| inserted(&self.text).filter(|_| !self.names.is_empty())).as_ref()
    }

    /// The text for any number of rows: each parameter is an array, of the type that the one row has.
    pub fn for_many<'t>(&self, types: impl Iterator<Item = &'t str>) -> &str {
        self.many.get_or_init(|| {
            let Some(Inserted { whole, values, .. }) = self.inserted() else { return self.text.clone() };
            let given: Vec<String> =
                (1..).zip(types).map(|(number, name)| format!("${number}::{name}[]")).collect();
            let names: Vec<String> = (1..=given.len()).map(|number| format!("p{number}")).collect();
            format!(
                "{}select {} from unnest({}) as given ({}){}",
                &self.text[..whole.start],
                self.text[values.clone()].replace('$', "given.p"),
                given.join(", "),
                names.join(", "),
                &self.text[whole.end..],
            )
        })
    }
}

/// When the tuple behind `values` is all that has parameters and nothing is answered.
fn inserted(text: &str) -> Option<Inserted> {
    let rest = text.trim_start().strip_prefix("insert into ")?;
    let (table, rest) = rest.split_once(' ')?;
    let (columns, _) = rest.trim_start().strip_prefix('(')?.split_once(')')?;
    let start = text.find("values (")?;
    let from = start + "values (".len();
    let (mut depth, mut quoted) = (0_usize, false);
    let mut values = Vec::new();
    let mut value_from = from;
    let until = text[from..].char_indices().find_map(|(at, letter)| {
        let at = from + at;
        match letter {
            '\'' => quoted = !quoted,
            '(' if !quoted => depth += 1,
            ')' if !quoted && depth == 0 => {
                values.push(text[value_from..at].trim());
                return Some(at);
            }
            ')' if !quoted => depth -= 1,
            ',' if !quoted && depth == 0 => {
                values.push(text[value_from..at].trim());
                value_from = at + 1;
            }
            _ => {}
        }
        None
    })?;
    let (before, after) = (&text[..start], &text[until + 1..]);
    if [before, after].iter().any(|part| part.contains('$') || part.contains("returning")) {
        return None;
    }
    let columns: Vec<&str> = columns.split(',').map(str::trim).collect();
    if columns.len() != values.len() {
        return None;
    }
    let overwrites_by = match after.split_once("do update") {
        None => None,
        Some((key, _)) => {
            let key = key.trim().strip_prefix("on conflict (")?.strip_suffix(')')?;
            Some(key_of(key, &columns, &values)?)
        }
    };
    Some(Inserted { table: table.to_owned(), overwrites_by, whole: start..until + 1, values: from..until })
}

/// The parameters that stand in the columns of a key, when each of these is a parameter or the same always.
fn key_of(key: &str, columns: &[&str], values: &[&str]) -> Option<Vec<usize>> {
    let mut parameters = Vec::new();
    for column in key.split(',').map(str::trim) {
        let value = values.get(columns.iter().position(|known| *known == column)?)?;
        match value.strip_prefix('$') {
            Some(number) => parameters.push(number.parse::<usize>().ok()?.checked_sub(1)?),
            None if value.contains('$') => return None,
            None => {}
        }
    }
    Some(parameters)
}

/// Makes the text of one engine.
pub fn compile(text: &str, engine: Engine) -> Compiled {
    let text = pick_fragments(text, engine);
    let mut written = String::with_capacity(text.len());
    let mut names: Vec<String> = Vec::new();
    let mut quoted = false;
    let mut rest = text.char_indices().peekable();
    while let Some((at, letter)) = rest.next() {
        if letter == '\'' {
            quoted = !quoted;
        }
        let starts_name = letter == ':'
            && !quoted
            && rest.peek().is_some_and(|(_, next)| next.is_ascii_alphabetic() || *next == '_');
        if !starts_name {
            written.push(letter);
            continue;
        }
        let name_from = at + 1;
        let mut name_until = name_from;
        while let Some((position, next)) = rest.peek().copied() {
            if !(next.is_ascii_alphanumeric() || next == '_') {
                break;
            }
            name_until = position + next.len_utf8();
            rest.next();
        }
        let name = &text[name_from..name_until];
        let number = names.iter().position(|known| known == name).unwrap_or_else(|| {
            names.push(name.to_owned());
            names.len() - 1
        }) + 1;
        written.push(match engine {
            Engine::Sqlite => '?',
            Engine::Postgres => '$',
        });
        written.push_str(&number.to_string());
    }
    if engine == Engine::Postgres {
        written = lists_are_short(&written);
    }
    Compiled {
        text: written,
        names,
        columns: OnceLock::new(),
        inserted: OnceLock::new(),
        many: OnceLock::new(),
    }
}

/// PostgreSQL takes a list in a parameter for one of a hundred, and reads a young table, which it takes for
/// an empty one, from end to end for it. A condition that always holds, of which it expects next to nothing,
/// has it begin with the list and look each row up.
fn lists_are_short(text: &str) -> String {
    let mut written = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = ["json_array_elements_text(", "jsonb_array_elements_text("]
        .into_iter()
        .filter_map(|name| rest.find(name))
        .min()
    {
        let Some(length) = rest[at..].find(" as json").and_then(|cast| {
            let after = at + cast + rest[at + cast..].find("))")? + 2;
            Some(after - at)
        }) else {
            break;
        };
        let (call, behind) = rest[at..].split_at(length);
        written.push_str(&rest[..at]);
        written.push_str(&format!(
            "(select given.value from {call} as given (value) where given.value || '' = given.value)"
        ));
        if behind.trim_start().starts_with(')') {
            written.push_str(" as listed");
        }
        rest = behind;
    }
    written.push_str(rest);
    written
}

/// Makes the text of a migration for one engine.
pub fn compile_migration(text: &str, engine: Engine) -> String {
    let without_comments: String =
        text.lines().map(|line| line.split("--").next().unwrap_or_default()).collect::<Vec<_>>().join("\n");
    let text = pick_fragments(&without_comments, engine);
    match engine {
        Engine::Postgres => {
            replace_words(&text, &[("integer", "bigint"), ("text", "text collate \"C\""), ("blob", "bytea")])
        }
        Engine::Sqlite => make_strict(&replace_words(&text, &[("boolean", "integer")])),
    }
}

fn pick_fragments(text: &str, engine: Engine) -> String {
    let mut written = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(start) = rest.find("{pg:") {
        written.push_str(&rest[..start]);
        let body = &rest[start + "{pg:".len()..];
        let Some(end) = body.find('}') else { break };
        let (postgres, sqlite) = body[..end].split_once("|sqlite:").unwrap_or((&body[..end], ""));
        written.push_str(match engine {
            Engine::Postgres => postgres,
            Engine::Sqlite => sqlite,
        });
        rest = &body[end + 1..];
    }
    written.push_str(rest);
    written
}

fn replace_words(text: &str, replacements: &[(&str, &str)]) -> String {
    let mut written = String::with_capacity(text.len() + 64);
    let mut word = String::new();
    let mut quoted = false;
    for letter in text.chars().chain(std::iter::once('\0')) {
        if letter.is_ascii_alphanumeric() || letter == '_' {
            word.push(letter);
            continue;
        }
        match replacements.iter().find(|(from, _)| !quoted && *from == word) {
            Some((_, to)) => written.push_str(to),
            None => written.push_str(&word),
        }
        word.clear();
        if letter == '\'' {
            quoted = !quoted;
        }
        if letter != '\0' {
            written.push(letter);
        }
    }
    written
}

/// Adds `strict` behind every `create table … ( … )`.
fn make_strict(text: &str) -> String {
    let mut written = String::with_capacity(text.len() + 64);
    let mut rest = text;
    while let Some(start) = rest.find("create table") {
        let mut depth = 0_usize;
        let mut end = None;
        for (at, letter) in rest[start..].char_indices() {
            match letter {
                '(' => depth += 1,
                ')' if depth == 1 => {
                    end = Some(start + at + 1);
                    break;
                }
                ')' => depth = depth.saturating_sub(1),
                _ => {}
            }
        }
        let Some(end) = end else { break };
        written.push_str(&rest[..end]);
        written.push_str(" strict");
        rest = &rest[end..];
    }
    written.push_str(rest);
    written
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_for_one_table_become_one_statement() {
        let text =
            "insert into t (a, b, c) values (:a, cast(:b as bigint), ':b)') on conflict (a) do nothing";
        let compiled = compile(text, Engine::Postgres);
        assert_eq!(
            compiled.for_many(["text", "int8"].into_iter()),
            "insert into t (a, b, c) select given.p1, cast(given.p2 as bigint), ':b)' \
             from unnest($1::text[], $2::int8[]) as given (p1, p2) on conflict (a) do nothing"
        );
        let known = |compiled: &Compiled| {
            compiled.inserted().map(|inserted| (inserted.table.clone(), inserted.overwrites_by.clone()))
        };
        assert_eq!(known(&compiled), Some(("t".to_owned(), None)));
        let overwrites = "insert into t (a, b, c, d)
             values (:b, 'x', :d, coalesce(:a, :d))
             on conflict (a, b, c) do update
             set d = excluded.d";
        assert_eq!(
            known(&compile(overwrites, Engine::Postgres)),
            Some(("t".to_owned(), Some(vec![0, 1]))),
            "by the first and the second parameter"
        );
    }

    #[test]
    fn what_would_mean_something_else_with_several_rows_stays_by_itself() {
        let alone = [
            "insert into t (a) values (:a) returning a",
            "insert into t (a) values (:a) on conflict (a) do update set a = :b",
            "insert into t (a) values (coalesce(:a, 1)) on conflict (a) do update set a = excluded.a",
            "insert into t (a) values (:a) on conflict (b) do update set a = excluded.a",
            "insert into t (a) values (:a) on conflict (a) where a > 1 do update set a = excluded.a",
            "insert into t (a) values (:a) on conflict (a) where a > :b do nothing",
            "insert into t (a) values (1)",
            "insert into t (a) select :a",
            "update t set a = :a",
        ];
        for text in alone {
            assert!(compile(text, Engine::Postgres).inserted().is_none(), "{text}");
        }
    }

    #[test]
    fn a_list_is_taken_for_a_short_one() {
        let text = "select a from t where a in (select cast(value as bigint) from json_array_elements_text(cast(cast(:a as text) as json)))
             and b in (select value from jsonb_array_elements_text(cast(cast(:b as text) as jsonb)) as wanted (value))";
        assert_eq!(
            compile(text, Engine::Postgres).text,
            "select a from t where a in (select cast(value as bigint) from (select given.value from json_array_elements_text(cast(cast($1 as text) as json)) as given (value) where given.value || '' = given.value) as listed)
             and b in (select value from (select given.value from jsonb_array_elements_text(cast(cast($2 as text) as jsonb)) as given (value) where given.value || '' = given.value) as wanted (value))"
        );
    }

    #[test]
    fn one_text_becomes_two() {
        let text = "select a from t where b = :b and c = :c and d = :b and e = 'x:y' {pg:for update|sqlite:}";
        let sqlite = compile(text, Engine::Sqlite);
        assert_eq!(sqlite.text, "select a from t where b = ?1 and c = ?2 and d = ?1 and e = 'x:y' ");
        assert_eq!(sqlite.names, ["b", "c"]);
        let postgres = compile(text, Engine::Postgres);
        assert_eq!(
            postgres.text,
            "select a from t where b = $1 and c = $2 and d = $1 and e = 'x:y' for update"
        );
    }

    #[test]
    fn a_migration_gets_the_types_of_its_engine() {
        let text = "create table a (id integer primary key, note text check (note <> 'text'), on_hand boolean); -- why\ncreate index i on a (note);";
        assert_eq!(
            compile_migration(text, Engine::Sqlite),
            "create table a (id integer primary key, note text check (note <> 'text'), on_hand integer) strict; \ncreate index i on a (note);"
        );
        assert_eq!(
            compile_migration(text, Engine::Postgres),
            "create table a (id bigint primary key, note text collate \"C\" check (note <> 'text'), on_hand boolean); \ncreate index i on a (note);"
        );
    }
}
