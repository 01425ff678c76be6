//! From a stored message to what it changes.

use takt_connections::{
    Connection, get,
    messages::{self, Message, MessageId, NewMessage},
};
use takt_kernel::{Fault, Kind, Result, failpoint};
use takt_staff::ApiCaller;
use takt_store::{Db, Query, Rivals, Tx};

use crate::{
    Deed,
    connected::{Shop, Speaker},
    customers, deliveries, orders, products,
};

/// What came of a message.
#[derive(Debug, Default)]
pub struct Done {
    pub about: Option<String>,
    pub notes: Vec<String>,
    /// It was applied, and a person should look at it all the same.
    pub looked_at: Option<Fault>,
}

/// Stores a message, unless the same delivery came before.
///
/// # Errors
/// Faults of the store.
pub(crate) fn store(
    tx: &mut Tx<'_>,
    connection: &Connection,
    new: &NewMessage,
    delivery: &str,
) -> Result<Option<MessageId>> {
    if deliveries::came(tx, connection, delivery)? {
        return Ok(None);
    }
    let id = messages::receive(tx, connection, new)?;
    if deliveries::first(tx, connection, delivery, id)? {
        return Ok(Some(id));
    }
    // Another node stored the same at this moment: both begin again, and one finds the other's.
    Err(Fault::conflict("shops.delivered_twice").retryable())
}

/// Applies a message that was stored just now. What cannot be applied waits in quarantine; what cannot be applied
/// yet is left for the timer of the connection.
pub(crate) async fn apply_stored(db: &Db, connection: &Connection, id: MessageId) {
    failpoint::reach("shops.message.stored");
    if let Err(fault) = attempt(db, connection, id).await {
        tracing::warn!(fault = ?fault, message = %id, "a stored message waits");
    }
}

async fn attempt(db: &Db, connection: &Connection, id: MessageId) -> Result<()> {
    let of = connection.clone();
    let rivals = db
        .read("shops.look", move |reader| {
            let message = messages::get(reader, of.company, id)?;
            let shop = Shop::of(reader, of)?;
            Ok(rivals(&shop, &message))
        })
        .await
        .unwrap_or_default();
    let of = connection.clone();
    let applied = db
        .write_in_turn("shops.apply", rivals, move |tx| {
            let message = messages::get(tx, of.company, id)?;
            let done = apply(tx, &of, &message)?;
            match done.looked_at {
                Some(fault) => messages::refused(tx, &of, id, done.about.as_deref(), &fault, true),
                None => messages::applied(tx, &of, id, done.about.as_deref(), &done.notes),
            }
        })
        .await;
    failpoint::reach("shops.message.applied");
    match applied {
        Ok(()) => Ok(()),
        // The timer was faster.
        Err(fault) if fault.is("connections.message_done") => Ok(()),
        Err(fault) if fault.kind() == Kind::Unavailable || fault.is_retryable() => Err(fault),
        Err(fault) => {
            let of = connection.clone();
            let kept = fault_copy(&fault);
            db.write("shops.keep", move |tx| {
                let about = about(tx, &of, id);
                messages::refused(tx, &of, id, about.as_deref(), &kept, true)
            })
            .await
        }
    }
}

fn fault_copy(fault: &Fault) -> Fault {
    let copy = Fault::new(fault.kind(), fault.code().to_owned()).with_fields(fault.fields().to_vec());
    fault.args().iter().fold(copy, |copy, (name, value)| copy.arg(name.clone(), value))
}

fn about(db: &mut dyn Query, connection: &Connection, id: MessageId) -> Option<String> {
    let message = messages::get(db, connection.company, id).ok()?;
    let shop = Shop::of(db, connection.clone()).ok()?;
    (shop.system.read)(&shop, topic_of(&message.target), &message.body).ok()?.about()
}

/// The goods that other orders may want at the same moment.
fn rivals(shop: &Shop, message: &Message) -> Rivals {
    let Ok(Deed::Order(said)) = (shop.system.read)(shop, topic_of(&message.target), &message.body) else {
        return Rivals::default();
    };
    let skus = said.lines.iter().filter_map(|line| line.sku.as_deref());
    Rivals::over(skus.map(|sku| (shop.company().get(), sku)))
}

/// The topic that a stored message was sent under.
pub(crate) fn topic_of(target: &str) -> &str {
    target.split_once("?topic=").map(|(_, topic)| topic).unwrap_or_default()
}

/// Applies a stored message.
///
/// # Errors
/// What its reading and its verbs refuse.
pub fn apply(tx: &mut Tx<'_>, connection: &Connection, message: &Message) -> Result<Done> {
    let shop = Shop::of(tx, connection.clone())?;
    let caller = ApiCaller::of_token(tx, connection.company, message.token)?;
    let speaker = Speaker { shop: &shop, caller };
    let deed = (shop.system.read)(&shop, topic_of(&message.target), &message.body)?;
    let mut done = Done { about: deed.about(), ..Done::default() };
    let notes = &mut done.notes;
    match &deed {
        Deed::Order(said) => done.looked_at = orders::take(tx, &speaker, said, false, notes)?,
        Deed::OrderRestored(said) => done.looked_at = orders::take(tx, &speaker, said, true, notes)?,
        Deed::OrderGone { external_id } => orders::gone(tx, &speaker, external_id, notes)?,
        Deed::Customer(said) => customers::take(tx, &speaker, said, notes)?,
        Deed::CustomerGone { external_id } => customers::gone(tx, &speaker, external_id)?,
        Deed::Products(said) => products::take(tx, &speaker, said, notes)?,
        Deed::ProductGone { external_id } => products::gone(tx, &speaker, external_id, notes)?,
        Deed::ForPerson(code) => done.looked_at = Some(Fault::conflict(*code)),
        Deed::Nothing(why) => notes.push(why.clone()),
    }
    Ok(done)
}

/// As [`apply`], for messages that were left or wait in quarantine.
///
/// # Errors
/// As [`apply`], and why a person should look at it.
pub fn again(tx: &mut Tx<'_>, connection: &Connection, message: &Message) -> Result<Vec<String>> {
    let connection = get(tx, connection.company, connection.id)?;
    let done = apply(tx, &connection, message)?;
    match done.looked_at {
        Some(fault) => Err(fault),
        None => Ok(done.notes),
    }
}
