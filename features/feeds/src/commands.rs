//! What people and other parts of the program may do with a feed.

use takt_kernel::{CompanyId, Fault, FieldFault, Result, ShopId};
use takt_outbound::Address;
use takt_staff::{Permit, shops};
use takt_store::{About, Query, Tx, params, sql};

use crate::{
    facts::{self, ArchivingAllowed, FeedPaused, FeedResumed, FeedSet},
    feed::{self, Feed, FeedId, SignIn, State},
    rights::ManageFeeds,
    schedule,
    settings::Settings,
};

const LONGEST_SECRET: usize = 200;

/// What is to be so from now on; what is not named stays as it is.
#[derive(Clone, Debug, Default)]
pub struct Wanted {
    pub url: String,
    /// A name and password in the address count as if they stood here.
    pub user: Option<String>,
    pub password: Option<String>,
    pub interval_seconds: Option<i64>,
    pub takes_stock: Option<bool>,
}

/// Says where the catalogue of a shop is read, and has it read at once when that is new.
///
/// # Errors
/// As [`configure`].
pub fn set(tx: &mut Tx, permit: &Permit<ManageFeeds>, shop: ShopId, url: &str) -> Result<FeedId> {
    configure(tx, permit, shop, &Wanted { url: url.to_owned(), ..Wanted::default() })
}

/// As [`set`], with everything that can be said. A password is kept as long as the address stays with
/// the same host.
///
/// # Errors
/// By field `outbound.bad_address`, `outbound.out_of_reach`, `feeds.interval_out_of_bounds`,
/// `feeds.secret_too_long`; `staff.shop_missing`.
pub fn configure(tx: &mut Tx, permit: &Permit<ManageFeeds>, shop: ShopId, wanted: &Wanted) -> Result<FeedId> {
    let company = permit.company();
    permit.reaches_shop(shop)?;
    shops::get(tx, company, shop)?;
    let before = feed::of_shop(tx, company, shop)?;
    let checked = checked(&Settings::of(tx)?, wanted, before.as_ref())?;
    let same_place = before.as_ref().is_some_and(|feed| feed.url == checked.address.url);
    let same = before.as_ref().is_some_and(|feed| {
        same_place
            && feed.sign_in == checked.sign_in
            && feed.interval_seconds == checked.interval_seconds
            && feed.takes_stock() == checked.takes_stock
    });
    if let Some(feed) = before.as_ref().filter(|_| same) {
        return Ok(feed.id);
    }
    let id = match &before {
        Some(feed) => {
            change(tx, feed, &checked, same_place)?;
            feed.id
        }
        None => insert(tx, permit, shop, &checked)?,
    };
    let about = About::new(company, facts::subject(id), permit.actor());
    tx.say(about, &FeedSet { shop, host: checked.address.host })?;
    let feed = feed::get(tx, company, id)?;
    if !feed.paused {
        schedule::at_once(tx, &feed)?;
    }
    Ok(id)
}

struct Checked {
    address: Address,
    sign_in: Option<SignIn>,
    interval_seconds: i64,
    takes_stock: bool,
}

fn checked(settings: &Settings, wanted: &Wanted, before: Option<&Feed>) -> Result<Checked> {
    let mut wrong = Vec::new();
    let mut refuse = |path: &str, fault: &Fault| {
        wrong.push(FieldFault {
            path: path.to_owned(),
            code: fault.code().to_owned().into(),
            args: fault.args().to_vec(),
        });
    };
    let address = Address::parse(&wanted.url).and_then(|address| {
        settings.reach.judge(&address.url)?;
        Ok(address)
    });
    let address = address.map_err(|fault| refuse("url", &fault)).ok();
    let interval = wanted.interval_seconds.or(before.map(|feed| feed.interval_seconds));
    let interval_seconds = interval.unwrap_or(schedule::USUAL_SECONDS);
    if !(schedule::SHORTEST_SECONDS..=schedule::LONGEST_SECONDS).contains(&interval_seconds) {
        refuse("interval", &Fault::invalid("feeds.interval_out_of_bounds"));
    }
    let sign_in = address.as_ref().and_then(|address| sign_in(wanted, address, before));
    let secrets = sign_in.iter().flat_map(|sign_in| [&sign_in.user, &sign_in.password]);
    if secrets.into_iter().any(|secret| secret.len() > LONGEST_SECRET || secret.contains(char::is_control)) {
        refuse("password", &Fault::invalid("feeds.secret_too_long").arg("limit", LONGEST_SECRET));
    }
    match address {
        Some(address) if wrong.is_empty() => {
            let known = before.is_some_and(Feed::takes_stock);
            let takes_stock = wanted.takes_stock.unwrap_or(known);
            Ok(Checked { address, sign_in, interval_seconds, takes_stock })
        }
        _ => Err(Fault::from_fields(wrong)),
    }
}

/// Nobody else's host is shown a password that was given for another.
fn sign_in(wanted: &Wanted, address: &Address, before: Option<&Feed>) -> Option<SignIn> {
    let same_host =
        |feed: &&Feed| Address::parse(&feed.url).is_ok_and(|known| known.origin == address.origin);
    let kept = before.filter(same_host).and_then(|feed| feed.sign_in.clone());
    let user = match (&wanted.user, &address.user) {
        (_, Some(user)) => user.clone(),
        (Some(user), None) => user.trim().to_owned(),
        (None, None) => return kept,
    };
    if user.is_empty() {
        return None;
    }
    let given =
        address.password.clone().or_else(|| wanted.password.clone()).filter(|given| !given.is_empty());
    let password = given.or_else(|| kept.filter(|kept| kept.user == user).map(|kept| kept.password));
    Some(SignIn { user, password: password.unwrap_or_default() })
}

fn insert(tx: &mut Tx, permit: &Permit<ManageFeeds>, shop: ShopId, checked: &Checked) -> Result<FeedId> {
    let id: FeedId = tx.new_id();
    let now = tx.now();
    let (user, password) = split(tx, permit.company(), id, checked)?;
    tx.put(
        sql!(
            "insert into feed (company_id, id, shop_id, url, username, password, interval_seconds, price_feed_id,
               stock_feed_id, paused, state, claim, failures, may_archive, bytes, total_bytes, read_count, added_count, changed_count,
               archived_count, refused_count, vanished_count, offers, refusals, created_at, updated_at)
             values (:company_id, :id, :shop_id, :url, :username, :password, :interval_seconds, :id, :stock_feed_id, :paused,
               'waiting', 0, 0, :may_archive, 0, 0, 0, 0, 0, 0, 0, 0, 0, '[]', :now, :now)"
        ),
        params![
            company_id: permit.company(), id: id, shop_id: shop, url: &checked.address.url, username: user,
            password: password, interval_seconds: checked.interval_seconds,
            stock_feed_id: checked.takes_stock.then_some(id), paused: false, may_archive: false, now: now,
        ],
    )?;
    Ok(id)
}

/// Another place is read anew, whatever its server says of the old one; a pull that runs begins again.
fn change(tx: &mut Tx, feed: &Feed, checked: &Checked, same_place: bool) -> Result<()> {
    let now = tx.now();
    let (user, password) = split(tx, feed.company, feed.id, checked)?;
    // What was never taken before has to be read once more, whether the document changed or not.
    let same = same_place && feed.takes_stock() == checked.takes_stock;
    let stock = match (feed.takes_stock(), checked.takes_stock) {
        (true, false) => None,
        (false, true) => Some(feed.id),
        _ => feed.sources.stock,
    };
    let stamps = if same { feed.stamps.clone() } else { feed::Stamps::default() };
    tx.put(
        sql!(
            "update feed
             set url = :url, username = :username, password = :password, interval_seconds = :interval_seconds,
               stock_feed_id = :stock, etag = :etag, last_modified = :last_modified, failures = 0, claim = claim + 1,
               state = case state when 'pulling' then 'waiting' else state end, updated_at = :now
             where company_id = :company_id and id = :id"
        ),
        params![
            url: &checked.address.url, username: user, password: password,
            interval_seconds: checked.interval_seconds, stock: stock, etag: stamps.etag,
            last_modified: stamps.last_modified, now: now, company_id: feed.company, id: feed.id,
        ],
    )
}

/// The name, and the password as it is kept.
fn split(
    tx: &mut Tx,
    company: CompanyId,
    id: FeedId,
    checked: &Checked,
) -> Result<(Option<String>, Option<String>)> {
    let Some(sign_in) = &checked.sign_in else { return Ok((None, None)) };
    let sealed = takt_vault::seal(tx, &feed::password_place(company, id), &sign_in.password)?;
    Ok((Some(sign_in.user.clone()), Some(sealed)))
}

/// Reads it now instead of at its hour.
///
/// # Errors
/// `feeds.missing`, `feeds.is_paused`.
pub fn pull_now(tx: &mut Tx, permit: &Permit<ManageFeeds>, feed: FeedId) -> Result<()> {
    let feed = feed::lock(tx, permit.company(), feed)?;
    if feed.paused { Err(Fault::conflict("feeds.is_paused")) } else { schedule::at_once(tx, &feed) }
}

/// Nothing is read any more; a pull that runs stops where it is. The catalogue stays as it is.
///
/// # Errors
/// `feeds.missing`.
pub fn pause(tx: &mut Tx, permit: &Permit<ManageFeeds>, feed: FeedId) -> Result<()> {
    let feed = feed::lock(tx, permit.company(), feed)?;
    if feed.paused {
        return Ok(());
    }
    switch(tx, &feed, true)?;
    schedule::never(tx, &feed)?;
    let about = About::new(feed.company, facts::subject(feed.id), permit.actor());
    tx.say(about, &FeedPaused { shop: feed.shop })
}

/// # Errors
/// `feeds.missing`.
pub fn resume(tx: &mut Tx, permit: &Permit<ManageFeeds>, feed: FeedId) -> Result<()> {
    let feed = feed::lock(tx, permit.company(), feed)?;
    if !feed.paused {
        return Ok(());
    }
    switch(tx, &feed, false)?;
    schedule::at_once(tx, &feed)?;
    let about = About::new(feed.company, facts::subject(feed.id), permit.actor());
    tx.say(about, &FeedResumed { shop: feed.shop })
}

fn switch(tx: &mut Tx, feed: &Feed, paused: bool) -> Result<()> {
    let now = tx.now();
    tx.put(
        sql!(
            "update feed
             set paused = :paused, claim = claim + 1,
               state = case state when 'pulling' then 'waiting' else state end, updated_at = :now
             where company_id = :company_id and id = :id"
        ),
        params![paused: paused, now: now, company_id: feed.company, id: feed.id],
    )
}

/// A person has looked: so much has really vanished. The catalogue is read again, and what is not in it
/// then is archived, however much that is.
///
/// # Errors
/// `feeds.missing`, `feeds.asks_nothing`, `feeds.is_paused`.
pub fn allow_archiving(tx: &mut Tx, permit: &Permit<ManageFeeds>, feed: FeedId) -> Result<()> {
    let feed = feed::lock(tx, permit.company(), feed)?;
    if feed.state != State::Asks {
        return Err(Fault::conflict("feeds.asks_nothing"));
    }
    if feed.paused {
        return Err(Fault::conflict("feeds.is_paused"));
    }
    let now = tx.now();
    tx.put(
        sql!(
            "update feed
             set may_archive = :may_archive, updated_at = :now
             where company_id = :company_id and id = :id"
        ),
        params![may_archive: true, now: now, company_id: feed.company, id: feed.id],
    )?;
    schedule::at_once(tx, &feed)?;
    let about = About::new(feed.company, facts::subject(feed.id), permit.actor());
    tx.say(about, &ArchivingAllowed { shop: feed.shop, vanished: feed.counts.vanished })
}
