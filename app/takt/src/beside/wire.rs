//! Frames on the socket: one byte of kind, four of length, then the bytes.

use serde::{Deserialize, Serialize};
use takt_kernel::{Fault, Result};
use takt_ui::Lang;
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};

use crate::arguments::Verb;

pub const REQUEST: u8 = b'r';
pub const INPUT: u8 = b'i';
pub const OUT: u8 = b'o';
pub const ERROR: u8 = b'e';
pub const PROGRESS: u8 = b'p';
pub const MILESTONE: u8 = b'm';
pub const EXIT: u8 = b'x';

/// A bank file and a little more.
const LARGEST_FRAME: u32 = 80 << 20;

#[derive(Serialize, Deserialize)]
pub struct Request {
    pub verb: Verb,
    pub lang: String,
}

impl Request {
    pub fn lang(&self) -> Lang {
        Lang::parse(&self.lang).unwrap_or_default()
    }
}

pub async fn send(to: &mut (impl AsyncWrite + Unpin), kind: u8, bytes: &[u8]) -> Result<()> {
    let length = u32::try_from(bytes.len()).ok().filter(|length| *length <= LARGEST_FRAME);
    let length = length.ok_or_else(|| Fault::invalid("takt.input_too_large"))?;
    let write = async {
        to.write_u8(kind).await?;
        to.write_u32(length).await?;
        to.write_all(bytes).await?;
        to.flush().await
    };
    write.await.map_err(broken)
}

pub async fn receive(from: &mut (impl AsyncRead + Unpin)) -> Result<(u8, Vec<u8>)> {
    let kind = from.read_u8().await.map_err(broken)?;
    let length = from.read_u32().await.map_err(broken)?;
    if length > LARGEST_FRAME {
        return Err(Fault::invalid("takt.input_too_large"));
    }
    let mut bytes = Vec::new();
    from.take(u64::from(length)).read_to_end(&mut bytes).await.map_err(broken)?;
    if u32::try_from(bytes.len()).unwrap_or(u32::MAX) < length {
        return Err(Fault::unavailable("takt.connection_broke"));
    }
    Ok((kind, bytes))
}

fn broken(error: std::io::Error) -> Fault {
    Fault::unavailable("takt.connection_broke").because(error)
}
