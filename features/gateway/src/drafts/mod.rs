//! Drafts: what a buyer puts together in a storefront before it is an order. A program of the shop
//! keeps one for its buyer, changes it part by part, and places it.
//!
//! A draft is one row; each change is one small transaction that locks, rewrites and says nothing:
//! until it is placed nothing has happened that the desk would have to know. What is wrong with a part
//! is refused when the part is sent; what is missing is only asked for when the draft is placed.
//! Drafts that nobody touches are forgotten after some days, placed ones after a week.

mod api;
mod body;
mod content;
mod expiry;
mod place;
mod rows;
mod schema;

pub use api::RATE;
pub(crate) use api::routes;
pub(crate) use expiry::{TIMER, expire_soon};
pub(crate) use schema::DraftsApi;

use takt_kernel::{CompanyId, Fault, Id, Result, ShopId, Timestamp};
use takt_orders::OrderId;

use content::Content;

pub enum DraftTag {}
pub type DraftId = Id<DraftTag>;

#[derive(Clone, Debug)]
pub(crate) struct Draft {
    pub company: CompanyId,
    pub shop: ShopId,
    pub id: DraftId,
    pub content: Content,
    /// What it became.
    pub order: Option<OrderId>,
    pub version: i64,
    pub created_at: Timestamp,
    pub touched_at: Timestamp,
}

impl Draft {
    /// # Errors
    /// `gateway.draft.changed_meanwhile` when somebody else was faster; `gateway.draft_placed`.
    fn may_be_changed(&self, expected: Option<i64>) -> Result<()> {
        if let Some(order) = self.order {
            return Err(Fault::conflict("gateway.draft_placed").arg("order", order));
        }
        self.expect_version(expected)
    }

    fn expect_version(&self, expected: Option<i64>) -> Result<()> {
        match expected {
            Some(version) if version != self.version => {
                Err(Fault::conflict("gateway.draft.changed_meanwhile")
                    .arg("expected", version)
                    .arg("version", self.version))
            }
            Some(_) | None => Ok(()),
        }
    }
}
