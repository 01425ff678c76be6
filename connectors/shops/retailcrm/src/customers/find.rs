use serde::Deserialize;
use serde_json::json;
use takt_customers::{Contact, CustomerId, Phone, SeeCustomers, default_region, known_by};
use takt_orders::{Numbered, numbered};
use takt_store::{Query, params, sql};

use super::{combine, subscriptions, written};
use crate::{
    model::corporate::is_yes,
    wire::{
        endpoint::{Answer, By, Call},
        lenient::{List, Text, filled},
        page::Paging,
        refusal::Refusal,
    },
};

const USUAL: i64 = 20;
const MOST_FOUND: i64 = 100;
/// As many as an address of a question has room for.
const MOST_NAMED: usize = 1_000;

/// # Errors
/// Faults of the store.
pub(crate) fn by_external_id(
    db: &mut dyn Query,
    call: &Call,
    external_id: &str,
) -> takt_kernel::Result<Option<CustomerId>> {
    db.opt(
        sql!(
            "select customer_id
             from retailcrm_customer_id
             where company_id = :company_id and shop_id = :shop_id and external_id = :external_id"
        ),
        params![company_id: call.company(), shop_id: call.shop(), external_id: external_id],
    )?
    .map(|row| row.get("customer_id"))
    .transpose()
}

/// Whether the shop has to do with this customer: it told of them, or they ordered there.
pub(crate) fn is_of_shop(db: &mut dyn Query, call: &Call, id: CustomerId) -> takt_kernel::Result<bool> {
    let told = db.opt(
        sql!(
            "select customer_id
             from retailcrm_customer
             where company_id = :company_id and shop_id = :shop_id and customer_id = :customer_id"
        ),
        params![company_id: call.company(), shop_id: call.shop(), customer_id: id],
    )?;
    if told.is_some() {
        return Ok(true);
    }
    let ordered = Numbered { customers: vec![id], limit: 1, ..Numbered::default() };
    Ok(!numbered(db, call.company(), call.shop(), &ordered)?.0.is_empty())
}

/// Customers of the shop that these words mean: a phone, an e-mail, or a name.
pub(crate) fn found_by(db: &mut dyn Query, call: &Call, words: &str) -> takt_kernel::Result<Vec<CustomerId>> {
    let region = default_region(db, call.company())?;
    let email = if words.contains('@') { words } else { "" };
    let phone = Phone::parse(words, &region).filter(|phone| phone.identity().is_some());
    let contact = Contact {
        name: String::new(),
        email: takt_customers::Email::parse(email).unwrap_or_default(),
        phone,
    };
    let known = if contact.phone.is_some() || contact.email.is_some() {
        known_by(db, call.company(), &contact)?
    } else {
        let filter = takt_customers::Filter { q: words.to_owned(), limit: MOST_FOUND, cursor: None };
        let page = takt_customers::list(db, &call.caller.scope(), &filter)?;
        page.items.into_iter().map(|found| found.id).collect()
    };
    let mut found = Vec::new();
    for id in known {
        if is_of_shop(db, call, id)? {
            found.push(id);
        }
    }
    Ok(found)
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Asked {
    limit: Option<Text>,
    page: Option<Text>,
    #[serde(deserialize_with = "crate::wire::lenient::or_nothing")]
    filter: Filter,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct Filter {
    ids: List<Text>,
    external_ids: List<Text>,
    email: Option<Text>,
    name: Option<Text>,
    sites: List<Text>,
    is_contact: Option<Text>,
}

/// What customers are told apart by here.
const FILTERS: [&str; 6] = ["ids", "externalIds", "email", "name", "sites", "isContact"];

/// GET customers.
pub(crate) fn list(db: &mut dyn Query, call: &Call) -> Result<Answer, Refusal> {
    call.permit::<SeeCustomers>()?;
    let asked: Asked = call.fields.parameters()?;
    call.fields.expect_filters(&FILTERS)?;
    let page = Paging { limit: asked.limit, page: asked.page }.page(USUAL)?;
    let filter = &asked.filter;
    let (ids, total) = match narrowed(db, call, filter)? {
        Some(ids) => {
            let total = ids.len() as i64;
            let skipped = usize::try_from(page.skipped()).unwrap_or(usize::MAX);
            let limit = usize::try_from(page.limit).unwrap_or(0);
            (ids.into_iter().skip(skipped).take(limit).collect(), total)
        }
        None => newest(db, call, page.limit, page.skipped())?,
    };
    let bodies = written::customers(db, call, &ids, None)?;
    Ok(Answer::ok().with("pagination", page.answer(total)).with("customers", bodies))
}

/// Those that a filter means, or `None` when it narrows nothing. Each condition narrows the others.
fn narrowed(db: &mut dyn Query, call: &Call, filter: &Filter) -> Result<Option<Vec<CustomerId>>, Refusal> {
    let mut found: Option<Vec<CustomerId>> = None;
    let mut narrow = |these: Vec<CustomerId>| {
        found = Some(match found.take() {
            None => these,
            Some(before) => before.into_iter().filter(|id| these.contains(id)).collect(),
        });
    };
    if !filter.sites.is_empty() && !filter.sites.0.iter().any(|site| site.as_str() == call.site.code) {
        return Ok(Some(Vec::new()));
    }
    // Nobody is told to a shop as a contact.
    if filter.is_contact.as_ref().is_some_and(is_yes) {
        return Ok(Some(Vec::new()));
    }
    if !filter.ids.is_empty() {
        let mut these = Vec::new();
        for id in filter.ids.0.iter().take(MOST_NAMED) {
            let id = id
                .as_str()
                .parse::<CustomerId>()
                .map_err(|_| Refusal::parameter("filter.ids", "This value is not valid."))?;
            if is_of_shop(db, call, id)? {
                these.push(id);
            }
        }
        narrow(these);
    }
    if !filter.external_ids.is_empty() {
        let mut these = Vec::new();
        for external_id in filter.external_ids.0.iter().filter_map(Text::filled).take(MOST_NAMED) {
            these.extend(by_external_id(db, call, external_id)?);
        }
        narrow(these);
    }
    // Modules put the phone where a name is asked for; who answers to one of both is meant.
    let words: Vec<&str> =
        [&filter.email, &filter.name].into_iter().filter_map(|words| filled(words.as_ref())).collect();
    if !words.is_empty() {
        let mut these = Vec::new();
        for words in words {
            for id in found_by(db, call, words)? {
                if !these.contains(&id) {
                    these.push(id);
                }
            }
        }
        narrow(these);
    }
    Ok(found)
}

fn newest(
    db: &mut dyn Query,
    call: &Call,
    limit: i64,
    skip: i64,
) -> takt_kernel::Result<(Vec<CustomerId>, i64)> {
    let rows = db.all(
        sql!(
            "select customer_id
             from retailcrm_customer
             where company_id = :company_id and shop_id = :shop_id
             order by customer_id desc
             limit :limit offset :skip"
        ),
        params![company_id: call.company(), shop_id: call.shop(), limit: limit, skip: skip],
    )?;
    let ids = rows.iter().map(|row| row.get("customer_id")).collect::<takt_kernel::Result<Vec<_>>>()?;
    let count = db.one(
        sql!(
            "select count(*) as customers
             from retailcrm_customer
             where company_id = :company_id and shop_id = :shop_id"
        ),
        params![company_id: call.company(), shop_id: call.shop()],
    )?;
    Ok((ids, count.get("customers")?))
}

/// The customer that a path names.
pub(crate) fn named(db: &mut dyn Query, call: &Call, named: &str) -> Result<Option<CustomerId>, Refusal> {
    match call.by()? {
        By::ExternalId => match by_external_id(db, call, named)? {
            Some(id) => Ok(Some(combine::standing(db, call, id)?)),
            None => Ok(None),
        },
        By::Id => match named.parse::<CustomerId>() {
            Ok(id) if is_of_shop(db, call, id)? => Ok(Some(combine::standing(db, call, id)?)),
            _ => Ok(None),
        },
    }
}

/// GET customers/{id}.
pub(crate) fn get(db: &mut dyn Query, call: &Call) -> Result<Answer, Refusal> {
    call.permit::<SeeCustomers>()?;
    let id = named(db, call, call.segment(1))?.ok_or_else(Refusal::not_found)?;
    let asked_as = match call.by()? {
        By::ExternalId => Some(call.segment(1)),
        By::Id => None,
    };
    let body = written::customers(db, call, &[id], asked_as)?.pop().ok_or_else(Refusal::not_found)?;
    let ordered = Numbered { customers: vec![id], limit: 1, ..Numbered::default() };
    let (_, total) = numbered(db, call.company(), call.shop(), &ordered)?;
    let mut body = body;
    body["ordersCount"] = json!(total.count);
    let subscriptions = subscriptions::of(db, call, id)?;
    if !subscriptions.is_empty() {
        body["customerSubscriptions"] = json!(subscriptions);
    }
    Ok(Answer::ok().with("customer", body))
}
