//! Is this line money that came to us? Pure: the document, the file's own account list, our accounts.

use takt_payments_port::{BankDocument, BookingState, Dated, Direction, Party};

use super::lines::{LineState, Outcome};
use crate::accounts::{BankAccount, normal};

/// The bank takes back what it had booked.
const REVERSAL: &str = "payments.held_reversal";

/// What the gate says of a line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Passage<'a> {
    /// A booked credit on one of our accounts. `ground` is weaker when only dates say so.
    Credit {
        account: &'a BankAccount,
        ground: Ground,
    },
    Stopped {
        account: Option<&'a BankAccount>,
        incoming: Option<bool>,
        outcome: Outcome,
    },
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Ground {
    Account,
    /// Our account stands on neither side, but the file is about it and the bank dated an arrival.
    DateOnly,
}

pub(super) fn judge<'a>(
    document: &BankDocument,
    file_accounts: &[String],
    own: &'a [BankAccount],
) -> Passage<'a> {
    let sides = sides(document, file_accounts, own);
    match sides {
        Sides::Incoming(account, ground) => judge_credit(document, account, ground),
        // What left has to be as certain as what came: it closes refunds and proves balances.
        Sides::Outgoing(account) => stopped(
            Some(account),
            Some(false),
            not_yet_money(document, account)
                .unwrap_or_else(|| Outcome::new(LineState::Outgoing, "payments.outgoing")),
        ),
        Sides::Ours(account) => stopped(
            Some(account),
            None,
            not_booked(document).unwrap_or_else(|| Outcome::new(LineState::Other, "payments.own_transfer")),
        ),
        Sides::Contradict(account) => {
            stopped(Some(account), None, Outcome::new(LineState::Held, "payments.held_direction_unclear"))
        }
        Sides::Foreign(named) => stopped(
            None,
            None,
            Outcome::new(LineState::Held, "payments.held_other_account").arg("account", named),
        ),
    }
}

fn judge_credit<'a>(document: &BankDocument, account: &'a BankAccount, ground: Ground) -> Passage<'a> {
    match not_yet_money(document, account) {
        None => Passage::Credit { account, ground },
        // What had left is here again: that takes no receipt back, it is money that came.
        Some(outcome) if outcome.code == REVERSAL => {
            stopped(Some(account), Some(true), hold("payments.held_came_back"))
        }
        Some(outcome) => stopped(Some(account), Some(true), outcome),
    }
}

fn hold(code: &str) -> Outcome {
    Outcome::new(LineState::Held, code)
}

/// Why a line of this account does not count, whichever way the money went.
fn not_yet_money(document: &BankDocument, account: &BankAccount) -> Option<Outcome> {
    if document.amount.currency() != account.currency {
        return Some(
            hold("payments.held_other_currency")
                .arg("currency", document.amount.currency())
                .arg("own", account.currency),
        );
    }
    if document.reversal {
        return Some(hold(REVERSAL));
    }
    not_booked(document)
}

fn not_booked(document: &BankDocument) -> Option<Outcome> {
    if is_copy(document) {
        return Some(hold("payments.held_copy"));
    }
    match document.state {
        BookingState::Booked if document.amount.is_positive() => None,
        BookingState::Booked => Some(hold("payments.held_no_amount")),
        BookingState::Pending => Some(hold("payments.held_pending")),
        BookingState::Informational => Some(hold("payments.held_information")),
    }
}

fn stopped(account: Option<&BankAccount>, incoming: Option<bool>, outcome: Outcome) -> Passage<'_> {
    Passage::Stopped { account, incoming, outcome }
}

/// The bank says of the whole statement that it was sent before.
fn is_copy(document: &BankDocument) -> bool {
    document.extra.iter().any(|(key, _)| key == "CpyDplctInd")
}

enum Sides<'a> {
    Incoming(&'a BankAccount, Ground),
    Outgoing(&'a BankAccount),
    /// From one of our accounts to another.
    Ours(&'a BankAccount),
    /// The side and the bank's date say opposite things.
    Contradict(&'a BankAccount),
    Foreign(String),
}

fn sides<'a>(document: &BankDocument, file_accounts: &[String], own: &'a [BankAccount]) -> Sides<'a> {
    if let Some(named) = &document.account {
        // The format says whose statement it is and which way the money went.
        return match (find(own, named), document.direction) {
            (Some(account), Direction::Incoming) => Sides::Incoming(account, Ground::Account),
            (Some(account), Direction::Outgoing) => Sides::Outgoing(account),
            (Some(account), Direction::BySide { .. }) => Sides::Contradict(account),
            (None, _) => Sides::Foreign(named.clone()),
        };
    }
    let payee = party(own, &document.payee);
    let payer = party(own, &document.payer);
    let dated = match document.direction {
        Direction::Incoming => Some(Dated::Incoming),
        Direction::Outgoing => Some(Dated::Outgoing),
        Direction::BySide { dated } => dated,
    };
    match (payee, payer, dated) {
        (Some(account), Some(_), _) => Sides::Ours(account),
        (Some(account), None, Some(Dated::Outgoing)) | (None, Some(account), Some(Dated::Incoming)) => {
            Sides::Contradict(account)
        }
        (Some(account), None, _) => Sides::Incoming(account, Ground::Account),
        (None, Some(account), _) => Sides::Outgoing(account),
        (None, None, dated) => by_date(document, dated, file_accounts, own),
    }
}

/// Our account is cut or masked in the document itself: the file's only account and the bank's date
/// of arrival must do.
fn by_date<'a>(
    document: &BankDocument,
    dated: Option<Dated>,
    file_accounts: &[String],
    own: &'a [BankAccount],
) -> Sides<'a> {
    let only = match file_accounts {
        [only] => find(own, only),
        _ => None,
    };
    match (only, dated) {
        (Some(account), Some(Dated::Incoming)) => Sides::Incoming(account, Ground::DateOnly),
        (Some(account), Some(Dated::Outgoing)) => Sides::Outgoing(account),
        (Some(account), None) => Sides::Contradict(account),
        (None, _) => Sides::Foreign(
            document
                .payee
                .accounts
                .first()
                .or(file_accounts.first())
                .cloned()
                .unwrap_or_else(|| "—".to_owned()),
        ),
    }
}

fn party<'a>(own: &'a [BankAccount], party: &Party) -> Option<&'a BankAccount> {
    party.accounts.iter().find_map(|account| find(own, account))
}

fn find<'a>(own: &'a [BankAccount], account: &str) -> Option<&'a BankAccount> {
    let account = normal(account);
    own.iter().find(|known| !known.archived && known.account == account)
}
