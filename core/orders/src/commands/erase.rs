use takt_customers::{CustomerId, Erasing, Kept, Traces};
use takt_kernel::{CompanyId, Fault, OrganisationId, Result};
use takt_staff::Scope;
use takt_store::{Query, Subject, Tx, params, personal_values_of, sql};

use super::settle::say;
use crate::{
    facts::{self, Erased},
    order::{Order, OrderContact, OrderId},
    rows, search, views,
};

const MOST: i64 = 100_000;

/// All orders of these customers, by their ids: for whoever holds something of them.
///
/// # Errors
/// Faults of the store.
pub fn of_customers(
    db: &mut dyn Query,
    company: CompanyId,
    customers: &[CustomerId],
) -> Result<Vec<OrderId>> {
    let mut orders = Vec::new();
    for customer in customers {
        let rows = db.all(
            sql!(
                "select id
                 from orders
                 where company_id = :company_id and customer_id = :customer_id
                 order by placed_at, id
                 limit :most"
            ),
            params![company_id: company, customer_id: *customer, most: MOST],
        )?;
        for row in &rows {
            orders.push(row.get("id")?);
        }
    }
    orders.sort_unstable();
    orders.dedup();
    Ok(orders)
}

/// Whether whoever placed this order was erased: nothing may tell any more who that was, whoever says it once more.
///
/// # Errors
/// Faults of the store.
pub fn is_of_erased_person(db: &mut dyn Query, order: &Order) -> Result<bool> {
    match order.customer {
        Some(customer) if !order.contact.is_known() => {
            let scope = Scope::Company { company: order.company, shops: None };
            Ok(takt_customers::get(db, &scope, customer)?.erased_at.is_some())
        }
        Some(_) | None => Ok(false),
    }
}

/// What the orders of a person were placed under.
pub(crate) fn traces_of(
    db: &mut dyn Query,
    company: CompanyId,
    customers: &[CustomerId],
    traces: &mut Traces,
) -> Result<()> {
    for id in of_customers(db, company, customers)? {
        let contact = rows::load(db, company, id)?.contact;
        traces.add_name(&contact.name);
        for phone in contact.phone.iter().chain(&contact.phone_given) {
            traces.add_phone(phone);
        }
        if let Some(email) = &contact.email {
            traces.add_email(email);
        }
    }
    Ok(())
}

/// Step of erasing a person: their orders stay with all their figures and times, and tell nothing of whose they were.
pub(crate) fn erase_of_person(tx: &mut Tx<'_>, erasing: &Erasing<'_>) -> Result<Vec<Kept>> {
    let orders = of_customers(tx, erasing.company, erasing.customers)?;
    if erasing.shop.is_some() && orders.is_empty() {
        return Err(Fault::missing("customers.missing"));
    }
    let mut in_work = 0_i64;
    let mut locked = Vec::with_capacity(orders.len());
    for id in orders {
        let order = rows::lock(tx, erasing.company, id)?;
        if erasing.shop.is_some_and(|shop| shop != order.shop) {
            return Err(Fault::missing("customers.missing"));
        }
        in_work += i64::from(order.stage.is_in_work());
        locked.push(order);
    }
    if in_work > 0 {
        return Err(Fault::conflict("orders.erase_in_work").arg("count", in_work));
    }
    for order in &locked {
        erase(tx, order, erasing)?;
    }
    // The company's own workplace and those of all desks that ever worked for it.
    let desks = takt_staff::engagements::list(tx, erasing.company)?;
    let mut workplaces: Vec<OrganisationId> = desks.iter().map(|engagement| engagement.desk).collect();
    workplaces.push(OrganisationId::new(erasing.company.get()));
    workplaces.sort_unstable();
    workplaces.dedup();
    for workplace in workplaces {
        views::forget(tx, workplace, erasing.traces)?;
    }
    Ok(Vec::new())
}

fn erase(tx: &mut Tx<'_>, before: &Order, erasing: &Erasing<'_>) -> Result<()> {
    let mut after = before.clone();
    after.contact = OrderContact::default();
    after.delivery.address = None;
    (after.comment, after.last_comment, after.cancel_reason) = (None, None, None);
    after.extra.clear();
    rows::save(tx, before, &mut after)?;
    let (company, id) = (before.company, before.id);
    tx.put(
        sql!("update order_line set extra = '{}' where company_id = :company_id and order_id = :order_id"),
        params![company_id: company, order_id: id],
    )?;
    if let Some(external_id) = &before.external_id {
        tx.put(
            sql!(
                "update order_intake
                 set content = '{}'
                 where company_id = :company_id and shop_id = :shop_id and external_id = :external_id"
            ),
            params![company_id: company, shop_id: before.shop, external_id: external_id],
        )?;
    }
    tx.put(
        sql!("delete from order_comment where company_id = :company_id and order_id = :order_id"),
        params![company_id: company, order_id: id],
    )?;
    search::renew(tx, &after)?;
    personal_values_of(tx, company, Subject::new(facts::SUBJECT, id.get()))?;
    say(tx, &after, erasing.actor, &Erased {}, Vec::new())
}
