//! Files that were brought, and the form to bring one.

use axum::extract::State as Shared;
use maud::{Markup, Render, html};
use takt_kernel::{Result, Timestamp};
use takt_staff::{SettingsCaller, settings_page, shops, shops::Shop};
use takt_store::Query as _;
use takt_ui::{Column, FormErrors, Icon, Row, Table, Tone, Words, button, card, empty, field, form, status};
use takt_web::{Answer, Web};

use super::HREF;
use crate::{
    Kind,
    import::{self, Import, State},
    rights::BringFiles,
};

pub(super) struct ListView {
    pub imports: Vec<Import>,
    pub shops: Vec<Shop>,
    pub now: Timestamp,
}

pub(super) async fn show(Shared(web): Shared<Web>, settings: SettingsCaller) -> Answer {
    settings.permit::<BringFiles>()?;
    let body = body(&web, &settings, &FormErrors::none()).await?;
    Ok(settings_page(&web, &settings, HREF, body))
}

pub(super) async fn body(web: &Web, settings: &SettingsCaller, errors: &FormErrors) -> Result<Markup> {
    let company = settings.company()?;
    let view = web
        .db
        .read("imports.list", move |reader| {
            Ok(ListView {
                imports: import::list(reader, company)?,
                shops: shops::list(reader, company)?,
                now: reader.now(),
            })
        })
        .await?;
    Ok(render(&settings.words(web), &|path| settings.href(path), &view, errors))
}

pub(super) fn render(
    w: &Words,
    href: &dyn Fn(&str) -> String,
    view: &ListView,
    errors: &FormErrors,
) -> Markup {
    html! {
        (card(w.t("imports-bring")).body(bring_form(w, href, view, errors)))
        @if !view.imports.is_empty() {
            (card(w.t("imports-brought-files")).flush().body(table(w, href, view).render()))
        } @else {
            (empty(Icon::Upload, w.t("imports-none"), w.t("imports-none-text"), None))
        }
    }
}

fn bring_form(w: &Words, href: &dyn Fn(&str) -> String, view: &ListView, errors: &FormErrors) -> Markup {
    let kinds = Kind::ALL.map(|kind| (kind.code().to_owned(), w.t(&format!("imports-kind-{}", kind.code()))));
    let shops = view.shops.iter().map(|shop| (shop.id.to_string(), shop.name.clone()));
    let body = html! {
        (field(w.t("imports-kind"), "kind").value(Kind::Customers.code()).select(kinds).half().errors(errors))
        @if !view.shops.is_empty() {
            (field(w.t("imports-shop"), "shop").select(shops).half().hint(w.t("imports-shop-hint")).errors(errors))
        }
        (field(w.t("imports-file"), "file").file(".xlsx,.csv,.txt,.tsv,.vcf").required()
            .hint(w.t("imports-file-hint")).errors(errors))
    };
    form(w, href(HREF))
        .with_files()
        .errors(errors)
        .body(body)
        .actions(html! { (button(w.t("imports-bring-do")).primary().icon(Icon::Upload)) })
        .render()
}

fn table<'w>(w: &'w Words, href: &dyn Fn(&str) -> String, view: &ListView) -> Table<'w> {
    let rows = view.imports.iter().map(|import| {
        Row::new([
            html! { span.strong { (import.file_name) } },
            html! { (w.t(&format!("imports-kind-{}", import.kind.code()))) },
            state_mark(w, import.state),
            html! { (w.number(import.rows)) },
            html! { (w.number(import.counts.refused)) },
            html! { (w.moment(import.created_at, view.now)) },
        ])
        .id(format!("import-{}", import.id))
        .href(href(&format!("{HREF}/{}", import.id)))
        .dim(import.state == State::TakenIn)
    });
    Table::new(w, w.t("imports-brought-files"))
        .columns([
            Column::new(w.t("imports-file")).leading(),
            Column::new(w.t("imports-kind")),
            Column::new(w.t("imports-state")),
            Column::new(w.t("imports-rows")).numeric(),
            Column::new(w.t("imports-state-refused")).numeric(),
            Column::new(w.t("imports-when")).narrow(),
        ])
        .rows(rows)
        .live("imports", "imports")
}

pub(super) fn state_mark(w: &Words, state: State) -> Markup {
    let tone = match state {
        State::Mapping | State::Looked | State::Stopped => Tone::Warn,
        State::Coming | State::Looking | State::TakingIn | State::Removing => Tone::Info,
        State::TakenIn => Tone::Good,
    };
    status(w.t(&format!("imports-is-{}", state.code().replace('_', "-"))), tone)
}
