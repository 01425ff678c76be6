//! HTTP/1.1 as a bank speaks it, over TLS with a certificate of its own or without: one connection, one request
//! after the other. Written out, because a liar has to be able to write anything.

use std::{net::SocketAddr, sync::Arc};

use rustls::{
    ClientConfig, RootCertStore,
    pki_types::{CertificateDer, PrivateKeyDer, ServerName, pem::PemObject},
};
use takt_kernel::{Fault, Result};
use tokio::{
    io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt},
    net::TcpStream,
};
use tokio_rustls::TlsConnector;

const LONGEST_ANSWER: usize = 1 << 20;

/// Where Takt listens, and what is shown there.
#[derive(Clone)]
pub struct Target {
    pub address: SocketAddr,
    tls: Option<Arc<ClientConfig>>,
}

/// A certificate and its key, PEM.
#[derive(Clone, Copy)]
pub struct Identity<'a> {
    pub certificate: &'a str,
    pub key: &'a str,
}

impl Target {
    pub fn plain(address: SocketAddr) -> Self {
        Self { address, tls: None }
    }

    /// Over TLS, trusting this authority (PEM).
    ///
    /// # Errors
    /// `bank_simulator.keys_unusable`.
    pub fn tls(address: SocketAddr, authority: &str, identity: Option<Identity<'_>>) -> Result<Self> {
        let senseless = |error: String| Fault::broken("bank_simulator.keys_unusable").because(error);
        let mut roots = RootCertStore::empty();
        for root in CertificateDer::pem_slice_iter(authority.as_bytes()) {
            let root = root.map_err(|error| senseless(error.to_string()))?;
            roots.add(root).map_err(|error| senseless(error.to_string()))?;
        }
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let builder = ClientConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .map_err(|error| senseless(error.to_string()))?
            .with_root_certificates(roots);
        let settings = match identity {
            None => builder.with_no_client_auth(),
            Some(Identity { certificate, key }) => {
                let chain = CertificateDer::pem_slice_iter(certificate.as_bytes())
                    .collect::<std::result::Result<Vec<_>, _>>()
                    .map_err(|error| senseless(error.to_string()))?;
                let key = PrivateKeyDer::from_pem_slice(key.as_bytes())
                    .map_err(|error| senseless(error.to_string()))?;
                builder.with_client_auth_cert(chain, key).map_err(|error| senseless(error.to_string()))?
            }
        };
        Ok(Self { address, tls: Some(Arc::new(settings)) })
    }

    /// # Errors
    /// `bank_simulator.unreachable`.
    pub async fn connect(&self) -> Result<Connection> {
        let stream = TcpStream::connect(self.address).await.map_err(unreachable)?;
        stream.set_nodelay(true).map_err(unreachable)?;
        let stream: Box<dyn Wire> = match &self.tls {
            None => Box::new(stream),
            Some(settings) => {
                let name = ServerName::IpAddress(self.address.ip().into());
                Box::new(
                    TlsConnector::from(settings.clone()).connect(name, stream).await.map_err(unreachable)?,
                )
            }
        };
        Ok(Connection { stream })
    }

    /// One request over a connection of its own. Answers the status.
    ///
    /// # Errors
    /// `bank_simulator.unreachable`.
    pub async fn post(&self, path: &str, headers: &[(String, String)], body: &[u8]) -> Result<u16> {
        self.connect().await?.post(path, headers, body).await
    }
}

pub trait Wire: AsyncRead + AsyncWrite + Unpin + Send {}
impl<T: AsyncRead + AsyncWrite + Unpin + Send> Wire for T {}

pub struct Connection {
    stream: Box<dyn Wire>,
}

impl Connection {
    /// Answers the status; the connection can be used again.
    ///
    /// # Errors
    /// `bank_simulator.unreachable`.
    pub async fn post(&mut self, path: &str, headers: &[(String, String)], body: &[u8]) -> Result<u16> {
        let mut head =
            format!("POST {path} HTTP/1.1\r\nHost: takt.test\r\nContent-Length: {}\r\n", body.len());
        for (name, value) in headers {
            head.push_str(&format!("{name}: {value}\r\n"));
        }
        head.push_str("\r\n");
        let request = [head.as_bytes(), body].concat();
        self.stream.write_all(&request).await.map_err(unreachable)?;
        self.stream.flush().await.map_err(unreachable)?;
        self.answer().await
    }

    async fn answer(&mut self) -> Result<u16> {
        let mut read = Vec::new();
        loop {
            let mut headers = [httparse::EMPTY_HEADER; 64];
            let mut response = httparse::Response::new(&mut headers);
            let parsed = response.parse(&read).map_err(unreachable)?;
            if let httparse::Status::Complete(head) = parsed {
                let length =
                    response.headers.iter().find(|header| header.name.eq_ignore_ascii_case("content-length"));
                let length =
                    length.and_then(|header| str::from_utf8(header.value).ok()?.parse::<usize>().ok());
                if read.len() >= head.saturating_add(length.unwrap_or_default()) {
                    return Ok(response.code.unwrap_or_default());
                }
            }
            let mut more = [0; 4096];
            let count = self.stream.read(&mut more).await.map_err(unreachable)?;
            if count == 0 || read.len() > LONGEST_ANSWER {
                return Err(unreachable("the connection ended"));
            }
            read.extend_from_slice(&more[..count]);
        }
    }
}

fn unreachable(error: impl ToString) -> Fault {
    Fault::unavailable("bank_simulator.unreachable").because(error.to_string())
}
