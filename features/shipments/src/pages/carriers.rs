use axum::extract::State as Held;
use maud::{Markup, html};
use serde::Deserialize;
use takt_kernel::{Fault, Kind, Result};
use takt_staff::{Permit, SettingsCaller, see_other_saying, settings_page, settings_refused};
use takt_store::Tx;
use takt_ui::{FormErrors, Icon, Tone, Words, badge, button, card, details, empty, field, form};
use takt_web::{Answer, Form, Path, Web};

use super::CARRIERS as HREF;
use crate::{
    CarrierId, ManageCarriers, SeeShipments, ServiceId,
    carriers::{self, Carrier, CarrierInput, Service, ServiceInput, USUAL_DAYS},
};

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Given {
    pub name: String,
    pub tracking_url: String,
    pub days: String,
    pub archived: String,
}

impl Given {
    fn of(carrier: &Carrier) -> Self {
        Self {
            name: carrier.name.clone(),
            tracking_url: carrier.tracking_url.clone().unwrap_or_default(),
            days: carrier.remind_after_days.to_string(),
            archived: String::new(),
        }
    }

    fn days(&self) -> Result<Option<i64>> {
        match self.days.trim() {
            "" => Ok(None),
            days => days
                .parse()
                .map(Some)
                .map_err(|_| Fault::field("remind_after_days", "shipments.days_malformed")),
        }
    }

    fn carrier(&self) -> Result<CarrierInput> {
        Ok(CarrierInput {
            name: self.name.clone(),
            tracking_url: Some(self.tracking_url.clone()),
            remind_after_days: self.days()?.unwrap_or(USUAL_DAYS),
            archived: !self.archived.is_empty(),
        })
    }

    fn service(&self) -> Result<ServiceInput> {
        Ok(ServiceInput {
            name: self.name.clone(),
            remind_after_days: self.days()?,
            archived: !self.archived.is_empty(),
        })
    }
}

pub(super) async fn show(Held(web): Held<Web>, settings: SettingsCaller) -> Answer {
    page(&web, &settings, &Given::default(), None).await
}

async fn page(web: &Web, settings: &SettingsCaller, typed: &Given, refused: Option<Fault>) -> Answer {
    settings.permit::<SeeShipments>()?;
    let company = settings.company()?;
    let w = settings.words(web);
    let all = web.db.read("shipments.carriers", move |r| carriers::list(r, company)).await?;
    let may = settings.may::<ManageCarriers>();
    let errors = refused.as_ref().map_or_else(FormErrors::none, |fault| FormErrors::from_fault(&w, fault));
    let body = render(&w, &all, may, typed, &errors, &|path| settings.href(path));
    Ok(match refused {
        None => settings_page(web, settings, HREF, body),
        Some(_) => settings_refused(web, settings, HREF, body),
    })
}

pub(super) fn render(
    w: &Words,
    all: &[Carrier],
    may: bool,
    typed: &Given,
    errors: &FormErrors,
    href: &dyn Fn(&str) -> String,
) -> Markup {
    html! {
        div.stack {
            @if all.is_empty() {
                (empty(Icon::Truck, w.t("shipments-carriers-none"), w.t("shipments-carriers-none-text"), None))
            }
            @for carrier in all { (one(w, carrier, may, href)) }
            @if may {
                (card(w.t("shipments-carrier-new")).body(html! {
                    (form(w, href(HREF)).errors(errors).body(carrier_fields(w, typed, errors))
                        .actions(html! { (button(w.t("shipments-carrier-add")).primary().icon(Icon::Plus)) }))
                }))
            }
        }
    }
}

fn carrier_fields(w: &Words, given: &Given, errors: &FormErrors) -> Markup {
    let days = if given.days.is_empty() { USUAL_DAYS.to_string() } else { given.days.clone() };
    html! {
        (field(w.t("shipments-name"), "name").value(&given.name).required().errors(errors))
        (field(w.t("shipments-tracking-url"), "tracking_url").value(&given.tracking_url)
            .placeholder("https://example.org/track/{number}").hint(w.t("shipments-tracking-url-hint")).errors(errors))
        (field(w.t("shipments-remind"), "days").number().value(days).hint(w.t("shipments-remind-hint")).short()
            .error(errors.of("remind_after_days").map(str::to_owned)))
    }
}

fn one(w: &Words, carrier: &Carrier, may: bool, href: &dyn Fn(&str) -> String) -> Markup {
    let own = format!("{HREF}/{}", carrier.id);
    let none = FormErrors::none();
    let archive = |archived: bool| field(w.t("shipments-archived"), "archived").checkbox(archived);
    let body = html! {
        div.stack {
            p.muted { (remind(w, carrier.remind_after_days)) }
            @for service in &carrier.services { (service_row(w, &own, service, may, href)) }
            @if may {
                (details(w.t("shipments-service-new"), false, html! {
                    (form(w, href(&format!("{own}/services"))).body(service_fields(w, None))
                        .actions(html! { (button(w.t("shipments-add")).icon(Icon::Plus)) }))
                }))
                (details(w.t("shipments-change"), false, html! {
                    (form(w, href(&own))
                        .body(html! { (carrier_fields(w, &Given::of(carrier), &none)) (archive(carrier.archived)) })
                        .actions(html! { (button(w.t("shipments-save")).primary()) }))
                }))
            }
        }
    };
    let mut shown = card(&carrier.name).body(body).id(format!("carrier-{}", carrier.id));
    if carrier.archived {
        shown = shown.note(badge(w.t("shipments-archived"), Tone::Neutral));
    }
    html! { (shown) }
}

fn remind(w: &Words, days: i64) -> String {
    if days > 0 {
        w.ta("shipments-reminds-after", &[("days", days.into())])
    } else {
        w.t("shipments-reminds-never")
    }
}

fn service_row(w: &Words, own: &str, service: &Service, may: bool, href: &dyn Fn(&str) -> String) -> Markup {
    let summary = match service.remind_after_days {
        Some(days) => format!("{} · {}", service.name, remind(w, days)),
        None => service.name.clone(),
    };
    html! {
        @if may {
            (details(summary, false, html! {
                (form(w, href(&format!("{own}/services/{}", service.id)))
                    .body(service_fields(w, Some(service)))
                    .actions(html! { (button(w.t("shipments-save"))) }))
            }))
        } @else { p { (summary) } }
    }
}

fn service_fields(w: &Words, service: Option<&Service>) -> Markup {
    let name = service.map(|service| service.name.clone()).unwrap_or_default();
    let days = service.and_then(|service| service.remind_after_days).map(|days| days.to_string());
    html! {
        (field(w.t("shipments-name"), "name").value(name).required().half())
        (field(w.t("shipments-remind"), "days").number().value(days.unwrap_or_default())
            .hint(w.t("shipments-as-carrier")).short())
        @if let Some(service) = service { (field(w.t("shipments-archived"), "archived").checkbox(service.archived)) }
    }
}

pub(super) async fn add(Held(web): Held<Web>, settings: SettingsCaller, Form(given): Form<Given>) -> Answer {
    let input = given.carrier();
    change(&web, &settings, &given, input, |tx, permit, input| carriers::add(tx, permit, input).map(|_| ()))
        .await
}

pub(super) async fn edit(
    Held(web): Held<Web>,
    settings: SettingsCaller,
    Path(id): Path<CarrierId>,
    Form(given): Form<Given>,
) -> Answer {
    let input = given.carrier();
    change(&web, &settings, &Given::default(), input, move |tx, permit, input| {
        carriers::edit(tx, permit, id, input)
    })
    .await
}

pub(super) async fn add_service(
    Held(web): Held<Web>,
    settings: SettingsCaller,
    Path(carrier): Path<CarrierId>,
    Form(given): Form<Given>,
) -> Answer {
    let input = given.service();
    change(&web, &settings, &Given::default(), input, move |tx, permit, input| {
        carriers::add_service(tx, permit, carrier, input).map(|_| ())
    })
    .await
}

pub(super) async fn edit_service(
    Held(web): Held<Web>,
    settings: SettingsCaller,
    Path((carrier, service)): Path<(CarrierId, ServiceId)>,
    Form(given): Form<Given>,
) -> Answer {
    let input = given.service();
    change(&web, &settings, &Given::default(), input, move |tx, permit, input| {
        carriers::edit_service(tx, permit, carrier, service, input)
    })
    .await
}

async fn change<I: Send + 'static>(
    web: &Web,
    settings: &SettingsCaller,
    typed: &Given,
    input: Result<I>,
    deed: impl Fn(&mut Tx<'_>, &Permit<ManageCarriers>, &I) -> Result<()> + Send + 'static,
) -> Answer {
    settings.company()?;
    let permit = settings.permit::<ManageCarriers>()?;
    let done = match input {
        Ok(input) => web.db.write("shipments.carrier", move |tx| deed(tx, &permit, &input)).await,
        Err(fault) => Err(fault),
    };
    match done {
        Ok(()) => Ok(see_other_saying(&settings.href(HREF), "shipments-said-saved")),
        Err(fault) if matches!(fault.kind(), Kind::Invalid | Kind::Conflict) => {
            page(web, settings, typed, Some(fault)).await
        }
        Err(fault) => Err(fault.into()),
    }
}
