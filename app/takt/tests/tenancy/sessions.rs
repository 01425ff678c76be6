//! Sessions: who gives them out, how long they last, and that nothing of them is left when they end.

use takt_staff::Role;
use takt_testing::{Client, Place, TestApp};

use super::world::{self, PASSWORD, Tenant};

async fn open() -> (TestApp, Tenant) {
    let app = world::open(Place::sqlite()).await;
    let tenant = Tenant::open(&app, "ALPHA", "40702810200000000001").await;
    (app, tenant)
}

async fn is_signed_in(client: &Client) -> bool {
    client.get("/profile").await.status == 200
}

fn session(client: &Client) -> String {
    client.cookie("takt").expect("a session")
}

#[tokio::test]
async fn a_session_is_never_one_that_somebody_else_chose() {
    let (app, tenant) = open().await;
    let planted = session(tenant.person(Role::Owner));
    for given in ["chosen-by-an-attacker", planted.as_str()] {
        let victim = app.client().with_cookie("takt", given);
        let email = world::email("ALPHA", Role::Manager);
        victim.post_form("/sign-in", &[("email", &email), ("password", PASSWORD)]).await.expect_status(303);
        assert_ne!(session(&victim), given);
        assert!(session(&victim).len() >= 40, "{}", session(&victim));
    }
    assert!(!is_signed_in(&app.client().with_cookie("takt", "chosen-by-an-attacker")).await);
    let kept = tenant.person(Role::Owner).get("/profile").await.text();
    assert!(kept.contains(&world::email("ALPHA", Role::Owner)), "the other session is still its owner's");
}

#[tokio::test]
async fn cookies_are_for_this_host_over_https_and_not_for_scripts() {
    let (app, tenant) = open().await;
    for secure in [false, true] {
        let client = Client::new(takt_web::app(app.web.clone().secure(secure), app.wiring.router.clone()));
        let email = world::email("ALPHA", Role::Owner);
        let mut answers =
            vec![client.post_form("/sign-in", &[("email", &email), ("password", PASSWORD)]).await];
        answers.push(
            client.post_form("/preferences", &[("lang", "en"), ("theme", "dark"), ("back", "/")]).await,
        );
        let comment = format!("/orders/{}/comment", tenant.orders[0]);
        answers.push(client.post_form(&comment, &[("comment", "a word")]).await);
        answers.push(client.post_form("/sign-out", &[]).await);
        let mut seen = Vec::new();
        for answer in &answers {
            assert_eq!(answer.header("strict-transport-security").is_some(), secure);
            for cookie in answer.headers.get_all("set-cookie") {
                let cookie = cookie.to_str().expect("text");
                for part in ["Path=/", "HttpOnly", "SameSite=Lax"] {
                    assert!(cookie.contains(part), "{part} in {cookie}");
                }
                assert_eq!(cookie.matches("; Secure").count(), usize::from(secure), "{cookie}");
                assert!(!cookie.contains("Domain="), "{cookie}");
                seen.push(cookie.split('=').next().unwrap_or_default().to_owned());
            }
        }
        let name = if secure { "__Host-takt" } else { "takt" };
        for known in [name, "lang", "theme", "flash"] {
            assert!(seen.iter().any(|seen| seen == known), "{known} in {seen:?}");
        }
    }
}

#[tokio::test]
async fn signing_out_ends_the_session_everywhere_and_no_other() {
    let (app, tenant) = open().await;
    let here = tenant.person(Role::Owner);
    let elsewhere = world::sign_in(&app, &world::email("ALPHA", Role::Owner)).await;
    let cookie = session(here);
    here.post_form("/sign-out", &[]).await.expect_status(303);
    assert!(here.cookie("takt").is_none(), "the browser forgets it");
    let replayed = app.client().with_cookie("takt", &cookie);
    for path in ["/profile", "/orders", "/live", "/settings/people"] {
        assert!(replayed.get(path).await.location().starts_with("/sign-in"), "{path}");
    }
    replayed.post_form(&format!("/orders/{}/cancel", tenant.orders[2]), &[]).await.expect_status(401);
    assert!(is_signed_in(&elsewhere).await);
    elsewhere.post_form("/profile/sessions/end-all", &[]).await.expect_status(303);
    assert!(!is_signed_in(&elsewhere).await);
}

#[tokio::test]
async fn another_password_ends_the_sessions_elsewhere() {
    let (app, tenant) = open().await;
    let here = tenant.person(Role::Owner);
    let elsewhere = world::sign_in(&app, &world::email("ALPHA", Role::Owner)).await;
    here.post_form("/profile/password", &[("current", "wrong"), ("password", "another long password")]).await;
    assert!(is_signed_in(&elsewhere).await, "nothing was changed");
    let changed = [("current", PASSWORD), ("password", "another long password")];
    here.post_form("/profile/password", &changed).await.expect_status(303);
    assert!(is_signed_in(here).await);
    assert!(!is_signed_in(&elsewhere).await);
    let email = world::email("ALPHA", Role::Owner);
    app.client().post_form("/sign-in", &[("email", &email), ("password", PASSWORD)]).await.expect_status(422);
}

#[tokio::test]
async fn a_role_that_was_taken_opens_nothing_from_the_next_request_on() {
    let (app, tenant) = open().await;
    let manager = tenant.person(Role::Manager);
    manager.get("/settings/statuses").await.expect_status(200);
    let company = tenant.id;
    app.write(move |tx| {
        let email = world::email("ALPHA", Role::Manager);
        let person = world::person_id(tx, &email)?;
        let permit = takt_staff::Permit::system(company, "test");
        takt_staff::people::set_roles(tx, &permit, person, Role::Auditor.into())
    })
    .await;
    manager.get("/settings/statuses").await.expect_status(403);
}
