//! Takes a file in: read to its end, kept in chunks, made visible at once.

use std::iter;

use sha2::{Digest, Sha256};
use takt_kernel::{CompanyId, Fault, Result, failpoint};
use takt_orders::{VouchForMoney, proof::ProofId};
use takt_payments_port::{BankDocument, BankReport};
use takt_staff::Permit;
use takt_store::{About, Db, Query, Subject, Tx, params, sql};
use takt_work::{NewJob, jobs};

use super::{
    answer::Answer,
    lines::{Around, BankLineId, ImportId, json},
    movement::{payee_account, payer_account},
    process::{PROCESS_JOB, RESUME_AFTER_SECONDS},
    unfinished,
};
use crate::{channels::ChannelId, facts::FileAccepted, proofs, readers::read_bank_file};

/// A chunk is one short transaction, so that a large file keeps nobody waiting.
const CHUNK: usize = 200;
pub(crate) const LARGEST_FILE_BYTES: usize = 64 << 20;

#[derive(Clone, Debug)]
pub struct Accepted {
    pub import: ImportId,
    pub documents: usize,
}

/// Also for what was refused on its way, before all of it was here.
pub(crate) fn too_large() -> Fault {
    Fault::invalid("payments.file_too_large").arg("megabytes", LARGEST_FILE_BYTES >> 20)
}

/// Reads a file and takes its lines in. `came_by` says how it arrived: `upload`, `command line`,
/// or the watched folder.
///
/// # Errors
/// Those of the reader, naming line and field: then nothing was taken in. `payments.file_too_large`,
/// `payments.file_empty`, `orders.voucher_not_a_person`, `payments.file_given_up`.
pub async fn accept(
    db: &Db,
    permit: Permit<VouchForMoney>,
    file_name: String,
    bytes: Vec<u8>,
    came_by: &'static str,
) -> Result<Accepted> {
    permit.actor().person().ok_or_else(|| Fault::denied("orders.voucher_not_a_person"))?;
    if bytes.is_empty() {
        return Err(Fault::invalid("payments.file_empty"));
    }
    if bytes.len() > LARGEST_FILE_BYTES {
        return Err(too_large());
    }
    let reader_db = db.clone();
    let (report, file_hash) = tokio::task::spawn_blocking(move || -> Result<(BankReport, String)> {
        let hash = Sha256::digest(&bytes).iter().map(|byte| format!("{byte:02x}")).collect();
        Ok((read_bank_file(reader_db.slots(), &bytes)?, hash))
    })
    .await
    .map_err(|error| Fault::broken("payments.reader_panicked").because(error))??;
    accept_report(db, Answer::Person(permit), Source { name: file_name, hash: file_hash, came_by }, report)
        .await
}

/// What a report was before it was read.
#[derive(Clone, Debug)]
pub struct Source {
    pub name: String,
    /// SHA-256 in hexadecimal.
    pub hash: String,
    pub came_by: &'static str,
}

/// Takes a report in that somebody answers for.
///
/// # Errors
/// As [`accept`].
pub async fn accept_report(db: &Db, answer: Answer, source: Source, report: BankReport) -> Result<Accepted> {
    accept_with(db, answer, source, report, |_, _| Ok(())).await
}

/// As [`accept_report`]; `also` is done in the transaction that makes the report visible, and when it refuses nothing
/// of the report is there.
pub(crate) async fn accept_with(
    db: &Db,
    answer: Answer,
    source: Source,
    report: BankReport,
    also: impl Fn(&mut Tx, ImportId) -> Result<()> + Send + 'static,
) -> Result<Accepted> {
    let company = answer.company();
    let documents = report.documents.len();
    let head = Head::of(&answer, &source, &report)?;
    let import = db.write("payments.stage_file", move |tx| stage_head(tx, company, &head)).await?;
    failpoint::reach("payments.file.head_staged");
    let mut first = 0_usize;
    for chunk in report.documents.chunks(CHUNK) {
        let chunk = chunk.to_vec();
        db.write("payments.stage_lines", move |tx| stage_lines(tx, company, import, first, &chunk)).await?;
        first += CHUNK;
        failpoint::reach("payments.file.between_chunks");
    }
    let stated = report;
    db.write("payments.accept_file", move |tx| {
        also(tx, import)?;
        make_visible(tx, &answer, &source, import, &stated)?;
        let run_at = tx.now().plus_seconds(RESUME_AFTER_SECONDS);
        jobs::enqueue(
            tx,
            NewJob {
                company,
                kind: PROCESS_JOB,
                key: Some(import.to_string()),
                payload: serde_json::json!({ "import": import }),
                run_at,
            },
        )
    })
    .await?;
    failpoint::reach("payments.file.accepted");
    Ok(Accepted { import, documents })
}

/// Takes a short report in within the caller's transaction. Its lines wait; the caller processes them there.
pub(crate) fn take_at_once(
    tx: &mut Tx,
    answer: &Answer,
    source: &Source,
    report: &BankReport,
) -> Result<ImportId> {
    let company = answer.company();
    let import = insert_head(tx, company, &Head::of(answer, source, report)?)?;
    stage_lines(tx, company, import, 0, &report.documents)?;
    make_visible(tx, answer, source, import, report)?;
    Ok(import)
}

fn make_visible(
    tx: &mut Tx,
    answer: &Answer,
    source: &Source,
    import: ImportId,
    report: &BankReport,
) -> Result<()> {
    let company = answer.company();
    unfinished::go_on(tx, company, import, "accepted")?;
    proofs::keep(tx, company, import, report)?;
    let documents = report.documents.len();
    let actor = answer.actor();
    let about =
        About::new(company, Subject::new("bank_file", import.get()), &actor).from_source(source.came_by);
    tx.say(about, &FileAccepted { file_hash: source.hash.clone(), documents })
}

struct Head {
    file_name: String,
    file_hash: String,
    format: String,
    warnings: String,
    accounts: Vec<String>,
    voucher: Option<takt_kernel::PersonId>,
    second_voucher: Option<takt_kernel::PersonId>,
    proof: Option<ProofId>,
    channel: Option<ChannelId>,
    came_by: &'static str,
    documents: usize,
    around: String,
}

impl Head {
    fn of(answer: &Answer, source: &Source, report: &BankReport) -> Result<Self> {
        Ok(Self {
            file_name: source.name.chars().take(200).collect(),
            file_hash: source.hash.clone(),
            format: serde_plain(&report.format)?,
            warnings: json(&report.warnings)?,
            accounts: report.accounts.clone(),
            voucher: answer.person(),
            second_voucher: answer.second_person(),
            proof: answer.proof().map(takt_orders::proof::KeptProof::id),
            channel: answer.channel(),
            came_by: source.came_by,
            documents: report.documents.len(),
            around: json(&around(report))?,
        })
    }
}

/// What the report says beside its documents; nothing of what has nothing to say.
fn around(report: &BankReport) -> Vec<Around> {
    let of_file = Around { account: None, fields: report.extra.clone() };
    let of_accounts = report.statements.iter().map(|statement| Around {
        account: Some(statement.account.clone()),
        fields: statement.extra.clone(),
    });
    iter::once(of_file).chain(of_accounts).filter(|around| !around.fields.is_empty()).collect()
}

fn stage_head(tx: &mut Tx, company: CompanyId, head: &Head) -> Result<ImportId> {
    let id = insert_head(tx, company, head)?;
    unfinished::watch(tx, company, id)?;
    Ok(id)
}

fn insert_head(tx: &mut Tx, company: CompanyId, head: &Head) -> Result<ImportId> {
    let id: ImportId = tx.new_id();
    let now = tx.now();
    tx.put(
        sql!(
            "insert into bank_import (company_id, id, file_name, file_hash, format, state, documents, warnings, accounts,
               voucher_id, second_voucher_id, came_by, created_at, proof_id, channel_id, around)
             values (:company_id, :id, :file_name, :file_hash, :format, 'staging', :documents, :warnings, :accounts,
               :voucher_id, :second_voucher_id, :came_by, :created_at, :proof_id, :channel_id, :around)"
        ),
        params![
            company_id: company, id: id, file_name: &head.file_name, file_hash: &head.file_hash,
            format: &head.format, documents: i64::try_from(head.documents).unwrap_or(i64::MAX),
            warnings: &head.warnings, accounts: json(&head.accounts)?, voucher_id: head.voucher,
            second_voucher_id: head.second_voucher,
            came_by: head.came_by, created_at: now, proof_id: head.proof, channel_id: head.channel,
            around: &head.around,
        ],
    )?;
    Ok(id)
}

fn stage_lines(
    tx: &mut Tx,
    company: CompanyId,
    import: ImportId,
    first: usize,
    documents: &[BankDocument],
) -> Result<()> {
    unfinished::go_on(tx, company, import, "staging")?;
    let now = tx.now();
    for (offset, document) in documents.iter().enumerate() {
        let id: BankLineId = tx.new_id();
        let n = i64::try_from(first + offset + 1).unwrap_or(i64::MAX);
        tx.put(
            sql!(
                "insert into bank_line (company_id, id, import_id, n, state, outcome, outcome_args, document, own_account_id,
                   incoming, amount_minor, currency, booked_on, number, payer_name, payer_account, payee_account, purpose, tier, reasons, candidates,
                   allocated_minor, credit_minor, received_at, decided_by, decided_at)
                 values (:company_id, :id, :import_id, :n, 'waiting', 'payments.waiting', '{}', :document, null,
                   null, :amount_minor, :currency, :booked_on, :number, :payer_name, :payer_account, :payee_account, :purpose, null, '[]', '[]',
                   0, 0, :received_at, null, null)"
            ),
            params![
                company_id: company, id: id, import_id: import, n: n, document: json(document)?,
                amount_minor: document.amount.minor(), currency: document.amount.currency(),
                booked_on: document.day(),
                number: &document.number, payer_name: &document.payer.name,
                payer_account: payer_account(document), payee_account: payee_account(document),
                purpose: &document.purpose,
                received_at: now,
            ],
        )?;
    }
    Ok(())
}

fn serde_plain<T: serde::Serialize>(value: &T) -> Result<String> {
    Ok(json(value)?.trim_matches('"').to_owned())
}
