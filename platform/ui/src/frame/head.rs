//! `<head>`, and the few words that the script needs.

use maud::{Markup, html};
use serde_json::{Map, Value};

use crate::{Words, asset_url};

/// Texts that only the script writes. `{ $… }` is filled by it.
const SCRIPT_WORDS: &[&str] = &[
    "ui-live",
    "ui-live-connecting",
    "ui-offline",
    "ui-refresh-pending",
    "ui-draft-drop",
    "ui-close",
    "ui-find",
    "ui-find-screens",
    "ui-find-recent",
    "ui-find-row",
    "ui-find-here",
    "ui-keys-title",
    "ui-keys-hint",
    "ui-keys-group-list",
    "ui-keys-group-screens",
    "ui-keys-group-here",
    "ui-keys-group-anywhere",
    "ui-keys-tabs",
    "ui-keys-page-next",
    "ui-keys-page-previous",
    "ui-keys-up",
    "ui-keys-send",
    "ui-keys-leave",
    "ui-keys-list-down",
    "ui-keys-list-up",
    "ui-keys-list-open",
    "ui-keys-next",
    "ui-keys-search",
    "ui-keys-palette",
    "ui-keys-help",
    "ui-keys-choose",
    "ui-keys-choose-all",
    "ui-keys-many",
    "ui-keys-quick",
    "ui-palette-placeholder",
    "ui-palette-empty",
];
/// Those with variables: the script gets them with `{name}` in place of the values.
const SCRIPT_FORMS: &[(&str, &[&str])] = &[
    ("ui-offline-explain", &["time"]),
    ("ui-onlookers", &["names"]),
    ("ui-draft-restore", &["time"]),
    ("ui-not-sent", &["time"]),
    ("ui-note-waits", &["time"]),
    ("ui-note-refused", &["time"]),
    ("ui-found-count", &["count"]),
    ("ui-seconds", &["count"]),
    ("ui-minutes", &["count"]),
    ("ui-hours-minutes", &["hours", "minutes"]),
    ("ui-chosen", &["count"]),
    ("ui-days-hours", &["days", "hours"]),
];

pub(super) fn head(w: &Words, title: &str, guest: bool) -> Markup {
    html! {
        head {
            meta charset="utf-8";
            meta name="viewport" content="width=device-width, initial-scale=1, viewport-fit=cover";
            meta name="color-scheme" content="light dark";
            @if guest {
                meta name="robots" content="noindex, nofollow";
                title { (title) }
                link rel="icon" type="image/svg+xml" href=(asset_url("mark.svg"));
                link rel="stylesheet" href=(asset_url("guest.css"));
            } @else {
                title { (title) " · " (w.t("ui-product")) }
                link rel="icon" type="image/svg+xml" href=(asset_url("mark.svg"));
                link rel="preload" as="font" type="font/woff2" crossorigin href=(asset_url("golos-cyrillic.woff2"));
                link rel="preload" as="font" type="font/woff2" crossorigin href=(asset_url("golos-latin.woff2"));
                link rel="stylesheet" href=(asset_url("app.css"));
            }
            @let script = if guest { "guest.js" } else { "app.js" };
            script src=(asset_url(script)) data-worker=(asset_url("live-worker.js")) defer {}
        }
    }
}

/// A data block, not a script: a strict policy lets it through.
pub(super) fn script_words(w: &Words) -> String {
    let mut words = Map::new();
    for key in SCRIPT_WORDS {
        words.insert((*key).to_owned(), Value::String(w.t(key)));
    }
    for (key, names) in SCRIPT_FORMS {
        let holes: Vec<String> = names.iter().map(|name| format!("{{{name}}}")).collect();
        let args: Vec<_> = names.iter().zip(&holes).map(|(name, hole)| (*name, hole.into())).collect();
        words.insert((*key).to_owned(), Value::String(w.ta(key, &args)));
    }
    // `<` may not stand in a data block: it could end it.
    let json = Value::Object(words).to_string().replace('<', "\\u003c");
    format!("<script type=\"application/json\" id=\"words\">{json}</script>")
}
