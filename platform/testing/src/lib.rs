//! What tests of every tier share.

pub mod mail;
pub mod postgres;
