//! Shops: where a company's orders come from. A shop has one currency, and so has each order.

use takt_kernel::{CompanyId, Fault, Result, ShopId, fold, money::Currency};
use takt_store::{Change, Query, Row, Tx, params, sql};

use crate::{
    companies::{self, OrganisationKind},
    facts::{self, ShopCreated, ShopRenamed},
    input::required_name,
    rights::{Permit, own::ManageCompany},
};

#[derive(Clone, Debug)]
pub struct Shop {
    pub id: ShopId,
    pub company: CompanyId,
    pub name: String,
    pub currency: Currency,
}

#[derive(Clone, Debug)]
pub struct NewShop {
    pub name: String,
    /// The company's own when none is named.
    pub currency: Option<Currency>,
}

/// # Errors
/// `staff.name_required`, `staff.shop_name_taken`, `staff.desk_has_no_shops`.
pub fn create(tx: &mut Tx<'_>, permit: &Permit<ManageCompany>, new: &NewShop) -> Result<ShopId> {
    let name = required_name(&new.name)?;
    let company = companies::get(tx, permit.company())?;
    if company.kind == OrganisationKind::Desk {
        return Err(Fault::conflict("staff.desk_has_no_shops"));
    }
    let currency = new.currency.unwrap_or(company.currency);
    let id = tx.new_id();
    let added = tx.execute(
        sql!(
            "insert into shop (company_id, id, name, name_s, currency, created_at)
             values (:company_id, :id, :name, :name_s, :currency, :now)
             on conflict (company_id, name_s) do nothing"
        ),
        params![
            company_id: company.id, id: id, name: name, name_s: fold(name), currency: currency, now: tx.now(),
        ],
    )?;
    if added == 0 {
        return Err(name_taken(name));
    }
    tx.say(
        facts::about_shop(company.id, id, permit.actor()),
        &ShopCreated { name: name.to_owned(), currency },
    )?;
    Ok(id)
}

/// # Errors
/// `staff.name_required`, `staff.shop_name_taken`, `staff.shop_missing`.
pub fn rename(tx: &mut Tx<'_>, permit: &Permit<ManageCompany>, shop: ShopId, name: &str) -> Result<()> {
    let name = required_name(name)?;
    let old = get(tx, permit.company(), shop)?;
    let renamed = tx.execute(
        sql!(
            "update shop
             set name = :name, name_s = :name_s
             where company_id = :company_id and id = :id
               and not exists (
                 select 1 from shop other
                 where other.company_id = :company_id and other.name_s = :name_s and other.id <> :id)"
        ),
        params![company_id: old.company, id: shop, name: name, name_s: fold(name)],
    )?;
    if renamed == 0 {
        return Err(name_taken(name));
    }
    let changes = Change::if_any("name", &old.name, name).into_iter().collect();
    tx.say_changes(
        facts::about_shop(old.company, shop, permit.actor()),
        &ShopRenamed { name: name.to_owned() },
        changes,
    )
}

/// # Errors
/// `staff.shop_missing`, also for a shop of another company.
pub fn get(db: &mut dyn Query, company: CompanyId, shop: ShopId) -> Result<Shop> {
    let rows = db.seldom(
        sql!(
            "select company_id, id, name, currency
             from shop
             where company_id = :company_id and id = :id"
        ),
        params![company_id: company, id: shop],
    )?;
    rows.first().map(read).transpose()?.ok_or_else(|| missing(shop))
}

/// # Errors
/// `staff.shop_missing`.
pub fn by_name_or_id(db: &mut dyn Query, company: CompanyId, given: &str) -> Result<Shop> {
    if let Ok(id) = given.parse()
        && let Ok(shop) = get(db, company, id)
    {
        return Ok(shop);
    }
    let row = db.opt(
        sql!(
            "select company_id, id, name, currency
             from shop
             where company_id = :company_id and name_s = :name_s"
        ),
        params![company_id: company, name_s: fold(given)],
    )?;
    row.as_ref().map(read).transpose()?.ok_or_else(|| missing(given))
}

pub fn list(db: &mut dyn Query, company: CompanyId) -> Result<Vec<Shop>> {
    let rows = db.all(
        sql!(
            "select company_id, id, name, currency
             from shop
             where company_id = :company_id
             order by name_s
             limit 1000"
        ),
        params![company_id: company],
    )?;
    rows.iter().map(read).collect()
}

fn read(row: &Row) -> Result<Shop> {
    Ok(Shop {
        id: row.get("id")?,
        company: row.get("company_id")?,
        name: row.get("name")?,
        currency: row.get("currency")?,
    })
}

fn missing(given: impl std::fmt::Display) -> Fault {
    Fault::missing("staff.shop_missing").arg("given", given)
}

fn name_taken(name: &str) -> Fault {
    Fault::from_fields(vec![takt_kernel::FieldFault {
        path: "name".to_owned(),
        code: "staff.shop_name_taken".into(),
        args: vec![("name".into(), name.to_owned())],
    }])
}
