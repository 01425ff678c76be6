use axum::extract::State;
use maud::{Markup, PreEscaped, html};
use serde::Deserialize;
use takt_kernel::{Fault, Kind, Result, Timestamp};
use takt_staff::{Caller, PageHead, Permit, see_other_saying};
use takt_store::{Query, Tx};
use takt_ui::{
    Field, FormErrors, Icon, Tone, Words, button, card, crumbs, field, form, notice, pairs, post_button,
    split,
};
use takt_web::{Answer, Form, Path, Web, see_other};

use super::{
    erase,
    list::shown_name,
    panels::{CARD_PANELS, PanelContext},
};
use crate::{
    Customer, CustomerId, Edit, EditCustomers, Email, EraseCustomers, IdentityKind, Listed, Phone,
    SeeCustomers, commands, queries, settings,
};

pub(super) struct CardView {
    pub customer: Customer,
    pub suggestions: Vec<Listed>,
    pub merged_into: Option<String>,
    /// Title and body, in their order.
    pub panels: Vec<(String, Markup)>,
    pub may_edit: bool,
    pub may_erase: bool,
    pub form: CardForm,
    pub errors: FormErrors,
    pub now: Timestamp,
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct CardForm {
    version: i64,
    name: String,
    note: String,
    phone: String,
    email: String,
    /// `phone:+7912…`, one for each identity to forget.
    forget: Vec<String>,
}

impl CardForm {
    pub(super) fn of(customer: &Customer) -> Self {
        Self {
            version: customer.version,
            name: customer.name.clone(),
            note: customer.note.clone(),
            ..Self::default()
        }
    }

    fn read(&self, region: &str) -> Result<Edit> {
        let forget = self.forget.iter().filter_map(|identity| identity.split_once(':'));
        Ok(Edit {
            name: self.name.split_whitespace().collect::<Vec<_>>().join(" "),
            note: self.note.trim().to_owned(),
            add_phone: Phone::parse(&self.phone, region),
            add_email: Email::parse(&self.email)
                .map_err(|_| Fault::field("email", "customers.email_malformed"))?,
            forget: forget
                .map(|(kind, value)| Ok((IdentityKind::from_code(kind)?, value.to_owned())))
                .collect::<Result<_>>()?,
        })
    }
}

pub(super) async fn show(caller: Caller, State(web): State<Web>, Path(id): Path<CustomerId>) -> Answer {
    page(&caller, &web, id, None).await
}

/// The card; after a refusal with what was typed and why it was refused.
pub(super) async fn page(
    caller: &Caller,
    web: &Web,
    id: CustomerId,
    refused: Option<(Option<CardForm>, Fault)>,
) -> Answer {
    let scope = caller.scope_where::<SeeCustomers>()?;
    let words = caller.words(web);
    let (reader, its_words) = (caller.clone(), words.clone());
    let view = web
        .db
        .read("customers.card", move |r| {
            let customer = queries::get(r, &scope, id)?;
            let merged_into = match customer.merged_into {
                Some(into) => Some(queries::get(r, &scope, into)?.name),
                None => None,
            };
            let (form, errors) = match &refused {
                Some((form, fault)) => {
                    let form = form.clone().unwrap_or_else(|| CardForm::of(&customer));
                    (form, FormErrors::from_fault(&its_words, fault))
                }
                None => (CardForm::of(&customer), FormErrors::none()),
            };
            Ok(CardView {
                suggestions: queries::suggestions(r, customer.company, id)?,
                panels: panels(r, &reader, &customer, &its_words)?,
                may_edit: reader.may_in::<EditCustomers>(customer.company) && customer.erased_at.is_none(),
                may_erase: reader.may_in::<EraseCustomers>(customer.company)
                    && customer.erased_at.is_none()
                    && customer.merged_into.is_none(),
                merged_into,
                form,
                errors,
                now: r.now(),
                customer,
            })
        })
        .await?;
    let head = PageHead::new(shown_name(&words, &view.customer.name))
        .crumbs(crumbs(&[(&words.t("customers-title"), Some("/customers"))]));
    let body = render(&words, &view);
    Ok(if view.errors.is_empty() {
        caller.page(web, head, body)
    } else {
        caller.refused_page(web, head, body)
    })
}

fn panels(
    db: &mut dyn Query,
    caller: &Caller,
    customer: &Customer,
    words: &Words,
) -> Result<Vec<(String, Markup)>> {
    let slots = db.slots();
    let mut panels: Vec<_> =
        slots.of(&CARD_PANELS).filter(|panel| caller.may_code(panel.permission)).collect();
    panels.sort_by_key(|panel| panel.place);
    let context = PanelContext { customer, words };
    let mut shown = Vec::new();
    for panel in panels {
        let body = (panel.render)(db, &context)?;
        // Nothing to say of this customer.
        if !body.0.is_empty() {
            shown.push((words.t(panel.title_key), body));
        }
    }
    Ok(shown)
}

pub(super) async fn save(
    caller: Caller,
    State(web): State<Web>,
    Path(id): Path<CustomerId>,
    Form(given): Form<CardForm>,
) -> Answer {
    let typed = given.clone();
    let saved = change(&caller, &web, "customers.edit", id, move |tx, permit| {
        let region = settings::default_region(tx, permit.company())?;
        commands::edit(tx, permit, id, given.version, &given.read(&region)?)
    })
    .await;
    match saved {
        Ok(()) => Ok(see_other_saying(&format!("/customers/{id}"), "customers-saved")),
        Err(fault) if matches!(fault.kind(), Kind::Invalid | Kind::Conflict) => {
            page(&caller, &web, id, Some((Some(typed), fault))).await
        }
        Err(fault) => Err(fault.into()),
    }
}

#[derive(Deserialize)]
pub(super) struct Other {
    other: CustomerId,
}

pub(super) async fn merge(
    caller: Caller,
    State(web): State<Web>,
    Path(id): Path<CustomerId>,
    Form(given): Form<Other>,
) -> Answer {
    change(&caller, &web, "customers.merge", id, move |tx, permit| {
        commands::merge(tx, permit, id, given.other)
    })
    .await?;
    Ok(see_other(&format!("/customers/{id}")))
}

pub(super) async fn dismiss(
    caller: Caller,
    State(web): State<Web>,
    Path(id): Path<CustomerId>,
    Form(given): Form<Other>,
) -> Answer {
    change(&caller, &web, "customers.dismiss", id, move |tx, permit| {
        commands::dismiss(tx, permit, id, given.other)
    })
    .await?;
    Ok(see_other(&format!("/customers/{id}")))
}

pub(super) async fn separate(caller: Caller, State(web): State<Web>, Path(id): Path<CustomerId>) -> Answer {
    change(&caller, &web, "customers.separate", id, move |tx, permit| commands::separate(tx, permit, id))
        .await?;
    Ok(see_other(&format!("/customers/{id}")))
}

/// Finds the customer's company within what the caller sees, and does something there with the right to.
pub(super) async fn change(
    caller: &Caller,
    web: &Web,
    name: &'static str,
    id: CustomerId,
    deed: impl Fn(&mut Tx<'_>, &Permit<EditCustomers>) -> Result<()> + Send + 'static,
) -> Result<()> {
    let scope = caller.scope_where::<SeeCustomers>()?;
    let company = web.db.read("customers.company", move |r| Ok(queries::get(r, &scope, id)?.company)).await?;
    let permit = caller.permit::<EditCustomers>(company)?;
    web.db.write(name, move |tx| deed(tx, &permit)).await
}

pub(super) fn render(w: &Words, view: &CardView) -> Markup {
    let customer = &view.customer;
    let topic = format!("customer/{}", customer.id);
    let main = html! {
        @for (place, (title, body)) in view.panels.iter().enumerate() {
            (card(title.clone()).body(body.clone()).live(format!("customer-panel-{place}"), format!("{topic} orders")))
        }
    };
    let side = html! {
        (card(w.t("customers-card")).body(facts(w, view)).live("customer-facts", topic.clone()))
        @if view.may_edit { (card(w.t("customers-edit")).body(edit_form(w, view))) }
        @if view.may_erase { (erase::form_of(w, customer, &view.errors)) }
    };
    html! {
        div.stack id="customer-notices" data-live=(topic) {
            (view.errors.summary(w))
            (erase::erased_notice(w, customer, view.now))
            @if let Some(into) = &view.merged_into { (merged_notice(w, view, into)) }
            @for other in &view.suggestions { (suggestion(w, view, other)) }
        }
        @if view.panels.is_empty() { (side) } @else { (split(main, side)) }
    }
}

fn facts(w: &Words, view: &CardView) -> Markup {
    let customer = &view.customer;
    let phones = customer.identities.iter().filter(|identity| identity.kind == IdentityKind::Phone);
    let emails = customer.identities.iter().filter(|identity| identity.kind == IdentityKind::Email);
    // A phone that could not be read is no identity, yet it is what they gave.
    let unread = customer.phone.as_ref().filter(|phone| !phone.starts_with('+'));
    pairs([
        (
            w.t("customers-phone"),
            html! {
                @for phone in phones {
                    div.numbers { a href=(format!("tel:{}", phone.value)) { (phone.shown()) } }
                }
                @if let Some(phone) = unread { div { (phone) } }
            },
        ),
        (
            w.t("customers-email"),
            html! {
                @for email in emails { div { a href=(format!("mailto:{}", email.original)) { (email.shown()) } } }
            },
        ),
        (w.t("customers-since"), html! { (w.moment(customer.created_at, view.now)) }),
        (w.t("customers-note"), html! { (lines(&customer.note)) }),
    ])
}

fn lines(text: &str) -> Markup {
    html! { @for (place, line) in text.lines().enumerate() { @if place > 0 { (PreEscaped("<br>")) } (line) } }
}

fn edit_form(w: &Words, view: &CardView) -> Markup {
    let (customer, given, errors) = (&view.customer, &view.form, &view.errors);
    let body = html! {
        input type="hidden" name="version" value=(given.version);
        (field(w.t("customers-name"), "name").value(&given.name).errors(errors))
        (field(w.t("customers-phone-add"), "phone").phone().half().value(&given.phone).errors(errors))
        (field(w.t("customers-email-add"), "email").email().half().value(&given.email).errors(errors))
        (field(w.t("customers-note"), "note").textarea(3).value(&given.note).errors(errors))
        @if !customer.identities.is_empty() {
            (field(w.t("customers-forget"), "forget").own(html! {
                div.radios id=(Field::id("forget")) role="group" aria-label=(w.t("customers-forget")) {
                    @for identity in &customer.identities {
                        @let value = format!("{}:{}", identity.kind.code(), identity.value);
                        label.check {
                            input type="checkbox" name="forget" value=(value) checked[given.forget.contains(&value)];
                            span { (identity.shown()) }
                        }
                    }
                }
            }))
        }
    };
    html! {
        (form(w, format!("/customers/{}", customer.id)).id("customer-form").errors(errors).body(body)
            .actions(html! { (button(w.t("customers-save")).primary()) }))
    }
}

fn suggestion(w: &Words, view: &CardView, other: &Listed) -> Markup {
    let id = view.customer.id;
    let name = shown_name(w, &other.name);
    let phone = other.phone.as_deref().map(crate::shown).unwrap_or_default();
    let email = other.email.clone().unwrap_or_default();
    let value = other.id.to_string();
    html! {
        (notice(Tone::Warn, w.ta("customers-perhaps-same", &[("name", name.into())])).body(html! {
            p { a href=(format!("/customers/{}", other.id)) { (phone) " " (email) } }
        }).action(html! {
            @if view.may_edit {
                div.row {
                    (post_button(&format!("/customers/{id}/merge"), &[("other", &value)],
                        button(w.t("customers-merge")).small().icon(Icon::Users)))
                    (post_button(&format!("/customers/{id}/dismiss"), &[("other", &value)],
                        button(w.t("customers-dismiss")).small().quiet()))
                }
            }
        }))
    }
}

fn merged_notice(w: &Words, view: &CardView, into: &str) -> Markup {
    let customer = &view.customer;
    let name = shown_name(w, into);
    html! {
        (notice(Tone::Info, w.ta("customers-merged", &[("name", name.into())])).body(html! {
            @if let Some(into) = customer.merged_into {
                p { a href=(format!("/customers/{into}")) { (w.t("customers-open")) } }
            }
        }).action(html! {
            @if view.may_edit {
                (post_button(&format!("/customers/{}/separate", customer.id), &[],
                    button(w.t("customers-separate")).small()))
            }
        }))
    }
}
