//! From a fact to a notice. What is not to be told, or to nobody, makes none.

use takt_kernel::{Actor, CompanyId, Result};
use takt_orders::{Order, OrderId};
use takt_store::{Query, RecordedFact, Tx, params, sql};
use takt_work::Listener;

use crate::{
    compose::Data,
    event::{Event, HEARD},
    facts::{self, Queued},
    notice::{EMAIL, Notice, NoticeId, State},
    policy, sending,
    settings::Settings,
    templates::{Template, Written},
};

const NAME: &str = "notifications.write";

pub(crate) const LISTENER: Listener =
    Listener { name: NAME, hears: HEARD, does: "writes to the buyer what happened to the order", react };

fn react(tx: &mut Tx, fact: &RecordedFact) -> Result<()> {
    let Some(event) = Event::of(fact) else { return Ok(()) };
    if policy::switched_off(tx, fact.company)?.contains(&event) {
        return Ok(());
    }
    // Whoever practises writes to nobody.
    if takt_staff::practice::is(tx, fact.company)? {
        return Ok(());
    }
    let order = takt_orders::load(tx, fact.company, OrderId::new(fact.subject_id))?;
    let Some(recipient) = order.contact.email.clone() else { return Ok(()) };
    let written = write(tx, &order, event, fact)?;
    let id: NoticeId = tx.new_id();
    let now = tx.now();
    let notice = Notice {
        company: order.company,
        id,
        order: order.id,
        event,
        language: order.lang,
        recipient,
        subject: written.subject,
        body: written.body,
        message_id: message_id(tx, order.company, id)?,
        state: State::Queued,
        round: 1,
        attempts: 0,
        problem: None,
        reply: None,
        created_at: now,
        queued_at: now,
        sent_at: None,
    };
    if insert(tx, &notice, fact.id)? {
        sending::enqueue(tx, &notice)?;
        let said = Queued {
            notice: id,
            event: event.code().to_owned(),
            channel: EMAIL.to_owned(),
            language: notice.language.code().to_owned(),
        };
        facts::say(tx, &notice, &Actor::system(NAME), &said)?;
    }
    Ok(())
}

/// A template of the shop that does not work on this order must not keep the buyer in the dark.
fn write(tx: &mut Tx, order: &Order, event: Event, fact: &RecordedFact) -> Result<Written> {
    let data = Data::of(tx, order, fact)?;
    if let Some(own) = Template::of_company(tx, order.company, event, order.lang)? {
        match own.write(&data) {
            Ok(written) => return Ok(written),
            Err(fault) => {
                tracing::warn!(company = %order.company, event = event.code(), ?fault, "the house's template is used")
            }
        }
    }
    Written::by_house(event, order.lang, &data)
}

/// Made of the notice's id, so that no two are alike and every attempt has the same.
fn message_id(tx: &mut Tx, company: CompanyId, id: NoticeId) -> Result<String> {
    let sender = policy::Sender::of(tx, company)?;
    let from = sender.from("", &Settings::of(tx)?.from);
    Ok(format!("<notice.{company}.{id}@{}>", from.email.domain()))
}

fn insert(tx: &mut Tx, notice: &Notice, fact: i64) -> Result<bool> {
    let inserted = tx.execute(
        sql!(
            "insert into notice (company_id, id, order_id, fact_id, channel, event, language, recipient, subject, body,
               message_id, state, round, attempts, problem, reply, created_at, queued_at, sent_at, updated_at)
             values (:company_id, :id, :order_id, :fact_id, :channel, :event, :language, :recipient, :subject, :body,
               :message_id, :state, :round, :attempts, null, null, :now, :now, null, :now)
             on conflict (company_id, fact_id, channel) do nothing"
        ),
        params![
            company_id: notice.company, id: notice.id, order_id: notice.order, fact_id: fact, channel: EMAIL,
            event: notice.event.code(), language: notice.language.code(), recipient: &notice.recipient,
            subject: &notice.subject, body: &notice.body, message_id: &notice.message_id,
            state: notice.state.code(), round: notice.round, attempts: notice.attempts, now: notice.created_at,
        ],
    )?;
    Ok(inserted > 0)
}
