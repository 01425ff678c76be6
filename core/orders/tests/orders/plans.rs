//! How the engine goes about the lists: by an index, from its place on, never through a whole table and
//! never by sorting one.

use serde_json::json;
use takt_kernel::{ShopId, Timestamp};
use takt_orders::{Fields, Holder, ListFilter, Mark, Sort, Stage, TakenBy, counts, list};
use takt_staff::Scope;
use takt_testing::{Place, Watched};

use super::desk::{Desk, order, place_body, shop};

const GROWING: [&str; 8] = [
    "orders",
    "order_line",
    "order_payment",
    "order_intake",
    "customer",
    "search_text",
    "search_gram",
    "search_tail",
];

/// The steps of a plan that read a growing table from end to end, or sort orders.
fn wrong_in(plan: &[String]) -> Vec<String> {
    let of_few = plan.iter().any(|step| step.starts_with("SCAN asked"));
    let of_orders = plan.iter().any(|step| step.starts_with("SEARCH orders"));
    let is_wrong = |step: &&String| {
        let scans = GROWING.iter().any(|table| step.split(" USING").next() == Some(&format!("SCAN {table}")));
        let sorts = *step == "USE TEMP B-TREE FOR ORDER BY" && !of_few;
        scans || sorts && of_orders
    };
    plan.iter().filter(is_wrong).map(|step| format!("{step} in {plan:?}")).collect()
}

fn filters(shop: ShopId) -> Vec<ListFilter> {
    let mut filters = Vec::new();
    for sort in [Sort::Newest, Sort::Promise] {
        for stage in [None, Some(Stage::New), Some(Stage::Cancel)] {
            for status in [None, Some("new".to_owned())] {
                for shop in [None, Some(shop)] {
                    for q in ["", "иванов", "ив"] {
                        for holder in [None, Some(Holder::Buyer)] {
                            let q = q.to_owned();
                            filters.push(ListFilter {
                                sort,
                                stage,
                                status: status.clone(),
                                shop,
                                holder,
                                q,
                                limit: 2,
                                ..ListFilter::default()
                            });
                        }
                    }
                }
            }
        }
    }
    let text = |text: &str| Some(text.to_owned());
    let fields = [
        Fields { city: text("казань"), ..Fields::default() },
        Fields { product: text("TEA-100"), ..Fields::default() },
        Fields { sum_from: Some(1), placed_from: Some(Timestamp::from_micros(0)), ..Fields::default() },
        Fields { taken: Some(TakenBy::Nobody), mark: Some(Mark::Late), ..Fields::default() },
    ];
    for sort in [Sort::Newest, Sort::Promise] {
        for (fields, stage) in fields.iter().zip([None, Some(Stage::New), None, None]) {
            for q in ["", "иванов"] {
                let (fields, q) = (fields.clone(), q.to_owned());
                filters.push(ListFilter { sort, stage, q, fields, limit: 2, ..ListFilter::default() });
            }
        }
    }
    filters
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_list_goes_by_an_index_and_none_is_sorted_whole() {
    let desk = Desk::open(Place::sqlite()).await;
    let (company, first) = (desk.company, desk.shop);
    let second = shop(&desk.app, company, "Кофе").await;
    for (number, shop) in [first, second, first, second, first, second].into_iter().enumerate() {
        desk.app
            .write(move |tx| {
                place_body(tx, company, shop, &order(&format!("WEB-{number}"), 1))?;
                let free = json!({ "lines": [{ "name": "Проба", "quantity": "1", "price": "0" }] });
                place_body(tx, company, shop, &free).map(|_| ())
            })
            .await;
    }
    let scopes = [
        Scope::Company { company, shops: None },
        Scope::Company { company, shops: Some(vec![first]) },
        Scope::Company { company, shops: Some(vec![first, second]) },
        Scope::Desk { desk: company, companies: vec![company] },
    ];
    for scope in scopes {
        for filter in filters(first) {
            let (asked, wrong, found) = desk
                .app
                .read({
                    let (scope, filter) = (scope.clone(), filter.clone());
                    move |reader| {
                        let mut db = Watched::new(reader);
                        let page = list(&mut db, &scope, &filter)?;
                        let next = ListFilter { cursor: page.next_cursor.clone(), ..filter.clone() };
                        if next.cursor.is_some() {
                            let second = list(&mut db, &scope, &next)?;
                            let back = ListFilter { cursor: second.previous_cursor, ..filter };
                            let again = list(&mut db, &scope, &back)?;
                            let numbers = |page: &takt_orders::Page| {
                                page.items.iter().map(|order| order.id).collect::<Vec<_>>()
                            };
                            assert_eq!(
                                numbers(&again),
                                numbers(&page),
                                "back from the second page: {back:?}"
                            );
                        }
                        counts(&mut db, &scope)?;
                        let wrong: Vec<String> = db.plans.iter().flat_map(|plan| wrong_in(plan)).collect();
                        Ok((db.plans.len(), wrong, page.items.len()))
                    }
                })
                .await;
            assert_eq!(wrong, Vec::<String>::new(), "{scope:?} {filter:?}");
            assert!(
                asked >= 2
                    && (found > 0
                        || filter.stage == Some(Stage::Cancel)
                        || filter.status.is_some()
                        || filter.fields.mark.is_some()),
                "{asked} {found} {scope:?} {filter:?}"
            );
        }
    }
}
