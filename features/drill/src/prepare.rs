//! The practice company with its ready-made orders. Buyers are invented, their phones are of a range that nobody has.

use std::collections::BTreeMap;

use serde_json::{Value, json};
use takt_kernel::{
    CompanyId, PersonId, Result,
    money::{Currency, Money},
};
use takt_orders::{CommentOrders, ConfirmOrders, Intake, OrderId, PlaceOrders, place, read_new_order};
use takt_staff::{
    ManageCompany, Permit,
    companies::{NewCompany, OrganisationKind},
    practice::{self, LET_PAY, LetPay, PREPARE, PracticeMoney},
    sessions::{self, SessionId},
    shops::{self, NewShop},
};
use takt_store::{Db, Query, Tx};
use takt_ui::{Lang, Words};

use crate::{Task, progress};

const NAME: &str = "drill.prepare";

/// Words in the language of whoever practises.
#[derive(Clone, Debug)]
pub(crate) struct Seed {
    company: String,
    shop: String,
    goods: [String; 3],
    buyers: [String; 6],
    address: String,
    question: String,
    payer: String,
    purpose: String,
    lang: Lang,
    zone: String,
}

impl Seed {
    pub(crate) fn of(w: &Words, zone: &str) -> Self {
        let numbered = |what: &str, n: usize| w.t(&format!("drill-seed-{what}-{n}"));
        Self {
            company: w.t("drill-seed-company"),
            shop: w.t("drill-seed-shop"),
            goods: [1, 2, 3].map(|n| numbered("goods", n)),
            buyers: [1, 2, 3, 4, 5, 6].map(|n| numbered("buyer", n)),
            address: w.t("drill-seed-address"),
            question: w.t("drill-seed-question"),
            payer: w.t("drill-seed-payer"),
            purpose: w.t("drill-seed-purpose"),
            lang: w.lang(),
            zone: zone.to_owned(),
        }
    }

    fn order(&self, n: usize, terms: &str, price: &str) -> Value {
        let buyer = self.buyers.get(n).cloned().unwrap_or_default();
        let goods = self.goods.get(n % self.goods.len()).cloned().unwrap_or_default();
        json!({
            "currency": Currency::RUB.code(), "terms": terms,
            "customer": { "name": buyer, "phone": format!("8 900 000-{:02}-{:02}", n + 1, 17 + n) },
            "lines": [{ "name": goods, "quantity": "1", "price": price }],
            "delivery": { "method": "courier", "address": &self.address, "price": "0" },
        })
    }
}

/// Opens the practice company with all that is in it, and takes its person there.
///
/// # Errors
/// As `practice::begin`.
pub(crate) async fn prepare(db: &Db, person: PersonId, session: SessionId, seed: Seed) -> Result<CompanyId> {
    let money = PracticeMoney {
        amount: Money::parse(PAID, Currency::RUB)?,
        payer: seed.payer.clone(),
        purpose: seed.purpose.clone(),
    };
    let company = db.write("drill.prepare", move |tx| furnish(tx, person, session, &seed)).await?;
    let ways: Vec<LetPay> = db.slots().of(&LET_PAY).copied().collect();
    for let_pay in ways {
        let_pay(db.clone(), company, person, money.clone()).await?;
    }
    Ok(company)
}

/// Two orders cost this, so that a payment of as much is nobody's by itself.
const PAID: &str = "1490.00";

fn furnish(tx: &mut Tx, person: PersonId, session: SessionId, seed: &Seed) -> Result<CompanyId> {
    let new = NewCompany {
        name: seed.company.clone(),
        kind: OrganisationKind::Company,
        currency: Currency::RUB,
        zone: seed.zone.clone(),
        lang: seed.lang,
    };
    let company = practice::begin(tx, person, &new)?;
    for prepare in tx.slots().of(&PREPARE) {
        prepare(tx, company)?;
    }
    let shop = NewShop { name: seed.shop.clone(), currency: None };
    let shop = shops::create(tx, &Permit::<ManageCompany>::system(company, NAME), &shop)?;
    let intake = Intake { shop, currency: Currency::RUB, source: "practice", lang: seed.lang, region: "RU" };
    let placed = |tx: &mut Tx, n: usize, terms: &str, price: &str| -> Result<OrderId> {
        let wanted = read_new_order(&seed.order(n, terms, price), &intake)?;
        Ok(place(tx, &Permit::<PlaceOrders>::system(company, NAME), wanted)?.id)
    };
    let find = placed(tx, 0, "on_delivery", "890.00")?;
    let confirm = placed(tx, 1, "on_delivery", "2300.00")?;
    placed(tx, 2, "prepaid", PAID)?;
    placed(tx, 3, "prepaid", PAID)?;
    let ship = placed(tx, 4, "on_delivery", "1250.00")?;
    takt_orders::confirm(tx, &Permit::<ConfirmOrders>::system(company, NAME), ship)?;
    let answer = placed(tx, 5, "on_delivery", "640.00")?;
    let asking = Permit::<CommentOrders>::system(company, NAME);
    takt_orders::comment_to(tx, &asking, answer, &seed.question, &[person])?;
    let made = BTreeMap::from([
        (Task::Find, find),
        (Task::Holder, find),
        (Task::Confirm, confirm),
        (Task::Ship, ship),
        (Task::Answer, answer),
    ]);
    progress::begin(tx, company, person, &made)?;
    sessions::switch(tx, person, session, company)?;
    Ok(company)
}
