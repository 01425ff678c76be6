//! Banks: real ones that speak to us, and one that is invented.

use std::{net::SocketAddr, path::PathBuf};

use clap::{Args, Subcommand};
use serde::{Deserialize, Serialize};

use super::DataOptions;

#[derive(Subcommand, Clone, Debug, Serialize, Deserialize)]
pub enum BankChannelVerb {
    /// Connects a bank and prints the channel's number.
    Create {
        #[command(flatten)]
        data: DataOptions,
        #[arg(long)]
        company: String,
        /// push, tochka …
        #[arg(long)]
        kind: String,
        #[arg(long)]
        name: String,
        /// A setting: issuer=NAME, audience=NAME, seal=jws|jwt|cms, door=mutual_tls.
        #[arg(long, value_name = "NAME=VALUE")]
        set: Vec<String>,
        /// SHA-256 of the key in the certificate that the bank shows, hexadecimal; repeated while it changes.
        #[arg(long, value_name = "HEX")]
        peer: Vec<String>,
    },
    /// Prints a company's channels: number, kind, name, when it was last well, what was last wrong.
    List {
        #[command(flatten)]
        data: DataOptions,
        #[arg(long)]
        company: String,
    },
    /// Changes settings by an object of JSON on standard input, and prints them all; what is null there goes.
    Set {
        #[command(flatten)]
        data: DataOptions,
        #[arg(long)]
        company: String,
        #[arg(long)]
        channel: i64,
    },
    /// Adds the bank's new public key, read from standard input: PEM of a key or a certificate, or a JWK. The
    /// key before it goes on for a while.
    Rotate {
        #[command(flatten)]
        data: DataOptions,
        #[arg(long)]
        company: String,
        #[arg(long)]
        channel: i64,
        /// The bank's name for it.
        #[arg(long)]
        kid: Option<String>,
        /// RS256, PS256, ES256, EdDSA; the usual one for such a key by default.
        #[arg(long)]
        algorithm: Option<String>,
        /// How many hours the keys before it go on.
        #[arg(long, default_value_t = 24)]
        overlap: u32,
    },
    /// From now on nothing that this key signed counts.
    Revoke {
        #[command(flatten)]
        data: DataOptions,
        #[arg(long)]
        company: String,
        #[arg(long)]
        channel: i64,
        #[arg(long)]
        kid: String,
    },
    /// From now on nothing that this bank says counts.
    Pause {
        #[command(flatten)]
        data: DataOptions,
        #[arg(long)]
        company: String,
        #[arg(long)]
        channel: i64,
    },
    /// It counts again.
    Resume {
        #[command(flatten)]
        data: DataOptions,
        #[arg(long)]
        company: String,
        #[arg(long)]
        channel: i64,
    },
    /// Keeps what we sign in with at the bank, read from standard input.
    Secret {
        #[command(flatten)]
        data: DataOptions,
        #[arg(long)]
        company: String,
        #[arg(long)]
        channel: i64,
        #[arg(long)]
        name: String,
    },
}

#[derive(Subcommand, Clone, Debug)]
pub enum Simulate {
    /// A bank with an authority of its own that books and tells what it is told to, honestly or not.
    Bank(BankOptions),
}

#[derive(Args, Clone, Debug)]
pub struct BankOptions {
    /// Its certificates and keys; made when they are not there.
    #[arg(long)]
    pub folder: PathBuf,
    /// Where it is told what to book.
    #[arg(long, default_value = "127.0.0.1:8090")]
    pub listen: SocketAddr,
    /// Where it is asked for statements, over mutual TLS.
    #[arg(long, default_value = "127.0.0.1:8091")]
    pub asked: SocketAddr,
    /// Takt's door for banks (--bank-listen).
    #[arg(long)]
    pub push_to: Option<SocketAddr>,
    /// Who issued the certificate that Takt shows there, a PEM file; the bank's own authority by default.
    #[arg(long, value_name = "FILE")]
    pub trust: Option<PathBuf>,
    /// Takt's ordinary door, plain http.
    #[arg(long)]
    pub public_to: Option<SocketAddr>,
}
