//! Settings: legal entities, who sells in which shop, whose each account is, and when refunds need two.

use axum::extract::State;
use maud::{Markup, Render, html};
use serde::Deserialize;
use takt_kernel::{
    Fault, Kind, Result, ShopId,
    money::{Money, VatRate},
};
use takt_staff::{SettingsCaller, see_other_saying, settings_page, settings_refused, shops};
use takt_store::Tx;
use takt_ui::{
    Column, FormErrors, Icon, Row, Table, Tone, Words, badge, button, card, details, empty, field, form,
};
use takt_web::{Answer, Form, Web};

use crate::{
    accounts::{self, BankAccount, BankAccountId},
    entities::{self, Described, EntityId, LegalEntity, VatRegime},
    refunds::{self, Policy},
    rights::{LimitRefunds, ManageBankAccounts, SeeMoney},
    validity::{set_valid_days, valid_days},
};

const HREF: &str = "/settings/legal-entities";

#[derive(Clone, Deserialize, Default)]
#[serde(default)]
pub(super) struct Given {
    /// The one that is changed; empty for a new one.
    id: String,
    name: String,
    inn: String,
    kpp: String,
    address: String,
    vat_regime: String,
    director: String,
    accountant: String,
}

impl Given {
    fn of(entity: &LegalEntity) -> Self {
        let (described, text) = (&entity.described, |text: &Option<String>| text.clone().unwrap_or_default());
        Self {
            id: entity.id.to_string(),
            name: described.name.clone(),
            inn: text(&described.inn),
            kpp: text(&described.kpp),
            address: text(&described.address),
            vat_regime: described.vat_regime.code().to_owned(),
            director: text(&described.director),
            accountant: text(&described.accountant),
        }
    }

    fn described(&self) -> Result<Described> {
        let some = |text: &str| Some(text.trim().to_owned()).filter(|text| !text.is_empty());
        let unknown = || Fault::field("vat_regime", "payments.vat_regime_unknown");
        Ok(Described {
            name: self.name.clone(),
            inn: some(&self.inn),
            kpp: some(&self.kpp),
            address: some(&self.address),
            vat_regime: VatRegime::from_code(&self.vat_regime).ok_or_else(unknown)?,
            director: some(&self.director),
            accountant: some(&self.accountant),
        })
    }
}

pub(super) async fn show(State(web): State<Web>, settings: SettingsCaller) -> Answer {
    let body = body(&web, &settings, &Given::default(), &FormErrors::none()).await?;
    Ok(settings_page(&web, &settings, HREF, body))
}

pub(super) async fn save(
    State(web): State<Web>,
    settings: SettingsCaller,
    Form(given): Form<Given>,
) -> Answer {
    let permit = settings.permit::<ManageBankAccounts>()?;
    let wanted = given.clone();
    let saved = move |tx: &mut Tx| {
        let described = wanted.described()?;
        if wanted.id.is_empty() {
            entities::add(tx, &permit, &described).map(|_| ())
        } else {
            entities::describe(tx, &permit, wanted.id.parse()?, &described)
        }
    };
    match web.db.write("payments.save_entity", saved).await {
        Ok(()) => Ok(see_other_saying(&settings.href(HREF), "payments-said-done")),
        Err(fault) if matches!(fault.kind(), Kind::Invalid | Kind::Conflict) => {
            let errors = FormErrors::from_fault(&settings.words(&web), &fault);
            let body = body(&web, &settings, &given, &errors).await?;
            Ok(settings_refused(&web, &settings, HREF, body))
        }
        Err(fault) => Err(fault.into()),
    }
}

/// What belongs to an entity from now on: a shop's sales or an account.
#[derive(Deserialize)]
pub(super) struct Owned {
    #[serde(default)]
    shop: Option<ShopId>,
    #[serde(default)]
    account: Option<BankAccountId>,
    entity: EntityId,
}

pub(super) async fn own(
    State(web): State<Web>,
    settings: SettingsCaller,
    Form(owned): Form<Owned>,
) -> Answer {
    let permit = settings.permit::<ManageBankAccounts>()?;
    let done = move |tx: &mut Tx| {
        if let Some(shop) = owned.shop {
            shops::get(tx, permit.company(), shop)?;
            entities::sells_in(tx, &permit, shop, owned.entity)?;
        }
        match owned.account {
            Some(account) => accounts::belongs_to(tx, &permit, account, owned.entity),
            None => Ok(()),
        }
    };
    web.db.write("payments.own", done).await?;
    Ok(see_other_saying(&settings.href(HREF), "payments-said-done"))
}

#[derive(Deserialize)]
pub(super) struct Limit {
    #[serde(default)]
    above: String,
}

pub(super) async fn limit_refunds(
    State(web): State<Web>,
    settings: SettingsCaller,
    Form(limit): Form<Limit>,
) -> Answer {
    let permit = settings.permit::<LimitRefunds>()?;
    let above = match limit.above.trim() {
        "" => None,
        text => Some(Money::parse(text, settings.organisation.company.currency)?),
    };
    let policy = Policy { two_persons_above: above };
    web.db.write("payments.limit_refunds", move |tx| refunds::set_policy(tx, &permit, &policy)).await?;
    Ok(see_other_saying(&settings.href(HREF), "payments-said-done"))
}

#[derive(Deserialize)]
pub(super) struct Rates {
    rates: String,
}

pub(super) async fn set_rates(
    State(web): State<Web>,
    settings: SettingsCaller,
    Form(given): Form<Rates>,
) -> Answer {
    let permit = settings.permit::<ManageBankAccounts>()?;
    let set =
        move |tx: &mut Tx| takt_orders::set_vat_rates(tx, permit.company(), &given.rates, permit.actor());
    web.db.write("payments.set_rates", set).await?;
    Ok(see_other_saying(&settings.href(HREF), "payments-said-done"))
}

#[derive(Deserialize)]
pub(super) struct Validity {
    #[serde(default)]
    days: String,
}

pub(super) async fn set_validity(
    State(web): State<Web>,
    settings: SettingsCaller,
    Form(given): Form<Validity>,
) -> Answer {
    let permit = settings.permit::<ManageBankAccounts>()?;
    let set = move |tx: &mut Tx| set_valid_days(tx, &permit, &given.days);
    match web.db.write("payments.set_validity", set).await {
        Ok(()) => Ok(see_other_saying(&settings.href(HREF), "payments-said-done")),
        Err(fault) if fault.kind() == Kind::Invalid => {
            let errors = FormErrors::from_fault(&settings.words(&web), &fault);
            let body = body(&web, &settings, &Given::default(), &errors).await?;
            Ok(settings_refused(&web, &settings, HREF, body))
        }
        Err(fault) => Err(fault.into()),
    }
}

async fn body(web: &Web, settings: &SettingsCaller, given: &Given, errors: &FormErrors) -> Result<Markup> {
    settings.permit::<SeeMoney>()?;
    let company = settings.company()?;
    let (entities, accounts, shops, policy, rates, days) = web
        .db
        .read("payments.entities", move |r| {
            let sells = entities::by_shop(r, company)?;
            let shops: Vec<(ShopId, String, Option<EntityId>)> = shops::list(r, company)?
                .into_iter()
                .map(|shop| {
                    let entity = sells.iter().find(|(id, _)| *id == shop.id).map(|(_, entity)| *entity);
                    (shop.id, shop.name, entity)
                })
                .collect();
            let rates = takt_orders::vat_rates(r, company)?;
            let (all, policy) = (entities::list(r, company)?, refunds::policy(r, company)?);
            let days = valid_days(r, company)?;
            Ok((all, accounts::list(r, company)?, shops, policy, rates, days))
        })
        .await?;
    let w = settings.words(web);
    let may = settings.may::<ManageBankAccounts>();
    let above = policy.two_persons_above;
    Ok(html! {
        (table(&w, &entities))
        @if may {
            @for entity in &entities {
                (details(
                    w.ta("payments-change-entity", &[("name", (&entity.described.name).into())]),
                    given.id == entity.id.to_string(),
                    entity_form(&w, settings, if given.id == entity.id.to_string() { given.clone() } else { Given::of(entity) }, errors),
                ))
            }
            (card(w.t("payments-new-entity")).body(entity_form(
                &w,
                settings,
                if given.id.is_empty() { given.clone() } else { Given::default() },
                if given.id.is_empty() { errors } else { &NONE },
            )))
            @if entities.len() > 1 { (owners(&w, settings, &entities, &accounts, &shops)) }
            @if settings.may::<LimitRefunds>() { (limit_form(&w, settings, above)) }
            (rates_form(&w, settings, &rates))
            (validity_form(&w, settings, days, errors))
        }
    })
}

static NONE: std::sync::LazyLock<FormErrors> = std::sync::LazyLock::new(FormErrors::none);

fn table(w: &Words, entities: &[LegalEntity]) -> Markup {
    let rows = entities.iter().map(|entity| {
        let described = &entity.described;
        Row::new([
            html! {
                (described.name) " "
                @if entity.is_default { (badge(w.t("payments-default-entity"), Tone::Neutral)) }
            },
            html! { (described.inn.as_deref().unwrap_or("—")) },
            html! { (described.kpp.as_deref().unwrap_or("—")) },
            html! { (w.t(&format!("payments-regime-{}", described.vat_regime.code()))) },
        ])
    });
    Table::new(w, w.t("payments-entities"))
        .columns([
            Column::new(w.t("payments-entity-name")).leading(),
            Column::new(w.t("payments-inn")),
            Column::new(w.t("payments-kpp")),
            Column::new(w.t("payments-vat-regime")).wide(),
        ])
        .rows(rows)
        .empty(empty(Icon::Banknote, w.t("payments-no-entities"), w.t("payments-no-entities-text"), None))
        .render()
}

fn entity_form(w: &Words, settings: &SettingsCaller, given: Given, errors: &FormErrors) -> Markup {
    let regimes = VatRegime::ALL
        .map(|regime| (regime.code().to_owned(), w.t(&format!("payments-regime-{}", regime.code()))));
    let fields = html! {
        @if !given.id.is_empty() { input type="hidden" name="id" value=(given.id); }
        (field(w.t("payments-entity-name"), "name").value(&given.name).required().errors(errors))
        (field(w.t("payments-inn"), "inn").value(&given.inn).short().errors(errors))
        (field(w.t("payments-kpp"), "kpp").value(&given.kpp).short().errors(errors))
        (field(w.t("payments-vat-regime"), "vat_regime").select(regimes).value(&given.vat_regime).half().errors(errors))
        (field(w.t("payments-address"), "address").value(&given.address).errors(errors))
        (field(w.t("payments-director"), "director").value(&given.director).half().errors(errors))
        (field(w.t("payments-chief-accountant"), "accountant").value(&given.accountant).half().errors(errors))
    };
    form(w, settings.href(HREF))
        .errors(errors)
        .body(fields)
        .actions(button(w.t("payments-save")).primary().render())
        .render()
}

fn owners(
    w: &Words,
    settings: &SettingsCaller,
    entities: &[LegalEntity],
    accounts: &[BankAccount],
    shops: &[(ShopId, String, Option<EntityId>)],
) -> Markup {
    let action = settings.href("/settings/legal-entities/owners");
    let choice = || entities.iter().map(|entity| (entity.id.to_string(), entity.described.name.clone()));
    let standard = entities.iter().find(|entity| entity.is_default).map(|entity| entity.id);
    let one = |name: &str, id: String, label: String, entity: Option<EntityId>| {
        let body = html! {
            input type="hidden" name=(name) value=(id);
            (field(label, "entity").select(choice()).value(entity.map(|id| id.to_string()).unwrap_or_default()).half())
        };
        form(w, action.clone()).body(body).actions(button(w.t("payments-save")).small().render()).render()
    };
    card(w.t("payments-owners"))
        .body(html! {
            @for (shop, name, entity) in shops { (one("shop", shop.to_string(), name.clone(), entity.or(standard))) }
            @for account in accounts { (one("account", account.id.to_string(), account.account.clone(), Some(account.entity))) }
        })
        .render()
}

fn limit_form(w: &Words, settings: &SettingsCaller, above: Option<Money>) -> Markup {
    let body = html! {
        (field(w.t("payments-two-persons-above"), "above").decimal().short()
            .value(above.map(Money::to_decimal_string).unwrap_or_default())
            .hint(w.t("payments-two-persons-hint")))
    };
    let form = form(w, settings.href("/settings/legal-entities/refunds"))
        .body(body)
        .actions(button(w.t("payments-save")).render());
    card(w.t("payments-refunds")).body(form.render()).render()
}

fn validity_form(w: &Words, settings: &SettingsCaller, days: i64, errors: &FormErrors) -> Markup {
    let body = field(w.t("payments-valid-days"), "days")
        .attribute("inputmode", "numeric")
        .short()
        .required()
        .value(days.to_string())
        .hint(w.t("payments-valid-days-hint"))
        .errors(errors);
    let form = form(w, settings.href("/settings/legal-entities/validity"))
        .body(body.render())
        .actions(button(w.t("payments-save")).render());
    card(w.t("payments-invoice-validity")).body(form.render()).render()
}

fn rates_form(w: &Words, settings: &SettingsCaller, rates: &[VatRate]) -> Markup {
    let typed = rates.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ");
    let body = field(w.t("payments-vat-rates"), "rates")
        .value(typed)
        .required()
        .hint(w.t("payments-vat-rates-hint"));
    let form = form(w, settings.href("/settings/legal-entities/rates"))
        .body(body.render())
        .actions(button(w.t("payments-save")).render());
    card(w.t("payments-vat-regime")).body(form.render()).render()
}
