//! The pages on made-up notices: drawn in tests in both languages and at /_samples.

use std::collections::{BTreeMap, BTreeSet};

use maud::Markup;
use takt_kernel::CompanyId;
use takt_orders::OrderId;
use takt_ui::{FormErrors, SAMPLE_NOW, Sample, Words};

use super::{
    outbox::{self, OutboxView},
    show::{self, NoticeView},
    template::{self, TemplateView},
    templates::{self, TemplatesView},
};
use crate::{
    compose::Data,
    event::Event,
    notice::{Notice, NoticeId, State},
    policy::{InDoubt, Sender},
    templates::Template,
};

pub(crate) const SAMPLES: &[Sample] = &[
    Sample { name: "notifications/outbox", render: some },
    Sample { name: "notifications/outbox-empty", render: nothing },
    Sample { name: "notifications/in-doubt", render: in_doubt },
    Sample { name: "notifications/templates", render: all_templates },
    Sample { name: "notifications/template", render: one_template },
];

fn notice(w: &Words, id: i64, event: Event, state: State, problem: Option<&str>) -> Notice {
    let written = Template::of_house(event, w.lang()).write(&Data::sample(event, w.lang()));
    let (subject, body) = written.map(|written| (written.subject, written.body)).unwrap_or_default();
    Notice {
        company: CompanyId::new(1),
        id: NoticeId::new(id),
        order: OrderId::new(42),
        event,
        language: w.lang(),
        recipient: "buyer@example.org".to_owned(),
        subject,
        body,
        message_id: format!("<notice.1.{id}@example.org>"),
        state,
        round: 1,
        attempts: 1,
        problem: problem.map(str::to_owned),
        reply: problem.map(|_| "550 this mailbox does not exist".to_owned()),
        created_at: SAMPLE_NOW.plus_seconds(-600),
        queued_at: SAMPLE_NOW.plus_seconds(-600),
        sent_at: (state == State::Sent).then(|| SAMPLE_NOW.plus_seconds(-590)),
    }
}

fn outbox_of(notices: Vec<Notice>, has_server: bool) -> OutboxView {
    OutboxView {
        state: None,
        counts: BTreeMap::from([(State::InDoubt, 1), (State::Failed, 1)]),
        orders: BTreeMap::from([(OrderId::new(42), "TK-1042".to_owned())]),
        notices,
        companies: BTreeMap::from([(CompanyId::new(1), "Tea Ltd".to_owned())]),
        more: true,
        has_server,
        now: SAMPLE_NOW,
    }
}

fn some(w: &Words) -> Markup {
    let notices = vec![
        notice(w, 5, Event::Shipped, State::InDoubt, Some("notifications.nobody_knows")),
        notice(w, 4, Event::Confirmed, State::Failed, Some("notifications.refused")),
        notice(w, 3, Event::Paid, State::Queued, Some("notifications.no_connection")),
        notice(w, 2, Event::InvoiceChanged, State::Sending, None),
        notice(w, 1, Event::Placed, State::Sent, None),
    ];
    outbox::render(w, &outbox_of(notices, true))
}

fn nothing(w: &Words) -> Markup {
    outbox::render(w, &OutboxView { more: false, ..outbox_of(Vec::new(), false) })
}

fn in_doubt(w: &Words) -> Markup {
    let notice = notice(w, 5, Event::Shipped, State::InDoubt, Some("notifications.nobody_knows"));
    show::render(w, &NoticeView { notice, order: "TK-1042".to_owned(), may_resend: true, now: SAMPLE_NOW })
}

fn all_templates(w: &Words) -> Markup {
    let view = TemplatesView {
        off: BTreeSet::from([Event::Delivered]),
        own: BTreeSet::from([(Event::Placed, "ru")]),
        sender: Sender::default(),
        in_doubt: InDoubt::Ask,
        usual_address: "takt@localhost".to_owned(),
    };
    templates::render(w, &str::to_owned, &view, &FormErrors::none())
}

fn one_template(w: &Words) -> Markup {
    let (event, lang) = (Event::Placed, w.lang());
    let template = Template::of_house(event, lang);
    let preview = template.check(event, lang).ok();
    let view = TemplateView { event, lang, template, preview };
    template::render(w, &str::to_owned, &view, &FormErrors::none())
}
