//! What a file can be of, and how a row of it goes through the verbs of whoever owns that.

mod customers;
mod orders;
mod products;

use std::collections::BTreeMap;

use takt_kernel::{Fault, Result};
use takt_staff::permit_of;
use takt_store::Tx;

use crate::{columns::Field, import::Import};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    Customers,
    Products,
    Orders,
}

impl Kind {
    pub const ALL: [Self; 3] = [Self::Customers, Self::Products, Self::Orders];

    pub const fn code(self) -> &'static str {
        match self {
            Self::Customers => "customers",
            Self::Products => "products",
            Self::Orders => "orders",
        }
    }

    /// # Errors
    /// `imports.kind_unknown` at its field.
    pub fn from_code(code: &str) -> Result<Self> {
        let known = Self::ALL.into_iter().find(|kind| kind.code() == code);
        known.ok_or_else(|| Fault::field("kind", "imports.kind_unknown"))
    }

    /// What its columns can mean.
    pub const fn fields(self) -> &'static [Field] {
        match self {
            Self::Customers => {
                &[Field::Name, Field::Phone, Field::Email, Field::Company, Field::Address, Field::Note]
            }
            Self::Products => &[
                Field::Sku,
                Field::Product,
                Field::Price,
                Field::Currency,
                Field::Vat,
                Field::Unit,
                Field::Barcode,
                Field::Stock,
            ],
            Self::Orders => &[
                Field::Number,
                Field::Name,
                Field::Phone,
                Field::Email,
                Field::Sku,
                Field::Product,
                Field::Quantity,
                Field::Price,
                Field::Discount,
                Field::Vat,
                Field::Method,
                Field::Address,
                Field::DeliveryPrice,
                Field::Comment,
            ],
        }
    }

    /// Without one of each of these groups no row can be taken in.
    pub const fn needs(self) -> &'static [&'static [Field]] {
        match self {
            Self::Customers => &[&[Field::Phone, Field::Email]],
            Self::Products => &[&[Field::Sku], &[Field::Product], &[Field::Price]],
            Self::Orders => {
                &[&[Field::Number], &[Field::Sku, Field::Product], &[Field::Quantity], &[Field::Price]]
            }
        }
    }

    /// Rows that are read at once: an order with all of its lines has to be among them.
    pub(crate) const fn read_at_once(self) -> i64 {
        match self {
            Self::Customers | Self::Products => 100,
            Self::Orders => 1_100,
        }
    }
}

/// The cells of a row by what they mean; those of one field in the order of their columns.
#[derive(Clone, Debug, Default)]
pub(crate) struct Cells(BTreeMap<Field, Vec<String>>);

impl Cells {
    pub(crate) fn of(mapping: &[Option<Field>], row: &[String]) -> Self {
        let mut cells: BTreeMap<Field, Vec<String>> = BTreeMap::new();
        for (field, cell) in mapping.iter().zip(row) {
            if let Some(field) = field.filter(|_| !cell.trim().is_empty()) {
                cells.entry(field).or_default().push(cell.trim().to_owned());
            }
        }
        Self(cells)
    }

    pub(crate) fn all(&self, field: Field) -> &[String] {
        self.0.get(&field).map_or(&[], Vec::as_slice)
    }

    /// The first cell, or nothing.
    pub(crate) fn one(&self, field: Field) -> &str {
        self.all(field).first().map_or("", String::as_str)
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Outcome {
    New,
    Changed,
    Same,
}

/// What became of a row, and which cells were made even for it.
#[derive(Clone, Debug)]
pub(crate) struct Taken {
    pub outcome: Outcome,
    pub cleaned: Vec<Cleaned>,
}

#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub(crate) struct Cleaned {
    pub field: Field,
    pub from: String,
    pub to: String,
}

/// Notes what was made even of a cell, if that is something else than stood there.
pub(crate) fn note(cleaned: &mut Vec<Cleaned>, field: Field, from: &str, to: &str) {
    if from != to {
        cleaned.push(Cleaned { field, from: from.to_owned(), to: to.to_owned() });
    }
}

/// Takes rows in that belong together, in the name of the person who brought them: one of a customer or a product, all
/// of one order.
pub(crate) fn take_in(tx: &mut Tx<'_>, import: &Import, rows: &[Cells]) -> Result<Taken> {
    let Some(first) = rows.first() else { return Err(Fault::broken("imports.no_rows")) };
    match import.kind {
        Kind::Customers => {
            let permit = permit_of(tx, import.person, import.company)?;
            customers::take_in(tx, &permit, first)
        }
        Kind::Products => {
            let permit = permit_of(tx, import.person, import.company)?;
            products::take_in(tx, &permit, import.person, first)
        }
        Kind::Orders => {
            let permit = permit_of(tx, import.person, import.company)?;
            let shop = import.shop.ok_or_else(|| Fault::field("shop", "imports.shop_required"))?;
            orders::take_in(tx, &permit, shop, rows)
        }
    }
}
