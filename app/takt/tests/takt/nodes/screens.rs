//! A screen that stays open: when its stream ends it asks another node for what it has missed.

use std::{
    collections::BTreeSet,
    sync::{Arc, Mutex, PoisonError},
    time::{Duration, Instant},
};

use tokio::{
    io::{AsyncBufReadExt, AsyncWriteExt, BufReader},
    net::TcpStream,
    task::JoinHandle,
    time::timeout,
};

use super::buyers::{Addresses, address};

/// A stream says something at least every fifteen seconds.
const LONGEST_SILENCE: Duration = Duration::from_secs(20);
const LONGEST_WAIT: Duration = Duration::from_secs(30);

#[derive(Clone, Debug, Default)]
pub struct Seen {
    pub topics: BTreeSet<String>,
    pub position: i64,
    /// Up to here it was told that everything may have changed.
    pub everything_until: i64,
    pub streams: usize,
    pub surprises: Vec<String>,
}

pub struct Screen {
    seen: Arc<Mutex<Seen>>,
    watching: JoinHandle<()>,
}

impl Screen {
    pub fn open(addresses: &Addresses, cookie: &str) -> Self {
        let seen = Arc::<Mutex<Seen>>::default();
        let watcher = Watcher { addresses: addresses.clone(), cookie: cookie.to_owned(), seen: seen.clone() };
        Self { seen, watching: tokio::spawn(watcher.run()) }
    }

    /// Closes it once it was told of everything up to `newest`.
    pub async fn until(self, newest: i64) -> Seen {
        let until = Instant::now() + LONGEST_WAIT;
        let seen = || self.seen.lock().unwrap_or_else(PoisonError::into_inner).clone();
        // A fact that this reader may not see moves no screen, so the last ones may stay untold.
        let mut quiet_since = (seen().position, Instant::now());
        while seen().position < newest && Instant::now() < until {
            tokio::time::sleep(Duration::from_millis(50)).await;
            if seen().position > quiet_since.0 {
                quiet_since = (seen().position, Instant::now());
            }
            if quiet_since.1.elapsed() > Duration::from_secs(3) {
                break;
            }
        }
        self.watching.abort();
        seen()
    }
}

struct Watcher {
    addresses: Addresses,
    cookie: String,
    seen: Arc<Mutex<Seen>>,
}

impl Watcher {
    async fn run(self) {
        for attempt in 0.. {
            // A stream that breaks is what this is about.
            let _ = self.watch(attempt).await;
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }

    async fn watch(&self, node: usize) -> std::io::Result<()> {
        let address = address(&self.addresses, node);
        let host = address.trim_start_matches("http://");
        let last = self.seen().position;
        let resume =
            if last > 0 { format!("Last-Event-ID: {last}\r\n") } else { "Last-Event-ID: 0\r\n".to_owned() };
        let mut stream = TcpStream::connect(host).await?;
        let request =
            format!("GET /live HTTP/1.1\r\nHost: {host}\r\nCookie: {}\r\n{resume}\r\n", self.cookie);
        stream.write_all(request.as_bytes()).await?;
        let mut lines = BufReader::new(stream).lines();
        let status = timeout(LONGEST_SILENCE, lines.next_line()).await??.unwrap_or_default();
        if !status.contains(" 200 ") {
            if !status.contains(" 503 ") && !status.is_empty() {
                self.seen().surprises.push(format!("a screen was told {status}"));
            }
            return Ok(());
        }
        self.seen().streams += 1;
        while let Some(line) = timeout(LONGEST_SILENCE, lines.next_line()).await?? {
            if let Some(data) = line.strip_prefix("data: ") {
                self.hear(data);
            }
        }
        Ok(())
    }

    fn hear(&self, data: &str) {
        let mut seen = self.seen();
        let Ok(event) = serde_json::from_str::<serde_json::Value>(data) else {
            seen.surprises.push(format!("not an event: {data}"));
            return;
        };
        let position = event["position"].as_i64().unwrap_or_default();
        if position < seen.position {
            let was = seen.position;
            seen.surprises.push(format!("position {position} after {was}"));
        }
        seen.position = seen.position.max(position);
        for topic in event["changed"].as_array().into_iter().flatten().filter_map(|topic| topic.as_str()) {
            if topic == "*" {
                seen.everything_until = position;
            }
            seen.topics.insert(topic.to_owned());
        }
    }

    fn seen(&self) -> std::sync::MutexGuard<'_, Seen> {
        self.seen.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
