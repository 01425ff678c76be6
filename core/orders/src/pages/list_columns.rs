//! The columns of the list: which there are, which somebody sees, and what stands in them.

use std::collections::BTreeMap;

use maud::{Markup, html};
use takt_kernel::PersonId;
use takt_ui::{Column, Icon, Sorted, Words, amount, icon};

use super::{
    list::ListView,
    list_asked::{Asked, NEWEST},
    marks::{
        buyer_name, method_name, paid_mark, pause_reason, promise, shortage_mark, terms_name, urgent_mark,
    },
};
use crate::{Order, coded::coded};

coded! {
    /// The number always stands first.
    pub enum Shown {
        Promise = "promise",
        Status = "status",
        Buyer = "buyer",
        Marks = "marks",
        Shop = "shop",
        Total = "total",
        City = "city",
        Delivery = "delivery",
        Taken = "taken",
        Source = "source",
        Terms = "terms",
        Phone = "phone",
        Placed = "placed",
    }
}

const USUAL: [Shown; 6] =
    [Shown::Promise, Shown::Status, Shown::Buyer, Shown::Marks, Shown::Shop, Shown::Total];

/// Columns in the order in which they are shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Columns(Vec<Shown>);

impl Default for Columns {
    fn default() -> Self {
        Self(USUAL.to_vec())
    }
}

impl Columns {
    /// `promise-status-total`. What nobody knows is left out; nothing at all are the usual ones.
    pub(super) fn of_text(text: &str) -> Self {
        Self::of_codes(text.split('-'))
    }

    pub(super) fn of_codes<'c>(codes: impl IntoIterator<Item = &'c str>) -> Self {
        let wanted: Vec<&str> = codes.into_iter().collect();
        let known: Vec<Shown> =
            Shown::ALL.iter().copied().filter(|shown| wanted.contains(&shown.code())).collect();
        if known.is_empty() { Self::default() } else { Self(known) }
    }

    pub(super) fn to_text(&self) -> String {
        self.0.iter().map(|shown| shown.code()).collect::<Vec<_>>().join("-")
    }

    pub(super) fn has(&self, shown: Shown) -> bool {
        self.0.contains(&shown)
    }

    /// The number sorts by age, the promise by promise, where a list may go both ways.
    pub(super) fn heads(&self, w: &Words, asked: &Asked) -> Vec<Column> {
        let (both, by_age) = (asked.may_go_by_promise() && asked.rail().is_none(), asked.is_by_age());
        let first = Column::new(w.t("orders-number")).leading();
        let first =
            if both { first.sort(asked.with("sort", NEWEST), by_age.then_some(Sorted::Down)) } else { first };
        let other = |shown: &Shown| match head(w, *shown) {
            promise if both && *shown == Shown::Promise => {
                promise.sort(asked.with("sort", ""), (!by_age).then_some(Sorted::Up))
            }
            plain => plain,
        };
        std::iter::once(first).chain(self.0.iter().map(other)).collect()
    }

    pub(super) fn cells(&self, w: &Words, view: &ListView, order: &Order) -> Vec<Markup> {
        let twin = view.twins.contains(&order.id).then(|| w.t("orders-twin"));
        let number = html! {
            span.together {
                span.strong { (order.number) }
                @if let Some(twin) = twin { " " span title=(twin) { (icon(Icon::Copy)) span.unseen { (twin) } } }
            }
            " " span.muted.small-text { (w.when(order.placed_at, view.now)) }
        };
        std::iter::once(number).chain(self.0.iter().map(|shown| cell(w, view, order, *shown))).collect()
    }
}

pub(super) fn name(w: &Words, shown: Shown) -> String {
    let key = match shown {
        Shown::Placed => "orders-placed-at",
        Shown::Taken => "orders-taken-by",
        Shown::Promise => "orders-promise",
        Shown::Status => "orders-status",
        Shown::Buyer => "orders-buyer",
        Shown::Marks => "orders-marks",
        Shown::Shop => "orders-shop",
        Shown::Total => "orders-total",
        Shown::City => "orders-city",
        Shown::Delivery => "orders-delivery",
        Shown::Source => "orders-source",
        Shown::Terms => "orders-terms",
        Shown::Phone => "orders-phone",
    };
    w.t(key)
}

fn head(w: &Words, shown: Shown) -> Column {
    let column = Column::new(name(w, shown));
    match shown {
        Shown::Buyer => column.wide(),
        Shown::Shop | Shown::Phone => column.narrow(),
        Shown::Total => column.numeric(),
        Shown::Promise
        | Shown::Status
        | Shown::Marks
        | Shown::City
        | Shown::Delivery
        | Shown::Taken
        | Shown::Source
        | Shown::Terms
        | Shown::Placed => column,
    }
}

fn cell(w: &Words, view: &ListView, order: &Order, shown: Shown) -> Markup {
    match shown {
        Shown::Promise => promise(w, order, view.now),
        Shown::Status => view.names.status_mark(w, order),
        Shown::Buyer => html! {
            (buyer_name(w, order))
            @if let Some(comment) = order.last_comment.as_ref().or(order.comment.as_ref()) {
                span.muted { " · " (comment) }
            }
        },
        Shown::Marks => html! {
            span.row {
                (urgent_mark(w, order)) (paid_mark(w, order)) (shortage_mark(w, order)) (pause_reason(w, order))
            }
        },
        Shown::Shop => view.names.shop_chip(order),
        Shown::Total => amount(w, order.total),
        Shown::City => {
            html! { (order.city().unwrap_or_default()) }
        }
        Shown::Delivery => {
            html! { (order.delivery.method.as_deref().map(|code| method_name(w, code)).unwrap_or_default()) }
        }
        Shown::Taken => html! { (taken_name(order.taken_by, &view.people)) },
        Shown::Source => html! { (source_name(w, &order.source)) },
        Shown::Terms => html! { (terms_name(w, order.terms)) },
        Shown::Phone => {
            html! { (order.contact.phone.as_deref().map(|phone| w.phone(phone)).unwrap_or_default()) }
        }
        Shown::Placed => html! { (w.date_time(order.placed_at)) },
    }
}

fn taken_name(person: Option<PersonId>, people: &BTreeMap<PersonId, String>) -> String {
    person.and_then(|person| people.get(&person)).cloned().unwrap_or_default()
}

/// Where orders come from; what only a connector knows stands by its code.
pub(super) fn source_name(w: &Words, code: &str) -> String {
    let key = format!("orders-source-{}", super::marks::dashed(code));
    w.texts().find(w.lang(), &key, &[]).unwrap_or_else(|| code.to_owned())
}
