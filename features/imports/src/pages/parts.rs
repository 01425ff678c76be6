//! How one file is drawn: its head, what its columns mean, its rows.

use maud::{Markup, Render, html};
use takt_ui::{
    Column, FormErrors, Icon, Pager, Row, Stat, Tab, Table, Tone, Words, button, card, form, link_button,
    muted, post_button, progress, stats, status, tabs,
};

use super::{HREF, list::state_mark, show::ShowView};
use crate::{
    columns::{Field, Mapping},
    import::{Import, State},
    rows::{ImportRow, RowState},
};

pub(super) fn render(
    w: &Words,
    href: &dyn Fn(&str) -> String,
    view: &ShowView,
    typed: Option<Mapping>,
    errors: &FormErrors,
) -> Markup {
    let import = &view.import;
    let path = |verb: &str| href(&format!("{HREF}/{}/{verb}", import.id));
    let topic = format!("import/{}", import.id);
    let mapped = matches!(import.state, State::Mapping | State::Looked);
    html! {
        // One live part: which cards there are changes with the state.
        div.stack id="import-all" data-live=(topic) {
            (card(import.file_name.clone()).body(head(w, href, import)))
            @if matches!(import.state, State::Looked | State::Stopped | State::TakenIn) {
                (card(w.t(if import.state == State::Looked { "imports-would" } else { "imports-became" }))
                    .flush()
                    .body(html! { (outcome(w, href, view)) }))
            }
            @if mapped {
                (card(w.t("imports-columns")).body(mapping_form(w, &path("look"), view, typed, errors)))
            }
        }
    }
}

/// How far it is, and what can be done with it.
fn head(w: &Words, href: &dyn Fn(&str) -> String, import: &Import) -> Markup {
    let path = |verb: &str| href(&format!("{HREF}/{}/{verb}", import.id));
    let kind = w.t(&format!("imports-kind-{}", import.kind.code()));
    let take_in = |label: &str| {
        post_button(&path("take-in"), &[], button(w.t(label)).primary().icon(Icon::Check).key("y"))
    };
    html! {
        div.stack {
            p.row { (state_mark(w, import.state)) span { (kind) } span.muted { (w.ta("imports-rows-count", &[("rows", import.rows.into())])) } }
            @if import.state.is_at_work() || import.state == State::Stopped {
                (progress(w, &w.t("imports-progress"), import.done, import.rows))
            }
            @match import.state {
                State::Coming => { p { (w.t("imports-not_whole")) } }
                State::Looking | State::TakingIn => {
                    (link_button(w.t("imports-reload"), href(&format!("{HREF}/{}", import.id))).small().icon(Icon::RefreshCw))
                }
                State::Looked => { p { (w.t("imports-looked-text")) } (take_in("imports-take-in")) }
                State::Stopped => { p { (w.t("imports-stopped-text")) } (take_in("imports-go-on")) }
                State::Mapping | State::TakenIn | State::Removing => {}
            }
            div.row {
                @if import.counts.refused > 0 && !import.state.is_at_work() {
                    (link_button(w.t("imports-refused-csv"), path("refused.csv")).small().icon(Icon::Download))
                }
                @if !import.state.is_at_work() {
                    (post_button(&path("remove"), &[], button(w.t("imports-remove")).small().quiet().icon(Icon::Trash2)))
                }
            }
        }
    }
}

fn mapping_form(
    w: &Words,
    action: &str,
    view: &ShowView,
    typed: Option<Mapping>,
    errors: &FormErrors,
) -> Markup {
    let import = &view.import;
    let mapping = typed.unwrap_or_else(|| import.mapping.clone());
    let rows = import.columns.iter().enumerate().map(|(place, column)| {
        let examples: Vec<&str> = (view.examples.iter())
            .filter_map(|row| row.cells.get(place).map(String::as_str))
            .filter(|cell| !cell.is_empty())
            .collect();
        let path = format!("field[{place}]");
        let error = errors.of(&path);
        let chosen = mapping.get(place).copied().flatten();
        let title = if column.is_empty() {
            w.ta("imports-column-nameless", &[("number", (place + 1).into())])
        } else {
            column.clone()
        };
        Row::new([
            html! { span.strong { (title) } },
            html! { span.muted.small-text { (examples.join(" · ")) } },
            html! {
                select.control name="field" aria-label=(w.ta("imports-column-means", &[("column", title.as_str().into())])) {
                    option value="" selected[chosen.is_none()] { (w.t("imports-field-none")) }
                    @for field in import.kind.fields() {
                        option value=(field.code()) selected[chosen == Some(*field)] { (field_name(w, *field)) }
                    }
                }
                @if let Some(error) = error { p.field-error { (error) } }
            },
        ])
    });
    let table = Table::new(w, w.t("imports-columns"))
        .columns([
            Column::new(w.t("imports-column")).leading(),
            Column::new(w.t("imports-examples")).wide(),
            Column::new(w.t("imports-means")),
        ])
        .rows(rows);
    form(w, action)
        .errors(errors)
        .body(html! { p.muted { (w.t("imports-columns-note")) } div.field { (table) } })
        .actions(html! { (button(w.t("imports-look")).primary()) })
        .render()
}

fn outcome(w: &Words, href: &dyn Fn(&str) -> String, view: &ShowView) -> Markup {
    let (import, counts) = (&view.import, view.import.counts);
    let own = format!("{HREF}/{}", import.id);
    let count = |state: RowState| match state {
        RowState::New => counts.new,
        RowState::Changed => counts.changed,
        RowState::Same => counts.same,
        RowState::Refused | RowState::Waiting => counts.refused,
    };
    let choices = RowState::SHOWN.map(|state| Tab {
        label: w.t(&format!("imports-state-{}", state.code())),
        href: href(&format!("{own}?rows={}", state.code())),
        active: state == view.state,
        count: Some(count(state)),
        tone: if state == RowState::Refused { Tone::Warn } else { Tone::Neutral },
    });
    let numbers = RowState::SHOWN.map(|state| Stat {
        label: w.t(&format!("imports-state-{}", state.code())),
        value: w.number(count(state)),
        note: None,
        href: Some(href(&format!("{own}?rows={}", state.code()))),
        tone: tone_of(state),
    });
    let next = view.next.map(|after| href(&format!("{own}?rows={}&after={after}", view.state.code())));
    html! {
        (stats(&numbers))
        (tabs(w, &w.t("imports-would"), &choices))
        (rows_table(w, view))
        (Pager { words: w, previous: None, next, count: None })
    }
}

fn tone_of(state: RowState) -> Tone {
    match state {
        RowState::New | RowState::Changed => Tone::Good,
        RowState::Refused => Tone::Warn,
        RowState::Same | RowState::Waiting => Tone::Neutral,
    }
}

fn rows_table<'w>(w: &'w Words, view: &ShowView) -> Table<'w> {
    let rows = view.rows.iter().map(|row| {
        Row::new([
            html! { span.numbers { (w.number(row.n)) } },
            html! {
                @if row.cells.is_empty() { (muted(w.t("imports-row-kept-no-longer"))) }
                (row.cells.iter().filter(|cell| !cell.is_empty()).take(8).cloned().collect::<Vec<_>>().join(" · "))
            },
            html! {
                (status(w.t(&format!("imports-state-{}", row.state.code())), tone_of(row.state)))
                @if let Some(why) = why(w, row) { p.small-text { (why) } }
                @for cleaned in &row.notes.cleaned {
                    p.small-text.muted { (field_name(w, cleaned.field)) ": " (cleaned.from) " → " span.strong { (cleaned.to) } }
                }
            },
        ])
        .id(format!("row-{}", row.n))
    });
    Table::new(w, w.t("imports-rows"))
        .columns([
            Column::new(w.t("imports-row")).numeric().narrow(),
            Column::new(w.t("imports-row-cells")).leading(),
            Column::new(w.t("imports-row-becomes")),
        ])
        .rows(rows)
}

/// Why it is refused, in the reader's words: all that is wrong with it.
pub(super) fn why(w: &Words, row: &ImportRow) -> Option<String> {
    let fault = row.notes.why.as_ref()?.fault();
    if fault.fields().is_empty() {
        return Some(w.fault(&fault));
    }
    Some(fault.fields().iter().map(|field| w.field_fault(field)).collect::<Vec<_>>().join(" "))
}

pub(super) fn field_name(w: &Words, field: Field) -> String {
    w.t(&format!("imports-field-{}", field.code().replace('_', "-")))
}
