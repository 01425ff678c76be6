//! Holds the data against what the clients were told.

use std::collections::{BTreeMap, BTreeSet};

use takt_kernel::Result;
use takt_simulator::invariants;
use takt_store::{Query, Row, Statement};
use takt_work::Listener;

use super::told::Told;

/// Everything that is wrong, once nothing is left to do.
pub fn broken(
    db: &mut dyn Query,
    listeners: &[Listener],
    told: &Told,
    mails: &BTreeMap<String, usize>,
) -> Result<Vec<String>> {
    let mut found = invariants::broken_at_rest(db, listeners)?;
    found.extend(
        told.surprises.iter().map(|surprise| format!("an answer that nobody should get: {surprise}")),
    );
    let orders = orders(db)?;
    found.extend(orders_broken(&orders, told));
    found.extend(payments_broken(db, &orders, told)?);
    found.extend(mails_broken(db, mails)?);
    found.extend(people_broken(db, told)?);
    Ok(found)
}

struct Kept {
    id: i64,
    version: i64,
    stage: String,
    paid: i64,
    total: i64,
    picks: i64,
    calls: i64,
    tasks: i64,
}

fn orders(db: &mut dyn Query) -> Result<BTreeMap<String, Kept>> {
    let rows = all(
        db,
        "select external_id, id, version, stage, paid_minor, total_minor,
           (select count(*) from task where task.company_id = orders.company_id
             and task.order_id = orders.id and task.kind = 'pick') as picks,
           (select count(*) from task where task.company_id = orders.company_id
             and task.order_id = orders.id and task.kind = 'call') as calls,
           (select count(*) from task where task.company_id = orders.company_id
             and task.order_id = orders.id) as tasks
         from orders
         where external_id is not null
         order by id
         limit 1000000",
    )?;
    rows.iter()
        .map(|row| {
            let kept = Kept {
                id: row.get("id")?,
                version: row.get("version")?,
                stage: row.get("stage")?,
                paid: row.get("paid_minor")?,
                total: row.get("total_minor")?,
                picks: row.get("picks")?,
                calls: row.get("calls")?,
                tasks: row.get("tasks")?,
            };
            Ok((row.get("external_id")?, kept))
        })
        .collect()
}

fn orders_broken(orders: &BTreeMap<String, Kept>, told: &Told) -> Vec<String> {
    let mut found = Vec::new();
    for (external_id, known) in &told.orders {
        let Some(kept) = orders.get(external_id) else {
            found.push(format!("the acknowledged order {external_id} is lost"));
            continue;
        };
        if kept.id != known.id {
            found.push(format!("the order {external_id} was {} and is {}", known.id, kept.id));
        }
        if kept.version < known.version {
            found.push(format!("a change of {external_id} is lost: {} of {}", kept.version, known.version));
        }
        if known.cancelled && kept.stage != "cancel" {
            found.push(format!("the cancelled order {external_id} is {}", kept.stage));
        }
        if kept.picks > 1 || kept.calls > 1 {
            found.push(format!(
                "{external_id} is to be picked {} and called {} times",
                kept.picks, kept.calls
            ));
        }
    }
    let sent = |external_id: &&String| {
        !told.orders.contains_key(*external_id) && !told.unanswered.contains_key(*external_id)
    };
    found
        .extend(orders.keys().filter(sent).map(|external_id| format!("nobody sent the order {external_id}")));
    found
}

fn payments_broken(db: &mut dyn Query, orders: &BTreeMap<String, Kept>, told: &Told) -> Result<Vec<String>> {
    let rows = all(
        db,
        "select bank_line.number, bank_line.state, bank_line.outcome
         from bank_line
         join bank_import on bank_import.company_id = bank_line.company_id
           and bank_import.id = bank_line.import_id and bank_import.state = 'accepted'
         where bank_line.state <> 'duplicate'
         order by bank_line.id
         limit 1000000",
    )?;
    let mut lines: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for row in &rows {
        let outcome = format!("{} {}", row.get::<String>("state")?, row.get::<String>("outcome")?);
        lines.entry(row.get("number")?).or_default().push(outcome);
    }
    let mut found: Vec<String> = lines
        .iter()
        .filter(|(_, outcomes)| outcomes.len() > 1)
        .map(|(number, outcomes)| {
            format!("the payment {number} counts {} times: {outcomes:?}", outcomes.len())
        })
        .collect();
    for (number, payment) in &told.payments {
        let Some(outcomes) = lines.get(number) else {
            found.push(format!("the payment {number} of a file that was taken is lost"));
            continue;
        };
        let Some(kept) = orders.get(&payment.external_id) else { continue };
        // What left before the reaction to its payment came needs nobody any more.
        let nobody_is_asked = kept.tasks == 0 && !["delivery", "complete"].contains(&kept.stage.as_str());
        if kept.paid != kept.total || nobody_is_asked {
            found.push(format!(
                "{} has {} of {} by {number} ({outcomes:?}), {} tasks and is {}",
                payment.external_id, kept.paid, kept.total, kept.tasks, kept.stage
            ));
        }
    }
    Ok(found)
}

/// Nobody's policy here is to send again what may have come.
fn mails_broken(db: &mut dyn Query, mails: &BTreeMap<String, usize>) -> Result<Vec<String>> {
    let rows = all(db, "select message_id, state, order_id, event from notice order by id limit 1000000")?;
    let mut found = Vec::new();
    let mut once = BTreeSet::new();
    let mut notices = BTreeSet::new();
    for row in &rows {
        let (id, state): (String, String) = (row.get("message_id")?, row.get("state")?);
        let (order, event): (i64, String) = (row.get("order_id")?, row.get("event")?);
        if state == "sent" && !mails.contains_key(&id) {
            found.push(format!("{id} is said to be sent and never came"));
        }
        if state == "failed" || state == "queued" {
            found.push(format!("{id} is {state}"));
        }
        if ["placed", "cancelled", "confirmed"].contains(&event.as_str())
            && !once.insert((order, event.clone()))
        {
            found.push(format!("two notices tell that {order} is {event}"));
        }
        notices.insert(id);
    }
    for (id, times) in mails {
        if !notices.contains(id) {
            found.push(format!("a mail came under {id}, which is no notice's"));
        }
        if *times > 1 {
            found.push(format!("{id} came {times} times"));
        }
    }
    Ok(found)
}

fn people_broken(db: &mut dyn Query, told: &Told) -> Result<Vec<String>> {
    let rows = all(db, "select email from person order by id limit 1000000")?;
    let kept = rows.iter().map(|row| row.get::<String>("email")).collect::<Result<BTreeSet<_>>>()?;
    Ok(told.joined.difference(&kept).map(|email| format!("{email} joined and is lost")).collect())
}

fn all(db: &mut dyn Query, question: &'static str) -> Result<Vec<Row>> {
    db.all_of(&Statement::new(question))
}
