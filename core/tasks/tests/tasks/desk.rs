//! A company with its shop, its people and what they have to do.

use serde_json::{Value, json};
use takt_kernel::{Actor, CompanyId, OrganisationId, PersonId, Result, ShopId, fold, money::Currency};
use takt_orders::{Intake, OrderId};
use takt_staff::{
    Permission, Permit, Role, RoleSet, Scope,
    command_line::{self, CreatedUser, NewUser},
    companies::{NewCompany, OrganisationKind},
    engagements::{self, NewEngagement},
    permit_of,
    shops::NewShop,
};
use takt_store::{Query, Tx, params, sql};
use takt_tasks::{DoTasks, Filter, NewTask, Task, TaskId, Whose, get, list, open, take_next};
use takt_testing::{Client, Place, TestApp};
use takt_ui::Lang;

pub const PASSWORD: &str = "correct horse battery";
pub const QUARTER: i64 = 15 * 60;

pub struct Desk {
    pub app: TestApp,
    pub company: CompanyId,
    pub shop: ShopId,
}

pub fn features() -> Vec<takt_feature::Feature> {
    vec![
        takt_staff::feature(),
        takt_customers::feature(),
        takt_catalog::feature(),
        takt_orders::feature(),
        takt_tasks::feature(),
    ]
}

impl Desk {
    pub async fn open(place: Place) -> Self {
        let app = TestApp::open(place, features()).await;
        let company = organisation(&app, "Чай", OrganisationKind::Company).await;
        let shop = shop(&app, company, "Чайная").await;
        app.drain().await;
        Self { app, company, shop }
    }

    pub async fn order(&self) -> OrderId {
        order(&self.app, self.company, self.shop).await
    }

    pub fn task(&self, kind: &'static str, role: Role, order: Option<OrderId>) -> NewTask {
        let due_at = self.app.now().plus_seconds(QUARTER);
        NewTask { company: self.company, kind, role, order, due_at, key: None, args: Value::Null }
    }

    pub async fn opened(&self, kind: &'static str, role: Role, order: Option<OrderId>) -> TaskId {
        let new = self.task(kind, role, order);
        self.app.write(move |tx| open(tx, new.clone(), &nobody())).await.expect("a new task")
    }

    pub async fn read_all(&self) -> Vec<Task> {
        let scope = of(self.company);
        self.app.read(move |r| Ok(list(r, &scope, &Filter::unfinished(Whose::All, 100))?.items)).await
    }

    pub async fn read(&self, task: TaskId) -> Task {
        let scope = of(self.company);
        self.app.read(move |r| get(r, &scope, task)).await
    }
}

pub async fn organisation(app: &TestApp, name: &str, kind: OrganisationKind) -> OrganisationId {
    let new = NewCompany {
        name: name.to_owned(),
        kind,
        currency: Currency::RUB,
        zone: "Europe/Moscow".to_owned(),
        lang: Lang::Ru,
    };
    command_line::create_company(&app.db, new).await.expect("an organisation")
}

pub async fn shop(app: &TestApp, company: CompanyId, name: &str) -> ShopId {
    let new = NewShop { name: name.to_owned(), currency: None };
    command_line::create_shop(&app.db, &company.to_string(), new).await.expect("a shop")
}

pub async fn order(app: &TestApp, company: CompanyId, shop: ShopId) -> OrderId {
    let body = json!({
        "currency": "RUB",
        "customer": {"name": "Анна", "phone": "8 (912) 345-67-89"},
        "lines": [{"sku": "TEA-100", "name": "Чай", "quantity": "2", "unit": "pcs", "price": "199.50", "vat": "22"}],
    });
    let intake = Intake { shop, currency: Currency::RUB, source: "api", lang: Lang::Ru, region: "RU" };
    let wanted = takt_orders::read_new_order(&body, &intake).expect("an order");
    app.write(move |tx| Ok(takt_orders::place(tx, &permit(company), wanted.clone())?.id)).await
}

/// Somebody with a role who may act through verbs and, signed in, through pages.
pub async fn somebody(app: &TestApp, company: CompanyId, role: Role) -> (PersonId, Client) {
    let email = format!("{role}-{company}@example.org");
    let user = NewUser {
        company: company.to_string(),
        email: email.clone(),
        name: Some(format!("{role} {company}")),
        roles: role.into(),
        password: Some(PASSWORD.to_owned()),
    };
    let CreatedUser::Person(person) = command_line::create_user(&app.db, user).await.expect("a person")
    else {
        unreachable!("they have a password")
    };
    let client = app.client();
    let answer = client.post_form("/sign-in", &[("email", &email), ("password", PASSWORD)]).await;
    assert!(answer.status.is_redirection(), "{}", answer.text());
    (person, client)
}

/// A verb done by the person with that e-mail.
pub async fn by<T: Send + 'static>(
    desk: &Desk,
    role: Role,
    verb: impl Fn(&mut Tx<'_>, &Permit<DoTasks>) -> Result<T> + Send + 'static,
) -> Result<T> {
    let (company, email) = (desk.company, format!("{role}-{}@example.org", desk.company));
    desk.app
        .try_write(move |tx| {
            let permit = command_line::permit_of_person::<DoTasks>(tx, company, &email)?;
            verb(tx, &permit)
        })
        .await
}

pub fn nobody() -> Actor {
    Actor::system("test")
}

pub fn permit<P: Permission>(company: CompanyId) -> Permit<P> {
    Permit::system(company, "test")
}

pub fn of(company: CompanyId) -> Scope {
    Scope::Company { company, shops: None }
}

pub async fn kinds(app: &TestApp, scope: Scope, whose: Whose) -> Vec<String> {
    let page = app.read(move |r| list(r, &scope, &Filter::unfinished(whose.clone(), 50))).await;
    page.items.into_iter().map(|task| task.kind).collect()
}

/// Somebody who never signs in: only what they are counts.
pub async fn person(app: &TestApp, organisation: OrganisationId, name: &str, roles: RoleSet) -> PersonId {
    let name = name.to_owned();
    app.write(move |tx| {
        let person: PersonId = tx.new_id();
        let email = format!("{person}@example.org");
        let now = tx.now();
        tx.put(
            sql!(
                "insert into person (id, email, email_s, name, password_hash, lang, created_at)
                 values (:id, :email, :email_s, :name, null, 'ru', :now)"
            ),
            params![id: person, email: &email, email_s: fold(&email), name: &name, now: now],
        )?;
        for role in roles.iter() {
            tx.put(
                sql!(
                    "insert into membership (organisation_id, person_id, role, since)
                     values (:organisation_id, :person_id, :role, :now)"
                ),
                params![organisation_id: organisation, person_id: person, role: role.code(), now: now],
            )?;
        }
        Ok(person)
    })
    .await
}

/// A desk that works for these companies with these roles.
pub async fn desk_of(app: &TestApp, companies: &[CompanyId], roles: RoleSet) -> OrganisationId {
    let firm = organisation(app, "Светосила", OrganisationKind::Desk).await;
    for company in companies.iter().copied() {
        let engaged = NewEngagement { desk: firm, from: app.now(), until: None, roles };
        app.write(move |tx| engagements::start(tx, &permit(company), &engaged)).await;
    }
    app.drain().await;
    firm
}

/// What somebody is given who asks for the next thing to do in these companies.
pub async fn next_of(app: &TestApp, person: PersonId, companies: &[CompanyId]) -> Option<Task> {
    let companies = companies.to_vec();
    app.write(move |tx| {
        let mut permits = Vec::new();
        for company in &companies {
            permits.push(permit_of::<DoTasks>(tx, person, *company)?);
        }
        take_next(tx, &permits)
    })
    .await
}
