//! What orders hear.

use takt_kernel::{OrganisationId, Result};
use takt_store::{Question, RecordedFact, Tx, params, sql};
use takt_work::Listener;

use crate::{counts, facts, kin, order::OrderId, promised_anew, rows, statuses};

pub(crate) const LISTENERS: &[Listener] = &[
    Listener {
        name: "orders.default_statuses",
        hears: &["staff.company_created"],
        does: "gives a new company its statuses",
        react: |tx, fact| statuses::ensure_defaults(tx, fact.company),
    },
    Listener {
        name: "orders.desk_changed",
        hears: &["staff.engaged", "staff.engagement_began", "staff.engagement_ended"],
        does: "hands the orders in work to the desk that works for the company now",
        react: hand_over,
    },
    Listener {
        name: "orders.hours_changed",
        hears: promised_anew::HEARS,
        does: "has orders in work promised anew, when hours or promises are others",
        react: promised_anew::hear,
    },
    Listener {
        name: "orders.twins",
        hears: &[facts::PLACED],
        does: "looks whether the same buyer has ordered the same a moment ago",
        react: kin::look_for_twins,
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

/// Nearly whoever hears of an order looks at it.
pub(crate) fn foreseen(fact: &RecordedFact) -> Vec<Question> {
    if fact.subject_kind != facts::SUBJECT {
        return Vec::new();
    }
    let id = OrderId::new(fact.subject_id);
    let order = rows::load_asked(fact.company, id);
    let lines = (fact.kind == facts::PLACED).then(|| rows::lines_asked(fact.company, &[id]));
    [order].into_iter().chain(lines).collect()
}

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
