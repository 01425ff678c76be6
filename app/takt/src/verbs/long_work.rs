use std::time::{Duration, Instant};

use takt_store::archive::Progress;
use takt_ui::Arg;

use super::{Words, show_milestone, show_progress};

const OFTEN: Duration = Duration::from_millis(200);
/// A line for whoever reads a log instead of looking at a terminal.
const NOW_AND_THEN: Duration = Duration::from_secs(10);

/// Says on standard error how far long work is.
pub struct Told {
    words: Words,
    key: &'static str,
    shown: Instant,
    logged: Instant,
}

impl Told {
    pub fn new(words: Words, key: &'static str) -> Self {
        let now = Instant::now();
        Self { words, key, shown: now, logged: now }
    }

    pub fn hear(&mut self, progress: Progress<'_>) {
        if self.shown.elapsed() < OFTEN {
            return;
        }
        self.shown = Instant::now();
        let rows = Arg::Number(i64::try_from(progress.rows).unwrap_or(i64::MAX));
        let text = self.words.say(self.key, &[("table", Arg::Text(progress.table.into())), ("rows", rows)]);
        if self.logged.elapsed() >= NOW_AND_THEN {
            self.logged = Instant::now();
            show_milestone(&text);
        } else {
            show_progress(&text);
        }
    }

    /// Clears the line on which a person watched.
    pub fn end(&self) {
        show_progress("");
    }
}
