use std::collections::BTreeMap;

use takt_kernel::{CompanyId, Fault, Result, ShopId};
use takt_staff::Scope;
use takt_store::{Query, Question, Row, params, sql};

use crate::{
    order::{Order, OrderId},
    rows,
};

const MOST_AT_ONCE: usize = 500;

/// An order that the caller may see.
///
/// # Errors
/// `orders.missing`, also for orders of others.
pub fn get(db: &mut dyn Query, scope: &Scope, id: OrderId) -> Result<Order> {
    let missing = || Fault::missing("orders.missing").arg("id", id);
    let row = db.opt(
        sql!(
            "select company_id
             from orders
             where id = :id and company_id in (
               select cast(value as bigint)
               from {pg:json_array_elements_text(cast(cast(:companies as text) as json))|sqlite:json_each(:companies)})
             limit 1"
        ),
        params![id: id, companies: rows::ids_as_json(scope.companies())],
    )?;
    let company: CompanyId = row.ok_or_else(missing)?.get("company_id")?;
    let order = rows::load(db, company, id)?;
    if scope.sees_shop(company, order.shop) { Ok(order) } else { Err(missing()) }
}

/// Several orders with one question, in the order of their ids; missing ones are left out.
///
/// # Errors
/// Faults of the store.
pub fn briefs(db: &mut dyn Query, company: CompanyId, ids: &[OrderId]) -> Result<Vec<Order>> {
    read_briefs(&db.all_at_once(&[briefs_asked(company, ids)])?.pop().unwrap_or_default())
}

/// Asks for what [`read_briefs`] reads.
pub fn briefs_asked(company: CompanyId, ids: &[OrderId]) -> Question {
    let statement = takt_store::Statement::new("select ")
        .push(rows::COLUMNS)
        .push(
            "\nfrom {pg:json_array_elements_text(cast(cast(:ids as text) as json)) as asked(value)|sqlite:json_each(:ids) as asked}
             cross join orders
             where orders.company_id = :company_id and orders.id = cast(asked.value as bigint)
             order by orders.id
             limit 1000",
        )
        .bind("company_id", company)
        .bind("ids", rows::ids_as_json(ids));
    statement.into()
}

/// # Errors
/// When a row makes no sense.
pub fn read_briefs(rows: &[Row]) -> Result<Vec<Order>> {
    rows.iter().map(rows::read_order).collect()
}

/// Orders of perhaps several companies, in the order in which they are asked for.
pub(crate) fn load_all(db: &mut dyn Query, places: &[(CompanyId, OrderId)]) -> Result<Vec<Order>> {
    let mut by_company: BTreeMap<CompanyId, Vec<OrderId>> = BTreeMap::new();
    for (company, id) in places {
        by_company.entry(*company).or_default().push(*id);
    }
    let mut loaded: BTreeMap<OrderId, Order> = BTreeMap::new();
    for (company, ids) in by_company {
        for part in ids.chunks(MOST_AT_ONCE) {
            loaded.extend(briefs(db, company, part)?.into_iter().map(|order| (order.id, order)));
        }
    }
    Ok(places.iter().filter_map(|(_, id)| loaded.remove(id)).collect())
}

/// The orders that carry this number, the newest first: numbers come from shops and may repeat.
///
/// # Errors
/// Faults of the store.
pub fn by_number(db: &mut dyn Query, company: CompanyId, number: &str) -> Result<Vec<OrderId>> {
    let rows = db.all(
        sql!(
            "select id
             from orders
             where company_id = :company_id and number = :number
             order by id desc
             limit 20"
        ),
        params![company_id: company, number: number],
    )?;
    rows.iter().map(id_of).collect()
}

/// The order that a shop knows under its own id.
///
/// # Errors
/// Faults of the store.
pub fn by_external_id(
    db: &mut dyn Query,
    company: CompanyId,
    shop: ShopId,
    external_id: &str,
) -> Result<Option<OrderId>> {
    db.opt(
        sql!(
            "select order_id as id
             from order_intake
             where company_id = :company_id and shop_id = :shop_id and external_id = :external_id"
        ),
        params![company_id: company, shop_id: shop, external_id: external_id],
    )?
    .as_ref()
    .map(id_of)
    .transpose()
}

fn id_of(row: &Row) -> Result<OrderId> {
    row.get("id")
}
