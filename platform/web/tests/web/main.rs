//! The way in, without a socket: what every page and every call can rely on.

#![cfg(test)]

mod failures;
mod full;
mod guards;
mod live;
mod node;
mod operations;
mod shop;
mod tls;
mod tls_files;
