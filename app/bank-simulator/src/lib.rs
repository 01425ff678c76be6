//! A bank that does not exist, as a program of its own: it books what it is told to and tells Takt of it, as an
//! honest bank does or as a liar would.
//!
//! Owns a model of accounts and their lines ([`books`]) and faces that tell of them: push by our own contract and
//! by Tochka's ([`push`]). Its authority, certificates and keys lie in a folder ([`keys`]); nothing of it is for
//! anything but trying out. Chance for keys is the system's, everything else is told.
//!
//! Faces that are asked (a statement by REST, DirectBank) read the same [`books::Books`] behind mutual TLS ([`asked`]).

pub mod asked;
pub mod books;
pub mod keys;
pub mod push;
mod rsa;
pub mod server;
pub mod wire;

/// Texts of the faults of this crate; `app` adds them to the wiring.
pub const TEXTS: [(&str, &str); 2] =
    [("ru", include_str!("../texts/ru.ftl")), ("en", include_str!("../texts/en.ftl"))];
