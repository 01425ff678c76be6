//! What waits is counted beside the list of orders, and each count is a filter of it.

use takt_orders::{ListFilter, Narrowed, OrderId, Sort, list, panels::RAIL};
use takt_staff::{Role, Scope};
use takt_store::Query as _;
use takt_tasks::{NewTask, close, open};
use takt_testing::{Client, Watched, on_both_engines};

use super::desk::{Desk, desk_of, nobody, of, order, organisation, permit, shop, somebody};

async fn due(desk: &Desk, kind: &'static str, minutes: i64, order: Option<OrderId>) -> takt_tasks::TaskId {
    let due_at = desk.app.now().plus_seconds(minutes * 60);
    let new = NewTask { due_at, ..desk.task(kind, Role::Operator, order) };
    desk.app.write(move |tx| open(tx, new.clone(), &nobody())).await.expect("a new task")
}

/// (what is chosen by it, how many, how many of them late)
async fn rail(desk: &Desk, scope: Scope) -> Vec<(String, i64, i64)> {
    let words =
        takt_ui::Words::new(desk.app.wiring.texts.clone(), takt_ui::Lang::Ru, jiff::tz::TimeZone::UTC);
    desk.app
        .read(move |r| {
            let rail = r.slots().of(&RAIL).next().copied().expect("a rail");
            (rail.counts)(r, &scope, &words)
        })
        .await
        .into_iter()
        .filter(|count| count.count > 0)
        .map(|count| (count.value, count.count, count.overdue))
        .collect()
}

async fn behind(desk: &Desk, scope: Scope, value: &str) -> Vec<OrderId> {
    let value = value.to_owned();
    desk.app
        .read(move |r| {
            let orders = r.slots().of(&RAIL).next().copied().expect("a rail").orders;
            let filter = ListFilter {
                rail: Some(Narrowed { value, orders }),
                sort: Sort::Promise,
                ..ListFilter::default()
            };
            let page = list(r, &scope, &filter)?;
            assert_eq!(page.total.count, i64::try_from(page.items.len()).expect("few"));
            Ok(page.items.into_iter().map(|order| order.id).collect())
        })
        .await
}

async fn shown(client: &Client, path: &str) -> String {
    let page = client.get(path).await;
    assert!(page.status.is_success(), "{}", page.text());
    page.text()
}

on_both_engines! {
    async fn kinds_are_counted_with_what_is_late_and_lead_to_their_orders(place: Place) {
        let desk = Desk::open(place).await;
        let second = shop(&desk.app, desk.company, "Вторая").await;
        let (one, other) = (desk.order().await, order(&desk.app, desk.company, second).await);
        due(&desk, "call", 10, Some(one)).await;
        let made_up = due(&desk, "a_kind_of_a_feature", 50, Some(other)).await;
        due(&desk, "call", 50, Some(other)).await;
        due(&desk, "about_no_order", 1, None).await;
        let scope = of(desk.company);
        let count = |value: &str, count, late| (value.to_owned(), count, late);
        assert_eq!(rail(&desk, scope.clone()).await, [count("a_kind_of_a_feature", 1, 0), count("call", 2, 0)]);
        desk.app.advance(11 * 60).await;
        assert_eq!(
            rail(&desk, scope.clone()).await,
            [count("late", 1, 0), count("a_kind_of_a_feature", 1, 0), count("call", 2, 1)]
        );
        assert_eq!(behind(&desk, scope.clone(), "late").await, [one]);
        let mut both = behind(&desk, scope.clone(), "call").await;
        both.sort_unstable();
        assert_eq!(both, [one, other]);
        assert_eq!(behind(&desk, scope.clone(), "a_kind_of_a_feature").await, [other]);
        assert!(behind(&desk, scope.clone(), "no such kind").await.is_empty());
        let company = desk.company;
        desk.app.write(move |tx| close(tx, &permit(company), made_up, "done")).await;
        assert_eq!(rail(&desk, scope).await, [count("late", 1, 0), count("call", 2, 1)], "zero hides");
    }

    async fn a_finished_order_with_something_to_do_is_found_as_well(place: Place) {
        let desk = Desk::open(place).await;
        let (order, company) = (desk.order().await, desk.company);
        desk.app.write(move |tx| takt_orders::cancel(tx, &permit(company), order, None, "передумал").map(|_| ())).await;
        desk.app.drain().await;
        due(&desk, "give_back", 10, Some(order)).await;
        assert_eq!(behind(&desk, of(company), "give_back").await, [order]);
    }

    async fn a_desk_counts_what_it_works_for_and_nobody_else(place: Place) {
        let desk = Desk::open(place).await;
        let theirs = organisation(&desk.app, "Кофе", takt_staff::companies::OrganisationKind::Company).await;
        let firm = desk_of(&desk.app, &[desk.company], Role::Operator.into()).await;
        let order = desk.order().await;
        due(&desk, "call", 10, Some(order)).await;
        let count = vec![("call".to_owned(), 1, 0)];
        let engaged = Scope::Desk { desk: firm, companies: vec![desk.company] };
        assert_eq!(rail(&desk, engaged.clone()).await, count);
        assert_eq!(behind(&desk, engaged, "call").await, [order]);
        assert_eq!(rail(&desk, of(desk.company)).await, count, "the company sees its own");
        for stranger in [of(theirs), Scope::Desk { desk: firm, companies: vec![] }] {
            assert!(rail(&desk, stranger.clone()).await.is_empty());
            assert!(behind(&desk, stranger, "call").await.is_empty());
        }
    }

    async fn the_list_shows_the_rail_and_gives_a_choice_up_again(place: Place) {
        let desk = Desk::open(place).await;
        let (one, other) = (desk.order().await, desk.order().await);
        due(&desk, "call", 10, Some(one)).await;
        let (_, operator) = somebody(&desk.app, desk.company, Role::Operator).await;
        let all = shown(&operator, "/orders").await;
        assert!(all.contains("href=\"/orders?rail=call\"") && all.contains("Позвонить покупателю"), "{all}");
        assert!(all.contains(&format!("id=\"order-{one}\"")) && all.contains(&format!("id=\"order-{other}\"")));
        let chosen = shown(&operator, "/orders?rail=call").await;
        assert!(chosen.contains(&format!("id=\"order-{one}\"")) && !chosen.contains(&format!("id=\"order-{other}\"")));
        assert!(!chosen.contains("href=\"/orders?rail=call\""), "chosen again it is given up");
        let empty = shown(&operator, "/orders?rail=pick").await;
        assert!(!empty.contains("id=\"order-"), "{empty}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_counted_is_read_by_its_index_and_no_further() {
    let desk = Desk::open(takt_testing::Place::sqlite()).await;
    let order = desk.order().await;
    due(&desk, "call", 10, Some(order)).await;
    let scope = Scope::Desk { desk: desk.company, companies: vec![desk.company] };
    let words =
        takt_ui::Words::new(desk.app.wiring.texts.clone(), takt_ui::Lang::Ru, jiff::tz::TimeZone::UTC);
    let steps = desk
        .app
        .read(move |r| {
            let rail = r.slots().of(&RAIL).next().copied().expect("a rail");
            let mut db = Watched::new(r);
            (rail.counts)(&mut db, &scope, &words)?;
            for value in ["late", "call"] {
                (rail.orders)(&mut db, &scope, value, 1_000)?;
            }
            Ok(db.plans.concat())
        })
        .await;
    let of_tasks: Vec<&String> = steps.iter().filter(|step| step.contains(" task ")).collect();
    assert!(of_tasks.len() >= 7, "{steps:?}");
    for step in of_tasks {
        assert!(step.starts_with("SEARCH task USING") && step.contains("(desk_id=?"), "{step}");
    }
    assert!(
        steps.iter().any(|step| step.contains("COVERING INDEX task_unfinished (desk_id=? AND kind=?")),
        "{steps:?}"
    );
}
