//! What orders hear.

use takt_kernel::{OrganisationId, Result};
use takt_store::{RecordedFact, Tx, params, sql};
use takt_work::Listener;

use crate::{counts, facts, statuses};

pub(crate) const LISTENERS: &[Listener] = &[
    Listener {
        name: "orders.default_statuses",
        hears: &["staff.company_created"],
        does: "gives a new company its statuses",
        react: |tx, fact| statuses::ensure_defaults(tx, fact.company),
    },
    Listener {
        name: "orders.desk_changed",
        hears: &["staff.engaged", "staff.engagement_ended"],
        does: "hands the orders in work to the desk that works for the company now",
        react: hand_over,
    },
    Listener {
        name: "orders.fold_counts",
        hears: &[
            facts::PLACED,
            facts::RECORDED,
            facts::STATUS_SET,
            facts::CONFIRMED,
            facts::PAID,
            facts::SHIPPED,
            facts::CANCELLED,
        ],
        does: "folds the changes of counts into their sums now and then",
        react: counts::fold_sometimes,
    },
];

fn hand_over(tx: &mut Tx, fact: &RecordedFact) -> Result<()> {
    let desk: OrganisationId = takt_staff::desk_of(tx, fact.company)?;
    tx.put(
        sql!(
            "update orders
             set desk_id = :desk_id
             where company_id = :company_id and in_work and desk_id <> :desk_id"
        ),
        params![company_id: fact.company, desk_id: desk],
    )
}
