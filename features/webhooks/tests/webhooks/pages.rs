//! Endpoints in the hands of people, without any script.

use takt_testing::{Client, on_both_engines};
use takt_ui::Texts;

use crate::{
    desk::Desk,
    receiver::{Receiver, Says},
};

const PAGE: &str = "/settings/webhooks";

async fn page(person: &Client, path: &str) -> String {
    let page = person.get(path).await.expect_status(200).text();
    assert_eq!(Texts::missing_in(&page), Vec::<String>::new(), "{path}");
    page
}

/// What stands between two texts.
fn between<'p>(page: &'p str, before: &str, after: &str) -> &'p str {
    let rest = page.split_once(before).map_or("", |(_, rest)| rest);
    rest.split_once(after).map_or("", |(found, _)| found)
}

on_both_engines! {
    async fn a_manager_adds_a_program_tries_it_and_sends_again(place: Place) {
        let desk = Desk::open(place).await;
        let there = Receiver::open().await;
        let manager = desk.signed_in(desk.company, "manager").await;
        let empty = page(&manager, PAGE).await;
        assert!(empty.contains("Пока ни одна программа") && empty.contains("orders.placed"), "{empty}");
        let refused = [("name", ""), ("url", "http://example.org"), ("kinds", "orders.*"), ("shop", "")];
        let refused = manager.post_form(PAGE, &refused).await.expect_status(422).text();
        assert!(refused.contains("https://") && refused.contains("value=\"http://example.org\""), "{refused}");
        let given = [("name", "Учёт"), ("url", there.url.as_str()), ("kinds", "orders.*"), ("shop", "")];
        let added = manager.post_form(PAGE, &given).await.expect_status(200).text();
        let secret = format!("whsec_{}", between(&added, "whsec_", "<").split('"').next().unwrap_or_default());
        assert!(secret.len() > 40, "{added}");
        let list = page(&manager, PAGE).await;
        assert!(list.contains("Учёт") && !list.contains(&secret), "the key is shown once");
        let own = format!("{PAGE}/{}", between(&list, "href=\"/settings/webhooks/", "?"));
        assert!(!page(&manager, &own).await.contains("whsec_"));
        assert!(manager.post_form(&format!("{own}/ping"), &[]).await.status.is_redirection());
        desk.app.drain().await;
        assert_eq!(there.take()[0].kind(), "webhooks.ping");

        there.always_says(Says::Text(500, "<b>нет</b>".to_owned()));
        let order = desk.order().await;
        let shown = page(&manager, &format!("{own}?state=waiting")).await;
        assert!(shown.contains("orders.placed") && shown.contains("Ждёт"), "{shown}");
        let message = format!("{own}/messages/{}", between(&shown, "id=\"message-", "\""));
        let shown = page(&manager, &message).await;
        assert!(shown.contains("500") && shown.contains("&lt;b&gt;нет") && shown.contains(&order.to_string()), "{shown}");
        manager.post_form(&format!("{message}/replay"), &[]).await.expect_status(422);
        for _ in 0..20 {
            desk.app.advance(5 * 3600).await;
        }
        let manager = desk.signed_in(desk.company, "owner").await;
        assert!(page(&manager, PAGE).await.contains("tone-bad"), "what was given up is seen");
        there.always_says(Says::Status(200));
        there.take();
        assert!(manager.post_form(&format!("{message}/replay"), &[]).await.status.is_redirection());
        desk.app.drain().await;
        assert_eq!(there.told().len(), 1);
        manager.post_form(&format!("{own}/replay"), &[("which", "since"), ("since", "yesterday")]).await.expect_status(422);
        let since = [("which", "since"), ("since", "2026-11-02T08:59")];
        assert!(manager.post_form(&format!("{own}/replay"), &since).await.status.is_redirection());
        desk.app.drain().await;
        assert!(there.told().len() >= 2, "nine in Moscow is six in Greenwich");
    }

    async fn a_program_is_paused_renamed_given_a_new_key_and_removed(place: Place) {
        let desk = Desk::open(place).await;
        let there = Receiver::open().await;
        let told = desk.endpoint(&there.url, "orders.placed", None).await;
        let owner = desk.signed_in(desk.company, "owner").await;
        let own = format!("{PAGE}/{}", told.id);
        owner.post_form(&format!("{own}/pause"), &[]).await.expect_status(303);
        desk.order().await;
        assert_eq!(there.take().len(), 0);
        owner.post_form(&format!("{own}/ping"), &[]).await.expect_status(422);
        let given = [("name", "Склад"), ("url", there.url.as_str()), ("kinds", ""), ("shop", &desk.shop.to_string())];
        owner.post_form(&own, &given).await.expect_status(303);
        owner.post_form(&own, &[("name", "Склад"), ("url", "nowhere")]).await.expect_status(422);
        owner.post_form(&format!("{own}/resume"), &[]).await.expect_status(303);
        desk.app.drain().await;
        assert_eq!(there.take().len(), 1);
        let rotated = owner.post_form(&format!("{own}/rotate"), &[]).await.expect_status(200).text();
        assert!(rotated.contains("whsec_") && !rotated.contains(&told.secret), "{rotated}");
        let shown = page(&owner, &own).await;
        assert!(shown.contains("Склад") && shown.contains("Прежний ключ подписывает до"), "{shown}");
        owner.post_form(&format!("{own}/remove"), &[]).await.expect_status(303);
        owner.get(&own).await.expect_status(404);
        let facts = desk.log().await;
        let said: Vec<&str> =
            facts.iter().map(|fact| fact.kind.as_str()).filter(|kind| kind.starts_with("webhooks.")).collect();
        assert_eq!(said, ["added", "paused", "edited", "resumed", "rotated", "removed"].map(|it| format!("webhooks.{it}")));
        assert!(facts.iter().all(|fact| !fact.body.to_string().contains("whsec_") && !fact.body.to_string().contains("http")));
    }
}
