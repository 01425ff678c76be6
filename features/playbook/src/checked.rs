//! Texts that were read before anybody waits for it: a large one takes a moment, in which neither a transaction is
//! held nor a thread that serves others.

use std::sync::Arc;

use takt_kernel::{Fault, Result};
use takt_playbook_language::Playbook;

use crate::{running, versions};

const LONGEST_NOTE: usize = 200;

/// A text in which nothing is wrong but, perhaps, what only the company knows.
#[derive(Clone)]
pub struct Checked {
    pub(crate) text: String,
    pub(crate) fingerprint: String,
    pub(crate) playbook: Arc<Playbook>,
}

impl Checked {
    /// # Errors
    /// `input.fields` with each problem of the text.
    pub fn of(text: &str) -> Result<Self> {
        let text = plain(text);
        let playbook =
            versions::check(&text).map_err(|problems| Fault::from_fields(versions::as_fields(&problems)))?;
        Ok(Self { fingerprint: running::fingerprint(&text), text, playbook: Arc::new(playbook) })
    }

    /// As [`Self::of`], while others are served.
    ///
    /// # Errors
    /// As [`Self::of`].
    pub async fn apart(text: String) -> Result<Self> {
        apart(move || Self::of(&text)).await?
    }

    pub fn playbook(&self) -> &Arc<Playbook> {
        &self.playbook
    }

    /// It is this text that was read.
    ///
    /// # Errors
    /// `playbook.changed_under_check`.
    pub(crate) fn is_of(&self, text: &str) -> Result<()> {
        if self.text == text { Ok(()) } else { Err(Fault::broken("playbook.changed_under_check")) }
    }
}

/// On a thread that may be busy.
///
/// # Errors
/// `playbook.check_broke`.
pub(crate) async fn apart<T: Send + 'static>(ask: impl FnOnce() -> T + Send + 'static) -> Result<T> {
    tokio::task::spawn_blocking(ask)
        .await
        .map_err(|error| Fault::broken("playbook.check_broke").because(error))
}

/// As it is kept: a browser ends lines in its own way.
pub(crate) fn plain(text: &str) -> String {
    text.replace("\r\n", "\n")
}

/// What its writer says of a text.
///
/// # Errors
/// `playbook.note_too_long`.
pub(crate) fn note(note: &str) -> Result<&str> {
    let note = note.trim();
    if note.chars().count() > LONGEST_NOTE {
        return Err(Fault::invalid("playbook.note_too_long").arg("most", LONGEST_NOTE));
    }
    Ok(note)
}
