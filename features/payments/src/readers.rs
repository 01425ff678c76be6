//! The port to bank connectors: whoever can read a kind of bank file, or speaks for a kind of bank, fills a slot.

use takt_kernel::{Fault, Result, Slot, Slots};
use takt_payments_port::{BankReport, ChannelKind, SourceKind};

/// Reads the whole of a file or refuses it. `None` means: not a format of mine.
pub type ReadBankFile = fn(&[u8]) -> Result<Option<BankReport>>;

pub static BANK_FILE_READER: Slot<ReadBankFile> = Slot::new("payments.bank_file_reader");
pub static CHANNEL_KINDS: Slot<ChannelKind> = Slot::new("payments.channel_kinds");

/// Banks that are asked: whoever speaks the interface of one fills the slot.
pub static BANK_SOURCE: Slot<SourceKind> = Slot::new("payments.bank_source");

pub(crate) fn source_of(slots: &Slots, code: &str) -> Result<SourceKind> {
    let found = slots.of(&BANK_SOURCE).find(|kind| kind.code == code);
    found.cloned().ok_or_else(|| Fault::invalid("payments.bank_source_unknown").arg("source", code))
}

pub(crate) fn read_bank_file(slots: &Slots, bytes: &[u8]) -> Result<BankReport> {
    for read in slots.of(&BANK_FILE_READER) {
        if let Some(report) = read(bytes)? {
            return Ok(report);
        }
    }
    Err(Fault::invalid("payments.file_unknown"))
}

/// # Errors
/// `payments.channel_kind_unknown` with those that are known.
pub fn channel_kind(slots: &Slots, code: &str) -> Result<ChannelKind> {
    slots.of(&CHANNEL_KINDS).find(|kind| kind.code == code).copied().ok_or_else(|| {
        let known: Vec<&str> = slots.of(&CHANNEL_KINDS).map(|kind| kind.code).collect();
        Fault::field("kind", "payments.channel_kind_unknown")
            .arg("given", code)
            .arg("known", known.join(", "))
    })
}
