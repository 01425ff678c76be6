use takt_kernel::{CompanyId, Fault, Result, Timestamp, digits, fold};
use takt_staff::Scope;
use takt_store::{Query, Question, Row, Statement, params, sql};

use crate::{Contact, CustomerId, contact::Identity, rows};

const LARGEST_PAGE: i64 = 200;
/// Shorter runs of digits are found in every phone and tell nothing.
const FEWEST_DIGITS: usize = 3;

/// A row of the list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Listed {
    pub company: CompanyId,
    pub id: CustomerId,
    pub name: String,
    /// An identity, or the text as given when it could not be read; see [`crate::shown`].
    pub phone: Option<String>,
    pub email: Option<String>,
    /// It is only a pointer to another card.
    pub merged: bool,
    pub created_at: Timestamp,
}

/// A customer's card.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Customer {
    pub company: CompanyId,
    pub id: CustomerId,
    pub name: String,
    pub phone: Option<String>,
    pub email: Option<String>,
    pub note: String,
    pub identities: Vec<Identity>,
    pub merged_into: Option<CustomerId>,
    /// Itself and everybody merged into it: whose orders are theirs.
    pub all: Vec<CustomerId>,
    pub version: i64,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
    /// Since then nobody can tell who it was.
    pub erased_at: Option<Timestamp>,
}

#[derive(Clone, Debug, Default)]
pub struct Filter {
    pub q: String,
    pub limit: i64,
    /// The last id of the page before.
    pub cursor: Option<CustomerId>,
}

#[derive(Clone, Debug)]
pub struct Page {
    pub items: Vec<Listed>,
    pub next_cursor: Option<CustomerId>,
}

/// Customers within the scope whose name, note, phones and e-mails hold every word, newest first.
/// Merged ones are found by their own words, and left out where nothing is searched.
///
/// # Errors
/// Faults of the store.
pub fn list(db: &mut dyn Query, scope: &Scope, filter: &Filter) -> Result<Page> {
    let limit = filter.limit.clamp(1, LARGEST_PAGE);
    let words = words(&filter.q);
    // A company's cards stand in their order; those of several are their beginnings, merged.
    let of_company = |company: &CompanyId| {
        let statement = Statement::new(
            "select id, company_id, name, phone, email, merged_into, created_at
             from customer
             where company_id = :company_id",
        )
        .bind("company_id", *company)
        .push(if words.is_empty() { "\nand merged_into is null" } else { "" })
        .and_if(filter.cursor, "\nand id < :cursor", "cursor")
        .and_words("search", words.iter().map(String::as_str))
        .push("\norder by id desc\nlimit :limit")
        .bind("limit", limit + 1);
        Question::from(statement)
    };
    let asked: Vec<Question> = scope.companies().iter().map(of_company).collect();
    let answers = db.all_at_once(&asked)?;
    let mut items = answers.iter().flatten().map(listed).collect::<Result<Vec<_>>>()?;
    items.sort_unstable_by_key(|one| std::cmp::Reverse(one.id));
    let most = usize::try_from(limit).unwrap_or(usize::MAX);
    let more = items.len() > most;
    items.truncate(most);
    let next_cursor = items.last().filter(|_| more).map(|last| last.id);
    Ok(Page { items, next_cursor })
}

/// A phone typed with its punctuation is one word of digits, without the national prefix that stored
/// numbers do not have; everything else is folded words.
pub(crate) fn words(q: &str) -> Vec<String> {
    let figures = digits(q);
    let only_phone =
        q.chars().all(|letter| letter.is_ascii_digit() || letter.is_whitespace() || "+()-.".contains(letter));
    if only_phone && figures.len() >= FEWEST_DIGITS {
        let bare = figures.strip_prefix(['8', '0']).filter(|bare| bare.len() > FEWEST_DIGITS);
        return vec![bare.map_or_else(|| figures.clone(), str::to_owned)];
    }
    fold(q).split(' ').filter(|word| !word.is_empty()).map(str::to_owned).collect()
}

pub(crate) fn listed(row: &Row) -> Result<Listed> {
    Ok(Listed {
        company: row.get("company_id")?,
        id: row.get("id")?,
        name: row.get("name")?,
        phone: row.get("phone")?,
        email: row.get("email")?,
        merged: row.get::<Option<CustomerId>>("merged_into")?.is_some(),
        created_at: row.get("created_at")?,
    })
}

/// Who is known by these ways to reach them, the strongest first.
///
/// # Errors
/// Faults of the store.
pub fn known_by(db: &mut dyn Query, company: CompanyId, contact: &Contact) -> Result<Vec<CustomerId>> {
    let mut found = Vec::new();
    for identity in contact.identities() {
        let row = db.opt(
            sql!(
                "select customer_id
                 from customer_identity
                 where company_id = :company_id and kind = :kind and value = :value"
            ),
            params![company_id: company, kind: identity.kind.code(), value: &identity.value],
        )?;
        if let Some(row) = row {
            let customer = rows::standing_for(db, company, row.get("customer_id")?)?;
            if !found.contains(&customer) {
                found.push(customer);
            }
        }
    }
    Ok(found)
}

/// Several customers with one question, in the order of their ids; missing ones are left out.
///
/// # Errors
/// Faults of the store.
pub fn briefs(db: &mut dyn Query, company: CompanyId, ids: &[CustomerId]) -> Result<Vec<Listed>> {
    let ids = serde_json::Value::from(ids.iter().map(|id| id.get()).collect::<Vec<_>>()).to_string();
    let rows = db.all(
        sql!(
            "select id, company_id, name, phone, email, merged_into, created_at
             from customer
             where company_id = :company_id and id in (
               select cast(value as bigint)
               from {pg:json_array_elements_text(cast(cast(:ids as text) as json))|sqlite:json_each(:ids)})
             order by id
             limit 1000"
        ),
        params![company_id: company, ids: ids],
    )?;
    rows.iter().map(listed).collect()
}

/// One customer's card.
///
/// # Errors
/// `customers.missing` also for one that the scope leaves out.
pub fn get(db: &mut dyn Query, scope: &Scope, customer: CustomerId) -> Result<Customer> {
    let statement = Statement::new(
        "select id, company_id, name, phone, email, note, merged_into, version, created_at, updated_at, erased_at
         from customer
         where id = :id and company_id in ",
    )
    .bind("id", customer)
    .push(&scope.sql_list());
    let row =
        db.opt_of(&statement)?.ok_or_else(|| Fault::missing("customers.missing").arg("given", customer))?;
    let company = row.get("company_id")?;
    Ok(Customer {
        company,
        id: customer,
        name: row.get("name")?,
        phone: row.get("phone")?,
        email: row.get("email")?,
        note: row.get("note")?,
        identities: rows::identities(db, company, customer)?,
        merged_into: row.get("merged_into")?,
        all: with_merged(db, company, customer)?,
        version: row.get("version")?,
        created_at: row.get("created_at")?,
        updated_at: row.get("updated_at")?,
        erased_at: row.get("erased_at")?,
    })
}

/// All cards of whoever this one is of, whichever of them stands for the others.
///
/// # Errors
/// `customers.missing`.
pub fn of_one_person(
    db: &mut dyn Query,
    company: CompanyId,
    customer: CustomerId,
) -> Result<Vec<CustomerId>> {
    let standing = rows::standing_for(db, company, customer)?;
    with_merged(db, company, standing)
}

pub(crate) fn with_merged(
    db: &mut dyn Query,
    company: CompanyId,
    customer: CustomerId,
) -> Result<Vec<CustomerId>> {
    let rows = db.all(
        sql!(
            "with recursive merged (id) as (
               select id from customer where company_id = :company_id and id = :id
               union
               select customer.id
               from customer
               join merged on customer.merged_into = merged.id
               where customer.company_id = :company_id
             )
             select id
             from merged
             order by id
             limit 1000"
        ),
        params![company_id: company, id: customer],
    )?;
    rows.iter().map(|row| row.get("id")).collect()
}

/// Customers who may be the same person as this one: a phone and an e-mail of both stood in one
/// order, and nobody has said yet that they are two.
///
/// # Errors
/// Faults of the store.
pub fn suggestions(db: &mut dyn Query, company: CompanyId, customer: CustomerId) -> Result<Vec<Listed>> {
    let rows = db.all(
        sql!(
            "select customer.id, customer.company_id, customer.name, customer.phone, customer.email,
               customer.merged_into, customer.created_at
             from customer_conflict conflict
             join customer on customer.company_id = conflict.company_id
               and customer.id = case when conflict.by_phone = :id then conflict.by_email else conflict.by_phone end
             where conflict.company_id = :company_id
               and conflict.dismissed_at is null
               and (conflict.by_phone = :id or conflict.by_email = :id)
             order by conflict.found_at desc, customer.id
             limit 20"
        ),
        params![company_id: company, id: customer],
    )?;
    rows.iter().map(listed).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_search_is_cut_into_words_and_a_phone_stays_one() {
        for (q, expected) in [
            ("Семён  Иванов", vec!["семен", "иванов"]),
            ("8 (912) 345", vec!["912345"]),
            ("+7 912", vec!["7912"]),
            ("800", vec!["800"]),
            ("12", vec!["12"]),
            ("a@b.org", vec!["a@b.org"]),
            ("  ", vec![]),
        ] {
            assert_eq!(words(q), expected, "{q:?}");
        }
    }
}
