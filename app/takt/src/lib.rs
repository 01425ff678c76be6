//! The one binary. `wiring` is the list of features; `arguments` what can be asked for on the command
//! line; `serve` the program itself; `verbs` the short commands, which run here on a free data
//! folder, or inside the `takt serve` that holds it (`beside`).

pub mod arguments;
mod beside;
mod demo;
mod entrances;
mod logging;
mod place;
pub mod serve;
mod simulate;
mod verbs;
mod waiting;
pub mod wiring;

pub use verbs::backup;

use std::process::ExitCode;

use arguments::{Arguments, Command, PlaybookCommand, Simulate, Verb};
use clap::Parser;

/// For threads that still work when everything else has ended.
const FAREWELL: std::time::Duration = std::time::Duration::from_secs(5);

/// The program, from its arguments to its exit code.
pub fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let runtime = match tokio::runtime::Builder::new_multi_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => {
            eprintln!("takt: {error}");
            return ExitCode::FAILURE;
        }
    };
    let ended = runtime.block_on(run(arguments));
    // A thread that hangs on somebody's file system must not keep the whole program from ending.
    runtime.shutdown_timeout(FAREWELL);
    ended
}

async fn run(arguments: Arguments) -> ExitCode {
    match arguments.command {
        Command::Serve(options) => {
            logging::start(options.log_format);
            ended(serve::serve(options).await)
        }
        Command::Demo(options) => {
            logging::start_quietly();
            ended(demo::demo(options).await)
        }
        Command::Simulate(Simulate::Bank(options)) => {
            logging::start_quietly();
            ended(simulate::bank(options).await)
        }
        Command::Keep(keep) => verbs::keep(keep).await,
        Command::Playbook(PlaybookCommand::Check { file }) => check_playbook(&file),
        Command::Playbook(PlaybookCommand::Verb(verb)) => beside::run(Verb::Playbook(verb)).await,
        Command::Verb(verb) => beside::run(verb).await,
    }
}

fn check_playbook(file: &std::path::Path) -> ExitCode {
    match verbs::playbook::check(file) {
        Ok(rules) => {
            println!("{rules}");
            ExitCode::SUCCESS
        }
        Err(fault) => {
            eprintln!("takt: {}", verbs::Words::of_environment().fault(&fault));
            ExitCode::FAILURE
        }
    }
}

/// The last word of a program that runs until it is told to stop.
fn ended(result: takt_kernel::Result<()>) -> ExitCode {
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(fault) => {
            tracing::error!(error = ?fault, "stopped");
            let words = verbs::Words::of_environment();
            eprintln!("takt: {}", words.fault(&fault));
            ExitCode::FAILURE
        }
    }
}
