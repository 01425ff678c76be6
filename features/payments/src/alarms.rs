//! What a person has to look at: a bank that is silent or says what cannot be, and money of which only two persons said
//! that it came.

use serde_json::json;
use takt_kernel::{Actor, Result};
use takt_orders::OrderId;
use takt_staff::{Calendar, Role};
use takt_store::{Fact as _, Query as _, RecordedFact, Tx};
use takt_tasks::NewTask;
use takt_work::Listener;

use crate::{
    days::day_in_zone_of,
    facts::{ByHandContradicted, ChannelSilent, LineContradicted, PushRefused},
};

pub(crate) const LISTENER: Listener = Listener {
    name: "payments.call_people",
    hears: &[ChannelSilent::KIND, PushRefused::KIND, LineContradicted::KIND, ByHandContradicted::KIND],
    does: "opens a task when a bank is silent, is refused or contradicts itself or two persons",
    react: call,
};

/// Working time in which somebody has to look.
const TO_LOOK_SECONDS: i64 = 2 * 3600;

fn call(tx: &mut Tx<'_>, fact: &RecordedFact) -> Result<()> {
    let about = fact.subject_id;
    let today = day_in_zone_of(tx, fact.company)?;
    match fact.kind.as_str() {
        ChannelSilent::KIND => {
            open(tx, fact, "bank-silent", Role::Manager, None, format!("{about}.{}", fact.id))
        }
        PushRefused::KIND => {
            let refused: PushRefused = fact.read()?;
            // One task a day, however many are sent to us; what waits for a statement needs nobody.
            if is_suspicious(&refused.why) {
                open(tx, fact, "bank-refused", Role::Accountant, None, format!("{about}.{today}"))
            } else {
                Ok(())
            }
        }
        LineContradicted::KIND => {
            open(tx, fact, "bank-contradicts", Role::Accountant, None, format!("{about}.{}", fact.id))
        }
        ByHandContradicted::KIND => {
            let order = OrderId::new(fact.read::<ByHandContradicted>()?.order);
            open(tx, fact, "by-hand-contradicted", Role::Accountant, Some(order), about.to_string())
        }
        _ => Ok(()),
    }
}

/// Not that a bank could not be reached, which its silence tells, nor what the next statement decides.
fn is_suspicious(why: &str) -> bool {
    (why.starts_with("payments.push_") || why.starts_with("proof."))
        && !matches!(why, "payments.push_late" | "payments.push_contradicts")
}

fn open(
    tx: &mut Tx<'_>,
    fact: &RecordedFact,
    kind: &'static str,
    role: Role,
    order: Option<OrderId>,
    key: String,
) -> Result<()> {
    let now = tx.now();
    let due_at = Calendar::of(tx, fact.company)?.add_working_seconds(now, TO_LOOK_SECONDS);
    let task = NewTask {
        company: fact.company,
        kind,
        role,
        order,
        due_at,
        key: Some(format!("payments.{kind}.{key}")),
        args: json!({ "about": &fact.subject_kind, "id": fact.subject_id }),
    };
    takt_tasks::open(tx, task, &Actor::system(LISTENER.name)).map(|_| ())
}
