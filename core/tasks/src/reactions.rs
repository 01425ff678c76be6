//! On this fact, that verb.

use takt_kernel::{Actor, Result};
use takt_orders::OrderId;
use takt_staff::{
    absences,
    companies::desk_of,
    facts::{PersonAway, PersonBack, RolesChanged},
};
use takt_store::{Fact as _, Query, RecordedFact, Tx, params, sql};
use takt_work::Listener;

use crate::{
    close_all_for_order,
    commands::{at_work_for, give_back, hand_on, let_go_of, urgent_at},
    of_order,
};

const ON_AWAY: &str = "tasks.on_away";
const ON_BACK: &str = "tasks.on_back";
const ON_CANCELLED: &str = "tasks.on_cancelled";
const ON_ENGAGEMENT: &str = "tasks.on_engagement";
const ON_ROLES: &str = "tasks.on_roles";

pub(crate) const LISTENERS: [Listener; 6] = [
    Listener {
        name: ON_CANCELLED,
        hears: &["orders.cancelled"],
        does: "closes what was still to do about the order",
        react: order_cancelled,
    },
    Listener {
        name: ON_ENGAGEMENT,
        hears: &["staff.engaged", "staff.engagement_began", "staff.engagement_ended"],
        does: "moves the unfinished tasks to the list of the desk that now works for the company, and leaves to their roles those of people who do not",
        react: desk_changed,
    },
    Listener {
        name: "tasks.on_urgency",
        hears: &["orders.urgency_set"],
        does: "puts the unfinished tasks of an urgent order before all others, or back among them",
        react: urgency_changed,
    },
    Listener {
        name: ON_ROLES,
        hears: &[RolesChanged::KIND],
        does: "leaves to its role what somebody had taken who may no longer do it",
        react: roles_changed,
    },
    Listener {
        name: ON_AWAY,
        hears: &[PersonAway::KIND],
        does: "hands on what somebody had taken who is away now",
        react: away,
    },
    Listener {
        name: ON_BACK,
        hears: &[PersonBack::KIND],
        does: "gives somebody who is back what nobody has begun meanwhile",
        react: back,
    },
];

fn order_cancelled(tx: &mut Tx, fact: &RecordedFact) -> Result<()> {
    let order = OrderId::new(fact.subject_id);
    close_all_for_order(tx, fact.company, order, "order_cancelled", &Actor::system(ON_CANCELLED)).map(|_| ())
}

/// It looks at the order as it is now, so that two changes that are heard late end as the last one said.
fn urgency_changed(tx: &mut Tx, fact: &RecordedFact) -> Result<()> {
    let order = takt_orders::load(tx, fact.company, OrderId::new(fact.subject_id))?;
    let now = tx.now();
    let unfinished = of_order(tx, fact.company, order.id)?.into_iter().filter(|task| !task.is_closed());
    for task in unfinished {
        tx.put(
            sql!(
                "update task
                 set urgent_at = :urgent_at
                 where company_id = :company_id and id = :id"
            ),
            params![
                urgent_at: urgent_at(&order, task.due_at, now), company_id: fact.company, id: task.id,
            ],
        )?;
    }
    Ok(())
}

fn away(tx: &mut Tx, fact: &RecordedFact) -> Result<()> {
    let away = fact.read::<PersonAway>()?;
    // Heard late, they may be back already.
    if absences::away(tx, away.person, &[fact.company])?.is_none() {
        return Ok(());
    }
    hand_on(tx, fact.company, &away, &Actor::system(ON_AWAY))
}

fn back(tx: &mut Tx, fact: &RecordedFact) -> Result<()> {
    let back = fact.read::<PersonBack>()?;
    if absences::away(tx, back.person, &[fact.company])?.is_some() {
        return Ok(());
    }
    give_back(tx, fact.company, back.person, &Actor::system(ON_BACK))
}

fn desk_changed(tx: &mut Tx, fact: &RecordedFact) -> Result<()> {
    let desk = desk_of(tx, fact.company)?;
    tx.put(
        sql!(
            "update task
             set desk_id = :desk_id
             where company_id = :company_id and state in ('open', 'taken') and desk_id <> :desk_id"
        ),
        params![desk_id: desk, company_id: fact.company],
    )?;
    for person in at_work_for(tx, fact.company)? {
        let_go_of(tx, fact.company, person, &Actor::system(ON_ENGAGEMENT))?;
    }
    Ok(())
}

fn roles_changed(tx: &mut Tx, fact: &RecordedFact) -> Result<()> {
    let changed = fact.read::<RolesChanged>()?;
    let_go_of(tx, fact.company, changed.person, &Actor::system(ON_ROLES))
}
