use std::{
    fs::File,
    future::Future,
    io::{Read as _, Seek as _},
    time::Duration,
};

use axum::{
    body::Body,
    response::{IntoResponse as _, Response},
};
use http::header;
use jiff::tz::TimeZone;
use takt_kernel::{Fault, Result, Timestamp};
use takt_ui::{Lang, Words};
use tokio::sync::{Semaphore, SemaphorePermit};
use tokio_util::io::ReaderStream;

use crate::{
    cell::{Cell, Column},
    csv::Csv,
    form::Form,
    xlsx::Xlsx,
};

/// What a table program takes, less the head.
pub const MOST_ROWS: u32 = 1_048_575;
/// Files written at the same time on a node; each takes a core while it is packed.
const AT_ONCE: usize = 2;
const LONGEST_WAIT: Duration = Duration::from_secs(20);
const PIECE: usize = 64 * 1024;

static PLACES: Semaphore = Semaphore::const_new(AT_ONCE);

/// A table on its way into a file.
pub struct Sheet {
    out: Out,
    form: Form,
    rows: u32,
    most: u32,
    _place: SemaphorePermit<'static>,
}

enum Out {
    Xlsx(Box<Xlsx>),
    Csv(Csv),
}

/// How values are written for the reader.
#[derive(Clone, Debug)]
pub(crate) struct Habits {
    pub lang: Lang,
    pub zone: TimeZone,
}

impl Sheet {
    /// Begins a table with its head; `name` stands on its tab.
    ///
    /// # Errors
    /// `sheets.busy` when others are being written for long, `sheets.not_written`.
    pub async fn begin(form: Form, words: &Words, name: &str, columns: &[Column]) -> Result<Self> {
        let busy = || Fault::unavailable("sheets.busy");
        let waited = tokio::time::timeout(LONGEST_WAIT, PLACES.acquire()).await;
        let place = waited.map_err(|_| busy())?.map_err(|_| busy())?;
        let habits = Habits { lang: words.lang(), zone: words.zone().clone() };
        let out = match form {
            Form::Xlsx => Out::Xlsx(Box::new(Xlsx::begin(habits, name, columns)?)),
            Form::Csv => Out::Csv(Csv::begin(habits, columns)?),
        };
        Ok(Self { out, form, rows: 0, most: MOST_ROWS, _place: place })
    }

    /// Holds fewer rows than a table program would take.
    #[must_use]
    pub fn at_most(self, most: u32) -> Self {
        Self { most: most.min(MOST_ROWS), ..self }
    }

    /// # Errors
    /// `sheets.too_many_rows`, `sheets.not_written`.
    pub fn row(&mut self, cells: &[Cell]) -> Result<()> {
        if self.rows >= self.most {
            return Err(Fault::invalid("sheets.too_many_rows").arg("most", self.most));
        }
        self.rows += 1;
        match &mut self.out {
            Out::Xlsx(book) => book.row(self.rows, cells),
            Out::Csv(csv) => csv.row(cells),
        }
    }

    /// Writes page after page: `page` is asked with where to go on, nothing at first, and answers rows with where the
    /// next page begins, nothing behind the last.
    ///
    /// # Errors
    /// Those of `page` and of [`Sheet::row`].
    pub async fn fill<C, F>(mut self, mut page: impl FnMut(Option<C>) -> F) -> Result<Self>
    where
        F: Future<Output = Result<(Vec<Vec<Cell>>, Option<C>)>>,
    {
        let mut from = None;
        loop {
            let (rows, next) = page(from).await?;
            for row in &rows {
                self.row(row)?;
            }
            if next.is_none() {
                return Ok(self);
            }
            from = next;
        }
    }

    /// Packs the file.
    ///
    /// # Errors
    /// `sheets.not_written`.
    pub async fn finish(self) -> Result<Written> {
        let form = self.form;
        let written = tokio::task::spawn_blocking(move || {
            let Self { out, rows, _place, .. } = self;
            match out {
                Out::Xlsx(book) => book.finish(rows),
                Out::Csv(csv) => csv.finish(),
            }
        });
        let mut file = written.await.map_err(not_written)??;
        let length = file.stream_position().map_err(not_written)?;
        file.rewind().map_err(not_written)?;
        Ok(Written { file, length, form })
    }
}

pub(crate) fn not_written(error: impl std::error::Error + Send + Sync + 'static) -> Fault {
    Fault::unavailable("sheets.not_written").because(error)
}

/// A whole file without a name on the disk.
pub struct Written {
    file: File,
    length: u64,
    form: Form,
}

impl Written {
    pub fn length(&self) -> u64 {
        self.length
    }

    /// # Errors
    /// `sheets.not_written`.
    pub fn bytes(mut self) -> Result<Vec<u8>> {
        let mut bytes = Vec::new();
        self.file.read_to_end(&mut bytes).map_err(not_written)?;
        Ok(bytes)
    }

    /// As a download: `takt-orders-2026-11-22.xlsx`. Sent piece by piece.
    pub fn answer(self, words: &Words, what: &str, now: Timestamp) -> Response {
        let day = now.to_jiff().to_zoned(words.zone().clone()).date();
        let named = format!("attachment; filename=\"takt-{what}-{day}.{}\"", self.form.ending());
        let headers = [
            (header::CONTENT_TYPE, self.form.media().to_owned()),
            (header::CONTENT_DISPOSITION, named),
            (header::CONTENT_LENGTH, self.length.to_string()),
            (header::CACHE_CONTROL, "no-store".to_owned()),
        ];
        let pieces = ReaderStream::with_capacity(tokio::fs::File::from_std(self.file), PIECE);
        (headers, Body::from_stream(pieces)).into_response()
    }
}
