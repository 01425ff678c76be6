use takt_cabinet::{Cut, Days, Deed, Look, look};
use takt_kernel::{CompanyId, money::Quantity};
use takt_orders::{Holder, Stage, cancel, give};
use takt_staff::Role;
use takt_store::{checks, params, sql};
use takt_testing::on_both_engines;

use crate::desk::{Desk, company, each_line, permit};

on_both_engines! {
    async fn the_numbers_follow_every_step_of_an_order(place: Place) {
        let desk = Desk::open(place).await;
        let first = desk.order("1", "100.00").await;
        desk.order("2", "50.00").await;
        let look = desk.look().await;
        assert_eq!(look.in_work().orders, 2);
        assert_eq!(look.in_work().amounts().next().expect("money").minor(), 30_000);
        assert_eq!(look.holders[&Holder::Queue].orders, 2);
        assert_eq!(desk.done_today().await, [(Deed::Placed, 2, 30_000)]);

        desk.finish(first).await;
        let look = desk.look().await;
        assert_eq!(look.in_work().orders, 2, "delivered, and not paid yet: {look:?}");
        assert_eq!(look.stages[&Stage::Delivery].orders, 1);
        assert_eq!(look.stages.get(&Stage::Assembling).map_or(0, |sum| sum.orders), 0);
        assert_eq!(
            desk.done_today().await,
            [
                (Deed::Placed, 2, 30_000),
                (Deed::Confirmed, 1, 20_000),
                (Deed::Shipped, 1, 20_000),
                (Deed::Delivered, 1, 20_000),
            ]
        );
        for check in desk.app.read(|reader| Ok(checks(reader))).await {
            let wrong = desk.app.read(|reader| (check.look)(reader)).await;
            assert!(wrong.is_empty(), "{}: {wrong:?}", check.code);
        }
    }

    async fn whose_turn_it_is_follows_who_gives_an_order_back(place: Place) {
        let desk = Desk::open(place).await;
        let order = desk.order("1", "100.00").await;
        let operator = desk.person(Role::Operator).await;
        let company = desk.company;
        desk.app.write(move |tx| give(tx, &permit(company), order, None, Some(operator)).map(|_| ())).await;
        desk.app.drain().await;
        assert_eq!(desk.look().await.holders[&Holder::Operator].orders, 1);
        desk.app.write(move |tx| give(tx, &permit(company), order, None, None).map(|_| ())).await;
        desk.app.drain().await;
        let holders = desk.look().await.holders;
        let of = |holder: Holder| holders.get(&holder).map_or(0, |sum| sum.orders);
        assert_eq!((of(Holder::Operator), of(Holder::Queue)), (0, 1));
    }

    async fn a_standing_that_is_not_its_orders_is_found(place: Place) {
        let desk = Desk::open(place).await;
        desk.order("1", "100.00").await;
        let found = async || {
            let check = desk.app.read(|reader| Ok(checks(reader))).await.into_iter()
                .find(|check| check.code == "cabinet.standings_are_the_orders").expect("the check");
            desk.app.read(move |reader| (check.look)(reader)).await.len()
        };
        assert_eq!(found().await, 0);
        let gone = takt_store::Statement::new("delete from cabinet_standing");
        desk.app.write(move |tx| tx.execute_of(&gone)).await;
        assert_eq!(found().await, 1);
    }

    async fn what_left_in_parts_is_worth_the_whole_in_the_end(place: Place) {
        let desk = Desk::open(place).await;
        let order = desk.order("1", "33.33").await;
        desk.confirm(order).await;
        desk.ship(order, 1).await;
        assert_eq!(desk.done_today().await.last(), Some(&(Deed::Shipped, 1, 3_333)));
        desk.ship(order, 1).await;
        assert_eq!(desk.done_today().await.last(), Some(&(Deed::Shipped, 1, 6_666)), "one order, all of its worth");
    }

    async fn what_is_split_or_merged_was_placed_once_and_is_not_cancelled(place: Place) {
        let desk = Desk::open(place).await;
        let first = desk.order("1", "100.00").await;
        desk.confirm(first).await;
        let company = desk.company;
        let done = [(Deed::Placed, 1, 20_000), (Deed::Confirmed, 1, 20_000)];
        assert_eq!(desk.done_today().await, done);
        let second = desk.app.write(move |tx| {
            let version = takt_orders::load(tx, company, first)?.version;
            let part = each_line(tx, company, first, Quantity::whole(1))?;
            Ok(takt_orders::split(tx, &permit(company), first, version, &part)?.second)
        }).await;
        desk.app.drain().await;
        assert!(second.confirmed_at.is_some());
        assert_eq!(desk.look().await.in_work().orders, 2);
        assert_eq!(desk.done_today().await, done, "the part was placed and confirmed with the whole");
        let again = desk.app.write(move |tx| {
            let into_version = takt_orders::load(tx, company, first)?.version;
            let wanted = takt_orders::Merge {
                into: first, into_version, from: second.id, from_version: None, both_deliveries: false, reason: "",
            };
            takt_orders::merge(tx, &permit(company), &permit(company), &wanted)
        }).await;
        desk.app.drain().await;
        assert_eq!(again.total.minor(), 20_000);
        assert_eq!(desk.look().await.in_work().orders, 1);
        assert_eq!(desk.done_today().await, done, "nobody cancelled anything");
    }

    async fn yesterday_is_the_day_of_the_company_before_this_one(place: Place) {
        let desk = Desk::open(place).await;
        let order = desk.order("1", "10.00").await;
        desk.app.advance(24 * 3_600).await;
        let (id, at) = (desk.company, order);
        desk.app.write(move |tx| cancel(tx, &permit(id), at, None, "").map(|_| ())).await;
        desk.app.drain().await;
        let look = desk.look().await;
        assert_eq!(look.yesterday[&Deed::Placed].orders, 1);
        assert_eq!(look.today[&Deed::Cancelled].orders, 1);
        assert!(!look.today.contains_key(&Deed::Placed));
        assert_eq!(look.in_work().orders, 0);
    }

    async fn orders_become_late_and_stuck_by_time_alone(place: Place) {
        let desk = Desk::open(place).await;
        desk.order("1", "10.00").await;
        // 9:00; what is on delivery is promised to be confirmed in a quarter of an hour.
        let look = desk.look().await;
        assert_eq!((look.late, look.soon, look.stuck), (0, 1, 0));
        desk.app.advance(3_600).await;
        let look = desk.look().await;
        assert_eq!((look.late, look.soon, look.stuck), (1, 0, 0));
        desk.app.advance(3 * 86_400).await;
        assert_eq!(desk.look().await.stuck, 1);
    }

    async fn what_is_not_counted_to_its_end_says_so(place: Place) {
        let desk = Desk::open(place).await;
        let company = desk.company;
        desk.app.write(move |tx| {
            (1..=120_i64).try_for_each(|order| {
                tx.put(
                    sql!(
                        "insert into cabinet_standing (company_id, order_id, stage, holder, currency, total_minor, due_at,
                           moved_at, waits)
                         values (:company_id, :order_id, 'approval', 'queue', 'RUB', 100, 1, 1, :waits)"
                    ),
                    params![company_id: company, order_id: order, waits: order > 30],
                )
            })
        }).await;
        // A desk that looks after so many counts each of them less far.
        let days = |companies: i64| -> Vec<Days> {
            let others = (1..companies).map(|n| CompanyId::new(company.get() + n));
            let days = |company| Days { company, yesterday: 20_261_122, today: 20_261_123 };
            std::iter::once(company).chain(others).map(days).collect()
        };
        for (companies, late, stuck, cut) in [(1, 120, 30, false), (21, 100, 30, true)] {
            let asked = days(companies);
            let looks = desk.app.read(move |reader| look(reader, &asked)).await;
            let mut all = Look::default();
            looks.iter().for_each(|look| all.join(look));
            assert_eq!((all.late, all.stuck), (late, stuck));
            assert_eq!(all.cut, Cut { late: cut, soon: false, stuck: false }, "of {companies}");
        }
    }

    async fn an_owner_begins_at_home_and_an_operator_at_the_desk(place: Place) {
        let desk = Desk::open(place).await;
        for (role, start) in [
            (Role::Owner, "/home"), (Role::Auditor, "/home"), (Role::Operator, "/orders"), (Role::Manager, "/orders"),
        ] {
            desk.person(role).await;
            let client = desk.sign_in(role).await;
            let answer = client.get("/").await;
            assert_eq!(answer.header("location"), Some(start), "{role}");
        }
        let operator = desk.sign_in(Role::Operator).await;
        assert_eq!(operator.get("/home").await.status, 403);
        let list = operator.get("/orders").await.text();
        assert!(!list.contains("href=\"/home\""), "{list}");
    }

    async fn every_number_leads_to_the_very_orders(place: Place) {
        let desk = Desk::open(place).await;
        let order = desk.order("A-17", "10.00").await;
        desk.person(Role::Owner).await;
        let owner = desk.sign_in(Role::Owner).await;
        let home = owner.get("/home").await.text();
        assert!(home.contains("/orders?view=approval"), "{home}");
        let today = home.split("href=\"").filter_map(|rest| rest.split('"').next());
        let today = today.filter(|href| href.contains("of=deed")).map(|href| href.replace("&amp;", "&"));
        let links: Vec<String> = today.collect();
        assert!(!links.is_empty(), "{home}");
        for link in links {
            let behind = owner.get(&link).await.text();
            assert!(behind.contains(&format!("/orders/{order}")), "{link}: {behind}");
        }
        let late = owner.get("/home/orders?of=late").await.text();
        assert!(!late.contains("A-17"));
        desk.app.advance(3_600).await;
        let late = owner.get("/home/orders?of=late").await.text();
        assert!(late.contains("A-17"));
        assert_eq!(owner.get("/home/orders?of=nonsense").await.status, 404);
    }

    async fn a_company_of_others_is_missing(place: Place) {
        let desk = Desk::open(place).await;
        let other = company(&desk.app, "Чужая").await;
        desk.person(Role::Owner).await;
        let owner = desk.sign_in(Role::Owner).await;
        for path in [format!("/home?company={other}"), format!("/home/orders?of=late&company={other}")] {
            assert_eq!(owner.get(&path).await.status, 404, "{path}");
        }
    }
}
