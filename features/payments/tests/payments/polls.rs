//! Banks that are asked, by a bank that says what the test wants.

use std::{
    collections::BTreeMap,
    sync::{
        Arc, Mutex,
        atomic::{AtomicUsize, Ordering},
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
use takt_testing::{Place, on_both_engines};

use crate::{
    desk::{ACCOUNT, Desk},
    gaps::{file, gaps},
};

#[derive(Default)]
pub struct ToldBank {
    pub asked: Mutex<Vec<Interval>>,
    pub broken: AtomicUsize,
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
            Ok(Polled {
                reports: Vec::new(),
                problems: Vec::new(),
                cursor: json!({ "polls": 1 }),
                renewed: BTreeMap::from([("token".to_owned(), "new".to_owned())]),
            })
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
        assert_eq!(contact.last_problem.as_deref(), Some("outbound.timed_out"));
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
                channels::poll_wanted(tx, &channel, ACCOUNT, "payments.push_sequence")
            })
            .await;
        desk.app.drain().await;
        let open = gaps(&desk).await;
        assert_eq!(open.iter().map(|gap| gap.kind).collect::<Vec<_>>(), [GapKind::Sequence]);
        assert!(!asked(&bank).is_empty(), "the bank is asked at once");
        desk.upload(file(("2026-11-01", "2026-11-02"), ("0", "0"), &[])).await;
        assert_eq!(gaps(&desk).await.len(), 0);
    }
}
