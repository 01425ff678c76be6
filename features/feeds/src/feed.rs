use std::fmt;

use serde::{Deserialize, Serialize};
use takt_kernel::{CompanyId, Fault, Id, Result, ShopId, Slots, Timestamp};
use takt_store::{Query, Row, Tx, params, sql};
use takt_vault::Sealed;

use crate::sources::Sources;

pub enum FeedTag {}
pub type FeedId = Id<FeedTag>;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// Waits for the next time.
    Waiting,
    Pulling,
    /// The last time went wrong.
    Failed,
    /// Too much has vanished; a person decides.
    Asks,
}

impl State {
    pub const ALL: [Self; 4] = [Self::Waiting, Self::Pulling, Self::Failed, Self::Asks];

    pub const fn code(self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Pulling => "pulling",
            Self::Failed => "failed",
            Self::Asks => "asks",
        }
    }

    fn from_code(code: &str) -> Result<Self> {
        let known = Self::ALL.into_iter().find(|state| state.code() == code);
        known.ok_or_else(|| Fault::broken("feeds.state_unknown").arg("state", code))
    }
}

/// A shop's catalogue and how reading it goes.
#[derive(Clone, Debug)]
pub struct Feed {
    pub company: CompanyId,
    pub id: FeedId,
    pub shop: ShopId,
    pub url: String,
    pub sign_in: Option<SignIn>,
    pub interval_seconds: i64,
    /// Whose word counts for what it brings.
    pub sources: Sources,
    pub paused: bool,
    pub state: State,
    pub format: Option<String>,
    pub stamps: Stamps,
    pub claim: i64,
    pub begun_at: Option<Timestamp>,
    /// When a whole document was last read, or nothing had changed.
    pub pulled_at: Option<Timestamp>,
    pub next_at: Option<Timestamp>,
    /// Failures in a row.
    pub failures: i64,
    pub may_archive: bool,
    pub counts: Counts,
    pub bytes: i64,
    pub total_bytes: i64,
    /// Offers in the last whole document.
    pub offers: i64,
    pub problem: Option<Problem>,
    pub refusals: Vec<Refusal>,
}

/// Of the last pull, or of the one that runs.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    pub read: i64,
    pub added: i64,
    pub changed: i64,
    pub archived: i64,
    pub refused: i64,
    /// Waiting for a person to say that they may be archived.
    pub vanished: i64,
}

/// Name and password of the shop's door. Never printed.
#[derive(Clone, PartialEq, Eq)]
pub struct SignIn {
    pub user: String,
    pub password: String,
}

impl fmt::Debug for SignIn {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SignIn(…)")
    }
}

/// By what the shop's server tells one state of the document from another.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Stamps {
    pub etag: Option<String>,
    pub last_modified: Option<String>,
}

/// What went wrong, as a code with arguments.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Problem {
    pub code: String,
    pub args: Vec<(String, String)>,
}

impl From<&Fault> for Problem {
    fn from(fault: &Fault) -> Self {
        let crate::port::Why { code, args } = fault.into();
        Self { code, args }
    }
}

/// An offer that was left out.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Refusal {
    pub line: u64,
    pub id: Option<String>,
    pub why: Problem,
}

macro_rules! feed_columns {
    () => {
        "company_id, id, shop_id, url, username, password, interval_seconds, price_feed_id, stock_feed_id, paused, state, format, etag,
           last_modified, claim, begun_at, pulled_at, next_at, failures, may_archive, bytes, total_bytes,
           read_count, added_count, changed_count, archived_count, refused_count, vanished_count, offers,
           problem, refusals"
    };
}

/// What a sealed password is tied to.
pub(crate) fn password_place(company: CompanyId, feed: FeedId) -> String {
    format!("feed.password/{company}/{feed}")
}

pub(crate) const SEALED: Sealed = Sealed { begins, renew };

fn begins(db: &mut dyn Query) -> Result<Vec<String>> {
    let rows = db.all(
        sql!(
            "select distinct substr(password, 1, 16) as begin_of
             from feed
             where password is not null
             order by begin_of
             limit 100"
        ),
        params![],
    )?;
    rows.iter().map(|row| row.get("begin_of")).collect()
}

fn renew(tx: &mut Tx<'_>, prefix: &str, limit: i64) -> Result<usize> {
    let rows = tx.all(
        sql!(
            "select company_id, id, password
             from feed
             where password is not null and substr(password, 1, 16) <> :prefix
             order by company_id, id
             limit :limit"
        ),
        params![prefix: prefix, limit: limit],
    )?;
    for row in &rows {
        let (company, id): (CompanyId, FeedId) = (row.get("company_id")?, row.get("id")?);
        let (place, kept): (String, String) = (password_place(company, id), row.get("password")?);
        let password = takt_vault::open(&tx.slots(), &place, &kept)?;
        let sealed = takt_vault::seal(tx, &place, &password)?;
        tx.put(
            sql!(
                "update feed
                 set password = :password
                 where company_id = :company_id and id = :id"
            ),
            params![password: sealed, company_id: company, id: id],
        )?;
    }
    Ok(rows.len())
}

impl Feed {
    fn read(slots: &Slots, row: &Row) -> Result<Self> {
        let user: Option<String> = row.get("username")?;
        let kept: Option<String> = row.get("password")?;
        let place = password_place(row.get("company_id")?, row.get("id")?);
        let password = kept.map(|kept| takt_vault::open(slots, &place, &kept)).transpose()?;
        let problem: Option<String> = row.get("problem")?;
        let state: String = row.get("state")?;
        Ok(Self {
            company: row.get("company_id")?,
            id: row.get("id")?,
            shop: row.get("shop_id")?,
            url: row.get("url")?,
            sign_in: user.map(|user| SignIn { user, password: password.unwrap_or_default() }),
            interval_seconds: row.get("interval_seconds")?,
            sources: Sources { price: row.get("price_feed_id")?, stock: row.get("stock_feed_id")? },
            paused: row.get("paused")?,
            state: State::from_code(&state)?,
            format: row.get("format")?,
            stamps: Stamps { etag: row.get("etag")?, last_modified: row.get("last_modified")? },
            claim: row.get("claim")?,
            begun_at: row.get("begun_at")?,
            pulled_at: row.get("pulled_at")?,
            next_at: row.get("next_at")?,
            failures: row.get("failures")?,
            may_archive: row.get("may_archive")?,
            counts: Counts {
                read: row.get("read_count")?,
                added: row.get("added_count")?,
                changed: row.get("changed_count")?,
                archived: row.get("archived_count")?,
                refused: row.get("refused_count")?,
                vanished: row.get("vanished_count")?,
            },
            bytes: row.get("bytes")?,
            total_bytes: row.get("total_bytes")?,
            offers: row.get("offers")?,
            problem: problem.and_then(|problem| serde_json::from_str(&problem).ok()),
            refusals: row.json("refusals")?,
        })
    }

    /// What the document says of the stock of what it brings becomes ours.
    pub fn takes_stock(&self) -> bool {
        self.sources.stock == Some(self.id)
    }

    /// The price in the document is that of the card.
    pub fn gives_price(&self) -> bool {
        self.sources.price == Some(self.id)
    }

    pub(crate) fn host(&self) -> String {
        takt_outbound::Address::parse(&self.url).map(|address| address.host).unwrap_or_default()
    }
}

/// # Errors
/// Faults of the store.
pub fn of_shop(db: &mut dyn Query, company: CompanyId, shop: ShopId) -> Result<Option<Feed>> {
    let row = db.opt(
        sql!(concat!(
            "select ",
            feed_columns!(),
            " from feed
              where company_id = :company_id and shop_id = :shop_id"
        )),
        params![company_id: company, shop_id: shop],
    )?;
    row.as_ref().map(|row| Feed::read(&db.slots(), row)).transpose()
}

/// All feeds of a company.
///
/// # Errors
/// Faults of the store.
pub fn list(db: &mut dyn Query, company: CompanyId) -> Result<Vec<Feed>> {
    let rows = db.all(
        sql!(concat!(
            "select ",
            feed_columns!(),
            " from feed
              where company_id = :company_id
              order by id
              limit 1000"
        )),
        params![company_id: company],
    )?;
    rows.iter().map(|row| Feed::read(&db.slots(), row)).collect()
}

/// # Errors
/// `feeds.missing`.
pub fn get(db: &mut dyn Query, company: CompanyId, feed: FeedId) -> Result<Feed> {
    let row = db.opt(
        sql!(concat!(
            "select ",
            feed_columns!(),
            " from feed
              where company_id = :company_id and id = :id"
        )),
        params![company_id: company, id: feed],
    )?;
    Feed::read(&db.slots(), &row.ok_or_else(|| Fault::missing("feeds.missing").arg("given", feed))?)
}

pub(crate) fn lock(tx: &mut Tx, company: CompanyId, feed: FeedId) -> Result<Feed> {
    let row = tx.opt(
        sql!(concat!(
            "select ",
            feed_columns!(),
            " from feed
              where company_id = :company_id and id = :id
              {pg:for update|sqlite:}"
        )),
        params![company_id: company, id: feed],
    )?;
    Feed::read(&tx.slots(), &row.ok_or_else(|| Fault::missing("feeds.missing").arg("given", feed))?)
}
