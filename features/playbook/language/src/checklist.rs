//! What is to be ticked off. An item may have to be ticked before something is done with the order:
//! `- [ ] **before ready:** The address is complete`.

use crate::problem::{Problems, nearest};

const LONGEST: usize = 300;

/// Before what. Whoever runs playbooks refuses that until the item is ticked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Before {
    Confirm,
    Ready,
    Ship,
    Cancel,
}

/// How they are written: by the verb, or by the stage to which it leads.
const WORDS: &[(&str, Before)] = &[
    ("confirm", Before::Confirm),
    ("confirming", Before::Confirm),
    ("assembling", Before::Confirm),
    ("подтверждения", Before::Confirm),
    ("подтверждением", Before::Confirm),
    ("сборки", Before::Confirm),
    ("сборкой", Before::Confirm),
    ("ready", Before::Ready),
    ("готовности", Before::Ready),
    ("готовностью", Before::Ready),
    ("ship", Before::Ship),
    ("shipping", Before::Ship),
    ("delivery", Before::Ship),
    ("отправки", Before::Ship),
    ("отправкой", Before::Ship),
    ("доставки", Before::Ship),
    ("доставкой", Before::Ship),
    ("cancel", Before::Cancel),
    ("cancelling", Before::Cancel),
    ("отмены", Before::Cancel),
    ("отменой", Before::Cancel),
];
const PREPOSITIONS: [&str; 3] = ["before ", "до ", "перед "];

impl Before {
    pub const ALL: [Self; 4] = [Self::Confirm, Self::Ready, Self::Ship, Self::Cancel];

    pub const fn code(self) -> &'static str {
        match self {
            Self::Confirm => "confirm",
            Self::Ready => "ready",
            Self::Ship => "ship",
            Self::Cancel => "cancel",
        }
    }
}

/// An item of a checklist.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Item {
    pub text: String,
    /// It is demanded then; others only remind.
    pub before: Option<Before>,
}

/// An item as it is being read.
#[derive(Default)]
pub(crate) struct Reading {
    item: Item,
    at: usize,
    /// Within bold words at its beginning.
    mark: Option<String>,
}

impl Reading {
    pub(crate) fn begin(at: usize) -> Self {
        Self { at, ..Self::default() }
    }

    pub(crate) fn words(&mut self, words: &str) {
        self.mark.as_mut().unwrap_or(&mut self.item.text).push_str(words);
    }

    pub(crate) fn bold(&mut self) {
        if self.item.text.trim().is_empty() && self.item.before.is_none() {
            self.mark = Some(String::new());
        }
    }

    pub(crate) fn bold_ends(&mut self, problems: &mut Problems<'_>) {
        let Some(mark) = self.mark.take() else { return };
        let written = mark.trim().trim_end_matches(':').trim_end().to_lowercase();
        let Some(word) = PREPOSITIONS.iter().find_map(|word| written.strip_prefix(word)).map(str::trim)
        else {
            self.item.text.push_str(&mark);
            return;
        };
        match WORDS.iter().find(|(known, _)| *known == word) {
            Some((_, before)) => self.item.before = Some(*before),
            None => {
                let meant = nearest(word, WORDS.iter().map(|(known, _)| *known));
                problems.add_meant("playbook.before_unknown", self.at, word, meant);
            }
        }
    }

    pub(crate) fn end(self, problems: &mut Problems<'_>) -> Item {
        let text = self.item.text.trim();
        let text = if self.item.before.is_some() { text.trim_start_matches(':').trim_start() } else { text };
        if text.is_empty() && self.item.before.is_some() {
            problems.add("playbook.step_without_words", self.at, "");
        }
        if text.chars().count() > LONGEST {
            problems.add("playbook.step_too_long", self.at, LONGEST.to_string());
        }
        Item { text: text.to_owned(), before: self.item.before }
    }
}
