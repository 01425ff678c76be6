//! Who may, and whose it is.

use takt_testing::on_both_engines;
use takt_webhooks::{Given, add, edit, pause, replay_one};

use crate::{
    desk::{Desk, company, manager},
    receiver::Receiver,
};

const PAGE: &str = "/settings/webhooks";

on_both_engines! {
    async fn only_owners_and_managers_come_in(place: Place) {
        let desk = Desk::open(place).await;
        let there = Receiver::open().await;
        let told = desk.endpoint(&there.url, "", None).await;
        desk.order().await;
        let message = desk.messages(told.id).await[0].id;
        let own = format!("{PAGE}/{}", told.id);
        for (role, may) in [
            ("owner", true), ("manager", true), ("operator", false), ("warehouse", false), ("accountant", false), ("auditor", false),
        ] {
            let person = desk.signed_in(desk.company, role).await;
            let expected = if may { 200 } else { 403 };
            for page in [PAGE.to_owned(), own.clone(), format!("{own}/messages/{message}")] {
                person.get(&page).await.expect_status(expected);
            }
            if !may {
                for verb in ["pause", "rotate", "remove", "ping", "resume", "replay"] {
                    person.post_form(&format!("{own}/{verb}"), &[("which", "failed")]).await.expect_status(403);
                }
                person.post_form(&own, &[("name", "x"), ("url", &there.url)]).await.expect_status(403);
                person.post_form(PAGE, &[("name", "x"), ("url", &there.url)]).await.expect_status(403);
            }
        }
        assert_eq!(desk.app.facts_named("webhooks.added").await, 1);
    }

    async fn what_is_of_another_company_is_not_there(place: Place) {
        let desk = Desk::open(place).await;
        let there = Receiver::open().await;
        let told = desk.endpoint(&there.url, "", None).await;
        desk.order().await;
        let (id, message) = (told.id, desk.messages(told.id).await[0].id);
        let stranger = company(&desk.app, "Чужие").await;
        let person = desk.signed_in(stranger, "owner").await;
        person.get(&format!("{PAGE}/{id}")).await.expect_status(404);
        person.get(&format!("{PAGE}/{id}/messages/{message}")).await.expect_status(404);
        person.post_form(&format!("{PAGE}/{id}/remove"), &[]).await.expect_status(404);
        assert!(!person.get(PAGE).await.expect_status(200).text().contains("ERP"));
        let given = Given { name: "x".to_owned(), url: there.url.clone(), ..Given::default() };
        let edited = desk.app.try_write(move |tx| edit(tx, &manager(stranger), id, &given)).await;
        let paused = desk.app.try_write(move |tx| pause(tx, &manager(stranger), id)).await;
        let replayed = desk.app.try_write(move |tx| replay_one(tx, &manager(stranger), id, message)).await;
        for refused in [edited, paused, replayed] {
            assert!(refused.is_err_and(|fault| fault.is("webhooks.endpoint_missing")));
        }
        let (url, shop) = (there.url.clone(), desk.shop);
        let given = Given { name: "x".to_owned(), url, shop: Some(shop), ..Given::default() };
        let foreign = desk.app.try_write(move |tx| add(tx, &manager(stranger), &given).map(|_| ())).await;
        assert!(foreign.is_err_and(|fault| fault.fields()[0].code == "webhooks.shop_missing"));
        there.take();
        let strange = company(&desk.app, "Третьи").await;
        let shop = crate::desk::shop(&desk.app, strange, "Третий").await;
        desk.app.write(move |tx| crate::desk::tea(tx, strange, shop)).await;
        desk.app.drain().await;
        assert_eq!(there.told(), Vec::<String>::new());
    }

    async fn a_company_has_so_many_programs_and_each_is_well_written(place: Place) {
        let desk = Desk::open(place).await;
        let there = Receiver::open().await;
        for _ in 0..20 {
            desk.endpoint(&there.url, "", None).await;
        }
        let company = desk.company;
        let given = Given { name: "x".to_owned(), url: there.url.clone(), ..Given::default() };
        let refused = desk.app.try_write(move |tx| add(tx, &manager(company), &given).map(|_| ())).await;
        assert!(refused.is_err_and(|fault| fault.is("webhooks.too_many")));
        let wrong = Given { url: "http://10.0.0.1/".to_owned(), kinds: "staff.*".to_owned(), ..Given::default() };
        let refused = desk.app.try_write(move |tx| add(tx, &manager(company), &wrong).map(|_| ())).await.expect_err("a refusal");
        let named: Vec<&str> = refused.fields().iter().map(|field| field.path.as_str()).collect();
        assert_eq!(named, ["name", "url", "kinds"], "all that is wrong at once");
    }
}
