//! Who the company is before the law. A legal entity owns bank accounts, issues the invoices of its shops
//! and has books of its own: money never moves from one's books into another's by itself.

use serde::{Deserialize, Serialize};
use takt_kernel::{CompanyId, Fault, Id, Result, ShopId};
use takt_staff::Permit;
use takt_store::{About, Query, Row, Subject, Tx, params, sql};

use crate::{facts::EntityChanged, rights::ManageBankAccounts};

pub enum EntityTag {}
pub type EntityId = Id<EntityTag>;

/// How it stands to VAT. Rates are of the lines of an order; this is what its papers say of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum VatRegime {
    General,
    /// Pays VAT at a lower rate without deductions.
    Simplified,
    Exempt,
}

impl VatRegime {
    pub const ALL: [Self; 3] = [Self::General, Self::Simplified, Self::Exempt];

    pub const fn code(self) -> &'static str {
        match self {
            Self::General => "general",
            Self::Simplified => "simplified",
            Self::Exempt => "exempt",
        }
    }

    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|regime| regime.code() == code)
    }
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LegalEntity {
    pub id: EntityId,
    pub is_default: bool,
    pub described: Described,
}

/// What its papers say of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Described {
    pub name: String,
    pub inn: Option<String>,
    pub kpp: Option<String>,
    pub address: Option<String>,
    pub vat_regime: VatRegime,
    /// Who signs.
    pub director: Option<String>,
    pub accountant: Option<String>,
}

impl Described {
    pub fn named(name: &str) -> Self {
        Self {
            name: name.to_owned(),
            inn: None,
            kpp: None,
            address: None,
            vat_regime: VatRegime::General,
            director: None,
            accountant: None,
        }
    }

    fn check(&self) -> Result<()> {
        let digits = |text: &Option<String>, lengths: &[usize]| {
            text.as_ref().is_none_or(|text| {
                lengths.contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit())
            })
        };
        if self.name.trim().is_empty() || self.name.len() > 500 {
            return Err(Fault::field("name", "payments.entity_unnamed"));
        }
        if !digits(&self.inn, &[10, 12]) {
            return Err(Fault::field("inn", "payments.inn_malformed"));
        }
        if !digits(&self.kpp, &[9]) {
            return Err(Fault::field("kpp", "payments.kpp_malformed"));
        }
        Ok(())
    }
}

/// All of a company, oldest first.
///
/// # Errors
/// Faults of the store.
pub fn list(db: &mut dyn Query, company: CompanyId) -> Result<Vec<LegalEntity>> {
    db.seldom(
        sql!(
            "select id, name, inn, kpp, address, vat_regime, director, accountant, is_default
             from legal_entity
             where company_id = :company_id and not archived
             order by id
             limit 100"
        ),
        params![company_id: company],
    )?
    .iter()
    .map(read)
    .collect()
}

/// # Errors
/// `payments.entity_missing`.
pub fn get(db: &mut dyn Query, company: CompanyId, id: EntityId) -> Result<LegalEntity> {
    let known = list(db, company)?.into_iter().find(|entity| entity.id == id);
    known.ok_or_else(|| Fault::missing("payments.entity_missing"))
}

/// Who sells where nothing else is said. A company that never named one is one itself.
///
/// # Errors
/// Faults of the store.
pub fn default_of(tx: &mut Tx, company: CompanyId) -> Result<EntityId> {
    if let Some(entity) = list(tx, company)?.iter().find(|entity| entity.is_default) {
        return Ok(entity.id);
    }
    let name = takt_staff::companies::get(tx, company)?.name;
    insert(tx, company, &Described::named(&name), true)
}

/// Who sells in a shop.
///
/// # Errors
/// Faults of the store.
pub fn of_shop(tx: &mut Tx, company: CompanyId, shop: ShopId) -> Result<EntityId> {
    let rows = tx.seldom(
        sql!("select entity_id from shop_entity where company_id = :company_id and shop_id = :shop_id"),
        params![company_id: company, shop_id: shop],
    )?;
    match rows.first() {
        Some(row) => row.get("entity_id"),
        None => default_of(tx, company),
    }
}

/// Who sells in each shop of which that was said.
///
/// # Errors
/// Faults of the store.
pub fn by_shop(db: &mut dyn Query, company: CompanyId) -> Result<Vec<(ShopId, EntityId)>> {
    db.seldom(
        sql!(
            "select shop_id, entity_id
             from shop_entity
             where company_id = :company_id
             order by shop_id
             limit 1000"
        ),
        params![company_id: company],
    )?
    .iter()
    .map(|row| Ok((row.get("shop_id")?, row.get("entity_id")?)))
    .collect()
}

/// Adds one. The first is the default.
///
/// # Errors
/// Field faults `payments.entity_unnamed`, `payments.inn_malformed`, `payments.kpp_malformed`.
pub fn add(tx: &mut Tx, permit: &Permit<ManageBankAccounts>, described: &Described) -> Result<EntityId> {
    described.check()?;
    let company = permit.company();
    let first = list(tx, company)?.is_empty();
    let id = insert(tx, company, described, first)?;
    said(tx, permit, id)?;
    Ok(id)
}

/// # Errors
/// As [`add`]; `payments.entity_missing`.
pub fn describe(
    tx: &mut Tx,
    permit: &Permit<ManageBankAccounts>,
    id: EntityId,
    described: &Described,
) -> Result<()> {
    described.check()?;
    let company = permit.company();
    get(tx, company, id)?;
    tx.put(
        sql!(
            "update legal_entity
             set name = :name, inn = :inn, kpp = :kpp, address = :address, vat_regime = :vat_regime,
               director = :director, accountant = :accountant
             where company_id = :company_id and id = :id"
        ),
        params![
            company_id: company, id: id, name: described.name.trim(), inn: described.inn.as_deref(),
            kpp: described.kpp.as_deref(), address: described.address.as_deref(),
            vat_regime: described.vat_regime.code(), director: described.director.as_deref(),
            accountant: described.accountant.as_deref(),
        ],
    )?;
    said(tx, permit, id)
}

/// From now on this one sells in the shop; what was billed before stays with whom it was.
///
/// # Errors
/// `payments.entity_missing`.
pub fn sells_in(
    tx: &mut Tx,
    permit: &Permit<ManageBankAccounts>,
    shop: ShopId,
    entity: EntityId,
) -> Result<()> {
    let company = permit.company();
    get(tx, company, entity)?;
    permit.reaches_shop(shop)?;
    tx.put(
        sql!(
            "insert into shop_entity (company_id, shop_id, entity_id)
             values (:company_id, :shop_id, :entity_id)
             on conflict (company_id, shop_id) do update set entity_id = excluded.entity_id"
        ),
        params![company_id: company, shop_id: shop, entity_id: entity],
    )?;
    said(tx, permit, entity)
}

/// Whose an account is that was opened under this name and taxpayer number: the one that bears them, the
/// default one when they say nothing or it has no number yet, else a new one.
pub(crate) fn of_holder(
    tx: &mut Tx,
    permit: &Permit<ManageBankAccounts>,
    name: Option<&str>,
    inn: Option<&str>,
) -> Result<EntityId> {
    let company = permit.company();
    let default = default_of(tx, company)?;
    let Some(inn) = inn else { return Ok(default) };
    let known = list(tx, company)?;
    if let Some(same) = known.iter().find(|entity| entity.described.inn.as_deref() == Some(inn)) {
        return Ok(same.id);
    }
    let standing = known.into_iter().find(|entity| entity.id == default);
    if standing.is_none_or(|entity| entity.described.inn.is_none()) {
        tx.put(
            sql!(
                "update legal_entity
                 set inn = :inn, name = coalesce(:name, name)
                 where company_id = :company_id and id = :id"
            ),
            params![company_id: company, id: default, inn: inn, name: name],
        )?;
        said(tx, permit, default)?;
        return Ok(default);
    }
    let mut described = Described::named(name.unwrap_or(inn));
    described.inn = Some(inn.to_owned());
    let id = insert(tx, company, &described, false)?;
    said(tx, permit, id)?;
    Ok(id)
}

fn insert(tx: &mut Tx, company: CompanyId, described: &Described, is_default: bool) -> Result<EntityId> {
    let id: EntityId = tx.new_id();
    let now = tx.now();
    tx.put(
        sql!(
            "insert into legal_entity (company_id, id, name, inn, kpp, address, vat_regime, director, accountant,
               is_default, archived, created_at)
             values (:company_id, :id, :name, :inn, :kpp, :address, :vat_regime, :director, :accountant,
               :is_default, :archived, :created_at)
             on conflict do nothing"
        ),
        params![
            company_id: company, id: id, name: described.name.trim(), inn: described.inn.as_deref(),
            kpp: described.kpp.as_deref(), address: described.address.as_deref(),
            vat_regime: described.vat_regime.code(), director: described.director.as_deref(),
            accountant: described.accountant.as_deref(), is_default: is_default, archived: false,
            created_at: now,
        ],
    )?;
    Ok(id)
}

fn said(tx: &mut Tx, permit: &Permit<ManageBankAccounts>, id: EntityId) -> Result<()> {
    let about = About::new(permit.company(), Subject::new("legal_entity", id.get()), permit.actor());
    tx.say(about, &EntityChanged {})
}

fn read(row: &Row) -> Result<LegalEntity> {
    let regime: String = row.get("vat_regime")?;
    Ok(LegalEntity {
        id: row.get("id")?,
        is_default: row.get("is_default")?,
        described: Described {
            name: row.get("name")?,
            inn: row.get("inn")?,
            kpp: row.get("kpp")?,
            address: row.get("address")?,
            vat_regime: VatRegime::from_code(&regime).ok_or_else(|| {
                Fault::broken("store.senseless_row").arg("column", "legal_entity.vat_regime")
            })?,
            director: row.get("director")?,
            accountant: row.get("accountant")?,
        },
    })
}
