use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};

use crate::{engine::Engine, scale::parse_size};

/// Measures Takt against what the machine allows.
#[derive(Parser, Debug)]
#[command(name = "takt-bench")]
pub struct Arguments {
    #[command(subcommand)]
    pub command: Command,
}

#[derive(Subcommand, Debug)]
pub enum Command {
    /// Measures, prints the table, writes results and the page.
    Run(RunOptions),
    /// Fills a database with orders and keeps it.
    Seed(SeedOptions),
    /// A load: its plan on standard input, what happened on standard output.
    #[command(hide = true)]
    Load,
    /// A server with a fixed answer.
    #[command(hide = true)]
    Answer,
    /// Orders written by the driver alone.
    #[command(hide = true)]
    Write { folder: PathBuf, clients: usize, seconds: f64 },
}

#[derive(Args, Clone, Debug)]
pub struct Common {
    /// The program to be measured.
    #[arg(long, default_value = "target/release/takt")]
    pub takt: PathBuf,
    /// Where filled databases are kept; by default in $XDG_CACHE_HOME/takt-bench.
    #[arg(long)]
    pub cache: Option<PathBuf>,
    #[arg(long, value_enum)]
    pub engine: Option<Engine>,
}

#[derive(Args, Clone, Debug)]
pub struct RunOptions {
    #[command(flatten)]
    pub common: Common,
    /// Only these subjects.
    #[arg(long, value_enum, value_delimiter = ',')]
    pub only: Vec<Subject>,
    #[arg(long)]
    pub rounds: Option<usize>,
    /// Seconds of each round.
    #[arg(long)]
    pub seconds: Option<f64>,
    /// Orders in the databases for lists: 1e5,1e6.
    #[arg(long, value_delimiter = ',', value_parser = parse_size)]
    pub sizes: Vec<u64>,
    /// Less of everything.
    #[arg(long)]
    pub quick: bool,
    /// A million payments of each numbering for `match`; twenty minutes.
    #[arg(long)]
    pub long: bool,
    /// Hardly anything, for a test that everything still runs.
    #[arg(long, hide = true, conflicts_with = "quick")]
    pub tiny: bool,
    /// Print the table and write nothing.
    #[arg(long)]
    pub dry: bool,
    /// Results are written there.
    #[arg(long, default_value = "bench/results")]
    pub results: PathBuf,
    #[arg(long, default_value = "docs/performance.md")]
    pub page: PathBuf,
}

#[derive(Args, Clone, Debug)]
pub struct SeedOptions {
    #[command(flatten)]
    pub common: Common,
    /// How many orders: 1e6.
    #[arg(value_parser = parse_size)]
    pub orders: u64,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, ValueEnum)]
pub enum Subject {
    /// Orders over HTTP at 1, 8 and 64 clients.
    Intake,
    /// A shop's order in eight requests.
    Flow,
    /// HTTP with nothing behind it.
    Http,
    /// Intake with every sync 2 ms longer.
    Slow,
    /// Pages of the order list at each size.
    Lists,
    /// The page of one order.
    Card,
    /// A bank's file against open invoices.
    Bank,
    /// Which invoice a line pays: speed, and truth on seeds that nothing was tuned on.
    Match,
    /// A bank's file read into a report, on one core.
    Statement,
    /// From the answer to a shop to somebody's screen.
    Screen,
    /// Five hundred screens that somebody looks at.
    Watched,
    /// From a bank's signed word to somebody's screen.
    Push,
    /// From exec to the first answer.
    Start,
    /// Idle, after work; the one file.
    Memory,
    /// `takt import orders`.
    Import,
    /// A shop's catalogue.
    Feed,
    /// A shop's module.
    Module,
    /// Connected shops, one of them hung.
    Shops,
    /// The rules of a playbook, decided.
    Rules,
    /// A month of orders, asked again.
    Past,
    /// A million armed timers.
    Timers,
    /// The promise clock of an order.
    Clock,
}

impl Subject {
    pub fn code(self) -> String {
        self.to_possible_value().map_or_else(String::new, |value| value.get_name().to_owned())
    }

    pub fn all() -> Vec<Self> {
        Self::value_variants().to_vec()
    }
}

/// Where filled databases are kept. PostgreSQL's account must reach it, so root's home will not do.
pub fn default_cache(is_root: bool) -> PathBuf {
    let named = std::env::var_os("XDG_CACHE_HOME").map(PathBuf::from);
    let home = || std::env::var_os("HOME").map(|home| PathBuf::from(home).join(".cache"));
    let root = is_root.then(|| PathBuf::from("/var/cache"));
    named.or(root).or_else(home).unwrap_or_else(std::env::temp_dir).join("takt-bench")
}
