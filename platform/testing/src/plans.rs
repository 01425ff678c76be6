use std::sync::Arc;

use takt_kernel::{Result, Slots, Timestamp};
use takt_store::{Params, Query, Row, Sql, Statement};

/// Asks SQLite for the plan of everything that is asked through it, for tests that hold a question to its index.
pub struct Watched<'a> {
    db: &'a mut dyn Query,
    /// Of each question its steps.
    pub plans: Vec<Vec<String>>,
}

impl<'a> Watched<'a> {
    pub fn new(db: &'a mut dyn Query) -> Self {
        Self { db, plans: Vec::new() }
    }

    fn look_at(&mut self, explained: &Statement) -> Result<()> {
        let plan = self.db.all_of(explained)?.iter().map(|row| row.get("detail")).collect::<Result<_>>()?;
        self.plans.push(plan);
        Ok(())
    }
}

impl Query for Watched<'_> {
    fn now(&self) -> Timestamp {
        self.db.now()
    }
    fn slots(&self) -> Arc<Slots> {
        self.db.slots()
    }
    fn all(&mut self, sql: &Sql, params: Params<'_>) -> Result<Vec<Row>> {
        self.look_at(&sql.explained(params))?;
        self.db.all(sql, params)
    }
    fn seldom(&mut self, sql: &'static Sql, params: Params<'_>) -> Result<Arc<[Row]>> {
        self.all(sql, params).map(Into::into)
    }
    fn all_of(&mut self, statement: &Statement) -> Result<Vec<Row>> {
        self.look_at(&statement.explained())?;
        self.db.all_of(statement)
    }
}
