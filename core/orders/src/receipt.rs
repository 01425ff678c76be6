//! The proof that money came. Only a [`VerifiedReceipt`] can mark anything paid, and nothing but the
//! constructors here can make one: there is no way from an SMS, a screenshot, a note or a shop's
//! "paid" to this type. Every kind of evidence passes the same check of account, currency and booked
//! state first ([`BookedCredit`]); a receipt is kept for ever with its evidence, and the sum of its
//! uses never exceeds its amount.

use serde::{Deserialize, Serialize};
use takt_kernel::{CompanyId, Fault, PersonId, Result, Timestamp, money::Currency, money::Money};
use takt_staff::Permit;
use takt_store::{Query, Row, Tx, params, sql};

use crate::{permissions::VouchForMoney, proof::KeptProof};

/// Why we believe it. A closed set, shown for ever beside the money.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "kind")]
pub enum Evidence {
    /// A signature over the bytes, by this key.
    Signed { key: String },
    /// Mutual TLS, or a poll of the bank that it authorised.
    AuthenticatedChannel { channel: String },
    /// A person with the accountant's right stands in for this file.
    Vouched { person: PersonId, file_hash: String },
    /// Degraded mode: two persons, each on their own.
    TwoPersons { first: PersonId, second: PersonId },
}

/// What a bank says of a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EntryState {
    Booked,
    Pending,
    Information,
}

/// A line of a bank that claims to be an incoming payment.
#[derive(Clone, Debug)]
pub struct CreditLine<'a> {
    pub company: CompanyId,
    pub amount: Money,
    /// The account that the line names.
    pub account: &'a str,
    /// The company's own account that it is meant to be, and that account's currency.
    pub own_account: &'a str,
    pub own_currency: Currency,
    pub state: EntryState,
    /// When the payer's bank sent it, when ours booked it, as far as the bank tells the time.
    pub sent_at: Option<Timestamp>,
    pub booked_at: Option<Timestamp>,
    /// When we first held the line in our hands.
    pub received_at: Timestamp,
}

/// An incoming payment that passed the checks every kind of evidence needs.
#[derive(Clone, Debug)]
pub struct BookedCredit {
    company: CompanyId,
    amount: Money,
    account: String,
    sent_at: Option<Timestamp>,
    booked_at: Option<Timestamp>,
    received_at: Timestamp,
}

impl BookedCredit {
    /// # Errors
    /// `orders.credit_not_positive`, `orders.credit_other_account`, `orders.credit_other_currency`,
    /// `orders.credit_not_booked`.
    pub fn check(line: &CreditLine<'_>) -> Result<Self> {
        if !line.amount.is_positive() {
            return Err(Fault::invalid("orders.credit_not_positive").arg("amount", line.amount));
        }
        if line.account != line.own_account || line.account.is_empty() {
            return Err(Fault::invalid("orders.credit_other_account").arg("account", line.account));
        }
        if line.amount.currency() != line.own_currency {
            return Err(Fault::invalid("orders.credit_other_currency")
                .arg("currency", line.amount.currency())
                .arg("own", line.own_currency));
        }
        match line.state {
            EntryState::Booked => Ok(Self {
                company: line.company,
                amount: line.amount,
                account: line.account.to_owned(),
                sent_at: line.sent_at,
                booked_at: line.booked_at,
                received_at: line.received_at,
            }),
            EntryState::Pending | EntryState::Information => Err(Fault::invalid("orders.credit_not_booked")),
        }
    }
}

/// Money that came, with its evidence. See the head of this file.
#[derive(Clone, Debug)]
pub struct VerifiedReceipt {
    id: i64,
    credit: BookedCredit,
    evidence: Evidence,
}

impl VerifiedReceipt {
    /// A person with the accountant's right vouches by name for the file that says so.
    /// `receipt_id` names the bank's line for ever: the same line must never get two.
    ///
    /// # Errors
    /// `orders.voucher_not_a_person` for programs and tokens, `orders.foreign_receipt` when the permit
    /// is for another company.
    pub fn vouched(
        receipt_id: i64,
        booked: BookedCredit,
        permit: &Permit<VouchForMoney>,
        file_hash: &str,
    ) -> Result<Self> {
        let person = permit.actor().person().ok_or_else(|| Fault::denied("orders.voucher_not_a_person"))?;
        if permit.company() != booked.company {
            return Err(Fault::missing("orders.foreign_receipt"));
        }
        let evidence = Evidence::Vouched { person, file_hash: file_hash.to_owned() };
        Ok(Self { id: receipt_id, credit: booked, evidence })
    }

    /// The bank itself says so: by a message whose proof was kept when it came.
    ///
    /// # Errors
    /// `orders.foreign_receipt` when the proof is of another company.
    pub fn proved(receipt_id: i64, booked: BookedCredit, proof: &KeptProof) -> Result<Self> {
        if proof.company() != booked.company {
            return Err(Fault::missing("orders.foreign_receipt"));
        }
        Ok(Self { id: receipt_id, credit: booked, evidence: proof.evidence().clone() })
    }

    /// The bank is silent, and two persons with the accountant's right say it, each on their own.
    ///
    /// # Errors
    /// `orders.voucher_not_a_person`, `orders.vouchers_same_person`, `orders.foreign_receipt`.
    pub fn by_two(
        receipt_id: i64,
        booked: BookedCredit,
        first: &Permit<VouchForMoney>,
        second: &Permit<VouchForMoney>,
    ) -> Result<Self> {
        let person = |permit: &Permit<VouchForMoney>| {
            permit.actor().person().ok_or_else(|| Fault::denied("orders.voucher_not_a_person"))
        };
        let (one, other) = (person(first)?, person(second)?);
        if one == other {
            return Err(Fault::denied("orders.vouchers_same_person"));
        }
        if first.company() != booked.company || second.company() != booked.company {
            return Err(Fault::missing("orders.foreign_receipt"));
        }
        let evidence = Evidence::TwoPersons { first: one, second: other };
        Ok(Self { id: receipt_id, credit: booked, evidence })
    }

    /// A receipt that was verified before and kept.
    ///
    /// # Errors
    /// Faults of the store.
    pub fn kept(db: &mut dyn Query, company: CompanyId, receipt_id: i64) -> Result<Option<Self>> {
        db.opt(
            sql!(
                "select id, company_id, amount_minor, currency, account, evidence, booked_at, sent_at, received_at
                 from order_receipt
                 where company_id = :company_id and id = :id"
            ),
            params![company_id: company, id: receipt_id],
        )?
        .map(|row| read(&row))
        .transpose()
    }

    pub fn id(&self) -> i64 {
        self.id
    }
    pub fn company(&self) -> CompanyId {
        self.credit.company
    }
    pub fn amount(&self) -> Money {
        self.credit.amount
    }
    pub fn account(&self) -> &str {
        &self.credit.account
    }
    pub fn evidence(&self) -> &Evidence {
        &self.evidence
    }
    pub fn sent_at(&self) -> Option<Timestamp> {
        self.credit.sent_at
    }
    pub fn booked_at(&self) -> Option<Timestamp> {
        self.credit.booked_at
    }
    pub fn received_at(&self) -> Timestamp {
        self.credit.received_at
    }

    /// Keeps it, so that it can be used later. Keeping the same again changes nothing.
    ///
    /// # Errors
    /// Faults of the store.
    pub fn keep(&self, tx: &mut Tx) -> Result<()> {
        let evidence = serde_json::to_string(&self.evidence)
            .map_err(|error| Fault::broken("orders.evidence_unwritable").because(error))?;
        let kept_at = tx.now();
        tx.put(
            sql!(
                "insert into order_receipt (company_id, id, amount_minor, currency, account, evidence,
                   booked_at, sent_at, received_at, kept_at)
                 values (:company_id, :id, :amount_minor, :currency, :account, :evidence,
                   :booked_at, :sent_at, :received_at, :kept_at)
                 on conflict do nothing"
            ),
            params![
                company_id: self.credit.company, id: self.id, amount_minor: self.credit.amount.minor(),
                currency: self.credit.amount.currency(), account: &self.credit.account, evidence: evidence,
                booked_at: self.credit.booked_at, sent_at: self.credit.sent_at,
                received_at: self.credit.received_at, kept_at: kept_at,
            ],
        )
    }

    /// Learns when its money left its sender and when it was booked, where that was not known: nothing when nothing is
    /// new by it.
    ///
    /// # Errors
    /// Faults of the store.
    pub(crate) fn dated(
        mut self,
        tx: &mut Tx,
        sent_at: Option<Timestamp>,
        booked_at: Option<Timestamp>,
    ) -> Result<Option<Self>> {
        let known = (self.credit.sent_at, self.credit.booked_at);
        self.credit.sent_at = known.0.or(sent_at);
        self.credit.booked_at = known.1.or(booked_at);
        if (self.credit.sent_at, self.credit.booked_at) == known {
            return Ok(None);
        }
        tx.put(
            sql!(
                "update order_receipt
                 set sent_at = :sent_at, booked_at = :booked_at
                 where company_id = :company_id and id = :id"
            ),
            params![
                sent_at: self.credit.sent_at, booked_at: self.credit.booked_at,
                company_id: self.credit.company, id: self.id,
            ],
        )?;
        Ok(Some(self))
    }

    /// What of it is not yet used by any order.
    ///
    /// # Errors
    /// Faults of the store.
    pub fn left(&self, db: &mut dyn Query) -> Result<Money> {
        let used: i64 = db
            .one(
                sql!(
                    "select cast(coalesce(sum(amount_minor), 0) as bigint) as used
                     from order_payment
                     where company_id = :company_id and receipt_id = :receipt_id"
                ),
                params![company_id: self.credit.company, receipt_id: self.id],
            )?
            .get("used")?;
        self.credit.amount.subtract(Money::new(used, self.credit.amount.currency()))
    }

    /// Locks the kept receipt, so that two orders cannot use the same money at once. The row is written
    /// anew, since `for update` alone lets the next in line go on without seeing what was used meanwhile.
    pub(crate) fn lock(&self, tx: &mut Tx) -> Result<()> {
        self.keep(tx)?;
        let row = tx.one(
            sql!(
                "update order_receipt
                 set kept_at = kept_at
                 where company_id = :company_id and id = :id
                 returning id, company_id, amount_minor, currency, account, evidence, booked_at, sent_at, received_at"
            ),
            params![company_id: self.credit.company, id: self.id],
        )?;
        let kept = read(&row)?;
        if kept.credit.amount == self.credit.amount && kept.credit.account == self.credit.account {
            return Ok(());
        }
        Err(Fault::conflict("orders.receipt_differs").arg("receipt", self.id))
    }
}

fn read(row: &Row) -> Result<VerifiedReceipt> {
    Ok(VerifiedReceipt {
        id: row.get("id")?,
        credit: BookedCredit {
            company: row.get("company_id")?,
            amount: row.money("amount_minor", "currency")?,
            account: row.get("account")?,
            sent_at: row.get("sent_at")?,
            booked_at: row.get("booked_at")?,
            received_at: row.get("received_at")?,
        },
        evidence: row.json("evidence")?,
    })
}
