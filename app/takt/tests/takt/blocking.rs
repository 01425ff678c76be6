//! What the playbook demands before a verb is demanded on every way on which the verb can be asked for: the same
//! table is walked with the steps missing and with the steps ticked.

use serde_json::{Value, json};
use takt_connections::{ManageConnections, NewConnection, create};
use takt_kernel::ShopId;
use takt_playbook::{Checked, ManagePlaybook, versions};
use takt_staff::{Permit, Role, command_line, shops::NewShop};
use takt_store::{Query, Statement};
use takt_testing::{Client, on_both_engines};

use crate::desk::{Desk, tea};

const STEPS: [(&str, &str); 4] = [
    ("confirm", "Адрес с номером дома"),
    ("ready", "Чек в коробке"),
    ("ship", "Пломба на месте"),
    ("cancel", "Замена предложена"),
];

const DOCUMENT: &str = "# Порядок

- [ ] **до подтверждения:** Адрес с номером дома
- [ ] **до готовности:** Чек в коробке
- [ ] **до отправки:** Пломба на месте
- [ ] **до отмены:** Замена предложена

```rule call
when = { fact = 'orders.placed', if = \"fact.terms != 'prepaid'\" }
then = [{ do = 'tasks.open', kind = 'call', role = 'operator', due = '15 min' }]
```

```rule reached
when = 'tasks.closed'
if = [\"fact.kind == 'call'\", \"fact.outcome == 'reached'\"]
then = [{ do = 'orders.confirm' }]
```
";

/// A way to a verb.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Way {
    ConfirmOnCard,
    StatusOnCard,
    StatusFromModule,
    ConfirmByRule,
    FinishPicking,
    PackOnCard,
    HandOver,
    HandOverUnpacked,
    CancelOnCard,
    CancelByStatus,
    CancelByApi,
    CancelFromModule,
}

use Way::{
    CancelByApi, CancelByStatus, CancelFromModule, CancelOnCard, ConfirmByRule, ConfirmOnCard, FinishPicking,
    HandOver, HandOverUnpacked, PackOnCard, StatusFromModule, StatusOnCard,
};

/// The way, what refuses it, and the fact that follows once nothing is missing.
const WAYS: [(Way, &str, &str); 12] = [
    (ConfirmOnCard, "confirm", "orders.confirmed"),
    (StatusOnCard, "confirm", "orders.confirmed"),
    (StatusFromModule, "confirm", "orders.confirmed"),
    (ConfirmByRule, "confirm", "orders.confirmed"),
    (FinishPicking, "ready", "orders.ready"),
    (PackOnCard, "ready", "orders.ready"),
    (HandOver, "ship", "orders.shipped"),
    (HandOverUnpacked, "ready", "orders.shipped"),
    (CancelOnCard, "cancel", "orders.cancelled"),
    (CancelByStatus, "cancel", "orders.cancelled"),
    (CancelByApi, "cancel", "orders.cancelled"),
    (CancelFromModule, "cancel", "orders.cancelled"),
];

struct World {
    desk: Desk,
    owner: Client,
    storekeeper: Client,
    module: (Client, String),
}

impl World {
    async fn open(place: takt_testing::Place) -> Self {
        let desk = Desk::open(place).await;
        desk.shelve("TEA-100", "1000").await;
        let company = desk.company;
        let shop = NewShop { name: "Модуль".to_owned(), currency: None };
        let shop: ShopId =
            command_line::create_shop(&desk.app.db, &company.to_string(), shop).await.expect("a shop");
        let (_, key) = desk
            .app
            .write(move |tx| {
                let permit = Permit::<ManageConnections>::system(company, "test");
                create(
                    tx,
                    &permit,
                    &NewConnection { shop, kind: "retailcrm".to_owned(), name: String::new() },
                )
            })
            .await;
        desk.app
            .write(move |tx| {
                let permit = Permit::<ManagePlaybook>::system(company, "test");
                versions::publish(tx, &permit, &Checked::of(DOCUMENT)?, "", 0, versions::InFlight::Move)
            })
            .await;
        let (owner, storekeeper) = (desk.signed_in(Role::Owner).await, desk.signed_in(Role::Warehouse).await);
        let module = (desk.app.client(), key);
        Self { desk, owner, storekeeper, module }
    }

    async fn sent_by_module(&self, path: &str, order: &Value) -> String {
        let (client, key) = &self.module;
        let fields = [("apiKey", key.as_str()), ("order", &order.to_string())];
        client.post_form(&format!("/api/v5/orders/{path}"), &fields).await.text()
    }

    /// An order that may be confirmed, by the number of the attempt.
    async fn order(&self, way: Way, number: usize) -> i64 {
        let id = if matches!(way, StatusFromModule | CancelFromModule) {
            let order = json!({
                "externalId": format!("M-{number}"), "firstName": "Анна", "phone": "89123456789",
                "payments": [{ "type": "cash" }],
                "items": [{ "offer": { "externalId": "TEA-100" }, "productName": "Чай", "initialPrice": 199.5, "quantity": 2 }],
            });
            let told: Value =
                serde_json::from_str(&self.sent_by_module("create", &order).await).expect("an answer");
            told["id"].as_i64().unwrap_or_else(|| panic!("{told}"))
        } else {
            let mut order = tea(&format!("A-{number}"));
            order["terms"] = json!("on_delivery");
            let (status, told) = self.desk.place(&order).await;
            assert_eq!(status, http::StatusCode::CREATED, "{told}");
            told["id"].as_i64().expect("an id")
        };
        self.desk.app.drain().await;
        id
    }

    /// Ticks what is demanded before these verbs, as a person does it on the card.
    async fn tick(&self, order: i64, verbs: &[&str]) {
        let card = self.owner.get(&format!("/orders/{order}")).await.expect_status(200).text();
        for (_, words) in STEPS.iter().filter(|(verb, _)| verbs.contains(verb)) {
            let before = card.split(words).next().expect("the words");
            let key =
                before.rsplit("id=\"step-").next().and_then(|rest| rest.split('"').next()).expect("a key");
            self.owner
                .post_form(&format!("/orders/{order}/steps"), &[("step", key)])
                .await
                .expect_status(303);
        }
    }

    /// Brings an order to where the way begins, whatever is demanded there.
    async fn lead_to(&self, way: Way, order: i64) {
        let (before, verbs): (&[&str], &[&str]) = match way {
            FinishPicking | PackOnCard => (&["confirm"], &["confirm"]),
            HandOver => (&["confirm", "ready"], &["confirm", "pack"]),
            HandOverUnpacked => (&["confirm", "ship"], &["confirm"]),
            _ => (&[], &[]),
        };
        self.tick(order, before).await;
        for verb in verbs {
            let answer = match *verb {
                "confirm" => self.owner.post_form(&format!("/orders/{order}/confirm"), &[]).await,
                _ => {
                    self.storekeeper
                        .post_form(&format!("/shipments/of/{order}/pack"), &[("places", "1")])
                        .await
                }
            };
            answer.expect_status(303);
        }
        if matches!(way, StatusOnCard | CancelByStatus) {
            let status = [("status", "to_confirm")];
            self.owner.post_form(&format!("/orders/{order}/status"), &status).await.expect_status(303);
        }
        self.desk.app.drain().await;
    }

    /// Asks for the verb; answers what whoever asked is told.
    async fn ask(&self, way: Way, order: i64, number: usize) -> String {
        let (owner, storekeeper) = (&self.owner, &self.storekeeper);
        let path = format!("/orders/{order}");
        let parcel = [("tracking", "RA123456785RU"), ("places", "1")];
        let told = match way {
            ConfirmOnCard => owner.post_form(&format!("{path}/confirm"), &[]).await.text(),
            StatusOnCard => owner.post_form(&format!("{path}/status"), &[("status", "to_pack")]).await.text(),
            StatusFromModule | CancelFromModule => {
                let statuses: &[&str] = if way == CancelFromModule {
                    &["cancel-other"]
                } else {
                    &["client-confirmed", "assembling"]
                };
                for status in statuses {
                    let edit = json!({ "externalId": format!("M-{number}"), "status": status });
                    let told = self.sent_by_module(&format!("M-{number}/edit"), &edit).await;
                    assert!(told.contains("\"success\":true"), "a module is not refused: {told}");
                }
                self.last_note().await
            }
            ConfirmByRule => {
                let tasks = self.desk.tasks(&json!(order)).await;
                let call = tasks.iter().find(|task| task["kind"] == "call").expect("a call");
                let outcome = [("outcome", "reached")];
                owner.post_form(&format!("/tasks/{}/close", call["id"]), &outcome).await.expect_status(303);
                self.desk.app.drain().await;
                let asked =
                    self.desk.tasks(&json!(order)).await.iter().any(|task| task["kind"] == "steps_missing");
                let card = owner.get(&path).await.text();
                if asked { card } else { String::new() }
            }
            FinishPicking => {
                for verb in ["start", "take"] {
                    storekeeper.post_form(&format!("/pick/{order}/{verb}"), &[]).await.expect_status(303);
                }
                storekeeper.post_form(&format!("/pick/{order}/finish"), &[]).await.text()
            }
            PackOnCard => {
                storekeeper.post_form(&format!("/shipments/of/{order}/pack"), &[("places", "1")]).await.text()
            }
            HandOver | HandOverUnpacked => {
                storekeeper.post_form(&format!("/shipments/of/{order}"), &parcel).await.text()
            }
            CancelOnCard => owner.post_form(&format!("{path}/cancel"), &[]).await.text(),
            CancelByStatus => {
                owner.post_form(&format!("{path}/status"), &[("status", "refused")]).await.text()
            }
            CancelByApi => {
                let version = self.desk.order(&json!(order)).await["version"].to_string();
                let asking = self.desk.program.ask(http::Method::POST, &format!("/api/v1{path}/cancel"));
                asking.header("if-match", &format!("\"{version}\"")).send().await.text()
            }
        };
        self.desk.app.drain().await;
        told
    }

    async fn last_note(&self) -> String {
        let company = self.desk.company;
        self.desk
            .app
            .read(move |r| {
                let last = Statement::new(
                    "select notes from connection_message where company_id = :company_id order by id desc limit 1",
                );
                let row = r.opt_of(&last.bind("company_id", company))?.expect("a message");
                Ok(row.get::<Option<String>>("notes")?.unwrap_or_default())
            })
            .await
    }

    async fn said(&self, order: i64, kind: &str) -> usize {
        let (company, kind) = (self.desk.company, kind.to_owned());
        self.desk
            .app
            .read(move |r| {
                let facts = takt_store::facts::of_subject(r, company, "order", order, 0, 100)?;
                Ok(facts.iter().filter(|fact| fact.kind == kind).count())
            })
            .await
    }
}

on_both_engines! {
    async fn a_missing_step_blocks_its_verb_on_every_way_and_no_other(place: Place) {
        let world = World::open(place).await;
        for (number, (way, verb, fact)) in WAYS.into_iter().enumerate() {
            let words = STEPS.iter().find(|(of, _)| *of == verb).expect("a step").1;
            let order = world.order(way, number).await;
            world.lead_to(way, order).await;
            let told = world.ask(way, order, number).await;
            assert!(told.contains(words), "{way:?} does not say what is missing: {told}");
            assert_eq!(world.said(order, fact).await, 0, "{way:?} came through");

            let free = world.order(way, 100 + number).await;
            world.lead_to(way, free).await;
            world.tick(free, &[verb]).await;
            let told = world.ask(way, free, 100 + number).await;
            assert_eq!(world.said(free, fact).await, 1, "{way:?} is refused with nothing missing: {told}");
        }
    }
}
