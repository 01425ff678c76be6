//! Where a page begins: behind or before an order, by the key of the list's order and the id.

use takt_kernel::{Fault, Result};

use super::list::Sort;
use crate::{order::Order, rows::turn_value};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Cursor {
    pub key: i64,
    pub id: i64,
    /// The page before this order, not the one behind it.
    pub back: bool,
}

impl Cursor {
    pub fn of(order: &Order, sort: Sort, back: bool) -> Self {
        let key = match sort {
            Sort::Newest => order.placed_at.micros(),
            Sort::Promise => turn_value(order),
        };
        Self { key, id: order.id.get(), back }
    }

    /// In lists of what was found the newest have the highest ids.
    pub fn of_id(id: i64, back: bool) -> Self {
        Self { key: id, id, back }
    }

    /// Whether a list's keys grow in the direction in which the page is read.
    pub fn reads_upwards(sort: Sort, cursor: Option<Self>) -> bool {
        let back = cursor.is_some_and(|cursor| cursor.back);
        match sort {
            Sort::Newest => back,
            Sort::Promise => !back,
        }
    }

    pub fn to_text(self, sort: Sort) -> String {
        format!("{}{}-{}", letter(sort, self.back), self.key, self.id)
    }

    pub fn parse(text: &str, sort: Sort) -> Result<Self> {
        [false, true]
            .into_iter()
            .find_map(|back| {
                let (key, id) = text.strip_prefix(letter(sort, back))?.rsplit_once('-')?;
                Some(Self { key: key.parse().ok()?, id: id.parse().ok()?, back })
            })
            .ok_or_else(|| Fault::field("cursor", "orders.cursor_unreadable"))
    }
}

fn letter(sort: Sort, back: bool) -> &'static str {
    match (sort, back) {
        (Sort::Newest, false) => "n",
        (Sort::Newest, true) => "N",
        (Sort::Promise, false) => "p",
        (Sort::Promise, true) => "P",
    }
}

/// A page out of what was read: in the order of the list, with the ways on and back.
pub(super) struct Cut<T> {
    pub items: Vec<T>,
    pub next: Option<Cursor>,
    pub previous: Option<Cursor>,
}

/// Cuts what was read from the cursor on, one longer than the page when there is more.
pub(super) fn cut<T>(
    mut read: Vec<T>,
    limit: usize,
    cursor: Option<Cursor>,
    place: impl Fn(&T, bool) -> Cursor,
) -> Cut<T> {
    let more = read.len() > limit;
    read.truncate(limit);
    let back = cursor.is_some_and(|cursor| cursor.back);
    if back {
        read.reverse();
    }
    let (goes_on, goes_back) = if back { (true, more) } else { (more, cursor.is_some()) };
    let next = read.last().filter(|_| goes_on).map(|last| place(last, false));
    let previous = read.first().filter(|_| goes_back).map(|first| place(first, true));
    Cut { items: read, next, previous }
}
