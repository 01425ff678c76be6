use std::{os::unix::fs::PermissionsExt, path::Path, sync::Arc, time::Duration};

use takt_feature::Wiring;
use takt_kernel::{Fault, Result, failpoint};
use takt_store::Db;
use tokio::{
    net::{UnixListener, UnixStream},
    sync::{mpsc, watch},
    task::{JoinHandle, JoinSet},
    time::timeout,
};

use super::wire::{self, Request};
use crate::{
    place::SOCKET,
    verbs::{self, Input, Output, Piece, Words},
};

/// How long verbs under way may take after a stop, as requests may: whoever asked may have stopped reading.
const FAREWELL: Duration = Duration::from_secs(30);

/// Takes verbs until told to stop. Whoever may open the folder may send them: the socket is the
/// owner's alone.
pub fn listen(
    folder: &Path,
    db: Db,
    wiring: Arc<Wiring>,
    mut stopped: watch::Receiver<bool>,
) -> Result<JoinHandle<()>> {
    let path = folder.join(SOCKET);
    let unusable = |error: std::io::Error| {
        Fault::unavailable("takt.socket_unusable").arg("path", path.display()).because(error)
    };
    // The folder is ours alone, so a socket that stands there was left by a crash.
    match std::fs::remove_file(&path) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => return Err(unusable(error)),
        Ok(()) | Err(_) => {}
    }
    let listener = UnixListener::bind(&path).map_err(unusable)?;
    std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o600)).map_err(unusable)?;
    Ok(tokio::spawn(async move {
        let (mut talks, told) = (JoinSet::new(), stopped.clone());
        loop {
            tokio::select! {
                _ = stopped.wait_for(|stopped| *stopped) => break,
                Some(_) = talks.join_next(), if !talks.is_empty() => {}
                accepted = listener.accept() => match accepted {
                    Ok((stream, _)) => {
                        talks.spawn(talk(stream, db.clone(), wiring.clone(), told.clone()));
                    }
                    Err(error) => tracing::warn!(%error, "a verb could not reach us"),
                },
            }
        }
        let ended = async { while talks.join_next().await.is_some() {} };
        if timeout(FAREWELL, ended).await.is_err() {
            tracing::warn!("verbs that took too long are cut off");
        }
        if let Err(error) = std::fs::remove_file(&path) {
            tracing::warn!(%error, "the socket stays behind");
        }
    }))
}

async fn talk(mut stream: UnixStream, db: Db, wiring: Arc<Wiring>, mut stopped: watch::Receiver<bool>) {
    // Whoever has not said yet what they want keeps nobody from ending.
    let asked = tokio::select! {
        asked = ask(&mut stream) => asked,
        _ = stopped.wait_for(|stopped| *stopped) => return,
    };
    let answered = match asked {
        Ok((request, input)) => answer(&mut stream, request, input, db, wiring).await,
        Err(fault) => Err(fault),
    };
    if let Err(fault) = answered {
        tracing::warn!(error = ?fault, "a verb was not answered");
    }
}

async fn ask(stream: &mut UnixStream) -> Result<(Request, Input)> {
    let (kind, bytes) = wire::receive(stream).await?;
    let unreadable = || Fault::invalid("takt.request_unreadable");
    if kind != wire::REQUEST {
        return Err(unreadable());
    }
    let request: Request = serde_json::from_slice(&bytes).map_err(|error| unreadable().because(error))?;
    let (kind, bytes) = wire::receive(stream).await?;
    if kind != wire::INPUT {
        return Err(unreadable());
    }
    Ok((request, Input::given(bytes)))
}

async fn answer(
    stream: &mut UnixStream,
    request: Request,
    input: Input,
    db: Db,
    wiring: Arc<Wiring>,
) -> Result<()> {
    let words = Words::new(wiring.texts.clone(), request.lang());
    let (output, mut pieces) = mpsc::channel(64);
    let running = tokio::spawn(async move {
        verbs::run(&request.verb, &input, &db, &words, &Output::into_channel(output)).await
    });
    // A caller who went away does not stop the verb: what it began is finished.
    while let Some(piece) = pieces.recv().await {
        match piece {
            Piece::Out(text) => wire::send(stream, wire::OUT, text.as_bytes()).await?,
            Piece::Error(text) => wire::send(stream, wire::ERROR, text.as_bytes()).await?,
            Piece::Progress(text) => wire::send(stream, wire::PROGRESS, text.as_bytes()).await?,
            Piece::Milestone(text) => wire::send(stream, wire::MILESTONE, text.as_bytes()).await?,
        }
    }
    let code = running.await.unwrap_or(1);
    failpoint::reach("takt.verb.ran");
    wire::send(stream, wire::EXIT, &[code]).await
}
