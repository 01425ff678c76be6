//! Who has something to hear. One look at the log per wake-up decides for all listeners and lanes, so
//! an idle listener costs nothing.

use std::collections::BTreeSet;

use takt_store::facts::MOST_KINDS;

use crate::{
    cursors::{Cursor, Header},
    lanes::Lanes,
    reactions::Listener,
};

/// A cursor this far behind the log, with nothing to hear in between, is moved up.
const STALE_AFTER: i64 = 10_000;

/// Listeners whose cursors are no further apart than this hear together: what one has heard is read once more for
/// the other, and thrown away.
const NEAR: i64 = 256;

/// A listener (by its place in the list) in the lanes that are heard together.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Place {
    pub listener: usize,
    pub lanes: Lanes,
}

/// A listener that is about to hear, in these of its places.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Hearing {
    pub listener: usize,
    pub places: Vec<Lanes>,
}

impl Hearing {
    pub(crate) fn places(&self) -> impl Iterator<Item = Place> + '_ {
        self.places.iter().map(|lanes| Place { listener: self.listener, lanes: *lanes })
    }
}

#[derive(Clone, Debug, Default)]
struct Standing {
    /// Where the cursor stood when last seen.
    heard: i64,
    /// The newest fact that concerns it.
    wanted: i64,
    /// The oldest one that concerns it and is not heard, as far as that is known.
    oldest: i64,
    /// What was wanted when a worker of this node took it.
    taken: Option<i64>,
    /// Another node was at it; look again at the next tick.
    resting: bool,
    /// A step of several failed in which it was: it hears by itself until it has.
    alone: bool,
}

impl Standing {
    fn is_free(&self) -> bool {
        self.taken.is_none() && !self.resting
    }

    fn is_behind(&self) -> bool {
        self.heard < self.wanted
    }

    fn want(&mut self, position: i64) {
        if self.heard >= self.wanted {
            self.oldest = position;
        }
        self.wanted = self.wanted.max(position);
    }

    fn hear(&mut self, position: i64) {
        self.heard = self.heard.max(position);
        self.oldest = self.oldest.max(self.heard + 1);
    }
}

pub(crate) struct Board {
    /// What every listener is divided into.
    division: Vec<Lanes>,
    /// Of each listener in each part of the division.
    standings: Vec<Standing>,
    /// Names of listeners that nobody needs now.
    asleep: Vec<&'static str>,
    /// All headers up to here were looked at.
    seen: i64,
    swept: i64,
}

impl Board {
    /// Starts looking where the hindmost cursor stands.
    pub(crate) fn new(listeners: &[Listener], division: Vec<Lanes>, cursors: &[Cursor]) -> Self {
        let mut board = Self {
            standings: vec![Standing::default(); listeners.len() * division.len()],
            division,
            asleep: Vec::new(),
            seen: 0,
            swept: 0,
        };
        board.refresh(listeners, cursors);
        board.seen = board.standings.iter().map(|standing| standing.heard).min().unwrap_or(0);
        board.swept = board.seen;
        board
    }

    pub(crate) fn seen(&self) -> i64 {
        self.seen
    }

    /// Takes in how far the cursors are according to the database, other nodes' work included.
    pub(crate) fn refresh(&mut self, listeners: &[Listener], cursors: &[Cursor]) {
        for (listener, what) in listeners.iter().enumerate() {
            for lanes in self.division.clone() {
                let hindmost = cursors
                    .iter()
                    .filter(|cursor| cursor.listener == what.name && lanes.holds(cursor.lane))
                    .map(|cursor| cursor.position)
                    .min();
                if let (Some(position), Some(standing)) = (hindmost, self.standing(Place { listener, lanes }))
                {
                    standing.hear(position);
                }
            }
        }
        self.standings.iter_mut().for_each(|standing| standing.resting = false);
    }

    /// Those who hear nothing of what is looked at next.
    pub(crate) fn let_sleep(&mut self, asleep: Vec<&'static str>) {
        self.asleep = asleep;
    }

    /// Places of sleepers, and up to where the log passed them by.
    pub(crate) fn dozing(&self, listeners: &[Listener]) -> (i64, Vec<Place>) {
        let behind = self.standings.iter().enumerate().filter(|(_, standing)| {
            standing.taken.is_none() && standing.heard >= standing.wanted && standing.heard < self.seen
        });
        let places = behind.map(|(index, _)| self.place(index));
        let asleep = |place: &Place| self.asleep.contains(&listeners[place.listener].name);
        (self.seen, places.filter(asleep).collect())
    }

    /// The sleepers' cursors were moved.
    pub(crate) fn passed_by(&mut self, places: &[Place], position: i64) {
        for place in places {
            if let Some(standing) = self.standing(*place) {
                standing.hear(position);
            }
        }
    }

    pub(crate) fn look(&mut self, listeners: &[Listener], headers: &[Header]) {
        for header in headers {
            for (listener, what) in listeners.iter().enumerate() {
                if !what.hears.contains(&header.kind.as_str()) || self.asleep.contains(&what.name) {
                    continue;
                }
                let lanes = self.division.iter().copied().find(|lanes| lanes.holds(header.lane));
                if let Some(standing) = lanes.and_then(|lanes| self.standing(Place { listener, lanes })) {
                    standing.want(header.position);
                }
            }
            self.seen = self.seen.max(header.position);
        }
    }

    /// Who hears next: whoever is furthest behind, and those who are about as far, each in all its places that are
    /// free. They count as taken until [`Board::put_back`].
    pub(crate) fn take(&mut self, listeners: &[Listener]) -> Vec<Hearing> {
        let due = |standing: &&Standing| standing.is_free() && standing.is_behind();
        let Some((first, from, alone)) = self
            .standings
            .iter()
            .enumerate()
            .filter(|(_, standing)| due(standing))
            .min_by_key(|(_, standing)| standing.heard)
            .map(|(index, standing)| (index / self.division.len(), standing.heard, standing.alone))
        else {
            return Vec::new();
        };
        let mut near: Vec<(i64, usize)> = Vec::new();
        for (listener, standings) in self.standings.chunks(self.division.len()).enumerate() {
            let joins = |standing: &Standing| !alone && !standing.alone && standing.heard - from <= NEAR;
            let hindmost = standings
                .iter()
                .filter(due)
                .filter(|standing| joins(standing) || listener == first)
                .map(|standing| standing.heard)
                .min();
            near.extend(hindmost.map(|heard| (heard, listener)));
        }
        near.sort_unstable();
        let mut kinds: BTreeSet<&str> = BTreeSet::new();
        let mut taken = Vec::new();
        for (_, listener) in near {
            let with: BTreeSet<&str> =
                kinds.iter().copied().chain(listeners[listener].hears.iter().copied()).collect();
            if taken.is_empty() || with.len() <= MOST_KINDS {
                kinds = with;
                taken.push(self.take_listener(listener));
            }
        }
        taken
    }

    fn take_listener(&mut self, listener: usize) -> Hearing {
        let mut places = Vec::new();
        for lanes in self.division.clone() {
            if let Some(standing) = self.standing(Place { listener, lanes })
                && standing.is_free()
            {
                standing.taken = Some(standing.wanted);
                places.push(lanes);
            }
        }
        Hearing { listener, places }
    }

    /// Returns a place. `heard`: where its cursor stands, or nothing if another node holds it.
    /// `more`: whether facts may wait right behind; if not, all that was wanted then is heard.
    pub(crate) fn put_back(&mut self, place: Place, heard: Option<i64>, more: bool) {
        let Some(standing) = self.standing(place) else { return };
        let wanted_then = standing.taken.take().unwrap_or(0);
        standing.alone &= heard.is_none();
        match heard {
            Some(position) if more => standing.hear(position),
            Some(position) => standing.hear(position.max(wanted_then)),
            None => standing.resting = true,
        }
    }

    /// Returns what a step of several failed with: whose fault it was, each shows by itself.
    pub(crate) fn part(&mut self, hearings: &[Hearing]) {
        for place in hearings.iter().flat_map(Hearing::places) {
            if let Some(standing) = self.standing(place) {
                standing.taken = None;
                standing.alone = true;
            }
        }
    }

    /// Places whose cursor may be moved to the returned position without hearing anything, once per
    /// [`STALE_AFTER`] facts: else a listener of rare facts would search the whole log for the next one.
    pub(crate) fn sweep(&mut self) -> Option<(i64, Vec<Place>)> {
        if self.seen - self.swept < STALE_AFTER {
            return None;
        }
        self.swept = self.seen;
        let idle = self
            .standings
            .iter()
            .enumerate()
            .filter(|(_, standing)| standing.taken.is_none() && standing.heard >= standing.wanted)
            .map(|(index, _)| self.place(index))
            .collect();
        Some((self.seen, idle))
    }

    /// How many positions each listener's hindmost lane is behind what concerns it.
    pub(crate) fn lag(&self) -> impl Iterator<Item = i64> + '_ {
        self.standings.chunks(self.division.len()).map(|lanes| {
            lanes.iter().map(|standing| (standing.wanted - standing.heard).max(0)).max().unwrap_or(0)
        })
    }

    /// The position of the oldest fact that each listener has yet to hear.
    pub(crate) fn oldest(&self) -> impl Iterator<Item = Option<i64>> + '_ {
        self.standings.chunks(self.division.len()).map(|lanes| {
            lanes
                .iter()
                .filter(|standing| standing.heard < standing.wanted)
                .map(|standing| standing.oldest)
                .min()
        })
    }

    /// The position of the oldest fact that these have yet to hear.
    pub(crate) fn oldest_of(&mut self, hearings: &[Hearing]) -> Option<i64> {
        let mut oldest = None;
        for place in hearings.iter().flat_map(Hearing::places) {
            let waits =
                self.standing(place).filter(|standing| standing.is_behind()).map(|standing| standing.oldest);
            oldest = [oldest, waits].into_iter().flatten().min();
        }
        oldest
    }

    fn place(&self, index: usize) -> Place {
        Place { listener: index / self.division.len(), lanes: self.division[index % self.division.len()] }
    }

    fn standing(&mut self, place: Place) -> Option<&mut Standing> {
        let part = self.division.iter().position(|lanes| *lanes == place.lanes)?;
        self.standings.get_mut(place.listener * self.division.len() + part)
    }
}

#[cfg(test)]
mod tests {
    use takt_store::{Engine, LANES};

    use super::*;

    const TEA: Listener = Listener { name: "tea", hears: &["tea"], does: "", react: |_, _| Ok(()) };
    const MILK: Listener = Listener { name: "milk", hears: &["milk"], does: "", react: |_, _| Ok(()) };

    fn header(position: i64, lane: i64, kind: &str) -> Header {
        Header { position, lane, kind: kind.to_owned() }
    }

    /// Who is taken, with the places that are behind first.
    fn taken(board: &mut Board, listeners: &[Listener]) -> Vec<usize> {
        board.take(listeners).iter().map(|hearing| hearing.listener).collect()
    }

    fn put_back(board: &mut Board, listener: usize, lane: i64, heard: Option<i64>, more: bool) {
        for other in 0..LANES {
            let heard = if lane == other { heard } else { Some(0) };
            board.put_back(Place { listener, lanes: Lanes::One(other) }, heard, more && lane == other);
        }
    }

    #[test]
    fn only_whom_a_fact_concerns_is_woken_once() {
        let listeners = [TEA, MILK];
        let mut board = Board::new(&listeners, Lanes::of(Engine::Postgres), &[]);
        board.look(&listeners, &[header(1, 2, "tea"), header(2, 0, "water")]);
        assert_eq!(taken(&mut board, &listeners), [0]);
        assert_eq!(board.take(&listeners), [], "it is taken");
        // While it was heard, another one came: that is not heard yet.
        board.look(&listeners, &[header(3, 2, "tea")]);
        put_back(&mut board, 0, 2, Some(1), false);
        assert_eq!(board.lag().collect::<Vec<_>>(), [2, 0]);
        assert_eq!(board.oldest().collect::<Vec<_>>(), [Some(2), None]);
        assert_eq!(taken(&mut board, &listeners), [0]);
        put_back(&mut board, 0, 2, Some(3), false);
        assert_eq!(board.take(&listeners), []);
    }

    #[test]
    fn whom_nobody_needs_is_not_woken_and_hears_what_comes_later() {
        let listeners = [TEA, MILK];
        let mut board = Board::new(&listeners, Lanes::of(Engine::Postgres), &[]);
        board.let_sleep(vec!["tea"]);
        board.look(&listeners, &[header(1, 2, "tea"), header(2, 2, "milk")]);
        assert_eq!(taken(&mut board, &listeners), [1]);
        assert_eq!(board.take(&listeners), []);
        board.let_sleep(Vec::new());
        board.look(&listeners, &[header(3, 2, "tea")]);
        assert_eq!(taken(&mut board, &listeners), [0]);
    }

    #[test]
    fn those_who_are_about_as_far_hear_together_and_whoever_is_far_behind_by_itself() {
        let listeners = [TEA, MILK];
        let mut board = Board::new(&listeners, Lanes::of(Engine::Postgres), &[]);
        board.look(&listeners, &[header(1, 2, "tea"), header(2, 0, "milk")]);
        let together = board.take(&listeners);
        assert_eq!(together.iter().map(|hearing| hearing.listener).collect::<Vec<_>>(), [0, 1]);
        assert_eq!(together[0].places.len(), LANES as usize);
        for listener in [0, 1] {
            put_back(&mut board, listener, 2, Some(2), false);
        }
        let far = NEAR + 10;
        board.look(&listeners, &[header(far, 2, "milk")]);
        assert_eq!(taken(&mut board, &listeners), [1]);
        for lane in 0..LANES {
            board.put_back(Place { listener: 1, lanes: Lanes::One(lane) }, Some(far), false);
        }
        board.look(&listeners, &[header(far + 1, 2, "tea"), header(far + 2, 2, "milk")]);
        assert_eq!(
            taken(&mut board, &listeners),
            [0],
            "it would have all read again that the other has heard"
        );
        assert_eq!(taken(&mut board, &listeners), [1], "and keeps nobody waiting");
    }

    #[test]
    fn when_a_step_of_several_fails_each_hears_by_itself_until_it_has() {
        let listeners = [TEA, MILK];
        let mut board = Board::new(&listeners, Lanes::of(Engine::Postgres), &[]);
        board.look(&listeners, &[header(1, 2, "tea"), header(2, 2, "milk")]);
        let together = board.take(&listeners);
        board.part(&together);
        assert_eq!(taken(&mut board, &listeners), [0]);
        assert_eq!(taken(&mut board, &listeners), [1]);
        put_back(&mut board, 0, 2, Some(2), false);
        // The other fails by itself, too, and rests; then it tries again, still by itself.
        for lane in 0..LANES {
            let place = Place { listener: 1, lanes: Lanes::One(lane) };
            board.put_back(place, None, false);
        }
        board.look(&listeners, &[header(3, 2, "tea"), header(4, 2, "milk")]);
        board.refresh(&listeners, &[]);
        assert_eq!(taken(&mut board, &listeners), [1]);
        assert_eq!(taken(&mut board, &listeners), [0]);
        for listener in [0, 1] {
            put_back(&mut board, listener, 2, Some(4), false);
        }
        board.look(&listeners, &[header(5, 2, "tea"), header(6, 2, "milk")]);
        assert_eq!(taken(&mut board, &listeners), [0, 1], "it has heard, so they are together again");
    }

    #[test]
    fn what_another_node_holds_is_looked_at_again_later() {
        let listeners = [TEA];
        let mut board = Board::new(&listeners, Lanes::of(Engine::Postgres), &[]);
        board.look(&listeners, &[header(1, 0, "tea")]);
        assert_eq!(taken(&mut board, &listeners), [0]);
        put_back(&mut board, 0, 0, None, false);
        assert_eq!(board.take(&listeners), [], "not at once");
        board.refresh(&listeners, &[]);
        assert_eq!(taken(&mut board, &listeners), [0], "the other node died");
        put_back(&mut board, 0, 0, None, false);
        board.refresh(&listeners, &[Cursor { listener: "tea".to_owned(), lane: 0, position: 1 }]);
        assert_eq!(board.take(&listeners), [], "the other node heard it");
    }

    #[test]
    fn idle_cursors_are_moved_up_now_and_then_and_busy_ones_never() {
        let listeners = [TEA, MILK];
        let mut board = Board::new(&listeners, Lanes::of(Engine::Postgres), &[]);
        board.look(&listeners, &[header(STALE_AFTER - 1, 1, "water")]);
        assert_eq!(board.sweep(), None);
        board.look(&listeners, &[header(STALE_AFTER, 1, "tea")]);
        let (position, idle) = board.sweep().unwrap();
        assert_eq!((position, idle.len()), (STALE_AFTER, 7));
        assert!(!idle.contains(&Place { listener: 0, lanes: Lanes::One(1) }), "it has something to hear");
        assert_eq!(board.sweep(), None, "not again at once");
    }

    #[test]
    fn where_all_lanes_are_heard_together_the_hindmost_counts() {
        let listeners = [TEA];
        let cursor = |lane, position| Cursor { listener: "tea".to_owned(), lane, position };
        let cursors = [cursor(0, 7), cursor(1, 3), cursor(2, 9), cursor(3, 7)];
        let mut board = Board::new(&listeners, Lanes::of(Engine::Sqlite), &cursors);
        assert_eq!(board.seen(), 3);
        board.look(&listeners, &[header(4, 2, "tea"), header(8, 3, "tea")]);
        assert_eq!(board.take(&listeners), [Hearing { listener: 0, places: vec![Lanes::All] }]);
        board.put_back(Place { listener: 0, lanes: Lanes::All }, Some(8), false);
        assert_eq!(board.take(&listeners), []);
    }
}
