use takt_cabinet::{instruct, instructions_of, tick};
use takt_kernel::{Actor, money::Quantity};
use takt_orders::{
    Holder, Merge, cancel, clock, confirm, defer, facts, hold, let_go, merge, pause, record_paused,
    record_ready, record_shipped, resume, set_status, split,
};
use takt_staff::{Calendar, Role};
use takt_testing::on_both_engines;

use crate::desk::{Desk, each_line, permit};

on_both_engines! {
    async fn what_the_owner_stopped_goes_nowhere_until_they_let_it_go(place: Place) {
        let desk = Desk::open(place).await;
        let order = desk.order("1", "10.00").await;
        let company = desk.company;
        let by = || Actor::system("test");
        desk.app.advance(600).await;
        desk.app.write(move |tx| set_status(tx, &permit(company), order, None, "to_confirm").map(|_| ())).await;
        desk.app.write(move |tx| hold(tx, &permit(company), order, "Проверю клиента", None).map(|_| ())).await;
        let held = desk.load(order).await;
        assert_eq!(held.holder, Some(Holder::Owner));
        assert_eq!(held.last_comment.as_deref(), Some("Проверю клиента"));
        let until = desk.app.now().plus_seconds(3_600);
        assert_eq!(desk.write_fault(move |tx| confirm(tx, &permit(company), order)).await, "orders.held_by_owner");
        assert_eq!(
            desk.write_fault(move |tx| set_status(tx, &permit(company), order, None, "to_pack")).await,
            "orders.held_by_owner"
        );
        assert_eq!(
            desk.write_fault(move |tx| record_ready(tx, company, order, &by())).await,
            "orders.held_by_owner"
        );
        assert_eq!(
            desk.write_fault(move |tx| {
                let parts = each_line(tx, company, order, Quantity::whole(2))?;
                record_shipped(tx, company, order, &parts, &by())
            }).await,
            "orders.held_by_owner"
        );
        for refused in [
            desk.write_fault(move |tx| resume(tx, &permit(company), order)).await,
            desk.write_fault(move |tx| pause(tx, &permit(company), order, None, "supplier", None)).await,
            desk.write_fault(move |tx| defer(tx, &permit(company), order, None, until)).await,
        ] {
            assert_eq!(refused, "orders.held_by_owner");
        }
        let at = desk.app.now();
        desk.app
            .write(move |tx| record_paused(tx, company, order, "not_reached", at, &by()).map(|_| ()))
            .await;
        assert_eq!(desk.load(order).await.holder, Some(Holder::Owner), "what the program learns does not let it go");

        desk.app.advance(1_800).await;
        desk.app.write(move |tx| let_go(tx, &permit(company), order).map(|_| ())).await;
        desk.confirm(order).await;
        let now = desk.app.now();
        let split = desk
            .app
            .read(move |reader| {
                let told = takt_store::facts::of_subject(reader, company, facts::SUBJECT, order.get(), 0, 100)?;
                Ok(clock::split(&told, &Calendar::of(reader, company)?, now))
            })
            .await;
        let owners = split.totals().get(&Holder::Owner).copied().unwrap_or_default();
        assert_eq!((owners + 500_000) / 1_000_000, 1_800, "half an hour is the owner's: {split:?}");
        assert_eq!(desk.write_fault(move |tx| let_go(tx, &permit(company), order)).await, "orders.not_held");
    }

    async fn a_hold_ends_by_itself_after_a_week(place: Place) {
        let desk = Desk::open(place).await;
        let order = desk.order("1", "10.00").await;
        let company = desk.company;
        desk.app.write(move |tx| hold(tx, &permit(company), order, "Подождём", None).map(|_| ())).await;
        desk.app.advance(7 * 86_400 - 60).await;
        assert_eq!(desk.load(order).await.holder, Some(Holder::Owner));
        desk.app.advance(120).await;
        assert_eq!(desk.load(order).await.pause, None);
    }

    async fn an_instruction_is_followed_before_anything_else(place: Place) {
        let desk = Desk::open(place).await;
        let order = desk.order("1", "10.00").await;
        let company = desk.company;
        let given = desk
            .app
            .write(move |tx| instruct(tx, &permit(company), &permit(company), order, "Положить открытку"))
            .await;
        assert_eq!(desk.write_fault(move |tx| confirm(tx, &permit(company), order)).await, "cabinet.instruction_open");
        let split = desk
            .write_fault(move |tx| {
                let version = takt_orders::load(tx, company, order)?.version;
                takt_orders::split(tx, &permit(company), order, version, &[])
            })
            .await;
        assert_eq!(split, "cabinet.instruction_open", "a part is no way around it");
        desk.person(Role::Operator).await;
        let operator = desk.sign_in(Role::Operator).await;
        let card = operator.get(&format!("/orders/{order}")).await.text();
        let first = card.find("Положить открытку").expect("the instruction");
        assert!(first < card.find("id=\"order-now\"").expect("the card"), "it stands on top");
        let ticked = operator.post_form(&format!("/orders/{order}/instructions/{given}/done"), &[]).await;
        assert_eq!(ticked.status, 303, "{}", ticked.text());
        let told = desk.app.read(move |reader| instructions_of(reader, company, order)).await;
        assert!(told[0].done.is_some_and(|(by, _)| by.is_some()), "{told:?}");
        desk.app.write(move |tx| tick(tx, &permit(company), order, given)).await;
        desk.confirm(order).await;
        assert!(desk.load(order).await.confirmed_at.is_some());
    }

    async fn no_part_of_an_order_leaves_without_the_instruction_on_it(place: Place) {
        let desk = Desk::open(place).await;
        let order = desk.order("1", "10.00").await;
        let other = desk.order("2", "10.00").await;
        let company = desk.company;
        desk.app
            .write(move |tx| instruct(tx, &permit(company), &permit(company), order, "Проверить").map(|_| ()))
            .await;
        let version = desk.load(order).await.version;
        let refused = desk.write_fault(move |tx| {
            let parts = each_line(tx, company, order, Quantity::whole(1))?;
            split(tx, &permit(company), order, version, &parts)
        });
        assert_eq!(refused.await, "cabinet.instruction_open");
        let into = desk.load(other).await.version;
        let refused = desk.write_fault(move |tx| {
            let wanted = Merge {
                into: other, into_version: into, from: order, from_version: None, both_deliveries: false, reason: "",
            };
            merge(tx, &permit(company), &permit(company), &wanted)
        });
        assert_eq!(refused.await, "cabinet.instruction_open");
    }

    async fn what_was_asked_and_instructed_is_told_however_much_was_said_since(place: Place) {
        let desk = Desk::open(place).await;
        let order = desk.order("1", "10.00").await;
        let manager = desk.person(Role::Manager).await;
        let company = desk.company;
        desk.app
            .write(move |tx| {
                instruct(tx, &permit(company), &permit(company), order, "Положить открытку")?;
                takt_orders::comment_to(tx, &permit(company), order, "Почему стоит?", &[manager])?;
                (0..210).try_for_each(|n| {
                    takt_orders::comment(tx, &permit(company), order, &format!("Слово {n}")).map(|_| ())
                })
            })
            .await;
        desk.app.drain().await;
        desk.person(Role::Owner).await;
        let card = desk.sign_in(Role::Owner).await.get(&format!("/orders/{order}")).await.text();
        assert!(card.contains("Положить открытку") && card.contains("Почему стоит?"), "{card}");
    }

    async fn the_last_of_very_many_instructions_holds_as_the_first(place: Place) {
        let desk = Desk::open(place).await;
        let order = desk.order("1", "10.00").await;
        let company = desk.company;
        for _ in 0..105 {
            desk.app.write(move |tx| {
                let given = instruct(tx, &permit(company), &permit(company), order, "Проверить")?;
                tick(tx, &permit(company), order, given)
            }).await;
        }
        let last = desk.app.write(move |tx| instruct(tx, &permit(company), &permit(company), order, "И это")).await;
        assert_eq!(desk.write_fault(move |tx| confirm(tx, &permit(company), order)).await, "cabinet.instruction_open");
        desk.app.write(move |tx| tick(tx, &permit(company), order, last)).await;
        desk.app.write(move |tx| confirm(tx, &permit(company), order).map(|_| ())).await;
    }

    async fn an_order_with_an_instruction_can_still_be_cancelled(place: Place) {
        let desk = Desk::open(place).await;
        let order = desk.order("1", "10.00").await;
        let company = desk.company;
        desk.app
            .write(move |tx| instruct(tx, &permit(company), &permit(company), order, "Проверить").map(|_| ()))
            .await;
        desk.app.write(move |tx| cancel(tx, &permit(company), order, None, "").map(|_| ())).await;
    }

    async fn only_the_owner_stops_and_instructs(place: Place) {
        let desk = Desk::open(place).await;
        let order = desk.order("1", "10.00").await;
        for role in [Role::Manager, Role::Operator, Role::Auditor] {
            desk.person(role).await;
            let client = desk.sign_in(role).await;
            let card = client.get(&format!("/orders/{order}")).await.text();
            for verb in ["hold", "instruct", "let-go"] {
                let path = format!("/orders/{order}/{verb}");
                assert!(!card.contains(&path), "{role} {verb}");
                assert_eq!(client.post_form(&path, &[("comment", "нет")]).await.status, 403, "{role} {verb}");
            }
        }
        desk.person(Role::Owner).await;
        let owner = desk.sign_in(Role::Owner).await;
        let held = owner.post_form(&format!("/orders/{order}/hold"), &[("comment", "Стоп")]).await;
        assert_eq!(held.status, 303, "{}", held.text());
        let refused = owner.post_form(&format!("/orders/{order}/instruct"), &[("comment", " ")]).await;
        assert_eq!(refused.status, 422);
        let gone = owner.post_form(&format!("/orders/{order}/let-go"), &[]).await;
        assert_eq!(gone.status, 303, "{}", gone.text());
    }
}
