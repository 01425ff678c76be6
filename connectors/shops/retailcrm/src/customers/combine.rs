//! Customers whom a shop takes for one.

use serde::Deserialize;
use takt_customers::{CustomerId, EditCustomers, merge};
use takt_store::{Query, Tx, params, sql};

use super::{find, keep};
use crate::wire::{
    endpoint::{Answer, Call, Done},
    lenient::{List, Text},
    refusal::Refusal,
};

const MOST_AT_ONCE: usize = 50;
const DEEPEST: usize = 8;

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Reference {
    pub id: Text,
}

/// POST customers/combine. A merge is a pointer that people can take back; the ids that the shop gave stay with
/// the cards they were given to, and lead to the one through it.
pub(crate) fn combine(tx: &mut Tx<'_>, call: &Call) -> Result<Done, Refusal> {
    let permit = call.permit::<EditCustomers>()?;
    let result: Reference = call.fields.json("resultCustomer")?;
    let others: List<Reference> = call.fields.json("customers")?;
    if others.is_empty() || others.0.len() > MOST_AT_ONCE {
        return Err(Refusal::parameter("customers", "This value is not valid."));
    }
    let into = known(tx, call, &result, "resultCustomer")?;
    keep::link(tx, call, into, None, None)?;
    for other in &others.0 {
        let other = known(tx, call, other, "customers")?;
        match merge(tx, &permit, into, other) {
            Ok(()) => {}
            Err(fault) if fault.is("customers.same") => {
                return Err(Refusal::parameter("customers", "The same customer is given twice."));
            }
            Err(fault) => return Err(fault.into()),
        }
        forget(tx, call, other)?;
    }
    Ok(Done::from(Answer::ok()).about(format!("customer {into}")))
}

fn known(db: &mut dyn Query, call: &Call, given: &Reference, path: &str) -> Result<CustomerId, Refusal> {
    let id = given.id.as_str();
    match id.parse::<CustomerId>() {
        Ok(known) if find::is_of_shop(db, call, known)? => Ok(known),
        _ => Err(Refusal::bad("Errors in the input parameters")
            .field(format!("{path}.id"), format!("Customer with id={id} not found."))),
    }
}

/// The shop's lists show the one only.
fn forget(tx: &mut Tx<'_>, call: &Call, customer: CustomerId) -> Result<(), Refusal> {
    tx.execute(
        sql!(
            "delete from retailcrm_customer
             where company_id = :company_id and shop_id = :shop_id and customer_id = :customer_id"
        ),
        params![company_id: call.company(), shop_id: call.shop(), customer_id: customer],
    )?;
    Ok(())
}

/// Who stands for a customer after merges.
///
/// # Errors
/// Faults of the store.
pub(crate) fn standing(db: &mut dyn Query, call: &Call, id: CustomerId) -> takt_kernel::Result<CustomerId> {
    let mut id = id;
    for _ in 0..DEEPEST {
        let brief = takt_customers::briefs(db, call.company(), &[id])?.pop();
        if !brief.is_some_and(|brief| brief.merged) {
            break;
        }
        match takt_customers::get(db, &call.caller.scope(), id)?.merged_into {
            Some(into) => id = into,
            None => break,
        }
    }
    Ok(id)
}
