//! Finding by words from anywhere: what the palette asks as one types, and a page for who has no script.

use std::collections::BTreeSet;

use axum::{extract::State, response::IntoResponse};
use http::{HeaderMap, header};
use maud::{Markup, html};
use serde::Deserialize;
use serde_json::json;
use takt_kernel::{CompanyId, Result, fold};
use takt_search::other_layout;
use takt_ui::{FilterBar, Icon, Width, Words, card, empty, keys};
use takt_web::{Answer, Json, Query, Web};

use super::settings::SETTINGS_PAGES;
use crate::{
    callers::{Caller, PageHead},
    finds::{Closeness, FINDERS, Finder, Found, Looking},
    rights::Scope,
};

const LONGEST: usize = 100;
/// Of one kind, and of all together.
const MOST_OF_A_KIND: usize = 7;
const MOST: usize = 20;

#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct Asked {
    q: String,
}

/// Things under one heading.
struct Group {
    title: String,
    found: Vec<Line>,
}

struct Line {
    found: Found,
    /// Of a screen that has one: `g o`.
    key: Option<String>,
}

pub(super) async fn show(
    State(web): State<Web>,
    caller: Caller,
    Query(asked): Query<Asked>,
    headers: HeaderMap,
) -> Answer {
    let typed: String = asked.q.trim().chars().take(LONGEST).collect();
    let words = caller.words(&web);
    let groups = groups(&web, &caller, &words, &typed).await?;
    let wants_json = headers
        .get(header::ACCEPT)
        .and_then(|value| value.to_str().ok())
        .is_some_and(|kinds| kinds.contains("json"));
    if wants_json {
        return Ok(Json(as_json(&typed, &groups)).into_response());
    }
    let head = PageHead::new(words.t("ui-find")).width(Width::Narrow);
    Ok(caller.page(&web, head, page(&words, &typed, &groups)))
}

fn as_json(typed: &str, groups: &[Group]) -> serde_json::Value {
    let item = |line: &Line| json!({"label": line.found.label, "note": line.found.note, "href": line.found.href, "key": line.key});
    let groups: Vec<_> = groups
        .iter()
        .map(|group| json!({"title": group.title, "items": group.found.iter().map(item).collect::<Vec<_>>()}))
        .collect();
    json!({"q": typed, "groups": groups})
}

async fn groups(web: &Web, caller: &Caller, words: &Words, typed: &str) -> Result<Vec<Group>> {
    let found = things(web, caller, words, typed).await?;
    let meant = other_layout(typed).filter(|_| found.is_empty());
    let found = match &meant {
        Some(meant) => things(web, caller, words, meant).await?,
        None => found,
    };
    let mut seen = BTreeSet::new();
    let mut groups: Vec<Group> = Vec::new();
    let mut shown = 0;
    let lines = found.into_iter().map(|found| Line { found, key: None });
    for line in lines.chain(screens(web, caller, words, typed)) {
        if shown >= MOST || !seen.insert(line.found.href.clone()) {
            continue;
        }
        let title = words.t(line.found.group_key);
        let place = groups.iter().position(|group| group.title == title).unwrap_or_else(|| {
            groups.push(Group { title, found: Vec::new() });
            groups.len() - 1
        });
        if groups[place].found.len() < MOST_OF_A_KIND {
            shown += 1;
            groups[place].found.push(line);
        }
    }
    // A group stands where its closest stands; among equals as they were asked.
    groups.sort_by_key(|group| group.found.iter().map(|line| line.found.closeness).min());
    Ok(groups)
}

async fn things(web: &Web, caller: &Caller, words: &Words, typed: &str) -> Result<Vec<Found>> {
    let mut asked: Vec<(Finder, Scope)> = web
        .db
        .slots()
        .of(&FINDERS)
        .filter_map(|finder| Some((*finder, caller.scope_of(finder.permission)?)))
        .collect();
    asked.sort_by_key(|(finder, _)| finder.place);
    let (caller, words, typed) = (caller.clone(), words.clone(), typed.to_owned());
    web.db
        .read("staff.find", move |reader| {
            let may_in = |company: CompanyId, code: &str| {
                caller.access.to(company).is_some_and(|there| caller.rights.held_by(code, there.roles))
            };
            let mut all = Vec::new();
            for (finder, scope) in &asked {
                let looking = Looking { scope, typed: &typed, words: &words, may_in: &may_in };
                let mut found = (finder.find)(reader, &looking)?;
                found.sort_by_key(|found| found.closeness);
                all.extend(found);
            }
            Ok(all)
        })
        .await
}

/// Sections, pages of the settings and one's own page, by their names in either layout of the keyboard.
fn screens(web: &Web, caller: &Caller, words: &Words, typed: &str) -> Vec<Line> {
    let wanted: Vec<String> = [Some(fold(typed)), other_layout(typed).map(|meant| fold(&meant))]
        .into_iter()
        .flatten()
        .filter(|typed| !typed.is_empty())
        .collect();
    let sections =
        caller.navigation(web, words).into_iter().map(|link| (link.label, "", link.href, link.shortcut));
    let settings = web.db.slots();
    let settings = settings
        .of(&SETTINGS_PAGES)
        .filter(|page| caller.may_code(page.permission))
        .map(|page| (words.t(page.label_key), "staff-settings", page.href.to_owned(), None));
    let own = (words.t("staff-profile"), "", "/profile".to_owned(), None);
    let mut found: Vec<Line> = sections
        .chain(settings)
        .chain([own])
        .filter_map(|(label, note_key, href, key)| {
            let folded = fold(&label);
            let closeness = wanted.iter().filter_map(|typed| Closeness::of(&folded, typed)).min()?;
            let note = if note_key.is_empty() { String::new() } else { words.t(note_key) };
            Some(Line { found: Found { group_key: "ui-find-screens", label, note, href, closeness }, key })
        })
        .collect();
    found.sort_by_key(|line| line.found.closeness);
    found
}

fn page(w: &Words, typed: &str, groups: &[Group]) -> Markup {
    html! {
        div.stack {
            (FilterBar::new(w, "/find").search("q", typed, w.t("ui-palette-placeholder")))
            @for group in groups {
                (card(group.title.clone()).flush().body(html! {
                    ul.found {
                        @for line in &group.found {
                            li {
                                a href=(line.found.href) data-open {
                                    span { (line.found.label) }
                                    span.muted { (line.found.note) }
                                    @if let Some(key) = &line.key { (keys(key)) }
                                }
                            }
                        }
                    }
                }))
            }
            @if groups.is_empty() && !typed.is_empty() { (empty(Icon::Search, w.t("ui-palette-empty"), "", None)) }
        }
    }
}
