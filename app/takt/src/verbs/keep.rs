use std::process::ExitCode;

use takt_kernel::Fault;

use super::{Output, Words, backup, doctor, restore, verify};
use crate::arguments::Keep;

/// Runs a verb that never goes through a running program: it works beside it.
pub async fn keep(keep: Keep) -> ExitCode {
    crate::logging::start_quietly();
    let words = Words::of_environment();
    let output = Output::of_process();
    match keep {
        Keep::Backup(options) => ended(&words, backup::backup(options, &words, &output).await.map(|()| true)),
        Keep::Restore(options) => {
            ended(&words, restore::restore(options, &words, &output).await.map(|()| true))
        }
        Keep::Verify(options) => ended(&words, verify::verify(options, &words, &output).await),
        Keep::Doctor(options) => doctor::doctor(options, words, &output).await,
    }
}

fn ended(words: &Words, ended: Result<bool, Fault>) -> ExitCode {
    match ended {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(fault) => {
            tracing::debug!(error = ?fault, "refused");
            eprintln!("takt: {}", words.fault(&fault));
            ExitCode::FAILURE
        }
    }
}
