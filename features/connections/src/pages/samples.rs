//! The pages on made-up sources: drawn in tests in both languages and at /_samples.

use std::collections::BTreeMap;

use maud::Markup;
use serde_json::{Map, Value};
use takt_kernel::{CompanyId, Fault, FieldFault, Result, ShopId, Slots, TokenId};
use takt_orders::OrderId;
use takt_staff::shops::Shop;
use takt_store::Tx;
use takt_ui::{FormErrors, SAMPLE_NOW, Sample, Words};

use super::{
    connect, differences, list, message, new, show,
    words::{At, SYSTEM},
};
use crate::{
    Connection, ConnectionId, Contact, Finding, KINDS, Key, Kind, RETAILCRM_SYSTEMS, Standing,
    address::Address,
    body::Readable,
    differences::{Difference, DifferenceId, Owner, Subject, Thing},
    messages::{self, Message, MessageId, State},
};

pub(crate) const SAMPLES: &[Sample] = &[
    Sample { name: "connections/sources", render: sources },
    Sample { name: "connections/sources-none", render: no_sources },
    Sample { name: "connections/source", render: source },
    Sample { name: "connections/message", render: quarantined },
    Sample { name: "connections/message-refused", render: refused },
    Sample { name: "connections/message-bytes", render: bytes },
    Sample { name: "connections/differences", render: differing },
    Sample { name: "connections/differences-none", render: not_differing },
    Sample { name: "connections/new", render: choice },
    Sample { name: "connections/new-prestashop", render: prestashop },
    Sample { name: "connections/connect", render: waiting },
    Sample { name: "connections/connected", render: connected },
];

const COMPANY: CompanyId = CompanyId::new(1);
const KIND: Kind = Kind {
    code: "retailcrm",
    name_key: "connections-other",
    scopes: "",
    systems: RETAILCRM_SYSTEMS,
    again,
    test: None,
};
const ORDER: &str = "site=tea&order=%7B%22number%22%3A%221043%22%2C%22firstName%22%3A%22%22%2C%22items%22%3A\
                     %5B%7B%22productName%22%3A%22%D0%A7%D0%B0%D0%B9%22%2C%22quantity%22%3A2%7D%5D%7D";

fn again(_: &mut Tx<'_>, _: &Connection, _: &Message) -> Result<Vec<String>> {
    Ok(Vec::new())
}

fn drawn(w: &Words, draw: impl FnOnce(&At<'_>) -> Markup) -> Markup {
    let mut slots = Slots::default();
    slots.fill(&KINDS, "samples", KIND);
    draw(&At { w, slots: &slots, company: COMPANY, link: &|path| format!("{path}?company=1") })
}

fn shops() -> Vec<Shop> {
    let shop = |id, name: &str| Shop {
        id: ShopId::new(id),
        company: COMPANY,
        name: name.to_owned(),
        currency: takt_kernel::money::Currency::RUB,
    };
    vec![shop(1, "Чайная лавка"), shop(2, "Чай оптом")]
}

fn standing(id: i64, name: &str, system: &str) -> Standing {
    let ago = |seconds: i64| SAMPLE_NOW.plus_seconds(-seconds);
    let connection = Connection {
        company: COMPANY,
        id: ConnectionId::new(id),
        shop: ShopId::new(1 + id % 2),
        kind: "retailcrm".to_owned(),
        name: name.to_owned(),
        paused: false,
        settings: Map::from_iter([(SYSTEM.to_owned(), Value::from(system))]),
        version: 1,
        created_at: ago(9_000_000),
    };
    let contact = Contact {
        last_at: ago(90),
        last_write_at: Some(ago(600)),
        last_refused_at: None,
        last_refusal: None,
        requests: 12_345,
        refused: 3,
    };
    Standing {
        connection,
        contact: Some(contact),
        quarantined: 0,
        applied: 118,
        refused: 2,
        waits_since: None,
        differing: 0,
    }
}

fn troubled() -> Standing {
    let mut troubled = standing(3, "Лавка на Невском", "bitrix");
    troubled.quarantined = 3;
    troubled.differing = 12;
    if let Some(contact) = &mut troubled.contact {
        contact.last_refused_at = Some(SAMPLE_NOW.plus_seconds(-300));
        contact.last_refusal = Some("POST /api/v5/orders/create: Errors in the input parameters".to_owned());
    }
    troubled
}

fn sources(w: &Words) -> Markup {
    let mut paused = standing(4, "Чай оптом", "prestashop");
    paused.connection.paused = true;
    paused.waits_since = Some(SAMPLE_NOW.plus_seconds(-4_000));
    let mut silent = standing(5, "Посуда", "magento");
    if let Some(contact) = &mut silent.contact {
        contact.last_at = SAMPLE_NOW.plus_seconds(-200_000);
    }
    let mut new = standing(6, "Кофе", "woocommerce");
    new.contact = None;
    new.applied = 0;
    let all = [standing(1, "Чайная лавка", "opencart"), troubled(), paused, silent, new];
    drawn(w, |at| list::render(at, &all, &shops(), SAMPLE_NOW))
}

fn no_sources(w: &Words) -> Markup {
    drawn(w, |at| list::render(at, &[], &shops(), SAMPLE_NOW))
}

fn key(token: i64, hint: &str, retires: bool) -> Key {
    Key {
        token: TokenId::new(token),
        hint: hint.to_owned(),
        issued_at: SAMPLE_NOW.plus_seconds(-3_600),
        retires_at: retires.then(|| SAMPLE_NOW.plus_seconds(82_800)),
    }
}

fn one_message(state: State, media: &str, body: &[u8]) -> Message {
    let wrong = |path: &str, code: &'static str| FieldFault {
        path: path.to_owned(),
        code: code.into(),
        args: vec![("given".into(), "—".to_owned())],
    };
    let fields = vec![
        wrong("order.firstName", "connections.system_unknown"),
        wrong("order.site", "web.field_required"),
    ];
    let done = state != State::Received;
    Message {
        company: COMPANY,
        id: MessageId::new(77),
        connection: ConnectionId::new(3),
        token: TokenId::new(1),
        received_at: SAMPLE_NOW.plus_seconds(-1_200),
        target: "POST /api/v5/orders/create".to_owned(),
        media: media.to_owned(),
        body: body.to_vec(),
        state,
        about: Some("order 1043".to_owned()),
        problem: (state != State::Applied).then(|| messages::problem(&Fault::from_fields(fields))),
        notes: Vec::new(),
        attempts: 1,
        done_at: done.then(|| SAMPLE_NOW.plus_seconds(-1_190)),
    }
}

fn source(w: &Words) -> Markup {
    let finding = |well, text_key, args| Finding { well, text_key, args };
    let view = show::View {
        standing: troubled(),
        shop: "Чайная лавка".to_owned(),
        keys: vec![key(2, "x7Qf", false), key(1, "aB3d", true)],
        findings: Some(vec![
            finding(true, "connections-test-key", vec![("hint", "x7Qf".to_owned())]),
            finding(false, "connections-test-refused", Vec::new()),
            finding(false, "connections-test-quarantine", vec![("count", "3".to_owned())]),
        ]),
        state: State::Quarantined,
        counts: vec![
            (State::Quarantined, 3),
            (State::Received, 0),
            (State::Refused, 41),
            (State::Applied, 1000),
            (State::Dropped, 2),
        ],
        messages: vec![one_message(State::Quarantined, "", b"")],
        older: Some(MessageId::new(77)),
        now: SAMPLE_NOW,
    };
    drawn(w, |at| show::render(at, &view, Some("Zk3vQ0h9sT7mWx2bNc5dYr8fGj1lPa4e"), &FormErrors::none()))
}

fn message_page(w: &Words, message: Message) -> Markup {
    let view = message::View {
        connection: troubled().connection,
        readable: Readable::of(&message.media, &message.body),
        message,
        typed: Vec::new(),
        now: SAMPLE_NOW,
    };
    drawn(w, |at| message::render(at, &view, &FormErrors::none()))
}

fn quarantined(w: &Words) -> Markup {
    message_page(w, one_message(State::Quarantined, "application/x-www-form-urlencoded", ORDER.as_bytes()))
}

fn refused(w: &Words) -> Markup {
    message_page(w, one_message(State::Refused, "application/x-www-form-urlencoded", ORDER.as_bytes()))
}

fn bytes(w: &Words) -> Markup {
    message_page(
        w,
        one_message(State::Quarantined, "text/plain", b"order=\xcf\xf0\xe8\xe2\xe5\xf2, \xec\xe8\xf0!\r\n"),
    )
}

fn differing(w: &Words) -> Markup {
    let shown =
        |id, subject, external_id: &str, field: &str, owner, theirs: &str, ours: &str| differences::Shown {
            difference: Difference {
                id: DifferenceId::new(id),
                connection: ConnectionId::new(3),
                thing: Thing { subject, external_id: external_id.to_owned(), own: Some(1043) },
                field: field.to_owned(),
                owner,
                theirs: None,
                ours: None,
                first_seen_at: SAMPLE_NOW.plus_seconds(-7_200),
                last_seen_at: SAMPLE_NOW.plus_seconds(-300),
                resolved: None,
            },
            theirs: Some(theirs.to_owned()).filter(|text| !text.is_empty()),
            ours: Some(ours.to_owned()),
        };
    let long = "Анна Каренина, +7 912 345-67-89, anna.karenina@example.org";
    let view = differences::View {
        asked: differences::Asked::default(),
        connections: vec![troubled().connection],
        rows: vec![
            shown(1, Subject::Order, "1043", "contact", Owner::Shop, long, "Анна, +7 912 345-67-89"),
            shown(2, Subject::Order, "1044", "status", Owner::Takt, "completed", "assembling"),
            shown(3, Subject::Offer, "TEA-100", "price", Owner::Shop, "199.50", "210.00"),
            shown(4, Subject::Stock, "TEA-200", "quantity", Owner::Takt, "", "12"),
        ],
        open: BTreeMap::from([(ConnectionId::new(3), 12)]),
        older: Some(DifferenceId::new(4)),
        problem: Some(w.t("connections-difference_not_taken")),
        now: SAMPLE_NOW,
    };
    drawn(w, |at| differences::render(at, &view))
}

fn not_differing(w: &Words) -> Markup {
    let view = differences::View {
        asked: differences::Asked::default(),
        connections: vec![troubled().connection],
        rows: Vec::new(),
        open: BTreeMap::new(),
        older: None,
        problem: None,
        now: SAMPLE_NOW,
    };
    drawn(w, |at| differences::render(at, &view))
}

fn address(text: &str, https: bool) -> Address {
    Address { https, host: text.to_owned(), port: None }
}

fn choice(w: &Words) -> Markup {
    drawn(w, |at| new::choose(at, &shops(), &new::Asked::default(), &FormErrors::none()))
}

fn prestashop(w: &Words) -> Markup {
    let (shops, asked, address) = (shops(), new::Asked::default(), address("takt.example.org", false));
    let system = RETAILCRM_SYSTEMS.iter().find(|system| system.code == "prestashop");
    let (Some(shop), Some(system)) = (shops.first(), system) else { return Markup::default() };
    let ready = new::Ready { shop, kind: KIND, system: *system, asked: &asked, address: Some(&address) };
    drawn(w, |at| new::ready(at, &ready, &FormErrors::none()))
}

fn connect_page(w: &Words, view: &connect::View, key: Option<&str>) -> Markup {
    let address = address("takt.example.org", true);
    drawn(w, |at| connect::render(at, view, Some(&address), key, &connect::Typed::default()))
}

fn waiting(w: &Words) -> Markup {
    let mut standing = standing(6, "Кофе", "woocommerce");
    standing.contact = None;
    let view =
        connect::View { standing, keys: Vec::new(), order: None, secrets: Vec::new(), now: SAMPLE_NOW };
    connect_page(w, &view, None)
}

fn connected(w: &Words) -> Markup {
    let view = connect::View {
        standing: troubled(),
        keys: vec![key(2, "x7Qf", false), key(1, "aB3d", true)],
        order: Some((OrderId::new(42), "TK-1042".to_owned())),
        secrets: Vec::new(),
        now: SAMPLE_NOW,
    };
    connect_page(w, &view, Some("Zk3vQ0h9sT7mWx2bNc5dYr8fGj1lPa4e"))
}
