//! The bank's own word, all the way: a simulated bank as a process pushes to a real `takt serve`, which dies at
//! any step between hearing it and counting it.

use std::{
    io::{BufRead, BufReader},
    net::{SocketAddr, TcpListener},
    path::Path,
    process::{Child, Stdio},
    time::{Duration, Instant},
};

use serde_json::{Map, Value, json};
use takt_bank_simulator::{
    books::{Books, NewLine},
    keys::{BankKeys, KID},
    push::{ISSUER, Mode, Seal, Subscriber, Teller},
    wire::Target,
};
use takt_kernel::{Clock, SystemClock, SystemEntropy};
use takt_outbound::Call;
use takt_payments::{
    channels::{
        self, NewChannel,
        keys::{self, NewKey},
    },
    rights::ManageBankChannels,
};
use takt_staff::Permit;
use takt_store::{Query, params, sql};
use takt_testing::on_both_engines;

use crate::{
    crash::{serving::Serving, world::World},
    desk::ACCOUNT,
};

const LONGEST: Duration = Duration::from_secs(60);

/// An order that waits for its money: its id, and what the buyer writes to the bank.
async fn order(world: &World, serving: &Serving, external_id: &str) -> (i64, String) {
    let phone = format!(
        "+7912{:07}",
        external_id.bytes().fold(7_u32, |sum, byte| sum * 31 % 9_999_991 + u32::from(byte))
    );
    let body = json!({
        "external_id": external_id, "currency": "RUB", "customer": {"name": external_id, "phone": phone},
        "lines": [{"name": "Рамка", "quantity": "1", "unit": "pcs", "price": "100.00", "vat": "22"}],
    });
    let call = Call::post(format!("{}/api/v1/orders", serving.address)).bearer(&world.token).json(&body);
    let reply = world.http.send(call).await.expect("an answer");
    assert!(reply.is_success(), "{}", reply.text());
    let placed: Value = reply.json().expect("an order");
    let id = placed["id"].as_i64().expect("an id");
    let order = read(world, serving, id).await;
    (id, order["invoice"]["number"].as_str().unwrap_or_else(|| panic!("no invoice: {order}")).to_owned())
}

async fn read(world: &World, serving: &Serving, id: i64) -> Value {
    let call = Call::get(format!("{}/api/v1/orders/{id}", serving.address)).bearer(&world.token);
    world.http.send(call).await.expect("an answer").json().expect("an order")
}

async fn until_paid(world: &World, serving: &Serving, id: i64) -> Value {
    let until = Instant::now() + LONGEST;
    let mut next = 0;
    loop {
        let order = read(world, serving, id).await;
        if order["paid"].as_str() == Some("100.00") {
            return order;
        }
        assert!(Instant::now() < until, "it is not paid: {order}\n{}", serving.log());
        // The log holds the question until somebody has paid.
        let address = format!("{}/api/v1/facts?after={next}&kinds=orders.paid&wait=20", serving.address);
        let heard = world.http.send(Call::get(address).bearer(&world.token)).await.expect("an answer");
        assert!(heard.is_success(), "{}", heard.text());
        next = heard.json::<Value>().expect("facts")["next"].as_i64().expect("a place");
    }
}

/// Connects the bank while nobody else holds the data.
async fn connect(world: &World, keys: &BankKeys, seal: Seal) -> Subscriber {
    let db = world.open().await;
    let (kind, text) = match seal {
        Seal::Tochka => ("tochka", keys.rsa.public_pem()),
        _ => ("push", keys.certificate.clone()),
    };
    let settings = Map::from_iter([
        ("issuer".to_owned(), Value::from(ISSUER)),
        ("peers".to_owned(), json!([keys.peer()])),
    ]);
    let settings = if seal == Seal::Tochka { Map::new() } else { settings };
    let new = NewChannel { kind: kind.to_owned(), name: "Банк".to_owned(), settings };
    let company = world.company;
    let channel = db
        .write("test.channel", move |tx| {
            let permit = Permit::<ManageBankChannels>::system(company, "test");
            let channel = channels::create(tx, &permit, &new)?;
            let kid = Some(KID.to_owned());
            let key = NewKey { kid, algorithm: None, text: text.clone(), not_before: None, not_after: None };
            keys::add(tx, &permit, channel, &key)?;
            Ok(channel)
        })
        .await
        .expect("a channel");
    db.close().await;
    Subscriber { channel: channel.get(), seal, account: ACCOUNT.to_owned() }
}

fn address(serving: &Serving) -> SocketAddr {
    serving.address.trim_start_matches("http://").parse().expect("an address")
}

on_both_engines! {
    async fn killed_between_verifying_keeping_matching_and_posting_it_counts_a_push_once(place: Place) {
        let world = World::found(place).await;
        let folder = tempfile::tempdir().expect("a folder");
        let keys = BankKeys::open(folder.path(), &SystemEntropy).expect("keys");
        let to = connect(&world, &keys, Seal::Tochka).await;
        let mut books = Books::new("crash");
        let mut paid = Vec::new();
        for (n, (point, may_be_answered)) in [
            ("payments.push.verified", false),
            ("payments.push.kept", false),
            // By then the bank may have been answered, or not.
            ("payments.message.staged", true),
            ("payments.message.matched", true),
        ]
        .into_iter()
        .enumerate()
        {
            let mut serving = world.starter.spawn(&format!("{point}=kill@1"));
            assert!(serving.listens(), "{}", serving.log());
            let (id, reference) = order(&world, &serving, &format!("P{n}")).await;
            let line = NewLine::credit(ACCOUNT, 10_000, &format!("Оплата {reference}"));
            let line = books.book(line, SystemClock.now());
            let teller = Teller { keys: &keys, entropy: &SystemEntropy, now: SystemClock.now() };
            let message = teller.tell(&mut books, &to, &line, Mode::Honest).expect("a message").remove(0);
            let heard = Target::plain(address(&serving)).post(&to.path(), &message.headers, &message.body).await;
            assert!(serving.dies_within(LONGEST).await, "it does not die at {point}: {heard:?}");
            assert_eq!(serving.ended_at().as_deref(), Some(point));
            let serving = world.starter.start();
            assert!(may_be_answered || heard.is_err(), "{point}: {heard:?}");
            // A bank that heard us does not come again; one that did not, does.
            if heard.ok() != Some(200) {
                let again = Target::plain(address(&serving));
                assert_eq!(again.post(&to.path(), &message.headers, &message.body).await.expect("an answer"), 200);
            }
            until_paid(&world, &serving, id).await;
            paid.push(id);
        }
        let db = world.open().await;
        let company = world.company;
        let counted = db
            .read("test.counted", move |r| {
                let row = r.one(
                    sql!(
                        "select count(*) as postings, cast(sum(journal_entry.amount_minor) as bigint) as came
                         from journal_transaction
                         join journal_entry on journal_entry.company_id = journal_transaction.company_id
                           and journal_entry.transaction_id = journal_transaction.id and journal_entry.side = 'debit'
                         where journal_transaction.company_id = :company_id and journal_transaction.kind = 'bank_credit'"
                    ),
                    params![company_id: company],
                )?;
                Ok((row.get::<i64>("postings")?, row.get::<i64>("came")?))
            })
            .await
            .expect("counts");
        assert_eq!(counted, (4, 40_000), "one posting for each of {paid:?}");
        db.close().await;
    }
}

/// The simulator as a process; it ends with its owner.
struct Bank {
    child: Child,
    address: String,
}

impl Drop for Bank {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Bank {
    fn start(world: &World, folder: &Path, push_to: SocketAddr, public_to: SocketAddr) -> Self {
        let mut child = world
            .starter
            .command()
            .args(["simulate", "bank", "--listen", "127.0.0.1:0", "--asked", "127.0.0.1:0", "--folder"])
            .arg(folder)
            .args(["--push-to", &push_to.to_string(), "--public-to", &public_to.to_string()])
            .stdout(Stdio::piped())
            .spawn()
            .expect("the binary");
        let said = BufReader::new(child.stdout.take().expect("its output"));
        let mut lines = said.lines().map_while(Result::ok);
        let address = lines.find_map(|line| line.strip_prefix("listening on ").map(str::to_owned));
        Self { address: format!("http://{}", address.expect("it listens")), child }
    }

    async fn pay(&self, world: &World, told: Value) -> Value {
        let reply = world.http.send(Call::post(format!("{}/lines", self.address)).json(&told)).await;
        reply.expect("an answer").json().expect("what was done")
    }
}

on_both_engines! {
    async fn a_simulated_bank_beside_the_program_pays_an_order_and_people_get_their_tasks(place: Place) {
        let mut world = World::found(place).await;
        let folder = tempfile::tempdir().expect("a folder");
        let keys = BankKeys::open(folder.path(), &SystemEntropy).expect("keys");
        let (push, tochka) = (connect(&world, &keys, Seal::Jws).await, connect(&world, &keys, Seal::Tochka).await);
        let free = TcpListener::bind("127.0.0.1:0").and_then(|port| port.local_addr()).expect("a port");
        let file = |name: &str| folder.path().join(name).display().to_string();
        world.starter.environment = vec![
            ("TAKT_BANK_LISTEN".to_owned(), free.to_string()),
            ("TAKT_BANK_CERT".to_owned(), file("server.pem")),
            ("TAKT_BANK_KEY".to_owned(), file("server.key")),
            ("TAKT_BANK_CLIENT_CA".to_owned(), file("authority.pem")),
        ];
        let serving = world.starter.start();
        let bank = Bank::start(&world, folder.path(), free, address(&serving));
        for (to, seal) in [(&push, "jws"), (&tochka, "tochka")] {
            let (id, reference) = order(&world, &serving, &format!("S-{seal}")).await;
            let told = json!({
                "account": ACCOUNT, "amount_minor": 10_000, "purpose": format!("Оплата {reference}"),
                "channel": to.channel, "seal": seal,
            });
            let done = bank.pay(&world, told.clone()).await;
            assert_eq!(done["answers"], json!([200]), "{done}");
            until_paid(&world, &serving, id).await;
            let until = Instant::now() + LONGEST;
            loop {
                let call = Call::get(format!("{}/api/v1/tasks?order={id}", serving.address)).bearer(&world.token);
                let tasks: Value = world.http.send(call).await.expect("an answer").json().expect("tasks");
                if tasks["items"].as_array().is_some_and(|tasks| !tasks.is_empty()) {
                    break;
                }
                assert!(Instant::now() < until, "nobody has a task: {tasks}");
                tokio::time::sleep(Duration::from_millis(20)).await;
            }
            let mut lie = told;
            lie["mode"] = "forged".into();
            assert_eq!(bank.pay(&world, lie).await["answers"], json!([401]));
        }
    }
}
