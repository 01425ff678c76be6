//! What goes wrong with one node: its process ends between two steps, or its database refuses.

use std::sync::{Arc, Mutex, PoisonError};

use takt_kernel::Fault;
use takt_store::{Engine, Interference, Moment, Verdict};
use tokio::sync::Notify;

/// What lies in wait for a command.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Blow {
    /// The process ends before the commit.
    EndBefore,
    /// The process ends after the commit, and nobody hears the answer.
    EndAfter,
    /// The engine refuses this command so many times in a row.
    Refusals(u32),
    /// Committed, but the line to the database broke before the answer.
    AnswerLost,
}

#[derive(Default)]
pub struct Trouble {
    state: Mutex<State>,
    ended: Notify,
}

#[derive(Default)]
struct State {
    /// The blow, and how many commands it lets through first.
    planned: Option<(Blow, u32)>,
    gone: bool,
    /// Where the node ended.
    place: Option<(&'static str, Moment)>,
}

impl Trouble {
    pub fn plan(&self, blow: Blow, after: u32) {
        self.state().planned = Some((blow, after));
    }

    pub fn calm(&self) {
        self.state().planned = None;
    }

    /// Where the node ended, if it did.
    pub fn place(&self) -> Option<(&'static str, Moment)> {
        self.state().place
    }

    /// Resolves when somebody waits for a node that is gone.
    pub async fn ended(&self) {
        self.ended.notified().await;
    }

    fn state(&self) -> std::sync::MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// One node's view of its trouble.
pub struct Watched {
    pub trouble: Arc<Trouble>,
    pub engine: Engine,
}

impl Interference for Watched {
    fn judge(&self, command: &'static str, moment: Moment) -> Verdict {
        let mut state = self.trouble.state();
        let verdict =
            if state.gone { Verdict::Gone } else { strike(&mut state, command, moment, self.engine) };
        // Before the commit the engine still has to undo what it began; the answer tells.
        if matches!(verdict, Verdict::Gone) && moment != Moment::BeforeCommit {
            self.trouble.ended.notify_one();
        }
        verdict
    }
}

fn strike(state: &mut State, command: &'static str, moment: Moment, engine: Engine) -> Verdict {
    let Some((blow, after)) = state.planned else { return Verdict::Go };
    let struck = match blow {
        Blow::EndBefore | Blow::Refusals(_) => Moment::BeforeCommit,
        Blow::EndAfter | Blow::AnswerLost => Moment::Answered,
    };
    if moment != struck {
        return Verdict::Go;
    }
    if after > 0 {
        state.planned = Some((blow, after - 1));
        return Verdict::Go;
    }
    state.planned = None;
    match blow {
        Blow::EndBefore | Blow::EndAfter => {
            (state.gone, state.place) = (true, Some((command, moment)));
            Verdict::Gone
        }
        Blow::Refusals(times) => {
            state.planned = (times > 1).then_some((Blow::Refusals(times - 1), 0));
            Verdict::Refuse(match engine {
                Engine::Sqlite => Fault::unavailable("store.disk_full"),
                Engine::Postgres => Fault::unavailable("store.busy").retryable(),
            })
        }
        Blow::AnswerLost => Verdict::Refuse(Fault::unavailable("store.unreachable")),
    }
}
