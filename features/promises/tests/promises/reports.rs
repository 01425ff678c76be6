use proptest::prelude::*;
use takt_kernel::{CompanyId, ShopId};
use takt_orders::{Holder, Milestone};
use takt_promises::{Figures, Gather, Link, Outcome, Report};
use takt_store::{Query, params, sql};
use takt_testing::on_both_engines;
use takt_ui::Texts;

use crate::desk::Desk;

on_both_engines! {
    async fn a_month_is_told_with_the_orders_behind_each_number(place: Place) {
        let desk = Desk::open(place).await;
        let manager = desk.signed_in("manager").await;
        let empty = manager.get("/reports/promises").await.expect_status(200).text();
        assert!(empty.contains("Итогов нет") && Texts::missing_in(&empty).is_empty());
        for (name, minutes) in [("=A-1", [1, 1, 10, 5, 60]), ("A-2", [20, 2, 10, 5, 60]), ("A-3", [2, 30, 10, 5, 60])] {
            let id = desk.place(name).await;
            desk.run(id, minutes).await;
        }
        let page = manager.get("/reports/promises").await.expect_status(200).text();
        assert_eq!(Texts::missing_in(&page), Vec::<String>::new());
        assert!(page.contains("<svg class=\"chart-bar\""));
        let behind = manager.get("/reports/promises/orders?by=blamed&is=queue").await.expect_status(200).text();
        assert!(behind.contains("A-2") && !behind.contains("A-3"));
        let behind = manager.get("/reports/promises/orders?by=blamed&is=operator").await.expect_status(200).text();
        assert!(behind.contains("A-3") && !behind.contains("A-2"));
        assert_eq!(Texts::missing_in(&behind), Vec::<String>::new());
        let sheet = manager.get("/reports/promises/orders.csv").await.expect_status(200).text();
        assert!(sheet.starts_with('\u{feff}') && sheet.contains("'=A-1;") && sheet.lines().count() == 4);
        for path in ["/reports/promises/orders.xlsx", "/reports/promises/figures.xlsx"] {
            assert!(manager.get(path).await.expect_status(200).body.starts_with(b"PK"), "{path}");
        }
        let figures = manager.get("/reports/promises/figures.csv").await.expect_status(200).text();
        assert!(figures.contains("Очередь;3;"));
        assert_eq!(manager.get("/reports/promises?month=2026-13").await.status, 422);
        let past = manager.get("/reports/promises?month=2026-10").await.expect_status(200).text();
        assert!(past.contains("Итогов нет"));
        let operator = desk.signed_in("operator").await;
        for path in ["/reports/promises", "/reports/promises/orders", "/reports/promises/orders.csv", "/reports/promises/figures.csv", "/reports/promises/orders.xlsx"] {
            assert_eq!(operator.get(path).await.status, 403);
        }
    }

    async fn every_figure_of_a_link_leads_to_as_many_orders(place: Place) {
        let desk = Desk::open(place).await;
        let manager = desk.signed_in("manager").await;
        for (name, minutes) in [
            ("A-1", [1, 1, 10, 5, 60]), ("A-2", [20, 2, 10, 5, 60]), ("A-3", [2, 30, 10, 5, 60]), ("A-4", [60, 2, 900, 5, 60]),
        ] {
            let id = desk.place(name).await;
            desk.run(id, minutes).await;
        }
        let page = manager.get("/reports/promises").await.expect_status(200).text();
        let table = page.rsplit("Звенья и обещания").next().and_then(|part| part.split("</table>").next()).expect("the links");
        let table = table.split("<tbody").nth(1).expect("rows");
        let (mut followed, mut kinds) = (0, std::collections::BTreeSet::new());
        for row in table.split("<tr").skip(1) {
            let links: Vec<&str> = row.split("href=\"").skip(1).collect();
            assert!(!links.is_empty(), "a row that leads nowhere: {row}");
            for link in links {
                let (address, rest) = link.split_once("\">").expect("a link");
                let figure: usize = rest.split('<').next().and_then(|text| text.parse().ok()).expect("a figure");
                let address = address.replace("&amp;", "&");
                let behind = manager.get(&address).await.expect_status(200).text();
                assert_eq!(Texts::missing_in(&behind), Vec::<String>::new());
                assert_eq!(behind.matches("href=\"/orders/").count(), figure, "{address}");
                kinds.insert(address.split("by=").nth(1).and_then(|by| by.split('&').next()).expect("by what").to_owned());
                followed += 1;
            }
        }
        assert_eq!(kinds.into_iter().collect::<Vec<_>>(), ["kept", "link", "passed"]);
        assert!(followed >= 8, "{followed}");
    }

    async fn a_large_company_is_downloaded_whole_or_one_of_its_shops(place: Place) {
        let desk = Desk::open(place).await;
        let manager = desk.signed_in("manager").await;
        let company = desk.company;
        let other = crate::desk::shop(&desk.app, company, "Кофе").await;
        let id = desk.place("A-1").await;
        desk.run(id, [1, 1, 1, 1, 1]).await;
        desk.app.write(move |tx| {
            tx.put(
                sql!(
                    "insert into promise_result (company_id, month, order_id, shop_id, told)
                     with recursive numbers (number) as (select 1 union all select number + 1 from numbers where number < 20001)
                     select company_id, month, 8000000000 + number, :shop_id, told
                     from promise_result, numbers
                     where company_id = :company_id"
                ),
                params![shop_id: other, company_id: company],
            )
        }).await;
        let (sheet, own) = ("/reports/promises/orders.csv?month=2026-11", desk.shop);
        for (asked, rows) in [("".to_owned(), 20_002), (format!("&shop={own}"), 1), (format!("&shop={other}"), 20_001)] {
            let told = manager.get(&format!("{sheet}{asked}")).await.expect_status(200).text();
            assert_eq!(told.lines().count(), 1 + rows, "{asked}");
        }
    }

    async fn a_report_whose_job_gave_up_may_be_asked_for_anew(place: Place) {
        let desk = Desk::open(place).await;
        let manager = desk.signed_in("manager").await;
        let (company, id) = (desk.company, desk.place("A-1").await);
        desk.run(id, [1, 1, 1, 1, 1]).await;
        desk.app.write(move |tx| {
            tx.put(
                sql!(
                    "insert into promise_result (company_id, month, order_id, shop_id, told)
                     with recursive numbers (number) as (select 1 union all select number + 1 from numbers where number < 4100)
                     select company_id, month, 8000000000 + number, shop_id, told
                     from promise_result, numbers
                     where company_id = :company_id"
                ),
                params![company_id: company],
            )?;
            // As a job leaves it that was not let finish.
            let now = tx.now();
            tx.put(
                sql!(
                    "insert into promise_report (company_id, month, shop_id, companies, done, total, stale, asked_at)
                     values (:company_id, 202611, 0, :companies, 10, 4101, false, :now)"
                ),
                params![company_id: company, companies: format!("[{company}]"), now: now],
            )
        }).await;
        let page = "/reports/promises?month=2026-11";
        let form = [("month", "2026-11"), ("base", "2026-10")];
        assert!(!manager.get(page).await.expect_status(200).text().contains("/reports/promises/count"));
        manager.post_form("/reports/promises/count", &form).await.expect_status(303);
        desk.app.drain().await;
        assert!(manager.get(page).await.text().contains("Считаем итоги"), "it is being counted, as far as anybody knows");
        desk.wait(11).await;
        let told = manager.get(page).await.expect_status(200).text();
        assert!(told.contains("/reports/promises/count") && Texts::missing_in(&told).is_empty(), "{told}");
        manager.post_form("/reports/promises/count", &form).await.expect_status(303);
        desk.app.drain().await;
        assert!(!manager.get(page).await.expect_status(200).text().contains("Считаем итоги"));
    }

    async fn a_large_month_is_counted_by_a_job(place: Place) {
        let desk = Desk::open(place).await;
        let manager = desk.signed_in("manager").await;
        let company = desk.company;
        let id = desk.place("A-1").await;
        desk.run(id, [1, 1, 1, 1, 1]).await;
        desk.app.write(move |tx| {
            let row = tx.one(sql!("select shop_id, told from promise_result where company_id = :company_id limit 1"), params![company_id: company])?;
            let (shop, told): (i64, String) = (row.get("shop_id")?, row.get("told")?);
            for order in 1..=4_100_i64 {
                tx.put(
                    sql!("insert into promise_result (company_id, month, order_id, shop_id, told) values (:company_id, 202611, :order_id, :shop_id, :told)"),
                    params![company_id: company, order_id: 8_000_000_000_i64 + order, shop_id: shop, told: &told],
                )?;
            }
            Ok(())
        }).await;
        let page = manager.get("/reports/promises?month=2026-11").await.expect_status(200).text();
        assert!(page.contains("Много заказов"));
        let form = [("month", "2026-11"), ("base", "2026-10")];
        manager.post_form("/reports/promises/count", &form).await.expect_status(303);
        let page = manager.get("/reports/promises?month=2026-11").await.expect_status(200).text();
        assert!(page.contains("Считаем итоги"));
        desk.app.drain().await;
        let page = manager.get("/reports/promises?month=2026-11").await.expect_status(200).text();
        assert!(page.contains("4101") || page.contains("4\u{a0}101") || page.contains("4\u{202f}101"));
        assert!(!page.contains("С тех пор"));
        let again = desk.place("A-2").await;
        desk.run(again, [1, 1, 1, 1, 1]).await;
        let page = manager.get("/reports/promises?month=2026-11").await.expect_status(200).text();
        assert!(page.contains("С тех пор"));
    }
}

fn any_outcome() -> impl Strategy<Value = Outcome> {
    let holders = prop::collection::btree_map(
        prop::sample::select(Holder::ALL.to_vec()),
        (0_i64..90_000, 0_i64..90_000),
        1..6,
    );
    let late = prop::option::of(0_i64..9_000);
    (holders, prop::collection::vec((0_i64..90_000, late), 0..3), any::<bool>()).prop_map(
        |(held, links, cancelled)| {
            let blamed = *held.keys().next().expect("a holder");
            let way = [Milestone::PAID, Milestone::CONFIRMED, Milestone::READY, Milestone::DELIVERED];
            Outcome {
                number: "1".to_owned(),
                finished_at: takt_kernel::Timestamp::from_micros(0),
                cancelled,
                urgent: false,
                whole: held.values().map(|(wall, _)| wall).sum(),
                buyer_waited: links.first().map(|(wall, _)| *wall),
                held,
                links: links
                    .into_iter()
                    .enumerate()
                    .map(|(nth, (wall, late))| Link {
                        from: way[nth].clone(),
                        to: way[nth + 1].clone(),
                        wall,
                        working: wall / 2,
                        late,
                        blamed: late.filter(|late| *late > 0).map(|_| blamed),
                    })
                    .collect(),
                rules: Vec::new(),
            }
        },
    )
}

proptest! {
    #[test]
    fn a_report_says_what_its_results_say(outcomes in prop::collection::vec(any_outcome(), 0..40)) {
        let mut gather = Gather::default();
        for outcome in &outcomes {
            gather.take(CompanyId::new(1), ShopId::new(1), outcome);
        }
        let report = gather.finish();
        let done: Vec<&Outcome> = outcomes.iter().filter(|outcome| !outcome.cancelled).collect();
        prop_assert_eq!(report.orders + report.cancelled, i64::try_from(outcomes.len()).expect("few"));
        let held: i64 = report.holders.values().map(|figures| figures.wall.total).sum();
        prop_assert_eq!(held, done.iter().map(|outcome| outcome.whole).sum::<i64>());
        let missed = done.iter().flat_map(|outcome| &outcome.links).filter(|link| link.late.is_some_and(|late| late > 0)).count();
        prop_assert_eq!(report.missed(), i64::try_from(missed).expect("few"));
        prop_assert_eq!(report.holders.values().map(|figures| figures.missed).sum::<i64>(), report.missed(), "each miss is somebody's");
        for (holder, figures) in &report.holders {
            let mut walls: Vec<i64> = done.iter().filter_map(|outcome| Some(outcome.held.get(holder)?.0)).collect();
            walls.sort_unstable();
            let at_most = |limit: i64| walls.iter().filter(|wall| **wall <= limit).count();
            prop_assert!(at_most(figures.wall.median) * 2 >= walls.len(), "half took at most the median");
            prop_assert!(at_most(figures.wall.median - 1) * 2 < walls.len().max(1));
            prop_assert!(at_most(figures.wall.p90) * 10 >= walls.len() * 9);
        }
    }
}

#[test]
fn time_saved_is_the_difference_of_the_medians_for_every_order() {
    let figures = |median, count| Figures { count, median, p90: 0, total: 0 };
    for (then, now, saved) in [
        (figures(600, 10), figures(540, 100), 6_000),
        (figures(600, 10), figures(660, 100), -6_000),
        (figures(600, 10), figures(600, 100), 0),
    ] {
        assert_eq!(Report::saved(then, now), saved);
    }
}
