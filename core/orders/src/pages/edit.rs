//! The form of an order. It is read as the same JSON that the API takes, so both refuse the same.

use axum::extract::State;
use maud::{Markup, Render, html};
use serde::Deserialize;
use serde_json::{Map, Value, json};
use takt_kernel::{Fault, Kind};
use takt_staff::{Caller, PageHead, see_other_saying};
use takt_ui::{
    Column, Field, FormErrors, Row, Table, Tone, Words, button, crumbs, field, form, link_button, notice,
};
use takt_web::{Answer, Failure, Form, Path, Web};

use super::{card_verbs::change, list_filter::METHODS, marks::method_name};
use crate::{EditOrders, Line, Order, OrderId, SeeOrders, commands, input, queries, rows};

/// Empty lines under those there are: without scripts a form cannot grow.
const SPARE_LINES: usize = 2;

/// The texts of the form. Lines are columns: the n-th of each belong together.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct OrderForm {
    version: i64,
    name: String,
    phone: String,
    email: String,
    method: String,
    address: String,
    delivery_price: String,
    discount: String,
    comment: String,
    line: Vec<String>,
    sku: Vec<String>,
    product: Vec<String>,
    quantity: Vec<String>,
    unit: Vec<String>,
    price: Vec<String>,
    line_discount: Vec<String>,
    vat: Vec<String>,
}

const CHANGED_MEANWHILE: &str = "orders.changed_meanwhile";

pub(super) async fn show(caller: Caller, State(web): State<Web>, Path(id): Path<OrderId>) -> Answer {
    let stands = stands(&caller, &web, id).await?;
    stands.order.may_be_edited()?;
    let words = caller.words(&web);
    let body = render(&words, id, &stands.form, &FormErrors::none());
    Ok(caller.page(&web, head(&words, &stands.order), body))
}

/// An order as it stands, and as its form.
struct Stands {
    order: Order,
    form: OrderForm,
}

async fn stands(caller: &Caller, web: &Web, id: OrderId) -> Result<Stands, Failure> {
    let scope = caller.scope_where::<SeeOrders>()?;
    let (order, lines) = web
        .db
        .read("orders.edit_form", move |reader| {
            let order = queries::get(reader, &scope, id)?;
            let lines = rows::lines(reader, order.company, id)?;
            Ok((order, lines))
        })
        .await?;
    caller.permit::<EditOrders>(order.company)?;
    let form = OrderForm::of(&caller.words(web), &order, &lines);
    Ok(Stands { order, form })
}

pub(super) async fn save(
    caller: Caller,
    State(web): State<Web>,
    Path(id): Path<OrderId>,
    Form(given): Form<OrderForm>,
) -> Answer {
    let typed = given.clone();
    let words = caller.words(&web);
    let saved = change::<EditOrders, _>(&caller, &web, "orders.edit", id, move |tx, permit| {
        let order = rows::load(tx, permit.company(), id)?;
        order.expect_version(Some(given.version))?;
        let lines = rows::lines(tx, order.company, id)?;
        let region = takt_customers::default_region(tx, order.company)?;
        let patch = input::read_patch(&order, &lines, &given.body(&words, &lines), &region)?;
        commands::edit(tx, permit, id, given.version, patch).map(|_| ())
    })
    .await;
    match saved {
        Ok(()) => Ok(see_other_saying(&format!("/orders/{id}"), "orders-saved")),
        Err(fault) if matches!(fault.kind(), Kind::Invalid | Kind::Conflict) => {
            let stands = stands(&caller, &web, id).await?;
            Ok(refused(&caller, &web, typed, &stands, &fault))
        }
        Err(fault) => Err(fault.into()),
    }
}

/// What was typed stays, also when somebody else was faster: then what the order says now stands beside it, and
/// saving again means what is typed.
fn refused(
    caller: &Caller,
    web: &Web,
    mut typed: OrderForm,
    stands: &Stands,
    fault: &Fault,
) -> axum::response::Response {
    let words = caller.words(web);
    let id = stands.order.id;
    let body = match fault.is(CHANGED_MEANWHILE) {
        false => render(&words, id, &typed, &FormErrors::from_fault(&words, fault)),
        true => {
            typed.version = stands.form.version;
            html! { (differences(&words, &typed, &stands.form)) (render(&words, id, &typed, &FormErrors::none())) }
        }
    };
    caller.refused_page(web, head(&words, &stands.order).path(format!("/orders/{id}/edit")), body)
}

fn head(w: &Words, order: &Order) -> PageHead {
    let card = format!("/orders/{}", order.id);
    PageHead::new(w.t("orders-edit-title"))
        .crumbs(crumbs(&[(&w.t("orders-title"), Some("/orders")), (&order.number, Some(&card))]))
}

impl OrderForm {
    pub(super) fn of(w: &Words, order: &Order, lines: &[Line]) -> Self {
        let text = |value: &Option<String>| value.clone().unwrap_or_default();
        let column = |value: &dyn Fn(&Line) -> String| {
            let spare = std::iter::repeat_n(String::new(), SPARE_LINES);
            lines.iter().map(value).chain(spare).collect()
        };
        Self {
            version: order.version,
            name: order.contact.name.clone(),
            phone: text(&order.contact.phone_given),
            email: text(&order.contact.email),
            method: text(&order.delivery.method),
            address: text(&order.delivery.address),
            delivery_price: order.delivery.price.to_decimal_string(),
            discount: order.discount.to_decimal_string(),
            comment: text(&order.comment),
            line: column(&|line| line.id.to_string()),
            sku: column(&|line| line.sku.clone().unwrap_or_default()),
            product: column(&|line| line.name.clone()),
            quantity: column(&|line| line.quantity.to_string()),
            unit: column(&|line| w.unit(&line.unit)),
            price: column(&|line| line.price.to_string()),
            line_discount: column(&|line| line.discount.to_decimal_string()),
            vat: column(&|line| line.vat.to_string()),
        }
    }

    /// The form as a patch. A line without a quantity is gone; what the form does not show of a line
    /// stays as it was.
    fn body(&self, w: &Words, lines: &[Line]) -> Value {
        let lines: Vec<Value> = (0..self.quantity.len())
            .filter(|index| !at(&self.quantity, *index).trim().is_empty())
            .map(|index| self.line_body(w, index, lines))
            .collect();
        json!({
            "customer": { "name": self.name, "phone": self.phone, "email": self.email },
            "delivery": { "method": self.method, "address": self.address, "price": self.delivery_price },
            "discount": self.discount,
            "comment": self.comment,
            "lines": lines,
        })
    }

    fn line_body(&self, w: &Words, index: usize, lines: &[Line]) -> Value {
        let id = at(&self.line, index);
        let known = lines.iter().find(|line| line.id.to_string() == id);
        let mut body: Map<String, Value> = known.map(|line| line.extra.clone()).unwrap_or_default();
        let columns = [
            ("id", &self.line),
            ("sku", &self.sku),
            ("name", &self.product),
            ("quantity", &self.quantity),
            ("unit", &self.unit),
            ("price", &self.price),
            ("discount", &self.line_discount),
            ("vat", &self.vat),
        ];
        for (name, column) in columns {
            body.insert(name.to_owned(), json!(at(column, index)));
        }
        // The form says "шт."; a unit that nobody touched stays what the shop calls it.
        if let Some(line) = known.filter(|line| w.unit(&line.unit) == at(&self.unit, index)) {
            body.insert("unit".to_owned(), json!(line.unit));
        }
        Value::Object(body)
    }
}

/// How a value of the form is said to people.
type Said<'s> = &'s dyn Fn(&str) -> String;

/// Where the order says something else now than what was typed: label, typed, known; codes in words.
fn differences(w: &Words, typed: &OrderForm, known: &OrderForm) -> Markup {
    let method = |code: &str| method_name(w, code);
    let plain = |text: &str| w.typed(text);
    let unit = |code: &str| w.unit(code);
    let fields: [(&str, &str, &str, Said<'_>); 8] = [
        ("orders-name", &typed.name, &known.name, &plain),
        ("orders-phone", &typed.phone, &known.phone, &plain),
        ("orders-email", &typed.email, &known.email, &plain),
        ("orders-delivery", &typed.method, &known.method, &method),
        ("orders-delivery-price", &typed.delivery_price, &known.delivery_price, &plain),
        ("orders-address", &typed.address, &known.address, &plain),
        ("orders-buyers-words", &typed.comment, &known.comment, &plain),
        ("orders-discount", &typed.discount, &known.discount, &plain),
    ];
    let columns: [(&str, &[String], &[String], Said<'_>); 7] = [
        ("orders-sku", &typed.sku, &known.sku, &plain),
        ("orders-product", &typed.product, &known.product, &plain),
        ("orders-quantity", &typed.quantity, &known.quantity, &plain),
        ("orders-unit", &typed.unit, &known.unit, &unit),
        ("orders-price", &typed.price, &known.price, &plain),
        ("orders-line-discount", &typed.line_discount, &known.line_discount, &plain),
        ("orders-vat", &typed.vat, &known.vat, &plain),
    ];
    let mut differ: Vec<(String, String, String)> = fields
        .iter()
        .map(|(key, typed, known, said)| (w.t(key), said(typed.trim()), said(known.trim())))
        .collect();
    for (key, typed, known, said) in columns {
        for index in 0..typed.len().max(known.len()) {
            let label = format!("{} {}", w.t(key), index + 1);
            differ.push((label, said(at(typed, index).trim()), said(at(known, index).trim())));
        }
    }
    differ.retain(|(_, typed, known)| typed != known);
    let nothing = || w.t("ui-change-empty");
    let shown = |text: &str| if text.is_empty() { nothing() } else { text.to_owned() };
    notice(Tone::Warn, w.t("orders-changed-while-typing"))
        .body(html! {
            ul {
                @for (label, typed, known) in &differ {
                    li { (w.ta("orders-changed-field", &[
                        ("field", label.into()),
                        ("known", shown(known).into()),
                        ("typed", shown(typed).into()),
                    ])) }
                }
            }
            p { (w.t("orders-changed-then")) }
        })
        .render()
}

fn at(column: &[String], index: usize) -> &str {
    column.get(index).map_or("", String::as_str)
}

pub(super) fn render(w: &Words, id: OrderId, given: &OrderForm, errors: &FormErrors) -> Markup {
    let body = html! {
        input type="hidden" name="version" value=(given.version);
        (field(w.t("orders-name"), "name").value(&given.name).error(errors.of("customer.name")))
        (field(w.t("orders-phone"), "phone").value(&given.phone).phone().half().error(errors.of("customer.phone")))
        (field(w.t("orders-email"), "email").value(&given.email).half().error(errors.of("customer.email")))
        (field(w.t("orders-delivery"), "method").select(methods(w, &given.method)).value(&given.method).half().error(errors.of("delivery.method")))
        (field(w.t("orders-delivery-price"), "delivery_price").value(w.typed(&given.delivery_price)).decimal().half()
            .error(errors.of("delivery.price")))
        (field(w.t("orders-address"), "address").value(&given.address).error(errors.of("delivery.address")))
        (field(w.t("orders-buyers-words"), "comment").value(&given.comment).textarea(2).error(errors.of("comment")))
        div.field {
            (lines(w, given, errors))
            p.field-hint { (w.t("orders-edit-lines-hint")) }
        }
        (field(w.t("orders-discount"), "discount").value(w.typed(&given.discount)).decimal().half().error(errors.of("discount")))
    };
    html! {
        (form(w, format!("/orders/{id}/edit")).errors(errors).body(body).actions(html! {
            (button(w.t("orders-save")).primary())
            (link_button(w.t("orders-back"), format!("/orders/{id}")).quiet())
        }))
    }
}

/// Ways to deliver in words; what only the shop calls so stands as it wrote it.
fn methods(w: &Words, given: &str) -> Vec<(String, String)> {
    let own = Some(given).filter(|given| !given.is_empty() && !METHODS.contains(given));
    let unsaid = (String::new(), w.t("orders-method-unsaid"));
    let named = METHODS.into_iter().chain(own).map(|code| (code.to_owned(), method_name(w, code)));
    std::iter::once(unsaid).chain(named).collect()
}

/// Faults name lines as they were sent, without those that were left empty.
fn lines<'a>(w: &'a Words, given: &OrderForm, errors: &FormErrors) -> Table<'a> {
    let mut sent = 0;
    let rows: Vec<Row> = (0..given.quantity.len())
        .map(|index| {
            let place = (!at(&given.quantity, index).trim().is_empty()).then_some(sent);
            sent += usize::from(place.is_some());
            line(w, given, errors, index, place)
        })
        .collect();
    Table::new(w, w.t("orders-composition"))
        .columns([
            Column::new(w.t("orders-sku")),
            Column::new(w.t("orders-product")).wide(),
            Column::new(w.t("orders-quantity")),
            Column::new(w.t("orders-unit")),
            Column::new(w.t("orders-price")),
            Column::new(w.t("orders-line-discount")),
            Column::new(w.t("orders-vat")),
        ])
        .rows(rows)
}

fn line(w: &Words, given: &OrderForm, errors: &FormErrors, index: usize, place: Option<usize>) -> Row {
    let input = |label: &str, name: &str, column: &[String], of: &str| {
        let path = place.map(|place| format!("lines[{place}].{of}"));
        let value = match of {
            "quantity" | "price" | "discount" | "vat" => w.typed(at(column, index)),
            _ => at(column, index).to_owned(),
        };
        let error = path.as_deref().and_then(|path| errors.of(path));
        let invalid = error.is_some().then_some("true");
        html! {
            input.control id=[path.as_deref().map(Field::id)] type="text" name=(name) value=(value)
                aria-label=(w.t(label)) aria-invalid=[invalid] autocomplete="off";
            @if let Some(error) = error { p.field-error { (error) } }
        }
    };
    Row::new([
        html! {
            input type="hidden" name="line" value=(at(&given.line, index));
            (input("orders-sku", "sku", &given.sku, "sku"))
        },
        input("orders-product", "product", &given.product, "name"),
        input("orders-quantity", "quantity", &given.quantity, "quantity"),
        input("orders-unit", "unit", &given.unit, "unit"),
        input("orders-price", "price", &given.price, "price"),
        input("orders-line-discount", "line_discount", &given.line_discount, "discount"),
        input("orders-vat", "vat", &given.vat, "vat"),
    ])
}
