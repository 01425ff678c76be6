use serde_json::{Value, json};
use takt_customers::Contact;
use takt_kernel::{Actor, CompanyId};
use takt_orders::Patch;
use takt_store::{About, Fact, Subject};
use takt_testing::on_both_engines;

use super::shop::{Desk, order};

fn rows(body: &Value) -> Vec<Value> {
    body["history"].as_array().cloned().expect("a list")
}

fn fields(rows: &[Value]) -> Vec<&str> {
    rows.iter().filter_map(|row| row["field"].as_str()).collect()
}

fn last(rows: &[Value]) -> i64 {
    rows.last().and_then(|row| row["id"].as_i64()).expect("a number")
}

#[derive(serde::Serialize, serde::Deserialize)]
struct Noise {}

impl Fact for Noise {
    const KIND: &'static str = "test.noise";
}

/// What another company says, so much that nobody looks through it for one order.
async fn others_speak(desk: &Desk) {
    for _ in 0..42 {
        desk.app
            .write(|tx| {
                let actor = Actor::system("test");
                (0..500).try_for_each(|_| {
                    tx.say(About::new(CompanyId::new(999), Subject::new("noise", 1), &actor), &Noise {})
                })
            })
            .await;
    }
}

on_both_engines! {
    async fn a_narrow_question_is_answered_however_much_others_say(place: Place) {
        let desk = Desk::open(place).await;
        let customer = |name: &str| json!({ "externalId": "c1", "firstName": name, "phones": [{ "number": "+79001112233" }] });
        desk.module.create(&order("1")).await.expect(201);
        desk.module.post("customers/create", &[("customer", customer("Anna"))]).await.expect(201);
        desk.module.post("customers-corporate/create", &[("customerCorporate", json!({ "externalId": "f1", "nickName": "One" }))]).await.expect(201);
        others_speak(&desk).await;
        desk.module.edit("1", &json!({ "customerComment": "at six" })).await.expect(200);
        desk.module.post("customers/c1/edit", &[("customer", customer("Berta"))]).await.expect(200);
        desk.module.post("customers-corporate/f1/edit", &[("customerCorporate", json!({ "nickName": "Two" }))]).await.expect(200);
        desk.app.drain().await;
        for (asked, last) in [
            ("orders/history?filter[orderExternalId]=1", "customer_comment"),
            ("orders/history?filter[sinceId]=0&filter[orderExternalId]=1&limit=20", "customer_comment"),
            ("orders/history?filter[startDate]=2026-11-01+09:00:00", "customer_comment"),
            ("orders/history?filter[sinceId]=0", "customer_comment"),
            ("customers/history?filter[customerExternalId]=c1", "first_name"),
            ("customers-corporate/history?filter[customerExternalId]=f1", "nick_name"),
        ] {
            let found = rows(&desk.module.get(asked).await.expect(200));
            assert_eq!(fields(&found).last(), Some(&last), "{asked}: {found:?}");
        }
        let until = rows(&desk.module.get("orders/history?filter[orderExternalId]=1&filter[endDate]=2026-11-01+09:00:00").await.expect(200));
        assert!(until.is_empty(), "{until:?}");
    }

    async fn each_changed_field_is_a_row_after_the_last_one_that_was_read(place: Place) {
        let desk = Desk::open(place).await;
        let id = desk.module.create(&order("1")).await.expect(201)["id"].as_i64().expect("an id");
        desk.app.drain().await;
        let body = desk.module.get("orders/history?filter[sinceId]=0").await.expect(200);
        let first = rows(&body);
        assert_eq!(fields(&first), ["status"], "{body}");
        assert_eq!((&first[0]["created"], &first[0]["newValue"]), (&json!(true), &json!({ "code": "new" })));
        assert_eq!(first[0]["order"]["items"][0]["offer"]["externalId"], "40", "the first row has the whole order");
        assert_eq!((&first[0]["source"], &first[0]["apiKey"]), (&json!("api"), &json!({ "current": true })));
        let contact = Contact::parse("Пётр Сидоров", "+79001234569", "buyer@example.com", "RU").expect("a contact");
        desk.edited_by_the_desk(id, Patch { contact: Some(contact), comment: Some(None), ..Patch::default() }).await;
        let body = desk.module.get(&format!("orders/history?filter[sinceId]={}", last(&first))).await.expect(200);
        let second = rows(&body);
        assert_eq!(fields(&second), ["first_name", "last_name", "phone", "customer_comment"]);
        assert_eq!((&second[0]["oldValue"], &second[0]["newValue"]), (&json!("Ivan"), &json!("Пётр")));
        assert_eq!(second[0]["source"], "code");
        assert_eq!(second[0]["order"], json!({ "id": id, "site": "opencart", "status": "new", "externalId": "1" }));
        assert_eq!(second[3]["newValue"], Value::Null);
        // Between two rows of one fact nothing is lost.
        let from = second[0]["id"].clone();
        let body = desk.module.get(&format!("orders/history?filter[sinceId]={from}")).await.expect(200);
        assert_eq!(fields(&rows(&body)), ["last_name", "phone", "customer_comment"]);
        let body = desk.module.get(&format!("orders/history?filter[sinceId]={}", last(&second))).await.expect(200);
        assert_eq!(body["history"], json!([]));
        assert_eq!(body["pagination"]["totalPageCount"], json!(0));
    }

    async fn changed_goods_are_rows_with_their_item(place: Place) {
        let desk = Desk::open(place).await;
        desk.module.create(&order("1")).await.expect(201);
        let mut whole = order("1");
        whole["items"] = json!([
            { "offer": { "externalId": "40" }, "productName": "iPhone", "initialPrice": "101", "quantity": "1" },
            { "offer": { "externalId": "TEA" }, "quantity": 1 },
        ]);
        whole["delivery"]["cost"] = json!("7.5");
        desk.module.edit("1", &whole).await.expect(200);
        whole["items"] = json!([{ "offer": { "externalId": "TEA" }, "quantity": 1 }]);
        desk.module.edit("1", &whole).await.expect(200);
        desk.app.drain().await;
        let all = rows(&desk.module.get("orders/history?filter[sinceId]=0").await.expect(200));
        assert_eq!(
            fields(&all),
            ["status", "delivery_cost", "order_product.quantity", "order_product.summ", "order_product", "order_product"]
        );
        assert_eq!((&all[1]["oldValue"], &all[1]["newValue"]), (&json!(5), &json!(7.5)));
        assert_eq!((&all[2]["oldValue"], &all[2]["newValue"]), (&json!(2), &json!(1)));
        assert_eq!(all[2]["item"]["offer"]["externalId"], "40", "also when it is gone by now");
        assert_eq!((&all[4]["oldValue"], &all[4]["item"]["offer"]["externalId"]), (&Value::Null, &json!("TEA")));
        assert_eq!((&all[5]["newValue"], &all[5]["item"]["offer"]["externalId"]), (&Value::Null, &json!("40")));
    }

    async fn pages_of_a_history_hold_each_row_once(place: Place) {
        let desk = Desk::open(place).await;
        for number in 1..=45 {
            desk.module.create(&order(&number.to_string())).await.expect(201);
        }
        desk.app.drain().await;
        let (mut since, mut seen, mut asked) = (0, Vec::new(), 0);
        loop {
            let body = desk.module.get(&format!("orders/history?filter[sinceId]={since}&limit=20")).await.expect(200);
            asked += 1;
            let page = rows(&body);
            seen.extend(page.iter().map(|row| row["id"].as_i64().expect("a number")));
            if page.is_empty() {
                break;
            }
            since = last(&page);
            if body["pagination"]["totalPageCount"] == json!(1) {
                break;
            }
        }
        assert!(seen.windows(2).all(|pair| pair[0] < pair[1]), "{seen:?}");
        assert_eq!((seen.len(), asked), (45, 3));
        let by_page = desk.module.get("orders/history?filter[sinceId]=0&limit=20&page=3").await.expect(200);
        assert_eq!(rows(&by_page).iter().map(|row| row["id"].as_i64()).collect::<Vec<_>>(), seen[40..].iter().map(|id| Some(*id)).collect::<Vec<_>>());
        let since_yesterday = desk.module.get("orders/history?filter[startDate]=2026-11-01+09:00:00&limit=50").await.expect(200);
        assert_eq!(rows(&since_yesterday).len(), 45);
        let since_tomorrow = desk.module.get("orders/history?filter[startDate]=2026-11-03+09:00:00").await.expect(200);
        assert_eq!(since_tomorrow["history"], json!([]));
        desk.module.get("orders/history?filter[startDate]=soon").await.refused(400, "Errors in the input parameters");
    }

    async fn a_narrow_question_hides_nothing_from_a_wide_one(place: Place) {
        let desk = Desk::open(place).await;
        let id = desk.module.create(&order("1")).await.expect(201)["id"].clone();
        desk.app.drain().await;
        for narrow in [
            "filter[startDate]=2026-11-03+09:00:00",
            "filter[sinceId]=0&filter[endDate]=2026-11-01+09:00:00",
            "filter[sinceId]=0&filter[orderId]=1",
            "filter[sinceId]=0&filter[orderExternalId]=unknown",
        ] {
            let body = desk.module.get(&format!("orders/history?{narrow}")).await.expect(200);
            assert_eq!(body["history"], json!([]), "{narrow}");
        }
        let all = rows(&desk.module.get("orders/history?filter[sinceId]=0").await.expect(200));
        assert_eq!((all.len(), &all[0]["order"]["id"]), (1, &id));
    }

    async fn customers_have_a_history_too(place: Place) {
        let desk = Desk::open(place).await;
        let customer = json!({ "externalId": "1", "firstName": "Ivan", "lastName": "Petrov", "email": "buyer@example.com", "phones": [{ "number": "+79001234567" }] });
        let id = desk.module.post("customers/create", &[("customer", customer.clone())]).await.expect(201)["id"].clone();
        let again = desk.module.post("customers/create", &[("customer", customer.clone())]).await.expect(201)["id"].clone();
        assert_eq!(id, again, "a person is one however often they are told of");
        let mut married = customer;
        married["lastName"] = json!("Sidorov");
        married["phones"] = json!([{ "number": "+79001234568" }]);
        desk.module.post("customers/1/edit", &[("customer", married), ("by", json!("externalId"))]).await.expect(200);
        desk.app.drain().await;
        let all = rows(&desk.module.get("customers/history?filter[sinceId]=0").await.expect(200));
        assert_eq!(fields(&all), ["id", "last_name", "phones"], "{all:?}");
        assert_eq!(all[0]["customer"]["email"], "buyer@example.com");
        let theirs = desk.module.get("customers/1").await.expect(200)["customer"].clone();
        assert_eq!((&theirs["lastName"], &theirs["id"]), (&json!("Sidorov"), &id));
        let by_mail = desk.module.get("customers?filter[email]=buyer@example.com").await.expect(200);
        assert_eq!(by_mail["customers"][0]["externalId"], "1");
        let by_phone = desk.module.get("customers?filter[name]=%2B79001234568&filter[email]=nobody@example.com").await.expect(200);
        assert_eq!(by_phone["pagination"]["totalCount"], json!(1));
        desk.module.get("customers/2").await.refused(404, "Not found");
    }
}
