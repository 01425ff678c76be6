//! What a shop's system says, in words that all of them have. Amounts are decimal texts as they came, VAT
//! included.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use takt_kernel::Timestamp;

/// One message, read.
#[derive(Clone, Debug)]
pub enum Deed {
    Order(Box<SaidOrder>),
    /// It had been deleted there.
    OrderRestored(Box<SaidOrder>),
    /// It was deleted there; nothing is deleted here.
    OrderGone {
        external_id: String,
    },
    Customer(SaidCustomer),
    CustomerGone {
        external_id: String,
    },
    /// A product and, of some systems, its variations.
    Products(Vec<SaidProduct>),
    ProductGone {
        external_id: String,
    },
    /// Only a person may decide; said by this code.
    ForPerson(&'static str),
    /// Heard, and nothing to be done.
    Nothing(String),
}

impl Deed {
    /// What it is about, in the sender's own words.
    pub fn about(&self) -> Option<String> {
        match self {
            Self::Order(order) | Self::OrderRestored(order) => Some(format!("order {}", order.external_id)),
            Self::OrderGone { external_id } => Some(format!("order {external_id}")),
            Self::Customer(customer) => Some(format!("customer {}", customer.external_id)),
            Self::CustomerGone { external_id } => Some(format!("customer {external_id}")),
            Self::Products(products) => {
                products.first().map(|product| format!("product {}", product.external_id))
            }
            Self::ProductGone { external_id } => Some(format!("product {external_id}")),
            Self::ForPerson(_) | Self::Nothing(_) => None,
        }
    }
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SaidOrder {
    pub external_id: String,
    pub number: Option<String>,
    pub modified_at: Timestamp,
    pub currency: String,
    /// The shop's own code.
    pub status: String,
    pub name: String,
    pub phone: String,
    pub email: String,
    pub lang: Option<String>,
    pub delivery_method: Option<String>,
    pub delivery_address: Option<String>,
    pub delivery_price: String,
    pub comment: Option<String>,
    /// The shop's code of the way of payment.
    pub payment: Option<String>,
    /// The shop holds it for paid: that proves nothing here.
    pub paid: bool,
    pub lines: Vec<SaidLine>,
    /// Of the whole order.
    pub discount: String,
    /// What the buyer is to pay, as the shop adds it up.
    pub total: String,
    pub extra: Map<String, Value>,
}

impl SaidOrder {
    /// What may be known of an order whose person was erased: everything but who that was, also in free texts and in
    /// fields of the shop's own.
    pub(crate) fn without_person(&self) -> Self {
        Self {
            name: String::new(),
            phone: String::new(),
            email: String::new(),
            delivery_address: None,
            comment: None,
            extra: Map::new(),
            ..self.clone()
        }
    }
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SaidLine {
    /// Of the line in the shop's order.
    pub id: String,
    pub sku: Option<String>,
    pub name: String,
    pub quantity: String,
    /// What the whole line costs before its discount.
    pub amount: String,
    /// What is left of it after its discount.
    pub total: String,
    pub vat: Option<String>,
    pub product: Option<String>,
    pub variation: Option<String>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SaidCustomer {
    pub external_id: String,
    pub modified_at: Timestamp,
    pub name: String,
    pub phone: String,
    pub email: String,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SaidProduct {
    pub external_id: String,
    pub parent: Option<String>,
    pub modified_at: Timestamp,
    pub sku: Option<String>,
    pub name: String,
    /// None of what has no price of its own.
    pub price: Option<String>,
    pub barcode: Option<String>,
    /// What the shop holds for its stock.
    #[serde(default)]
    pub stock: Option<String>,
}
