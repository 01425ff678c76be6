use std::time::Duration;

/// What one node takes on before it refuses, and how long it waits for a slow client. Sized for a node
/// of one to four cores; each bound has a test that fills it.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// Requests worked on at the same time.
    pub running: usize,
    /// Requests that wait for one of those places.
    pub waiting: usize,
    pub longest_wait: Duration,
    /// Of running and waiting requests, how many one token (or one address without a token) may have.
    pub per_caller: usize,
    /// Bytes of bodies above [`Limits::SMALL_BODY`], all together: each is held in memory.
    pub large_bodies: usize,
    /// Open live streams.
    pub streams: usize,
    pub connections: usize,
    /// Connections above that number which are only told that the node is full.
    pub reserve: usize,
    /// Until both sides of a TLS connection agree, from its first moment.
    pub handshake: Duration,
    /// Until a request's head is complete, from its first byte.
    pub head: Duration,
    /// Until the next request comes on an open connection. Longer than proxies keep theirs, or they
    /// would send requests into connections that are being closed.
    pub idle: Duration,
    /// Between two pieces of a body.
    pub body_pause: Duration,
    /// Until a client takes at least a piece of its answer.
    pub answer_pause: Duration,
    /// A request, from its head to the head of its answer.
    pub request: Duration,
    /// How long requests under way may take after a stop.
    pub farewell: Duration,
}

impl Limits {
    /// The number of requests bounds what these take.
    pub const SMALL_BODY: usize = 64 * 1024;
    /// Files that are open beside connections: the database, logs, the outside.
    const OTHER_FILES: usize = 200;

    /// Fits the number of connections to the files that the process may have open.
    #[must_use]
    pub fn within_files(self, most_files: u64) -> Self {
        let free = usize::try_from(most_files).unwrap_or(usize::MAX).saturating_sub(Self::OTHER_FILES);
        Self { connections: self.connections.min(free.saturating_sub(self.reserve)).max(16), ..self }
    }
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            running: 512,
            waiting: 512,
            longest_wait: Duration::from_secs(2),
            per_caller: 512,
            large_bodies: 160 << 20,
            streams: 1_000,
            connections: 4_000,
            reserve: 64,
            handshake: Duration::from_secs(10),
            head: Duration::from_secs(10),
            idle: Duration::from_secs(75),
            body_pause: Duration::from_secs(15),
            answer_pause: Duration::from_secs(30),
            request: Duration::from_secs(60),
            farewell: Duration::from_secs(30),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn connections_leave_files_for_the_rest() {
        for (files, connections) in [(20_000, 4_000), (1_024, 760), (100, 16)] {
            assert_eq!(Limits::default().within_files(files).connections, connections);
        }
    }
}
