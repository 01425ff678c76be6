//! The way in, without a socket: what every page and every call can rely on.

mod failures;
mod guards;
mod live;
mod operations;
mod shop;
