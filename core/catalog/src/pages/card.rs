use axum::extract::State;
use maud::{Markup, html};
use serde::Deserialize;
use takt_kernel::{CompanyId, Fault, Kind, Result};
use takt_staff::{Caller, PageHead, Permit, companies, see_other_saying};
use takt_store::{Query as Asking, Tx};
use takt_ui::{
    FormErrors, Icon, Tone, Width, Words, badge, button, card, crumbs, field, form, link_button, post_button,
    split,
};
use takt_web::{Answer, Form, Path, Query, Web};

use super::{
    form::{OfferForm, fields},
    list::price,
    panels::{OFFER_PANELS, PanelContext},
};
use crate::{EditCatalog, Offer, OfferId, ProductId, SeeCatalog, commands, queries};

pub(super) struct CardView {
    pub offer: Offer,
    /// Other offers of its product.
    pub siblings: Vec<Offer>,
    /// Title and body, in their order.
    pub panels: Vec<(String, Markup)>,
    pub may_edit: bool,
    pub form: OfferForm,
    pub errors: FormErrors,
}

pub(super) struct NewView {
    /// To choose from, when there are several.
    pub companies: Vec<(String, String)>,
    pub form: OfferForm,
    pub errors: FormErrors,
}

pub(super) async fn show(caller: Caller, State(web): State<Web>, Path(id): Path<OfferId>) -> Answer {
    page(&caller, &web, id, None).await
}

async fn page(caller: &Caller, web: &Web, id: OfferId, refused: Option<(OfferForm, Fault)>) -> Answer {
    let scope = caller.scope_where::<SeeCatalog>()?;
    let words = caller.words(web);
    let (reader, its_words) = (caller.clone(), words.clone());
    let view = web
        .db
        .read("catalog.card", move |r| {
            let offer = queries::get(r, &scope, id)?;
            let (_, mut siblings) = queries::product(r, offer.company, offer.product)?;
            siblings.retain(|sibling| sibling.id != id);
            let (form, errors) = match &refused {
                Some((form, fault)) => (form.clone(), FormErrors::from_fault(&its_words, fault)),
                None => (OfferForm::of(&offer), FormErrors::none()),
            };
            let panels = panels(r, &reader, &offer, &its_words)?;
            let may_edit = reader.may_in::<EditCatalog>(offer.company);
            Ok(CardView { offer, siblings, panels, may_edit, form, errors })
        })
        .await?;
    let mut head = PageHead::new(view.offer.name.clone())
        .crumbs(crumbs(&[(&words.t("catalog-title"), Some("/products")), (&view.offer.sku, None)]));
    if view.offer.archived {
        head = head.note(badge(words.t("catalog-archived"), Tone::Neutral));
    }
    let body = render(&words, &view);
    Ok(if view.errors.is_empty() {
        caller.page(web, head, body)
    } else {
        caller.refused_page(web, head, body)
    })
}

fn panels(
    db: &mut dyn Asking,
    caller: &Caller,
    offer: &Offer,
    words: &Words,
) -> Result<Vec<(String, Markup)>> {
    let slots = db.slots();
    let mut panels: Vec<_> =
        slots.of(&OFFER_PANELS).filter(|panel| caller.may_code(panel.permission)).collect();
    panels.sort_by_key(|panel| panel.place);
    let may = |code: &str| caller.may_code(code);
    let context = PanelContext { offer, words, may: &may };
    let mut shown = Vec::new();
    for panel in panels {
        let body = (panel.render)(db, &context)?;
        // Nothing to say of this offer.
        if !body.0.is_empty() {
            shown.push((words.t(panel.title_key), body));
        }
    }
    Ok(shown)
}

pub(super) async fn save(
    caller: Caller,
    State(web): State<Web>,
    Path(id): Path<OfferId>,
    Form(given): Form<OfferForm>,
) -> Answer {
    let typed = given.clone();
    let saved = change(&caller, &web, "catalog.edit", id, move |tx, permit| {
        let currency = companies::get(tx, permit.company())?.currency;
        commands::edit(tx, permit, id, given.version, &given.read(currency)?)
    })
    .await;
    match saved {
        Ok(()) => Ok(see_other_saying(&format!("/products/{id}"), "catalog-saved")),
        Err(fault) if matches!(fault.kind(), Kind::Invalid | Kind::Conflict) => {
            page(&caller, &web, id, Some((typed, fault))).await
        }
        Err(fault) => Err(fault.into()),
    }
}

#[derive(Deserialize)]
pub(super) struct Seen {
    version: i64,
}

pub(super) async fn archive(
    caller: Caller,
    State(web): State<Web>,
    Path(id): Path<OfferId>,
    Form(seen): Form<Seen>,
) -> Answer {
    change(&caller, &web, "catalog.archive", id, move |tx, permit| {
        commands::archive(tx, permit, id, seen.version)
    })
    .await?;
    Ok(see_other_saying(&format!("/products/{id}"), "catalog-saved"))
}

pub(super) async fn restore(
    caller: Caller,
    State(web): State<Web>,
    Path(id): Path<OfferId>,
    Form(seen): Form<Seen>,
) -> Answer {
    change(&caller, &web, "catalog.restore", id, move |tx, permit| {
        commands::restore(tx, permit, id, seen.version)
    })
    .await?;
    Ok(see_other_saying(&format!("/products/{id}"), "catalog-saved"))
}

/// Finds the offer's company within what the caller sees, and does something there with the right to.
async fn change(
    caller: &Caller,
    web: &Web,
    name: &'static str,
    id: OfferId,
    deed: impl Fn(&mut Tx<'_>, &Permit<EditCatalog>) -> Result<()> + Send + 'static,
) -> Result<()> {
    let scope = caller.scope_where::<SeeCatalog>()?;
    let company = web.db.read("catalog.company", move |r| Ok(queries::get(r, &scope, id)?.company)).await?;
    let permit = caller.permit::<EditCatalog>(company)?;
    web.db.write(name, move |tx| deed(tx, &permit)).await
}

#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct Start {
    company: Option<CompanyId>,
    product: Option<ProductId>,
}

pub(super) async fn new(caller: Caller, State(web): State<Web>, Query(start): Query<Start>) -> Answer {
    let form = OfferForm { company: start.company, product: start.product, ..OfferForm::default() };
    new_page(&caller, &web, form, None)
}

fn new_page(caller: &Caller, web: &Web, form: OfferForm, refused: Option<Fault>) -> Answer {
    let words = caller.words(web);
    let companies = match caller.companies_where::<EditCatalog>().as_slice() {
        [] => return Err(Fault::denied("staff.denied").into()),
        [_] => Vec::new(),
        several => several.iter().map(|there| (there.id().to_string(), there.name().to_owned())).collect(),
    };
    let errors =
        refused.as_ref().map_or_else(FormErrors::none, |fault| FormErrors::from_fault(&words, fault));
    let body = render_new(&words, &NewView { companies, form, errors });
    let head = PageHead::new(words.t("catalog-new"))
        .width(Width::Narrow)
        .crumbs(crumbs(&[(&words.t("catalog-title"), Some("/products"))]));
    Ok(if refused.is_none() { caller.page(web, head, body) } else { caller.refused_page(web, head, body) })
}

pub(super) async fn add(caller: Caller, State(web): State<Web>, Form(given): Form<OfferForm>) -> Answer {
    let places = caller.companies_where::<EditCatalog>();
    let company = match (given.company, places.as_slice()) {
        (Some(company), _) => company,
        (None, [only]) => only.id(),
        (None, _) => {
            return new_page(&caller, &web, given, Some(Fault::field("company", "catalog.required")));
        }
    };
    let permit = caller.permit::<EditCatalog>(company)?;
    let typed = given.clone();
    let added = web
        .db
        .write("catalog.add", move |tx| {
            let currency = companies::get(tx, permit.company())?.currency;
            commands::add_offer(tx, &permit, given.product, &given.read(currency)?)
        })
        .await;
    match added {
        Ok(offer) => Ok(see_other_saying(&format!("/products/{offer}"), "catalog-saved")),
        Err(fault) if fault.kind() == Kind::Invalid => new_page(&caller, &web, typed, Some(fault)),
        Err(fault) => Err(fault.into()),
    }
}

pub(super) fn render(w: &Words, view: &CardView) -> Markup {
    let main = html! {
        @for (place, (title, body)) in view.panels.iter().enumerate() {
            (card(title.clone()).body(body.clone())
                .live(format!("offer-panel-{place}"), format!("offer/{} offers stocks", view.offer.id)))
        }
        @if !view.siblings.is_empty() { (card(w.t("catalog-siblings")).body(siblings(w, view))) }
    };
    let side = html! {
        @if view.may_edit { (card(w.t("catalog-edit")).body(edit_form(w, view)).foot(buttons(w, view))) }
        @else { (card(w.t("catalog-price")).body(html! { p.lead { (price(w, &view.offer)) } })) }
    };
    if view.panels.is_empty() && view.siblings.is_empty() { side } else { split(main, side) }
}

fn siblings(w: &Words, view: &CardView) -> Markup {
    html! {
        ul {
            @for offer in &view.siblings {
                li {
                    a href=(format!("/products/{}", offer.id)) { (offer.sku) }
                    " " (offer.name) " " span.muted { (price(w, offer)) }
                }
            }
        }
    }
}

fn edit_form(w: &Words, view: &CardView) -> Markup {
    html! {
        (form(w, format!("/products/{}", view.offer.id)).id("offer-form").errors(&view.errors)
            .body(fields(w, &view.form, &view.errors))
            .actions(html! { (button(w.t("catalog-save")).primary()) }))
    }
}

fn buttons(w: &Words, view: &CardView) -> Markup {
    let offer = &view.offer;
    let version = offer.version.to_string();
    let (verb, label) = match offer.archived {
        true => ("restore", w.t("catalog-restore")),
        false => ("archive", w.t("catalog-archive")),
    };
    let another = format!("/products/new?company={}&product={}", offer.company, offer.product);
    html! {
        div.row {
            (link_button(w.t("catalog-add-sibling"), another).small().icon(Icon::Plus))
            (post_button(&format!("/products/{}/{verb}", offer.id), &[("version", &version)], button(label).small().quiet()))
        }
    }
}

pub(super) fn render_new(w: &Words, view: &NewView) -> Markup {
    let chosen = view.form.company.map(|company| company.to_string()).unwrap_or_default();
    let body = html! {
        @if !view.companies.is_empty() {
            (field(w.t("catalog-company"), "company").select(view.companies.clone()).value(chosen).errors(&view.errors))
        }
        (fields(w, &view.form, &view.errors))
    };
    html! {
        (form(w, "/products/new").id("offer-form").errors(&view.errors).body(body)
            .actions(html! {
                (button(w.t("catalog-save")).primary())
                (link_button(w.t("catalog-back"), "/products").quiet())
            }))
    }
}
