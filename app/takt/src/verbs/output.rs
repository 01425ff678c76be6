use std::io::{IsTerminal, Write};

use tokio::sync::mpsc;

/// A piece of what a verb says.
pub enum Piece {
    Out(String),
    Error(String),
}

/// Where a verb's words go: this process, or the socket of whoever asked.
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
            Self::Process if std::io::stderr().is_terminal() => {
                let _ = std::io::stderr().write_all(format!("\r{text}\u{1b}[K").as_bytes());
            }
            Self::Process | Self::Channel(_) => {}
        }
    }
}
