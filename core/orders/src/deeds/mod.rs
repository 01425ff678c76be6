//! What people do to orders from the list and the card, by the very verbs of the card, and how each is taken back:
//! by the verb against it, through the same guards, as long as nothing else happened to the order.

mod kept;

pub(crate) use kept::{Kept, Refused, forget, keep, load};

use serde::{Deserialize, Serialize};
use takt_kernel::{CompanyId, Fault, PersonId, Result, Timestamp};
use takt_staff::{Caller, Permission, Permit};
use takt_store::{Query, Tx};

use crate::{
    CancelOrders, CommentOrders, ConfirmOrders, EditOrders, Order, OrderId, SetStatus, commands,
    order::CommentId, rows,
};

#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Deed {
    Confirm,
    Give(Option<PersonId>),
    Status(String),
    Defer(Timestamp),
    Wake,
    Pause {
        reason: String,
        until: Option<Timestamp>,
    },
    Resume,
    Urgent(bool),
    /// The same key again makes no second remark.
    Comment {
        words: String,
        key: Option<String>,
    },
    Cancel(String),
}

/// What takes a deed back.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Back {
    Give(Option<PersonId>),
    Status(String),
    Defer(Timestamp),
    Wake,
    /// The promise runs since then again.
    WakeSince(Timestamp),
    Pause {
        reason: String,
        until: Timestamp,
    },
    Resume,
    Urgent(bool),
    Uncomment(CommentId),
}

/// A deed that was done: the order as it was left, and the way back in the order in which it was come.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct Done {
    pub company: CompanyId,
    pub order: OrderId,
    pub number: String,
    pub version: i64,
    pub back: Vec<Back>,
}

/// The rights of one person in one company, each as far as there is.
pub(crate) struct Hands {
    company: CompanyId,
    confirm: Option<Permit<ConfirmOrders>>,
    edit: Option<Permit<EditOrders>>,
    set_status: Option<Permit<SetStatus>>,
    comment: Option<Permit<CommentOrders>>,
    cancel: Option<Permit<CancelOrders>>,
}

impl Hands {
    pub(crate) fn of(caller: &Caller, company: CompanyId) -> Self {
        Self {
            company,
            confirm: caller.permit(company).ok(),
            edit: caller.permit(company).ok(),
            set_status: caller.permit(company).ok(),
            comment: caller.permit(company).ok(),
            cancel: caller.permit(company).ok(),
        }
    }
}

fn held<P: Permission>(permit: Option<&Permit<P>>) -> Result<&Permit<P>> {
    permit.ok_or_else(|| Fault::denied("staff.denied").arg("permission", P::CODE))
}

impl Hands {
    /// Whoever may not do it is told so before anything about the order is.
    fn expect(&self, deed: &Deed) -> Result<()> {
        match deed {
            Deed::Confirm => held(self.confirm.as_ref()).map(|_| ()),
            Deed::Give(_) | Deed::Defer(_) | Deed::Wake | Deed::Urgent(_) => {
                held(self.edit.as_ref()).map(|_| ())
            }
            Deed::Status(_) | Deed::Pause { .. } | Deed::Resume => held(self.set_status.as_ref()).map(|_| ()),
            Deed::Comment { .. } => held(self.comment.as_ref()).map(|_| ()),
            Deed::Cancel(_) => held(self.cancel.as_ref()).map(|_| ()),
        }
    }
}

impl Deed {
    pub(crate) fn comment(words: &str) -> Self {
        Self::Comment { words: words.to_owned(), key: None }
    }

    /// How the transaction is called.
    pub(crate) const fn name(&self) -> &'static str {
        match self {
            Self::Confirm => "orders.confirm",
            Self::Give(_) => "orders.give",
            Self::Status(_) => "orders.set_status",
            Self::Defer(_) => "orders.defer",
            Self::Wake => "orders.wake",
            Self::Pause { .. } => "orders.pause",
            Self::Resume => "orders.resume",
            Self::Urgent(_) => "orders.set_urgent",
            Self::Comment { .. } => "orders.comment",
            Self::Cancel(_) => "orders.cancel",
        }
    }
}

/// Does all of these to one order, or none.
///
/// # Errors
/// Those of the verbs; `orders.changed_meanwhile`.
pub(crate) fn perform(
    tx: &mut Tx,
    hands: &Hands,
    id: OrderId,
    expected: Option<i64>,
    deeds: &[Deed],
) -> Result<Done> {
    for deed in deeds {
        hands.expect(deed)?;
    }
    let mut now = rows::lock(tx, hands.company, id)?;
    now.expect_version(expected)?;
    let mut back = Vec::new();
    for deed in deeds {
        let way = one(tx, hands, &now, deed)?;
        let after = rows::load(tx, hands.company, id)?;
        if after.version != now.version {
            back.extend(way);
        }
        now = after;
    }
    Ok(Done { company: hands.company, order: id, number: now.number, version: now.version, back })
}

fn one(tx: &mut Tx, hands: &Hands, before: &Order, deed: &Deed) -> Result<Vec<Back>> {
    let id = before.id;
    let way = match deed {
        Deed::Confirm => {
            commands::confirm(tx, held(hands.confirm.as_ref())?, id)?;
            Vec::new()
        }
        Deed::Give(person) => {
            let after = commands::give(tx, held(hands.edit.as_ref())?, id, None, *person)?;
            // Whoever takes a new order moves it on.
            let status = (after.status != before.status).then(|| Back::Status(before.status.clone()));
            let hand = Back::Give(before.taken_by);
            match before.taken_by {
                // Its hands would move it on once more.
                Some(_) => status.into_iter().chain([hand]).collect(),
                None => [hand].into_iter().chain(status).collect(),
            }
        }
        Deed::Status(status) => {
            let after = commands::set_status(tx, held(hands.set_status.as_ref())?, id, None, status)?;
            // What the buyer was told, what was packed and what is over has no way back.
            let reached = |order: &Order| (order.confirmed_at, order.ready_at);
            if reached(&after) != reached(before) || !after.stage.is_in_work() {
                return Ok(Vec::new());
            }
            // Whoever moves an order has taken it.
            let nobodys = (!before.taken).then_some(Back::Give(None));
            nobodys.into_iter().chain([Back::Status(before.status.clone())]).collect()
        }
        Deed::Defer(until) => {
            commands::defer(tx, held(hands.edit.as_ref())?, id, None, *until)?;
            let again = before.taken_by.map(|person| Back::Give(Some(person)));
            let pause = before.pause.as_ref().map(earlier_pause);
            let wake = before.started_at.map_or(Back::Wake, Back::WakeSince);
            let earlier = before.deferred_until.map_or(wake, Back::Defer);
            pause.into_iter().chain(again).chain([earlier]).collect()
        }
        Deed::Wake => {
            commands::wake(tx, held(hands.edit.as_ref())?, id)?;
            let again = before.taken_by.map(|person| Back::Give(Some(person)));
            again.into_iter().chain(before.deferred_until.map(Back::Defer)).collect()
        }
        Deed::Pause { reason, until } => {
            commands::pause(tx, held(hands.set_status.as_ref())?, id, None, reason, *until)?;
            vec![before.pause.as_ref().map_or(Back::Resume, earlier_pause)]
        }
        Deed::Resume => {
            commands::resume(tx, held(hands.set_status.as_ref())?, id)?;
            before.pause.as_ref().map(earlier_pause).into_iter().collect()
        }
        Deed::Urgent(urgent) => {
            commands::set_urgent(tx, held(hands.edit.as_ref())?, id, *urgent)?;
            vec![Back::Urgent(before.urgent)]
        }
        Deed::Comment { words, key } => {
            let permit = held(hands.comment.as_ref())?;
            vec![Back::Uncomment(commands::comment_once(tx, permit, id, words, key.as_deref())?)]
        }
        Deed::Cancel(reason) => {
            commands::cancel(tx, held(hands.cancel.as_ref())?, id, None, reason)?;
            Vec::new()
        }
    };
    Ok(way)
}

fn earlier_pause(pause: &crate::Pause) -> Back {
    Back::Pause { reason: pause.reason.clone(), until: pause.until }
}

/// Takes back what was done to an order.
///
/// # Errors
/// `orders.undo_too_late` when something else happened to it since; those of the verbs.
pub(crate) fn take_back(tx: &mut Tx, hands: &Hands, done: &Done) -> Result<()> {
    let id = done.order;
    let now = rows::lock(tx, hands.company, id)?;
    if now.version != done.version {
        return Err(now.conflict("orders.undo_too_late"));
    }
    for back in done.back.iter().rev() {
        match back {
            Back::Give(person) => {
                commands::give(tx, held(hands.edit.as_ref())?, id, None, *person)?;
            }
            Back::Status(status) => {
                commands::move_back(tx, held(hands.set_status.as_ref())?, id, status)?;
            }
            Back::Defer(until) => {
                commands::defer(tx, held(hands.edit.as_ref())?, id, None, *until)?;
            }
            Back::Wake => {
                commands::wake(tx, held(hands.edit.as_ref())?, id)?;
            }
            Back::WakeSince(started_at) => {
                commands::wake_since(tx, held(hands.edit.as_ref())?, id, *started_at)?;
            }
            // It would be over by itself.
            Back::Pause { until, .. } if *until <= tx.now() => {}
            Back::Pause { reason, until } => {
                commands::pause(tx, held(hands.set_status.as_ref())?, id, None, reason, Some(*until))?;
            }
            Back::Resume => {
                commands::resume(tx, held(hands.set_status.as_ref())?, id)?;
            }
            Back::Urgent(urgent) => {
                commands::set_urgent(tx, held(hands.edit.as_ref())?, id, *urgent)?;
            }
            Back::Uncomment(comment) => {
                commands::uncomment(tx, held(hands.comment.as_ref())?, id, None, *comment)?;
            }
        }
    }
    Ok(())
}
