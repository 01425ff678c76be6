//! How often signing in may fail, per address and per account, counted in the database so that all
//! nodes count together. An e-mail nobody has is counted like any other: the answer tells nothing.

use takt_kernel::Result;
use takt_store::{Query, Tx, params, sql};

use crate::secret;

pub(crate) const WINDOW_SECONDS: i64 = 15 * 60;
const MOST_PER_ACCOUNT: i64 = 10;
const MOST_PER_ADDRESS: i64 = 30;

/// Whether a password may be looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Verdict {
    GoOn,
    /// As one that was refused before in this window.
    Wait,
    /// The first one too many: worth a line in the record, while a flood must not fill it.
    WaitFromNow,
}

/// The two counters that one attempt moves.
pub(crate) struct Counters {
    account: String,
    address: String,
}

impl Counters {
    pub fn new(folded_email: &str, ip: &str) -> Self {
        let digest: String = secret::digest(folded_email).iter().map(|byte| format!("{byte:02x}")).collect();
        Self { account: format!("account {digest}"), address: format!("address {ip}") }
    }

    /// Counts an attempt before its password is looked at, so that many at once cannot slip through.
    pub fn count(&self, tx: &mut Tx<'_>) -> Result<Verdict> {
        forget_old(tx)?;
        let account = count(tx, &self.account, MOST_PER_ACCOUNT)?;
        if account != Verdict::GoOn {
            // Whoever goes on trying a closed account must not close the door of a whole office.
            return Ok(account);
        }
        count(tx, &self.address, MOST_PER_ADDRESS)
    }

    /// The password was right: the account begins anew, the address gets its attempt back.
    pub fn forgive(&self, tx: &mut Tx<'_>) -> Result<()> {
        tx.put(sql!("delete from sign_in_attempts where key = :key"), params![key: &self.account])?;
        tx.put(
            sql!("update sign_in_attempts set failures = failures - 1 where key = :key and failures > 0"),
            params![key: &self.address],
        )
    }
}

/// A window that ends later than one of now would was begun before the clock was set back: it is over.
fn count(tx: &mut Tx<'_>, key: &str, most: i64) -> Result<Verdict> {
    let now = tx.now();
    let row = tx.one(
        sql!(
            "insert into sign_in_attempts (key, failures, until_at)
             values (:key, 1, :until_at)
             on conflict (key) do update
             set failures = case when sign_in_attempts.until_at > :now and sign_in_attempts.until_at <= :until_at
                   then sign_in_attempts.failures + 1 else 1 end,
               until_at = case when sign_in_attempts.until_at > :now and sign_in_attempts.until_at <= :until_at
                   then sign_in_attempts.until_at else :until_at end
             returning failures"
        ),
        params![key: key, until_at: now.plus_seconds(WINDOW_SECONDS), now: now],
    )?;
    let failures: i64 = row.get("failures")?;
    Ok(match failures - most {
        ..=0 => Verdict::GoOn,
        1 => Verdict::WaitFromNow,
        _ => Verdict::Wait,
    })
}

fn forget_old(tx: &mut Tx<'_>) -> Result<()> {
    tx.put(sql!("delete from sign_in_attempts where until_at <= :now"), params![now: tx.now()])
}
