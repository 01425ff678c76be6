//! What opens over the page or inside it. The browser does it alone: no script is needed.

use maud::{Markup, html};

use super::{
    button::Button,
    icon::{Icon, icon},
};
use crate::Words;

/// A part of the page that opens in place.
pub fn details(summary: impl AsRef<str>, open: bool, body: Markup) -> Markup {
    html! {
        details.details open[open] {
            summary { (icon(Icon::ChevronRight)) span { (summary.as_ref()) } }
            div.details-body { (body) }
        }
    }
}

/// A window over the page; [`dialog_button`] opens it, Escape or a click beside it closes it.
pub fn dialog(w: &Words, id: &str, title: &str, body: Markup) -> Markup {
    html! {
        div.dialog id=(id) popover role="dialog" aria-labelledby={ (id) "-title" } {
            header.dialog-head {
                h2 id={ (id) "-title" } { (title) }
                button.button.quiet.bare type="button" popovertarget=(id) popovertargetaction="hide" {
                    (icon(Icon::X)) span.unseen { (w.t("ui-close")) }
                }
            }
            div.dialog-body { (body) }
        }
    }
}

/// `look`: a [`super::button`] whose label, icon and key are taken over.
pub fn dialog_button(id: &str, look: Button) -> Markup {
    look.opening(id)
}

/// What else can be done here, behind one button: buttons, links and [`super::post_button`]s. It opens in place, so that
/// the keys of what is inside work while it is closed.
pub fn more(w: &Words, items: Markup) -> Markup {
    html! {
        @if !items.0.trim().is_empty() {
            details.more {
                summary.button { (icon(Icon::Ellipsis)) span.button-label { (w.t("ui-more")) } }
                div.more-body { (items) }
            }
        }
    }
}

/// A button with a few more actions behind it: links and [`super::post_button`]s.
pub fn menu(id: &str, look: Button, items: &[Markup]) -> Markup {
    html! {
        div.menu {
            (look.opening(id))
            div.menu-body id=(id) popover { @for item in items { (item) } }
        }
    }
}
