use std::panic::{AssertUnwindSafe, catch_unwind};

use rusqlite::Connection as Raw;
use takt_kernel::{Fault, Result};
use tokio::sync::oneshot;

use super::{
    files::Files,
    writer::{Command, Ran},
};
use crate::tx::Tx;

/// Work with the writer's connection that is no command: nothing else is under way while it runs.
pub(super) struct Alone<T, F> {
    work: Option<F>,
    result: Option<Result<T>>,
    /// If it goes well, it was the last thing that happened here.
    last: bool,
    reply: oneshot::Sender<Result<T>>,
}

impl<T, F> Alone<T, F> {
    pub fn new(work: F, last: bool, reply: oneshot::Sender<Result<T>>) -> Self {
        Self { work: Some(work), result: None, last, reply }
    }
}

impl<T, F> Command for Alone<T, F>
where
    T: Send + 'static,
    F: FnOnce(&Raw, &Files) -> Result<T> + Send + 'static,
{
    fn run(&mut self, _tx: Tx<'_>) -> Ran {
        Ran::Well(0)
    }

    fn ends_group(&self) -> bool {
        true
    }

    fn alone(&mut self, connection: &Raw, files: &Files) {
        let Some(work) = self.work.take() else { return };
        let ran = catch_unwind(AssertUnwindSafe(|| work(connection, files)));
        self.result = Some(ran.unwrap_or_else(|_| Err(Fault::broken("store.panicked"))));
    }

    fn closes(&self) -> bool {
        self.last && matches!(self.result, Some(Ok(_)))
    }

    fn answer(self: Box<Self>, committed: Result<(), &Fault>) {
        let result = match (committed, self.result) {
            (Ok(()), Some(result)) => result,
            (Err(failure), _) => Err(Fault::unavailable("store.commit_failed").because(failure.to_string())),
            (Ok(()), None) => Err(Fault::broken("store.not_run")),
        };
        // Whoever asked may have gone away.
        let _ = self.reply.send(result);
    }
}
