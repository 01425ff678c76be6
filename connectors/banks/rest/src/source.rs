//! One poll: a token, then the operations of every day to the real end, then what the bank says there were.

use std::collections::{BTreeMap, HashSet};

use futures::future::BoxFuture;
use serde::{Deserialize, Serialize};
use serde_json::Value as Json;
use takt_kernel::{Fault, Result};
use takt_outbound::{Call, Reply, Secured};
use takt_payments_port::{Asked, BankSource, Polled, Proof, RawReport};

use crate::{
    profile::{PAGE_SIZE, Paging, Profile},
    report::{self, asked_day, clip, has_next, operations},
    token,
};

const MOST_PAGES: u32 = 2_000;
const MOST_DAYS: usize = 40;

pub struct Rest {
    pub profile: &'static Profile,
}

#[derive(Deserialize)]
#[serde(default)]
struct Settings {
    /// Where tokens are given out, below the channel's address or whole.
    token: String,
    /// Sent beside the account where the bank wants more: `curFormat=curTransfer`.
    also: BTreeMap<String, String>,
}

impl Default for Settings {
    fn default() -> Self {
        Self { token: "/oauth/token".to_owned(), also: BTreeMap::new() }
    }
}

impl BankSource for Rest {
    fn poll<'a>(&'a self, asked: Asked<'a>) -> BoxFuture<'a, Result<Polled>> {
        Box::pin(poll(self.profile, asked))
    }
}

async fn poll(profile: &'static Profile, asked: Asked<'_>) -> Result<Polled> {
    let settings: Settings = serde_json::from_value(asked.settings.clone()).unwrap_or_default();
    let token = token::of(&asked, &settings.token).await?;
    let renewed: BTreeMap<String, String> =
        token.renewed.iter().map(|(name, value)| ((*name).to_owned(), value.clone())).collect();
    if !renewed.is_empty() {
        // The old refresh token is worth nothing any more, whatever the bank does from here on.
        asked.keeper.renewed(renewed).await?;
    }
    let bank = Bank { profile, asked: &asked, settings: &settings, token: &token.access };
    let mut polled = Polled::default();
    let mut place: Place = serde_json::from_value(asked.cursor.clone()).unwrap_or_default();
    let days = questions(profile, &asked)?;
    place.begin(&asked.interval.from, &days);
    let first = place.next.clone();
    for (from, until) in days.into_iter().filter(|(day, _)| *day >= first) {
        if asked.keeper.is_late() {
            polled.unfinished = true;
            polled.cursor = place.written();
            return Ok(polled);
        }
        match bank.report(&from, &until).await {
            Ok(report) => asked.keeper.report(report).await?,
            Err(fault) => polled.problems.push(fault),
        }
        place.next = next_day(&until);
        asked.keeper.so_far(&place.written()).await?;
    }
    Ok(polled)
}

/// How far a long interval was asked for, when there was no time for all of it.
#[derive(Serialize, Deserialize, Default)]
#[serde(default)]
struct Place {
    /// The first day of the interval that it is a place in.
    of: String,
    next: String,
}

impl Place {
    /// Goes on where it stands in this very interval, else from its first day.
    fn begin(&mut self, from: &str, days: &[(String, String)]) {
        let within = days.iter().any(|(day, _)| *day == self.next);
        if self.of != from || !within {
            *self = Self { of: from.to_owned(), next: from.to_owned() };
        }
    }

    fn written(&self) -> Json {
        serde_json::json!(self)
    }
}

fn next_day(day: &str) -> String {
    let next = day.parse::<jiff::civil::Date>().and_then(|day| day.tomorrow());
    next.map_or_else(|_| day.to_owned(), |next| next.to_string())
}

/// The interval, day by day where the bank answers for one day only.
fn questions(profile: &Profile, asked: &Asked<'_>) -> Result<Vec<(String, String)>> {
    let (from, until) = (&asked.interval.from, &asked.interval.until);
    if profile.last_day.is_some() {
        return Ok(vec![(from.clone(), until.clone())]);
    }
    let bad = |_| Fault::broken("bank_rest.bad_interval");
    let (mut day, last): (jiff::civil::Date, jiff::civil::Date) =
        (from.parse().map_err(bad)?, until.parse().map_err(bad)?);
    let mut days = Vec::new();
    while day <= last && days.len() < MOST_DAYS {
        days.push((day.to_string(), day.to_string()));
        day = day.tomorrow().map_err(bad)?;
    }
    Ok(days)
}

struct Bank<'a> {
    profile: &'static Profile,
    asked: &'a Asked<'a>,
    settings: &'a Settings,
    token: &'a str,
}

impl Bank<'_> {
    async fn report(&self, from: &str, until: &str) -> Result<RawReport> {
        let mut answers = self.pages(from, until).await?;
        if let Some(path) = self.profile.summary {
            answers.push(self.ask(path, from, until, "").await?);
        }
        let (bytes, secured) =
            Secured::joined(&answers).ok_or_else(|| Fault::denied("payments.bank_not_secured"))?;
        let about = report::about(self.asked.account, self.asked.currency, from, until);
        let report = report::read(self.profile, &bytes, &about)?;
        let name = format!("{}-{from}-{until}.json", self.profile.code);
        Ok(RawReport { name, bytes, about, report, proof: Proof::Answered(secured) })
    }

    /// The answers with every page. An end that cannot be proved is no end.
    async fn pages(&self, from: &str, until: &str) -> Result<Vec<Reply>> {
        let mut pages = Vec::new();
        let mut seen = HashSet::new();
        let mut rows = 0;
        for number in 0..MOST_PAGES {
            let reply = self.ask(self.profile.operations, from, until, &self.page(number, rows)).await?;
            let answer: Json = reply.json()?;
            let list = operations(self.profile, &answer)?;
            let more = match self.profile.paging {
                Paging::Links { .. } => has_next(self.profile, &answer),
                Paging::Numbered { .. } | Paging::Offset { .. } => !list.is_empty(),
            };
            if !list.is_empty() && !seen.insert(serde_json::to_string(list).unwrap_or_default()) {
                return Err(Fault::unavailable("bank_rest.page_repeated").arg("page", number + 1));
            }
            if more && list.is_empty() {
                return Err(Fault::unavailable("bank_rest.page_empty").arg("page", number + 1));
            }
            rows += list.len();
            pages.push(reply);
            if !more {
                return Ok(pages);
            }
        }
        Err(Fault::unavailable("bank_rest.too_many_pages").arg("limit", MOST_PAGES))
    }

    fn page(&self, number: u32, rows: usize) -> String {
        match self.profile.paging {
            Paging::Numbered { page, size, first } => {
                format!("&{page}={}&{size}={PAGE_SIZE}", first + number)
            }
            Paging::Links { page } => format!("&{page}={}", number + 1),
            Paging::Offset { offset, limit } => format!("&{offset}={rows}&{limit}={PAGE_SIZE}"),
        }
    }

    async fn ask(&self, path: &str, from: &str, until: &str, page: &str) -> Result<Reply> {
        let profile = self.profile;
        let mut address = format!(
            "{}{path}?{}={}&{}={}",
            self.asked.address.trim_end_matches('/'),
            profile.account,
            self.asked.account,
            profile.first_day,
            asked_day(profile, from),
        );
        if let Some(last_day) = profile.last_day {
            address.push_str(&format!("&{last_day}={}&transactions=true", asked_day(profile, until)));
        }
        for (name, value) in &self.settings.also {
            let value = percent_encoding::utf8_percent_encode(value, percent_encoding::NON_ALPHANUMERIC);
            address.push_str(&format!("&{name}={value}"));
        }
        address.push_str(page);
        let call = Call::get(address).bearer(self.token).header("accept", "application/json");
        let reply = self.asked.outbound.send(call).await?;
        if reply.is_success() {
            return Ok(reply);
        }
        let said = format!("{} {}", reply.status, clip(&reply.text()));
        Err(Fault::unavailable("bank_rest.bank_error").arg("said", said))
    }
}
