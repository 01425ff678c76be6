//! From a fact to messages: one for each endpoint that wants it. A company without endpoints costs a look
//! into memory, an installation without them nothing at all.

use serde_json::Value;
use takt_kernel::Result;
use takt_orders::{OrderId, api::order_json};
use takt_store::{Query, RecordedFact, Tx, params, sql};
use takt_work::{Listener, Needed};

use crate::{
    body,
    endpoint::{self, Endpoint},
    kinds::NAMES,
    message::{self, NewMessage},
};

const NAME: &str = "webhooks.queue";

pub(crate) const LISTENER: Listener = Listener {
    name: NAME,
    hears: &NAMES,
    does: "queues a message for each program that wants to know",
    react,
};

pub(crate) const NEEDED: Needed = Needed { listener: NAME, by_anybody };

fn by_anybody(db: &mut dyn Query) -> Result<bool> {
    let found = db.opt(
        sql!("select id from webhook_endpoint where state in ('active', 'paused') order by id limit 1"),
        params![],
    )?;
    Ok(found.is_some())
}

fn react(tx: &mut Tx<'_>, fact: &RecordedFact) -> Result<()> {
    let now = tx.now();
    let mut wanting: Vec<Endpoint> = endpoint::of_company(tx, fact.company)?;
    wanting.retain(|endpoint| endpoint.wants(&fact.kind, fact.position, now));
    if wanting.is_empty() {
        return Ok(());
    }
    let order = order_of(tx, fact)?;
    if let Some(order) = &order {
        let shop = order.get("shop").and_then(Value::as_i64);
        wanting.retain(|endpoint| endpoint.shop.is_none_or(|only| Some(only.get()) == shop));
    }
    if wanting.is_empty() {
        return Ok(());
    }
    let body = body::webhook(fact, order.as_ref());
    for endpoint in wanting {
        let new = NewMessage {
            company: fact.company,
            endpoint: endpoint.id,
            fact: Some(fact.id),
            kind: &fact.kind,
            subject_kind: &fact.subject_kind,
            subject_id: fact.subject_id,
            n: fact.n,
            body: &body,
        };
        message::queue(tx, &new)?;
    }
    Ok(())
}

/// The order that a fact is about, as the API answers with it.
fn order_of(tx: &mut Tx<'_>, fact: &RecordedFact) -> Result<Option<Value>> {
    if fact.subject_kind != takt_orders::facts::SUBJECT {
        return Ok(None);
    }
    let orders = order_json(tx, fact.company, &[OrderId::new(fact.subject_id)])?;
    Ok(orders.into_iter().next())
}
