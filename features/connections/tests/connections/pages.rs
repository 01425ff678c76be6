//! The sources in the hands of people.

use takt_connections::{Contacts, messages::State};
use takt_testing::on_both_engines;
use takt_ui::Texts;

use crate::desk::{Desk, keys_in};

const LIST: &str = "/settings/sources";

on_both_engines! {
    async fn every_page_speaks_both_languages(place: Place) {
        let desk = Desk::open(place).await;
        let owner = desk.owner().await;
        let form = b"order=%7B%22firstName%22%3A%22%22%7D&site=tea".as_slice();
        let mended = desk.quarantine("application/x-www-form-urlencoded", form).await;
        let strange = desk.quarantine("text/plain", b"\xcf\xf0\xe8\xe2\xe5\xf2").await;
        let noted = desk.note("note").await;
        desk.app.advance(120).await;
        Contacts::note(&desk.app.db, &desk.connection().await, true, Some("web.cross_site")).await.expect("a note");
        let mut paths: Vec<String> = vec![LIST.to_owned(), format!("{LIST}/new"), desk.path()];
        for system in takt_connections::RETAILCRM_SYSTEMS {
            paths.push(format!("{LIST}/new?shop={}&system=testing.{}", desk.shop, system.code));
        }
        for state in State::ALL {
            paths.push(format!("{}?state={}", desk.path(), state.code()));
        }
        paths.push(format!("{}?test=1", desk.path()));
        paths.push(format!("{}/connect", desk.path()));
        for message in [mended, strange, noted] {
            paths.push(format!("{}/messages/{message}", desk.path()));
        }
        for lang in ["ru", "en"] {
            owner.post_form("/preferences", &[("lang", lang), ("back", "/")]).await.expect_status(303);
            for path in &paths {
                let page = owner.get(path).await.expect_status(200).text();
                assert!(page.contains(&format!("<html lang=\"{lang}\"")), "{path}");
                assert_eq!(Texts::missing_in(&page), Vec::<String>::new(), "{path} in {lang}");
            }
        }
    }

    async fn the_list_says_how_each_source_is(place: Place) {
        let desk = Desk::open(place).await;
        let owner = desk.owner().await;
        let page = async || owner.get(LIST).await.expect_status(200).text().replace('\u{a0}', " ");
        assert!(page().await.contains("Ещё не обращался"));
        let connection = desk.connection().await;
        let note = async |writes, refusal| {
            Contacts::note(&desk.app.db, &connection, writes, refusal).await.expect("a note");
        };
        note(true, None).await;
        desk.note("a").await;
        desk.app.advance(120).await;
        let applied = page().await;
        assert!(applied.contains("Всё хорошо") && applied.contains("принято 1, отказов 0"), "{applied}");
        desk.app.advance(2 * 3600).await;
        let quiet = page().await;
        assert!(quiet.contains("Тишина 2 ч 02 мин"), "{quiet}");
        desk.app.advance(24 * 3600).await;
        let silent = page().await;
        assert!(silent.contains("Молчит 1 д 2 ч"), "{silent}");
        assert!(silent.contains("принято 0, отказов 0"), "yesterday's are not today's");
        note(false, Some("POST /api/v5/orders/create: Errors in the input parameters")).await;
        assert!(page().await.contains("Недавно получил отказ"));
        let shown = owner.get(&desk.path()).await.expect_status(200).text();
        assert!(shown.contains("Errors in the input parameters"), "{shown}");

        let act = async |act: &str| {
            let fields = [("act", act), ("listed", "1")];
            let answer = owner.post_form(&desk.path(), &fields).await.expect_status(303);
            assert!(answer.location().starts_with("/settings/sources?company="), "{}", answer.location());
            desk.app.drain().await;
        };
        act("pause").await;
        let paused = page().await;
        assert!(paused.contains("Приостановлен<") && paused.contains("Продолжить"), "{paused}");
        desk.note("b").await;
        desk.app.advance(300).await;
        assert!(page().await.contains("5 мин"), "how long the oldest message waits");
        act("resume").await;
        assert!(page().await.contains("Недавно получил отказ"));
    }

    async fn who_needs_somebody_is_counted_where_they_look(place: Place) {
        let desk = Desk::open(place).await;
        let owner = desk.owner().await;
        let operator = crate::desk::person(&desk.app, desk.company, "operator", "operator").await;
        const MARK: &str = "count tone-warn\">1<";
        assert!(!owner.get("/orders").await.text().contains("count tone-warn"), "nothing is no number");
        let message = desk.quarantine("text/plain", b"a").await;
        for path in ["/orders", LIST] {
            assert!(owner.get(path).await.expect_status(200).text().contains(MARK), "{path}");
        }
        assert!(!operator.get("/orders").await.expect_status(200).text().contains("count tone-warn"));
        let path = format!("{}/messages/{message}", desk.path());
        owner.post_form(&path, &[("act", "drop")]).await.expect_status(303);
        assert!(!owner.get("/orders").await.text().contains(MARK));
        let connection = desk.connection().await;
        Contacts::note(&desk.app.db, &connection, true, Some("wrong")).await.expect("a note");
        assert!(owner.get("/orders").await.text().contains(MARK), "refused lately");
        desk.app.advance(2 * 3600).await;
        assert!(!owner.get("/orders").await.text().contains(MARK), "quiet for two hours");
        desk.app.advance(23 * 3600).await;
        assert!(owner.get("/orders").await.text().contains(MARK), "silent for a day");
        owner.post_form(&desk.path(), &[("act", "pause")]).await.expect_status(303);
        assert!(!owner.get("/orders").await.text().contains(MARK), "nobody expects a paused one to call");
    }

    async fn a_new_key_is_shown_once_and_never_again(place: Place) {
        let desk = Desk::open(place).await;
        let owner = desk.owner().await;
        let newest = desk.token().await.to_string();
        let rotate = [("act", "rotate"), ("newest", newest.as_str())];
        let page = owner.post_form(&desk.path(), &rotate).await.expect_status(200).text();
        let shown = keys_in(&page);
        assert_eq!(shown.len(), 1);
        assert!(page.contains("Старый ключ действует ещё 24 часа"), "{page}");
        // The same form again, as a browser sends it when the page is read anew.
        owner.post_form(&desk.path(), &rotate).await.expect_status(303);
        for path in [desk.path(), format!("{}/connect", desk.path()), LIST.to_owned(), "/settings/tokens".to_owned()] {
            let page = owner.get(&path).await.expect_status(200).text();
            assert!(!page.contains(&shown[0]) && !page.contains(&desk.key), "{path}");
        }
        let hint = &shown[0][28..];
        let page = owner.get(&desk.path()).await.text();
        assert!(page.contains(&format!("…{hint}")), "{page}");
        assert_eq!(desk.app.facts_named("connections.key_issued").await, 2);
        assert!(!desk.app.fact_log().await.contains(&shown[0]), "no key stands in the log");
    }

    async fn a_source_is_renamed_and_tested(place: Place) {
        let desk = Desk::open(place).await;
        let owner = desk.owner().await;
        let long = "ы".repeat(101);
        let refused = owner.post_form(&desk.path(), &[("act", "rename"), ("name", &long)]).await;
        let refused = refused.expect_status(422).text();
        assert!(refused.contains("не больше 100 знаков") && refused.contains(&long), "what was typed is kept");
        owner.post_form(&desk.path(), &[("act", "rename"), ("name", " Новая ")]).await.expect_status(303);
        assert!(owner.get(LIST).await.text().contains("Новая"));
        let test = async || owner.get(&format!("{}?test=1", desk.path())).await.expect_status(200).text();
        let page = test().await;
        assert!(page.contains("ещё не обращался. Проверьте") && page.contains("Проба сделана: yes"), "{page}");
        Contacts::note(&desk.app.db, &desk.connection().await, true, None).await.expect("a note");
        assert!(test().await.contains("его услышат"));
        let token = desk.token().await;
        let company = desk.company;
        desk.app.write(move |tx| takt_staff::tokens::revoke(tx, &crate::desk::permit(company), token)).await;
        assert!(test().await.contains("Ни один ключ не действует"));
    }
}
