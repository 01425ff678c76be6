//! The frames of an archive file: `kind, stored length, plain length, checksum of the stored bytes,
//! checksum of these four`, then the bytes, deflated. A file that ends early and a file that was
//! changed are told apart, and both say at which byte.

use std::io::{Read, Write};

use flate2::{Compression, Crc, read::DeflateDecoder, write::DeflateEncoder};
use sha2::{Digest, Sha256};
use takt_kernel::{Fault, Result};

pub(super) const MAGIC: &[u8; 8] = b"TAKTARC1";

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Header,
    Rows,
    Footer,
    /// A SHA-256 of every byte before it.
    Seal,
}

const KINDS: [(Kind, u8); 4] =
    [(Kind::Header, b'H'), (Kind::Rows, b'R'), (Kind::Footer, b'F'), (Kind::Seal, b'S')];
const HEAD: usize = 17;

pub(super) struct FrameWriter<W> {
    out: W,
    sum: Sha256,
    written: u64,
    packed: Vec<u8>,
}

impl<W: Write> FrameWriter<W> {
    pub fn begin(out: W) -> Result<Self> {
        let mut writer = Self { out, sum: Sha256::new(), written: 0, packed: Vec::new() };
        writer.send(MAGIC)?;
        Ok(writer)
    }

    pub fn frame(&mut self, kind: Kind, plain: &[u8]) -> Result<()> {
        self.packed.clear();
        let mut packed = std::mem::take(&mut self.packed);
        let mut encoder = DeflateEncoder::new(&mut packed, Compression::fast());
        encoder.write_all(plain).and_then(|()| encoder.finish().map(|_| ())).map_err(unwritable)?;
        let head = head(kind, &packed, plain.len())?;
        let sent = self.send(&head).and_then(|()| self.send(&packed));
        self.packed = packed;
        sent
    }

    /// Writes the seal; answers what was written under it and how many bytes there are in all.
    pub fn seal(mut self) -> Result<(W, u64)> {
        let sum = self.sum.clone().finalize();
        self.frame(Kind::Seal, &sum)?;
        self.out.flush().map_err(unwritable)?;
        Ok((self.out, self.written))
    }

    fn send(&mut self, bytes: &[u8]) -> Result<()> {
        self.out.write_all(bytes).map_err(unwritable)?;
        self.sum.update(bytes);
        self.written += bytes.len() as u64;
        Ok(())
    }
}

fn head(kind: Kind, packed: &[u8], plain: usize) -> Result<[u8; HEAD]> {
    let too_long = || Fault::broken("store.archive_row_too_long");
    let code = KINDS.iter().find(|(known, _)| *known == kind).map_or(0, |(_, code)| *code);
    let mut head = [0; HEAD];
    head[0] = code;
    head[1..5].copy_from_slice(&u32::try_from(packed.len()).map_err(|_| too_long())?.to_le_bytes());
    head[5..9].copy_from_slice(&u32::try_from(plain).map_err(|_| too_long())?.to_le_bytes());
    head[9..13].copy_from_slice(&crc(packed).to_le_bytes());
    let sum = crc(&head[..13]);
    head[13..].copy_from_slice(&sum.to_le_bytes());
    Ok(head)
}

pub(super) struct FrameReader<R> {
    input: R,
    sum: Sha256,
    at: u64,
    packed: Vec<u8>,
}

impl<R: Read> FrameReader<R> {
    /// # Errors
    /// `store.archive_unknown` when the file is something else.
    pub fn begin(input: R) -> Result<Self> {
        let mut reader = Self { input, sum: Sha256::new(), at: 0, packed: Vec::new() };
        let mut magic = [0; MAGIC.len()];
        match reader.input.read_exact(&mut magic) {
            Ok(()) if magic == *MAGIC => reader.take_note(&magic),
            Ok(()) => return Err(Fault::invalid("store.archive_unknown")),
            Err(error) if error.kind() == std::io::ErrorKind::UnexpectedEof => {
                return Err(Fault::invalid("store.archive_unknown"));
            }
            Err(error) => return Err(unreadable(error)),
        }
        Ok(reader)
    }

    /// The byte at which the next frame begins.
    pub fn at(&self) -> u64 {
        self.at
    }

    /// The next frame, its bytes put into `plain`.
    ///
    /// # Errors
    /// `store.archive_cut_off`, `store.archive_altered`, both with `at`.
    pub fn next(&mut self, plain: &mut Vec<u8>) -> Result<Kind> {
        let start = self.at;
        let altered = || altered(start);
        let mut head = [0; HEAD];
        self.fill(&mut head, start)?;
        let number = |from: usize| {
            let mut four = [0; 4];
            four.copy_from_slice(&head[from..from + 4]);
            u32::from_le_bytes(four)
        };
        if number(13) != crc(&head[..13]) {
            return Err(altered());
        }
        let kind = KINDS.iter().find(|(_, code)| *code == head[0]).map(|(kind, _)| *kind);
        let kind = kind.ok_or_else(altered)?;
        let mut packed = std::mem::take(&mut self.packed);
        packed.clear();
        let length = u64::from(number(1));
        (&mut self.input).take(length).read_to_end(&mut packed).map_err(unreadable)?;
        if (packed.len() as u64) < length {
            return Err(cut_off(start + HEAD as u64 + packed.len() as u64));
        }
        if number(9) != crc(&packed) {
            return Err(altered());
        }
        plain.clear();
        // One byte more than promised shows what would be too much.
        let most = u64::from(number(5)) + 1;
        DeflateDecoder::new(&packed[..]).take(most).read_to_end(plain).map_err(|_| altered())?;
        if plain.len() as u64 != most - 1 {
            return Err(altered());
        }
        if kind == Kind::Seal {
            let sum = self.sum.clone().finalize();
            if plain[..] != sum[..] {
                return Err(altered());
            }
        }
        self.take_note(&head);
        self.take_note(&packed);
        self.packed = packed;
        Ok(kind)
    }

    /// # Errors
    /// `store.archive_altered` when something stands behind the seal.
    pub fn end(mut self) -> Result<()> {
        match self.input.read(&mut [0; 1]) {
            Ok(0) => Ok(()),
            Ok(_) => Err(altered(self.at)),
            Err(error) => Err(unreadable(error)),
        }
    }

    fn fill(&mut self, bytes: &mut [u8], start: u64) -> Result<()> {
        let mut filled = 0;
        while filled < bytes.len() {
            match self.input.read(&mut bytes[filled..]) {
                Ok(0) => return Err(cut_off(start + filled as u64)),
                Ok(more) => filled += more,
                Err(error) if error.kind() == std::io::ErrorKind::Interrupted => {}
                Err(error) => return Err(unreadable(error)),
            }
        }
        Ok(())
    }

    fn take_note(&mut self, bytes: &[u8]) {
        self.sum.update(bytes);
        self.at += bytes.len() as u64;
    }
}

fn crc(bytes: &[u8]) -> u32 {
    let mut crc = Crc::new();
    crc.update(bytes);
    crc.sum()
}

fn cut_off(at: u64) -> Fault {
    Fault::invalid("store.archive_cut_off").arg("at", at)
}

pub(super) fn altered(at: u64) -> Fault {
    Fault::invalid("store.archive_altered").arg("at", at)
}

pub(super) fn unwritable(error: std::io::Error) -> Fault {
    let code = match error.kind() {
        std::io::ErrorKind::StorageFull | std::io::ErrorKind::QuotaExceeded => "store.archive_no_room",
        _ => "store.archive_unwritable",
    };
    Fault::unavailable(code).because(error)
}

pub(super) fn unreadable(error: std::io::Error) -> Fault {
    Fault::unavailable("store.archive_unreadable").because(error)
}
