use takt_cabinet::{questions_of, usual_answer};
use takt_orders::{comment, comment_to};
use takt_staff::{Permit, Role, managers, permit_of};
use takt_tasks::{Filter, State, Whose, list};
use takt_testing::on_both_engines;

use crate::desk::{Desk, company, permit};

on_both_engines! {
    async fn who_answers_stands_on_the_card_and_one_action_asks_them(place: Place) {
        let desk = Desk::open(place).await;
        let manager = desk.named(Role::Manager, "Анна Петрова").await;
        desk.person(Role::Owner).await;
        let order = desk.order("1", "10.00").await;
        let id = desk.company;
        desk.app.write(move |tx| managers::name(tx, &permit(id), Some(manager))).await;
        let owner = desk.sign_in(Role::Owner).await;
        let card = owner.get(&format!("/orders/{order}")).await.text();
        assert!(card.contains("Анна Петрова") && card.contains(&format!("/orders/{order}/ask")), "{card}");
        assert!(owner.get("/home").await.text().contains("Анна Петрова"));

        let to = manager.to_string();
        let asked = owner
            .post_form(&format!("/orders/{order}/ask"), &[("to", &to), ("comment", "Почему стоит?")])
            .await;
        assert_eq!(asked.status, 303, "{}", asked.text());
        desk.app.drain().await;
        let company = desk.company;
        let scope = takt_staff::Scope::Company { company, shops: None };
        let mine = desk
            .app
            .read(move |reader| list(reader, &scope, &Filter::unfinished(Whose::Of(manager), 10)))
            .await;
        assert_eq!(mine.items.len(), 1);
        assert_eq!(mine.items[0].kind, "answer");
        // An hour of working time from 9:00.
        assert_eq!(mine.items[0].due_at.seconds_since(desk.app.now()), 3_600);

        desk.app.advance(12 * 60).await;
        desk.app
            .write(move |tx| {
                let permit = permit_of(tx, manager, company)?;
                comment(tx, &permit, order, "Ждём курьера").map(|_| ())
            })
            .await;
        desk.app.drain().await;
        let asked = desk.app.read(move |reader| questions_of(reader, company, order)).await;
        assert_eq!(asked.len(), 1);
        assert!(asked[0].answered_at.is_some());
        let usual = desk.app.read(move |reader| usual_answer(reader, company, manager)).await;
        assert!(usual.is_some_and(|seconds| (12 * 60 - 1..=12 * 60).contains(&seconds)), "{usual:?}");
        let tasks = desk.app.read(move |reader| takt_tasks::of_order(reader, company, order)).await;
        assert!(
            matches!(&tasks[0].state, State::Closed { outcome, by, .. } if outcome == "answered" && *by == Some(manager)),
            "{tasks:?}"
        );
        let card = owner.get(&format!("/orders/{order}")).await.text();
        assert!(card.contains("12"), "{card}");
    }

    async fn an_answer_is_one_however_often_was_asked(place: Place) {
        let desk = Desk::open(place).await;
        let manager = desk.person(Role::Manager).await;
        let order = desk.order("1", "10.00").await;
        let company = desk.company;
        for _ in 0..55 {
            desk.app.write(move |tx| comment_to(tx, &permit(company), order, "Что там?", &[manager]).map(|_| ())).await;
        }
        desk.app.drain().await;
        desk.app.advance(60).await;
        desk.app
            .write(move |tx| {
                let permit = permit_of(tx, manager, company)?;
                comment(tx, &permit, order, "Ждём курьера").map(|_| ())
            })
            .await;
        desk.app.drain().await;
        let open = takt_store::Statement::new("select count(*) as left_open from cabinet_question where answered_at is null");
        let open: i64 = desk.app.read(move |reader| takt_store::Query::opt_of(reader, &open)?.expect("a row").get("left_open")).await;
        assert_eq!(open, 0);
        let last = desk.app.write(move |tx| comment_to(tx, &permit(company), order, "А теперь?", &[manager])).await;
        desk.app.drain().await;
        let asked = desk.app.read(move |reader| questions_of(reader, company, order)).await;
        assert_eq!(asked.last().map(|question| question.comment), Some(last), "what was asked last is not left out");
    }

    async fn a_name_in_a_comment_asks_like_a_picked_one(place: Place) {
        let desk = Desk::open(place).await;
        let manager = desk.named(Role::Manager, "Анна Петрова").await;
        let operator = desk.named(Role::Operator, "Олег").await;
        let order = desk.order("1", "10.00").await;
        let company = desk.company;
        desk.app
            .write(move |tx| {
                let permit = permit_of(tx, operator, company)?;
                comment(tx, &permit, order, "@Анна, что отвечаем? (не @Олег)").map(|_| ())
            })
            .await;
        desk.app.drain().await;
        let asked = desk.app.read(move |reader| questions_of(reader, company, order)).await;
        let whom: Vec<_> = asked.iter().map(|question| question.person).collect();
        assert_eq!(whom, [manager], "nobody asks themself");
    }

    async fn nobody_is_asked_who_does_not_see_the_order(place: Place) {
        let desk = Desk::open(place).await;
        let order = desk.order("1", "10.00").await;
        let other = company(&desk.app, "Чужая").await;
        let elsewhere = Desk { company: other, shop: desk.shop, app: desk.app };
        let stranger = elsewhere.person(Role::Manager).await;
        let desk = Desk { company: elsewhere.company, shop: elsewhere.shop, app: elsewhere.app };
        let company = desk.app.read(move |reader| {
            let row = takt_store::Query::one(reader, takt_store::sql!("select company_id from orders limit 1"), takt_store::params![])?;
            row.get("company_id")
        }).await;
        let refused = desk
            .write_fault(move |tx| comment_to(tx, &permit(company), order, "Кто вы?", &[stranger]))
            .await;
        assert_eq!(refused, "orders.mention_unknown");
        let refused = desk
            .write_fault(move |tx| managers::name(tx, &Permit::system(company, "test"), Some(stranger)))
            .await;
        assert_eq!(refused, "staff.manager_not_here");
    }

    async fn who_no_longer_works_here_answers_no_longer(place: Place) {
        let desk = Desk::open(place).await;
        desk.person(Role::Owner).await;
        let manager = desk.person(Role::Manager).await;
        let company = desk.company;
        desk.app.write(move |tx| managers::name(tx, &permit(company), Some(manager))).await;
        assert!(desk.app.read(move |reader| managers::of(reader, company)).await.is_some());
        desk.app
            .write(move |tx| takt_staff::people::set_roles(tx, &permit(company), manager, takt_staff::RoleSet::EMPTY))
            .await;
        assert!(desk.app.read(move |reader| managers::of(reader, company)).await.is_none());
    }
}
