//! Any field of an order as a condition. None of these has an index of its own: among orders in work the open ones
//! are read in bounded steps, among all of them the runs of shops and statuses are ([`super::steps`]).

use takt_catalog::OfferId;
use takt_kernel::{PersonId, Result, Timestamp, fold};
use takt_staff::Scope;
use takt_store::{Query, Statement, Value};

use crate::{coded::coded, rows::ids_as_json};

/// Goods that a text may mean.
const MOST_OFFERS: i64 = 50;

coded! {
    /// How far the money of an order has come.
    pub enum Payment {
        None = "none",
        Part = "part",
        Full = "full",
    }
}

coded! {
    /// What a person has to look after.
    pub enum Mark {
        Late = "late",
        Urgent = "urgent",
        Short = "short",
        Deferred = "deferred",
        Paused = "paused",
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TakenBy {
    Nobody,
    Person(PersonId),
}

/// Conditions on fields of orders, all of which hold.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Fields {
    pub city: Option<String>,
    /// The SKU or the name of a line's goods, or words of goods of the catalogue.
    pub product: Option<String>,
    pub source: Option<String>,
    /// The method of delivery: by it goes who carries.
    pub delivery: Option<String>,
    /// In minor units, both included.
    pub sum_from: Option<i64>,
    pub sum_to: Option<i64>,
    pub placed_from: Option<Timestamp>,
    /// Not included.
    pub placed_to: Option<Timestamp>,
    pub due_from: Option<Timestamp>,
    /// Not included.
    pub due_to: Option<Timestamp>,
    pub payment: Option<Payment>,
    /// A code of [`crate::Terms`].
    pub terms: Option<&'static str>,
    pub taken: Option<TakenBy>,
    pub mark: Option<Mark>,
    /// The goods of the catalogue that `product` may mean; the list finds them.
    pub offers: Vec<OfferId>,
}

impl Fields {
    pub fn any(&self) -> bool {
        *self != Self::default()
    }

    /// Finds the goods that are meant: one question for the whole list.
    pub(super) fn resolved(mut self, db: &mut dyn Query, scope: &Scope) -> Result<Self> {
        if let Some(product) = &self.product {
            let filter = takt_catalog::Filter {
                q: product.clone(),
                archived: false,
                cursor: None,
                limit: MOST_OFFERS,
            };
            self.offers =
                takt_catalog::list(db, scope, &filter)?.items.iter().map(|offer| offer.id).collect();
        }
        Ok(self)
    }

    /// The conditions in one text, with the names under which their values are bound: several filters may stand in
    /// one statement.
    pub(super) fn conditions(&self, names: &'static Names, now: Timestamp, into: &mut Conditions) {
        into.equal("orders.city", names.city, self.city.as_deref().map(fold));
        into.equal("orders.source", names.source, self.source.as_deref());
        into.equal("orders.delivery_method", names.delivery, self.delivery.as_deref());
        into.compare("orders.total_minor >=", names.sum_from, self.sum_from);
        into.compare("orders.total_minor <=", names.sum_to, self.sum_to);
        // The plus keeps lists by promise from going by age; lists by age begin and end where these say.
        into.compare("+orders.placed_at >=", names.placed_from, self.placed_from);
        into.compare("+orders.placed_at <", names.placed_to, self.placed_to);
        if self.due_from.is_some() {
            // Where nothing is promised there is no day.
            into.plain("orders.due_at < 9007199254740991");
        }
        into.compare("orders.due_at >=", names.due_from, self.due_from);
        into.compare("orders.due_at <", names.due_to, self.due_to);
        into.equal("orders.terms", names.terms, self.terms);
        match self.payment {
            None => {}
            Some(Payment::Full) => into.plain("orders.paid_minor >= orders.total_minor"),
            Some(Payment::Part) => {
                into.plain("orders.paid_minor > 0 and orders.paid_minor < orders.total_minor");
            }
            Some(Payment::None) => into.plain("orders.paid_minor <= 0 and orders.total_minor > 0"),
        }
        match self.taken {
            None => {}
            Some(TakenBy::Nobody) => into.plain("orders.taken_by is null and not orders.taken"),
            Some(TakenBy::Person(person)) => into.equal("orders.taken_by", names.taken, Some(person)),
        }
        match self.mark {
            None => {}
            Some(Mark::Late) => {
                into.plain("orders.in_work");
                into.compare("orders.due_at <", names.now, Some(now));
            }
            Some(Mark::Urgent) => into.plain("orders.in_work and orders.urgent"),
            Some(Mark::Short) => into.plain(
                "orders.in_work and orders.shipped <> 'all' and (orders.short or orders.reserved = 'part')",
            ),
            Some(Mark::Deferred) => into.plain("orders.deferred_until is not null"),
            Some(Mark::Paused) => into.plain("orders.in_work and orders.pause is not null"),
        }
        if let Some(product) = &self.product {
            let text = format!(
                "exists (
                   select 1
                   from order_line
                   where order_line.company_id = orders.company_id and order_line.order_id = orders.id
                     and (order_line.sku = :{0} or order_line.name = :{0} or order_line.offer_id in (
                       select cast(value as bigint)
                       from {{pg:json_array_elements_text(cast(cast(:{1} as text) as json))|sqlite:json_each(:{1})}})))",
                names.product, names.offers,
            );
            into.bound(text, names.product, product.as_str());
            into.value(names.offers, ids_as_json(&self.offers));
        }
    }
}

/// Conditions of a statement in the making, joined by `and`.
#[derive(Default)]
pub(super) struct Conditions {
    texts: Vec<String>,
    values: Vec<(&'static str, Value)>,
}

impl Conditions {
    pub(super) fn plain(&mut self, text: &str) {
        self.texts.push(text.to_owned());
    }

    pub(super) fn equal<T: Into<Value>>(&mut self, column: &str, name: &'static str, value: Option<T>) {
        if let Some(value) = value {
            self.bound(format!("{column} = :{name}"), name, value);
        }
    }

    fn compare<T: Into<Value>>(&mut self, left: &str, name: &'static str, value: Option<T>) {
        if let Some(value) = value {
            self.bound(format!("{left} :{name}"), name, value);
        }
    }

    fn bound(&mut self, text: String, name: &'static str, value: impl Into<Value>) {
        self.texts.push(text);
        self.value(name, value);
    }

    fn value(&mut self, name: &'static str, value: impl Into<Value>) {
        self.values.push((name, value.into()));
    }

    /// True of every order when there are none.
    pub(super) fn as_expression(&self) -> String {
        if self.texts.is_empty() { "1 = 1".to_owned() } else { self.texts.join("\n  and ") }
    }

    /// Behind those that the statement has.
    pub(super) fn add_to(self, mut statement: Statement) -> Statement {
        for text in &self.texts {
            statement = statement.push("\nand ").push(text);
        }
        self.bind_to(statement)
    }

    pub(super) fn bind_to(self, statement: Statement) -> Statement {
        self.values.into_iter().fold(statement, |statement, (name, value)| statement.bind(name, value))
    }
}

/// The names of the values of one filter.
pub(super) struct Names {
    city: &'static str,
    product: &'static str,
    offers: &'static str,
    source: &'static str,
    delivery: &'static str,
    sum_from: &'static str,
    sum_to: &'static str,
    placed_from: &'static str,
    placed_to: &'static str,
    due_from: &'static str,
    due_to: &'static str,
    terms: &'static str,
    taken: &'static str,
    now: &'static str,
    pub stage: &'static str,
    pub status: &'static str,
    pub shop: &'static str,
    pub holder: &'static str,
    pub milestone: &'static str,
}

macro_rules! names {
    ($($number:literal)+) => {
        [$(Names {
            city: concat!("city_", $number),
            product: concat!("product_", $number),
            offers: concat!("offers_", $number),
            source: concat!("source_", $number),
            delivery: concat!("delivery_", $number),
            sum_from: concat!("sum_from_", $number),
            sum_to: concat!("sum_to_", $number),
            placed_from: concat!("placed_from_", $number),
            placed_to: concat!("placed_to_", $number),
            due_from: concat!("due_from_", $number),
            due_to: concat!("due_to_", $number),
            terms: concat!("terms_", $number),
            taken: concat!("taken_", $number),
            now: concat!("now_", $number),
            stage: concat!("stage_", $number),
            status: concat!("status_", $number),
            shop: concat!("shop_", $number),
            holder: concat!("holder_", $number),
            milestone: concat!("milestone_", $number),
        }),+]
    };
}

/// As many as filters may be counted at once.
pub(super) static NAMES: [Names; 20] = names!(0 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19);
