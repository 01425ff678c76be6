//! The people of the company, and what they are there.

use serde::Deserialize;
use serde_json::{Value, json};
use takt_kernel::fold;
use takt_orders::SeeOrders;
use takt_staff::{
    Role, companies,
    people::{Member, members},
};
use takt_store::Query;
use takt_ui::Lang;

use crate::{
    orders::write::Name,
    wire::{
        endpoint::{Answer, Call},
        lenient::{self, List, Text, filled},
        page::{Page, Paging},
        refusal::Refusal,
    },
};

const USUAL: i64 = 20;

/// (role, its number, Russian, English)
const GROUPS: [(Role, i64, &str, &str); 6] = [
    (Role::Owner, 1, "Владельцы", "Owners"),
    (Role::Manager, 2, "Менеджеры", "Managers"),
    (Role::Operator, 3, "Операторы", "Operators"),
    (Role::Warehouse, 4, "Склад", "Warehouse"),
    (Role::Accountant, 5, "Бухгалтерия", "Accounting"),
    (Role::Auditor, 6, "Наблюдатели", "Auditors"),
];

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
    email: Option<Text>,
    status: Option<Text>,
    online: Option<Text>,
    active: Option<Text>,
    is_manager: Option<Text>,
    is_admin: Option<Text>,
    groups: List<Text>,
}

/// A module that hears who changed an order may ask who that is: whoever may see orders.
fn people(db: &mut dyn Query, call: &Call) -> Result<(Lang, Vec<Member>), Refusal> {
    call.permit::<SeeOrders>()?;
    let lang = companies::get(db, call.company())?.lang;
    Ok((lang, members(db, call.company())?))
}

/// Who deals with orders.
const MANAGERS: [Role; 3] = [Role::Owner, Role::Manager, Role::Operator];

fn is_admin(member: &Member) -> bool {
    member.roles.contains(Role::Owner)
}

fn is_manager(member: &Member) -> bool {
    MANAGERS.iter().any(|role| member.roles.contains(*role))
}

fn body(lang: Lang, member: &Member) -> Value {
    let name = Name::of(&member.name);
    let groups: Vec<Value> = GROUPS
        .iter()
        .filter(|(role, ..)| member.roles.contains(*role))
        .map(|(role, id, ru, en)| {
            json!({ "id": id, "name": if lang == Lang::Ru { ru } else { en }, "code": role.code() })
        })
        .collect();
    json!({
        "id": member.person.get(), "active": true, "email": member.email, "firstName": name.first,
        "lastName": name.last, "patronymic": name.middle, "status": "free", "online": false,
        "isAdmin": is_admin(member), "isManager": is_manager(member), "groups": groups,
    })
}

/// GET users.
pub(crate) fn users(db: &mut dyn Query, call: &Call) -> Result<Answer, Refusal> {
    let asked: Asked = call.fields.parameters()?;
    let page = Paging { limit: asked.limit.clone(), page: asked.page.clone() }.page(USUAL)?;
    let filter = &asked.filter;
    let (lang, all) = people(db, call)?;
    let says = |text: &Option<Text>, truth: bool| {
        filled(text.as_ref())
            .is_none_or(|text| crate::model::corporate::is_yes(&Text(text.to_owned())) == truth)
    };
    let fits = |member: &&Member| {
        filled(filter.email.as_ref()).is_none_or(|email| fold(&member.email).contains(&fold(email)))
            && filled(filter.status.as_ref()).is_none_or(|status| status == "free")
            && says(&filter.online, false)
            && says(&filter.active, true)
            && says(&filter.is_manager, is_manager(member))
            && says(&filter.is_admin, is_admin(member))
            && (filter.groups.is_empty()
                || filter
                    .groups
                    .0
                    .iter()
                    .any(|group| member.roles.iter().any(|role| role.code() == group.as_str())))
    };
    let bodies: Vec<Value> = all.iter().filter(fits).map(|member| body(lang, member)).collect();
    Ok(paged("users", page, bodies))
}

fn paged(field: &str, page: Page, all: Vec<Value>) -> Answer {
    let total = i64::try_from(all.len()).unwrap_or(i64::MAX);
    let skip = usize::try_from(page.skipped()).unwrap_or(usize::MAX);
    let limit = usize::try_from(page.limit).unwrap_or(0);
    let shown: Vec<Value> = all.into_iter().skip(skip).take(limit).collect();
    Answer::ok().with("pagination", page.answer(total)).with(field, shown)
}

/// GET users/{id}: one of the company, nobody else.
pub(crate) fn user(db: &mut dyn Query, call: &Call) -> Result<Answer, Refusal> {
    let (lang, all) = people(db, call)?;
    let found = all.iter().find(|member| member.person.to_string() == call.segment(1));
    let found = found.ok_or_else(Refusal::not_found)?;
    Ok(Answer::ok().with("user", body(lang, found)))
}

/// GET user-groups: the roles.
pub(crate) fn groups(db: &mut dyn Query, call: &Call) -> Result<Answer, Refusal> {
    let asked: Asked = call.fields.parameters()?;
    let page = Paging { limit: asked.limit, page: asked.page }.page(USUAL)?;
    let (lang, _) = people(db, call)?;
    let all = GROUPS
        .iter()
        .map(|(role, id, ru, en)| {
            json!({
                "id": id, "name": if lang == Lang::Ru { ru } else { en }, "code": role.code(),
                "isManager": (MANAGERS.contains(role)), "isPosManager": false,
                "isDeliveryMen": false, "deliveryTypes": [], "breakdownOrderTypes": [], "breakdownSites": [],
                "breakdownOrderMethods": [], "grantedOrderTypes": [], "grantedSites": [call.site.code],
            })
        })
        .collect();
    Ok(paged("groups", page, all))
}
