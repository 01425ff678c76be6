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
}

impl Answer {
    pub fn company(&self) -> CompanyId {
        match self {
            Self::Person(permit) => permit.company(),
            Self::Bank { proof, .. } => proof.company(),
        }
    }

    pub fn actor(&self) -> Actor {
        match self {
            Self::Person(permit) => permit.actor().clone(),
            Self::Bank { .. } => Actor::system("payments.channel"),
        }
    }

    pub(super) fn person(&self) -> Option<PersonId> {
        match self {
            Self::Person(permit) => permit.actor().person(),
            Self::Bank { .. } => None,
        }
    }

    pub(super) fn proof(&self) -> Option<&KeptProof> {
        match self {
            Self::Person(_) => None,
            Self::Bank { proof, .. } => Some(proof),
        }
    }

    pub(super) fn channel(&self) -> Option<ChannelId> {
        match self {
            Self::Person(_) => None,
            Self::Bank { channel, .. } => Some(*channel),
        }
    }

    pub(super) fn receipt(&self, id: i64, booked: BookedCredit, file_hash: &str) -> Result<VerifiedReceipt> {
        match self {
            Self::Person(permit) => VerifiedReceipt::vouched(id, booked, permit, file_hash),
            Self::Bank { proof, .. } => VerifiedReceipt::proved(id, booked, proof),
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
        match takt_staff::permit_of::<VouchForMoney>(db, row.get("voucher_id")?, company) {
            Ok(permit) => Ok(Ok(Self::Person(permit))),
            Err(fault) if matches!(fault.kind(), Kind::Denied | Kind::Missing) => {
                held("payments.held_voucher_lost_right")
            }
            Err(fault) => Err(fault),
        }
    }
}
