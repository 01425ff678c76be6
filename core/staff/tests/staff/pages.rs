use takt_staff::{Calendar, Role, companies::OrganisationKind};
use takt_testing::{Client, on_both_engines};
use takt_ui::Texts;

use crate::house::House;

const PAGES: &[&str] = &[
    "/profile",
    "/settings",
    "/settings/companies",
    "/settings/shops",
    "/settings/people",
    "/settings/engagements",
    "/settings/calendars",
    "/settings/tokens",
    "/settings/sign-ins",
];

async fn every_text_is_there(browser: &Client, path: &str) -> String {
    let page = browser.get(path).await.expect_status(200).text();
    let missing = Texts::missing_in(&page);
    assert!(missing.is_empty(), "{path}: {missing:?}");
    page
}

on_both_engines! {
    async fn every_page_has_all_its_texts_in_both_languages(place: Place) {
        let house = House::open(place).await;
        let company = house.company("Ours").await;
        let desk = house.organisation("Desk", OrganisationKind::Desk).await;
        house.shop(company, "Tea").await;
        house.person(company, "owner@example.org", Role::Owner).await;
        house.person(desk, "owner@desk.example", Role::Owner).await;
        for email in ["owner@example.org", "owner@desk.example"] {
            let browser = house.browser_of(email).await;
            for lang in ["ru", "en"] {
                browser.post_form("/preferences", &[("lang", lang), ("back", "/")]).await.expect_status(303);
                for path in PAGES {
                    let page = every_text_is_there(&browser, path).await;
                    assert!(page.contains(&format!("<html lang=\"{lang}\"")), "{path} in {lang}");
                }
            }
        }
        every_text_is_there(&house.app, "/sign-in").await;
    }

    async fn a_page_of_the_settings_names_itself_and_stands_among_those_that_one_may_open(place: Place) {
        let house = House::open(place).await;
        let company = house.company("Ours").await;
        house.person(company, "owner@example.org", Role::Owner).await;
        house.person(company, "packer@example.org", Role::Warehouse).await;
        let owner = house.browser_of("owner@example.org").await;
        let overview = owner.get("/settings").await.expect_status(200).text();
        let page = owner.get("/settings/people").await.expect_status(200).text();
        assert!(page.contains("<h1>People</h1>") && page.contains("<title>People"), "{page}");
        for path in ["/settings/companies", "/settings/people", "/settings/tokens", "/settings/sign-ins"] {
            let link = format!("href=\"{path}?company={company}\"");
            assert!(overview.contains(&link) && page.contains(&link), "{path}");
        }
        let current = page.matches("aria-current=\"page\"").count();
        assert!(page.contains("href=\"/settings?company="), "a way back on a phone");
        assert!(current >= 1, "{page}");
        let packer = house.browser_of("packer@example.org").await;
        let theirs = packer.get("/settings").await.expect_status(200).text();
        assert!(!theirs.contains("/settings/tokens") && theirs.contains("/settings/companies"), "{theirs}");
    }

    async fn an_owner_settles_everything_by_plain_forms(place: Place) {
        let house = House::open(place).await;
        let company = house.company("Ours").await;
        let desk = house.organisation("Desk", OrganisationKind::Desk).await;
        house.person(company, "owner@example.org", Role::Owner).await;
        let browser = house.browser_of("owner@example.org").await;
        let post = async |path: &str, fields: &[(&str, &str)]| browser.post_form(path, fields).await;

        post("/settings/shops", &[("name", "Tea"), ("currency", "EUR")]).await.expect_status(303);
        let told = browser.get("/settings/shops").await.text();
        assert!(told.contains("Tea") && told.contains("The shop is added"), "{told}");
        assert!(!browser.get("/settings/shops").await.text().contains("The shop is added"), "said once");
        let again = post("/settings/shops", &[("name", "tea")]).await.expect_status(422);
        assert!(again.text().contains("There is a shop called"), "{}", again.text());
        post("/settings/shops", &[("name", "Salt"), ("currency", "EURO")]).await.expect_status(422);

        let invited = post(
            "/settings/people",
            &[("email", "boris@example.org"), ("roles", "manager"), ("roles", "auditor")],
        )
        .await
        .expect_status(200);
        assert!(invited.text().contains("http://takt.test/invite/"), "{}", invited.text());
        post("/settings/people", &[("email", "boris"), ("roles", "manager")]).await.expect_status(422);
        post("/settings/people", &[("email", "c@example.org")]).await.expect_status(422);

        post("/settings/engagements", &[("desk", "desk"), ("until", "2026-12-31"), ("roles", "operator")])
            .await
            .expect_status(303);
        let engaged = house.app.read(move |reader| takt_staff::desk_of(reader, company)).await;
        assert_eq!(engaged, desk);
        let until = house
            .app
            .read(move |reader| Ok(takt_staff::engagements::list(reader, company)?[0].until))
            .await
            .expect("an end");
        assert_eq!(until.to_string(), "2026-12-31T21:00:00Z", "the last day is included, in Moscow");
        post("/settings/engagements", &[("desk", "nobody"), ("roles", "operator")]).await.expect_status(422);

        let shop = house
            .app
            .read(move |reader| Ok(takt_staff::shops::list(reader, company)?[0].id))
            .await
            .to_string();
        let issued =
            post("/settings/tokens", &[("shop", &shop), ("name", "site"), ("scopes", "paint:read")]).await;
        assert!(issued.expect_status(200).text().contains("takt_"));
        assert!(!browser.get("/settings/tokens").await.text().contains("takt_"), "shown once");
        post("/settings/tokens", &[("shop", &shop), ("name", "site")]).await.expect_status(422);

        post("/profile", &[("name", "Anna"), ("lang", "en"), ("theme", "dark")]).await.expect_status(303);
        assert!(browser.get("/profile").await.text().contains("data-theme=\"dark\""));
        post("/profile", &[("name", " "), ("lang", "en")]).await.expect_status(422);

        post("/settings/companies", &[("name", "Us"), ("zone", "Mars/Base"), ("lang", "en")])
            .await
            .expect_status(422);
        post("/settings/companies", &[("name", "Us"), ("zone", "Europe/Berlin"), ("lang", "en")])
            .await
            .expect_status(303);
    }

    async fn a_calendar_is_edited_and_keeps_its_sense(place: Place) {
        let house = House::open(place).await;
        let company = house.company("Ours").await;
        house.person(company, "owner@example.org", Role::Owner).await;
        let browser = house.browser_of("owner@example.org").await;
        let week = |monday: &'static str, tuesday: &'static str| {
            vec![("monday", monday), ("tuesday", tuesday), ("holidays", "none")]
        };
        let closed = browser.post_form("/settings/calendars", &week("", "")).await.expect_status(422);
        assert!(closed.text().contains("At least one day"), "{}", closed.text());
        browser.post_form("/settings/calendars", &week("9-8", "noon")).await.expect_status(422);
        browser.post_form("/settings/calendars", &week("10-12", "")).await.expect_status(303);
        let day = [("day", "2026-11-03"), ("hours", "14-15"), ("note", "stock-taking")];
        browser.post_form("/settings/calendars/exceptions", &day).await.expect_status(303);
        let due = async || {
            let now = house.app.now();
            house
                .app
                .read(move |reader| Ok(Calendar::of(reader, company)?.add_working_seconds(now, 3 * 3600)))
                .await
                .to_string()
        };
        assert_eq!(due().await, "2026-11-03T12:00:00Z");
        browser.post_form("/settings/calendars/exceptions/remove", &[day[0]]).await.expect_status(303);
        assert_eq!(due().await, "2026-11-09T08:00:00Z");
        assert_eq!(house.app.facts_named("staff.calendar_changed").await, 1);
        assert_eq!(house.app.facts_named("staff.calendar_exception_set").await, 2);
    }

    async fn other_calendars_are_kept_by_their_names(place: Place) {
        const HREF: &str = "/settings/calendars/named";
        let house = House::open(place).await;
        let company = house.company("Ours").await;
        house.person(company, "owner@example.org", Role::Owner).await;
        let browser = house.browser_of("owner@example.org").await;
        let given = |name: &'static str, zone: &'static str, monday: &'static str| {
            [
                ("name", name),
                ("zone", zone),
                ("monday", monday),
                ("holidays", "none"),
                ("exceptions", "2026-11-09\n2026-11-10 10-12"),
            ]
        };
        for (name, zone, monday) in [
            ("", "Europe/Moscow", "9-18"),
            ("round the clock", "Europe/Moscow", "9-18"),
            ("stock", "Mars/Base", "9-18"),
            ("stock", "Europe/Moscow", "noon"),
            ("stock", "Europe/Moscow", ""),
        ] {
            browser.post_form(HREF, &given(name, zone, monday)).await.expect_status(422);
        }
        browser.post_form(HREF, &given("the stock & co", "Asia/Tokyo", "9-13, 14-18")).await.expect_status(303);
        let page = browser.get("/settings/calendars").await.expect_status(200).text();
        assert!(page.contains("the stock &amp; co") && page.contains("Asia/Tokyo"), "{page}");
        let page = browser.get("/settings/calendars/named?name=the%20stock%20%26%20co").await.expect_status(200);
        assert!(page.text().contains("09:00-13:00, 14:00-18:00") && page.text().contains("2026-11-10 10:00-12:00"));
        browser.get("/settings/calendars/named?name=nothing").await.expect_status(404);
        let due = async |name: &'static str, from: &'static str| {
            let from: takt_kernel::Timestamp = from.parse().expect("a moment");
            house
                .app
                .read(move |reader| {
                    let calendar = Calendar::by_name(reader, company, Some(name))?;
                    Ok(calendar.add_working_seconds(from, 5 * 3_600).to_string())
                })
                .await
        };
        // A Monday in Tokyo with its break; the next Monday is a day off, so its two hours are of Tuesday.
        assert_eq!(due("the stock & co", "2026-11-02T00:00:00Z").await, "2026-11-02T06:00:00Z");
        assert_eq!(due("the stock & co", "2026-11-02T06:00:00Z").await, "2026-11-10T03:00:00Z");
        assert_eq!(due("круглосуточно", "2026-11-02T00:00:00Z").await, "2026-11-02T05:00:00Z");
        let remove = "/settings/calendars/named/remove";
        browser.post_form(remove, &[("name", "the stock & co")]).await.expect_status(303);
        browser.post_form(remove, &[("name", "the stock & co")]).await.expect_status(303);
        assert_eq!(house.app.facts_named("staff.named_calendar_set").await, 1);
        assert_eq!(house.app.facts_named("staff.named_calendar_removed").await, 1);
    }

    async fn nobody_changes_what_their_role_does_not_hold(place: Place) {
        let house = House::open(place).await;
        let (company, other) = (house.company("Ours").await, house.company("Other").await);
        house.person(company, "operator@example.org", Role::Operator).await;
        let browser = house.browser_of("operator@example.org").await;
        for (path, fields) in [
            ("/settings/shops", vec![("name", "Tea")]),
            ("/settings/people", vec![("email", "x@example.org"), ("roles", "owner")]),
            ("/settings/engagements", vec![("desk", "Desk"), ("roles", "operator")]),
            ("/settings/calendars", vec![("monday", "9-18"), ("holidays", "none")]),
            ("/settings/calendars/named", vec![("name", "stock"), ("zone", "UTC"), ("holidays", "none")]),
            ("/settings/tokens", vec![("shop", "1"), ("name", "x"), ("scopes", "paint:read")]),
            ("/settings/companies", vec![("name", "X"), ("zone", "UTC"), ("lang", "en")]),
            ("/settings/companies/new", vec![("name", "X")]),
        ] {
            browser.post_form(path, &fields).await.expect_status(403);
            browser.post_form(&format!("{path}?company={other}"), &fields).await.expect_status(404);
        }
        assert_eq!(house.status(&browser, "/settings/tokens").await, 403);
        assert_eq!(house.status(&browser, "/settings/sign-ins").await, 403);
        assert_eq!(house.status(&browser, &format!("/settings/people?company={other}")).await, 404);
        assert_eq!(house.status(&browser, "/settings/people").await, 403);
        let page = browser.get("/settings/shops").await.expect_status(200).text();
        for closed in ["/settings/sign-ins", "/settings/people"] {
            assert!(!page.contains(closed), "what may not be opened is not offered: {closed}");
        }
    }
}
