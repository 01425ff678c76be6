//! Who is here, for whom, in which language and light.

use maud::{Markup, html};

use super::{Density, Theme, languages, paths};
use crate::{Icon, Words, avatar, icon};

/// One of several organisations a person belongs to.
#[derive(Clone, Debug)]
pub struct Choice {
    pub value: String,
    pub label: String,
    pub active: bool,
}

#[derive(Clone, Debug)]
pub struct PersonMenu {
    pub name: String,
    /// Role or e-mail, in the reader's words.
    pub note: String,
    /// (label, href): own settings and the like.
    pub links: Vec<(String, String)>,
}

pub(super) fn organisations(w: &Words, choices: &[Choice], back: &str) -> Markup {
    let active = choices.iter().find(|choice| choice.active).or(choices.first());
    html! {
        @match (active, choices.len()) {
            (Some(only), 1) => { p.organisation { (icon(Icon::Building2)) span { (only.label) } } }
            (Some(active), _) => {
                button.organisation type="button" popovertarget="organisations" title=(w.t("ui-organisation")) {
                    (icon(Icon::Building2)) span { (active.label) } (icon(Icon::ChevronDown))
                }
                div.menu-body id="organisations" popover {
                    form method="post" action=(paths::ORGANISATION) {
                        input type="hidden" name="back" value=(back);
                        @for choice in choices {
                            button.menu-item type="submit" name="organisation" value=(choice.value)
                                aria-pressed=(choice.active) {
                                span { (choice.label) }
                                @if choice.active { (icon(Icon::Check)) }
                            }
                        }
                    }
                }
            }
            (None, _) => {}
        }
    }
}

pub(super) fn menu(w: &Words, person: &PersonMenu, (theme, density): (Theme, Density), back: &str) -> Markup {
    html! {
        button.person type="button" popovertarget="person" title=(w.ta("ui-person-menu", &[("name", (&person.name).into())])) {
            (avatar(&person.name))
            span.person-text { span.person-name { (person.name) } span.person-note { (person.note) } }
            (icon(Icon::ChevronDown))
        }
        div.menu-body.person-menu id="person" popover {
            @for (label, href) in &person.links { a.menu-item href=(href) { span { (label) } } }
            (switches(w, (theme, Some(density)), back))
            form method="post" action=(paths::SIGN_OUT) data-sign-out {
                button.menu-item type="submit" { (icon(Icon::LogOut)) span { (w.t("ui-sign-out")) } }
            }
        }
    }
}

/// Language, theme and, for whoever works here, density: every button sends one choice, so no script is needed.
pub(super) fn switches(w: &Words, (theme, density): (Theme, Option<Density>), back: &str) -> Markup {
    html! {
        form.switches method="post" action=(paths::PREFERENCES) {
            input type="hidden" name="back" value=(back);
            div.switch role="group" aria-label=(w.t("ui-language")) {
                @for (lang, name) in languages() {
                    button type="submit" name="lang" value=(lang) lang=(lang) aria-pressed=(lang == w.lang()) { (name) }
                }
            }
            div.switch role="group" aria-label=(w.t("ui-theme")) {
                @for (choice, shape, key) in [
                    (Theme::Auto, Icon::Settings, "ui-theme-auto"),
                    (Theme::Light, Icon::Sun, "ui-theme-light"),
                    (Theme::Dark, Icon::Moon, "ui-theme-dark"),
                ] {
                    button type="submit" name="theme" value=(choice.code()) title=(w.t(key)) aria-pressed=(choice == theme) {
                        (icon(shape)) span.unseen { (w.t(key)) }
                    }
                }
            }
            @if let Some(density) = density {
                div.switch role="group" aria-label=(w.t("ui-density")) {
                    @for choice in Density::ALL {
                        button type="submit" name="density" value=(choice.code()) aria-pressed=(choice == density) {
                            (w.t(&format!("ui-density-{}", choice.code())))
                        }
                    }
                }
            }
        }
    }
}
