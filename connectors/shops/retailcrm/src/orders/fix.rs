//! The ids that a shop gives to orders which were born at the desk.

use serde::Deserialize;
use takt_kernel::Kind;
use takt_orders::{EditOrders, OrderId, identify};
use takt_store::Tx;

use super::create;
use crate::wire::{
    endpoint::{Answer, Call, Done},
    lenient::{List, Text},
    refusal::Refusal,
};

#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(crate) struct Pair {
    pub id: Text,
    pub external_id: Text,
}

/// POST orders/fix-external-ids.
pub(crate) fn fix(tx: &mut Tx<'_>, call: &Call) -> Result<Done, Refusal> {
    let pairs: List<Pair> = call.fields.json("orders")?;
    let permit = call.permit::<EditOrders>()?;
    let mut notes = Vec::new();
    for pair in &pairs.0 {
        let Ok(id) = pair.id.as_str().parse::<OrderId>() else {
            notes.push(format!("{} (no such order)", pair.id.as_str()));
            continue;
        };
        let done = create::part(tx, |tx| Ok(identify(tx, &permit, id, pair.external_id.as_str())?));
        match done {
            Ok(_) => {}
            Err(refusal) if create::is_fatal(&refusal) => return Err(refusal),
            Err(refusal) if refusal.fault.as_ref().is_some_and(|fault| fault.kind() == Kind::Missing) => {
                notes.push(format!("{id} (no such order)"));
            }
            Err(refusal) => notes.push(format!("{id} ({})", refusal.into_fault().code())),
        }
    }
    Ok(Done::from(Answer::ok()).about("ids of orders").notes(notes))
}
