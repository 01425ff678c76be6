//! People who order.

use clap::Subcommand;
use serde::{Deserialize, Serialize};

use super::DataOptions;

#[derive(Subcommand, Clone, Debug, Serialize, Deserialize)]
pub enum CustomerVerb {
    /// Erases a person: names, phones, addresses and free texts of all their orders, everywhere. Prints what the law
    /// wants kept, a line each: what, a tab, how many. There is no way back.
    Erase {
        #[command(flatten)]
        data: DataOptions,
        #[arg(long)]
        company: String,
        /// The customer's number: the end of the address of the card.
        #[arg(long)]
        customer: i64,
        /// asked, withdrawn, no_longer_needed, authority
        #[arg(long)]
        reason: String,
        /// E-mail of the person who answers for it.
        #[arg(long)]
        by: String,
    },
}

impl CustomerVerb {
    pub(super) fn data(&self) -> &DataOptions {
        match self {
            Self::Erase { data, .. } => data,
        }
    }
}
