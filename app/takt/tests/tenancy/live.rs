//! The stream that open screens listen to: each hears of their own companies only, and nobody after
//! they signed out.

use std::time::Duration;

use http::Method;
use takt_staff::Role;
use takt_testing::{Place, TestStream};

use super::{actors::World, world};

const LONGEST: Duration = Duration::from_secs(10);

async fn listen(client: &takt_testing::Client) -> TestStream {
    client.ask(Method::GET, "/live").open().await
}

#[tokio::test]
async fn each_hears_of_their_own_companies_and_nobody_after_signing_out() {
    let world = World::open(world::open(Place::sqlite()).await).await;
    let (alpha, beta) = (&world.alpha, &world.beta);
    let mut streams = Vec::new();
    let mut turned_away = 0;
    for actor in &world.strangers {
        let stream = listen(&actor.client).await;
        if stream.status == 200 {
            streams.push((actor, stream));
        } else {
            assert_eq!(stream.status, 303, "{}", actor.name);
            turned_away += 1;
        }
    }
    assert!(streams.len() >= 15 && turned_away >= 15, "{} listen, {turned_away} may not", streams.len());
    let own = listen(alpha.person(Role::Owner)).await;
    let lent = listen(&world.desk_operator).await;

    let comment = async |tenant: &world::Tenant, order: i64| {
        let path = format!("/orders/{order}/comment");
        tenant.person(Role::Manager).post_form(&path, &[("comment", "a word")]).await.expect_status(303);
    };
    comment(alpha, alpha.orders[2]).await;
    comment(beta, beta.orders[2]).await;
    // Signing out ends the stream: what it told until then is all it ever tells.
    for client in [alpha.person(Role::Owner), &world.desk_operator] {
        client.post_form("/sign-out", &[]).await.expect_status(303);
    }
    let (alphas, betas) = (format!("order/{}\"", alpha.orders[2]), format!("order/{}\"", beta.orders[2]));
    for (who, stream) in [("the owner", own), ("the desk that works for alpha", lent)] {
        let told = tokio::time::timeout(LONGEST, stream.to_the_end()).await;
        let told = told.unwrap_or_else(|_| panic!("{who} listens on after signing out"));
        assert!(told.contains(&alphas) && !told.contains(&betas), "{who}: {told}");
    }
    for (actor, stream) in streams {
        actor.client.post_form("/sign-out", &[]).await.expect_status(303);
        let told = tokio::time::timeout(LONGEST, stream.to_the_end()).await;
        let told = told.unwrap_or_else(|_| panic!("{} listens on after signing out", actor.name));
        assert!(!told.contains(&alphas), "{} heard of alpha: {told}", actor.name);
        assert_eq!(told.contains(&betas), actor.name.contains("the other company"), "{}: {told}", actor.name);
    }
}
