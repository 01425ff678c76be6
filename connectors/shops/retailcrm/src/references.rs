//! The lists by which a module is set up: its site, statuses, ways of delivery and payment, and the rest.
//! Some are ours; the others start with what every shop needs and are the shop's to change.

use serde_json::{Map, Value, json};
use takt_connections::save_settings;
use takt_feeds::ManageFeeds;
use takt_kernel::{Fault, Result as Kept};
use takt_orders::{
    Stage,
    statuses::{self, Status},
};
use takt_staff::{Permit, companies};
use takt_store::{Query, Tx, params, sql};
use takt_ui::Lang;

use crate::{
    model::typed::{self, Type},
    settings::Settings,
    wire::{
        endpoint::{Answer, Call, Done},
        refusal::Refusal,
    },
};

/// A list that a shop may change.
struct List {
    /// As it stands in rows and in paths.
    kind: &'static str,
    /// The field of the answer.
    field: &'static str,
    /// The field of a change.
    one: &'static str,
    /// Keyed by code, or a plain list.
    by_code: bool,
    /// (code, Russian, English)
    usual: &'static [(&'static str, &'static str, &'static str)],
    /// What else stands in each.
    beside: fn(&Call, &str) -> Value,
}

const DELIVERY_TYPES: List = List {
    kind: "delivery-types",
    field: "deliveryTypes",
    one: "deliveryType",
    by_code: true,
    usual: &[
        ("courier", "Курьер", "Courier"),
        ("pickup", "Самовывоз", "Pickup"),
        ("self-delivery", "Самовывоз из пункта выдачи", "Pick-up point"),
        ("post", "Почта", "Post"),
    ],
    beside: |call, code| {
        json!({
            "isDynamicCostCalculation": false, "isAutoCostCalculation": false, "isAutoNetCostCalculation": false,
            "isCostDependsOnRegionAndWeightAndSum": false, "isCostDependsOnDateTime": false,
            "currency": call.site.currency.code(), "defaultCost": 0, "defaultNetCost": 0,
            "defaultForCrm": code == "courier", "paymentTypes": PAYMENT_TYPES.codes(), "deliveryServices": [],
            "deliveryPaymentTypes": [], "sites": [call.site.code],
        })
    },
};

const PAYMENT_TYPES: List = List {
    kind: "payment-types",
    field: "paymentTypes",
    one: "paymentType",
    by_code: true,
    usual: &[
        ("cash", "Наличными при получении", "Cash on delivery"),
        ("bank-card", "Банковской картой", "Bank card"),
        ("bank-transfer", "Банковским переводом", "Bank transfer"),
        ("e-money", "Электронными деньгами", "Electronic money"),
        ("credit", "В кредит", "On credit"),
    ],
    beside: |call, code| {
        json!({
            "defaultForCrm": code == "cash", "defaultForApi": code == "cash",
            "deliveryTypes": DELIVERY_TYPES.codes(), "paymentStatuses": PAYMENT_STATUSES.codes(),
            "sites": [call.site.code],
        })
    },
};

const PAYMENT_STATUSES: List = List {
    kind: "payment-statuses",
    field: "paymentStatuses",
    one: "paymentStatus",
    by_code: true,
    usual: &[
        ("not-paid", "Не оплачен", "Not paid"),
        ("invoice", "Выставлен счёт", "Invoiced"),
        ("wait-approved", "Ожидает подтверждения", "Awaits confirmation"),
        ("payment-start", "Начата оплата", "Payment started"),
        ("paid", "Оплачен", "Paid"),
        ("returned", "Деньги возвращены", "Refunded"),
        ("fail", "Отказ", "Failed"),
    ],
    beside: |_, code| {
        json!({
            "defaultForCrm": code == "not-paid", "defaultForApi": code == "not-paid",
            "paymentComplete": code == "paid", "ordering": 990, "paymentTypes": PAYMENT_TYPES.codes(),
        })
    },
};

const ORDER_TYPES: List = List {
    kind: "order-types",
    field: "orderTypes",
    one: "orderType",
    by_code: true,
    usual: &[
        ("eshop-individual", "Физическое лицо", "Individual"),
        ("eshop-legal", "Юридическое лицо", "Legal entity"),
    ],
    beside: |_, code| {
        let usual = code == "eshop-individual";
        json!({ "defaultForCrm": usual, "defaultForApi": usual, "ordering": 990 })
    },
};

const ORDER_METHODS: List = List {
    kind: "order-methods",
    field: "orderMethods",
    one: "orderMethod",
    by_code: true,
    usual: &[
        ("shopping-cart", "Через корзину", "Shopping cart"),
        ("phone", "По телефону", "By phone"),
        ("one-click", "В один клик", "One click"),
        ("live-chat", "Чат", "Chat"),
        ("offline", "В магазине", "In the shop"),
    ],
    beside: |_, code| json!({ "defaultForCrm": code == "phone", "defaultForApi": code == "shopping-cart", "isFromPos": false }),
};

const PRODUCT_STATUSES: List = List {
    kind: "product-statuses",
    field: "productStatuses",
    one: "productStatus",
    by_code: true,
    usual: &[("new", "Новый", "New")],
    beside: |_, _| json!({ "ordering": 10, "cancelStatus": false }),
};

const PRICE_TYPES: List = List {
    kind: "price-types",
    field: "priceTypes",
    one: "priceType",
    by_code: false,
    usual: &[("base", "Основная цена", "Base price"), ("promo", "Цена по акции", "Promotional price")],
    beside: |call, code| {
        json!({
            "default": code == "base", "currency": call.site.currency.code(), "geo": [], "groups": [],
            "ordering": if code == "base" { 10 } else { 20 },
        })
    },
};

const DELIVERY_SERVICES: List = List {
    kind: "delivery-services",
    field: "deliveryServices",
    one: "deliveryService",
    by_code: true,
    usual: &[],
    beside: |_, _| json!({}),
};

const UNITS: List = List {
    kind: "units",
    field: "units",
    one: "unit",
    by_code: true,
    usual: &[("pcs", "Штука", "Piece"), ("kg", "Килограмм", "Kilogram"), ("m", "Метр", "Metre")],
    beside: |_, code| json!({ "sym": code, "default": code == "pcs" }),
};

impl List {
    fn codes(&self) -> Vec<&'static str> {
        self.usual.iter().map(|(code, _, _)| *code).collect()
    }

    fn all(&self, db: &mut dyn Query, call: &Call) -> Kept<Vec<Value>> {
        let lang = companies::get(db, call.company())?.lang;
        let mut all: Vec<Value> = Vec::new();
        for (code, ru, en) in self.usual {
            let name = if lang == Lang::Ru { ru } else { en };
            let mut body = json!({ "name": name, "code": code, "active": true });
            overlay(&mut body, &(self.beside)(call, code));
            all.push(body);
        }
        for (code, mut own) in rows(db, call, self.kind)? {
            if let Value::Object(own) = &mut own {
                typed::correct(own, typed::REFERENCE);
            }
            let known = all.iter_mut().find(|one| one.get("code").and_then(Value::as_str) == Some(&code));
            match known {
                Some(known) => overlay(known, &own),
                None => {
                    let mut body = json!({ "name": code, "code": code, "active": true });
                    overlay(&mut body, &(self.beside)(call, &code));
                    overlay(&mut body, &own);
                    all.push(body);
                }
            }
        }
        Ok(all)
    }

    fn answer(&self, db: &mut dyn Query, call: &Call) -> Result<Answer, Refusal> {
        let all = self.all(db, call)?;
        Ok(Answer::ok().with(self.field, if self.by_code { keyed(all) } else { Value::Array(all) }))
    }

    fn change(&self, tx: &mut Tx<'_>, call: &Call) -> Result<Done, Refusal> {
        // The Python client writes some in the plural.
        let plural = call.fields.get(self.one).is_none() && call.fields.get(self.field).is_some();
        let body: Map<String, Value> = call.fields.json(if plural { self.field } else { self.one })?;
        let code = call.segment(2).to_owned();
        put(tx, call, self.kind, &code, &Value::Object(body))?;
        Ok(Done::from(Answer::ok()).about(format!("{} {code}", self.kind)))
    }
}

fn overlay(target: &mut Value, over: &Value) {
    if let (Value::Object(target), Value::Object(over)) = (target, over) {
        for (name, value) in over {
            target.insert(name.clone(), value.clone());
        }
    }
}

fn keyed(all: Vec<Value>) -> Value {
    let keyed = all.into_iter().filter_map(|one| Some((one.get("code")?.as_str()?.to_owned(), one)));
    Value::Object(keyed.collect())
}

/// What a shop keeps of one kind, by code.
///
/// # Errors
/// Faults of the store.
pub(crate) fn rows(db: &mut dyn Query, call: &Call, kind: &str) -> Kept<Vec<(String, Value)>> {
    db.all(
        sql!(
            "select code, body
             from retailcrm_reference
             where company_id = :company_id and shop_id = :shop_id and kind = :kind
             order by place, code
             limit 1000"
        ),
        params![company_id: call.company(), shop_id: call.shop(), kind: kind],
    )?
    .iter()
    .map(|row| Ok((row.get("code")?, row.json("body")?)))
    .collect()
}

/// # Errors
/// `retailcrm.too_long`.
pub(crate) fn put(tx: &mut Tx<'_>, call: &Call, kind: &str, code: &str, body: &Value) -> Kept<()> {
    const LARGEST: usize = 16_384;
    let written = body.to_string();
    if written.len() > LARGEST || code.len() > 255 {
        return Err(Fault::invalid("retailcrm.too_long"));
    }
    tx.put(
        sql!(
            "insert into retailcrm_reference (company_id, shop_id, kind, code, place, body)
             values (:company_id, :shop_id, :kind, :code, 100, :body)
             on conflict (company_id, shop_id, kind, code) do update
             set body = excluded.body"
        ),
        params![company_id: call.company(), shop_id: call.shop(), kind: kind, code: code, body: written],
    )
}

macro_rules! lists {
    ($($list:ident: $read:ident, $change:ident;)*) => {
        $(
            pub(crate) fn $read(db: &mut dyn Query, call: &Call) -> Result<Answer, Refusal> {
                $list.answer(db, call)
            }
            pub(crate) fn $change(tx: &mut Tx<'_>, call: &Call) -> Result<Done, Refusal> {
                $list.change(tx, call)
            }
        )*
    };
}

lists! {
    DELIVERY_TYPES: delivery_types, change_delivery_type;
    PAYMENT_TYPES: payment_types, change_payment_type;
    PAYMENT_STATUSES: payment_statuses, change_payment_status;
    ORDER_TYPES: order_types, change_order_type;
    ORDER_METHODS: order_methods, change_order_method;
    PRODUCT_STATUSES: product_statuses, change_product_status;
    PRICE_TYPES: price_types, change_price_type;
    DELIVERY_SERVICES: delivery_services, change_delivery_service;
    UNITS: units, change_unit;
}

/// GET reference/sites: exactly the one of the key.
pub(crate) fn sites(_: &mut dyn Query, call: &Call) -> Result<Answer, Refusal> {
    let settings = Settings::of(&call.connection);
    let site = json!({
        "id": call.shop().get(), "name": call.site.name, "code": call.site.code,
        "url": settings.site_url.clone().unwrap_or_default(), "description": call.site.name,
        "defaultForCrm": true, "ymlUrl": settings.catalogue_url.clone().unwrap_or_default(),
        "loadFromYml": settings.catalogue_url.is_some(), "countryIso": "RU",
        "currency": call.site.currency.code(), "ordering": 990, "isDemo": false,
        "catalogId": call.shop().get().to_string(), "isCatalogMainSite": true,
        "contragent": { "contragentType": "individual" },
    });
    let mut sites = Map::new();
    sites.insert(call.site.code.clone(), site);
    Ok(Answer::ok().with("sites", Value::Object(sites)))
}

/// POST reference/sites/{code}/edit: the addresses of the site and of its catalogue.
pub(crate) fn change_site(tx: &mut Tx<'_>, call: &Call) -> Result<Done, Refusal> {
    let body: Map<String, Value> = call.fields.json("site")?;
    if call.segment(2) != call.site.code {
        return Err(Refusal::forbidden("Access denied."));
    }
    let text = |name: &str| {
        body.get(name)
            .and_then(Value::as_str)
            .map(str::trim)
            .filter(|text| !text.is_empty())
            .map(str::to_owned)
    };
    // As it stands now: the one in the call was read before others were done.
    let connection = takt_connections::get(tx, call.company(), call.connection.id)?;
    let mut settings = Settings::of(&connection);
    settings.site_url = text("url").or(settings.site_url);
    if let Some(address) = text("ymlUrl") {
        let permit = Permit::<ManageFeeds>::system(call.company(), "retailcrm.catalogue");
        takt_feeds::set(tx, &permit, call.shop(), &address)?;
        settings.catalogue_url = Some(address);
    }
    save_settings(tx, &connection, &settings.to_map(), &call.caller.actor())?;
    Ok(Done::from(Answer::ok()).about("site"))
}

/// GET reference/statuses.
pub(crate) fn all_statuses(db: &mut dyn Query, call: &Call) -> Result<Answer, Refusal> {
    let lang = companies::get(db, call.company())?.lang;
    let mut all: Vec<Value> = statuses::all(db, call.company())?
        .iter()
        .map(|status| {
            json!({
                "name": status.name(lang), "code": status.code, "active": !status.archived,
                "ordering": status.place, "group": status.stage.code(),
            })
        })
        .collect();
    for (code, own) in rows(db, call, STATUSES)? {
        let known = all.iter_mut().find(|one| one.get("code").and_then(Value::as_str) == Some(&code));
        match (known, own) {
            // A label of the shop's on the company's status; its group and whether it is used are the company's.
            (Some(known), Value::Object(mut own)) => {
                own.retain(|name, _| ["name", "ordering"].contains(&name.as_str()));
                overlay(known, &Value::Object(own));
            }
            (Some(_), _) => {}
            (None, own) => all.push(own),
        }
    }
    Ok(Answer::ok().with("statuses", keyed(all)))
}

const STATUSES: &str = "statuses";
const STATUS: &[(&str, Type)] =
    &[("name", Type::Text), ("active", Type::Bool), ("ordering", Type::Int), ("group", Type::Text)];

/// POST reference/statuses/{code}/edit. The company's statuses are changed by its people only, so what a shop says
/// is its own label; a status of its own means the first one of the company in the group that it names.
pub(crate) fn change_status(tx: &mut Tx<'_>, call: &Call) -> Result<Done, Refusal> {
    let said: Map<String, Value> = call.fields.json("status")?;
    let code = call.segment(2).to_owned();
    let mut body = typed::known(&said, STATUS);
    let is_known = statuses::all(tx, call.company())?.iter().any(|status| status.code == code);
    if !is_known {
        let group = body.get("group").and_then(Value::as_str).unwrap_or_default();
        if !STAGES.iter().any(|(stage, _, _)| stage.code() == group) {
            return Err(Refusal::bad("Errors in the entity format")
                .field("group", "The value you selected is not a valid choice."));
        }
        body.insert("code".to_owned(), json!(code));
        for (name, usual) in [("name", json!(code)), ("active", json!(true)), ("ordering", json!(990))] {
            body.entry(name).or_insert(usual);
        }
    }
    put(tx, call, STATUSES, &code, &Value::Object(body))?;
    let done = Done::from(Answer::ok()).about(format!("status {code}"));
    let note = if is_known { "kept as a label" } else { "kept as a status of the shop" };
    Ok(done.notes(vec![format!("{code} ({note})")]))
}

/// The stage that a shop's own status stands in.
///
/// # Errors
/// Faults of the store.
pub(crate) fn stage_of_own_status(db: &mut dyn Query, call: &Call, code: &str) -> Kept<Option<Stage>> {
    let own = rows(db, call, STATUSES)?.into_iter().find(|(known, _)| known == code);
    let group = own.and_then(|(_, body)| Some(body.get("group")?.as_str()?.to_owned()));
    Ok(STAGES.iter().find(|(stage, _, _)| Some(stage.code()) == group.as_deref()).map(|(stage, _, _)| *stage))
}

/// GET reference/status-groups: the stages.
pub(crate) fn status_groups(db: &mut dyn Query, call: &Call) -> Result<Answer, Refusal> {
    let lang = companies::get(db, call.company())?.lang;
    let all = statuses::all(db, call.company())?;
    let groups = STAGES
        .iter()
        .zip(1..)
        .map(|((stage, ru, en), place)| {
            let codes: Vec<&str> = all
                .iter()
                .filter(|status| status.stage == *stage)
                .map(|status: &Status| status.code.as_str())
                .collect();
            json!({
                "name": if lang == Lang::Ru { ru } else { en }, "code": stage.code(), "active": true,
                "ordering": place * 10, "process": stage.is_in_work(), "statuses": codes,
            })
        })
        .collect();
    Ok(Answer::ok().with("statusGroups", keyed(groups)))
}

const STAGES: [(Stage, &str, &str); 6] = [
    (Stage::New, "Новый", "New"),
    (Stage::Approval, "Согласование", "Approval"),
    (Stage::Assembling, "Комплектация", "Assembling"),
    (Stage::Delivery, "Доставка", "Delivery"),
    (Stage::Complete, "Выполнен", "Complete"),
    (Stage::Cancel, "Отменён", "Cancelled"),
];

/// The codes of a group of statuses; nothing when there is no such group.
///
/// # Errors
/// Faults of the store.
pub(crate) fn of_group(db: &mut dyn Query, call: &Call, code: &str) -> Kept<Vec<String>> {
    let Some((stage, _, _)) = STAGES.iter().find(|(stage, _, _)| stage.code() == code) else {
        return Ok(Vec::new());
    };
    let all = statuses::all(db, call.company())?;
    Ok(all.into_iter().filter(|status| status.stage == *stage).map(|status| status.code).collect())
}

/// GET reference/countries.
pub(crate) fn countries(_: &mut dyn Query, _: &Call) -> Result<Answer, Refusal> {
    Ok(Answer::ok().with("countriesIso", json!(["RU", "BY", "KZ", "AM", "KG", "UZ", "GE"])))
}
