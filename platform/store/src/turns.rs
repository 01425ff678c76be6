//! Whoever knows beforehand which rows others want to change at the same moment lines up for them before
//! its transaction begins. PostgreSQL would let all begin, let one of them through and undo the rest;
//! in line, each does its work once. Only rivals of the same node see each other here: those of other
//! nodes still meet in the database, and run again.
//!
//! Nobody holds one row while waiting for another: all of them are given at once. So an order of a rare and
//! a popular good keeps the rare one from nobody while it waits for the popular one. And nobody holds rows while
//! waiting for leave to write: only so many write at once, and whoever is given its rows begins at that moment.

use std::{
    collections::VecDeque,
    hash::{DefaultHasher, Hash, Hasher},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use takt_kernel::{Fault, Result};
use tokio::sync::oneshot;

const LINES: usize = 1_024;
/// Whoever waits lets so many rivals pass that came later, and nobody after them.
const MOST_PASSED: u32 = 16;

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

    fn meets(&self, others: &[bool]) -> bool {
        self.0.iter().any(|line| others.get(*line).is_some_and(|taken| *taken))
    }

    fn mark(&self, lines: &mut [bool], taken: bool) {
        for line in &self.0 {
            if let Some(mark) = lines.get_mut(*line) {
                *mark = taken;
            }
        }
    }

    fn shares(&self, other: &Self) -> bool {
        self.0.iter().any(|line| other.0.contains(line))
    }
}

#[derive(Clone)]
pub(crate) struct Turns(Arc<Mutex<Standing>>);

struct Standing {
    /// So many more may write now.
    free: usize,
    held: Vec<bool>,
    waiting: VecDeque<Waiting>,
}

struct Waiting {
    rivals: Rivals,
    /// Rivals that came later and went first.
    passed: u32,
    turn: oneshot::Sender<MyTurn>,
}

/// Held until the command has ended.
pub(crate) struct MyTurn {
    rivals: Rivals,
    turns: Turns,
}

impl Drop for MyTurn {
    fn drop(&mut self) {
        for (turn, next) in self.turns.give_back(&self.rivals) {
            // Whoever went away while it waited gives its turn back in the same way.
            drop(turn.send(next));
        }
    }
}

impl Turns {
    /// For so many at once.
    pub fn new(at_once: usize) -> Self {
        let standing = Standing { free: at_once, held: vec![false; LINES], waiting: VecDeque::new() };
        Self(Arc::new(Mutex::new(standing)))
    }

    /// # Errors
    /// `store.closed`.
    pub async fn take(&self, rivals: Rivals) -> Result<MyTurn> {
        let came = {
            let mut standing = self.standing();
            if standing.is_free(&rivals) {
                let all = standing.waiting.len();
                standing.hold(&rivals, all);
                return Ok(MyTurn { rivals, turns: self.clone() });
            }
            let (turn, came) = oneshot::channel();
            standing.waiting.push_back(Waiting { rivals, passed: 0, turn });
            came
        };
        came.await.map_err(|_| Fault::unavailable("store.closed"))
    }

    fn give_back(&self, rivals: &Rivals) -> Vec<(oneshot::Sender<MyTurn>, MyTurn)> {
        let mut standing = self.standing();
        standing.free += 1;
        rivals.mark(&mut standing.held, false);
        let next = standing.next();
        drop(standing);
        let turn_of =
            |waiting: Waiting| (waiting.turn, MyTurn { rivals: waiting.rivals, turns: self.clone() });
        next.into_iter().map(turn_of).collect()
    }

    fn standing(&self) -> MutexGuard<'_, Standing> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Standing {
    fn is_free(&self, rivals: &Rivals) -> bool {
        let impatient = |waiting: &Waiting| waiting.passed >= MOST_PASSED && waiting.rivals.shares(rivals);
        self.free > 0 && !rivals.meets(&self.held) && !self.waiting.iter().any(impatient)
    }

    /// Passes those of its rivals that wait before `place`.
    fn hold(&mut self, rivals: &Rivals, place: usize) {
        self.free -= 1;
        rivals.mark(&mut self.held, true);
        for waiting in self.waiting.iter_mut().take(place).filter(|waiting| waiting.rivals.shares(rivals)) {
            waiting.passed += 1;
        }
    }

    /// Takes out those whose turn has come; from here on they hold what they waited for.
    fn next(&mut self) -> Vec<Waiting> {
        let mut next = Vec::new();
        let mut kept = vec![false; LINES];
        let mut place = 0;
        while let Some(waiting) = self.waiting.get(place).filter(|_| self.free > 0) {
            if !waiting.rivals.meets(&self.held) && !waiting.rivals.meets(&kept) {
                let Some(waiting) = self.waiting.remove(place) else { break };
                self.hold(&waiting.rivals, place);
                next.push(waiting);
                continue;
            }
            if waiting.passed >= MOST_PASSED {
                waiting.rivals.mark(&mut kept, true);
            }
            place += 1;
        }
        next
    }
}

#[cfg(test)]
mod tests {
    use futures::FutureExt;

    use super::*;

    /// The most that write at once, where it is not what is tried.
    const PLENTY: usize = 100;

    fn over(names: &[&str]) -> Rivals {
        Rivals::over(names)
    }

    async fn take(turns: &Turns, names: &[&str]) -> MyTurn {
        turns.take(over(names)).await.expect("open")
    }

    #[tokio::test]
    async fn rivals_over_one_thing_take_turns_and_others_pass() {
        let turns = Turns::new(PLENTY);
        let first = take(&turns, &["tea", "cup"]).await;
        assert!(take(&turns, &["cup"]).now_or_never().is_none());
        assert!(take(&turns, &["pot"]).now_or_never().is_some());
        drop(first);
        assert!(take(&turns, &["cup", "tea", "tea"]).now_or_never().is_some());
    }

    #[tokio::test]
    async fn who_waits_for_one_thing_keeps_the_other_from_nobody() {
        let turns = Turns::new(PLENTY);
        let tea = take(&turns, &["tea"]).await;
        let mut both = Box::pin(take(&turns, &["tea", "cup"]));
        assert!(both.as_mut().now_or_never().is_none());
        let cup = take(&turns, &["cup"]).now_or_never().expect("nobody holds it");
        drop(tea);
        assert!(both.as_mut().now_or_never().is_none(), "the cup is held");
        drop(cup);
        assert!(both.now_or_never().is_some());
    }

    #[tokio::test]
    async fn who_was_passed_often_enough_is_passed_no_more() {
        let turns = Turns::new(PLENTY);
        let tea = take(&turns, &["tea"]).await;
        let mut both = Box::pin(take(&turns, &["tea", "cup"]));
        assert!(both.as_mut().now_or_never().is_none());
        for _ in 0..MOST_PASSED {
            assert!(take(&turns, &["cup"]).now_or_never().is_some());
        }
        let mut late = Box::pin(take(&turns, &["cup"]));
        assert!(late.as_mut().now_or_never().is_none(), "it would be the first again and again");
        drop(tea);
        let both = both.now_or_never().expect("its turn");
        assert!(late.as_mut().now_or_never().is_none());
        drop(both);
        assert!(late.now_or_never().is_some());
    }

    #[tokio::test]
    async fn who_went_away_while_it_waited_keeps_nobody() {
        let turns = Turns::new(PLENTY);
        let tea = take(&turns, &["tea"]).await;
        let mut gone = Box::pin(take(&turns, &["tea", "cup"]));
        let mut stays = Box::pin(take(&turns, &["cup", "tea"]));
        assert!(gone.as_mut().now_or_never().is_none() && stays.as_mut().now_or_never().is_none());
        drop(gone);
        drop(tea);
        assert!(stays.now_or_never().is_some());
    }

    #[tokio::test]
    async fn only_so_many_write_at_once_and_the_next_is_who_came_first() {
        let turns = Turns::new(2);
        let (one, two) = (take(&turns, &[]).await, take(&turns, &["pot"]).await);
        let mut third = Box::pin(take(&turns, &["cup"]));
        let mut fourth = Box::pin(take(&turns, &[]));
        assert!(third.as_mut().now_or_never().is_none() && fourth.as_mut().now_or_never().is_none());
        drop(one);
        assert!(fourth.as_mut().now_or_never().is_none(), "the third came before it");
        assert!(third.now_or_never().is_some());
        assert!(fourth.now_or_never().is_some());
        drop(two);
    }

    #[tokio::test]
    async fn nobody_holds_a_thing_while_it_waits_for_leave_to_write() {
        let turns = Turns::new(2);
        let (one, two) = (take(&turns, &["pot"]).await, take(&turns, &["jug"]).await);
        let mut tea = Box::pin(take(&turns, &["tea"]));
        let mut more_tea = Box::pin(take(&turns, &["tea"]));
        let mut cup = Box::pin(take(&turns, &["cup"]));
        for waits in [&mut tea, &mut more_tea, &mut cup] {
            assert!(waits.as_mut().now_or_never().is_none());
        }
        drop((one, two));
        let tea = tea.now_or_never().expect("the first who waited");
        let cup = cup.now_or_never().expect("the other place is not kept for who waits for the tea");
        assert!(more_tea.as_mut().now_or_never().is_none());
        drop(tea);
        assert!(more_tea.now_or_never().is_some());
        drop(cup);
    }
}
