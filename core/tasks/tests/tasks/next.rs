//! "Give me the next": the most urgent, to nobody twice, and never lost.

use std::collections::BTreeSet;

use serde_json::{Value, json};
use takt_orders::{OrderId, defer, set_urgent};
use takt_staff::{Role, command_line, permit_of};
use takt_store::{facts, params, sql};
use takt_tasks::{DoTasks, NewTask, State, TaskId, close, open, release, take, take_next};
use takt_testing::{on_both_engines, tokio};

use super::desk::{
    Desk, QUARTER, desk_of, next_of, nobody, order, organisation, permit, person, shop, somebody,
};

const LEASE: i64 = 10 * 60;

/// Opens a task that is due in so many minutes.
async fn due(desk: &Desk, kind: &'static str, role: Role, minutes: i64, order: Option<OrderId>) -> TaskId {
    let due_at = desk.app.now().plus_seconds(minutes * 60);
    let new = NewTask { due_at, ..desk.task(kind, role, order) };
    desk.app.write(move |tx| open(tx, new.clone(), &nobody())).await.expect("a new task")
}

on_both_engines! {
    async fn the_most_urgent_of_ones_own_comes_first(place: Place) {
        let desk = Desk::open(place).await;
        let company = desk.company;
        let operator = person(&desk.app, company, "Анна", Role::Operator.into()).await;
        let manager = person(&desk.app, company, "Пётр", Role::Manager.into()).await;
        let later = due(&desk, "call", Role::Operator, 30, None).await;
        due(&desk, "pick", Role::Warehouse, 1, None).await;
        let sooner = due(&desk, "call", Role::Operator, 20, None).await;
        let asked = due(&desk, "decide", Role::Manager, 90, None).await;
        let first = next_of(&desk.app, operator, &[company]).await.expect("something to do");
        assert_eq!(first.id, sooner, "nearest deadline, and nothing of the warehouse");
        assert_eq!(first.leased_until, Some(desk.app.now().plus_seconds(LEASE)));
        assert_eq!(next_of(&desk.app, operator, &[company]).await.map(|task| task.id), Some(sooner), "still held");
        desk.app.write(move |tx| close(tx, &permit(company), sooner, "done")).await;
        assert_eq!(next_of(&desk.app, operator, &[company]).await.map(|task| task.id), Some(later));
        desk.app.write(move |tx| close(tx, &permit(company), later, "done")).await;
        assert_eq!(next_of(&desk.app, operator, &[company]).await, None, "the rest is not theirs");
        assert_eq!(next_of(&desk.app, manager, &[company]).await.map(|task| task.id), Some(asked), "own before others'");
        desk.app.write(move |tx| close(tx, &permit(company), asked, "done")).await;
        let stands_in = next_of(&desk.app, manager, &[company]).await.expect("for the warehouse");
        assert_eq!(stands_in.kind, "pick");
    }

    async fn a_broken_promise_goes_before_a_nearer_deadline(place: Place) {
        let desk = Desk::open(place).await;
        let company = desk.company;
        let operator = person(&desk.app, company, "Анна", Role::Operator.into()).await;
        let late = desk.order().await;
        let until = desk.app.now().plus_seconds(60);
        desk.app.write(move |tx| defer(tx, &permit(company), late, None, until).map(|_| ())).await;
        desk.app.advance(59).await;
        // Its promise is to be looked at in a second, long before the task about it is due.
        let promised = due(&desk, "call", Role::Operator, 120, Some(late)).await;
        let near = due(&desk, "call", Role::Operator, 5, None).await;
        desk.app.clock.advance_seconds(2);
        assert_eq!(next_of(&desk.app, operator, &[company]).await.map(|task| task.id), Some(promised));
        desk.app.write(move |tx| close(tx, &permit(company), promised, "done")).await;
        assert_eq!(next_of(&desk.app, operator, &[company]).await.map(|task| task.id), Some(near));
    }

    async fn what_is_about_an_urgent_order_comes_first_as_long_as_it_is_urgent(place: Place) {
        let desk = Desk::open(place).await;
        let company = desk.company;
        let operator = person(&desk.app, company, "Анна", Role::Operator.into()).await;
        let (hurried, usual) = (desk.order().await, desk.order().await);
        let near = due(&desk, "call", Role::Operator, 5, Some(usual)).await;
        let far = due(&desk, "call", Role::Operator, 120, Some(hurried)).await;
        let urgent = async |urgent| {
            desk.app.write(move |tx| set_urgent(tx, &permit(company), hurried, urgent).map(|_| ())).await;
            desk.app.drain().await;
        };
        urgent(true).await;
        let later = due(&desk, "check", Role::Operator, 60, Some(hurried)).await;
        for expected in [far, later] {
            let given = next_of(&desk.app, operator, &[company]).await.map(|task| task.id);
            assert_eq!(given, Some(expected));
            desk.app.write(move |tx| close(tx, &permit(company), expected, "done")).await;
        }
        let last = due(&desk, "check", Role::Operator, 90, Some(hurried)).await;
        urgent(false).await;
        assert_eq!(next_of(&desk.app, operator, &[company]).await.map(|task| task.id), Some(near), "not {last}");
    }

    async fn a_desk_is_given_the_most_urgent_of_all_its_companies(place: Place) {
        let desk = Desk::open(place).await;
        let (app, first) = (&desk.app, desk.company);
        let second = organisation(app, "Кофе", takt_staff::companies::OrganisationKind::Company).await;
        let foreign = organisation(app, "Какао", takt_staff::companies::OrganisationKind::Company).await;
        let firm = desk_of(app, &[first, second], Role::Operator.into()).await;
        let operator = person(app, firm, "Анна", Role::Operator.into()).await;
        let open_in = |company, minutes: i64| NewTask {
            company, due_at: app.now().plus_seconds(minutes * 60), ..desk.task("call", Role::Operator, None)
        };
        let mut opened = Vec::new();
        for new in [open_in(first, 20), open_in(second, 10), open_in(foreign, 1)] {
            opened.push(app.write(move |tx| open(tx, new.clone(), &nobody())).await.expect("a task"));
        }
        let mut given = Vec::new();
        while let Some(task) = next_of(app, operator, &[first, second]).await {
            given.push(task.id);
            app.write(move |tx| close(tx, &permit(task.company), task.id, "done")).await;
        }
        assert_eq!(given, [opened[1], opened[0]], "and nothing of a company that did not engage the desk");
    }

    async fn many_who_ask_at_once_are_never_given_the_same(place: Place) {
        let desk = Desk::open(place).await;
        let company = desk.company;
        let mut people = Vec::new();
        for number in 0..24 {
            people.push(person(&desk.app, company, &format!("{number}"), Role::Operator.into()).await);
        }
        for _ in 0..20 {
            let order = desk.order().await;
            due(&desk, "call", Role::Operator, 15, Some(order)).await;
        }
        let mut asking = tokio::task::JoinSet::new();
        for person in people {
            let db = desk.app.db.clone();
            asking.spawn(async move {
                db.write("test.next", move |tx| {
                    let permit = permit_of::<DoTasks>(tx, person, company)?;
                    Ok(take_next(tx, &[permit])?.map(|task| (task.id, task.order)))
                })
                .await
            });
        }
        let given: Vec<_> = asking.join_all().await.into_iter().map(|given| given.expect("an answer")).collect();
        let tasks: BTreeSet<_> = given.iter().flatten().map(|(task, _)| *task).collect();
        let orders: BTreeSet<_> = given.iter().flatten().filter_map(|(_, order)| *order).collect();
        assert_eq!((given.iter().flatten().count(), tasks.len(), orders.len()), (20, 20, 20), "{given:?}");
        assert_eq!(desk.app.facts_named("tasks.taken").await, 20);
        assert_eq!(desk.app.facts_named("orders.taken").await, 20);
    }

    async fn with_what_nothing_is_done_goes_back_when_the_lease_ends(place: Place) {
        let desk = Desk::open(place).await;
        let company = desk.company;
        let (anna, pavel) = (
            person(&desk.app, company, "Анна", Role::Operator.into()).await,
            person(&desk.app, company, "Павел", Role::Operator.into()).await,
        );
        let order = desk.order().await;
        let task = due(&desk, "call", Role::Operator, 60, Some(order)).await;
        next_of(&desk.app, anna, &[company]).await.expect("the task");
        assert_eq!(next_of(&desk.app, pavel, &[company]).await, None, "it is given to one");
        desk.app.advance(LEASE - 1).await;
        assert_eq!(desk.app.facts_named("tasks.lease_ended").await, 0);
        desk.app.advance(1).await;
        assert_eq!((desk.read(task).await.state, desk.app.facts_named("tasks.lease_ended").await), (State::Open, 1));
        let waits = desk.app.read(move |r| takt_orders::load(r, company, order)).await;
        assert_eq!((waits.taken, waits.taken_by), (false, None), "it waits for our people again");
        assert_eq!(desk.app.facts_named("orders.given_back").await, 1);
        desk.app.db.number_facts().await.expect("numbered");
        let said = desk.app.read(move |r| facts::of_subject(r, company, "task", task.get(), 0, 10)).await;
        assert_eq!(said.last().expect("said").body["person"], json!(anna), "who had it is told");
        assert_eq!(next_of(&desk.app, pavel, &[company]).await.map(|given| given.id), Some(task));
        // Who is at work on the order keeps it for as long again.
        desk.app.advance(LEASE / 2).await;
        desk.app.write(move |tx| {
            let permit = permit_of(tx, pavel, company)?;
            takt_orders::comment(tx, &permit, order, "перезвонить").map(|_| ())
        }).await;
        desk.app.advance(LEASE / 2).await;
        assert_eq!(desk.read(task).await.assignee(), Some(pavel));
        desk.app.advance(LEASE).await;
        assert_eq!(desk.read(task).await.state, State::Open, "and then nothing more was done");
    }

    async fn what_was_given_back_is_given_to_others_first(place: Place) {
        let desk = Desk::open(place).await;
        let company = desk.company;
        let anna = person(&desk.app, company, "Анна", Role::Operator.into()).await;
        let task = due(&desk, "call", Role::Operator, 5, None).await;
        let other = due(&desk, "call", Role::Operator, 50, None).await;
        next_of(&desk.app, anna, &[company]).await.expect("the first");
        desk.app.write(move |tx| {
            let permit = permit_of::<DoTasks>(tx, anna, company)?;
            release(tx, &permit, task)
        }).await;
        assert_eq!(next_of(&desk.app, anna, &[company]).await.map(|task| task.id), Some(other));
        desk.app.write(move |tx| {
            let permit = permit_of::<DoTasks>(tx, anna, company)?;
            take(tx, &permit, other)
        }).await;
        desk.app.advance(QUARTER).await;
        assert_eq!(desk.read(other).await.assignee(), Some(anna), "what is kept has no lease");
        assert_eq!(next_of(&desk.app, anna, &[company]).await.map(|task| task.id), Some(task), "after a while again");
        desk.app.write(move |tx| close(tx, &permit(company), task, "done")).await;
        let drained = desk.app.advance(LEASE).await;
        assert_eq!(drained.timers, 0, "what is done has no lease");
    }

    async fn the_button_leads_to_the_order(place: Place) {
        let desk = Desk::open(place).await;
        let order = desk.order().await;
        due(&desk, "call", Role::Operator, 5, Some(order)).await;
        let (_, operator) = somebody(&desk.app, desk.company, Role::Operator).await;
        for page in ["/tasks", "/orders"] {
            assert!(operator.get(page).await.text().contains("action=\"/tasks/next\""), "{page}");
        }
        let given = operator.post_form("/tasks/next", &[("back", "/tasks")]).await;
        assert_eq!((given.status.as_u16(), given.location()), (303, format!("/orders/{order}").as_str()));
        assert!(operator.get(given.location()).await.text().contains("Оставить за собой"));
        let (_, picker) = somebody(&desk.app, desk.company, Role::Warehouse).await;
        let nothing = picker.post_form("/tasks/next", &[("back", "/tasks?show=mine")]).await;
        assert_eq!((nothing.status.as_u16(), nothing.location()), (303, "/tasks?show=mine"));
        let (_, auditor) = somebody(&desk.app, desk.company, Role::Auditor).await;
        assert_eq!(auditor.post_form("/tasks/next", &[]).await.status, 403);
    }

    async fn a_shops_program_does_the_next_of_its_shop(place: Place) {
        let desk = Desk::open(place).await;
        let second = shop(&desk.app, desk.company, "Вторая").await;
        let (ours, theirs) = (desk.order().await, order(&desk.app, desk.company, second).await);
        due(&desk, "pick", Role::Warehouse, 1, Some(theirs)).await;
        let task = due(&desk, "pick", Role::Warehouse, 9, Some(ours)).await;
        let company = desk.company.to_string();
        let token = |scopes| command_line::create_token(&desk.app.db, &company, "Чайная", "t", scopes);
        let (_, reads) = token("tasks:read").await.expect("a token");
        let (_, does) = token("tasks:read,tasks:write").await.expect("a token");
        let reader = desk.app.client().with_token(&reads);
        assert_eq!(reader.post_json("/api/v1/tasks/next", &json!({})).await.status, 403);
        let program = desk.app.client().with_token(&does);
        let answer = program.post_json("/api/v1/tasks/next", &json!({})).await;
        assert_eq!(answer.status, 200, "{}", answer.text());
        let given: Value = answer.json();
        assert_eq!((&given["task"]["id"], &given["task"]["state"]), (&json!(task), &json!("taken")));
        let none: Value = program.post_json("/api/v1/tasks/next", &json!({})).await.json();
        assert_eq!(none, json!({"task": null}), "nothing of the other shop");
        let back: Value = program.post_json(&format!("/api/v1/tasks/{task}/release"), &json!({})).await.json();
        assert_eq!(back["state"], json!("open"));
        let path = format!("/api/v1/tasks/{task}/close");
        let closed: Value = program.post_json(&path, &json!({"outcome": "packed"})).await.json();
        assert_eq!((&closed["state"], &closed["outcome"]), (&json!("closed"), &json!("packed")));
        assert_eq!(program.post_json(&path, &json!({})).await.status, 409);
        let foreign = desk.read_all().await.into_iter().find(|task| task.order == Some(theirs)).expect("theirs").id;
        assert_eq!(program.post_json(&format!("/api/v1/tasks/{foreign}/close"), &json!({})).await.status, 404);
    }

    async fn minutes_of_the_lease_are_a_setting(place: Place) {
        let desk = Desk::open(place).await;
        let (_, owner) = somebody(&desk.app, desk.company, Role::Owner).await;
        let minutes = |lease: &'static str| [("lease_minutes", lease), ("escalate_after_minutes", "15"), ("answer_minutes", "60")];
        let refused = owner.post_form("/settings/tasks", &minutes("0")).await;
        assert!(refused.status == 422 && refused.text().contains("от 1 до"), "{}", refused.text());
        assert_eq!(owner.post_form("/settings/tasks", &minutes("3")).await.status, 303);
        let anna = person(&desk.app, desk.company, "Анна", Role::Operator.into()).await;
        due(&desk, "call", Role::Operator, 60, None).await;
        let given = next_of(&desk.app, anna, &[desk.company]).await.expect("a task");
        assert_eq!(given.leased_until, Some(desk.app.now().plus_seconds(180)));
    }

    async fn among_a_hundred_thousand_open_tasks_the_one_is_found_that_one_may_do(place: Place) {
    let desk = Desk::open(place).await;
    let company = desk.company;
    let operator = person(&desk.app, company, "Анна", Role::Operator.into()).await;
    desk.app
        .write(move |tx| {
            let now = takt_store::Query::now(tx);
            tx.put(
                sql!(
                    "insert into task (company_id, id, desk_id, kind, role, state, due_at, urgent_at, args, opened_at)
                     select :company_id, 1000000 + n, :company_id, 'pick', 'warehouse', 'open', :now, :now, 'null', :now
                     from (
                       select cast(a.value as bigint) * 1000 + cast(b.value as bigint) as n
                       from {pg:json_array_elements_text(cast(cast(:hundred as text) as json))|sqlite:json_each(:hundred)} a
                       cross join {pg:json_array_elements_text(cast(cast(:thousand as text) as json))|sqlite:json_each(:thousand)} b
                     ) as numbers"
                ),
                params![
                    company_id: company, now: now, hundred: json!((0..100).collect::<Vec<_>>()).to_string(),
                    thousand: json!((0..1000).collect::<Vec<_>>()).to_string(),
                ],
            )
        })
        .await;
    let task = due(&desk, "call", Role::Operator, 60, None).await;
    // How it is found, by which index and no further, is held by the plans beside the verb.
    assert_eq!(next_of(&desk.app, operator, &[company]).await.map(|task| task.id), Some(task));
    }
}
