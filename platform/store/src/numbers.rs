//! Ids and document numbers, handed out from blocks so that no command waits for a counter row.
//! A restart or a rollback leaves gaps; nothing is ever handed out twice.

use std::{
    collections::BTreeMap,
    ops::Range,
    sync::{Mutex, PoisonError},
};

use crate::{Sql, sql};

/// Ids reserved at once, and how many must be left when a transaction begins.
pub(crate) const ID_BLOCK: i64 = 16_384;
pub(crate) const ID_RESERVE: i64 = 8_192;
/// Document numbers reserved at once on PostgreSQL.
pub(crate) const NUMBER_BLOCK: i64 = 20;

pub(crate) const ID_NAME: &str = "id";

pub(crate) fn take_block() -> &'static Sql {
    sql!(
        "insert into number_block (company_id, name, taken_until)
         values (:company_id, :name, :count)
         on conflict (company_id, name) do update set taken_until = number_block.taken_until + :count
         returning taken_until"
    )
}

/// What this process may still hand out.
#[derive(Default)]
pub(crate) struct Numbers {
    ids: Mutex<Range<i64>>,
    documents: Mutex<BTreeMap<(i64, String), Range<i64>>>,
}

impl Numbers {
    pub fn ids_left(&self) -> i64 {
        let ids = self.ids.lock().unwrap_or_else(PoisonError::into_inner);
        ids.end - ids.start
    }

    /// Takes over a block that ends at `taken_until`; what is left of the old one is dropped.
    pub fn refill_ids(&self, taken_until: i64) {
        *self.ids.lock().unwrap_or_else(PoisonError::into_inner) =
            taken_until - ID_BLOCK + 1..taken_until + 1;
    }

    pub fn next_id(&self) -> Option<i64> {
        self.ids.lock().unwrap_or_else(PoisonError::into_inner).next()
    }

    pub fn next_document(&self, company: i64, name: &str) -> Option<i64> {
        let mut documents = self.documents.lock().unwrap_or_else(PoisonError::into_inner);
        documents.get_mut(&(company, name.to_owned()))?.next()
    }

    /// Takes over a block of document numbers and hands out its first.
    pub fn refill_documents(&self, company: i64, name: &str, taken_until: i64) -> i64 {
        let first = taken_until - NUMBER_BLOCK + 1;
        let mut documents = self.documents.lock().unwrap_or_else(PoisonError::into_inner);
        documents.insert((company, name.to_owned()), first + 1..taken_until + 1);
        first
    }
}
