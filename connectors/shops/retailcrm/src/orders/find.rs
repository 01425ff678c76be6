//! Lists of orders, one order, and the standing of many.

use serde::Deserialize;
use serde_json::{Value, json};
use takt_customers::CustomerId;
use takt_kernel::Timestamp;
use takt_orders::{Numbered, OrderId, SeeOrders, by_external_id, load, numbered};
use takt_store::Query;

use super::{edit, status, write};
use crate::{
    customers,
    wire::{
        endpoint::{Answer, By, Call},
        lenient::{self, List, Text, filled},
        page::Paging,
        refusal::Refusal,
        time,
    },
};

const USUAL: i64 = 20;
const MOST_STATUSES: usize = 500;

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Asked {
    limit: Option<Text>,
    page: Option<Text>,
    #[serde(deserialize_with = "lenient::or_nothing")]
    filter: Filter,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct Filter {
    ids: List<Text>,
    external_ids: List<Text>,
    numbers: List<Text>,
    customer_id: Option<Text>,
    customer_external_id: Option<Text>,
    email: Option<Text>,
    customer: Option<Text>,
    extended_status: List<Text>,
    sites: List<Text>,
    created_at_from: Option<Text>,
    created_at_to: Option<Text>,
}

/// What orders are told apart by here.
const FILTERS: [&str; 11] = [
    "ids",
    "externalIds",
    "numbers",
    "customerId",
    "customerExternalId",
    "email",
    "customer",
    "extendedStatus",
    "sites",
    "createdAtFrom",
    "createdAtTo",
];

/// GET orders.
pub(crate) fn list(db: &mut dyn Query, call: &Call) -> Result<Answer, Refusal> {
    call.permit::<SeeOrders>()?;
    let asked: Asked = call.fields.parameters()?;
    call.fields.expect_filters(&FILTERS)?;
    let page = Paging { limit: asked.limit.clone(), page: asked.page.clone() }.page(USUAL)?;
    let filter = &asked.filter;
    let foreign =
        !filter.sites.is_empty() && !filter.sites.0.iter().any(|site| site.as_str() == call.site.code);
    let Some(wanted) = (if foreign { None } else { narrowed(db, call, filter)? }) else {
        return Ok(Answer::ok().with("pagination", page.answer(0)).with("orders", json!([])));
    };
    let wanted = Numbered { skip: page.skipped(), limit: page.limit, ..wanted };
    let (ids, total) = numbered(db, call.company(), call.shop(), &wanted)?;
    let whole = write::told(db, call, &ids)?;
    let shown: Vec<(OrderId, i64)> =
        whole.iter().filter_map(|told| told.news.map(|version| (told.id, version))).collect();
    let bodies: Vec<Value> = whole.into_iter().map(|told| told.body).collect();
    Ok(Answer::ok().with("pagination", page.answer(total.count)).with("orders", bodies).shown(shown))
}

/// `None` when nothing can fit.
fn narrowed(db: &mut dyn Query, call: &Call, filter: &Filter) -> Result<Option<Numbered>, Refusal> {
    let texts =
        |list: &List<Text>| list.0.iter().filter_map(Text::filled).map(str::to_owned).collect::<Vec<_>>();
    let mut wanted = Numbered {
        external_ids: texts(&filter.external_ids),
        numbers: texts(&filter.numbers),
        placed_from: moment(call, "filter.createdAtFrom", filled(filter.created_at_from.as_ref()))?,
        placed_to: moment(
            call,
            "filter.createdAtTo",
            filled(filter.created_at_to.as_ref()).map(end_of).as_deref(),
        )?
        .map(time::to_its_end),
        ..Numbered::default()
    };
    for id in texts(&filter.ids) {
        match id.parse() {
            Ok(id) => wanted.ids.push(id),
            Err(_) => return Err(Refusal::parameter("filter.ids", "This value is not valid.")),
        }
    }
    for code in texts(&filter.extended_status) {
        // A group of statuses, or one of them.
        let group = crate::references::of_group(db, call, &code)?;
        if group.is_empty() {
            wanted.statuses.extend(status::meant(db, call, &code)?.map(|status| status.code));
        }
        wanted.statuses.extend(group);
    }
    if wanted.statuses.is_empty() && !texts(&filter.extended_status).is_empty() {
        return Ok(None);
    }
    let mut customers: Option<Vec<CustomerId>> = None;
    if let Some(id) = filled(filter.customer_id.as_ref()) {
        customers = Some(id.parse().into_iter().collect());
    }
    if let Some(external_id) = filled(filter.customer_external_id.as_ref()) {
        customers = Some(customers::by_external_id(db, call, external_id)?.into_iter().collect());
    }
    if let Some(words) = filled(filter.email.as_ref()).or_else(|| filled(filter.customer.as_ref())) {
        customers = Some(customers::found_by(db, call, words)?);
    }
    match customers {
        Some(none) if none.is_empty() => return Ok(None),
        Some(some) => wanted.customers = some,
        None => {}
    }
    Ok(Some(wanted))
}

fn moment(call: &Call, name: &str, text: Option<&str>) -> Result<Option<Timestamp>, Refusal> {
    let Some(text) = text else { return Ok(None) };
    let read = time::read(text, &call.site.zone);
    read.map(Some).ok_or_else(|| Refusal::parameter(name, "This value is not a valid datetime."))
}

/// A day means all of it.
fn end_of(text: &str) -> String {
    if text.trim().len() == "2026-11-21".len() {
        format!("{} 23:59:59", text.trim())
    } else {
        text.to_owned()
    }
}

/// GET orders/{id}.
pub(crate) fn get(db: &mut dyn Query, call: &Call) -> Result<Answer, Refusal> {
    call.permit::<SeeOrders>()?;
    call.expect_asked_site()?;
    let id = edit::find(db, call, call.segment(1))?.ok_or_else(Refusal::not_found)?;
    let told = write::told(db, call, &[id])?.pop().ok_or_else(Refusal::not_found)?;
    // Before modules send all of an order as they have it, they look by their own id whether it is here. Who wants to
    // know how it stands here asks by our id, for a list or for the history.
    let shown =
        told.news.filter(|_| call.by().is_ok_and(|by| by == By::Id)).map(|version| (told.id, version));
    Ok(Answer::ok().with("order", told.body).shown(shown))
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct Standing {
    ids: List<Text>,
    external_ids: List<Text>,
}

/// GET orders/statuses.
pub(crate) fn statuses(db: &mut dyn Query, call: &Call) -> Result<Answer, Refusal> {
    call.permit::<SeeOrders>()?;
    let asked: Standing = call.fields.parameters()?;
    if asked.ids.0.len() + asked.external_ids.0.len() > MOST_STATUSES {
        return Err(Refusal::parameter("ids", "The maximum number of orders is 500."));
    }
    let mut ids: Vec<OrderId> = asked.ids.0.iter().filter_map(|id| id.as_str().parse().ok()).collect();
    for external_id in asked.external_ids.0.iter().filter_map(Text::filled) {
        ids.extend(by_external_id(db, call.company(), call.shop(), external_id)?);
    }
    let mut found = Vec::new();
    for id in ids {
        match load(db, call.company(), id) {
            Ok(order) if order.shop == call.shop() => found.push(json!({
                "id": order.id.get(), "externalId": order.external_id, "status": order.status,
                "group": order.stage.code(),
            })),
            Ok(_) => {}
            Err(fault) if fault.kind() == takt_kernel::Kind::Missing => {}
            Err(fault) => return Err(fault.into()),
        }
    }
    Ok(Answer::ok().with("orders", found))
}
