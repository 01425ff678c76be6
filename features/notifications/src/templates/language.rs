//! The part of Jinja that a shop writes in: conditions, loops over what the data hold, values and a few
//! filters. Nothing of it makes a text or a list out of two: doubled some forty times by a template of one
//! page, such a thing would fill the memory of everybody's server.

use minijinja::{Environment, Error, ErrorKind, UndefinedBehavior, filters, syntax::SyntaxConfig, tests};

/// Steps of the template engine; an order of five hundred lines takes some ten thousand.
const FUEL: u64 = 500_000;
const STATEMENTS: [&str; 6] = ["if", "elif", "else", "endif", "for", "endfor"];
/// Lists, maps, tuples, sums, and what repeats.
const REFUSED: [char; 8] = ['[', ']', '{', '}', ',', '+', '*', '~'];

/// What is not of the language: its line and the sign or word.
pub(super) struct Unknown {
    pub line: usize,
    pub what: String,
}

impl From<Unknown> for Error {
    fn from(unknown: Unknown) -> Self {
        Self::new(ErrorKind::SyntaxError, unknown.what)
    }
}

pub(super) fn environment() -> Result<Environment<'static>, Error> {
    let mut environment = Environment::empty();
    environment.set_undefined_behavior(UndefinedBehavior::Strict);
    environment.set_fuel(Some(FUEL));
    environment.set_recursion_limit(20);
    environment.set_syntax(SyntaxConfig::builder().trim_blocks(true).lstrip_blocks(true).build()?);
    environment.add_filter("upper", filters::upper);
    environment.add_filter("lower", filters::lower);
    environment.add_filter("title", filters::title);
    environment.add_filter("capitalize", filters::capitalize);
    environment.add_filter("trim", filters::trim);
    environment.add_filter("length", filters::length);
    environment.add_filter("default", filters::default);
    environment.add_filter("first", filters::first);
    environment.add_filter("last", filters::last);
    environment.add_filter("int", filters::int);
    environment.add_filter("round", filters::round);
    environment.add_test("defined", tests::is_defined);
    environment.add_test("undefined", tests::is_undefined);
    environment.add_test("none", tests::is_none);
    environment.add_test("odd", tests::is_odd);
    environment.add_test("even", tests::is_even);
    Ok(environment)
}

/// Looks through the tags of a template. What is malformed in other ways is for the engine to say.
pub(super) fn check(template: &str) -> Result<(), Unknown> {
    let mut rest = template;
    while let Some(start) = rest.find('{') {
        let tag = &rest[start..];
        let end = if tag.starts_with("{#") {
            tag.find("#}").map_or(tag.len(), |end| end + 2)
        } else if tag.starts_with("{{") || tag.starts_with("{%") {
            let unknown = |(at, what): (usize, String)| {
                let before = template.len() - tag.len() + at;
                Unknown { line: template[..before].matches('\n').count() + 1, what }
            };
            tag_end(tag).map_err(unknown)?
        } else {
            1
        };
        rest = &tag[end..];
    }
    Ok(())
}

/// Where a tag ends, or the place and name of what does not belong into it.
fn tag_end(tag: &str) -> Result<usize, (usize, String)> {
    let closing = if tag.starts_with("{{") { "}}" } else { "%}" };
    let marked = usize::from(tag[2..].starts_with(['-', '+']));
    let inside = 2 + marked;
    if closing == "%}" {
        let word: String =
            tag[inside..].trim_start().chars().take_while(|letter| letter.is_alphanumeric()).collect();
        if !STATEMENTS.contains(&word.as_str()) {
            return Err((0, word));
        }
    }
    let mut quote = None;
    let mut escaped = false;
    for (at, letter) in tag[inside..].char_indices().map(|(at, letter)| (inside + at, letter)) {
        match quote {
            Some(_) if escaped => escaped = false,
            Some(_) if letter == '\\' => escaped = true,
            Some(open) if letter == open => quote = None,
            Some(_) => {}
            None if tag[at..].starts_with(closing) => return Ok(at + 2),
            None if matches!(letter, '"' | '\'') => quote = Some(letter),
            // `+%}` and `+}}` are marks of white space.
            None if letter == '+' && tag[at + 1..].starts_with(closing) => {}
            None if REFUSED.contains(&letter) => return Err((at, letter.to_string())),
            None => {}
        }
    }
    Ok(tag.len())
}
