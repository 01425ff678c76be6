//! One offer while its elements come.

use takt_feeds::port::{FeedOffer, Param, Unit, Unreadable, Why};
use takt_kernel::{
    Fault,
    money::{Quantity, UnitPrice},
};

use crate::{entities::plain, number, vat};

const LONGEST_ID: usize = 500;

/// What stands in place of letters that could not be read.
const UNREADABLE_LETTER: char = '\u{fffd}';

/// An element of an offer whose text is wanted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Field {
    Name,
    TypePrefix,
    Model,
    ProductName,
    XmlId,
    Url,
    Price,
    OldPrice,
    PurchasePrice,
    Currency,
    Category,
    Picture,
    Vendor,
    VendorCode,
    Barcode,
    Param,
    Vat,
    VatRate,
    Weight,
    Dimensions,
    Quantity,
    Activity,
    Disabled,
    Article,
}

impl Field {
    /// What is not named here is passed over.
    pub(crate) fn of(name: &str) -> Option<Self> {
        Some(match name {
            "name" => Self::Name,
            "typePrefix" => Self::TypePrefix,
            "model" => Self::Model,
            "productName" => Self::ProductName,
            "xmlId" => Self::XmlId,
            "url" => Self::Url,
            "price" => Self::Price,
            "oldprice" | "oldPrice" => Self::OldPrice,
            "purchasePrice" | "purchase_price" => Self::PurchasePrice,
            "currencyId" => Self::Currency,
            "categoryId" => Self::Category,
            "picture" => Self::Picture,
            "vendor" => Self::Vendor,
            "vendorCode" => Self::VendorCode,
            "article" => Self::Article,
            "barcode" => Self::Barcode,
            "param" => Self::Param,
            "vat" => Self::Vat,
            "vatRate" => Self::VatRate,
            "weight" => Self::Weight,
            "dimensions" => Self::Dimensions,
            "count" | "quantity" | "stock_quantity" => Self::Quantity,
            "productActivity" => Self::Activity,
            "disabled" => Self::Disabled,
            _ => return None,
        })
    }
}

#[derive(Default)]
pub(crate) struct Building {
    offer: FeedOffer,
    type_prefix: Option<String>,
    model: Option<String>,
    price: Option<UnitPrice>,
    /// Attributes of the parameter whose text comes next.
    param: Param,
    /// What lies in all the shop's outlets, where it counts them one by one.
    outlets: Option<Quantity>,
    /// The first thing that is wrong.
    wrong: Option<Fault>,
    /// Elements so far.
    pub elements: usize,
    parts: usize,
}

impl Building {
    pub(crate) fn begin(line: u64, most_parts: usize) -> Self {
        let offer = FeedOffer { line, available: true, on_sale: true, ..FeedOffer::default() };
        Self { offer, parts: most_parts, ..Self::default() }
    }

    pub(crate) fn refuse(&mut self, fault: Fault) {
        self.wrong.get_or_insert(fault);
    }

    pub(crate) fn attribute(&mut self, name: &str, value: &str) {
        let value = plain(value);
        match name {
            "id" => self.offer.id = value,
            "productId" | "group_id" if self.offer.product_id.is_none() => {
                self.offer.product_id = some(value);
            }
            "productId" => self.offer.product_id = some(value),
            "type" => self.offer.kind = some(value),
            "available" => self.offer.available = truth(&value).unwrap_or(true),
            "quantity" => self.offer.quantity = number::quantity(&value),
            _ => {}
        }
    }

    pub(crate) fn begin_param(&mut self) {
        self.param = Param::default();
    }

    pub(crate) fn param_attribute(&mut self, name: &str, value: &str) {
        match name {
            "name" => self.param.name = plain(value),
            "code" => self.param.code = some(plain(value)),
            "unit" => self.param.unit = some(plain(value)),
            _ => {}
        }
    }

    pub(crate) fn unit_attribute(&mut self, name: &str, value: &str) {
        let unit = self.offer.unit.get_or_insert_with(Unit::default);
        match name {
            "code" => unit.code = some(plain(value)),
            "name" => unit.name = some(plain(value)),
            "sym" => unit.symbol = some(plain(value)),
            _ => {}
        }
    }

    pub(crate) fn outlet_attribute(&mut self, name: &str, value: &str) {
        if name == "instock"
            && let Some(here) = number::quantity(&plain(value))
        {
            let all = self.outlets.unwrap_or(Quantity::ZERO).thousandths().saturating_add(here.thousandths());
            self.outlets = Some(Quantity::from_thousandths(all));
        }
    }

    /// The text of an element has come to its end.
    pub(crate) fn take(&mut self, field: Field, text: &str) {
        let text = plain(text);
        let parts = self.parts;
        let keep = |list: &mut Vec<String>, text: String| {
            if !text.is_empty() && list.len() < parts {
                list.push(text);
            }
        };
        let offer = &mut self.offer;
        match field {
            Field::Name => offer.name = text,
            Field::TypePrefix => self.type_prefix = some(text),
            Field::Model => self.model = some(text),
            Field::ProductName => offer.product_name = some(text),
            Field::XmlId => offer.xml_id = some(text),
            Field::Url => offer.url = some(text),
            Field::Price => match number::price(&text) {
                Ok(price) => self.price = Some(price),
                Err(fault) => self.refuse(fault),
            },
            // Nothing depends on these two: what cannot be read is left out.
            Field::OldPrice => offer.old_price = number::price(&text).ok(),
            Field::PurchasePrice => offer.purchase_price = number::price(&text).ok(),
            Field::Currency => offer.currency = some(text),
            Field::Category => keep(&mut offer.categories, text),
            Field::Picture => keep(&mut offer.pictures, text),
            Field::Vendor => offer.vendor = some(text),
            Field::VendorCode => offer.vendor_code = some(text),
            Field::Article => offer.article = some(text),
            Field::Barcode => {
                for barcode in text.split([',', ';', ' ']) {
                    keep(&mut offer.barcodes, barcode.to_owned());
                }
            }
            Field::Param => self.take_param(text),
            Field::Vat | Field::VatRate if text.is_empty() => {}
            Field::Vat => self.take_vat(vat::of_market(&text)),
            Field::VatRate => self.take_vat(vat::of_percent(&text)),
            Field::Weight => offer.weight = some(text),
            Field::Dimensions => offer.dimensions = some(text),
            Field::Quantity => offer.quantity = number::quantity(&text).or(offer.quantity),
            Field::Activity => offer.on_sale &= truth(&text).unwrap_or(true),
            Field::Disabled => offer.on_sale &= !truth(&text).unwrap_or(false),
        }
    }

    fn take_vat(&mut self, rate: takt_kernel::Result<takt_kernel::money::VatRate>) {
        match rate {
            Ok(rate) => self.offer.vat = Some(rate),
            Err(fault) => self.refuse(fault),
        }
    }

    fn take_param(&mut self, value: String) {
        let param = Param { value, ..std::mem::take(&mut self.param) };
        let code = param.code.as_deref().unwrap_or_default();
        let is_article = code.eq_ignore_ascii_case("article") || param.name == "Артикул";
        if is_article && self.offer.article.is_none() {
            self.offer.article = some(param.value.clone());
        }
        if !param.value.is_empty() && self.offer.params.len() < self.parts {
            self.offer.params.push(param);
        }
    }

    /// Judges the whole.
    pub(crate) fn end(mut self) -> Result<Box<FeedOffer>, Unreadable> {
        self.offer.quantity = self.offer.quantity.or(self.outlets);
        if self.offer.name.is_empty() {
            self.offer.name = self.made_name();
        }
        let wrong = self.wrong.take().or_else(|| self.lacking());
        match (wrong, self.price) {
            (None, Some(price)) => Ok(Box::new(FeedOffer { price, ..self.offer })),
            (wrong, _) => {
                let wrong = wrong.unwrap_or_else(|| Fault::invalid("yml.price_missing"));
                Err(Unreadable {
                    line: self.offer.line,
                    id: some(self.offer.id.chars().take(LONGEST_ID).collect()),
                    why: Why::from(&wrong),
                })
            }
        }
    }

    fn made_name(&self) -> String {
        let parts = [self.type_prefix.as_deref(), self.offer.vendor.as_deref(), self.model.as_deref()];
        let model = self.model.as_ref().map(|_| parts.into_iter().flatten().collect::<Vec<_>>().join(" "));
        model.or_else(|| self.offer.product_name.clone()).unwrap_or_default()
    }

    fn lacking(&self) -> Option<Fault> {
        let offer = &self.offer;
        let code = if offer.id.is_empty() {
            "yml.id_missing"
        } else if offer.id.len() > LONGEST_ID {
            "yml.id_too_long"
        } else if offer.name.is_empty() {
            "yml.name_missing"
        } else if offer.id.contains(UNREADABLE_LETTER) || offer.name.contains(UNREADABLE_LETTER) {
            "yml.letters_unreadable"
        } else if self.price.is_none() {
            "yml.price_missing"
        } else {
            return None;
        };
        Some(Fault::invalid(code))
    }

    pub(crate) fn id(&self) -> &str {
        &self.offer.id
    }
}

fn some(text: String) -> Option<String> {
    if text.is_empty() { None } else { Some(text) }
}

fn truth(text: &str) -> Option<bool> {
    match text.to_lowercase().as_str() {
        "true" | "1" | "y" | "yes" | "да" => Some(true),
        "false" | "0" | "n" | "no" | "нет" => Some(false),
        _ => None,
    }
}
