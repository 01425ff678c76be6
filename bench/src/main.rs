//! Measures Takt. `measure` has a file per subject, `ceiling` what each is compared with, `seed` fills
//! large databases, `report` makes the table; `load` and the ceilings run in processes of their own,
//! which are this program with other arguments.

mod arguments;
mod ceiling;
mod cluster;
mod desk;
mod engine;
mod figures;
mod http;
mod lag;
mod load;
mod machine;
mod measure;
mod orders;
mod process;
mod report;
mod run;
mod scale;
mod seed;
mod server;
mod stage;
mod targets;

use std::{io::Read, process::ExitCode};

use anyhow::Result;
use arguments::{Arguments, Command};
use clap::Parser;

fn main() -> ExitCode {
    match started(Arguments::parse().command) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("takt-bench: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn started(command: Command) -> Result<()> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    match command {
        Command::Run(options) => runtime.block_on(run::run(&options)),
        Command::Seed(options) => runtime.block_on(run::seed(&options)),
        Command::Load => {
            let mut plan = String::new();
            std::io::stdin().read_to_string(&mut plan)?;
            let outcome = runtime.block_on(load::carry_out(serde_json::from_str(&plan)?))?;
            println!("{}", serde_json::to_string(&outcome)?);
            Ok(())
        }
        Command::Answer => tokio::runtime::Runtime::new()?.block_on(ceiling::http::answer()),
        Command::Write { folder, clients, seconds } => {
            let round = runtime.block_on(ceiling::sqlite::orders(&folder, clients, seconds))?;
            println!("{}", serde_json::to_string(&round)?);
            Ok(())
        }
    }
}
