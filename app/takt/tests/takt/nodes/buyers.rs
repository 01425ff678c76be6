//! Shops' programs that report orders as the contract asks them to: what was not answered, or answered
//! with 503, is sent again under the same external id, to whichever node answers.

use std::{
    collections::BTreeMap,
    fmt,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
    time::{Duration, Instant},
};

use serde_json::{Value, json};
use takt_outbound::{Call, Outbound, Reply};
use tokio::task::JoinHandle;

/// Nobody may be kept waiting longer, whatever is broken.
pub const LONGEST_ANSWER: Duration = Duration::from_secs(10);
const PAUSE: Duration = Duration::from_millis(25);

/// Addresses of the nodes, which change when one is started again.
pub type Addresses = Arc<Mutex<Vec<String>>>;

pub fn address(addresses: &Addresses, n: usize) -> String {
    let addresses = addresses.lock().unwrap_or_else(PoisonError::into_inner);
    addresses[n % addresses.len()].clone()
}

#[derive(Clone, Debug, Default)]
pub struct Told {
    /// By external id, the ids they were told.
    pub orders: BTreeMap<String, i64>,
    pub refused: usize,
    pub unanswered: usize,
    pub slowest: Duration,
    pub surprises: Vec<String>,
}

impl fmt::Display for Told {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            out,
            "{} orders acknowledged, {} requests refused with 503, {} unanswered, the slowest answer took {:?}",
            self.orders.len(),
            self.refused,
            self.unanswered,
            self.slowest
        )
    }
}

pub struct Buyers {
    told: Arc<Mutex<Told>>,
    stop: Arc<AtomicBool>,
    working: Vec<JoinHandle<()>>,
}

impl Buyers {
    pub fn start(addresses: &Addresses, token: &str, count: usize) -> Self {
        let (told, stop) = (Arc::<Mutex<Told>>::default(), Arc::<AtomicBool>::default());
        let http = Outbound::new().expect("a client");
        let working = (0..count)
            .map(|number| {
                let buyer = Buyer {
                    number,
                    addresses: addresses.clone(),
                    token: token.to_owned(),
                    http: http.clone(),
                    told: told.clone(),
                    stop: stop.clone(),
                };
                tokio::spawn(buyer.run())
            })
            .collect();
        Self { told, stop, working }
    }

    pub fn told(&self) -> MutexGuard<'_, Told> {
        self.told.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Everything that was begun is answered first.
    pub async fn stop(self) -> Told {
        self.stop.store(true, Ordering::Relaxed);
        for buyer in self.working {
            buyer.await.expect("a buyer");
        }
        self.told.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

struct Buyer {
    number: usize,
    addresses: Addresses,
    token: String,
    http: Outbound,
    told: Arc<Mutex<Told>>,
    stop: Arc<AtomicBool>,
}

impl Buyer {
    async fn run(self) {
        let mut made = 0;
        while !self.stop.load(Ordering::Relaxed) {
            made += 1;
            self.order(made).await;
        }
    }

    async fn order(&self, n: usize) {
        let external_id = format!("b{}-{n}", self.number);
        let body = json!({
            "external_id": external_id,
            "currency": "RUB",
            "terms": if n.is_multiple_of(2) { "on_delivery" } else { "prepaid" },
            "customer": {"name": "Покупатель", "email": format!("{external_id}@takt.test")},
            "lines": [{"sku": "TEA-100", "name": "Чай", "quantity": "1", "unit": "pcs", "price": "199.50", "vat": "22"}],
        });
        for attempt in 0.. {
            let node = self.number + attempt;
            if self.sent(&external_id, &body, node).await {
                return;
            }
            tokio::time::sleep(PAUSE).await;
        }
    }

    /// Whether the order is acknowledged.
    async fn sent(&self, external_id: &str, body: &Value, node: usize) -> bool {
        let address = address(&self.addresses, node);
        let call = Call::post(format!("{address}/api/v1/orders")).bearer(&self.token).json(body);
        let began = Instant::now();
        let reply = tokio::time::timeout(LONGEST_ANSWER, self.http.send(call)).await;
        let took = began.elapsed();
        let mut told = self.told.lock().unwrap_or_else(PoisonError::into_inner);
        told.slowest = told.slowest.max(took);
        match reply {
            Err(_) => told.surprises.push(format!("{external_id}: no answer from {address} for {took:?}")),
            Ok(Err(_)) => told.unanswered += 1,
            Ok(Ok(reply)) => match reply.status {
                200 | 201 => {
                    let answer: Value = reply.json().unwrap_or(Value::Null);
                    match answer["id"].as_i64() {
                        Some(id) => drop(told.orders.insert(external_id.to_owned(), id)),
                        None => told.surprises.push(format!("{external_id}: {answer}")),
                    }
                    return true;
                }
                503 if says_when(&reply) => told.refused += 1,
                status => told.surprises.push(format!("{external_id}: {status} {}", reply.text())),
            },
        }
        false
    }
}

pub fn says_when(reply: &Reply) -> bool {
    reply
        .headers
        .get("retry-after")
        .is_some_and(|value| value.to_str().is_ok_and(|text| text.parse::<u64>().is_ok()))
}
