//! Where the shop's list and ours are not the same: shown until both agree, or somebody decides.

use serde_json::json;
use takt_catalog::{EditCatalog, OfferInput, OfferTexts, upsert};
use takt_kernel::money::{Currency, Quantity};
use takt_orders::{CancelOrders, EditOrders, Patch, cancel, edit};
use takt_staff::{
    Permit,
    command_line::{self, NewUser},
};
use takt_stock::{Incoming, MoveStock};
use takt_store::{Query, Reader, params, sql};
use takt_testing::{Client, on_both_engines};

use super::{
    desk::{Desk, later, of, order, product},
    shop::{Mood, Shop},
};

const LIST: &str = "/settings/sources/differences";
const PASSWORD: &str = "correct horse battery";

pub async fn person(desk: &Desk, role: &str) -> Client {
    let email = format!("{role}@example.org");
    let user = NewUser {
        company: desk.company.to_string(),
        email: email.clone(),
        name: Some(role.to_owned()),
        roles: role.parse().expect("roles"),
        password: Some(PASSWORD.to_owned()),
    };
    command_line::create_user(&desk.app.db, user).await.expect("a person");
    let client = desk.app.client();
    let answer = client.post_form("/sign-in", &[("email", &email), ("password", PASSWORD)]).await;
    assert!(answer.status.is_redirection(), "{}", answer.text());
    client
}

/// Every row: subject, field, what is kept of both values, how it was settled.
async fn rows(desk: &Desk) -> Vec<String> {
    let company = desk.company;
    desk.app
        .read(move |reader: &mut Reader<'_>| {
            let rows = reader.all(
                sql!(
                    "select subject, external_id, field, theirs, ours, resolution
                     from connection_difference
                     where company_id = :company_id
                     order by subject, external_id, field
                     limit 100"
                ),
                params![company_id: company],
            )?;
            rows.iter()
                .map(|row| {
                    let text = |name: &str| -> takt_kernel::Result<String> {
                        Ok(row.get::<Option<String>>(name)?.unwrap_or_else(|| "-".to_owned()))
                    };
                    Ok(format!(
                        "{} {} {}: {} | {} ({})",
                        text("subject")?,
                        text("external_id")?,
                        text("field")?,
                        text("theirs")?,
                        text("ours")?,
                        text("resolution")?
                    ))
                })
                .collect()
        })
        .await
}

async fn change(desk: &Desk, patch: Patch) {
    let (order, _) = desk.order("1043").await;
    let company = desk.company;
    desk.app
        .write(move |tx| {
            let permit = Permit::<EditOrders>::system(company, "test");
            edit(tx, &permit, order.id, order.version, patch.clone())
        })
        .await;
    desk.app.drain().await;
}

fn comment(text: &str) -> Patch {
    Patch { comment: Some(Some(text.to_owned())), ..Patch::default() }
}

/// The path of the one form of the list that decides.
fn deed(page: &str) -> String {
    let start = page.find(&format!("{LIST}/")).expect("a form");
    let rest = &page[start..];
    rest[..rest.find('"').expect("its end")].replace("&amp;", "&")
}

/// An order of the shop that the poll looks at.
async fn listed(desk: &Desk, shop: &Shop) {
    desk.reach(shop).await;
    shop.inside().orders = vec![order()];
    desk.app.advance(1).await;
    assert_eq!(rows(desk).await, Vec::<String>::new());
}

on_both_engines! {
    async fn what_the_desk_changed_and_the_shop_lists_otherwise_is_shown_until_both_agree(place: Place) {
        let (desk, shop) = (Desk::open(place).await, Shop::open().await);
        listed(&desk, &shop).await;
        change(&desk, comment("Не звонить")).await;
        desk.app.advance(300).await;
        assert_eq!(rows(&desk).await, ["order 1043 comment: - | - (-)"], "a buyer's words are not kept");
        let owner = person(&desk, "owner").await;
        let page = owner.get(LIST).await.expect_status(200).text();
        for shown in ["Заказ 1043", "Комментарий покупателя", "решает магазин", "Позвоните заранее", "Не звонить"] {
            assert!(page.contains(shown), "{shown}: {page}");
        }
        let sources = owner.get("/settings/sources").await.expect_status(200).text();
        assert!(sources.contains(&format!("{LIST}?company={}&amp;connection={}", desk.company, desk.connection)));
        // Somebody writes back what the shop has: nobody has to decide any more.
        change(&desk, comment("Позвоните заранее")).await;
        assert_eq!(rows(&desk).await, ["order 1043 comment: - | - (agreed)"]);
        assert!(owner.get(LIST).await.text().contains("Расхождений нет"));
        let settled = owner.get(&format!("{LIST}?state=settled")).await.expect_status(200).text();
        assert!(settled.contains("совпало само"), "{settled}");
    }

    async fn theirs_is_taken_through_the_guards_of_the_desk(place: Place) {
        let (desk, shop) = (Desk::open(place).await, Shop::open().await);
        listed(&desk, &shop).await;
        let (placed, _) = desk.order("1043").await;
        let discount = takt_kernel::money::Money::new(100, Currency::RUB);
        change(&desk, Patch { discount: Some(discount), ..Patch::default() }).await;
        desk.app.advance(300).await;
        assert_eq!(rows(&desk).await, ["order 1043 discount: 50.00 | 1.00 (-)"]);
        let owner = person(&desk, "owner").await;
        let page = owner.get(&format!("{LIST}?connection={}", desk.connection)).await.expect_status(200).text();
        owner.post_form(&deed(&page), &[("act", "theirs")]).await.expect_status(303);
        desk.app.drain().await;
        let (taken, _) = desk.order("1043").await;
        assert_eq!((taken.discount, taken.total), (placed.discount, placed.total));
        assert_eq!(rows(&desk).await, ["order 1043 discount: 50.00 | 1.00 (theirs)"]);
        assert_eq!(desk.app.facts_named("connections.theirs_taken").await, 1);
        owner.post_form(&deed(&page), &[("act", "theirs")]).await.expect_status(422);
        // What is over cannot be changed, whoever asks.
        change(&desk, Patch { discount: Some(discount), ..Patch::default() }).await;
        let company = desk.company;
        desk.app
            .write(move |tx| cancel(tx, &Permit::<CancelOrders>::system(company, "test"), taken.id, None, ""))
            .await;
        desk.app.drain().await;
        desk.app.advance(300).await;
        let all = "order 1043 discount: 50.00 | 1.00 (-)\norder 1043 status: processing | cancelled (-)";
        assert_eq!(rows(&desk).await.join("\n"), all);
        let page = owner.get(&format!("{LIST}?subject=order")).await.text();
        for id in page.match_indices(&format!("{LIST}/")).map(|(start, _)| deed(&page[start..])) {
            let refused = owner.post_form(&id, &[("act", "theirs")]).await.expect_status(422).text();
            assert!(refused.contains("Осталось как было"), "{refused}");
        }
        assert_eq!(rows(&desk).await.join("\n"), all);
    }

    async fn ours_is_kept_until_the_shop_says_something_new(place: Place) {
        let (desk, shop) = (Desk::open(place).await, Shop::open().await);
        listed(&desk, &shop).await;
        change(&desk, comment("Не звонить")).await;
        desk.app.advance(300).await;
        let owner = person(&desk, "owner").await;
        let page = owner.get(LIST).await.text();
        owner.post_form(&deed(&page), &[("act", "ours")]).await.expect_status(303);
        assert_eq!(rows(&desk).await, ["order 1043 comment: - | - (ours)"]);
        desk.app.advance(600).await;
        desk.tell("order.updated", &later(30, json!({ "customer_note": "Позвоните заранее" }))).await;
        desk.app.advance(300).await;
        assert_eq!(rows(&desk).await, ["order 1043 comment: - | - (ours)"], "the same word is no news");
        assert_eq!(desk.order("1043").await.0.comment.as_deref(), Some("Не звонить"));
        assert_eq!(desk.app.facts_named("connections.ours_kept").await, 1);
        // What the shop changes is its own to say; what left cannot be changed, and differs again.
        let company = desk.company;
        let id = desk.order("1043").await.0.id;
        desk.app
            .write(move |tx| cancel(tx, &Permit::<CancelOrders>::system(company, "test"), id, None, ""))
            .await;
        desk.tell("order.updated", &later(60, json!({ "customer_note": "К пяти" }))).await.expect_status(200);
        desk.app.drain().await;
        assert_eq!(
            rows(&desk).await,
            ["order 1043 comment: - | - (-)", "order 1043 status: processing | cancelled (-)"]
        );
    }

    async fn a_status_that_could_not_be_written_differs_until_it_is(place: Place) {
        let (desk, shop) = (Desk::open(place).await, Shop::open().await);
        listed(&desk, &shop).await;
        desk.set(json!({ "write_orders": true })).await;
        shop.inside().mood = Mood::Refusing;
        let (company, id) = (desk.company, desk.order("1043").await.0.id);
        desk.app
            .write(move |tx| cancel(tx, &Permit::<CancelOrders>::system(company, "test"), id, None, ""))
            .await;
        desk.app.drain_with_failures().await;
        shop.inside().mood = Mood::Well;
        desk.app.advance(300).await;
        assert_eq!(rows(&desk).await, ["order 1043 status: processing | cancelled (-)"]);
        assert!(shop.inside().written.is_empty(), "it was given up");
        let owner = person(&desk, "owner").await;
        let page = owner.get(LIST).await.text();
        owner.post_form(&deed(&page), &[("act", "ours")]).await.expect_status(303);
        desk.app.drain().await;
        let written = vec![("PUT /wp-json/wc/v3/orders/1043".to_owned(), json!({ "status": "cancelled" }))];
        assert_eq!(shop.inside().written, written, "to keep ours is to write it");
        assert_eq!(rows(&desk).await, ["order 1043 status: processing | cancelled (ours)"]);
    }

    async fn a_list_that_is_behind_opens_nothing(place: Place) {
        let (desk, shop) = (Desk::open(place).await, Shop::open().await);
        listed(&desk, &shop).await;
        desk.tell("order.updated", &later(30, json!({ "customer_note": "К пяти" }))).await.expect_status(200);
        desk.app.drain().await;
        assert_eq!(desk.order("1043").await.0.comment.as_deref(), Some("К пяти"));
        // A cache before the shop still has the order as it was.
        desk.app.advance(300).await;
        assert_eq!(rows(&desk).await, Vec::<String>::new());
        assert_eq!(desk.order("1043").await.0.comment.as_deref(), Some("К пяти"));
    }

    async fn what_cannot_be_compared_hinders_no_other(place: Place) {
        let (desk, shop) = (Desk::open(place).await, Shop::open().await);
        listed(&desk, &shop).await;
        desk.tell("order.updated", &later(30, json!({ "customer_note": "К пяти" }))).await.expect_status(200);
        desk.app.drain().await;
        // The shop goes over to another currency: what it said in the old one cannot be read any more.
        let (company, id) = (desk.company, desk.shop);
        desk.app
            .write(move |tx| {
                tx.put(
                    sql!("update shop set currency = 'EUR' where company_id = :company_id and id = :id"),
                    params![company_id: company, id: id],
                )
            })
            .await;
        change(&desk, comment("Не звонить")).await;
        shop.inside().orders = vec![
            later(30, json!({ "customer_note": "К пяти" })),
            of(1044, 40, json!({ "currency": "EUR" })),
        ];
        desk.app.advance(300).await;
        assert_eq!(desk.order("1044").await.0.number, "1044", "the next of the same page");
        let connection = desk.connection().await;
        let stands = desk.app.read(move |reader| takt_shops_port::poll::standing(reader, &connection)).await;
        assert_eq!(stands.expect("it was asked").problem, None);
    }

    async fn ours_is_written_by_the_one_who_writes_the_order(place: Place) {
        let (desk, shop) = (Desk::open(place).await, Shop::open().await);
        listed(&desk, &shop).await;
        desk.set(json!({ "write_orders": true })).await;
        shop.inside().mood = Mood::Refusing;
        let (company, id) = (desk.company, desk.order("1043").await.0.id);
        desk.app
            .write(move |tx| cancel(tx, &Permit::<CancelOrders>::system(company, "test"), id, None, ""))
            .await;
        desk.app.drain_with_failures().await;
        shop.inside().mood = Mood::Well;
        desk.app.advance(300).await;
        let owner = person(&desk, "owner").await;
        let page = owner.get(LIST).await.text();
        owner.post_form(&deed(&page), &[("act", "ours")]).await.expect_status(303);
        let keys = desk.app.read(|reader: &mut Reader<'_>| {
            let rows = reader.all(
                sql!("select job_key from job where kind = 'woocommerce.write_order' order by job_key limit 10"),
                params![],
            )?;
            rows.iter().map(|row| row.get::<String>("job_key")).collect::<takt_kernel::Result<Vec<_>>>()
        }).await;
        assert_eq!(keys, [format!("{}/{id}", desk.connection)], "one job, whoever called it");
    }

    async fn a_company_with_nothing_open_is_taken_off_the_list_at_night(place: Place) {
        let (desk, shop) = (Desk::open(place).await, Shop::open().await);
        listed(&desk, &shop).await;
        let differing = async || {
            desk.app.read(|reader: &mut Reader<'_>| {
                reader.one(sql!("select count(*) as n from connection_differing"), params![])?.get::<i64>("n")
            }).await
        };
        assert_eq!(differing().await, 0);
        for _ in 0..2 {
            change(&desk, comment("Не звонить")).await;
            desk.app.advance(300).await;
            assert_eq!((rows(&desk).await.len(), differing().await), (1, 1));
            desk.app.advance(25 * 3600).await;
            assert_eq!(differing().await, 1, "it stands open");
            change(&desk, comment("Позвоните заранее")).await;
            assert_eq!(rows(&desk).await, ["order 1043 comment: - | - (agreed)"]);
            assert_eq!(differing().await, 1, "it may open again before the night");
            desk.app.advance(25 * 3600).await;
            assert_eq!(differing().await, 0);
        }
    }

    async fn goods_and_stock_that_stand_otherwise_are_shown(place: Place) {
        let desk = Desk::open(place).await;
        let company = desk.company;
        desk.app
            .write(move |tx| {
                let texts = OfferTexts { sku: "TEA-100", name: "Чай наш", price: "700", ..OfferTexts::default() };
                let input = OfferInput::parse(&texts, Currency::RUB)?;
                upsert(tx, &Permit::<EditCatalog>::system(company, "test"), &[input])?;
                let offer = takt_stock::offer_of(tx, company, "TEA-100")?;
                let permit = Permit::<MoveStock>::system(company, "test");
                takt_stock::receive(tx, &permit, &Incoming::of(offer, Quantity::whole(7)))
            })
            .await;
        let mut said = product();
        (said["stock_quantity"], said["manage_stock"]) = (json!(50), json!(true));
        desk.tell("product.created", &said).await.expect_status(200);
        desk.app.drain().await;
        let found = rows(&desk).await;
        let price = said["price"].as_str().expect("a price").to_owned();
        assert!(found.iter().any(|row| row.starts_with(&format!("offer 77 price: {price}")) && row.contains("| 700.00")), "{found:?}");
        assert!(found.iter().any(|row| row.starts_with("offer 77 name:") && row.contains("| Чай наш")), "{found:?}");
        assert!(found.contains(&"stock 77 quantity: 50 | 7 (-)".to_owned()), "{found:?}");
        let owner = person(&desk, "owner").await;
        let prices = owner.get(&format!("{LIST}?subject=stock")).await.text();
        let refused = owner.post_form(&deed(&prices), &[("act", "theirs")]).await.expect_status(422);
        assert!(refused.text().contains("не переносится как есть"), "stock is ours to count");
        // As many as there arrive: it agrees by itself.
        desk.app
            .write(move |tx| {
                let offer = takt_stock::offer_of(tx, company, "TEA-100")?;
                let permit = Permit::<MoveStock>::system(company, "test");
                takt_stock::receive(tx, &permit, &Incoming::of(offer, Quantity::whole(43)))
            })
            .await;
        desk.app.drain().await;
        assert!(rows(&desk).await.contains(&"stock 77 quantity: 50 | 7 (agreed)".to_owned()));
    }

    async fn only_who_manages_sources_sees_and_decides(place: Place) {
        let (desk, shop) = (Desk::open(place).await, Shop::open().await);
        listed(&desk, &shop).await;
        change(&desk, comment("Не звонить")).await;
        desk.app.advance(300).await;
        let owner = person(&desk, "owner").await;
        let path = deed(&owner.get(LIST).await.text());
        let clerk = person(&desk, "operator").await;
        clerk.get(LIST).await.expect_status(403);
        clerk.post_form(&path, &[("act", "ours")]).await.expect_status(403);
        assert_eq!(rows(&desk).await, ["order 1043 comment: - | - (-)"]);
    }
}
