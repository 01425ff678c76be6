use maud::{Markup, Render, html};
use takt_kernel::{CompanyId, Fault, money::VatRate};
use takt_orders::{OrderId, PICKUP, Terms};
use takt_staff::{PageHead, shops::Shop};
use takt_ui::{
    Column, Field, FormErrors, Icon, Lang, Row, Table, Tone, Words, button, card, crumbs, empty, field, form,
    link_button, notice,
};

use super::{
    HREF,
    typed::{LINE, Typed, path, place_in_row},
};

/// Ways of delivery that are offered; a shop's program may name any.
const METHODS: &[&str] = &[PICKUP, "courier", "post", "point"];
const DECIMAL: &[&str] = &["quantity", "price", "discount"];

pub(super) struct View<'t> {
    pub company: CompanyId,
    pub companies: Vec<(CompanyId, String)>,
    pub shops: Vec<Shop>,
    pub rates: Vec<VatRate>,
    /// The company's: buyers are written to in it unless the form says otherwise.
    pub lang: Lang,
    pub typed: &'t Typed,
    pub errors: FormErrors,
    pub refused: Refused,
}

/// What is said above the form.
#[derive(Default)]
pub(super) struct Refused {
    /// This form has placed an order before, with other content.
    pub already: Option<OrderId>,
    summary: FormErrors,
}

impl Refused {
    /// Beside its cell a refusal needs no name, in the summary it does.
    pub(super) fn of(w: &Words, fault: &Fault) -> Self {
        let id = fault.args().iter().find(|(name, _)| name == "id").and_then(|(_, id)| id.parse().ok());
        let already = id.filter(|_| fault.is("gateway.key_reused"));
        if already.is_some() {
            return Self { already, summary: FormErrors::none() };
        }
        if fault.fields().is_empty() {
            return Self { already, summary: FormErrors::from_fault(w, fault) };
        }
        let summary = fault.fields().iter().fold(FormErrors::none(), |errors, field| {
            let told = w.field_fault(field);
            match place_in_row(&field.path) {
                Some((index, name)) => {
                    errors.and(field.path.as_str(), format!("{}: {told}", cell_name(w, index, name)))
                }
                None => errors.and(field.path.as_str(), told),
            }
        });
        Self { already, summary }
    }
}

pub(super) fn head(w: &Words) -> PageHead {
    PageHead::new(w.t("gateway-new-order")).crumbs(crumbs(&[(&w.t("orders-title"), Some("/orders"))]))
}

pub(super) fn render(w: &Words, view: &View<'_>) -> Markup {
    html! {
        @if view.companies.len() > 1 { (company_choice(w, view)) }
        @if view.shops.is_empty() {
            (empty(Icon::Store, w.t("gateway-no-shops"), w.t("gateway-no-shops-text"),
                Some(link_button(w.t("staff-shops"), "/settings/shops").icon(Icon::Store).render())))
        } @else {
            @if let Some(id) = view.refused.already { (already(w, id)) }
            (order_form(w, view))
        }
    }
}

/// The company comes first, in a form of its own: shops, currency and customers are its own.
fn company_choice(w: &Words, view: &View<'_>) -> Markup {
    let companies = view.companies.iter().map(|(id, name)| (id.to_string(), name.clone()));
    let choice = field(w.t("gateway-company"), "company").select(companies).value(view.company.to_string());
    form(w, HREF)
        .get()
        .body(choice.half().render())
        .actions(button(w.t("gateway-choose")).small().render())
        .render()
}

fn already(w: &Words, id: OrderId) -> Markup {
    notice(Tone::Warn, w.t("gateway-already"))
        .body(html! { (w.t("gateway-already-text")) })
        .action(link_button(w.t("gateway-open-order"), format!("/orders/{id}")).render())
        .render()
}

fn order_form(w: &Words, view: &View<'_>) -> Markup {
    let body = html! {
        input type="hidden" name="company" value=(view.company);
        input type="hidden" name="secret" value=(view.typed.secret());
        (card(w.t("orders-buyer")).body(html! { div.fields { (buyer(w, view)) } }))
        (card(w.t("orders-composition")).note(html! { (w.t("gateway-lines-hint")) }).body(goods(w, view)))
        (card(w.t("orders-delivery")).body(html! { div.fields { (delivery(w, view)) } }))
        (card(w.t("orders-terms")).body(html! { div.fields { (payment(w, view)) } }))
    };
    form(w, HREF)
        .errors(&view.refused.summary)
        .body(html! { div.stack.field { (body) } })
        .actions(html! {
            (button(w.t("gateway-take")).primary())
            (link_button(w.t("orders-back"), "/orders").quiet())
        })
        .render()
}

/// A field with what was typed and what is wrong with it.
fn asked(view: &View<'_>, label: String, name: &str) -> Field {
    field(label, name).value(view.typed.text(name)).errors(&view.errors)
}

fn buyer(w: &Words, view: &View<'_>) -> Markup {
    let shops = view
        .shops
        .iter()
        .map(|shop| (shop.id.to_string(), format!("{}, {}", shop.name, shop.currency.code())));
    html! {
        (asked(view, w.t("orders-phone"), "customer.phone").phone().half().autofocus().hint(w.t("gateway-phone-hint")))
        (asked(view, w.t("orders-name"), "customer.name").half().autocomplete("off"))
        (asked(view, w.t("orders-email"), "customer.email").email().half().autocomplete("off"))
        (asked(view, w.t("orders-shop"), "shop").select(shops).half())
    }
}

/// The first button of a form is the one that Enter presses: taking the order, not adding rows.
fn goods(w: &Words, view: &View<'_>) -> Markup {
    html! {
        button.unseen type="submit" tabindex="-1" aria-hidden="true" {}
        @if let Some(wrong) = view.errors.of("lines") { p.field-error id=(Field::id("lines")) { (wrong) } }
        (rows(w, view))
        div.row { (button(w.t("gateway-more-rows")).small().icon(Icon::Plus).value("more", "1")) }
    }
}

fn rows<'w>(w: &'w Words, view: &View<'_>) -> Table<'w> {
    let columns = LINE.iter().map(|name| match *name {
        "name" => Column::new(w.t(label_key(name))).wide(),
        _ => Column::new(w.t(label_key(name))),
    });
    Table::new(w, w.t("orders-composition")).columns(columns).rows(
        (0..view.typed.rows()).map(|index| Row::new(LINE.iter().map(|name| cell(w, view, index, name)))),
    )
}

fn label_key(name: &str) -> &'static str {
    match name {
        "sku" => "orders-sku",
        "name" => "orders-product",
        "quantity" => "orders-quantity",
        "unit" => "orders-unit",
        "price" => "orders-price",
        "discount" => "orders-line-discount",
        _ => "orders-vat",
    }
}

pub(super) fn cell_name(w: &Words, index: usize, name: &str) -> String {
    w.ta("gateway-cell", &[("column", w.t(label_key(name)).into()), ("row", (index + 1).into())])
}

fn cell(w: &Words, view: &View<'_>, index: usize, name: &str) -> Markup {
    let path = path(index, name);
    let typed = view.typed.text(&path);
    let error = view.errors.of(&path);
    let invalid = error.is_some().then_some("true");
    let label = cell_name(w, index, name);
    let id = Field::id(&path);
    let described = error.map(|_| format!("{id}-error"));
    html! {
        @if name == "vat" {
            select.control id=(id) name=(path) aria-label=(label) aria-invalid=[invalid] aria-describedby=[described] {
                option value="" { (w.t("gateway-vat-usual")) }
                @for rate in &view.rates {
                    option value=(rate) selected[rate.to_string() == typed] { (rate_name(w, *rate)) }
                }
            }
        } @else {
            input.control id=(id) type="text" name=(path) value=(typed) autocomplete="off" aria-label=(label)
                inputmode=[DECIMAL.contains(&name).then_some("decimal")]
                aria-invalid=[invalid] aria-describedby=[described];
        }
        @if let Some(error) = error { p.field-error id={ (id) "-error" } { (error) } }
    }
}

fn rate_name(w: &Words, rate: VatRate) -> String {
    if rate == VatRate::None { w.t("gateway-vat-none") } else { rate.to_string() }
}

fn delivery(w: &Words, view: &View<'_>) -> Markup {
    let typed = view.typed.text("delivery.method");
    let others = Some(typed).filter(|typed| !typed.is_empty() && !METHODS.contains(typed));
    let methods = std::iter::once((String::new(), w.t("gateway-method-unsaid")))
        .chain(METHODS.iter().map(|method| ((*method).to_owned(), w.t(&format!("gateway-method-{method}")))))
        .chain(others.map(|other| (other.to_owned(), other.to_owned())));
    html! {
        (asked(view, w.t("gateway-method"), "delivery.method").select(methods).half())
        (asked(view, w.t("orders-delivery-price"), "delivery.price").decimal().half())
        (asked(view, w.t("orders-address"), "delivery.address").autocomplete("off"))
        (asked(view, w.t("orders-buyers-words"), "comment").textarea(2))
    }
}

fn payment(w: &Words, view: &View<'_>) -> Markup {
    let terms = Terms::CODES.iter().map(|code| ((*code).to_owned(), terms_name(w, code)));
    let typed = view.typed.text("lang");
    let lang = if typed.is_empty() { view.lang.code() } else { typed };
    let langs = Lang::ALL.iter().map(|lang| (lang.code().to_owned(), lang.own_name().to_owned()));
    html! {
        (asked(view, w.t("gateway-terms"), "terms").select(terms).half())
        (asked(view, w.t("gateway-credit-days"), "credit_days").attribute("inputmode", "numeric").half()
            .hint(w.t("gateway-credit-days-hint")))
        (asked(view, w.t("orders-discount"), "discount").decimal().half())
        (asked(view, w.t("gateway-lang"), "lang").select(langs).value(lang).half())
    }
}

pub(crate) fn terms_name(w: &Words, code: &str) -> String {
    match code {
        "on_delivery" => w.t("orders-terms-on-delivery"),
        "credit" => w.ta("orders-terms-credit", &[("days", 0_i64.into())]),
        _ => w.t("orders-terms-prepaid"),
    }
}
