//! Which word of a shop was its last.

use takt_kernel::Result;
use takt_store::{Tx, params, sql};

use crate::wire::endpoint::Call;

/// Whether the message is the last that the shop said about this: it may have waited while the shop went on.
///
/// # Errors
/// Faults of the store.
pub(crate) fn is_last(tx: &mut Tx<'_>, call: &Call, about: &str) -> Result<bool> {
    let kept = tx.execute(
        sql!(
            "insert into retailcrm_word (company_id, shop_id, about, said_at)
             values (:company_id, :shop_id, :about, :said_at)
             on conflict (company_id, shop_id, about) do update
             set said_at = excluded.said_at
             where retailcrm_word.said_at <= excluded.said_at"
        ),
        params![company_id: call.company(), shop_id: call.shop(), about: about, said_at: call.came_at],
    )?;
    Ok(kept > 0)
}
