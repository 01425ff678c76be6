//! The side panel: on wide screens always there, on narrow ones behind a button that needs no script.

use maud::{Markup, html};

use super::{Page, paths, person};
use crate::{Icon, Tone, Words, asset_url, icon, keys};

/// A section as a feature announces it.
#[derive(Clone, Copy, Debug)]
pub struct NavItem {
    pub href: &'static str,
    pub label_key: &'static str,
    pub icon: Icon,
    /// `g o`: pressed one after the other.
    pub shortcut: &'static str,
    /// Smaller stands higher.
    pub place: i64,
}

impl NavItem {
    /// As it is drawn: `path` decides whether we are in this section.
    pub fn link(&self, w: &Words, path: &str) -> NavLink {
        let path = path.split(['?', '#']).next().unwrap_or(path);
        let inside =
            path.strip_prefix(self.href).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'));
        NavLink {
            href: self.href.to_owned(),
            label: w.t(self.label_key),
            icon: self.icon,
            active: inside && (self.href != "/" || path == "/"),
            count: None,
            tone: Tone::Neutral,
            shortcut: Some(self.shortcut.to_owned()),
        }
    }
}

/// A section as it is drawn for one reader.
#[derive(Clone, Debug)]
pub struct NavLink {
    pub href: String,
    pub label: String,
    pub icon: Icon,
    pub active: bool,
    pub count: Option<i64>,
    pub tone: Tone,
    pub shortcut: Option<String>,
}

pub(super) fn side(page: &Page<'_>) -> Markup {
    let w = page.words;
    html! {
        header.top {
            button.button.quiet.bare type="button" popovertarget="side" {
                (icon(Icon::Menu)) span.unseen { (w.t("ui-menu")) }
            }
            (product(w))
            (live_dot(page))
        }
        aside.side id="side" popover {
            div.side-head { (product(w)) (live_dot(page)) }
            (person::organisations(w, &page.organisations, &page.path))
            @if page.person.is_some() {
                a.find-link href=(paths::FIND) data-find {
                    (icon(Icon::Search)) span.section-label { (w.t("ui-find")) }
                    span.keys { kbd { "Ctrl" } kbd { "K" } }
                }
            }
            nav.sections id="sections" aria-label=(w.t("ui-navigation"))
                data-live=[Some(&page.navigation_topics).filter(|topics| !topics.is_empty())] {
                @for link in &page.navigation { (section(w, link)) }
            }
            div.side-foot {
                @if let Some(person) = &page.person { (person::menu(w, person, (page.theme, page.density), &page.path)) }
            }
        }
    }
}

fn product(w: &Words) -> Markup {
    html! {
        a.product href="/" {
            img src=(asset_url("mark.svg")) alt="" width="24" height="24";
            span { (w.t("ui-product")) }
        }
    }
}

fn live_dot(page: &Page<'_>) -> Markup {
    html! {
        @if page.live.is_some() {
            span.live-dot data-live-dot role="img" aria-label=(page.words.t("ui-live-connecting"))
                title=(page.words.t("ui-live-connecting")) {}
        }
    }
}

fn section(w: &Words, link: &NavLink) -> Markup {
    html! {
        a.section href=(link.href) aria-current=[link.active.then_some("page")] data-key=[&link.shortcut] {
            (icon(link.icon))
            span.section-label { (link.label) }
            @if let Some(count) = link.count.filter(|count| *count > 0) {
                span.count.(link.tone.class()) { (w.number(count)) }
            }
            @if let Some(shortcut) = &link.shortcut { (keys(shortcut)) }
        }
    }
}
