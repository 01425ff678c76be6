//! `takt simulate …`: invented partners as programs of their own.

use std::{io::Write, sync::Arc};

use takt_bank_simulator::{
    keys::BankKeys,
    server::{Bank, instructions, serve},
    wire::{Identity, Target},
};
use takt_kernel::{Fault, Result, SystemClock, SystemEntropy};

use crate::{arguments::BankOptions, entrances::listener, serve::stop_signal};

/// # Errors
/// When its folder or an address is no good.
pub async fn bank(options: BankOptions) -> Result<()> {
    let folder = options.folder.clone();
    let keys = tokio::task::spawn_blocking(move || BankKeys::open(&folder, &SystemEntropy))
        .await
        .map_err(|error| Fault::broken("bank_simulator.keys_unusable").because(error))??;
    let authority = match &options.trust {
        None => keys.authority.clone(),
        Some(file) => std::fs::read_to_string(file).map_err(|error| {
            Fault::invalid("bank_simulator.folder_unusable").arg("folder", file.display()).because(error)
        })?,
    };
    let shown = Identity { certificate: &keys.client, key: &keys.client_key };
    let mutual = options.push_to.map(|address| Target::tls(address, &authority, Some(shown))).transpose()?;
    let public = options.public_to.map(Target::plain);
    let name = format!("sim{}", std::process::id());
    let bank = Bank::new(keys, &name, mutual, public, Arc::new(SystemClock), Arc::new(SystemEntropy));
    let stop = stop_signal()?;
    let listener = listener(options.listen).await?;
    let address = listener.local_addr().map_err(|error| Fault::broken("web.not_listening").because(error))?;
    let mut out = std::io::stdout().lock();
    // Nobody who reads is no reason to stop.
    let _ = writeln!(out, "{}listening on {address}", instructions(&bank, &options.folder));
    let _ = out.flush();
    drop(out);
    serve(bank, listener, stop).await
}
