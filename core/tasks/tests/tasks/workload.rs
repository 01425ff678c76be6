//! How much everybody has to do and has done.

use takt_staff::{Role, permit_of};
use takt_tasks::{DoTasks, NewTask, Workload, close, open, take, workload};
use takt_testing::on_both_engines;

use super::desk::{Desk, nobody, of, person, somebody};

on_both_engines! {
    async fn each_person_is_told_with_what_they_have_and_did(place: Place) {
        let desk = Desk::open(place).await;
        let (company, since) = (desk.company, desk.app.now());
        let [anna, pavel, olga] = [
            person(&desk.app, company, "Анна", Role::Operator.into()).await,
            person(&desk.app, company, "Павел", Role::Operator.into()).await,
            person(&desk.app, company, "Ольга", Role::Operator.into()).await,
        ];
        for (who, minutes, done_after) in
            [(anna, 1, None), (anna, 600, None), (anna, 600, Some(60)), (anna, 600, Some(180)), (pavel, 600, Some(5))]
        {
            let due_at = desk.app.now().plus_seconds(minutes * 60);
            let new = NewTask { due_at, ..desk.task("call", Role::Operator, None) };
            let task = desk.app.write(move |tx| {
                let task = open(tx, new.clone(), &nobody())?.expect("a task");
                let permit = permit_of::<DoTasks>(tx, who, company)?;
                take(tx, &permit, task)?;
                Ok(task)
            }).await;
            if let Some(seconds) = done_after {
                desk.app.clock.advance_seconds(seconds);
                desk.app.write(move |tx| {
                    let permit = permit_of::<DoTasks>(tx, who, company)?;
                    close(tx, &permit, task, "done")
                }).await;
            }
        }
        let (scope, people) = (of(company), vec![anna, pavel, olga]);
        let loads = desk.app.read(move |r| workload(r, &scope, &people, since)).await;
        let load = |open, overdue, done, median_seconds| Workload { open, overdue, done, median_seconds };
        assert_eq!(loads[&anna], load(2, 1, 2, Some(120)));
        assert_eq!(loads[&pavel], load(0, 0, 1, Some(5)));
        assert_eq!(loads[&olga], load(0, 0, 0, None));
        let (theirs, people) = (of(takt_kernel::CompanyId::new(1)), vec![anna]);
        let foreign = desk.app.read(move |r| workload(r, &theirs, &people, since)).await;
        assert_eq!(foreign[&anna], load(0, 0, 0, None), "another company is told nothing");
    }

    async fn each_number_beside_a_person_leads_to_what_it_counts(place: Place) {
        let desk = Desk::open(place).await;
        let (operator, browser) = somebody(&desk.app, desk.company, Role::Operator).await;
        let (_, manager) = somebody(&desk.app, desk.company, Role::Manager).await;
        let mut tasks = Vec::new();
        for (minutes, closed) in [(1, false), (600, false), (600, true)] {
            let due_at = desk.app.now().plus_seconds(minutes * 60);
            let new = NewTask { due_at, ..desk.task("call", Role::Operator, None) };
            let task = desk.app.write(move |tx| Ok(open(tx, new.clone(), &nobody())?.expect("a task"))).await;
            browser.post_form(&format!("/tasks/{task}/take"), &[]).await.expect_status(303);
            if closed {
                browser.post_form(&format!("/tasks/{task}/close"), &[]).await.expect_status(303);
            }
            tasks.push(task);
        }
        desk.app.clock.advance_seconds(5 * 60);
        let page = manager.get("/tasks/people").await.expect_status(200).text();
        let theirs = format!("/tasks?person={operator}");
        for (only, shown) in [("", &[0, 1][..]), ("&only=late", &[0]), ("&only=done", &[2])] {
            let path = format!("{theirs}{only}");
            assert!(page.contains(&format!("href=\"{}\"", path.replace('&', "&amp;"))), "{path}: {page}");
            let list = manager.get(&path).await.expect_status(200).text();
            for (index, task) in tasks.iter().enumerate() {
                let there = list.contains(&format!("\"task-{task}\""));
                assert_eq!(there, shown.contains(&index), "{path}, task {index}: {list}");
            }
            assert_eq!(takt_ui::Texts::missing_in(&list), Vec::<String>::new());
        }
    }

    async fn managers_see_the_people_and_go_to_their_tasks(place: Place) {
        let desk = Desk::open(place).await;
        let (operator, browser) = somebody(&desk.app, desk.company, Role::Operator).await;
        let (_, manager) = somebody(&desk.app, desk.company, Role::Manager).await;
        let task = desk.opened("pick", Role::Operator, None).await;
        browser.post_form(&format!("/tasks/{task}/take"), &[]).await.expect_status(303);
        let page = manager.get("/tasks/people").await.expect_status(200).text();
        assert!(page.contains(&format!("/tasks?person={operator}")), "{page}");
        assert_eq!(takt_ui::Texts::missing_in(&page), Vec::<String>::new());
        let theirs = manager.get(&format!("/tasks?person={operator}")).await.expect_status(200).text();
        assert!(theirs.contains(&format!("task-{task}")) && theirs.contains("которые взял"), "{theirs}");
        browser.get("/tasks/people").await.expect_status(403);
        // On leave by their own word, seen by the manager among the people.
        let leave = [("from", "2026-11-02T08:00"), ("until", "2026-11-05T09:00"), ("substitute", "role-manager")];
        browser.post_form("/settings/absences", &leave).await.expect_status(303);
        desk.app.drain().await;
        for path in ["/tasks/people", "/settings/people", "/settings/absences"] {
            let page = manager.get(path).await.expect_status(200).text();
            assert!(page.contains("нет до") || path == "/settings/absences", "{path}: {page}");
            assert_eq!(takt_ui::Texts::missing_in(&page), Vec::<String>::new());
        }
        assert!(manager.get("/tasks?show=role").await.text().contains("вместо"), "for the role that stands in");
        let own = browser.get("/settings/absences").await.expect_status(200).text();
        let end = own.split("action=\"").find(|part| part.contains("/end?")).and_then(|part| part.split('"').next()).expect("a way back");
        browser.post_form(&end.replace("&amp;", "&"), &[]).await.expect_status(303);
        desk.app.drain().await;
        assert_eq!(desk.read(task).await.assignee(), Some(operator));
    }
}
