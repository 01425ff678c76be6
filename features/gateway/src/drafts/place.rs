use takt_kernel::{CompanyId, Result, ShopId};
use takt_orders::{PlaceOrders, Placed};
use takt_staff::Permit;
use takt_store::{Query, Rivals, Tx};

use super::{DraftId, rows};
use crate::{Report, Usual, accept};

/// A draft as it was read before its transaction, so that the writer does not have to parse it.
#[derive(Clone, Debug)]
pub(super) struct Prepared {
    usual: Usual,
    version: i64,
    report: Option<Report>,
}

impl Prepared {
    /// The goods that other orders may want at the same moment.
    pub fn rivals(&self, company: CompanyId) -> Rivals {
        self.report.as_ref().map(|report| report.wanted.rivals(company)).unwrap_or_default()
    }

    /// # Errors
    /// `gateway.draft_missing`; `input.fields` with all that the draft still lacks to be an order.
    pub fn of(db: &mut dyn Query, company: CompanyId, shop: ShopId, id: DraftId) -> Result<Self> {
        let draft = rows::load(db, company, shop, id)?;
        let usual = Usual::of(db, company, shop)?;
        let report = match draft.order {
            Some(_) => None,
            None => Some(usual.read(draft.content.order(), "api")?),
        };
        Ok(Self { usual, version: draft.version, report })
    }
}

/// Makes a draft an order, with all that [`accept`] does. Placed again it answers with the same order.
///
/// # Errors
/// `gateway.draft.changed_meanwhile`, and what placing refuses. Nothing is stored then.
pub(super) fn place(
    tx: &mut Tx<'_>,
    permit: &Permit<PlaceOrders>,
    shop: ShopId,
    id: DraftId,
    expected: Option<i64>,
    prepared: &Prepared,
) -> Result<Placed> {
    let mut draft = rows::lock(tx, permit.company(), shop, id)?;
    if let Some(order) = draft.order {
        return Ok(Placed::same(order));
    }
    draft.may_be_changed(expected)?;
    let report = match &prepared.report {
        Some(report) if prepared.version == draft.version => report.clone(),
        Some(_) | None => prepared.usual.read(draft.content.order(), "api")?,
    };
    let placed = accept(tx, permit, report, None)?;
    draft.order = Some(placed.id);
    rows::save_placed(tx, &draft)?;
    Ok(placed)
}
