//! A person is erased (152-FZ): whatever way the name, the phone, the address or a word of them came in, nobody finds it
//! afterwards, in no row and in no byte of the file; money, goods and times are what they were.

use serde_json::{Value, json};
use takt_connections::NewConnection;
use takt_customers::{CustomerId, EraseCustomers, Reason};
use takt_feature::Feature;
use takt_orders::{CommentOrders, ConfirmOrders, OrderId};
use takt_payments::journal;
use takt_shipments::Dispatch;
use takt_staff::{
    Permit, Role, Scope, command_line,
    shops::{self, NewShop},
};
use takt_store::{Database, Engine, Query, Statement, Tier, checks};
use takt_testing::{Client, on_both_engines};

use crate::desk::{Desk, email};

/// What nobody may find. The phone is its last ten digits, which every way of writing it shares.
const TRACES: &[&str] = &[
    "Зубаткин",
    "зубаткин",
    "Поликарп",
    "поликарп",
    "9137654321",
    "913 765-43-21",
    "polikarp",
    "Кривоколенн",
    "кривоколенн",
    "домофон",
];
/// As a browser sends it.
const SURNAME: &str = "%D0%97%D1%83%D0%B1%D0%B0%D1%82%D0%BA%D0%B8%D0%BD";
const NAME: &str = "Зубаткин Поликарп";
const PHONE: &str = "8 (913) 765-43-21";

fn order(external_id: &str) -> Value {
    json!({
        "external_id": external_id,
        "currency": "RUB",
        "customer": {"name": NAME, "phone": PHONE, "email": "polikarp@example.org"},
        "lines": [{"sku": "TEA-100", "name": "Чай", "quantity": "2", "unit": "pcs", "price": "199.50", "vat": "22",
            "engraving": "Поликарпу"}],
        "delivery": {"method": "courier", "address": "Ярославль, Кривоколенный, 7", "price": "300.00"},
        "comment": "домофон Поликарп",
        "gift_for": "Зубаткин",
    })
}

/// Every value of every row, as bytes.
async fn everything(desk: &Desk, engine: Engine) -> Vec<(String, Vec<u8>)> {
    let tables = Statement::new(match engine {
        Engine::Sqlite => {
            "select sqlite_master.name as name, columns.name as field, columns.type as kind
             from sqlite_master
             join pragma_table_info(sqlite_master.name) as columns
             where sqlite_master.type = 'table' and sqlite_master.name not like 'sqlite!_%' escape '!'
             order by 1, 2"
        }
        Engine::Postgres => {
            "select cast(table_name as text) as name, cast(column_name as text) as field,
               cast(data_type as text) as kind
             from information_schema.columns
             where table_schema = current_schema()
             order by 1, 2"
        }
    });
    let columns = desk.app.read(move |r| r.all_of(&tables)).await;
    let mut all = Vec::new();
    for column in &columns {
        let (table, field, kind): (String, String, String) =
            (column.get("name").unwrap(), column.get("field").unwrap(), column.get("kind").unwrap());
        let hex = match engine {
            Engine::Sqlite => format!("hex(cast(\"{field}\" as blob))"),
            Engine::Postgres if kind == "bytea" => format!("encode(\"{field}\", 'hex')"),
            Engine::Postgres => format!("encode(convert_to(cast(\"{field}\" as text), 'UTF8'), 'hex')"),
        };
        let statement = Statement::new("select ")
            .push(&hex)
            .push(" as value from \"")
            .push(&table)
            .push("\" where \"")
            .push(&field)
            .push("\" is not null");
        for row in desk.app.read(move |r| r.all_of(&statement)).await {
            let hex: String = row.get("value").unwrap();
            let bytes =
                (0..hex.len() / 2).map(|at| u8::from_str_radix(&hex[at * 2..at * 2 + 2], 16).unwrap());
            all.push((format!("{table}.{field}"), bytes.collect()));
        }
    }
    all
}

/// The trace in each form in which a text travels.
fn forms(trace: &str) -> Vec<Vec<u8>> {
    let json: String = trace
        .chars()
        .map(
            |letter| {
                if letter.is_ascii() { letter.to_string() } else { format!("\\u{:04x}", u32::from(letter)) }
            },
        )
        .collect();
    let percent: String =
        trace
            .bytes()
            .map(|byte| {
                if byte.is_ascii_alphanumeric() {
                    char::from(byte).to_string()
                } else {
                    format!("%{byte:02X}")
                }
            })
            .collect();
    let percent_json = json.replace('\\', "%5C");
    [trace.to_owned(), json, percent.clone(), percent.to_lowercase(), percent_json]
        .into_iter()
        .map(String::into_bytes)
        .collect()
}

fn holds(bytes: &[u8], wanted: &[u8]) -> bool {
    bytes.windows(wanted.len()).any(|window| window == wanted)
}

/// Where a person is still found: the columns.
async fn found(desk: &Desk, engine: Engine) -> Vec<String> {
    let forms: Vec<Vec<u8>> = TRACES.iter().flat_map(|trace| forms(trace)).collect();
    let mut found: Vec<String> = everything(desk, engine)
        .await
        .into_iter()
        .filter(|(_, bytes)| forms.iter().any(|form| holds(bytes, form)))
        .map(|(column, _)| column)
        .collect();
    found.sort();
    found.dedup();
    found
}

/// The person is everywhere a person can be.
async fn live(desk: &Desk) -> Vec<OrderId> {
    let company = desk.company;
    desk.shelve("TEA-100", "100").await;
    desk.app
        .write(move |tx| {
            let given = takt_webhooks::Given {
                name: "Программа".to_owned(),
                url: "https://program.example.org/hook".to_owned(),
                ..takt_webhooks::Given::default()
            };
            let added = takt_webhooks::add(tx, &Permit::system(company, "test"), &given)?;
            takt_webhooks::pause(tx, &Permit::system(company, "test"), added.endpoint)
        })
        .await;
    desk.app.drain_with_failures().await;
    let (status, first) = desk.place(&order("Z-1")).await;
    assert!(status.is_success(), "{first}");
    let module = module(desk).await;
    let said = json!({
        "externalId": "77", "firstName": "Поликарп", "lastName": "Зубаткин", "phone": PHONE,
        "email": "polikarp@example.org", "customerComment": "домофон Поликарп",
        "items": [{"productName": "Чай", "quantity": 1, "initialPrice": 199.5, "offer": {"externalId": "TEA-100"}}],
        "delivery": {"address": {"text": "Ярославль, Кривоколенный, 7"}},
    });
    let answer = module
        .0
        .post_form(&format!("/api/v5/orders/create?apiKey={}", module.1), &[("order", &said.to_string())])
        .await;
    assert!(answer.status.is_success(), "{}", answer.text());
    // One that could not be taken in waits for a person.
    let broken = json!({"externalId": "78", "firstName": "Поликарп", "lastName": "Зубаткин", "phone": PHONE, "currency": "XXX"});
    module
        .0
        .post_form(&format!("/api/v5/orders/create?apiKey={}", module.1), &[("order", &broken.to_string())])
        .await;
    let draft = json!({"customer": {"name": NAME, "phone": PHONE}});
    let drafted = desk.program.post_json("/api/v1/drafts", &draft).await;
    assert!(drafted.status.is_success(), "{}", drafted.text());
    let page = first["buyer_page"].as_str().expect("a page").to_owned();
    let claim = [("amount", "699.00"), ("words", "это Поликарп Зубаткин")];
    desk.app.client().post_form(&format!("{page}/claim"), &claim).await;
    let owner = desk.signed_in(Role::Owner).await;
    let found = owner.get(&format!("/orders?view=all&q={SURNAME}")).await.text();
    assert!(found.contains(first["number"].as_str().expect("a number")), "{found}");
    let orders: Vec<OrderId> = {
        let rows = Statement::new("select id from orders order by id");
        desk.app.read(move |r| r.all_of(&rows)).await.iter().map(|row| row.get("id").unwrap()).collect()
    };
    for id in orders.clone() {
        desk.app
            .write(move |tx| {
                takt_orders::comment(
                    tx,
                    &Permit::<CommentOrders>::system(company, "test"),
                    id,
                    "Поликарп просил позже",
                )
                .map(|_| ())
            })
            .await;
    }
    desk.app.drain_with_failures().await;
    orders
}

async fn module(desk: &Desk) -> (Client, String) {
    let company = desk.company;
    let (_, key) = desk
        .app
        .write(move |tx| {
            let shop = shops::list(tx, company)?[0].id;
            let new = NewConnection { shop, kind: "retailcrm".to_owned(), name: "Магазин".to_owned() };
            takt_connections::create(tx, &Permit::system(company, "test"), &new)
        })
        .await;
    (desk.app.client(), key)
}

/// All of it is paid, leaves and arrives; an order that was only reported by a module too.
async fn finish(desk: &Desk, orders: &[OrderId]) {
    let company = desk.company;
    for id in orders.iter().copied() {
        let scope = Scope::Company { company, shops: None };
        let order = desk.app.read(move |r| takt_orders::get(r, &scope, id)).await;
        let invoice = desk.app.read(move |r| takt_payments::invoices::current_of_order(r, company, id)).await;
        let reference = invoice.expect("an invoice").reference;
        desk.bank_reports(&order.owed().to_decimal_string(), &format!("Оплата по счету {reference}")).await;
        desk.app
            .write(move |tx| {
                takt_orders::confirm(tx, &Permit::<ConfirmOrders>::system(company, "test"), id)?;
                let permit = Permit::system(company, "test");
                let shipment = takt_shipments::dispatch(tx, &permit, id, &Dispatch::default())?;
                takt_shipments::deliver(tx, &permit, shipment).map(|_| ())
            })
            .await;
    }
    desk.app.drain_with_failures().await;
}

/// Somebody decided that what waits is not needed.
async fn drop_what_waits(desk: &Desk) {
    let company = desk.company;
    let waiting = Statement::new("select id from connection_message where state = 'quarantined' order by id");
    desk.app
        .write(move |tx| {
            let permit = Permit::system(company, "test");
            for row in tx.all_of(&waiting)? {
                takt_connections::messages::drop_it(tx, &permit, row.get("id")?)?;
            }
            Ok(())
        })
        .await;
}

async fn customer_of(desk: &Desk, id: OrderId) -> CustomerId {
    let scope = Scope::Company { company: desk.company, shops: None };
    desk.app.read(move |r| takt_orders::get(r, &scope, id)).await.customer.expect("a customer")
}

/// What must not change: sums, stages and moments of the orders, the books, what lies in the warehouse.
async fn figures(desk: &Desk) -> Vec<String> {
    let company = desk.company;
    let mut figures = Vec::new();
    for statement in [
        "select number || ' ' || stage || ' ' || total_minor || ' ' || paid_minor || ' ' || placed_at || ' '
           || coalesce(started_at, 0) || ' ' || coalesce(delivered_at, 0) as told from orders order by id",
        "select cast(offer_id as text) || ' ' || on_hand || ' ' || held as told from stock_level order by offer_id",
        "select kind || ' ' || n as told from fact where subject_kind = 'order' and kind <> 'orders.erased' order by id",
    ] {
        let statement = Statement::new(statement);
        let rows = desk.app.read(move |r| r.all_of(&statement)).await;
        figures.extend(rows.iter().map(|row| row.get::<String>("told").unwrap()));
    }
    let books = desk.app.read(move |r| journal::balances::standings(r, company, None)).await;
    figures.extend(books.iter().map(|one| format!("{} {:?}", one.account, one.balance())));
    figures
}

async fn erase(desk: &Desk, customer: CustomerId) -> takt_kernel::Result<Vec<takt_customers::Kept>> {
    let company = desk.company;
    let owner = desk
        .app
        .read(move |r| command_line::permit_of_person::<EraseCustomers>(r, company, &email(Role::Owner)))
        .await;
    takt_customers::erase(&desk.app.db, &owner, customer, Reason::Asked).await
}

/// The bytes of the database, once nobody has it open.
fn bytes_of(folder: &std::path::Path) -> Vec<(String, Vec<u8>)> {
    let mut files = Vec::new();
    for entry in std::fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("a file").path();
        if path.is_dir() {
            files.extend(bytes_of(&path));
        } else {
            files.push((path.display().to_string(), std::fs::read(&path).expect("bytes")));
        }
    }
    files
}

/// Lets an erasing that has begun wait once, until something else has happened.
mod gate {
    use std::sync::{Mutex, mpsc::Receiver};

    use takt_customers::{CustomerId, Traces};
    use takt_kernel::{CompanyId, Result};
    use takt_store::Query;
    use takt_testing::tokio::sync::oneshot::Sender;

    pub static WAITS: Mutex<Option<(Sender<()>, Receiver<()>)>> = Mutex::new(None);
    static LOOKED: Mutex<usize> = Mutex::new(0);

    /// The first look is before the command, the second within it.
    pub fn pass(_: &mut dyn Query, _: CompanyId, _: &[CustomerId], _: &mut Traces) -> Result<()> {
        let mut looked = LOOKED.lock().expect("a count");
        *looked += 1;
        if *looked == 2
            && let Some((looked, has_ordered)) = WAITS.lock().expect("the gate").take()
        {
            looked.send(()).expect("somebody waits");
            has_ordered.recv().expect("an order");
        }
        Ok(())
    }
}

on_both_engines! {
    async fn a_person_who_was_erased_is_found_nowhere_and_all_figures_stand(place: Place) {
        let engine = place.engine();
        let folder = match engine {
            Engine::Sqlite => match place.database(&[]) {
                Database::Sqlite { folder } => Some(folder),
                Database::Postgres { .. } => None,
            },
            Engine::Postgres => None,
        };
        let desk = Desk::open(place).await;
        let orders = live(&desk).await;
        let customer = customer_of(&desk, orders[0]).await;
        let fault = erase(&desk, customer).await.expect_err("its orders are under way");
        assert!(fault.is("orders.erase_in_work"), "{fault:?}");
        finish(&desk, &orders).await;
        let fault = erase(&desk, customer).await.expect_err("a message about the person waits, perhaps with orders of others");
        assert!(fault.is("connections.erase_waits"), "{fault:?}");
        drop_what_waits(&desk).await;
        let before = found(&desk, engine).await;
        for column in [
            "customer.name", "customer_identity.value", "orders.contact_name", "orders.delivery_address",
            "orders.extra", "order_comment.words", "order_intake.content", "order_line.extra", "personal_value.value",
            "search_text.words", "invoice.payer_name", "connection_message.body", "gateway_draft.content",
            "notice.body", "payment_claim.words", "retailcrm_order.sent", "webhook_message.body",
        ] {
            assert!(before.iter().any(|one| one == column), "the person should be in {column}: {before:?}");
        }
        let stood = figures(&desk).await;
        let kept = erase(&desk, customer).await.expect("erased");
        assert_eq!(kept.iter().map(|one| (one.what.as_str(), one.count)).collect::<Vec<_>>(), [("payments.bank_lines", 2)]);
        desk.app.drain_with_failures().await;
        assert_eq!(found(&desk, engine).await, Vec::<String>::new());
        assert_eq!(figures(&desk).await, stood);
        let wrong = desk
            .app
            .read(|r| {
                let mut wrong = Vec::new();
                for check in checks(r) {
                    if !(check.look)(r)?.is_empty() {
                        wrong.push(check.code);
                    }
                }
                Ok(wrong)
            })
            .await;
        assert_eq!(wrong, Vec::<&str>::new());
        let again = erase(&desk, customer).await.expect_err("once");
        assert!(again.is("customers.erased_already"), "{again:?}");

        let owner = desk.signed_in(Role::Owner).await;
        let card = owner.get(&format!("/customers/{customer}")).await.expect_status(200).text();
        assert!(card.contains("Человек стёрт") && !card.contains("Зубаткин"), "{card}");
        assert!(!owner.get(&format!("/orders?view=all&q={SURNAME}")).await.text().contains("Z-1"));
        let history = owner.get(&format!("/orders/{}", orders[0])).await.expect_status(200).text();
        assert!(history.contains("Данные покупателя стёрты"), "{history}");

        // The same phone is a new person from now on, and nothing of the old one comes back with it.
        let (_, next) = desk.place(&order("Z-9")).await;
        let anew = customer_of(&desk, OrderId::new(next["id"].as_i64().expect("an id"))).await;
        assert_ne!(anew, customer);
        erase_again_after_cancelling(&desk, &next, anew).await;
        desk.app.db.close().await;
        if let Some(folder) = folder {
            let forms: Vec<Vec<u8>> = TRACES.iter().flat_map(|trace| forms(trace)).collect();
            for (file, bytes) in bytes_of(&folder) {
                for (form, trace) in forms.iter().zip(TRACES.iter().flat_map(|trace| [trace; 5])) {
                    assert!(!holds(&bytes, form), "{trace} is still in {file}");
                }
            }
        }
    }

    async fn who_orders_while_they_are_erased_is_not_half_erased(place: Place) {
        // SQLite has one writer: there nothing happens beside an erasing.
        if place.engine() == Engine::Sqlite {
            return;
        }
        let gate = Feature::new("gate", Tier::Feature).fill(
            &takt_customers::TRACES,
            "waits",
            gate::pass as takt_customers::TracesOf,
        );
        let desk = Desk::beside(place, gate).await;
        let (_, placed) = desk.place(&order("Z-1")).await;
        let first = OrderId::new(placed["id"].as_i64().expect("an id"));
        let customer = customer_of(&desk, first).await;
        let company = desk.company;
        desk.app
            .write(move |tx| {
                let permit = Permit::<takt_orders::CancelOrders>::system(company, "test");
                takt_orders::cancel(tx, &permit, first, None, "").map(|_| ())
            })
            .await;
        desk.app.drain_with_failures().await;
        let (looked, has_looked) = takt_testing::tokio::sync::oneshot::channel::<()>();
        let (ordered, has_ordered) = std::sync::mpsc::channel::<()>();
        *gate::WAITS.lock().expect("the gate") = Some((looked, has_ordered));
        let db = desk.app.db.clone();
        let erasing = takt_testing::tokio::spawn(async move {
            let permit = Permit::<EraseCustomers>::system(company, "test");
            takt_customers::erase(&db, &permit, customer, Reason::Asked).await
        });
        has_looked.await.expect("it has looked");
        desk.place(&order("Z-2")).await;
        ordered.send(()).expect("it waits");
        let refused = erasing.await.expect("no panic").expect_err("an order is under way");
        assert!(refused.is("orders.erase_in_work"), "{refused:?}");
    }

    async fn only_who_may_erases_and_only_for_a_reason(place: Place) {
        let desk = Desk::open(place).await;
        let (_, placed) = desk.place(&order("Z-1")).await;
        let id = OrderId::new(placed["id"].as_i64().expect("an id"));
        let customer = customer_of(&desk, id).await;
        let cancelled = desk.signed_in(Role::Owner).await.post_form(&format!("/orders/{id}/cancel"), &[("reason", "")]).await;
        assert!(cancelled.status.is_redirection(), "{}", cancelled.text());
        desk.app.drain_with_failures().await;
        let path = format!("/customers/{customer}/erase");
        let (owner, operator) = (desk.signed_in(Role::Owner).await, desk.signed_in(Role::Operator).await);
        let sure = [("reason", "asked"), ("sure", "on")];
        assert!(operator.post_form(&path, &sure).await.status.is_client_error());
        for (given, status) in [
            (&[("reason", "asked")][..], 422),
            (&[("reason", "because"), ("sure", "on")][..], 422),
        ] {
            assert_eq!(owner.post_form(&path, given).await.status.as_u16(), status, "{given:?}");
        }
        let refused = desk.program.post_json(&format!("/api/v1/customers/{customer}/erase"), &json!({"reason": "asked"})).await;
        assert!(refused.status.is_client_error(), "{}", refused.text());
        let name = desk.company.to_string();
        let other = command_line::create_shop(&desk.app.db, &name, NewShop { name: "Вторая".to_owned(), currency: None })
            .await
            .expect("a shop");
        let (_, foreign) = command_line::create_token(&desk.app.db, &name, &other.to_string(), "test", "customers:erase")
            .await
            .expect("a token");
        let foreign = desk.app.client().with_token(&foreign);
        let body = json!({"reason": "asked"});
        let answer = foreign.post_json(&format!("/api/v1/customers/{customer}/erase"), &body).await;
        assert_eq!(answer.status.as_u16(), 404, "another shop's program: {}", answer.text());
        owner.post_form(&path, &sure).await.expect_status(303);
        let shop = desk.app.read({ let company = desk.company; move |r| shops::list(r, company) }).await[0].id;
        let (_, token) = command_line::create_token(&desk.app.db, &name, &shop.to_string(), "test", "customers:erase").await.expect("a token");
        let program = desk.app.client().with_token(&token);
        let again = program.post_json(&format!("/api/v1/customers/{customer}/erase"), &json!({"reason": "asked"})).await;
        assert_eq!(again.status.as_u16(), 409, "{}", again.text());
    }
}

async fn erase_again_after_cancelling(desk: &Desk, placed: &Value, customer: CustomerId) {
    let owner = desk.signed_in(Role::Owner).await;
    let answer = owner.post_form(&format!("/orders/{}/cancel", placed["id"]), &[("reason", "")]).await;
    assert!(answer.status.is_redirection(), "{}", answer.text());
    desk.app.drain_with_failures().await;
    erase(desk, customer).await.expect("erased");
    desk.app.drain_with_failures().await;
}
