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

/// Collects problems of one document, by places in its bytes.
pub(crate) struct Problems<'t> {
    text: &'t str,
    found: Vec<Problem>,
}

impl<'t> Problems<'t> {
    pub(crate) fn new(text: &'t str) -> Self {
        Self { text, found: Vec::new() }
    }

    pub(crate) fn add(&mut self, code: &'static str, at: usize, word: impl Into<String>) {
        self.add_meant(code, at, word, None);
    }

    pub(crate) fn add_meant(
        &mut self,
        code: &'static str,
        at: usize,
        word: impl Into<String>,
        meant: Option<String>,
    ) {
        let (line, column) = self.place(at);
        self.found.push(Problem { code, line, column, word: word.into(), meant });
    }

    fn place(&self, at: usize) -> (usize, usize) {
        let before = &self.text.as_bytes()[..at.min(self.text.len())];
        let line_start = before.iter().rposition(|byte| *byte == b'\n').map_or(0, |newline| newline + 1);
        let line = before.iter().filter(|byte| **byte == b'\n').count() + 1;
        let begun = String::from_utf8_lossy(&before[line_start..]);
        (line, begun.chars().count() + 1)
    }

    /// In the order of the document.
    pub(crate) fn into_found(mut self) -> Vec<Problem> {
        self.found.sort_by_key(|problem| (problem.line, problem.column));
        self.found
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.found.is_empty()
    }
}

/// The nearest of the words, if it is near enough to have been meant.
pub(crate) fn nearest<'w>(word: &str, words: impl IntoIterator<Item = &'w str>) -> Option<String> {
    words
        .into_iter()
        .map(|known| (strsim::damerau_levenshtein(word, known), known))
        .filter(|(distance, known)| *distance <= known.chars().count().max(3) / 3)
        .min_by_key(|(distance, known)| (*distance, known.len()))
        .map(|(_, known)| known.to_owned())
}
