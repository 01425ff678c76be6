//! What happens to the report of a payment: pushes repeated, the same line by several channels,
//! restated, pending before booked, taken back, on an account of somebody else. It runs through the
//! rule of identity that the product runs through; what comes out of it goes to matching.

use std::collections::{BTreeMap, HashMap};

use takt_kernel::{Result, money::Money};

use super::{Chance, Payment, World};
use crate::{KnownMovement, Movement, Movements, Seen};

const OUR_ACCOUNT: &str = "40702810200000000001";
const ACCOUNT_OF_ANOTHER: &str = "40702810200000000777";

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Delivery {
    Once,
    /// The bank's push came again, because our answer was lost.
    Replayed,
    /// A push, a poll and a file say the same.
    SeveralChannels,
    /// Reported again with another purpose, under the same id or none.
    Restated,
    /// Reported again with another purpose and another id.
    RestatedAnew,
    /// Announced before it was booked.
    Pending,
    /// Announced, and never booked.
    PendingCancelled,
    /// Taken back later.
    Reversed,
    /// To an account that is not ours.
    OtherAccount,
    /// Two movements that agree in everything, in one file; then the whole file again.
    Alike,
}

impl Delivery {
    /// In a thousand; the rest comes once.
    const MIX: [(Self, u64); 9] = [
        (Self::Replayed, 15),
        (Self::SeveralChannels, 15),
        (Self::Restated, 5),
        (Self::RestatedAnew, 5),
        (Self::Pending, 10),
        (Self::PendingCancelled, 2),
        (Self::Reversed, 3),
        (Self::OtherAccount, 3),
        (Self::Alike, 2),
    ];

    pub(super) fn pick(chance: &mut Chance) -> Self {
        let mut roll = chance.below(1000);
        for (delivery, share) in Self::MIX {
            if roll < share {
                return delivery;
            }
            roll -= share;
        }
        Self::Once
    }

    /// How many movements of money there are in truth.
    const fn movements(self) -> u32 {
        match self {
            Self::PendingCancelled | Self::OtherAccount => 0,
            Self::Alike => 2,
            _ => 1,
        }
    }
}

/// What became of the reports of one kind.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Delivered {
    pub payments: u32,
    pub lines: u32,
    /// Reached matching as often as money moved.
    pub right: u32,
    /// More often: money counted twice.
    pub too_often: u32,
    pub lost: u32,
    /// Lines that a person is asked about.
    pub asked: u32,
}

#[derive(Clone, Debug, Default)]
pub struct Deliveries {
    known: Known,
    lines: i64,
    pub by_kind: BTreeMap<Delivery, Delivered>,
}

#[derive(Clone, Debug, Default)]
struct Known(HashMap<String, KnownMovement>);

impl Movements for Known {
    fn find(&mut self, key: &str) -> Result<Option<KnownMovement>> {
        Ok(self.0.get(key).cloned())
    }
}

#[derive(Clone, Copy)]
enum Booking {
    Booked,
    Pending,
    Reversal,
}

/// One line of one report.
#[derive(Clone, Copy)]
struct Reported<'p> {
    payment: &'p Payment,
    day: &'p str,
    account: &'p str,
    id: Option<&'p str>,
    booking: Booking,
    occurrence: i64,
}

impl Deliveries {
    /// Reports a payment in one of the ways; answers how often it reached matching.
    pub(super) fn deliver(&mut self, delivery: Delivery, payment: &Payment, day: &str) -> Result<u32> {
        let id = format!("B{}", self.lines);
        let once = Reported {
            payment,
            day,
            account: OUR_ACCOUNT,
            id: Some(&id),
            booking: Booking::Booked,
            occurrence: 1,
        };
        let file = Reported { id: None, ..once };
        let anew = format!("{id}R");
        let reports = match delivery {
            Delivery::Once => vec![once],
            Delivery::Replayed => vec![once, once, once],
            Delivery::SeveralChannels => vec![once, once, file, file],
            Delivery::Restated => vec![once, once, file],
            Delivery::RestatedAnew => vec![once, Reported { id: Some(&anew), ..once }, file],
            Delivery::Pending => vec![Reported { booking: Booking::Pending, ..once }, once, file],
            Delivery::PendingCancelled => vec![Reported { booking: Booking::Pending, ..once }],
            Delivery::Reversed => vec![once, Reported { booking: Booking::Reversal, ..once }],
            Delivery::OtherAccount => vec![Reported { account: ACCOUNT_OF_ANOTHER, ..once }],
            Delivery::Alike => {
                let second = Reported { occurrence: 2, ..file };
                vec![file, second, file, second]
            }
        };
        let (mut reached, mut asked) = (0, 0);
        for reported in &reports {
            match self.take(reported)? {
                Some(Seen::New(_)) => reached += 1,
                Some(Seen::Unclear(_)) => asked += 1,
                Some(Seen::Before(_)) | None => {}
            }
        }
        let tally = self.by_kind.entry(delivery).or_default();
        tally.payments += 1;
        tally.lines += u32::try_from(reports.len()).unwrap_or(u32::MAX);
        tally.asked += asked;
        match reached.cmp(&delivery.movements()) {
            std::cmp::Ordering::Less => tally.lost += 1,
            std::cmp::Ordering::Equal => tally.right += 1,
            std::cmp::Ordering::Greater => tally.too_often += 1,
        }
        Ok(reached)
    }

    /// `None` when the gate stops it: another's account, not booked, or money taken back.
    fn take(&mut self, reported: &Reported<'_>) -> Result<Option<Seen>> {
        self.lines += 1;
        if reported.account != OUR_ACCOUNT || matches!(reported.booking, Booking::Reversal) {
            return Ok(None);
        }
        let booked = matches!(reported.booking, Booking::Booked);
        let payment = reported.payment;
        let movement = Movement {
            account: reported.account,
            group: if booked { "credit" } else { "held_pending" },
            booked_on: Some(reported.day),
            valued_on: None,
            dated: None,
            other_side_on: None,
            number: &payment.document_number,
            amount: payment.amount,
            payer_account: payment.payer_accounts.first().map_or("", String::as_str),
            bank_id: reported.id,
            batch: None,
            occurrence: reported.occurrence,
        };
        let seen = movement.seen(&mut self.known)?;
        if let Seen::New(keys) = &seen {
            for key in keys {
                let known = known(self.lines, &movement, payment.amount);
                self.known.0.entry(key.clone()).or_insert(known);
            }
        }
        Ok(booked.then_some(seen))
    }

    pub fn too_often(&self) -> u32 {
        self.by_kind.values().map(|tally| tally.too_often).sum()
    }
    pub fn lost(&self) -> u32 {
        self.by_kind.values().map(|tally| tally.lost).sum()
    }
}

fn known(line: i64, movement: &Movement<'_>, amount: Money) -> KnownMovement {
    KnownMovement {
        line,
        bank_id: movement.bank_id.map(ToOwned::to_owned),
        amount,
        day: movement.booked_on.map(ToOwned::to_owned),
    }
}

impl World {
    /// Banks number a payer's documents from one every year; a transit account has everybody's.
    pub(super) fn next_document_number(&mut self, accounts: &[String]) -> String {
        let account = accounts.first().cloned().unwrap_or_default();
        let number = self.documents.entry(account).or_insert(0);
        *number += 1;
        number.to_string()
    }
}
