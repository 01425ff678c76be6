use serde_json::Value;
use takt_catalog::{OfferInput, OfferTexts};
use takt_gateway::Usual;
use takt_kernel::{
    ShopId,
    money::{Currency, Money},
};
use takt_orders::{MOST_LINES, Terms, input::merge};
use takt_ui::Lang;

use crate::text::{fields, text};

/// An order as JSON: a body of the API, or a line of `takt import orders`.
pub fn order(data: &[u8]) {
    let Ok(body) = serde_json::from_slice::<Value>(data) else { return };
    let usual = Usual {
        shop: ShopId::new(1),
        currency: Currency::RUB,
        lang: Lang::Ru,
        region: "RU".to_owned(),
        terms: Terms::Prepaid,
    };
    let report = match usual.read(body.clone(), "fuzz") {
        Ok(report) => report,
        Err(fault) => {
            assert!(!fault.fields().is_empty(), "{fault:?} names no field");
            assert!(fault.fields().len() <= (MOST_LINES + 1) * 12 + 40);
            return;
        }
    };
    let wanted = &report.wanted;
    let totals = wanted.check().expect("checked before");
    let sum = |amounts: &mut dyn Iterator<Item = Money>| {
        Money::sum(wanted.currency, amounts).expect("one currency, no overflow")
    };
    assert_eq!(totals.lines.len(), wanted.lines.len());
    let lines = sum(&mut totals.lines.iter().map(|line| line.total));
    assert_eq!(lines.add(totals.delivery).expect("a sum"), totals.total);
    assert_eq!(sum(&mut totals.lines.iter().map(|line| line.order_discount)), totals.discount);
    assert!(!totals.total.is_negative() && !totals.vat.is_negative() && totals.vat <= totals.total);
    for line in &totals.lines {
        let rest = line.amount.subtract(line.discount).and_then(|net| net.subtract(line.order_discount));
        assert_eq!(rest.expect("a difference"), line.total);
        assert!(!line.total.is_negative() && line.vat <= line.total, "{line:?}");
    }
    let again = usual.read(body, "fuzz").expect("read before");
    assert_eq!(format!("{:?}", again.wanted), format!("{wanted:?}"));
}

/// A value and a change of it (RFC 7396), a line each.
pub fn patch(data: &[u8]) {
    let [target, patch] = fields(text(data));
    let read = |text: &str| serde_json::from_str::<Value>(text).ok();
    let (Some(target), Some(patch)) = (read(target), read(patch)) else { return };
    let mut once = target.clone();
    merge(&mut once, &patch);
    let mut twice = once.clone();
    merge(&mut twice, &patch);
    assert_eq!(once, twice, "a change made twice is made once");
    match (&patch, &once) {
        (Value::Object(wanted), Value::Object(fields)) => {
            let kept =
                target.as_object().into_iter().flatten().filter(|(name, _)| !wanted.contains_key(*name));
            assert!(kept.into_iter().all(|(name, value)| fields.get(name) == Some(value)));
            assert!(wanted.iter().all(|(name, value)| value.is_null() != fields.contains_key(name)));
        }
        _ => assert_eq!(once, patch),
    }
}

/// An offer as texts of a form, an API body or a file, a line each.
pub fn offer(data: &[u8]) {
    let [sku, name, unit, price, currency, vat, barcode] = fields(text(data));
    let texts = OfferTexts { sku, name, unit, price, currency, vat, barcode };
    let Ok(offer) = OfferInput::parse(&texts, Currency::RUB) else { return };
    let (price, vat) = (offer.price.to_string(), offer.vat.to_string());
    let texts = OfferTexts {
        sku: &offer.sku,
        name: &offer.name,
        unit: &offer.unit,
        price: &price,
        currency: offer.currency.code(),
        vat: &vat,
        barcode: offer.barcode.as_deref().unwrap_or_default(),
    };
    assert_eq!(OfferInput::parse(&texts, Currency::EUR).expect("as kept"), offer);
}
