//! What slices hear: everything that changes what an order contributes, and tasks that were done.

use takt_orders::facts as orders;
use takt_store::Fact as _;
use takt_tasks::facts::Closed;
use takt_work::Listener;

use crate::{
    contribution::{DISPATCHED, SHIPMENT_EDITED},
    fold, work,
};

pub(crate) const LISTENERS: &[Listener] = &[
    Listener {
        name: "slices.noted",
        hears: &[
            orders::PLACED,
            orders::RECORDED,
            orders::EDITED,
            orders::STATUS_SET,
            orders::TAKEN,
            orders::GIVEN_BACK,
            orders::SPLIT,
            orders::SPLIT_OFF,
            orders::MERGED,
            orders::PAID,
            orders::UNPAID,
            orders::CONFIRMED,
            orders::READY,
            orders::SHIPPED,
            orders::RETURNED,
            orders::DELIVERED,
            orders::CANCELLED,
            orders::COMPLETED,
            orders::ERASED,
            DISPATCHED,
            SHIPMENT_EDITED,
        ],
        does: "notes that an order changed, and writes some of the noted into rows and sums",
        react: fold::note,
    },
    Listener {
        name: "slices.done",
        hears: &[Closed::KIND],
        does: "writes down who did a task and whether in time",
        react: work::task_done,
    },
];
