//! The rules. Pure: an event and an order's situation in, what to do out.

use takt_kernel::money::Quantity;

/// The kinds of tasks that this feature opens.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Put the goods together.
    Pick,
    /// Tell the buyer that money and goods are there, agree the delivery.
    Call,
    /// Paid, but not all of it is available: offer something else, send a part, or give the money back.
    OfferOrRefund,
    /// The bank or a person took the money off again.
    MoneyTakenBack,
}

impl Kind {
    pub const fn code(self) -> &'static str {
        match self {
            Self::Pick => "pick",
            Self::Call => "call",
            Self::OfferOrRefund => "offer_or_refund",
            Self::MoneyTakenBack => "money_taken_back",
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Event {
    Placed,
    Paid,
    /// What is held for it has changed.
    Stock,
    /// Less is paid than before; by an edit of the order (`false`), or because money went away.
    Unpaid {
        money_left: bool,
    },
    PutOff,
    Woken,
    /// A call was made, and the buyer reached.
    Reached,
    NotReached,
    Packed,
    ShippedAll,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Situation {
    /// Money as the terms ask for it, not put off, not finished.
    pub may_be_packed: bool,
    /// Not cancelled, not complete.
    pub in_work: bool,
    pub put_off: bool,
    pub cancelled: bool,
    pub in_full: bool,
    pub prepaid: bool,
    pub confirmed: bool,
    pub reserved: bool,
    /// Somebody looked for the goods, and not all were there.
    pub short: bool,
    /// At least a part has left.
    pub left: bool,
    pub units: Quantity,
    pub confirm_up_to: i64,
    /// A call is still to be made.
    pub call_waits: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Deed {
    Confirm,
    /// Once in each round of the order.
    Open(Kind),
    /// A further call, whatever calls there were before.
    CallAgain {
        later: bool,
    },
    Close(Kind, &'static str),
}

pub fn decide(event: Event, order: &Situation) -> Vec<Deed> {
    match event {
        Event::Placed | Event::Paid | Event::Woken => start(event, order),
        Event::Stock => stock(order),
        Event::Unpaid { money_left } => unpaid(order, money_left),
        Event::PutOff if order.put_off => close_all("put_off"),
        Event::PutOff => Vec::new(),
        Event::Reached if order.may_be_packed && !order.confirmed && !order.short => vec![Deed::Confirm],
        Event::Reached => Vec::new(),
        Event::NotReached if order.in_work && !order.put_off && !order.left && !order.call_waits => {
            vec![Deed::CallAgain { later: true }]
        }
        Event::NotReached => Vec::new(),
        Event::Packed => vec![Deed::Close(Kind::Pick, "packed")],
        Event::ShippedAll => close_all("shipped"),
    }
}

/// Nothing stands in the way of packing: the warehouse and the manager are called at once.
fn start(event: Event, order: &Situation) -> Vec<Deed> {
    let mut deeds = Vec::new();
    if event == Event::Paid && order.in_full {
        deeds.push(Deed::Close(Kind::MoneyTakenBack, "paid_again"));
    }
    if order.left || !order.in_work {
        return deeds;
    }
    if !order.may_be_packed {
        // It wakes up unpaid: only the buyer can say how it goes on.
        if event == Event::Woken && !order.put_off && !order.call_waits {
            deeds.push(Deed::CallAgain { later: false });
        }
        return deeds;
    }
    if is_instant(order) {
        deeds.push(Deed::Confirm);
    }
    deeds.extend([Deed::Open(Kind::Pick), Deed::Open(Kind::Call)]);
    if order.short {
        deeds.push(Deed::Open(Kind::OfferOrRefund));
    }
    deeds
}

/// Small and all of it held: the buyer hears at once that it is available.
fn is_instant(order: &Situation) -> bool {
    let limit = order.confirm_up_to.saturating_mul(1_000);
    order.reserved && !order.confirmed && order.units.thousandths() <= limit
}

fn stock(order: &Situation) -> Vec<Deed> {
    if !order.may_be_packed || order.left {
        return Vec::new();
    }
    if order.short {
        return vec![Deed::Open(Kind::OfferOrRefund)];
    }
    if !order.reserved {
        return Vec::new();
    }
    let mut deeds = vec![Deed::Close(Kind::OfferOrRefund, "goods_came")];
    if is_instant(order) {
        deeds.push(Deed::Confirm);
    } else if !order.confirmed && !order.call_waits {
        // The call was made while goods were missing; nobody would confirm it now.
        deeds.push(Deed::CallAgain { later: false });
    }
    deeds
}

fn unpaid(order: &Situation, money_left: bool) -> Vec<Deed> {
    let mut deeds = Vec::new();
    if order.in_full {
        return deeds;
    }
    if order.prepaid && order.in_work && !order.left {
        deeds.extend(close_all("money_taken_back"));
    }
    if money_left && !order.cancelled {
        deeds.push(Deed::Open(Kind::MoneyTakenBack));
    }
    deeds
}

fn close_all(outcome: &'static str) -> Vec<Deed> {
    [Kind::Pick, Kind::Call, Kind::OfferOrRefund].map(|kind| Deed::Close(kind, outcome)).to_vec()
}

#[cfg(test)]
mod tests {
    use super::*;

    const PAID: Situation = Situation {
        may_be_packed: true,
        in_work: true,
        put_off: false,
        cancelled: false,
        in_full: true,
        prepaid: true,
        confirmed: false,
        reserved: true,
        short: false,
        left: false,
        units: Quantity::whole(5),
        confirm_up_to: 5,
        call_waits: false,
    };
    const BIG: Situation = Situation { units: Quantity::from_thousandths(5_001), ..PAID };
    const SHORT: Situation = Situation { reserved: false, short: true, ..PAID };
    const UNPAID: Situation = Situation { may_be_packed: false, in_full: false, ..PAID };

    #[test]
    fn what_is_done_when() {
        use Deed::{CallAgain, Close, Confirm, Open};
        use Kind::{Call, MoneyTakenBack, OfferOrRefund, Pick};
        let settled = Close(MoneyTakenBack, "paid_again");
        let came = Close(OfferOrRefund, "goods_came");
        let all = |outcome| vec![Close(Pick, outcome), Close(Call, outcome), Close(OfferOrRefund, outcome)];
        let back = || all("money_taken_back").into_iter().chain([Open(MoneyTakenBack)]).collect::<Vec<_>>();
        let gone = Event::Unpaid { money_left: true };
        for (name, event, order, deeds) in [
            ("paid, small", Event::Paid, PAID, vec![settled, Confirm, Open(Pick), Open(Call)]),
            ("paid, big", Event::Paid, BIG, vec![settled, Open(Pick), Open(Call)]),
            ("paid, short", Event::Paid, SHORT, vec![settled, Open(Pick), Open(Call), Open(OfferOrRefund)]),
            ("paid in part", Event::Paid, UNPAID, vec![]),
            ("paid after it left", Event::Paid, Situation { left: true, ..PAID }, vec![settled]),
            ("placed, owed first", Event::Placed, UNPAID, vec![]),
            (
                "placed, on delivery",
                Event::Placed,
                Situation { in_full: false, ..BIG },
                vec![Open(Pick), Open(Call)],
            ),
            ("short, unpaid", Event::Stock, Situation { may_be_packed: false, ..SHORT }, vec![]),
            ("short, paid", Event::Stock, SHORT, vec![Open(OfferOrRefund)]),
            ("stock for a small one", Event::Stock, PAID, vec![came, Confirm]),
            ("stock after the call", Event::Stock, BIG, vec![came, CallAgain { later: false }]),
            ("stock before the call", Event::Stock, Situation { call_waits: true, ..BIG }, vec![came]),
            ("stock of a confirmed one", Event::Stock, Situation { confirmed: true, ..BIG }, vec![came]),
            ("money back", gone, UNPAID, back()),
            (
                "money back after it left",
                gone,
                Situation { left: true, ..UNPAID },
                vec![Open(MoneyTakenBack)],
            ),
            ("money back, cancelled", gone, Situation { cancelled: true, in_work: false, ..UNPAID }, vec![]),
            ("money back, enough left", gone, PAID, vec![]),
            ("dearer by an edit", Event::Unpaid { money_left: false }, UNPAID, all("money_taken_back")),
            ("put off", Event::PutOff, Situation { put_off: true, ..UNPAID }, all("put_off")),
            ("put off and woken since", Event::PutOff, PAID, vec![]),
            ("woken, paid", Event::Woken, BIG, vec![Open(Pick), Open(Call)]),
            ("woken, unpaid", Event::Woken, UNPAID, vec![CallAgain { later: false }]),
            ("reached", Event::Reached, BIG, vec![Confirm]),
            ("reached, short", Event::Reached, SHORT, vec![]),
            ("reached, unpaid", Event::Reached, UNPAID, vec![]),
            ("not reached", Event::NotReached, BIG, vec![CallAgain { later: true }]),
            ("not reached, left", Event::NotReached, Situation { left: true, ..BIG }, vec![]),
            ("packed", Event::Packed, PAID, vec![Close(Pick, "packed")]),
            ("shipped", Event::ShippedAll, PAID, all("shipped")),
        ] {
            assert_eq!(decide(event, &order), deeds, "{name}");
        }
    }

    #[test]
    fn units_count_not_lines_and_a_limit_of_none_confirms_nothing() {
        for (units, limit, instant) in
            [("5", 5, true), ("5.001", 5, false), ("0.5", 0, false), ("1", 1, true)]
        {
            let order = Situation {
                units: Quantity::parse(units).unwrap_or(Quantity::ZERO),
                confirm_up_to: limit,
                ..PAID
            };
            assert_eq!(is_instant(&order), instant, "{units} of {limit}");
        }
    }
}
