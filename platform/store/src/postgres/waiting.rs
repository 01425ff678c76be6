//! Statements that wait to travel together. Rows for one table become one statement, also when rows of
//! others came between them: a row is put with those of its table that wait already, unless it may refer to
//! something that came after these.

use std::{borrow::Cow, collections::BTreeSet, sync::Arc};

use takt_kernel::Result;
use tokio_postgres::{Client, Error};

use crate::{
    dialect::{Compiled, Inserted},
    sql::in_order,
    value::Value,
};

/// So many rows at most become one statement.
const MOST_ROWS: usize = 1_000;
/// Of rows that may overwrite others each is compared with those before it.
const MOST_OVERWRITING: usize = 64;

/// Which tables have foreign keys to which. Nothing known: any may refer to any.
#[derive(Default)]
pub(crate) struct References(Option<BTreeSet<(String, String)>>);

impl References {
    pub async fn learn(client: &Client) -> Result<Self, Error> {
        let known = client
            .query(
                "select cast(child.relname as text), cast(parent.relname as text)
                 from pg_constraint
                 join pg_class child on child.oid = pg_constraint.conrelid
                 join pg_class parent on parent.oid = pg_constraint.confrelid
                 where pg_constraint.contype = 'f'",
                &[],
            )
            .await?;
        Ok(Self(Some(known.iter().map(|row| (row.get(0), row.get(1))).collect())))
    }

    fn may_refer(&self, child: &str, parent: &str) -> bool {
        match &self.0 {
            Some(known) => {
                child == parent
                    || known.iter().any(|(from, to)| (from.as_str(), to.as_str()) == (child, parent))
            }
            None => true,
        }
    }
}

/// How many rows a statement has to change.
#[derive(Clone, Copy)]
pub(super) enum Touches {
    Any,
    /// One, or the whole command is refused with this code and run again.
    One(&'static str),
}

pub(super) enum Waits {
    Command(Cow<'static, str>),
    Put { compiled: &'static Compiled, rows: Vec<Vec<Value>>, touches: Touches },
}

pub(super) struct Waiting {
    all: Vec<Waits>,
    references: Arc<References>,
}

impl Waiting {
    pub fn new(references: Arc<References>) -> Self {
        Self { all: Vec::new(), references }
    }

    pub fn clear(&mut self) {
        self.all.clear();
    }

    pub fn take(&mut self) -> Vec<Waits> {
        std::mem::take(&mut self.all)
    }

    pub fn is_empty(&self) -> bool {
        self.all.is_empty()
    }

    pub fn writes(&self) -> bool {
        self.all.iter().any(|waits| matches!(waits, Waits::Put { .. }))
    }

    /// Whether the rows that something changes have to be counted.
    pub fn is_counted(&self) -> bool {
        self.all.iter().any(|waits| matches!(waits, Waits::Put { touches: Touches::One(_), .. }))
    }

    pub fn all(&self) -> impl Iterator<Item = &Waits> {
        self.all.iter()
    }

    pub fn command(&mut self, text: Cow<'static, str>) {
        self.all.push(Waits::Command(text));
    }

    pub fn put(
        &mut self,
        compiled: &'static Compiled,
        given: &[(&'static str, Value)],
        touches: Touches,
    ) -> Result<()> {
        let row: Vec<Value> = in_order(compiled, given)?.into_iter().cloned().collect();
        match compiled.inserted().filter(|_| matches!(touches, Touches::Any)) {
            Some(inserted) => match self.others(compiled, inserted, &row) {
                Some(rows) => rows.push(row),
                None => self.all.push(Waits::Put { compiled, rows: vec![row], touches }),
            },
            None => self.all.push(Waits::Put { compiled, rows: vec![row], touches }),
        }
        Ok(())
    }

    /// The rows with which this one may be put.
    fn others(
        &mut self,
        compiled: &'static Compiled,
        inserted: &Inserted,
        row: &[Value],
    ) -> Option<&mut Vec<Vec<Value>>> {
        for waits in self.all.iter_mut().rev() {
            let Waits::Put { compiled: before, rows, touches: Touches::Any } = waits else { return None };
            if std::ptr::eq(*before, compiled) {
                return has_room(rows, inserted, row).then_some(rows);
            }
            if self.references.may_refer(&inserted.table, &before.inserted()?.table) {
                return None;
            }
        }
        None
    }
}

fn has_room(rows: &[Vec<Value>], inserted: &Inserted, row: &[Value]) -> bool {
    let Some(key) = &inserted.overwrites_by else { return rows.len() < MOST_ROWS };
    let is_same = |other: &Vec<Value>| key.iter().all(|at| other.get(*at) == row.get(*at));
    rows.len() < MOST_OVERWRITING && !rows.iter().any(is_same)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Sql, db::Engine, params, sql};

    fn child() -> &'static Sql {
        sql!("insert into waiting_child (id, parent_id) values (:id, :parent_id)")
    }
    fn parent() -> &'static Sql {
        sql!("insert into waiting_parent (id) values (:id)")
    }
    fn kept() -> &'static Sql {
        sql!(
            "insert into waiting_kept (id, note) values (:id, :note) on conflict (id) do update set note = excluded.note"
        )
    }
    fn changed() -> &'static Sql {
        sql!("update waiting_parent set id = :id")
    }

    /// `parent 1` and so on, put one after the other; what travels, with the number of rows of each.
    fn travels(knows: bool, put: &[(&'static Sql, i64)]) -> Vec<(String, usize)> {
        let known = [("waiting_child".to_owned(), "waiting_parent".to_owned())];
        let references = References(knows.then(|| known.into_iter().collect()));
        let mut waiting = Waiting::new(Arc::new(references));
        for (sql, id) in put {
            let given = params![id: *id, parent_id: *id, note: "note"];
            waiting.put(sql.compiled(Engine::Postgres), given, Touches::Any).expect("waits");
        }
        let told = |waits: &Waits| match waits {
            Waits::Command(text) => (text.to_string(), 0),
            Waits::Put { compiled, rows, .. } => {
                let words = compiled.text.split(' ').find_map(|word| word.strip_prefix("waiting_"));
                (words.unwrap_or_default().to_owned(), rows.len())
            }
        };
        waiting.all().map(told).collect()
    }

    fn expected(told: &[(&str, usize)]) -> Vec<(String, usize)> {
        told.iter().map(|(table, rows)| ((*table).to_owned(), *rows)).collect()
    }

    #[test]
    fn rows_of_two_tables_in_turns_become_two_statements_and_none_comes_before_what_it_refers_to() {
        let in_turns = [(parent(), 1), (child(), 1), (parent(), 2), (child(), 2)];
        assert_eq!(travels(true, &in_turns), expected(&[("parent", 2), ("child", 2)]));
        let child_first = [(child(), 1), (parent(), 2), (child(), 2), (child(), 3)];
        assert_eq!(travels(true, &child_first), expected(&[("child", 1), ("parent", 1), ("child", 2)]));
        assert_eq!(
            travels(false, &in_turns),
            expected(&[("parent", 1), ("child", 1), ("parent", 1), ("child", 1)])
        );
    }

    #[test]
    fn nothing_passes_a_change_and_a_key_stands_in_a_statement_once() {
        let around = [(parent(), 1), (changed(), 5), (parent(), 2)];
        assert_eq!(travels(true, &around), expected(&[("parent", 1), ("parent", 1), ("parent", 1)]));
        let again = [(kept(), 1), (kept(), 2), (parent(), 1), (kept(), 1), (kept(), 3)];
        assert_eq!(travels(true, &again), expected(&[("kept", 2), ("parent", 1), ("kept", 2)]));
    }
}
