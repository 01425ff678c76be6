use std::sync::Arc;

use axum::response::Response;
use takt_kernel::Result;
use takt_store::{Db, Reader};
use takt_ui::Words;

use crate::{
    cell::{Cell, Column},
    form::Form,
    sheet::Sheet,
};

/// Rows, and where the next page begins; nothing behind the last.
pub type Page<C> = (Vec<Vec<Cell>>, Option<C>);

/// A list on its way into a file.
pub struct List<'w> {
    pub form: Form,
    pub words: &'w Words,
    /// Stands on its tab.
    pub title: String,
    /// Names the file, and its statements for whoever watches the database: `orders`.
    pub what: &'static str,
    pub columns: Vec<Column>,
}

impl List<'_> {
    /// Reads page after page, each in a transaction of its own, and answers with the whole file: `page` is asked with
    /// where to go on, nothing at first.
    ///
    /// # Errors
    /// Those of `page`, of [`Sheet::begin`] and of [`Sheet::row`].
    pub async fn answer<C, F>(self, db: &Db, page: F) -> Result<Response>
    where
        C: Send + 'static,
        F: Fn(&mut Reader<'_>, Option<C>) -> Result<Page<C>> + Send + Sync + 'static,
    {
        let (page, what) = (Arc::new(page), self.what);
        let begun = Sheet::begin(self.form, self.words, &self.title, &self.columns).await?;
        let filled = begun.fill(|from| {
            let (db, page) = (db.clone(), page.clone());
            async move { db.read(what, move |reader| page(reader, from)).await }
        });
        Ok(filled.await?.finish().await?.answer(self.words, what, db.clock().now()))
    }
}
