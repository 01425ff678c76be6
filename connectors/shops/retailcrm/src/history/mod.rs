//! What happened, one row per changed field, read from the log of facts. A row's number is made of its
//! fact's position in the log, so rows come in the order in which they became visible, none is skipped, and
//! asking again answers the same.

pub(crate) mod corporate;
pub(crate) mod customers;
pub(crate) mod orders;
mod progress;

use serde::Deserialize;
use serde_json::{Map, Value, json};
use takt_kernel::{Actor, Fault, Timestamp, TokenId};
use takt_store::{Query, RecordedFact, Statement, facts};

pub(crate) use progress::{PROGRESS, Progress};

use crate::wire::{
    endpoint::{Answer, Call},
    lenient::{Text, filled},
    page::{Page, Paging},
    refusal::Refusal,
    time,
};

/// Rows of one fact: more changes than this are told by the order as it stands.
const PER_FACT: i64 = 4_096;
const USUAL: i64 = 100;
/// Facts that are read at once.
const LEAST: i64 = 100;
const CHUNK: i64 = 500;
/// How many of the company's facts one question looks through for what concerns the shop, and how many a request asks.
/// Who asks for a day asks once; who asks for what is new asks every five minutes.
const WINDOW: i64 = 5_000;
const MOST_WINDOWS: usize = 4;
const MOST_WINDOWS_NARROWED: usize = 40;
/// Between a fact's moment and its place in the log.
const MARGIN_SECONDS: i64 = 120;

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Asked {
    limit: Option<Text>,
    page: Option<Text>,
    #[serde(deserialize_with = "crate::wire::lenient::or_nothing")]
    filter: Filter,
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct Filter {
    since_id: Option<Text>,
    start_date: Option<Text>,
    end_date: Option<Text>,
    order_id: Option<Text>,
    order_external_id: Option<Text>,
    customer_id: Option<Text>,
    customer_external_id: Option<Text>,
}

/// What is asked of a history.
struct Wanted {
    page: Page,
    since: i64,
    from: Option<Timestamp>,
    to: Option<Timestamp>,
    filter: Filter,
}

impl Wanted {
    fn read(call: &Call) -> Result<Self, Refusal> {
        let asked: Asked = call.fields.parameters()?;
        let page = Paging { limit: asked.limit, page: asked.page }.page(USUAL)?;
        let since = match filled(asked.filter.since_id.as_ref()) {
            None => 0,
            Some(text) => {
                text.parse().map_err(|_| Refusal::parameter("filter.sinceId", "This value is not valid."))?
            }
        };
        let date = |name: &str, text: &Option<Text>| match filled(text.as_ref()) {
            None => Ok(None),
            Some(text) => time::read(text, &call.site.zone)
                .map(Some)
                .ok_or_else(|| Refusal::parameter(name, "This value is not a valid datetime.")),
        };
        let from = date("filter.startDate", &asked.filter.start_date)?;
        let to = date("filter.endDate", &asked.filter.end_date)?.map(time::to_its_end);
        Ok(Self { page, since, from, to, filter: asked.filter })
    }

    /// Whether anything but the last row that was read is asked for.
    fn is_narrowed(&self) -> bool {
        let Filter {
            since_id: _,
            start_date,
            end_date,
            order_id,
            order_external_id,
            customer_id,
            customer_external_id,
        } = &self.filter;
        [start_date, end_date, order_id, order_external_id, customer_id, customer_external_id]
            .into_iter()
            .any(Option::is_some)
    }

    /// What else is asked for: what was passed over for one question may be what another asks for.
    fn narrowing(&self) -> String {
        if self.is_narrowed() {
            format!("{:?}", Filter { since_id: None, ..self.filter.clone() })
        } else {
            String::new()
        }
    }

    /// So many rows fill the page, and tell that there are more.
    fn needed(&self) -> i64 {
        self.page.skipped().saturating_add(self.page.limit).saturating_add(1)
    }
}

/// A row on its way out.
#[derive(Debug)]
struct Row {
    field: String,
    old: Value,
    new: Value,
    created: bool,
    /// What else stands in the row: `item`, `payment`.
    beside: Map<String, Value>,
}

impl Row {
    fn of(field: impl Into<String>, old: Value, new: Value) -> Self {
        Self { field: field.into(), old, new, created: false, beside: Map::new() }
    }
    fn beside(mut self, name: &str, value: Value) -> Self {
        self.beside.insert(name.to_owned(), value);
        self
    }

    fn body(self, call: &Call, id: i64, fact: &RecordedFact, tokens: &[TokenId]) -> Map<String, Value> {
        let mut body = Map::new();
        body.insert("id".to_owned(), json!(id));
        body.insert("createdAt".to_owned(), json!(time::written(fact.at, &call.site.zone)));
        if self.created {
            body.insert("created".to_owned(), json!(true));
        }
        match &fact.actor {
            Actor::Person { person } => {
                body.insert("source".to_owned(), json!("user"));
                body.insert("user".to_owned(), json!({ "id": person.get() }));
            }
            Actor::ShopToken { token, .. } => {
                body.insert("source".to_owned(), json!("api"));
                body.insert("apiKey".to_owned(), json!({ "current": tokens.contains(token) }));
            }
            Actor::System { listener, .. } => {
                let by_rule = listener.starts_with("playbook.");
                body.insert("source".to_owned(), json!(if by_rule { "rule" } else { "code" }));
            }
            Actor::BuyerLink { .. } => {
                body.insert("source".to_owned(), json!("code"));
            }
        }
        body.insert("field".to_owned(), json!(self.field));
        body.insert("oldValue".to_owned(), self.old);
        body.insert("newValue".to_owned(), self.new);
        body.extend(self.beside);
        body
    }
}

/// A value that a list of codes explains.
fn coded(code: Option<&str>) -> Value {
    code.map_or(Value::Null, |code| json!({ "code": code }))
}

fn text(value: Option<&str>) -> Value {
    value.map_or(Value::Null, Value::from)
}

/// Facts of one kind of subject that concern the shop, with their rows.
struct Found {
    facts: Vec<(RecordedFact, Vec<Row>)>,
    /// There is more behind them.
    more: bool,
}

impl Found {
    /// Keeps what a fact tells; answers how many of its rows come after the asked one.
    fn take(&mut self, wanted: &Wanted, fact: RecordedFact, rows: Vec<Row>) -> i64 {
        let kept: Vec<Row> = rows.into_iter().take(usize::try_from(PER_FACT).unwrap_or(0)).collect();
        let first = fact.position.saturating_mul(PER_FACT);
        let made = i64::try_from(kept.len()).unwrap_or(PER_FACT);
        let beyond = made - wanted.since.saturating_sub(first).saturating_add(1).clamp(0, made);
        if beyond > 0 {
            self.facts.push((fact, kept));
        }
        beyond
    }
}

/// Which facts make rows for the shop, and which rows.
type RowsOf<'a> = &'a mut dyn FnMut(
    &mut dyn Query,
    Vec<RecordedFact>,
) -> takt_kernel::Result<Vec<(RecordedFact, Vec<Row>)>>;

/// Looks until the page is full: through what is known of one thing, where only that is asked for, else through the
/// log. `narrowed` leaves out what makes no rows for the shop.
fn look(
    db: &mut dyn Query,
    call: &Call,
    wanted: &Wanted,
    (subject, only): (&'static str, Option<i64>),
    narrowed: impl Fn(Statement) -> Statement,
    mut rows_of: impl FnMut(
        &mut dyn Query,
        Vec<RecordedFact>,
    ) -> takt_kernel::Result<Vec<(RecordedFact, Vec<Row>)>>,
) -> takt_kernel::Result<Found> {
    if let Some(only) = only {
        return of_one(db, call, wanted, (subject, only), &mut rows_of);
    }
    let mut after = (wanted.since / PER_FACT).saturating_sub(1).max(0);
    if wanted.since == 0
        && let Some(from) = wanted.from
    {
        after = facts::position_before(db, from, MARGIN_SECONDS)?;
    }
    let slots = db.slots();
    let (progress, narrowing) = (slots.of(&PROGRESS).next(), wanted.narrowing());
    let asker = (call.connection.id, subject, wanted.is_narrowed());
    let known = progress.and_then(|progress| progress.known(asker, &narrowing, wanted.since));
    after = known.map_or(after, |known| known.max(after));
    let needed = wanted.needed();
    // Whose keys these are stands in rows that seldom change.
    db.expect_seldom();
    // Until the end of the log was seen.
    let mut found = Found { facts: Vec::new(), more: true };
    let mut count = 0_i64;
    let most = if wanted.is_narrowed() { MOST_WINDOWS_NARROWED } else { MOST_WINDOWS };
    let asked = |after: i64, until: i64, limit: i64| {
        facts::of_subjects(call.company(), subject, (after, until), limit, |statement| {
            narrowed(statement).and_if(wanted.from, "\nand fact.at >= :from_at", "from_at").and_if(
                wanted.to,
                "\nand fact.at <= :to_at",
                "to_at",
            )
        })
    };
    // Nearly every fact that is found makes a row.
    let limit_of = |count: i64| needed.saturating_sub(count).clamp(LEAST, CHUNK);
    // A page is mostly full within so many facts of anybody: where that many end is known without a look.
    let (mut until, mut limit, mut windows) = (after.saturating_add(WINDOW), limit_of(0), 0);
    // How long the log is is looked at before the log: what comes meanwhile is left for the next time.
    let answers = db.all_at_once(&[facts::newest_asked(), asked(after, until, limit)])?;
    let [newest, first] = answers.as_slice() else { return Err(Fault::broken("retailcrm.unanswered")) };
    let newest = facts::read_newest(newest)?;
    until = until.min(newest);
    let mut chunk = facts::read_of_subjects(db, first, newest)?;
    // What others say is passed over without a look, however much it is.
    let window = |db: &mut dyn Query, after: i64| -> takt_kernel::Result<i64> {
        Ok(facts::window_end_of(db, call.company(), after, WINDOW)?.map_or(newest, |end| end.min(newest)))
    };
    loop {
        let full = i64::try_from(chunk.len()).unwrap_or(limit) >= limit;
        after = chunk.last().filter(|_| full).map_or(until, |last| last.position);
        for (fact, rows) in rows_of(db, chunk)? {
            count += found.take(wanted, fact, rows);
        }
        if count >= needed {
            break;
        }
        if !full {
            if let (Some(progress), 0) = (progress, count) {
                progress.note(asker, &narrowing, wanted.since, after);
            }
            if after >= newest {
                found.more = false;
                break;
            }
            if windows == most {
                break;
            }
            windows += 1;
            until = window(db, after)?;
        }
        limit = limit_of(count);
        let rows = db.all_at_once(&[asked(after, until, limit)])?.pop().unwrap_or_default();
        chunk = facts::read_of_subjects(db, &rows, until)?;
    }
    Ok(found)
}

/// However long ago it was said.
fn of_one(
    db: &mut dyn Query,
    call: &Call,
    wanted: &Wanted,
    (subject, only): (&'static str, i64),
    rows_of: RowsOf<'_>,
) -> takt_kernel::Result<Found> {
    let mut found = Found { facts: Vec::new(), more: true };
    let (mut count, mut after_n) = (0_i64, 0);
    while count < wanted.needed() {
        let chunk = facts::of_subject(db, call.company(), subject, only, after_n, CHUNK)?;
        let full = i64::try_from(chunk.len()).is_ok_and(|read| read >= CHUNK);
        after_n = chunk.last().map_or(after_n, |last| last.n);
        let in_time = |fact: &RecordedFact| {
            // What has no place in the log yet is nobody's to see.
            fact.position < i64::MAX
                && wanted.from.is_none_or(|from| fact.at >= from)
                && wanted.to.is_none_or(|to| fact.at <= to)
        };
        let chunk: Vec<RecordedFact> = chunk.into_iter().filter(in_time).collect();
        for (fact, rows) in rows_of(db, chunk)? {
            count += found.take(wanted, fact, rows);
        }
        if !full {
            found.more = count >= wanted.needed();
            break;
        }
    }
    Ok(found)
}

/// The answer: rows after the asked number, cut to the page.
fn answer(
    db: &mut dyn Query,
    call: &Call,
    wanted: &Wanted,
    found: Found,
    mut about: impl FnMut(&RecordedFact, &Row) -> Option<(&'static str, Value)>,
) -> takt_kernel::Result<(Answer, bool)> {
    let tokens: Vec<TokenId> = takt_connections::keys_of(db, call.company(), call.connection.id)?
        .into_iter()
        .map(|key| key.token)
        .collect();
    let skip = usize::try_from(wanted.page.skipped()).unwrap_or(usize::MAX);
    let limit = usize::try_from(wanted.page.limit).unwrap_or(0);
    let mut rows = Vec::new();
    let mut total = 0_i64;
    for (fact, changes) in found.facts {
        for (index, row) in (0_i64..).zip(changes) {
            let id = fact.position.saturating_mul(PER_FACT).saturating_add(index);
            if id <= wanted.since {
                continue;
            }
            total += 1;
            let place = usize::try_from(total - 1).unwrap_or(usize::MAX);
            if place < skip || rows.len() >= limit {
                continue;
            }
            let whom = about(&fact, &row);
            let mut body = row.body(call, id, &fact, &tokens);
            if let Some((name, whom)) = whom {
                body.insert(name.to_owned(), whom);
            }
            rows.push(Value::Object(body));
        }
    }
    let now = db.now();
    let answer = Answer::ok()
        .with("generatedAt", time::written(now, &call.site.zone))
        .with("history", rows)
        .with("pagination", wanted.page.answer(total));
    Ok((answer, found.more))
}
