//! `takt simulate …`: invented partners as programs of their own.

use std::{io::Write, sync::Arc};

use takt_bank_simulator::{
    asked::serve as serve_asked,
    keys::BankKeys,
    server::{Bank, instructions, serve},
    wire::{Identity, Target},
};
use takt_kernel::{Entropy as _, Fault, Result, SystemClock, SystemEntropy};

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
    // Ids of lines are for ever: a simulator that is started again must not give those of the one before.
    let mut unique = [0; 4];
    SystemEntropy.fill(&mut unique)?;
    let name = format!("sim{:08x}", u32::from_le_bytes(unique));
    let bank = Bank::new(keys, &name, mutual, public, Arc::new(SystemClock), Arc::new(SystemEntropy));
    let stop = stop_signal()?;
    let asked = listener(options.asked).await?;
    let asked_at = asked.local_addr().map_err(|error| Fault::broken("web.not_listening").because(error))?;
    let listener = listener(options.listen).await?;
    let address = listener.local_addr().map_err(|error| Fault::broken("web.not_listening").because(error))?;
    let mut out = std::io::stdout().lock();
    // Nobody who reads is no reason to stop.
    let _ =
        write!(out, "{}asked at {asked_at}\nlistening on {address}\n", instructions(&bank, &options.folder));
    let _ = out.flush();
    drop(out);
    let answering = tokio::spawn(serve_asked(bank.clone(), asked, std::future::pending()));
    let ended = serve(bank, listener, stop).await;
    answering.abort();
    ended
}
