//! The job that sends a notice.
//!
//! A mail cannot be sent exactly once: nobody can commit a database and another server's queue
//! together. So everything that can be refused is done first (connection, sender, recipient), then
//! `sending` is committed, then the text goes over, then `sent` is committed. A job that finds
//! `sending` knows that its predecessor died in between, and the company's policy decides.

mod letter;
mod line;
mod record;
mod smtp;

use std::sync::Arc;

use serde_json::json;
use takt_kernel::{CompanyId, Fault, Result, Timestamp, failpoint};
use takt_store::{Query, Tx};
use takt_work::{JobEnd, JobKind, JobRun, NewJob, jobs};

use crate::{
    notice::{Notice, NoticeId},
    settings::Settings,
};
use letter::Letter;
use line::Line;
use record::Trouble;
pub(crate) use record::mark_sent;

pub(crate) const SEND: &str = "notifications.send";
const AT_ONCE: usize = 4;
/// Attempts that the program did not survive; refusals are counted on the notice.
const MOST_CRASHES: i64 = 100;
/// A message that comes later than this is of no use.
const PATIENCE_SECONDS: i64 = 48 * 3600;
const WAITS_SECONDS: [i64; 7] = [30, 120, 300, 900, 1800, 3600, 7200];
const WITHOUT_SERVER_SECONDS: i64 = 600;

pub(crate) fn job(settings: Settings) -> JobKind {
    let settings = Arc::new(settings);
    let line = Arc::new(Line::default());
    JobKind {
        kind: SEND,
        does: "sends a message to a buyer by e-mail",
        concurrency: AT_ONCE,
        max_attempts: MOST_CRASHES,
        run: Arc::new(move |run: JobRun| Box::pin(attempt(run, settings.clone(), line.clone()))),
    }
}

/// Greets the mail server as for sending, up to and with signing in. Answers which it is, or nothing
/// when there is none.
///
/// # Errors
/// `notifications.no_connection`, `notifications.no_security`, `notifications.sign_in_refused`, with
/// what the server said as the cause.
pub async fn reach(settings: &Settings) -> Result<Option<String>> {
    let Some(server) = &settings.server else { return Ok(None) };
    match smtp::greet(server, settings.from.email.domain()).await {
        Ok(()) => Ok(Some(format!("{}:{}", server.host, server.port))),
        Err(trouble) => Err(Fault::unavailable(trouble.problem).because(trouble.reply)),
    }
}

/// One job for each time that a notice is to be sent.
pub(crate) fn enqueue(tx: &mut Tx, notice: &Notice) -> Result<()> {
    let run_at = tx.now();
    let job = NewJob {
        company: notice.company,
        kind: SEND,
        key: Some(format!("{}/{}", notice.id, notice.round)),
        payload: json!({ "notice": notice.id }),
        run_at,
    };
    jobs::enqueue(tx, job)
}

async fn attempt(run: JobRun, settings: Arc<Settings>, line: Arc<Line>) -> Result<JobEnd> {
    let Some(id) = run.payload.get("notice").and_then(serde_json::Value::as_i64) else {
        return Ok(JobEnd::Done);
    };
    let sending = Sending { run, id: NoticeId::new(id), settings, line };
    let (company, id, from) = (sending.run.company, sending.id, sending.settings.from.clone());
    let begun =
        sending.run.db.write("notifications.begin", move |tx| record::begin(tx, company, id, &from)).await?;
    match begun {
        None => Ok(JobEnd::Done),
        Some(letter) => sending.send(letter).await,
    }
}

struct Sending {
    run: JobRun,
    id: NoticeId,
    settings: Arc<Settings>,
    line: Arc<Line>,
}

impl Sending {
    async fn send(&self, letter: Letter) -> Result<JobEnd> {
        let Some(server) = &self.settings.server else {
            let waits = Trouble::waits("notifications.no_server");
            return Ok(rests(self.trouble(waits, WITHOUT_SERVER_SECONDS).await?));
        };
        let message = match letter.message() {
            Ok(message) => message,
            Err(trouble) => return self.trouble(trouble, 0).await,
        };
        let wait = wait_after(letter.attempts);
        let own_name = self.settings.from.email.domain();
        let connection = match smtp::introduce(server, own_name, &message, self.settings.talking).await {
            Ok(connection) => connection,
            Err(trouble) if trouble.is_of_the_server() => return self.server_is_away(trouble).await,
            Err(trouble) => {
                self.line.works();
                return self.trouble(trouble, wait).await;
            }
        };
        self.line.works();
        failpoint::reach("notifications.mail.introduced");
        if !self.record("notifications.sending", record::sending).await? {
            smtp::part(connection).await;
            return Ok(JobEnd::Done);
        }
        failpoint::reach("notifications.mail.sending");
        match smtp::transmit(connection, &message.formatted()).await {
            Ok(connection) => {
                failpoint::reach("notifications.mail.transmitted");
                self.record("notifications.sent", record::sent).await?;
                self.count("sent");
                failpoint::reach("notifications.mail.sent");
                smtp::part(connection).await;
                Ok(JobEnd::Done)
            }
            Err(trouble) => self.trouble(trouble, wait).await,
        }
    }

    /// Longer each time.
    async fn server_is_away(&self, trouble: Trouble) -> Result<JobEnd> {
        Ok(rests(self.trouble(trouble, self.line.is_away()).await?))
    }

    fn count(&self, outcome: &'static str) {
        let mails =
            self.run.db.metrics().counter_by::<1>("takt_mails", "Attempts to send a mail, by outcome");
        mails.get_or_create(&[("outcome", outcome.into())]).inc();
    }

    /// Writes the trouble down and says whether and when there is another attempt.
    async fn trouble(&self, trouble: Trouble, wait_seconds: i64) -> Result<JobEnd> {
        self.count(trouble.outcome());
        let again = self
            .record("notifications.trouble", move |tx, company, id| {
                record::trouble(tx, company, id, &trouble, wait_seconds)
            })
            .await?;
        Ok(again.map_or(JobEnd::Done, JobEnd::RetryAt))
    }

    async fn record<T: Send + 'static>(
        &self,
        name: &'static str,
        deed: impl Fn(&mut Tx<'_>, CompanyId, NoticeId) -> Result<T> + Send + 'static,
    ) -> Result<T> {
        let (company, id) = (self.run.company, self.id);
        self.run.db.write(name, move |tx| deed(tx, company, id)).await
    }
}

/// What is so for one is so for all: none of the others needs to find out by itself.
fn rests(end: JobEnd) -> JobEnd {
    match end {
        JobEnd::RetryAt(again) => JobEnd::RestUntil(again),
        end => end,
    }
}

fn wait_after(attempts: i64) -> i64 {
    let last = WAITS_SECONDS[WAITS_SECONDS.len() - 1];
    usize::try_from(attempts).ok().and_then(|index| WAITS_SECONDS.get(index)).copied().unwrap_or(last)
}

/// Until when a notice that was queued then is worth sending.
fn worth_until(queued_at: Timestamp) -> Timestamp {
    queued_at.plus_seconds(PATIENCE_SECONDS)
}
