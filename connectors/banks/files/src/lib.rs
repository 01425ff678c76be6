//! Readers of bank files: 1CClientBankExchange and ISO 20022 camt.052/053/054, any version.
//!
//! Bytes in, a whole [`BankReport`] or a refusal out; never a part of a file. What a real bank does
//! wrong without harm is survived with a warning; whatever could invent, lose or change money is
//! refused with the line. Whose account it is and whether a line is new is for payments to decide.
//! Start reading at [`read`].

mod amount;
pub mod camt;
mod day;
mod encoding;
mod line;
pub mod one_c;
mod warnings;

use takt_feature::{Feature, Tier};
use takt_kernel::{Fault, Result};
use takt_payments::{BANK_FILE_READER, ReadBankFile};
use takt_payments_port::BankReport;

/// Texts of every fault and warning of this crate, by language.
pub const TEXTS: [(&str, &str); 2] =
    [("ru", include_str!("../texts/ru.ftl")), ("en", include_str!("../texts/en.ftl"))];

/// A month of a large store is below 10 MB; beyond this limit something else was sent.
pub const MOST_BYTES: usize = 64 * 1024 * 1024;
pub const MOST_DOCUMENTS: usize = 200_000;
/// Accounts are repeated in every document or section; ISO 20022 allows 34 characters, Russia has 20.
const LONGEST_ACCOUNT: usize = 70;

const SIGNATURE: &str = "1cclientbankexchange";

/// Reads a bank file, telling its format by its content alone.
///
/// # Errors
/// `bank_files.empty`, `.too_large`, `.unknown_format`, and those of [`one_c::read`] and [`camt::read`].
pub fn read(bytes: &[u8]) -> Result<BankReport> {
    let opening = encoding::opening(bytes);
    if opening.is_empty() {
        return Err(Fault::invalid("bank_files.empty"));
    }
    if opening.starts_with('<') {
        return camt::read(bytes);
    }
    if opening.to_ascii_lowercase().starts_with(SIGNATURE) {
        return one_c::read(bytes);
    }
    Err(Fault::invalid("bank_files.unknown_format"))
}

fn within_size(bytes: &[u8]) -> Result<()> {
    if bytes.len() <= MOST_BYTES {
        return Ok(());
    }
    Err(Fault::invalid("bank_files.too_large").arg("limit", MOST_BYTES / (1024 * 1024)))
}

fn within_count(documents: usize) -> Result<()> {
    if documents <= MOST_DOCUMENTS {
        return Ok(());
    }
    Err(Fault::invalid("bank_files.too_many_documents").arg("limit", MOST_DOCUMENTS))
}

/// Offers the readers to payments.
pub fn feature() -> Feature {
    Feature::new("bank_files", Tier::Connector)
        .texts(TEXTS[0].0, TEXTS[0].1)
        .texts(TEXTS[1].0, TEXTS[1].1)
        .fill(
            &BANK_FILE_READER,
            "1CClientBankExchange, camt.052, camt.053, camt.054",
            read_known as ReadBankFile,
        )
}

fn read_known(bytes: &[u8]) -> Result<Option<BankReport>> {
    match read(bytes) {
        Err(fault) if fault.is("bank_files.unknown_format") => Ok(None),
        other => other.map(Some),
    }
}
