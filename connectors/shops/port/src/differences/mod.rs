//! What a shop has otherwise than we: looked at whenever it says something, when it is asked, and when our side
//! changed. Whose field it is stands in the README.

mod orders;
mod products;

pub(crate) use orders::{Ours, offers_of};

use std::collections::BTreeSet;

use takt_connections::{
    Connection,
    differences::{Field, Owner, Reconciler, Subject, Thing, compared, look_again},
};
use takt_customers::{CustomerId, EditCustomers};
use takt_kernel::{CompanyId, Fault, Result};
use takt_staff::{Scope, SettingsCaller};
use takt_store::{Query, Tx};

use crate::{
    SaidCustomer, SaidOrder,
    connected::Shop,
    customers,
    orders::kept::{self, Kept},
};
pub(crate) use products::taken as product_taken;

/// What a connector of such a kind fills into the slot of reconcilers.
pub const fn reconciler(kind: &'static str) -> Reconciler {
    Reconciler { kind, look, take, keep }
}

pub(crate) fn order_thing(external_id: &str, own: takt_orders::OrderId) -> Thing {
    Thing { subject: Subject::Order, external_id: external_id.to_owned(), own: Some(own.get()) }
}

/// An order as the shop said it, beside how it stands here by now.
pub(crate) fn order_taken(
    tx: &mut Tx<'_>,
    shop: &Shop,
    (kept, ours): (&Kept, &Ours<'_>),
    said: &SaidOrder,
    before: Option<&SaidOrder>,
) -> Result<()> {
    let fields = orders::fields(tx, shop, said, kept, ours)?;
    let was = match before {
        Some(before) if before == said => None,
        Some(before) => Some(orders::fields(tx, shop, before, kept, ours).unwrap_or_default()),
        None => Some(Vec::new()),
    };
    let fields: Vec<Field> = match was {
        Some(was) => fields.into_iter().map(|field| field.since(&was)).collect(),
        None => fields,
    };
    compared(tx, &shop.connection, &order_thing(&said.external_id, ours.order.id), &fields)
}

/// What was written to the shop is what it has now.
///
/// # Errors
/// Faults of the store.
pub fn order_written(tx: &mut Tx<'_>, shop: &Shop, external_id: &str) -> Result<()> {
    let kept = kept::find(tx, shop.company(), shop.connection.id, external_id)?;
    match kept.and_then(|kept| kept.order) {
        Some(id) => look_again(tx, &shop.connection, &order_thing(external_id, id)),
        None => Ok(()),
    }
}

pub(crate) fn customer_taken(
    tx: &mut Tx<'_>,
    shop: &Shop,
    said: &SaidCustomer,
    was: Option<&SaidCustomer>,
    customer: CustomerId,
) -> Result<()> {
    let before = match was {
        Some(was) => of_customer(tx, shop.company(), was, customer)?,
        None => Vec::new(),
    };
    let fields = of_customer(tx, shop.company(), said, customer)?;
    let fields: Vec<Field> = fields.into_iter().map(|field| field.since(&before)).collect();
    let thing = Thing {
        subject: Subject::Customer,
        external_id: said.external_id.clone(),
        own: Some(customer.get()),
    };
    compared(tx, &shop.connection, &thing, &fields)
}

fn of_customer(
    db: &mut dyn Query,
    company: CompanyId,
    said: &SaidCustomer,
    customer: CustomerId,
) -> Result<Vec<Field>> {
    let name = said.name.split_whitespace().collect::<Vec<_>>().join(" ");
    if name.is_empty() {
        return Ok(Vec::new());
    }
    let card = takt_customers::get(db, &Scope::Company { company, shops: None }, customer)?;
    Ok(vec![Field::new("contact", Owner::Takt, name, card.name).personal()])
}

fn look(db: &mut dyn Query, connection: &Connection, thing: &Thing) -> Result<Vec<Field>> {
    let shop = Shop::of(db, connection.clone())?;
    match thing.subject {
        Subject::Order => {
            let kept = kept::find(db, connection.company, connection.id, &thing.external_id)?;
            match kept.as_ref().and_then(|kept| Some((kept.said.as_ref()?, kept))) {
                Some((said, kept)) => orders::look(db, &shop, said, kept),
                None => Ok(Vec::new()),
            }
        }
        Subject::Customer => {
            let Some(own) = thing.own else { return Ok(Vec::new()) };
            match customers::said(db, connection.company, connection.id, &thing.external_id)? {
                Some(said) => of_customer(db, connection.company, &said, CustomerId::new(own)),
                None => Ok(Vec::new()),
            }
        }
        Subject::Offer | Subject::Stock => products::look(db, &shop, thing),
    }
}

fn take(
    tx: &mut Tx<'_>,
    by: &SettingsCaller,
    connection: &Connection,
    thing: &Thing,
    field: &str,
) -> Result<()> {
    let shop = Shop::of(tx, connection.clone())?;
    match thing.subject {
        Subject::Order => orders::take(tx, by, &shop, thing, field),
        Subject::Customer => take_customer(tx, by, &shop, thing),
        Subject::Offer => products::take(tx, by, &shop, thing, field),
        // What may be sold is counted here; there it is only shown.
        Subject::Stock => Err(not_taken()),
    }
}

pub(crate) fn not_taken() -> Fault {
    Fault::conflict("connections.difference_not_taken")
}

fn take_customer(tx: &mut Tx<'_>, by: &SettingsCaller, shop: &Shop, thing: &Thing) -> Result<()> {
    let permit = by.permit::<EditCustomers>()?;
    let said = customers::said(tx, shop.company(), shop.connection.id, &thing.external_id)?;
    let said = said.ok_or_else(not_taken)?;
    let customer = CustomerId::new(thing.own.ok_or_else(not_taken)?);
    let card = takt_customers::get(tx, &Scope::Company { company: shop.company(), shops: None }, customer)?;
    let edit = takt_customers::Edit {
        name: said.name.split_whitespace().collect::<Vec<_>>().join(" "),
        note: card.note.clone(),
        ..takt_customers::Edit::default()
    };
    takt_customers::edit(tx, &permit, customer, card.version, &edit)
}

/// Ours stays; where we write to the shop, it is written.
fn keep(tx: &mut Tx<'_>, connection: &Connection, thing: &Thing, field: &str) -> Result<()> {
    let shop = Shop::of(tx, connection.clone())?;
    match thing.subject {
        Subject::Order if field == "status" => orders::write_status(tx, &shop, thing),
        Subject::Order | Subject::Customer | Subject::Offer | Subject::Stock => Ok(()),
    }
}

/// Levels are asked for by sets.
pub(crate) fn one(offer: takt_catalog::OfferId) -> BTreeSet<takt_catalog::OfferId> {
    BTreeSet::from([offer])
}
