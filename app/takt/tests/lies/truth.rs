//! What must hold whatever was told, asked of the rows themselves.

use std::collections::BTreeMap;

use takt_kernel::Result;
use takt_orders::OrderId;
use takt_payments::journal;
use takt_simulator::invariants;
use takt_store::{Query, Statement};

use crate::world::World;

/// What is wrong; nothing, as long as no lie was believed.
pub async fn broken(world: &mut World) -> Vec<String> {
    let (told, came, listeners) = (world.told.clone(), world.came, world.app.wiring.listeners.clone());
    let companies = [world.company, world.other];
    world
        .app
        .read(move |reader| {
            let mut broken = paid_beyond_what_was_told(reader, &told)?;
            broken.extend(received_beyond_what_came(reader, came)?);
            broken.extend(paid_beyond_what_was_received(reader)?);
            broken.extend(invariants::broken_at_rest(reader, &listeners)?);
            for company in companies {
                let sums = journal::trial_balance(reader, company)?;
                broken.extend(
                    sums.iter().filter(|sum| !sum.is_zero()).map(|sum| format!("trial balance {sum}")),
                );
            }
            Ok(broken)
        })
        .await
}

fn paid_beyond_what_was_told(db: &mut dyn Query, told: &BTreeMap<OrderId, i64>) -> Result<Vec<String>> {
    let paid = Statement::new(
        "select id, number, paid_minor, currency from orders where paid_minor <> 0 order by id limit 100000",
    );
    let mut broken = Vec::new();
    for row in db.all_of(&paid)? {
        let (order, minor): (OrderId, i64) = (row.get("id")?, row.get("paid_minor")?);
        let most = told.get(&order).copied().unwrap_or_default();
        if minor > most {
            let number: String = row.get("number")?;
            let by = lines_of(db, order)?;
            broken.push(format!("order {number} is paid by {minor}, and {most} were told of it {by:?}"));
        }
    }
    Ok(broken)
}

/// What paid the order, for whoever looks for the hole.
fn lines_of(db: &mut dyn Query, order: OrderId) -> Result<Vec<String>> {
    let lines = Statement::new(
        "select bank_import.came_by, bank_import.format, bank_line.document
         from allocation
         join bank_line on bank_line.company_id = allocation.company_id and bank_line.id = allocation.line_id
         join bank_import on bank_import.company_id = bank_line.company_id and bank_import.id = bank_line.import_id
         where allocation.order_id = :order_id
         order by allocation.id
         limit 10",
    );
    db.all_of(&lines.bind("order_id", order))?
        .iter()
        .map(|row| {
            let (came_by, format): (String, String) = (row.get("came_by")?, row.get("format")?);
            Ok(format!("{came_by} {format} {}", row.json::<serde_json::Value>("document")?))
        })
        .collect()
}

fn received_beyond_what_came(db: &mut dyn Query, came: i64) -> Result<Vec<String>> {
    let all = Statement::new(
        "select currency, cast(sum(amount_minor) as bigint) as minor
         from order_receipt
         group by currency
         order by currency
         limit 100",
    );
    let mut broken = Vec::new();
    for row in db.all_of(&all)? {
        let (currency, minor): (String, i64) = (row.get("currency")?, row.get("minor")?);
        let most = if currency == "RUB" { came } else { 0 };
        if minor > most {
            broken.push(format!("{minor} {currency} were received, and {most} came"));
        }
    }
    Ok(broken)
}

fn paid_beyond_what_was_received(db: &mut dyn Query) -> Result<Vec<String>> {
    let all = Statement::new(
        "select both.company_id, both.currency
         from (
           select company_id, currency, amount_minor as received, 0 as allotted from order_receipt
           union all
           select allocation.company_id, orders.currency, 0, allocation.amount_minor
           from allocation
           join orders on orders.company_id = allocation.company_id and orders.id = allocation.order_id
         ) as both
         group by both.company_id, both.currency
         having sum(both.allotted) > sum(both.received)
         order by both.company_id
         limit 100",
    );
    let rows = db.all_of(&all)?;
    rows.iter()
        .map(|row| Ok(format!("more {} is allotted than came", row.get::<String>("currency")?)))
        .collect()
}
