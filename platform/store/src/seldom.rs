//! Rows that change seldom and are asked for all the time: shops, settings, statuses. Their answers are
//! kept in memory under a stamp, one number in the database that triggers on such tables make another
//! with every change. A transaction reads the stamp in its own snapshot, so what it is answered from
//! memory is what the database would have answered, on every node. A reader without a snapshot keeps what came
//! between two looks at one stamp. Stamps are random: one that was rolled back never comes again.

use std::{
    collections::{BTreeSet, HashMap},
    sync::{Arc, OnceLock, PoisonError, RwLock},
};

use takt_kernel::Result;

use crate::{
    row::Row,
    sql,
    sql::{Params, Sql},
    value::Value,
};

/// Its row is part of no copy: what it says concerns this database alone.
pub(crate) const TABLE: &str = "seldom_stamp";

/// Past this many answers they are forgotten, so that no caller can fill the memory.
const MOST: usize = 20_000;

pub(crate) fn stamp() -> &'static Sql {
    sql!("select stamp from seldom_stamp where id = 1")
}

/// The tables that have such triggers.
pub(crate) fn tables() -> &'static Sql {
    sql!(
        "{pg:select distinct cast(event_object_table as text) as name from information_schema.triggers where action_statement like '%seldom_changed%'|sqlite:select distinct tbl_name as name from sqlite_master where type = 'trigger' and sql like '%update seldom_stamp%'}"
    )
}

#[derive(Default)]
pub(crate) struct Seldom {
    tables: OnceLock<BTreeSet<String>>,
    answers: RwLock<Answers>,
}

#[derive(Default)]
struct Answers {
    stamp: i64,
    known: HashMap<Asked, Arc<[Row]>>,
}

#[derive(PartialEq, Eq, Hash)]
struct Asked {
    /// A statement is one value for the whole life of the program.
    statement: usize,
    values: Vec<Value>,
}

impl Seldom {
    pub fn learn(&self, tables: BTreeSet<String>) {
        // A second opening of the same database finds the same.
        let _ = self.tables.set(tables);
    }

    /// Whether what the statement changes may make another stamp.
    pub fn concerns(&self, changed: Option<&str>) -> bool {
        match (self.tables.get(), changed) {
            (Some(tables), Some(changed)) => tables.contains(changed),
            _ => true,
        }
    }

    /// The answer under this stamp; `ask` is asked when it is not known, and its answer is kept if it says
    /// that it is of that stamp.
    pub fn answer(
        &self,
        stamp: i64,
        statement: &'static Sql,
        params: Params<'_>,
        ask: impl FnOnce() -> Result<(Vec<Row>, bool)>,
    ) -> Result<Arc<[Row]>> {
        let asked = Asked {
            statement: std::ptr::from_ref(statement).addr(),
            values: params.iter().map(|(_, value)| value.clone()).collect(),
        };
        {
            let answers = self.answers.read().unwrap_or_else(PoisonError::into_inner);
            if answers.stamp == stamp
                && let Some(rows) = answers.known.get(&asked)
            {
                return Ok(rows.clone());
            }
        }
        let (rows, is_of_stamp) = ask()?;
        let rows: Arc<[Row]> = rows.into();
        if is_of_stamp {
            let mut answers = self.answers.write().unwrap_or_else(PoisonError::into_inner);
            if answers.stamp != stamp || answers.known.len() >= MOST {
                *answers = Answers { stamp, known: HashMap::new() };
            }
            answers.known.insert(asked, rows.clone());
        }
        Ok(rows)
    }
}
