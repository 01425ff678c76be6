//! Corporate customers: their parts, their history, their orders.

use serde_json::{Value, json};
use takt_testing::on_both_engines;

use super::{
    models::expect_model,
    shop::{Desk, Module, connect, order, shop},
};

const ENTITY: &str = "Errors in the entity format";

fn response(name: &str) -> String {
    format!("Response.CustomersCorporate.CustomersCorporate{name}Response")
}

/// A firm with everything, as modules create it.
fn a_firm(external_id: &str) -> Value {
    json!({
        "externalId": external_id, "nickName": "ООО Ромашка", "vip": "1",
        "customerContacts": [{ "isMain": true, "customer": { "externalId": "1" }, "companies": [{ "company": { "name": "Ромашка" } }] }],
        "companies": [{
            "isMain": true, "name": "Ромашка", "externalId": "c1",
            "contragent": { "contragentType": "legal-entity", "legalName": "ООО «Ромашка»", "INN": 7701234567_i64, "KPP": "770101001" },
            "address": { "name": "Офис" },
        }],
        "addresses": [{ "isMain": "1", "name": "Офис", "city": "Москва", "street": "Ленина", "floor": "3", "text": "Ленина, 1" }],
        "customFields": { "galka": true },
    })
}

async fn person(module: &Module, external_id: &str, phone: &str) -> i64 {
    let customer = json!({ "externalId": external_id, "firstName": "Анна", "phones": [{ "number": phone }] });
    let body = module.post("customers/create", &[("customer", customer)]).await.expect(201);
    body["id"].as_i64().expect("an id")
}

async fn created(module: &Module, external_id: &str) -> i64 {
    let said = [("customerCorporate", a_firm(external_id))];
    module.post("customers-corporate/create", &said).await.expect(201)["id"].as_i64().expect("an id")
}

on_both_engines! {
    async fn a_firm_is_kept_with_its_parts_and_given_back_in_the_types_of_the_protocol(place: Place) {
        let desk = Desk::open(place).await;
        let anna = person(&desk.module, "1", "+79001112233").await;
        let id = created(&desk.module, "f1").await;
        let body = desk.module.get("customers-corporate/f1").await.expect(200);
        expect_model(&response("Get"), &body);
        let firm = &body["customerCorporate"];
        assert_eq!(
            (&firm["type"], &firm["nickName"], &firm["vip"], &firm["customFields"]["galka"], &firm["id"]),
            (&json!("customer_corporate"), &json!("ООО Ромашка"), &json!(true), &json!(true), &json!(id)),
        );
        assert_eq!((&firm["mainAddress"]["name"], &firm["mainCompany"]["name"]), (&json!("Офис"), &json!("Ромашка")));
        assert_eq!(firm["mainCustomerContact"]["customer"]["id"], json!(anna));
        assert_eq!(firm["mainCustomerContact"]["companies"][0]["company"]["externalId"], json!("c1"));
        let by_id = desk.module.get(&format!("customers-corporate/{id}?by=id")).await.expect(200);
        assert_eq!(&by_id["customerCorporate"], firm);

        let addresses = desk.module.get("customers-corporate/f1/addresses?limit=20&page=1").await.expect(200);
        expect_model(&response("Addresses"), &addresses);
        assert_eq!((&addresses["addresses"][0]["floor"], &addresses["addresses"][0]["isMain"]), (&json!(3), &json!(true)));
        let companies = desk.module.get("customers-corporate/f1/companies").await.expect(200);
        expect_model(&response("Companies"), &companies);
        let company = &companies["companies"][0];
        assert_eq!((&company["contragent"]["INN"], &company["address"]["name"]), (&json!("7701234567"), &json!("Офис")));
        let contacts = desk.module.get("customers-corporate/f1/contacts").await.expect(200);
        expect_model(&response("Contacts"), &contacts);
        assert_eq!((&contacts["contacts"][0]["isMain"], &contacts["contacts"][0]["customer"]["externalId"]), (&json!(true), &json!("1")));
        assert_eq!(contacts["pagination"], json!({ "limit": 20, "totalCount": 1, "currentPage": 1, "totalPageCount": 1 }));
    }

    async fn parts_are_added_and_changed_by_either_id(place: Place) {
        let desk = Desk::open(place).await;
        person(&desk.module, "1", "+79001112233").await;
        let boris = person(&desk.module, "2", "+79001112244").await;
        let id = created(&desk.module, "f1").await;
        let path = |rest: &str| format!("customers-corporate/{id}/{rest}");
        let by_id = ("by", json!("id"));
        let m = &desk.module;

        let said = json!({ "id": id, "name": "Склад", "city": "Тверь", "isMain": true });
        let address = m.post(&path("addresses/create"), &[by_id.clone(), ("address", said)]).await.expect(201);
        let address = address["id"].as_i64().expect("an id");
        let said = [by_id.clone(), ("entityBy", json!("id")), ("address", json!({ "externalId": "a2", "flat": 7 }))];
        m.post(&path(&format!("addresses/{address}/edit")), &said).await.expect(200);
        let said = [by_id.clone(), ("address", json!({ "isMain": false }))];
        assert_eq!(m.post(&path("addresses/a2/edit"), &said).await.expect(200)["id"], json!(address));
        let all = m.get(&path("addresses?by=id&filter[name]=скл&filter[city]=тверь")).await.expect(200);
        assert_eq!(all["pagination"]["totalCount"], json!(1));
        assert_eq!((&all["addresses"][0]["flat"], &all["addresses"][0]["isMain"]), (&json!("7"), &json!(false)));

        let said = json!({ "name": "Ромашка-2", "externalId": "c2", "address": { "id": address }, "isMain": true });
        let company = m.post(&path("companies/create"), &[by_id.clone(), ("company", said)]).await.expect(201);
        let said = [by_id.clone(), ("company", json!({ "active": 0, "contragent": { "KPP": "2" } }))];
        assert_eq!(m.post(&path("companies/c2/edit"), &said).await.expect(200)["id"], company["id"]);
        let all = m.get(&path("companies?by=id&filter[externalIds][]=c2")).await.expect(200);
        assert_eq!((&all["companies"][0]["active"], &all["companies"][0]["isMain"]), (&json!(false), &json!(true)));
        assert_eq!(all["companies"][0]["address"]["id"], json!(address));

        let said = json!({ "customer": { "id": boris }, "companies": [{ "company": { "externalId": "c2" } }] });
        let contact = m.post(&path("contacts/create"), &[by_id.clone(), ("contact", said)]).await.expect(201);
        let contact = contact["id"].as_i64().expect("an id");
        let said = [by_id.clone(), ("contact", json!({ "isMain": true, "companies": [] }))];
        m.post(&path("contacts/2/edit"), &said).await.expect(200);
        let all = m.get(&path(&format!("contacts?by=id&filter[contactIds][]={boris}"))).await.expect(200);
        assert_eq!((&all["contacts"][0]["id"], &all["contacts"][0]["companies"]), (&json!(contact), &json!([])));
        let firm = m.get("customers-corporate/f1").await.expect(200);
        expect_model(&response("Get"), &firm);
        assert_eq!(firm["customerCorporate"]["mainCustomerContact"]["id"], json!(contact));
        assert_eq!(firm["customerCorporate"]["mainAddress"], Value::Null);
    }

    async fn firms_are_found_by_what_modules_ask_for(place: Place) {
        let desk = Desk::open(place).await;
        let anna = person(&desk.module, "1", "+79001112233").await;
        let id = created(&desk.module, "f1").await;
        let other = json!({ "nickName": "Лютик", "externalId": 7 });
        desk.module.post("customers-corporate/create", &[("customerCorporate", other)]).await.expect(201);
        for (filter, found) in [
            ("".to_owned(), 2),
            ("filter=None".to_owned(), 2),
            (format!("filter[ids][]={id}"), 1),
            ("filter[externalIds][]=7&filter[externalIds][]=f1".to_owned(), 2),
            ("filter[nickName][]=ромашка".to_owned(), 1),
            ("filter[nickName]=ромашка".to_owned(), 1),
            ("filter[companyName]=Ромашка".to_owned(), 1),
            ("filter[companyName]=Лютик".to_owned(), 0),
            (format!("filter[contactIds][]={anna}"), 1),
            ("filter[contactIds][]=1".to_owned(), 0),
            ("filter[contragentInn]=7701234567".to_owned(), 1),
            ("filter[contragentInn]=7701234568".to_owned(), 0),
            ("filter[contragentKpp]=770101001".to_owned(), 1),
            ("filter[city]=москва".to_owned(), 1),
            ("filter[contactName]=Анна".to_owned(), 1),
            ("filter[sites][]=opencart".to_owned(), 2),
            ("filter[sites][]=another".to_owned(), 0),
            ("filter[dateFrom]=2026-11-02&filter[dateTo]=2026-11-02".to_owned(), 2),
            ("filter[dateFrom]=2026-11-03".to_owned(), 0),
        ] {
            let body = desk.module.get(&format!("customers-corporate?{filter}")).await.expect(200);
            expect_model("Response.CustomersCorporate.CustomersCorporateResponse", &body);
            assert_eq!(body["pagination"]["totalCount"], json!(found), "{filter}");
            assert_eq!(body["customersCorporate"].as_array().map(Vec::len), Some(found), "{filter}");
        }
        let body = desk.module.get("customers-corporate?filter[ids][]=x").await;
        body.refused(400, "Errors in the input parameters");
    }

    async fn edits_uploads_and_ids_given_later(place: Place) {
        let desk = Desk::open(place).await;
        person(&desk.module, "1", "+79001112233").await;
        let m = &desk.module;
        let body = m.post("customers-corporate/create", &[("customerCorporate", json!({ "nickName": "Мак" }))]).await;
        let id = body.expect(201)["id"].clone();
        m.post("customers-corporate/fix-external-ids", &[("customersCorporate", json!([{ "id": id, "externalId": 12 }]))]).await.expect(200);
        // The Python client writes the field in the plural.
        for (field, name) in [("customerCorporate", "Мак-1"), ("customersCorporate", "Мак-2")] {
            let said = [(field, json!({ "nickName": name, "managerId": "5" }))];
            assert_eq!(m.post("customers-corporate/12/edit", &said).await.expect(200)["id"], id);
        }
        let firm = m.get("customers-corporate/12").await.expect(200);
        assert_eq!((&firm["customerCorporate"]["nickName"], &firm["customerCorporate"]["managerId"]), (&json!("Мак-2"), &json!(5)));

        let upload = json!([a_firm("f9"), { "externalId": "f10" }, { "externalId": 11, "nickName": "Роза" }]);
        let answer = m.post("customers-corporate/upload", &[("customersCorporate", upload)]).await;
        let body = answer.refused(460, "Customers are loaded with errors");
        assert_eq!((&body["uploadedCustomers"][0]["externalId"], &body["uploadedCustomers"][1]["externalId"]), (&json!("f9"), &json!("11")));
        assert_eq!(body["failedCustomers"], json!([{ "externalId": "f10" }]));
        m.get("customers-corporate/11").await.expect(200);
        // Told again, they are the same.
        let again = m.post("customers-corporate/create", &[("customerCorporate", a_firm("f9"))]).await.expect(201);
        assert_eq!(again["id"], body["uploadedCustomers"][0]["id"]);
        assert_eq!(m.get("customers-corporate/f9/addresses").await.expect(200)["pagination"]["totalCount"], json!(1));
    }

    async fn the_history_tells_every_change_with_the_part_that_it_is_about(place: Place) {
        let desk = Desk::open(place).await;
        person(&desk.module, "1", "+79001112233").await;
        created(&desk.module, "f1").await;
        desk.app.drain().await;
        let body = desk.module.get("customers-corporate/history").await.expect(200);
        expect_model(&response("History"), &body);
        let rows = body["history"].as_array().expect("rows").clone();
        let fields: Vec<&str> = rows.iter().filter_map(|row| row["field"].as_str()).collect();
        assert_eq!(
            fields,
            ["id", "address", "main_address", "company", "main_company", "contact", "contact.contact_company", "main_contact"],
        );
        assert_eq!((&rows[0]["created"], &rows[0]["customer"]["nickName"]), (&json!(true), &json!("ООО Ромашка")));
        assert_eq!((&rows[1]["newValue"]["name"], &rows[1]["address"]["city"]), (&json!("Офис"), &json!("Москва")));
        assert_eq!(rows[3]["company"]["contragent"]["INN"], json!("7701234567"));
        assert_eq!(rows[5]["customerContact"]["customer"]["externalId"], json!("1"));
        for row in &rows {
            assert_eq!((&row["source"], &row["apiKey"]["current"]), (&json!("api"), &json!(true)));
        }
        let last = rows.last().expect("a row")["id"].clone();
        let since = format!("customers-corporate/history?filter[sinceId]={last}");
        assert_eq!(desk.module.get(&since).await.expect(200)["history"], json!([]));

        let said = json!({ "nickName": "Ромашка и Ко", "customFields": { "galka": false } });
        desk.module.post("customers-corporate/f1/edit", &[("customerCorporate", said)]).await.expect(200);
        let said = [("company", json!({ "contragent": { "legalName": "АО Ромашка" } }))];
        desk.module.post("customers-corporate/f1/companies/c1/edit", &said).await.expect(200);
        desk.app.drain().await;
        let body = desk.module.get(&since).await.expect(200);
        expect_model(&response("History"), &body);
        let rows: Vec<(Value, Value, Value)> = body["history"].as_array().expect("rows").iter()
            .map(|row| (row["field"].clone(), row["oldValue"].clone(), row["newValue"].clone())).collect();
        assert_eq!(
            rows,
            [
                (json!("nick_name"), json!("ООО Ромашка"), json!("Ромашка и Ко")),
                (json!("custom_galka"), json!(true), json!(false)),
                (json!("company.contragent.legal_name"), json!("ООО «Ромашка»"), json!("АО Ромашка")),
            ],
        );
        let only = format!("{since}&filter[customerExternalId]=nobody");
        assert_eq!(desk.module.get(&only).await.expect(200)["history"], json!([]));
        let said = desk.app.fact_log().await;
        assert!(!said.contains("Ромашка"), "a body holds no personal data");
    }

    async fn two_that_are_one_are_combined(place: Place) {
        let desk = Desk::open(place).await;
        person(&desk.module, "1", "+79001112233").await;
        let m = &desk.module;
        let (one, two) = (created(m, "f1").await, created(m, "f2").await);
        let note = json!({ "text": "важный", "customer": { "externalId": "f2" } });
        m.post("customers-corporate/notes/create", &[("note", note)]).await.expect(201);
        let said = [("resultCustomer", json!({ "id": one })), ("customers", json!([{ "id": two }]))];
        m.post("customers-corporate/combine", &said).await.expect(200);
        assert_eq!(m.get("customers-corporate").await.expect(200)["pagination"]["totalCount"], json!(1));
        assert_eq!(m.get("customers-corporate/f2").await.expect(200)["customerCorporate"]["id"], json!(one));
        assert_eq!(m.get("customers-corporate/f1/companies").await.expect(200)["pagination"]["totalCount"], json!(2));
        assert_eq!(m.get("customers-corporate/f1/contacts").await.expect(200)["pagination"]["totalCount"], json!(1));
        let notes = m.get("customers-corporate/notes?filter[customerExternalIds][]=f1").await.expect(200);
        assert_eq!(notes["notes"][0]["customer"]["id"], json!(one));
        desk.app.drain().await;
        let history = m.get("customers-corporate/history").await.expect(200);
        let last = history["history"].as_array().and_then(|rows| rows.last()).expect("a row").clone();
        assert_eq!((&last["deleted"], &last["combinedTo"]["id"], &last["customer"]["id"]), (&json!(true), &json!(one), &json!(two)));
        m.post("customers-corporate/combine", &said).await.refused(400, "Errors in the input parameters");
    }

    async fn an_order_of_a_firm_keeps_for_whom_it_is(place: Place) {
        let desk = Desk::open(place).await;
        let anna = person(&desk.module, "1", "+79001112233").await;
        let m = &desk.module;
        let id = created(m, "f1").await;
        let mut wanted = order("100");
        wanted["customer"] = json!({ "type": "customer_corporate", "id": id });
        wanted["contact"] = json!({ "externalId": "1" });
        wanted["company"] = json!({ "externalId": "c1" });
        let body = m.create(&wanted).await.expect(201);
        let said = &body["order"];
        assert_eq!((&said["customer"]["type"], &said["customer"]["id"]), (&json!("customer_corporate"), &json!(id)));
        assert_eq!((&said["contact"]["type"], &said["contact"]["id"]), (&json!("customer"), &json!(anna)));
        assert_eq!((&said["company"]["name"], &said["company"]["contragent"]["INN"]), (&json!("Ромашка"), &json!("7701234567")));
        for (field, model) in [
            ("customer", "Entity.CustomersCorporate.CustomerCorporate"),
            ("contact", "Entity.Customers.Customer"),
            ("company", "Entity.CustomersCorporate.Company"),
        ] {
            expect_model(model, &said[field]);
        }
        let kept = desk.order(body["id"].as_i64().expect("an id")).await;
        assert_eq!(kept.customer.map(takt_kernel::Id::get), Some(anna));
        assert_eq!(kept.extra["company"]["legalName"], json!("ООО «Ромашка»"));

        // A whole order sent again changes nothing, and an edit that names the firm keeps it.
        m.edit("100", &wanted).await.expect(200);
        let again = desk.order(body["id"].as_i64().expect("an id")).await;
        assert_eq!(again.extra, kept.extra);
        let firm = m.get("customers-corporate/f1").await.expect(200);
        assert_eq!(firm["customerCorporate"]["ordersCount"], json!(1));
        desk.app.drain().await;
        let history = m.get("orders/history").await.expect(200);
        assert_eq!(history["history"][0]["order"]["company"]["name"], json!("Ромашка"));

        let mut unknown = order("101");
        unknown["customer"] = json!({ "type": "customer_corporate", "externalId": "nobody" });
        let body = m.create(&unknown).await.expect(201);
        assert_eq!(body["order"]["customer"]["type"], json!("customer"), "the order is taken all the same");
    }

    async fn refusals_name_the_field_and_other_shops_firms_are_not_found(place: Place) {
        let desk = Desk::open(place).await;
        person(&desk.module, "1", "+79001112233").await;
        let m = &desk.module;
        let id = created(m, "f1").await;
        let firm = m.get("customers-corporate/f1/companies").await.expect(200)["companies"][0]["id"].clone();
        let by = "Value \"x\" for \"by\" param is not valid. Allowed values are externalId, id.";
        m.get("customers-corporate/f1?by=x").await.refused(400, by);
        let by = "Value \"x\" for \"entityBy\" param is not valid. Allowed values are externalId, id.";
        let said = [("address", json!({})), ("entityBy", json!("x"))];
        m.post("customers-corporate/f1/addresses/1/edit", &said).await.refused(400, by);
        m.get("customers-corporate/nobody").await.refused(404, "Not found");
        m.get("customers-corporate/f1?site=another").await.refused(403, "Access denied.");
        m.get("customers-corporate/f1/companies?limit=7").await.refused(400, "Errors in the input parameters");
        m.post("customers-corporate/create", &[]).await.refused(400, "Parameter 'customerCorporate' is missing");
        m.post("customers-corporate/f1/edit", &[]).await.refused(400, "Parameter 'customerCorporate' is missing");
        for (path, field, value, at, reason) in [
            ("create", "customerCorporate", json!({}), "nickName", "This value should not be blank."),
            ("f1/companies/create", "company", json!({}), "company.name", "This value should not be blank."),
            ("f1/contacts/create", "contact", json!({}), "contact.customer", "This value should not be blank."),
            ("f1/contacts/create", "contact", json!({ "customer": { "externalId": 2106 } }), "contact.customer.externalId", "Customer with externalId=2106 not found."),
            ("f1/companies/create", "company", json!({ "name": "x", "address": { "id": 5 } }), "company.address.id", "Address with id=5 not found."),
            ("notes/create", "note", json!({ "text": "x", "customer": { "id": 5 } }), "note.customer.id", "Customer with id=5 not found."),
        ] {
            let body = m.post(&format!("customers-corporate/{path}"), &[(field, value)]).await.refused(400, ENTITY);
            assert_eq!(body["errors"][at], json!(reason), "{path}");
        }

        let other = shop(&desk.app, desk.company, "another").await;
        let (_, stranger) = connect(&desk.app, desk.company, other).await;
        let named = format!("customers-corporate/{id}");
        stranger.get(&format!("{named}?by=id")).await.refused(404, "Not found");
        stranger.get("customers-corporate/f1").await.refused(404, "Not found");
        for part in ["addresses", "companies", "contacts"] {
            stranger.get(&format!("{named}/{part}?by=id")).await.refused(404, "Not found");
        }
        let said = [("customerCorporate", json!({ "nickName": "x" })), ("by", json!("id"))];
        stranger.post(&format!("{named}/edit"), &said).await.refused(404, "Not found");
        let said = [("company", json!({ "name": "x" })), ("by", json!("id")), ("entityBy", json!("id"))];
        stranger.post(&format!("{named}/companies/{firm}/edit"), &said).await.refused(404, "Not found");
        let said = [("resultCustomer", json!({ "id": id })), ("customers", json!([{ "id": id }]))];
        stranger.post("customers-corporate/combine", &said).await.refused(400, "Errors in the input parameters");
        assert_eq!(stranger.get("customers-corporate").await.expect(200)["customersCorporate"], json!([]));
        desk.app.drain().await;
        assert_eq!(stranger.get("customers-corporate/history").await.expect(200)["history"], json!([]));
        let mut wanted = order("1");
        wanted["customer"] = json!({ "type": "customer_corporate", "id": id });
        let body = stranger.create(&wanted).await.expect(201);
        assert_eq!(body["order"]["company"], Value::Null);
    }
}
