//! Small coloured words.

use maud::{Markup, html};

use super::tone::{Shade, Tone};

/// A word on a tinted ground: a state that matters.
pub fn badge(text: impl AsRef<str>, tone: Tone) -> Markup {
    html! { span.badge.(tone.class()) { (text.as_ref()) } }
}

/// A word with a dot: a stage or status; quieter than a badge, fit for every row of a list.
pub fn status(text: impl AsRef<str>, tone: Tone) -> Markup {
    html! { span.status.(tone.class()) { (text.as_ref()) } }
}

/// A thing by its own colour: a shop, a tag.
pub fn chip(text: impl AsRef<str>, shade: Shade) -> Markup {
    html! { span.chip.(shade.class()) { (text.as_ref()) } }
}
