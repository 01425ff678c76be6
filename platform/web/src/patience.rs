//! A connection whose client may be slow, but not without end: a request's head must be complete a
//! while after its first byte, and an answer must be taken piece by piece.

use std::{
    io,
    pin::Pin,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    task::{Context, Poll},
    time::Duration,
};

use takt_metrics::Counter;
use tokio::{
    io::{AsyncRead, AsyncWrite, ReadBuf},
    time::{Instant, Sleep, sleep_until},
};

/// Whose hands a connection is in, told by the service that answers its requests: it counts up when a head is
/// complete and again when its answer is there. So an answer given before anybody looked is seen as well.
#[derive(Clone, Default)]
pub(crate) struct Busy(Arc<AtomicUsize>);

impl Busy {
    pub fn turn(&self) {
        self.0.fetch_add(1, Ordering::Relaxed);
    }
    fn turns(&self) -> usize {
        self.0.load(Ordering::Relaxed)
    }
}

pub(crate) struct Patient<S> {
    stream: S,
    head: Duration,
    answer: Duration,
    busy: Busy,
    /// When the first byte of a head came that was not complete yet, and after how many turns.
    began: Option<(Instant, usize)>,
    reading: Option<Pin<Box<Sleep>>>,
    writing: Option<Pin<Box<Sleep>>>,
    given_up: Counter,
}

impl<S> Patient<S> {
    pub fn new(stream: S, head: Duration, answer: Duration, busy: Busy, given_up: Counter) -> Self {
        Self { stream, head, answer, busy, began: None, reading: None, writing: None, given_up }
    }

    /// What came so far was no head.
    pub fn begin_anew(&mut self) {
        (self.began, self.reading) = (None, None);
    }

    fn came(&mut self) {
        let turns = self.busy.turns();
        let head_begins = turns.is_multiple_of(2) && self.began.is_none_or(|(_, then)| then != turns);
        if head_begins {
            self.begin_anew();
            self.began = Some((Instant::now(), turns));
        }
    }

    /// Ready when the time for the head is over.
    fn head_is_late(&mut self, cx: &mut Context<'_>) -> bool {
        let Some((began, turns)) = self.began else { return false };
        if self.busy.turns() != turns {
            self.begin_anew();
            return false;
        }
        let head = self.head;
        let reading = self.reading.get_or_insert_with(|| Box::pin(sleep_until(began + head)));
        reading.as_mut().poll(cx).is_ready()
    }

    fn written<T>(&mut self, cx: &mut Context<'_>, done: Poll<io::Result<T>>) -> Poll<io::Result<T>> {
        if done.is_ready() {
            self.writing = None;
            return done;
        }
        let answer = self.answer;
        let writing = self.writing.get_or_insert_with(|| Box::pin(sleep_until(Instant::now() + answer)));
        if writing.as_mut().poll(cx).is_ready() { Poll::Ready(Err(self.give_up())) } else { done }
    }

    fn give_up(&self) -> io::Error {
        self.given_up.inc();
        io::ErrorKind::TimedOut.into()
    }
}

impl<S: AsyncRead + Unpin> AsyncRead for Patient<S> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let before = buffer.filled().len();
        let read = Pin::new(&mut self.stream).poll_read(cx, buffer);
        if read.is_ready() {
            if buffer.filled().len() > before {
                self.came();
            }
            return read;
        }
        if self.head_is_late(cx) { Poll::Ready(Err(self.give_up())) } else { Poll::Pending }
    }
}

impl<S: AsyncWrite + Unpin> AsyncWrite for Patient<S> {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        let done = Pin::new(&mut self.stream).poll_write(cx, bytes);
        self.written(cx, done)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        pieces: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let done = Pin::new(&mut self.stream).poll_write_vectored(cx, pieces);
        self.written(cx, done)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        let done = Pin::new(&mut self.stream).poll_flush(cx);
        self.written(cx, done)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        let done = Pin::new(&mut self.stream).poll_shutdown(cx);
        self.written(cx, done)
    }
}
