//! A shop whose buyers have e-mail, and the verbs that they are told about.

use serde_json::{Value, json};
use takt_kernel::{
    Actor, CompanyId, Result, ShopId, Timestamp,
    money::{Currency, Money},
};
use takt_notifications::{Notice, NoticeId, Settings, of_order};
use takt_orders::{
    Intake, Order, OrderId,
    buyer::{BUYER_DOCUMENT, BUYER_PAGE, BuyerDocument, BuyerPage, Medium},
    panels::{PAYS_TO, PayTo, PaysTo},
    place, read_new_order,
    receipt::{BookedCredit, CreditLine, EntryState, VerifiedReceipt},
    record_paid,
};
use takt_staff::{
    Permission, Permit,
    command_line::{self, NewUser},
    companies::{NewCompany, OrganisationKind},
    shops::NewShop,
};
use takt_store::{About, Fact, Query, Subject, Tx, params, sql};
use takt_testing::{Client, Place, TestApp, mail::MailServer};
use takt_ui::Lang;
use takt_work::{NewJob, jobs};

const PASSWORD: &str = "correct horse battery";

pub struct Desk {
    pub app: TestApp,
    pub mail: MailServer,
    pub company: CompanyId,
    pub shop: ShopId,
}

/// What the feature of shipments says, in its own words.
#[derive(serde::Serialize)]
pub struct Dispatched {
    pub carrier: &'static str,
    pub service: &'static str,
    pub tracking: &'static str,
    pub tracking_url: Option<&'static str>,
}
impl Fact for Dispatched {
    const KIND: &'static str = "shipments.dispatched";
}

/// What the feature of payments says.
#[derive(serde::Serialize)]
pub struct Expected {
    pub replaces: Option<i64>,
}
impl Fact for Expected {
    const KIND: &'static str = "payments.expected";
}

fn neighbours() -> takt_feature::Feature {
    takt_feature::Feature::new("neighbours", takt_feature::Tier::Feature)
        .says(&[Dispatched::KIND, Expected::KIND])
        .fill(&PAYS_TO, "reference and account", pays_to as PaysTo)
        .fill(&BUYER_PAGE, "the signed link", page_of as BuyerPage)
        .fill(&BUYER_DOCUMENT, "the invoice", INVOICE)
}

pub const PAGE: &str = "https://desk.test/p/";

fn page_of(_: &mut dyn Query, order: &Order) -> Result<Option<String>> {
    Ok(Some(format!("{PAGE}{}", order.id)))
}

const INVOICE: BuyerDocument = BuyerDocument {
    name: "invoice",
    title_key: "invoice",
    render: |_, context, medium| {
        assert_eq!(medium, Medium::Letter);
        Ok(Some(maud::html! { table { tr { td { "Invoice <" (context.order.number) ">" } } } }))
    },
};

fn pays_to(_: &mut dyn Query, _: &Order) -> Result<Option<PayTo>> {
    Ok(Some(PayTo {
        reference: "T-0001042-7".to_owned(),
        account: "40702810900000000001".to_owned(),
        bic: "044525225".to_owned(),
        bank: Some("Сбербанк".to_owned()),
        holder: Some("ООО Чай".to_owned()),
        inn: None,
    }))
}

impl Desk {
    pub async fn open(place: Place) -> Self {
        let mail = MailServer::reach();
        let smtp = format!("smtp://{}:{}", mail.host(), mail.port());
        Self::open_with(place, Some(&smtp)).await
    }

    pub async fn open_with(place: Place, smtp: Option<&str>) -> Self {
        let settings = Settings::parse(smtp, "Takt <takt@desk.test>").expect("settings");
        Self::open_as(place, settings).await
    }

    pub async fn open_as(place: Place, settings: Settings) -> Self {
        let features = vec![
            takt_staff::feature(),
            takt_customers::feature(),
            takt_catalog::feature(),
            takt_orders::feature(),
            neighbours(),
            takt_notifications::feature(settings),
        ];
        let app = TestApp::open(place, features).await;
        let company = NewCompany {
            name: "ООО Чай".to_owned(),
            kind: OrganisationKind::Company,
            currency: Currency::RUB,
            zone: "Europe/Moscow".to_owned(),
            lang: Lang::Ru,
        };
        let company = command_line::create_company(&app.db, company).await.expect("a company");
        let shop = NewShop { name: "Чайная \"Лавка\"".to_owned(), currency: None };
        let shop = command_line::create_shop(&app.db, &company.to_string(), shop).await.expect("a shop");
        let desk = Self { app, mail: MailServer::reach(), company, shop };
        desk.person("accountant").await;
        desk.app.drain().await;
        desk
    }

    async fn person(&self, role: &str) {
        let user = NewUser {
            company: self.company.to_string(),
            email: email(role),
            name: Some(role.to_owned()),
            roles: role.parse().expect("roles"),
            password: Some(PASSWORD.to_owned()),
        };
        command_line::create_user(&self.app.db, user).await.expect("a person");
    }

    pub async fn signed_in(&self, role: &str) -> Client {
        self.person(role).await;
        let client = self.app.client();
        let answer = client.post_form("/sign-in", &[("email", &email(role)), ("password", PASSWORD)]).await;
        assert!(answer.status.is_redirection(), "{}", answer.text());
        client
    }

    /// Two cups of tea for 199.50 each, to be paid before.
    pub async fn tea(&self, email: Option<&str>, lang: Lang) -> OrderId {
        self.order(email, lang, json!({})).await
    }

    /// The same with other fields in it.
    pub async fn order(&self, email: Option<&str>, lang: Lang, fields: Value) -> OrderId {
        let mut body = json!({
            "currency": "RUB",
            "customer": { "name": "Анна", "email": email },
            "lines": [{ "sku": "TEA-100", "name": "Чай", "quantity": "2", "unit": "pcs", "price": "199.50", "vat": "22" }],
            "delivery": { "method": "courier", "address": "Казань, ул. Баумана, 1", "price": "300.00" },
        });
        for (name, value) in fields.as_object().expect("fields") {
            body[name] = value.clone();
        }
        let (company, shop) = (self.company, self.shop);
        let order = self.app.write(move |tx| place_body(tx, company, shop, lang, &body)).await;
        self.app.drain().await;
        order
    }

    pub async fn pay(&self, receipt: i64, id: OrderId, amount: &str) {
        let (company, received_at) = (self.company, self.app.now());
        let amount = Money::parse(amount, Currency::RUB).expect("an amount");
        self.app
            .write(move |tx| {
                let receipt = verified(tx, company, receipt, amount, received_at)?;
                receipt.keep(tx)?;
                record_paid(tx, &receipt, id, amount, &Actor::system("test")).map(|_| ())
            })
            .await;
        self.app.drain().await;
    }

    /// Says a fact of another feature about an order.
    pub async fn say<F: Fact + Send + Sync + 'static>(&self, subject: Subject, fact: F) {
        let company = self.company;
        self.app.write(move |tx| tx.say(About::new(company, subject, &Actor::system("test")), &fact)).await;
        self.app.drain().await;
    }

    pub async fn notices(&self, order: OrderId) -> Vec<Notice> {
        let company = self.company;
        self.app.read(move |reader| of_order(reader, company, order)).await
    }

    /// `placed:sent paid:failed`
    pub async fn told(&self, order: OrderId) -> String {
        let notices = self.notices(order).await;
        let told = notices.iter().map(|notice| format!("{}:{}", notice.event.code(), notice.state.code()));
        told.collect::<Vec<_>>().join(" ")
    }

    /// What a crash leaves behind: the row says that it is being sent, and its job is due again.
    pub async fn crash_while_sending(&self, notice: NoticeId) {
        let company = self.company;
        self.app
            .write(move |tx| {
                tx.execute(
                    sql!(
                        "update notice
                         set state = 'sending', sent_at = null
                         where company_id = :company_id and id = :id"
                    ),
                    params![company_id: company, id: notice],
                )?;
                let run_at = tx.now();
                let job = NewJob {
                    company,
                    kind: "notifications.send",
                    key: Some(format!("{notice}/1")),
                    payload: json!({ "notice": notice }),
                    run_at,
                };
                jobs::enqueue(tx, job)
            })
            .await;
        self.app.drain().await;
    }
}

fn place_body(
    tx: &mut Tx<'_>,
    company: CompanyId,
    shop: ShopId,
    lang: Lang,
    body: &Value,
) -> Result<OrderId> {
    let intake = Intake { shop, currency: Currency::RUB, source: "api", lang, region: "RU" };
    Ok(place(tx, &permit(company), read_new_order(body, &intake)?)?.id)
}

fn verified(
    tx: &mut Tx<'_>,
    company: CompanyId,
    id: i64,
    amount: Money,
    received_at: Timestamp,
) -> Result<VerifiedReceipt> {
    let line = CreditLine {
        company,
        amount,
        account: "40702810900000000001",
        own_account: "40702810900000000001",
        own_currency: Currency::RUB,
        state: EntryState::Booked,
        sent_at: None,
        booked_at: None,
        received_at,
    };
    let permit = command_line::permit_of_person(tx, company, &email("accountant"))?;
    VerifiedReceipt::vouched(id, BookedCredit::check(&line)?, &permit, "hash of the file")
}

fn email(role: &str) -> String {
    format!("{role}@example.org")
}

pub fn permit<P: Permission>(company: CompanyId) -> Permit<P> {
    Permit::system(company, "test")
}
