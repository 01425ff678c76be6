//! How the lanes of the log are taken. On PostgreSQL nodes hold them one by one, so that each hears what no other is
//! at; the embedded engine has one writer, so there they are one.

use takt_store::{Engine, LANES, RecordedFact, lane_of};

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Lanes {
    One(i64),
    All,
}

impl Lanes {
    /// What a listener of this engine is divided into.
    pub fn of(engine: Engine) -> Vec<Self> {
        match engine {
            Engine::Sqlite => vec![Self::All],
            Engine::Postgres => (0..LANES).map(Self::One).collect(),
        }
    }

    pub fn holds(self, lane: i64) -> bool {
        match self {
            Self::One(one) => one == lane,
            Self::All => true,
        }
    }

    pub fn only(self) -> Option<i64> {
        match self {
            Self::One(lane) => Some(lane),
            Self::All => None,
        }
    }

    pub fn first(self) -> i64 {
        self.only().unwrap_or(0)
    }

    pub fn last(self) -> i64 {
        self.only().unwrap_or(LANES - 1)
    }
}

pub(crate) fn of(fact: &RecordedFact) -> i64 {
    lane_of(fact.subject_id)
}
