//! How the engine goes about what is asked at every few letters: of a desk's companies too, nothing is sorted whole.

#![expect(clippy::expect_used, reason = "what a test does not expect is its failure")]

use std::sync::Arc;

use takt_customers::{Contact, Filter, list, recognise};
use takt_kernel::{Actor, CompanyId, money::Currency};
use takt_staff::{
    Scope,
    command_line::create_company,
    companies::{NewCompany, OrganisationKind},
    finds::{FINDERS, Looking},
};
use takt_store::Query as _;
use takt_testing::{Place, TestApp, Watched};
use takt_ui::{Lang, Texts, Words};

/// What is sorted is what the engine has read of the table; a sort of the few behind a limit stands further on.
fn reads_too_much(plan: &[String]) -> bool {
    let reads = |step: &String| step.starts_with("SEARCH customer ") || step.starts_with("SCAN customer");
    let at = plan.iter().position(reads).unwrap_or(plan.len());
    let sorts = plan.get(at + 1).is_some_and(|step| step.contains("ORDER BY"));
    sorts || plan.iter().any(|step| step.starts_with("SCAN customer"))
}

async fn company(app: &TestApp, name: &str) -> CompanyId {
    let new = NewCompany {
        name: name.to_owned(),
        kind: OrganisationKind::Company,
        currency: Currency::RUB,
        zone: "Europe/Moscow".to_owned(),
        lang: Lang::Ru,
    };
    create_company(&app.db, new).await.expect("a company")
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn customers_of_many_companies_are_listed_and_found_without_sorting_all() {
    let app = TestApp::open(Place::sqlite(), vec![takt_staff::feature(), takt_customers::feature()]).await;
    let mut companies = Vec::new();
    for name in ["Чай", "Кофе"] {
        let company = company(&app, name).await;
        for number in 0..4 {
            let contact =
                Contact::parse("Анна", &format!("+7912345678{number}"), "", "RU").expect("a contact");
            app.write(move |tx| recognise(tx, company, &contact, &Actor::system("test"))).await;
        }
        companies.push(company);
    }
    let scope = Scope::Desk { desk: companies[0], companies: companies.clone() };
    let words = Words::new(Arc::new(Texts::new([])), Lang::Ru, jiff::tz::TimeZone::UTC);
    for q in ["", "анна"] {
        let (scope, words) = (scope.clone(), words.clone());
        let (listed, found, wrong) = app
            .read(move |reader| {
                let slots = reader.slots();
                let mut db = Watched::new(reader);
                let first = list(&mut db, &scope, &Filter { q: q.to_owned(), limit: 5, cursor: None })?;
                let cursor = first.next_cursor;
                let rest = list(&mut db, &scope, &Filter { q: q.to_owned(), limit: 5, cursor })?;
                let mut listed: Vec<_> = first.items.iter().chain(&rest.items).map(|one| one.id).collect();
                let newest_first = listed.is_sorted_by(|one, next| one > next);
                assert!(newest_first, "{listed:?}");
                listed.dedup();
                let mut found = Vec::new();
                for finder in slots.of(&FINDERS) {
                    let looking = Looking { scope: &scope, typed: q, words: &words, may_in: &|_, _| true };
                    found.extend((finder.find)(&mut db, &looking)?);
                }
                let wrong: Vec<_> = db.plans.into_iter().filter(|plan| reads_too_much(plan)).collect();
                Ok((listed.len(), found.len(), wrong))
            })
            .await;
        assert_eq!(wrong, Vec::<Vec<String>>::new(), "{q}");
        assert_eq!((listed, found), (8, if q.is_empty() { 0 } else { 5 }), "{q}");
    }
}
