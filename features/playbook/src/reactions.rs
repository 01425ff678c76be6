//! On which fact the playbook is asked.

use takt_orders::facts as orders;
use takt_store::Fact as _;
use takt_tasks::facts::{Closed, Escalated, LeaseEnded, Opened, Released, Rerouted, Taken};
use takt_work::Listener;

use crate::{facts::Published, react::react, review, states};

const ON_PLACED: &str = "playbook.on_placed";
const ON_PAID: &str = "playbook.on_paid";
const ON_STOCK: &str = "playbook.on_stock";
const ON_UNPAID: &str = "playbook.on_unpaid";
const ON_PUT_OFF: &str = "playbook.on_put_off";
const ON_WOKEN: &str = "playbook.on_woken";
const ON_CALLED: &str = "playbook.on_called";
const ON_LEAVING: &str = "playbook.on_leaving";
const ON_PROGRESS: &str = "playbook.on_progress";
const ON_OTHERS: &str = "playbook.on_others";
const ON_GROUND: &str = "playbook.on_ground";

/// Whether this listener asks the rules that hear facts, and does what they say in its own name.
pub(crate) fn asks_rules(listener: &str) -> bool {
    LISTENERS
        .iter()
        .any(|known| known.name == listener && ![states::ON_STATE, ON_GROUND].contains(&known.name))
}

/// What they do is what the company's playbook says; told here is what the one does that Takt brings along.
pub(crate) const LISTENERS: [Listener; 12] = [
    Listener {
        name: ON_PLACED,
        hears: &[orders::PLACED],
        does: "has an order picked and its buyer called that owes nothing first; confirms a small one",
        react: |tx, fact| react(tx, fact, ON_PLACED),
    },
    Listener {
        name: ON_PAID,
        hears: &[orders::PAID],
        does: "has a paid order picked and its buyer called; confirms a small one that is all held",
        react: |tx, fact| react(tx, fact, ON_PAID),
    },
    Listener {
        name: ON_STOCK,
        hears: &[orders::RESERVED, orders::SHORT],
        does: "asks the manager about a paid order without goods; goes on when they came",
        react: |tx, fact| react(tx, fact, ON_STOCK),
    },
    Listener {
        name: ON_UNPAID,
        hears: &[orders::UNPAID],
        does: "stops the work on an order whose money was taken back and tells the manager",
        react: |tx, fact| react(tx, fact, ON_UNPAID),
    },
    Listener {
        name: ON_PUT_OFF,
        hears: &[orders::DEFERRED],
        does: "closes the tasks of an order that the buyer wants later",
        react: |tx, fact| react(tx, fact, ON_PUT_OFF),
    },
    Listener {
        name: ON_WOKEN,
        hears: &[orders::WOKEN],
        does: "has an order taken up again whose time has come",
        react: |tx, fact| react(tx, fact, ON_WOKEN),
    },
    Listener {
        name: ON_CALLED,
        hears: &[Closed::KIND],
        does: "confirms an order whose buyer was called; has others called again",
        react: |tx, fact| react(tx, fact, ON_CALLED),
    },
    Listener {
        name: ON_LEAVING,
        hears: &[orders::READY, orders::SHIPPED],
        does: "closes the tasks that are done with the parcel",
        react: |tx, fact| react(tx, fact, ON_LEAVING),
    },
    Listener {
        name: ON_PROGRESS,
        hears: &[
            orders::CONFIRMED,
            orders::DELIVERED,
            orders::STATUS_SET,
            orders::EDITED,
            orders::TAKEN,
            orders::GIVEN_BACK,
            orders::RETURNED,
            orders::CANCELLED,
            orders::COMPLETED,
        ],
        does: "what the company's own playbook says",
        react: |tx, fact| react(tx, fact, ON_PROGRESS),
    },
    Listener {
        name: ON_OTHERS,
        hears: &[
            Opened::KIND,
            Taken::KIND,
            Released::KIND,
            LeaseEnded::KIND,
            Rerouted::KIND,
            Escalated::KIND,
            "payments.channel_silent",
            "payments.channel_heard",
            "calls.missed",
            "calls.returned",
            "supplies.inquiry_opened",
            "supplies.inquiry_closed",
        ],
        does: "what the company's own playbook says of tasks, banks, calls and suppliers",
        react: |tx, fact| react(tx, fact, ON_OTHERS),
    },
    Listener {
        name: states::ON_STATE,
        hears: &[
            orders::PLACED,
            orders::EDITED,
            orders::PAID,
            orders::UNPAID,
            orders::RESERVED,
            orders::SHORT,
            orders::DEFERRED,
            orders::WOKEN,
            orders::TAKEN,
            orders::GIVEN_BACK,
            orders::CONFIRMED,
            orders::READY,
            orders::SHIPPED,
            orders::RETURNED,
            orders::DELIVERED,
            orders::CANCELLED,
            orders::COMPLETED,
            orders::STATUS_SET,
            Opened::KIND,
            Closed::KIND,
            Taken::KIND,
            Released::KIND,
            LeaseEnded::KIND,
            Rerouted::KIND,
            Escalated::KIND,
            "payments.channel_silent",
            "payments.channel_heard",
            "calls.missed",
            "calls.returned",
            "supplies.inquiry_opened",
            "supplies.inquiry_closed",
        ],
        does: "notes what begins to last and what ends: orders that nobody confirms, picks, hands over or collects",
        react: states::hear,
    },
    Listener {
        name: ON_GROUND,
        hears: &[
            Published::KIND,
            "staff.calendar_changed",
            "staff.calendar_exception_set",
            "staff.named_calendar_set",
            "staff.named_calendar_removed",
            "staff.company_edited",
            "staff.setting_changed",
        ],
        does: "has all looked at anew that lasts, when the playbook, a calendar or a setting is another",
        react: review::hear,
    },
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::words;

    #[test]
    fn every_fact_of_the_language_is_heard_by_those_who_ask_rules_and_by_those_who_note_what_lasts() {
        let hearing = |asked: &dyn Fn(&Listener) -> bool, kind: &str| {
            LISTENERS.iter().filter(|one| asked(one)).filter(|one| one.hears.contains(&kind)).count()
        };
        let kinds: Vec<&str> = words::vocabulary().facts.iter().map(|fact| fact.kind).collect();
        for kind in &kinds {
            assert_eq!(hearing(&|one| asks_rules(one.name), kind), 1, "{kind}: asked once");
            assert_eq!(hearing(&|one| one.name == states::ON_STATE, kind), 1, "{kind}: noted");
        }
        let of_others =
            words::vocabulary().facts.iter().filter(|fact| !fact.lacks.is_empty()).map(|fact| fact.kind);
        assert_eq!(of_others.collect::<Vec<_>>(), words::OF_OTHERS);
        for listener in LISTENERS.iter().filter(|one| asks_rules(one.name)) {
            assert!(
                listener.hears.iter().all(|kind| kinds.contains(kind)),
                "{} hears what no rule may",
                listener.name
            );
        }
    }
}
