//! Made-up orders for `/_samples` and for the test that renders every page in every language.

use std::collections::BTreeMap;

use maud::{Markup, html};
use serde_json::{Map, json};
use takt_catalog::OfferId;
use takt_kernel::{
    Actor, CompanyId, PersonId, ShopId, Timestamp,
    money::{Currency, Money, Quantity, UnitPrice, VatRate},
};
use takt_staff::Calendar;
use takt_store::{Change, RecordedFact};
use takt_ui::{FormErrors, Sample, Words};

use super::{
    card::{CardView, May, ShownPanel},
    card_clock, card_parts,
    edit::{self, OrderForm},
    list::{self, ListView},
    list_asked::Asked,
    list_columns::Columns,
    list_rail::Shown,
    names::Names,
    remake,
};
use crate::{
    Comment, Delivery, Holder, Line, Milestone, Order, OrderContact, OrderId, Page, Pause, Purchases,
    Reserved, Shipped, Stage, Terms, Total, clock,
    counts::Count,
    kin::{Kin, Relative},
    order::CommentId,
    panels::RailCount,
    statuses::Status,
};

pub(crate) const SAMPLES: &[Sample] = &[
    Sample { name: "orders/list", render: list_page },
    Sample { name: "orders/card", render: card_page },
    Sample { name: "orders/edit", render: edit_page },
    Sample { name: "orders/split", render: split_page },
    Sample { name: "orders/merge", render: merge_page },
];

const NOW: Timestamp = Timestamp::from_micros(1_795_255_500_000_000);
const COMPANY: CompanyId = CompanyId::new(1);
const SHOP: ShopId = ShopId::new(1);
const PERSON: PersonId = PersonId::new(1);

fn list_page(w: &Words) -> Markup {
    let holders = [
        (Holder::Queue, -12, Stage::Approval),
        (Holder::Operator, 4, Stage::Approval),
        (Holder::Warehouse, 14, Stage::Assembling),
        (Holder::Supplier, 52, Stage::Assembling),
        (Holder::Carrier, 1205, Stage::Delivery),
    ];
    let mut items: Vec<Order> =
        (1..).zip(holders).map(|(id, (holder, left, stage))| held(w, id, holder, left, stage)).collect();
    items.push(Order { due_at: None, paid: rub(0), reserved: Reserved::None, ..order(w, 9) });
    let counts = Stage::ALL
        .iter()
        .zip(3..)
        .map(|(stage, orders)| Count {
            company: COMPANY,
            shop: SHOP,
            stage: *stage,
            status: stage.code().to_owned(),
            orders,
        })
        .collect();
    let twins = items.iter().take(1).map(|order| order.id).collect();
    let view = ListView {
        shopless: false,
        asked: Asked::default(),
        page: Page {
            items,
            next_cursor: Some("p1-1".to_owned()),
            previous_cursor: None,
            total: Total { count: 18, exact: true },
        },
        counts,
        names: names(w),
        twins,
        people: BTreeMap::from([(PERSON, w.t("sample-person"))]),
        colleagues: vec![(PERSON, w.t("sample-person"))],
        columns: Columns::default(),
        saved: Vec::new(),
        may_share: true,
        deeds: vec!["confirm", "take", "status", "comment"],
        outcome: None,
        may_place: true,
        rails: vec![Shown { title_key: "orders-title", topic: "tasks", counts: rail_counts(w) }],
        actions: Vec::new(),
        now: NOW,
    };
    list::render(w, &view)
}

fn rail_counts(w: &Words) -> Vec<RailCount> {
    let counts = [("queue", 3, 1), ("supplier", 12, 0), ("buyer", 0, 0)];
    let count = |(holder, count, overdue): (&str, i64, i64)| RailCount {
        value: holder.to_owned(),
        label: w.t(&format!("orders-holder-{holder}")),
        count,
        exact: holder != "supplier",
        overdue,
    };
    counts.map(count).into()
}

fn card_page(w: &Words) -> Markup {
    let facts = facts(w);
    let calendar = Calendar::round_the_clock(w.zone().clone());
    let view = CardView {
        order: held(w, 1, Holder::Operator, 4, Stage::Approval),
        lines: lines(w),
        names: names(w),
        comments: vec![Comment {
            id: CommentId::new(1),
            text: w.t("sample-comment"),
            actor: Actor::Person { person: PERSON },
            at: NOW.plus_seconds(-300),
        }],
        split: clock::split(&facts, &calendar, NOW),
        course: clock::course(&facts, &clock::Promises::default(), &[status(w)], &calendar.into()),
        promises: clock::Promises::default(),
        facts,
        people: BTreeMap::from([(PERSON, w.t("sample-person"))]),
        moves: vec![status(w)],
        may: May {
            place: true,
            edit: true,
            set_status: true,
            confirm: true,
            cancel: true,
            leave_out: true,
            comment: true,
            pause: true,
            urgent: true,
        },
        panels: [20, 30, 50]
            .map(|place| ShownPanel {
                title: w.t("orders-paid"),
                place,
                body: html! { p { (w.t("sample-note")) } },
            })
            .into(),
        copy_key: "1".to_owned(),
        relatives: vec![
            Relative { kin: Kin::SplitTo, id: OrderId::new(3), number: "TK-1043".to_owned() },
            Relative { kin: Kin::Twin, id: OrderId::new(4), number: "TK-1044".to_owned() },
        ],
        purchases: Some(Purchases {
            orders: 4,
            shops: 2,
            sums: vec![rub(1_245_600)],
            last: None,
            more: false,
        }),
        actions: Vec::new(),
        notices: Vec::new(),
        now: NOW,
    };
    html! { (card_parts::actions(w, &view)) (card_parts::body(w, &view)) (card_clock::dialogs(w, &view)) }
}

fn edit_page(w: &Words) -> Markup {
    edit::render(w, OrderId::new(1), &OrderForm::of(w, &order(w, 1), &lines(w)), &FormErrors::none())
}

fn split_page(w: &Words) -> Markup {
    remake::split_page(w, &order(w, 1), &lines(w), &remake::SplitGiven::default(), &FormErrors::none())
}

fn merge_page(w: &Words) -> Markup {
    let others = vec![order(w, 2), order(w, 3)];
    let view = remake::MergeView { order: order(w, 1), others, names: names(w), now: NOW };
    remake::merge_page(w, &view, &remake::MergeGiven::default(), &FormErrors::none())
}

fn held(w: &Words, id: i64, holder: Holder, minutes_left: i64, stage: Stage) -> Order {
    Order {
        holder: Some(holder),
        stage,
        due_at: Some(NOW.plus_seconds(minutes_left * 60)),
        started_at: Some(NOW.plus_seconds((minutes_left - 60) * 60)),
        ..order(w, id)
    }
}

fn order(w: &Words, id: i64) -> Order {
    Order {
        company: COMPANY,
        id: OrderId::new(id),
        shop: SHOP,
        desk: COMPANY,
        number: format!("TK-{}", 1040 + id),
        external_id: Some("88213".to_owned()),
        source: "api".to_owned(),
        stage: Stage::New,
        status: "to_confirm".to_owned(),
        terms: Terms::Prepaid,
        currency: Currency::RUB,
        lang: w.lang(),
        customer: None,
        contact: OrderContact {
            name: w.t("sample-person"),
            phone: Some("+79123456789".to_owned()),
            phone_given: Some("8 (912) 345-67-89".to_owned()),
            email: Some("a@example.org".to_owned()),
        },
        delivery: Delivery {
            method: Some("courier".to_owned()),
            address: Some(w.t("sample-shop")),
            price: rub(30_000),
        },
        comment: Some(w.t("sample-comment")),
        goods: rub(39_900),
        discount: rub(0),
        vat: rub(7_195),
        total: rub(69_900),
        paid: rub(69_900),
        reserved: Reserved::Part,
        short: true,
        shipped: Shipped::None,
        taken: true,
        taken_by: Some(PERSON),
        holder: Some(Holder::Buyer),
        holder_since: NOW.plus_seconds(-600),
        milestone: Some(Milestone::CONFIRMED),
        milestone_since: NOW.plus_seconds(-600),
        due_at: None,
        started_at: None,
        confirmed_at: None,
        ready_at: None,
        delivered_at: None,
        deferred_until: None,
        urgent: id == 2,
        pause: (id == 4).then(|| Pause {
            reason: "supplier".to_owned(),
            owner: Holder::Supplier,
            since: NOW.plus_seconds(-300),
            until: NOW.plus_seconds(3600),
        }),
        waits: Vec::new(),
        last_comment: Some(w.t("sample-comment")),
        cancel_reason: None,
        extra: Map::new(),
        version: 3,
        placed_at: NOW.plus_seconds(-7200),
        updated_at: NOW.plus_seconds(-300),
    }
}

fn lines(w: &Words) -> Vec<Line> {
    [(1, Some(OfferId::new(1)), "TEA-100"), (2, None, "CUP-7")]
        .into_iter()
        .map(|(id, offer, sku)| Line {
            id: crate::LineId::new(id),
            place: id,
            sku: Some(sku.to_owned()),
            offer,
            name: w.t("sample-product"),
            unit: "pcs".to_owned(),
            quantity: Quantity::whole(2),
            price: UnitPrice::from_ten_thousandths(997_500),
            discount: rub(0),
            order_discount: rub(0),
            total: rub(19_950),
            vat: VatRate::Percent(2200),
            vat_amount: rub(3_598),
            reserved: Quantity::whole(if offer.is_some() { 2 } else { 0 }),
            shipped: Quantity::ZERO,
            cancelled: Quantity::ZERO,
            returned: Quantity::ZERO,
            extra: Map::new(),
        })
        .collect()
}

fn facts(w: &Words) -> Vec<RecordedFact> {
    let fact = |n: i64, minutes: i64, kind: &str, body: serde_json::Value, changes| RecordedFact {
        position: n,
        id: n,
        company: COMPANY,
        subject_kind: "order".to_owned(),
        subject_id: 1,
        n,
        kind: kind.to_owned(),
        version: 1,
        at: NOW.plus_seconds(-minutes * 60),
        actor: if n == 1 { Actor::system("sample") } else { Actor::Person { person: PERSON } },
        token: None,
        cause: None,
        source: None,
        body: body.into(),
        changes,
    };
    let renamed = Change::of("customer.name", Some(w.t("sample-person-two")), Some(w.t("sample-person")));
    let paid = json!({
        "amount": "699.00", "currency": "RUB", "in_full": true,
        "booked_at": NOW.plus_seconds(-3600).to_string(), "received_at": NOW.plus_seconds(-1800).to_string(),
    });
    vec![
        fact(1, 120, "orders.placed", json!({ "terms": "prepaid", "in_full": false }), Vec::new()),
        fact(2, 90, "orders.edited", json!({ "in_full": false }), vec![renamed]),
        fact(3, 25, "orders.paid", paid, Vec::new()),
        fact(4, 10, "orders.taken", json!({}), Vec::new()),
        fact(5, 5, "orders.commented", json!({ "comment": 1 }), Vec::new()),
    ]
}

fn names(w: &Words) -> Names {
    Names {
        shops: BTreeMap::from([(SHOP, w.t("sample-shop")), (ShopId::new(2), w.t("sample-shop-two"))]),
        statuses: BTreeMap::from([((COMPANY, "to_confirm".to_owned()), status(w))]),
    }
}

fn status(w: &Words) -> Status {
    Status {
        code: "to_confirm".to_owned(),
        stage: Stage::Approval,
        name_ru: w.t("sample-status"),
        name_en: w.t("sample-status"),
        tone: "info".to_owned(),
        place: 10,
        archived: false,
    }
}

fn rub(minor: i64) -> Money {
    Money::new(minor, Currency::RUB)
}
