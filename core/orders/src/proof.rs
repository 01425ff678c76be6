//! Why a message of a bank is believed, between the moment it was verified and the moment its money is
//! counted, which a crash may lie between.
//!
//! A [`KeptProof`] has private fields. It comes from a [`Signed`], which only `takt_proof` makes after it
//! verified bytes; from a [`Secured`], which only `takt_outbound` makes of an answer over TLS whose certificate
//! was verified; or from the row that one of both left. So there is no way from a message that nobody verified
//! to a receipt, and none that the compiler would let pass:
//!
//! ```compile_fail,E0451
//! fn forge(evidence: takt_orders::receipt::Evidence) -> takt_orders::proof::KeptProof {
//!     let (id, company) = (takt_kernel::Id::new(1), takt_kernel::Id::new(1));
//!     takt_orders::proof::KeptProof { id, company, evidence }
//! }
//! ```
//! ```compile_fail,E0451
//! fn forge(owner: takt_proof::Owner) -> takt_proof::Signed {
//!     takt_proof::Signed { owner, kid: String::new(), payload: Vec::new(), digest: [0; 32] }
//! }
//! ```

use takt_kernel::{CompanyId, Fault, Id, Result};
use takt_outbound::Secured;
use takt_proof::Signed;
use takt_store::{Query, Tx, params, sql};

use crate::receipt::Evidence;

pub enum ProofTag {}
pub type ProofId = Id<ProofTag>;

/// A proof that stands in the database.
#[derive(Clone, Debug)]
pub struct KeptProof {
    id: ProofId,
    company: CompanyId,
    evidence: Evidence,
}

impl KeptProof {
    /// Keeps that a message is signed.
    ///
    /// # Errors
    /// Faults of the store.
    pub fn of_signature(tx: &mut Tx<'_>, signed: &Signed) -> Result<Self> {
        let key = signed.kid().to_owned();
        keep(tx, signed.owner().company, Evidence::Signed { key }, &signed.digest())
    }

    /// Keeps that the bank answered this when we asked it. The digest is that of the answer.
    ///
    /// # Errors
    /// Faults of the store.
    pub fn of_answer(tx: &mut Tx<'_>, company: CompanyId, channel: &str, secured: &Secured) -> Result<Self> {
        let channel = format!("{channel} ({})", secured.host());
        keep(tx, company, Evidence::AuthenticatedChannel { channel }, secured.digest())
    }

    /// One that was kept.
    ///
    /// # Errors
    /// Faults of the store.
    pub fn kept(db: &mut dyn Query, company: CompanyId, id: ProofId) -> Result<Option<Self>> {
        db.opt(
            sql!("select evidence from money_proof where company_id = :company_id and id = :id"),
            params![company_id: company, id: id],
        )?
        .map(|row| Ok(Self { id, company, evidence: row.json("evidence")? }))
        .transpose()
    }

    pub fn id(&self) -> ProofId {
        self.id
    }
    pub fn company(&self) -> CompanyId {
        self.company
    }
    pub fn evidence(&self) -> &Evidence {
        &self.evidence
    }
}

fn keep(tx: &mut Tx<'_>, company: CompanyId, evidence: Evidence, digest: &str) -> Result<KeptProof> {
    let written = serde_json::to_string(&evidence)
        .map_err(|error| Fault::broken("orders.evidence_unwritable").because(error))?;
    let id: ProofId = tx.new_id();
    let now = tx.now();
    tx.put(
        sql!(
            "insert into money_proof (company_id, id, evidence, digest, kept_at)
             values (:company_id, :id, :evidence, :digest, :now)"
        ),
        params![company_id: company, id: id, evidence: written, digest: digest, now: now],
    )?;
    Ok(KeptProof { id, company, evidence })
}
