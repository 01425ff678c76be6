//! Everything that differs between the two engines, and how one text becomes two.
//!
//! Differences: `:name` becomes `?1` or `$1`; `{pg:…|sqlite:…}` picks a side; in migrations
//! `integer`, `text` and `blob` become `bigint`, `text collate "C"` and `bytea` on PostgreSQL,
//! and `boolean` becomes `integer` and tables become `strict` on SQLite. A table of narrow rows that has no
//! index but its key ends there with `, without rowid`: each row is written once instead of twice. Text sorts and compares by bytes on both. `sum(…)` of integers is numeric on PostgreSQL: write `cast(sum(…) as bigint)`.

use std::{
    borrow::Cow,
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
    /// Where the row of values stands in an insert that can take several.
    row: OnceLock<Option<Range<usize>>>,
}

impl Compiled {
    /// Whether it is an insert of one row that means the same with several.
    pub fn takes_many_rows(&self) -> bool {
        self.row().is_some()
    }

    /// The text for so many rows, whose parameters follow each other.
    pub fn for_rows(&self, rows: usize) -> Cow<'_, str> {
        let Some(row) = self.row().filter(|_| rows > 1) else { return Cow::Borrowed(&self.text) };
        let tuples: Vec<String> = (0..rows)
            .map(|row_number| shifted(&self.text[row.clone()], row_number * self.names.len()))
            .collect();
        Cow::Owned([&self.text[..row.start], &tuples.join(", "), &self.text[row.end..]].concat())
    }

    fn row(&self) -> Option<Range<usize>> {
        self.row.get_or_init(|| row_of_values(&self.text)).clone()
    }
}

/// The tuple behind `values`, when it is all that has parameters and nothing is answered or overwritten.
fn row_of_values(text: &str) -> Option<Range<usize>> {
    if !text.trim_start().starts_with("insert into ") {
        return None;
    }
    let start = text.find("values (")? + "values ".len();
    let (mut depth, mut quoted) = (0_usize, false);
    let end = text[start..].char_indices().find_map(|(at, letter)| {
        match letter {
            '\'' => quoted = !quoted,
            '(' if !quoted => depth += 1,
            ')' if !quoted => depth -= 1,
            _ => {}
        }
        (depth == 0).then_some(start + at + 1)
    })?;
    let around = [&text[..start], &text[end..]];
    let plain = around.iter().all(|part| !part.contains('$') && !part.contains("returning"));
    (plain && !text[end..].contains("do update")).then_some(start..end)
}

/// `$1` becomes `$4` when three parameters stand before.
fn shifted(tuple: &str, by: usize) -> String {
    let mut parts = tuple.split('$');
    let mut written = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let digits = part.len() - part.trim_start_matches(|letter: char| letter.is_ascii_digit()).len();
        let number: usize = part[..digits].parse().unwrap_or_default();
        written.push_str(&format!("${}{}", number + by, &part[digits..]));
    }
    written
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
    Compiled { text: written, names, columns: OnceLock::new(), row: OnceLock::new() }
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
        assert_eq!(compiled.for_rows(1), compiled.text);
        assert_eq!(
            compiled.for_rows(3),
            "insert into t (a, b, c) values ($1, cast($2 as bigint), ':b)'), ($3, cast($4 as bigint), ':b)'), \
             ($5, cast($6 as bigint), ':b)') on conflict (a) do nothing"
        );
    }

    #[test]
    fn what_would_mean_something_else_with_several_rows_stays_by_itself() {
        let alone = [
            "insert into t (a) values (:a) returning a",
            "insert into t (a) values (:a) on conflict (a) do update set a = excluded.a",
            "insert into t (a) values (:a) on conflict (a) where a > :b do nothing",
            "insert into t (a) select :a",
            "update t set a = :a",
        ];
        for text in alone {
            assert!(!compile(text, Engine::Postgres).takes_many_rows(), "{text}");
        }
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
