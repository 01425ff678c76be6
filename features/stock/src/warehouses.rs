//! Warehouses of a company, in the order in which they are asked for goods. Every company has at
//! least one in use: the first is made when it is needed, and the last cannot be archived.

use takt_kernel::{Actor, CompanyId, Fault, Result};
use takt_staff::Permit;
use takt_store::{About, Change, Query, Row, Tx, params, sql};
use takt_ui::Words;

use crate::{
    ManageWarehouses, WarehouseId,
    facts::{self, WarehouseAdded, WarehouseEdited},
};

const LONGEST_NAME: usize = 100;
/// The name of the warehouse every company has; screens call it in their own language.
const MAIN: &str = "";

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Warehouse {
    pub company: CompanyId,
    pub id: WarehouseId,
    /// Empty for the one that every company has, until somebody names it.
    pub name: String,
    /// Smaller is asked for goods first.
    pub place: i64,
    pub archived: bool,
}

impl Warehouse {
    pub fn shown(&self, w: &Words) -> String {
        if self.name.is_empty() { w.t("stock-main-warehouse") } else { self.name.clone() }
    }

    fn read(row: &Row) -> Result<Self> {
        Ok(Self {
            company: row.get("company_id")?,
            id: row.get("id")?,
            name: row.get("name")?,
            place: row.get("place")?,
            archived: row.get("archived")?,
        })
    }
}

/// All of a company, those in use first.
///
/// # Errors
/// Faults of the store.
pub fn list(db: &mut dyn Query, company: CompanyId) -> Result<Vec<Warehouse>> {
    let rows = db.all(
        sql!(
            "select company_id, id, name, place, archived
             from warehouse
             where company_id = :company_id
             order by archived, place, id
             limit 1000"
        ),
        params![company_id: company],
    )?;
    rows.iter().map(Warehouse::read).collect()
}

/// # Errors
/// `stock.warehouse_missing`.
pub fn get(db: &mut dyn Query, company: CompanyId, id: WarehouseId) -> Result<Warehouse> {
    list(db, company)?
        .into_iter()
        .find(|warehouse| warehouse.id == id)
        .ok_or_else(|| missing(&id.to_string()))
}

/// # Errors
/// `stock.warehouse_missing`.
pub fn by_name_or_id(db: &mut dyn Query, company: CompanyId, given: &str) -> Result<Warehouse> {
    let given = given.trim();
    let all = list(db, company)?;
    let by_id = given.parse::<WarehouseId>().ok();
    all.iter()
        .find(|warehouse| Some(warehouse.id) == by_id)
        .or_else(|| all.iter().find(|warehouse| warehouse.name == given))
        .cloned()
        .ok_or_else(|| missing(given))
}

fn missing(given: &str) -> Fault {
    Fault::missing("stock.warehouse_missing").arg("given", given)
}

/// The one that is meant when none is named: the first in use, made when there is none yet.
///
/// # Errors
/// Faults of the store.
pub fn main(tx: &mut Tx, company: CompanyId, actor: &Actor) -> Result<Warehouse> {
    if let Some(first) = list(tx, company)?.into_iter().find(|warehouse| !warehouse.archived) {
        return Ok(first);
    }
    insert(tx, company, MAIN, 1, actor)
}

/// The named one, or the main one.
///
/// # Errors
/// `stock.warehouse_missing`, `stock.warehouse_archived`.
pub(crate) fn chosen(
    tx: &mut Tx,
    company: CompanyId,
    id: Option<WarehouseId>,
    actor: &Actor,
) -> Result<Warehouse> {
    let Some(id) = id else { return main(tx, company, actor) };
    let warehouse = get(tx, company, id)?;
    if warehouse.archived { Err(Fault::conflict("stock.warehouse_archived")) } else { Ok(warehouse) }
}

fn insert(tx: &mut Tx, company: CompanyId, name: &str, place: i64, actor: &Actor) -> Result<Warehouse> {
    let id: WarehouseId = tx.new_id();
    let now = tx.now();
    // Two nodes that make the same one at once: the second is refused by the engine and runs again.
    tx.put(
        sql!(
            "insert into warehouse (company_id, id, name, place, archived, created_at)
             values (:company_id, :id, :name, :place, :archived, :now)
             on conflict (company_id, name) do nothing"
        ),
        params![company_id: company, id: id, name: name, place: place, archived: false, now: now],
    )?;
    let about = About::new(company, facts::of_warehouse(id), actor);
    tx.say(about, &WarehouseAdded { name: name.to_owned() })?;
    Ok(Warehouse { company, id, name: name.to_owned(), place, archived: false })
}

/// Adds one behind the others.
///
/// # Errors
/// Field faults `stock.name_required`, `stock.too_long`, `stock.name_taken`.
pub fn add(tx: &mut Tx, permit: &Permit<ManageWarehouses>, name: &str) -> Result<WarehouseId> {
    let company = permit.company();
    main(tx, company, permit.actor())?;
    let all = list(tx, company)?;
    let name = checked_name(&all, None, name)?;
    let place = all.iter().map(|warehouse| warehouse.place).max().unwrap_or_default() + 1;
    Ok(insert(tx, company, &name, place, permit.actor())?.id)
}

/// Renames one, and says when it is asked for goods.
///
/// # Errors
/// As [`add`]; `stock.warehouse_missing`.
pub fn edit(
    tx: &mut Tx,
    permit: &Permit<ManageWarehouses>,
    id: WarehouseId,
    name: &str,
    place: i64,
) -> Result<()> {
    let before = get(tx, permit.company(), id)?;
    let all = list(tx, permit.company())?;
    let keeps_its_name = name.trim().is_empty() && before.name == MAIN;
    let name = if keeps_its_name { MAIN.to_owned() } else { checked_name(&all, Some(id), name)? };
    write(tx, permit, &before, Warehouse { name, place: place.clamp(1, 1_000_000), ..before.clone() })
}

/// Takes one out of use; it has to be empty.
///
/// # Errors
/// `stock.warehouse_not_empty`, `stock.warehouse_last`, `stock.warehouse_missing`.
pub fn archive(tx: &mut Tx, permit: &Permit<ManageWarehouses>, id: WarehouseId) -> Result<()> {
    let before = get(tx, permit.company(), id)?;
    let row = tx.opt(
        sql!(
            "select offer_id
             from stock_level
             where company_id = :company_id and warehouse_id = :warehouse_id and (on_hand <> 0 or held <> 0)
             order by offer_id
             limit 1"
        ),
        params![company_id: permit.company(), warehouse_id: id],
    )?;
    if row.is_some() {
        return Err(Fault::conflict("stock.warehouse_not_empty"));
    }
    let in_use = list(tx, permit.company())?.iter().filter(|warehouse| !warehouse.archived).count();
    if in_use < 2 && !before.archived {
        return Err(Fault::conflict("stock.warehouse_last"));
    }
    write(tx, permit, &before, Warehouse { archived: true, ..before.clone() })
}

/// # Errors
/// `stock.warehouse_missing`.
pub fn restore(tx: &mut Tx, permit: &Permit<ManageWarehouses>, id: WarehouseId) -> Result<()> {
    let before = get(tx, permit.company(), id)?;
    write(tx, permit, &before, Warehouse { archived: false, ..before.clone() })
}

fn write(tx: &mut Tx, permit: &Permit<ManageWarehouses>, before: &Warehouse, after: Warehouse) -> Result<()> {
    let changes: Vec<Change> = [
        Change::if_any("name", &before.name, &after.name),
        Change::if_any("place", &before.place.to_string(), &after.place.to_string()),
        Change::if_any("archived", &before.archived.to_string(), &after.archived.to_string()),
    ]
    .into_iter()
    .flatten()
    .collect();
    if changes.is_empty() {
        return Ok(());
    }
    tx.put(
        sql!(
            "update warehouse
             set name = :name, place = :place, archived = :archived
             where company_id = :company_id and id = :id"
        ),
        params![
            name: &after.name, place: after.place, archived: after.archived, company_id: after.company,
            id: after.id,
        ],
    )?;
    let fact = WarehouseEdited { name: after.name, archived: after.archived };
    let about = About::new(after.company, facts::of_warehouse(after.id), permit.actor());
    tx.say_changes(about, &fact, changes)
}

fn checked_name(all: &[Warehouse], own: Option<WarehouseId>, given: &str) -> Result<String> {
    let name = given.split_whitespace().collect::<Vec<_>>().join(" ");
    if name.is_empty() {
        return Err(Fault::field("name", "stock.name_required"));
    }
    if name.chars().count() > LONGEST_NAME {
        return Err(Fault::field("name", "stock.too_long"));
    }
    if all.iter().any(|other| other.name == name && Some(other.id) != own) {
        return Err(Fault::field("name", "stock.name_taken"));
    }
    Ok(name)
}
