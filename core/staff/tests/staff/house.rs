//! A company with a shop, people and a desk, and a feature that lets permissions be tried over HTTP.

use axum::{extract::State, routing::get};
use takt_feature::{Feature, Tier};
use takt_kernel::{CompanyId, OrganisationId, PersonId, ShopId, money::Currency};
use takt_staff::{
    ApiCaller, Caller, PERMISSIONS, PermissionInfo, Role, RoleSet,
    command_line::{self, CreatedUser, NewUser},
    companies::{NewCompany, OrganisationKind},
    permission,
    shops::NewShop,
};
use takt_testing::{Client, Place, TestApp};
use takt_ui::Lang;
use takt_web::{Answer, Path, Web, see_other};

permission!(pub Paint, "test.paint");
permission!(pub Look, "test.look");
permission!(pub Forgotten, "test.forgotten");

const RIGHTS: &[PermissionInfo] = &[
    PermissionInfo { code: "test.paint", roles: &[Role::Owner, Role::Manager], scope: Some("paint:write") },
    PermissionInfo { code: "test.look", roles: &Role::ALL, scope: Some("paint:read") },
];

pub const PASSWORD: &str = "correct horse battery";

pub struct House {
    pub app: TestApp,
}

fn easel() -> Feature {
    Feature::new("easel", Tier::Feature).fill(&PERMISSIONS, "easel", RIGHTS).routes(
        axum::Router::new()
            .route("/paint/{company}", get(paint))
            .route("/look/{company}", get(look))
            .route("/api/v1/paint", get(api_paint))
            .route("/api/v1/look", get(api_look)),
    )
}

async fn paint(State(_): State<Web>, caller: Caller, Path(company): Path<CompanyId>) -> Answer {
    caller.permit::<Paint>(company)?;
    Ok(see_other("/painted"))
}

async fn look(State(_): State<Web>, caller: Caller, Path(company): Path<CompanyId>) -> Answer {
    caller.permit::<Look>(company)?;
    assert!(caller.permit::<Forgotten>(company).is_err(), "nobody holds what nobody registered");
    Ok(see_other("/seen"))
}

async fn api_paint(State(_): State<Web>, caller: ApiCaller) -> Answer {
    let permit = caller.permit::<Paint>()?;
    assert_eq!(permit.shop(), Some(caller.shop));
    Ok(see_other("/painted"))
}

async fn api_look(State(_): State<Web>, caller: ApiCaller) -> Answer {
    caller.permit::<Look>()?;
    Ok(see_other("/seen"))
}

impl House {
    pub async fn open(place: Place) -> Self {
        Self { app: TestApp::open(place, vec![takt_staff::feature(), easel()]).await }
    }

    pub async fn company(&self, name: &str) -> CompanyId {
        self.organisation(name, OrganisationKind::Company).await
    }

    pub async fn organisation(&self, name: &str, kind: OrganisationKind) -> OrganisationId {
        let new = NewCompany {
            name: name.to_owned(),
            kind,
            currency: Currency::RUB,
            zone: "Europe/Moscow".to_owned(),
            lang: Lang::En,
        };
        command_line::create_company(&self.app.db, new).await.expect("an organisation")
    }

    pub async fn shop(&self, company: CompanyId, name: &str) -> ShopId {
        let new = NewShop { name: name.to_owned(), currency: None };
        command_line::create_shop(&self.app.db, &company.to_string(), new).await.expect("a shop")
    }

    pub async fn person(&self, company: CompanyId, email: &str, roles: impl Into<RoleSet>) -> PersonId {
        let new = NewUser {
            company: company.to_string(),
            email: email.to_owned(),
            name: None,
            roles: roles.into(),
            password: Some(PASSWORD.to_owned()),
        };
        match command_line::create_user(&self.app.db, new).await.expect("a person") {
            CreatedUser::Person(person) => person,
            CreatedUser::Invitation(_) => panic!("a person with a password is not invited"),
        }
    }

    /// A browser in which this person is signed in.
    pub async fn browser_of(&self, email: &str) -> Client {
        let browser = self.app.client();
        let fields = [("email", email), ("password", PASSWORD)];
        browser.post_form("/sign-in", &fields).await.expect_status(303);
        browser
    }

    pub async fn status(&self, browser: &Client, path: &str) -> u16 {
        browser.get(path).await.status.as_u16()
    }
}
