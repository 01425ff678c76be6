//! What stands above the list of money: how much came and how much of it by itself, who says he has paid,
//! and what other parts of payments say about their channels and accounts.

use jiff::{civil::time, tz::TimeZone};
use maud::{Markup, html};
use takt_kernel::{Result, Timestamp};
use takt_staff::Scope;
use takt_store::Query;
use takt_ui::{Stat, Tab, Tone, Words, notice, stats, tabs};

use crate::{claims, proofs, queries};

/// What a section may show.
pub(crate) struct MoneyView<'a> {
    pub scope: &'a Scope,
    pub words: &'a Words,
    pub period: Period,
    pub since: Timestamp,
}

/// A section that has nothing to say renders nothing.
pub(crate) type Section = fn(&mut dyn Query, &MoneyView<'_>) -> Result<Markup>;

/// From top to bottom. Channels and the daily proof of accounts stand between the two.
pub(crate) const SECTIONS: &[Section] = &[came, stopped, claimed];

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Period {
    #[default]
    Today,
    Week,
    Month,
}

impl Period {
    const ALL: [Self; 3] = [Self::Today, Self::Week, Self::Month];

    const fn code(self) -> &'static str {
        match self {
            Self::Today => "today",
            Self::Week => "week",
            Self::Month => "month",
        }
    }

    /// Anything unknown is today.
    pub(crate) fn from_code(code: &str) -> Self {
        Self::ALL.into_iter().find(|period| period.code() == code).unwrap_or_default()
    }

    /// The midnight with which it begins, by the reader's clock.
    pub(crate) fn begins(self, now: Timestamp, zone: &TimeZone) -> Timestamp {
        let days = match self {
            Self::Today => 0,
            Self::Week => 6,
            Self::Month => 29,
        };
        let today = now.to_jiff().to_zoned(zone.clone()).date();
        let first = today.saturating_sub(jiff::Span::new().days(days));
        let midnight = first.to_datetime(time(0, 0, 0, 0)).to_zoned(zone.clone());
        midnight.map_or(now, |midnight| midnight.timestamp().into())
    }
}

fn came(db: &mut dyn Query, view: &MoneyView<'_>) -> Result<Markup> {
    let w = view.words;
    let receipts = queries::receipts_since(db, view.scope, view.since)?;
    let args = [
        ("all", receipts.all.into()),
        ("alone", receipts.alone.into()),
        ("waiting", receipts.waiting.into()),
    ];
    let stat = |key: &str, count: i64, href: Option<&str>, tone| Stat {
        label: w.t(key),
        value: w.number(count),
        href: href.map(str::to_owned),
        tone,
        ..Stat::default()
    };
    let waits = if receipts.waiting > 0 { Tone::Warn } else { Tone::Good };
    let shown = [
        stat("payments-receipts", receipts.all, None, Tone::Neutral),
        stat("payments-receipts-alone", receipts.alone, Some("/money?state=posted"), Tone::Good),
        stat("payments-receipts-by-people", receipts.by_people, None, Tone::Neutral),
        stat("payments-receipts-waiting", receipts.waiting, Some("/money?state=suggested"), waits),
    ];
    let periods: Vec<Tab> = Period::ALL
        .into_iter()
        .map(|period| Tab {
            label: w.t(&format!("payments-period-{}", period.code())),
            href: format!("/money?period={}", period.code()),
            active: period == view.period,
            count: None,
            tone: Tone::Neutral,
        })
        .collect();
    Ok(html! {
        section.stack id="money-head" data-live="bank_lines" aria-label=(w.t("payments-receipts")) {
            p.lead.strong { (w.ta("payments-receipts-line", &args)) }
            (tabs(w, &w.t("payments-period"), &periods))
            (stats(&shown))
        }
    })
}

/// Orders that do not leave, because nothing but a push that no statement confirms has paid for them.
fn stopped(db: &mut dyn Query, view: &MoneyView<'_>) -> Result<Markup> {
    let w = view.words;
    let stopped = proofs::stopped(db, view.scope)?;
    if stopped.is_empty() {
        return Ok(html! {});
    }
    let now = db.now();
    let count = i64::try_from(stopped.len()).unwrap_or(i64::MAX);
    let shown = notice(Tone::Warn, w.ta("payments-doubt-orders", &[("count", count.into())])).body(html! {
        p { (w.t("payments-doubt-what-to-do")) }
        ul.stack {
            @for one in &stopped {
                li.row {
                    a href={ "/orders/" (one.order.id) } { (one.order.number) }
                    span.strong { (w.money(one.in_doubt)) }
                    span.muted { (w.moment(one.since, now)) }
                    @for line in &one.lines {
                        a href={ "/money/lines/" (line) } { (w.t("payments-line")) }
                    }
                }
            }
        }
    });
    Ok(html! { section id="money-in-doubt" data-live="orders bank_lines" { (shown) } })
}

fn claimed(db: &mut dyn Query, view: &MoneyView<'_>) -> Result<Markup> {
    let w = view.words;
    let open = claims::open(db, view.scope, 100)?.len();
    let open = i64::try_from(open).unwrap_or(i64::MAX);
    Ok(html! {
        @if open > 0 {
            p { a href="/money/claims" { (w.ta("payments-claims-wait", &[("count", open.into())])) } }
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_period_begins_at_the_readers_midnight() {
        let now: Timestamp = "2026-11-02T22:30:00Z".parse().expect("a moment");
        let moscow = TimeZone::get("Europe/Moscow").expect("a zone");
        for (period, begins) in [
            (Period::Today, "2026-11-02T21:00:00Z"),
            (Period::Week, "2026-10-27T21:00:00Z"),
            (Period::Month, "2026-10-04T21:00:00Z"),
        ] {
            assert_eq!(period.begins(now, &moscow), begins.parse().expect("a moment"), "{period:?}");
        }
    }
}
