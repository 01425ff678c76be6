use std::{io::Write, process::ExitCode};

use takt_kernel::{Fault, Result};
use takt_ui::Lang;
use tokio::net::UnixStream;

use super::wire::{self, Request};
use crate::{
    arguments::Verb,
    place::SOCKET,
    verbs::{Input, show_milestone, show_progress},
};

/// Sends the verb to the program that holds the folder and shows what it says.
pub async fn ask(verb: &Verb, input: &Input, lang: Lang) -> Result<ExitCode> {
    let socket = verb.data().data.join(SOCKET);
    let mut stream = UnixStream::connect(&socket).await.map_err(|error| {
        Fault::unavailable("takt.holder_silent").arg("folder", verb.data().data.display()).because(error)
    })?;
    let request = Request { verb: verb.clone(), lang: lang.code().to_owned() };
    let request =
        serde_json::to_vec(&request).map_err(|error| Fault::broken("takt.unwritable").because(error))?;
    wire::send(&mut stream, wire::REQUEST, &request).await?;
    wire::send(&mut stream, wire::INPUT, input.bytes()).await?;
    loop {
        let (kind, bytes) = wire::receive(&mut stream).await?;
        let shown = match kind {
            wire::OUT => std::io::stdout().write_all(&bytes).and_then(|()| std::io::stdout().flush()),
            wire::ERROR => std::io::stderr().write_all(&bytes),
            wire::PROGRESS => {
                show_progress(&String::from_utf8_lossy(&bytes));
                Ok(())
            }
            wire::MILESTONE => {
                show_milestone(&String::from_utf8_lossy(&bytes));
                Ok(())
            }
            wire::EXIT => return Ok(ExitCode::from(bytes.first().copied().unwrap_or(1))),
            _ => return Err(Fault::broken("takt.connection_broke")),
        };
        shown.map_err(|error| Fault::unavailable("takt.output_closed").because(error))?;
    }
}
