//! Made-up figures for `/_samples` and for the test that renders every page in every language.

use std::collections::BTreeMap;

use maud::Markup;
use takt_kernel::{CompanyId, PersonId, Timestamp};
use takt_staff::Scope;
use takt_ui::{Sample, Words};

use super::{
    asked::{Asked, Measure, Wanted},
    names::Names,
    orders, report,
    table::moments,
    work,
};
use crate::{
    answer::{Answer, Group},
    dimension::{Basis, Dimension},
    period::{Day, Days},
    question::Question,
    saved::{Saved, SavedId},
    stored::Looked,
    sums::Sums,
    work::Done,
};

pub(crate) const SAMPLES: &[Sample] = &[
    Sample { name: "slices/cities", render: cities },
    Sample { name: "slices/days", render: days },
    Sample { name: "slices/cross", render: cross },
    Sample { name: "slices/counting", render: counting },
    Sample { name: "slices/orders", render: orders_page },
    Sample { name: "slices/people", render: people_page },
];

const NOW: Timestamp = Timestamp::from_micros(1_795_255_500_000_000);

fn month() -> Days {
    let day = Day::of(NOW, &jiff::tz::TimeZone::UTC);
    Days::new(day.first_of_month(), day.last_of_month())
}

fn sums(n: i64) -> Sums {
    let orders = 180 / (n + 1) + n % 7;
    Sums {
        orders,
        cancelled: orders / 9,
        units: orders * 2_300,
        revenue_minor: orders * 318_450,
        confirmed: orders * 9 / 10,
        paid: orders * 8 / 10,
        packed: orders * 8 / 10,
        shipped: orders * 7 / 10,
        completed: orders * 6 / 10,
    }
}

fn answer(rows: &[String], columns: &[String], slower: i64) -> Answer {
    let mut answer = Answer::default();
    for (n, row) in (0..).zip(rows) {
        for (m, column) in (0..).zip(columns) {
            let sums = sums((n * slower + m * 3) % 23);
            answer.groups.push(Group {
                row: row.clone(),
                column: column.clone(),
                sums: BTreeMap::from([("RUB".to_owned(), sums)]),
            });
            answer.whole.entry("RUB".to_owned()).or_default().add(&sums);
        }
        let links = [Some(3_600 + n * 60), Some(900), Some(1_800), Some(4_000), None];
        answer.links.insert(row.clone(), links);
    }
    answer
}

fn texts(w: &Words, key: &str, count: i64) -> Vec<String> {
    (1..=count).map(|n| format!("{} {n}", w.t(key))).collect()
}

fn view(
    w: &Words,
    by: Dimension,
    across: Option<Dimension>,
    rows: &[String],
    columns: &[String],
) -> report::View {
    let question = Question {
        by,
        cross: across,
        basis: Basis::Placed,
        days: month(),
        filters: BTreeMap::from([(Dimension::Terms, "prepaid".to_owned())]),
        links: across.is_none(),
    };
    let counted = |slower| Looked::Counted { answer: answer(rows, columns, slower), since: None };
    let saved = |id, shared| Saved {
        id: SavedId::new(id),
        name: w.t("sample-note"),
        question: String::new(),
        shared,
    };
    report::View {
        asked: Asked { by: by.code().to_owned(), base: "before".to_owned(), ..Asked::default() },
        wanted: Wanted {
            scope: Scope::Company { company: CompanyId::new(1), shops: None },
            base: across.is_none().then(|| question.days.before()),
            question,
            measure: Measure::Revenue,
        },
        told: counted(1),
        before: across.is_none().then(|| counted(3)),
        names: Names {
            shops: BTreeMap::from([
                ("1".to_owned(), w.t("sample-shop")),
                ("2".to_owned(), w.t("sample-shop-two")),
            ]),
            ..Names::default()
        },
        saved: vec![saved(1, true), saved(2, false)],
        filling: across.is_some(),
        may_fill: true,
        now: NOW,
    }
}

fn cities(w: &Words) -> Markup {
    let mut rows = texts(w, "sample-shop", 17);
    rows.push(String::new());
    report::render(w, &view(w, Dimension::City, None, &rows, &[String::new()]))
}

fn days(w: &Words) -> Markup {
    let rows = moments(Dimension::Day, month());
    let before = moments(Dimension::Day, month().before());
    let mut view = view(w, Dimension::Day, None, &rows, &[String::new()]);
    view.before = Some(Looked::Counted { answer: answer(&before, &[String::new()], 5), since: Some(NOW) });
    report::render(w, &view)
}

fn cross(w: &Words) -> Markup {
    let rows = texts(w, "sample-shop", 6);
    let columns: Vec<String> = (1..8).map(|day: i64| day.to_string()).collect();
    report::render(w, &view(w, Dimension::City, Some(Dimension::Weekday), &rows, &columns))
}

fn counting(w: &Words) -> Markup {
    let mut view = view(w, Dimension::City, None, &[], &[]);
    (view.told, view.before) =
        (Looked::Counting { done: 420_000, total: 1_000_000, asked_at: NOW.plus_seconds(-900) }, None);
    report::render(w, &view)
}

fn orders_page(w: &Words) -> Markup {
    let of = view(w, Dimension::City, None, &[], &[]);
    let asked = orders::Asked { over: of.asked, only: "cancelled".to_owned(), after: String::new() };
    let view = orders::View { asked, wanted: of.wanted, found: Vec::new(), next: None, names: of.names };
    orders::render(w, &view)
}

fn people_page(w: &Words) -> Markup {
    let of = view(w, Dimension::City, None, &[], &[]);
    let person = |n: i64| {
        let done = Done { confirmed: 40 * n, packed: 12, tasks: 60 + n, in_time: 55 };
        let days = (1..=n).map(|day| (20_261_100 + day, done)).collect();
        (PersonId::new(n), work::Person { name: w.t("sample-shop"), done, days })
    };
    let mut asked = of.asked;
    asked.period = "month".to_owned();
    work::render(w, &work::View { asked, wanted: of.wanted, people: (1..=4).map(person).collect() })
}
