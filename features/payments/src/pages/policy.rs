//! /settings/matching: which rules settle by themselves, and what a person wants to see.

use std::collections::BTreeMap;

use axum::{Router, extract::State, routing::get};
use maud::{Markup, Render, html};
use takt_kernel::{Fault, FieldFault, Kind, Result, money::Money};
use takt_payments_matching::Tier;
use takt_staff::{
    SettingsCaller, SettingsGroup, SettingsPage, see_other_saying, settings_page, settings_refused,
};
use takt_ui::{FormErrors, Words, button, card, field, form};
use takt_web::{Answer, Form, Web};

use crate::{
    policy::RuleChoices,
    rights::{SeeMoney, SetRules},
};

const HREF: &str = "/settings/matching";

pub(crate) const PAGE: SettingsPage = SettingsPage {
    href: HREF,
    label_key: "payments-rules",
    permission: "payments.see",
    group: SettingsGroup::Money,
    place: 61,
};

pub(super) fn routes() -> Router<Web> {
    Router::new().route(HREF, get(show).post(save))
}

/// What stands in the form: as stored, or as it was sent when it was refused.
type Sent = BTreeMap<String, String>;

async fn show(State(web): State<Web>, settings: SettingsCaller) -> Answer {
    settings.permit::<SeeMoney>()?;
    let company = settings.company()?;
    let choices = web.db.read("payments.rules", move |r| RuleChoices::of(r, company)).await?;
    let body = body(&web, &settings, &shown(&choices), &FormErrors::none());
    Ok(settings_page(&web, &settings, HREF, body))
}

async fn save(State(web): State<Web>, settings: SettingsCaller, Form(sent): Form<Sent>) -> Answer {
    let permit = settings.permit::<SetRules>()?;
    let saved = match read(&sent, &settings) {
        Ok(choices) => web.db.write("payments.save_rules", move |tx| choices.save(tx, &permit)).await,
        Err(fault) => Err(fault),
    };
    match saved {
        Ok(()) => Ok(see_other_saying(&settings.href(HREF), "payments-rules-saved")),
        Err(fault) if fault.kind() == Kind::Invalid => {
            let errors = FormErrors::from_fault(&settings.words(&web), &fault);
            let body = body(&web, &settings, &sent, &errors);
            Ok(settings_refused(&web, &settings, HREF, body))
        }
        Err(fault) => Err(fault.into()),
    }
}

fn shown(choices: &RuleChoices) -> Sent {
    let mut sent = Sent::new();
    let on = |chosen: bool| if chosen { "on" } else { "" }.to_owned();
    sent.insert("stale".to_owned(), on(choices.accept_stale));
    sent.insert("names".to_owned(), on(choices.accept_names));
    sent.insert("overpayment".to_owned(), choices.overpayment_percent.to_string());
    for (tier, cap) in &choices.caps {
        sent.insert(format!("cap.{}", tier.code()), cap.to_decimal_string());
    }
    sent.insert("watched".to_owned(), choices.watched.join("\n"));
    sent.insert("banks".to_owned(), choices.bank_inns.join("\n"));
    sent
}

fn read(sent: &Sent, settings: &SettingsCaller) -> Result<RuleChoices> {
    let text = |name: &str| sent.get(name).map_or("", |text| text.trim());
    let list = |name: &str| -> Vec<String> {
        let mut listed: Vec<String> = text(name)
            .split(|letter: char| letter.is_whitespace() || letter == ',' || letter == ';')
            .filter(|entry| !entry.is_empty())
            .map(ToOwned::to_owned)
            .collect();
        listed.sort();
        listed.dedup();
        listed
    };
    let currency = settings.organisation.company.currency;
    let mut caps = Vec::new();
    for tier in Tier::ALL {
        let name = format!("cap.{}", tier.code());
        if text(&name).is_empty() {
            continue;
        }
        let cap = Money::parse(text(&name), currency).map_err(|_| {
            Fault::from_fields(vec![FieldFault {
                path: name,
                code: "payments.cap_malformed".into(),
                args: Vec::new(),
            }])
        })?;
        caps.push((tier, cap));
    }
    Ok(RuleChoices {
        accept_stale: !text("stale").is_empty(),
        accept_names: !text("names").is_empty(),
        // What is no number is out of bounds, and refused as that.
        overpayment_percent: text("overpayment").parse().unwrap_or_default(),
        caps,
        watched: list("watched"),
        bank_inns: list("banks"),
    })
}

fn body(web: &Web, settings: &SettingsCaller, sent: &Sent, errors: &FormErrors) -> Markup {
    let w = settings.words(web);
    let text = |name: &str| sent.get(name).map_or("", String::as_str);
    let may = settings.may::<SetRules>();
    let fields = html! {
        (field(w.t("payments-accept-stale"), "stale").checkbox(!text("stale").is_empty())
            .hint(w.t("payments-accept-stale-hint")).disabled(!may))
        (field(w.t("payments-accept-names"), "names").checkbox(!text("names").is_empty())
            .hint(w.t("payments-accept-names-hint")).disabled(!may))
        (field(w.t("payments-overpayment"), "overpayment").attribute("inputmode", "numeric").short()
            .value(text("overpayment")).hint(w.t("payments-overpayment-hint")).errors(errors).disabled(!may))
        @for tier in Tier::ALL { (cap(&w, tier, text(&format!("cap.{}", tier.code())), errors, may)) }
        (field(w.t("payments-watched"), "watched").textarea(4).value(text("watched"))
            .hint(w.t("payments-watched-hint")).errors(errors).disabled(!may))
        (field(w.t("payments-bank-inns"), "banks").textarea(2).value(text("banks"))
            .hint(w.t("payments-bank-inns-hint")).errors(errors).disabled(!may))
    };
    let form = form(&w, settings.href(HREF))
        .errors(errors)
        .body(fields)
        .actions(html! { @if may { (button(w.t("payments-save-rules")).primary()) } });
    card(w.t("payments-rules")).note(html! { (w.t("payments-rules-note")) }).body(form.render()).render()
}

fn cap(w: &Words, tier: Tier, value: &str, errors: &FormErrors, may: bool) -> Markup {
    let label = w.ta(
        "payments-cap",
        &[
            ("rule", tier.code().to_uppercase().into()),
            ("says", w.t(&format!("matching-tier-{}", tier.code())).into()),
        ],
    );
    field(label, format!("cap.{}", tier.code()))
        .decimal()
        .half()
        .value(value)
        .errors(errors)
        .disabled(!may)
        .render()
}
