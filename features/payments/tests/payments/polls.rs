//! Banks that are asked, by a bank that says what the test wants.

use std::{
    collections::BTreeMap,
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, AtomicUsize, Ordering},
    },
};

use futures::future::BoxFuture;
use serde_json::{Map, json};
use takt_kernel::{Fault, Result};
use takt_payments::{
    BANK_SOURCE, CHANNEL_KINDS,
    channels::{self, ChannelId, NewChannel},
    proofs::GapKind,
    rights::ManageBankChannels,
};
use takt_payments_port::{Asked, BankSource, ChannelKind, Interval, Polled, SourceKind};
use takt_staff::Permit;
use takt_store::{Query as _, params, sql};
use takt_testing::{Place, on_both_engines};

use crate::{
    desk::{ACCOUNT, Desk},
    gaps::{file, gaps},
};

#[derive(Default)]
pub struct ToldBank {
    pub asked: Mutex<Vec<Interval>>,
    pub broken: AtomicUsize,
    /// It has changed our token, and then says nothing more.
    pub hangs: AtomicBool,
    /// A long answer takes so many rounds; what it was asked to go on from.
    pub rounds: AtomicUsize,
    pub went_on_from: Mutex<Vec<serde_json::Value>>,
}

impl BankSource for ToldBank {
    fn poll<'a>(&'a self, asked: Asked<'a>) -> BoxFuture<'a, Result<Polled>> {
        Box::pin(async move {
            assert_eq!(asked.account, ACCOUNT);
            assert_eq!(asked.keys.get("password").ok(), Some("secret"));
            self.asked.lock().unwrap().push(asked.interval.clone());
            if self.broken.load(Ordering::SeqCst) > 0 {
                return Err(Fault::unavailable("outbound.timed_out").arg("host", "bank"));
            }
            asked.keeper.renewed(BTreeMap::from([("token".to_owned(), "new".to_owned())])).await?;
            if self.hangs.load(Ordering::SeqCst) {
                asked.keeper.so_far(&json!({ "day": "2026-10-31" })).await?;
                std::future::pending::<()>().await;
            }
            self.went_on_from.lock().unwrap().push(asked.cursor.clone());
            let left = self.rounds.load(Ordering::SeqCst);
            if left > 0 {
                self.rounds.store(left - 1, Ordering::SeqCst);
                return Ok(Polled {
                    problems: Vec::new(),
                    cursor: json!({ "left": left }),
                    unfinished: true,
                });
            }
            Ok(Polled { cursor: json!({ "polls": 1 }), ..Polled::default() })
        })
    }
}

pub async fn with_bank(place: Place) -> (Desk, Arc<ToldBank>, ChannelId) {
    let bank = Arc::new(ToldBank::default());
    let kind = ChannelKind {
        code: "told",
        name_key: "payments-title",
        push: None,
        read: Some(|_, _| Err(Fault::invalid("payments.file_empty"))),
    };
    let feature = takt_feature::Feature::new("told_bank", takt_feature::Tier::Connector)
        .fill(&CHANNEL_KINDS, "told", kind)
        .fill(&BANK_SOURCE, "told", SourceKind { code: "told", source: bank.clone() });
    let desk = Desk::with(place, vec![feature]).await;
    desk.open_account(ACCOUNT).await;
    let company = desk.company;
    let channel = desk
        .app
        .write(move |tx| {
            let permit = Permit::<ManageBankChannels>::system(company, "test");
            let settings: Map<_, _> =
                [("address".to_owned(), json!("https://bank.example/api"))].into_iter().collect();
            let new = NewChannel { kind: "told".to_owned(), name: "Банк".to_owned(), settings };
            let id = channels::create(tx, &permit, &new)?;
            channels::secrets::set(tx, &permit, id, "password", "secret")?;
            Ok(id)
        })
        .await;
    (desk, bank, channel)
}

fn asked(bank: &ToldBank) -> Vec<(String, String)> {
    std::mem::take(&mut *bank.asked.lock().unwrap()).into_iter().map(|one| (one.from, one.until)).collect()
}

/// Only the statement can tell, of that day.
async fn wanted(desk: &Desk, channel: ChannelId, day: Option<&'static str>) {
    let company = desk.company;
    desk.app
        .write(move |tx| {
            let channel = channels::get(tx, company, channel)?;
            channels::poll_wanted(tx, &channel, ACCOUNT, "payments.push_sequence", day.map(str::to_owned))
        })
        .await;
    desk.app.drain().await;
}

fn days(from: &str, until: &str) -> (String, String) {
    (from.to_owned(), until.to_owned())
}

on_both_engines! {
    async fn a_bank_is_asked_every_quarter_of_an_hour_and_every_minute_while_an_order_awaits_money(place: Place) {
        let (desk, bank, _) = with_bank(place).await;
        desk.app.drain().await;
        assert_eq!(asked(&bank), [days("2026-10-30", "2026-11-02")], "the last days are read at once");
        for _ in 0..14 {
            desk.app.advance(60).await;
        }
        assert_eq!(asked(&bank), []);
        desk.app.advance(60).await;
        assert_eq!(asked(&bank), [days("2026-10-30", "2026-11-02")]);
        desk.order("1", "Анна", "500").await;
        for _ in 0..5 {
            desk.app.advance(60).await;
        }
        let often = asked(&bank);
        assert!(often.len() >= 4, "{often:?}");
        assert!(often.iter().all(|one| *one == days("2026-11-01", "2026-11-02")), "{often:?}");
    }

    async fn a_gap_is_asked_for_at_once_from_its_first_day(place: Place) {
        let (desk, bank, _) = with_bank(place).await;
        desk.app.drain().await;
        asked(&bank);
        desk.upload(file(("2026-10-20", "2026-10-20"), ("0", "100"), &[])).await;
        assert_eq!(gaps(&desk).await.len(), 1);
        desk.app.advance(61).await;
        assert_eq!(asked(&bank), [days("2026-10-20", "2026-11-02")]);
    }

    async fn a_bank_that_fails_is_asked_later_each_time_and_told_as_silent(place: Place) {
        let (desk, bank, channel) = with_bank(place).await;
        bank.broken.store(1, Ordering::SeqCst);
        desk.app.drain().await;
        for _ in 0..25 {
            desk.app.advance(60).await;
        }
        let tries = asked(&bank).len();
        assert!((4..=8).contains(&tries), "{tries}");
        assert_eq!(desk.app.facts_named("payments.channel_silent").await, 1);
        let company = desk.company;
        let contact = desk.app.read(move |reader| channels::contact_of(reader, company, channel)).await.unwrap();
        assert_eq!(contact.last_problem.map(|problem| problem.code).as_deref(), Some("outbound.timed_out"));
        bank.broken.store(0, Ordering::SeqCst);
        desk.app.advance(16 * 60).await;
        let contact = desk.app.read(move |reader| channels::contact_of(reader, company, channel)).await.unwrap();
        assert!(contact.silent_since.is_none() && contact.last_good_at.is_some());
    }

    async fn a_paused_bank_is_not_asked(place: Place) {
        let (desk, bank, channel) = with_bank(place).await;
        desk.app.drain().await;
        asked(&bank);
        let company = desk.company;
        desk.app
            .write(move |tx| channels::pause(tx, &Permit::<ManageBankChannels>::system(company, "test"), channel))
            .await;
        desk.app.advance(3600).await;
        assert_eq!(asked(&bank), []);
        desk.app
            .write(move |tx| channels::resume(tx, &Permit::<ManageBankChannels>::system(company, "test"), channel))
            .await;
        desk.app.drain().await;
        assert_eq!(asked(&bank).len(), 1);
    }

    async fn a_number_that_is_missing_between_two_pushes_is_a_gap_until_a_statement_comes(place: Place) {
        let (desk, bank, channel) = with_bank(place).await;
        desk.app.drain().await;
        asked(&bank);
        let company = desk.company;
        desk.app
            .write(move |tx| {
                let channel = channels::get(tx, company, channel)?;
                channels::poll_wanted(tx, &channel, ACCOUNT, "payments.push_sequence", None)
            })
            .await;
        desk.app.drain().await;
        let open = gaps(&desk).await;
        assert_eq!(open.iter().map(|gap| gap.kind).collect::<Vec<_>>(), [GapKind::Sequence]);
        assert!(!asked(&bank).is_empty(), "the bank is asked at once");
        desk.upload(file(("2026-11-01", "2026-11-02"), ("0", "0"), &[])).await;
        assert_eq!(gaps(&desk).await.len(), 0);
    }

    async fn statements_of_single_days_heal_it_together(place: Place) {
        let (desk, _, channel) = with_bank(place).await;
        desk.app.drain().await;
        wanted(&desk, channel, None).await;
        assert_eq!(gaps(&desk).await.len(), 1);
        desk.upload(file(("2026-11-01", "2026-11-01"), ("0", "0"), &[])).await;
        assert_eq!(gaps(&desk).await.len(), 1, "the other day is still missing");
        desk.upload(file(("2026-11-02", "2026-11-02"), ("0", "0"), &[])).await;
        assert_eq!(gaps(&desk).await.len(), 0);
    }

    async fn a_message_of_an_earlier_day_wants_the_statement_of_that_day(place: Place) {
        let (desk, bank, channel) = with_bank(place).await;
        desk.app.drain().await;
        asked(&bank);
        wanted(&desk, channel, Some("2026-10-20")).await;
        let open = gaps(&desk).await;
        assert_eq!((open[0].from.as_str(), open[0].until.as_str()), ("2026-10-20", "2026-10-20"));
        assert_eq!(asked(&bank), [days("2026-10-20", "2026-11-02")]);
    }

    async fn a_gap_that_the_bank_does_not_fill_is_asked_for_less_often_and_then_left_to_people(place: Place) {
        let (desk, bank, channel) = with_bank(place).await;
        desk.app.drain().await;
        wanted(&desk, channel, Some("2026-10-20")).await;
        asked(&bank);
        for _ in 0..5 {
            desk.app.advance(60).await;
        }
        assert!(asked(&bank).len() >= 4, "at first it is asked for as often as may be");
        desk.app.advance(3600).await;
        asked(&bank);
        for _ in 0..15 {
            desk.app.advance(60).await;
        }
        assert_eq!(asked(&bank), [days("2026-10-20", "2026-11-02")], "once with the last days");
        desk.app.advance(8 * 24 * 3600).await;
        asked(&bank);
        desk.app.advance(15 * 60).await;
        assert_eq!(asked(&bank), [days("2026-11-07", "2026-11-10")]);
        assert_eq!(gaps(&desk).await.len(), 1, "people see it");
    }

    async fn a_bank_that_was_away_is_asked_from_before_it_went(place: Place) {
        let (desk, bank, _) = with_bank(place).await;
        desk.app.drain().await;
        bank.broken.store(1, Ordering::SeqCst);
        desk.app.advance(10 * 24 * 3600).await;
        asked(&bank);
        bank.broken.store(0, Ordering::SeqCst);
        desk.app.advance(16 * 60).await;
        assert_eq!(asked(&bank), [days("2026-10-30", "2026-11-12")]);
        desk.app.advance(16 * 60).await;
        assert_eq!(asked(&bank), [days("2026-11-09", "2026-11-12")]);
    }

    async fn what_a_bank_gave_before_it_hung_is_kept(place: Place) {
        let (desk, bank, channel) = with_bank(place).await;
        bank.hangs.store(true, Ordering::SeqCst);
        let company = desk.company;
        let place_of = async || -> Option<String> {
            desk.app
                .read(move |reader| {
                    let row = reader.opt(
                        sql!(
                            "select place
                             from bank_poll
                             where company_id = :company_id and channel_id = :channel_id and account = :account"
                        ),
                        params![company_id: company, channel_id: channel, account: ACCOUNT],
                    )?;
                    row.map(|row| row.get("place")).transpose()
                })
                .await
        };
        // The process falls while the bank says nothing.
        tokio::select! {
            _ = desk.app.drain() => unreachable!("it hangs"),
            () = async {
                while place_of().await.is_none() {
                    tokio::task::yield_now().await;
                }
            } => {}
        }
        let keys = desk.app.read(move |reader| channels::secrets::all(reader, company, channel)).await;
        assert_eq!(keys.get("token").map(String::as_str), Some("new"));
        assert_eq!(place_of().await.as_deref(), Some("{\"day\":\"2026-10-31\"}"));
    }

    async fn a_long_answer_goes_on_where_it_stopped_and_is_whole_at_its_end(place: Place) {
        let (desk, bank, _) = with_bank(place).await;
        bank.rounds.store(2, Ordering::SeqCst);
        desk.app.drain().await;
        for _ in 0..3 {
            desk.app.advance(2).await;
        }
        let whole = days("2026-10-30", "2026-11-02");
        assert_eq!(asked(&bank), [whole.clone(), whole.clone(), whole], "the rest at once, not in a quarter of an hour");
        let from = std::mem::take(&mut *bank.went_on_from.lock().unwrap());
        assert_eq!(from, [json!(null), json!({ "left": 2 }), json!({ "left": 1 })]);
    }

    async fn whoever_is_refused_for_reasons_of_his_own_choice_is_an_alarm_or_three(place: Place) {
        let (desk, _, channel) = with_bank(place).await;
        desk.app.drain().await;
        let company = desk.company;
        let channel = desk.app.read(move |reader| channels::get(reader, company, channel)).await;
        for n in 0..600 {
            let code = format!("payments.push_reason_{}", n % 7);
            let trouble = takt_payments::Trouble::coded(&code);
            channels::Contacts::problem(&desk.app.db, &channel, trouble).await.unwrap();
            desk.app.clock.advance_seconds(1);
        }
        let said = desk.app.facts_named("payments.push_refused").await;
        assert!((1..=3).contains(&said), "{said}");
        desk.app.drain().await;
        let opened = desk.app.facts_named("tasks.opened").await;
        assert_eq!(opened, 1, "one task a day for all of them");
    }
}
