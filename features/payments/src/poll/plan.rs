//! What is to be asked now, and when next.

use takt_kernel::{CompanyId, Result, Timestamp};
use takt_payments_port::Interval;
use takt_store::{Query, params, sql};

use crate::{
    accounts::{self, BankAccount},
    channels::{self, Channel, ChannelId},
    days::day,
    proofs::{self, Wanted},
    readers,
};

/// While an order awaits money.
pub const WATCHFUL_SECONDS: i64 = 60;
/// Otherwise; and so often the last days are read again, from so many days before they were read to their end.
pub const EVERY_SECONDS: i64 = 15 * 60;
pub const REREAD_DAYS: i64 = 3;
/// What is older is for people: banks answer for so long at once.
const MOST_DAYS: i64 = 40;
const LONGEST_BACKOFF_SECONDS: i64 = 15 * 60;

/// What one round asks of one bank.
#[derive(Clone, Debug)]
pub(super) struct Round {
    pub channel: Channel,
    pub questions: Vec<Question>,
}

#[derive(Clone, Debug)]
pub(super) struct Question {
    pub account: BankAccount,
    pub interval: Interval,
    /// The last days are read again with it.
    pub rereads: bool,
    /// What the source left for itself.
    pub place: String,
    pub failures: i64,
}

#[derive(Default)]
struct Standing {
    place: Option<String>,
    asked_at: Option<Timestamp>,
    reread_at: Option<Timestamp>,
    failures: i64,
    next_at: Option<Timestamp>,
}

/// `None` when this bank is not asked.
pub(super) fn plan(db: &mut dyn Query, company: CompanyId, id: ChannelId) -> Result<Option<Round>> {
    let Some((channel, own)) = asked(db, company, id)? else { return Ok(None) };
    let zone = takt_staff::companies::get(db, company)?.zone;
    let now = db.now();
    let today = day(now, &zone);
    let awaiting = awaits_money(db, company)?;
    let mut questions = Vec::new();
    for account in own {
        let standing = standing(db, company, id, &account.account)?;
        let pressing = proofs::pressing(db, company, &account.account)?;
        if next_of(&standing, awaiting, pressing.as_ref(), now) > now {
            continue;
        }
        let rereads = is_over(standing.reread_at, EVERY_SECONDS, now);
        let gap = if rereads { proofs::wanted(db, company, &account.account)? } else { pressing };
        let usual = if rereads {
            // Whatever the bank said since it was last heard to its end may have changed.
            let last_good = standing.reread_at.map_or_else(|| today.clone(), |at| day(at, &zone));
            earlier(&last_good, REREAD_DAYS)
        } else {
            // Midnight at the bank is not midnight here: yesterday always belongs to it.
            earlier(&today, 1)
        };
        let from = gap.into_iter().map(|gap| gap.from).chain([usual]).min().unwrap_or_else(|| today.clone());
        let from = from.max(earlier(&today, MOST_DAYS)).min(today.clone());
        questions.push(Question {
            account,
            interval: Interval { from, until: today.clone() },
            rereads,
            place: standing.place.unwrap_or_else(|| "null".to_owned()),
            failures: standing.failures,
        });
    }
    in_turn(&mut questions, now);
    Ok(Some(Round { channel, questions }))
}

/// A slow bank answers about some of them in a round, so each round begins with another, whatever the time between
/// rounds.
fn in_turn<T>(questions: &mut [T], now: Timestamp) {
    const SCATTERS: i64 = 0x9E37_79B9;
    let scattered = now.micros().div_euclid(1_000_000).wrapping_mul(SCATTERS) >> 16;
    let first = i64::try_from(questions.len()).ok().and_then(|count| scattered.checked_rem_euclid(count));
    questions.rotate_left(first.and_then(|first| usize::try_from(first).ok()).unwrap_or(0));
}

/// When the next account of this bank is to be asked about.
pub(super) fn next_at(db: &mut dyn Query, company: CompanyId, id: ChannelId) -> Result<Timestamp> {
    let now = db.now();
    let soon = now.plus_seconds(WATCHFUL_SECONDS);
    let Some((_, own)) = asked(db, company, id)? else { return Ok(soon) };
    let awaiting = awaits_money(db, company)?;
    let mut next = soon;
    for account in own {
        let standing = standing(db, company, id, &account.account)?;
        let pressing = proofs::pressing(db, company, &account.account)?;
        next = next.min(next_of(&standing, awaiting, pressing.as_ref(), now));
    }
    // An order may begin to await money at any moment, so nobody sleeps longer than a minute.
    Ok(next.clamp(now.plus_seconds(1), soon))
}

/// A gap that was seen since is asked for at once, then again every minute as long as it presses.
fn next_of(standing: &Standing, awaiting: bool, gap: Option<&Wanted>, now: Timestamp) -> Timestamp {
    if let Some(next) = standing.next_at.filter(|_| standing.failures > 0) {
        return next;
    }
    if gap.is_some_and(|gap| standing.asked_at.is_some_and(|asked| gap.since >= asked)) {
        return now;
    }
    let every = if awaiting || gap.is_some() { WATCHFUL_SECONDS } else { EVERY_SECONDS };
    standing.asked_at.map_or(now, |asked| asked.plus_seconds(every))
}

fn is_over(at: Option<Timestamp>, seconds: i64, now: Timestamp) -> bool {
    at.is_none_or(|at| now.seconds_since(at) >= seconds)
}

/// After so many failures in a row.
pub(super) fn backoff(now: Timestamp, failures: i64) -> Timestamp {
    let doubled = 2_i64.saturating_pow(u32::try_from(failures.clamp(1, 8) - 1).unwrap_or(0));
    now.plus_seconds((30 * doubled).min(LONGEST_BACKOFF_SECONDS))
}

fn asked(
    db: &mut dyn Query,
    company: CompanyId,
    id: ChannelId,
) -> Result<Option<(Channel, Vec<BankAccount>)>> {
    let Some(channel) =
        channels::by_id(db, id)?.filter(|channel| channel.company == company && !channel.paused)
    else {
        return Ok(None);
    };
    if readers::source_of(&db.slots(), &channel.kind).is_err() {
        return Ok(None);
    }
    let mut own = accounts::list(db, company)?;
    own.retain(|account| !account.archived && serves(&channel, &account.account));
    Ok(Some((channel, own)))
}

/// A channel without a list of accounts is for all.
pub(crate) fn serves(channel: &Channel, account: &str) -> bool {
    let listed = channel.texts("accounts");
    listed.is_empty() || listed.iter().any(|one| accounts::normal(one) == account)
}

fn awaits_money(db: &mut dyn Query, company: CompanyId) -> Result<bool> {
    let open = db.opt(
        sql!(
            "select id
             from invoice
             where company_id = :company_id and state = 'open'
             order by currency, residual_minor, id
             limit 1"
        ),
        params![company_id: company],
    )?;
    Ok(open.is_some())
}

fn standing(db: &mut dyn Query, company: CompanyId, id: ChannelId, account: &str) -> Result<Standing> {
    let row = db.opt(
        sql!(
            "select place, asked_at, reread_at, failures, next_at
             from bank_poll
             where company_id = :company_id and channel_id = :channel_id and account = :account"
        ),
        params![company_id: company, channel_id: id, account: account],
    )?;
    let Some(row) = row else { return Ok(Standing::default()) };
    Ok(Standing {
        place: Some(row.get("place")?),
        asked_at: row.get("asked_at")?,
        reread_at: row.get("reread_at")?,
        failures: row.get("failures")?,
        next_at: row.get("next_at")?,
    })
}

fn earlier(today: &str, days: i64) -> String {
    let date = today
        .parse::<jiff::civil::Date>()
        .and_then(|date| date.checked_sub(jiff::Span::new().try_days(days)?));
    date.map_or_else(|_| today.to_owned(), |date| date.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(second: i64) -> Timestamp {
        Timestamp::from_micros(0).plus_seconds(second)
    }

    #[test]
    fn a_bank_is_asked_every_minute_only_while_somebody_waits() {
        let asked = |seconds: i64| Standing { asked_at: Some(at(seconds)), ..Standing::default() };
        let seen = |second: i64| Some(Wanted { from: "2026-11-02".to_owned(), since: at(second) });
        for (standing, awaiting, gap, expected) in [
            (Standing::default(), false, None, 1_000),
            (asked(990), true, None, 1_050),
            (asked(990), false, seen(900), 1_050),
            (asked(990), false, seen(995), 1_000),
            (asked(990), false, None, 1_890),
            (Standing { failures: 3, next_at: Some(at(7_000)), ..asked(990) }, true, seen(995), 7_000),
        ] {
            assert_eq!(next_of(&standing, awaiting, gap.as_ref(), at(1_000)), at(expected));
        }
        let waits: Vec<i64> = (1..=9).map(|failures| backoff(at(0), failures).seconds_since(at(0))).collect();
        assert_eq!(waits, [30, 60, 120, 240, 480, 900, 900, 900, 900]);
        assert_eq!(earlier("2026-03-02", REREAD_DAYS), "2026-02-27");
    }

    #[test]
    fn whatever_the_time_between_rounds_each_account_is_asked_first_now_and_then() {
        for apart in [60, 120, 180, 240, 300, 361] {
            let mut firsts = std::collections::BTreeSet::new();
            for round in 0..60 {
                let mut accounts = [0, 1, 2, 3, 4];
                in_turn(&mut accounts, at(1_790_000_000 + round * apart));
                firsts.insert(accounts[0]);
            }
            assert_eq!(firsts.len(), 5, "{apart} s apart: {firsts:?}");
        }
    }
}
