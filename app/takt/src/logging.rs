use std::io::{IsTerminal, stderr};

use tracing_subscriber::EnvFilter;

use crate::arguments::LogFormat;

/// To standard error; `RUST_LOG` narrows or widens it. A log that cannot be written, because its disk is
/// full or nobody reads it, is no reason for anything to fail.
pub fn start(format: LogFormat) {
    let filter = filter("info");
    match format {
        LogFormat::Text => {
            tracing_subscriber::fmt()
                .with_ansi(stderr().is_terminal())
                .with_env_filter(filter)
                .with_writer(stderr)
                .log_internal_errors(false)
                .init();
        }
        LogFormat::Json => {
            tracing_subscriber::fmt()
                .json()
                .with_span_list(false)
                .with_env_filter(filter)
                .with_writer(stderr)
                .log_internal_errors(false)
                .init();
        }
    }
}

/// Only what a person in front of it should see.
pub fn start_quietly() {
    tracing_subscriber::fmt()
        .with_ansi(stderr().is_terminal())
        .with_env_filter(filter("warn"))
        .with_writer(stderr)
        .log_internal_errors(false)
        .init();
}

fn filter(default: &str) -> EnvFilter {
    EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new(default))
}
