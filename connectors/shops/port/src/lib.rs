//! What connectors of shops share whose systems tell of themselves by signed messages and are asked by REST:
//! the door, the order as such a system says it, the merge with what the desk made of it, and the poll that
//! finds what no message said.
//!
//! A connector fills [`SYSTEMS`] with what is its own: names of headers, the reading of its bodies into
//! [`Deed`]s, its questions. Owns what each shop last said, deliveries by their ids, and how far each shop was
//! asked.
//!
//! Invariants: a message is stored before it is read; a delivery is taken in once; an older word never undoes
//! a newer one, and a repeated word never undoes the desk's; the cursor passes nothing that is not stored.
//! Start reading at [`deed::apply`].

pub mod amounts;
mod clean;
pub mod connected;
mod customers;
pub mod deed;
mod deliveries;
pub mod differences;
pub mod door;
mod erased;
mod facts;
pub mod orders;
pub mod poll;
pub mod products;
pub mod said;
pub mod settings;
mod system;
pub mod test;
pub mod wire;

pub use clean::{clean, filled};
pub use connected::Shop;
pub use said::{Deed, SaidCustomer, SaidLine, SaidOrder, SaidProduct};
pub use settings::Settings;
pub use system::{Ask, Limits, Line, Next, Page, Poll, SYSTEMS, System, system_of};

use takt_feature::{Feature, Tier};
use takt_store::Migration;

const MIGRATIONS: &[Migration] = &[
    Migration { number: 1, name: "shops", sql: include_str!("../migrations/0001_shops.sql") },
    Migration {
        number: 2,
        name: "customers_said",
        sql: include_str!("../migrations/0002_customers_said.sql"),
    },
    Migration { number: 3, name: "erased", sql: include_str!("../migrations/0003_erased.sql") },
    Migration { number: 4, name: "compared", sql: include_str!("../migrations/0004_compared.sql") },
];

pub fn feature(limits: Limits) -> Feature {
    Feature::new("shops", Tier::Connector)
        .says(facts::SAID)
        .migrations(MIGRATIONS)
        .texts("ru", include_str!("../texts/ru.ftl"))
        .texts("en", include_str!("../texts/en.ftl"))
        .fill(
            &takt_customers::ERASED,
            "what shops said",
            erased::erase_of_person as takt_customers::EraseStep,
        )
        .listener(poll::LISTENER)
        .timer(poll::TIMER)
        .job(poll::job(Line::new(limits)))
}
