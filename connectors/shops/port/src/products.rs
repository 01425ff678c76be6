//! Products of a shop: by which ids it knows our SKUs, and what it changed of them.

use serde_json::Value;
use takt_catalog::{EditCatalog, OfferInput, OfferTexts, archive, offers_by_sku, upsert};
use takt_connections::ConnectionId;
use takt_kernel::{CompanyId, Fault, Result, Timestamp};
use takt_store::{Query, Row, Tx, params, sql};

use crate::{
    SaidOrder, SaidProduct,
    connected::{Shop, Speaker},
    differences,
};

struct Kept {
    sku: Option<String>,
    said: Option<SaidProduct>,
    modified_at: Timestamp,
}

/// A product of a shop whose stock there is not ours.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Differing {
    pub external_id: String,
    pub parent: Option<String>,
    pub sku: String,
    /// What the shop has, as far as it is known.
    pub stock: Option<String>,
    /// Rises with each reason to look.
    pub mark: i64,
}

pub(crate) fn take(
    tx: &mut Tx<'_>,
    speaker: &Speaker<'_>,
    products: &[SaidProduct],
    notes: &mut Vec<String>,
) -> Result<()> {
    for said in products {
        take_one(tx, speaker, said, notes)?;
    }
    Ok(())
}

fn take_one(
    tx: &mut Tx<'_>,
    speaker: &Speaker<'_>,
    said: &SaidProduct,
    notes: &mut Vec<String>,
) -> Result<()> {
    let shop = speaker.shop;
    let kept = lock(tx, shop, &said.external_id)?;
    if kept.modified_at > said.modified_at || kept.said.as_ref() == Some(said) {
        notes.push(format!("{} (known)", said.external_id));
        return Ok(());
    }
    if !shop.settings.ignore_products
        && let (Some(sku), Some(price)) = (&said.sku, &said.price)
    {
        offer(tx, speaker, sku, price, said, kept.said.as_ref())?;
    }
    save(tx, shop, said)?;
    differences::product_taken(tx, shop, said, kept.said.as_ref())
}

/// What the shop last said of a product.
pub(crate) fn said(db: &mut dyn Query, shop: &Shop, external_id: &str) -> Result<Option<SaidProduct>> {
    let row = db.opt(
        sql!(
            "select said
             from shop_product
             where company_id = :company_id and connection_id = :connection_id and external_id = :external_id"
        ),
        params![company_id: shop.company(), connection_id: shop.connection.id, external_id: external_id],
    )?;
    let Some(row) = row else { return Ok(None) };
    row.get::<Option<String>>("said")?.map(|_| row.json("said")).transpose()
}

/// What the shop changed since its last word; the rest stays as the catalogue has it.
fn offer(
    tx: &mut Tx<'_>,
    speaker: &Speaker<'_>,
    sku: &str,
    price: &str,
    said: &SaidProduct,
    was: Option<&SaidProduct>,
) -> Result<()> {
    let shop = speaker.shop;
    let texts = OfferTexts {
        sku,
        name: &said.name,
        price,
        barcode: said.barcode.as_deref().unwrap_or_default(),
        ..OfferTexts::default()
    };
    let wanted = OfferInput::parse(&texts, shop.usual.currency)?;
    let known = offers_by_sku(tx, shop.company(), &[sku])?.remove(sku);
    let input = match known {
        None => wanted,
        Some(offer) => {
            let mut input = OfferInput::of(&offer);
            // Of an offer that came another way it is not known what the shop changed since.
            let Some(was) = was else { return Ok(()) };
            if was.name != said.name {
                input.name = wanted.name;
            }
            if was.price != said.price {
                (input.price, input.currency) = (wanted.price, wanted.currency);
            }
            if was.barcode != said.barcode {
                input.barcode = wanted.barcode;
            }
            if input == OfferInput::of(&offer) {
                return Ok(());
            }
            input
        }
    };
    upsert(tx, &speaker.permit::<EditCatalog>()?, &[input]).map(|_| ())
}

/// It was deleted there: out of the lists here, as far as no other product of the shop has its SKU.
pub(crate) fn gone(
    tx: &mut Tx<'_>,
    speaker: &Speaker<'_>,
    external_id: &str,
    notes: &mut Vec<String>,
) -> Result<()> {
    let shop = speaker.shop;
    let kept = lock(tx, shop, external_id)?;
    tx.put(
        sql!(
            "update shop_product
             set gone = :gone, stock_differs = :differs
             where company_id = :company_id and connection_id = :connection_id and external_id = :external_id"
        ),
        params![
            gone: true, differs: false, company_id: shop.company(), connection_id: shop.connection.id,
            external_id: external_id,
        ],
    )?;
    let Some(sku) = kept.sku.filter(|_| !shop.settings.ignore_products) else {
        notes.push("unknown here".to_owned());
        return Ok(());
    };
    if is_sold_elsewhere(tx, shop.company(), &sku)? {
        notes.push(format!("{sku} (sold under another id)"));
        return Ok(());
    }
    match offers_by_sku(tx, shop.company(), &[&sku])?.remove(&sku) {
        Some(offer) => archive(tx, &speaker.permit::<EditCatalog>()?, offer.id, offer.version),
        None => Ok(()),
    }
}

fn is_sold_elsewhere(db: &mut dyn Query, company: CompanyId, sku: &str) -> Result<bool> {
    let row = db.opt(
        sql!(
            "select 1 as found
             from shop_product
             where company_id = :company_id and sku = :sku and gone = :gone
             limit 1"
        ),
        params![company_id: company, sku: sku, gone: false],
    )?;
    Ok(row.is_some())
}

/// The ids that an order's lines name.
pub(crate) fn learn(tx: &mut Tx<'_>, shop: &Shop, said: &SaidOrder) -> Result<()> {
    for line in &said.lines {
        let Some(sku) = &line.sku else { continue };
        let (id, parent) = match (&line.variation, &line.product) {
            (Some(variation), product) => (variation, product.as_ref()),
            (None, Some(product)) => (product, None),
            (None, None) => continue,
        };
        tx.put(
            sql!(
                "insert into shop_product (company_id, connection_id, external_id, parent_id, sku, said, modified_at,
                   gone, stock, stock_differs, stock_mark)
                 values (:company_id, :connection_id, :external_id, :parent_id, :sku, null, 0, :gone, null, :differs, 0)
                 on conflict (company_id, connection_id, external_id) do nothing"
            ),
            params![
                company_id: shop.company(), connection_id: shop.connection.id, external_id: id,
                parent_id: parent.cloned(), sku: sku, gone: false, differs: shop.settings.write_stock,
            ],
        )?;
    }
    Ok(())
}

fn lock(tx: &mut Tx<'_>, shop: &Shop, external_id: &str) -> Result<Kept> {
    tx.put(
        sql!(
            "insert into shop_product (company_id, connection_id, external_id, parent_id, sku, said, modified_at, gone,
               stock, stock_differs, stock_mark)
             values (:company_id, :connection_id, :external_id, null, null, null, 0, :gone, null, :gone, 0)
             on conflict (company_id, connection_id, external_id) do nothing"
        ),
        params![
            company_id: shop.company(), connection_id: shop.connection.id, external_id: external_id, gone: false,
        ],
    )?;
    let row = tx.one(
        sql!(
            "select sku, said, modified_at
             from shop_product
             where company_id = :company_id and connection_id = :connection_id and external_id = :external_id
             {pg:for update|sqlite:}"
        ),
        params![company_id: shop.company(), connection_id: shop.connection.id, external_id: external_id],
    )?;
    let said = row.get::<Option<String>>("said")?.map(|_| row.json("said")).transpose()?;
    Ok(Kept { sku: row.get("sku")?, said, modified_at: row.get("modified_at")? })
}

fn save(tx: &mut Tx<'_>, shop: &Shop, said: &SaidProduct) -> Result<()> {
    let text =
        serde_json::to_string(said).map_err(|error| Fault::broken("shops.unwritable").because(error))?;
    tx.put(
        sql!(
            "update shop_product
             set parent_id = :parent_id, sku = :sku, said = :said, modified_at = :modified_at, gone = :gone,
               stock = coalesce(:stock, stock), stock_differs = :differs, stock_mark = stock_mark + 1
             where company_id = :company_id and connection_id = :connection_id and external_id = :external_id"
        ),
        params![
            parent_id: said.parent.clone(), sku: said.sku.clone(), said: text, modified_at: said.modified_at,
            stock: said.stock.clone(), gone: false, differs: shop.settings.write_stock && said.sku.is_some(), company_id: shop.company(),
            connection_id: shop.connection.id, external_id: &said.external_id,
        ],
    )
}

/// What may be sold of these SKUs changed: shops whose stock we write are to hear of it.
///
/// # Errors
/// Faults of the store.
pub fn stock_changed(tx: &mut Tx<'_>, company: CompanyId, skus: &[&str]) -> Result<()> {
    if skus.is_empty() {
        return Ok(());
    }
    tx.put(
        sql!(
            "update shop_product
             set stock_differs = :differs, stock_mark = stock_mark + 1
             where company_id = :company_id and gone = :gone and sku in (
               select value from {pg:jsonb_array_elements_text(cast(cast(:skus as text) as jsonb)) as wanted (value)|sqlite:json_each(:skus)})"
        ),
        params![differs: true, gone: false, company_id: company, skus: Value::from(skus.to_vec()).to_string()],
    )
}

/// Products whose stock is to be looked at, from one on; it is not among them.
///
/// # Errors
/// Faults of the store.
pub fn differing(
    db: &mut dyn Query,
    company: CompanyId,
    connection: ConnectionId,
    after: &str,
    limit: i64,
) -> Result<Vec<Differing>> {
    let rows = db.all(
        sql!(
            "select external_id, parent_id, sku, stock, stock_mark
             from shop_product
             where company_id = :company_id and connection_id = :connection_id and stock_differs
               and external_id > :after
             order by external_id
             limit :limit"
        ),
        params![company_id: company, connection_id: connection, after: after, limit: limit.clamp(1, 1_000)],
    )?;
    rows.iter().filter_map(|row| differing_of(row).transpose()).collect()
}

fn differing_of(row: &Row) -> Result<Option<Differing>> {
    let Some(sku) = row.get("sku")? else { return Ok(None) };
    let (external_id, parent) = (row.get("external_id")?, row.get("parent_id")?);
    Ok(Some(Differing { external_id, parent, sku, stock: row.get("stock")?, mark: row.get("stock_mark")? }))
}

/// The shop has this stock now; none of a product whose stock nobody here knows. What changed meanwhile is looked at
/// again.
///
/// # Errors
/// Faults of the store.
pub fn stock_written(
    tx: &mut Tx<'_>,
    company: CompanyId,
    connection: ConnectionId,
    product: &Differing,
    stock: Option<&str>,
) -> Result<()> {
    tx.put(
        sql!(
            "update shop_product
             set stock = coalesce(:stock, stock), stock_differs = :differs
             where company_id = :company_id and connection_id = :connection_id and external_id = :external_id
               and stock_mark = :mark"
        ),
        params![
            stock: stock, differs: false, company_id: company, connection_id: connection,
            external_id: &product.external_id, mark: product.mark,
        ],
    )
}
