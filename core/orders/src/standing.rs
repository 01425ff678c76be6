//! Whose turn it is, as a pure function of a few truths about an order. The same truths are read
//! from the row (to sort the desk's list) and folded from the facts (to split the past), so both
//! always tell the same.

use serde_json::Value;
use takt_kernel::Actor;

use crate::{facts, holder::Holder, stage::Stage};

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Standing {
    pub prepaid: bool,
    pub credit: bool,
    pub in_full: bool,
    pub deferred: bool,
    pub taken: bool,
    pub confirmed: bool,
    pub short: bool,
    /// All of it is held.
    pub reserved: bool,
    pub ready: bool,
    pub pickup: bool,
    pub shipped: bool,
    pub delivered: bool,
    pub finished: bool,
    /// Held up, and by whom.
    pub paused: Option<Holder>,
}

impl Standing {
    /// Who is waited for; nobody once the order is finished.
    pub fn holder(&self) -> Option<Holder> {
        let holder = match self {
            Self { finished: true, .. } => return None,
            Self { deferred: true, .. } => Holder::Buyer,
            Self { paused: Some(owner), .. } => *owner,
            Self { prepaid: true, in_full: false, .. } => Holder::Buyer,
            Self { delivered: true, credit: true, .. } => Holder::Buyer,
            Self { delivered: true, .. } => Holder::Carrier,
            Self { shipped: true, .. } => self.who_takes_away(),
            Self { confirmed: false, taken: false, .. } => Holder::Queue,
            Self { confirmed: false, taken: true, .. } => Holder::Operator,
            Self { ready: true, .. } => self.who_takes_away(),
            Self { short: true, .. } => Holder::Supplier,
            Self { .. } => Holder::Warehouse,
        };
        Some(holder)
    }

    fn who_takes_away(&self) -> Holder {
        if self.pickup { Holder::Buyer } else { Holder::Carrier }
    }

    /// The buyer is waited for, for his money.
    pub fn waits_for_money(&self) -> bool {
        self.prepaid && !self.in_full && !self.deferred && self.paused.is_none() && !self.finished
    }

    /// Takes one fact in. Facts of other kinds change nothing here.
    pub fn apply(&mut self, kind: &str, actor: &Actor, body: &Value) {
        let flag = |name: &str| body.get(name).and_then(Value::as_bool);
        let text = |name: &str| body.get(name).and_then(Value::as_str);
        self.in_full = flag("in_full").unwrap_or(self.in_full);
        self.pickup = flag("pickup").unwrap_or(self.pickup);
        match kind {
            facts::PLACED => {
                self.prepaid = text("terms") == Some("prepaid");
                self.credit = text("terms") == Some("credit");
            }
            facts::DEFERRED => (self.deferred, self.paused) = (true, None),
            facts::PAUSED => {
                self.paused = text("owner").and_then(|owner| Holder::from_code(owner).ok());
            }
            facts::RESUMED => self.paused = None,
            facts::WOKEN => {
                self.deferred = false;
                self.taken = false;
            }
            facts::TAKEN => self.taken = true,
            facts::GIVEN_BACK => self.taken = false,
            facts::STATUS_SET if is_unconfirmed(text("stage")) => {
                self.confirmed = false;
                self.ready = false;
                self.taken |= actor.person().is_some();
            }
            facts::RESERVED => (self.short, self.reserved) = (false, true),
            facts::SHORT => (self.short, self.reserved) = (true, false),
            facts::CONFIRMED => (self.confirmed, self.paused) = (true, None),
            facts::READY => (self.ready, self.paused) = (true, None),
            facts::SHIPPED if flag("all").unwrap_or_default() => (self.shipped, self.paused) = (true, None),
            facts::DELIVERED => (self.delivered, self.paused) = (true, None),
            facts::CANCELLED | facts::COMPLETED | facts::RECORDED => {
                (self.finished, self.paused) = (true, None);
            }
            _ => {}
        }
    }
}

fn is_unconfirmed(stage: Option<&str>) -> bool {
    stage.and_then(|code| Stage::from_code(code).ok()).is_some_and(Stage::is_unconfirmed)
}
