//! What people do with endpoints.

use serde_json::json;
use takt_kernel::{Actor, CompanyId, Fault, FieldFault, Result, ShopId};
use takt_staff::{Permit, shops};
use takt_store::{LANES, Query, Tx, facts as log, params, sql};

use crate::{
    address, body, delivery,
    endpoint::{self, Endpoint, EndpointId, MOST, OLD_KEY_SECONDS, State, Why},
    facts::{self, Added, Edited, Paused, Removed, Resumed},
    forget,
    kinds::Chosen,
    message::{self, MessageId, NewMessage},
    rights::ManageWebhooks,
    secret::Secret,
    settings::Settings,
};

pub(crate) const PING: &str = "webhooks.ping";
const LONGEST_NAME: usize = 100;

/// What a person says of an endpoint.
#[derive(Clone, Debug, Default)]
pub struct Given {
    pub name: String,
    pub url: String,
    /// The whole company when none is named.
    pub shop: Option<ShopId>,
    /// `orders.* stock.corrected`; all when empty.
    pub kinds: String,
}

struct Checked {
    name: String,
    url: String,
    shop: Option<ShopId>,
    kinds: Chosen,
}

impl Given {
    /// All that is wrong, not only the first.
    fn checked(&self, tx: &mut Tx<'_>, company: CompanyId) -> Result<Checked> {
        let settings = Settings::of(tx)?;
        let mut wrong: Vec<FieldFault> = Vec::new();
        let mut noted = |fault: Fault| match fault.fields() {
            [] => Err(fault),
            fields => {
                wrong.extend(fields.iter().cloned());
                Ok(())
            }
        };
        let name = self.name.trim();
        if name.is_empty() || name.chars().count() > LONGEST_NAME {
            noted(Fault::field("name", "webhooks.name_wrong"))?;
        }
        let url =
            address::checked(&self.url, settings).or_else(|fault| noted(fault).map(|()| String::new()))?;
        let kinds = Chosen::parse(&self.kinds).or_else(|fault| noted(fault).map(|()| Chosen::default()))?;
        if let Some(shop) = self.shop
            && shops::get(tx, company, shop).is_err()
        {
            noted(Fault::field("shop", "webhooks.shop_missing"))?;
        }
        if !wrong.is_empty() {
            return Err(Fault::from_fields(wrong));
        }
        Ok(Checked { name: name.to_owned(), url, shop: self.shop, kinds })
    }
}

/// A key that has to be told to the program, this once.
pub struct Rotated {
    pub endpoint: EndpointId,
    /// `whsec_…`
    pub secret: String,
}

/// From now on this program is told.
///
/// # Errors
/// Faults at the fields `name`, `url`, `shop`, `kinds`; `webhooks.too_many`.
pub fn add(tx: &mut Tx<'_>, permit: &Permit<ManageWebhooks>, given: &Given) -> Result<Rotated> {
    let company = permit.company();
    let Checked { name, url, shop, kinds } = given.checked(tx, company)?;
    if endpoint::of_company(tx, company)?.len() as i64 >= MOST {
        return Err(Fault::conflict("webhooks.too_many").arg("most", MOST));
    }
    let secret = Secret::new(tx.entropy())?;
    let (id, now): (EndpointId, _) = (tx.new_id(), tx.now());
    let newest = log::newest(tx)?;
    let sealed = takt_vault::seal(tx, &endpoint::place(company, id), &secret.shown())?;
    tx.put(
        sql!(
            "insert into webhook_endpoint (company_id, id, shop_id, name, url, kinds, state, paused_at, paused_why,
               secret, old_secret, old_secret_until, since_position, created_at)
             values (:company_id, :id, :shop_id, :name, :url, :kinds, 'active', null, null,
               :secret, null, null, :since_position, :now)"
        ),
        params![
            company_id: company, id: id, shop_id: shop, name: &name, url: url, kinds: kinds.to_string(),
            secret: sealed, since_position: newest, now: now,
        ],
    )?;
    forget::begin(tx, company)?;
    facts::say(tx, company, id, permit.actor(), &Added { name, shop, kinds: kinds.to_string() })?;
    Ok(Rotated { endpoint: id, secret: secret.shown() })
}

/// What waits goes to the new address, and at once.
///
/// # Errors
/// As [`add`]; `webhooks.endpoint_missing`.
pub fn edit(tx: &mut Tx<'_>, permit: &Permit<ManageWebhooks>, id: EndpointId, given: &Given) -> Result<()> {
    let company = permit.company();
    let before = endpoint::get(tx, company, id)?;
    let Checked { name, url, shop, kinds } = given.checked(tx, company)?;
    let moved = before.url != url;
    if !moved && before.name == name && before.shop == shop && before.kinds == kinds {
        return Ok(());
    }
    tx.put(
        sql!(
            "update webhook_endpoint
             set name = :name, url = :url, shop_id = :shop_id, kinds = :kinds
             where company_id = :company_id and id = :id"
        ),
        params![name: &name, url: url, shop_id: shop, kinds: kinds.to_string(), company_id: company, id: id],
    )?;
    if moved && before.is_active() {
        hurry(tx, &before)?;
    }
    facts::say(tx, company, id, permit.actor(), &Edited { name, shop, kinds: kinds.to_string(), moved })
}

/// Messages wait until it is resumed.
///
/// # Errors
/// `webhooks.endpoint_missing`.
pub fn pause(tx: &mut Tx<'_>, permit: &Permit<ManageWebhooks>, id: EndpointId) -> Result<()> {
    let endpoint = endpoint::get(tx, permit.company(), id)?;
    pause_because(tx, &endpoint, Why::Person, permit.actor())
}

pub(crate) fn pause_because(tx: &mut Tx<'_>, endpoint: &Endpoint, why: Why, actor: &Actor) -> Result<()> {
    let now = tx.now();
    let paused = tx.execute(
        sql!(
            "update webhook_endpoint
             set state = 'paused', paused_at = :now, paused_why = :why
             where company_id = :company_id and id = :id and state = 'active'"
        ),
        params![now: now, why: why.code(), company_id: endpoint.company, id: endpoint.id],
    )?;
    if paused == 0 {
        return Ok(());
    }
    facts::say(tx, endpoint.company, endpoint.id, actor, &Paused { why: why.code().to_owned() })
}

/// What waited is sent at once.
///
/// # Errors
/// `webhooks.endpoint_missing`.
pub fn resume(tx: &mut Tx<'_>, permit: &Permit<ManageWebhooks>, id: EndpointId) -> Result<()> {
    let endpoint = endpoint::get(tx, permit.company(), id)?;
    let State::Paused { .. } = endpoint.state else { return Ok(()) };
    tx.put(
        sql!(
            "update webhook_endpoint
             set state = 'active', paused_at = null, paused_why = null
             where company_id = :company_id and id = :id"
        ),
        params![company_id: endpoint.company, id: id],
    )?;
    hurry(tx, &endpoint)?;
    facts::say(tx, endpoint.company, id, permit.actor(), &Resumed {})
}

/// A new key; for a day the old one signs as well, so that the program can be told in peace.
///
/// # Errors
/// `webhooks.endpoint_missing`.
pub fn rotate(tx: &mut Tx<'_>, permit: &Permit<ManageWebhooks>, id: EndpointId) -> Result<Rotated> {
    let endpoint = endpoint::get(tx, permit.company(), id)?;
    let secret = Secret::new(tx.entropy())?;
    let until = tx.now().plus_seconds(OLD_KEY_SECONDS);
    let place = endpoint::place(endpoint.company, id);
    let sealed = takt_vault::seal(tx, &place, &secret.shown())?;
    let old = takt_vault::seal(tx, &place, &endpoint.secret.shown())?;
    tx.put(
        sql!(
            "update webhook_endpoint
             set secret = :secret, old_secret = :old_secret, old_secret_until = :until
             where company_id = :company_id and id = :id"
        ),
        params![
            secret: sealed, old_secret: old, until: until,
            company_id: endpoint.company, id: id,
        ],
    )?;
    facts::say(tx, endpoint.company, id, permit.actor(), &facts::Rotated {})?;
    Ok(Rotated { endpoint: id, secret: secret.shown() })
}

/// Nothing is sent any more; what was is forgotten bit by bit.
///
/// # Errors
/// `webhooks.endpoint_missing`.
pub fn remove(tx: &mut Tx<'_>, permit: &Permit<ManageWebhooks>, id: EndpointId) -> Result<()> {
    let endpoint = endpoint::get(tx, permit.company(), id)?;
    tx.put(
        sql!(
            "update webhook_endpoint
             set state = 'removed', secret = '', old_secret = null, old_secret_until = null, url = ''
             where company_id = :company_id and id = :id"
        ),
        params![company_id: endpoint.company, id: id],
    )?;
    forget::soon(tx, endpoint.company)?;
    facts::say(tx, endpoint.company, id, permit.actor(), &Removed {})
}

/// Sends `webhooks.ping`, to see whether the program hears.
///
/// # Errors
/// `webhooks.endpoint_missing`, `webhooks.is_paused`.
pub fn ping(tx: &mut Tx<'_>, permit: &Permit<ManageWebhooks>, id: EndpointId) -> Result<MessageId> {
    let endpoint = endpoint::get(tx, permit.company(), id)?;
    if !endpoint.is_active() {
        return Err(Fault::conflict("webhooks.is_paused"));
    }
    let body = body::envelope(PING, tx.now(), &json!({ "endpoint": id, "name": endpoint.name }));
    let new = NewMessage {
        company: endpoint.company,
        endpoint: id,
        fact: None,
        kind: PING,
        subject_kind: facts::SUBJECT,
        subject_id: id.get(),
        n: 0,
        body: &body,
    };
    message::queue(tx, &new)
}

/// What is due later is due now.
fn hurry(tx: &mut Tx<'_>, endpoint: &Endpoint) -> Result<()> {
    let now = tx.now();
    for lane in 0..LANES {
        tx.put(
            sql!(
                "update webhook_message
                 set next_at = :now
                 where company_id = :company_id and endpoint_id = :endpoint_id and lane = :lane and next_at > :now"
            ),
            params![now: now, company_id: endpoint.company, endpoint_id: endpoint.id, lane: lane],
        )?;
        delivery::call(tx, endpoint.company, endpoint.id, lane)?;
    }
    Ok(())
}
