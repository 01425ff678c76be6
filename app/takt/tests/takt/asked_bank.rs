//! Banks that are asked, by a bank as a process of its own: `takt simulate bank`, over mutual TLS.

use std::{
    io::{BufRead, BufReader},
    process::{Child, Command, Stdio},
};

use http::Method;
use serde_json::{Map, Value, json};
use takt_kernel::{Clock as _, SystemClock, money::Currency};
use takt_outbound::{Call, Outbound, Reach};
use takt_payments::{
    channels::{
        self, ChannelId, NewChannel,
        keys::{self, NewKey},
        secrets,
    },
    proofs::{self, GapKind},
    rights::ManageBankChannels,
};
use takt_staff::{Permit, Scope};
use takt_store::{Query as _, params, sql};
use takt_testing::{Place, on_both_engines};

use crate::desk::{ACCOUNT, Desk};

struct Bank {
    process: Child,
    folder: tempfile::TempDir,
    told_at: String,
    asked_at: String,
    client: Outbound,
}

impl Drop for Bank {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

impl Bank {
    fn start() -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let mut process = Command::new(env!("CARGO_BIN_EXE_takt"))
            .args(["simulate", "bank", "--listen", "127.0.0.1:0", "--asked", "127.0.0.1:0", "--folder"])
            .arg(folder.path())
            .stdout(Stdio::piped())
            .spawn()
            .expect("a bank");
        let out = BufReader::new(process.stdout.take().expect("its words"));
        let (mut told_at, mut asked_at) = (String::new(), String::new());
        for line in out.lines() {
            let line = line.expect("a line");
            if let Some(at) = line.strip_prefix("asked at ") {
                asked_at = at.to_owned();
            }
            if let Some(at) = line.strip_prefix("listening on ") {
                told_at = at.to_owned();
                break;
            }
        }
        assert!(!told_at.is_empty() && !asked_at.is_empty(), "the bank did not begin");
        Self { process, folder, told_at, asked_at, client: Outbound::to(Reach::Anywhere).expect("a client") }
    }

    fn file(&self, name: &str) -> String {
        std::fs::read_to_string(self.folder.path().join(name)).expect(name)
    }

    async fn tell(&self, path: &str, body: &Value) {
        let call = Call::new(Method::POST, format!("http://{}{path}", self.told_at)).json(body);
        let reply = self.client.send(call).await.expect("an answer");
        assert!(reply.is_success(), "{}", reply.text());
    }

    async fn books(&self, minor: i64, purpose: &str) {
        self.tell("/lines", &json!({"account": ACCOUNT, "amount_minor": minor, "purpose": purpose})).await;
    }

    async fn answers(&self, mode: &str) {
        self.tell("/asked", &json!({ "mode": mode })).await;
    }
}

struct Asked {
    desk: Desk,
    bank: Bank,
    channel: ChannelId,
}

impl Asked {
    async fn open(place: Place, kind: &'static str) -> Self {
        let bank = Bank::start();
        let desk = Desk::reaching_everywhere(place).await;
        // The bank is a process with a clock of its own.
        desk.app.clock.set(SystemClock.now());
        desk.app.drain().await;
        let company = desk.company;
        let (address, keys): (String, Vec<(&str, String)>) = match kind {
            "directbank" => (
                format!("https://{}/directbank", bank.asked_at),
                vec![
                    ("user", takt_bank_simulator::asked::USER.to_owned()),
                    ("password", takt_bank_simulator::asked::PASSWORD.to_owned()),
                ],
            ),
            _ => (
                format!("https://{}/rest", bank.asked_at),
                vec![
                    ("client_id", "takt".to_owned()),
                    ("client_secret", "s".to_owned()),
                    ("refresh_token", takt_bank_simulator::asked::REFRESH.to_owned()),
                ],
            ),
        };
        let keys: Vec<(&str, String)> = keys
            .into_iter()
            .chain([
                ("authorities", bank.file("authority.pem")),
                ("certificate", bank.file("client.pem")),
                ("private_key", bank.file("client.key")),
            ])
            .collect();
        let signing = bank.file("signing.pem");
        let channel = desk
            .app
            .write(move |tx| {
                let permit = Permit::<ManageBankChannels>::system(company, "test");
                let settings: Map<String, Value> = [("address", json!(address)), ("customer", json!("1"))]
                    .map(|(name, value)| (name.to_owned(), value))
                    .into_iter()
                    .collect();
                let new = NewChannel { kind: kind.to_owned(), name: "Банк".to_owned(), settings };
                let id = channels::create(tx, &permit, &new)?;
                for (name, value) in &keys {
                    secrets::set(tx, &permit, id, name, value)?;
                }
                let key = NewKey {
                    kid: None,
                    algorithm: None,
                    text: signing.clone(),
                    not_before: None,
                    not_after: None,
                };
                keys::add(tx, &permit, id, &key)?;
                Ok(id)
            })
            .await;
        Self { desk, bank, channel }
    }

    async fn order(&self, id: &str, price: &str) -> (Value, String) {
        let (status, order) = self
            .desk
            .place(&json!({"external_id": id, "customer": {"name": "Анна", "phone": "+79120000001"}, "currency": "RUB",
                "lines": [{"name": "Рамка", "quantity": "1", "unit": "pcs", "price": price, "vat": "22"}]}))
            .await;
        assert!(status.is_success(), "{order}");
        let reference = order["invoice"]["number"].as_str().expect("a reference").to_owned();
        (order["id"].clone(), reference)
    }

    async fn paid(&self, order: &Value) -> String {
        self.desk.order(order).await["paid"].as_str().unwrap_or_default().to_owned()
    }

    async fn gaps(&self) -> Vec<GapKind> {
        let scope = Scope::Company { company: self.desk.company, shops: None };
        let open = self.desk.app.read(move |reader| proofs::open(reader, &scope, 100)).await;
        open.into_iter().map(|gap| gap.kind).collect()
    }

    async fn problem(&self) -> Option<String> {
        let (company, channel) = (self.desk.company, self.channel);
        let contact = self.desk.app.read(move |reader| channels::contact_of(reader, company, channel)).await;
        contact.and_then(|contact| contact.last_problem).map(|problem| problem.code)
    }

    /// What became of every line.
    async fn outcomes(&self) -> Vec<String> {
        let company = self.desk.company;
        self.desk
            .app
            .read(move |reader| {
                let rows = reader.all(
                    sql!(
                        "select outcome from bank_line where company_id = :company_id order by id limit 1000"
                    ),
                    params![company_id: company],
                )?;
                rows.iter().map(|row| row.get("outcome")).collect()
            })
            .await
    }

    async fn minutes(&self, count: i64) {
        for _ in 0..count {
            self.desk.app.clock.advance_seconds(61);
            self.desk.app.drain().await;
        }
    }
}

async fn is_paid_by_a_poll(place: Place, kind: &'static str) {
    let asked = Asked::open(place, kind).await;
    let (order, reference) = asked.order("1", "100.00").await;
    asked.desk.app.drain().await;
    assert_eq!(asked.paid(&order).await, "0.00");
    for n in 0..7 {
        asked.bank.books(1_000 + n, "возврат займа").await;
    }
    asked.bank.books(10_000, &format!("Оплата по счёту {reference}")).await;
    asked.bank.books(-2_500, "комиссия").await;
    asked.minutes(12).await;
    assert_eq!(asked.paid(&order).await, "100.00");
    assert_eq!(asked.gaps().await, []);
    asked.minutes(3).await;
    assert_eq!(asked.desk.app.facts_named("payments.matched").await, 1);
    let company = asked.desk.company;
    let all = asked.desk.app.read(move |reader| takt_payments::journal::trial_balance(reader, company)).await;
    assert!(all.iter().all(|money| money.is_zero() && money.currency() == Currency::RUB), "{all:?}");
}

async fn a_lost_line_is_found_and_healed(place: Place, kind: &'static str) {
    let asked = Asked::open(place, kind).await;
    let (order, reference) = asked.order("1", "100.00").await;
    asked.bank.answers("lost_line").await;
    asked.bank.books(500, "раньше").await;
    asked.bank.books(10_000, &format!("Оплата по счёту {reference}")).await;
    asked.minutes(2).await;
    assert_eq!(asked.gaps().await, [GapKind::Balance]);
    assert_eq!(asked.paid(&order).await, "0.00");
    asked.bank.answers("honest").await;
    asked.minutes(12).await;
    assert_eq!(asked.gaps().await, []);
    assert_eq!(asked.paid(&order).await, "100.00");
}

async fn a_lie_pays_nothing_and_is_told(place: Place, kind: &'static str, mode: &str, problem: &str) {
    let asked = Asked::open(place, kind).await;
    let (order, reference) = asked.order("1", "100.00").await;
    asked.bank.answers(mode).await;
    asked.bank.books(10_000, &format!("Оплата по счёту {reference}")).await;
    for _ in 0..4 {
        asked.bank.books(1, "ещё").await;
    }
    asked.minutes(2).await;
    assert_eq!(asked.paid(&order).await, "0.00");
    assert_eq!(asked.problem().await.as_deref(), Some(problem));
}

async fn equal_payments_are_two(place: Place, kind: &'static str) {
    let asked = Asked::open(place, kind).await;
    let twin = json!({"account": ACCOUNT, "amount_minor": 7_000, "purpose": "за рамку", "number": "17"});
    asked.bank.tell("/lines", &twin).await;
    asked.minutes(15).await;
    assert_eq!(asked.outcomes().await.len(), 1);
    asked.bank.tell("/lines", &twin).await;
    asked.minutes(31).await;
    let all = asked.outcomes().await;
    assert_eq!(all.iter().filter(|outcome| *outcome != "payments.duplicate").count(), 2, "{all:?}");
    assert!(all.iter().all(|outcome| !outcome.contains("maybe")), "{all:?}");
}

on_both_engines! {
    async fn an_order_is_paid_by_a_poll_of_directbank(place: Place) {
        is_paid_by_a_poll(place, "directbank").await;
    }

    async fn an_order_is_paid_by_a_poll_of_a_rest_statement(place: Place) {
        is_paid_by_a_poll(place, "sber").await;
    }

    async fn a_line_that_directbank_lost_is_found_and_healed(place: Place) {
        a_lost_line_is_found_and_healed(place, "directbank").await;
    }

    async fn a_line_that_rest_lost_is_found_and_healed(place: Place) {
        a_lost_line_is_found_and_healed(place, "sber").await;
    }

    async fn a_statement_signed_by_somebody_else_pays_nothing(place: Place) {
        a_lie_pays_nothing_and_is_told(place, "directbank", "forged", "proof.signature_wrong").await;
    }

    async fn a_statement_changed_on_its_way_pays_nothing(place: Place) {
        a_lie_pays_nothing_and_is_told(place, "directbank", "altered", "proof.signature_wrong").await;
    }

    async fn an_error_beside_an_empty_page_is_no_empty_day(place: Place) {
        a_lie_pays_nothing_and_is_told(place, "sber", "empty_with_errors", "bank_rest.bank_error").await;
    }

    async fn a_page_that_repeats_itself_is_no_statement(place: Place) {
        a_lie_pays_nothing_and_is_told(place, "sber", "repeated_page", "bank_rest.page_repeated").await;
    }

    async fn a_token_that_the_bank_changed_before_it_hung_is_not_lost(place: Place) {
        let asked = Asked::open(place, "sber").await;
        let (order, reference) = asked.order("1", "100.00").await;
        asked.bank.books(10_000, &format!("Оплата по счёту {reference}")).await;
        asked.bank.answers("hangs_in_statements").await;
        asked.desk.app.clock.advance_seconds(61);
        let (company, channel) = (asked.desk.company, asked.channel);
        let renewed = async || {
            let keys = asked.desk.app.read(move |reader| secrets::all(reader, company, channel)).await;
            keys.get("refresh_token").is_some_and(|token| token != takt_bank_simulator::asked::REFRESH)
        };
        // The process falls while the bank says nothing.
        tokio::select! {
            _ = asked.desk.app.drain() => unreachable!("it hangs"),
            () = async {
                while !renewed().await {
                    tokio::time::sleep(std::time::Duration::from_millis(10)).await;
                }
            } => {}
        }
        asked.bank.answers("honest").await;
        // The access token is over as well, so that the new refresh token has to count.
        asked.minutes(70).await;
        assert_eq!(asked.paid(&order).await, "100.00");
    }

    async fn two_equal_payments_that_directbank_told_one_after_the_other_are_two(place: Place) {
        equal_payments_are_two(place, "directbank").await;
    }

    async fn two_equal_payments_that_rest_told_one_after_the_other_are_two(place: Place) {
        equal_payments_are_two(place, "sber").await;
    }
}
