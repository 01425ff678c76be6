//! A shop's change of an order meets what the desk has made of it since, each part for itself: a new phone takes back
//! no name that the desk has put right.

use takt_customers::Contact;
use takt_kernel::Result;
use takt_orders::{Delivery, OrderContact};

pub struct Merge<'n> {
    /// The shop knows the order as it stands: whatever it says differently, it means.
    pub fresh: bool,
    /// What both have changed.
    pub notes: &'n mut Vec<String>,
}

/// What a shop calls the parts of a delivery.
pub struct DeliveryNames {
    pub method: &'static str,
    pub address: &'static str,
    pub price: &'static str,
}

impl Merge<'_> {
    /// Whether the shop means what it says, rather than repeats what it said before the desk changed it.
    pub fn means<T: PartialEq>(&mut self, name: &str, now: &T, was: &T, ours: &T) -> bool {
        if now == ours {
            return false;
        }
        if self.fresh {
            return true;
        }
        if now == was {
            return false;
        }
        if was != ours {
            // What belongs to the checkout is the shop's to say.
            self.notes.push(format!("{name} (both changed)"));
        }
        true
    }

    /// # Errors
    /// When the order's own contact makes no sense.
    pub fn contact(&mut self, ours: &OrderContact, now: &Contact, was: &Contact) -> Result<Option<Contact>> {
        let (said, before) = (OrderContact::from(now), OrderContact::from(was));
        let mut merged = ours.as_given()?;
        if self.means("name", &said.name, &before.name, &ours.name) {
            merged.name.clone_from(&now.name);
        }
        let phone = |of: &OrderContact| (of.phone.clone(), of.phone_given.clone());
        if self.means("phone", &phone(&said), &phone(&before), &phone(ours)) {
            merged.phone.clone_from(&now.phone);
        }
        if self.means("email", &said.email, &before.email, &ours.email) {
            merged.email.clone_from(&now.email);
        }
        Ok((OrderContact::from(&merged) != *ours).then_some(merged))
    }

    pub fn delivery(
        &mut self,
        names: &DeliveryNames,
        ours: &Delivery,
        now: &Delivery,
        was: &Delivery,
    ) -> Option<Delivery> {
        let mut merged = ours.clone();
        if self.means(names.method, &now.method, &was.method, &ours.method) {
            merged.method.clone_from(&now.method);
        }
        if self.means(names.address, &now.address, &was.address, &ours.address) {
            merged.address.clone_from(&now.address);
        }
        if self.means(names.price, &now.price, &was.price, &ours.price) {
            merged.price = now.price;
        }
        (merged != *ours).then_some(merged)
    }
}
