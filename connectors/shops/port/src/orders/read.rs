//! What a shop says of an order, as our types have it.

use std::collections::BTreeMap;

use serde_json::{Map, Value};
use takt_catalog::Offer;
use takt_customers::{Contact, Email, Phone};
use takt_kernel::{
    Fault, Result,
    money::{Currency, Money, VatRate},
};
use takt_orders::{Delivery, NewLine, Terms};
use takt_ui::Lang;

use crate::{SaidLine, SaidOrder, amounts, connected::Shop};

const USUAL_UNIT: &str = "pcs";
/// The line's id in the shop's order.
pub(super) const SHOP_LINE: &str = "shop_line";

#[derive(Clone, Debug)]
pub(crate) struct Read {
    pub currency: Currency,
    pub contact: Contact,
    pub delivery: Delivery,
    pub lines: Vec<NewLine>,
    pub discount: Money,
    pub comment: Option<String>,
    pub extra: Map<String, Value>,
    pub terms: Option<Terms>,
    pub lang: Option<Lang>,
}

impl Read {
    /// # Errors
    /// `currency.unknown`, `shops.currency_differs`, `shops.amount_malformed`, `shops.total_differs`.
    pub fn of(
        shop: &Shop,
        said: &SaidOrder,
        offers: &BTreeMap<String, Offer>,
        notes: &mut Vec<String>,
    ) -> Result<Self> {
        let currency = Currency::from_code(&said.currency.to_ascii_uppercase())?;
        if currency != shop.usual.currency {
            return Err(Fault::invalid("shops.currency_differs")
                .arg("given", currency.code())
                .arg("expected", shop.usual.currency.code()));
        }
        let lines = said.lines.iter().map(|said| line(said, offers, currency)).collect::<Result<Vec<_>>>()?;
        let method = said.delivery_method.as_ref();
        let method = method.map(|method| shop.settings.deliveries.get(method).unwrap_or(method).clone());
        let mut read = Self {
            currency,
            contact: contact(said, &shop.usual.region, notes),
            delivery: Delivery {
                method,
                address: said.delivery_address.clone(),
                price: amounts::money(&said.delivery_price, currency)?,
            },
            discount: amounts::money(&said.discount, currency)?,
            comment: said.comment.clone(),
            extra: said.extra.clone(),
            terms: terms(shop, said),
            lang: said.lang.as_deref().and_then(Lang::parse),
            lines,
        };
        read.settle(said, notes)?;
        Ok(read)
    }

    /// Shops round each tax for itself: what their own sum is off by is put where the buyer pays the same.
    fn settle(&mut self, said: &SaidOrder, notes: &mut Vec<String>) -> Result<()> {
        let declared = amounts::money(&said.total, self.currency)?;
        let mut computed = self.delivery.price.subtract(self.discount)?;
        for said in &said.lines {
            computed = computed.add(amounts::money(&said.total, self.currency)?)?;
        }
        let off = declared.subtract(computed)?;
        let most = i64::try_from(said.lines.len()).unwrap_or(i64::MAX).saturating_add(2);
        if off.is_zero() {
            return Ok(());
        }
        if off.minor().saturating_abs() > most {
            return Err(Fault::invalid("shops.total_differs")
                .arg("declared", declared.to_decimal_string())
                .arg("computed", computed.to_decimal_string()));
        }
        if off.is_negative() || self.discount >= off {
            self.discount = self.discount.subtract(off)?;
        } else {
            self.delivery.price = self.delivery.price.add(off)?;
        }
        notes.push(format!("total (rounded by {})", off.to_decimal_string()));
        Ok(())
    }
}

/// How to reach the buyer. An e-mail that is none is left out rather than the order.
pub(crate) fn contact(said: &SaidOrder, region: &str, notes: &mut Vec<String>) -> Contact {
    let email = Email::parse(&said.email).unwrap_or_else(|_| {
        notes.push("email".to_owned());
        None
    });
    let name = said.name.split_whitespace().collect::<Vec<_>>().join(" ");
    Contact { name, phone: Phone::parse(&said.phone, region), email }
}

fn terms(shop: &Shop, said: &SaidOrder) -> Option<Terms> {
    let payment = said.payment.as_deref()?;
    let usual = || shop.system.terms.iter().find(|(known, _)| *known == payment).map(|(_, terms)| *terms);
    let code = shop.settings.payment_terms.get(payment).map(String::as_str).or_else(usual)?;
    Terms::from_code(code, 0).ok()
}

fn line(said: &SaidLine, offers: &BTreeMap<String, Offer>, currency: Currency) -> Result<NewLine> {
    let offer = said.sku.as_ref().and_then(|sku| offers.get(sku));
    let quantity = amounts::quantity(&said.quantity)?;
    let (price, discount) = amounts::priced(&said.amount, &said.total, quantity, currency)?;
    let vat = said.vat.as_deref().and_then(|rate| VatRate::parse(rate).ok());
    let mut extra = Map::new();
    extra.insert(SHOP_LINE.to_owned(), Value::from(said.id.as_str()));
    for (name, id) in [("shop_product", &said.product), ("shop_variation", &said.variation)] {
        if let Some(id) = id {
            extra.insert(name.to_owned(), Value::from(id.as_str()));
        }
    }
    let name = [Some(&said.name), offer.map(|offer| &offer.name), said.sku.as_ref()];
    Ok(NewLine {
        name: name.into_iter().flatten().find(|name| !name.is_empty()).cloned().unwrap_or_default(),
        sku: said.sku.clone(),
        quantity,
        unit: offer.map_or_else(|| USUAL_UNIT.to_owned(), |offer| offer.unit.clone()),
        price,
        discount,
        vat: vat.or_else(|| offer.map(|offer| offer.vat)).unwrap_or(VatRate::None),
        extra,
    })
}
