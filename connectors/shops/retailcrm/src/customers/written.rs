//! Customers as the protocol has them.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};
use takt_customers::{CustomerId, briefs, shown};
use takt_kernel::Result;
use takt_orders::{Order, OrderId};
use takt_store::{Query, Question, Row, params, sql};

use crate::{
    model::typed,
    orders::write::Name,
    wire::{endpoint::Call, time},
};

const USUAL_FIELDS: usize = 24;

/// What the shop calls some customers, and what it said of them.
#[derive(Default)]
pub(crate) struct Known {
    /// More than one where several accounts of the shop are one person.
    external_ids: BTreeMap<CustomerId, Vec<String>>,
    profiles: BTreeMap<CustomerId, Map<String, Value>>,
}

/// # Errors
/// Faults of the store.
pub(crate) fn known(db: &mut dyn Query, call: &Call, ids: &[CustomerId]) -> Result<Known> {
    read(&db.all_at_once(&[question(call, ids)])?.pop().unwrap_or_default())
}

pub(crate) fn question(call: &Call, ids: &[CustomerId]) -> Question {
    let asked = Value::from(ids.iter().map(|id| id.get()).collect::<Vec<_>>()).to_string();
    Question::new(
        sql!(
            "select customer_id, external_id, null as profile
             from retailcrm_customer_id
             where company_id = :company_id and shop_id = :shop_id and customer_id in (
               select cast(value as bigint)
               from {pg:json_array_elements_text(cast(cast(:ids as text) as json))|sqlite:json_each(:ids)})
             union all
             select customer_id, null as external_id, profile
             from retailcrm_customer
             where company_id = :company_id and shop_id = :shop_id and customer_id in (
               select cast(value as bigint)
               from {pg:json_array_elements_text(cast(cast(:ids as text) as json))|sqlite:json_each(:ids)})
             order by customer_id, external_id
             limit 4000"
        ),
        params![company_id: call.company(), shop_id: call.shop(), ids: &asked],
    )
}

/// As [`question`], of the buyers of these orders, whoever they are.
pub(crate) fn question_of_orders(call: &Call, orders: &[OrderId]) -> Question {
    let asked = Value::from(orders.iter().map(|id| id.get()).collect::<Vec<_>>()).to_string();
    Question::new(
        sql!(
            "select customer_id, external_id, null as profile
             from retailcrm_customer_id
             where company_id = :company_id and shop_id = :shop_id and customer_id in (
               select orders.customer_id
               from {pg:json_array_elements_text(cast(cast(:ids as text) as json)) as asked(value)|sqlite:json_each(:ids) as asked}
               cross join orders
               where orders.company_id = :company_id and orders.id = cast(asked.value as bigint))
             union all
             select customer_id, null as external_id, profile
             from retailcrm_customer
             where company_id = :company_id and shop_id = :shop_id and customer_id in (
               select orders.customer_id
               from {pg:json_array_elements_text(cast(cast(:ids as text) as json)) as asked(value)|sqlite:json_each(:ids) as asked}
               cross join orders
               where orders.company_id = :company_id and orders.id = cast(asked.value as bigint))
             order by customer_id, external_id
             limit 4000"
        ),
        params![company_id: call.company(), shop_id: call.shop(), ids: &asked],
    )
}

/// # Errors
/// When a row makes no sense.
pub(crate) fn read(rows: &[Row]) -> Result<Known> {
    let mut known = Known::default();
    for row in rows {
        let id = row.get("customer_id")?;
        if let Some(external_id) = row.get::<Option<String>>("external_id")? {
            known.external_ids.entry(id).or_default().push(external_id);
        }
        if row.get::<Option<String>>("profile")?.is_some() {
            known.profiles.insert(id, row.json("profile")?);
        }
    }
    Ok(known)
}

/// What the shop said of a customer.
///
/// # Errors
/// Faults of the store.
pub(crate) fn profile(db: &mut dyn Query, call: &Call, id: CustomerId) -> Result<Option<Value>> {
    Ok(known(db, call, &[id])?.profiles.remove(&id).map(Value::Object))
}

impl Known {
    /// The customer of an order, as the order says who it is, under the id by which the shop named them there.
    pub fn in_order(
        &self,
        call: &Call,
        id: CustomerId,
        order: &Order,
        (name, named): (&Name, Option<&str>),
        placed: &str,
    ) -> Value {
        let phone = order.contact.phone.as_deref().or(order.contact.phone_given.as_deref());
        self.body(call, (id, named), name, phone, order.contact.email.as_deref(), placed)
    }

    fn external_id(&self, id: CustomerId, named: Option<&str>) -> Option<&str> {
        let all = self.external_ids.get(&id)?;
        all.iter().find(|known| Some(known.as_str()) == named).or(all.last()).map(String::as_str)
    }

    fn body(
        &self,
        call: &Call,
        (id, named): (CustomerId, Option<&str>),
        name: &Name,
        phone: Option<&str>,
        email: Option<&str>,
        created: &str,
    ) -> Value {
        let nothing = Map::new();
        let profile = self.profiles.get(&id).unwrap_or(&nothing);
        let mut body = Map::with_capacity(USUAL_FIELDS);
        body.insert("type".to_owned(), json!("customer"));
        body.insert("id".to_owned(), json!(id.get()));
        if let Some(external_id) = self.external_id(id, named) {
            body.insert("externalId".to_owned(), json!(external_id));
        }
        let given = |name: &str, otherwise: Value| {
            profile.get(name).filter(|value| !value.is_null()).cloned().unwrap_or(otherwise)
        };
        let number = phone.map(|phone| phone.split(';').next().unwrap_or(phone));
        for (field, value) in [
            ("isContact", json!(false)),
            ("createdAt", given("createdAt", json!(created))),
            ("vip", given("vip", json!(false))),
            ("bad", given("bad", json!(false))),
            ("site", json!(call.site.code)),
            ("contragent", given("contragent", json!({ "contragentType": "individual" }))),
            ("tags", given("tags", json!([]))),
            ("customFields", given("customFields", json!([]))),
            ("personalDiscount", json!(0)),
            ("cumulativeDiscount", json!(0)),
            ("address", given("address", json!({}))),
            ("segments", json!([])),
            ("firstName", json!(name.first)),
            ("lastName", json!(name.last)),
            ("patronymic", json!(name.middle)),
            ("email", json!(email.unwrap_or_default())),
            ("phones", number.map_or_else(|| json!([]), |number| json!([{ "number": number }]))),
        ] {
            body.insert(field.to_owned(), value);
        }
        for field in ["sex", "birthday", "managerId", "browserId", "source", "discountCardNumber"] {
            if let Some(value) = profile.get(field).filter(|value| !value.is_null()) {
                body.insert(field.to_owned(), value.clone());
            }
        }
        typed::correct(&mut body, typed::CUSTOMER);
        Value::Object(body)
    }

    /// As the shop wrote it, while nobody has changed it.
    fn name(&self, id: CustomerId, whole: &str) -> Name {
        let nothing = Map::new();
        let profile = self.profiles.get(&id).unwrap_or(&nothing);
        let text =
            |name: &str| profile.get(name).and_then(Value::as_str).unwrap_or_default().trim().to_owned();
        let said = Name { first: text("firstName"), middle: text("patronymic"), last: text("lastName") };
        if said.joined() == whole { said } else { Name::of(whole) }
    }
}

/// Customers in the order in which they are asked for; `asked_as` is the id under which the shop asked for the one.
///
/// # Errors
/// Faults of the store.
pub(crate) fn customers(
    db: &mut dyn Query,
    call: &Call,
    ids: &[CustomerId],
    asked_as: Option<&str>,
) -> Result<Vec<Value>> {
    let mut known = known(db, call, ids)?;
    // It may be that of a card which was merged into this one.
    if let (Some(asked_as), [id]) = (asked_as, ids) {
        known.external_ids.insert(*id, vec![asked_as.to_owned()]);
    }
    let found = briefs(db, call.company(), ids)?;
    let mut bodies = BTreeMap::new();
    for customer in found {
        let name = known.name(customer.id, &customer.name);
        let phone = customer.phone.as_deref().map(shown).map(|phone| phone.replace([' ', '-'], ""));
        let created = time::written(customer.created_at, &call.site.zone);
        let body = known.body(
            call,
            (customer.id, None),
            &name,
            phone.as_deref(),
            customer.email.as_deref(),
            &created,
        );
        bodies.insert(customer.id, body);
    }
    Ok(ids.iter().filter_map(|id| bodies.remove(id)).collect())
}
