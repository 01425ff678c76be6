use std::{io, net::SocketAddr, os::fd::AsFd};

use tokio::net::TcpListener;

use crate::tls::Tls;

/// Where people come in: an address, and what is shown to those who want TLS there.
pub struct Entrance {
    pub(crate) listener: TcpListener,
    pub(crate) tls: Option<Tls>,
    /// Only paths that begin so are answered here.
    pub(crate) only: Option<&'static str>,
}

impl Entrance {
    /// Plain http: on this machine, or behind a proxy.
    pub fn plain(listener: TcpListener) -> Self {
        Self { listener, tls: None, only: None }
    }

    pub fn with_tls(listener: TcpListener, tls: Tls) -> Self {
        Self { listener, tls: Some(tls), only: None }
    }

    /// A door for some: everything else is not there.
    pub fn only(self, paths: &'static str) -> Self {
        Self { only: Some(paths), ..self }
    }

    /// # Errors
    /// When the socket is broken.
    pub fn address(&self) -> io::Result<SocketAddr> {
        self.listener.local_addr()
    }

    pub fn speaks_tls(&self) -> bool {
        self.tls.is_some()
    }

    /// Whether only some paths are answered here.
    pub fn is_for_some(&self) -> bool {
        self.only.is_some()
    }

    /// The same address once more, for somebody who answers there meanwhile.
    ///
    /// # Errors
    /// When no more files can be opened.
    pub fn twin(&self) -> io::Result<Self> {
        let same = std::net::TcpListener::from(self.listener.as_fd().try_clone_to_owned()?);
        Ok(Self { listener: TcpListener::from_std(same)?, tls: self.tls.clone(), only: self.only })
    }
}
