//! A notice as MIME: plain text and the same in HTML.

use lettre::{
    Message,
    message::{
        Mailbox, MultiPart, MultiPartKind, SinglePart,
        header::{HeaderName, HeaderValue},
    },
};
use takt_kernel::{Result, Timestamp};
use takt_store::Query;

use super::record::Trouble;
use crate::{
    beside::{page_of, papers},
    event::Event,
    notice::Notice,
    policy::{InDoubt, Sender, one_line},
    templates::{Beside, Written},
};

pub(super) struct Letter {
    notice: Notice,
    from: Mailbox,
    reply_to: Option<Mailbox>,
    now: Timestamp,
    beside: Beside,
    pub attempts: i64,
}

impl Letter {
    pub(super) fn of(db: &mut dyn Query, notice: Notice, installation: &Mailbox) -> Result<Self> {
        let order = takt_orders::load(db, notice.company, notice.order)?;
        let shop = takt_staff::shops::get(db, notice.company, order.shop)?;
        let sender = Sender::of(db, notice.company)?;
        // As it is now: an invoice that was replaced meanwhile says so, and none is kept with every letter.
        let papers = match notice.event {
            Event::Placed | Event::InvoiceChanged => papers(db, &order)?,
            Event::Paid
            | Event::Confirmed
            | Event::Ready
            | Event::Shipped
            | Event::Delivered
            | Event::Cancelled => String::new(),
        };
        let beside = Beside { page: page_of(db, &order)?, papers };
        Ok(Self {
            beside,
            from: sender.from(&shop.name, installation),
            reply_to: sender.answers_to(),
            now: db.now(),
            attempts: notice.attempts,
            notice,
        })
    }

    pub(super) fn message(&self) -> std::result::Result<Message, Trouble> {
        let notice = &self.notice;
        let address =
            notice.recipient.parse().map_err(|_| Trouble::never("notifications.address_malformed", ""))?;
        let unwritable = |_| Trouble::never("notifications.unwritable", "");
        let html = Written::html(&notice.body, notice.language, &self.beside).map_err(unwritable)?;
        let parts = MultiPart::builder()
            .kind(MultiPartKind::Alternative)
            .boundary(format!("takt-{}-{}", notice.company, notice.id))
            .singlepart(SinglePart::plain(notice.body.clone()))
            .singlepart(SinglePart::html(html));
        let micros = u64::try_from(self.now.micros()).unwrap_or_default();
        let date = std::time::SystemTime::UNIX_EPOCH + std::time::Duration::from_micros(micros);
        let mut message = Message::builder()
            .from(self.from.clone())
            .to(Mailbox::new(None, address))
            .subject(one_line(&notice.subject))
            .date(date)
            .message_id(Some(notice.message_id.clone()))
            // Nobody's absence assistant should answer it.
            .raw_header(HeaderValue::new(
                HeaderName::new_from_ascii_str("Auto-Submitted"),
                "auto-generated".to_owned(),
            ));
        if let Some(reply_to) = &self.reply_to {
            message = message.reply_to(reply_to.clone());
        }
        message.multipart(parts).map_err(|_| Trouble::never("notifications.unwritable", ""))
    }
}

/// Whether a notice that was left `sending` may go out once more.
pub(super) fn may_repeat(db: &mut dyn Query, notice: &Notice) -> Result<bool> {
    Ok(InDoubt::of(db, notice.company)? == InDoubt::Resend)
}
