use axum::extract::State;
use maud::{Markup, Render, html};
use serde::Deserialize;
use takt_kernel::{Fault, Kind, Result};
use takt_staff::{Permit, SettingsCaller, see_other_saying, settings_page, settings_refused};
use takt_store::Tx;
use takt_ui::{
    Button, Column, FormErrors, Icon, Row, Table, Tone, Words, badge, button, card, empty, field, form,
};
use takt_web::{Answer, Form, Path, Web};

use super::WAREHOUSES as HREF;
use crate::{ManageWarehouses, SeeStock, Warehouse, WarehouseId, warehouses};

#[derive(Clone, Default, Deserialize)]
#[serde(default)]
pub(super) struct Given {
    name: String,
    place: Option<i64>,
}

pub(super) async fn show(State(web): State<Web>, settings: SettingsCaller) -> Answer {
    page(&web, &settings, "", None).await
}

async fn page(web: &Web, settings: &SettingsCaller, typed: &str, refused: Option<Fault>) -> Answer {
    settings.permit::<SeeStock>()?;
    let company = settings.company()?;
    let w = settings.words(web);
    let all = web.db.read("stock.warehouses", move |r| warehouses::list(r, company)).await?;
    let may = settings.may::<ManageWarehouses>();
    let errors = refused.as_ref().map_or_else(FormErrors::none, |fault| FormErrors::from_fault(&w, fault));
    let body = render(&w, &all, may, typed, &errors, &|path| settings.href(path));
    Ok(match refused {
        None => settings_page(web, settings, HREF, body),
        Some(_) => settings_refused(web, settings, HREF, body),
    })
}

pub(super) fn render(
    w: &Words,
    all: &[Warehouse],
    may: bool,
    typed: &str,
    errors: &FormErrors,
    href: &dyn Fn(&str) -> String,
) -> Markup {
    let rows = all.iter().map(|warehouse| row(w, warehouse, may, href));
    let nothing = empty(Icon::Warehouse, w.t("stock-warehouses"), w.t("stock-warehouses-none"), None);
    let table = Table::new(w, w.t("stock-warehouses"))
        .columns([Column::new(w.t("stock-name")).leading().wide(), Column::new(w.t("stock-do")).actions()])
        .rows(rows)
        .empty(nothing);
    let fields = html! { (field(w.t("stock-name"), "name").value(typed).required().errors(errors)) };
    let actions = html! { (button(w.t("stock-warehouse-add")).primary().icon(Icon::Plus)) };
    html! {
        (card(w.t("stock-warehouses")).note(html! { (w.t("stock-warehouses-hint")) }).flush().body(table.render()))
        @if may {
            (card(w.t("stock-warehouse-new"))
                .body(form(w, href(HREF)).errors(errors).body(fields).actions(actions).render()))
        }
    }
}

fn row(w: &Words, warehouse: &Warehouse, may: bool, href: &dyn Fn(&str) -> String) -> Row {
    let own = |verb: &str| href(&format!("{HREF}/{}{verb}", warehouse.id));
    let edit = html! {
        form.row method="post" action=(own("")) {
            input.control.named type="text" name="name" value=(warehouse.name) placeholder=(w.t("stock-main-warehouse"))
                aria-label=(w.t("stock-name"));
            label.row { span.muted.small-text { (w.t("stock-place")) } input.control.few type="number" name="place" value=(warehouse.place) min="1"; }
            (button(w.t("stock-save")).small())
        }
    };
    let (verb, label) = match warehouse.archived {
        true => ("/restore", w.t("stock-restore")),
        false => ("/archive", w.t("stock-archive")),
    };
    let post = |look: Button| html! { form method="post" action=(own(verb)) { (look) } };
    Row::new([
        html! {
            @if may && !warehouse.archived { (edit) } @else { (warehouse.shown(w)) }
            @if warehouse.archived { " " (badge(w.t("stock-archived"), Tone::Neutral)) }
        },
        html! { @if may { (post(button(label).small().quiet())) } },
    ])
    .id(format!("warehouse-{}", warehouse.id))
    .dim(warehouse.archived)
}

pub(super) async fn add(
    State(web): State<Web>,
    settings: SettingsCaller,
    Form(given): Form<Given>,
) -> Answer {
    let typed = given.name.clone();
    change(&web, &settings, &typed, move |tx, permit| warehouses::add(tx, permit, &given.name).map(|_| ()))
        .await
}

pub(super) async fn edit(
    State(web): State<Web>,
    settings: SettingsCaller,
    Path(id): Path<WarehouseId>,
    Form(given): Form<Given>,
) -> Answer {
    change(&web, &settings, "", move |tx, permit| {
        warehouses::edit(tx, permit, id, &given.name, given.place.unwrap_or(1))
    })
    .await
}

pub(super) async fn archive(
    State(web): State<Web>,
    settings: SettingsCaller,
    Path(id): Path<WarehouseId>,
) -> Answer {
    change(&web, &settings, "", move |tx, permit| warehouses::archive(tx, permit, id)).await
}

pub(super) async fn restore(
    State(web): State<Web>,
    settings: SettingsCaller,
    Path(id): Path<WarehouseId>,
) -> Answer {
    change(&web, &settings, "", move |tx, permit| warehouses::restore(tx, permit, id)).await
}

async fn change(
    web: &Web,
    settings: &SettingsCaller,
    typed: &str,
    deed: impl Fn(&mut Tx<'_>, &Permit<ManageWarehouses>) -> Result<()> + Send + 'static,
) -> Answer {
    settings.company()?;
    let permit = settings.permit::<ManageWarehouses>()?;
    match web.db.write("stock.warehouse", move |tx| deed(tx, &permit)).await {
        Ok(()) => Ok(see_other_saying(&settings.href(HREF), "stock-saved")),
        Err(fault) if matches!(fault.kind(), Kind::Invalid | Kind::Conflict) => {
            page(web, settings, typed, Some(fault)).await
        }
        Err(fault) => Err(fault.into()),
    }
}
