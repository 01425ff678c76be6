//! Which facts programs may know. Each is opened by the scope that opens what it tells of, so the log
//! tells a token nothing that the other routes would not. What stays inside is named as well: whoever
//! adds a fact decides, and a test reminds them.

use std::fmt;

use takt_kernel::{Fault, Result};

/// A fact that programs may know, and the scope that opens it.
#[derive(Clone, Copy, Debug)]
pub struct Published {
    pub kind: &'static str,
    pub scope: &'static str,
}

const fn published<const COUNT: usize>(
    scope: &'static str,
    kinds: [&'static str; COUNT],
) -> [Published; COUNT] {
    let mut all = [Published { kind: "", scope }; COUNT];
    let mut place = 0;
    while place < COUNT {
        all[place].kind = kinds[place];
        place += 1;
    }
    all
}

const ORDERS: [Published; 51] = published(
    "orders:read",
    [
        "orders.placed",
        "orders.recorded",
        "orders.identified",
        "orders.copied",
        "orders.split",
        "orders.split_off",
        "orders.merged",
        "orders.reassigned",
        "orders.twin_found",
        "orders.twin_dismissed",
        "orders.edited",
        "orders.status_set",
        "orders.commented",
        "orders.comment_withdrawn",
        "orders.deferred",
        "orders.woken",
        "orders.paused",
        "orders.resumed",
        "orders.urgency_set",
        "orders.money_dated",
        "orders.taken",
        "orders.given_back",
        "orders.reserved",
        "orders.short",
        "orders.let_go",
        "orders.paid",
        "orders.unpaid",
        "orders.confirmed",
        "orders.ready",
        "orders.shipped",
        "orders.delivered",
        "orders.returned",
        "orders.cancelled",
        "orders.completed",
        "orders.erased",
        "orders.statuses_changed",
        "payments.expected",
        "payments.refund_changed",
        "payments.doubted",
        "payments.doubt_ended",
        "shipments.packed",
        "shipments.unpacked",
        "shipments.dispatched",
        "shipments.edited",
        "shipments.delivered",
        "shipments.returned",
        "shipments.overdue",
        "notifications.queued",
        "notifications.sent",
        "notifications.failed",
        "notifications.in_doubt",
    ],
);
const STOCK: [Published; 10] = published(
    "stock:read",
    [
        "stock.received",
        "stock.corrected",
        "stock.written_off",
        "stock.shelved",
        "stock.reserved",
        "stock.short",
        "stock.released",
        "stock.issued",
        "stock.warehouse_added",
        "stock.warehouse_edited",
    ],
);
const SHIPMENTS: [Published; 2] =
    published("shipments:read", ["shipments.carrier_added", "shipments.carrier_edited"]);
const CATALOG: [Published; 4] = published(
    "catalog:read",
    ["catalog.offer_added", "catalog.offer_edited", "catalog.offer_archived", "catalog.offer_restored"],
);

pub const PUBLISHED: [Published; COUNT] = joined();
const COUNT: usize = ORDERS.len() + STOCK.len() + SHIPMENTS.len() + CATALOG.len();

const fn joined() -> [Published; COUNT] {
    let parts: [&[Published]; 4] = [&ORDERS, &STOCK, &SHIPMENTS, &CATALOG];
    let (mut all, mut place, mut part) = ([ORDERS[0]; COUNT], 0, 0);
    while part < parts.len() {
        let mut within = 0;
        while within < parts[part].len() {
            all[place] = parts[part][within];
            place += 1;
            within += 1;
        }
        part += 1;
    }
    all
}

pub(crate) const NAMES: [&str; COUNT] = names();

const fn names() -> [&'static str; COUNT] {
    let (mut names, mut place) = ([""; COUNT], 0);
    while place < COUNT {
        names[place] = PUBLISHED[place].kind;
        place += 1;
    }
    names
}

/// Facts, or whole areas of them (`staff.*`), that no program hears: who works here and with which rights,
/// what buyers are called, how the bank is read, what people of the desk have to do and by which regulation.
pub const WITHHELD: &[&str] = &[
    "staff.*",
    "customers.*",
    "tasks.*",
    "payments.*",
    "cabinet.*",
    "drill.*",
    "promise_page.*",
    "webhooks.*",
    "connections.*",
    "retailcrm.*",
    "shops.*",
    "feeds.*",
    "imports.*",
    "playbook.*",
];

/// Whether somebody decided about a kind of fact.
pub fn is_decided(kind: &str) -> bool {
    NAMES.contains(&kind) || WITHHELD.iter().any(|pattern| matches(pattern, kind))
}

fn matches(pattern: &str, kind: &str) -> bool {
    match pattern.strip_suffix('*') {
        Some(area) => kind.starts_with(area),
        None => pattern == kind,
    }
}

const MOST_PATTERNS: usize = 64;

/// A choice among the published facts: kinds and areas. None: all of them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Chosen(Vec<String>);

impl Chosen {
    /// Reads `orders.* stock.corrected`, with spaces, commas or lines between.
    ///
    /// # Errors
    /// At the field `kinds`, `webhooks.kind_unknown` naming what nothing is called, `webhooks.too_many_kinds`.
    pub fn parse(text: &str) -> Result<Self> {
        let mut patterns: Vec<String> = Vec::new();
        for word in text.split([' ', ',', ';', '\n', '\r', '\t']).filter(|word| !word.is_empty()) {
            if word == "*" {
                return Ok(Self::default());
            }
            // Areas only, so that what a person reads is what a program hears.
            let known = !word.trim_end_matches(".*").contains('*')
                && word != ".*"
                && NAMES.iter().any(|kind| matches(word, kind));
            if !known {
                let given: String = word.chars().take(100).collect();
                return Err(unknown(&given));
            }
            if !patterns.iter().any(|there| there == word) {
                patterns.push(word.to_owned());
            }
        }
        if patterns.len() > MOST_PATTERNS {
            return Err(Fault::field("kinds", "webhooks.too_many_kinds"));
        }
        Ok(Self(patterns))
    }

    /// What was parsed before it was written down.
    pub(crate) fn kept(text: &str) -> Self {
        Self(text.split(' ').filter(|word| !word.is_empty()).map(str::to_owned).collect())
    }

    pub fn covers(&self, kind: &str) -> bool {
        self.0.is_empty() || self.0.iter().any(|pattern| matches(pattern, kind))
    }

    pub fn is_all(&self) -> bool {
        self.0.is_empty()
    }
}

impl fmt::Display for Chosen {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.join(" "))
    }
}

fn unknown(given: &str) -> Fault {
    Fault::from_fields(vec![takt_kernel::FieldFault {
        path: "kinds".to_owned(),
        code: "webhooks.kind_unknown".into(),
        args: vec![("given".into(), given.to_owned())],
    }])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kinds_are_chosen_by_name_and_by_area() {
        for (text, covered, not) in [
            ("", "orders.placed", "-"),
            ("*", "stock.corrected", "-"),
            ("orders.*", "orders.placed", "stock.corrected"),
            ("orders.placed, stock.*", "stock.shelved", "orders.paid"),
            ("orders.placed\r\norders.paid", "orders.paid", "orders.ready"),
        ] {
            let chosen = Chosen::parse(text).unwrap_or_else(|fault| panic!("{text}: {fault:?}"));
            assert!(chosen.covers(covered), "{text}");
            assert!(not == "-" || !chosen.covers(not), "{text}");
            assert_eq!(Chosen::kept(&chosen.to_string()), chosen);
        }
        for text in ["orders", "order.*", "orders.plac*", "staff.*", "staff.signed_in", ".*", "o*"] {
            assert!(Chosen::parse(text).is_err(), "{text}");
        }
    }

    #[test]
    fn every_published_fact_has_one_name() {
        let names: std::collections::BTreeSet<&str> = NAMES.into_iter().collect();
        assert_eq!(names.len(), COUNT);
        assert!(names.len() <= takt_store::facts::MOST_KINDS, "a listener hears no more");
    }
}
