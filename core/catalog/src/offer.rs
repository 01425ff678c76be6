use takt_kernel::{
    CompanyId, Fault, FieldFault, Result, Timestamp, fold,
    money::{Currency, UnitPrice, VatRate},
};
use takt_store::{Change, Row};

use crate::{Details, OfferId, ProductId};

const LONGEST_SKU: usize = 100;
const LONGEST_NAME: usize = 300;
const LONGEST_UNIT: usize = 20;
const LONGEST_BARCODE: usize = 48;

/// What can be ordered: one SKU at one price.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Offer {
    pub company: CompanyId,
    pub id: OfferId,
    pub product: ProductId,
    pub sku: String,
    pub name: String,
    pub unit: String,
    /// VAT included.
    pub price: UnitPrice,
    pub currency: Currency,
    pub vat: VatRate,
    pub barcode: Option<String>,
    pub details: Details,
    pub archived: bool,
    pub version: i64,
    pub updated_at: Timestamp,
}

/// The columns of [`Offer`], in every statement that reads one.
macro_rules! offer_columns {
    () => {
        "offer.id, offer.company_id, offer.product_id, offer.sku, offer.name, offer.unit, offer.price, \
         offer.currency, offer.vat, offer.barcode, offer.article, offer.external_id, offer.picture, \
         offer.archived, offer.version, offer.updated_at"
    };
}
pub(crate) use offer_columns;

impl Offer {
    pub(crate) fn read(row: &Row) -> Result<Self> {
        Ok(Self {
            company: row.get("company_id")?,
            id: row.get("id")?,
            product: row.get("product_id")?,
            sku: row.get("sku")?,
            name: row.get("name")?,
            unit: row.get("unit")?,
            price: row.get("price")?,
            currency: row.get("currency")?,
            vat: row.get("vat")?,
            barcode: row.get("barcode")?,
            details: Details::read(row)?,
            archived: row.get("archived")?,
            version: row.get("version")?,
            updated_at: row.get("updated_at")?,
        })
    }

    /// What would change for this to become the input.
    pub(crate) fn changes_to(&self, input: &OfferInput) -> Vec<Change> {
        let before = OfferInput::of(self);
        let barcode = |input: &OfferInput| input.barcode.clone().unwrap_or_default();
        [
            Change::if_any("sku", &before.sku, &input.sku),
            Change::if_any("name", &before.name, &input.name),
            Change::if_any("unit", &before.unit, &input.unit),
            Change::if_any("price", &before.price.to_string(), &input.price.to_string()),
            Change::if_any("currency", before.currency.code(), input.currency.code()),
            Change::if_any("vat", &before.vat.to_string(), &input.vat.to_string()),
            Change::if_any("barcode", &barcode(&before), &barcode(input)),
        ]
        .into_iter()
        .flatten()
        .chain(input.details.iter().flat_map(|details| self.details.changes_to(details)))
        .collect()
    }
}

/// What somebody says about an offer, checked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OfferInput {
    pub sku: String,
    pub name: String,
    pub unit: String,
    pub price: UnitPrice,
    pub currency: Currency,
    pub vat: VatRate,
    pub barcode: Option<String>,
    /// Nothing said: as it is.
    pub details: Option<Details>,
}

/// The same as texts, from a form, an API body or a file.
#[derive(Clone, Copy, Debug, Default)]
pub struct OfferTexts<'t> {
    pub sku: &'t str,
    pub name: &'t str,
    /// Empty: `pcs`.
    pub unit: &'t str,
    pub price: &'t str,
    /// Empty: the default currency.
    pub currency: &'t str,
    /// Empty: not subject to VAT.
    pub vat: &'t str,
    pub barcode: &'t str,
}

impl OfferInput {
    pub fn of(offer: &Offer) -> Self {
        Self {
            sku: offer.sku.clone(),
            name: offer.name.clone(),
            unit: offer.unit.clone(),
            price: offer.price,
            currency: offer.currency,
            vat: offer.vat,
            barcode: offer.barcode.clone(),
            details: Some(offer.details.clone()),
        }
    }

    /// Reads and checks all fields, and names all that are wrong at once.
    ///
    /// # Errors
    /// Field faults `catalog.required`, `catalog.too_long`, `catalog.sku_malformed`,
    /// `catalog.price_negative`, `catalog.barcode_malformed`, `money.…`, `currency.unknown`, `vat.malformed`.
    pub fn parse(texts: &OfferTexts<'_>, default_currency: Currency) -> Result<Self> {
        let mut wrong = Vec::new();
        let sku = text(&mut wrong, "sku", texts.sku, LONGEST_SKU);
        if sku.chars().any(|letter| letter.is_control() || letter == '/') {
            wrong.push(field("sku", &Fault::invalid("catalog.sku_malformed")));
        }
        let name = text(&mut wrong, "name", texts.name, LONGEST_NAME);
        let unit = if texts.unit.trim().is_empty() { "pcs" } else { texts.unit };
        let unit = text(&mut wrong, "unit", unit, LONGEST_UNIT);
        let price = checked(&mut wrong, "price", price(texts.price));
        let currency = match texts.currency.trim() {
            "" => Some(default_currency),
            code => checked(&mut wrong, "currency", Currency::from_code(&code.to_uppercase())),
        };
        let vat = match texts.vat.trim() {
            "" => Some(VatRate::None),
            rate => checked(&mut wrong, "vat", VatRate::parse(rate)),
        };
        let barcode = checked(&mut wrong, "barcode", barcode(texts.barcode));
        match (price, currency, vat, barcode) {
            (Some(price), Some(currency), Some(vat), Some(barcode)) if wrong.is_empty() => {
                Ok(Self { sku, name, unit, price, currency, vat, barcode, details: None })
            }
            _ => Err(Fault::from_fields(wrong)),
        }
    }

    /// What a search looks through.
    pub(crate) fn search_text(&self) -> String {
        let article = self.details.as_ref().and_then(|details| details.article.as_deref());
        let words = [Some(self.sku.as_str()), Some(&self.name), self.barcode.as_deref(), article];
        fold(&words.into_iter().flatten().collect::<Vec<_>>().join(" "))
    }
}

fn text(wrong: &mut Vec<FieldFault>, path: &str, given: &str, longest: usize) -> String {
    let given = given.split_whitespace().collect::<Vec<_>>().join(" ");
    if given.is_empty() {
        wrong.push(field(path, &Fault::invalid("catalog.required")));
    } else if given.chars().count() > longest {
        wrong.push(field(path, &Fault::invalid("catalog.too_long").arg("longest", longest)));
    }
    given
}

fn price(given: &str) -> Result<UnitPrice> {
    if given.trim().is_empty() {
        return Err(Fault::invalid("catalog.required"));
    }
    let price = UnitPrice::parse(given.trim())?;
    if price.is_negative() { Err(Fault::invalid("catalog.price_negative")) } else { Ok(price) }
}

fn barcode(given: &str) -> Result<Option<String>> {
    let given = given.trim();
    if given.is_empty() {
        return Ok(None);
    }
    let stands = given.len() <= LONGEST_BARCODE && given.chars().all(|letter| letter.is_ascii_graphic());
    if stands { Ok(Some(given.to_owned())) } else { Err(Fault::invalid("catalog.barcode_malformed")) }
}

fn checked<T>(wrong: &mut Vec<FieldFault>, path: &str, result: Result<T>) -> Option<T> {
    result.map_err(|fault| wrong.push(field(path, &fault))).ok()
}

fn field(path: &str, fault: &Fault) -> FieldFault {
    FieldFault { path: path.to_owned(), code: fault.code().to_owned().into(), args: fault.args().to_vec() }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEA: OfferTexts<'static> = OfferTexts {
        sku: " TEA-100 ",
        name: "Чай  чёрный",
        unit: "",
        price: "199,50",
        currency: "",
        vat: "22",
        barcode: "4600000000001",
    };

    #[test]
    fn an_offer_is_read_from_texts() {
        let offer = OfferInput::parse(&TEA, Currency::RUB).expect("an offer");
        assert_eq!(
            (offer.sku.as_str(), offer.name.as_str(), offer.unit.as_str()),
            ("TEA-100", "Чай чёрный", "pcs")
        );
        assert_eq!((offer.price.to_string().as_str(), offer.currency), ("199.50", Currency::RUB));
        assert_eq!(offer.search_text(), "tea-100 чай черный 4600000000001");
    }

    #[test]
    fn everything_that_is_wrong_is_named_at_once() {
        let long = "x".repeat(301);
        let texts = OfferTexts {
            sku: "",
            name: &long,
            unit: &long,
            price: "-1",
            currency: "XXQ",
            vat: "abc",
            barcode: "46 00",
        };
        let fault = OfferInput::parse(&texts, Currency::RUB).expect_err("all wrong");
        let named: Vec<_> = fault.fields().iter().map(|field| (field.path.as_str(), &*field.code)).collect();
        assert_eq!(
            named,
            [
                ("sku", "catalog.required"),
                ("name", "catalog.too_long"),
                ("unit", "catalog.too_long"),
                ("price", "catalog.price_negative"),
                ("currency", "currency.unknown"),
                ("vat", "vat.malformed"),
                ("barcode", "catalog.barcode_malformed"),
            ]
        );
    }
}
