//! How the engine goes about the lists.

use takt_staff::Permit;
use takt_testing::{Place, TestApp, tokio};

use super::*;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_list_is_entered_by_its_index_and_read_from_the_most_urgent_on() {
    let features = vec![
        takt_staff::feature(),
        takt_customers::feature(),
        takt_catalog::feature(),
        takt_orders::feature(),
        crate::feature(),
    ];
    let app = TestApp::open(Place::sqlite(), features).await;
    let plans = app
        .read(|r| {
            let companies = [1, 2, 3].map(CompanyId::new);
            let permits = companies.map(|company| Permit::<DoTasks>::system(company, "test"));
            let (desk, person) = (OrganisationId::new(9), Some(PersonId::new(7)));
            let asking = Asking { desk, person, permits: &permits, now: r.now() };
            let mut plans = Vec::new();
            for list in asking.own() {
                let statement = asking.first_of(Statement::new("select urgent_at, id"), &list, &[]);
                for row in r.all_of(&statement.explained())? {
                    plans.push((list.condition.clone(), row.get::<String>("detail")?));
                }
            }
            Ok(plans)
        })
        .await;
    assert_eq!(plans.len(), 3 * Role::ALL.len() + 1, "one step each: {plans:?}");
    for (condition, step) in plans {
        let column = condition.split(' ').next().unwrap_or_default();
        let expected = ["SEARCH task USING INDEX task_next", "desk_id=?", &format!("{column}=?")];
        assert!(expected.iter().all(|part| step.contains(part)), "{condition}: {step}");
    }
}
