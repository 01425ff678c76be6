use serde_json::json;
use takt_slices::{Basis, Dimension, Question};
use takt_store::{Query, Statement};
use takt_testing::on_both_engines;

use crate::desk::{Desk, of, whole};

on_both_engines! {
    async fn an_order_stands_in_every_slice_as_it_is_now(place: Place) {
        let desk = Desk::open(place).await;
        let kazan = desk.place("A-1", 0, "Казань").await;
        let other = desk.place("A-2", 0, "г. МОСКВА").await;
        desk.place("A-3", 1, "москва").await;
        desk.app.drain().await;
        let cities = desk.ask(&desk.question(Dimension::City)).await;
        assert_eq!((of(&cities, "Казань").orders, of(&cities, "Москва").orders), (1, 1 + 1));
        assert_eq!(of(&cities, "Казань").revenue_minor, 55_000);
        let products = desk.ask(&desk.question(Dimension::Product)).await;
        assert_eq!((of(&products, "TEA-100").units, of(&products, "TEA-100").revenue_minor), (9_000, 90_000));
        assert_eq!(of(&products, "").revenue_minor, 15_000, "the delivery");
        let rows: i64 = products.groups.iter().flat_map(|group| group.sums.values()).map(|sums| sums.revenue_minor).sum();
        assert_eq!(rows, whole(&products).revenue_minor, "goods and delivery are the whole");
        desk.run(kazan).await;
        desk.cancel(other).await;
        desk.app.drain().await;
        let stages = desk.ask(&desk.question(Dimension::Stage)).await;
        assert_eq!((of(&stages, "cancel").orders, of(&stages, "cancel").revenue_minor), (1, 0));
        let finished = desk.ask(&Question { basis: Basis::Finished, ..desk.question(Dimension::Day) }).await;
        assert_eq!((whole(&finished).orders, whole(&finished).cancelled), (1, 1));
        let reasons = desk.ask(&desk.question(Dimension::Reason)).await;
        assert_eq!((of(&reasons, "cancelled").orders, of(&reasons, "").orders), (1, 2));
        desk.all_dimensions_agree().await;
        assert_eq!(desk.wrong().await, Vec::<String>::new());
    }

    async fn edits_move_it_and_nothing_is_counted_twice(place: Place) {
        let desk = Desk::open(place).await;
        let id = desk.place("A-1", 0, "Казань").await;
        for n in 2..=60 {
            desk.place(&format!("A-{n}"), 0, if n % 2 == 0 { "Казань" } else { "Пермь" }).await;
        }
        desk.app.drain().await;
        let edited = json!({ "lines": [{ "sku": "TEA-100", "name": "Чай", "quantity": "1", "price": "100" }] });
        desk.edit(id, edited).await;
        desk.app.drain().await;
        let cities = desk.ask(&desk.question(Dimension::City)).await;
        assert_eq!(whole(&cities).orders, 60);
        assert_eq!(whole(&cities).revenue_minor, 59 * 55_000 + 15_000);
        desk.all_dimensions_agree().await;
        let company = desk.company;
        for _ in 0..2 {
            desk.app.write(move |tx| takt_slices::fold_all(tx, company)).await;
            assert_eq!(desk.wrong().await, Vec::<String>::new());
        }
        let again = desk.ask(&desk.question(Dimension::City)).await;
        assert_eq!(again, cities, "writing what waits changes no number");
        desk.app.write(move |tx| takt_slices::fill_anew(tx, company)).await;
        desk.app.drain().await;
        assert_eq!(desk.ask(&desk.question(Dimension::City)).await, cities, "made anew it is the same");
        assert_eq!(desk.wrong().await, Vec::<String>::new());
    }

    async fn an_order_with_very_many_facts_hides_no_other(place: Place) {
        let desk = Desk::open(place).await;
        let talked = desk.place("A-1", 0, "Казань").await;
        let other = desk.place("A-2", 0, "Казань").await;
        let company = desk.company;
        desk.confirm(other).await;
        desk.cancel(other).await;
        for part in 0..5 {
            desk.app.write(move |tx| {
                let by = takt_kernel::Actor::system("test");
                let subject = takt_store::Subject::new(takt_orders::facts::SUBJECT, talked.get());
                for n in 0..4_000 {
                    let number = format!("{part}-{n}");
                    let fact = takt_orders::facts::TwinDismissed { other: talked, number };
                    tx.say(takt_store::About::new(company, subject, &by), &fact)?;
                }
                Ok(())
            }).await;
        }
        desk.app.drain().await;
        desk.app.write(move |tx| takt_slices::fold_all(tx, company)).await;
        let finished = desk.ask(&Question { basis: Basis::Finished, ..desk.question(Dimension::Day) }).await;
        assert_eq!(whole(&finished).orders, 1, "when it was finished is known");
    }

    async fn counting_anew_takes_the_old_away_in_steps(place: Place) {
        let desk = Desk::open(place).await;
        for n in 0..260 {
            desk.place(&format!("A-{n}"), n % 2, "Казань").await;
        }
        let company = desk.company;
        desk.app.drain().await;
        desk.app.write(move |tx| takt_slices::fold_all(tx, company)).await;
        let before = desk.ask(&desk.question(Dimension::City)).await;
        let kept = async || {
            let asked = Statement::new("select count(*) as kept from slice_order");
            desk.app.read(move |reader| reader.opt_of(&asked)?.expect("a row").get::<i64>("kept")).await
        };
        desk.app.write(move |tx| takt_slices::fill_anew(tx, company)).await;
        assert_eq!(kept().await, 260, "nothing is deleted at once, however much there is");
        assert_eq!(desk.wrong().await, Vec::<String>::new());
        // Twice at the same time is once.
        desk.app.write(move |tx| takt_slices::fill_anew(tx, company)).await;
        desk.place("B-1", 0, "Казань").await;
        desk.app.drain().await;
        let after = desk.ask(&desk.question(Dimension::City)).await;
        assert_eq!(whole(&after).orders, whole(&before).orders + 1);
        desk.all_dimensions_agree().await;
        assert_eq!(desk.wrong().await, Vec::<String>::new());
    }

    async fn the_tables_hold_nothing_of_a_buyer(place: Place) {
        let desk = Desk::open(place).await;
        let id = desk.place("A-1", 0, "Казань").await;
        desk.cancel(id).await;
        let company = desk.company;
        desk.app.drain().await;
        desk.app.write(move |tx| takt_slices::fold_all(tx, company)).await;
        for (table, texts) in [
            ("slice_order", "city || status || stage || source || carrier || terms"),
            ("slice_line", "product || category"),
            ("slice_sum", "value"),
        ] {
            let asked = Statement::new("select ").push(texts).push(" as told from ").push(table)
                .push(" where company_id = :company_id limit 1000").bind("company_id", company);
            let rows = desk.app.read(move |reader| reader.all_of(&asked)).await;
            assert!(!rows.is_empty(), "{table}");
            for row in rows {
                let told: String = row.get("told").expect("a text");
                for personal in ["Иванов", "Лесная", "912", "передумал"] {
                    assert!(!told.contains(personal), "{table}: {told}");
                }
            }
        }
    }

    async fn a_broken_sum_is_found(place: Place) {
        let desk = Desk::open(place).await;
        desk.place("A-1", 0, "Казань").await;
        desk.app.drain().await;
        let company = desk.company;
        desk.app.write(move |tx| takt_slices::fold_all(tx, company)).await;
        assert_eq!(desk.wrong().await, Vec::<String>::new());
        let asked = Statement::new("update slice_sum set revenue_minor = revenue_minor + 1 where company_id = :company_id and dimension = 1")
            .bind("company_id", company);
        desk.app.write(move |tx| tx.execute_of(&asked)).await;
        assert!(desk.wrong().await.iter().any(|wrong| wrong.starts_with("slices.each_dimension_adds_up")));
        let asked = Statement::new("update slice_order set total_minor = 1 where company_id = :company_id").bind("company_id", company);
        desk.app.write(move |tx| tx.execute_of(&asked)).await;
        let wrong = desk.wrong().await;
        for check in ["slices.rows_are_the_orders", "slices.sums_are_the_rows"] {
            assert!(wrong.iter().any(|found| found.starts_with(check)), "{check}: {wrong:?}");
        }
    }
}
