//! The pages on made-up endpoints: drawn in tests in both languages and at /_samples.

use maud::Markup;
use takt_kernel::{CompanyId, ShopId, Timestamp, money::Currency};
use takt_staff::shops::Shop;
use takt_ui::{FormErrors, SAMPLE_NOW, Sample, Words};

use super::{
    list::{self, ListView},
    message::{self, MessageView},
    show::{self, EndpointView},
    words::Typed,
};
use crate::{
    endpoint::{Endpoint, EndpointId, State, Why},
    kinds::Chosen,
    message::{Attempt, Message, MessageId, MessageState},
    queries::Health,
    secret::Secret,
};

pub(crate) const SAMPLES: &[Sample] = &[
    Sample { name: "webhooks/list", render: some },
    Sample { name: "webhooks/list-empty", render: nothing },
    Sample { name: "webhooks/endpoint", render: endpoint_page },
    Sample { name: "webhooks/message", render: message_page },
];

fn ago(seconds: i64) -> Timestamp {
    SAMPLE_NOW.plus_seconds(-seconds)
}

fn shops() -> Vec<Shop> {
    vec![Shop {
        id: ShopId::new(1),
        company: CompanyId::new(1),
        name: "Tea".to_owned(),
        currency: Currency::RUB,
    }]
}

fn endpoint(id: i64, name: &str, kinds: &str, state: State) -> Option<Endpoint> {
    Some(Endpoint {
        company: CompanyId::new(1),
        id: EndpointId::new(id),
        shop: (id == 2).then(|| ShopId::new(1)),
        name: name.to_owned(),
        url: format!("https://example.org/hooks/takt/{id}"),
        kinds: Chosen::kept(kinds),
        state,
        secret: Secret::kept("whsec_c2FtcGxl").ok()?,
        old_secret: Some((Secret::kept("whsec_c2FtcGxl").ok()?, ago(-3_600))),
        since: 0,
        created_at: ago(86_400),
    })
}

fn attempt(seconds: i64, status: Option<i64>, problem: Option<&str>, reply: &str) -> Attempt {
    Attempt {
        at: ago(seconds),
        status,
        problem: problem.map(str::to_owned),
        micros: 48_000,
        reply: reply.to_owned(),
    }
}

fn sent(id: i64, kind: &str, state: MessageState, attempts: i64) -> Message {
    Message {
        company: CompanyId::new(1),
        id: MessageId::new(id),
        endpoint: EndpointId::new(1),
        kind: kind.to_owned(),
        subject_kind: "order".to_owned(),
        subject_id: 1042,
        n: id,
        body: format!(
            "{{\"type\":\"{kind}\",\"data\":{{\"id\":7,\"order\":{{\"id\":1042,\"total\":\"699.00\"}}}}}}"
        ),
        state,
        attempts,
        next_at: (state == MessageState::Waiting).then(|| ago(-600)),
        created_at: ago(1_200),
        queued_at: ago(1_200),
        settled_at: (state != MessageState::Waiting).then(|| ago(600)),
    }
}

fn list_view(w: &Words, endpoints: Vec<(Endpoint, Health)>) -> Markup {
    let view = ListView { endpoints, shops: shops(), now: SAMPLE_NOW };
    list::render(w, &str::to_owned, &view, &Typed::default(), &FormErrors::none())
}

fn some(w: &Words) -> Markup {
    let gone = State::Paused { at: ago(7_200), why: Why::Gone };
    let well = Health { last_delivered_at: Some(ago(60)), ..Health::default() };
    let ill = Health {
        waiting: 12,
        failed: 1_000,
        last: Some(attempt(30, Some(410), None, "gone")),
        last_delivered_at: Some(ago(90_000)),
    };
    let endpoints =
        [(endpoint(1, "ERP", "", State::Active), well), (endpoint(2, "CRM", "orders.*", gone), ill)];
    list_view(w, endpoints.into_iter().filter_map(|(endpoint, health)| Some((endpoint?, health))).collect())
}

fn nothing(w: &Words) -> Markup {
    list_view(w, Vec::new())
}

fn endpoint_page(w: &Words) -> Markup {
    let Some(endpoint) = endpoint(1, "ERP", "orders.* stock.corrected", State::Active) else {
        return Markup::default();
    };
    let view = EndpointView {
        endpoint,
        health: Health {
            waiting: 1,
            failed: 1,
            last: Some(attempt(30, None, Some("webhooks.timed_out"), "")),
            last_delivered_at: Some(ago(600)),
        },
        shops: shops(),
        state: None,
        messages: vec![
            sent(3, "orders.paid", MessageState::Waiting, 4),
            sent(2, "orders.reserved", MessageState::Failed, 15),
            sent(1, "orders.placed", MessageState::Delivered, 1),
        ],
        more: true,
        now: SAMPLE_NOW,
    };
    show::render(w, &str::to_owned, &view, &Typed::of(&view.endpoint), &FormErrors::none())
}

fn message_page(w: &Words) -> Markup {
    let Some(endpoint) = endpoint(1, "ERP", "", State::Active) else { return Markup::default() };
    let view = MessageView {
        endpoint,
        message: sent(2, "orders.reserved", MessageState::Failed, 3),
        attempts: vec![
            attempt(30, Some(500), None, "<h1>Internal Server Error</h1>"),
            attempt(60, None, Some("webhooks.unreachable"), ""),
            attempt(600, Some(204), None, ""),
        ],
        now: SAMPLE_NOW,
    };
    message::render(w, &str::to_owned, &view)
}
