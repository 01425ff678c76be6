//! What can be asked for on the command line.

mod banks;
mod customers;
mod keep;
mod playbook;
mod serve;
mod work;

pub use banks::{BankChannelVerb, BankOptions, Simulate};
pub use customers::CustomerVerb;
pub use keep::{BackupOptions, BackupPlan, DoctorOptions, Keep, RestoreOptions, VerifyOptions};
pub use playbook::{PlaybookCommand, PlaybookVerb};
pub use serve::{BankDoor, LogFormat, ServeOptions, TlsOptions};
pub use work::WorkVerb;

use std::{net::SocketAddr, path::PathBuf};

use clap::{
    Args, Parser, Subcommand,
    builder::{PathBufValueParser, TypedValueParser},
};
use serde::{Deserialize, Serialize};

/// The order desk of online stores.
#[derive(Parser, Debug)]
#[command(name = "takt", version, about, disable_help_subcommand = false)]
pub struct Arguments {
    #[command(subcommand)]
    pub command: Command,
}

#[derive(Subcommand, Debug)]
pub enum Command {
    /// Runs the order desk: pages, API and all that happens by itself.
    Serve(ServeOptions),
    /// Shows an invented company at work: orders, money, parcels, on a fresh embedded database.
    Demo(DemoOptions),
    /// Invented partners as programs of their own, for trying out.
    #[command(subcommand)]
    Simulate(Simulate),
    /// By what the desk works.
    #[command(subcommand)]
    Playbook(PlaybookCommand),
    #[command(flatten)]
    Keep(Keep),
    #[command(flatten)]
    Verb(Verb),
}

/// Where the data is.
#[derive(Args, Clone, Debug, Serialize, Deserialize)]
pub struct DataOptions {
    /// Folder of the embedded database and its files.
    #[arg(long, env = "TAKT_DATA", default_value = "takt-data")]
    pub data: PathBuf,
    /// PostgreSQL instead of the embedded database: postgres://…
    #[arg(long, env = "TAKT_DATABASE", hide_env_values = true)]
    #[serde(skip)]
    pub database: Option<String>,
}

#[derive(Args, Clone, Debug)]
pub struct DemoOptions {
    /// Folder for the demo's database; it must be empty or not exist. A temporary one by default.
    #[arg(long)]
    pub data: Option<PathBuf>,
    #[arg(long, default_value = "127.0.0.1:8080")]
    pub listen: SocketAddr,
    /// How many orders come per minute.
    #[arg(long, default_value_t = 12.0, value_parser = speed)]
    pub speed: f64,
}

fn speed(text: &str) -> Result<f64, String> {
    match text.parse() {
        Ok(speed) if (0.1..=600.0).contains(&speed) => Ok(speed),
        _ => Err("orders per minute, from 0.1 to 600".to_owned()),
    }
}

/// Short commands. They can also be sent to the running program, so they are plain data.
#[derive(Subcommand, Clone, Debug, Serialize, Deserialize)]
pub enum Verb {
    /// Companies.
    #[command(subcommand)]
    Company(CompanyVerb),
    /// Shops of a company.
    #[command(subcommand)]
    Shop(ShopVerb),
    /// People.
    #[command(subcommand)]
    User(UserVerb),
    /// Bank accounts of a company.
    #[command(subcommand)]
    Account(AccountVerb),
    /// The books of a company.
    #[command(subcommand)]
    Books(BooksVerb),
    /// Ways by which banks themselves speak to us.
    #[command(subcommand)]
    BankChannel(BankChannelVerb),
    /// Shops' own systems.
    #[command(subcommand)]
    Connection(ConnectionVerb),
    /// People who order.
    #[command(subcommand)]
    Customer(CustomerVerb),
    /// [`Command::Playbook`] holds it among what needs no data.
    #[command(skip)]
    Playbook(PlaybookVerb),
    /// API tokens of shops.
    #[command(subcommand)]
    Token(TokenVerb),
    /// Takes files in.
    #[command(subcommand)]
    Import(ImportVerb),
    /// What the program does by itself, and could not.
    #[command(subcommand)]
    Work(WorkVerb),
    /// The key under which secrets are sealed.
    #[command(subcommand)]
    Secrets(SecretsVerb),
    /// The database itself.
    #[command(subcommand)]
    Store(StoreVerb),
    /// Takes in what appears in a folder.
    #[command(subcommand)]
    Watch(WatchVerb),
}

#[derive(Subcommand, Clone, Debug, Serialize, Deserialize)]
pub enum CompanyVerb {
    /// Opens a company and prints its id.
    Create {
        #[command(flatten)]
        data: DataOptions,
        #[arg(long)]
        name: String,
        /// ISO 4217: RUB, EUR …
        #[arg(long, default_value = "RUB")]
        currency: String,
        #[arg(long, default_value = "Europe/Moscow")]
        timezone: String,
        /// Language of its people at first: ru or en.
        #[arg(long, default_value = "ru")]
        language: String,
        /// It processes orders of other companies and has none of its own.
        #[arg(long)]
        desk: bool,
    },
}

#[derive(Subcommand, Clone, Debug, Serialize, Deserialize)]
pub enum BooksVerb {
    /// Makes all balances of a company anew from its journal.
    Rebuild {
        #[command(flatten)]
        data: DataOptions,
        /// Id or name.
        #[arg(long)]
        company: String,
    },
}

#[derive(Subcommand, Clone, Debug, Serialize, Deserialize)]
pub enum ShopVerb {
    /// Opens a shop and prints its id.
    Create {
        #[command(flatten)]
        data: DataOptions,
        /// Id or name.
        #[arg(long)]
        company: String,
        #[arg(long)]
        name: String,
        /// When it is another than the company's.
        #[arg(long)]
        currency: Option<String>,
    },
}

#[derive(Subcommand, Clone, Debug, Serialize, Deserialize)]
pub enum UserVerb {
    /// Gives a person a place and prints their id. The password comes on standard input.
    Create {
        #[command(flatten)]
        data: DataOptions,
        #[arg(long)]
        company: String,
        #[arg(long)]
        email: String,
        /// owner, manager, operator, warehouse, accountant, auditor; several with commas.
        #[arg(long)]
        role: String,
        #[arg(long)]
        name: Option<String>,
        /// Print the secret of an invitation link (/invite/SECRET) instead of asking for a password.
        #[arg(long)]
        invite: bool,
    },
    /// Sets a new password, given on standard input; all sessions end.
    Password {
        #[command(flatten)]
        data: DataOptions,
        #[arg(long)]
        email: String,
    },
}

#[derive(Subcommand, Clone, Debug, Serialize, Deserialize)]
pub enum AccountVerb {
    /// Adds a bank account and prints its id.
    Create {
        #[command(flatten)]
        data: DataOptions,
        #[arg(long)]
        company: String,
        /// 20 digits or an IBAN.
        #[arg(long)]
        bank_account: String,
        #[arg(long)]
        bic: String,
        /// When it is another than the company's.
        #[arg(long)]
        currency: Option<String>,
        #[arg(long)]
        bank: Option<String>,
        #[arg(long)]
        holder: Option<String>,
        /// Taxpayer number of the holder.
        #[arg(long)]
        inn: Option<String>,
    },
}

#[derive(Subcommand, Clone, Debug, Serialize, Deserialize)]
pub enum ConnectionVerb {
    /// Connects a shop's system and prints what it is to be given, this once: its key, or the secret it signs
    /// its messages with. Of shopify the app's client secret is read from standard input, and the connection's
    /// number printed.
    Create {
        #[command(flatten)]
        data: DataOptions,
        #[arg(long)]
        company: String,
        #[arg(long)]
        shop: String,
        /// retailcrm, woocommerce, shopify
        #[arg(long)]
        kind: String,
        /// What people see it by; the shop's name by default.
        #[arg(long, default_value = "")]
        name: String,
    },
    /// Prints a company's connections: number, kind, shop, name.
    List {
        #[command(flatten)]
        data: DataOptions,
        #[arg(long)]
        company: String,
    },
    /// Keeps a secret of a connection, read from standard input: a key to the shop, or what it signs with.
    Secret {
        #[command(flatten)]
        data: DataOptions,
        #[arg(long)]
        company: String,
        /// Its number.
        #[arg(long)]
        connection: i64,
        /// webhook, consumer_key, consumer_secret, access_token
        #[arg(long)]
        name: String,
    },
    /// Changes settings of a connection by an object of JSON on standard input, and prints them all; what is null
    /// there goes.
    Set {
        #[command(flatten)]
        data: DataOptions,
        #[arg(long)]
        company: String,
        /// Its number.
        #[arg(long)]
        connection: i64,
    },
}

#[derive(Subcommand, Clone, Debug, Serialize, Deserialize)]
pub enum TokenVerb {
    /// Issues a token for a shop's program and prints it, this once.
    Create {
        #[command(flatten)]
        data: DataOptions,
        #[arg(long)]
        company: String,
        #[arg(long)]
        shop: String,
        /// orders:write, orders:read …, with commas or repeated.
        #[arg(long, required = true, value_delimiter = ',')]
        scope: Vec<String>,
        /// What people see it by.
        #[arg(long, default_value = "command line")]
        name: String,
    },
}

#[derive(Subcommand, Clone, Debug, Serialize, Deserialize)]
pub enum ImportVerb {
    /// Reads a bank's file for which somebody vouches: a line per document, then a summary.
    Bank {
        #[command(flatten)]
        data: DataOptions,
        file: PathBuf,
        #[arg(long)]
        company: String,
        /// E-mail of the accountant who vouches for the file.
        #[arg(long)]
        by: String,
    },
    /// Takes orders of a shop in: one JSON object per line, as POST /api/v1/orders takes it.
    Orders {
        #[command(flatten)]
        data: DataOptions,
        file: PathBuf,
        #[arg(long)]
        company: String,
        #[arg(long)]
        shop: String,
    },
}

#[derive(Subcommand, Clone, Debug, Serialize, Deserialize)]
pub enum SecretsVerb {
    /// Makes a new key, seals every secret under it, forgets the old one, and prints the new one's name. Where keys
    /// are given by TAKT_SECRET_KEY, the first of them is the new one.
    Rotate {
        #[command(flatten)]
        data: DataOptions,
    },
}

#[derive(Subcommand, Clone, Debug, Serialize, Deserialize)]
pub enum StoreVerb {
    /// Moves a living shop from its data folder to an empty PostgreSQL database, and compares every row.
    Copy {
        #[command(flatten)]
        data: DataOptions,
        /// An empty database: postgres://…
        #[arg(long, env = "TAKT_COPY_TO", hide_env_values = true)]
        to: String,
        /// Only say what it would take.
        #[arg(long)]
        dry_run: bool,
    },
}

#[derive(Subcommand, Clone, Debug, Serialize, Deserialize)]
pub enum WatchVerb {
    /// Binds a folder of this machine into which a bank's client program drops files.
    Bank {
        #[command(flatten)]
        data: DataOptions,
        #[arg(value_parser = PathBufValueParser::new().try_map(std::path::absolute))]
        folder: PathBuf,
        #[arg(long)]
        company: String,
        /// E-mail of the accountant who vouches for all that appears there.
        #[arg(long)]
        by: String,
    },
}

impl Verb {
    /// Whether it may be the first word ever said about these data.
    pub fn begins(&self) -> bool {
        matches!(self, Self::Company(CompanyVerb::Create { .. }))
    }

    pub fn data(&self) -> &DataOptions {
        match self {
            Self::Company(CompanyVerb::Create { data, .. })
            | Self::Shop(ShopVerb::Create { data, .. })
            | Self::User(UserVerb::Create { data, .. } | UserVerb::Password { data, .. })
            | Self::Account(AccountVerb::Create { data, .. })
            | Self::Books(BooksVerb::Rebuild { data, .. })
            | Self::BankChannel(
                BankChannelVerb::Create { data, .. }
                | BankChannelVerb::List { data, .. }
                | BankChannelVerb::Set { data, .. }
                | BankChannelVerb::Rotate { data, .. }
                | BankChannelVerb::Revoke { data, .. }
                | BankChannelVerb::Pause { data, .. }
                | BankChannelVerb::Resume { data, .. }
                | BankChannelVerb::Secret { data, .. },
            )
            | Self::Connection(
                ConnectionVerb::Create { data, .. }
                | ConnectionVerb::List { data, .. }
                | ConnectionVerb::Secret { data, .. }
                | ConnectionVerb::Set { data, .. },
            )
            | Self::Token(TokenVerb::Create { data, .. })
            | Self::Import(ImportVerb::Bank { data, .. } | ImportVerb::Orders { data, .. })
            | Self::Store(StoreVerb::Copy { data, .. })
            | Self::Secrets(SecretsVerb::Rotate { data })
            | Self::Watch(WatchVerb::Bank { data, .. }) => data,
            Self::Customer(verb) => verb.data(),
            Self::Playbook(verb) => verb.data(),
            Self::Work(verb) => verb.data(),
        }
    }
}
