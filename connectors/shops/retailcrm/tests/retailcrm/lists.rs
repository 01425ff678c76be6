//! Lists: people, values, the catalogue, and what is not here at all.

use serde_json::{Value, json};
use takt_staff::{
    Role,
    command_line::{self, NewUser},
};
use takt_testing::on_both_engines;

use super::{
    models::expect_model,
    shop::{Desk, company, connect, order, shop},
};

const PARAMETERS: &str = "Errors in the input parameters";

async fn hired(desk: &Desk, company: takt_kernel::CompanyId, email: &str, name: &str, role: Role) {
    let user = NewUser {
        company: company.to_string(),
        email: email.to_owned(),
        name: Some(name.to_owned()),
        roles: role.into(),
        password: Some("correct horse battery".to_owned()),
    };
    command_line::create_user(&desk.app.db, user).await.expect("a person");
}

on_both_engines! {
    async fn the_people_of_the_company_and_nobody_else(place: Place) {
        let desk = Desk::open(place).await;
        hired(&desk, desk.company, "owner@example.com", "Иванова Анна Сергеевна", Role::Owner).await;
        hired(&desk, desk.company, "store@example.com", "Пётр", Role::Warehouse).await;
        let other = company(&desk.app, "Чужая").await;
        hired(&desk, other, "stranger@example.com", "Чужой", Role::Owner).await;
        let m = &desk.module;
        for (filter, found) in [
            ("", 2),
            ("filter[active]=1&filter[isManager]=1", 1),
            ("filter[active]=0", 0),
            ("filter[isAdmin]=0", 1),
            ("filter[email]=store@", 1),
            ("filter[groups][]=warehouse", 1),
            ("filter[online]=1", 0),
        ] {
            let body = m.get(&format!("users?{filter}")).await.expect(200);
            expect_model("Response.Users.UsersResponse", &body);
            assert_eq!(body["pagination"]["totalCount"], json!(found), "{filter}");
            assert!(!body.to_string().contains("stranger"), "{body}");
        }
        let all = m.get("users?filter[isAdmin]=1").await.expect(200);
        let anna = &all["users"][0];
        assert_eq!((&anna["firstName"], &anna["lastName"], &anna["groups"][0]["code"]), (&json!("Анна"), &json!("Иванова"), &json!("owner")));
        let one = m.get(&format!("users/{}", anna["id"])).await.expect(200);
        expect_model("Response.Users.UsersGetResponse", &one);
        assert_eq!(&one["user"], anna);
        let groups = m.get("user-groups").await.expect(200);
        expect_model("Response.Users.UserGroupsResponse", &groups);

        let other_shop = shop(&desk.app, other, "another").await;
        let (_, stranger) = connect(&desk.app, other, other_shop).await;
        stranger.get(&format!("users/{}", anna["id"])).await.refused(404, "Not found");
        m.get("users/x").await.refused(404, "Not found");
    }

    async fn lists_that_are_empty_here_have_their_envelopes(place: Place) {
        let desk = Desk::open(place).await;
        for (path, model, field) in [
            ("segments", "Segments.SegmentsResponse", "segments"),
            ("store/product-groups", "Store.ProductGroupsResponse", "productGroup"),
            ("reference/couriers", "References.CouriersResponse", "couriers"),
            ("reference/legal-entities", "References.LegalEntitiesResponse", "legalEntities"),
            ("reference/cost-groups", "References.CostGroupsResponse", "costGroups"),
            ("reference/cost-items", "References.CostItemsResponse", "costItems"),
            ("custom-fields/dictionaries", "CustomFields.CustomFieldsDictionariesResponse", "customDictionaries"),
        ] {
            let body = desk.module.get(path).await.expect(200);
            expect_model(&format!("Response.{model}"), &body);
            assert_eq!(body[field], json!([]), "{path}");
        }
        let body = desk.module.get("reference/currencies").await.expect(200);
        expect_model("Response.References.CurrenciesResponse", &body);
        assert_eq!((&body["currencies"][0]["code"], &body["currencies"][0]["isBase"]), (&json!("RUB"), &json!(true)));
        let body = desk.module.get("features/check?features[]=chat&features[]=telephony").await.expect(200);
        expect_model("Response.Api.FeaturesCheckResponse", &body);
        assert_eq!(body["features"], json!([{ "code": "chat", "available": false }, { "code": "telephony", "available": false }]));
        desk.module.get("features/check").await.refused(400, "Parameter 'features' is missing");
    }

    async fn what_is_not_here_says_so(place: Place) {
        let desk = Desk::open(place).await;
        for path in [
            "orders/combine", "reference/couriers/create", "reference/currencies/create", "reference/cost-items/x/edit",
            "store/products/batch/create", "users/1/status",
        ] {
            desk.module.post(path, &[]).await.refused(404, "API method not found");
        }
    }

    async fn dictionaries_are_kept(place: Place) {
        let desk = Desk::open(place).await;
        let m = &desk.module;
        let said = json!({ "code": "sizes", "name": "Размеры", "elements": [{ "name": "Большой", "code": "l", "ordering": "10" }] });
        let body = m.post("custom-fields/dictionaries/create", &[("customDictionary", said)]).await.expect(201);
        assert_eq!(body["code"], json!("sizes"));
        let said = json!({ "name": "Размер", "elements": { "1": { "name": "Малый", "code": "s", "ordering": 5 } } });
        m.post("custom-fields/dictionaries/sizes/edit", &[("customDictionary", said.clone())]).await.expect(200);
        let body = m.get("custom-fields/dictionaries/sizes").await.expect(200);
        expect_model("Response.CustomFields.CustomDictionaryGetResponse", &body);
        assert_eq!(body["customDictionary"]["elements"], json!([{ "name": "Малый", "code": "s", "ordering": 5 }]));
        let body = m.get("custom-fields/dictionaries?filter[name]=разм").await.expect(200);
        expect_model("Response.CustomFields.CustomFieldsDictionariesResponse", &body);
        assert_eq!(body["pagination"]["totalCount"], json!(1));
        m.post("custom-fields/dictionaries/x/edit", &[("customDictionary", said)]).await.refused(404, "Not found");
        m.get("custom-fields/dictionaries/x").await.refused(404, "Not found");
        let body = m.post("custom-fields/dictionaries/create", &[("customDictionary", json!({}))]).await;
        assert_eq!(body.refused(400, "Errors in the entity format")["errors"]["code"], json!("This value should not be blank."));
    }

    async fn a_status_of_the_shop_is_its_label_and_never_the_companys(place: Place) {
        let desk = Desk::open(place).await;
        let m = &desk.module;
        let before = m.get("reference/statuses").await.expect(200);
        let (code, known) = before["statuses"].as_object().expect("statuses").iter()
            .find(|(_, status)| status["group"] == json!("approval")).expect("one of approval");
        let label = json!({ "name": "По-нашему", "active": false, "group": "cancel" });
        m.post(&format!("reference/statuses/{code}/edit"), &[("status", label)]).await.expect(200);
        let own = json!({ "name": "Звонили", "group": "approval", "ordering": "15" });
        m.post("reference/statuses/called/edit", &[("status", own)]).await.expect(200);
        let after = m.get("reference/statuses").await.expect(200);
        expect_model("Response.References.StatusesResponse", &after);
        let kept = &after["statuses"][code];
        assert_eq!((&kept["name"], &kept["group"], &kept["active"]), (&json!("По-нашему"), &known["group"], &known["active"]));
        assert_eq!(after["statuses"]["called"], json!({ "name": "Звонили", "ordering": 15, "group": "approval", "code": "called", "active": true }));
        let mut wanted = order("1");
        wanted["status"] = json!("called");
        let body = m.create(&wanted).await.expect(201);
        assert_eq!(&body["order"]["status"], &first_of(&before, "approval"));
        let body = m.post("reference/statuses/odd/edit", &[("status", json!({ "name": "x", "group": "odd" }))]).await;
        assert_eq!(body.refused(400, "Errors in the entity format")["errors"]["group"], json!("The value you selected is not a valid choice."));

        let other = shop(&desk.app, desk.company, "another").await;
        let (_, stranger) = connect(&desk.app, desk.company, other).await;
        assert_eq!(stranger.get("reference/statuses").await.expect(200), before);
    }

    async fn a_store_is_called_as_the_shop_calls_it(place: Place) {
        let desk = Desk::open(place).await;
        let m = &desk.module;
        let said = json!({ "name": "Центральный", "address": { "city": "Тверь", "floor": "2" }, "phone": { "number": 88005553535_i64 }, "type": "retail" });
        m.post("reference/stores/main/edit", &[("store", said.clone())]).await.expect(200);
        let body = m.get("reference/stores").await.expect(200);
        expect_model("Response.References.StoresResponse", &body);
        let store = &body["stores"][0];
        assert_eq!((&store["name"], &store["address"]["floor"], &store["phone"]["number"]), (&json!("Центральный"), &json!(2), &json!("88005553535")));
        assert_eq!(store["type"], json!("store-type-warehouse"));
        m.post("reference/stores/nowhere/edit", &[("store", said)]).await.refused(404, "Not found");
    }

    async fn the_catalogue_is_paged_and_searched(place: Place) {
        let desk = Desk::open(place).await;
        let m = &desk.module;
        let all = m.get("store/offers").await.expect(200);
        expect_model("Response.Store.OffersResponse", &all);
        let id = all["offers"][0]["id"].clone();
        let product = all["offers"][0]["product"]["id"].clone();
        for (filter, found) in [
            ("".to_owned(), 2),
            (format!("filter[ids][]={id}"), 1),
            ("filter[externalIds][]=TEA&filter[externalIds][]=nothing".to_owned(), 1),
            ("filter[name]=чай".to_owned(), 1),
            ("filter[minPrice]=150".to_owned(), 1),
            ("filter[maxPrice]=150".to_owned(), 1),
            (format!("filter[sinceId]={id}"), 1),
            ("filter[active]=0".to_owned(), 0),
            ("filter[active]=1".to_owned(), 2),
            ("filter[groups][]=1".to_owned(), 0),
            ("filter[sites][]=another".to_owned(), 0),
        ] {
            let body = m.get(&format!("store/offers?{filter}")).await.expect(200);
            expect_model("Response.Store.OffersResponse", &body);
            assert_eq!(body["pagination"]["totalCount"], json!(found), "{filter}");
            assert_eq!(body["offers"].as_array().map(Vec::len), Some(found), "{filter}");
        }
        for (filter, found) in [
            ("".to_owned(), 2),
            (format!("filter[ids][]={product}"), 1),
            (format!("filter[offerIds][]={id}"), 1),
            ("filter[offerExternalId]=TEA".to_owned(), 1),
            ("filter[name]=чай".to_owned(), 1),
            (format!("filter[sinceId]={product}"), 1),
            ("filter[sinceUpdatedAt]=2027-01-01 00:00:00".to_owned(), 0),
            ("filter[active]=0".to_owned(), 0),
        ] {
            let body = m.get(&format!("store/products?{}", filter.replace(' ', "%20"))).await.expect(200);
            expect_model("Response.Store.ProductsResponse", &body);
            assert_eq!(body["pagination"]["totalCount"], json!(found), "{filter}");
        }
        let tea = m.get("store/offers?filter[externalIds][]=TEA").await.expect(200);
        let offer = &tea["offers"][0];
        assert_eq!((&offer["prices"][0]["price"], &offer["vatRate"], &offer["product"]["maxPrice"]), (&json!(199.5), &json!("22"), &json!(199.5)));
        let page = m.get("store/offers?limit=20&page=2").await.expect(200);
        assert_eq!((&page["offers"], &page["pagination"]["totalPageCount"]), (&json!([]), &json!(1)));
        m.get("store/offers?filter[minQuantity]=1").await.refused(400, PARAMETERS);
        m.get("store/products?filter[ids][]=x").await.refused(400, PARAMETERS);

        let other = company(&desk.app, "Чужая").await;
        let other_shop = shop(&desk.app, other, "another").await;
        let (_, stranger) = connect(&desk.app, other, other_shop).await;
        for path in [format!("store/offers?filter[ids][]={id}"), format!("store/products?filter[ids][]={product}")] {
            assert_eq!(stranger.get(&path).await.expect(200)["pagination"]["totalCount"], json!(0));
        }
    }

    async fn orders_that_belong_together_name_each_other(place: Place) {
        let desk = Desk::open(place).await;
        let m = &desk.module;
        let one = m.create(&order("1")).await.expect(201)["id"].clone();
        let two = m.create(&order("2")).await.expect(201)["id"].clone();
        let link = json!({ "comment": "довоз", "orders": [{ "externalId": 1 }, { "id": two }] });
        m.post("orders/links/create", &[("link", link)]).await.expect(201);
        let body = m.get("orders/1").await.expect(200);
        expect_model("Entity.Orders.Order", &json!({ "links": body["order"]["links"] }));
        assert_eq!((&body["order"]["links"][0]["comment"], &body["order"]["links"][0]["order"]["id"]), (&json!("довоз"), &two));
        let body = m.get("orders/2").await.expect(200);
        assert_eq!(body["order"]["links"][0]["order"]["id"], one);
        for (orders, at, reason) in [
            (json!([{ "id": one }]), "link.orders", "Exactly two orders are linked."),
            (json!([{ "id": one }, { "externalId": "1" }]), "link.orders", "An order is not linked with itself."),
            (json!([{ "id": one }, { "externalId": "7" }]), "link.orders[1].externalId", "Order with externalId=7 not found."),
        ] {
            let body = m.post("orders/links/create", &[("link", json!({ "orders": orders }))]).await;
            assert_eq!(body.refused(400, "Errors in the entity format")["errors"][at], json!(reason));
        }
        let other = shop(&desk.app, desk.company, "another").await;
        let (_, stranger) = connect(&desk.app, desk.company, other).await;
        let link = json!({ "orders": [{ "id": one }, { "id": two }] });
        stranger.post("orders/links/create", &[("link", link)]).await.refused(400, "Errors in the entity format");
    }
}

/// The first status of a group, which a code of the shop's stands for.
fn first_of(statuses: &Value, group: &str) -> Value {
    let all = statuses["statuses"].as_object().expect("statuses");
    let of_group = all.values().filter(|status| status["group"] == json!(group));
    of_group.min_by_key(|status| status["ordering"].as_i64()).expect("a status")["code"].clone()
}
