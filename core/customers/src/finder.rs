//! Customers among what is found from anywhere: those who are known by exactly this phone or e-mail, and among the
//! newest whoever has the words. Those with orders are found by the orders too, however many customers there are.

use takt_kernel::{CompanyId, Result, fold};
use takt_staff::finds::{Closeness, Finder, Found, Looking};
use takt_store::{Query, Question, Statement};

use crate::{
    Contact, Email, Listed, Phone,
    queries::{briefs, known_by, listed, words},
    rights, settings, shown,
};

pub(crate) const FINDER: Finder = Finder { permission: rights::RIGHTS[0].code, place: 20, find };

const GROUP: &str = "customers-title";
const SHOWN: i64 = 5;
/// Looked through, the newest first; of many companies as many of each together.
const NEWEST: i64 = 2_000;
const MOST_COMPANIES: usize = 20;

fn find(db: &mut dyn Query, looking: &Looking<'_>) -> Result<Vec<Found>> {
    if looking.typed.is_empty() {
        return Ok(Vec::new());
    }
    let mut found = Vec::new();
    for company in looking.scope.companies().iter().take(MOST_COMPANIES) {
        let region = settings::default_region(db, *company)?;
        let contact = Contact {
            name: String::new(),
            phone: Phone::parse(looking.typed, &region),
            email: Email::parse(looking.typed).ok().flatten(),
        };
        let known = known_by(db, *company, &contact)?;
        found.extend(briefs(db, *company, &known)?.iter().map(|one| as_found(one, Closeness::Itself)));
    }
    found.extend(newest(db, looking)?);
    Ok(found)
}

/// A company's cards stand in their order, so that none are sorted but the few that were found.
fn newest(db: &mut dyn Query, looking: &Looking<'_>) -> Result<Vec<Found>> {
    let words = words(looking.typed);
    let companies = looking.scope.companies();
    let companies = companies.get(..MOST_COMPANIES).unwrap_or(companies);
    let of_each = NEWEST / i64::try_from(companies.len()).unwrap_or(i64::MAX).max(1);
    let of_company = |company: &CompanyId| {
        let statement = Statement::new(
            "select id, company_id, name, phone, email, merged_into, created_at
             from (
               select id, company_id, name, phone, email, merged_into, created_at, search
               from customer
               where company_id = :company_id and merged_into is null
               order by id desc
               limit :newest) as newest
             where true",
        )
        .bind("company_id", *company)
        .bind("newest", of_each)
        .and_words("search", words.iter().map(String::as_str))
        .push("\norder by id desc\nlimit :shown")
        .bind("shown", SHOWN);
        Question::from(statement)
    };
    let asked: Vec<Question> = companies.iter().map(of_company).collect();
    let answers = db.all_at_once(&asked)?;
    let mut all = answers.iter().flatten().map(listed).collect::<Result<Vec<Listed>>>()?;
    all.sort_unstable_by_key(|one| std::cmp::Reverse(one.id));
    all.truncate(usize::try_from(SHOWN).unwrap_or(usize::MAX));
    let typed = fold(looking.typed);
    let close = |one: &Listed| Closeness::of(&fold(&one.name), &typed).unwrap_or(Closeness::AsTyped);
    Ok(all.iter().map(|one| as_found(one, close(one))).collect())
}

fn as_found(customer: &Listed, closeness: Closeness) -> Found {
    let reached = customer.phone.as_deref().map(shown).or_else(|| customer.email.clone());
    Found {
        group_key: GROUP,
        label: customer.name.clone(),
        note: reached.unwrap_or_default(),
        href: format!("/customers/{}", customer.id),
        closeness,
    }
}
