use takt_kernel::{CompanyId, Fault, Result};
use takt_orders::{NewOrder, PlaceOrders, Placed, by_external_id, load, place, place_asked, recognise_buyer};
use takt_staff::Permit;
use takt_store::{Query, Tx};

use crate::request_key::{self, RequestKey};

/// An order as it was reported, read and ready to be taken in.
#[derive(Clone, Debug)]
pub struct Report {
    pub wanted: NewOrder,
    /// Whether the terms were said; otherwise they are the shop's usual ones of today.
    pub terms_said: bool,
}

/// Takes a reported order in: recognises the buyer, unless the report names one of ours, and places the order with all its steps. A key that
/// was used before, or an external id, answers with the order that is there.
///
/// # Errors
/// `gateway.key_reused`, and what placing refuses. Nothing is stored then.
pub fn accept(
    tx: &mut Tx<'_>,
    permit: &Permit<PlaceOrders>,
    report: Report,
    key: Option<&RequestKey>,
) -> Result<Placed> {
    let Report { mut wanted, terms_said } = report;
    let (company, shop) = (permit.company(), wanted.shop);
    permit.reaches_shop(shop)?;
    if let Some(key) = key
        && let Some(id) = request_key::recall(tx, company, shop, key)?
    {
        return Ok(Placed::same(id));
    }
    foresee(tx, company, &wanted)?;
    if wanted.customer.is_none() {
        wanted.customer = recognise_buyer(tx, permit, &wanted)?;
    }
    let placed = if terms_said { place(tx, permit, wanted)? } else { place_as_usual(tx, permit, wanted)? };
    if let Some(key) = key {
        request_key::remember(tx, company, shop, key, placed.id)?;
    }
    Ok(placed)
}

/// What taking it in asks and is known by now.
fn foresee(tx: &mut Tx<'_>, company: CompanyId, wanted: &NewOrder) -> Result<()> {
    let buyer = wanted.customer.is_none().then(|| takt_customers::recognise_asked(company, &wanted.contact));
    let mut asked = place_asked(company, wanted);
    asked.extend(buyer.flatten());
    tx.foresee(&asked)
}

/// The usual terms may have been others when the order came for the first time: that makes it no
/// other order.
fn place_as_usual(tx: &mut Tx<'_>, permit: &Permit<PlaceOrders>, wanted: NewOrder) -> Result<Placed> {
    let Some(external_id) = wanted.external_id.clone() else { return place(tx, permit, wanted) };
    let again = wanted.clone();
    match place(tx, permit, wanted) {
        Err(fault) if only_terms_differ(&fault) => {
            let Some(id) = by_external_id(tx, permit.company(), again.shop, &external_id)? else {
                return Err(fault);
            };
            let terms = load(tx, permit.company(), id)?.terms;
            place(tx, permit, NewOrder { terms, ..again })
        }
        placed => placed,
    }
}

fn only_terms_differ(fault: &Fault) -> bool {
    fault.is("orders.differs")
        && fault.fields().iter().all(|field| matches!(field.path.as_str(), "terms" | "credit_days"))
}
