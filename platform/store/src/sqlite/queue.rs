//! What waits for the writer. What somebody waits for goes first; the program's own work behind it, in the
//! gaps, and when it has waited long enough.

use std::{
    collections::VecDeque,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::{Duration, Instant},
};

use tokio::sync::mpsc;

use super::writer::Command;

/// Longer no command has to wait for a gap.
const PATIENCE: Duration = Duration::from_millis(30);
/// So many are taken out of the channel beforehand, to tell them apart.
const LOOKED_AT: usize = 256;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Urgency {
    /// Somebody waits for it.
    Asked,
    /// It may wait for a gap.
    Behind,
}

pub(super) type Waiting = (Urgency, Box<dyn Command>);

pub(super) struct Queue {
    arriving: mpsc::Receiver<Waiting>,
    asked: VecDeque<Box<dyn Command>>,
    behind: VecDeque<(Instant, Box<dyn Command>)>,
    /// How many were taken out of the channel and wait here, for whoever watches.
    held: Arc<AtomicUsize>,
}

impl Queue {
    pub fn new(arriving: mpsc::Receiver<Waiting>, held: Arc<AtomicUsize>) -> Self {
        Self { arriving, asked: VecDeque::new(), behind: VecDeque::new(), held }
    }

    /// The first of a group, as soon as there is one; nothing when nobody can send any more.
    pub fn next(&mut self) -> Option<Waiting> {
        loop {
            self.look();
            let found = self.overdue().or_else(|| self.first_asked()).or_else(|| self.first_behind());
            self.tell();
            if found.is_some() {
                return found;
            }
            let arrived = self.arriving.blocking_recv()?;
            self.put(arrived);
        }
    }

    /// What may join a group. Those who wait for an answer are not kept by the program's own work.
    pub fn joins(&mut self, somebody_waits: bool) -> Option<Waiting> {
        self.look();
        let found = self.overdue().or_else(|| self.first_asked());
        let found = if somebody_waits { found } else { found.or_else(|| self.first_behind()) };
        self.tell();
        found
    }

    /// Nothing more is taken; whoever waits is told.
    pub fn close(&mut self) {
        self.arriving.close();
        self.asked.clear();
        self.behind.clear();
    }

    fn tell(&self) {
        self.held.store(self.asked.len() + self.behind.len(), Ordering::Relaxed);
    }

    fn look(&mut self) {
        while self.asked.len() + self.behind.len() < LOOKED_AT
            && let Ok(arrived) = self.arriving.try_recv()
        {
            self.put(arrived);
        }
    }

    fn put(&mut self, (urgency, command): Waiting) {
        match urgency {
            Urgency::Asked => self.asked.push_back(command),
            Urgency::Behind => self.behind.push_back((Instant::now(), command)),
        }
    }

    fn overdue(&mut self) -> Option<Waiting> {
        let (since, _) = self.behind.front()?;
        if since.elapsed() < PATIENCE {
            return None;
        }
        self.first_behind()
    }

    fn first_asked(&mut self) -> Option<Waiting> {
        self.asked.pop_front().map(|command| (Urgency::Asked, command))
    }

    fn first_behind(&mut self) -> Option<Waiting> {
        self.behind.pop_front().map(|(_, command)| (Urgency::Behind, command))
    }
}

#[cfg(test)]
mod tests {
    use takt_kernel::{Fault, Result};

    use super::*;
    use crate::{sqlite::writer::Ran, tx::Tx};

    struct Nothing;

    impl Command for Nothing {
        fn run(&mut self, _tx: Tx<'_>) -> Ran {
            Ran::Well(0)
        }
        fn answer(self: Box<Self>, _committed: Result<(), &Fault>) {}
    }

    fn queue(urgencies: &[Urgency]) -> Queue {
        let (sender, arriving) = mpsc::channel(16);
        for urgency in urgencies {
            let waiting: Waiting = (*urgency, Box::new(Nothing));
            assert!(sender.try_send(waiting).is_ok());
        }
        Queue::new(arriving, Arc::default())
    }

    fn urgency(found: Option<Waiting>) -> Option<Urgency> {
        found.map(|(urgency, _)| urgency)
    }

    #[test]
    fn who_waits_for_an_answer_goes_first_and_is_not_kept_by_the_programs_own_work() {
        use Urgency::{Asked, Behind};
        let mut queue = queue(&[Behind, Asked, Behind]);
        assert_eq!(urgency(queue.next()), Some(Asked));
        assert_eq!(queue.held.load(Ordering::Relaxed), 2);
        assert_eq!(urgency(queue.joins(true)), None);
        assert_eq!(urgency(queue.next()), Some(Behind));
        assert_eq!(urgency(queue.joins(false)), Some(Behind));
        assert_eq!(urgency(queue.next()), None, "nobody can send any more");
    }

    #[test]
    fn what_waited_long_enough_waits_no_more() {
        let mut queue = queue(&[Urgency::Asked]);
        let long_ago = Instant::now().checked_sub(PATIENCE).expect("a machine that is up");
        queue.behind.push_back((long_ago, Box::new(Nothing)));
        assert_eq!(urgency(queue.joins(true)), Some(Urgency::Behind));
    }
}
