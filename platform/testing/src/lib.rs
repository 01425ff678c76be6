//! What tests of every tier share: both engines, a clock in the hand, the whole program without a
//! socket.
//!
//! Start with [`on_both_engines!`] and [`TestApp`]; a test that needs no features opens it with none.

mod app;
mod authority;
mod client;
mod fact_log;
pub mod mail;
mod place;
mod plans;
pub mod postgres;
mod texts;

pub use app::{SECRET_KEY, TestApp};
pub use authority::{Authority, Issued};
pub use client::{Asking, Client, TestResponse, TestStream};
pub use place::Place;
pub use plans::Watched;
pub use texts::Texts;

#[doc(hidden)]
pub use tokio;

/// Makes two tests of each scenario: `name::on_sqlite` and `name::on_postgres`.
///
/// ```ignore
/// takt_testing::on_both_engines! {
///     async fn money_reported_twice_is_counted_once(place: Place) {
///         let app = TestApp::open(place, vec![feature()]).await;
///     }
/// }
/// ```
#[macro_export]
macro_rules! on_both_engines {
    ($($(#[$attribute:meta])* async fn $name:ident($place:ident: Place) $body:block)*) => {$(
        $(#[$attribute])*
        #[cfg(test)]
        mod $name {
            use super::*;

            async fn scenario($place: $crate::Place) $body

            #[$crate::tokio::test(flavor = "multi_thread", worker_threads = 2, crate = "takt_testing::tokio")]
            async fn on_sqlite() {
                scenario($crate::Place::sqlite()).await;
            }

            #[$crate::tokio::test(flavor = "multi_thread", worker_threads = 2, crate = "takt_testing::tokio")]
            async fn on_postgres() {
                scenario($crate::Place::postgres()).await;
            }
        }
    )*};
}
