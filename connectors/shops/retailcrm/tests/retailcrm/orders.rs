use serde_json::{Value, json};
use takt_connections::standing;
use takt_orders::Patch;
use takt_staff::Permit;
use takt_store::{Query, params, sql};
use takt_testing::on_both_engines;

use super::shop::{Desk, connect, order, shop};

on_both_engines! {
    async fn an_order_of_a_module_is_an_order_of_the_desk(place: Place) {
        let desk = Desk::open(place).await;
        let created = desk.module.create(&order("1")).await.expect(201);
        let id = created["id"].as_i64().expect("an id");
        let ours = desk.order(id).await;
        assert_eq!(
            (ours.contact.name.as_str(), ours.contact.phone.as_deref(), ours.external_id.as_deref()),
            ("Ivan Sidorov", Some("+79001234568"), Some("1"))
        );
        assert_eq!(ours.delivery.address.as_deref(), Some("101000, Moscow, Lenina 1"));
        assert_eq!((ours.total.to_decimal_string(), ours.source.as_str()), ("207.00".to_owned(), "retailcrm"));
        assert_eq!(ours.terms.code(), "on_delivery", "cash is paid when it arrives");
        let theirs = desk.module.get("orders/1?by=externalId").await.expect(200)["order"].clone();
        assert_eq!(theirs, created["order"], "what is answered is what is read");
        for (path, expected) in [
            ("/summ", json!(202)),
            ("/totalSumm", json!(207)),
            ("/status", json!("new")),
            ("/site", json!("opencart")),
            ("/createdAt", json!("2026-11-02 08:03:15")),
            ("/firstName", json!("Ivan")),
            ("/customer/externalId", json!("1")),
            ("/items/0/offer/externalId", json!("40")),
            ("/items/0/initialPrice", json!(101)),
            ("/items/0/quantity", json!(2)),
            ("/delivery/address/index", json!("101000")),
            ("/customFields", json!([])),
        ] {
            assert_eq!(theirs.pointer(path), Some(&expected), "{path}");
        }
        let payments = theirs["payments"].as_object().expect("a map by id").clone();
        let (key, payment) = payments.iter().next().expect("one");
        assert_eq!(json!(key.parse::<i64>().expect("a number")), payment["id"]);
        assert_eq!((&payment["status"], &payment["externalId"]), (&json!("not-paid"), &json!("1-a")));
    }

    async fn an_order_is_placed_once_however_often_it_is_sent(place: Place) {
        let desk = Desk::open(place).await;
        desk.module.create(&order("1")).await.expect(201);
        desk.module.create(&order("1")).await.refused(400, "Order already exists.");
        desk.app.drain().await;
        assert_eq!(desk.placed().await, 1);
    }

    async fn an_edit_of_an_order_that_never_came_creates_it(place: Place) {
        let desk = Desk::open(place).await;
        desk.module.edit("7", &json!({ "customerComment": "hello" })).await.refused(404, "Not found");
        let mut whole = order("7");
        whole["status"] = json!("to_confirm");
        let body = desk.module.edit("7", &whole).await.expect(200);
        assert_eq!(body["order"]["status"], "to_confirm");
        desk.app.drain().await;
        assert_eq!(desk.placed().await, 1);
    }

    async fn fifty_orders_are_taken_at_once_and_what_cannot_be_is_named(place: Place) {
        let desk = Desk::open(place).await;
        let mut orders: Vec<Value> = (1..=48).map(|number| order(&number.to_string())).collect();
        orders.push(json!({ "externalId": "49", "firstName": "Nobody ordered anything" }));
        orders.push(order("1"));
        let body = desk.module.post("orders/upload", &[("orders", json!(orders))]).await.expect(460);
        assert_eq!(body["errorMsg"], "Orders are loaded with errors");
        assert_eq!(body["uploadedOrders"].as_array().map(Vec::len), Some(48));
        let failed: Vec<&Value> = body["failedOrders"].as_array().expect("a list").iter().map(|one| &one["externalId"]).collect();
        assert_eq!(failed, ["49", "1"]);
        desk.app.drain().await;
        assert_eq!(desk.placed().await, 48);
        orders.push(order("51"));
        desk.module.post("orders/upload", &[("orders", json!(orders))]).await.refused(400, "Errors in the input parameters");
    }

    async fn a_shop_that_lists_its_orders_shows_where_they_differ(place: Place) {
        let desk = Desk::open(place).await;
        for number in ["1", "2"] {
            desk.module.create(&order(number)).await.expect(201);
        }
        let mut other = order("2");
        (other["items"][0]["quantity"], other["status"]) = (json!(5), json!("complete"));
        desk.module.post("orders/upload", &[("orders", json!([order("1"), other]))]).await.expect(460);
        let (company, connection) = (desk.company, desk.connection);
        let applied = desk.app.read(move |reader| {
            takt_connections::messages::newest(reader, company, connection, takt_connections::messages::State::Applied, 1)
        }).await;
        assert_eq!(applied[0].notes, ["order 2 differs: items, status"]);
        assert_eq!(desk.app.facts_named("orders.edited").await, 0, "it is shown, not taken");
        let open = async || desk.app.read(move |r| { let now = r.now(); standing(r, company, connection, now) }).await.differing;
        assert_eq!(open().await, 2);
        // What the shop then changes itself is taken, and agrees.
        let mut changed = order("2");
        changed["items"][0]["quantity"] = json!(5);
        desk.module.edit("2", &changed).await.expect(200);
        desk.app.drain().await;
        assert_eq!(open().await, 0);
    }

    async fn a_note_opens_nothing_that_the_shop_only_repeats(place: Place) {
        let desk = Desk::open(place).await;
        let id = desk.module.create(&order("1")).await.expect(201)["id"].as_i64().expect("an id");
        desk.edited_by_the_desk(id, Patch { comment: Some(Some("Не звонить".to_owned())), ..Patch::default() }).await;
        let (company, connection) = (desk.company, desk.connection);
        let open = async || {
            desk.app.drain().await;
            desk.app.read(move |r| { let now = r.now(); standing(r, company, connection, now) }).await.differing
        };
        let told_paid = |payment: &str| {
            let mut whole = order("1");
            whole["payments"] = json!([{ "externalId": payment, "type": "cash", "status": "paid" }]);
            whole
        };
        desk.module.edit("1", &told_paid("1-a")).await.expect(200);
        assert_eq!(open().await, 0, "the desk's own change is no difference");
        assert_eq!(desk.order(id).await.comment.as_deref(), Some("Не звонить"));
        // A list that has it otherwise is one, until somebody decides.
        let mut listed = order("1");
        listed["items"][0]["quantity"] = json!(5);
        desk.module.post("orders/upload", &[("orders", json!([listed]))]).await.expect(460);
        assert_eq!(open().await, 2);
        desk.app.write(move |tx| tx.put(
            sql!(
                "update connection_difference
                 set resolved_at = 1, resolution = 'ours'
                 where company_id = :company_id"
            ),
            params![company_id: company],
        )).await;
        desk.module.edit("1", &told_paid("1-b")).await.expect(200);
        assert_eq!(open().await, 0, "what was decided stays decided while the shop says nothing new");
        // What it says anew and cannot have is one.
        let mut over = told_paid("1-c");
        over["status"] = json!("complete");
        desk.module.edit("1", &over).await.expect(200);
        assert_eq!(open().await, 1);
    }

    async fn what_was_sold_long_ago_is_kept_and_nothing_follows_from_it(place: Place) {
        let desk = Desk::open(place).await;
        let mut old = order("1");
        (old["status"], old["createdAt"]) = (json!("complete"), json!("2024-05-06 07:08:09"));
        let mut gone = order("2");
        gone["status"] = json!("cancel-other");
        let body = desk.module.post("orders/upload", &[("orders", json!([old, gone, order("3")]))]).await.expect(201);
        desk.app.drain().await;
        assert_eq!((desk.placed().await, desk.app.facts_named("orders.recorded").await), (1, 2));
        let stages: Vec<&Value> = body["orders"].as_array().expect("a list").iter().map(|order| &order["status"]).collect();
        assert_eq!(stages, ["complete", "cancelled", "new"]);
        let theirs = desk.module.get("orders/1").await.expect(200)["order"].clone();
        assert_eq!(theirs["createdAt"], "2024-05-06 07:08:09");
        let ours = desk.order(theirs["id"].as_i64().expect("an id")).await;
        assert_eq!((ours.holder, ours.due_at, ours.customer.is_some()), (None, None, true));
        let rows = desk.module.get("orders/history?filter[sinceId]=0").await.expect(200)["history"].clone();
        assert_eq!(rows.as_array().map(Vec::len), Some(3));
    }

    async fn lists_are_paged_and_narrowed(place: Place) {
        let desk = Desk::open(place).await;
        let mut ids = Vec::new();
        for number in 1..=23 {
            let body = desk.module.create(&order(&number.to_string())).await.expect(201);
            ids.push(body["id"].as_i64().expect("an id"));
        }
        desk.app.drain().await;
        let first = desk.module.get("orders").await.expect(200);
        assert_eq!(first["pagination"], json!({ "limit": 20, "totalCount": 23, "currentPage": 1, "totalPageCount": 2 }));
        let second = desk.module.get("orders?limit=20&page=2").await.expect(200);
        let seen = |body: &Value| body["orders"].as_array().expect("a list").iter().filter_map(|one| one["id"].as_i64()).collect::<Vec<_>>();
        let mut all = seen(&first);
        all.extend(seen(&second));
        all.reverse();
        assert_eq!(all, ids, "each once, the newest first");
        for (query, expected) in [
            (format!("filter[ids][]={}&filter[ids][]={}", ids[0], ids[1]), 2),
            (format!("filter%5Bids%5D%5B0%5D={}", ids[5]), 1),
            ("filter[externalIds][]=3".to_owned(), 1),
            ("filter[extendedStatus][]=new".to_owned(), 23),
            ("filter[extendedStatus][]=complete".to_owned(), 0),
            ("filter[customerExternalId]=1".to_owned(), 23),
            ("filter[customerExternalId]=2".to_owned(), 0),
            ("filter[email]=buyer@example.com".to_owned(), 23),
            ("filter[createdAtFrom]=2026-11-03".to_owned(), 0),
            ("filter[createdAtTo]=2026-11-02".to_owned(), 23),
            ("filter[sites][]=another".to_owned(), 0),
        ] {
            let body = desk.module.get(&format!("orders?{query}&limit=50")).await.expect(200);
            assert_eq!(body["pagination"]["totalCount"], json!(expected), "{query}");
        }
        for query in ["limit=21", "limit=many", "page=0", "filter[ids][]=first"] {
            desk.module.get(&format!("orders?{query}")).await.refused(400, "Errors in the input parameters");
        }
    }

    async fn an_order_of_the_desk_gets_the_id_that_the_shop_gives_it(place: Place) {
        let desk = Desk::open(place).await;
        let mut born = order("");
        born.as_object_mut().expect("fields").remove("externalId");
        let id = desk.module.create(&born).await.expect(201)["id"].clone();
        let fix = |id: &Value, external_id: Value| json!([{ "id": id, "externalId": external_id }]);
        desk.module.post("orders/fix-external-ids", &[("orders", fix(&id, json!(77)))]).await.expect(200);
        let theirs = desk.module.get("orders/77").await.expect(200);
        assert_eq!((&theirs["order"]["id"], &theirs["order"]["externalId"]), (&id, &json!("77")));
        desk.module.create(&order("77")).await.refused(400, "Order already exists.");
        // Another id for the same order, or the same for another: neither moves.
        desk.module.post("orders/fix-external-ids", &[("orders", fix(&id, json!(78)))]).await.expect(200);
        desk.module.get("orders/78").await.refused(404, "Not found");
    }

    async fn a_key_reaches_only_its_own_shop(place: Place) {
        let desk = Desk::open(place).await;
        let mine = desk.module.create(&order("1")).await.expect(201)["id"].clone();
        let other = shop(&desk.app, desk.company, "Кофе").await;
        let (_, stranger) = connect(&desk.app, desk.company, other).await;
        let sites = stranger.get("reference/sites").await.expect(200);
        let sites = sites["sites"].as_object().expect("a map").clone();
        assert_eq!(sites.len(), 1);
        assert_eq!(sites.values().next().map(|site| site["code"].clone()), Some(json!(format!("shop-{other}"))));
        stranger.get(&format!("orders/{mine}?by=id")).await.refused(404, "Not found");
        stranger.get("orders/1").await.refused(404, "Not found");
        assert_eq!(stranger.get("orders").await.expect(200)["pagination"]["totalCount"], json!(0));
        assert_eq!(stranger.get("orders/history?filter[sinceId]=0").await.expect(200)["history"], json!([]));
        assert_eq!(stranger.get("customers").await.expect(200)["pagination"]["totalCount"], json!(0));
        let edit = [("order", json!({ "customerComment": "mine now" })), ("by", json!("id"))];
        stranger.post(&format!("orders/{mine}/edit"), &edit).await.refused(404, "Not found");
        let foreign = [("order", order("2")), ("site", json!("opencart"))];
        stranger.post("orders/create", &foreign).await.refused(403, "Access denied.");
    }

    async fn goods_are_known_by_any_of_their_names(place: Place) {
        let desk = Desk::open(place).await;
        let ours = desk.module.get("store/offers?filter[externalIds][]=TEA").await.expect(200)["offers"][0]["id"].clone();
        let created = {
            let mut one = order("1");
            one["items"] = json!([{ "offer": { "id": ours }, "quantity": 2 }]);
            desk.module.create(&one).await.expect(201)
        };
        let shown = |body: &Value| -> Vec<String> {
            let items = body["order"]["items"].as_array().expect("items");
            items.iter().map(|item| format!("{} {}×{}", item["offer"]["externalId"], item["quantity"], item["initialPrice"])).collect()
        };
        assert_eq!(shown(&created), [r#""TEA" 2×199.5"#]);
        // The same by our id again is the same line; what is named by the other id of the shop's is found, too.
        let line = created["order"]["items"][0]["id"].clone();
        let items = json!([{ "offer": { "id": ours }, "quantity": 3 }, { "offer": { "xmlId": "40" }, "quantity": 1 }]);
        let edited = desk.module.edit("1", &json!({ "items": items })).await.expect(200);
        assert_eq!(shown(&edited), [r#""TEA" 3×199.5"#, r#""40" 1×101"#]);
        assert_eq!(edited["order"]["items"][0]["id"], line);
    }

    async fn two_accounts_of_one_buyer_keep_their_names(place: Place) {
        let desk = Desk::open(place).await;
        let mut ids = Vec::new();
        for (number, account) in [("1", "17"), ("2", "4")] {
            let mut one = order(number);
            one["customer"] = json!({ "externalId": account });
            let body = desk.module.create(&one).await.expect(201);
            assert_eq!(body["order"]["customer"]["externalId"], json!(account));
            ids.push(body["order"]["customer"]["id"].clone());
        }
        assert_eq!(ids[0], ids[1], "they are reached in the same way");
        for (number, account) in [("1", "17"), ("2", "4")] {
            let body = desk.module.get(&format!("orders/{number}")).await.expect(200);
            assert_eq!(body["order"]["customer"]["externalId"], json!(account));
        }
    }

    async fn a_shop_with_another_name_is_the_same_site(place: Place) {
        let desk = Desk::open(place).await;
        let company = desk.company;
        let shop = desk.app.read(move |reader| Ok(takt_connections::list(reader, company)?[0].shop)).await;
        for name in ["Мой магазин", "tea-shop"] {
            desk.app.write(move |tx| takt_staff::shops::rename(tx, &Permit::system(company, "test"), shop, name)).await;
            desk.app.drain().await;
        }
        let sites = desk.module.get("reference/sites").await.expect(200)["sites"].clone();
        assert_eq!((&sites["opencart"]["code"], &sites["opencart"]["name"]), (&json!("opencart"), &json!("tea-shop")));
        let of_site = [("order", order("1")), ("site", json!("opencart"))];
        desk.module.post("orders/create", &of_site).await.expect(201);
    }

    async fn what_is_asked_of_another_site_is_not_answered(place: Place) {
        let desk = Desk::open(place).await;
        desk.module.create(&order("1")).await.expect(201);
        desk.module.get("orders/1?site=another").await.refused(403, "Access denied.");
        let foreign = [("order", json!({ "customerComment": "x" })), ("site", json!("another"))];
        desk.module.post("orders/1/edit", &foreign).await.refused(403, "Access denied.");
        desk.module.get("orders/1?site=opencart").await.expect(200);
        // One of several statuses is there, in whatever order they are named.
        for query in ["filter[extendedStatus][]=gone&filter[extendedStatus][]=new", "filter[extendedStatus][]=new&filter[extendedStatus][]=gone"] {
            let body = desk.module.get(&format!("orders?{query}")).await.expect(200);
            assert_eq!(body["pagination"]["totalCount"], json!(1), "{query}");
        }
        for (asked, expected) in [("0", 1), ("false", 1), ("False", 1), ("1", 0)] {
            let body = desk.module.get(&format!("customers?filter[isContact]={asked}")).await.expect(200);
            assert_eq!(body["pagination"]["totalCount"], json!(expected), "{asked}");
        }
    }
}
