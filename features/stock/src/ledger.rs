//! The ledger: one row for each change of what is on hand, never changed afterwards.

use takt_catalog::OfferId;
use takt_kernel::{Actor, CompanyId, Fault, Result, Timestamp};
use takt_orders::{LineId, OrderId};
use takt_store::{Tx, params, sql};

use crate::{MovementId, WarehouseId};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MovementKind {
    Receipt,
    /// It had been sold and came back.
    Return,
    Correction,
    Issue,
    /// It came back and cannot be sold again.
    WriteOff,
}

impl MovementKind {
    pub const ALL: [Self; 5] = [Self::Receipt, Self::Return, Self::Correction, Self::Issue, Self::WriteOff];

    pub const fn code(self) -> &'static str {
        match self {
            Self::Receipt => "receipt",
            Self::Return => "return",
            Self::Correction => "correction",
            Self::Issue => "issue",
            Self::WriteOff => "write_off",
        }
    }

    pub(crate) fn from_code(code: &str) -> Result<Self> {
        Self::ALL
            .into_iter()
            .find(|kind| kind.code() == code)
            .ok_or_else(|| Fault::broken("stock.movement_unknown").arg("given", code))
    }
}

pub(crate) struct NewMovement<'a> {
    pub offer: OfferId,
    pub warehouse: WarehouseId,
    pub kind: MovementKind,
    /// Thousandths; what leaves is negative.
    pub quantity: i64,
    pub of: Option<(OrderId, LineId)>,
    pub note: Option<&'a str>,
    /// Since when it is true: what a snapshot found was so when it was counted.
    pub at: Timestamp,
}

pub(crate) fn write(tx: &mut Tx, company: CompanyId, new: &NewMovement<'_>, actor: &Actor) -> Result<()> {
    let id: MovementId = tx.new_id();
    let actor = serde_json::to_string(actor)
        .map_err(|error| Fault::broken("stock.actor_unwritable").because(error))?;
    tx.put(
        sql!(
            "insert into stock_movement (company_id, id, warehouse_id, offer_id, kind, quantity, order_id, line_id,
               note, actor, at)
             values (:company_id, :id, :warehouse_id, :offer_id, :kind, :quantity, :order_id, :line_id,
               :note, :actor, :at)"
        ),
        params![
            company_id: company, id: id, warehouse_id: new.warehouse, offer_id: new.offer,
            kind: new.kind.code(), quantity: new.quantity, order_id: new.of.map(|(order, _)| order),
            line_id: new.of.map(|(_, line)| line), note: new.note, actor: actor, at: new.at,
        ],
    )
}
