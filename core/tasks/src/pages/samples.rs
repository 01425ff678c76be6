//! The page on made-up tasks: drawn in tests in both languages and at /_samples.

use std::collections::BTreeMap;

use maud::Markup;
use takt_kernel::{CompanyId, PersonId, Timestamp};
use takt_orders::OrderId;
use takt_staff::{Role, RoleSet, people::Member};
use takt_ui::{Sample, Words};

use super::{
    list::{self, ListView, Shown},
    people::{self, PeopleView},
};
use crate::{Count, Page, State, Task, TaskId, Workload};

pub(crate) const SAMPLES: &[Sample] = &[
    Sample { name: "tasks/list", render: some },
    Sample { name: "tasks/list-empty", render: nothing },
    Sample { name: "tasks/people", render: load },
];

const NOW: Timestamp = Timestamp::from_micros(1_795_255_500_000_000);
const PERSON: PersonId = PersonId::new(7);

fn task(id: i64, kind: &str, role: Role, minutes_left: i64, state: State) -> Task {
    Task {
        company: CompanyId::new(1),
        id: TaskId::new(id),
        shop: None,
        order: Some(OrderId::new(42)),
        kind: kind.to_owned(),
        role,
        escalated_to: (minutes_left < 0).then_some(Role::Manager),
        due_at: NOW.plus_seconds(minutes_left * 60),
        state,
        args: serde_json::Value::Null,
        opened_at: NOW.plus_seconds(-900),
        leased_until: None,
        handed: None,
    }
}

fn view(items: Vec<Task>) -> ListView {
    let unfinished = i64::try_from(items.len()).unwrap_or_default();
    ListView {
        shown: Shown::Role,
        person: None,
        counts: [Count { unfinished, overdue: 1 }; 3],
        page: Page { items, next_cursor: None },
        orders: BTreeMap::from([(OrderId::new(42), "TK-1042".to_owned())]),
        names: BTreeMap::from([(PERSON, "Anna Petrova".to_owned())]),
        companies: BTreeMap::from([(CompanyId::new(1), "Tea Ltd".to_owned())]),
        reader: Some(PERSON),
        next: None,
        sheet_of: String::new(),
        back: "/tasks".to_owned(),
        now: NOW,
    }
}

fn some(w: &Words) -> Markup {
    let taken = State::Taken { at: NOW, by: Some(PERSON) };
    let closed = State::Closed { at: NOW, by: Some(PERSON), outcome: "done".to_owned() };
    list::render(
        w,
        &view(vec![
            task(1, "pick", Role::Warehouse, -12, State::Open),
            Task { leased_until: Some(NOW.plus_seconds(600)), ..task(2, "call", Role::Operator, 4, taken) },
            task(3, "a_kind_of_another_feature", Role::Manager, 130, State::Open),
            task(4, "call", Role::Operator, 4, closed),
        ]),
    )
}

fn nothing(w: &Words) -> Markup {
    list::render(w, &view(Vec::new()))
}

fn load(w: &Words) -> Markup {
    let member = |id: i64, name: &str| Member {
        person: PersonId::new(id),
        name: name.to_owned(),
        email: String::new(),
        roles: RoleSet::from(Role::Operator),
    };
    let people = vec![member(7, "Anna Petrova"), member(8, "Pavel Sidorov"), member(9, "Olga Smirnova")];
    let of = |open, overdue, done, median_seconds| Workload { open, overdue, done, median_seconds };
    let loads = BTreeMap::from([
        (PersonId::new(7), of(4, 1, 37, Some(260))),
        (PersonId::new(8), of(0, 0, 12, Some(1_940))),
    ]);
    let away = BTreeMap::from([(PersonId::new(9), NOW.plus_seconds(3 * 86_400))]);
    people::render(w, &PeopleView { people, loads, away })
}
