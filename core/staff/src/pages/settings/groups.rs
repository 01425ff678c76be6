//! Where the pages of the settings stand: in groups by what they are about, so that two dozen of them are found at a
//! glance. Beside the page where there is room; on a phone they have a page of their own, `/settings`.

use maud::{Markup, html};
use takt_ui::Words;

use super::{SettingsCaller, SettingsPage};

/// What a page of the settings is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SettingsGroup {
    Company,
    Shops,
    Orders,
    Money,
    Goods,
    Buyers,
    Programs,
}

impl SettingsGroup {
    const ALL: [Self; 7] =
        [Self::Company, Self::Shops, Self::Orders, Self::Money, Self::Goods, Self::Buyers, Self::Programs];

    const fn label_key(self) -> &'static str {
        match self {
            Self::Company => "staff-settings-company",
            Self::Shops => "staff-settings-shops",
            Self::Orders => "staff-settings-orders",
            Self::Money => "staff-settings-money",
            Self::Goods => "staff-settings-goods",
            Self::Buyers => "staff-settings-buyers",
            Self::Programs => "staff-settings-programs",
        }
    }
}

/// The groups with what this person may open; `current` is the page that is open.
pub(super) fn navigation(
    w: &Words,
    settings: &SettingsCaller,
    pages: &[SettingsPage],
    current: Option<&str>,
) -> Markup {
    html! {
        nav.settings-pages aria-label=(w.t("staff-settings")) {
            @for group in SettingsGroup::ALL {
                @let mut of_group = pages.iter().filter(|page| page.group == group).peekable();
                @if of_group.peek().is_some() {
                    div.settings-group {
                        p.settings-group-name { (w.t(group.label_key())) }
                        @for page in of_group {
                            @let waiting = settings.caller.waiting.at(page.href, settings.id());
                            a.settings-page href=(settings.href(page.href))
                                aria-current=[(current == Some(page.href)).then_some("page")] {
                                span { (w.t(page.label_key)) }
                                @if waiting > 0 { span.count.tone-warn { (w.number(waiting)) } }
                            }
                        }
                    }
                }
            }
        }
    }
}
