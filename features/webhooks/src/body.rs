//! A fact as programs read it, by webhook and in the log alike.

use serde::Serialize;
use serde_json::{Value, json};
use takt_kernel::{Actor, Timestamp, TokenId};
use takt_store::RecordedFact;
use utoipa::ToSchema;

/// Above this a webhook comes without the order; the program fetches it.
const LARGEST: usize = 256 * 1024;

/// What a fact is about.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct FactSubject {
    #[schema(example = "order")]
    kind: String,
    #[schema(example = 1042)]
    id: i64,
    /// The facts of one subject are numbered 1, 2, 3 …
    n: i64,
}

/// Who did it.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct FactActor {
    /// person, shop_token, buyer_link or system
    #[schema(example = "shop_token")]
    kind: &'static str,
    /// Which token, when it was one: a program recognises what it did itself.
    #[schema(value_type = Option<i64>)]
    token: Option<TokenId>,
}

/// Something that happened. No name, phone, address or free text stands in it.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct FactBody {
    id: i64,
    /// Its place in the log: rising, with gaps.
    pub(crate) position: i64,
    #[serde(rename = "type")]
    #[schema(example = "orders.paid")]
    kind: String,
    /// Of the shape of `body`.
    version: i64,
    #[schema(value_type = String, format = DateTime)]
    at: Timestamp,
    subject: FactSubject,
    actor: FactActor,
    /// The fact that this is a consequence of.
    cause: Option<i64>,
    /// As its type says.
    #[schema(value_type = Object)]
    body: Value,
}

impl FactBody {
    pub(crate) fn of(fact: &RecordedFact) -> Self {
        Self {
            id: fact.id,
            position: fact.position,
            kind: fact.kind.clone(),
            version: fact.version,
            at: fact.at,
            subject: FactSubject { kind: fact.subject_kind.clone(), id: fact.subject_id, n: fact.n },
            actor: FactActor { kind: actor_kind(&fact.actor), token: fact.actor.token() },
            cause: fact.cause,
            body: (*fact.body).clone(),
        }
    }
}

const fn actor_kind(actor: &Actor) -> &'static str {
    match actor {
        Actor::Person { .. } => "person",
        Actor::ShopToken { .. } => "shop_token",
        Actor::BuyerLink { .. } => "buyer_link",
        Actor::System { .. } => "system",
    }
}

/// The body of a webhook.
pub(crate) fn webhook(fact: &RecordedFact, order: Option<&Value>) -> String {
    let thin = message(fact, None);
    let Some(order) = order else { return thin };
    let whole = message(fact, Some(order));
    if whole.len() > LARGEST { thin } else { whole }
}

fn message(fact: &RecordedFact, order: Option<&Value>) -> String {
    let mut data = json!({
        "id": fact.id,
        "position": fact.position,
        "version": fact.version,
        "subject": { "kind": fact.subject_kind, "id": fact.subject_id, "n": fact.n },
        "actor": { "kind": actor_kind(&fact.actor), "token": fact.actor.token() },
        "cause": fact.cause,
        "body": *fact.body,
    });
    if let (Some(order), Some(fields)) = (order, data.as_object_mut()) {
        fields.insert("order".to_owned(), order.clone());
    }
    envelope(&fact.kind, fact.at, &data)
}

pub(crate) fn envelope(kind: &str, at: Timestamp, data: &Value) -> String {
    json!({ "type": kind, "timestamp": at, "data": data }).to_string()
}
