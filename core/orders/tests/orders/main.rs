//! Orders through verbs, pages and the API, on both engines.

#![expect(clippy::expect_used, reason = "what a test does not expect is its failure")]

mod adding_up;
mod api;
mod changing;
mod clock;
mod desk;
mod filters;
mod found;
mod histories;
mod leaving_out;
mod locking;
mod many;
mod money;
mod pages;
mod placing;
mod plans;
mod program;
mod promises;
mod remade;
mod remade_pages;
mod remade_truly;
mod separated;
mod sheets;
mod stages;
mod taken_back;
mod views_erased;
