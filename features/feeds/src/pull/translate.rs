//! From what a shop tells to what the catalogue takes.

use sha2::{Digest, Sha256};
use takt_catalog::{Details, Group, Incoming, OfferInput, OfferTexts};
use takt_kernel::{
    Fault, Result,
    money::{Currency, Quantity},
};

use crate::{feed::FeedId, port::FeedOffer};

const LONGEST_NAME: usize = 300;
const LONGEST_UNIT: usize = 20;
const LONGEST_GROUP: usize = 200;
const LONGEST_BARCODE: usize = 48;
/// The rouble's code of before 1998, which catalogues still use.
const OLD_ROUBLE: &str = "RUR";

/// What of a document counts for what it brings, and whether its counts do for what others bring.
#[derive(Clone, Copy, Debug)]
pub(super) struct Tells {
    pub price: bool,
    pub stock: bool,
    pub stock_of_others: bool,
}

/// An offer ready for the catalogue.
#[derive(Clone, Debug)]
pub(super) struct Ready {
    pub incoming: Incoming,
    pub digest: i64,
    /// It is known to the shop but not sold.
    pub gone: bool,
    /// What the shop has of it, when that is to be taken.
    pub stock: Option<Quantity>,
}

/// # Errors
/// `feeds.other_currency`, and what the catalogue refuses.
pub(super) fn ready(offer: &FeedOffer, feed: FeedId, currency: Currency, tells: Tells) -> Result<Ready> {
    in_currency(offer, currency)?;
    let name = cut(&offer.name, LONGEST_NAME);
    let unit = unit(offer);
    let barcode = offer.barcodes.iter().find(|barcode| fits_barcode(barcode));
    let texts = OfferTexts {
        sku: &offer.id,
        name: &name,
        unit: &unit,
        price: &offer.price.to_string(),
        currency: currency.code(),
        vat: &offer.vat.map(|rate| rate.to_string()).unwrap_or_default(),
        barcode: barcode.map(String::as_str).unwrap_or_default(),
    };
    let mut input = OfferInput::parse(&texts, currency)?;
    let article = offer.article.as_deref().or(offer.vendor_code.as_deref());
    let picture = offer.pictures.first().map(String::as_str);
    input.details = Some(Details::lenient(article, offer.xml_id.as_deref(), picture));
    let group = offer.product_id.as_deref().filter(|id| id.len() <= LONGEST_GROUP).map(|id| Group {
        key: format!("feed:{feed}:{id}"),
        name: cut(offer.product_name.as_deref().unwrap_or(&offer.name), LONGEST_NAME),
    });
    let incoming = Incoming {
        input,
        tells_price: tells.price,
        tells_unit: !unit.is_empty(),
        tells_vat: offer.vat.is_some(),
        tells_barcode: barcode.is_some(),
        group,
        archived: None,
        added_archived: !offer.on_sale,
    };
    let stock = stock(offer).filter(|_| tells.stock || tells.stock_of_others);
    let digest = digest(&incoming, stock.filter(|_| tells.stock));
    Ok(Ready { incoming, digest, gone: !offer.on_sale, stock })
}

/// Of what cannot be had at once there is nothing, unless the shop counts it.
fn stock(offer: &FeedOffer) -> Option<Quantity> {
    offer.quantity.or((!offer.available).then_some(Quantity::ZERO))
}

fn in_currency(offer: &FeedOffer, currency: Currency) -> Result<()> {
    let Some(given) = offer.currency.as_deref() else { return Ok(()) };
    let code = if given.eq_ignore_ascii_case(OLD_ROUBLE) { "RUB" } else { given };
    if code.eq_ignore_ascii_case(currency.code()) {
        return Ok(());
    }
    let given: String = given.chars().take(LONGEST_UNIT).collect();
    Err(Fault::invalid("feeds.other_currency").arg("given", given).arg("wanted", currency))
}

fn unit(offer: &FeedOffer) -> String {
    let unit = offer.unit.as_ref();
    let named =
        unit.and_then(|unit| unit.code.as_deref().or(unit.symbol.as_deref()).or(unit.name.as_deref()));
    named.filter(|named| named.chars().count() <= LONGEST_UNIT).unwrap_or_default().to_owned()
}

fn fits_barcode(barcode: &str) -> bool {
    !barcode.is_empty()
        && barcode.len() <= LONGEST_BARCODE
        && barcode.chars().all(|letter| letter.is_ascii_graphic())
}

fn cut(text: &str, longest: usize) -> String {
    if text.len() <= longest || text.chars().count() <= longest {
        return text.to_owned();
    }
    text.chars().take(longest - 1).chain(['…']).collect()
}

/// Of everything that the catalogue is told; kept, so its making may not change lightly: after a change
/// every offer is looked at once.
fn digest(incoming: &Incoming, stock: Option<Quantity>) -> i64 {
    let Incoming { input, tells_price, tells_unit, tells_vat, tells_barcode, added_archived, .. } = incoming;
    let details = input.details.as_ref();
    let texts = [
        Some(input.sku.as_str()),
        Some(&input.name),
        Some(input.unit.as_str()).filter(|_| *tells_unit),
        input.barcode.as_deref().filter(|_| *tells_barcode),
        Some(input.currency.code()),
        details.and_then(|details| details.article.as_deref()),
        details.and_then(|details| details.external_id.as_deref()),
        details.and_then(|details| details.picture.as_deref()),
    ];
    let mut hash = Sha256::new();
    for text in texts {
        // No text holds a control character, so no two lists are written alike.
        hash.update(text.unwrap_or("\u{1}"));
        hash.update([0]);
    }
    hash.update(input.price.ten_thousandths().to_le_bytes());
    hash.update(if *tells_vat { input.vat.to_string() } else { String::new() });
    hash.update([0, u8::from(*added_archived)]);
    // Only where they are not as usual: the digests of other feeds stay as they were.
    if !tells_price {
        hash.update([0xff]);
    }
    if let Some(stock) = stock {
        hash.update(stock.thousandths().to_le_bytes());
    }
    let digest: [u8; 32] = hash.finalize().into();
    let mut first = [0; 8];
    first.copy_from_slice(&digest[..8]);
    i64::from_le_bytes(first)
}

#[cfg(test)]
mod tests {
    use takt_kernel::money::UnitPrice;

    use super::*;
    use crate::port::Unit;

    fn tea() -> FeedOffer {
        FeedOffer {
            id: "TEA-1".to_owned(),
            name: "Чай".to_owned(),
            price: UnitPrice::from_ten_thousandths(1_995_000),
            on_sale: true,
            available: true,
            ..FeedOffer::default()
        }
    }

    fn read(offer: &FeedOffer) -> Result<Ready> {
        ready(
            offer,
            FeedId::new(7),
            Currency::RUB,
            Tells { price: true, stock: false, stock_of_others: false },
        )
    }

    #[test]
    fn every_field_that_the_catalogue_takes_changes_the_digest() {
        let digest = |offer: &FeedOffer| read(offer).map(|ready| ready.digest).expect("an offer");
        let plain = tea();
        assert_eq!(digest(&plain), digest(&FeedOffer { line: 9, url: Some("x".to_owned()), ..tea() }));
        let some = |text: &str| Some(text.to_owned());
        let others = [
            FeedOffer { id: "TEA-2".to_owned(), ..tea() },
            FeedOffer { name: "Кофе".to_owned(), ..tea() },
            FeedOffer { price: UnitPrice::from_ten_thousandths(1), ..tea() },
            FeedOffer { vat: Some(takt_kernel::money::VatRate::Percent(0)), ..tea() },
            FeedOffer { barcodes: vec!["46".to_owned()], ..tea() },
            FeedOffer { article: some("A"), ..tea() },
            FeedOffer { xml_id: some("A"), ..tea() },
            FeedOffer { pictures: vec!["https://a/b".to_owned()], ..tea() },
            FeedOffer { unit: Some(Unit { code: some("pcs"), ..Unit::default() }), ..tea() },
            FeedOffer { on_sale: false, ..tea() },
        ];
        let mut digests: Vec<i64> = others.iter().chain([&plain]).map(digest).collect();
        digests.sort_unstable();
        digests.dedup();
        assert_eq!(digests.len(), others.len() + 1);
    }

    #[test]
    fn stock_is_taken_where_somebody_said_so_and_only_there() {
        let counted = FeedOffer { quantity: Some(Quantity::whole(7)), ..tea() };
        let to_order = FeedOffer { available: false, ..tea() };
        let both = FeedOffer { available: false, ..counted.clone() };
        for (offer, stock) in [(&counted, Some(7)), (&to_order, Some(0)), (&both, Some(7)), (&tea(), None)] {
            let tells = |own| Tells { price: true, stock: own, stock_of_others: true };
            let taken = ready(offer, FeedId::new(7), Currency::RUB, tells(true)).expect("an offer");
            // Whose own goods are counted elsewhere is asked anew when they are counted here again.
            let lent = ready(offer, FeedId::new(7), Currency::RUB, tells(false)).expect("an offer");
            assert_eq!((lent.stock, lent.digest == taken.digest), (taken.stock, taken.stock.is_none()));
            assert_eq!(taken.stock, stock.map(Quantity::whole));
            let left = read(offer).expect("an offer");
            assert_eq!((left.stock, left.digest == taken.digest), (None, stock.is_none()));
        }
    }

    #[test]
    fn what_the_catalogue_cannot_hold_is_cut_left_out_or_refused() {
        let long = FeedOffer {
            name: "я".repeat(400),
            barcodes: vec!["не штрихкод".to_owned(), "4600000000001".to_owned()],
            currency: Some("RUR".to_owned()),
            ..tea()
        };
        let ready = read(&long).expect("an offer");
        assert_eq!(ready.incoming.input.name.chars().count(), 300);
        assert_eq!(ready.incoming.input.barcode.as_deref(), Some("4600000000001"));
        let dollars = FeedOffer { currency: Some("USD".to_owned()), ..tea() };
        assert!(read(&dollars).is_err_and(|fault| fault.is("feeds.other_currency")));
        let slash = FeedOffer { id: "a/b".to_owned(), ..tea() };
        assert!(read(&slash).is_err_and(|fault| fault.fields()[0].code == "catalog.sku_malformed"));
    }
}
