use takt_staff::{
    ManagePeople, Permit, Role, RoleSet,
    command_line::{self, CreatedUser, NewUser},
    invitations, sign_in,
};
use takt_testing::{TestResponse, on_both_engines};
use takt_ui::Lang;

use crate::house::{House, PASSWORD};

const DAY: i64 = 24 * 3600;
const COOKIE: &str = "takt";

async fn try_in(house: &House, email: &str, password: &str) -> TestResponse {
    house.app.client().post_form("/sign-in", &[("email", email), ("password", password)]).await
}

on_both_engines! {
    async fn an_unknown_person_and_a_wrong_password_are_answered_alike(place: Place) {
        let house = House::open(place).await;
        let company = house.company("Ours").await;
        house.person(company, "anna@example.org", Role::Owner).await;
        let wrong = try_in(&house, "anna@example.org", "wrong password").await.expect_status(422);
        let unknown = try_in(&house, "nobody@example.org", "wrong password").await.expect_status(422);
        let plain = |answer: &TestResponse, email: &str| answer.text().replace(email, "");
        assert_eq!(plain(&wrong, "anna@example.org"), plain(&unknown, "nobody@example.org"));
        let right = try_in(&house, " Anna@Example.org", PASSWORD).await.expect_status(303);
        assert_eq!(right.location(), "/");
        let cookie = right.header("set-cookie").unwrap_or_default().to_owned();
        assert!(cookie.contains("HttpOnly") && cookie.contains("SameSite=Lax"), "{cookie}");

        let attempts = house.app.read(move |reader| sign_in::attempts(reader, company, 10)).await;
        let outcomes: Vec<_> = attempts.iter().map(|attempt| attempt.outcome.as_str()).collect();
        assert_eq!(outcomes, ["signed_in", "wrong_password"]);
        assert_eq!(house.app.facts_named("staff.signed_in").await, 1);
        assert_eq!(house.app.facts_named("staff.sign_in_refused").await, 2);
    }

    async fn a_stolen_cookie_is_worth_nothing_after_the_session(place: Place) {
        let house = House::open(place).await;
        let company = house.company("Ours").await;
        house.person(company, "anna@example.org", Role::Owner).await;
        let path = format!("/look/{company}");
        let open = |location: &str| location == "/seen";

        let browser = house.browser_of("anna@example.org").await;
        let thief = house.app.client().with_cookie(COOKIE, &browser.cookie(COOKIE).expect("a session"));
        assert!(open(thief.get(&path).await.location()));
        browser.post_form("/sign-out", &[]).await.expect_status(303);
        assert!(!open(thief.get(&path).await.location()), "signed out");
        assert!(browser.cookie(COOKIE).is_none());

        let (one, two) =
            (house.browser_of("anna@example.org").await, house.browser_of("anna@example.org").await);
        one.post_form("/profile/sessions/end-all", &[]).await.expect_status(303);
        assert!(!open(two.get(&path).await.location()), "signed out everywhere");

        let idle = house.browser_of("anna@example.org").await;
        house.app.clock.advance_seconds(3 * DAY - 1);
        assert!(open(idle.get(&path).await.location()), "just in time");
        house.app.clock.advance_seconds(3 * DAY);
        assert!(!open(idle.get(&path).await.location()), "idle for too long");

        let busy = house.browser_of("anna@example.org").await;
        for day in 1..=30 {
            house.app.clock.advance_seconds(DAY);
            assert_eq!(open(busy.get(&path).await.location()), day < 30, "day {day}");
        }
        let made_up = house.app.client().with_cookie(COOKIE, &"0".repeat(43));
        assert!(!open(made_up.get(&path).await.location()));
    }

    async fn a_new_password_ends_the_other_sessions(place: Place) {
        let house = House::open(place).await;
        let company = house.company("Ours").await;
        house.person(company, "anna@example.org", Role::Owner).await;
        let (browser, other) =
            (house.browser_of("anna@example.org").await, house.browser_of("anna@example.org").await);
        let change = async |current: &str, new: &str| {
            browser.post_form("/profile/password", &[("current", current), ("password", new)]).await
        };
        change("wrong password", "another long one").await.expect_status(422);
        change(PASSWORD, "short").await.expect_status(422);
        change(PASSWORD, "another long one").await.expect_status(303);
        let path = format!("/look/{company}");
        assert_eq!(browser.get(&path).await.location(), "/seen");
        assert_ne!(other.get(&path).await.location(), "/seen");
        try_in(&house, "anna@example.org", PASSWORD).await.expect_status(422);
        try_in(&house, "anna@example.org", "another long one").await.expect_status(303);
    }

    async fn guessing_is_slowed_down_for_known_and_unknown_accounts_alike(place: Place) {
        let house = House::open(place).await;
        let company = house.company("Ours").await;
        house.person(company, "anna@example.org", Role::Owner).await;
        house.person(company, "boris@example.org", Role::Owner).await;
        for email in ["anna@example.org", "nobody@example.org"] {
            for _ in 0..10 {
                try_in(&house, email, "wrong password").await.expect_status(422);
            }
            try_in(&house, email, PASSWORD).await.expect_status(429);
        }
        try_in(&house, "anna@example.org", PASSWORD).await.expect_status(429);
        let attempts = house.app.read(move |reader| sign_in::attempts(reader, company, 100)).await;
        let refused = attempts.iter().filter(|attempt| attempt.outcome == "too_often").count();
        assert_eq!(refused, 1, "a flood does not fill the record");
        for _ in 0..10 {
            try_in(&house, "boris@example.org", PASSWORD).await.expect_status(303);
            try_in(&house, "x@example.org", "wrong password").await.expect_status(422);
        }
        try_in(&house, "boris@example.org", PASSWORD).await.expect_status(429);
        house.app.clock.advance_seconds(15 * 60);
        try_in(&house, "anna@example.org", PASSWORD).await.expect_status(303);
    }

    async fn many_guesses_at_once_count_each(place: Place) {
        let house = House::open(place).await;
        let company = house.company("Ours").await;
        house.person(company, "anna@example.org", Role::Owner).await;
        let guesses = (0..16).map(|_| try_in(&house, "anna@example.org", "wrong password"));
        let mut looked_at = 0;
        for answer in futures::future::join_all(guesses).await {
            match answer.status.as_u16() {
                422 => looked_at += 1,
                429 | 503 => {}
                other => panic!("{other}"),
            }
        }
        assert!(looked_at <= 10, "{looked_at} guesses were looked at");
    }

    async fn an_invited_person_chooses_a_password_once(place: Place) {
        let house = House::open(place).await;
        let company = house.company("Ours").await;
        let new = NewUser {
            company: "Ours".to_owned(),
            email: "anna@example.org".to_owned(),
            name: None,
            roles: Role::Manager.into(),
            password: None,
        };
        let Ok(CreatedUser::Invitation(secret)) = command_line::create_user(&house.app.db, new).await else {
            panic!("an invitation");
        };
        let link = format!("/invite/{secret}");
        let browser = house.app.client();
        assert!(browser.get(&link).await.expect_status(200).text().contains("anna@example.org"));
        browser.post_form(&link, &[("name", ""), ("password", PASSWORD)]).await.expect_status(422);
        browser.post_form(&link, &[("name", "Anna"), ("password", "short")]).await.expect_status(422);
        browser.post_form(&link, &[("name", "Anna"), ("password", PASSWORD)]).await.expect_status(303);
        assert_eq!(browser.get(&format!("/paint/{company}")).await.location(), "/painted");
        browser.get(&link).await.expect_status(404);
        try_in(&house, "anna@example.org", PASSWORD).await.expect_status(303);
        assert!(!house.app.fact_log().await.contains("anna@example.org"), "no e-mail in the log itself");
    }

    async fn an_invitation_for_somebody_known_needs_their_own_password(place: Place) {
        let house = House::open(place).await;
        let (ours, theirs) = (house.company("Ours").await, house.company("Theirs").await);
        house.person(theirs, "anna@example.org", Role::Owner).await;
        let permit = Permit::<ManagePeople>::system(ours, "test");
        let secret = house
            .app
            .write(move |tx| {
                invitations::invite(tx, &permit, "anna@example.org", RoleSet::from(Role::Auditor), Lang::En)
            })
            .await;
        let link = format!("/invite/{secret}");
        let browser = house.app.client();
        browser.post_form(&link, &[("name", "Thief"), ("password", "my own password")]).await.expect_status(422);
        browser.post_form(&link, &[("password", PASSWORD)]).await.expect_status(303);
        assert_eq!(browser.get(&format!("/look/{ours}")).await.location(), "/seen");
        assert_eq!(browser.get(&format!("/look/{theirs}")).await.status.as_u16(), 404);
    }

    async fn an_invitation_ends_after_a_week_or_when_it_is_withdrawn_or_replaced(place: Place) {
        let house = House::open(place).await;
        let company = house.company("Ours").await;
        let invite = async || {
            let permit = Permit::<ManagePeople>::system(company, "test");
            let roles = RoleSet::from(Role::Auditor);
            house
                .app
                .write(move |tx| invitations::invite(tx, &permit, "anna@example.org", roles, Lang::En))
                .await
        };
        let first = invite().await;
        let second = invite().await;
        assert_eq!(house.status(&house.app, &format!("/invite/{first}")).await, 404, "replaced");
        assert_eq!(house.status(&house.app, &format!("/invite/{second}")).await, 200);
        house.app.clock.advance_seconds(7 * DAY);
        assert_eq!(house.status(&house.app, &format!("/invite/{second}")).await, 404, "too old");
        let third = invite().await;
        let open = house.app.read(move |reader| invitations::open(reader, company)).await;
        let permit = Permit::<ManagePeople>::system(company, "test");
        let id = open[0].id;
        house.app.write(move |tx| invitations::withdraw(tx, &permit, id)).await;
        assert_eq!(house.status(&house.app, &format!("/invite/{third}")).await, 404, "withdrawn");
    }

    async fn one_leads_back_only_within_the_site(place: Place) {
        let house = House::open(place).await;
        let company = house.company("Ours").await;
        house.person(company, "anna@example.org", Role::Owner).await;
        for (back, location) in [("/orders/42", "/orders/42"), ("//evil.example", "/"), ("https://evil.example", "/")] {
            let fields = [("email", "anna@example.org"), ("password", PASSWORD), ("back", back)];
            let answer = house.app.client().post_form("/sign-in", &fields).await.expect_status(303);
            assert_eq!(answer.location(), location);
        }
    }
}
