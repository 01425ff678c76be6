//! Corporate customers who are one.

use takt_customers::EditCustomers;
use takt_store::{Tx, params, sql};

use super::{
    rows::{self, Corporate, CorporateId},
    told::{CorporateChanged, say},
};
use crate::{
    customers::combine::Reference,
    wire::{
        endpoint::{Answer, Call, Done},
        lenient::List,
        refusal::Refusal,
    },
};

const MOST_AT_ONCE: usize = 50;

/// POST customers-corporate/combine: the others' parts, notes and orders become the one's.
pub(crate) fn combine(tx: &mut Tx<'_>, call: &Call) -> Result<Done, Refusal> {
    call.permit::<EditCustomers>()?;
    let result: Reference = call.fields.json("resultCustomer")?;
    let others: List<Reference> = call.fields.json("customers")?;
    if others.is_empty() || others.0.len() > MOST_AT_ONCE {
        return Err(Refusal::parameter("customers", "This value is not valid."));
    }
    let into = known(tx, call, &result, "resultCustomer")?;
    let mut into = into;
    for other in &others.0 {
        let other = known(tx, call, other, "customers")?;
        if other.id == into.id {
            return Err(Refusal::parameter("customers", "The same customer is given twice."));
        }
        take_over(tx, call, &mut into, other)?;
    }
    rows::put(tx, call, &into)?;
    Ok(Done::from(Answer::ok()).about(format!("corporate customer {}", into.nick_name)))
}

fn known(tx: &mut Tx<'_>, call: &Call, given: &Reference, path: &str) -> Result<Corporate, Refusal> {
    let found = match given.id.as_str().parse() {
        Ok(id) => rows::corporate(tx, call, id)?,
        Err(_) => None,
    };
    found.ok_or_else(|| {
        let id = given.id.as_str();
        Refusal::bad("Errors in the input parameters")
            .field(format!("{path}.id"), format!("Customer with id={id} not found."))
    })
}

fn take_over(
    tx: &mut Tx<'_>,
    call: &Call,
    into: &mut Corporate,
    mut other: Corporate,
) -> Result<(), Refusal> {
    drop_doubles(tx, call, into.id, other.id)?;
    move_all(tx, call, into.id, other.id)?;
    into.main_address = into.main_address.or(other.main_address);
    into.main_firm = into.main_firm.or(other.main_firm);
    let contacts = rows::contacts_of(tx, call.company(), &[into.id])?;
    let is_there = |id| contacts.iter().any(|contact| Some(contact.id) == id);
    into.main_contact = into.main_contact.or(other.main_contact).filter(|id| is_there(Some(*id)));
    (other.main_address, other.main_firm, other.main_contact) = (None, None, None);
    other.combined_into = Some(into.id);
    rows::put(tx, call, &other)?;
    let fact = CorporateChanged { shop: call.shop(), created: false, into: Some(into.id) };
    say(tx, call, other.id, &fact, Vec::new())?;
    Ok(())
}

/// A customer who speaks for both speaks for the one once; ids of parts that both use stay the one's.
fn drop_doubles(tx: &mut Tx<'_>, call: &Call, into: CorporateId, other: CorporateId) -> Result<(), Refusal> {
    tx.execute(
        sql!(
            "delete from retailcrm_corporate_contact
             where company_id = :company_id and corporate_id = :other and customer_id in (
               select customer_id
               from retailcrm_corporate_contact
               where company_id = :company_id and corporate_id = :into)"
        ),
        params![company_id: call.company(), other: other, into: into],
    )?;
    tx.execute(
        sql!(
            "update retailcrm_corporate_address
             set external_id = null
             where company_id = :company_id and corporate_id = :other and external_id in (
               select external_id
               from retailcrm_corporate_address
               where company_id = :company_id and corporate_id = :into)"
        ),
        params![company_id: call.company(), other: other, into: into],
    )?;
    tx.execute(
        sql!(
            "update retailcrm_corporate_firm
             set external_id = null
             where company_id = :company_id and corporate_id = :other and external_id in (
               select external_id
               from retailcrm_corporate_firm
               where company_id = :company_id and corporate_id = :into)"
        ),
        params![company_id: call.company(), other: other, into: into],
    )?;
    Ok(())
}

fn move_all(tx: &mut Tx<'_>, call: &Call, into: CorporateId, other: CorporateId) -> Result<(), Refusal> {
    for statement in [
        sql!(
            "update retailcrm_corporate_address
             set corporate_id = :into
             where company_id = :company_id and corporate_id = :other"
        ),
        sql!(
            "update retailcrm_corporate_firm
             set corporate_id = :into
             where company_id = :company_id and corporate_id = :other"
        ),
        sql!(
            "update retailcrm_corporate_contact
             set corporate_id = :into
             where company_id = :company_id and corporate_id = :other"
        ),
        sql!(
            "update retailcrm_order_corporate
             set corporate_id = :into
             where company_id = :company_id and corporate_id = :other"
        ),
        sql!(
            "update retailcrm_note
             set subject_id = :into
             where company_id = :company_id and kind = 'corporate' and subject_id = :other"
        ),
    ] {
        tx.execute(statement, params![company_id: call.company(), into: into, other: other])?;
    }
    Ok(())
}
