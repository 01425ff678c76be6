use takt_testing::on_both_engines;

use crate::desk::{Desk, offer, offers};

on_both_engines! {
    async fn a_person_sets_a_feed_up_and_watches_it(place: Place) {
        let desk = Desk::open(place).await;
        let owner = desk.signed_in("owner").await;
        let empty = owner.get("/settings/feeds").await.expect_status(200).text();
        assert!(empty.contains("retailcrm.xml"), "the empty page teaches");
        desk.server.serves(&(offers(0..4, "10") + &offer("bad", "x")));
        let shop = desk.shop.to_string();
        let form = [("shop", shop.as_str()), ("url", &desk.server.url), ("interval", "3600"), ("user", "takt"), ("password", "s3cret")];
        owner.post_form("/settings/feeds", &form).await.expect_status(303);
        desk.app.drain().await;
        let page = owner.get("/settings/feeds").await.expect_status(200).text();
        assert!(page.contains(&desk.server.url) && page.contains("bad") && page.contains("не цена"), "{page}");
        assert!(!page.contains("s3cret"), "a password is never shown");
        assert!(page.contains("data-live=\"feeds offers\""), "it keeps itself fresh");

        let auditor = desk.signed_in("auditor").await;
        let seen = auditor.get("/settings/feeds").await.expect_status(200).text();
        assert!(!seen.contains(&desk.server.url) && !seen.contains("<form method=\"post\" action=\"/settings/feeds"), "{seen}");
        let id = desk.feed().await.id;
        for deed in ["pull", "pause", "resume", "archive"] {
            let path = format!("/settings/feeds/{id}/{deed}");
            assert_eq!(auditor.post_form(&path, &[]).await.status, 403, "{path}");
        }
        assert_eq!(desk.signed_in("operator").await.get("/settings/feeds").await.status, 403);
    }

    async fn a_form_that_makes_no_sense_comes_back_as_it_was(place: Place) {
        let desk = Desk::open(place).await;
        let owner = desk.signed_in("owner").await;
        let shop = desk.shop.to_string();
        let form = [("shop", shop.as_str()), ("url", "ftp://tea.example/x"), ("interval", "3600")];
        let refused = owner.post_form("/settings/feeds", &form).await.expect_status(422).text();
        assert!(refused.contains("ftp://tea.example/x"));
        let none = owner.post_form("/settings/feeds", &[("url", "https://tea.example")]).await;
        assert_eq!(none.status, 422);
        desk.server.serves(&offers(0..3, "10"));
        let id = desk.set().await;
        let path = format!("/settings/feeds/{id}");
        let form = [("url", "nonsense"), ("interval", "3600")];
        let refused = owner.post_form(&path, &form).await.expect_status(422).text();
        assert!(refused.contains("nonsense"));
        let form = [("url", desk.server.url.as_str()), ("interval", "900")];
        owner.post_form(&path, &form).await.expect_status(303);
        assert_eq!(desk.feed().await.interval_seconds, 900);
    }

    async fn the_question_has_its_button(place: Place) {
        let desk = Desk::open(place).await;
        desk.server.serves(&offers(0..10, "10"));
        let id = desk.set().await;
        desk.app.drain().await;
        desk.pulls(&offers(0..2, "10")).await;
        let owner = desk.signed_in("owner").await;
        let path = format!("/settings/feeds/{id}/archive");
        assert!(owner.get("/settings/feeds").await.text().contains(&path));
        owner.post_form(&path, &[]).await.expect_status(303);
        desk.app.drain().await;
        assert_eq!(desk.sold(0..10).await.len(), 2);
    }
}
