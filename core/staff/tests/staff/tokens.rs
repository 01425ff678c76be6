use takt_staff::{ManageTokens, Permit, command_line, tokens};
use takt_testing::on_both_engines;

use crate::house::House;

on_both_engines! {
    async fn a_token_opens_what_its_scopes_name_until_it_is_revoked(place: Place) {
        let house = House::open(place).await;
        let company = house.company("Ours").await;
        house.shop(company, "Tea").await;
        let (reading, secret) =
            command_line::create_token(&house.app.db, "Ours", "Tea", "site", "paint:read").await.expect("a token");
        let (_, both) = command_line::create_token(&house.app.db, "Ours", "Tea", "till", "paint:write,paint:read")
            .await
            .expect("a token");
        assert!(secret.starts_with("takt_") && secret.len() == 48, "{secret}");
        let other = if secret.ends_with('x') { "y" } else { "x" };
        let wrong = format!("{}{other}", &secret[..secret.len() - 1]);
        for (token, look, paint) in
            [(&*secret, 303, 403), (&*both, 303, 303), (&*wrong, 401, 401), ("takt_", 401, 401), ("", 401, 401)]
        {
            let program = house.app.client().with_token(token);
            assert_eq!(house.status(&program, "/api/v1/look").await, look, "look with {token}");
            assert_eq!(house.status(&program, "/api/v1/paint").await, paint, "paint with {token}");
        }
        let program = house.app.client().with_token(&secret);
        let refused = program.get("/api/v1/paint").await;
        let problem: serde_json::Value = refused.json();
        assert_eq!(problem["code"], "staff.scope_missing");
        assert!(problem["detail"].as_str().is_some_and(|detail| detail.contains("paint:write")));

        let list = house.app.read(move |reader| tokens::list(reader, company)).await;
        assert!(list.iter().all(|token| token.used_at.is_some()));
        let permit = Permit::<ManageTokens>::system(company, "test");
        house.app.write(move |tx| tokens::revoke(tx, &permit, reading)).await;
        assert_eq!(house.status(&program, "/api/v1/look").await, 401);
        assert_eq!(house.app.facts_named("staff.token_revoked").await, 1);
        assert!(!house.app.fact_log().await.contains(&secret[5..]), "the secret is nowhere in the log");
    }

    async fn a_cookie_is_no_token_and_a_token_no_cookie(place: Place) {
        let house = House::open(place).await;
        let company = house.company("Ours").await;
        house.shop(company, "Tea").await;
        house.person(company, "anna@example.org", takt_staff::Role::Owner).await;
        let browser = house.browser_of("anna@example.org").await;
        assert_eq!(house.status(&browser, "/api/v1/look").await, 401);
        let (_, secret) =
            command_line::create_token(&house.app.db, "Ours", "Tea", "site", "paint:read").await.expect("a token");
        let program = house.app.client().with_cookie("takt", &secret).with_token(&secret);
        assert_eq!(house.status(&program, &format!("/look/{company}")).await, 303);
        assert!(program.get(&format!("/look/{company}")).await.location().starts_with("/sign-in"));
    }

    async fn scopes_shops_and_names_are_checked_before_a_token_is_made(place: Place) {
        let house = House::open(place).await;
        let (ours, theirs) = (house.company("Ours").await, house.company("Theirs").await);
        let (shop, foreign) = (house.shop(ours, "Tea").await, house.shop(theirs, "Salt").await);
        for (shop, name, scopes, code) in [
            (shop, "site", "paint:read,everything", "staff.scope_unknown"),
            (shop, "site", "", "staff.scope_required"),
            (shop, " ", "paint:read", "staff.name_required"),
            (foreign, "site", "paint:read", "staff.shop_missing"),
        ] {
            let permit = Permit::<ManageTokens>::system(ours, "test");
            let refused = house.app.try_write(move |tx| tokens::issue(tx, &permit, shop, name, scopes)).await;
            assert!(refused.is_err_and(|fault| fault.is(code)), "{code}");
        }
        let permit = Permit::<ManageTokens>::system(theirs, "test");
        let (token, _) =
            house.app.write(move |tx| tokens::issue(tx, &permit, foreign, "site", "paint:read")).await;
        let ours = Permit::<ManageTokens>::system(ours, "test");
        let refused = house.app.try_write(move |tx| tokens::revoke(tx, &ours, token)).await;
        assert!(refused.is_err_and(|fault| fault.is("staff.token_missing")), "theirs is not ours to revoke");
    }
}
