//! Who answers for what a bank is said to have said. A closed set, and neither member can be made up: a permit
//! comes out of a caller's roles, a kept proof out of bytes that verified (`takt_orders::proof`).

use takt_kernel::{Actor, CompanyId, Fault, Kind, PersonId, Result};
use takt_orders::{
    VouchForMoney,
    proof::{KeptProof, ProofId},
    receipt::{BookedCredit, VerifiedReceipt},
};
use takt_staff::Permit;
use takt_store::{Query, Row};

use super::lines::Outcome;
use crate::{
    channels::{self, ChannelId},
    import::LineState,
};

#[derive(Clone, Debug)]
pub enum Answer {
    /// A person vouches for the file by name.
    Person(Permit<VouchForMoney>),
    /// The bank itself, by a channel.
    Bank { proof: KeptProof, channel: ChannelId },
    /// Two persons while the bank is silent (`crate::hand`).
    TwoPersons { first: Permit<VouchForMoney>, second: Permit<VouchForMoney> },
}

impl Answer {
    pub fn company(&self) -> CompanyId {
        match self {
            Self::Person(permit) | Self::TwoPersons { second: permit, .. } => permit.company(),
            Self::Bank { proof, .. } => proof.company(),
        }
    }

    pub fn actor(&self) -> Actor {
        match self {
            Self::Person(permit) | Self::TwoPersons { second: permit, .. } => permit.actor().clone(),
            Self::Bank { .. } => Actor::system("payments.channel"),
        }
    }

    pub(super) fn person(&self) -> Option<PersonId> {
        match self {
            Self::Person(permit) | Self::TwoPersons { first: permit, .. } => permit.actor().person(),
            Self::Bank { .. } => None,
        }
    }

    pub(super) fn second_person(&self) -> Option<PersonId> {
        match self {
            Self::TwoPersons { second, .. } => second.actor().person(),
            Self::Person(_) | Self::Bank { .. } => None,
        }
    }

    /// What the journal calls money that came in this way: by hand stays by hand for ever.
    pub(super) const fn posting_kind(&self) -> &'static str {
        match self {
            Self::TwoPersons { .. } => "bank_credit_by_hand",
            Self::Person(_) | Self::Bank { .. } => "bank_credit",
        }
    }

    pub(super) fn proof(&self) -> Option<&KeptProof> {
        match self {
            Self::Person(_) | Self::TwoPersons { .. } => None,
            Self::Bank { proof, .. } => Some(proof),
        }
    }

    pub(super) fn channel(&self) -> Option<ChannelId> {
        match self {
            Self::Person(_) | Self::TwoPersons { .. } => None,
            Self::Bank { channel, .. } => Some(*channel),
        }
    }

    pub(super) fn receipt(&self, id: i64, booked: BookedCredit, file_hash: &str) -> Result<VerifiedReceipt> {
        match self {
            Self::Person(permit) => VerifiedReceipt::vouched(id, booked, permit, file_hash),
            Self::Bank { proof, .. } => VerifiedReceipt::proved(id, booked, proof),
            Self::TwoPersons { first, second } => VerifiedReceipt::by_two(id, booked, first, second),
        }
    }

    /// Who answers for a report that was taken in, as of now; or why nobody does any more.
    pub(super) fn of_import(
        db: &mut dyn Query,
        company: CompanyId,
        row: &Row,
    ) -> Result<std::result::Result<Self, Outcome>> {
        let held = |code| Ok(Err(Outcome::new(LineState::Held, code)));
        let proof: Option<ProofId> = row.get("proof_id")?;
        if let Some(proof) = proof {
            let channel: ChannelId = row.get("channel_id")?;
            let Some(proof) = KeptProof::kept(db, company, proof)? else {
                return Err(Fault::broken("payments.proof_missing").arg("proof", proof));
            };
            if channels::keys::is_revoked(db, company, channel, &proof)? {
                return held("payments.held_key_revoked");
            }
            return Ok(Ok(Self::Bank { proof, channel }));
        }
        let second: Option<PersonId> = row.get("second_voucher_id")?;
        let vouches = |db: &mut dyn Query, person: PersonId| match takt_staff::permit_of::<VouchForMoney>(
            db, person, company,
        ) {
            Ok(permit) => Ok(Some(permit)),
            Err(fault) if matches!(fault.kind(), Kind::Denied | Kind::Missing) => Ok(None),
            Err(fault) => Err(fault),
        };
        let first = vouches(db, row.get("voucher_id")?)?;
        let second = second.map(|second| vouches(db, second)).transpose()?;
        match (first, second) {
            (Some(permit), None) => Ok(Ok(Self::Person(permit))),
            (Some(first), Some(Some(second))) => Ok(Ok(Self::TwoPersons { first, second })),
            (None, _) | (_, Some(None)) => held("payments.held_voucher_lost_right"),
        }
    }
}
