use std::{
    collections::HashMap,
    net::IpAddr,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use crate::Limits;

/// Who sits where: so many connections in all, no more than half of them from one address, and a few
/// more that are told to come back.
pub(crate) struct Seats {
    limits: Limits,
    taken: Mutex<Taken>,
}

#[derive(Default)]
struct Taken {
    all: usize,
    by_peer: HashMap<IpAddr, usize>,
}

pub(crate) struct Seat {
    seats: Arc<Seats>,
    peer: IpAddr,
    pub crowded: bool,
}

impl Seats {
    pub fn new(limits: Limits) -> Arc<Self> {
        Arc::new(Self { limits, taken: Mutex::default() })
    }

    /// Behind a proxy all connections come from one address.
    pub fn take(self: &Arc<Self>, peer: IpAddr, behind_proxies: bool) -> Option<Seat> {
        let mut taken = self.taken();
        let own = taken.by_peer.get(&peer).copied().unwrap_or(0);
        let full = taken.all >= self.limits.connections;
        let too_many = !behind_proxies && own >= self.limits.connections.div_ceil(2);
        if taken.all >= self.limits.connections + self.limits.reserve {
            return None;
        }
        taken.all += 1;
        *taken.by_peer.entry(peer).or_insert(0) += 1;
        Some(Seat { seats: self.clone(), peer, crowded: full || too_many })
    }

    fn taken(&self) -> MutexGuard<'_, Taken> {
        self.taken.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Seat {
    fn drop(&mut self) {
        let mut taken = self.seats.taken();
        taken.all -= 1;
        if let Some(own) = taken.by_peer.get_mut(&self.peer) {
            *own -= 1;
            if *own == 0 {
                taken.by_peer.remove(&self.peer);
            }
        }
    }
}
