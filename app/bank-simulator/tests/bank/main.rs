//! A bank that does not exist drives Takt through its real listeners.

#![cfg(test)]

mod confirmed;
mod desk;
mod doubt;
mod duplicates;
mod honest;
mod lies;
mod refusals;
