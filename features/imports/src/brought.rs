//! A file that was read comes into the database: some rows in each transaction, and nobody can do anything with it
//! before all of them are there.

use serde_json::json;
use takt_kernel::{CompanyId, Fault, Result, ShopId};
use takt_staff::{Permit, shops};
use takt_store::{About, Db, Query, Tx, params, sql};
use takt_work::timers;

use crate::{
    columns::{self, Mapping},
    facts::{self, Brought},
    import::{self, ImportId, State},
    kinds::Kind,
    rights::BringFiles,
    rows,
    sheet::Sheet,
    verbs::{FORGET, set_state},
};

/// Rows that are written in one transaction.
const AT_ONCE: usize = 1_000;
/// A file that nobody takes in is kept no longer.
const KEPT_SECONDS: i64 = 30 * 24 * 3_600;
const LONGEST_NAME: usize = 200;

/// A file that was read.
#[derive(Clone, Debug)]
pub struct New {
    pub kind: Kind,
    /// Whose orders they are.
    pub shop: Option<ShopId>,
    pub file_name: String,
    pub sheet: Sheet,
}

/// Keeps a file that was read, with what its columns most likely mean, for a month at most. Whoever ends in between
/// leaves one that did not arrive whole.
///
/// # Errors
/// `imports.shop_required` for orders without a shop.
pub async fn bring(db: &Db, permit: &Permit<BringFiles>, new: New) -> Result<ImportId> {
    let guessed = columns::guess(new.kind, &new.sheet);
    let New { kind, shop, file_name, sheet: Sheet { columns, rows: cells } } = new;
    let named: String = file_name.chars().filter(|sign| !sign.is_control()).take(LONGEST_NAME).collect();
    let (permit, whole, count) = (permit.clone(), permit.clone(), cells.len());
    let id = db
        .write("imports.bring", move |tx| {
            let new = Begun { kind, shop, named: &named, columns: &columns, guessed: &guessed, rows: count };
            begin(tx, &permit, &new)
        })
        .await;
    let (company, id) = id?;
    let mut n = 0_i64;
    for chunk in cells.chunks(AT_ONCE) {
        let numbered: Vec<(i64, Vec<String>)> = chunk
            .iter()
            .map(|row| {
                n += 1;
                (n, row.clone())
            })
            .collect();
        db.write("imports.rows", move |tx| rows::add(tx, company, id, &numbered)).await?;
    }
    db.write("imports.brought", move |tx| is_whole(tx, &whole, id, kind, count)).await?;
    Ok(id)
}

/// Until every row is there nobody can do anything with the file but throw it away.
fn is_whole(
    tx: &mut Tx<'_>,
    permit: &Permit<BringFiles>,
    id: ImportId,
    kind: Kind,
    rows: usize,
) -> Result<()> {
    let company = permit.company();
    import::still_coming(tx, company, id)?;
    set_state(tx, company, id, State::Mapping)?;
    let rows = i64::try_from(rows).map_err(|_| Fault::invalid("imports.too_many_rows"))?;
    let fact = Brought { kind: kind.code().to_owned(), rows };
    tx.say(About::new(company, facts::subject(id), permit.actor()), &fact)
}

struct Begun<'b> {
    kind: Kind,
    shop: Option<ShopId>,
    named: &'b str,
    columns: &'b [String],
    guessed: &'b Mapping,
    rows: usize,
}

fn begin(tx: &mut Tx<'_>, permit: &Permit<BringFiles>, new: &Begun<'_>) -> Result<(CompanyId, ImportId)> {
    let company = permit.company();
    let person = permit.actor().person().ok_or_else(|| Fault::denied("imports.not_a_person"))?;
    let shop = match (new.kind, new.shop) {
        (Kind::Orders, None) => return Err(Fault::field("shop", "imports.shop_required")),
        (Kind::Orders, Some(shop)) => {
            permit.reaches_shop(shop)?;
            Some(shops::get(tx, company, shop)?.id)
        }
        (Kind::Customers | Kind::Products, _) => None,
    };
    let id: ImportId = tx.new_id();
    let now = tx.now();
    let shape = columns::shape_of(new.columns);
    let known = if shape.is_empty() { None } else { remembered(tx, company, new.kind, &shape)? };
    let mapping =
        known.filter(|known| known.len() == new.columns.len()).unwrap_or_else(|| new.guessed.clone());
    let count = i64::try_from(new.rows).map_err(|_| Fault::invalid("imports.too_many_rows"))?;
    tx.put(
        sql!(
            "insert into sheet_import (company_id, id, kind, shop_id, file_name, shape, columns, mapping, state, person_id,
               row_count, done, new_count, changed_count, same_count, refused_count, created_at)
             values (:company_id, :id, :kind, :shop_id, :file_name, :shape, :columns, :mapping, 'coming', :person_id,
               :row_count, 0, 0, 0, 0, 0, :now)"
        ),
        params![
            company_id: company, id: id, kind: new.kind.code(), shop_id: shop, file_name: new.named, shape: shape,
            columns: rows::json(&new.columns)?, mapping: rows::json(&mapping)?, person_id: person,
            row_count: count, now: now,
        ],
    )?;
    let forgotten = now.plus_seconds(KEPT_SECONDS);
    timers::set(tx, company, FORGET, &id.to_string(), facts::subject(id), forgotten, &json!({}))?;
    Ok((company, id))
}

fn remembered(db: &mut dyn Query, company: CompanyId, kind: Kind, shape: &str) -> Result<Option<Mapping>> {
    db.opt(
        sql!(
            "select mapping
             from sheet_mapping
             where company_id = :company_id and kind = :kind and shape = :shape"
        ),
        params![company_id: company, kind: kind.code(), shape: shape],
    )?
    .map(|row| row.json("mapping"))
    .transpose()
}
