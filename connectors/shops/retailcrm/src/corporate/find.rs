//! Lists of corporate customers and of their parts, and one of them.

use serde::Deserialize;
use serde_json::Value;
use takt_customers::SeeCustomers;
use takt_kernel::fold;
use takt_store::{Query, Statement};

use super::{
    rows::{self, Address, Contact, Corporate, CorporateId, Firm, listed},
    written::{self, Parts},
};
use crate::{
    customers,
    wire::{
        endpoint::{Answer, By, Call},
        lenient::{self, List, Text, filled},
        page::{Page, Paging},
        refusal::Refusal,
        time,
    },
};

pub(crate) const USUAL: i64 = 20;
const MOST_NAMED: usize = 250;

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Asked {
    limit: Option<Text>,
    page: Option<Text>,
    #[serde(deserialize_with = "lenient::or_nothing")]
    filter: Filter,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct Filter {
    ids: List<Text>,
    external_ids: List<Text>,
    nick_name: List<Text>,
    name: Option<Text>,
    company_name: Option<Text>,
    contact_name: Option<Text>,
    contact_ids: List<Text>,
    email: Option<Text>,
    address_name: Option<Text>,
    city: Option<Text>,
    region: Option<Text>,
    contragent_name: Option<Text>,
    contragent_inn: Option<Text>,
    contragent_kpp: Option<Text>,
    sites: List<Text>,
    date_from: Option<Text>,
    date_to: Option<Text>,
}

/// A list of JSON as rows of texts or numbers.
macro_rules! listed_as {
    (text, $name:literal) => {
        concat!(
            "(select value from {pg:json_array_elements_text(cast(cast(:",
            $name,
            " as text) as json))|sqlite:json_each(:",
            $name,
            ")})"
        )
    };
    (number, $name:literal) => {
        concat!(
            "(select cast(value as bigint) from {pg:json_array_elements_text(cast(cast(:",
            $name,
            " as text) as json))|sqlite:json_each(:",
            $name,
            ")})"
        )
    };
}

/// GET customers-corporate.
pub(crate) fn list(db: &mut dyn Query, call: &Call) -> Result<Answer, Refusal> {
    call.permit::<SeeCustomers>()?;
    let asked: Asked = call.fields.parameters()?;
    let page = Paging { limit: asked.limit, page: asked.page }.page(USUAL)?;
    let filter = &asked.filter;
    let foreign =
        !filter.sites.is_empty() && !filter.sites.0.iter().any(|site| site.as_str() == call.site.code);
    let (ids, total) = if foreign { (Vec::new(), 0) } else { found(db, call, filter, page)? };
    let bodies = written::whole(db, call, &ids)?;
    Ok(Answer::ok().with("pagination", page.answer(total)).with("customersCorporate", bodies))
}

fn found(
    db: &mut dyn Query,
    call: &Call,
    filter: &Filter,
    page: Page,
) -> Result<(Vec<CorporateId>, i64), Refusal> {
    let conditions = Conditions::of(db, call, filter)?;
    let of_shop = |select: &'static str| {
        Statement::new(select)
            .push("\nwhere company_id = :company_id and shop_id = :shop_id and combined_into is null")
            .bind("company_id", call.company())
            .bind("shop_id", call.shop())
    };
    let ids = conditions
        .narrow(of_shop("select id\nfrom retailcrm_corporate"))
        .push("\norder by id desc\nlimit :limit offset :skip")
        .bind("limit", page.limit)
        .bind("skip", page.skipped());
    let ids = db.all_of(&ids)?.iter().map(|row| row.get("id")).collect::<takt_kernel::Result<Vec<_>>>()?;
    let count = conditions.narrow(of_shop("select count(*) as corporates\nfrom retailcrm_corporate"));
    let total = match db.opt_of(&count)? {
        Some(row) => row.get("corporates")?,
        None => 0,
    };
    Ok((ids, total))
}

/// Conditions with their values, before they are asked.
struct Conditions {
    all: Vec<(&'static str, &'static str, takt_store::Value)>,
}

impl Conditions {
    fn of(db: &mut dyn Query, call: &Call, filter: &Filter) -> Result<Self, Refusal> {
        let mut all: Vec<(&'static str, &'static str, takt_store::Value)> = Vec::new();
        let texts = |list: &List<Text>| {
            list.0.iter().filter_map(Text::filled).take(MOST_NAMED).map(str::to_owned).collect::<Vec<_>>()
        };
        if !filter.ids.is_empty() {
            let condition = concat!("id in ", listed_as!(number, "ids"));
            all.push((condition, "ids", numbers("filter.ids", &filter.ids)?.into()));
        }
        if !filter.external_ids.is_empty() {
            let condition = concat!("external_id in ", listed_as!(text, "external_ids"));
            let ids = Value::from(texts(&filter.external_ids)).to_string();
            all.push((condition, "external_ids", ids.into()));
        }
        let nicks: Vec<String> = texts(&filter.nick_name).iter().map(|nick| fold(nick)).collect();
        if !nicks.is_empty() {
            let condition = "exists (select 1 from {pg:json_array_elements_text(cast(cast(:nicks as text) as json)) nick(value)|sqlite:json_each(:nicks) nick} where {pg:strpos|sqlite:instr}(nick_name_s, nick.value) > 0)";
            all.push((condition, "nicks", Value::from(nicks).to_string().into()));
        }
        let folded: [(&Option<Text>, &'static str, &'static str); 6] = [
            (&filter.name, "{pg:strpos|sqlite:instr}(nick_name_s, :name) > 0", "name"),
            (
                &filter.company_name,
                "id in (select corporate_id from retailcrm_corporate_firm where company_id = :company_id and {pg:strpos|sqlite:instr}(name_s, :company_name) > 0)",
                "company_name",
            ),
            (
                &filter.contragent_name,
                "id in (select corporate_id from retailcrm_corporate_firm where company_id = :company_id and {pg:strpos|sqlite:instr}(legal_name_s, :legal_name) > 0)",
                "legal_name",
            ),
            (
                &filter.address_name,
                "id in (select corporate_id from retailcrm_corporate_address where company_id = :company_id and {pg:strpos|sqlite:instr}(name_s, :address_name) > 0)",
                "address_name",
            ),
            (
                &filter.city,
                "id in (select corporate_id from retailcrm_corporate_address where company_id = :company_id and city_s = :city)",
                "city",
            ),
            (
                &filter.region,
                "id in (select corporate_id from retailcrm_corporate_address where company_id = :company_id and region_s = :region)",
                "region",
            ),
        ];
        for (words, condition, name) in folded {
            if let Some(words) = filled(words.as_ref()) {
                all.push((condition, name, fold(words).into()));
            }
        }
        if let Some(inn) = filled(filter.contragent_inn.as_ref()) {
            let condition = "id in (select corporate_id from retailcrm_corporate_firm where company_id = :company_id and inn = :inn)";
            all.push((condition, "inn", inn.into()));
        }
        if let Some(kpp) = filled(filter.contragent_kpp.as_ref()) {
            let condition = "id in (select corporate_id from retailcrm_corporate_firm where company_id = :company_id and kpp = :kpp)";
            all.push((condition, "kpp", kpp.into()));
        }
        if !filter.contact_ids.is_empty() {
            let condition = concat!(
                "id in (select corporate_id from retailcrm_corporate_contact where company_id = :company_id and customer_id in ",
                listed_as!(number, "contact_ids"),
                ")"
            );
            all.push((condition, "contact_ids", numbers("filter.contactIds", &filter.contact_ids)?.into()));
        }
        let words = filled(filter.contact_name.as_ref()).or_else(|| filled(filter.email.as_ref()));
        if let Some(words) = words {
            let people = customers::found_by(db, call, words)?;
            let condition = concat!(
                "id in (select corporate_id from retailcrm_corporate_contact where company_id = :company_id and customer_id in ",
                listed_as!(number, "people"),
                ")"
            );
            all.push((condition, "people", listed(&people).into()));
        }
        let dates = [
            (&filter.date_from, "created_at >= :date_from", "date_from", ""),
            (&filter.date_to, "created_at <= :date_to", "date_to", " 23:59:59"),
        ];
        for (given, condition, name, rest_of_day) in dates {
            if let Some(date) = filled(given.as_ref()) {
                let whole = if date.len() == "2026-11-21".len() {
                    format!("{date}{rest_of_day}")
                } else {
                    date.to_owned()
                };
                let at = time::read(&whole, &call.site.zone)
                    .ok_or_else(|| Refusal::parameter("filter", "This value is not a valid date."))?;
                all.push((condition, name, at.into()));
            }
        }
        Ok(Self { all })
    }

    fn narrow(&self, mut statement: Statement) -> Statement {
        for (condition, name, value) in &self.all {
            statement = statement.push("\nand ").push(condition).bind(name, value.clone());
        }
        statement
    }
}

fn numbers(path: &str, list: &List<Text>) -> Result<String, Refusal> {
    let ids = list
        .0
        .iter()
        .take(MOST_NAMED)
        .map(|id| id.as_str().trim().parse::<i64>())
        .collect::<Result<Vec<_>, _>>()
        .map_err(|_| Refusal::parameter(path, "This value is not valid."))?;
    Ok(Value::from(ids).to_string())
}

/// The corporate customer that a path names.
pub(crate) fn named(db: &mut dyn Query, call: &Call) -> Result<Corporate, Refusal> {
    let named = call.segment(1);
    let id = match call.by()? {
        By::ExternalId => rows::by_external_id(db, call, named)?,
        By::Id => named.parse().ok(),
    };
    let id = id.ok_or_else(Refusal::not_found)?;
    rows::corporate(db, call, id)?.ok_or_else(Refusal::not_found)
}

/// GET customers-corporate/{id}.
pub(crate) fn get(db: &mut dyn Query, call: &Call) -> Result<Answer, Refusal> {
    call.permit::<SeeCustomers>()?;
    call.expect_asked_site()?;
    let corporate = named(db, call)?;
    let body = written::whole(db, call, &[corporate.id])?.pop().ok_or_else(Refusal::not_found)?;
    Ok(Answer::ok().with("customerCorporate", body))
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct AskedParts {
    limit: Option<Text>,
    page: Option<Text>,
    #[serde(deserialize_with = "lenient::or_nothing")]
    filter: PartsFilter,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct PartsFilter {
    ids: List<Text>,
    external_ids: List<Text>,
    contact_ids: List<Text>,
    contact_external_ids: List<Text>,
    name: Option<Text>,
    city: Option<Text>,
    region: Option<Text>,
}

struct Listing {
    corporate: Corporate,
    parts: Parts,
    filter: PartsFilter,
    page: Page,
}

fn listing(db: &mut dyn Query, call: &Call) -> Result<Listing, Refusal> {
    call.permit::<SeeCustomers>()?;
    call.expect_asked_site()?;
    let asked: AskedParts = call.fields.parameters()?;
    let page = Paging { limit: asked.limit, page: asked.page }.page(USUAL)?;
    let corporate = named(db, call)?;
    let parts = Parts::of(db, call, &[corporate.id])?;
    Ok(Listing { corporate, parts, filter: asked.filter, page })
}

fn paged(field: &str, page: Page, all: Vec<Value>) -> Answer {
    let total = i64::try_from(all.len()).unwrap_or(i64::MAX);
    let skip = usize::try_from(page.skipped()).unwrap_or(usize::MAX);
    let limit = usize::try_from(page.limit).unwrap_or(0);
    let shown: Vec<Value> = all.into_iter().skip(skip).take(limit).collect();
    Answer::ok().with("pagination", page.answer(total)).with(field, shown)
}

fn among(list: &List<Text>, value: Option<&str>) -> bool {
    list.is_empty() || list.0.iter().any(|one| Some(one.as_str().trim()) == value)
}

fn says(words: &Option<Text>, text: Option<&str>) -> bool {
    filled(words.as_ref()).is_none_or(|words| fold(text.unwrap_or_default()).contains(&fold(words)))
}

/// GET customers-corporate/{id}/addresses.
pub(crate) fn addresses(db: &mut dyn Query, call: &Call) -> Result<Answer, Refusal> {
    let Listing { corporate, parts, filter, page } = listing(db, call)?;
    let fits = |address: &&Address| {
        let field = |name: &str| address.body.get(name).and_then(Value::as_str);
        among(&filter.ids, Some(&address.id.to_string()))
            && says(&filter.name, Some(&address.name))
            && says(&filter.city, field("city"))
            && says(&filter.region, field("region"))
    };
    let all = parts.addresses.iter().filter(fits).map(|one| parts.address(&corporate, one)).collect();
    Ok(paged("addresses", page, all))
}

/// GET customers-corporate/{id}/companies.
pub(crate) fn firms(db: &mut dyn Query, call: &Call) -> Result<Answer, Refusal> {
    let Listing { corporate, parts, filter, page } = listing(db, call)?;
    let fits = |firm: &&Firm| {
        among(&filter.ids, Some(&firm.id.to_string()))
            && among(&filter.external_ids, firm.external_id.as_deref())
    };
    let all = parts.firms.iter().filter(fits).map(|one| parts.firm(call, &corporate, one)).collect();
    Ok(paged("companies", page, all))
}

/// GET customers-corporate/{id}/contacts.
pub(crate) fn contacts(db: &mut dyn Query, call: &Call) -> Result<Answer, Refusal> {
    let Listing { corporate, parts, filter, page } = listing(db, call)?;
    let people: Vec<_> = parts.contacts.iter().map(|contact| contact.customer).collect();
    let external_ids = written::external_ids(db, call, &people)?;
    let fits = |contact: &&Contact| {
        among(&filter.ids, Some(&contact.id.to_string()))
            && among(&filter.contact_ids, Some(&contact.customer.to_string()))
            && among(&filter.contact_external_ids, external_ids.get(&contact.customer).map(String::as_str))
    };
    let all = parts.contacts.iter().filter(fits).map(|one| parts.contact(call, &corporate, one)).collect();
    Ok(paged("contacts", page, all))
}
