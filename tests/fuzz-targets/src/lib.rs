//! What must hold whatever bytes come from outside: one function for each parser of them.
//!
//! A function takes any bytes, reads them as the program would, and breaks (`assert!`) when a property does
//! not hold; refusing is fine. `fuzz/` gives each to libFuzzer (`scripts/fuzz`), and the test of this crate
//! gives each its corpus, `fuzz/corpus/NAME`, and changes of it. A new parser of outside bytes gets a target
//! here: a line in [`TARGETS`], a file in `fuzz/fuzz_targets`, a `[[bin]]` and a corpus; the test names what
//! is missing.

#![expect(clippy::expect_used, reason = "what does not hold is a finding")]

mod archive;
mod bank;
mod codes;
mod contact;
mod money;
mod order;
mod payment;
mod push;
mod search;
mod template;
mod text;
mod web;
mod yml;

pub use archive::archive;
pub use bank::{bank_file, bank_round_trip};
pub use codes::{codes, mail_settings};
pub use contact::{email, phone};
pub use money::money;
pub use order::{offer, order, patch};
pub use payment::{purpose, reference};
pub use push::push;
pub use search::search;
pub use template::template;
pub use web::web;
pub use yml::yml;

/// A target by the name of its corpus and of its program in `fuzz/`.
#[derive(Clone, Copy)]
pub struct Target {
    pub name: &'static str,
    pub run: fn(&[u8]),
}

macro_rules! targets {
    ($($name:ident),* $(,)?) => { &[$(Target { name: stringify!($name), run: $name }),*] };
}

pub const TARGETS: &[Target] = targets![
    archive,
    bank_file,
    bank_round_trip,
    codes,
    email,
    mail_settings,
    money,
    offer,
    order,
    patch,
    phone,
    purpose,
    push,
    reference,
    search,
    template,
    web,
    yml,
];
