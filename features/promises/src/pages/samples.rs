//! Made-up figures for `/_samples` and for the test that renders every page in every language.

use std::collections::BTreeMap;

use maud::Markup;
use takt_kernel::{CompanyId, ShopId, Timestamp};
use takt_orders::{Holder, InProcess, Milestone, OrderId, clock::Promises, panels::ClauseRule};
use takt_staff::Scope;
use takt_ui::{Sample, Words};

use super::{names::Names, orders, process, report};
use crate::{
    month::Month,
    report::{Gather, Report},
    result::{Link, Outcome, RuleRun, Told},
    stored::Answer,
};

pub(crate) const SAMPLES: &[Sample] = &[
    Sample { name: "promises/report", render: report_page },
    Sample { name: "promises/counting", render: counting_page },
    Sample { name: "promises/orders", render: orders_page },
    Sample { name: "promises/process", render: process_page },
];

const NOW: Timestamp = Timestamp::from_micros(1_795_255_500_000_000);
const COMPANY: CompanyId = CompanyId::new(1);

fn outcome(n: i64, slower: i64) -> Outcome {
    let minutes = |minutes: i64| minutes * 60;
    let parts = [
        (Holder::Buyer, 40 + n % 60),
        (Holder::Bank, 12),
        (Holder::Channel, 4),
        (Holder::Queue, 6 + (n * slower) % 25),
        (Holder::Operator, 7 + n % 5),
        (Holder::Supplier, if n % 5 == 0 { 190 } else { 0 }),
        (Holder::Warehouse, 30 + n % 33),
        (Holder::Carrier, 600 + n * 7 % 400),
        (Holder::ClosedHours, 15 * 60),
    ];
    let held: BTreeMap<Holder, (i64, i64)> = parts
        .into_iter()
        .filter(|(_, length)| *length > 0)
        .map(|(holder, length)| {
            let open = if holder == Holder::ClosedHours { 0 } else { minutes(length) };
            (holder, (minutes(length), open))
        })
        .collect();
    let link = |from: Milestone, to: Milestone, length: i64, late: i64, blamed| Link {
        from,
        to,
        wall: minutes(length),
        working: minutes(length),
        late: Some(minutes(late.max(0))),
        blamed: (late > 0).then_some(blamed),
    };
    let confirmed = 13 + (n * slower) % 25;
    Outcome {
        number: format!("TK-{}", 1_200 + n),
        finished_at: NOW.plus_seconds(-n * 7_200),
        cancelled: n % 17 == 16,
        urgent: n % 9 == 3,
        whole: held.values().map(|(wall, _)| wall).sum(),
        buyer_waited: Some(minutes(900 + n * slower * 13 % 700)),
        held,
        links: vec![
            link(Milestone::own("placed".to_owned()), Milestone::PAID, 60, 0, Holder::Buyer),
            link(Milestone::PAID, Milestone::CONFIRMED, confirmed, confirmed - 27, Holder::Queue),
            link(
                Milestone::CONFIRMED,
                Milestone::READY,
                42,
                if n % 5 == 0 { 150 } else { 0 },
                Holder::Supplier,
            ),
            link(Milestone::READY, Milestone::DELIVERED, 900, n % 30 - 26, Holder::Carrier),
        ],
        rules: vec![RuleRun {
            rule: "pick-and-call".to_owned(),
            wall: minutes(9 + n % 20),
            late: (n % 4) / 3 * 120,
        }],
    }
}

fn counted(slower: i64, most: i64) -> Report {
    let mut gather = Gather::default();
    for n in 0..most {
        gather.take(COMPANY, ShopId::new(1 + n % 2), &outcome(n, slower));
    }
    gather.finish()
}

fn wanted() -> report::Wanted {
    let zone = jiff::tz::TimeZone::UTC;
    let month = Month::of(NOW, &zone);
    report::Wanted {
        scope: Scope::Company { company: COMPANY, shops: None },
        month,
        base: month.before(),
        shop: None,
    }
}

fn names(w: &Words) -> Names {
    let rule = |rule: &str, hears: &[&str]| ClauseRule {
        rule: rule.to_owned(),
        clause: w.t("sample-comment"),
        hears: hears.iter().map(|fact| (*fact).to_owned()).collect(),
        does: vec!["tasks.open".to_owned()],
        href: "/settings/playbook/text".to_owned(),
    };
    Names {
        companies: BTreeMap::from([(COMPANY, w.t("sample-shop"))]),
        shops: BTreeMap::from([
            (ShopId::new(1), w.t("sample-shop")),
            (ShopId::new(2), w.t("sample-shop-two")),
        ]),
        promises: Some(Promises::default()),
        statuses: BTreeMap::new(),
        rules: vec![
            rule("pick-and-call", &["orders.paid", "orders.woken"]),
            rule("not-in-stock", &["orders.short"]),
            rule("packed", &["orders.ready"]),
        ],
    }
}

fn report_page(w: &Words) -> Markup {
    let told = Answer::Counted { report: counted(1, 120), since: Some(NOW), stale: true };
    let before = Answer::Counted { report: counted(3, 90), since: None, stale: false };
    report::render(w, &report::View { wanted: wanted(), now: NOW, told, before, names: names(w) })
}

fn counting_page(w: &Words) -> Markup {
    let told = Answer::Counting { done: 120_000, total: 450_000, asked_at: NOW.plus_seconds(-900) };
    report::render(
        w,
        &report::View { wanted: wanted(), now: NOW, told, before: Answer::NotAsked, names: names(w) },
    )
}

fn orders_page(w: &Words) -> Markup {
    let found = (0..6)
        .map(|n| Told {
            company: COMPANY,
            order: OrderId::new(n + 1),
            shop: ShopId::new(1 + n % 2),
            outcome: outcome(n * 5, 1),
        })
        .collect();
    let asked =
        orders::Asked { by: "blamed".to_owned(), is: "supplier".to_owned(), ..orders::Asked::default() };
    orders::render(w, &orders::View { asked, found, next: None, names: names(w) })
}

fn process_page(w: &Words) -> Markup {
    let standing: Vec<InProcess> = (0..40)
        .map(|n| {
            let (milestone, holder) = match n % 4 {
                0 => (Milestone::PAID, Holder::Buyer),
                1 if n % 3 == 0 => (Milestone::CONFIRMED, Holder::Queue),
                1 => (Milestone::CONFIRMED, Holder::Operator),
                2 if n % 5 == 0 => (Milestone::READY, Holder::Supplier),
                2 => (Milestone::READY, Holder::Warehouse),
                _ => (Milestone::DELIVERED, Holder::Carrier),
            };
            InProcess {
                company: COMPANY,
                holder: Some(holder),
                milestone: Some(milestone),
                since: NOW.plus_seconds(-(n + 1) * 700),
                due_at: Some(NOW.plus_seconds((n - 8) * 500)),
                urgent: n % 9 == 0,
            }
        })
        .collect();
    let names = names(w);
    let steps = process::steps(&standing, names.promises.as_ref(), &names.rules, NOW);
    process::render(w, &process::View { steps, more: false, names, now: NOW })
}
