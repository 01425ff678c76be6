use http::StatusCode;
use sha2::{Digest, Sha256};
use takt::wiring::{assemble, features, without_mail};
use takt_testing::{TestApp, on_both_engines};

#[test]
fn nothing_in_the_wiring_is_amiss() {
    assert_eq!(assemble(without_mail().expect("an address")).problems(), Vec::<String>::new());
}

#[test]
fn of_every_fact_it_is_decided_whether_programs_hear_it() {
    let wiring = assemble(without_mail().expect("an address"));
    let flow = wiring.flow_markdown();
    let facts: Vec<&str> = flow
        .split("\n## ")
        .find(|part| part.starts_with("Facts"))
        .expect("the facts")
        .lines()
        .filter_map(|line| line.strip_prefix("| `")?.split('`').next())
        .collect();
    assert!(facts.len() > 60, "the document is written otherwise now");
    let open: Vec<&&str> = facts.iter().filter(|kind| !takt_webhooks::kinds::is_decided(kind)).collect();
    assert!(open.is_empty(), "say in features/webhooks/src/kinds.rs whether programs hear {open:?}");
    for published in takt_webhooks::kinds::PUBLISHED {
        assert!(facts.contains(&published.kind), "{} is said by nobody any more", published.kind);
    }
}

/// Two to five sentences: what it is for, what to do first.
#[test]
fn every_screen_of_the_navigation_says_what_it_is_for() {
    let wiring = assemble(without_mail().expect("an address"));
    let mut wrong = Vec::new();
    for item in &wiring.navigation {
        for lang in takt_ui::Lang::ALL {
            let text = wiring.texts.find(lang, &format!("{}-help", item.label_key), &[]).unwrap_or_default();
            let sentences = text.matches(['.', '?', '!']).count();
            // The settings lead on to their pages, which say it each for itself.
            let least = if item.href == "/settings" { 1 } else { 2 };
            if !(least..=6).contains(&sentences) {
                wrong.push(format!("{} in {lang}: {sentences} sentences", item.href));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:?}");
}

#[test]
fn every_page_of_the_settings_says_what_it_is_for() {
    let wiring = assemble(without_mail().expect("an address"));
    let mut wrong = Vec::new();
    for page in wiring.slots.of(&takt_staff::SETTINGS_PAGES) {
        for lang in takt_ui::Lang::ALL {
            let key = format!("{}-settings-help", page.label_key);
            let text = wiring.texts.find(lang, &key, &[]).unwrap_or_default();
            let sentences = text.matches(['.', '?', '!']).count();
            if !(2..=6).contains(&sentences) {
                wrong.push(format!("{} in {lang}: {sentences} sentences", page.href));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:?}");
}

#[test]
fn what_a_key_of_a_program_opens_is_said_in_words() {
    let wiring = assemble(without_mail().expect("an address"));
    let scopes = takt_staff::Rights::new(wiring.slots.clone()).scopes();
    assert!(scopes.len() > 8, "{scopes:?}");
    for scope in scopes {
        for lang in takt_ui::Lang::ALL {
            let key = format!("staff-scope-{}", scope.replace(':', "-"));
            assert!(wiring.texts.find(lang, &key, &[]).is_some(), "{key} in {lang}");
        }
    }
}

/// A database remembers by its checksum what was applied to it, and refuses a program that would have applied something
/// else. What was released is written down here; what is new in a release is added to the list.
#[test]
fn no_released_migration_was_changed() {
    let released = include_str!("released-migrations.txt");
    let root = concat!(env!("CARGO_MANIFEST_DIR"), "/../..");
    let changed: Vec<&str> = released
        .lines()
        .filter_map(|line| line.split_once("  "))
        .filter(|(known, path)| {
            let text = std::fs::read(format!("{root}/{path}")).unwrap_or_default();
            let now: String = Sha256::digest(&text).iter().map(|byte| format!("{byte:02x}")).collect();
            now != *known
        })
        .map(|(_, path)| path)
        .collect();
    assert!(changed.is_empty(), "older databases would refuse to start: {changed:?}");
    assert!(released.lines().count() >= 30);
}

on_both_engines! {
    async fn every_statement_of_the_program_can_be_prepared(place: Place) {
        let app = TestApp::open(place, features(without_mail().expect("an address"))).await;
        let failed = app.db.unpreparable_statements().await.expect("an answer");
        assert_eq!(failed, Vec::<String>::new());
    }

    async fn the_program_says_how_it_is_and_what_it_can(place: Place) {
        let app = TestApp::open(place, features(without_mail().expect("an address"))).await;
        assert_eq!(app.get("/healthz").await.status, StatusCode::OK);
        assert_eq!(app.get("/readyz").await.status, StatusCode::OK);
        let document: serde_json::Value = app.get("/api/openapi.json").await.json();
        assert!(document["openapi"].as_str().expect("a version").starts_with("3.1"));
        for path in ["/api/v1/orders", "/api/v1/orders/{id}", "/api/v1/orders/{id}/cancel", "/api/v1/tasks"] {
            assert!(document["paths"][path].is_object(), "{path} is not described");
        }
        assert_eq!(app.get("/api/docs").await.status, StatusCode::OK);
    }
}
