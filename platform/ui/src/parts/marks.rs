//! The smallest parts: initials, keys, amounts, copying.

use maud::{Markup, html};
use takt_kernel::money::Money;

use super::{
    icon::{Icon, icon},
    tone::Shade,
};
use crate::Words;

/// Initials in the person's own colour; the whole name on hover and for screen readers.
pub fn avatar(name: &str) -> Markup {
    html! { span.avatar.(Shade::of(name).class()) role="img" aria-label=(name) title=(name) { (initials(name)) } }
}

/// The first letters of the first two words.
pub fn initials(name: &str) -> String {
    let first: String = name.split_whitespace().take(2).filter_map(|word| word.chars().next()).collect();
    first.to_uppercase()
}

/// `g o` as two keys.
pub fn keys(keys: &str) -> Markup {
    html! { span.keys { @for key in keys.split(' ') { kbd { (key.to_uppercase()) } } } }
}

/// An amount of money for columns: digits stand below digits, minus is red.
pub fn amount(w: &Words, money: Money) -> Markup {
    html! { span.amount.minus[money.is_negative()].zero[money.is_zero()] { (w.money(money)) } }
}

pub fn muted(text: impl AsRef<str>) -> Markup {
    html! { span.muted { (text.as_ref()) } }
}

/// A text with a button that copies it. Without scripts the text can still be selected whole.
pub fn copy(w: &Words, text: &str) -> Markup {
    html! {
        span.copy {
            code { (text) }
            button.button.quiet.bare.small type="button" data-copy=(text) data-done=(w.t("ui-copied")) title=(w.t("ui-copy")) {
                (icon(Icon::Copy)) span.unseen { (w.t("ui-copy")) }
            }
        }
    }
}
