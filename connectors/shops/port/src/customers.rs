//! Buyers with an account in the shop. Their cards are the desk's: a shop's word adds ways to reach them and a
//! name that was missing, and takes nothing away.

use takt_connections::ConnectionId;
use takt_customers::{Contact, CustomerId, EditCustomers, Email, Phone, recognise};
use takt_kernel::{CompanyId, Fault, Result, Timestamp};
use takt_store::{Query, Tx, params, sql};

use crate::{
    SaidCustomer,
    connected::{Shop, Speaker},
    differences,
};

pub(crate) fn take(
    tx: &mut Tx<'_>,
    speaker: &Speaker<'_>,
    said: &SaidCustomer,
    notes: &mut Vec<String>,
) -> Result<()> {
    let shop = speaker.shop;
    let (customer, modified_at) = lock(tx, shop, &said.external_id)?;
    let was = self::said(tx, shop.company(), shop.connection.id, &said.external_id)?;
    if modified_at >= said.modified_at && customer.is_some() {
        notes.push("known".to_owned());
        return Ok(());
    }
    let email = Email::parse(&said.email).unwrap_or_else(|_| {
        notes.push("email".to_owned());
        None
    });
    let contact = Contact {
        name: said.name.split_whitespace().collect::<Vec<_>>().join(" "),
        phone: Phone::parse(&said.phone, &shop.usual.region),
        email,
    };
    // Nobody can be told from others by a name alone, and of nobody there is nothing to keep.
    let is_known =
        contact.email.is_some() || contact.phone.as_ref().is_some_and(|phone| phone.identity().is_some());
    let customer = if is_known {
        let permit = speaker.permit::<EditCustomers>()?;
        Some(recognise(tx, shop.company(), &contact, permit.actor())?)
    } else {
        notes.push("no way to reach them".to_owned());
        customer
    };
    save(tx, shop, &said.external_id, customer, said.modified_at, false)?;
    keep_said(tx, shop, said)?;
    match customer {
        Some(customer) => differences::customer_taken(tx, shop, said, was.as_ref(), customer),
        None => Ok(()),
    }
}

/// What the shop last said of a buyer.
pub(crate) fn said(
    db: &mut dyn Query,
    company: CompanyId,
    connection: ConnectionId,
    external_id: &str,
) -> Result<Option<SaidCustomer>> {
    let row = db.opt(
        sql!(
            "select said
             from shop_customer
             where company_id = :company_id and connection_id = :connection_id and external_id = :external_id"
        ),
        params![company_id: company, connection_id: connection, external_id: external_id],
    )?;
    let Some(row) = row else { return Ok(None) };
    row.get::<Option<String>>("said")?.map(|_| row.json("said")).transpose()
}

fn keep_said(tx: &mut Tx<'_>, shop: &Shop, said: &SaidCustomer) -> Result<()> {
    let text =
        serde_json::to_string(said).map_err(|error| Fault::broken("shops.unwritable").because(error))?;
    tx.put(
        sql!(
            "update shop_customer
             set said = :said
             where company_id = :company_id and connection_id = :connection_id and external_id = :external_id"
        ),
        params![
            said: text, company_id: shop.company(), connection_id: shop.connection.id,
            external_id: &said.external_id,
        ],
    )
}

/// An account was closed there; whoever ordered stays known here.
pub(crate) fn gone(tx: &mut Tx<'_>, speaker: &Speaker<'_>, external_id: &str) -> Result<()> {
    let (customer, modified_at) = lock(tx, speaker.shop, external_id)?;
    save(tx, speaker.shop, external_id, customer, modified_at, true)
}

fn lock(tx: &mut Tx<'_>, shop: &Shop, external_id: &str) -> Result<(Option<CustomerId>, Timestamp)> {
    tx.put(
        sql!(
            "insert into shop_customer (company_id, connection_id, external_id, customer_id, modified_at, gone)
             values (:company_id, :connection_id, :external_id, null, 0, :gone)
             on conflict (company_id, connection_id, external_id) do nothing"
        ),
        params![
            company_id: shop.company(), connection_id: shop.connection.id, external_id: external_id, gone: false,
        ],
    )?;
    let row = tx.one(
        sql!(
            "select customer_id, modified_at
             from shop_customer
             where company_id = :company_id and connection_id = :connection_id and external_id = :external_id
             {pg:for update|sqlite:}"
        ),
        params![company_id: shop.company(), connection_id: shop.connection.id, external_id: external_id],
    )?;
    Ok((row.get("customer_id")?, row.get("modified_at")?))
}

fn save(
    tx: &mut Tx<'_>,
    shop: &Shop,
    external_id: &str,
    customer: Option<CustomerId>,
    modified_at: Timestamp,
    gone: bool,
) -> Result<()> {
    tx.put(
        sql!(
            "update shop_customer
             set customer_id = :customer_id, modified_at = :modified_at, gone = :gone
             where company_id = :company_id and connection_id = :connection_id and external_id = :external_id"
        ),
        params![
            customer_id: customer, modified_at: modified_at, gone: gone, company_id: shop.company(),
            connection_id: shop.connection.id, external_id: external_id,
        ],
    )
}
