use std::io::{IsTerminal, Read};

use takt_kernel::{Fault, Result};

use super::{Words, lacking};
use crate::arguments::{
    BankChannelVerb, ConnectionVerb, ImportVerb, PlaybookVerb, UserVerb, Verb, WatchVerb,
};

const LARGEST_INPUT: u64 = 65 << 20;

/// What a verb reads besides its arguments: the file it names, or standard input.
pub struct Input(Vec<u8>);

impl Input {
    /// Reads what this verb needs, where it was typed.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn of(verb: &Verb, words: &Words) -> Result<Self> {
        match verb {
            Verb::Import(ImportVerb::Bank { file, .. } | ImportVerb::Orders { file, .. })
            | Verb::Playbook(
                PlaybookVerb::Publish { file, .. }
                | PlaybookVerb::DryRun { file, .. }
                | PlaybookVerb::Backtest { file, .. },
            ) => {
                let unreadable = |error: std::io::Error| {
                    Fault::invalid("takt.file_unreadable").arg("file", file.display()).because(error)
                };
                let opened = std::fs::File::open(file).map_err(unreadable)?;
                let bytes = read(opened).map_err(unreadable)?;
                // What lies behind the limit must not be passed over in silence.
                if bytes.len() as u64 >= LARGEST_INPUT {
                    return Err(Fault::invalid("takt.input_too_large"));
                }
                Ok(Self(bytes))
            }
            Verb::Watch(WatchVerb::Bank { folder, .. }) => {
                std::fs::read_dir(folder).map_err(|error| {
                    Fault::invalid("takt.file_unreadable").arg("file", folder.display()).because(error)
                })?;
                Ok(Self(Vec::new()))
            }
            Verb::User(UserVerb::Create { invite: false, .. } | UserVerb::Password { .. }) => {
                let missing = |error: std::io::Error| lacking("takt.password_missing").because(error);
                if std::io::stdin().is_terminal() {
                    let prompt = words.say("takt-password", &[]);
                    return Ok(Self(rpassword::prompt_password(prompt).map_err(missing)?.into_bytes()));
                }
                read(std::io::stdin()).map_err(missing).map(Self)
            }
            Verb::Connection(verb) if needs_secret(verb) => {
                let missing = |error: std::io::Error| lacking("takt.secret_missing").because(error);
                if std::io::stdin().is_terminal() {
                    let prompt = words.say("takt-secret", &[]);
                    return Ok(Self(rpassword::prompt_password(prompt).map_err(missing)?.into_bytes()));
                }
                read(std::io::stdin()).map_err(missing).map(Self)
            }
            Verb::Connection(ConnectionVerb::Set { .. }) => read(std::io::stdin())
                .map_err(|error| lacking("takt.settings_malformed").because(error))
                .map(Self),
            Verb::BankChannel(
                BankChannelVerb::Set { .. } | BankChannelVerb::Rotate { .. } | BankChannelVerb::Secret { .. },
            ) => read(std::io::stdin())
                .map_err(|error| lacking("takt.secret_missing").because(error))
                .map(Self),
            Verb::Company(_)
            | Verb::BankChannel(_)
            | Verb::Shop(_)
            | Verb::User(UserVerb::Create { .. })
            | Verb::Account(_)
            | Verb::Books(_)
            | Verb::Connection(_)
            | Verb::Customer(_)
            | Verb::Playbook(_)
            | Verb::Token(_)
            | Verb::Work(_)
            | Verb::Secrets(_)
            | Verb::Store(_) => Ok(Self(Vec::new())),
        }
    }

    pub fn given(bytes: Vec<u8>) -> Self {
        Self(bytes)
    }

    pub fn bytes(&self) -> &[u8] {
        &self.0
    }

    /// A password: the first line without its end.
    ///
    /// # Errors
    /// `takt.password_missing`.
    pub fn first_line(&self) -> Result<String> {
        self.line("takt.password_missing")
    }

    /// Another secret.
    ///
    /// # Errors
    /// `takt.secret_missing`.
    pub fn secret(&self) -> Result<String> {
        self.line("takt.secret_missing")
    }

    fn line(&self, missing: &'static str) -> Result<String> {
        let text = std::str::from_utf8(&self.0).map_err(|error| lacking(missing).because(error))?;
        let line = text.lines().next().unwrap_or_default();
        if line.is_empty() { Err(lacking(missing)) } else { Ok(line.to_owned()) }
    }
}

/// Secrets that are made elsewhere.
pub(super) fn needs_secret(verb: &ConnectionVerb) -> bool {
    match verb {
        ConnectionVerb::Create { kind, .. } => kind == takt_shopify::KIND,
        ConnectionVerb::Secret { .. } => true,
        ConnectionVerb::List { .. } | ConnectionVerb::Set { .. } => false,
    }
}

fn read(from: impl Read) -> std::io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    from.take(LARGEST_INPUT).read_to_end(&mut bytes)?;
    Ok(bytes)
}
