//! From the file to the cards of customers, products and orders, and the same file once more.

use takt_feature::{Feature, Tier};
use takt_kernel::{CompanyId, ShopId, money::Currency};
use takt_orders::{ListFilter, TERMS_OF_SHOP, Terms, TermsOfShop};
use takt_staff::{
    Scope,
    command_line::{self, NewUser},
    companies::{NewCompany, OrganisationKind},
    shops::NewShop,
};
use takt_testing::{Client, Place, TestApp, on_both_engines};
use takt_ui::Lang;

use crate::sheets::workbook;

const PASSWORD: &str = "correct horse battery";

struct Desk {
    app: TestApp,
    company: CompanyId,
    shop: ShopId,
    operator: Client,
}

impl Desk {
    async fn open(place: Place) -> Self {
        let on_delivery = |_: &mut dyn takt_store::Query, _, _| Ok(Terms::OnDelivery);
        let features = vec![
            Feature::new("terms", Tier::Feature).fill(&TERMS_OF_SHOP, "a test", on_delivery as TermsOfShop),
            takt_staff::feature(),
            takt_customers::feature(),
            takt_catalog::feature(),
            takt_orders::feature(),
            takt_imports::feature(),
        ];
        let app = TestApp::open(place, features).await;
        let new = NewCompany {
            name: "Чай".to_owned(),
            kind: OrganisationKind::Company,
            currency: Currency::RUB,
            zone: "Europe/Moscow".to_owned(),
            lang: Lang::Ru,
        };
        let company = command_line::create_company(&app.db, new).await.expect("a company");
        let shop = NewShop { name: "Чай".to_owned(), currency: None };
        let shop = command_line::create_shop(&app.db, &company.to_string(), shop).await.expect("a shop");
        for (email, role) in [
            ("operator@example.org", "manager"),
            ("clerk@example.org", "operator"),
            ("auditor@example.org", "auditor"),
        ] {
            let user = NewUser {
                company: company.to_string(),
                email: email.to_owned(),
                name: None,
                roles: role.parse().expect("roles"),
                password: Some(PASSWORD.to_owned()),
            };
            command_line::create_user(&app.db, user).await.expect("a person");
        }
        app.drain().await;
        let operator = signed_in(&app, "operator@example.org").await;
        Self { app, company, shop, operator }
    }

    /// Brings a file and answers the path of its page.
    async fn bring(&self, kind: &str, name: &str, bytes: &[u8]) -> String {
        let shop = self.shop.to_string();
        let answer = self
            .operator
            .ask(http::Method::POST, "/settings/imports")
            .upload("file", name, bytes, &[("kind", kind), ("shop", &shop)])
            .send()
            .await
            .expect_status(303);
        answer.location().split('?').next().expect("a path").to_owned()
    }

    async fn page(&self, path: &str) -> String {
        self.operator.get(path).await.expect_status(200).text()
    }

    /// Says what the columns mean; what would become of the rows is known then.
    async fn look(&self, path: &str, fields: &[&str]) -> [i64; 4] {
        let fields: Vec<(&str, &str)> = fields.iter().map(|field| ("field", *field)).collect();
        self.operator.post_form(&format!("{path}/look"), &fields).await.expect_status(303);
        self.app.drain().await;
        self.counts(path).await
    }

    async fn take_in(&self, path: &str) -> [i64; 4] {
        self.operator.post_form(&format!("{path}/take-in"), &[]).await.expect_status(303);
        self.app.drain().await;
        self.counts(path).await
    }

    /// New, changed, same, refused.
    async fn counts(&self, path: &str) -> [i64; 4] {
        let (company, id) = (self.company, path.rsplit('/').next().expect("an id").parse().expect("an id"));
        let import = self.app.read(move |reader| takt_imports::get(reader, company, id)).await;
        let counts = import.counts;
        [counts.new, counts.changed, counts.same, counts.refused]
    }

    /// Rows that are kept of files.
    async fn rows(&self) -> i64 {
        let statement = takt_store::Statement::new("select count(*) as kept from sheet_import_row");
        self.app
            .read(move |reader| takt_store::Query::opt_of(reader, &statement)?.expect("a row").get("kept"))
            .await
    }

    async fn customers(&self) -> Vec<takt_customers::Listed> {
        let scope = Scope::Company { company: self.company, shops: None };
        let filter = takt_customers::Filter { limit: 100, ..takt_customers::Filter::default() };
        self.app.read(move |reader| Ok(takt_customers::list(reader, &scope, &filter)?.items)).await
    }
}

async fn signed_in(app: &TestApp, email: &str) -> Client {
    let client = app.client();
    let answer = client.post_form("/sign-in", &[("email", email), ("password", PASSWORD)]).await;
    assert!(answer.status.is_redirection(), "{}", answer.text());
    client
}

const CUSTOMERS: &str = "Покупатель;Номер телефона;E-mail;Город;Что-то\n\
    ИВАНОВ ПЁТР;8 (912) 345-67-89;P@Example.org;Казань;x\n\
    Анна;;anna@example.org;Москва;y\n\
    Без связи;;;Тверь;z\n\
    Странный;12345;;;w\n";

on_both_engines! {
    async fn customers_come_clean_and_the_same_file_again_changes_nothing(place: Place) {
        let desk = Desk::open(place).await;
        let path = desk.bring("customers", "customers.csv", CUSTOMERS.as_bytes()).await;
        let page = desk.page(&path).await;
        assert!(page.contains("Номер телефона") && page.contains("8 (912) 345-67-89"), "columns with examples");
        let guessed = ["name", "phone", "email", "address", ""];
        for (place, field) in guessed.iter().filter(|field| !field.is_empty()).enumerate() {
            assert!(page.contains(&format!("value=\"{field}\" selected")), "column {place} is {field}");
        }
        assert_eq!(desk.look(&path, &guessed).await, [2, 0, 0, 2]);
        assert!(desk.customers().await.is_empty(), "looking writes nothing");
        let page = desk.page(&path).await;
        assert!(page.contains("«12345» не похоже на номер телефона") && page.contains("Нет ни телефона, ни почты"), "{page}");
        let new = desk.page(&format!("{path}?rows=new")).await;
        assert!(new.contains("+79123456789") && new.contains("Иванов Пётр"), "what was made even is shown");
        assert_eq!(desk.take_in(&path).await, [2, 0, 0, 2]);
        let found = desk.customers().await;
        let names: Vec<(&str, Option<&str>)> = found.iter().map(|one| (one.name.as_str(), one.phone.as_deref())).collect();
        assert_eq!(names, [("Анна", None), ("Иванов Пётр", Some("+79123456789"))]);
        assert!(!desk.page(&format!("{path}?rows=new")).await.contains("912) 345"), "what was taken in is kept no longer");

        let refused = desk.operator.get(&format!("{path}/refused.csv")).await.expect_status(200).text();
        assert!(refused.starts_with('\u{feff}') && refused.contains("Странный;12345;") && refused.contains("Почему отказано"), "{refused}");
        let mended = refused.replace("12345", "8 912 000 11 22");
        let path = desk.bring("customers", "refused.csv", mended.as_bytes()).await;
        assert_eq!(desk.look(&path, &["name", "phone", "email", "address", "", ""]).await, [1, 0, 0, 1]);

        let path = desk.bring("customers", "customers.csv", CUSTOMERS.as_bytes()).await;
        assert_eq!(desk.look(&path, &guessed).await, [0, 0, 2, 2]);
        assert_eq!(desk.take_in(&path).await, [0, 0, 2, 2]);
        let other = CUSTOMERS.replace("Анна", "Анна Петрова").replace("anna@example.org", "anna@example.org, a@example.org");
        let path = desk.bring("customers", "customers.csv", other.as_bytes()).await;
        assert_eq!(desk.look(&path, &guessed).await, [0, 1, 1, 2]);
        assert_eq!(desk.take_in(&path).await, [0, 1, 1, 2]);
        assert_eq!(desk.customers().await[0].name, "Анна Петрова");
    }

    async fn what_columns_mean_is_remembered_for_the_same_shape(place: Place) {
        let desk = Desk::open(place).await;
        let file = "А;Б\nАнна;anna@example.org\n";
        let path = desk.bring("customers", "one.csv", file.as_bytes()).await;
        let page = desk.page(&path).await;
        assert!(page.contains("value=\"email\" selected"), "an address is told by what it looks like");
        assert!(!page.contains("value=\"name\" selected"));
        let answer = desk.operator.post_form(&format!("{path}/look"), &[("field", "name"), ("field", "")]).await.expect_status(422);
        assert!(answer.text().contains("Укажите колонку с телефоном или почтой"), "{}", answer.text());
        assert_eq!(desk.look(&path, &["name", "email"]).await, [1, 0, 0, 0]);
        let path = desk.bring("customers", "two.csv", "а;Б\nПётр;p@example.org\n".as_bytes()).await;
        let page = desk.page(&path).await;
        assert!(page.contains("value=\"name\" selected") && page.contains("value=\"email\" selected"));
    }

    async fn products_come_from_a_workbook_with_their_prices(place: Place) {
        let desk = Desk::open(place).await;
        let cell = |text: &str| format!("<c t=\"inlineStr\"><is><t>{text}</t></is></c>");
        let row = |cells: &[&str]| format!("<row>{}</row>", cells.iter().map(|text| cell(text)).collect::<String>());
        let file = |price: &str| {
            workbook(&[
                row(&["Артикул", "Наименование", "Цена", "Ставка НДС"]),
                row(&["TEA-100", "Чай", price, "20%"]),
                row(&["CUP-7", "Чашка", "даром", "без НДС"]),
            ].concat())
        };
        let path = desk.bring("products", "goods.xlsx", &file("1 199,50 ₽")).await;
        let fields = ["sku", "product", "price", "vat"];
        assert_eq!(desk.look(&path, &fields).await, [1, 0, 0, 1]);
        assert_eq!(desk.take_in(&path).await, [1, 0, 0, 1]);
        let company = desk.company;
        let offers = desk.app.read(move |reader| takt_catalog::offers_by_sku(reader, company, &["TEA-100"])).await;
        assert_eq!((offers["TEA-100"].price.to_string().as_str(), offers["TEA-100"].vat.to_string().as_str()), ("1199.50", "20"));
        let path = desk.bring("products", "goods.xlsx", &file("1199.50")).await;
        assert_eq!(desk.look(&path, &fields).await, [0, 0, 1, 1]);
        let path = desk.bring("products", "goods.xlsx", &file("1200")).await;
        assert_eq!(desk.look(&path, &fields).await, [0, 1, 0, 1]);
    }

    async fn orders_come_by_their_numbers_once(place: Place) {
        let desk = Desk::open(place).await;
        let file = "Номер заказа;ФИО;Телефон;Товар;Кол-во;Цена\n\
            1001;Анна;89123456789;Чай;2;100,00\n;;;Чашка;1;50\n1002;Пётр;89123456780;Чай;много;100\n";
        let fields = ["number", "name", "phone", "product", "quantity", "price"];
        let path = desk.bring("orders", "orders.csv", file.as_bytes()).await;
        assert_eq!(desk.look(&path, &fields).await, [2, 0, 0, 1], "two rows of one order, one refused");
        assert_eq!(desk.take_in(&path).await, [2, 0, 0, 1]);
        let scope = Scope::Company { company: desk.company, shops: None };
        let orders = desk.app.read(move |reader| {
            Ok(takt_orders::list(reader, &scope, &ListFilter { limit: 10, ..ListFilter::default() })?.items)
        }).await;
        assert_eq!(orders.len(), 1);
        assert_eq!((orders[0].number.as_str(), orders[0].total.to_decimal_string().as_str(), orders[0].customer.is_some()), ("1001", "250.00", true));
        assert_eq!(orders[0].terms, Terms::OnDelivery, "as is usual in the shop");
        let path = desk.bring("orders", "orders.csv", file.as_bytes()).await;
        assert_eq!(desk.look(&path, &fields).await, [0, 0, 2, 1], "the same again is the same");
    }

    async fn a_price_without_a_currency_is_in_that_of_the_product(place: Place) {
        let desk = Desk::open(place).await;
        let file = "Артикул;Название;Цена;Валюта\nTEA-100;Чай;19,90;EUR\n";
        let path = desk.bring("products", "goods.csv", file.as_bytes()).await;
        desk.look(&path, &["sku", "product", "price", "currency"]).await;
        assert_eq!(desk.take_in(&path).await, [1, 0, 0, 0]);
        let offer = async || {
            let company = desk.company;
            let known = desk.app.read(move |reader| takt_catalog::offers_by_sku(reader, company, &["TEA-100"])).await;
            (known["TEA-100"].price.to_string(), known["TEA-100"].currency.code())
        };
        for (price, counts) in [("19,90", [0, 0, 1, 1]), ("21,50 €", [0, 1, 0, 1]), ("2150 руб.", [0, 0, 0, 2])] {
            let file = format!("Артикул;Название;Цена\nTEA-100;Чай;{price}\nCUP-7;Чашка;$5\n");
            let path = desk.bring("products", "goods.csv", file.as_bytes()).await;
            desk.look(&path, &["sku", "product", "price"]).await;
            assert_eq!(desk.take_in(&path).await, counts, "{price}");
        }
        assert_eq!(offer().await, ("21.50".to_owned(), "EUR"));
    }

    async fn an_order_in_another_currency_than_its_shops_is_refused(place: Place) {
        let desk = Desk::open(place).await;
        let file = "номер заказа;товар;количество;цена\n1001;Чай;1;$19.90\n1002;Чай;1;19,90 ₽\n";
        let path = desk.bring("orders", "orders.csv", file.as_bytes()).await;
        assert_eq!(desk.look(&path, &["number", "product", "quantity", "price"]).await, [1, 0, 0, 1]);
        assert!(desk.page(&path).await.contains("здесь ждут RUB"));
    }

    async fn orders_of_nobody_make_no_customers_and_names_alone_make_one_each(place: Place) {
        let desk = Desk::open(place).await;
        let file = "номер заказа;имя;товар;количество;цена\n1001;;Чай;1;100\n1002;Анна;Чай;1;100\n";
        for counts in [[2, 0, 0, 0], [0, 0, 2, 0], [0, 0, 2, 0]] {
            let path = desk.bring("orders", "orders.csv", file.as_bytes()).await;
            desk.look(&path, &["number", "name", "product", "quantity", "price"]).await;
            assert_eq!(desk.take_in(&path).await, counts);
            let names: Vec<String> = desk.customers().await.into_iter().map(|one| one.name).collect();
            assert_eq!(names, ["Анна"]);
        }
    }

    async fn who_is_erased_tears_no_order_apart_and_spoils_no_other(place: Place) {
        let desk = Desk::open(place).await;
        let path = desk.bring("customers", "one.csv", "имя;телефон\nАнна;89123456789\n".as_bytes()).await;
        desk.look(&path, &["name", "phone"]).await;
        desk.take_in(&path).await;
        let file = "номер заказа;имя;телефон;товар;количество;цена\n\
            1001;Пётр;89123456780;Чай;1;100\n1002;Анна;89123456789;Чай;1;100\n1002;;;Чашка;1;50\n;;;Ложка;1;5\n\
            1003;Пётр;89123456780;Чай;1;100\n";
        let path = desk.bring("orders", "89123456789.csv", file.as_bytes()).await;
        let fields = ["number", "name", "phone", "product", "quantity", "price"];
        assert_eq!(desk.look(&path, &fields).await, [5, 0, 0, 0]);
        let anna = desk.customers().await[0].id;
        let permit = takt_staff::Permit::<takt_customers::EraseCustomers>::system(desk.company, "test");
        takt_customers::erase(&desk.app.db, &permit, anna, takt_customers::Reason::Asked).await.expect("erased");
        let page = desk.page(&format!("{path}?rows=new")).await;
        assert!(!page.contains("89123456789") && !page.contains("Анна"), "{page}");
        assert_eq!(desk.take_in(&path).await, [2, 0, 0, 3], "all of the order whose buyer is erased, and no other");
    }

    async fn an_order_of_many_rows_is_one_order(place: Place) {
        let desk = Desk::open(place).await;
        let line = |number: i64, n: usize| format!("{number};89123456789;Товар {n};1;10\n");
        let rows: String = (0..40).map(|n| line(1, n)).chain((0..130).map(|n| line(2, n))).chain((0..30).map(|n| line(3, n))).collect();
        let file = format!("номер заказа;телефон;товар;количество;цена\n{rows}");
        let path = desk.bring("orders", "orders.csv", file.as_bytes()).await;
        desk.look(&path, &["number", "phone", "product", "quantity", "price"]).await;
        assert_eq!(desk.take_in(&path).await, [200, 0, 0, 0]);
        let scope = Scope::Company { company: desk.company, shops: None };
        let orders = desk.app.read(move |reader| {
            Ok(takt_orders::list(reader, &scope, &ListFilter { limit: 10, ..ListFilter::default() })?.items)
        }).await;
        let mut totals: Vec<String> = orders.iter().map(|order| order.total.to_decimal_string()).collect();
        totals.sort();
        assert_eq!(totals, ["1300.00", "300.00", "400.00"]);
    }

    async fn an_order_whose_rows_stand_apart_is_not_taken_in_by_halves(place: Place) {
        let desk = Desk::open(place).await;
        let other: String = (0..130).map(|n| format!("{};89123456789;Чай;1;10\n", 2_000 + n)).collect();
        let file = format!(
            "номер заказа;телефон;товар;количество;цена\n1001;89123456789;Чай;1;100\n{other}1001;89123456789;Чашка;1;50\n"
        );
        let path = desk.bring("orders", "orders.csv", file.as_bytes()).await;
        let fields = ["number", "phone", "product", "quantity", "price"];
        assert_eq!(desk.look(&path, &fields).await, [130, 0, 0, 2]);
        assert!(desk.page(&path).await.contains("Строки заказа 1001 стоят порознь"));
        assert_eq!(desk.take_in(&path).await, [130, 0, 0, 2]);
    }

    async fn an_order_longer_than_any_may_be_is_refused_to_its_last_row(place: Place) {
        let desk = Desk::open(place).await;
        let rows: String = (0..1_200).map(|n| format!("1;89123456789;Товар {n};1;10\n")).collect();
        let file = format!("номер заказа;телефон;товар;количество;цена\n{rows}");
        let path = desk.bring("orders", "orders.csv", file.as_bytes()).await;
        assert_eq!(desk.look(&path, &["number", "phone", "product", "quantity", "price"]).await, [0, 0, 0, 1_200]);
    }

    async fn a_file_that_did_not_arrive_whole_is_not_taken_in(place: Place) {
        let desk = Desk::open(place).await;
        let company = desk.company;
        let row = |n: i64| vec![format!("Человек {n}"), format!("p{n}@example.org")];
        let sheet = takt_imports::sheet::Sheet { columns: vec!["имя".to_owned(), "почта".to_owned()], rows: (0..8_000).map(row).collect() };
        let new = takt_imports::New { kind: takt_imports::Kind::Customers, shop: None, file_name: "many.csv".to_owned(), sheet };
        let manager = takt_store::Statement::new("select id from person where email = 'operator@example.org'");
        let permit = desk.app.read(move |reader| {
            let person = takt_store::Query::opt_of(reader, &manager)?.expect("a person").get("id")?;
            takt_staff::permit_of(reader, person, company)
        }).await;
        let begun = async {
            loop {
                let statement = takt_store::Statement::new("select import_id as id from sheet_import_row limit 1");
                let row = desk.app.read(move |reader| takt_store::Query::opt_of(reader, &statement)).await;
                if let Some(row) = row {
                    return row.get::<i64>("id").expect("an id");
                }
            }
        };
        // Whoever brings it closes the window in the middle.
        let id = tokio::select! {
            id = begun => Some(id),
            _ = takt_imports::bring(&desk.app.db, &permit, new) => None,
        };
        let id = id.expect("too quick to be torn");
        let path = format!("/settings/imports/{id}");
        assert!(desk.page(&path).await.contains("Файл пришёл не целиком"));
        let answer = desk.operator.post_form(&format!("{path}/look"), &[("field", "name"), ("field", "email")]).await;
        assert_eq!(answer.status.as_u16(), 422, "{}", answer.text());
        desk.operator.post_form(&format!("{path}/remove"), &[]).await.expect_status(303);
        desk.app.drain().await;
        assert_eq!(desk.rows().await, 0);
    }

    async fn nobody_takes_in_with_the_rights_of_another(place: Place) {
        let desk = Desk::open(place).await;
        let file = "артикул;название;цена\nTEA-100;Чай;100\n";
        let path = desk.bring("products", "goods.csv", file.as_bytes()).await;
        assert_eq!(desk.look(&path, &["sku", "product", "price"]).await, [1, 0, 0, 0]);
        let clerk = signed_in(&desk.app, "clerk@example.org").await;
        clerk.post_form(&format!("{path}/take-in"), &[]).await.expect_status(303);
        desk.app.drain().await;
        assert_eq!(desk.counts(&path).await, [0, 0, 0, 1], "an operator does not change the catalogue");
    }

    async fn a_file_with_many_long_headings_is_looked_at(place: Place) {
        let desk = Desk::open(place).await;
        // As a database packs them they are still longer than an index takes.
        let mut chance = 7_u64;
        let mut letter = || {
            chance = chance.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            char::from_u32(0x430 + u32::try_from(chance >> 60).expect("a letter")).expect("a letter")
        };
        let headings: Vec<String> = (0..150).map(|_| (0..80).map(|_| letter()).collect()).collect();
        let file = format!("почта;{}\nanna@example.org\n", headings.join(";"));
        let path = desk.bring("customers", "wide.csv", file.as_bytes()).await;
        let mut fields = vec!["email"];
        fields.resize(151, "");
        assert_eq!(desk.look(&path, &fields).await, [1, 0, 0, 0]);
        let page = desk.page(&desk.bring("customers", "wide.csv", file.as_bytes()).await).await;
        assert!(page.contains("value=\"email\" selected"));
    }

    async fn nothing_of_a_person_is_remembered_of_a_file_without_headings(place: Place) {
        let desk = Desk::open(place).await;
        let path = desk.bring("customers", "bare.csv", "Анна Зубаткина;anna@example.org\nПётр;p@example.org\n".as_bytes()).await;
        assert_eq!(desk.look(&path, &["name", "email"]).await, [2, 0, 0, 0]);
        let statement = takt_store::Statement::new("select count(*) as known from sheet_mapping");
        let known: i64 = desk.app.read(move |reader| takt_store::Query::opt_of(reader, &statement)?.expect("a row").get("known")).await;
        assert_eq!(known, 0);
    }

    async fn a_file_that_cannot_be_worked_on_stops_and_can_be_removed(place: Place) {
        let desk = Desk::open(place).await;
        let path = desk.bring("customers", "one.csv", "имя;почта\nАнна;anna@example.org\nПётр;p@example.org\n".as_bytes()).await;
        assert_eq!(desk.look(&path, &["name", "email"]).await, [2, 0, 0, 0]);
        let broken = takt_store::Statement::new("update sheet_import_row set cells = '{' where n = 2");
        desk.app.write(move |tx| tx.execute_of(&broken)).await;
        desk.operator.post_form(&format!("{path}/take-in"), &[]).await.expect_status(303);
        desk.app.drain_with_failures().await;
        let mended = takt_store::Statement::new("update sheet_import_row set cells = '[\"Пётр\",\"p@example.org\"]' where n = 2");
        desk.app.write(move |tx| tx.execute_of(&mended)).await;
        assert!(desk.page(&path).await.contains("Остановлено"));
        assert_eq!(desk.take_in(&path).await, [2, 0, 0, 0], "it goes on where it stopped");
        desk.operator.post_form(&format!("{path}/remove"), &[]).await.expect_status(303);
    }

    async fn a_file_that_nobody_takes_in_is_gone_after_a_month(place: Place) {
        let desk = Desk::open(place).await;
        let rows: String = (0..700).map(|n| format!("Человек {n};p{n}@example.org\n")).collect();
        let path = desk.bring("customers", "many.csv", format!("имя;почта\n{rows}").as_bytes()).await;
        desk.app.advance(29 * 24 * 3_600).await;
        assert_eq!(desk.rows().await, 700);
        desk.app.advance(2 * 24 * 3_600).await;
        assert_eq!(desk.rows().await, 0, "{path}");
    }

    async fn no_heading_of_a_file_becomes_a_formula(place: Place) {
        let desk = Desk::open(place).await;
        let path = desk.bring("customers", "bad.csv", "=cmd|x;почта\nАнна;нет\n".as_bytes()).await;
        assert_eq!(desk.look(&path, &["name", "email"]).await, [0, 0, 0, 1]);
        let refused = desk.operator.get(&format!("{path}/refused.csv")).await.expect_status(200).text();
        assert!(refused.starts_with("\u{feff}'=cmd|x;"), "{refused}");
    }

    async fn a_file_that_is_thrown_away_leaves_nothing_and_a_large_one_goes_in_steps(place: Place) {
        let desk = Desk::open(place).await;
        let rows: String = (0..250).map(|n| format!("Человек {n};p{n}@example.org\n")).collect();
        let path = desk.bring("customers", "many.csv", format!("имя;почта\n{rows}").as_bytes()).await;
        assert_eq!(desk.look(&path, &["name", "email"]).await, [250, 0, 0, 0]);
        desk.operator.post_form(&format!("{path}/remove"), &[]).await.expect_status(303);
        desk.operator.get(&path).await.expect_status(404);
        let path = desk.bring("customers", "many.csv", format!("имя;почта\n{rows}").as_bytes()).await;
        desk.look(&path, &["name", "email"]).await;
        assert_eq!(desk.take_in(&path).await, [250, 0, 0, 0]);
        let again = desk.operator.post_form(&format!("{path}/take-in"), &[]).await;
        assert_eq!(again.status.as_u16(), 422, "it is taken in once");
    }

    async fn hostile_files_are_refused_and_others_may_not_bring_any(place: Place) {
        let desk = Desk::open(place).await;
        let sent = async |client: &Client, bytes: &[u8]| {
            client.ask(http::Method::POST, "/settings/imports").upload("file", "a.xlsx", bytes, &[("kind", "customers")]).send().await
        };
        let answer = sent(&desk.operator, b"PK\x03\x04broken").await;
        assert_eq!(answer.status.as_u16(), 422);
        assert!(answer.text().contains("Файл не читается"), "{}", answer.text());
        let auditor = signed_in(&desk.app, "auditor@example.org").await;
        assert_eq!(sent(&auditor, CUSTOMERS.as_bytes()).await.status.as_u16(), 403);
        assert_eq!(auditor.get("/settings/imports").await.status.as_u16(), 403);
    }
}
