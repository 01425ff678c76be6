//! An order as a shop says it, in our types: beside ours field by field, and one field of it as a change of ours.

use takt_customers::Contact;
use takt_kernel::money::Money;
use takt_orders::{Delivery, Line, NewLine, Order, OrderContact, Patch, PatchLine};

use super::{Field, Owner, words};

/// Nothing where the shop says nothing.
#[derive(Clone, Debug, Default)]
pub struct Theirs {
    pub contact: Option<Contact>,
    pub delivery: Option<Delivery>,
    /// Each in the place of ours that it means.
    pub lines: Option<Vec<PatchLine>>,
    pub discount: Option<Money>,
    pub comment: Option<Option<String>>,
}

impl Theirs {
    /// All fields of an order but its status, which each kind of shop has in its own words.
    pub const FIELDS: [&str; 6] = ["contact", "delivery", "address", "lines", "discount", "comment"];

    pub fn fields(&self, order: &Order, ours: &[Line]) -> Vec<Field> {
        let text = |text: &Option<String>| text.clone().unwrap_or_default();
        let mut fields = Vec::new();
        if let Some(contact) = &self.contact {
            let theirs = words::contact(&OrderContact::from(contact));
            fields
                .push(Field::new("contact", Owner::Shop, theirs, words::contact(&order.contact)).personal());
        }
        if let Some(delivery) = &self.delivery {
            let (theirs, ours) = (words::delivery(delivery), words::delivery(&order.delivery));
            fields.push(Field::new("delivery", Owner::Shop, theirs, ours));
            let (theirs, ours) = (text(&delivery.address), text(&order.delivery.address));
            fields.push(Field::new("address", Owner::Shop, theirs, ours).personal());
        }
        if let Some(theirs) = &self.lines {
            let own: Vec<NewLine> = ours.iter().map(Line::as_new).collect();
            let theirs = words::lines(theirs.iter().map(|line| &line.line));
            fields.push(Field::new("lines", Owner::Shop, theirs, words::lines(&own)));
        }
        if let Some(discount) = self.discount {
            let (theirs, ours) = (discount.to_decimal_string(), order.discount.to_decimal_string());
            fields.push(Field::new("discount", Owner::Shop, theirs, ours));
        }
        if let Some(comment) = &self.comment {
            fields.push(Field::new("comment", Owner::Shop, text(comment), text(&order.comment)).personal());
        }
        fields
    }

    /// What takes one field over; nothing where the shop does not say it.
    pub fn patch(self, field: &str, order: &Order) -> Option<Patch> {
        let patch = Patch::default();
        Some(match field {
            "contact" => Patch { contact: Some(self.contact?), ..patch },
            "delivery" => {
                let delivery = Delivery { address: order.delivery.address.clone(), ..self.delivery? };
                Patch { delivery: Some(delivery), ..patch }
            }
            "address" => {
                let delivery = Delivery { address: self.delivery?.address, ..order.delivery.clone() };
                Patch { delivery: Some(delivery), ..patch }
            }
            "lines" => Patch { lines: Some(self.lines?), ..patch },
            "discount" => Patch { discount: Some(self.discount?), ..patch },
            "comment" => Patch { comment: Some(self.comment?), ..patch },
            _ => return None,
        })
    }
}
