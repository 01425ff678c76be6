use std::collections::BTreeMap;

use takt_kernel::{CompanyId, Fault, Result, fold};
use takt_staff::Scope;
use takt_store::{Query, Question, Statement, params, sql};

use crate::{Offer, OfferId, ProductId, offer::offer_columns};

const LARGEST_PAGE: i64 = 200;
/// SKUs asked for at once; more are asked for in turn.
const CHUNK: usize = 500;

/// The offers of a company with these SKUs, archived ones included; unknown SKUs are absent. Each is looked up by itself:
/// a catalogue that PostgreSQL has counted while it was empty would be read from end to end for every batch of its
/// first filling.
///
/// # Errors
/// Faults of the store.
pub fn offers_by_sku(
    db: &mut dyn Query,
    company: CompanyId,
    skus: &[&str],
) -> Result<BTreeMap<String, Offer>> {
    let mut found = BTreeMap::new();
    for question in offers_asked(company, skus) {
        let rows = db.all_at_once(&[question])?.pop().unwrap_or_default();
        for row in &rows {
            let offer = Offer::read(row)?;
            found.insert(offer.sku.clone(), offer);
        }
    }
    Ok(found)
}

/// Asks what [`offers_by_sku`] asks.
pub fn offers_asked(company: CompanyId, skus: &[&str]) -> Vec<Question> {
    // No database holds a NUL in a text, and PostgreSQL reads none in JSON either.
    let possible: Vec<&str> = skus.iter().copied().filter(|sku| !sku.contains('\0')).collect();
    let asked = possible.chunks(CHUNK).map(|chunk| {
        // One text whatever the count, so that it stays prepared: the list travels as JSON.
        let wanted = serde_json::Value::from(chunk.to_vec()).to_string();
        Question::new(
            sql!(concat!(
                "select ",
                offer_columns!(),
                " from {pg:jsonb_array_elements_text(cast(cast(:skus as text) as jsonb)) as wanted (value)
                  cross join lateral (
                    select ",
                offer_columns!(),
                " from offer
                    where offer.company_id = :company_id and offer.sku = wanted.value
                    offset 0) as offer|sqlite:json_each(:skus) as wanted
                  cross join offer
                  where offer.company_id = :company_id and offer.sku = wanted.value}
                  order by offer.sku
                  limit 500"
            )),
            params![company_id: company, skus: wanted],
        )
    });
    asked.collect()
}

/// Offers of a company by their ids, archived ones included; unknown ids are absent.
///
/// # Errors
/// Faults of the store.
pub fn offers_by_id(
    db: &mut dyn Query,
    company: CompanyId,
    ids: &[OfferId],
) -> Result<BTreeMap<OfferId, Offer>> {
    let mut found = BTreeMap::new();
    for chunk in ids.chunks(CHUNK) {
        let wanted = serde_json::Value::from(chunk.iter().map(|id| id.get()).collect::<Vec<_>>()).to_string();
        let rows = db.all(
            sql!(concat!(
                "select ",
                offer_columns!(),
                " from offer
                  where company_id = :company_id
                    and id in (select cast(value as bigint) from {pg:json_array_elements_text(cast(cast(:ids as text) as json))|sqlite:json_each(:ids)})
                  order by id
                  limit 500"
            )),
            params![company_id: company, ids: wanted],
        )?;
        for row in &rows {
            let offer = Offer::read(row)?;
            found.insert(offer.id, offer);
        }
    }
    Ok(found)
}

#[derive(Clone, Debug, Default)]
pub struct Filter {
    pub q: String,
    pub archived: bool,
    pub limit: i64,
    /// The last offer of the page before.
    pub cursor: Option<OfferId>,
}

#[derive(Clone, Debug)]
pub struct Page {
    pub items: Vec<Offer>,
    pub next_cursor: Option<OfferId>,
}

/// Offers within the scope whose SKU, name and barcode hold every word, by SKU.
///
/// # Errors
/// Faults of the store.
pub fn list(db: &mut dyn Query, scope: &Scope, filter: &Filter) -> Result<Page> {
    let limit = filter.limit.clamp(1, LARGEST_PAGE);
    let companies = scope.sql_list();
    let mut statement =
        Statement::new(concat!("select ", offer_columns!(), " from offer\nwhere company_id in "))
            .push(&companies)
            .push("\nand archived = :archived")
            .bind("archived", filter.archived);
    if let Some(cursor) = filter.cursor {
        statement = statement
            .push("\nand (sku, id) > (select sku, id from offer where id = :cursor and company_id in ")
            .push(&companies)
            .push(")")
            .bind("cursor", cursor);
    }
    let folded = fold(&filter.q);
    let words = folded.split(' ').filter(|word| !word.is_empty());
    let statement = statement
        .and_words("search", words)
        .push("\norder by sku, id\nlimit :limit")
        .bind("limit", limit + 1);
    let mut items = db.all_of(&statement)?.iter().map(Offer::read).collect::<Result<Vec<_>>>()?;
    let more = items.len() > usize::try_from(limit).unwrap_or(usize::MAX);
    if more {
        items.pop();
    }
    let next_cursor = items.last().filter(|_| more).map(|last| last.id);
    Ok(Page { items, next_cursor })
}

/// A page by its number of a company's offers, by id, and how many there are; for programs that know no cursors.
///
/// # Errors
/// Faults of the store.
pub fn numbered(db: &mut dyn Query, company: CompanyId, skip: i64, limit: i64) -> Result<(Vec<Offer>, i64)> {
    let rows = db.all(
        sql!(concat!(
            "select ",
            offer_columns!(),
            " from offer
              where company_id = :company_id and not archived
              order by id
              limit :limit offset :skip"
        )),
        params![company_id: company, limit: limit.clamp(1, 250), skip: skip.max(0)],
    )?;
    let offers = rows.iter().map(Offer::read).collect::<Result<Vec<_>>>()?;
    let count = db.one(
        sql!("select count(*) as offers from offer where company_id = :company_id and not archived"),
        params![company_id: company],
    )?;
    Ok((offers, count.get("offers")?))
}

/// # Errors
/// `catalog.offer_missing` also for one that the scope leaves out.
pub fn get(db: &mut dyn Query, scope: &Scope, offer: OfferId) -> Result<Offer> {
    let statement = Statement::new(concat!(
        "select ",
        offer_columns!(),
        " from offer\nwhere id = :id and company_id in "
    ))
    .bind("id", offer)
    .push(&scope.sql_list());
    let row =
        db.opt_of(&statement)?.ok_or_else(|| Fault::missing("catalog.offer_missing").arg("given", offer))?;
    Offer::read(&row)
}

/// A product's name and its offers, by SKU.
///
/// # Errors
/// `catalog.product_missing`.
pub fn product(db: &mut dyn Query, company: CompanyId, product: ProductId) -> Result<(String, Vec<Offer>)> {
    let row = db
        .opt(
            sql!(
                "select name
                 from product
                 where company_id = :company_id and id = :id"
            ),
            params![company_id: company, id: product],
        )?
        .ok_or_else(|| Fault::missing("catalog.product_missing").arg("given", product))?;
    let offers = db.all(
        sql!(concat!(
            "select ",
            offer_columns!(),
            " from offer
              where company_id = :company_id and product_id = :product_id
              order by sku
              limit 500"
        )),
        params![company_id: company, product_id: product],
    )?;
    Ok((row.get("name")?, offers.iter().map(Offer::read).collect::<Result<_>>()?))
}
