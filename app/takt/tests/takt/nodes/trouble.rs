//! What happens to the nodes and to their database, and how one knows that it is over.

use std::{
    sync::{Arc, Mutex, PoisonError, mpsc},
    time::{Duration, Instant},
};

use serde::{Deserialize, Serialize};
use takt_kernel::Actor;
use takt_outbound::{Call, Outbound};
use takt_store::{About, Fact, Subject};

use super::{
    buyers::{Addresses, Buyers, LONGEST_ANSWER, says_when},
    cluster::Cluster,
};
use crate::crash::{beside::Beside, serving::Serving, world::World};

const LONGEST_RECOVERY: Duration = Duration::from_secs(30);
/// The two halves of the lock's number, see the sequencer.
const LEADER: &str = "select application_name
    from pg_locks
    join pg_stat_activity on pg_stat_activity.pid = pg_locks.pid
    where locktype = 'advisory' and granted and classid = 29793 and objid = 1802764290
    limit 1";

pub struct Nodes {
    world: Arc<World>,
    nodes: Vec<Option<Serving>>,
    pub addresses: Addresses,
    /// Tasks whose deadline was made to pass, and how often that was.
    pub escalations: i64,
    /// Subjects of facts whose writer hung while others went on.
    pub held: Vec<i64>,
    complaints: Vec<String>,
}

/// Said by a writer that hangs before it commits.
#[derive(Serialize, Deserialize)]
struct Held {}

impl Fact for Held {
    const KIND: &'static str = "test.held";
}

impl Nodes {
    pub fn start(world: Arc<World>, count: usize) -> Self {
        let mut nodes = Self {
            world,
            nodes: (0..count).map(|_| None).collect(),
            addresses: Arc::new(Mutex::new(vec![String::new(); count])),
            escalations: 0,
            held: Vec::new(),
            complaints: Vec::new(),
        };
        nodes.start_again();
        nodes
    }

    /// Starts those that are dead.
    pub fn start_again(&mut self) {
        for (number, node) in self.nodes.iter_mut().enumerate() {
            if node.is_none() {
                let mut starter = self.world.starter.clone();
                starter.folder = starter.folder.join(format!("node-{number}"));
                std::fs::create_dir_all(&starter.folder).expect("a folder");
                let started = starter.start();
                let mut addresses = self.addresses.lock().unwrap_or_else(PoisonError::into_inner);
                addresses[number] = started.address.clone();
                *node = Some(started);
            }
        }
    }

    pub fn any(&mut self) -> &mut Serving {
        self.nodes.iter_mut().flatten().next().expect("a node")
    }

    pub fn stop(&mut self) {
        for number in 0..self.nodes.len() {
            self.kill(number);
        }
    }

    /// What the nodes said went wrong inside of them.
    pub fn complaints(&self) -> &[String] {
        &self.complaints
    }

    fn kill(&mut self, number: usize) {
        if let Some(mut node) = self.nodes[number].take() {
            node.kill();
            self.complaints.extend(node.complaints());
        }
    }

    async fn beside(&self) -> Beside {
        Beside::open(&self.world.starter.database).await
    }

    /// Orders are acknowledged, numbered and heard again.
    pub async fn work_goes_on(&self, buyers: &Buyers, when: &str) {
        let until = Instant::now() + LONGEST_RECOVERY;
        let before = buyers.told().orders.len();
        while buyers.told().orders.len() < before + 30 {
            self.in_time(until, when, "no orders").await;
        }
        let beside = self.beside().await;
        let newest = beside.number("select coalesce(max(id), 0) from fact").await;
        let waiting = format!(
            "select (select count(*) from fact_unnumbered where fact_id <= {newest})
               + (select count(*) from fact where id <= {newest}
                  and not exists (select 1 from fact_position where fact_id = fact.id))"
        );
        while beside.number(&waiting).await > 0 {
            self.in_time(until, when, "facts without a position").await;
        }
        let heard =
            "select coalesce(max(position), 0) from reaction_cursor where listener = 'playbook.on_placed'";
        let before = beside.number(heard).await;
        while beside.number(heard).await <= before {
            self.in_time(until, when, "nobody hears").await;
        }
    }

    async fn in_time(&self, until: Instant, when: &str, what: &str) {
        if Instant::now() > until {
            let logs: Vec<String> = self.nodes.iter().flatten().map(|node| node.log()).collect();
            panic!("{what} {when}, for {LONGEST_RECOVERY:?}\n{}", logs.join("\n---\n"));
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }

    /// SIGKILL for the node that numbers the facts.
    pub async fn kill_the_leader(&mut self) {
        let leader = self.leader().await;
        let number = self.nodes.iter().position(|node| node.as_ref().is_some_and(|node| node.id() == leader));
        self.kill(number.expect("the leader is one of ours"));
    }

    /// Process id of the node that numbers.
    async fn leader(&self) -> u32 {
        let Beside::Postgres(client) = self.beside().await else { panic!("nodes need PostgreSQL") };
        let until = Instant::now() + LONGEST_RECOVERY;
        loop {
            if let Some(row) = client.query_opt(LEADER, &[]).await.expect("locks") {
                let name: String = row.get(0);
                return name.trim_start_matches("takt ").parse().expect("a process id");
            }
            self.in_time(until, "at any time", "no leader").await;
        }
    }

    /// The server ends all connections of all nodes, twice in a row.
    pub async fn cut_connections(&self) {
        let beside = self.beside().await;
        for _ in 0..2 {
            beside
                .execute("select pg_terminate_backend(pid) from pg_stat_activity where application_name like 'takt %' and pid <> pg_backend_pid()")
                .await;
            tokio::time::sleep(Duration::from_millis(150)).await;
        }
    }

    /// A writer says a fact and hangs before its commit, while others commit and are heard.
    pub async fn a_writer_hangs(&mut self, buyers: &Buyers) {
        let db = self.world.open().await;
        let (began, beginning) = tokio::sync::oneshot::channel();
        let (go_on, told_to_go_on) = mpsc::channel::<()>();
        let (mut began, told_to_go_on) = (Some(began), Mutex::new(told_to_go_on));
        let (company, subject) = (self.world.company, 900_000_000 + self.held.len() as i64);
        let hanging = tokio::spawn(async move {
            db.write("test.hang", move |tx| {
                tx.say(
                    About::new(company, Subject::new("order", subject), &Actor::system("test")),
                    &Held {},
                )?;
                if let Some(began) = began.take() {
                    began.send(()).expect("somebody waits");
                    told_to_go_on.lock().unwrap_or_else(PoisonError::into_inner).recv().expect("a sign");
                }
                Ok(())
            })
            .await
        });
        beginning.await.expect("it began");
        self.work_goes_on(buyers, "while a writer hangs").await;
        go_on.send(()).expect("it waits");
        hanging.await.expect("it ran").expect("it committed");
        self.held.push(subject);
        self.work_goes_on(buyers, "after a writer hung").await;
    }

    /// All open tasks are overdue at once, and a node is killed while they are told.
    pub async fn deadlines_pass_while_a_node_dies(&mut self) {
        let beside = self.beside().await;
        let due = "select count(*) from task where escalates_at is not null and state in ('open', 'taken') and escalates_at > 1";
        let until = Instant::now() + LONGEST_RECOVERY;
        while beside.number(due).await < 20 {
            self.in_time(until, "of orders to be paid on delivery", "no tasks").await;
        }
        let Beside::Postgres(client) = &beside else { panic!("nodes need PostgreSQL") };
        let row = client
            .query_one(
                "with passed as (
                   update task set escalates_at = 1
                   where escalates_at is not null and state in ('open', 'taken')
                   returning company_id, id
                 ), due as (
                   update timer set fire_at = 1
                   from passed
                   where timer.kind = 'tasks.deadline' and timer.company_id = passed.company_id and timer.subject_id = passed.id
                   returning 1
                 )
                 select (select count(*) from passed), (select count(*) from due)",
                &[],
            )
            .await
            .expect("deadlines");
        let (passed, timers): (i64, i64) = (row.get(0), row.get(1));
        assert_eq!(passed, timers, "every task has its timer");
        self.escalations += passed;
        self.kill(1);
        while beside.number("select count(*) from timer where fire_at = 1").await > 0 {
            self.in_time(until, "after their deadline", "timers that do not fire").await;
        }
    }

    /// Jobs that were begun so long ago belong to nodes that died, or whose connection was cut before they
    /// could say that it was done. The living need milliseconds.
    pub async fn leases_of_the_dead_end(&self, beside: &Beside) {
        const FRESH: &str = "next_at > (extract(epoch from clock_timestamp()) * 1000000)::bigint + 57000000";
        let until = Instant::now() + LONGEST_RECOVERY;
        while beside.number(&format!("select count(*) from job where claim is not null and {FRESH}")).await
            > 0
        {
            self.in_time(until, "in the end", "jobs that run").await;
        }
        beside.execute(&format!("update job set next_at = 1 where claim is not null and not {FRESH}")).await;
    }

    /// While PostgreSQL is away everybody is told so at once; afterwards nobody has to do anything.
    pub async fn restart_postgres(&self, cluster: &Cluster, mode: &str, buyers: &Buyers) {
        cluster.halt(mode);
        let before = buyers.told().refused;
        let until = Instant::now() + LONGEST_RECOVERY;
        while buyers.told().refused < before + 5 {
            self.in_time(until, "without PostgreSQL", "no refusals").await;
        }
        let http = Outbound::new().expect("a client");
        for node in self.nodes.iter().flatten() {
            for (path, status) in [("/readyz", 503), ("/healthz", 200), ("/api/v1/orders", 503)] {
                let call = Call::get(format!("{}{path}", node.address)).bearer(&self.world.token);
                let reply = tokio::time::timeout(LONGEST_ANSWER, http.send(call)).await;
                let reply = reply.unwrap_or_else(|_| panic!("{path} hangs without PostgreSQL"));
                let reply = reply.unwrap_or_else(|fault| panic!("{path} without PostgreSQL: {fault:?}"));
                assert_eq!(reply.status, status, "{path} without PostgreSQL: {}", reply.text());
                assert!(status == 200 || says_when(&reply), "{path} does not say when to come back");
            }
        }
        cluster.resume();
        for node in self.nodes.iter().flatten() {
            let ready = || http.send(Call::get(format!("{}/readyz", node.address)));
            while !ready().await.is_ok_and(|reply| reply.status == 200) {
                self.in_time(until, "after PostgreSQL came back", "a node that is not ready").await;
            }
        }
    }
}
