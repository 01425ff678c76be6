use std::io::{IsTerminal, Write};

use tokio::sync::mpsc;

/// A piece of what a verb says.
pub enum Piece {
    Out(String),
    Error(String),
    /// How far it is; a later one overwrites it.
    Progress(String),
    /// Likewise, but worth a line of its own in a log.
    Milestone(String),
}

/// Where a verb's words go: this process, or the socket of whoever asked.
#[derive(Clone)]
pub enum Output {
    Process,
    Channel(mpsc::Sender<Piece>),
}

impl Output {
    pub fn of_process() -> Self {
        Self::Process
    }
    pub fn into_channel(channel: mpsc::Sender<Piece>) -> Self {
        Self::Channel(channel)
    }

    /// To standard output. Whoever closed it does not want to hear more; the verb goes on.
    pub async fn out(&self, text: String) {
        match self {
            Self::Process => {
                let _ = std::io::stdout().write_all(text.as_bytes());
            }
            Self::Channel(channel) => {
                let _ = channel.send(Piece::Out(text)).await;
            }
        }
    }

    /// To standard error.
    pub async fn error(&self, text: String) {
        match self {
            Self::Process => {
                let _ = std::io::stderr().write_all(text.as_bytes());
            }
            Self::Channel(channel) => {
                let _ = channel.send(Piece::Error(text)).await;
            }
        }
    }

    /// How far long work is; only where a person looks at it.
    pub fn progress(&self, text: &str) {
        match self {
            Self::Process => show_progress(text),
            // A reader who is behind will see the next one.
            Self::Channel(channel) => {
                let _ = channel.try_send(Piece::Progress(text.to_owned()));
            }
        }
    }

    /// As [`Output::progress`], and a line where nobody looks.
    pub fn milestone(&self, text: &str) {
        match self {
            Self::Process => show_milestone(text),
            Self::Channel(channel) => {
                let _ = channel.try_send(Piece::Milestone(text.to_owned()));
            }
        }
    }

    /// Whoever asked has gone away.
    pub fn is_unheard(&self) -> bool {
        match self {
            Self::Process => false,
            Self::Channel(channel) => channel.is_closed(),
        }
    }
}

/// Overwrites the line on which a person watches.
pub fn show_progress(text: &str) {
    if std::io::stderr().is_terminal() {
        let _ = std::io::stderr().write_all(format!("\r{text}\u{1b}[K").as_bytes());
    }
}

pub fn show_milestone(text: &str) {
    if std::io::stderr().is_terminal() {
        show_progress(text);
    } else {
        let _ = std::io::stderr().write_all(format!("{text}\n").as_bytes());
    }
}
