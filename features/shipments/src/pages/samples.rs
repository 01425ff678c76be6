//! The pages on made-up shipments: drawn in tests in both languages and at /_samples.

use std::collections::BTreeMap;

use maud::Markup;
use takt_kernel::{CompanyId, ShopId, Timestamp};
use takt_orders::OrderId;
use takt_ui::{FormErrors, Sample, Words};

use super::{
    carriers::{self as settings, Given},
    list::{self, ListView},
};
use crate::{
    CarrierId, Page, ServiceId, Shipment, ShipmentId, State, Via,
    carriers::{Carrier, Service},
};

pub(crate) const SAMPLES: &[Sample] = &[
    Sample { name: "shipments/list", render: some },
    Sample { name: "shipments/list-empty", render: nothing },
    Sample { name: "shipments/carriers", render: carriers_page },
    Sample { name: "shipments/carriers-none", render: no_carriers },
];

const NOW: Timestamp = Timestamp::from_micros(1_795_255_500_000_000);
const COMPANY: CompanyId = CompanyId::new(1);

fn carrier() -> Carrier {
    let service = |id: i64, name: &str, days| Service {
        id: ServiceId::new(id),
        name: name.to_owned(),
        remind_after_days: days,
        archived: false,
    };
    Carrier {
        company: COMPANY,
        id: CarrierId::new(1),
        name: "Express <24>".to_owned(),
        tracking_url: Some("https://example.org/track/{number}".to_owned()),
        remind_after_days: 7,
        archived: false,
        services: vec![service(1, "Courier", None), service(2, "Post office", Some(14))],
    }
}

fn shipment(id: i64, state: State, days_ago: i64, overdue: bool) -> Shipment {
    let at = NOW.plus_seconds(-days_ago * 86_400);
    let left = state != State::Packed;
    Shipment {
        company: COMPANY,
        id: ShipmentId::new(id),
        shop: ShopId::new(1),
        order: OrderId::new(40 + id),
        order_number: format!("TK-10{}", 40 + id),
        state,
        via: if id == 4 || !left {
            Via::default()
        } else {
            Via { carrier: Some(CarrierId::new(1)), service: Some(ServiceId::new(1)) }
        },
        tracking: (left && id != 4).then(|| format!("RA12345678{id}RU")),
        places: id,
        weight_grams: None,
        packed_at: at,
        handed_over_at: left.then_some(at),
        overdue_at: overdue.then_some(NOW),
        finished_at: matches!(state, State::Delivered | State::Returned).then_some(NOW),
    }
}

fn view(items: Vec<Shipment>) -> ListView {
    ListView {
        page: Page { items, next_cursor: None },
        carriers: vec![carrier()],
        q: String::new(),
        state: None,
        companies: BTreeMap::new(),
        next: Some("#".to_owned()),
        now: NOW,
    }
}

fn some(w: &Words) -> Markup {
    list::render(
        w,
        &view(vec![
            shipment(1, State::Packed, 0, false),
            shipment(2, State::HandedOver, 2, false),
            shipment(3, State::HandedOver, 9, true),
            shipment(4, State::Delivered, 3, false),
            shipment(5, State::Returned, 12, true),
        ]),
    )
}

fn nothing(w: &Words) -> Markup {
    list::render(w, &view(Vec::new()))
}

fn carriers_page(w: &Words) -> Markup {
    let archived = Carrier {
        id: CarrierId::new(2),
        name: "Old post".to_owned(),
        archived: true,
        remind_after_days: 0,
        ..carrier()
    };
    settings::render(w, &[carrier(), archived], true, &Given::default(), &FormErrors::none(), &str::to_owned)
}

fn no_carriers(w: &Words) -> Markup {
    settings::render(w, &[], true, &Given::default(), &FormErrors::none(), &str::to_owned)
}
