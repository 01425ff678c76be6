use takt_store::{Query as _, Statement};
use takt_testing::on_both_engines;
use takt_ui::Texts;

use crate::desk::Desk;

on_both_engines! {
    async fn every_number_leads_to_the_very_orders(place: Place) {
        let desk = Desk::open(place).await;
        let manager = desk.signed_in("manager").await;
        let empty = manager.get("/reports/slices").await.expect_status(200).text();
        assert!(empty.contains("Заказов нет") && Texts::missing_in(&empty).is_empty(), "{:?}", Texts::missing_in(&empty));
        let first = desk.place("A-1", 0, "Казань").await;
        let second = desk.place("A-2", 1, "Казань").await;
        desk.place("A-3", 1, "Пермь").await;
        desk.run(first).await;
        desk.cancel(second).await;
        desk.app.drain().await;
        for by in ["city", "product", "category", "status", "stage", "shop", "source", "operator", "carrier", "terms", "reason", "hour", "weekday", "day", "week", "month"] {
            for rest in ["", "&base=before", "&cross=shop&show=revenue", "&cross=weekday", "&of=finished", "&links=1", "&city=%D0%9A%D0%B0%D0%B7%D0%B0%D0%BD%D1%8C&base=year"] {
                let path = format!("/reports/slices?by={by}{rest}");
                let page = manager.get(&path).await.expect_status(200).text();
                assert_eq!(Texts::missing_in(&page), Vec::<String>::new(), "{path}");
            }
        }
        let page = manager.get("/reports/slices?by=city&show=revenue").await.expect_status(200).text();
        assert!(page.contains("<svg class=\"chart-bar\"") && page.contains("Казань"), "{page}");
        let behind = manager.get("/reports/slices/orders?by=city&city=%D0%9A%D0%B0%D0%B7%D0%B0%D0%BD%D1%8C").await.expect_status(200).text();
        assert!(behind.contains("A-1") && behind.contains("A-2") && !behind.contains("A-3"));
        assert_eq!(Texts::missing_in(&behind), Vec::<String>::new());
        let behind = manager.get("/reports/slices/orders?by=city&only=cancelled").await.expect_status(200).text();
        assert!(behind.contains("A-2") && !behind.contains("A-1") && !behind.contains("A-3"));
        let company = desk.company;
        desk.app.write(move |tx| takt_slices::fold_all(tx, company)).await;
        let written = manager.get("/reports/slices/orders?by=city&only=cancelled").await.expect_status(200).text();
        assert!(written.contains("A-2") && !written.contains("A-1") && !written.contains("A-3"));
    }

    async fn who_works_elsewhere_is_not_named(place: Place) {
        let desk = Desk::open(place).await;
        let manager = desk.signed_in("manager").await;
        desk.place("A-1", 0, "Казань").await;
        let person = Statement::new("select id from person where email = 'manager@example.org'");
        let own: i64 = desk.app.read(move |reader| reader.opt_of(&person)?.expect("a person").get("id")).await;
        let stranger = desk.stranger("Зубаткина").await;
        for path in ["/reports/slices?by=city&", "/reports/slices/orders?"] {
            let page = manager.get(&format!("{path}operator={stranger}")).await.expect_status(200).text();
            assert!(!page.contains("Зубаткина"), "{path}");
            let page = manager.get(&format!("{path}operator={own}")).await.expect_status(200).text();
            assert!(page.contains(": manager"), "{path}: {page}");
        }
    }

    async fn a_report_whose_job_gave_up_can_be_asked_for_anew(place: Place) {
        let desk = Desk::open(place).await;
        let manager = desk.signed_in("manager").await;
        desk.place("A-1", 0, "Казань").await;
        desk.app.drain().await;
        let company = desk.company;
        desk.app.write(move |tx| takt_slices::fold_all(tx, company)).await;
        // As if there were more than are counted while somebody waits.
        let many = Statement::new("update slice_sum set orders = 200000 where dimension = 0");
        desk.app.write(move |tx| tx.execute_of(&many)).await;
        let path = "/reports/slices?by=city&cross=carrier";
        let form = "action=\"/reports/slices/count\"";
        assert!(manager.get(path).await.expect_status(200).text().contains(form), "nobody has asked for it");
        let fields = [("by", "city"), ("cross", "carrier")];
        manager.post_form("/reports/slices/count", &fields).await.expect_status(303);
        let gone = Statement::new("delete from job where kind = 'slices.report'");
        desk.app.write(move |tx| tx.execute_of(&gone)).await;
        let counting = manager.get(path).await.expect_status(200).text();
        assert!(counting.contains("Считаем отчёт") && !counting.contains(form), "it has just been asked for");
        desk.app.advance(601).await;
        let hanging = manager.get(path).await.expect_status(200).text();
        assert!(hanging.contains("Считаем отчёт") && hanging.contains(form), "{hanging}");
        manager.post_form("/reports/slices/count", &fields).await.expect_status(303);
        desk.app.drain().await;
        assert!(manager.get(path).await.expect_status(200).text().contains("Казань"));
    }

    async fn the_same_numbers_are_taken_away(place: Place) {
        let desk = Desk::open(place).await;
        let manager = desk.signed_in("manager").await;
        for n in 1..=3 {
            desk.place(&format!("A-{n}"), 0, "Казань").await;
        }
        desk.app.drain().await;
        let text = manager.get("/reports/slices/list.csv?by=city").await.expect_status(200).text();
        assert!(text.contains("Казань;3;12;1650,00;550,00;"), "{text}");
        let text = manager.get("/reports/slices/orders.csv?by=city").await.expect_status(200).text();
        assert_eq!(text.lines().count(), 4);
        for path in ["/reports/slices/list.xlsx?by=city&cross=day&show=revenue", "/reports/slices/orders.xlsx", "/reports/slices/people.xlsx"] {
            assert!(manager.get(path).await.expect_status(200).body.starts_with(b"PK"), "{path}");
        }
        let people = manager.get("/reports/slices/people").await.expect_status(200).text();
        assert_eq!(Texts::missing_in(&people), Vec::<String>::new());
        assert_eq!(manager.get("/reports/slices?by=colour").await.status, 422);
        assert_eq!(manager.get("/reports/slices?from=yesterday").await.status, 422);
        let operator = desk.signed_in("operator").await;
        for path in ["/reports/slices", "/reports/slices/list.xlsx", "/reports/slices/orders", "/reports/slices/people.csv"] {
            assert_eq!(operator.get(path).await.status, 403, "{path}");
        }
    }

    async fn a_large_report_is_counted_by_a_job(place: Place) {
        let desk = Desk::open(place).await;
        let manager = desk.signed_in("manager").await;
        desk.place("A-1", 0, "Казань").await;
        desk.app.drain().await;
        let company = desk.company;
        let many = Statement::new(
            "insert into slice_sum (company_id, basis, dimension, span, day, shop_id, value, currency, orders, cancelled,
               units, revenue_minor, confirmed, paid, packed, shipped, completed)
             values (:company_id, 0, 0, 1, 20261100, 1, '', 'RUB', 200000, 0, 0, 0, 0, 0, 0, 0, 0)",
        ).bind("company_id", company);
        desk.app.write(move |tx| tx.execute_of(&many)).await;
        let path = "/reports/slices?by=city&cross=carrier";
        let page = manager.get(path).await.expect_status(200).text();
        assert!(page.contains("Много заказов"), "{page}");
        assert_eq!(manager.get("/reports/slices/list.xlsx?by=city&cross=carrier").await.status, 409);
        manager.post_form("/reports/slices/count", &[("by", "city"), ("cross", "carrier")]).await.expect_status(303);
        let page = manager.get(path).await.expect_status(200).text();
        assert!(page.contains("Считаем отчёт"), "{page}");
        desk.app.drain().await;
        let page = manager.get(path).await.expect_status(200).text();
        assert!(page.contains("Казань") && page.contains("Посчитано"), "{page}");
        assert_eq!(Texts::missing_in(&page), Vec::<String>::new());
    }

    async fn who_did_what_is_counted_by_person(place: Place) {
        let desk = Desk::open(place).await;
        let manager = desk.signed_in("manager").await;
        let id = desk.place("A-1", 0, "Казань").await;
        desk.app.drain().await;
        manager.post_form(&format!("/orders/{id}/confirm"), &[]).await.expect_status(303);
        desk.app.drain().await;
        let company = desk.company;
        desk.app.write(move |tx| takt_slices::fold_all(tx, company)).await;
        let people = manager.get("/reports/slices/people.csv").await.expect_status(200).text();
        assert!(people.contains("manager;02.11.2026;1;0;0;"), "{people}");
        let operators = manager.get("/reports/slices/list.csv?by=operator").await.expect_status(200).text();
        assert!(operators.contains("manager;1;"), "{operators}");
    }

    async fn each_number_of_what_people_did_leads_to_the_very_orders_and_tasks(place: Place) {
        let desk = Desk::open(place).await;
        let manager = desk.signed_in("manager").await;
        let (done, other) = (desk.place("A-1", 0, "Казань").await, desk.place("A-2", 0, "Казань").await);
        desk.app.drain().await;
        manager.post_form(&format!("/orders/{done}/confirm"), &[]).await.expect_status(303);
        desk.app.drain().await;
        let company = desk.company;
        desk.app.write(move |tx| takt_slices::fold_all(tx, company)).await;
        let people = manager.get("/reports/slices/people").await.expect_status(200).text();
        let mut doors: Vec<String> = people
            .split("href=\"")
            .filter_map(|part| part.split('"').next())
            .filter(|href| href.starts_with("/reports/slices/people/done?"))
            .map(|href| href.replace("&amp;", "&"))
            .collect();
        assert_eq!(doors.len(), 2, "of the person and of all: {people}");
        let days = manager.get("/reports/slices/people?operator=1").await.expect_status(200).text();
        assert_eq!(Texts::missing_in(&days), Vec::<String>::new());
        doors.push("/reports/slices/people/done?did=confirmed&day=2026-11-02".to_owned());
        for door in doors {
            let list = manager.get(&door).await.expect_status(200).text();
            assert!(list.contains(&format!("/orders/{done}\"")), "{door}: {list}");
            assert!(!list.contains(&format!("/orders/{other}\"")), "{door}: {list}");
            assert_eq!(Texts::missing_in(&list), Vec::<String>::new());
        }
        for empty in ["did=in-time", "did=tasks", "did=confirmed&day=2026-11-01", "did=confirmed&operator=1", "did=packed&after=20261102-5"] {
            let list = manager.get(&format!("/reports/slices/people/done?{empty}")).await.expect_status(200).text();
            assert!(!list.contains("data-row"), "{empty}: {list}");
        }
        desk.signed_in("operator").await.get("/reports/slices/people/done").await.expect_status(403);
    }

    async fn a_question_is_saved_for_oneself_or_for_all(place: Place) {
        let desk = Desk::open(place).await;
        let (manager, owner) = (desk.signed_in("manager").await, desk.signed_in("owner").await);
        let save = |name: &'static str, shared: &'static str| {
            vec![("name", name), ("question", "by=city&show=revenue&nonsense=1"), ("shared", shared)]
        };
        manager.post_form("/reports/slices/saved", &save("Мои города", "")).await.expect_status(303);
        manager.post_form("/reports/slices/saved", &save("Общие города", "on")).await.expect_status(303);
        assert_eq!(manager.post_form("/reports/slices/saved", &save(" ", "")).await.status, 422);
        let mine = manager.get("/reports/slices").await.expect_status(200).text();
        assert!(mine.contains("Мои города") && mine.contains("/reports/slices?by=city&amp;show=revenue\""), "{mine}");
        let theirs = owner.get("/reports/slices").await.expect_status(200).text();
        assert!(theirs.contains("Общие города") && !theirs.contains("Мои города"));
        let forget = mine.split("/reports/slices/saved/").skip(1).filter_map(|rest| rest.split('/').next());
        let ids: Vec<String> = forget.filter(|id| id.parse::<i64>().is_ok()).map(str::to_owned).collect();
        for id in &ids {
            manager.post_form(&format!("/reports/slices/saved/{id}/forget"), &[]).await.expect_status(303);
        }
        assert_eq!(manager.post_form(&format!("/reports/slices/saved/{}/forget", ids[0]), &[]).await.status, 404);
        assert_eq!(manager.post_form("/reports/slices/anew", &[]).await.status, 403);
        desk.place("A-1", 0, "Казань").await;
        desk.app.drain().await;
        owner.post_form("/reports/slices/anew", &[]).await.expect_status(303);
        assert!(owner.get("/reports/slices").await.expect_status(200).text().contains("ещё добавляются"));
        desk.app.drain().await;
        assert_eq!(desk.wrong().await, Vec::<String>::new());
    }
}
