//! Verbs beside a running program. A data folder belongs to one process; when `takt serve` holds it,
//! a verb goes to it over a socket in the folder and runs there, with the file and the standard
//! input that the caller read. What it prints comes back piece by piece.

mod client;
mod server;
mod wire;

pub use server::listen;

use std::process::ExitCode;

use takt_kernel::Fault;

use crate::{
    arguments::Verb,
    place,
    verbs::{self, Input, Output, Words},
    wiring,
};

/// Runs a verb where the data is: here, or in the program that holds the folder.
pub async fn run(verb: Verb) -> ExitCode {
    let words = Words::of_environment();
    // A folder with a typing mistake in its name would become an empty installation.
    if !verb.begins()
        && let Err(fault) = place::expect_data(verb.data())
    {
        return refuse(&words, &fault);
    }
    let prepared =
        Input::of(&verb, &words).and_then(|input| Ok((input, wiring::assemble(wiring::without_mail()?))));
    let (input, wiring) = match prepared {
        Ok(prepared) => prepared,
        Err(fault) => return refuse(&words, &fault),
    };
    let db = match place::open(verb.data(), &wiring, false).await {
        Ok(db) => db,
        Err(fault) if fault.is("store.folder_in_use") => {
            return match client::ask(&verb, &input, words.lang()).await {
                Ok(code) => code,
                Err(fault) => refuse(&words, &fault),
            };
        }
        Err(fault) => return refuse(&words, &fault),
    };
    let output = Output::of_process();
    let code = verbs::run(&verb, &input, &db, &words, &output).await;
    db.close().await;
    ExitCode::from(code)
}

fn refuse(words: &Words, fault: &Fault) -> ExitCode {
    eprintln!("takt: {}", words.fault(fault));
    ExitCode::FAILURE
}
