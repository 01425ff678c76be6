//! The visual system of Takt: texts in two languages, the page frame, the parts screens are made of,
//! and the styles and scripts behind them. Knows nothing of commerce.
//!
//! A page is a function from a view and [`Words`] to markup; [`Page`] puts it into the frame. Parts
//! are values that render themselves: `html! { (button(w.t("save")).primary()) }`. Every part works
//! without JavaScript; scripts make pages live (see `assets/scripts`). Every part has samples, shown
//! by [`samples_page`] and rendered in both languages by a test.
//!
//! Invariant: no text for people stands in Rust code, and nothing needs inline styles or scripts,
//! so a strict Content-Security-Policy holds.

mod assets;
#[cfg(test)]
mod contrast;
mod frame;
mod i18n;
mod parts;
mod samples;

pub use assets::{Asset, asset_routes, asset_url, assets};
pub use frame::{Choice, Density, Flash, NavItem, NavLink, Page, PersonMenu, Theme, Width, paths};
pub use i18n::{Arg, Lang, Texts, Words};
pub use parts::*;
pub use samples::{SAMPLE_NOW, Sample, sample_page, samples, samples_page};

/// This crate's own texts: the frame, the parts and the faults of the kernel.
pub const TEXTS: [(Lang, &str); 2] =
    [(Lang::Ru, include_str!("../texts/ru.ftl")), (Lang::En, include_str!("../texts/en.ftl"))];

#[cfg(test)]
fn test_words(lang: Lang) -> Words {
    let zone = jiff::tz::TimeZone::get("Europe/Moscow").expect("the bundled zones");
    Words::new(std::sync::Arc::new(Texts::new(TEXTS)), lang, zone)
}
