//! What is wrong with a document, where, and what was probably meant.

use serde::Serialize;

/// `code` is the key of a text in both languages; `word` and `meant` are its arguments.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Problem {
    pub code: &'static str,
    /// From 1.
    pub line: usize,
    /// From 1, in characters.
    pub column: usize,
    /// What stands there, or what the reader of that part said.
    pub word: String,
    /// The nearest word that would be right.
    pub meant: Option<String>,
}

/// Nobody reads more of them at once, and a text of nothing but mistakes is not answered with one for each of them.
const MOST: usize = 100;
/// In characters; of longer words the beginning is told.
const LONGEST_WORD: usize = 200;

/// Collects problems of one document, by places in its bytes.
pub(crate) struct Problems<'t> {
    text: &'t str,
    /// Where its lines begin.
    lines: Vec<usize>,
    found: Vec<Problem>,
    /// What may not be published any more, and is still carried out where it was published once.
    outdated: Vec<Problem>,
    /// Of those that make it unreadable, how many there were, told or not.
    count: usize,
}

impl<'t> Problems<'t> {
    pub(crate) fn new(text: &'t str) -> Self {
        let ends = text.bytes().enumerate().filter(|(_, byte)| *byte == b'\n').map(|(end, _)| end + 1);
        let lines = std::iter::once(0).chain(ends).collect();
        Self { text, lines, found: Vec::new(), outdated: Vec::new(), count: 0 }
    }

    pub(crate) fn add(&mut self, code: &'static str, at: usize, word: impl AsRef<str>) {
        self.add_meant(code, at, word, None);
    }

    pub(crate) fn add_meant(
        &mut self,
        code: &'static str,
        at: usize,
        word: impl AsRef<str>,
        meant: Option<String>,
    ) {
        self.count += 1;
        if self.found.len() < MOST {
            let problem = self.problem(code, at, word.as_ref(), meant);
            self.found.push(problem);
        }
    }

    /// As [`Self::add_meant`], but only whoever writes is refused.
    pub(crate) fn add_outdated(
        &mut self,
        code: &'static str,
        at: usize,
        word: impl AsRef<str>,
        meant: Option<String>,
    ) {
        if self.outdated.len() < MOST {
            let problem = self.problem(code, at, word.as_ref(), meant);
            self.outdated.push(problem);
        }
    }

    fn problem(&self, code: &'static str, at: usize, word: &str, meant: Option<String>) -> Problem {
        let at = at.min(self.text.len());
        let line = self.lines.partition_point(|start| *start <= at);
        let start = line.checked_sub(1).and_then(|before| self.lines.get(before)).copied().unwrap_or(0);
        let begun = String::from_utf8_lossy(&self.text.as_bytes()[start..at]);
        let column = begun.chars().count() + 1;
        let mut word: String = word.to_owned();
        if let Some((end, _)) = word.char_indices().nth(LONGEST_WORD) {
            word.truncate(end);
            word.push('…');
        }
        Problem { code, line, column, word, meant }
    }

    /// How many there were so far that make it unreadable.
    pub(crate) const fn count(&self) -> usize {
        self.count
    }

    /// Whether even a writer is told nothing.
    pub(crate) const fn are_none(&self) -> bool {
        self.count == 0 && self.outdated.is_empty()
    }

    /// Those that make it unreadable, in the order of the document.
    pub(crate) fn into_found(mut self) -> Vec<Problem> {
        sort(&mut self.found);
        self.found
    }

    /// All that a writer is told, in the order of the document.
    pub(crate) fn into_all(mut self) -> Vec<Problem> {
        self.found.append(&mut self.outdated);
        sort(&mut self.found);
        self.found.truncate(MOST);
        self.found
    }
}

fn sort(problems: &mut [Problem]) {
    problems.sort_by_key(|problem| (problem.line, problem.column));
}

/// The nearest of the words, if it is near enough to have been meant.
pub(crate) fn nearest<'w>(word: &str, words: impl IntoIterator<Item = &'w str>) -> Option<String> {
    if word.len() > 4 * LONGEST_WORD {
        return None;
    }
    words
        .into_iter()
        .map(|known| (strsim::damerau_levenshtein(word, known), known))
        .filter(|(distance, known)| *distance <= known.chars().count().max(3) / 3)
        .min_by_key(|(distance, known)| (*distance, known.len()))
        .map(|(_, known)| known.to_owned())
}
