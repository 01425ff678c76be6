//! Tasks through verbs, the clock, pages and the API.

use serde_json::{Value, json};
use takt_staff::{
    Role, Scope, command_line,
    companies::OrganisationKind,
    engagements::{self, NewEngagement},
};
use takt_store::facts;
use takt_tasks::{
    Count, Filter, NewTask, State, TaskId, Whose, close, close_for_order, count, get, list, of_order, open,
    release, take,
};
use takt_testing::on_both_engines;
use takt_ui::{Lang, Texts, Words};

use super::desk::{
    Desk, QUARTER, by, features, kinds, next_of, nobody, of, order, organisation, permit, person, shop,
    somebody,
};

on_both_engines! {
    async fn opening_under_the_same_key_opens_once(place: Place) {
        let desk = Desk::open(place).await;
        let order = desk.order().await;
        let keyed = NewTask { key: Some("pick/1".to_owned()), ..desk.task("pick", Role::Warehouse, Some(order)) };
        let again = keyed.clone();
        let task = desk.app.write(move |tx| open(tx, keyed.clone(), &nobody())).await.expect("the first");
        assert_eq!(desk.app.write(move |tx| open(tx, again.clone(), &nobody())).await, None);
        let company = desk.company;
        desk.app.write(move |tx| close(tx, &permit(company), task, "done")).await;
        let closed = NewTask { key: Some("pick/1".to_owned()), ..desk.task("pick", Role::Warehouse, Some(order)) };
        assert_eq!(desk.app.write(move |tx| open(tx, closed.clone(), &nobody())).await, None, "even when closed");
        assert_eq!(desk.app.facts_named("tasks.opened").await, 1);
        let keyless = [desk.opened("call", Role::Operator, None).await, desk.opened("call", Role::Operator, None).await];
        assert_ne!(keyless[0], keyless[1]);
    }

    async fn a_task_is_done_by_its_role_or_by_who_stands_above(place: Place) {
        let desk = Desk::open(place).await;
        for role in [Role::Operator, Role::Warehouse, Role::Manager] {
            somebody(&desk.app, desk.company, role).await;
        }
        let task = desk.opened("pick", Role::Warehouse, None).await;
        let refused = by(&desk, Role::Operator, move |tx, permit| take(tx, permit, task)).await;
        assert!(refused.is_err_and(|fault| fault.is("tasks.other_role")));
        by(&desk, Role::Warehouse, move |tx, permit| take(tx, permit, task)).await.expect("taken");
        by(&desk, Role::Warehouse, move |tx, permit| take(tx, permit, task)).await.expect("twice is nothing");
        assert_eq!(desk.app.facts_named("tasks.taken").await, 1);
        let refused = by(&desk, Role::Manager, move |tx, permit| take(tx, permit, task)).await;
        assert!(refused.is_err_and(|fault| fault.is("tasks.taken_already")));
        let refused = by(&desk, Role::Operator, move |tx, permit| close(tx, permit, task, "done")).await;
        assert!(refused.is_err_and(|fault| fault.is("tasks.taken_already")));
        by(&desk, Role::Manager, move |tx, permit| release(tx, permit, task)).await.expect("given back");
        let refused = by(&desk, Role::Manager, move |tx, permit| release(tx, permit, task)).await;
        assert!(refused.is_err_and(|fault| fault.is("tasks.not_taken")));
        by(&desk, Role::Manager, move |tx, permit| close(tx, permit, task, "done")).await.expect("closed");
        for verb in [take, release] {
            let refused = by(&desk, Role::Manager, move |tx, permit| verb(tx, permit, task)).await;
            assert!(refused.is_err_and(|fault| fault.is("tasks.closed_already")));
        }
        let closed = desk.read(task).await;
        assert!(closed.assignee().is_some() && closed.is_closed(), "whoever closes it has done it: {closed:?}");
    }

    async fn taking_a_task_takes_its_order_in_hand(place: Place) {
        let desk = Desk::open(place).await;
        somebody(&desk.app, desk.company, Role::Operator).await;
        let order = desk.order().await;
        let task = desk.opened("call", Role::Operator, Some(order)).await;
        by(&desk, Role::Operator, move |tx, permit| take(tx, permit, task)).await.expect("taken");
        let company = desk.company;
        assert!(desk.app.read(move |r| takt_orders::load(r, company, order)).await.taken);
        desk.app.db.number_facts().await.expect("numbered");
        let said = desk.app.read(move |r| facts::of_subject(r, company, "task", task.get(), 0, 10)).await;
        let taken = &said.last().expect("said").body;
        assert_eq!((&taken["kind"], &taken["order"]), (&json!("call"), &json!(order)));
    }

    async fn a_missed_deadline_asks_the_next_above_to_the_second(place: Place) {
        let desk = Desk::open(place).await;
        let task = desk.opened("pick", Role::Warehouse, None).await;
        desk.app.advance(QUARTER - 1).await;
        assert_eq!(desk.app.facts_named("tasks.escalated").await, 0);
        for (seconds, asked, said) in
            [(1, Role::Manager, 1), (QUARTER - 1, Role::Manager, 1), (1, Role::Owner, 2), (9 * QUARTER, Role::Owner, 2)]
        {
            desk.app.advance(seconds).await;
            assert_eq!(desk.read(task).await.escalated_to, Some(asked), "after {seconds} s more");
            assert_eq!(desk.app.facts_named("tasks.escalated").await, said);
        }
        let late = desk.read(task).await;
        assert!(late.is_overdue(desk.app.now()) && late.role == Role::Warehouse, "{late:?}");
    }

    async fn the_one_asked_has_working_minutes_only(place: Place) {
        let desk = Desk::open(place).await;
        // Monday 17:50 in Moscow: the manager's quarter of an hour ends on Tuesday at 9:05.
        desk.app.clock.advance_seconds(8 * 3600 + 50 * 60 - QUARTER);
        let task = desk.opened("call", Role::Operator, None).await;
        desk.app.advance(QUARTER).await;
        assert_eq!(desk.read(task).await.escalated_to, Some(Role::Manager));
        desk.app.advance(15 * 3600 + QUARTER - 1).await;
        assert_eq!(desk.read(task).await.escalated_to, Some(Role::Manager));
        desk.app.advance(1).await;
        assert_eq!(desk.read(task).await.escalated_to, Some(Role::Owner));
    }

    async fn what_is_done_in_time_escalates_nothing(place: Place) {
        let desk = Desk::open(place).await;
        let (task, company) = (desk.opened("pick", Role::Warehouse, None).await, desk.company);
        desk.app.write(move |tx| close(tx, &permit(company), task, "done")).await;
        let drained = desk.app.advance(10 * QUARTER).await;
        assert_eq!((drained.timers, desk.app.facts_named("tasks.escalated").await), (0, 0));
        let empty = desk.app.try_write(move |tx| close(tx, &permit(company), task, " ")).await;
        assert!(empty.is_err_and(|fault| fault.fields()[0].path == "outcome"));
    }

    async fn a_cancelled_order_leaves_nothing_to_do(place: Place) {
        let desk = Desk::open(place).await;
        let (order, other) = (desk.order().await, desk.order().await);
        let (pick, call) = (
            desk.opened("pick", Role::Warehouse, Some(order)).await,
            desk.opened("call", Role::Operator, Some(order)).await,
        );
        let kept = desk.opened("pick", Role::Warehouse, Some(other)).await;
        let company = desk.company;
        let closed = desk
            .app
            .write(move |tx| close_for_order(tx, company, order, "pick", "packed", &nobody()))
            .await;
        assert_eq!(closed, 1);
        desk.app.write(move |tx| takt_orders::cancel(tx, &permit(company), order, None, "передумал").map(|_| ())).await;
        desk.app.drain().await;
        for (task, outcome) in [(pick, "packed"), (call, "order_cancelled")] {
            match desk.read(task).await.state {
                State::Closed { outcome: stored, .. } => assert_eq!(stored, outcome),
                open => unreachable!("{open:?}"),
            }
        }
        assert_eq!(desk.read(kept).await.state, State::Open);
        let of_order = desk.app.read(move |r| of_order(r, company, order)).await;
        assert_eq!(of_order.into_iter().map(|task| task.id).collect::<Vec<_>>(), [pick, call]);
    }

    async fn lists_are_by_deadline_and_by_whose_they_are(place: Place) {
        let desk = Desk::open(place).await;
        let (person, _) = somebody(&desk.app, desk.company, Role::Operator).await;
        for (minutes, kind, role) in
            [(30, "later", Role::Operator), (10, "sooner", Role::Operator), (20, "pick", Role::Warehouse)]
        {
            let due_at = desk.app.now().plus_seconds(minutes * 60);
            let new = NewTask { due_at, ..desk.task(kind, role, None) };
            desk.app.write(move |tx| open(tx, new.clone(), &nobody())).await;
        }
        let (app, company, scope) = (&desk.app, desk.company, of(desk.company));
        assert_eq!(kinds(app, scope.clone(), Whose::All).await, ["sooner", "pick", "later"]);
        let operators = Whose::OfRoles(vec![(company, Role::Operator.into())]);
        assert_eq!(kinds(app, scope.clone(), operators.clone()).await, ["sooner", "later"]);
        assert!(kinds(app, scope.clone(), Whose::Of(person)).await.is_empty());
        let sooner = app.read({
            let scope = scope.clone();
            move |r| Ok(list(r, &scope, &Filter::unfinished(Whose::All, 1))?.items[0].id)
        }).await;
        by(&desk, Role::Operator, move |tx, permit| take(tx, permit, sooner)).await.expect("taken");
        assert_eq!(kinds(app, scope.clone(), Whose::Of(person)).await, ["sooner"]);
        app.advance(25 * 60).await;
        let managers = Whose::OfRoles(vec![(company, Role::Manager.into())]);
        assert_eq!(kinds(app, scope.clone(), managers).await, ["sooner", "pick"], "what was escalated");
        let counted = app.read({
            let scope = scope.clone();
            move |r| count(r, &scope, &operators)
        }).await;
        assert_eq!(counted, Count { unfinished: 2, overdue: 1 });
        let (mut walked, mut cursor): (Vec<String>, Option<TaskId>) = (Vec::new(), None);
        loop {
            let filter = Filter { cursor, ..Filter::unfinished(Whose::All, 1) };
            let scope = scope.clone();
            let page = app.read(move |r| list(r, &scope, &filter)).await;
            walked.extend(page.items.into_iter().map(|task| task.kind));
            cursor = page.next_cursor;
            if cursor.is_none() {
                break;
            }
        }
        assert_eq!(walked, ["sooner", "pick", "later"]);
    }

    async fn another_company_sees_and_does_nothing_of_ours(place: Place) {
        let desk = Desk::open(place).await;
        let theirs = organisation(&desk.app, "Кофе", OrganisationKind::Company).await;
        let task = desk.opened("pick", Role::Warehouse, None).await;
        let foreign = desk.app.db.read("test", move |r| get(r, &of(theirs), task)).await;
        assert!(foreign.is_err_and(|fault| fault.is("tasks.missing")));
        assert!(kinds(&desk.app, of(theirs), Whose::All).await.is_empty());
        let taken = desk.app.try_write(move |tx| take(tx, &permit(theirs), task)).await;
        assert!(taken.is_err_and(|fault| fault.is("tasks.missing")));
    }

    async fn a_desk_sees_tasks_while_it_is_engaged(place: Place) {
        let desk = Desk::open(place).await;
        let firm = organisation(&desk.app, "Светосила", OrganisationKind::Desk).await;
        let task = desk.opened("call", Role::Operator, None).await;
        let scope = Scope::Desk { desk: firm, companies: vec![desk.company] };
        assert!(kinds(&desk.app, scope.clone(), Whose::All).await.is_empty(), "not theirs yet");
        let (company, from) = (desk.company, desk.app.now());
        let engaged = NewEngagement { desk: firm, from, until: None, roles: Role::Operator.into() };
        desk.app.write(move |tx| engagements::start(tx, &permit(company), &engaged)).await;
        desk.app.drain().await;
        assert_eq!(kinds(&desk.app, scope.clone(), Whose::All).await, ["call"]);
        let alone = Scope::Desk { desk: firm, companies: vec![] };
        assert!(kinds(&desk.app, alone, Whose::All).await.is_empty());
        let new = desk.opened("pick", Role::Warehouse, None).await;
        assert_ne!(task, new);
        assert_eq!(kinds(&desk.app, scope, Whose::All).await.len(), 2);
    }

    async fn tasks_go_with_the_desk_at_the_date_that_was_agreed(place: Place) {
        let desk = Desk::open(place).await;
        let firm = organisation(&desk.app, "Светосила", OrganisationKind::Desk).await;
        desk.opened("call", Role::Operator, None).await;
        let (company, from) = (desk.company, desk.app.now().plus_seconds(100));
        let until = Some(from.plus_seconds(100));
        let engaged = NewEngagement { desk: firm, from, until, roles: Role::Operator.into() };
        desk.app.write(move |tx| engagements::start(tx, &permit(company), &engaged)).await;
        desk.app.drain().await;
        let anna = person(&desk.app, firm, "Анна", Role::Operator.into()).await;
        let ours = person(&desk.app, company, "Ольга", Role::Operator.into()).await;
        let theirs = Scope::Desk { desk: firm, companies: vec![company] };
        assert!(kinds(&desk.app, theirs.clone(), Whose::All).await.is_empty());
        desk.app.advance(100).await;
        assert_eq!(kinds(&desk.app, theirs.clone(), Whose::All).await, ["call"]);
        let given = next_of(&desk.app, anna, &[company]).await.expect("the call");
        // She is still at it when the engagement ends.
        desk.app.advance(100).await;
        assert!(kinds(&desk.app, theirs, Whose::All).await.is_empty());
        assert_eq!(next_of(&desk.app, ours, &[company]).await.map(|task| task.id), Some(given.id));
    }

    async fn two_people_who_reach_for_one_task_do_not_both_get_it(place: Place) {
        let desk = Desk::open(place).await;
        let order = desk.order().await;
        let task = desk.opened("call", Role::Operator, Some(order)).await;
        for role in [Role::Operator, Role::Manager] {
            somebody(&desk.app, desk.company, role).await;
        }
        let reach = |role| by(&desk, role, move |tx, permit| take(tx, permit, task));
        let (one, other) = takt_testing::tokio::join!(reach(Role::Operator), reach(Role::Manager));
        assert_eq!(usize::from(one.is_ok()) + usize::from(other.is_ok()), 1, "{one:?} {other:?}");
        assert_eq!(desk.app.facts_named("tasks.taken").await, 1);
    }

    async fn the_api_tells_a_shop_about_its_orders_only(place: Place) {
        let desk = Desk::open(place).await;
        let second = shop(&desk.app, desk.company, "Вторая").await;
        let (ours, theirs) = (desk.order().await, order(&desk.app, desk.company, second).await);
        let pick = desk.opened("pick", Role::Warehouse, Some(ours)).await;
        desk.opened("call", Role::Operator, Some(theirs)).await;
        desk.opened("about nothing", Role::Operator, None).await;
        let company = desk.company.to_string();
        let (_, secret) = command_line::create_token(&desk.app.db, &company, "Чайная", "t", "tasks:read").await.expect("a token");
        let client = desk.app.client().with_token(&secret);
        let answer = client.get(&format!("/api/v1/tasks?order={ours}")).await;
        assert_eq!(answer.status, 200, "{}", answer.text());
        let body: Value = answer.json();
        let now = desk.app.now();
        let expected = json!({
            "id": pick, "kind": "pick", "role": "warehouse", "escalated_to": null, "order": ours,
            "due_at": now.plus_seconds(QUARTER), "state": "open", "opened_at": now, "taken_at": null,
            "closed_at": null, "outcome": null, "overdue": false, "leased_until": null,
        });
        assert_eq!(body, json!({"items": [expected], "next_cursor": null}));
        let all: Value = client.get("/api/v1/tasks").await.json();
        assert_eq!(all["items"].as_array().expect("items").len(), 1);
        let company = desk.company;
        desk.app.write(move |tx| close(tx, &permit(company), pick, "done")).await;
        let closed: Value = client.get(&format!("/api/v1/tasks?order={ours}")).await.json();
        assert_eq!((&closed["items"][0]["state"], &closed["items"][0]["outcome"]), (&json!("closed"), &json!("done")));
        assert_eq!(client.get("/api/v1/tasks").await.json::<Value>()["items"], json!([]));
        assert_eq!(client.get(&format!("/api/v1/tasks?order={theirs}")).await.status, 404);
        assert_eq!(client.get("/api/v1/tasks?order=x").await.status, 422);
        assert_eq!(desk.app.get("/api/v1/tasks").await.status, 401);
    }

    async fn pages_list_take_and_close(place: Place) {
        let desk = Desk::open(place).await;
        let order = desk.order().await;
        let task = desk.opened("pick", Role::Warehouse, Some(order)).await;
        let (_, picker) = somebody(&desk.app, desk.company, Role::Warehouse).await;
        let page = picker.get("/tasks").await;
        assert!(page.status.is_success() && page.text().contains("Собрать"), "{}", page.text());
        let (path, back) = (format!("/tasks/{task}"), format!("/orders/{order}"));
        let taken = picker.post_form(&format!("{path}/take"), &[("back", "/tasks?show=mine")]).await;
        assert_eq!((taken.status.as_u16(), taken.location()), (303, "/tasks?show=mine"));
        assert!(picker.get("/tasks?show=mine").await.text().contains("Собрать"));
        let card = picker.get(&back).await;
        assert!(card.status.is_success() && card.text().contains("Собрать"), "{}", card.text());
        let (_, operator) = somebody(&desk.app, desk.company, Role::Operator).await;
        assert_eq!(operator.post_form(&format!("{path}/close"), &[]).await.status, 409);
        let closed = picker.post_form(&format!("{path}/close"), &[("back", "https://evil.example")]).await;
        assert_eq!((closed.status.as_u16(), closed.location()), (303, "/tasks"));
        assert!(!picker.get("/tasks?show=all").await.text().contains("Собрать"));
        let (_, auditor) = somebody(&desk.app, desk.company, Role::Auditor).await;
        assert!(auditor.get("/tasks?show=all").await.status.is_success());
        assert_eq!(auditor.post_form(&format!("{path}/take"), &[]).await.status, 403);
        let theirs = organisation(&desk.app, "Кофе", OrganisationKind::Company).await;
        let (_, stranger) = somebody(&desk.app, theirs, Role::Owner).await;
        assert_eq!(stranger.post_form(&format!("{path}/take"), &[]).await.status, 404);
    }
}

#[test]
fn every_sample_is_drawn_in_both_languages() {
    let wiring = takt_feature::Wiring::assemble(features());
    assert_eq!(wiring.problems(), Vec::<String>::new());
    for lang in Lang::ALL {
        let words = Words::new(wiring.texts.clone(), lang, jiff::tz::TimeZone::UTC);
        for sample in wiring.samples.iter().filter(|sample| sample.name.starts_with("tasks/")) {
            let drawn = (sample.render)(&words).into_string();
            assert_eq!(Texts::missing_in(&drawn), Vec::<String>::new(), "{} in {lang}", sample.name);
        }
    }
}
