//! What a module asks of the system itself, and tells of itself.

use serde_json::{Map, Value, json};
use takt_connections::save_settings;
use takt_store::{Query, Tx};

use crate::{
    model::typed,
    references,
    settings::Settings,
    wire::{
        endpoint::{Answer, Call, Done},
        refusal::Refusal,
    },
};

const MOST_MODULES: usize = 50;

/// What a key may do, in the protocol's words.
const SCOPES: [&str; 14] = [
    "order_read",
    "order_write",
    "customer_read",
    "customer_write",
    "store_read",
    "store_write",
    "reference_read",
    "reference_write",
    "integration_read",
    "integration_write",
    "custom_fields_read",
    "custom_fields_write",
    "statistic_read",
    "user_read",
];

/// GET /api/api-versions.
pub(crate) fn versions(_: &mut dyn Query, _: &Call) -> Result<Answer, Refusal> {
    Ok(Answer::ok().with("versions", json!(["5.0"])))
}

/// GET /api/credentials.
pub(crate) fn credentials(_: &mut dyn Query, call: &Call) -> Result<Answer, Refusal> {
    let methods: Vec<&str> =
        crate::endpoints::all().map(|endpoint| endpoint.path).map(without_version).collect();
    Ok(Answer::ok()
        .with("credentials", methods)
        .with("scopes", SCOPES.to_vec())
        .with("siteAccess", "access_selective")
        .with("sitesAvailable", json!([call.site.code])))
}

/// `/api/v5/reference/sites` stands in the list as `/api/reference/sites`.
fn without_version(path: &'static str) -> &'static str {
    const KNOWN: [(&str, &str); 2] = [
        ("/api/v5/reference/sites", "/api/reference/sites"),
        ("/api/v5/reference/sites/{code}/edit", "/api/reference/sites/{code}/edit"),
    ];
    KNOWN.iter().find(|(known, _)| *known == path).map_or(path, |(_, short)| short)
}

/// GET /api/system-info.
pub(crate) fn system(_: &mut dyn Query, call: &Call) -> Result<Answer, Refusal> {
    let url = Settings::of(&call.connection).site_url.unwrap_or_default();
    Ok(Answer::ok()
        .with("systemVersion", env!("CARGO_PKG_VERSION"))
        .with("publicUrl", url.clone())
        .with("technicalUrl", url))
}

/// GET statistic/update: nothing is kept that would have to be counted anew.
pub(crate) fn statistic(_: &mut dyn Query, _: &Call) -> Result<Answer, Refusal> {
    Ok(Answer::ok())
}

/// GET settings.
pub(crate) fn settings(db: &mut dyn Query, call: &Call) -> Result<Answer, Refusal> {
    let company = takt_staff::companies::get(db, call.company())?;
    let lang = company.lang.code().to_ascii_uppercase();
    Ok(Answer::ok().with(
        "settings",
        json!({
            "default_currency": { "value": call.site.currency.code() },
            "system_language": { "value": lang },
            "timezone": { "value": call.site.zone.iana_name().unwrap_or("UTC") },
            "work_times": [],
        }),
    ))
}

/// POST integration-modules/{code}/edit: a module introduces itself.
pub(crate) fn module(tx: &mut Tx<'_>, call: &Call) -> Result<Done, Refusal> {
    let body: Map<String, Value> = call.fields.json("integrationModule")?;
    let code = call.segment(1).to_owned();
    // As it stands now: the one in the call was read before others were done.
    let connection = takt_connections::get(tx, call.company(), call.connection.id)?;
    let mut settings = Settings::of(&connection);
    let known = typed::known(&body, typed::MODULE);
    if settings.site_url.is_none() {
        settings.site_url = known.get("accountUrl").and_then(Value::as_str).map(str::to_owned);
    }
    settings.modules.insert(code.clone(), Value::Object(known));
    while settings.modules.len() > MOST_MODULES {
        settings.modules.pop_first();
    }
    save_settings(tx, &connection, &settings.to_map(), &call.caller.actor())?;
    Ok(Done::from(Answer::ok().with("info", json!({}))).about(format!("module {code}")))
}

/// GET integration-modules/{code}.
pub(crate) fn module_of(_: &mut dyn Query, call: &Call) -> Result<Answer, Refusal> {
    let settings = Settings::of(&call.connection);
    let module = settings.modules.get(call.segment(1)).ok_or_else(Refusal::not_found)?;
    Ok(Answer::ok().with("integrationModule", module.clone()))
}

/// GET custom-fields: those that the shop has named.
pub(crate) fn custom_fields(db: &mut dyn Query, call: &Call) -> Result<Answer, Refusal> {
    let entity = call.fields.get("filter[entity]").unwrap_or_default();
    let fields: Vec<Value> = references::rows(db, call, "custom-fields")?
        .into_iter()
        .map(|(_, body)| body)
        .filter(|body| entity.is_empty() || body.get("entity").and_then(Value::as_str) == Some(entity))
        .collect();
    let total = fields.len();
    Ok(Answer::ok()
        .with(
            "pagination",
            json!({ "limit": 250, "totalCount": total, "currentPage": 1, "totalPageCount": 1 }),
        )
        .with("customFields", fields))
}

/// POST custom-fields/{entity}/create and custom-fields/{entity}/{code}/edit.
pub(crate) fn save_custom_field(tx: &mut Tx<'_>, call: &Call) -> Result<Done, Refusal> {
    let said: Map<String, Value> = call.fields.json("customField")?;
    let mut body = typed::known(&said, typed::CUSTOM_FIELD);
    let entity = call.segment(1).to_owned();
    let code = match call.segment(2) {
        "create" => body.get("code").and_then(Value::as_str).unwrap_or_default().to_owned(),
        code => code.to_owned(),
    };
    if code.is_empty() {
        return Err(
            Refusal::bad("Errors in the entity format").field("code", "This value should not be blank.")
        );
    }
    body.insert("entity".to_owned(), json!(entity));
    body.insert("code".to_owned(), json!(code));
    references::put(tx, call, "custom-fields", &format!("{entity}:{code}"), &Value::Object(body))?;
    let answer = if call.segment(2) == "create" { Answer::created() } else { Answer::ok() };
    Ok(Done::from(answer.with("code", code.clone())).about(format!("field {code}")))
}

/// GET custom-fields/{entity}/{code}.
pub(crate) fn custom_field(db: &mut dyn Query, call: &Call) -> Result<Answer, Refusal> {
    let key = format!("{}:{}", call.segment(1), call.segment(2));
    let found = references::rows(db, call, "custom-fields")?.into_iter().find(|(known, _)| *known == key);
    let (_, body) = found.ok_or_else(Refusal::not_found)?;
    Ok(Answer::ok().with("customField", body))
}
