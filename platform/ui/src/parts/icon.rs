//! Line icons, drawn by Lucide (ISC licence), chosen in `assets/icons.txt`.

use maud::{Markup, PreEscaped, html};

include!(concat!(env!("OUT_DIR"), "/icons.rs"));

/// An icon beside a word. It is silent for screen readers: the word speaks.
pub fn icon(icon: Icon) -> Markup {
    html! {
        svg.icon aria-hidden="true" viewBox="0 0 24 24" { (PreEscaped(icon.drawing())) }
    }
}
