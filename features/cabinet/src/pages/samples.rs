//! Made-up companies for `/_samples` and for the test that renders every page in every language.

use std::collections::BTreeMap;

use maud::Markup;
use takt_kernel::{
    CompanyId, PersonId, Timestamp,
    money::{Currency, Money},
};
use takt_orders::{Holder, Stage, panels::Burning};
use takt_staff::managers::Manager;
use takt_ui::{Sample, Words};

use super::{
    behind::{self, Of},
    home::{One, Row, View},
    home_parts,
};
use crate::sums::{Cut, Deed, Look, Sum};

pub(crate) const SAMPLES: &[Sample] = &[
    Sample { name: "cabinet/home", render: one },
    Sample { name: "cabinet/calm", render: calm },
    Sample { name: "cabinet/companies", render: many },
    Sample { name: "cabinet/nothing-behind", render: nothing },
];

const NOW: Timestamp = Timestamp::from_micros(1_795_255_500_000_000);

fn sum(orders: i64, minor: i64) -> Sum {
    let mut sum = Sum::default();
    sum.add(orders, Money::new(minor, Currency::RUB));
    sum.add(0, Money::new(minor / 90, Currency::EUR));
    sum
}

fn look(many: i64) -> Look {
    Look {
        stages: Stage::IN_WORK
            .iter()
            .zip(1..)
            .map(|(stage, n)| (*stage, sum(n * many, n * 1_234_500)))
            .collect(),
        holders: [Holder::Buyer, Holder::Operator, Holder::Warehouse, Holder::Carrier, Holder::Owner]
            .into_iter()
            .zip(1..)
            .map(|(holder, n)| (holder, sum(n * many, n * 987_600)))
            .collect(),
        yesterday: Deed::ALL
            .into_iter()
            .zip(1..)
            .map(|(deed, n)| (deed, sum(n * many, n * 456_700)))
            .collect(),
        today: BTreeMap::from([(Deed::Placed, sum(many, 123_400))]),
        late: many / 2,
        soon: many / 3,
        stuck: many / 5,
        cut: Cut::default(),
    }
}

fn manager(w: &Words) -> Manager {
    Manager { person: PersonId::new(7), name: w.t("sample-person"), since: NOW }
}

fn burning(count: i64) -> Vec<(Burning, i64)> {
    let kind = Burning {
        label_key: "cabinet-of-late",
        place: 1,
        permission: "orders.see",
        topic: "tasks",
        href: |_| "/orders?rail=late".to_owned(),
        count: |_, _| Ok(0),
    };
    vec![(kind, count)]
}

fn view(w: &Words, look: Look, burns: i64) -> View {
    let company = CompanyId::new(1);
    let one = One {
        company,
        name: w.t("sample-shop"),
        alone: true,
        shopless: false,
        manager: Some(manager(w)),
        answers_in: Some(12 * 60),
    };
    View {
        all: look,
        one: Some(one),
        companies: Vec::new(),
        more: 0,
        burning: burning(burns),
        yesterday: 20_261_121,
        today: 20_261_122,
    }
}

fn one(w: &Words) -> Markup {
    home_parts::render(w, &view(w, look(42), 3))
}

fn calm(w: &Words) -> Markup {
    let mut calm = view(w, Look::default(), 0);
    calm.one = calm.one.map(|one| One { manager: None, answers_in: None, ..one });
    home_parts::render(w, &calm)
}

fn many(w: &Words) -> Markup {
    let row = |n: i64, key: &str| Row {
        company: CompanyId::new(n),
        name: w.t(key),
        look: look(n * 10),
        manager: (n > 1).then(|| manager(w)),
    };
    let companies = vec![row(3, "sample-shop"), row(1, "sample-shop-two")];
    let all = View { one: None, companies, more: 248, ..view(w, look(90), 12) };
    home_parts::render(w, &all)
}

fn nothing(w: &Words) -> Markup {
    let view = behind::View {
        of: Of::Deed(Deed::Shipped),
        day: Some(NOW),
        orders: Vec::new(),
        companies: BTreeMap::new(),
        next: None,
        now: NOW,
    };
    behind::render(w, &view)
}
