//! Which messages a customer wants from a shop. Kept and given back: the desk sends none of them.

use serde::Deserialize;
use serde_json::{Value, json};
use takt_customers::{CustomerId, EditCustomers};
use takt_kernel::{Result as Kept, Timestamp};
use takt_store::{Query, Tx, params, sql};

use super::find;
use crate::{
    model::corporate::is_yes,
    wire::{
        endpoint::{Answer, Call, Done},
        lenient::{List, Text, filled},
        refusal::Refusal,
        time,
    },
};

const CHANNELS: [&str; 3] = ["email", "sms", "waba"];
const USUAL: &str = "default_marketing";
const MOST: usize = 100;
const LONGEST: usize = 255;

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
struct SubscriptionIn {
    channel: Option<Text>,
    subscription: Option<Text>,
    active: Option<Text>,
}

/// POST customers/{id}/subscriptions.
pub(crate) fn change(tx: &mut Tx<'_>, call: &Call) -> Result<Done, Refusal> {
    let said: List<SubscriptionIn> = call.fields.json("subscriptions")?;
    call.permit::<EditCustomers>()?;
    call.expect_asked_site()?;
    let customer = find::named(tx, call, call.segment(1))?.ok_or_else(Refusal::not_found)?;
    let refused = |index: usize, field: &str, reason: &str| {
        Refusal::bad("Errors in the entity format").field(format!("subscriptions[{index}].{field}"), reason)
    };
    if said.0.len() > MOST {
        return Err(refused(MOST, "channel", "The maximum number of subscriptions is 100."));
    }
    let now = tx.now();
    for (index, one) in said.0.iter().enumerate() {
        let channel = filled(one.channel.as_ref()).unwrap_or_default();
        if !CHANNELS.contains(&channel) {
            return Err(refused(index, "channel", "The value you selected is not a valid choice."));
        }
        let code = filled(one.subscription.as_ref()).unwrap_or(USUAL);
        if code.len() > LONGEST {
            return Err(refused(index, "subscription", "This value is too long."));
        }
        let id = tx.new_id::<()>();
        tx.put(
            sql!(
                "insert into retailcrm_subscription (company_id, id, shop_id, customer_id, channel, code, active,
                   changed_at)
                 values (:company_id, :id, :shop_id, :customer_id, :channel, :code, :active, :now)
                 on conflict (company_id, shop_id, customer_id, channel, code) do update
                 set active = excluded.active, changed_at = excluded.changed_at"
            ),
            params![
                company_id: call.company(), id: id, shop_id: call.shop(), customer_id: customer,
                channel: channel, code: code, active: one.active.as_ref().is_none_or(is_yes), now: now,
            ],
        )?;
    }
    Ok(Done::from(Answer::ok()).about(format!("subscriptions of customer {customer}")))
}

/// What the customer wants and does not, as the protocol has it.
///
/// # Errors
/// Faults of the store.
pub(crate) fn of(db: &mut dyn Query, call: &Call, customer: CustomerId) -> Kept<Vec<Value>> {
    db.all(
        sql!(
            "select id, channel, code, active, changed_at
             from retailcrm_subscription
             where company_id = :company_id and shop_id = :shop_id and customer_id = :customer_id
             order by channel, code
             limit 1000"
        ),
        params![company_id: call.company(), shop_id: call.shop(), customer_id: customer],
    )?
    .iter()
    .map(|row| {
        let code: String = row.get("code")?;
        let at: Timestamp = row.get("changed_at")?;
        Ok(json!({
            "subscription": {
                "id": row.get::<i64>("id")?, "channel": row.get::<String>("channel")?, "name": code, "code": code,
                "active": true, "autoSubscribe": false, "ordering": 1,
            },
            "subscribed": row.get::<bool>("active")?, "changedAt": time::written(at, &call.site.zone),
        }))
    })
    .collect()
}
