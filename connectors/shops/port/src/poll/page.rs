//! One page of orders: what of it is news is stored, and the cursor moves with it.

use serde_json::value::RawValue;
use sha2::{Digest, Sha256};
use takt_connections::{
    keys_of,
    messages::{MessageId, NewMessage},
};
use takt_kernel::{Fault, Kind, Result, Timestamp};
use takt_orders::{lines as lines_of, load};
use takt_store::{Db, Query, Tx};

use super::state;
use crate::{
    Page, SaidOrder,
    connected::Shop,
    deed, differences,
    orders::kept::{self, Kept},
};

/// What changed so lately may be on its way as a message.
const ON_ITS_WAY_SECONDS: i64 = 120;

pub(super) struct Taken {
    pub stored: Vec<MessageId>,
    /// When the newest of the page changed.
    pub newest: Option<Timestamp>,
}

struct Listed {
    raw: Box<RawValue>,
    said: Option<SaidOrder>,
}

pub(super) async fn take(db: &Db, shop: &Shop, page: Page) -> Result<Taken> {
    let listed: Vec<Listed> = page
        .orders
        .into_iter()
        .map(|raw| {
            let said = (shop.system.poll.order)(shop, raw.get().as_bytes()).ok();
            Listed { raw, said }
        })
        .collect();
    let moments: Vec<Timestamp> =
        listed.iter().filter_map(|order| order.said.as_ref().map(|said| said.modified_at)).collect();
    // Of a list in another order than was asked for nobody knows how far it goes.
    let cursor = moments.is_sorted().then(|| moments.last().copied()).flatten();
    let newest = moments.into_iter().max();
    let connection = shop.connection.clone();
    let (target, topic) = (shop.system.poll.target, shop.system.poll.topic);
    let listed = std::sync::Arc::new(listed);
    let stored = db
        .write("shops.poll.store", move |tx| {
            let shop = Shop::of(tx, connection.clone())?;
            let stored = store_news(tx, &shop, &listed, target, topic)?;
            let missed = stored.iter().filter(|(_, missed)| *missed).count();
            state::moved(tx, &shop.connection, cursor, listed.len(), missed)?;
            Ok(stored.into_iter().map(|(id, _)| id).collect())
        })
        .await?;
    Ok(Taken { stored, newest })
}

fn store_news(
    tx: &mut Tx<'_>,
    shop: &Shop,
    listed: &[Listed],
    target: &str,
    topic: &str,
) -> Result<Vec<(MessageId, bool)>> {
    let token = keys_of(tx, shop.company(), shop.connection.id)?
        .first()
        .map(|key| key.token)
        .ok_or_else(|| Fault::broken("shops.no_key"))?;
    let mut stored = Vec::new();
    for order in listed {
        if let Some(said) = &order.said
            && let Some(kept) = kept::find(tx, shop.company(), shop.connection.id, &said.external_id)?
            && let Some(standing) = standing(&kept, said)
        {
            if standing == Standing::Same {
                look(tx, shop, said, &kept)?;
            }
            continue;
        }
        let body = order.raw.get().as_bytes().to_vec();
        let delivery = format!("poll:{}", hex(&body));
        let name = order.said.as_ref().map_or("", |said| &said.external_id);
        let target = format!("GET {target}/{name}?topic={topic}");
        let new = NewMessage { token, target, media: "application/json".to_owned(), body };
        if let Some(id) = deed::store(tx, &shop.connection, &new, &delivery)? {
            let late = |said: &SaidOrder| tx.now().seconds_since(said.modified_at) >= ON_ITS_WAY_SECONDS;
            let missed = order.said.as_ref().is_some_and(late);
            stored.push((id, missed));
        }
    }
    Ok(stored)
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Standing {
    /// The shop said this last.
    Same,
    /// It has said something newer: its list is behind, and says nothing of how it stands.
    Older,
}

/// How a word that is no news stands to the last one. When it changed does not count: what we wrote ourselves changed it
/// too.
fn standing(kept: &Kept, said: &SaidOrder) -> Option<Standing> {
    let before = kept.said.as_ref()?;
    if before.modified_at > said.modified_at {
        return Some(Standing::Older);
    }
    (SaidOrder { modified_at: before.modified_at, ..said.clone() } == *before).then_some(Standing::Same)
}

/// No news, and still the list may have it otherwise than we have by now. What cannot be compared hinders no other.
fn look(tx: &mut Tx<'_>, shop: &Shop, said: &SaidOrder, kept: &Kept) -> Result<()> {
    let Some(id) = kept.order else { return Ok(()) };
    let order = load(tx, shop.company(), id)?;
    if kept.compared == Some(order.version) {
        return Ok(());
    }
    let (lines, offers) = (lines_of(tx, shop.company(), id)?, differences::offers_of(tx, shop, said)?);
    let ours = differences::Ours { order: &order, lines: &lines, offers: &offers };
    let compared = tx.savepoint(|tx| differences::order_taken(tx, shop, (kept, &ours), said, Some(said)));
    match compared {
        Ok(()) => {}
        Err(fault) if fault.is_retryable() || matches!(fault.kind(), Kind::Unavailable | Kind::Broken) => {
            return Err(fault);
        }
        Err(fault) => {
            tracing::warn!(order = %id, fault = %fault, "an order cannot be held beside the shop's word");
        }
    }
    kept::compared(tx, shop, &said.external_id, order.version)
}

fn hex(body: &[u8]) -> String {
    Sha256::digest(body).iter().map(|byte| format!("{byte:02x}")).collect()
}
