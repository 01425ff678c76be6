//! Lists that modules ask for and that are empty or short here, and lists of values that a shop keeps.

use serde::Deserialize;
use serde_json::{Map, Value, json};
use takt_store::{Query, Tx};

use crate::{
    model::typed::{self, Type},
    references,
    wire::{
        endpoint::{Answer, Call, Done},
        lenient::{self, List, Text, filled},
        page::Paging,
        refusal::Refusal,
    },
};

const USUAL: i64 = 20;
const MOST_ELEMENTS: usize = 500;
const DICTIONARIES: &str = "dictionaries";

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Asked {
    limit: Option<Text>,
    page: Option<Text>,
    #[serde(deserialize_with = "lenient::or_nothing")]
    filter: Filter,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Filter {
    name: Option<Text>,
    code: Option<Text>,
}

fn nothing(call: &Call, field: &str) -> Result<Answer, Refusal> {
    let asked: Asked = call.fields.parameters()?;
    let page = Paging { limit: asked.limit, page: asked.page }.page(USUAL)?;
    Ok(Answer::ok().with("pagination", page.answer(0)).with(field, json!([])))
}

/// GET segments.
pub(crate) fn segments(_: &mut dyn Query, call: &Call) -> Result<Answer, Refusal> {
    nothing(call, "segments")
}

/// GET store/product-groups: the catalogue has none.
pub(crate) fn product_groups(_: &mut dyn Query, call: &Call) -> Result<Answer, Refusal> {
    nothing(call, "productGroup")
}

/// GET reference/subscriptions: nothing is sent to subscribers from here.
pub(crate) fn subscription_categories(_: &mut dyn Query, _: &Call) -> Result<Answer, Refusal> {
    Ok(Answer::ok().with("subscriptions", json!([])))
}

/// GET reference/couriers.
pub(crate) fn couriers(_: &mut dyn Query, _: &Call) -> Result<Answer, Refusal> {
    Ok(Answer::ok().with("couriers", json!([])))
}

/// GET reference/legal-entities.
pub(crate) fn legal_entities(_: &mut dyn Query, _: &Call) -> Result<Answer, Refusal> {
    Ok(Answer::ok().with("legalEntities", json!([])))
}

/// GET reference/cost-groups.
pub(crate) fn cost_groups(_: &mut dyn Query, _: &Call) -> Result<Answer, Refusal> {
    Ok(Answer::ok().with("costGroups", json!([])))
}

/// GET reference/cost-items.
pub(crate) fn cost_items(_: &mut dyn Query, _: &Call) -> Result<Answer, Refusal> {
    Ok(Answer::ok().with("costItems", json!([])))
}

/// GET reference/currencies: that of the shop.
pub(crate) fn currencies(_: &mut dyn Query, call: &Call) -> Result<Answer, Refusal> {
    let currency =
        json!({ "id": 1, "code": call.site.currency.code(), "isBase": true, "isAutoConvert": false });
    Ok(Answer::ok().with("currencies", json!([currency])))
}

/// GET features/check: none of what is asked about is here.
pub(crate) fn features(_: &mut dyn Query, call: &Call) -> Result<Answer, Refusal> {
    #[derive(Debug, Default, Deserialize)]
    #[serde(default)]
    struct Features {
        features: List<Text>,
    }
    let asked: Features = call.fields.parameters()?;
    if asked.features.is_empty() {
        return Err(Refusal::parameter_missing("features"));
    }
    let answers: Vec<Value> = asked
        .features
        .0
        .iter()
        .filter_map(Text::filled)
        .map(|code| json!({ "code": code, "available": false }))
        .collect();
    Ok(Answer::ok().with("features", answers))
}

/// GET custom-fields/dictionaries.
pub(crate) fn dictionaries(db: &mut dyn Query, call: &Call) -> Result<Answer, Refusal> {
    let asked: Asked = call.fields.parameters()?;
    let page = Paging { limit: asked.limit, page: asked.page }.page(USUAL)?;
    let says = |words: &Option<Text>, body: &Value, field: &str| {
        filled(words.as_ref()).is_none_or(|words| {
            let text = body.get(field).and_then(Value::as_str).unwrap_or_default();
            takt_kernel::fold(text).contains(&takt_kernel::fold(words))
        })
    };
    let all: Vec<Value> = references::rows(db, call, DICTIONARIES)?
        .into_iter()
        .map(|(_, body)| body)
        .filter(|body| says(&asked.filter.name, body, "name") && says(&asked.filter.code, body, "code"))
        .collect();
    let total = i64::try_from(all.len()).unwrap_or(i64::MAX);
    let skip = usize::try_from(page.skipped()).unwrap_or(usize::MAX);
    let limit = usize::try_from(page.limit).unwrap_or(0);
    let shown: Vec<Value> = all.into_iter().skip(skip).take(limit).collect();
    Ok(Answer::ok().with("pagination", page.answer(total)).with("customDictionaries", shown))
}

/// GET custom-fields/dictionaries/{code}.
pub(crate) fn dictionary(db: &mut dyn Query, call: &Call) -> Result<Answer, Refusal> {
    let found =
        references::rows(db, call, DICTIONARIES)?.into_iter().find(|(code, _)| code == call.segment(2));
    let (_, body) = found.ok_or_else(Refusal::not_found)?;
    Ok(Answer::ok().with("customDictionary", body))
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct DictionaryIn {
    name: Option<Text>,
    code: Option<Text>,
    elements: List<Map<String, Value>>,
}

const ELEMENT: &[(&str, Type)] = &[("name", Type::Text), ("code", Type::Text), ("ordering", Type::Int)];

/// POST custom-fields/dictionaries/create.
pub(crate) fn create_dictionary(tx: &mut Tx<'_>, call: &Call) -> Result<Done, Refusal> {
    let said: DictionaryIn = call.fields.json("customDictionary")?;
    let code = filled(said.code.as_ref()).unwrap_or_default().to_owned();
    save_dictionary(tx, call, &code, &said)?;
    Ok(Done::from(Answer::created().with("code", code.clone())).about(format!("dictionary {code}")))
}

/// POST custom-fields/dictionaries/{code}/edit.
pub(crate) fn edit_dictionary(tx: &mut Tx<'_>, call: &Call) -> Result<Done, Refusal> {
    let said: DictionaryIn = call.fields.json("customDictionary")?;
    let code = call.segment(2).to_owned();
    if !references::rows(tx, call, DICTIONARIES)?.iter().any(|(known, _)| *known == code) {
        return Err(Refusal::not_found());
    }
    save_dictionary(tx, call, &code, &said)?;
    Ok(Done::from(Answer::ok().with("code", code.clone())).about(format!("dictionary {code}")))
}

fn save_dictionary(tx: &mut Tx<'_>, call: &Call, code: &str, said: &DictionaryIn) -> Result<(), Refusal> {
    let refused =
        |field: &str, reason: &str| Refusal::bad("Errors in the entity format").field(field, reason);
    if code.is_empty() {
        return Err(refused("code", "This value should not be blank."));
    }
    if said.elements.0.len() > MOST_ELEMENTS {
        return Err(refused("elements", "The maximum number of elements is 500."));
    }
    let elements: Vec<Value> =
        said.elements.0.iter().map(|element| Value::Object(typed::known(element, ELEMENT))).collect();
    let name = filled(said.name.as_ref()).unwrap_or(code);
    let body = json!({ "name": name, "code": code, "elements": elements });
    references::put(tx, call, DICTIONARIES, code, &body)?;
    Ok(())
}
