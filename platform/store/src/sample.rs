//! Numbers that only the database knows: how many jobs wait, how large it is. Asked when somebody
//! looks at the metrics, and not otherwise.

use takt_kernel::{Result, Slot};

use crate::{db::Db, params, query::Query, sql};

/// Filled by whoever owns the tables.
pub static SAMPLES: Slot<Sample> = Slot::new("store.samples");

#[derive(Clone, Copy)]
pub struct Sample {
    /// As in the metrics: `takt_jobs_waiting`.
    pub name: &'static str,
    pub help: &'static str,
    /// What tells the values apart; of names that the program knows.
    pub label: Option<&'static str>,
    pub ask: Ask,
}

/// Answers with values of the label and their numbers; without a label with one number.
pub type Ask = fn(&mut dyn Query) -> Result<Vec<(String, i64)>>;

pub(crate) const DATABASE_BYTES: Sample = Sample {
    name: "takt_database_bytes",
    help: "Size of the database, without its log",
    label: None,
    ask: |db| {
        let row = db.one(
            sql!(
                "select {pg:pg_database_size(current_database())|sqlite:page_count * page_size} as bytes
                 {pg:|sqlite:from pragma_page_count(), pragma_page_size()}"
            ),
            params![],
        )?;
        Ok(vec![(String::new(), row.get("bytes")?)])
    },
};

impl Db {
    /// Asks for all samples, in one reading, and keeps the answers in the metrics.
    ///
    /// # Errors
    /// Faults of the engine; then the former answers stay.
    pub async fn sample(&self) -> Result<()> {
        let mut samples: Vec<Sample> = self.slots().of(&SAMPLES).copied().collect();
        samples.push(DATABASE_BYTES);
        let asked = samples.clone();
        let answers = self
            .read("store.sample", move |reader| {
                asked.iter().map(|sample| (sample.ask)(reader)).collect::<Result<Vec<_>>>()
            })
            .await?;
        for (sample, answer) in samples.into_iter().zip(answers) {
            let told: Vec<(String, f64)> =
                answer.into_iter().map(|(value, number)| (value, number as f64)).collect();
            self.metrics().when_asked_by(sample.name, sample.help, sample.label, move || told.clone());
        }
        Ok(())
    }
}
