//! The real program beside a disk, a database and people that do not behave.

#![cfg(test)]

mod disk;
mod node;
mod numbers;
mod python;
mod shop_module;
mod stop;
