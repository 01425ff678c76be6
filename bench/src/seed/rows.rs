//! The rows of the template, taken apart into what stays and what differs from copy to copy.

use std::{
    collections::{BTreeMap, BTreeSet},
    path::Path,
};

use anyhow::{Context, Result, ensure};
use rusqlite::{Connection, types::Value};

use super::{
    TEMPLATE,
    template::{FIRST_ID, number, phone},
};

/// Rebuilt or left behind: see [`super::sums`] and the program itself.
const NOT_COPIED: &[&str] = &[
    "migration",
    "job",
    "order_count",
    "order_count_change",
    // Reports say that they are being filled.
    "slice_order",
    "slice_line",
    "slice_sum",
    "slice_pending",
    "slice_work",
    "search_segment",
    "search_gram",
    // The chain of the journal and what is computed from it.
    "journal_seal",
    "journal_head",
    "journal_balance",
    "account_entry",
];
/// What lists, searches and the API's answers read of an order. Of old orders in a very large database
/// only this is written: with its whole history an order takes five times the place.
const LEAN: &[&str] = &[
    "customer",
    "customer_identity",
    "invoice",
    "order_intake",
    "order_line",
    "order_word",
    "orders",
    "search_tail",
    "search_text",
];
/// Databases with fewer copies are held to what is really made, which takes long.
pub const CHECKED: u64 = 1_000;
/// The orders of the template take fewer ids.
const MOST_IDS: i64 = 1_000_000_000;
/// Subjects are spread over this many lanes by their ids: a copy stays in its lane.
const LANES: i64 = 4;
/// From 2017 to 2049.
const MOMENTS: std::ops::Range<i64> = 1_500_000_000_000_000..2_500_000_000_000_000;
const DAY: i64 = 86_400 * 1_000_000;

/// How copies are spread over time, and how many of the youngest have their whole history.
#[derive(Clone, Copy, Debug)]
pub struct Filling {
    pub name: &'static str,
    span: i64,
    whole: u64,
}

impl Filling {
    /// A hundred thousand orders have their whole history.
    pub const YEARS: Self = Self { name: "orders", span: 2 * 365 * DAY, whole: 1_000 };
    /// No older than four weeks, so that thirty days hold all of them.
    pub const MONTH: Self = Self { name: "month", span: 28 * DAY, whole: u64::MAX };
}

#[derive(Clone, Debug, PartialEq)]
pub enum Cell {
    Fixed(Value),
    Id(i64),
    Moment(i64),
    /// The place among the template's own facts.
    Position(i64),
    Text(Vec<Piece>),
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Piece {
    Literal(String),
    Id(i64),
    Moment(i64),
    /// The digits of an order's number.
    Number(u64),
    /// The digits of an invoice's number: letters before them, serial.
    Reference(String, u64),
    /// The last so many digits of an order's phone.
    Phone(u64, usize),
}

#[derive(Debug)]
pub struct Table {
    pub name: String,
    pub columns: Vec<String>,
    /// Places of the primary key's columns.
    pub key: Vec<usize>,
    /// Rows of the desk, and of the orders where no copy of them could be told apart.
    pub shared: Vec<Vec<Value>>,
    pub own: Vec<Vec<Cell>>,
}

#[derive(Debug)]
pub struct Template {
    pub tables: Vec<Table>,
    stride: i64,
    last_position: i64,
    facts: i64,
    filling: Filling,
}

impl Template {
    pub fn read(file: &Path, filling: Filling) -> Result<Self> {
        let connection = Connection::open(file)?;
        let names: Vec<String> = connection
            .prepare("select name from sqlite_schema where type = 'table' and name not like 'sqlite_%' order by name")?
            .query_map([], |row| row.get(0))?
            .collect::<rusqlite::Result<_>>()?;
        let marks = Marks::of(&connection)?;
        let mut tables = Vec::new();
        for name in names.into_iter().filter(|name| !NOT_COPIED.contains(&name.as_str())) {
            tables.push(marks.table(&connection, name)?);
        }
        let ids = tables.iter().flat_map(|table| table.own.iter().flatten()).filter_map(|cell| match cell {
            Cell::Id(id) => Some(*id),
            _ => None,
        });
        let used = ids.max().context("the template has no orders")? - FIRST_ID + 1;
        let last_position =
            connection
                .query_row("select coalesce(max(position), 0) from fact_position", [], |row| row.get(0))?;
        let facts =
            tables.iter().find(|table| table.name == "fact_position").map_or(0, |table| table.own.len());
        Ok(Self {
            tables,
            stride: (used + LANES) / LANES * LANES,
            last_position,
            facts: i64::try_from(facts)?,
            filling,
        })
    }

    /// How one of `copies` differs; the first is the youngest.
    pub fn copy(&self, number: u64, copies: u64) -> Result<Copy> {
        let is_lean = number >= self.filling.whole;
        let (number, copies) = (i64::try_from(number)?, i64::try_from(copies)?);
        Ok(Copy {
            ids_back: number * self.stride,
            time_back: self.filling.span / (copies + 1) * number,
            first_position: self.last_position + 1 + (copies - number) * self.facts,
            orders_on: u64::try_from(number)? * TEMPLATE,
            is_lean,
        })
    }
}

#[derive(Clone, Copy, Debug)]
pub struct Copy {
    ids_back: i64,
    time_back: i64,
    first_position: i64,
    orders_on: u64,
    is_lean: bool,
}

impl Copy {
    pub fn value(&self, cell: &Cell) -> Value {
        match cell {
            Cell::Fixed(value) => value.clone(),
            Cell::Id(id) => Value::Integer(id - self.ids_back),
            Cell::Moment(moment) => Value::Integer(moment - self.time_back),
            Cell::Position(rank) => Value::Integer(self.first_position + rank),
            Cell::Text(pieces) => Value::Text(self.text(pieces)),
        }
    }

    fn text(&self, pieces: &[Piece]) -> String {
        use std::fmt::Write;
        let mut text = String::new();
        for piece in pieces {
            // Writing into a string cannot fail.
            let _ = match piece {
                Piece::Literal(literal) => text.write_str(literal),
                Piece::Id(id) => write!(text, "{}", id - self.ids_back),
                Piece::Moment(moment) => write!(text, "{}", moment - self.time_back),
                Piece::Number(n) => text.write_str(&number(n + self.orders_on)[1..]),
                Piece::Reference(letters, serial) => {
                    text.write_str(&reference_digits(letters, serial + self.orders_on))
                }
                Piece::Phone(n, digits) => {
                    let phone = phone(n + self.orders_on);
                    text.write_str(&phone[phone.len() - digits..])
                }
            };
        }
        text
    }
}

/// What is told by what.
struct Marks {
    phones: BTreeMap<String, u64>,
    /// Orders by their ids: which number they have.
    orders: BTreeMap<i64, u64>,
    /// Invoices by the digits of their numbers: letters and serial.
    references: BTreeMap<String, (String, u64)>,
}

impl Marks {
    fn of(connection: &Connection) -> Result<Self> {
        let mut orders = BTreeMap::new();
        let mut known = connection.prepare("select id, number from orders")?;
        let mut rows = known.query([])?;
        while let Some(row) = rows.next()? {
            let text: String = row.get(1)?;
            if let Some(n) = text.strip_prefix('T').and_then(|digits| digits.parse().ok()) {
                orders.insert(row.get(0)?, n);
            }
        }
        let mut references = BTreeMap::new();
        let mut known = connection.prepare("select reference from invoice")?;
        for reference in known.query_map([], |row| row.get::<_, String>(0))? {
            let reference = reference?;
            let (letters, digits) =
                reference.split_at(reference.find(|letter: char| letter.is_ascii_digit()).unwrap_or(0));
            let serial = digits.get(..digits.len().saturating_sub(2)).and_then(|serial| serial.parse().ok());
            let serial = serial.with_context(|| format!("the invoice number {reference}"))?;
            ensure!(
                reference_digits(letters, serial) == digits,
                "numbers of invoices are made differently now: {reference}"
            );
            references.insert(digits.to_owned(), (letters.to_owned(), serial));
        }
        Ok(Self { phones: (0..TEMPLATE).map(|n| (phone(n), n)).collect(), orders, references })
    }

    fn table(&self, connection: &Connection, name: String) -> Result<Table> {
        let mut info = connection.prepare("select name, pk from pragma_table_info(?1) order by cid")?;
        let columns: Vec<(String, i64)> = info
            .query_map([&name], |row| Ok((row.get(0)?, row.get(1)?)))?
            .collect::<rusqlite::Result<_>>()?;
        let mut key: Vec<usize> = (0..columns.len()).filter(|index| columns[*index].1 > 0).collect();
        key.sort_by_key(|index| columns[*index].1);
        let columns: Vec<String> = columns.into_iter().map(|(name, _)| name).collect();
        let mut table = Table { name, columns, key, shared: Vec::new(), own: Vec::new() };
        let list = table.columns.join(", ");
        let order = if table.key.is_empty() { "1".to_owned() } else { table.key_columns().join(", ") };
        let mut all = connection.prepare(&format!("select {list} from {} order by {order}", table.name))?;
        let mut rows = all.query([])?;
        while let Some(row) = rows.next()? {
            let values: Vec<Value> =
                (0..table.columns.len()).map(|index| row.get(index)).collect::<rusqlite::Result<_>>()?;
            let cells = self.cells(&table, &values);
            if is_own(&table, &cells, &values) { table.own.push(cells) } else { table.shared.push(values) }
        }
        Ok(table)
    }

    fn cells(&self, table: &Table, values: &[Value]) -> Vec<Cell> {
        let at = |name: &str| table.columns.iter().position(|column| column == name);
        let order = at("order_id").and_then(|index| match values[index] {
            Value::Integer(id) => self.orders.get(&id).copied(),
            _ => None,
        });
        let position = if table.name == "fact_position" { at("position") } else { None };
        let rank = i64::try_from(table.own.len()).unwrap_or(i64::MAX);
        let cell = |(index, value): (usize, &Value)| match value {
            Value::Integer(_) if Some(index) == position => Cell::Position(rank),
            Value::Integer(number) if is_id(*number) => Cell::Id(*number),
            Value::Integer(number) if MOMENTS.contains(number) => Cell::Moment(*number),
            Value::Text(text) => self.text(text, order),
            _ => Cell::Fixed(value.clone()),
        };
        values.iter().enumerate().map(cell).collect()
    }

    fn text(&self, text: &str, order: Option<u64>) -> Cell {
        if let Some(n) = order
            && text.len() >= 4
            && text.bytes().all(|byte| byte.is_ascii_digit())
            && phone(n).ends_with(text)
        {
            return Cell::Text(vec![Piece::Phone(n, text.len())]);
        }
        let mut pieces = Vec::new();
        let mut literal = String::new();
        let mut rest = text;
        while let Some(start) = rest.find(|letter: char| letter.is_ascii_digit()) {
            let (before, from) = rest.split_at(start);
            let end = from.find(|letter: char| !letter.is_ascii_digit()).unwrap_or(from.len());
            let (digits, after) = from.split_at(end);
            literal.push_str(before);
            let (kept, piece) = self.digits(before, digits);
            literal.push_str(kept);
            if let Some(piece) = piece {
                pieces.push(Piece::Literal(std::mem::take(&mut literal)));
                pieces.push(piece);
            }
            rest = after;
        }
        if pieces.is_empty() {
            return Cell::Fixed(Value::Text(text.to_owned()));
        }
        literal.push_str(rest);
        pieces.push(Piece::Literal(literal));
        pieces.retain(|piece| *piece != Piece::Literal(String::new()));
        Cell::Text(pieces)
    }

    /// What of a run of digits stays, and what differs behind it.
    fn digits<'d>(&self, before: &str, digits: &'d str) -> (&'d str, Option<Piece>) {
        let value: Option<i64> = digits.parse().ok();
        if let Some(id) = value.filter(|value| is_id(*value)) {
            return ("", Some(Piece::Id(id)));
        }
        if let Some(moment) = value.filter(|value| MOMENTS.contains(value)) {
            return ("", Some(Piece::Moment(moment)));
        }
        if before.ends_with(['T', 't'])
            && digits.len() == number(0).len() - 1
            && let Ok(n) = digits.parse::<u64>()
            && n < TEMPLATE
        {
            return ("", Some(Piece::Number(n)));
        }
        if let Some((letters, serial)) = self.references.get(digits) {
            return ("", Some(Piece::Reference(letters.clone(), *serial)));
        }
        if let Some(start) = digits.len().checked_sub(10)
            && start <= 1
            && let Some(n) = self.phones.get(&digits[start..])
        {
            return (&digits[..start], Some(Piece::Phone(*n, 10)));
        }
        (digits, None)
    }
}

/// Serial and check digits (ISO 7064, modulo 97), as the payments feature makes them.
fn reference_digits(letters: &str, serial: u64) -> String {
    let serial = format!("{serial:06}");
    let rest = letters
        .chars()
        .chain(serial.chars())
        .chain("00".chars())
        .filter_map(|letter| letter.to_digit(36))
        .fold(0, |rest, value| (rest * if value < 10 { 10 } else { 100 } + value) % 97);
    format!("{serial}{:02}", 98 - rest)
}

fn is_id(number: i64) -> bool {
    (FIRST_ID..FIRST_ID + MOST_IDS).contains(&number)
}

/// Whether copies of the row can stand beside it. What is said of a subject that all orders share
/// belongs to nobody's copy.
fn is_own(table: &Table, cells: &[Cell], values: &[Value]) -> bool {
    let differs = |cell: &Cell| !matches!(cell, Cell::Fixed(_) | Cell::Moment(_));
    let of_shared_subject = table
        .columns
        .iter()
        .position(|column| column == "subject_id")
        .is_some_and(|index| matches!(values[index], Value::Integer(id) if !is_id(id)));
    !of_shared_subject
        && table.name != "number_block"
        && (if table.key.is_empty() {
            cells.iter().any(differs)
        } else {
            table.key.iter().any(|index| differs(&cells[*index]))
        })
}

impl Table {
    pub fn key_columns(&self) -> Vec<&str> {
        self.key.iter().map(|index| self.columns[*index].as_str()).collect()
    }

    /// Whether copies do not come in the order of the key: one of its texts differs.
    pub fn wants_sorting(&self) -> bool {
        let texts: BTreeSet<usize> = self
            .own
            .iter()
            .flat_map(|cells| {
                self.key.iter().filter(|index| matches!(cells[**index], Cell::Text(_))).copied()
            })
            .collect();
        !texts.is_empty()
    }

    /// The rows of several copies, the oldest first, in the order of the key.
    pub fn rows(&self, copies: &[Copy]) -> Vec<Vec<Value>> {
        let mut rows: Vec<Vec<Value>> = Vec::with_capacity(copies.len() * self.own.len());
        let is_lean = LEAN.contains(&self.name.as_str());
        for copy in copies.iter().filter(|copy| is_lean || !copy.is_lean) {
            rows.extend(self.own.iter().map(|cells| cells.iter().map(|cell| copy.value(cell)).collect()));
        }
        if self.wants_sorting() {
            rows.sort_by(|one, other| {
                let differing = self.key.iter().map(|index| compare(&one[*index], &other[*index]));
                differing.fold(std::cmp::Ordering::Equal, std::cmp::Ordering::then)
            });
        }
        rows
    }
}

fn compare(one: &Value, other: &Value) -> std::cmp::Ordering {
    match (one, other) {
        (Value::Integer(one), Value::Integer(other)) => one.cmp(other),
        (Value::Text(one), Value::Text(other)) => one.cmp(other),
        (Value::Blob(one), Value::Blob(other)) => one.cmp(other),
        _ => std::cmp::Ordering::Equal,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_differs_is_found_in_texts() {
        let marks = Marks {
            phones: BTreeMap::from([(phone(7), 7)]),
            orders: BTreeMap::new(),
            references: BTreeMap::new(),
        };
        let id = FIRST_ID + 17;
        let text = format!(
            "{{\"line\":{id},\"number\":\"{}\",\"phone\":\"+7{}\",\"units\":\"3\"}}",
            number(7),
            phone(7)
        );
        let cell = marks.text(&text, None);
        let same = Copy { ids_back: 0, time_back: 0, first_position: 0, orders_on: 0, is_lean: false };
        assert_eq!(same.value(&cell), Value::Text(text.clone()));
        let copy = Copy { ids_back: 100, time_back: 5, first_position: 0, orders_on: 200, is_lean: false };
        let expected = format!(
            "{{\"line\":{},\"number\":\"{}\",\"phone\":\"+7{}\",\"units\":\"3\"}}",
            id - 100,
            number(207),
            phone(207)
        );
        assert_eq!(copy.value(&cell), Value::Text(expected));
        assert_eq!(marks.text("three 3", None), Cell::Fixed(Value::Text("three 3".to_owned())));
    }

    #[test]
    fn invoices_get_numbers_that_check() {
        assert_eq!(reference_digits("TX", 1), "00000175");
        assert_eq!(reference_digits("TX", 8), "00000854");
        assert!(reference_digits("TX", 10_000_000).starts_with("10000000"));
    }

    #[test]
    fn the_last_digits_of_a_phone_are_those_of_the_copy() {
        let marks = Marks { phones: BTreeMap::new(), orders: BTreeMap::new(), references: BTreeMap::new() };
        let cell = marks.text(&phone(7)[5..], Some(7));
        assert_eq!(cell, Cell::Text(vec![Piece::Phone(7, 5)]));
        assert_eq!(marks.text("12345", Some(7)), Cell::Fixed(Value::Text("12345".to_owned())));
    }
}
