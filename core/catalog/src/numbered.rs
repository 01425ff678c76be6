//! Pages by their number, for programs that know no cursors.

use takt_kernel::{CompanyId, Result, Timestamp, fold, money::UnitPrice};
use takt_store::{Query, Statement, params, sql};

use crate::{Offer, OfferId, ProductId, offer::offer_columns};

const LARGEST_PAGE: i64 = 250;
const MOST_OFFERS: i64 = 5_000;

/// Which offers.
#[derive(Clone, Debug, Default)]
pub struct Numbered {
    /// SKU, name and barcode hold every word.
    pub words: String,
    /// Younger than this one.
    pub since: Option<OfferId>,
    pub archived: bool,
    pub lowest: Option<UnitPrice>,
    pub highest: Option<UnitPrice>,
    pub skip: i64,
    pub limit: i64,
}

/// A page of a company's offers, by id, and how many there are.
///
/// # Errors
/// Faults of the store.
pub fn offers_numbered(
    db: &mut dyn Query,
    company: CompanyId,
    wanted: &Numbered,
) -> Result<(Vec<Offer>, i64)> {
    let page = narrowed(concat!("select ", offer_columns!(), " from offer"), company, wanted)
        .push("\norder by id\nlimit :limit offset :skip")
        .bind("limit", wanted.limit.clamp(1, LARGEST_PAGE))
        .bind("skip", wanted.skip.max(0));
    let offers = db.all_of(&page)?.iter().map(Offer::read).collect::<Result<Vec<_>>>()?;
    let count = db.opt_of(&narrowed("select count(*) as offers from offer", company, wanted))?;
    let total = match count {
        Some(row) => row.get("offers")?,
        None => 0,
    };
    Ok((offers, total))
}

fn narrowed(select: &'static str, company: CompanyId, wanted: &Numbered) -> Statement {
    let folded = fold(&wanted.words);
    Statement::new(select)
        .push("\nwhere company_id = :company_id and archived = :archived")
        .bind("company_id", company)
        .bind("archived", wanted.archived)
        .and_if(wanted.since, "\nand id > :since", "since")
        .and_if(wanted.lowest, "\nand price >= :lowest", "lowest")
        .and_if(wanted.highest, "\nand price <= :highest", "highest")
        .and_words("search", folded.split(' ').filter(|word| !word.is_empty()))
}

/// A product with its offers that are not archived.
#[derive(Clone, Debug)]
pub struct Product {
    pub id: ProductId,
    pub name: String,
    pub updated_at: Timestamp,
    pub offers: Vec<Offer>,
}

/// Which products.
#[derive(Clone, Debug, Default)]
pub struct ProductsNumbered {
    /// These only.
    pub ids: Option<Vec<ProductId>>,
    /// One of the offers holds every word.
    pub words: String,
    pub since: Option<ProductId>,
    pub updated_from: Option<Timestamp>,
    pub skip: i64,
    pub limit: i64,
}

/// A page of a company's products that are not archived, by id, and how many there are.
///
/// # Errors
/// Faults of the store.
pub fn products_numbered(
    db: &mut dyn Query,
    company: CompanyId,
    wanted: &ProductsNumbered,
) -> Result<(Vec<Product>, i64)> {
    let page = products_narrowed("select id, name, updated_at\nfrom product", company, wanted)
        .push("\norder by id\nlimit :limit offset :skip")
        .bind("limit", wanted.limit.clamp(1, LARGEST_PAGE))
        .bind("skip", wanted.skip.max(0));
    let mut products = db
        .all_of(&page)?
        .iter()
        .map(|row| {
            let (id, name) = (row.get("id")?, row.get("name")?);
            Ok(Product { id, name, updated_at: row.get("updated_at")?, offers: Vec::new() })
        })
        .collect::<Result<Vec<_>>>()?;
    let ids = listed(products.iter().map(|product| product.id));
    let offers = db.all(
        sql!(concat!(
            "select ",
            offer_columns!(),
            " from offer
              where company_id = :company_id and not archived
                and product_id in (select cast(value as bigint) from {pg:json_array_elements_text(cast(cast(:ids as text) as json))|sqlite:json_each(:ids)})
              order by sku
              limit :limit"
        )),
        params![company_id: company, ids: ids, limit: MOST_OFFERS],
    )?;
    for row in &offers {
        let offer = Offer::read(row)?;
        if let Some(product) = products.iter_mut().find(|product| product.id == offer.product) {
            product.offers.push(offer);
        }
    }
    let count = products_narrowed("select count(*) as products\nfrom product", company, wanted);
    let total = match db.opt_of(&count)? {
        Some(row) => row.get("products")?,
        None => 0,
    };
    Ok((products, total))
}

fn products_narrowed(select: &'static str, company: CompanyId, wanted: &ProductsNumbered) -> Statement {
    let folded = fold(&wanted.words);
    let ids = wanted.ids.as_ref().map(|ids| listed(ids.iter().copied()));
    Statement::new(select)
        .push("\nwhere company_id = :company_id")
        .bind("company_id", company)
        .and_if(
            ids,
            "\nand id in (select cast(value as bigint) from {pg:json_array_elements_text(cast(cast(:ids as text) as json))|sqlite:json_each(:ids)})",
            "ids",
        )
        .and_if(wanted.since, "\nand id > :since", "since")
        .and_if(wanted.updated_from, "\nand updated_at >= :updated_from", "updated_from")
        .push(
            "\nand exists (
               select 1
               from offer
               where offer.company_id = product.company_id and offer.product_id = product.id and not offer.archived",
        )
        .and_words("offer.search", folded.split(' ').filter(|word| !word.is_empty()))
        .push(")")
}

fn listed(ids: impl Iterator<Item = ProductId>) -> String {
    serde_json::Value::from(ids.map(ProductId::get).collect::<Vec<_>>()).to_string()
}
