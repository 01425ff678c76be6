//! What tests of every tier share.

pub mod postgres;
