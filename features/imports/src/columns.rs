//! What the columns of a file mean: by their names in both languages, else by what stands in them.

use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use crate::{clean, kinds::Kind, sheet::Sheet};

/// Rows by which a column without a known name is told.
const LOOKED_AT: usize = 50;

/// Something that a column can mean.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Field {
    Name,
    Phone,
    Email,
    Company,
    Address,
    Note,
    Sku,
    Product,
    Price,
    Currency,
    Vat,
    Unit,
    Barcode,
    Stock,
    Number,
    Quantity,
    Discount,
    Method,
    DeliveryPrice,
    Comment,
}

/// What each column means, in their order; nothing for those that are passed over.
pub type Mapping = Vec<Option<Field>>;

impl Field {
    pub const ALL: &[Self] = &[
        Self::Name,
        Self::Phone,
        Self::Email,
        Self::Company,
        Self::Address,
        Self::Note,
        Self::Sku,
        Self::Product,
        Self::Price,
        Self::Currency,
        Self::Vat,
        Self::Unit,
        Self::Barcode,
        Self::Stock,
        Self::Number,
        Self::Quantity,
        Self::Discount,
        Self::Method,
        Self::DeliveryPrice,
        Self::Comment,
    ];

    pub const fn code(self) -> &'static str {
        match self {
            Self::Name => "name",
            Self::Phone => "phone",
            Self::Email => "email",
            Self::Company => "company",
            Self::Address => "address",
            Self::Note => "note",
            Self::Sku => "sku",
            Self::Product => "product",
            Self::Price => "price",
            Self::Currency => "currency",
            Self::Vat => "vat",
            Self::Unit => "unit",
            Self::Barcode => "barcode",
            Self::Stock => "stock",
            Self::Number => "number",
            Self::Quantity => "quantity",
            Self::Discount => "discount",
            Self::Method => "method",
            Self::DeliveryPrice => "delivery_price",
            Self::Comment => "comment",
        }
    }

    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|field| field.code() == code)
    }

    /// May stand in several columns: a second phone, parts of a name or an address.
    pub const fn is_repeated(self) -> bool {
        matches!(self, Self::Name | Self::Phone | Self::Email | Self::Address | Self::Note)
    }

    /// Words by which people head it, folded; the whole heading, or its beginning, is one of them.
    const fn headings(self) -> &'static [&'static str] {
        match self {
            Self::Name => &[
                "имя",
                "фио",
                "ф и о",
                "клиент",
                "покупатель",
                "контактное лицо",
                "контакт",
                "фамилия",
                "отчество",
                "получатель",
                "name",
                "full name",
                "first name",
                "last name",
                "customer",
                "buyer",
                "contact",
            ],
            Self::Phone => &["телефон", "тел", "моб", "номер телефона", "phone", "mobile", "tel", "cell"],
            Self::Email => &["почта", "e mail", "email", "эл почта", "электронная почта", "mail"],
            Self::Company => &[
                "компания",
                "организация",
                "фирма",
                "юрлицо",
                "company",
                "organisation",
                "organization",
                "firm",
            ],
            Self::Address => &["адрес", "город", "улица", "индекс", "address", "city", "street", "zip"],
            Self::Note => &["заметка", "примечание", "комментарий", "note", "notes", "remark", "comment"],
            Self::Sku => &["артикул", "код товара", "код", "sku", "article", "item code", "offer id"],
            Self::Product => &[
                "название",
                "наименование",
                "товар",
                "номенклатура",
                "product",
                "title",
                "item",
                "product name",
            ],
            Self::Price => &["цена", "стоимость", "розничная цена", "price", "retail price", "cost"],
            Self::Currency => &["валюта", "currency"],
            Self::Vat => &["ндс", "ставка ндс", "vat", "tax"],
            Self::Unit => &["ед", "единица", "ед изм", "unit", "uom"],
            Self::Barcode => &["штрихкод", "штрих код", "ean", "barcode", "gtin"],
            Self::Stock => &["остаток", "остатки", "на складе", "stock", "on hand"],
            Self::Number => {
                &["номер заказа", "заказ", "номер", "order", "order number", "order id", "external id"]
            }
            Self::Quantity => &["количество", "кол во", "колво", "quantity", "qty", "count"],
            Self::Discount => &["скидка", "discount"],
            Self::Method => {
                &["способ доставки", "доставка", "delivery method", "shipping method", "delivery"]
            }
            Self::DeliveryPrice => {
                &["цена доставки", "стоимость доставки", "delivery price", "shipping", "shipping price"]
            }
            Self::Comment => &["комментарий", "комментарий покупателя", "примечание", "comment", "note"],
        }
    }
}

/// What files with the same columns have in common, whatever stands in them; empty when their columns have no names.
/// A digest, since headings have any length, and what somebody wrote is not kept for ever.
pub fn shape_of(columns: &[String]) -> String {
    let names: Vec<String> = columns.iter().map(|column| plain(column)).collect();
    if names.iter().all(String::is_empty) {
        return String::new();
    }
    let digest = Sha256::digest(names.join("|").as_bytes());
    digest.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// What the columns of a file most likely mean.
pub fn guess(kind: Kind, sheet: &Sheet) -> Mapping {
    let mut mapping: Mapping = vec![None; sheet.columns.len()];
    // The longest heading that fits wins: "номер телефона" is no "номер".
    let mut fitting: Vec<(usize, usize, Field)> = Vec::new();
    for (place, column) in sheet.columns.iter().enumerate() {
        let heading = plain(column);
        for field in kind.fields() {
            let longest = field
                .headings()
                .iter()
                .filter(|known| begins(&heading, known))
                .map(|known| known.len())
                .max();
            fitting.extend(longest.map(|length| (length, place, *field)));
        }
    }
    fitting.sort_by_key(|(length, place, field)| (std::cmp::Reverse(*length), *place, *field));
    for (_, place, field) in fitting {
        let taken = mapping.contains(&Some(field)) && !field.is_repeated();
        if let Some(meaning) = mapping.get_mut(place).filter(|meaning| meaning.is_none() && !taken) {
            *meaning = Some(field);
        }
    }
    by_content(kind, sheet, &mut mapping);
    mapping
}

/// A phone and an e-mail look like nothing else.
fn by_content(kind: Kind, sheet: &Sheet, mapping: &mut Mapping) {
    for (field, fits) in
        [(Field::Email, clean::looks_like_email as fn(&str) -> bool), (Field::Phone, clean::looks_like_phone)]
    {
        if !kind.fields().contains(&field) || mapping.contains(&Some(field)) {
            continue;
        }
        let place = (0..sheet.columns.len()).find(|place| {
            let cells = sheet.rows.iter().take(LOOKED_AT).filter_map(|row| row.get(*place));
            let filled: Vec<&String> = cells.filter(|cell| !cell.is_empty()).collect();
            let fitting = filled.iter().filter(|cell| fits(cell)).count();
            mapping.get(*place) == Some(&None) && fitting > 0 && fitting * 10 >= filled.len() * 8
        });
        if let Some(meaning) = place.and_then(|place| mapping.get_mut(place)) {
            *meaning = Some(field);
        }
    }
}

fn begins(heading: &str, known: &str) -> bool {
    heading.strip_prefix(known).is_some_and(|rest| rest.is_empty() || rest.starts_with(' '))
}

/// Words of letters and digits, folded.
fn plain(heading: &str) -> String {
    let spaced: String =
        heading.chars().map(|sign| if sign.is_alphanumeric() { sign } else { ' ' }).collect();
    takt_kernel::fold(&spaced).split_whitespace().collect::<Vec<_>>().join(" ")
}
