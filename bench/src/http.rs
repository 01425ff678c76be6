//! A keep-alive HTTP/1.1 connection that does as little as possible: on a machine of two cores the
//! client's own work is taken from the server it measures.

use anyhow::{Context, Result, bail};
use std::net::SocketAddr;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};

const MOST_HEADERS: usize = 64;

pub struct Connection {
    address: SocketAddr,
    stream: TcpStream,
    buffer: Vec<u8>,
}

#[derive(Debug, Default)]
pub struct Answer {
    pub status: u16,
    pub etag: Option<String>,
    pub cookies: Vec<String>,
    pub body: Vec<u8>,
}

impl Answer {
    pub fn is_success(&self) -> bool {
        (200..400).contains(&self.status)
    }

    pub fn json(&self) -> Result<serde_json::Value> {
        serde_json::from_slice(&self.body).with_context(|| format!("not JSON: {}", self.text()))
    }

    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }
}

/// A request as bytes, with what it carries.
pub struct Request {
    head: String,
    body: Vec<u8>,
}

impl Request {
    pub fn new(method: &str, path: &str) -> Self {
        Self { head: format!("{method} {path} HTTP/1.1\r\nhost: bench\r\n"), body: Vec::new() }
    }

    pub fn header(mut self, name: &str, value: &str) -> Self {
        for part in [name, ": ", value, "\r\n"] {
            self.head.push_str(part);
        }
        self
    }

    pub fn token(self, token: &str) -> Self {
        self.header("authorization", &format!("Bearer {token}"))
    }

    pub fn json(mut self, body: impl Into<Vec<u8>>) -> Self {
        self.body = body.into();
        self.header("content-type", "application/json")
    }

    pub fn form(mut self, body: &str) -> Self {
        self.body = body.into();
        self.header("content-type", "application/x-www-form-urlencoded")
    }

    pub fn payload(&self) -> usize {
        self.body.len()
    }

    fn into_bytes(self) -> Vec<u8> {
        let mut bytes = self.head.into_bytes();
        bytes.extend_from_slice(format!("content-length: {}\r\n\r\n", self.body.len()).as_bytes());
        bytes.extend_from_slice(&self.body);
        bytes
    }
}

impl Connection {
    pub async fn open(address: SocketAddr) -> Result<Self> {
        let stream = TcpStream::connect(address).await.with_context(|| format!("nobody at {address}"))?;
        stream.set_nodelay(true)?;
        Ok(Self { address, stream, buffer: Vec::with_capacity(16 << 10) })
    }

    /// Sends and waits for the whole answer. A server that hangs up between two requests is asked
    /// again on a new connection.
    pub async fn ask(&mut self, request: Request) -> Result<Answer> {
        let bytes = request.into_bytes();
        if self.stream.write_all(&bytes).await.is_ok()
            && let Some(answer) = self.answer().await?
        {
            return Ok(answer);
        }
        *self = Self::open(self.address).await?;
        self.stream.write_all(&bytes).await?;
        self.answer().await?.context("the server hung up")
    }

    async fn answer(&mut self) -> Result<Option<Answer>> {
        let Some((mut answer, framing)) = self.head().await? else { return Ok(None) };
        match framing {
            Framing::Length(length) => {
                self.fill(length).await?;
                answer.body = self.buffer.drain(..length).collect();
            }
            Framing::Chunked => {
                while let Some(chunk) = self.chunk().await? {
                    answer.body.extend_from_slice(&chunk);
                }
            }
        }
        Ok(Some(answer))
    }

    /// Sends a request whose answer does not end; read it with [`Connection::chunk`].
    pub async fn listen(&mut self, request: Request) -> Result<Answer> {
        self.stream.write_all(&request.into_bytes()).await?;
        let (answer, _) = self.head().await?.context("the server hung up")?;
        Ok(answer)
    }

    async fn head(&mut self) -> Result<Option<(Answer, Framing)>> {
        loop {
            if let Some((answer, framing, length)) = parse_head(&self.buffer)? {
                self.buffer.drain(..length);
                return Ok(Some((answer, framing)));
            }
            if !self.read_more().await? {
                return Ok(None);
            }
        }
    }

    /// The next chunk of a chunked body; nothing at its end.
    pub async fn chunk(&mut self) -> Result<Option<Vec<u8>>> {
        let (start, length) = loop {
            match httparse::parse_chunk_size(&self.buffer) {
                Ok(httparse::Status::Complete((start, length))) => break (start, usize::try_from(length)?),
                Ok(httparse::Status::Partial) => {
                    if !self.read_more().await? {
                        bail!("the server hung up within a body");
                    }
                }
                Err(error) => bail!("not a chunk: {error}"),
            }
        };
        self.fill(start + length + 2).await?;
        let chunk = self.buffer[start..start + length].to_vec();
        self.buffer.drain(..start + length + 2);
        Ok((length > 0).then_some(chunk))
    }

    async fn fill(&mut self, length: usize) -> Result<()> {
        while self.buffer.len() < length {
            if !self.read_more().await? {
                bail!("the server hung up within a body");
            }
        }
        Ok(())
    }

    async fn read_more(&mut self) -> Result<bool> {
        match self.stream.read_buf(&mut self.buffer).await {
            Ok(count) => Ok(count > 0),
            Err(error) if error.kind() == std::io::ErrorKind::ConnectionReset => Ok(false),
            Err(error) => Err(error.into()),
        }
    }
}

#[derive(Debug, PartialEq, Eq)]
enum Framing {
    Length(usize),
    Chunked,
}

fn parse_head(bytes: &[u8]) -> Result<Option<(Answer, Framing, usize)>> {
    let mut headers = [httparse::EMPTY_HEADER; MOST_HEADERS];
    let mut response = httparse::Response::new(&mut headers);
    let httparse::Status::Complete(length) = response.parse(bytes)? else { return Ok(None) };
    let mut answer = Answer { status: response.code.unwrap_or_default(), ..Answer::default() };
    let mut framing = Framing::Length(0);
    for header in response.headers.iter() {
        let value = || String::from_utf8_lossy(header.value).into_owned();
        match header.name.to_ascii_lowercase().as_str() {
            "content-length" => framing = Framing::Length(value().trim().parse()?),
            "transfer-encoding" => framing = Framing::Chunked,
            "etag" => answer.etag = Some(value()),
            "set-cookie" => answer.cookies.push(value().split(';').next().unwrap_or_default().to_owned()),
            _ => {}
        }
    }
    Ok(Some((answer, framing, length)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_head_says_how_long_its_body_is() {
        let head =
            b"HTTP/1.1 201 Created\r\nETag: \"3\"\r\nSet-Cookie: a=b; Path=/\r\ncontent-length: 2\r\n\r\n{}";
        let (answer, framing, length) = parse_head(head).unwrap().unwrap();
        assert_eq!((answer.status, answer.etag.as_deref()), (201, Some("\"3\"")));
        assert_eq!(answer.cookies, ["a=b"]);
        assert_eq!((framing, length), (Framing::Length(2), head.len() - 2));
        assert!(parse_head(&head[..40]).unwrap().is_none(), "half a head is none yet");
        let chunked = b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n";
        assert_eq!(parse_head(chunked).unwrap().unwrap().1, Framing::Chunked);
    }
}
