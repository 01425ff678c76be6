//! The order as it stands now. What others know of it (money, stock, parcels) it holds as sums,
//! written by verbs, so that "may this be packed?" is answered here with no call outward.

use serde_json::{Map, Value};
use takt_catalog::OfferId;
use takt_customers::{Contact, CustomerId, Email, Phone};
use takt_kernel::{
    CompanyId, Fault, Id, OrganisationId, PersonId, Result, ShopId, Timestamp,
    money::{Currency, Money, Quantity, UnitPrice, VatRate},
};
use takt_ui::Lang;

use crate::{
    clock::{Basis, Wait},
    holder::{Holder, Milestone},
    new_order::{Delivery, NewLine},
    pause::Pause,
    stage::{Reserved, Shipped, Stage},
    standing::Standing,
    terms::Terms,
};

pub enum OrderTag {}
pub enum LineTag {}
pub enum CommentTag {}
pub type OrderId = Id<OrderTag>;
pub type LineId = Id<LineTag>;
pub type CommentId = Id<CommentTag>;

#[derive(Clone, Debug)]
pub struct Order {
    pub company: CompanyId,
    pub id: OrderId,
    pub shop: ShopId,
    /// Who works on it: the engaged desk, or the company itself.
    pub desk: OrganisationId,
    pub number: String,
    pub external_id: Option<String>,
    pub source: String,
    pub stage: Stage,
    /// The code of one of the company's own statuses.
    pub status: String,
    pub terms: Terms,
    pub currency: Currency,
    pub lang: Lang,
    pub customer: Option<CustomerId>,
    pub contact: OrderContact,
    pub delivery: Delivery,
    /// The buyer's own words.
    pub comment: Option<String>,
    pub goods: Money,
    pub discount: Money,
    pub vat: Money,
    pub total: Money,
    pub paid: Money,
    pub reserved: Reserved,
    /// Somebody looked, and not all of it was there.
    pub short: bool,
    pub shipped: Shipped,
    /// One of our people took it in hand.
    pub taken: bool,
    /// Which of them, as far as it is known.
    pub taken_by: Option<PersonId>,
    /// `None` once nobody is waited for any more.
    pub holder: Option<Holder>,
    pub holder_since: Timestamp,
    pub milestone: Option<Milestone>,
    /// Since when that is what comes next.
    pub milestone_since: Timestamp,
    pub due_at: Option<Timestamp>,
    /// Since when our promise runs: the money, or the order itself when nothing is owed first.
    pub started_at: Option<Timestamp>,
    pub confirmed_at: Option<Timestamp>,
    pub ready_at: Option<Timestamp>,
    pub delivered_at: Option<Timestamp>,
    pub deferred_until: Option<Timestamp>,
    pub urgent: bool,
    pub pause: Option<Pause>,
    /// When the buyer let us wait, the latest fifty times.
    pub waits: Vec<Wait>,
    pub last_comment: Option<String>,
    pub cancel_reason: Option<String>,
    pub extra: Map<String, Value>,
    pub version: i64,
    pub placed_at: Timestamp,
    pub updated_at: Timestamp,
}

/// How to reach the buyer, as this order said it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct OrderContact {
    pub name: String,
    /// `+79123456789`, perhaps with `;ext=12`; `None` when what was given is no valid number.
    pub phone: Option<String>,
    /// As it was given.
    pub phone_given: Option<String>,
    pub email: Option<String>,
}

#[derive(Clone, Debug)]
pub struct Line {
    pub id: LineId,
    pub place: i64,
    pub sku: Option<String>,
    /// `None` when the catalogue does not know the SKU.
    pub offer: Option<OfferId>,
    pub name: String,
    pub unit: String,
    pub quantity: Quantity,
    pub price: UnitPrice,
    pub discount: Money,
    /// Its share of the discount of the whole order.
    pub order_discount: Money,
    pub total: Money,
    pub vat: VatRate,
    pub vat_amount: Money,
    pub reserved: Quantity,
    pub shipped: Quantity,
    pub cancelled: Quantity,
    pub returned: Quantity,
    pub extra: Map<String, Value>,
}

impl OrderContact {
    /// By a phone, as it was given at least, or by e-mail.
    pub fn can_be_reached(&self) -> bool {
        self.phone.is_some() || self.phone_given.is_some() || self.email.is_some()
    }

    /// Anything at all; of somebody who was erased nothing is.
    pub fn is_known(&self) -> bool {
        !self.name.is_empty() || self.can_be_reached()
    }

    /// The contact as it was given.
    ///
    /// # Errors
    /// `orders.email_unreadable` of one that was never taken in.
    pub fn as_given(&self) -> Result<Contact> {
        let phone = self.phone_given.as_deref().map(|given| Phone::kept(self.phone.as_deref(), given));
        let email = Email::parse(self.email.as_deref().unwrap_or_default())
            .map_err(|fault| Fault::broken("orders.email_unreadable").because(fault))?;
        Ok(Contact { name: self.name.clone(), phone, email })
    }
}

impl From<&Contact> for OrderContact {
    fn from(contact: &Contact) -> Self {
        Self {
            name: contact.name.clone(),
            phone: contact.phone.as_ref().and_then(Phone::identity),
            phone_given: contact.phone.as_ref().map(|phone| phone.original().to_owned()),
            email: contact.email.as_ref().map(|email| email.as_str().to_owned()),
        }
    }
}

impl Line {
    /// What was asked for by it.
    pub fn as_new(&self) -> NewLine {
        NewLine {
            sku: self.sku.clone(),
            name: self.name.clone(),
            quantity: self.quantity,
            unit: self.unit.clone(),
            price: self.price,
            discount: self.discount,
            vat: self.vat,
            extra: self.extra.clone(),
        }
    }

    /// What still has to leave.
    pub fn open(&self) -> Quantity {
        self.wanted().saturating_subtract(self.shipped)
    }
    /// What left and has not come back.
    pub fn away(&self) -> Quantity {
        self.shipped.saturating_subtract(self.returned)
    }
    /// Ordered and not cancelled.
    pub fn wanted(&self) -> Quantity {
        self.quantity.saturating_subtract(self.cancelled)
    }
}

impl Order {
    pub fn is_paid_in_full(&self) -> bool {
        self.paid >= self.total
    }

    /// What is still to be paid; zero when more has come than was asked.
    pub fn owed(&self) -> Money {
        let left = self.total.minor().saturating_sub(self.paid.minor()).max(0);
        Money::new(left, self.currency)
    }

    /// # Errors
    /// `orders.already_cancelled`, `orders.already_complete`, `orders.already_shipped`.
    pub fn may_be_edited(&self) -> Result<()> {
        self.is_open()?;
        if self.shipped == Shipped::None { Ok(()) } else { Err(self.conflict("orders.already_shipped")) }
    }

    /// # Errors
    /// `orders.already_cancelled`, `orders.already_complete`.
    pub fn is_open(&self) -> Result<()> {
        match self.stage {
            Stage::New | Stage::Approval | Stage::Assembling | Stage::Delivery => Ok(()),
            Stage::Complete => Err(self.conflict("orders.already_complete")),
            Stage::Cancel => Err(self.conflict("orders.already_cancelled")),
        }
    }

    /// May it be cancelled? Not while anything of it is away.
    ///
    /// # Errors
    /// `orders.already_shipped`, and those of [`Order::is_open`].
    pub fn may_be_cancelled(&self, lines: &[Line]) -> Result<()> {
        self.is_open()?;
        if self.shipped == Shipped::None || self.is_all_back(lines) {
            Ok(())
        } else {
            Err(self.conflict("orders.already_shipped"))
        }
    }

    /// Something had left, and all of that is here again.
    pub fn is_all_back(&self, lines: &[Line]) -> bool {
        self.shipped != Shipped::None && lines.iter().all(|line| !line.away().is_positive())
    }

    /// May what has not left stay away for good?
    ///
    /// # Errors
    /// `orders.nothing_to_leave_out`, `orders.held_by_owner`, and those of [`Order::is_open`].
    pub fn may_be_left_out_of(&self) -> Result<()> {
        self.is_open()?;
        self.is_not_held_by_owner()?;
        match self.shipped {
            Shipped::Part => Ok(()),
            Shipped::None | Shipped::All => Err(self.conflict("orders.nothing_to_leave_out")),
        }
    }

    /// May the warehouse pack it? Prepaid orders only with all of their money.
    ///
    /// # Errors
    /// `orders.not_paid`, `orders.deferred`, `orders.held_by_owner`, and those of [`Order::is_open`].
    pub fn may_be_packed(&self) -> Result<()> {
        self.is_open()?;
        if self.deferred_until.is_some() {
            return Err(self.conflict("orders.deferred"));
        }
        self.is_not_held_by_owner()?;
        if self.terms.is_prepaid() && !self.is_paid_in_full() {
            return Err(self.conflict("orders.not_paid").arg("owed", self.owed()));
        }
        Ok(())
    }

    /// The company's owner stopped it: it goes nowhere, and nobody else may put it off or let it go on.
    ///
    /// # Errors
    /// `orders.held_by_owner`.
    pub fn is_not_held_by_owner(&self) -> Result<()> {
        match &self.pause {
            Some(pause) if pause.owner == Holder::Owner => Err(self.conflict("orders.held_by_owner")),
            Some(_) | None => Ok(()),
        }
    }

    /// # Errors
    /// `orders.changed_meanwhile` when somebody else was faster.
    pub fn expect_version(&self, expected: Option<i64>) -> Result<()> {
        match expected {
            Some(version) if version != self.version => Err(self
                .conflict("orders.changed_meanwhile")
                .arg("expected", version)
                .arg("version", self.version)),
            Some(_) | None => Ok(()),
        }
    }

    /// Where it goes, as far as the address tells.
    pub fn city(&self) -> Option<String> {
        crate::city_of(self.delivery.address.as_deref()?, &self.contact.name)
    }

    pub fn standing(&self) -> Standing {
        Standing {
            prepaid: self.terms.is_prepaid(),
            in_full: self.is_paid_in_full(),
            credit: matches!(self.terms, Terms::Credit { .. }),
            deferred: self.deferred_until.is_some(),
            taken: self.taken,
            confirmed: self.confirmed_at.is_some(),
            short: self.short,
            reserved: self.reserved == Reserved::All,
            ready: self.ready_at.is_some(),
            pickup: self.delivery.is_pickup(),
            shipped: self.shipped == Shipped::All,
            delivered: self.delivered_at.is_some(),
            finished: !self.stage.is_in_work(),
            paused: self.pause.as_ref().filter(|_| self.stage.is_in_work()).map(|pause| pause.owner),
        }
    }

    /// What its promises are counted from.
    pub fn basis(&self) -> Basis<'_> {
        Basis {
            placed_at: self.placed_at,
            started_at: self.started_at,
            previous_at: self.milestone_since,
            urgent: self.urgent,
            waits: &self.waits,
        }
    }

    pub(crate) fn conflict(&self, code: &'static str) -> Fault {
        Fault::conflict(code).arg("number", &self.number)
    }
}

/// May the warehouse pack it?
///
/// # Errors
/// As [`Order::may_be_packed`].
pub fn may_pack(order: &Order) -> Result<()> {
    order.may_be_packed()
}
