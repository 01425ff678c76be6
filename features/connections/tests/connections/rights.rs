//! Whose sources they are.

use takt_staff::{Role, companies::OrganisationKind};
use takt_testing::on_both_engines;

use crate::desk::{Desk, company, connect, engage, organisation, person};

on_both_engines! {
    async fn owners_and_managers_open_them_and_nobody_else(place: Place) {
        let desk = Desk::open(place).await;
        let message = desk.quarantine("text/plain", b"a").await;
        let path = desk.path();
        let pages = [
            "/settings/sources".to_owned(), "/settings/sources/new".to_owned(), path.clone(),
            format!("{path}/connect"), format!("{path}/messages/{message}"), format!("{path}/messages/{message}/body"),
        ];
        let firm = organisation(&desk.app, "Служба", OrganisationKind::Desk).await;
        engage(&desk.app, desk.company, firm, Role::Manager).await;
        let (own, company) = (desk.company, desk.company);
        for (name, organisation, role, status) in [
            ("o", own, "owner", 200),
            ("m", own, "manager", 200),
            ("p", own, "operator", 403),
            ("w", own, "warehouse", 403),
            ("a", own, "accountant", 403),
            ("u", own, "auditor", 403),
            ("dm", firm, "manager", 200),
            // Whom the company lent nothing does not even see it.
            ("dp", firm, "operator", 404),
        ] {
            let client = person(&desk.app, organisation, name, role).await;
            for page in &pages {
                let answer = client.get(&format!("{page}?company={company}")).await;
                assert_eq!(answer.status.as_u16(), status, "{name} at {page}");
            }
            if status != 200 {
                for form in [&path, &format!("{path}/connect"), &pages[4]] {
                    let form = format!("{form}?company={company}");
                    client.post_form(&form, &[("act", "pause"), ("newest", "")]).await.expect_status(status);
                }
                let new = [("shop", desk.shop.to_string()), ("system", "testing.client".to_owned())];
                let new = new.each_ref().map(|(name, value)| (*name, value.as_str()));
                client.post_form(&format!("/settings/sources/new?company={company}"), &new).await.expect_status(status);
            }
        }
        // Its manager is a manager only where the company lent one.
        let other = organisation(&desk.app, "Другая служба", OrganisationKind::Desk).await;
        let (theirs, _) = crate::desk::company(&desk.app, "Кофе").await;
        engage(&desk.app, theirs, other, Role::Operator).await;
        let manager = person(&desk.app, other, "em", "manager operator").await;
        manager.get(&format!("/settings/sources?company={theirs}")).await.expect_status(403);
        manager.get(&format!("/settings/sources?company={company}")).await.expect_status(404);
        let nobody = desk.app.client();
        for page in &pages {
            assert!(nobody.get(page).await.location().starts_with("/sign-in"), "{page}");
        }
        assert_eq!(desk.app.facts_named("connections.created").await, 1);
        assert_eq!(desk.app.facts_named("connections.paused").await, 0);
    }

    async fn to_another_company_they_do_not_exist(place: Place) {
        let desk = Desk::open(place).await;
        let message = desk.quarantine("text/plain", b"a").await;
        let (theirs, shop) = company(&desk.app, "Кофе").await;
        let (sibling, _) = connect(&desk.app, theirs, shop).await;
        let stranger = person(&desk.app, theirs, "stranger", "owner").await;
        let path = desk.path();
        let forms = [path.clone(), format!("{path}/connect"), format!("{path}/messages/{message}")];
        for suffix in [String::new(), format!("?company={theirs}"), format!("?company={}", desk.company)] {
            for page in forms.iter().chain([&format!("{path}/messages/{message}/body")]) {
                stranger.get(&format!("{page}{suffix}")).await.expect_status(404);
            }
            for form in &forms {
                for act in ["pause", "rotate", "rename", "drop", "apply"] {
                    let token = desk.token().await.to_string();
                    let fields = [("act", act), ("newest", token.as_str()), ("name", "x")];
                    stranger.post_form(&format!("{form}{suffix}"), &fields).await.expect_status(404);
                }
            }
        }
        // A message is found under its own connection only.
        let crossed = format!("/settings/sources/{sibling}/messages/{message}");
        stranger.get(&crossed).await.expect_status(404);
        desk.owner().await.get(&crossed).await.expect_status(404);
        let new = [("shop", desk.shop.to_string()), ("system", "testing.client".to_owned())];
        let new = new.each_ref().map(|(name, value)| (*name, value.as_str()));
        stranger.post_form("/settings/sources/new", &new).await.expect_status(404);
        stranger.get(&format!("/settings/sources/new?shop={}&system=testing.client", desk.shop)).await.expect_status(404);
        assert!(!stranger.get("/settings/sources").await.text().contains(&path));
        assert_eq!(desk.app.facts_named("connections.key_issued").await, 2);
    }
}
