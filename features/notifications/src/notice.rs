use takt_kernel::{CompanyId, Fault, Id, Result, Timestamp};
use takt_orders::OrderId;
use takt_store::Row;
use takt_ui::Lang;

use crate::event::Event;

pub enum NoticeTag {}
pub type NoticeId = Id<NoticeTag>;

/// The only way out so far.
pub(crate) const EMAIL: &str = "email";

/// One message to one buyer, as it was written.
#[derive(Clone, Debug)]
pub struct Notice {
    pub company: CompanyId,
    pub id: NoticeId,
    pub order: OrderId,
    pub event: Event,
    pub language: Lang,
    pub recipient: String,
    pub subject: String,
    pub body: String,
    /// The same in every attempt, so that whoever receives it twice can tell.
    pub message_id: String,
    pub state: State,
    /// How often it was queued: once, and once more whenever a person sends it again.
    pub round: i64,
    pub attempts: i64,
    /// The code of what went wrong last, and what the other server said.
    pub problem: Option<String>,
    pub reply: Option<String>,
    pub created_at: Timestamp,
    pub queued_at: Timestamp,
    pub sent_at: Option<Timestamp>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum State {
    Queued,
    /// Its text is on the way to the server, or was when the program died.
    Sending,
    Sent,
    Failed,
    /// Nobody knows whether it was taken; a person decides.
    InDoubt,
}

impl State {
    pub const ALL: [Self; 5] = [Self::InDoubt, Self::Failed, Self::Queued, Self::Sending, Self::Sent];

    pub const fn code(self) -> &'static str {
        match self {
            Self::Queued => "queued",
            Self::Sending => "sending",
            Self::Sent => "sent",
            Self::Failed => "failed",
            Self::InDoubt => "in_doubt",
        }
    }

    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.code() == code)
    }
}

/// The columns of [`Notice`], in every statement that reads one.
macro_rules! notice_columns {
    () => {
        "company_id, id, order_id, event, language, recipient, subject, body, message_id, state, round, attempts, \
         problem, reply, created_at, queued_at, sent_at"
    };
}
pub(crate) use notice_columns;

impl Notice {
    pub(crate) fn read(row: &Row) -> Result<Self> {
        let senseless = |column: &'static str, given: &str| {
            Fault::broken("notifications.row_senseless").arg("column", column).arg("given", given)
        };
        let (event, state): (String, String) = (row.get("event")?, row.get("state")?);
        Ok(Self {
            company: row.get("company_id")?,
            id: row.get("id")?,
            order: row.get("order_id")?,
            event: Event::from_code(&event).ok_or_else(|| senseless("notice.event", &event))?,
            language: row.get::<String>("language")?.parse()?,
            recipient: row.get("recipient")?,
            subject: row.get("subject")?,
            body: row.get("body")?,
            message_id: row.get("message_id")?,
            state: State::from_code(&state).ok_or_else(|| senseless("notice.state", &state))?,
            round: row.get("round")?,
            attempts: row.get("attempts")?,
            problem: row.get("problem")?,
            reply: row.get("reply")?,
            created_at: row.get("created_at")?,
            queued_at: row.get("queued_at")?,
            sent_at: row.get("sent_at")?,
        })
    }
}
