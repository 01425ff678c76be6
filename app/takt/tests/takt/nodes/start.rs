//! A node that starts while its PostgreSQL is away, and one that is not let in.

use std::time::{Duration, Instant};

use takt_outbound::{Call, Outbound};
use takt_store::Database;

use super::{buyers::says_when, cluster::Cluster};
use crate::crash::serving::{Serving, Starter};

const LONGEST: Duration = Duration::from_secs(30);

fn starter(folder: &std::path::Path, url: &str) -> Starter {
    Starter {
        database: Database::Postgres { url: url.to_owned() },
        folder: folder.to_owned(),
        smtp: "smtp://127.0.0.1:9".to_owned(),
        environment: Vec::new(),
    }
}

fn waits_on(node: &mut Serving) -> String {
    let until = Instant::now() + LONGEST;
    loop {
        let log = node.log();
        let line = log.lines().find(|line| line.contains("waiting for it"));
        if let Some(line) = line {
            let line: serde_json::Value = serde_json::from_str(line).expect("a line");
            let address =
                line.pointer("/fields/address").or_else(|| line.get("address")).expect("an address");
            return format!("http://{}", address.as_str().expect("text"));
        }
        assert!(!node.is_dead() && Instant::now() < until, "it does not wait:\n{log}");
        std::thread::sleep(Duration::from_millis(5));
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_node_waits_for_postgresql_says_so_and_goes_on_by_itself() {
    let cluster = Cluster::start("start");
    cluster.halt("fast");
    let folder = tempfile::tempdir().expect("a folder");
    let mut node = starter(folder.path(), &cluster.url).spawn("");
    let address = waits_on(&mut node);
    let http = Outbound::new().expect("a client");
    let ask = async |path: &str| http.send(Call::get(format!("{address}{path}"))).await.expect("an answer");
    for (path, status) in [("/healthz", 200), ("/readyz", 503), ("/", 503), ("/api/v1/orders", 503)] {
        let reply = ask(path).await;
        assert_eq!(reply.status, status, "{path}");
        assert!(status == 200 || says_when(&reply), "{path} does not say when to come back");
    }
    assert!(ask("/api/v1/orders").await.text().contains("store.unreachable"));
    cluster.resume();
    assert!(node.listens(), "{}", node.log());
    assert_eq!(node.address, address, "on the same port");
    let until = Instant::now() + LONGEST;
    while ask("/readyz").await.status != 200 {
        assert!(Instant::now() < until, "it is not ready:\n{}", node.log());
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_a_person_has_to_mend_ends_a_node_at_once_with_a_word() {
    let server =
        tokio::task::spawn_blocking(takt_testing::postgres::empty_database).await.expect("a database");
    let folder = tempfile::tempdir().expect("a folder");
    let nowhere = server.url().replace("/test_", "/no_such_");
    for (url, said) in [(nowhere.as_str(), "createdb"), ("postgres:///x", "store.bad_database_url")] {
        let mut node = starter(folder.path(), url).spawn("");
        assert!(!node.listens(), "{url}");
        let log = node.log();
        assert!(log.contains("\ntakt: ") || log.starts_with("takt: "), "{log}");
        assert!(log.contains(said) || log.contains("does not let us in"), "{log}");
    }
}
