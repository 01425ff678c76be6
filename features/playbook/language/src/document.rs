//! Takes a document apart: clauses by headings, and what stands beneath them.

use std::ops::Range;

use pulldown_cmark::{CodeBlockKind, Event, HeadingLevel, Options, Parser, Tag, TagEnd};

use crate::{
    checklist::{self, Item},
    problem::Problems,
};

/// In bytes. A regulation of a hundred pages has about as many.
pub const LARGEST_TEXT: usize = 256 * 1024;
/// Rules behind them are not looked at.
pub(crate) const MOST_RULES: usize = 500;

/// A clause: what people read where its rules are at work.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Clause {
    /// The heading, without its mark; empty before the first one.
    pub title: String,
    /// 1 for the title of the document.
    pub level: u8,
    /// Texts to say, as written.
    pub scripts: Vec<String>,
    pub checklist: Vec<Item>,
    /// Where it stands in the document, in bytes: heading and all beneath it.
    pub place: Range<usize>,
}

/// A rule as it stands in the text.
pub(crate) struct Block<'t> {
    pub name: &'t str,
    pub clause: usize,
    pub body: &'t str,
    /// Where the body begins in the document.
    pub at: usize,
    /// Where the fence begins.
    pub fence: usize,
}

pub(crate) struct Document<'t> {
    pub clauses: Vec<Clause>,
    pub blocks: Vec<Block<'t>>,
}

pub(crate) fn take_apart<'t>(text: &'t str, problems: &mut Problems<'_>) -> Document<'t> {
    let mut document = Document { clauses: vec![Clause::default()], blocks: Vec::new() };
    let mut reading = Reading::Prose;
    let mut item: Option<checklist::Reading> = None;
    for (event, place) in Parser::new_ext(text, Options::ENABLE_TASKLISTS).into_offset_iter() {
        match event {
            Event::Start(Tag::Heading { level, .. }) => {
                if let Some(before) = document.clauses.last_mut() {
                    before.place.end = place.start;
                }
                let clause =
                    Clause { level: depth(level), place: place.start..text.len(), ..Clause::default() };
                document.clauses.push(clause);
                reading = Reading::Title;
            }
            Event::Start(Tag::CodeBlock(CodeBlockKind::Fenced(_))) => {
                reading = fenced(text, place, &mut document, problems);
            }
            Event::TaskListMarker(_) => {
                close_item(&mut document, &mut item, problems);
                item = Some(checklist::Reading::begin(place.start));
                reading = Reading::Item;
            }
            // A list within an item: its own words are at their end.
            Event::Start(Tag::List(_)) | Event::End(TagEnd::Item) => {
                close_item(&mut document, &mut item, problems);
                reading = Reading::Prose;
            }
            Event::Start(Tag::Strong) => item.iter_mut().for_each(checklist::Reading::bold),
            Event::End(TagEnd::Strong) => item.iter_mut().for_each(|item| item.bold_ends(problems)),
            Event::End(TagEnd::Heading(_) | TagEnd::CodeBlock) => reading = Reading::Prose,
            Event::Text(words) | Event::Code(words) => match reading {
                Reading::Title => current(&mut document).title.push_str(&words),
                Reading::Script => {
                    if let Some(script) = current(&mut document).scripts.last_mut() {
                        script.push_str(&words);
                    }
                }
                Reading::Item => item.iter_mut().for_each(|item| item.words(&words)),
                Reading::Prose => {}
            },
            Event::SoftBreak | Event::HardBreak if reading == Reading::Item => {
                item.iter_mut().for_each(|item| item.words(" "));
            }
            _ => {}
        }
    }
    document
}

fn close_item(
    document: &mut Document<'_>,
    item: &mut Option<checklist::Reading>,
    problems: &mut Problems<'_>,
) {
    if let Some(item) = item.take() {
        let item = item.end(problems);
        current(document).checklist.push(item);
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Reading {
    Prose,
    Title,
    Script,
    Item,
}

fn current<'d>(document: &'d mut Document<'_>) -> &'d mut Clause {
    if document.clauses.is_empty() {
        document.clauses.push(Clause::default());
    }
    let last = document.clauses.len() - 1;
    &mut document.clauses[last]
}

/// A fence with `rule NAME` is a rule, one with `script` is to be said, any other is prose.
fn fenced<'t>(
    text: &'t str,
    place: Range<usize>,
    document: &mut Document<'t>,
    problems: &mut Problems<'_>,
) -> Reading {
    let block = &text[place.clone()];
    let first = block.split('\n').next().unwrap_or_default();
    let marks = first.trim_start();
    let fence = marks.chars().next().unwrap_or('`');
    let mut words = marks.trim_start_matches(fence).split_whitespace();
    match words.next() {
        Some("script") => {
            current(document).scripts.push(String::new());
            Reading::Script
        }
        Some("rule") if document.blocks.len() > MOST_RULES => Reading::Prose,
        Some("rule") => {
            let begin = (first.len() + 1).min(block.len());
            let body = &block[begin..];
            let body = body.trim_end().trim_end_matches(fence);
            let name = words.next().unwrap_or_default();
            if !is_name(name) {
                problems.add("playbook.rule_without_name", place.start, name);
            } else if words.next().is_some() || document.blocks.iter().any(|other| other.name == name) {
                problems.add("playbook.rule_name_taken", place.start, name);
            }
            let clause = document.clauses.len().saturating_sub(1);
            document.blocks.push(Block { name, clause, body, at: place.start + begin, fence: place.start });
            Reading::Prose
        }
        _ => Reading::Prose,
    }
}

/// Letters, digits and dashes: the name stands in facts and addresses.
fn is_name(name: &str) -> bool {
    (1..=60).contains(&name.len())
        && name.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-')
}

fn depth(level: HeadingLevel) -> u8 {
    match level {
        HeadingLevel::H1 => 1,
        HeadingLevel::H2 => 2,
        HeadingLevel::H3 => 3,
        HeadingLevel::H4 => 4,
        HeadingLevel::H5 => 5,
        HeadingLevel::H6 => 6,
    }
}
