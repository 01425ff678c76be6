//! `takt restore`: a copy becomes a new folder or fills an empty PostgreSQL database, or nothing at all.

use takt_kernel::{Fault, Result};
use takt_store::{
    Database,
    archive::{Archive, restore as put_back},
};
use takt_ui::Arg;

use super::{Output, Words, long_work::Told};
use crate::{arguments::RestoreOptions, wiring};

/// # Errors
/// As [`put_back`].
pub async fn restore(options: RestoreOptions, words: &Words, output: &Output) -> Result<()> {
    let place = match (options.database, options.data) {
        (Some(url), _) => Database::Postgres { url },
        (None, Some(folder)) => Database::Sqlite { folder },
        (None, None) => return Err(Fault::invalid("store.not_a_shop")),
    };
    let migrations = wiring::assemble(wiring::without_mail()?).migrations;
    let mut told = Told::new(words.clone(), "takt-keep-restoring");
    let restored = tokio::task::spawn_blocking(move || {
        let archive = Archive::open(&options.from)?;
        let restored = put_back(&archive, &place, &migrations, &mut |progress| told.hear(progress));
        told.end();
        Ok::<_, Fault>((archive.manifest, restored?))
    })
    .await
    .map_err(|error| Fault::broken("takt.worker_panicked").because(error))??;
    let (manifest, restored) = restored;
    let said = words.say(
        "takt-keep-restored",
        &[
            ("tables", Arg::Number(i64::try_from(restored.footer.tables.len()).unwrap_or(i64::MAX))),
            ("rows", Arg::Number(i64::try_from(restored.footer.rows()).unwrap_or(i64::MAX))),
            ("moment", Arg::Text(manifest.moment.to_string().into())),
        ],
    );
    output.out(said + "\n").await;
    Ok(())
}
