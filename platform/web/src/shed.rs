//! How many requests are worked on, how many wait and for how long. Whatever is more is refused at once
//! and told when to come back: a queue that only grows would end in memory, and in answers that nobody
//! waits for any more. Probes are never refused.

use std::{
    collections::HashMap,
    hash::{BuildHasher, RandomState},
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicUsize, Ordering},
    },
};

use axum::{
    body::{Body, HttpBody},
    extract::{Request, State},
    middleware::Next,
    response::{IntoResponse, Response},
};
use http::{HeaderValue, header};
use takt_kernel::Fault;
use tokio::{
    sync::{OwnedSemaphorePermit, Semaphore},
    time::timeout,
};
use tower_http::timeout::TimeoutBody;

use crate::{
    Failure, Limits, Web,
    extract::caller_address,
    failure::{OVERLOADED, TOO_MANY_AT_ONCE, TOO_MANY_STREAMS},
};

/// A connection above the limit: it is only told so.
#[derive(Clone, Copy)]
pub(crate) struct Crowded;

/// The places of one node.
pub(crate) struct Gate {
    limits: Limits,
    running: Arc<Semaphore>,
    /// In KiB.
    large_bodies: Arc<Semaphore>,
    streams: Arc<Semaphore>,
    /// Of those, what people without an account may have.
    guests: Arc<Semaphore>,
    waiting: AtomicUsize,
    callers: Mutex<HashMap<u64, usize>>,
    hash: RandomState,
    refused: AtomicUsize,
}

/// A request's place, given back when it is dropped.
pub(crate) struct Place {
    gate: Arc<Gate>,
    caller: u64,
    _running: Option<OwnedSemaphorePermit>,
    _body: Option<OwnedSemaphorePermit>,
}

/// Why a request was turned away; the label of `takt_http_shed`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Reason {
    QueueFull,
    WaitedTooLong,
    TooManyOfOneCaller,
    LargeBodies,
    Streams,
    Connections,
}

impl Reason {
    pub fn code(self) -> &'static str {
        match self {
            Self::QueueFull => "queue_full",
            Self::WaitedTooLong => "waited_too_long",
            Self::TooManyOfOneCaller => "too_many_of_one_caller",
            Self::LargeBodies => "large_bodies",
            Self::Streams => "streams",
            Self::Connections => "connections",
        }
    }
}

impl Gate {
    pub fn new(limits: Limits) -> Arc<Self> {
        Arc::new(Self {
            limits,
            running: Arc::new(Semaphore::new(limits.running)),
            large_bodies: Arc::new(Semaphore::new(limits.large_bodies / 1024)),
            streams: Arc::new(Semaphore::new(limits.streams)),
            guests: Arc::new(Semaphore::new(limits.streams / 2)),
            waiting: AtomicUsize::new(0),
            callers: Mutex::default(),
            hash: RandomState::new(),
            refused: AtomicUsize::new(0),
        })
    }

    pub fn limits(&self) -> &Limits {
        &self.limits
    }
    pub fn running(&self) -> usize {
        self.limits.running - self.running.available_permits()
    }
    pub fn waiting(&self) -> usize {
        self.waiting.load(Ordering::Relaxed)
    }
    pub fn streams(&self) -> usize {
        self.limits.streams - self.streams.available_permits()
    }

    /// A place among the live streams, held as long as one is open.
    pub fn stream(&self) -> Result<OwnedSemaphorePermit, Reason> {
        self.streams.clone().try_acquire_owned().map_err(|_| Reason::Streams)
    }

    /// A place among those of people without an account, beside one among all.
    pub fn guest_stream(&self) -> Result<OwnedSemaphorePermit, Reason> {
        self.guests.clone().try_acquire_owned().map_err(|_| Reason::Streams)
    }

    /// `body`: how many bytes it may have.
    async fn enter(self: &Arc<Self>, caller: u64, body: u64) -> Result<Place, Reason> {
        let mut place = self.count(caller)?;
        place._running = Some(self.run().await?);
        let bytes = usize::try_from(body).unwrap_or(usize::MAX);
        if bytes > Limits::SMALL_BODY {
            place._body = Some(self.hold(bytes).await?);
        }
        Ok(place)
    }

    async fn run(&self) -> Result<OwnedSemaphorePermit, Reason> {
        if let Ok(permit) = self.running.clone().try_acquire_owned() {
            return Ok(permit);
        }
        let _waiting = Waiting::join(self)?;
        match timeout(self.limits.longest_wait, self.running.clone().acquire_owned()).await {
            Ok(Ok(permit)) => Ok(permit),
            _ => Err(Reason::WaitedTooLong),
        }
    }

    /// More than all there is counts as all there is: whether a body may be so large is its route's to say.
    async fn hold(&self, bytes: usize) -> Result<OwnedSemaphorePermit, Reason> {
        let kib = bytes.min(self.limits.large_bodies) / 1024;
        let held = self.large_bodies.clone().acquire_many_owned(u32::try_from(kib).unwrap_or(u32::MAX));
        match timeout(self.limits.longest_wait, held).await {
            Ok(Ok(permit)) => Ok(permit),
            _ => Err(Reason::LargeBodies),
        }
    }

    fn caller(&self, request: &Request, proxies: usize) -> u64 {
        match request.headers().get(header::AUTHORIZATION) {
            Some(token) => self.hash.hash_one(token.as_bytes()),
            None => self.hash.hash_one(caller_address(request.headers(), request.extensions(), proxies)),
        }
    }

    fn count(self: &Arc<Self>, caller: u64) -> Result<Place, Reason> {
        let mut callers = self.callers();
        let here = callers.entry(caller).or_insert(0);
        if *here >= self.limits.per_caller {
            return Err(Reason::TooManyOfOneCaller);
        }
        *here += 1;
        Ok(Place { gate: self.clone(), caller, _running: None, _body: None })
    }

    fn callers(&self) -> MutexGuard<'_, HashMap<u64, usize>> {
        self.callers.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Spread over a few seconds, so that those who are refused together do not come back together.
    pub fn refusal(&self, reason: Reason) -> Fault {
        let spread = self.refused.fetch_add(1, Ordering::Relaxed) % 3;
        let code = match reason {
            Reason::TooManyOfOneCaller => TOO_MANY_AT_ONCE,
            Reason::Streams => TOO_MANY_STREAMS,
            Reason::QueueFull | Reason::WaitedTooLong | Reason::LargeBodies | Reason::Connections => {
                OVERLOADED
            }
        };
        Fault::unavailable(code).arg("seconds", 1 + spread)
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let mut callers = self.gate.callers();
        if let Some(here) = callers.get_mut(&self.caller) {
            *here -= 1;
            if *here == 0 {
                callers.remove(&self.caller);
            }
        }
    }
}

struct Waiting<'g>(&'g Gate);

impl<'g> Waiting<'g> {
    fn join(gate: &'g Gate) -> Result<Self, Reason> {
        let waits = Self(gate);
        if gate.waiting.fetch_add(1, Ordering::Relaxed) >= gate.limits.waiting {
            return Err(Reason::QueueFull);
        }
        Ok(waits)
    }
}

impl Drop for Waiting<'_> {
    fn drop(&mut self) {
        self.0.waiting.fetch_sub(1, Ordering::Relaxed);
    }
}

pub(crate) async fn shed(State(web): State<Web>, request: Request, next: Next) -> Response {
    if ["/healthz", "/readyz"].contains(&request.uri().path()) {
        return next.run(request).await;
    }
    if request.extensions().get::<Crowded>().is_some() {
        let mut response = refused(&web, Reason::Connections);
        response.headers_mut().insert(header::CONNECTION, HeaderValue::from_static("close"));
        return response;
    }
    let caller = web.gate.caller(&request, web.proxies);
    let body = request.body().size_hint().upper().unwrap_or(crate::app::LARGEST_BODY as u64);
    match web.gate.enter(caller, body).await {
        Ok(_place) => {
            let pause = web.gate.limits.body_pause;
            next.run(request.map(|body| Body::new(TimeoutBody::new(pause, body)))).await
        }
        Err(reason) => refused(&web, reason),
    }
}

fn refused(web: &Web, reason: Reason) -> Response {
    web.measures.shed(reason);
    Failure(web.gate.refusal(reason)).into_response()
}
