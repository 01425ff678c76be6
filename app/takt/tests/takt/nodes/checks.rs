//! Holds the data against what buyers and screens were told.

use std::collections::BTreeMap;

use takt_simulator::invariants;
use takt_store::Database;
use tokio_postgres::NoTls;

use super::{buyers::Told, screens::Seen, trouble::Nodes};
use crate::crash::world::World;

/// Questions to which the only good answer is none.
const NONE_OF: [(&str, &str); 6] = [
    ("holes in the positions", "select max(position) - count(*) from fact_position"),
    (
        "facts without a position",
        "select count(*) from fact where not exists (select 1 from fact_position where fact_id = fact.id)",
    ),
    ("facts that wait for a number", "select count(*) from fact_unnumbered"),
    (
        "orders placed twice",
        "select count(*) from (select subject_id from fact where kind = 'orders.placed' group by subject_id having count(*) > 1) as twice",
    ),
    (
        "tasks opened twice for one order",
        "select count(*) from (select order_id, kind from task where state in ('open', 'taken') group by order_id, kind having count(*) > 1) as twice",
    ),
    (
        "subjects whose positions do not rise with their facts",
        "select count(*) from fact_position as a join fact_position as b on b.company_id = a.company_id and b.subject_kind = a.subject_kind and b.subject_id = a.subject_id and b.n = a.n + 1 where b.position < a.position",
    ),
];

pub async fn broken(world: &World, told: &Told, nodes: &Nodes, seen: &[Seen]) -> Vec<String> {
    let Database::Postgres { url } = &world.starter.database else { panic!("nodes need PostgreSQL") };
    let (client, connection) = tokio_postgres::connect(url, NoTls).await.expect("PostgreSQL");
    tokio::spawn(connection);
    let mut found: Vec<String> = told.surprises.clone();
    for (what, question) in NONE_OF {
        let count: i64 = client.query_one(question, &[]).await.expect(what).get(0);
        if count != 0 {
            found.push(format!("{count} {what}"));
        }
    }
    let kept: BTreeMap<String, i64> = client
        .query("select external_id, id from orders where external_id is not null", &[])
        .await
        .expect("orders")
        .iter()
        .map(|row| (row.get(0), row.get(1)))
        .collect();
    for (external_id, id) in &told.orders {
        match kept.get(external_id) {
            None => found.push(format!("the acknowledged order {external_id} is lost")),
            Some(kept) if kept != id => found.push(format!("{external_id} was {id} and is {kept}")),
            Some(_) => {}
        }
    }
    if kept.len() != told.orders.len() {
        found.push(format!("{} orders, and {} were acknowledged in the end", kept.len(), told.orders.len()));
    }
    let escalated: i64 = client
        .query_one("select count(*) from fact where kind = 'tasks.escalated'", &[])
        .await
        .expect("facts")
        .get(0);
    if escalated != nodes.escalations {
        found.push(format!("{} deadlines passed and {escalated} were told", nodes.escalations));
    }
    found.extend(screens_broken(&client, told, nodes, seen).await);
    for (id, times) in world.mailbox.taken() {
        if times > 1 {
            found.push(format!("{id} came {times} times"));
        }
    }
    found.extend(nodes.complaints().iter().cloned());
    let db = world.open().await;
    let listeners = world.wiring.listeners.clone();
    let rules = db.read("test.rules", move |reader| invariants::broken_at_rest(reader, &listeners)).await;
    found.extend(rules.expect("answers"));
    found
}

async fn screens_broken(
    client: &tokio_postgres::Client,
    told: &Told,
    nodes: &Nodes,
    seen: &[Seen],
) -> Vec<String> {
    let placed: BTreeMap<i64, i64> = client
        .query(
            "select subject_id, max(position) from fact_position where subject_kind = 'order' group by 1",
            &[],
        )
        .await
        .expect("positions")
        .iter()
        .map(|row| (row.get(0), row.get(1)))
        .collect();
    let mut found = Vec::new();
    for screen in seen {
        found.extend(screen.surprises.iter().cloned());
        let orders = told.orders.values().chain(&nodes.held);
        let missed = orders.filter(|id| {
            !screen.topics.contains(&format!("order/{id}"))
                && placed.get(id).is_none_or(|position| *position > screen.everything_until)
        });
        let missed: Vec<&i64> = missed.collect();
        if !missed.is_empty() {
            found.push(format!("a screen of {} streams has missed {missed:?}", screen.streams));
        }
        if screen.streams < 3 {
            found.push("a screen was never cut off, so nothing was shown".to_owned());
        }
    }
    found
}
