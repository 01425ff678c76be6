//! Everybody who might ask about a company that is not theirs.

use takt_kernel::CompanyId;
use takt_staff::{ManageTokens, Permit, Role, companies::OrganisationKind, people, tokens};
use takt_store::{Query, params, sql};
use takt_testing::{Client, TestApp};

use super::world::{self, Tenant};

pub struct Actor {
    pub name: String,
    pub client: Client,
}

fn actor(name: impl Into<String>, client: Client) -> Actor {
    Actor { name: name.into(), client }
}

/// Two companies and everybody around them.
pub struct World {
    pub app: TestApp,
    pub alpha: Tenant,
    pub beta: Tenant,
    /// Those to whom nothing of alpha exists.
    pub strangers: Vec<Actor>,
    /// Operator of a desk that works for alpha now, with the operator's role.
    pub desk_operator: Client,
}

impl World {
    pub async fn open(app: TestApp) -> Self {
        let alpha = Tenant::open(&app, "ALPHA", "40702810200000000001").await;
        let mut beta = Tenant::open(&app, "BETA", "40702810500000000002").await;
        let mut strangers = nobodies(&app, &alpha).await;
        strangers.extend(desks(&app, &alpha, &beta).await);

        let desk = world::organisation(&app, "DELTA", OrganisationKind::Desk).await;
        let desk_operator = world::person(&app, desk, "DELTA", Role::Operator).await;
        let accountant = world::person(&app, desk, "DELTA", Role::Accountant).await;
        strangers.push(actor("accountant of a desk that was lent no accountant", accountant));
        world::engage(&app, alpha.id, desk, Role::Operator.into(), None).await;

        for (role, client) in std::mem::take(&mut beta.people) {
            beta.people.insert(role, world::sign_in(&app, &world::email("BETA", role)).await);
            strangers.push(actor(format!("{role} of the other company"), client));
        }
        for scope in world::SCOPES {
            let client = world::token(&app, beta.id, beta.shops[0], scope).await.1;
            strangers.push(actor(format!("token of the other company with {scope}"), client));
        }
        let client = world::token(&app, beta.id, beta.shops[0], &world::SCOPES.join(" ")).await.1;
        strangers.push(actor("token of the other company with all scopes", client));
        app.drain().await;
        note_use(&alpha, &beta, &strangers).await;
        Self { app, alpha, beta, strangers, desk_operator }
    }
}

/// "Last used" and "seen" are written now, so that refusals find nothing to write.
async fn note_use(alpha: &Tenant, beta: &Tenant, strangers: &[Actor]) {
    let tenants = [alpha, beta].into_iter();
    let own = tenants.flat_map(|tenant| {
        tenant.programs.values().chain([&tenant.program, &tenant.other_shop]).chain(tenant.people.values())
    });
    for client in own.chain(strangers.iter().map(|actor| &actor.client)) {
        client.get("/api/v1/orders/1").await;
        client.get("/profile").await;
    }
}

/// Whoever has no right to be anywhere.
async fn nobodies(app: &TestApp, alpha: &Tenant) -> Vec<Actor> {
    let signed_out = world::person(app, alpha.id, "GONE", Role::Owner).await;
    let cookie = signed_out.cookie("takt").expect("a session");
    signed_out.post_form("/sign-out", &[]).await.expect_status(303);
    let signed_out = app.client().with_cookie("takt", &cookie);

    let expired = world::person(app, alpha.id, "LATE", Role::Owner).await;
    let removed = world::person(app, alpha.id, "LEFT", Role::Manager).await;
    let (token, revoked) = world::token(app, alpha.id, alpha.shops[0], &world::SCOPES.join(" ")).await;
    let company = alpha.id;
    app.write(move |tx| {
        let late = world::person_id(tx, &world::email("LATE", Role::Owner))?;
        tx.put(
            sql!("update session set expires_at = :now where person_id = :person_id"),
            params![now: tx.now(), person_id: late],
        )?;
        let left = world::person_id(tx, &world::email("LEFT", Role::Manager))?;
        people::set_roles(tx, &Permit::system(company, "test"), left, takt_staff::RoleSet::EMPTY)?;
        tokens::revoke(tx, &Permit::<ManageTokens>::system(company, "test"), token)
    })
    .await;
    vec![
        actor("nobody", app.client()),
        actor("a signed-out session", signed_out),
        actor("an expired session", expired),
        actor("somebody who left the company", removed),
        actor("a revoked token", revoked),
        actor("an invitation as a session", app.client().with_cookie("takt", &alpha.invitation)),
        actor("an invitation as a token", app.client().with_token(&alpha.invitation)),
        actor("a session's secret as a token", app.client().with_token(&cookie)),
    ]
}

/// People of desks: engaged by the other company, engaged by alpha until a moment ago, and by nobody.
async fn desks(app: &TestApp, alpha: &Tenant, beta: &Tenant) -> Vec<Actor> {
    let mut found = Vec::new();
    let all_but_owner = Role::ALL.into_iter().filter(|role| *role != Role::Owner).collect();
    let mut people = async |mark: &'static str, told: &str| -> CompanyId {
        let desk = world::organisation(app, mark, OrganisationKind::Desk).await;
        for role in [Role::Owner, Role::Operator, Role::Warehouse] {
            let client = world::person(app, desk, mark, role).await;
            found.push(actor(format!("{role} of a desk {told}"), client));
        }
        desk
    };
    let elsewhere = people("GAMMA", "that works for the other company").await;
    let former = people("OMEGA", "that worked here").await;
    people("SIGMA", "that works for nobody").await;
    world::engage(app, beta.id, elsewhere, all_but_owner, None).await;
    let until = Some(app.now().plus_seconds(60));
    world::engage(app, alpha.id, former, all_but_owner, until).await;
    app.advance(120).await;
    found
}
