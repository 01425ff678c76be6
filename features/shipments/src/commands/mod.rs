mod deliver;
mod dispatch;
mod edit;
mod pack;
mod unpack;

pub(crate) use deliver::ARRIVED;
pub use deliver::{deliver, mark_returned};
pub use dispatch::{Dispatch, dispatch};
pub use edit::{Edit, edit};
pub(crate) use pack::finish_picking;
pub use pack::{Parcel, pack};
pub(crate) use unpack::{NO_PARCEL, UNPACK};

use std::collections::BTreeMap;

use takt_kernel::{CompanyId, Fault, Result};
use takt_orders::{Line, LineId, Order, OrderId};
use takt_store::{Query, Tx, params, sql};

use crate::{Content, Shipment, ShipmentId, facts::PackedLine, queries, shipment::shipment_columns};

const LONGEST_TRACKING: usize = 64;
const MOST_PLACES: i64 = 1_000;
const HEAVIEST_GRAMS: i64 = 100_000_000;

/// A shipment of a company, for those who know that they may see it and have locked its order.
pub(crate) fn load(db: &mut dyn Query, company: CompanyId, id: ShipmentId) -> Result<Shipment> {
    let row = db.opt(
        sql!(concat!(
            "select ",
            shipment_columns!(),
            " from shipment
              where company_id = :company_id and id = :id"
        )),
        params![company_id: company, id: id],
    )?;
    Shipment::read(&row.ok_or_else(|| queries::missing(id))?)
}

fn contents_of(db: &mut dyn Query, company: CompanyId, shipment: &Shipment) -> Result<Vec<Content>> {
    let mut all = queries::contents(db, company, shipment.order)?;
    Ok(all.remove(&shipment.id).unwrap_or_default())
}

/// What of each line has neither left nor been packed; thousandths.
pub(crate) fn unpacked(
    db: &mut dyn Query,
    company: CompanyId,
    order: OrderId,
    lines: &[Line],
) -> Result<BTreeMap<LineId, i64>> {
    let packed = queries::packed(db, company, order)?;
    Ok(lines
        .iter()
        .map(|line| (line.id, line.open().thousandths() - packed.get(&line.id).copied().unwrap_or_default()))
        .filter(|(_, left)| *left > 0)
        .collect())
}

/// Writes all that can change of a shipment.
fn save(tx: &mut Tx, shipment: &Shipment) -> Result<()> {
    tx.put(
        sql!(
            "update shipment
             set state = :state, carrier_id = :carrier_id, service_id = :service_id, tracking = :tracking,
               places = :places, weight_grams = :weight_grams, search = :search,
               handed_over_at = :handed_over_at, overdue_at = :overdue_at, finished_at = :finished_at
             where company_id = :company_id and id = :id"
        ),
        params![
            state: shipment.state.code(), carrier_id: shipment.via.carrier, service_id: shipment.via.service,
            tracking: shipment.tracking.as_deref(), places: shipment.places,
            weight_grams: shipment.weight_grams, search: shipment.search_text(),
            handed_over_at: shipment.handed_over_at, overdue_at: shipment.overdue_at,
            finished_at: shipment.finished_at, company_id: shipment.company, id: shipment.id,
        ],
    )
}

fn told(contents: &[Content]) -> Vec<PackedLine> {
    contents.iter().map(|one| PackedLine { line: one.line, quantity: one.quantity }).collect()
}

fn conflict(order: &Order, code: &'static str) -> Fault {
    Fault::conflict(code).arg("number", &order.number)
}

fn checked_tracking(given: Option<&str>) -> Result<Option<String>> {
    let tracking = given.map(str::trim).filter(|tracking| !tracking.is_empty());
    let wrong = |text: &str| text.chars().count() > LONGEST_TRACKING || text.chars().any(char::is_control);
    if tracking.is_some_and(wrong) {
        return Err(Fault::field("tracking", "shipments.tracking_malformed"));
    }
    Ok(tracking.map(str::to_owned))
}

fn check_parcels(places: i64, weight_grams: Option<i64>) -> Result<()> {
    if !(1..=MOST_PLACES).contains(&places) {
        return Err(Fault::field("places", "shipments.places_malformed"));
    }
    if weight_grams.is_some_and(|grams| !(1..=HEAVIEST_GRAMS).contains(&grams)) {
        return Err(Fault::field("weight", "shipments.weight_malformed"));
    }
    Ok(())
}
