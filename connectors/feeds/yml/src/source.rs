//! The bytes of a document as UTF-8: inflated when they are gzip, decoded from what the document says it
//! is written in, counted, and never more of one piece of markup than is allowed.

use std::{
    error::Error,
    fmt,
    io::{self, BufRead, Cursor, Read},
};

use encoding_rs::{CoderResult, Decoder, Encoding, UTF_8, UTF_16BE, UTF_16LE};
use flate2::read::MultiGzDecoder;
use takt_kernel::{Fault, Result};

use crate::limits::Limits;

const CHUNK: usize = 64 << 10;
/// A declaration stands in the first bytes or nowhere.
const OPENING: usize = 1_024;
const GZIP: &[u8] = &[0x1f, 0x8b];

pub(crate) struct Source<R> {
    bytes: R,
    decoder: Decoder,
    raw: Box<[u8]>,
    /// What of `raw` is not decoded yet.
    waiting: (usize, usize),
    at_end: bool,
    flushed: bool,
    text: Box<[u8]>,
    /// What of `text` is not taken yet.
    ready: (usize, usize),
    line: u64,
    /// Bytes taken since the last piece of markup began.
    piece: usize,
    longest_piece: usize,
}

/// Begins to read: inflates and finds the encoding.
pub(crate) fn begin(document: Box<dyn Read + Send>, limits: &Limits) -> Result<Source<Box<dyn Read + Send>>> {
    let (opening, rest) = opened(document)?;
    let whole: Box<dyn Read + Send> = if opening.starts_with(GZIP) {
        Box::new(MultiGzDecoder::new(Cursor::new(opening).chain(rest)))
    } else {
        Box::new(Cursor::new(opening).chain(rest))
    };
    let bounded: Box<dyn Read + Send> = Box::new(Bounded { bytes: whole, left: limits.bytes });
    let (opening, rest) = opened(bounded)?;
    let encoding = encoding_of(&opening)?;
    Ok(Source {
        bytes: Box::new(Cursor::new(opening).chain(rest)),
        decoder: encoding.new_decoder_with_bom_removal(),
        raw: vec![0; CHUNK].into(),
        waiting: (0, 0),
        at_end: false,
        flushed: false,
        // Any byte becomes at most three.
        text: vec![0; CHUNK * 3 + 16].into(),
        ready: (0, 0),
        line: 1,
        piece: 0,
        longest_piece: limits.piece,
    })
}

fn opened(mut document: Box<dyn Read + Send>) -> Result<(Vec<u8>, Box<dyn Read + Send>)> {
    let mut opening = Vec::with_capacity(OPENING);
    document
        .by_ref()
        .take(OPENING as u64)
        .read_to_end(&mut opening)
        .map_err(|error| unreadable(&error, 1))?;
    Ok((opening, document))
}

fn encoding_of(opening: &[u8]) -> Result<&'static Encoding> {
    if let Some((encoding, _)) = Encoding::for_bom(opening) {
        return Ok(encoding);
    }
    match opening {
        [b'<', 0, ..] => return Ok(UTF_16LE),
        [0, b'<', ..] => return Ok(UTF_16BE),
        _ => {}
    }
    let declaration = opening.split(|byte| *byte == b'>').next().unwrap_or_default();
    let declaration = String::from_utf8_lossy(declaration);
    let Some(declared) = declaration.trim_start().strip_prefix("<?xml").and_then(declared) else {
        return Ok(UTF_8);
    };
    match Encoding::for_label(declared.as_bytes()) {
        // It could be read, so it is written in letters of one byte.
        Some(encoding) if encoding == UTF_16LE || encoding == UTF_16BE => Ok(UTF_8),
        Some(encoding) => Ok(encoding),
        None => Err(Fault::invalid("yml.encoding_unknown").arg("encoding", declared)),
    }
}

fn declared(declaration: &str) -> Option<&str> {
    let (_, rest) = declaration.split_once("encoding")?;
    let rest = rest.trim_start().strip_prefix('=')?.trim_start();
    let quote = rest.chars().next().filter(|sign| matches!(sign, '"' | '\''))?;
    rest[1..].split(quote).next()
}

impl<R> Source<R> {
    /// A new piece of markup begins here.
    pub(crate) fn mark(&mut self) {
        self.piece = 0;
    }

    pub(crate) fn held_bytes(&self) -> usize {
        self.raw.len() + self.text.len()
    }

    pub(crate) fn line(&self) -> u64 {
        self.line
    }
}

impl<R: Read> Source<R> {
    /// Decodes until there is text or nothing more.
    fn refill(&mut self) -> io::Result<()> {
        self.ready = (0, 0);
        while self.ready.1 == 0 && !self.flushed {
            if self.waiting.0 == self.waiting.1 && !self.at_end {
                let read = self.bytes.read(&mut self.raw)?;
                self.waiting = (0, read);
                self.at_end = read == 0;
            }
            let raw = &self.raw[self.waiting.0..self.waiting.1];
            let (result, read, written, _) = self.decoder.decode_to_utf8(raw, &mut self.text, self.at_end);
            self.waiting.0 += read;
            self.ready.1 = written;
            self.flushed = self.at_end && result == CoderResult::InputEmpty;
        }
        Ok(())
    }
}

impl<R: Read> Read for Source<R> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let taken = self.fill_buf()?.read(into)?;
        self.consume(taken);
        Ok(taken)
    }
}

impl<R: Read> BufRead for Source<R> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        if self.piece > self.longest_piece {
            return Err(TooMuch::Piece.into());
        }
        if self.ready.0 == self.ready.1 {
            self.refill()?;
        }
        Ok(&self.text[self.ready.0..self.ready.1])
    }

    fn consume(&mut self, amount: usize) {
        let until = (self.ready.0 + amount).min(self.ready.1);
        let taken = &self.text[self.ready.0..until];
        self.line += taken.iter().filter(|byte| **byte == b'\n').count() as u64;
        self.piece += taken.len();
        self.ready.0 = until;
    }
}

/// Refuses what inflates beyond all measure.
struct Bounded<R> {
    bytes: R,
    left: u64,
}

impl<R: Read> Read for Bounded<R> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let read = self.bytes.read(into)?;
        self.left = self.left.checked_sub(read as u64).ok_or(TooMuch::Document)?;
        Ok(read)
    }
}

#[derive(Clone, Copy, Debug)]
enum TooMuch {
    Piece,
    Document,
}

impl fmt::Display for TooMuch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Piece => "a piece of markup is too long",
            Self::Document => "the document is too long",
        })
    }
}

impl Error for TooMuch {}

impl From<TooMuch> for io::Error {
    fn from(too_much: TooMuch) -> Self {
        Self::other(too_much)
    }
}

/// What a failure to read means for whoever sent the document.
pub(crate) fn unreadable(error: &io::Error, line: u64) -> Fault {
    let too_much = error.get_ref().and_then(|inner| inner.downcast_ref::<TooMuch>()).copied();
    let code = match (too_much, error.kind()) {
        (Some(TooMuch::Piece), _) => "yml.piece_too_long",
        (Some(TooMuch::Document), _) => "yml.too_long",
        // The gzip ends in the middle.
        (None, io::ErrorKind::UnexpectedEof) => "yml.cut_off",
        (None, io::ErrorKind::InvalidInput | io::ErrorKind::InvalidData) => "yml.gzip_broken",
        (None, _) => return Fault::unavailable("yml.unreadable").because(error.to_string()),
    };
    Fault::invalid(code).arg("line", line)
}
