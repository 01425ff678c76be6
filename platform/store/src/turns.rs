//! Whoever knows beforehand which rows others want to change at the same moment lines up for them before
//! its transaction begins. PostgreSQL would let all begin, let one of them through and undo the rest;
//! in line, each does its work once. Only rivals of the same node see each other here: those of other
//! nodes still meet in the database, and run again.

use std::{
    hash::{DefaultHasher, Hash, Hasher},
    sync::Arc,
};

use tokio::sync::{Mutex, OwnedMutexGuard};

const LINES: usize = 1_024;

/// What a command is going to change together with others, by any name that is the same for all of them.
#[derive(Clone, Debug, Default)]
pub struct Rivals(Vec<usize>);

impl Rivals {
    pub fn over(names: impl IntoIterator<Item = impl Hash>) -> Self {
        let line = |name| {
            // The same in every call of this program: keys of zero.
            let mut hasher = DefaultHasher::new();
            Hash::hash(&name, &mut hasher);
            (hasher.finish() % LINES as u64) as usize
        };
        let mut lines: Vec<usize> = names.into_iter().map(line).collect();
        lines.sort_unstable();
        lines.dedup();
        Self(lines)
    }
}

pub(crate) struct Turns(Vec<Arc<Mutex<()>>>);

/// Held until the command has ended.
pub(crate) struct MyTurn(
    #[expect(dead_code, reason = "what counts is when they are dropped")] Vec<OwnedMutexGuard<()>>,
);

impl Turns {
    pub fn new() -> Self {
        Self((0..LINES).map(|_| Arc::default()).collect())
    }

    /// Lines are joined in one order by everybody, so that nobody waits in a circle.
    pub async fn take(&self, rivals: Rivals) -> MyTurn {
        let mut held = Vec::with_capacity(rivals.0.len());
        for line in rivals.0.iter().filter_map(|line| self.0.get(*line)) {
            held.push(line.clone().lock_owned().await);
        }
        MyTurn(held)
    }
}

#[cfg(test)]
mod tests {
    use futures::FutureExt;

    use super::*;

    #[tokio::test]
    async fn rivals_over_one_thing_take_turns_and_others_pass() {
        let turns = Turns::new();
        let first = turns.take(Rivals::over(["tea", "cup"])).await;
        assert!(turns.take(Rivals::over(["cup"])).now_or_never().is_none());
        assert!(turns.take(Rivals::over(["pot"])).now_or_never().is_some());
        drop(first);
        assert!(turns.take(Rivals::over(["cup", "tea", "tea"])).now_or_never().is_some());
    }
}
